"""What tokens do in white space: those that hold nothing else, and what others go on with.

Much of a vocabulary is runs of spaces and line breaks. They are walked once for each kind of place
where white space may stand, and kept at the node where the walk began: what may follow, a comma or
a bracket, is then looked up by its byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from minilora.grammar.nodes import Node
from minilora.grammar.packed import Packed, pack_ids
from minilora.grammar.whitespace import Gap, Style, Whitespace

BLANKS = b" \t\n\r"
STRUCTURE = frozenset(b'"-0123456789[]{},:tfn')  # what may stand after white space


class Blanks(NamedTuple):
    """A place for white space.

    Attributes:
        style: how much of it there may be.
        gap: between what it stands.
        run: how much of it there is already.
    """

    style: Style
    gap: Gap
    run: int


@dataclass(eq=False)
class BlankTokens:
    """What tokens do there.

    Attributes:
        ids: those that hold nothing but white space.
        followed: byte -> places after it, where it comes after white space or at once.
    """

    ids: list[int]
    followed: dict[int, list[Node]]
    _packed: Packed | None = None

    def packed(self, vocab_size: int) -> Packed:
        """Return the tokens with nothing but white space as packed bits, (ceil(V / 32),) int32."""
        if self._packed is None:
            self._packed = pack_ids(self.ids, vocab_size)
        return self._packed


def blank_tokens(blanks: Blanks, start: Node) -> BlankTokens:
    """Return what tokens do in white space, beginning at a place in their tree."""
    found = start.kept.get(blanks)
    if isinstance(found, BlankTokens):
        return found
    style, gap, run = blanks
    whitespace = Whitespace(style)
    ids: list[int] = []
    followed: dict[int, list[Node]] = {}
    todo = [(start, run)]
    while todo:
        node, run = todo.pop()
        ready = whitespace.ready(gap, run)
        for byte, child in node.children.items():
            if byte in BLANKS:
                longer = whitespace.step(gap, run, byte)
                if longer is not None:
                    ids += child.ids
                    todo.append((child, longer))
            elif ready and byte in STRUCTURE:
                followed.setdefault(byte, []).append(child)
    made = start.kept[blanks] = BlankTokens(ids, followed)
    return made
