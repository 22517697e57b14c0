"""What `unevaluatedProperties` and `unevaluatedItems` mean: the ways in which a schema can hold.

They depend on which sub-schemas of the same value hold, and on what each of those has looked at. So
a schema with them becomes a disjunction over the ways to hold, its *cases*, each with what it has
evaluated. That a case may hold together with a wider one does no harm: what is evaluated less is
constrained more.

Source: JSON Schema Core, draft 2020-12, section 11.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minilora.grammar.documents import Place
from minilora.grammar.errors import UnsupportedSchema
from minilora.grammar.formula import ARRAY, OBJECT, Formula
from minilora.grammar.terms import Term

if TYPE_CHECKING:
    from minilora.grammar.compiler import Compiler

MAX_CASES = 512


@dataclass(frozen=True)
class Evaluated:
    """What a way to hold has evaluated: keys of the term, items before ``items``, ``contains``."""

    keys: Term
    items: float = 0
    contains: tuple[Formula, ...] = ()


Case = tuple[Formula, Evaluated]


def cases(compiler: Compiler, place: Place) -> list[Case]:
    """Return the ways in which a schema can hold, each with what it evaluates then.

    Raises:
        UnsupportedSchema: more than ``MAX_CASES``.
    """
    return _Cases(compiler).of(place)


class _Cases:
    def __init__(self, compiler: Compiler) -> None:
        self.c = compiler
        self.terms, self.formulas = compiler.terms, compiler.formulas

    def of(self, place: Place) -> list[Case]:
        schema = place.schema
        nothing = Evaluated(self.terms.EMPTY)
        if not isinstance(schema, dict):
            return [(self.c.schema(place), nothing)]
        own = self.formulas.both(*self.c.own(place), *self.c.in_place(place))
        cases: list[Case] = [(own, self._evaluated_by_own(place))]
        for options in self._case_options(place, nothing):
            cases = self._product(place, cases, options)
        if place.old and "$ref" in schema:
            return cases
        if "unevaluatedProperties" in schema:
            rest = self.c.ref(self.c.child(place, "unevaluatedProperties"))
            cases = [self._unevaluated_keys(case, rest) for case in cases]
        if "unevaluatedItems" in schema:
            rest = self.c.ref(self.c.child(place, "unevaluatedItems"))
            cases = [self._unevaluated_items(case, rest) for case in cases]
        return cases

    def _case_options(self, place: Place, nothing: Evaluated) -> Iterable[list[Case]]:
        """Yield, for each in-place sub-schema, the ways it may hold, and where it need not."""
        schema, true = place.schema, self.formulas.true
        absent: Case = (true, nothing)
        for name, dynamic in (("$ref", False), ("$dynamicRef", True)):
            if name in schema:
                yield self.of(self.c.documents.resolve(place, schema[name], dynamic))
                if place.old:
                    return
        for part in self.c.listed(place, "allOf") if "allOf" in schema else ():
            yield self.of(part)
        for name in ("anyOf", "oneOf"):
            for part in self.c.listed(place, name) if name in schema else ():
                yield [absent, *self.of(part)]
        if "if" in schema:
            condition = self.of(self.c.child(place, "if"))
            then = self.of(self.c.child(place, "then")) if "then" in schema else [absent]
            other = self.of(self.c.child(place, "else")) if "else" in schema else [absent]
            failed = self.formulas.negate(self.c.schema(self.c.child(place, "if")))
            yield self._product(place, condition, then) + self._product(
                place, [(failed, nothing)], other
            )
        for name, _, _, part in self.c.dependents(place):
            present = self.formulas.keys_some(name, true)
            yield [absent, *self._product(place, [(present, nothing)], self.of(part))]

    def _product(self, place: Place, left: list[Case], right: list[Case]) -> list[Case]:
        """Return every pair of cases as one; cases that evaluate the same are joined."""
        joined: dict[Evaluated, Formula] = {}
        for a, seen in left:
            for b, more in right:
                both = self.formulas.both(a, b)
                if both is self.formulas.false:
                    continue
                evaluated = Evaluated(
                    self.terms.union(seen.keys, more.keys),
                    max(seen.items, more.items),
                    tuple(dict.fromkeys((*seen.contains, *more.contains))),
                )
                known = joined.get(evaluated, self.formulas.false)
                joined[evaluated] = self.formulas.either(known, both)
        if len(joined) > MAX_CASES:
            keyword = next(
                (
                    name
                    for name in ("unevaluatedProperties", "unevaluatedItems")
                    if name in place.schema
                ),
                "",
            )
            raise UnsupportedSchema(
                f"what is evaluated can be one of more than {MAX_CASES} sets",
                keyword,
                place.pointer,
            )
        return [(formula, evaluated) for evaluated, formula in joined.items()]

    def _evaluated_by_own(self, place: Place) -> Evaluated:
        schema, terms = place.schema, self.terms
        if place.old and "$ref" in schema:
            return Evaluated(terms.EMPTY)
        if "additionalProperties" in schema:
            keys = terms.ANY
        else:
            keys = self.c.keys_term(self.c.declared(place))
        items: float = 0
        if isinstance(schema.get("prefixItems"), list):
            items = len(schema["prefixItems"])
        if "items" in schema:
            listed = isinstance(schema["items"], list) and "additionalItems" not in schema
            items = len(schema["items"]) if listed else math.inf
        contains = (self.c.ref(self.c.child(place, "contains")),) if "contains" in schema else ()
        return Evaluated(keys, items, contains)

    def _unevaluated_keys(self, case: Case, rest: Formula) -> Case:
        formula, evaluated = case
        others = self.terms.complement(evaluated.keys)
        limit = self.formulas.if_type(OBJECT, self.formulas.keys_all(others, rest))
        known = Evaluated(self.terms.ANY, evaluated.items, evaluated.contains)
        return self.formulas.both(formula, limit), known

    def _unevaluated_items(self, case: Case, rest: Formula) -> Case:
        formula, evaluated = case
        known = Evaluated(evaluated.keys, math.inf, evaluated.contains)
        if evaluated.items == math.inf:
            return formula, known
        item = self.formulas.either(rest, *evaluated.contains)
        limit = self.formulas.items_all(int(evaluated.items), None, item)
        return self.formulas.both(formula, self.formulas.if_type(ARRAY, limit)), known
