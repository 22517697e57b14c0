"""Is there a value that satisfies a formula, and which keys may its next member have?

`Progress.possible` decides whether any value satisfies a formula: the least fixpoint, since a
finite value has finitely many levels. How arrays and objects go on is in options.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from minilora.grammar.distinct import Distinct
from minilora.grammar.fixpoint import Fixpoint
from minilora.grammar.formula import (
    ARRAY,
    FALSE,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    TRUE,
    Formula,
    Formulas,
)
from minilora.grammar.limits import TooComplex
from minilora.grammar.number_text import NumberHeads
from minilora.grammar.numbers import Numbers
from minilora.grammar.options import KeyClass, Progression
from minilora.grammar.terms import Term


class Progress(Progression):
    """Progresses formulas and decides about them; all answers are kept.

    Args:
        formulas: where they are made.
        expand: unfolds the references at a formula's own level.
        doubles: whether numbers are only written so that readers of doubles judge them alike.
    """

    def __init__(
        self, formulas: Formulas, expand: Callable[[Formula], Formula], doubles: bool = True
    ) -> None:
        super().__init__(formulas)
        self.expand = expand
        self.numbers = NumberHeads(doubles)
        self._fixpoint = Fixpoint()
        self._joined_values: dict[tuple[Formula, ...], Formula] = {}
        self._apart_atoms: dict[Formula, bool] = {}
        self.distinct = Distinct(self)

    # --- is there a value? -----------------------------------------------------------------------

    def possible(self, formula: Formula) -> bool:
        """Return whether some JSON value satisfies the formula.

        Raises:
            TooComplex: not decided within the limits.
        """
        if formula is self.formulas.true:
            return True
        if formula is self.formulas.false:
            return False
        return self._fixpoint.decide(("value", formula), lambda: self._possible(formula))

    def _possible(self, formula: Formula) -> bool:
        formula = self.expand(formula)
        if formula.kind == "or":
            return any(map(self.possible, formula.args))
        types = self.formulas.types_of(formula)
        return any(
            types & kind and self.possible_of_type(formula, kind)
            for kind in (NULL, TRUE, FALSE, STRING, NUMBER, ARRAY, OBJECT)
        )

    def possible_of_type(self, formula: Formula, kind: int) -> bool:
        """Return whether some value of one type satisfies an expanded formula."""
        narrow = self.formulas.narrowed(formula, kind)
        if narrow.kind == "types":
            return bool(narrow.args[0] & kind)
        if kind == ARRAY:
            return self.array_possible(narrow)
        if kind == OBJECT:
            return self.object_possible(narrow, frozenset())
        if kind == STRING:
            return not self.terms.is_empty(self.string_term(narrow))
        if kind == NUMBER:
            return any(map(self._writable, self.number_sets(narrow)))
        return False

    def _writable(self, numbers: Numbers) -> bool:
        """Return whether a set has a member with a text."""
        fractions = any(step.denominator > 1 for step in numbers.multiples)
        half = numbers.low is None or numbers.high is None
        if half and not fractions and not numbers.not_multiples:
            return True  # without end, it always has
        return not numbers.is_empty() and bool(self.numbers.starts(numbers))

    def string_term(self, formula: Formula) -> Term:
        """Return the strings that satisfy a formula narrowed to strings."""
        if formula.kind == "types":
            return self.terms.ANY if formula.args[0] & STRING else self.terms.EMPTY
        if formula.kind == "string":
            term: Term = formula.args[0]
            return term
        parts = [self.string_term(part) for part in formula.args]
        return self.terms.intersect(*parts) if formula.kind == "and" else self.terms.union(*parts)

    def number_sets(self, formula: Formula) -> tuple[Numbers, ...]:
        """Return sets whose union is the numbers that satisfy a formula narrowed to numbers."""
        if formula.kind == "types":
            return (Numbers(),) if formula.args[0] & NUMBER else ()
        if formula.kind == "number":
            return (formula.args[0],)
        parts = [self.number_sets(part) for part in formula.args]
        if formula.kind == "or":
            return tuple(dict.fromkeys(sum(parts, ())))
        sets: tuple[Numbers, ...] = (Numbers(),)
        for more in parts:
            joined = {a.intersect(b): None for a in sets for b in more}
            sets = tuple(numbers for numbers in joined if not numbers.is_empty())
            if len(sets) > self.limits.options:
                raise TooComplex(f"its numbers are a union of over {self.limits.options} sets")
        return sets

    def array_possible(self, formula: Formula) -> bool:
        """Return whether some items satisfy a formula narrowed to arrays."""
        return self._fixpoint.decide(("array", formula), lambda: self._array_possible(formula))

    def _array_possible(self, formula: Formula) -> bool:
        if self.wants_item(formula):
            return self.distinct.possible(formula)
        came: dict[Formula, Formula | None] = {formula: None}
        todo = [formula]
        while todo:
            rest = todo.pop()
            if self.array_may_end(rest) or self._fixpoint.known(("array", rest)):
                on_the_way: Formula | None = rest
                while on_the_way is not None:  # those before it can be completed too
                    self._fixpoint.settle(("array", on_the_way))
                    on_the_way = came[on_the_way]
                return True
            for item, after in self.item_options(rest):
                if after not in came and self.possible(item):
                    came[after] = rest
                    todo.append(after)
            if len(came) > self.limits.search:
                raise TooComplex(f"undecided after {self.limits.search} ways to go on")
        return False

    def next_items(self, formula: Formula) -> Iterator[tuple[Formula, Formula]]:
        """Yield (item, rest) for every way on; the rest is possible after every such item."""
        for item, rest in self.item_options(formula):
            if self.wants_item(rest):
                item = self.distinct.harmless(item, rest)
            elif not self.array_possible(rest):
                continue
            if self.possible(item):
                yield item, rest

    @property
    def settled(self) -> bool:
        """Whether no decision is under way, so that every answer stands."""
        return self._fixpoint.idle

    def object_possible(self, formula: Formula, seen: frozenset[str]) -> bool:
        """Return whether some members with keys not in ``seen`` satisfy a narrowed formula."""
        if formula.kind == "types":
            return bool(formula.args[0] & OBJECT)
        if self.object_may_end(formula):
            return True
        seen = seen if self._counts_keys(formula) else frozenset()
        key = ("object", formula, seen)
        return self._fixpoint.decide(key, lambda: self._object_possible(formula, seen))

    def _counts_keys(self, formula: Formula) -> bool:
        """Return whether it matters which unnamed keys are used up."""
        if formula.kind in ("and", "or"):
            return any(map(self._counts_keys, formula.args))
        if formula.kind == "size":
            return bool(formula.args[0])
        if formula.kind == "object_not":
            return True  # it asks for a member more, where all of an object has come
        return formula.kind == "keys_some" and not isinstance(formula.args[0], str)

    def _object_possible(self, formula: Formula, seen: frozenset[str]) -> bool:
        if formula.kind == "or":
            return any(self.object_possible(part, seen) for part in formula.args)
        parts = formula.args if formula.kind == "and" else (formula,)
        either = [part for part in parts if part.kind == "or"]
        if either:
            chosen = min(either, key=lambda part: len(part.args))
            others = [part for part in parts if part is not chosen]
            atoms = [part for part in parts if part.kind != "or"]
            both = self.formulas.both
            return any(
                # What the atoms rule out is not tried with every way of the other disjunctions.
                (len(either) == 1 or self.object_possible(both(*atoms, part), seen))
                and self.object_possible(both(*others, part), seen)
                for part in chosen.args
            )
        return self._members_possible(formula, parts, seen)

    def _unlike_possible(
        self, parts: tuple[Formula, ...], unlike: Formula, seen: frozenset[str]
    ) -> bool:
        """Decide a conjunction of atoms, one of which says which objects not to equal.

        Key by key: with it; or without it, so that only the objects without it are left.
        """
        values = unlike.args[0]
        both, f = self.formulas.both, self.formulas
        others = [part for part in parts if part is not unlike]
        name = min(name for members in values for name, _ in members)
        without = frozenset(v for v in values if all(each != name for each, _ in v))
        whole = both(*parts)
        if name not in seen and any(
            self.possible(value) and self.object_possible(rest, seen | {name})
            for value, rest in self.key_options(whole, self.class_of(whole, name))
        ):
            return True
        return self.object_possible(both(*others, f.absent(name), f.object_not(without)), seen)

    def _members_possible(
        self, formula: Formula, parts: tuple[Formula, ...], seen: frozenset[str]
    ) -> bool:
        """Decide a conjunction of atoms: a key of its own for each needed member, then the rest."""
        unlike = next((part for part in parts if part.kind == "object_not"), None)
        if unlike is not None:
            return self._unlike_possible(parts, unlike, seen)
        low, high = 0, math.inf
        for part in parts:
            if part.kind == "size":
                low = max(low, part.args[0])
                high = min(high, math.inf if part.args[1] is None else part.args[1])
        if low > high:
            return False
        needed = [part for part in parts if part.kind == "keys_some"]
        named = {part.args[0] for part in needed if isinstance(part.args[0], str)}
        for name in named:
            if name in seen or not self._member_possible(formula, self.class_of(formula, name)):
                return False
        general = [part for part in needed if not isinstance(part.args[0], str)]
        if not general and len(named) <= high:
            return len(named) >= low or self._enough_keys(formula, seen, named, low)
        return self._search_members(formula, seen)

    def live_keys(self, formula: Formula, seen: frozenset[str]) -> list[tuple[Term, str, bool]]:
        """Return the keys that a next member may have, for a formula that is possible itself.

        Returns:
            For every class of such keys: its term, one of the keys, whether the class is that name.
        """
        found = ((self.live_key(formula, key, seen), key) for key in self.classes(formula))
        return [(*live, key.name is not None) for live, key in found if live is not None]

    def live_key(
        self, formula: Formula, key: KeyClass, seen: frozenset[str]
    ) -> tuple[Term, str] | None:
        """Return the keys of a class that a next member may have, and one of them, if any."""
        term = self.free_keys(formula, key, seen)
        if self.terms.is_empty(term):
            return None
        name = self.terms.shortest(term) if key.name is None else key.name
        return (term, name) if self.may_come(formula, key, name, seen) else None

    def may_come(self, formula: Formula, key: KeyClass, name: str, seen: frozenset[str]) -> bool:
        """Return whether a next member may have a key, which is of a class and not used up."""
        if self._apart_from_others(formula):
            return self._member_possible(formula, key)
        return any(True for _ in self.ways_on(formula, key, name, seen))

    def ways_on(
        self, formula: Formula, key: KeyClass, name: str, seen: frozenset[str]
    ) -> Iterator[tuple[Formula, Formula]]:
        """Yield how an object that is possible may go on with a member, whose key is given.

        Returns:
            (formula of the value, formula of the members after it) pairs, both possible.
        """
        rest_is_possible = self._apart_from_others(formula)
        for value, rest in self.key_options(formula, key):
            if self.possible(value) and (
                rest_is_possible or self.object_possible(rest, seen | {name})
            ):
                yield value, rest

    def _apart_from_others(self, formula: Formula) -> bool:
        """Return whether each atom can be satisfied apart from the others, if it can be at all.

        Then so can the rest of an object after any of its members.
        """
        found = self._apart_atoms.get(formula)
        if found is None:
            found = self._apart_atoms[formula] = all(
                part.kind == "types" or _by_itself(part)
                for part in (formula.args if formula.kind == "and" else (formula,))
            )
        return found

    def _member_possible(self, formula: Formula, key: KeyClass) -> bool:
        """Return whether a conjunction leaves a value to a member with such a key."""
        touched = self._touched(formula, key)
        if any(part.kind == "order" for part in touched):
            return any(self.possible(value) for value, _ in self.key_options(formula, key))
        return self.possible(self._asked_of_value(touched))

    def member_value(self, formula: Formula, key: KeyClass) -> Formula:
        """Return what a conjunction asks of the value of a member with such a key by itself."""
        return self._asked_of_value(self._touched(formula, key))

    def _asked_of_value(self, touched: list[Formula]) -> Formula:
        values = tuple(part.args[1] for part in touched if _by_itself(part))
        if values not in self._joined_values:
            self._joined_values[values] = self.formulas.both(*values)
        return self._joined_values[values]

    def _enough_keys(
        self, formula: Formula, seen: frozenset[str], named: set[str], low: int
    ) -> bool:
        """Return whether ``low`` different keys can be had, those that are needed among them."""
        count = len(named)
        for key in self.classes(formula):
            if key.name in named or key.name in seen:
                continue
            if not self._member_possible(formula, key):
                continue
            if key.name is not None:
                count += 1
            else:
                free = self.free_keys(formula, key, seen)
                words = self.terms.words(free, low - count)
                if words is None:
                    return True
                count += len(words)
            if count >= low:
                return True
        return count >= low

    def free_keys(self, formula: Formula, key: KeyClass, seen: frozenset[str]) -> Term:
        """Return the keys of a class that are not in ``seen``."""
        if key.name is not None:
            return self.terms.EMPTY if key.name in seen else key.term
        taken = seen | self.mentioned(formula)[0]
        used = [self.terms.literal(name) for name in sorted(taken) if self._in(key.term, name)]
        if not used:
            return key.term
        return self.terms.intersect(key.term, self.terms.complement(self.terms.union(*used)))

    def _search_members(self, formula: Formula, seen: frozenset[str]) -> bool:
        """Try members one after another, those first that something needed waits for."""
        for key in self.classes(formula):
            helpful = any(
                self._touches(part, key)
                for part in (formula.args if formula.kind == "and" else (formula,))
                if part.kind == "keys_some"
            )
            free = self.free_keys(formula, key, seen)
            if not helpful or self.terms.is_empty(free):
                continue
            name = self.terms.shortest(free) if key.name is None else key.name
            for value, rest in self.key_options(formula, key):
                if rest is formula or not self.possible(value):
                    continue
                if self.object_possible(rest, seen | {name}):
                    return True
        return False


def _by_itself(atom: Formula) -> bool:
    """Return whether an atom asks for the value of a member whatever other members come.

    One that asks for some member of many keys may wait for another.
    """
    return atom.kind == "keys_all" or (atom.kind == "keys_some" and isinstance(atom.args[0], str))
