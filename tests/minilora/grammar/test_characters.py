"""The walk over code points against the walk over bytes, which asks for the row of every byte."""

import random

import numpy as np
import pytest

from minilora.grammar.characters import CharacterTree, CharacterWalk
from minilora.grammar.dense import DenseWalk
from minilora.grammar.packed import pack_bits
from minilora.grammar.pattern import parse_pattern
from minilora.grammar.strings import StringHeads
from minilora.grammar.terms import Terms
from minilora.grammar.text_heads import TextHeads
from minilora.grammar.trie import Trie

PIECES = ["a", "bc", "Z", "0", "7", " ", '"', "\\", "\\n", "\\u00e9", "\n", "-", "@", "é", "\u0800",
          "中", "\ud7ff", "😀", "\U0010ffff"]  # fmt: skip
CUTS = [b"\xc3", b"\xc0", b"\xe0\x80", b"\xe4\xb8", b"\xed\xa0\x80", b"\xf0\x9f\x98", b"\xf4\x90",
        b"\xff", b"\x80", b"\xf5"]  # fmt: skip


def tokens() -> list[bytes | None]:
    """Return pieces of text in every way: alone, cut within characters, in long rows."""
    rng = random.Random(3)
    found: list[bytes | None] = [bytes([byte]) for byte in range(256)]
    found += [None, b"", b"a", *CUTS, *(b"a" * n for n in range(2, 40)), b'a", "bc', b'\\"\xc3']
    for _ in range(1500):
        text = "".join(rng.choices(PIECES, k=rng.randint(1, 6))).encode()
        found.append(text[rng.randint(0, 1) :] + rng.choice([b"", b"", *CUTS]))
    return found


@pytest.fixture(scope="module")
def trie() -> Trie:
    """Return the tree of the tokens."""
    return Trie.build(tokens())


@pytest.mark.parametrize("kind", [StringHeads, TextHeads])
@pytest.mark.parametrize(
    "pattern",
    ["^\\S+$", "^[a-z]{3,9}$", "^(?:\\S+\\s+){0,3}\\S+$", "^[\u4e00-\u9fff\"\\\\]*$", "é[à-ü]+",
     '\\n|\\\\|"', "^.{2,5}$", "^\\d{4}-\\d\\d$", "a", "^[^a]*$", "^[\ud000-\ue100😀]{2}$", "^$",
     "^\\w*$"],
)  # fmt: skip
def test_characters_and_bytes_agree(kind: type[TextHeads], pattern: str, trie: Trie) -> None:
    terms = Terms()
    heads, term = kind(terms), parse_pattern(pattern, terms)
    by_characters = CharacterWalk(heads, trie, CharacterTree.build(trie))
    by_bytes = DenseWalk(lambda state: np.array(heads.row(state), np.int32), trie)
    todo, seen = [term], {term}
    while todo and len(seen) < 12:
        term = todo.pop()
        stays, closed = by_characters.walk(term)
        inside, _, closed_too = by_bytes.walk(heads.start(term))
        np.testing.assert_array_equal(pack_bits(stays), inside)
        assert sorted(closed) == sorted(closed_too)
        todo += [after for _, _, after in terms.live_row(term) if after not in seen]
        seen.update(todo)


def test_a_table_that_is_full_is_started_afresh(
    trie: Trie, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = Terms()
    term = parse_pattern("^(ab|c|é){2,9}$", terms)
    walk = CharacterWalk(StringHeads(terms), trie, CharacterTree.build(trie))
    first = walk.walk(term)
    monkeypatch.setattr(CharacterWalk, "MAX_CELLS", 0)
    again = walk.walk(term)
    np.testing.assert_array_equal(first[0], again[0])
    assert first[1] == again[1]
