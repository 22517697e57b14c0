"""The sentences of a long source that a claim is to be compared with.

A judge that reads 200 tokens cannot be given a web page of 300 sentences. :func:`nearest` ranks
each sentence by how much of the claim it holds and, given an encoder, by how near it is in meaning;
the best come back in the order of the source.

    score(s) = sum of idf over claim words in s / sum of idf over claim words  +  cosine(claim, s)

idf(w) = log(1 + n / n_w) over the n sentences of the source, n_w of them with w. Training rows and
the served judge use this same function.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from minilora.data.entailment.text import content_words, plain, sentences, words

MAX_SENTENCES = 7
MAX_WORDS = 170  # about 230 tokens

# For a claim and sentences: how near each is in meaning, about -1 to 1.
Similarity = Callable[[str, Sequence[str]], Sequence[float]]


def shown(claim: str, passages: Sequence[str]) -> str:
    """Return what a judge is shown of passages: the sentences nearest to the claim; "" for none."""
    found = [sentence for passage in passages for sentence in sentences(passage)]
    return plain(" ".join(found[index] for index in nearest(claim, found)))


def ranked(claim: str, texts: Sequence[str], similarity: Similarity | None = None) -> list[int]:
    """Return the indices of the sentences, nearest to the claim first."""
    scores = word_scores(claim, texts)
    if similarity is not None and texts:
        near = similarity(claim, texts)
        scores = [score + float(cosine) for score, cosine in zip(scores, near, strict=True)]
    return sorted(range(len(texts)), key=lambda index: (-scores[index], index))


def word_scores(claim: str, texts: Sequence[str]) -> list[float]:
    """Return for each sentence the share of the claim's words in it, rare words weighing more."""
    wanted = content_words(claim)
    held = [content_words(text) & wanted for text in texts]
    counts = Counter(word for found in held for word in found)
    idf = {word: math.log(1 + len(texts) / (counts[word] or 1)) for word in wanted}
    total = sum(idf.values()) or 1.0
    return [sum(idf[word] for word in found) / total for found in held]


def nearest(
    claim: str,
    texts: Sequence[str],
    similarity: Similarity | None = None,
    max_sentences: int = MAX_SENTENCES,
    max_words: int = MAX_WORDS,
) -> list[int]:
    """Return the indices of the sentences to show, in the order of the source.

    Empty sentences and repeated ones are passed over. A source that fits comes back whole.
    """
    fresh: dict[str, int] = {}
    for index, text in enumerate(texts):
        if words(text):
            fresh.setdefault(" ".join(words(text)), index)
    places = list(fresh.values())
    lengths = {index: len(texts[index].split()) for index in places}
    if len(places) <= max_sentences and sum(lengths.values()) <= max_words:
        return places
    order = ranked(claim, [texts[index] for index in places], similarity)
    chosen: list[int] = []
    used = 0
    for place in order:
        index = places[place]
        if chosen and used + lengths[index] > max_words:
            continue
        chosen.append(index)
        used += lengths[index]
        if len(chosen) == max_sentences:
            break
    return sorted(chosen)
