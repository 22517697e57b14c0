"""A short document that satisfies a formula: how to complete what has been begun.

The search is by depth of nesting: first values without items or members, then those around them. So
it ends wherever a value is possible at all, also where schemas contain themselves.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

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
from minilora.grammar.independent import names_asked_for
from minilora.grammar.progress import Progress
from minilora.grammar.values import canonical, read
from minilora.grammar.whitespace import Gap, Whitespace

MAX_DEPTH = 64


class Settled(NamedTuple):
    """An object whose members stand alone: what they must satisfy, and which must come."""

    formula: Formula
    names: tuple[str, ...]


class Witness:
    """Writes short documents.

    Args:
        progress: decides about formulas.
        whitespace: what must stand between tokens.
    """

    def __init__(self, progress: Progress, whitespace: Whitespace) -> None:
        self.progress, self.numbers, self.whitespace = progress, progress.numbers, whitespace
        self._values: dict[tuple[Formula, int], bytes | None] = {}
        self._depths: dict[Formula, int] = {}
        self._scalars: dict[Formula, bytes | None] = {}
        self._settled: dict[tuple[Formula, frozenset[str]], Settled | None] = {}
        self._closings: dict[tuple[Formula, Gap, int], bytes | None] = {}

    def settled(self, formula: Formula, seen: frozenset[str]) -> Settled | None:
        """Return a possible object of members that stand alone, which implies a possible one.

        Of each disjunction one way is taken, that which leaves the fewest members to ask for. None
        where members depend on each other all the same.
        """
        key = (formula, seen)
        if key not in self._settled:
            self._settled[key] = self._settle(formula, seen)
        return self._settled[key]

    def _settle(self, formula: Formula, seen: frozenset[str]) -> Settled | None:
        parts = formula.args if formula.kind == "and" else (formula,)
        either = next((part for part in parts if part.kind == "or"), None)
        if either is None:
            names = names_asked_for(formula)
            return None if names is None else Settled(formula, names)
        others = [part for part in parts if part is not either]
        ways = [self.progress.formulas.both(*others, part) for part in either.args]
        possible = (
            way for way in sorted(ways, key=_asked) if self.progress.object_possible(way, seen)
        )
        return self._settle(next(possible), seen)

    def cheapest(self, alone: Settled, lengths: Mapping[str, int]) -> str | None:
        """Return the member that adds least: one of those that must come, else of those that may.

        Args:
            alone: the object.
            lengths: names to choose from, with the bytes that each takes beside its value.
        """
        values = {name: self._alone(alone.formula, name) for name in lengths}
        live = [name for name in lengths if self.progress.possible(values[name])]
        needed = [name for name in live if name in alone.names]
        return min(
            needed or live,
            key=lambda name: lengths[name] + len(self.value(values[name])),
            default=None,
        )

    def _alone(self, formula: Formula, name: str) -> Formula:
        """Return what an object's formula asks of a member that depends on no other."""
        return self.progress.member_value(formula, self.progress.class_of(formula, name))

    def value(self, formula: Formula) -> bytes:
        """Return a short text of a value that satisfies a possible formula."""
        for depth in range(self._depths.get(formula, 0), MAX_DEPTH):
            text = self._value(formula, depth)
            if text is not None:
                self._depths[formula] = depth
                return text
        raise ValueError("no value was found")

    def _value(self, formula: Formula, depth: int) -> bytes | None:
        """Return the text of a value of at most this depth of nesting."""
        key = (formula, depth)
        if key not in self._values:
            self._values[key] = None  # asked again while it is being found: not at this depth
            try:
                self._values[key] = self._new_value(formula, depth)
            except BaseException:
                del self._values[key]
                raise
        return self._values[key]

    def _new_value(self, formula: Formula, depth: int) -> bytes | None:
        expanded = self.progress.expand(formula)
        if expanded not in self._scalars:
            self._scalars[expanded] = self._scalar(expanded)
        found = [self._scalars[expanded]]
        f = self.progress.formulas
        if depth > 0 or found[0] is None:
            if self.progress.possible_of_type(expanded, ARRAY):
                found.append(self._array(f.narrowed(expanded, ARRAY), depth))
            if self.progress.possible_of_type(expanded, OBJECT):
                found.append(self._object(f.narrowed(expanded, OBJECT), depth))
        return min((text for text in found if text is not None), key=len, default=None)

    def _scalar(self, formula: Formula) -> bytes | None:
        progress, f = self.progress, self.progress.formulas
        found: list[bytes] = []
        for kind, text in ((NULL, b"null"), (TRUE, b"true"), (FALSE, b"false")):
            if progress.possible_of_type(formula, kind):
                found.append(text)
        term = progress.string_term(f.narrowed(formula, STRING))
        if not progress.terms.is_empty(term):
            found.append(quoted(progress.terms.shortest(term)))
        for numbers in progress.number_sets(f.narrowed(formula, NUMBER)):
            found += map(self.numbers.shortest, self.numbers.starts(numbers))
        return min(found, key=len, default=None)

    def _array(self, formula: Formula, depth: int) -> bytes | None:
        rest = self.items(formula, Gap.OPEN, depth)
        return None if rest is None else b"[" + rest

    def _object(self, formula: Formula, depth: int) -> bytes | None:
        rest = self.members(formula, frozenset(), Gap.OPEN, depth)
        return None if rest is None else b"{" + rest

    def items(self, formula: Formula, gap: Gap, depth: int = MAX_DEPTH) -> bytes | None:
        """Return items that complete an array, and its bracket: few items, not always short."""
        progress = self.progress
        comma = b"," + self.whitespace.least(Gap.COMMA, 0)
        start = b"" if gap is Gap.OPEN else comma
        todo: deque[tuple[Formula, bytes]] = deque([(formula, b"")])
        seen = {formula}
        while todo:
            rest, text = todo.popleft()
            if progress.array_may_end(rest):
                return text + b"]"
            if depth <= 0:
                continue
            separator = comma if text else start
            for item, after in progress.next_items(rest):
                if after in seen and not progress.wants_item(after):
                    continue
                found = self._shallowest(item, depth - 1)
                if found is None:
                    continue
                if progress.wants_item(after):
                    after = progress.with_item(after, canonical(read(found)))
                if after in seen:
                    continue
                seen.add(after)
                todo.append((after, text + separator + found))
        return None

    def members(
        self, formula: Formula, seen: frozenset[str], gap: Gap, depth: int = MAX_DEPTH
    ) -> bytes | None:
        """Return members that complete an object, and its bracket."""
        alone = self.settled(formula, seen)
        if alone is None:
            return self._written(self._searched(formula, seen, depth), gap)
        key = (alone.formula, gap, depth)  # what was seen plays no part
        if key not in self._closings:
            self._closings[key] = self._written(self._asked_for(alone, depth), gap)
        return self._closings[key]

    def _written(self, found: list[tuple[str, bytes]] | None, gap: Gap) -> bytes | None:
        if found is None:
            return None
        comma = b"," + self.whitespace.least(Gap.COMMA, 0)
        colon = b":" + self.whitespace.least(Gap.COLON, 0)
        text = comma.join(quoted(name) + colon + value for name, value in found)
        return (comma if found and gap is not Gap.OPEN else b"") + text + b"}"

    def _asked_for(self, alone: Settled, depth: int) -> list[tuple[str, bytes]] | None:
        """Return names and values of the members that must come."""
        members: list[tuple[str, bytes]] = []
        for name in alone.names:
            text = self._shallowest(self._alone(alone.formula, name), depth - 1)
            if text is None:
                return None
            members.append((name, text))
        return members

    def _searched(
        self, formula: Formula, seen: frozenset[str], depth: int
    ) -> list[tuple[str, bytes]] | None:
        """Return names and values of members after which an object may end."""
        members: list[tuple[str, bytes]] = []
        while not self.progress.object_may_end(formula):
            found = self._member(formula, seen, depth) if depth > 0 else None
            if found is None:
                return None
            name, value, formula = found
            members.append((name, value))
            seen = seen | {name}
        return members

    def some_members(self, formula: Formula, seen: frozenset[str]) -> bytes:
        """Return at least one member, and what completes the object after it."""
        alone = self.settled(formula, seen)
        if alone is not None and alone.names:
            whole = self.members(formula, seen, Gap.OPEN)
            assert whole is not None
            return whole
        found = self._member(formula, seen, MAX_DEPTH) if alone is None else None
        name, value, rest = found or self._any_member(formula, seen)
        colon = b":" + self.whitespace.least(Gap.COLON, 0)
        after = self.members(rest, seen | {name}, Gap.AFTER)
        assert after is not None
        return quoted(name) + colon + value + after

    def _any_member(self, formula: Formula, seen: frozenset[str]) -> tuple[str, bytes, Formula]:
        """Return name, value and rest of a member that may come, where none is asked for."""
        names = [name for _, name, _ in self.progress.live_keys(formula, seen)]
        alone = self.settled(formula, seen)
        least = None if alone is None else self.cheapest(alone, {n: len(n) for n in names})
        if least is not None:
            names = [least]
        ways = []
        for name in names:
            key = self.progress.class_of(formula, name)
            for value, rest in self.progress.ways_on(formula, key, name, seen):
                ways.append((name, self.value(value), rest))
        return min(ways, key=lambda way: len(way[0]) + len(way[1]))

    def _member(
        self, formula: Formula, seen: frozenset[str], depth: int
    ) -> tuple[str, bytes, Formula] | None:
        """Return name, value and rest of a member that brings the object nearer to its end.

        One that leaves fewer members to ask for; or else one with a name that is asked for, though
        it asks for another in turn. A name comes but once, so this ends too.
        """
        progress, wanted = self.progress, _wanted(formula)
        best: tuple[bool, int, str, bytes, Formula] | None = None
        for key in progress.classes(formula):
            term = progress.free_keys(formula, key, seen)
            if progress.terms.is_empty(term):
                continue
            name = progress.terms.shortest(term) if key.name is None else key.name
            for value, rest in progress.key_options(formula, key):
                if rest is formula or not progress.possible(value):
                    continue
                if not progress.object_possible(rest, seen | {name}):
                    continue
                farther = _asked(rest) >= _asked(formula)
                if farther and key.name not in wanted:
                    continue
                text = self._shallowest(value, depth - 1)
                if text is not None and (best is None or (farther, len(text)) < best[:2]):
                    best = (farther, len(text), name, text, rest)
        return None if best is None else best[2:]

    def _shallowest(self, formula: Formula, depth: int) -> bytes | None:
        """Return a value of the least depth, None where that is above ``depth``."""
        for least in range(depth + 1):
            text = self._value(formula, least)
            if text is not None:
                return text
        return None


def _asked(formula: Formula) -> int:
    """Return about how many members a formula still asks for."""
    if formula.kind == "and":
        return sum(map(_asked, formula.args))
    if formula.kind == "or":
        return min(map(_asked, formula.args))
    if formula.kind == "size":
        low: int = formula.args[0]
        return low
    return int(formula.kind == "keys_some")


def _wanted(formula: Formula) -> frozenset[str]:
    """Return the names of members that a formula asks for somewhere, or tells objects apart by."""
    if formula.kind in ("and", "or"):
        return frozenset().union(*map(_wanted, formula.args))
    if formula.kind == "object_not":
        return frozenset(name for members in formula.args[0] for name, _ in members)
    asked = formula.kind == "keys_some" and isinstance(formula.args[0], str)
    return frozenset(formula.args[:1]) if asked else frozenset()


def quoted(text: str) -> bytes:
    """Return a string as JSON, with no more escapes than it needs."""
    return json.dumps(text, ensure_ascii=False).encode()
