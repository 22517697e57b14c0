"""The values of a formula, where they are few: {"enum": [1, "a"]} has two, {"type": "null"} one.

Scalars are asked from their sets. Arrays and objects are grown item by item and member by member,
the shortest first; as soon as there are more values than were asked for, the search is over.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from minilora.grammar.formula import ARRAY, FALSE, NULL, NUMBER, OBJECT, STRING, TRUE, Formula
from minilora.grammar.values import Canonical

if TYPE_CHECKING:
    from minilora.grammar.progress import Progress

Found = dict[Canonical, None]
MAX_STEPS = 2000  # values begun beside those that were found: beyond, they count as many


class FiniteValues:
    """Lists the values of formulas."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.formulas = progress, progress.formulas
        self._known: dict[tuple[Formula, int], tuple[Canonical, ...] | None] = {}
        self._open: set[Formula] = set()

    def values(self, formula: Formula, limit: int) -> tuple[Canonical, ...] | None:
        """Return all values of a formula if there are at most ``limit``, else None.

        None as well where the values contain values of the same formula, or are not told apart
        within ``MAX_STEPS``.
        """
        key = (formula, limit)
        if key in self._known:
            return self._known[key]
        if formula in self._open:
            return None  # values within values: without end
        self._open.add(formula)
        try:
            found = self._values(self.progress.expand(formula), limit)
        finally:
            self._open.discard(formula)
        if self.progress.settled:
            self._known[key] = found
        return found

    def _values(self, formula: Formula, limit: int) -> tuple[Canonical, ...] | None:
        progress, f = self.progress, self.formulas
        found: Found = {}
        for kind, name in ((NULL, "null"), (TRUE, "true"), (FALSE, "false")):
            if progress.possible_of_type(formula, kind):
                found["literal", name] = None
        for numbers in progress.number_sets(f.narrowed(formula, NUMBER)):
            values = numbers.values(limit)
            if values is None:
                return None
            found.update({("number", value): None for value in values})
        words = progress.terms.words(progress.string_term(f.narrowed(formula, STRING)), limit)
        if words is None:
            return None
        found.update({("string", word): None for word in words})
        for kind, grow in ((ARRAY, self._arrays), (OBJECT, self._objects)):
            if progress.possible_of_type(formula, kind):
                more = grow(f.narrowed(formula, kind), limit)
                if more is None:
                    return None
                found.update(more)
        return tuple(found) if len(found) <= limit else None

    def _arrays(self, formula: Formula, limit: int) -> Found | None:
        progress = self.progress
        found: Found = {}
        start: tuple[Formula, tuple[Canonical, ...]] = (formula, ())
        todo = deque([start])
        for _ in range(MAX_STEPS):
            if not todo:
                return found
            rest, items = todo.popleft()
            if progress.array_may_end(rest):
                found["array", items] = None
                if len(found) > limit:
                    return None
            for item, after in progress.next_items(rest):
                values = self.values(item, limit)
                if values is None:
                    return None
                todo += [(progress.with_item(after, value), (*items, value)) for value in values]
        return None

    def _objects(self, formula: Formula, limit: int) -> Found | None:
        """Members are added in any order, so that an object may be met more than once."""
        progress = self.progress
        found: Found = {}
        start: tuple[Formula, frozenset[tuple[str, Canonical]]] = (formula, frozenset())
        todo, visited = deque([start]), {start}
        for _ in range(MAX_STEPS):
            if not todo:
                return found
            rest, members = todo.popleft()
            if progress.object_may_end(rest):
                found["object", members] = None
                if len(found) > limit:
                    return None
            names = frozenset(name for name, _ in members)
            for term, example, named in progress.live_keys(rest, names):
                keys = (example,) if named else progress.terms.words(term, limit)
                if keys is None:
                    return None
                for name in keys:
                    for value, after in progress.key_options(rest, progress.class_of(rest, name)):
                        if not progress.object_possible(after, names | {name}):
                            continue
                        values = self.values(value, limit)
                        if values is None:
                            return None
                        for content in values:
                            state = (after, members | {(name, content)})
                            if state not in visited:
                                visited.add(state)
                                todo.append(state)
        return None
