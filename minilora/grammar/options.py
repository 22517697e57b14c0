"""How a formula about an array or object goes on with each item or member.

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
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from minilora.grammar.formula import ARRAY, OBJECT, Formula, Formulas, Key
from minilora.grammar.limits import TooComplex
from minilora.grammar.terms import Term
from minilora.grammar.values import Canonical

Options = tuple[tuple[Formula, Formula], ...]  # (of the value, of the rest)


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


class Progression:
    """Takes formulas about arrays and objects from one item or member to the next.

    Args:
        formulas: where they are made.
    """

    def __init__(self, formulas: Formulas) -> None:
        self.formulas, self.terms = formulas, formulas.terms
        self.limits = formulas.terms.limits
        self._items: dict[Formula, Options] = {}
        self._keys: dict[tuple[Formula, KeyClass], Options] = {}
        self._classes: dict[Formula, tuple[KeyClass, ...]] = {}
        self._unnamed: dict[frozenset[Term], tuple[KeyClass, ...]] = {}
        self._members: dict[tuple[Term, str], bool] = {}
        self._mentioned: dict[Formula, tuple[frozenset[str], frozenset[Term]]] = {}
        self._by_name: dict[Formula, tuple[dict[str, list[Formula]], list[Formula]]] = {}

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
        return kind in ("items_all", "unique", "array_not")

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
            return ((f.none_of(sorted_values(args[0])), formula),)
        if kind == "repeats":
            known = f.either(*map(f.equal_to, sorted_values(args[0])))
            new = f.none_of(sorted_values(args[0]))
            return self._possible_pairs([(known, f.types(ARRAY)), (new, formula)])
        if kind == "array_not":
            after_item: dict[Canonical, set[tuple[Canonical, ...]]] = {}
            for item, *others in args[0]:
                after_item.setdefault(item, set()).add(tuple(others))
            return self._unlike(
                {item: f.array_not(frozenset(rests)) for item, rests in after_item.items()},
                f.types(ARRAY),
            )
        raise AssertionError(f"{kind} is not about arrays")

    def _unlike(self, begins: dict[Canonical, Formula], free: Formula) -> Options:
        """Return how "equals none of these" goes on: free of them all, or as one of them begins."""
        f = self.formulas
        values = sorted_values(begins)
        pairs = [(f.equal_to(value), begins[value]) for value in values]
        return self._merged(self._possible_pairs([(f.none_of(values), free), *pairs]))

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
        return kind in ("keys_all", "order", "object_not")

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
            elif formula.kind == "object_not":
                named = frozenset(name for members in formula.args[0] for name, _ in members)
                found = (named, frozenset())
            else:
                names = formula.args[0] if formula.kind == "order" else ()
                found = (frozenset(names), frozenset())
            self._mentioned[formula] = found
        return found

    def classes(self, formula: Formula) -> tuple[KeyClass, ...]:
        """Divide all keys into those that the formula does not tell apart.

        Raises:
            TooComplex: they are more than the limit.
        """
        found = self._classes.get(formula)
        if found is None:
            found = self._classes[formula] = tuple(self._divide(formula))
        return found

    def _divide(self, formula: Formula) -> Iterator[KeyClass]:
        for name in sorted(self.mentioned(formula)[0]):
            yield self.class_of(formula, name)
        yield from self.unnamed(formula)

    def unnamed(self, formula: Formula) -> tuple[KeyClass, ...]:
        """Return the classes of keys without a name of their own.

        Raises:
            TooComplex: they are more than the limit.
        """
        key_terms = self.mentioned(formula)[1]
        found = self._unnamed.get(key_terms)
        if found is None:
            found = self._unnamed[key_terms] = tuple(self._divide_unnamed(key_terms))
        return found

    def _divide_unnamed(self, key_terms: frozenset[Term]) -> Iterator[KeyClass]:
        ordered = sorted(key_terms, key=lambda term: term.id)
        parts = [(self.terms.ANY, frozenset[Term]())]
        for term in ordered:
            split = []
            for rest, inside in parts:
                split.append((self.terms.intersect(rest, term), inside | {term}))
                split.append((self.terms.intersect(rest, self.terms.complement(term)), inside))
            parts = [(rest, inside) for rest, inside in split if not self.terms.is_empty(rest)]
            if len(parts) > self.limits.classes:
                raise TooComplex(
                    f"its keys fall into more than {self.limits.classes} classes",
                    "patternProperties",
                )
        for rest, inside in parts:
            yield KeyClass(None, rest, inside)

    def class_of(self, formula: Formula, name: str) -> KeyClass:
        """Return the class of one key."""
        names, key_terms = self.mentioned(formula)
        inside = frozenset(term for term in key_terms if self._in(term, name))
        if name in names:
            return KeyClass(name, self.terms.literal(name), inside)
        return next(key for key in self.unnamed(formula) if key.inside == inside)

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
        if kind == "object_not":
            after_member: dict[Canonical, set[frozenset[tuple[str, Canonical]]]] = {}
            for members in args[0]:
                for name, content in members:
                    if name == key.name:
                        after_member.setdefault(content, set()).add(members - {(name, content)})
            return self._unlike(
                {content: f.object_not(frozenset(r)) for content, r in after_member.items()},
                f.types(OBJECT),
            )
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
        if formula.kind in ("size", "object_not"):
            return True
        if formula.kind == "order":
            return key.name in formula.args[0]
        if formula.kind in ("keys_all", "keys_some"):
            known: Key = formula.args[0]
            return known == key.name if isinstance(known, str) else known in key.inside
        return False

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

    # --- pairs -----------------------------------------------------------------------------------

    def _possible_pairs(self, pairs: Iterable[tuple[Formula, Formula]]) -> Options:
        false = self.formulas.false
        return tuple(pair for pair in pairs if pair[0] is not false and pair[1] is not false)

    def _product(self, options: list[Options]) -> Options:
        """Return every choice of one pair from each, their halves joined by `and`."""
        both, true = self.formulas.both, self.formulas.true
        ordered = sorted(options, key=len)
        pairs = ordered[0] if ordered else ((true, true),)
        for more in ordered[1:]:
            joined = [(both(a, c), both(b, d)) for a, b in pairs for c, d in more]
            pairs = self._merged(self._possible_pairs(joined))
            if len(pairs) > self.limits.options:
                raise TooComplex(f"an item or member can go on in over {self.limits.options} ways")
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
