"""Arrays whose items must differ (uniqueItems), or must not: can they be completed, and with what?

Items that must differ are a matching. Of the items still to come some take values out of a small
set; all of those need different ones, none of them used before: they can have them exactly if a
matching of items and values exists. An item with more values than there are items never lacks one.

Items of which two must be equal need two places that have a value in common.

A value that is read may take away what a later item needs. `harmless` therefore says which values
of an item leave the rest possible, before the item is begun, so that no document runs into a wall.

Source: Hall 1935, On representatives of subsets; Kuhn 1955, The Hungarian method (augmenting
paths).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from minilora.grammar.finite import FiniteValues
from minilora.grammar.formula import ARRAY, Formula
from minilora.grammar.limits import TooComplex
from minilora.grammar.values import Canonical

if TYPE_CHECKING:
    from minilora.grammar.progress import Progress

LEAST_LIMIT = 64  # sets of more values than this, and than items, count as endless

Seen = frozenset[Canonical]


class _Case(NamedTuple):
    """A conjunction: atoms without a memory, and the values seen by the one that has one, if any.

    Attributes:
        plain: the formula without `unique` and `repeats`.
        unique: the values that no item may equal.
        repeats: the values of which an item must equal one, unless it equals another item.
    """

    plain: Formula
    unique: Seen | None
    repeats: Seen | None


class Distinct:
    """Decides about array formulas in which `unique` or `repeats` occurs."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.formulas, self.limits = progress, progress.formulas, progress.limits
        self.finite = FiniteValues(progress)
        self._futures: dict[Formula, tuple[Formula, ...]] = {}

    def possible(self, formula: Formula) -> bool:
        """Return whether some items complete an array."""
        return any(self._case_possible(case) for case in self._cases(formula))

    def harmless(self, item: Formula, rest: Formula) -> Formula:
        """Return the values of an item after which the rest of its array can be completed.

        Args:
            item: the item; for `unique` it leaves out the values seen.
            rest: what follows, not yet knowing which value the item has.
        """
        good = [self._harmless(item, case) for case in self._cases(rest)]
        return self.formulas.both(item, self.formulas.either(*good))

    # --- cases -----------------------------------------------------------------------------------

    def _cases(self, formula: Formula) -> Iterator[_Case]:
        """Yield conjunctions whose union is the formula; impossible ones may be left out."""
        todo, count = [formula], 0
        while todo:
            conjunction = todo.pop()
            count += 1
            if count > self.limits.cases:
                raise TooComplex(f"is one of over {self.limits.cases} cases", "uniqueItems")
            if conjunction.kind == "or":
                todo += conjunction.args
                continue
            parts = conjunction.args if conjunction.kind == "and" else (conjunction,)
            mixed = (p for p in parts if p.kind == "or" and self.progress.wants_item(p))
            choice = next(mixed, None)
            if choice is not None:
                others = [part for part in parts if part is not choice]
                todo += [self.formulas.both(*others, part) for part in choice.args]
                continue
            unique = next((part.args[0] for part in parts if part.kind == "unique"), None)
            repeats = next((part.args[0] for part in parts if part.kind == "repeats"), None)
            if unique is not None and repeats is not None:
                continue  # both have seen the same items, so they exclude each other
            plain = [part for part in parts if part.kind not in ("unique", "repeats")]
            yield _Case(self.formulas.both(*plain, self.formulas.types(ARRAY)), unique, repeats)

    def _case_possible(self, case: _Case) -> bool:
        if case.unique is not None:
            return self._matched(case.plain, case.unique) is not None
        if case.repeats is not None:
            return self._two_equal(case.plain, case.repeats)
        return self.progress.array_possible(case.plain)

    def _harmless(self, item: Formula, case: _Case) -> Formula:
        f = self.formulas
        if case.unique is not None:
            return self._leaving_a_match(item, case.plain, case.unique)
        if case.repeats is None or not self.progress.array_possible(case.plain):
            return f.true if self._case_possible(case) else f.false
        if self._two_equal(case.plain, case.repeats):
            return f.true
        return f.either(*self._future_items(case.plain))  # this very value must come again

    # --- all different ---------------------------------------------------------------------------

    def _matched(self, plain: Formula, seen: Seen) -> tuple[Formula, ...] | None:
        """Return items of small sets on the way to an array's end that can all differ, or None."""
        progress = self.progress
        if not progress.array_possible(plain):
            return None
        if progress.array_may_end(plain) or self._ample(plain, seen):
            return ()
        limit = max(LEAST_LIMIT, _asked(plain)) + len(seen) + 1
        start: tuple[Formula, tuple[Formula, ...]] = (plain, ())
        todo, visited = [start], {start}
        while todo:
            rest, scarce = todo.pop()
            for item, after in self._live_options(rest):
                values = self.finite.values(item, limit)
                taken = scarce
                if values is not None:
                    taken = tuple(sorted((*scarce, item), key=lambda formula: formula.id))
                    if not self._can_differ(taken, seen, limit):
                        continue
                if progress.array_may_end(after):
                    return taken
                state = (after, taken)
                if state not in visited:
                    visited.add(state)
                    todo.append(state)
            if len(visited) > self.limits.matchings:
                raise TooComplex(
                    f"its items differ in over {self.limits.matchings} ways", "uniqueItems"
                )
        return None

    def _ample(self, plain: Formula, seen: Seen) -> bool:
        """Return whether any item further on has more values left than items are asked for."""
        if not self.progress.array_possible(plain):
            return False
        asked = _asked(plain)
        limit = max(LEAST_LIMIT, asked) + len(seen) + 1
        for item in self._future_items(plain):
            if self.finite.values(item, limit) is None:
                continue
            if len(self._unseen(item, seen, limit)) <= asked:
                return False
        return True

    def _can_differ(self, items: tuple[Formula, ...], seen: Seen, limit: int) -> bool:
        """Return whether items can have different values, none of them seen."""
        unseen = {item: self._unseen(item, seen, limit) for item in set(items)}
        if all(len(values) >= len(items) for values in unseen.values()):
            return True
        choices = [unseen[item] for item in items]
        owner: dict[Canonical, int] = {}

        def place(i: int, tried: set[Canonical]) -> bool:
            for value in choices[i]:
                if value not in tried:
                    tried.add(value)
                    if value not in owner or place(owner[value], tried):
                        owner[value] = i
                        return True
            return False

        return all(place(i, set()) for i in range(len(items)))

    def _unseen(self, item: Formula, seen: Seen, limit: int) -> list[Canonical]:
        values = self.finite.values(item, limit)
        return [value for value in values or () if value not in seen]

    def _leaving_a_match(self, item: Formula, plain: Formula, seen: Seen) -> Formula:
        """Return the values after which the items that follow can still all differ."""
        f = self.formulas
        if self._ample(plain, seen):
            return f.true
        scarce = self._matched(plain, seen)
        if scarce is None:
            return f.false
        limit = max(LEAST_LIMIT, _asked(plain)) + len(seen) + 1
        if all(len(self._unseen(other, seen, limit)) > len(scarce) for other in set(scarce)):
            return f.true  # whichever value is taken, enough are left
        wanted = {
            value: None
            for other in self._future_items(plain)
            for value in self._unseen(other, seen, limit)
        }
        return f.none_of(
            value
            for value in wanted
            if self.progress.possible(f.both(item, f.equal_to(value)))
            and self._matched(plain, seen | {value}) is None
        )

    # --- two equal -------------------------------------------------------------------------------

    def _two_equal(self, plain: Formula, seen: Seen) -> bool:
        """Return whether an array can end with an item that is seen, or that equals another."""
        progress, f = self.progress, self.formulas
        known = f.either(*map(f.equal_to, seen))
        start: tuple[Formula, Formula | None] = (plain, None)  # second: an item to come again
        todo, visited = [start], {start}
        while todo:
            rest, first = todo.pop()
            for item, after in self._live_options(rest):
                again = known if first is None else f.either(known, first)
                if progress.possible(f.both(item, again)):
                    return True
                for state in ((after, first), (after, item if first is None else first)):
                    if state not in visited:
                        visited.add(state)
                        todo.append(state)
            if len(visited) > self.limits.matchings:
                raise TooComplex(
                    f"its items repeat in over {self.limits.matchings} ways", "uniqueItems"
                )
        return False

    # --- without a memory ------------------------------------------------------------------------

    def _live_options(self, plain: Formula) -> Iterator[tuple[Formula, Formula]]:
        for item, after in self.progress.item_options(plain):
            if self.progress.possible(item) and self.progress.array_possible(after):
                yield item, after

    def _future_items(self, plain: Formula) -> tuple[Formula, ...]:
        """Return what an item further on in an array may be, all such items."""
        found = self._futures.get(plain)
        if found is None:
            items: dict[Formula, None] = {}
            todo, visited = [plain], {plain}
            while todo:
                for item, after in self._live_options(todo.pop()):
                    items[item] = None
                    if after not in visited:
                        visited.add(after)
                        todo.append(after)
            found = tuple(items)
            if self.progress.settled:
                self._futures[plain] = found
        return found


def _asked(plain: Formula) -> int:
    """Return at least how many items an array may still need."""
    if plain.kind in ("and", "or"):
        return sum(map(_asked, plain.args))
    if plain.kind == "count":
        low: int = plain.args[1]
        return low
    if plain.kind in ("items_all", "items_some"):
        return int(plain.args[0]) + 1
    if plain.kind == "array_not":
        return max(map(len, plain.args[0])) + 1
    return 0
