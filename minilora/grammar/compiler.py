"""From schemas to formulas: references, and sub-schemas that speak about the same value.

A schema's formula is what its own keywords say (keywords.py) and what its in-place sub-schemas say:

    allOf: [A, B]      A and B
    oneOf: [A, B]      (A and not B) or (B and not A)
    if: C, then: A     (C and A) or (not C)
    $ref               the formula of where it leads

Sub-schemas of items and members stay references, so that a schema may contain itself.

Source: JSON Schema Core, draft 2020-12, sections 8 and 10.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from minilora.grammar.cases import cases
from minilora.grammar.documents import Documents, Place
from minilora.grammar.errors import InvalidSchema, UnsupportedSchema
from minilora.grammar.formats import FormatTerms
from minilora.grammar.formula import OBJECT, STRING, Formula, Formulas, Key
from minilora.grammar.json_data import Contents
from minilora.grammar.keywords import APPLICATORS, ASSERTIONS, EXTENSIONS
from minilora.grammar.limits import TooComplex
from minilora.grammar.pattern import InvalidPattern, UnsupportedPattern, parse_pattern
from minilora.grammar.substring import Substrings
from minilora.grammar.terms import Term

MAX_BRANCHES = 200  # of one oneOf: each is compared with all others
UNVALIDATED = {**APPLICATORS, **EXTENSIONS}  # where a dialect has no validation vocabulary
VALIDATED = {**UNVALIDATED, **ASSERTIONS}
# Keywords that make a schema complex, the likeliest reason first.
COMPLEX = (
    "unevaluatedProperties", "unevaluatedItems", "patternProperties", "oneOf", "anyOf", "if",
    "dependentSchemas", "dependencies", "contains", "uniqueItems", "pattern", "format", "not",
    "propertyNames", "minProperties", "allOf", "additionalProperties", "properties", "items",
    "prefixItems", "$ref", "$dynamicRef",
)  # fmt: skip
STRUCTURE = frozenset(
    (
        *APPLICATORS,
        "$ref",
        "$dynamicRef",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "dependentSchemas",
    )
) | {"unevaluatedProperties", "unevaluatedItems"}

SILENT = ("title", "description", "default", "examples", "$comment")  # say nothing about a value


class Compiler:
    """Gives the formula of every schema that can be reached from a root.

    Args:
        documents: the schemas.
        formulas: where formulas are made.
        formats: the terms of `format`, on whose arena that of the formulas stands; None where it
            is an annotation.
        ordered: whether members come in the order of `properties`.
        texts: what `x-substring-of` may name.
    """

    def __init__(
        self,
        documents: Documents,
        formulas: Formulas,
        formats: FormatTerms | None,
        ordered: bool,
        texts: Mapping[str, Substrings],
    ) -> None:
        self.documents, self.formulas, self.terms = documents, formulas, formulas.terms
        self.formats, self.ordered, self.texts = formats, ordered, texts
        self._places: list[Place] = []
        self._contents = Contents()
        self._numbers: dict[Place, int] = {}  # with their contents' numbers for schemas
        self._formulas: dict[int, Formula | None] = {}  # None: being made
        self._expanded: dict[Formula, Formula] = {}
        self._types: dict[str, Formula] = {}

    # --- references ------------------------------------------------------------------------------

    def ref(self, place: Place) -> Formula:
        """Return a formula for a schema that is looked at only when it is needed."""
        if place.schema is True or place.schema == {}:
            return self.formulas.true
        if place.schema is False:
            return self.formulas.false
        if isinstance(place.schema, dict) and STRUCTURE.isdisjoint(place.schema):
            return self._leaf(place)  # it holds no schema: its formula says more
        target = self._target(place)
        return self.formulas.ref(self._number(place)) if target is None else self.ref(target)

    def _target(self, place: Place) -> Place | None:
        """Return where a schema leads that is a `$ref` and nothing else; None if it is more."""
        schema = place.schema
        if not isinstance(schema, dict) or not schema.keys() <= {"$ref", *SILENT}:
            return None
        target = self.documents.resolve(place, schema["$ref"])
        further = isinstance(target.schema, dict) and "$ref" in target.schema
        return None if further else target  # which might lead in a circle

    def _leaf(self, place: Place) -> Formula:
        """Return the formula of a schema without schemas in it; most say no more than a type."""
        schema = place.schema
        name = schema.get("type")
        if not isinstance(name, str) or not place.validates:
            return self.numbered(self._number(place))
        if any(keyword != "type" and keyword in VALIDATED for keyword in schema):
            return self.numbered(self._number(place))
        found = self._types.get(name)
        if found is None:
            found = self._types[name] = self.numbered(self._number(place))
        return found

    def _number(self, place: Place) -> int:
        key = place._replace(schema=self._contents.number(place.schema), pointer="")
        if key not in self._numbers:
            self._numbers[key] = len(self._places)
            self._places.append(place)
        return self._numbers[key]

    def expand(self, formula: Formula) -> Formula:
        """Return the formula with the references that speak about this very value unfolded."""
        if formula.kind == "ref":
            number, sign = formula.args
            whole = self.numbered(number)
            return whole if sign else self.formulas.negate(whole)
        if formula.kind not in ("and", "or"):
            return formula
        found = self._expanded.get(formula)
        if found is None:
            found = self._expanded[formula] = self._expand_parts(formula)
        return found

    def _expand_parts(self, formula: Formula) -> Formula:
        parts = [self.expand(part) for part in formula.args]
        if all(new is old for new, old in zip(parts, formula.args, strict=True)):
            return formula
        join = self.formulas.both if formula.kind == "and" else self.formulas.either
        return self.expand(join(*parts))

    def numbered(self, number: int) -> Formula:
        """Return the formula of a numbered schema, without references at its own level."""
        if number in self._formulas:
            found = self._formulas[number]
            if found is None:
                place = self._places[number]
                raise InvalidSchema("refers to itself without end", "$ref", place.pointer)
            return found
        self._formulas[number] = None
        place = self._places[number]
        try:
            made = self.expand(self._formula(place))
        except TooComplex as error:
            del self._formulas[number]
            raise refusal(error, place) from None
        except BaseException:
            del self._formulas[number]
            raise
        self._formulas[number] = made
        return made

    def compile_all(self) -> None:
        """Compile every schema that can be reached, so that what is wrong is found at once."""
        number = 0
        while number < len(self._places):  # each may refer to further ones
            self.numbered(number)
            number += 1

    def check_limits(self, decide: Callable[[Formula], object]) -> None:
        """Ask something about every schema, the innermost first.

        Raises:
            UnsupportedSchema: the question takes too much work; it names the schema's place.
        """
        for number in reversed(range(len(self._places))):
            try:
                decide(self.numbered(number))
            except TooComplex as error:
                raise refusal(error, self._places[number]) from None

    def schema(self, place: Place) -> Formula:
        """Return the formula of a schema that speaks about the value at hand."""
        quick = self.ref(place)
        return self.expand(quick)

    # --- a schema --------------------------------------------------------------------------------

    def _formula(self, place: Place) -> Formula:
        schema = place.schema
        if not isinstance(schema, dict):
            raise InvalidSchema(
                f"a schema is an object or a boolean, not {type(schema).__name__}",
                "",
                place.pointer,
            )
        if STRUCTURE.isdisjoint(schema):
            return self.formulas.both(*self.own(place))
        hidden = place.old and "$ref" in schema
        if schema.keys() & {"unevaluatedProperties", "unevaluatedItems"} and not hidden:
            return self.formulas.either(*(formula for formula, _ in cases(self, place)))
        return self.formulas.both(*self.own(place), *self.in_place(place))

    def own(self, place: Place) -> list[Formula]:
        """Return what the keywords without in-place sub-schemas say."""
        schema = place.schema
        if place.old and "$ref" in schema:
            return []
        keywords = VALIDATED if place.validates else UNVALIDATED
        return [keywords[name](self, place) for name in schema if name in keywords]

    def in_place(self, place: Place) -> list[Formula]:
        """Return what the sub-schemas about the same value say."""
        schema, formulas = place.schema, self.formulas
        found: list[Formula] = []
        for name, dynamic in (("$ref", False), ("$dynamicRef", True)):
            if name in schema:
                found.append(self.schema(self.documents.resolve(place, schema[name], dynamic)))
                if place.old:
                    return found
        if "allOf" in schema:
            found += [self.schema(part) for part in self.listed(place, "allOf")]
        if "anyOf" in schema:
            found.append(formulas.either(*map(self.schema, self.listed(place, "anyOf"))))
        if "oneOf" in schema:
            found.append(self._exactly_one(place))
        if "not" in schema:
            found.append(formulas.negate(self.schema(self.child(place, "not"))))
        if "if" in schema:
            condition = self.schema(self.child(place, "if"))
            then, other = (
                self.schema(self.child(place, name)) if name in schema else formulas.true
                for name in ("then", "else")
            )
            found.append(
                formulas.either(
                    formulas.both(condition, then), formulas.both(formulas.negate(condition), other)
                )
            )
        for _, absent, _, part in self.dependents(place):
            found.append(formulas.if_type(OBJECT, formulas.either(absent, self.schema(part))))
        return found

    def _exactly_one(self, place: Place) -> Formula:
        """oneOf: some branch, and no two; branches that exclude each other anyway cost nothing."""
        formulas = self.formulas
        branches = [self.schema(part) for part in self.listed(place, "oneOf")]
        if len(branches) > MAX_BRANCHES:
            raise UnsupportedSchema(
                f"has more than {MAX_BRANCHES} branches", "oneOf", place.pointer
            )
        ways = []
        for i, one in enumerate(branches):
            others = [
                formulas.negate(other)
                for j, other in enumerate(branches)
                if j != i and not self._excluded(one, other)
            ]
            ways.append(formulas.both(one, *others))
        return formulas.either(*ways)

    def _excluded(self, a: Formula, b: Formula) -> bool:
        """Return whether two formulas clearly have no value in common (False where unclear)."""
        if a.kind == "or":
            return all(self._excluded(part, b) for part in a.args)
        if b.kind == "or":
            return all(self._excluded(a, part) for part in b.args)
        both = self.formulas.both(a, b)
        if both is self.formulas.false:
            return True
        if both.kind != "and":
            return False
        # Two objects that both need a member, which cannot satisfy both.
        needed: dict[Any, list[Formula]] = {}
        for part in both.args:
            if part.kind in ("keys_some", "keys_all") and isinstance(part.args[0], str):
                needed.setdefault(part.args[0], []).append(part)
        return any(
            self.formulas.both(*(part.args[1] for part in parts)) is self.formulas.false
            for parts in needed.values()
            if any(part.kind == "keys_some" for part in parts)
        )

    def dependents(self, place: Place) -> Iterable[tuple[str, Formula, str, Place]]:
        """Yield (key, it is absent, keyword, schema that holds where it is present)."""
        for keyword in ("dependentSchemas", "dependencies"):
            for name, part in self.named(place, keyword):
                if not isinstance(part.schema, list):
                    yield name, self.formulas.absent(name), keyword, part

    # --- reading keywords ------------------------------------------------------------------------

    def child(self, place: Place, *path: str | int) -> Place:
        """Return a sub-schema by its path inside a schema."""
        return self.documents.child(place, *path)

    def listed(self, place: Place, keyword: str) -> list[Place]:
        """Return the sub-schemas of a keyword whose value is a list of schemas."""
        parts = place.schema[keyword]
        if not isinstance(parts, list) or not parts:
            raise InvalidSchema("must be a list of schemas", keyword, place.pointer)
        return [self.child(place, keyword, i) for i in range(len(parts))]

    def named(self, place: Place, keyword: str) -> list[tuple[str, Place]]:
        """Return the sub-schemas of a keyword whose value is an object, with their names."""
        parts = place.schema.get(keyword, {})
        if not isinstance(parts, dict):
            raise InvalidSchema("must be an object", keyword, place.pointer)
        return [(name, self.child(place, keyword, name)) for name in parts]

    def keys_term(self, keys: Iterable[Key]) -> Term:
        """Return the term of some names, and of the keys that are one already."""
        keys = list(keys)
        names = self.terms.any_of(key for key in keys if isinstance(key, str))
        return self.terms.union(names, *(key for key in keys if not isinstance(key, str)))

    def pattern(self, place: Place, keyword: str, pattern: Any) -> Term:
        """Return the term of a regular expression that stands under a keyword."""
        if not isinstance(pattern, str):
            raise InvalidSchema("a pattern is a string", keyword, place.pointer)
        try:
            return parse_pattern(pattern, self.terms)
        except UnsupportedPattern as error:
            raise UnsupportedSchema(f"{pattern!r}: {error}", keyword, place.pointer) from None
        except InvalidPattern as error:
            raise InvalidSchema(f"{pattern!r}: {error}", keyword, place.pointer) from None

    def declared(self, place: Place) -> list[Key]:
        """Return the keys of `properties` and the terms of `patternProperties`."""
        names: list[Key] = [name for name, _ in self.named(place, "properties")]
        for pattern, _ in self.named(place, "patternProperties"):
            names.append(self.pattern(place, "patternProperties", pattern))
        return names

    def string_term(self, formula: Formula, place: Place, keyword: str) -> Term:
        """Return the strings that satisfy a formula."""
        narrow = self.formulas.narrowed(self.expand(formula), STRING)
        return self._strings(narrow, place, keyword)

    def _strings(self, formula: Formula, place: Place, keyword: str) -> Term:
        if formula is self.formulas.true:
            return self.terms.ANY
        if formula is self.formulas.false:
            return self.terms.EMPTY
        if formula.kind == "string":
            term: Term = formula.args[0]
            return term
        if formula.kind == "types":
            return self.terms.ANY if formula.args[0] & STRING else self.terms.EMPTY
        parts = [self._strings(part, place, keyword) for part in formula.args]
        return self.terms.intersect(*parts) if formula.kind == "and" else self.terms.union(*parts)


def refusal(error: TooComplex, place: Place) -> UnsupportedSchema:
    """Return the error of a schema that is too complex: by the keyword that makes it so."""
    schema = place.schema if isinstance(place.schema, dict) else {}
    likeliest = next((name for name in COMPLEX if name in schema), next(iter(schema), ""))
    keyword = error.keyword if error.keyword in schema else likeliest
    return UnsupportedSchema(f"is too complex: {error}", keyword, place.pointer)
