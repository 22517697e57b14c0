"""Boolean formulas over JSON values, each distinct one stored once.

A schema is a set of values, and every keyword says something about values of one type. So a formula
is built with `and` and `or` from atoms; each kind of atom has its opposite among the atoms, which
pushes `not` down to them and out of the formula:

    types(T)             the value's type is in the set T; all seven types: true; none: false
    number(R)            a number in the set R (see numbers.py)
    string(t)            a string in the language of the term t (see terms.py)
    items_all(i, j, S)   an array whose items i <= index < j all satisfy S
    items_some(i, j, S)  an array with an item i <= index < j that satisfies S
    count(S, lo, hi)     an array of which lo to hi items satisfy S
    unique(seen)         an array whose items differ from each other and from the values seen
    repeats(seen)        an array with an item that equals another, or a value seen
    array_not(values)    an array that equals none of these
    keys_all(K, S)       an object whose members with a key in K all satisfy S
    keys_some(K, S)      an object with such a member that satisfies S
    size(lo, hi)         an object of lo to hi members
    object_not(values)   an object that equals none of these
    order(names, i)      an object in which these names come in this order, from the i-th on; about
                         how a document is written, not about its value, and so without an opposite
    ref(n, sign)         whatever schema n says, or its opposite: unfolded only when it is needed,
                         so that a schema may refer to itself

S is again a formula, about the item or the member's value. K is a name (str) or a term.

>>> from fractions import Fraction
>>> f = Formulas(Terms())
>>> five = f.number(Numbers(low=Fraction(5)))
>>> f.both(five, f.negate(five)) is f.false
True
>>> f.both(five, f.types(STRING)) is f.false
True
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from minilora.grammar.numbers import ANY as ANY_NUMBER
from minilora.grammar.numbers import Numbers
from minilora.grammar.terms import Term, Terms

NULL, TRUE, FALSE, NUMBER, STRING, ARRAY, OBJECT = (1 << i for i in range(7))
ALL_TYPES = (1 << 7) - 1
TYPE_OF_KIND = {
    "number": NUMBER,
    "string": STRING,
    **dict.fromkeys(("items_all", "items_some", "count", "unique", "repeats", "array_not"), ARRAY),
    **dict.fromkeys(("keys_all", "keys_some", "size", "order", "object_not"), OBJECT),
}
Key = str | Term


class Formula:
    """One formula: its kind and arguments; equal formulas of one `Formulas` are the same object."""

    __slots__ = ("args", "id", "kind")

    def __init__(self, kind: str, args: tuple[Any, ...], number: int) -> None:
        self.kind, self.args, self.id = kind, args, number

    def __repr__(self) -> str:
        """Return the formula as text, for the debugger."""
        return f"{self.kind}({', '.join(map(repr, self.args))})"


class Formulas:
    """Makes formulas, and makes each only once.

    Args:
        terms: the arena of the string terms inside.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._made: dict[tuple[Hashable, ...], Formula] = {}
        self._negated: dict[Formula, Formula] = {}
        self._restricted: dict[tuple[Formula, int], Formula] = {}
        self._types: dict[Formula, int] = {}
        self.true = self.types(ALL_TYPES)
        self.false = self.types(0)

    def __len__(self) -> int:
        """Return how many formulas were made."""
        return len(self._made)

    def _make(self, kind: str, *args: Any) -> Formula:
        key = (kind, *args)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Formula(kind, args, len(self._made))
        return found

    # --- atoms -----------------------------------------------------------------------------------

    def types(self, mask: int) -> Formula:
        """Return "its type is one of these bits"."""
        return self._make("types", mask)

    def number(self, numbers: Numbers) -> Formula:
        """Return "a number in this set"."""
        if numbers.is_empty():
            return self.false
        return self.types(NUMBER) if numbers == ANY_NUMBER else self._make("number", numbers)

    def string(self, term: Term) -> Formula:
        """Return "a string of this language"."""
        if term is self.terms.EMPTY:
            return self.false
        return self.types(STRING) if term is self.terms.ANY else self._make("string", term)

    def items_all(self, first: int, last: int | None, item: Formula) -> Formula:
        """Return "an array whose items first <= index < last all satisfy ``item``"."""
        if item is self.true or (last is not None and first >= last):
            return self.types(ARRAY)
        return self._make("items_all", first, last, item)

    def items_some(self, first: int, last: int | None, item: Formula) -> Formula:
        """Return "an array with an item first <= index < last that satisfies ``item``"."""
        if item is self.false or (last is not None and first >= last):
            return self.false
        return self._make("items_some", first, last, item)

    def count(self, item: Formula, low: int, high: int | None) -> Formula:
        """Return "an array of which ``low`` to ``high`` items satisfy ``item``"."""
        low = max(low, 0)
        if high is not None and high < low:
            return self.false
        if low == 0 and (high is None or item is self.false):
            return self.types(ARRAY)
        if item is self.false:
            return self.false
        if high == 0:
            return self.items_all(0, None, self.negate(item))
        return self._make("count", item, low, high)

    def unique(self, seen: frozenset[Hashable] = frozenset()) -> Formula:
        """Return "an array of items that differ from each other and from the values seen"."""
        return self._make("unique", seen)

    def repeats(self, seen: frozenset[Hashable] = frozenset()) -> Formula:
        """Return the opposite of :meth:`unique` among arrays."""
        return self._make("repeats", seen)

    def keys_all(self, key: Key, value: Formula) -> Formula:
        """Return "an object whose members with such a key all satisfy ``value``"."""
        if value is self.true or key is self.terms.EMPTY:
            return self.types(OBJECT)
        return self._make("keys_all", key, value)

    def keys_some(self, key: Key, value: Formula) -> Formula:
        """Return "an object that has a member with such a key that satisfies ``value``"."""
        if value is self.false or key is self.terms.EMPTY:
            return self.false
        return self._make("keys_some", key, value)

    def size(self, low: int, high: int | None) -> Formula:
        """Return "an object of ``low`` to ``high`` members"."""
        low = max(low, 0)
        if high is not None and high < low:
            return self.false
        return self.types(OBJECT) if (low, high) == (0, None) else self._make("size", low, high)

    def ref(self, schema: int, sign: bool = True) -> Formula:
        """Return "what schema number ``schema`` says", or its opposite."""
        return self._make("ref", schema, sign)

    def absent(self, key: Key) -> Formula:
        """Return "an object without a member of such a key"."""
        return self.keys_all(key, self.false)

    def order(self, names: tuple[str, ...], first: int = 0) -> Formula:
        """Return "an object in which these names come in this order, none before the first"."""
        return self._make("order", names, first)

    def if_type(self, mask: int, formula: Formula) -> Formula:
        """Return "of another type, or the formula": what a keyword says without `type`."""
        return self.either(self.types(ALL_TYPES & ~mask), formula)

    def equal_to(self, value: Any) -> Formula:
        """Return "this very value", given in canonical form (see values.py)."""
        kind, content = value
        if kind == "literal":
            return self.types({"null": NULL, "true": TRUE, "false": FALSE}[content])
        if kind == "number":
            return self.number(Numbers(low=content, high=content))
        if kind == "string":
            return self.string(self.terms.literal(content))
        if kind == "array":
            n = len(content)
            parts = [self.items_all(i, i + 1, self.equal_to(x)) for i, x in enumerate(content)]
            return self.both(self.count(self.true, n, n), *parts)
        parts = [self.keys_some(name, self.equal_to(x)) for name, x in content]
        return self.both(self.size(len(content), len(content)), *parts)

    def none_of(self, values: Iterable[Any]) -> Formula:
        """Return "none of these values", given in canonical form.

        Arrays and objects stay listed in one atom, which goes on with them item by item; as a
        conjunction of their opposites they would split in as many ways as there are subsets.
        """
        scalars, arrays, objects = [], [], []
        for value in values:
            kind, content = value
            if kind == "array":
                arrays.append(content)
            elif kind == "object":
                objects.append(content)
            else:
                scalars.append(self.equal_to(value))
        return self.both(
            self.negate(self.either(*scalars)),
            self.if_type(ARRAY, self.array_not(frozenset(arrays))),
            self.if_type(OBJECT, self.object_not(frozenset(objects))),
        )

    def array_not(self, values: frozenset[tuple[Any, ...]]) -> Formula:
        """Return "an array that equals none of these", given by their items."""
        if () in values:
            return self.both(self.count(self.true, 1, None), self.array_not(values - {()}))
        return self._make("array_not", values) if values else self.types(ARRAY)

    def object_not(self, values: frozenset[frozenset[tuple[str, Any]]]) -> Formula:
        """Return "an object that equals none of these", given by their members."""
        empty: frozenset[tuple[str, Any]] = frozenset()
        if empty in values:
            return self.both(self.size(1, None), self.object_not(values - {empty}))
        return self._make("object_not", values) if values else self.types(OBJECT)

    # --- combinations ----------------------------------------------------------------------------

    def both(self, *parts: Formula) -> Formula:
        """Return the conjunction; with no parts, true."""
        mask, numbers, term = ALL_TYPES, ANY_NUMBER, self.terms.ANY
        low, high = 0, None  # of size
        rest: dict[Formula, None] = {}
        todo = list(reversed(parts))
        while todo:
            part = todo.pop()
            if part.kind == "and":
                todo += part.args
                continue
            mask &= TYPE_OF_KIND.get(part.kind, ALL_TYPES)
            if part.kind == "types":
                mask &= part.args[0]
            elif part.kind == "number":
                known = part.args[0]
                numbers = known if numbers is ANY_NUMBER else numbers.intersect(known)
            elif part.kind == "string":
                term = self.terms.intersect(term, part.args[0])
            elif part.kind == "size":
                low = max(low, part.args[0])
                high = _least(high, part.args[1])
            elif part.kind == "ref" and self.negate(part) in rest:
                return self.false
            else:
                rest[part] = None
        if mask == 0:
            return self.false
        if mask != ALL_TYPES:
            return self._typed_both(mask, numbers, term, self.size(low, high), rest)
        return self._joined("and", rest)

    def _typed_both(
        self, mask: int, numbers: Numbers, term: Term, size: Formula, rest: Iterable[Formula]
    ) -> Formula:
        """Return the conjunction of parts whose types are known to lie in ``mask``."""
        kept: dict[Formula, None] = {}
        changed = False
        for part in rest:
            narrow = self.narrowed(part, mask)
            changed = changed or (narrow is not part and narrow is not self.true)
            if narrow is self.false:
                return self.false
            if narrow is not self.true:
                kept[narrow] = None
        if changed:  # a narrowed part may now be an atom that joins the others
            one_type = [self.types(mask)]
            if mask == NUMBER:
                one_type.append(self.number(numbers))
            if mask == STRING:
                one_type.append(self.string(term))
            if mask == OBJECT:
                one_type.append(size)
            return self.both(*one_type, *kept)
        if mask == NUMBER and numbers != ANY_NUMBER:
            kept[self.number(numbers)] = None
        elif mask == STRING and term is not self.terms.ANY:
            kept[self.string(term)] = None
        elif mask == OBJECT and size.kind == "size":
            kept[size] = None
        elif mask == OBJECT and size is self.false:
            return self.false
        if self.false in kept:
            return self.false
        if not any(TYPE_OF_KIND.get(part.kind) == mask for part in kept):
            kept[self.types(mask)] = None
        return self._joined("and", kept)

    def either(self, *parts: Formula) -> Formula:
        """Return the disjunction; with no parts, false."""
        mask = 0
        strings: list[Term] = []
        rest: dict[Formula, None] = {}
        todo = list(reversed(parts))
        while todo:
            part = todo.pop()
            if part.kind == "or":
                todo += part.args
            elif part.kind == "types":
                mask |= part.args[0]
            elif part.kind == "string":
                strings.append(part.args[0])
            elif part.kind == "ref" and self.negate(part) in rest:
                return self.true
            else:
                rest[part] = None
        for part in self._joined_by_name(rest):
            if part.kind == "types":
                mask |= part.args[0]
            else:
                rest[part] = None
        if mask == ALL_TYPES:
            return self.true
        for part in list(rest) if mask else ():
            if not self.types_of(part) & ~mask:
                del rest[part]  # the type alone is enough
        if any(part.kind == "and" for part in rest):
            rest = dict.fromkeys(_absorbed(list(rest)))
        if strings and not mask & STRING:
            made = self.string(self.terms.union(*strings))
            if made.kind == "types":
                mask |= STRING
            else:
                rest[made] = None
        if mask == ALL_TYPES:
            return self.true
        if mask:
            rest[self.types(mask)] = None
        return self._joined("or", rest)

    def _joined_by_name(self, parts: dict[Formula, None]) -> list[Formula]:
        """Take alternatives about one member out of ``parts``; return one for each such name.

        No key comes twice, so "no x, or an x that is A" or "an x that is B" is "no x, or an x that
        is A or B". Branches of a oneOf that are told apart by what they require lead to these.
        """
        by_name: dict[str, list[Formula]] = {}
        for part in parts:
            if part.kind in ("keys_all", "keys_some") and isinstance(part.args[0], str):
                by_name.setdefault(part.args[0], []).append(part)
        found = []
        for name, atoms in by_name.items():
            if len(atoms) > 1:
                for atom in atoms:
                    del parts[atom]
                may_be_absent = any(atom.kind == "keys_all" for atom in atoms)
                make = self.keys_all if may_be_absent else self.keys_some
                found.append(make(name, self.either(*(atom.args[1] for atom in atoms))))
        return found

    def _joined(self, kind: str, parts: dict[Formula, None]) -> Formula:
        if not parts:
            return self.true if kind == "and" else self.false
        if len(parts) == 1:
            return next(iter(parts))
        return self._make(kind, *sorted(parts, key=lambda part: part.id))

    def negate(self, formula: Formula) -> Formula:
        """Return the opposite: true of exactly the values of which the formula is not."""
        found = self._negated.get(formula)
        if found is None:
            found = self._negate(formula)
            self._negated[formula] = found
        return found

    def _negate(self, formula: Formula) -> Formula:
        kind, args = formula.kind, formula.args
        if kind == "and":
            return self.either(*map(self.negate, args))
        if kind == "or":
            return self.both(*map(self.negate, args))
        if kind == "types":
            return self.types(ALL_TYPES & ~args[0])
        if kind == "ref":
            return self.ref(args[0], not args[1])
        if kind == "order":
            return self.false
        opposite: dict[str, Callable[..., Formula]] = {
            "number": lambda numbers: self.either(*map(self.number, outside(numbers))),
            "string": lambda term: self.string(self.terms.complement(term)),
            "items_all": lambda i, j, item: self.items_some(i, j, self.negate(item)),
            "items_some": lambda i, j, item: self.items_all(i, j, self.negate(item)),
            "count": lambda item, low, high: self.either(
                self.count(item, 0, low - 1) if low else self.false,
                self.count(item, high + 1, None) if high is not None else self.false,
            ),
            "unique": self.repeats,
            "repeats": self.unique,
            "array_not": lambda values: self.either(
                *(self.equal_to(("array", items)) for items in values)
            ),
            "object_not": lambda values: self.either(
                *(self.equal_to(("object", members)) for members in values)
            ),
            "keys_all": lambda key, value: self.keys_some(key, self.negate(value)),
            "keys_some": lambda key, value: self.keys_all(key, self.negate(value)),
            "size": lambda low, high: self.either(
                self.size(0, low - 1) if low else self.false,
                self.size(high + 1, None) if high is not None else self.false,
            ),
        }
        return self.if_type(TYPE_OF_KIND[kind], opposite[kind](*args))

    def types_of(self, formula: Formula) -> int:
        """Return the types of which a value may satisfy the formula, as far as its form tells."""
        found = self._types.get(formula)
        if found is None:
            parts = map(self.types_of, formula.args) if formula.kind in ("and", "or") else ()
            if formula.kind == "and":
                found = reduce(and_, parts)
            elif formula.kind == "or":
                found = reduce(or_, parts)
            elif formula.kind == "types":
                found = formula.args[0]
            else:
                found = TYPE_OF_KIND.get(formula.kind, ALL_TYPES)
            self._types[formula] = found
        return found

    def narrowed(self, formula: Formula, mask: int) -> Formula:
        """Return the formula as it is for values whose type is in ``mask``: types drop out."""
        key = (formula, mask)
        found = self._restricted.get(key)
        if found is None:
            found = self._narrowed(formula, mask)
            self._restricted[key] = found
        return found

    def _narrowed(self, formula: Formula, mask: int) -> Formula:
        kind = formula.kind
        if kind == "types":
            inside = formula.args[0] & mask
            return self.true if inside == mask else self.types(inside)
        if kind in TYPE_OF_KIND:
            return formula if TYPE_OF_KIND[kind] & mask else self.false
        if kind == "or":
            return self.either(*(self.narrowed(part, mask) for part in formula.args))
        if kind == "and":
            parts = [self.narrowed(part, mask) for part in formula.args]
            return self._joined_narrow(parts)
        return formula  # ref

    def _joined_narrow(self, parts: list[Formula]) -> Formula:
        """Return the conjunction of parts that are already narrowed."""
        if self.false in parts:
            return self.false
        flat: dict[Formula, None] = {}
        for part in parts:
            if part is not self.true:
                flat.update(dict.fromkeys(part.args if part.kind == "and" else (part,)))
        return self._joined("and", flat)


def outside(numbers: Numbers) -> list[Numbers]:
    """Return sets whose union is every number that is not in the set."""
    found = []
    if numbers.low is not None:
        found.append(Numbers(high=numbers.low, high_open=not numbers.low_open))
    if numbers.high is not None:
        found.append(Numbers(low=numbers.high, low_open=not numbers.high_open))
    found += [Numbers(not_multiples=(step,)) for step in numbers.multiples]
    found += [Numbers(multiples=(step,)) for step in numbers.not_multiples]
    found += [Numbers(low=value, high=value) for value in numbers.excluded]
    return found


def _absorbed(parts: list[Formula]) -> list[Formula]:
    """Return the alternatives without those that others imply: a or (a and b) is a."""
    sets = [frozenset(part.args if part.kind == "and" else (part,)) for part in parts]
    kept: list[frozenset[Formula]] = []
    for atoms in sorted(set(sets), key=len):
        if not any(fewer <= atoms for fewer in kept):
            kept.append(atoms)
    needed = set(kept)
    return [part for part, atoms in zip(parts, sets, strict=True) if atoms in needed]


def _least(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else min(a, b)
