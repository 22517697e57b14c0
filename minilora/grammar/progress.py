"""How a formula about an array or object goes on with each item or member, and what it can reach.

`item_options` answers: the next item may satisfy V, and the rest of the array must then satisfy R;
one or more such pairs. `key_options` says the same for a member with a known key. Both read off the
atoms:

    items_all(0, j, S)    (S, items_all(0, j - 1, S))
    items_some(0, j, S)   (S, true) or (true, items_some(0, j - 1, S))
    count(S, lo, hi)      (S, count(S, lo - 1, hi - 1)) or (not S, count(S, lo, hi))
    keys_all(K, S)        key in K: (S, keys_all(K, S)), else (true, keys_all(K, S))
    keys_some(K, S)       key in K: (S, true) or (true, keys_some(K, S)), else only the latter
    size(lo, hi)          (true, size(lo - 1, hi - 1))

and an atom about one name is settled once that name has come, since no key comes twice.

`Progress.possible` decides whether any value satisfies a formula: the least fixpoint, since a
finite value has finitely many levels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import NamedTuple

from minilora.grammar.distinct import Distinct
from minilora.grammar.errors import UnsupportedSchema
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
    Key,
)
from minilora.grammar.numbers import Numbers
from minilora.grammar.terms import Term
from minilora.grammar.values import Canonical

Options = tuple[tuple[Formula, Formula], ...]  # (of the value, of the rest)
MAX_OPTIONS = 4096  # of one item or member
MAX_SEARCH = 200_000  # formulas looked at by one decision
MAX_CLASSES = 256  # of keys without a name of their own that one formula tells apart


class KeyClass(NamedTuple):
    """Keys that a formula does not tell apart: one name, or all others of a term.

    Attributes:
        name: the name, None for the others.
        term: the keys; of others, the names that the formula speaks of are still to be left out.
        inside: which of the formula's key terms they all lie in.
    """

    name: str | None
    term: Term
    inside: frozenset[Term]


class Progress:
    """Progresses formulas and decides about them; all answers are kept.

    Args:
        formulas: where they are made.
        expand: unfolds the references at a formula's own level.
    """

    def __init__(self, formulas: Formulas, expand: Callable[[Formula], Formula]) -> None:
        self.formulas, self.terms, self.expand = formulas, formulas.terms, expand
        self._items: dict[Formula, Options] = {}
        self._keys: dict[tuple[Formula, KeyClass], Options] = {}
        self._classes: dict[Formula, tuple[KeyClass, ...]] = {}
        self._members: dict[tuple[Term, str], bool] = {}
        self._mentioned: dict[Formula, tuple[frozenset[str], frozenset[Term]]] = {}
        self._by_name: dict[Formula, tuple[dict[str, list[Formula]], list[Formula]]] = {}
        self._fixpoint = Fixpoint()
        self.distinct = Distinct(self)

    # --- arrays ----------------------------------------------------------------------------------

    def array_may_end(self, formula: Formula) -> bool:
        """Return whether no further item satisfies the formula."""
        kind, args = formula.kind, formula.args
        if kind == "and":
            return all(map(self.array_may_end, args))
        if kind == "or":
            return any(map(self.array_may_end, args))
        if kind == "count":
            return bool(args[1] == 0)
        if kind == "types":
            return bool(args[0] & ARRAY)
        return kind in ("items_all", "unique")

    def item_options(self, formula: Formula) -> Options:
        """Return (formula of the next item, formula of the rest) pairs; false ones are left out."""
        found = self._items.get(formula)
        if found is None:
            found = self._items[formula] = self._item_options(formula)
        return found

    def _item_options(self, formula: Formula) -> Options:
        kind, args, f = formula.kind, formula.args, self.formulas
        if kind in ("and", "or"):
            options = [self.item_options(part) for part in args]
            return self._product(options) if kind == "and" else self._merged(sum(options, ()))
        if kind == "types":
            return ((f.true, formula),) if args[0] & ARRAY else ()
        if kind == "items_all":
            first, last, item = args
            if first > 0:
                return ((f.true, f.items_all(first - 1, _less(last), item)),)
            return self._possible_pairs([(item, f.items_all(0, _less(last), item))])
        if kind == "items_some":
            first, last, item = args
            later = f.items_some(max(0, first - 1), _less(last), item)
            if first > 0:
                return self._possible_pairs([(f.true, later)])
            return self._possible_pairs([(item, f.types(ARRAY)), (f.true, later)])
        if kind == "count":
            item, low, high = args
            inside = (item, f.count(item, low - 1, _less(high)))
            return self._possible_pairs([inside, (f.negate(item), f.count(item, low, high))])
        if kind == "unique":
            return ((f.negate(f.either(*map(f.equal_to, sorted_values(args[0])))), formula),)
        if kind == "repeats":
            known = f.either(*map(f.equal_to, sorted_values(args[0])))
            return self._possible_pairs([(known, f.types(ARRAY)), (f.negate(known), formula)])
        raise AssertionError(f"{kind} is not about arrays")

    def wants_item(self, formula: Formula) -> bool:
        """Return whether the rest of an array depends on the very value of its next item."""
        if formula.kind in ("and", "or"):
            return any(map(self.wants_item, formula.args))
        return formula.kind in ("unique", "repeats")

    def with_item(self, formula: Formula, value: Canonical) -> Formula:
        """Return the formula of a rest once the item before it is known to be this value."""
        if formula.kind == "and":
            return self.formulas.both(*(self.with_item(part, value) for part in formula.args))
        if formula.kind == "or":
            return self.formulas.either(*(self.with_item(part, value) for part in formula.args))
        if formula.kind == "unique":
            return self.formulas.unique(formula.args[0] | {value})
        if formula.kind == "repeats":
            return self.formulas.repeats(formula.args[0] | {value})
        return formula

    # --- objects ---------------------------------------------------------------------------------

    def object_may_end(self, formula: Formula) -> bool:
        """Return whether no further member satisfies the formula."""
        kind, args = formula.kind, formula.args
        if kind == "and":
            return all(map(self.object_may_end, args))
        if kind == "or":
            return any(map(self.object_may_end, args))
        if kind == "size":
            return bool(args[0] == 0)
        if kind == "types":
            return bool(args[0] & OBJECT)
        return kind in ("keys_all", "order")

    def mentioned(self, formula: Formula) -> tuple[frozenset[str], frozenset[Term]]:
        """Return the names and the key terms that a formula about an object speaks of."""
        found = self._mentioned.get(formula)
        if found is None:
            if formula.kind in ("and", "or"):
                parts = [self.mentioned(part) for part in formula.args]
                found = (
                    frozenset().union(*(names for names, _ in parts)),
                    frozenset().union(*(terms for _, terms in parts)),
                )
            elif formula.kind in ("keys_all", "keys_some"):
                key = formula.args[0]
                name = isinstance(key, str)
                found = (
                    (frozenset((key,)), frozenset()) if name else (frozenset(), frozenset((key,)))
                )
            else:
                names = formula.args[0] if formula.kind == "order" else ()
                found = (frozenset(names), frozenset())
            self._mentioned[formula] = found
        return found

    def classes(self, formula: Formula) -> tuple[KeyClass, ...]:
        """Divide all keys into those that the formula does not tell apart.

        Raises:
            UnsupportedSchema: they are more than ``MAX_CLASSES``.
        """
        found = self._classes.get(formula)
        if found is None:
            found = self._classes[formula] = tuple(self._divide(formula))
        return found

    def _divide(self, formula: Formula) -> Iterator[KeyClass]:
        names, key_terms = self.mentioned(formula)
        for name in sorted(names):
            yield self.class_of(formula, name)
        ordered = sorted(key_terms, key=lambda term: term.id)
        parts = [(self.terms.ANY, frozenset[Term]())]
        for term in ordered:
            split = []
            for rest, inside in parts:
                split.append((self.terms.intersect(rest, term), inside | {term}))
                split.append((self.terms.intersect(rest, self.terms.complement(term)), inside))
            parts = [(rest, inside) for rest, inside in split if not self.terms.is_empty(rest)]
            if len(parts) > MAX_CLASSES:
                raise UnsupportedSchema(f"its keys fall into more than {MAX_CLASSES} classes")
        for rest, inside in parts:
            yield KeyClass(None, rest, inside)

    def class_of(self, formula: Formula, name: str) -> KeyClass:
        """Return the class of one key."""
        names, key_terms = self.mentioned(formula)
        inside = frozenset(term for term in key_terms if self._in(term, name))
        if name in names:
            return KeyClass(name, self.terms.literal(name), inside)
        return next(c for c in self.classes(formula) if c.name is None and c.inside == inside)

    def _in(self, term: Term, name: str) -> bool:
        key = (term, name)
        if key not in self._members:
            self._members[key] = self.terms.contains(term, name)
        return self._members[key]

    def key_options(self, formula: Formula, key: KeyClass) -> Options:
        """Return (formula of the member's value, formula of the rest) pairs for a key."""
        memo = (formula, key)
        found = self._keys.get(memo)
        if found is None:
            found = self._keys[memo] = self._key_options(formula, key)
        return found

    def _key_options(self, formula: Formula, key: KeyClass) -> Options:
        kind, args, f = formula.kind, formula.args, self.formulas
        if kind == "and":
            touched = self._touched(formula, key)
            still = [part for part in args if part not in touched]
            options = self._product([self.key_options(part, key) for part in touched])
            return self._possible_pairs([(v, f.both(rest, *still)) for v, rest in options])
        if kind == "or":
            return self._apart(
                self._merged(sum((self.key_options(part, key) for part in args), ()))
            )
        if kind == "types":
            return ((f.true, formula),) if args[0] & OBJECT else ()
        if kind == "size":
            low, high = args
            return () if high == 0 else ((f.true, f.size(low - 1, _less(high))),)
        if kind == "order":
            return self._ordered(formula, key)
        known, value = args
        if not (known == key.name if isinstance(known, str) else known in key.inside):
            return ((f.true, formula),)
        once = isinstance(known, str)
        if kind == "keys_all":
            return self._possible_pairs([(value, f.types(OBJECT) if once else formula)])
        pairs = [(value, f.types(OBJECT))]
        if not once:
            pairs.append((f.true, formula))
        return self._possible_pairs(pairs)

    def _ordered(self, formula: Formula, key: KeyClass) -> Options:
        names, first = formula.args
        if key.name not in names:
            return ((self.formulas.true, formula),)
        place = names.index(key.name)
        if place < first:
            return ()
        return ((self.formulas.true, self.formulas.order(names, place + 1)),)

    def _touches(self, formula: Formula, key: KeyClass) -> bool:
        if formula.kind == "and" or formula.kind == "or":
            return any(self._touches(part, key) for part in formula.args)
        if formula.kind == "size":
            return True
        if formula.kind == "order":
            return key.name in formula.args[0]
        if formula.kind in ("keys_all", "keys_some"):
            known: Key = formula.args[0]
            return known == key.name if isinstance(known, str) else known in key.inside
        return False

    # --- pairs -----------------------------------------------------------------------------------

    def _possible_pairs(self, pairs: Iterable[tuple[Formula, Formula]]) -> Options:
        false = self.formulas.false
        return tuple(pair for pair in pairs if pair[0] is not false and pair[1] is not false)

    def _product(self, options: list[Options]) -> Options:
        """Return every choice of one pair from each, their halves joined by `and`."""
        pairs: Options = ((self.formulas.true, self.formulas.true),)
        for more in sorted(options, key=len):
            both = self.formulas.both
            joined = [(both(a, c), both(b, d)) for a, b in pairs for c, d in more]
            pairs = self._merged(self._possible_pairs(joined))
            if len(pairs) > MAX_OPTIONS:
                raise UnsupportedSchema(f"an item or member can go on in over {MAX_OPTIONS} ways")
        return pairs

    def _merged(self, pairs: Options) -> Options:
        """Join pairs with the same rest, then pairs with the same value."""
        by_rest: dict[Formula, list[Formula]] = {}
        for value, rest in pairs:
            by_rest.setdefault(rest, []).append(value)
        by_value: dict[Formula, list[Formula]] = {}
        for rest, values in by_rest.items():
            by_value.setdefault(self.formulas.either(*values), []).append(rest)
        return tuple((value, self.formulas.either(*rests)) for value, rests in by_value.items())

    def _apart(self, pairs: Options) -> Options:
        """Take the values that leave nothing more to ask out of those that do.

        So "not 1, or then R" and "not 2, or then Q" go on in three ways, 1, 2 and the others, and
        not in four. Only scalars are worth the negation.
        """
        free = [value for value, rest in pairs if rest.kind == "types" and _is_scalar(value)]
        if not free or len(pairs) == 1:
            return pairs
        both, bound = self.formulas.both, self.formulas.negate(self.formulas.either(*free))
        return self._possible_pairs(
            (value if rest.kind == "types" else both(value, bound), rest) for value, rest in pairs
        )

    # --- is there a value? -----------------------------------------------------------------------

    def possible(self, formula: Formula) -> bool:
        """Return whether some JSON value satisfies the formula.

        Raises:
            UnsupportedSchema: not decided within ``MAX_SEARCH`` formulas.
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
            return any(not numbers.is_empty() for numbers in self.number_sets(narrow))
        return False

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
            if len(sets) > MAX_OPTIONS:
                raise UnsupportedSchema(f"its numbers are a union of over {MAX_OPTIONS} sets")
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
            if len(came) > MAX_SEARCH:
                raise UnsupportedSchema(f"undecided after {MAX_SEARCH} ways to go on")
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

    def _members_possible(
        self, formula: Formula, parts: tuple[Formula, ...], seen: frozenset[str]
    ) -> bool:
        """Decide a conjunction of atoms: a key of its own for each needed member, then the rest."""
        low, high = 0, math.inf
        for part in parts:
            if part.kind == "size":
                low, high = part.args[0], math.inf if part.args[1] is None else part.args[1]
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
        parts = formula.args if formula.kind == "and" else (formula,)
        # Where each atom can be satisfied apart from the others, so can the rest after any member.
        apart = all(
            part.kind in ("types", "keys_all")
            or (part.kind == "keys_some" and isinstance(part.args[0], str))
            for part in parts
        )
        live = []
        for key in self.classes(formula):
            term = self.free_keys(formula, key, seen)
            if self.terms.is_empty(term):
                continue
            name = self.terms.shortest(term) if key.name is None else key.name
            if apart:
                alive = self._member_possible(formula, key)
            else:
                alive = any(
                    self.possible(value) and self.object_possible(rest, seen | {name})
                    for value, rest in self.key_options(formula, key)
                )
            if alive:
                live.append((term, name, key.name is not None))
        return live

    def _member_possible(self, formula: Formula, key: KeyClass) -> bool:
        """Return whether a conjunction leaves a value to a member with such a key."""
        touched = self._touched(formula, key)
        if any(part.kind == "order" for part in touched):
            return any(self.possible(value) for value, _ in self.key_options(formula, key))
        values = [
            part.args[1]
            for part in touched  # a keys_some of many keys may wait for another member
            if part.kind == "keys_all"
            or (part.kind == "keys_some" and isinstance(part.args[0], str))
        ]
        return self.possible(self.formulas.both(*values))

    def _touched(self, formula: Formula, key: KeyClass) -> list[Formula]:
        """Return the parts of a conjunction that a member with such a key bears on."""
        found = self._by_name.get(formula)
        if found is None:
            named: dict[str, list[Formula]] = {}
            others: list[Formula] = []
            for part in formula.args if formula.kind == "and" else (formula,):
                if part.kind in ("keys_all", "keys_some") and isinstance(part.args[0], str):
                    named.setdefault(part.args[0], []).append(part)
                elif part.kind != "types":
                    others.append(part)
            found = self._by_name[formula] = named, others
        named, others = found
        of_name = named.get(key.name, []) if key.name is not None else []
        return [*of_name, *(part for part in others if self._touches(part, key))]

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


class Fixpoint:
    """Least fixpoint of decisions that ask each other.

    A question that comes up again while it is being decided is answered "no" for the time being. A
    "yes" found with that help stands, since nothing becomes impossible by more being possible. A
    "no" stands once every question it leaned on has itself been decided.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, bool] = {}
        self._depth: dict[Hashable, int] = {}
        self._leaned_on = math.inf  # the outermost open question used since it was last asked
        self._provisional: list[Hashable] = []

    @property
    def idle(self) -> bool:
        """Whether no question is being decided."""
        return not self._depth

    def known(self, question: Hashable) -> bool:
        """Return whether the answer is known to be yes."""
        return self._known.get(question, False)

    def settle(self, question: Hashable) -> None:
        """Note that the answer is yes."""
        self._known[question] = True

    def decide(self, question: Hashable, answer: Callable[[], bool]) -> bool:
        """Return the answer, from memory or by asking."""
        if question in self._known:
            return self._known[question]
        if question in self._depth:
            self._leaned_on = min(self._leaned_on, self._depth[question])
            return False
        depth = self._depth[question] = len(self._depth)
        outer, self._leaned_on = self._leaned_on, math.inf
        first = len(self._provisional)
        try:
            found = answer()
        finally:
            del self._depth[question]
        if found:
            self._known[question] = True
            del self._provisional[first:]  # they may have leaned on this question's "no"
            self._leaned_on = outer
            return True
        if self._leaned_on >= depth:  # nothing outside was leaned on: this and all below stands
            self._known[question] = False
            for below in self._provisional[first:]:
                self._known[below] = False
            del self._provisional[first:]
            self._leaned_on = outer
        else:
            self._provisional.append(question)
            self._leaned_on = min(outer, self._leaned_on)
        return False


def _is_scalar(formula: Formula) -> bool:
    """Return whether a formula speaks of no items, members or other schemas."""
    if formula.kind in ("and", "or"):
        return all(map(_is_scalar, formula.args))
    return formula.kind in ("types", "number", "string")


def _less(bound: int | None) -> int | None:
    return None if bound is None else bound - 1


def sorted_values(values: Iterable[Canonical]) -> list[Canonical]:
    """Return canonical values in a fixed order."""
    return sorted(values, key=repr)
