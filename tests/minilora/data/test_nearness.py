"""The index of near texts finds what comparing every pair finds."""

from __future__ import annotations

import random

from minilora.data.nearness import NEAR, NearIndex, pieces, similarity
from minilora.data.pools import words

WORDS = words("wake me up at seven set the alarm for gym tomorrow please call mum 42 rain")


def some_texts(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(1, 9))) for _ in range(count)]
    return texts + [text.replace("e", "", 1) for text in texts[: count // 2]]


def test_the_index_finds_what_comparing_all_pairs_finds() -> None:
    texts, others = some_texts(60, 1), some_texts(100, 2)
    index = NearIndex()
    for text in texts:
        index.add(text)
    for other in others:
        closest = max(similarity(pieces(other), pieces(text)) for text in texts)
        assert index.has_near(other) == (closest >= NEAR), other


def test_case_signs_and_spaces_do_not_count() -> None:
    assert pieces("Wake me, at 7!") == pieces("wake  me at 7")
    assert similarity(pieces("abcdefgh"), pieces("abcdefgh")) == 1.0
    assert similarity(pieces("abcdefgh"), pieces("stuvwxyz")) == 0.0
