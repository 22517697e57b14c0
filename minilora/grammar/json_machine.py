"""The automaton over the bytes of a JSON document that satisfies a formula.

A state is a set of *threads*, each one way to go on: a head, which says what is being read now, and
a tail, the stack of arrays and objects around it with what each of them still asks for.

    {"a": [1, 2     head: the number 2;  tail: an array whose rest is R1, in an object, rest R2

Threads split where the schema leaves open which of its alternatives will turn out to hold, and die
when a byte contradicts them. A thread is made only if its head and every frame of its tail can be
completed, so every state is alive. States, tails and objects are numbered; equal ones once.

Where a decision is beyond its limit (:mod:`.limits`) the state is *narrowed*: from then on it takes
one completion alone, found without limits. So the document is still one of the grammar, though not
every one can be had; ``n_narrowed`` counts such states, and the first is logged.

A member's key is read by one head for all keys that may come; its text is kept until the quote
closes and tells which member it was. An array whose items must differ keeps an item's text too.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from minilora.grammar.completion import Completion
from minilora.grammar.expectation import json_expected
from minilora.grammar.formula import (
    ARRAY,
    FALSE,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    TRUE,
    Formula,
)
from minilora.grammar.json_keys import Keys
from minilora.grammar.json_parts import JsonParts
from minilora.grammar.json_threads import (
    NO_MARK,
    OUTERMOST,
    PENDING,
    After,
    BeforeColon,
    Head,
    Items,
    KeyText,
    Literal,
    Members,
    NextKey,
    Number,
    Open,
    String,
    Thread,
    Value,
    gap_of,
)
from minilora.grammar.limits import Limits, TooComplex
from minilora.grammar.machine import DEAD, Bare, Machine, Part, Row
from minilora.grammar.progress import Progress
from minilora.grammar.strings import CLOSED, StringHeads
from minilora.grammar.terms import Term
from minilora.grammar.values import canonical, read
from minilora.grammar.whitespace import Gap, Whitespace

QUOTE, COMMA, COLON = b'",:'
LITERALS = {ord("n"): (NULL, b"ull"), ord("t"): (TRUE, b"rue"), ord("f"): (FALSE, b"alse")}
NUMBER_STARTS = b"-0123456789"
BRACKETS = {ord("["): ARRAY, ord("{"): OBJECT}
FIRST_BYTES = {NULL: b"n", TRUE: b"t", FALSE: b"f", STRING: b'"', NUMBER: NUMBER_STARTS,
               ARRAY: b"[", OBJECT: b"{"}  # fmt: skip
BLANKS = b" \t\n\r"
logger = logging.getLogger(__name__)


class JsonMachine(Machine):
    """The automaton of one formula.

    Args:
        progress: what decides about formulas.
        formula: what the document must satisfy; possible.
        whitespace: where white space may stand.

    Attributes:
        n_narrowed: states that take one completion alone, since a decision was beyond its limit.
    """

    def __init__(self, progress: Progress, formula: Formula, whitespace: Whitespace) -> None:
        self.progress, self.whitespace = progress, whitespace
        self.strings = StringHeads(progress.terms, sparing=whitespace.style == "json.dumps")
        self.numbers = progress.numbers
        self._tails: list[Items | Members | None] = [None, None]  # OUTERMOST, NOWHERE
        self._tail_numbers: dict[Items | Members, int] = {}
        self._members: list[tuple[Formula, frozenset[str]]] = []
        self._member_numbers: dict[tuple[Formula, frozenset[str]], int] = {}
        self._states: list[frozenset[Thread]] = []
        self._state_numbers: dict[frozenset[Thread], int] = {}
        self._steps: dict[tuple[int, int], int] = {}
        self._starts: dict[tuple[Formula, int], tuple[Head, ...]] = {}
        self._keys: dict[int, Keys] = {}
        self._parts = JsonParts(self)
        self._first_bytes: dict[Formula, bytes] = {}
        self._after_keys: dict[tuple[int, int, str | frozenset[Term]], int] = {}
        self._completion = Completion(self)
        self._narrow: dict[int, int] = {}  # state -> what it has been narrowed to
        self.start = self.state([Thread(Value(formula, Gap.START), OUTERMOST)])

    # --- the automaton ---------------------------------------------------------------------------

    def step(self, state: int, byte: int) -> int:
        """Return the state after one more byte, or DEAD."""
        key = (state, byte)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = self._new_step(state, byte)
        return found

    def _new_step(self, state: int, byte: int) -> int:
        if state in self._narrow:
            return self.step(self._narrow[state], byte)
        try:
            return self._exact_step(state, byte)
        except TooComplex as error:
            return self.step(self.narrowed(state, error), byte)

    def _exact_step(self, state: int, byte: int) -> int:
        threads = [new for thread in self._states[state] for new in self._step(thread, byte)]
        return self.state(threads) if threads else DEAD

    def can_end(self, state: int) -> bool:
        """Return whether the bytes so far are a whole document."""
        return any(self._is_whole(thread) for thread in self._states[state])

    def row(self, state: int) -> Row:
        """Return the next state for every byte, (256,) int32."""
        state = self._narrow.get(state, state)
        row = np.full(256, DEAD, np.int32)
        try:
            live = self._live_bytes(state)
        except TooComplex as error:
            return self.row(self.narrowed(state, error))
        for byte in live:
            row[byte] = self.step(state, byte)
        return self.row(state) if state in self._narrow else row  # narrowed by one of its bytes

    def shortest(self, state: int) -> bytes:
        """Return a short completion, though not always the shortest; b"" where it may end."""
        if self.can_end(state):
            return b""
        threads = self._states[self._narrow.get(state, state)]
        try:
            return min(map(self._completion.of, threads), key=len)
        except TooComplex:
            with self.limits.lifted():
                return min(map(self._completion.of, threads), key=len)

    def describe(self, state: int) -> str:
        """Return in words what the state expects next."""
        state = self._narrow.get(state, state)
        try:
            return json_expected(self, state, self._states[state])
        except TooComplex as error:
            return self.describe(self.narrowed(state, error))

    # --- beyond the limits -----------------------------------------------------------------------

    @property
    def n_narrowed(self) -> int:
        """How many states take one completion alone."""
        return len(self._narrow)

    @property
    def n_entries(self) -> int:
        """How many entries there are in the tables that grow with what documents say."""
        tables = (self._states, self._steps, self._tails, self._members, self._after_keys)
        return sum(map(len, tables)) + len(self.progress.formulas) + len(self.progress.terms)

    @property
    def limits(self) -> Limits:
        """The limits of its decisions."""
        return self.progress.limits

    def narrowed(self, state: int, reason: TooComplex) -> int:
        """Return the state that takes one completion of a state alone, as this does from now on."""
        found = self._narrow.get(state)
        if found is None:
            text, around = self.shortest(state), next(iter(self._states[state])).tail
            while (frame := self._tails[around]) is not None:
                around = frame.parent
            head: Head = Literal(text) if text else After()
            found = self.state([Thread(head, around)])
            if not self._narrow:
                logger.warning("a grammar is narrowed to one completion: %s", reason)
            self._narrow[state] = found
            for byte in range(256):
                self._steps.pop((state, byte), None)
        return found

    def walk_exactly(self, state: int, data: bytes) -> int:
        """Return the state after some bytes, or DEAD; without limits, so it may take long."""
        with self.limits.lifted():
            for byte in data:
                if state != DEAD:
                    state = self._exact_step(state, byte)
        return state

    # --- parts, for masks ------------------------------------------------------------------------

    def parts(self, state: int) -> tuple[Part, ...]:
        """Return what each thread goes on with."""
        try:
            return self._parts.of(self._narrow.get(state, state))
        except TooComplex as error:
            return self._parts.of(self.narrowed(state, error))

    def resume(self, tail: int, content: bytes | None) -> int:
        """Return the state behind a string, key or number."""
        return self._parts.resume(tail, content)

    def costly(self, tail: int) -> list[int]:
        """Return states behind a string, key or number that may need the longest completion."""
        return self._parts.costly(tail)

    def bare(self, state: int) -> Bare | None:
        """Return the value that a state begins, apart from what stands around it."""
        return self._parts.bare(state)

    def threads(self, state: int) -> frozenset[Thread]:
        """Return the threads of a state."""
        return self._states[state]

    def after(self, tail: int) -> int:
        """Return the state after a value whose text nobody wants."""
        return self.state([Thread(After(), tail)])

    def after_lexeme(self, thread: Thread, content: bytes) -> int:
        """Return the state after a string, key or number; content: what is still read of it."""
        try:
            return self._after_lexeme(thread, content)
        except TooComplex:
            state = self.state([thread])
            for byte in content + b'"':
                state = self.step(state, byte) if state != DEAD else DEAD
            return state

    def _after_lexeme(self, thread: Thread, content: bytes) -> int:
        head = thread.head
        if isinstance(head, KeyText):
            if thread.text is None:
                name = json.loads(b'"' + head.text + content + b'"')
                return self.after_key(head.members, thread.tail, name)
            thread = thread._replace(head=head._replace(text=head.text + content))
        if thread.text is not None:
            thread = thread._replace(text=thread.text + content)
        closed = self._completed(thread) if isinstance(head, Number) else self._closed(thread)
        threads = list(closed)
        return self.state(threads) if threads else DEAD

    def after_key(self, members: int, tail: int, name: str) -> int:
        """Return the state after a key, for masks.

        A key without a name of its own is not among those used then, so that all of its class share
        the state: right for the mask of one token, which never ends a second key.
        """
        formula, seen = self._members[members]
        told_apart = name in self.live_keys(members).told_apart
        shared = name if told_apart else self.progress.class_of(formula, name).inside
        found = self._after_keys.get((members, tail, shared))
        if found is None:
            used = seen | {name} if told_apart else seen
            options = tuple(
                (value, self._numbered(rest, used))
                for value, rest in self.live_options(formula, seen, name)
            )
            alive = bool(options) and name not in seen
            found = self.state([Thread(BeforeColon(options), tail)]) if alive else DEAD
            self._after_keys[members, tail, shared] = found
        return found

    def _is_whole(self, thread: Thread) -> bool:
        if thread.tail != OUTERMOST:
            return False
        head = thread.head
        return isinstance(head, After) or (
            isinstance(head, Number) and self.numbers.can_end(head.state)
        )

    def _live_bytes(self, state: int) -> Iterable[int]:
        """Return the bytes that may be live: all that are, perhaps some more."""
        live: set[int] = set()
        for thread in self._states[state]:
            head = thread.head
            if isinstance(head, String | KeyText):
                row = self.strings.row(head.state)
                live.update(byte for byte in range(256) if row[byte] != DEAD)
            elif isinstance(head, Literal):
                live.add(head.rest[0])
            else:
                live.update(b'"-+.eE0123456789[]{},:ntf \t\n\r')
        return live

    # --- one thread ------------------------------------------------------------------------------

    def _step(self, thread: Thread, byte: int) -> Iterator[Thread]:
        head = thread.head
        if isinstance(head, Number):
            after = self.numbers.step(head.state, byte)
            if after != DEAD:
                yield self._with(thread, Number(after), byte)
            if self.numbers.can_end(head.state) and thread.tail != OUTERMOST:
                for whole in self._completed(thread):
                    yield from self._step(whole, byte)
        elif isinstance(head, String | KeyText):
            after = self.strings.step(head.state, byte)
            if after == CLOSED:
                yield from self._closed(thread)
            elif after != DEAD:
                inside: Head = String(after)
                if isinstance(head, KeyText):
                    inside = KeyText(after, head.members, head.text + bytes((byte,)))
                yield self._with(thread, inside, byte)
        elif isinstance(head, Literal):
            if byte == head.rest[0]:
                longer = self._with(thread, Literal(head.rest[1:]), byte)
                yield from self._completed(longer) if not head.rest[1:] else (longer,)
        else:
            yield from self._step_between(thread, byte)

    def _step_between(self, thread: Thread, byte: int) -> Iterator[Thread]:
        """Step a head that stands between two tokens."""
        head = thread.head
        gap, run = gap_of(head)
        if byte in BLANKS:
            longer = self.whitespace.step(gap, run, byte)
            if longer is not None and not (isinstance(head, After) and thread.tail == OUTERMOST):
                longer_head = head._replace(run=longer)  # type: ignore[call-arg]
                yield self._with(thread, longer_head, byte)
            return
        if not self.whitespace.ready(gap, run):
            return
        if isinstance(head, Value):
            yield from self._step_value(thread, head, byte)
        elif isinstance(head, Open):
            yield from self._step_open(thread, head, byte)
        elif isinstance(head, NextKey):
            if byte == QUOTE:
                yield self._with(thread, self._key_head(head.members), byte)
        elif isinstance(head, BeforeColon):
            if byte == COLON:
                for value, members in head.options:
                    tail = self._tail(Members(members, thread.tail))
                    yield self._with(thread, Value(value, Gap.COLON), byte, tail)
        elif isinstance(head, After):
            yield from self._step_after(thread, byte)

    def _step_value(self, thread: Thread, head: Value, byte: int) -> Iterator[Thread]:
        """Begin a value; where the array around it wants to know the value, keep its text."""
        frame = self._tails[thread.tail]
        tail, text = thread.tail, thread.text
        if isinstance(frame, Items) and frame.mark == PENDING:
            text = b"" if text is None else text
            tail = self._tail(frame._replace(mark=len(text)))
        for begun in self._value_starts(head.formula, byte):
            yield self._with(Thread(begun, tail, text), begun, byte)

    def _step_open(self, thread: Thread, head: Open, byte: int) -> Iterator[Thread]:
        progress = self.progress
        if head.kind == ARRAY:
            if byte == ord("]"):
                if progress.array_may_end(head.formula):
                    yield from self._completed(self._with(thread, After(), byte))
                return
            for value in self._items(head.formula, thread, Gap.OPEN):
                yield from self._step_value(value, value.head, byte)  # type: ignore[arg-type]
            return
        members = self._numbered(head.formula, frozenset())
        if byte == ord("}") and progress.object_may_end(head.formula):
            yield from self._completed(self._with(thread, After(), byte))
        elif byte == QUOTE and not self.live_keys(members).none:
            yield self._with(thread, self._key_head(members), byte)

    def _step_after(self, thread: Thread, byte: int) -> Iterator[Thread]:
        frame = self._tails[thread.tail]
        progress = self.progress
        if isinstance(frame, Items):
            outside = thread._replace(tail=frame.parent)
            if byte == ord("]") and progress.array_may_end(frame.rest):
                yield from self._completed(self._with(outside, After(), byte))
            elif byte == COMMA:
                for value in self._items(frame.rest, outside, Gap.COMMA):
                    yield self._with(value, value.head, byte)
        elif isinstance(frame, Members):
            outside = thread._replace(tail=frame.parent)
            formula, _ = self._members[frame.members]
            if byte == ord("}") and progress.object_may_end(formula):
                yield from self._completed(self._with(outside, After(), byte))
            elif byte == COMMA and not self.live_keys(frame.members).none:
                yield self._with(outside, NextKey(frame.members), byte)

    def _closed(self, thread: Thread) -> Iterator[Thread]:
        """Yield the threads after the quote that closes a string or key."""
        head = thread.head
        if not isinstance(head, KeyText):
            yield from self._completed(self._with(thread, head, QUOTE))
            return
        formula, seen = self._members[head.members]
        name = json.loads(b'"' + head.text + b'"')
        options = tuple(
            (value, self._numbered(rest, seen | {name}))
            for value, rest in self.live_options(formula, seen, name)
        )
        if options and name not in seen:
            yield self._with(thread, BeforeColon(options), QUOTE)

    def _completed(self, thread: Thread) -> Iterator[Thread]:
        """Yield the thread after its value is complete; an item's value is taken in here.

        Where the text of an item has been forgotten (for masks) its array goes on without it.
        """
        frame, tail, text = self._tails[thread.tail], thread.tail, thread.text
        if isinstance(frame, Items) and frame.mark >= 0 and text is not None:
            value = canonical(read(text[frame.mark :]))
            rest = self.progress.with_item(frame.rest, value)
            tail = self._tail(Items(rest, frame.parent))
            text = text if frame.mark > 0 else None
        yield Thread(After(), tail, text)

    def _items(self, formula: Formula, outside: Thread, gap: Gap) -> Iterator[Thread]:
        """Yield a thread for every way in which an array's next item can go on."""
        progress = self.progress
        for item, rest in progress.next_items(formula):
            mark = PENDING if progress.wants_item(rest) else NO_MARK
            tail = self._tail(Items(rest, outside.tail, mark))
            yield Thread(Value(item, gap), tail, outside.text)

    @staticmethod
    def _with(thread: Thread, head: Head, byte: int, tail: int | None = None) -> Thread:
        """Return the thread with another head after a byte, which joins the kept text, if any."""
        text = thread.text if thread.text is None else thread.text + bytes((byte,))
        return Thread(head, thread.tail if tail is None else tail, text)

    # --- values ----------------------------------------------------------------------------------

    def first_bytes(self, formula: Formula) -> bytes:
        """Return the bytes that a value of the formula may begin with, perhaps more."""
        found = self._first_bytes.get(formula)
        if found is None:
            expanded, narrowed = self.progress.expand(formula), self.progress.formulas.narrowed
            found = b""
            for kind, first in FIRST_BYTES.items():
                narrow = narrowed(expanded, kind)
                if narrow.kind != "types" or narrow.args[0] & kind:
                    found += first
            self._first_bytes[formula] = found
        return found

    def _value_starts(self, formula: Formula, byte: int) -> tuple[Head, ...]:
        """Return the heads after the first byte of a value of the formula."""
        key = (formula, byte)
        found = self._starts.get(key)
        if found is None:
            found = self._starts[key] = self._begin(self.progress.expand(formula), byte)
        return found

    def _begin(self, formula: Formula, byte: int) -> tuple[Head, ...]:
        progress, f = self.progress, self.progress.formulas
        if byte in LITERALS:
            kind, rest = LITERALS[byte]
            return (Literal(rest),) if progress.possible_of_type(formula, kind) else ()
        if byte == QUOTE:
            term = progress.string_term(f.narrowed(formula, STRING))
            return () if progress.terms.is_empty(term) else (String(self.strings.start(term)),)
        if byte in NUMBER_STARTS:
            sets = progress.number_sets(f.narrowed(formula, NUMBER))
            starts = [state for numbers in sets for state in self.numbers.starts(numbers)]
            after = [self.numbers.step(state, byte) for state in starts]
            return tuple(Number(state) for state in after if state != DEAD)
        if byte in BRACKETS and progress.possible_of_type(formula, BRACKETS[byte]):
            return (Open(BRACKETS[byte], f.narrowed(formula, BRACKETS[byte])),)
        return ()

    # --- keys ------------------------------------------------------------------------------------

    def _key_head(self, members: int) -> KeyText:
        return KeyText(self.strings.start(self.live_keys(members).term), members, b"")

    def live_keys(self, members: int) -> Keys:
        """Return the keys that may come next."""
        found = self._keys.get(members)
        if found is None:
            found = self._keys[members] = Keys(self.progress, *self._members[members])
        return found

    def members(self, number: int) -> tuple[Formula, frozenset[str]]:
        """Return what further members must satisfy, and the keys used, by number."""
        return self._members[number]

    def frame(self, tail: int) -> Items | Members | None:
        """Return the innermost frame of a tail by number, None for the document itself."""
        return self._tails[tail]

    def live_options(
        self, formula: Formula, seen: frozenset[str], name: str
    ) -> Iterator[tuple[Formula, Formula]]:
        """Return (formula of the value, of the members after it) for a key that is known."""
        key = self.progress.class_of(formula, name)
        return self.progress.ways_on(formula, key, name, seen)

    # --- numbering -------------------------------------------------------------------------------

    def state(self, threads: Iterable[Thread]) -> int:
        """Return the number of a state."""
        return _number(frozenset(threads), self._states, self._state_numbers)

    def _tail(self, frame: Items | Members) -> int:
        return _number(frame, self._tails, self._tail_numbers)

    def _numbered(self, formula: Formula, seen: frozenset[str]) -> int:
        return _number((formula, seen), self._members, self._member_numbers)


def _number(item: Any, items: list[Any], numbers: dict[Any, int]) -> int:
    found = numbers.get(item)
    if found is None:
        found = numbers[item] = len(items)
        items.append(item)
    return found
