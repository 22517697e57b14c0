"""The walk that finds which tokens a state takes, part by part.

It follows only what is alive, from lexeme to lexeme. What tokens do within a lexeme or in white
space is looked up; what they do within a value that begins at a place of their tree is found once
for all places in the document, and goes on behind the value with what stands around it here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from minilora.grammar.blanks import BlankTokens, blank_tokens
from minilora.grammar.lexemes import LexemeCache, LexemeTokens
from minilora.grammar.machine import Bare, Lexemes, Machine, Part, Reading
from minilora.grammar.nodes import Node
from minilora.grammar.packed import Packed
from minilora.grammar.vocabulary import Vocabulary

BEGINS_ANOTHER = re.compile(rb",[ \t\r\n]*[^ \t\r\n]")  # something behind a comma
MAX_KNOWN_VALUES = 5_000  # values at places in the tree of tokens


@dataclass
class Found:
    """What a walk from a state has found so far.

    Attributes:
        state: where it began.
        ids: tokens one by one.
        inside: others, packed.
        readings, blanks: where those are from.
        end: a state at which the walk stops, if any.
        ends: the places where it has stopped.
        is_sure: whether no token has to be tried by itself, which only a walk from the first byte
            of all tokens can do.
    """

    state: int
    ids: list[int] = field(default_factory=list)
    inside: list[Packed] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    blanks: list[BlankTokens] = field(default_factory=list)
    end: int | None = None
    ends: list[Node] = field(default_factory=list)
    is_sure: bool = True


class PartsWalk:
    """Walks for one machine over one vocabulary.

    Args:
        machine, vocabulary: what they are for.
        lexemes: what is known of lexemes.
        allows: returns the state after a token, below 0 where it may not come next.
    """

    def __init__(
        self,
        machine: Machine,
        vocabulary: Vocabulary,
        lexemes: LexemeCache,
        allows: Callable[[int, int], int],
    ) -> None:
        self._machine, self._vocabulary, self._lexemes = machine, vocabulary, lexemes
        self._allows = allows
        self._values: dict[tuple[Node, int], Found] = {}

    def _take(self, node: Node, parts: tuple[Part, ...], found: Found) -> None:
        """Find the tokens below a place in their tree that one of the parts takes."""
        for part in parts:
            if isinstance(part, Reading):
                self._read(node, part, found)
                continue
            live, state = part.live, part.state
            if part.blanks is None:
                children = node.children
                for byte in live:
                    if byte in children:
                        self._go_on(children[byte], self._machine.step(state, byte), found)
                continue
            blanks = blank_tokens(part.blanks, node)
            if node is self._lexemes.root:
                found.inside.append(blanks.packed(self._vocabulary.vocab_size))
                found.blanks.append(blanks)
            else:
                found.ids += blanks.ids
            for byte in live:
                for child in blanks.followed.get(byte, ()):
                    self._go_on(child, self._machine.step(state, byte), found)

    def _go_on(self, node: Node, state: int, found: Found) -> None:
        """Find the tokens that stop at a place or below, a state having been reached there."""
        if state < 0:
            return
        found.ids += node.ids
        if node.children:
            self.below(node, state, found)

    def below(self, node: Node, state: int, found: Found) -> None:
        """Find the tokens below a place in their tree that a state takes."""
        if state == found.end:
            found.ends.append(node)
            return
        bare = self._machine.bare(state)
        value = None if bare is None else self._in_value(node, bare)
        if bare is not None and value is not None and value.is_sure:
            found.ids += value.ids
            found.inside += value.inside
            found.blanks += value.blanks
            for each in value.ends:
                self.below(each, bare.after, found)
            return
        parts = self._machine.parts(state)
        if parts is not None:
            self._take(node, parts, found)
            return
        for byte, child in node.children.items():
            self._go_on(child, self._machine.step(state, byte), found)

    def _in_value(self, node: Node, bare: Bare) -> Found:
        """Return the tokens within a value that begins at a place, and the places where it ends."""
        value = self._values.get((node, bare.state))
        if value is None:
            if len(self._values) >= MAX_KNOWN_VALUES:
                self._values.clear()
            value = self._values[node, bare.state] = Found(bare.state, end=bare.end)
            self._take(node, self._machine.parts(bare.state) or (), value)
        return value

    def _read(self, node: Node, reading: Reading, found: Found) -> None:
        """Find the tokens that go on inside a lexeme, and those in which it ends."""
        tokens = self._lexemes.tokens(reading.lexemes, reading.state, node)
        if tokens.inside is None or (reading.exact is None and tokens.is_small):
            found.ids += tokens.ids
        else:
            found.inside.append(tokens.inside)
            found.readings.append(reading)
        if not reading.checked or found.end is not None:
            found.is_sure = found.is_sure and not reading.checked
            self._exit(node, tokens, reading, found)
            return
        beyond = replace(found, ids=[])
        self._exit(node, tokens, reading, beyond)
        for i in beyond.ids:
            data = self._vocabulary.tokens[i]
            assert data is not None
            if not BEGINS_ANOTHER.search(data) or self._allows(found.state, i) >= 0:
                found.ids.append(i)

    def _exit(self, node: Node, tokens: LexemeTokens, reading: Reading, found: Found) -> None:
        """Find the tokens in which a lexeme ends."""
        lexemes, resume, exact = reading.lexemes, self._machine.resume, reading.exact
        if lexemes.can_end(reading.state):
            after = resume(reading.exact_tail, b"") if exact is None else resume(reading.tail, None)
            if after >= 0:
                self.below(node, after, found)
        if exact is None:
            for content, nodes in tokens.exits.items():
                self._leave(nodes, lexemes, resume(reading.exact_tail, content), found)
            return
        if not tokens.exits:
            return
        special = {c for name in exact.intersection(tokens.names) for c in tokens.names[name]}
        others = resume(reading.tail, None)
        for content in special:
            self._leave(tokens.exits[content], lexemes, resume(reading.exact_tail, content), found)
        if special and found.end is not None:  # places where the walk stops must not be mixed
            for content in tokens.exits.keys() - special:
                self._leave(tokens.exits[content], lexemes, others, found)
            return
        usual = replace(found, ids=[])
        self._leave((tokens.end,), lexemes, others, usual)
        if special:
            apart = {i for c in special for each in tokens.exits[c] for i in each.all_ids()}
            found.ids += [i for i in usual.ids if i not in apart]
        else:
            found.ids += usual.ids

    def _leave(self, nodes: Iterable[Node], lexemes: Lexemes, state: int, found: Found) -> None:
        """Find the tokens that go on behind a lexeme, a state having been reached there."""
        if state < 0:
            return
        for node in nodes:
            if lexemes.closes:
                found.ids += node.ids
            if node.children:
                self.below(node, state, found)
