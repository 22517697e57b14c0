"""The threads of a JSON machine as parts that masks are made of; see :mod:`.machine`.

Strings, keys and numbers are lexemes; what stands between them is stepped, white space apart. Where
a lexeme has ended, what matters of it is little: nothing of a value, unless its array wants items
that differ; of a key, which member it is. Where keys may come that the schema does not name, they
are read as any text, and just those that it names, or that are used up, are told apart.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from minilora.grammar import json_threads as m
from minilora.grammar.blanks import Blanks
from minilora.grammar.formula import ARRAY, Formula
from minilora.grammar.machine import DEAD, Bare, Lexemes, Part, Reading, Stepping

if TYPE_CHECKING:
    from minilora.grammar.json_machine import JsonMachine

VALUE_BYTES = b'"-0123456789[{tfn'
FEW_VALUES = 64  # of an item that must differ from others: so few may be used up
FIRST_WAITING = -2  # and below: tails that are threads by number; the others are states, or DEAD


class JsonParts:
    """The parts of a machine's states, found when first asked for."""

    def __init__(self, machine: JsonMachine) -> None:
        self.machine = machine
        self._parts: dict[int, tuple[Part, ...]] = {}
        self._waiting: list[m.Thread] = []
        self._numbers: dict[m.Thread, int] = {}
        self._forgetting: dict[int, bool] = {}
        self._bare: dict[int, Bare | None] = {}

    def of(self, state: int) -> tuple[Part, ...]:
        """Return the parts of a state: one for each of its threads."""
        found = self._parts.get(state)
        if found is None:
            threads = self.machine.threads(state)
            found = self._parts[state] = tuple(map(self._part, threads))
        return found

    def _part(self, thread: m.Thread) -> Part:
        head, machine = thread.head, self.machine
        if isinstance(head, m.String):
            return self._value(machine.strings, head.state, thread)
        if isinstance(head, m.Number):
            return self._value(machine.numbers, head.state, thread)
        if isinstance(head, m.KeyText):
            return self._key(head, thread)
        if isinstance(head, m.Literal):
            return Stepping(machine.state([thread]), head.rest[:1])
        return self._between(thread)

    def _value(self, lexemes: Lexemes, state: int, thread: m.Thread) -> Reading:
        """Return the part of a string or number."""
        if thread.text is None or self._forgets(thread.tail):
            tail = self.machine.after(thread.tail)
            return Reading(lexemes, state, tail, checked=thread.text is not None)
        return Reading(lexemes, state, DEAD, None, self._wait(thread))

    def _forgets(self, tail: int) -> bool:
        """Return whether no less may follow if the items that have begun are not known.

        Not where two items must be equal, nor where an item that must differ has few values: they
        may be used up.
        """
        found = self._forgetting.get(tail)
        if found is None:
            frame = self.machine.frame(tail)
            found = frame is None or (
                not (isinstance(frame, m.Items) and frame.mark >= 0 and self._is_strict(frame.rest))
                and self._forgets(frame.parent)
            )
            self._forgetting[tail] = found
        return found

    def _is_strict(self, rest: Formula) -> bool:
        """Return whether the value of an item may decide if another can follow it."""
        progress = self.machine.progress
        values = progress.distinct.finite.values
        return _repeats(rest) or any(
            values(item, FEW_VALUES) is not None for item, _ in progress.item_options(rest)
        )

    def _key(self, head: m.KeyText, thread: m.Thread) -> Reading:
        """Return the part of a key: names that begin with its text are told apart."""
        strings, machine = self.machine.strings, self.machine
        keys, checked = machine.live_keys(head.members), thread.text is not None
        if checked and not self._forgets(thread.tail):
            return Reading(strings, head.state, DEAD, None, self._wait(thread))
        forgotten = thread._replace(text=None)
        waiting = self._wait(forgotten)
        if not keys.any_text or strings.term(head.state) is None:
            return Reading(strings, head.state, DEAD, None, waiting, checked)
        begun = json.loads(b'"' + head.text + b'"')
        told_apart = frozenset(
            name[len(begun) :] for name in keys.told_apart if name.startswith(begun)
        )
        assert keys.example is not None
        tail = machine.after_key(head.members, thread.tail, keys.example)
        return Reading(strings, head.state, tail, told_apart, waiting, checked)

    def _between(self, thread: m.Thread) -> Stepping:
        """Return the part of a place between lexemes: white space, then one of a few bytes."""
        head, machine = thread.head, self.machine
        gap, run = m.gap_of(head)
        if isinstance(head, m.Value):
            live = machine.first_bytes(head.formula)
        elif isinstance(head, m.Open):
            live = VALUE_BYTES + b"]" if head.kind == ARRAY else b'"}'
        elif isinstance(head, m.NextKey):
            live = b'"'
        elif isinstance(head, m.BeforeColon):
            live = b":"
        elif thread.tail == m.OUTERMOST:
            return Stepping(machine.state([thread]), b"")
        else:
            live = b",]" if isinstance(machine.frame(thread.tail), m.Items) else b",}"
        style = machine.whitespace.style
        ready = head._replace(run=int(not machine.whitespace.ready(gap, 0)))  # type: ignore[call-arg]
        return Stepping(machine.state([thread._replace(head=ready)]), live, Blanks(style, gap, run))

    def _wait(self, thread: m.Thread) -> int:
        number = self._numbers.get(thread)
        if number is None:
            number = self._numbers[thread] = FIRST_WAITING - len(self._waiting)
            self._waiting.append(thread)
        return number

    def bare(self, state: int) -> Bare | None:
        """Return the value that a state begins, see :meth:`Machine.bare`."""
        if state not in self._bare:
            self._bare[state] = self._new_bare(state)
        return self._bare[state]

    def _new_bare(self, state: int) -> Bare | None:
        machine = self.machine
        threads = machine.threads(state)
        if len(threads) != 1:
            return None
        (thread,) = threads
        if not isinstance(thread.head, m.Value) or thread.tail in (m.OUTERMOST, m.NOWHERE):
            return None
        frame = machine.frame(thread.tail)
        if thread.text is not None or (isinstance(frame, m.Items) and frame.mark != m.NO_MARK):
            return None
        bare = machine.state([thread._replace(tail=m.NOWHERE)])
        return Bare(bare, machine.after(m.NOWHERE), machine.after(thread.tail))

    def resume(self, tail: int, content: bytes | None) -> int:
        """Return the state behind a lexeme, see :meth:`Machine.resume`."""
        if tail > FIRST_WAITING:
            return tail
        assert content is not None
        return self.machine.after_lexeme(self._waiting[FIRST_WAITING - tail], content)

    def costly(self, tail: int) -> list[int]:
        """Return the states behind a key of every class, or behind an item unlike all others."""
        thread = self._waiting[FIRST_WAITING - tail]
        head, machine = thread.head, self.machine
        if not isinstance(head, m.KeyText):
            return [machine.after(thread.tail)]
        names = [name for _, name, _ in machine.live_keys(head.members).live]
        return [machine.after_key(head.members, thread.tail, name) for name in names]


def _repeats(formula: Formula) -> bool:
    """Return whether two items of an array must be equal."""
    if formula.kind in ("and", "or"):
        return any(map(_repeats, formula.args))
    return formula.kind == "repeats"
