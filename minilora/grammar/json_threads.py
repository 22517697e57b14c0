"""What a state of the JSON machine is made of: threads, their heads, the frames of their tails.

A *head* says what is being read now. A *tail* is the number of a frame, one for each array and
object that is open, the innermost first; a frame has the number of the one around it.
"""

from __future__ import annotations

from typing import NamedTuple

from minilora.grammar.formula import Formula
from minilora.grammar.whitespace import Gap

OUTERMOST = 0  # the tail of the document itself
NOWHERE = 1  # the tail of values of which masks are found apart from what stands around them
PENDING, NO_MARK = -1, -2  # the item's text is wanted and has not begun; it is not wanted


class Value(NamedTuple):
    """Head: a value that satisfies the formula is to begin."""

    formula: Formula
    gap: Gap
    run: int = 0


class Literal(NamedTuple):
    """Head: inside null, true or false."""

    rest: bytes


class Number(NamedTuple):
    """Head: inside a number."""

    state: int
    tag: str = "number"  # tuples of different classes are equal where their fields are


class String(NamedTuple):
    """Head: inside a string that is a value."""

    state: int
    tag: str = "string"


class Open(NamedTuple):
    """Head: after the bracket that opens an array (OBJECT: an object) with this formula."""

    kind: int
    formula: Formula
    run: int = 0


class NextKey(NamedTuple):
    """Head: after a comma in an object."""

    members: int
    run: int = 0


class KeyText(NamedTuple):
    """Head: inside a key, of which ``text`` are the bytes so far."""

    state: int
    members: int
    text: bytes


class BeforeColon(NamedTuple):
    """Head: after a key, with (formula of the value, number of the members after it) pairs."""

    options: tuple[tuple[Formula, int], ...]
    run: int = 0


class After(NamedTuple):
    """Head: after a value; at the outermost level the document is complete."""

    run: int = 0
    tag: str = "after"


class Items(NamedTuple):
    """Frame of an array: what the items after this one must satisfy."""

    rest: Formula
    parent: int
    mark: int = NO_MARK


class Members(NamedTuple):
    """Frame of an object: the number of what the members after this one must satisfy."""

    members: int
    parent: int


Head = Value | Literal | Number | String | Open | NextKey | KeyText | BeforeColon | After


class Thread(NamedTuple):
    """One way to go on; ``text`` holds the bytes since an item began whose value is wanted."""

    head: Head
    tail: int
    text: bytes | None = None


def gap_of(head: Head) -> tuple[Gap, int]:
    """Return where white space stands before what follows a head, and how much of it there is."""
    if isinstance(head, Value):
        return head.gap, head.run
    gaps = {Open: Gap.OPEN, NextKey: Gap.COMMA, BeforeColon: Gap.BEFORE_COLON, After: Gap.AFTER}
    return gaps[type(head)], head.run  # type: ignore[union-attr]
