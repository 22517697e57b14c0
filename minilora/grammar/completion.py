"""How to complete a document that has been begun: few bytes, by the short values of witness.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from minilora.grammar import json_threads as m
from minilora.grammar.formula import ARRAY, Formula
from minilora.grammar.strings import spell
from minilora.grammar.values import canonical, read
from minilora.grammar.whitespace import Gap
from minilora.grammar.witness import Witness

if TYPE_CHECKING:
    from minilora.grammar.json_machine import JsonMachine


class Completion:
    """Completes the threads of a machine."""

    def __init__(self, machine: JsonMachine) -> None:
        self.machine = machine
        self.witness = Witness(machine.progress, machine.whitespace)
        self._closings: dict[int, bytes | None] = {}

    def of(self, thread: m.Thread) -> bytes:
        """Return bytes that complete the document from here."""
        text, rest = thread.text or b"", self._head(thread)
        known = thread.text is not None
        return rest + self._tail(thread.tail, text + rest, len(text), known)

    def _head(self, thread: m.Thread) -> bytes:
        """Return the bytes that complete what the head is reading."""
        head, machine, witness = thread.head, self.machine, self.witness
        least = machine.whitespace.least
        if isinstance(head, m.Value):
            return least(head.gap, head.run) + witness.value(head.formula)
        if isinstance(head, m.Literal):
            return head.rest
        if isinstance(head, m.Number):
            return machine.numbers.shortest(head.state)
        if isinstance(head, m.String):
            return machine.strings.shortest(head.state)
        if isinstance(head, m.Open):
            before = least(Gap.OPEN, head.run)
            if head.kind == ARRAY:
                return before + (witness.items(head.formula, Gap.OPEN) or b"")
            return before + (witness.members(head.formula, frozenset(), Gap.OPEN) or b"")
        if isinstance(head, m.NextKey):
            formula, seen = machine.members(head.members)
            return least(Gap.COMMA, head.run) + witness.some_members(formula, seen)
        if isinstance(head, m.KeyText):
            return self._key(head)
        if isinstance(head, m.BeforeColon):
            before = least(Gap.BEFORE_COLON, head.run)
            return min(
                (
                    self._member(value, *machine.members(members), before)
                    for value, members in head.options
                ),
                key=len,
            )
        return least(Gap.AFTER, head.run) if thread.tail else b""

    def _key(self, head: m.KeyText) -> bytes:
        """Return the bytes that complete a key and its member, with all members after it."""
        machine, strings = self.machine, self.machine.strings
        formula, seen = machine.members(head.members)
        keys, rest = machine.live_keys(head.members), strings.shortest(head.state)
        rests = [rest]
        if keys.any_text:  # the shortest may be a name that is used up; these are not all
            unused = (rest[:-1] + b"a" * i + b'"' for i in range(len(keys.told_apart) + 1))
            names = ((json.loads(b'"' + head.text + end), end) for end in unused)
            rests = [next(end for name, end in names if name not in keys.told_apart)]
        if strings.term(head.state) is not None:
            begun = json.loads(b'"' + head.text + b'"')
            rests += [
                spell(name[len(begun) :]) + b'"' for name in keys.named if name.startswith(begun)
            ]
        named = [(json.loads(b'"' + head.text + end), end) for end in rests]
        ways = []
        for name, end in self._cheapest(formula, seen, named):
            for value, after in machine.live_options(formula, seen, name):
                ways.append(end + self._member(value, after, seen | {name}, b""))
        return min(ways, key=len)

    def _cheapest(
        self, formula: Formula, seen: frozenset[str], named: list[tuple[str, bytes]]
    ) -> list[tuple[str, bytes]]:
        """Return which of some keys and their ends may lead to the shortest completion.

        Where members do not depend on each other it is one: of those that must come anyway, or else
        of all, that with the least text of its own.
        """
        alone = self.witness.settled(formula, seen) if len(named) > 1 else None
        if alone is None:
            return named
        least = self.witness.cheapest(alone, {name: len(end) for name, end in named})
        return [each for each in named if each[0] == least] or named

    def _member(self, value: Formula, rest: Formula, seen: frozenset[str], before: bytes) -> bytes:
        """Return colon, value and the members after it."""
        colon = before + b":" + self.machine.whitespace.least(Gap.COLON, 0)
        after = self.witness.members(rest, seen, Gap.AFTER) or b""
        return colon + self.witness.value(value) + after

    def _tail(self, tail: int, text: bytes, begun: int, known: bool) -> bytes:
        """Return the bytes that close all arrays and objects of a tail.

        Args:
            tail: its number.
            text: the bytes since the outermost item whose value is wanted, up to here.
            begun: where in them the value began that is complete now, if its array waits for it.
            known: whether they are; if not, items that have begun count as unlike all others.
        """
        closings = []
        while (frame := self.machine.frame(tail)) is not None:
            if isinstance(frame, m.Items) and (
                frame.mark == m.PENDING or (known and frame.mark != m.NO_MARK)
            ):
                value = canonical(read(text[begun if frame.mark == m.PENDING else frame.mark :]))
                rest = self.machine.progress.with_item(frame.rest, value)
                closed = self.witness.items(rest, Gap.AFTER)
            else:
                if tail not in self._closings:
                    self._closings[tail] = self._closing(frame)
                closed = self._closings[tail]
            assert closed is not None, "a frame is made only if it can be closed"
            closings.append(closed)
            tail, text = frame.parent, text + closed if known else text
        return b"".join(closings)

    def _closing(self, frame: m.Items | m.Members) -> bytes | None:
        """Return the bytes that close an array or object whose rest waits for no value."""
        if isinstance(frame, m.Items):
            return self.witness.items(frame.rest, Gap.AFTER)
        return self.witness.members(*self.machine.members(frame.members), Gap.AFTER)
