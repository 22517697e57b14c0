"""What each keyword that asserts something, or describes items and members, says as a formula.

A keyword says something about values of one type, so without `type` it is "another type, or ...":

    minimum: 5         types(not number) or number(>= 5)
    properties: {a: S} types(not object) or keys_all("a", S)
    required: [a]      types(not object) or keys_some("a", true)

One keyword is not the specification's: `x-substring-of: NAME` says that a string is a substring of
a text that came with the schema under that name.

Source: JSON Schema Validation, draft 2020-12, section 6; Core, section 10.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from minilora.grammar import formula as f
from minilora.grammar.documents import Place
from minilora.grammar.errors import InvalidSchema, UnsupportedSchema
from minilora.grammar.formula import ARRAY, NUMBER, OBJECT, STRING, Formula
from minilora.grammar.numbers import Numbers
from minilora.grammar.values import canonical

if TYPE_CHECKING:
    from minilora.grammar.compiler import Compiler

TYPES = {
    "null": f.NULL, "boolean": f.TRUE | f.FALSE, "number": NUMBER, "string": STRING,
    "array": ARRAY, "object": OBJECT,
}  # fmt: skip
MAX_LEAST = 10_000  # characters or items that a document must have
MAX_MEMBERS = 500  # that it must have, each with a key of its own
INTEGER = Numbers(multiples=(Fraction(1),))


def _wrong(place: Place, keyword: str, wanted: str) -> InvalidSchema:
    return InvalidSchema(f"must be {wanted}", keyword, place.pointer)


def _fraction(place: Place, keyword: str) -> Fraction:
    value = place.schema[keyword]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _wrong(place, keyword, "a number")
    content: Fraction = canonical(value)[1]
    return content


def _whole(place: Place, keyword: str) -> int:
    value = _fraction(place, keyword)
    if value.denominator != 1 or value < 0:
        raise _wrong(place, keyword, "a whole number of at least 0")
    most = MAX_MEMBERS if keyword == "minProperties" else MAX_LEAST
    if keyword.startswith("min") and value > most:
        raise UnsupportedSchema(f"may ask for at most {most}", keyword, place.pointer)
    return int(value)


def _names(place: Place, keyword: str, value: Any) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _wrong(place, keyword, "a list of names")
    return value


def _type(c: Compiler, place: Place) -> Formula:
    names = place.schema["type"]
    parts = []
    for name in names if isinstance(names, list) else [names]:
        if name == "integer":
            parts.append(c.formulas.number(INTEGER))
        elif isinstance(name, str) and name in TYPES:
            parts.append(c.formulas.types(TYPES[name]))
        else:
            raise _wrong(place, "type", f"one of {', '.join(TYPES)}, integer, or a list of them")
    return c.formulas.either(*parts)


def _enum(c: Compiler, place: Place) -> Formula:
    values = place.schema["enum"]
    if not isinstance(values, list):
        raise _wrong(place, "enum", "a list")
    strings = c.terms.any_of(value for value in values if isinstance(value, str))
    others = [canonical(value) for value in values if not isinstance(value, str)]
    return c.formulas.either(c.formulas.string(strings), *map(c.formulas.equal_to, others))


def _const(c: Compiler, place: Place) -> Formula:
    return c.formulas.equal_to(canonical(place.schema["const"]))


def _bound(keyword: str) -> Callable[[Compiler, Place], Formula]:
    def formula(c: Compiler, place: Place) -> Formula:
        value = place.schema[keyword]
        if isinstance(value, bool) and place.old:  # draft 4: whether the bound beside it is open
            return c.formulas.true
        q = _fraction(place, keyword)
        is_open = (
            keyword.startswith("exclusive")
            or place.schema.get("exclusive" + keyword[0].upper() + keyword[1:]) is True
        )
        if keyword.lower().endswith("minimum"):
            numbers = Numbers(low=q, low_open=is_open)
        else:
            numbers = Numbers(high=q, high_open=is_open)
        return c.formulas.if_type(NUMBER, c.formulas.number(numbers))

    return formula


def _multiple_of(c: Compiler, place: Place) -> Formula:
    step = _fraction(place, "multipleOf")
    if step <= 0:
        raise _wrong(place, "multipleOf", "above 0")
    return c.formulas.if_type(NUMBER, c.formulas.number(Numbers(multiples=(step,))))


def _length(keyword: str) -> Callable[[Compiler, Place], Formula]:
    def formula(c: Compiler, place: Place) -> Formula:
        n = _whole(place, keyword)
        term = c.terms.length(n, None) if keyword == "minLength" else c.terms.length(0, n)
        return c.formulas.if_type(STRING, c.formulas.string(term))

    return formula


def _pattern(c: Compiler, place: Place) -> Formula:
    term = c.pattern(place, "pattern", place.schema["pattern"])
    return c.formulas.if_type(STRING, c.formulas.string(term))


def _format(c: Compiler, place: Place) -> Formula:
    name = place.schema["format"]
    term = c.formats.format(name) if c.formats is not None and isinstance(name, str) else None
    if term is None:
        return c.formulas.true
    return c.formulas.if_type(STRING, c.formulas.string(term))


def _substring_of(c: Compiler, place: Place) -> Formula:
    name = place.schema["x-substring-of"]
    if not isinstance(name, str) or name not in c.texts:
        known = ", ".join(map(repr, c.texts)) or "none was given"
        raise _wrong(place, "x-substring-of", f"the name of a text ({known}), got {name!r}")
    return c.formulas.if_type(STRING, c.formulas.string(c.terms.substring(c.texts[name])))


def _properties(c: Compiler, place: Place) -> Formula:
    named = c.named(place, "properties")
    parts = [c.formulas.keys_all(name, c.ref(part)) for name, part in named]
    if c.ordered and named:
        parts.append(c.formulas.order(tuple(name for name, _ in named)))
    return c.formulas.if_type(OBJECT, c.formulas.both(*parts))


def _pattern_properties(c: Compiler, place: Place) -> Formula:
    parts = [
        c.formulas.keys_all(c.pattern(place, "patternProperties", pattern), c.ref(part))
        for pattern, part in c.named(place, "patternProperties")
    ]
    return c.formulas.if_type(OBJECT, c.formulas.both(*parts))


def _additional_properties(c: Compiler, place: Place) -> Formula:
    declared = c.keys_term(c.declared(place))
    rest = c.ref(c.child(place, "additionalProperties"))
    others = c.terms.complement(declared)
    return c.formulas.if_type(OBJECT, c.formulas.keys_all(others, rest))


def _property_names(c: Compiler, place: Place) -> Formula:
    term = c.string_term(c.schema(c.child(place, "propertyNames")), place, "propertyNames")
    return c.formulas.if_type(OBJECT, c.formulas.absent(c.terms.complement(term)))


def _required(c: Compiler, place: Place) -> Formula:
    value = place.schema["required"]
    if place.old and isinstance(value, bool):  # draft 3
        return c.formulas.true
    parts = [c.formulas.keys_some(n, c.formulas.true) for n in _names(place, "required", value)]
    return c.formulas.if_type(OBJECT, c.formulas.both(*parts))


def _dependent_required(c: Compiler, place: Place) -> Formula:
    parts = []
    keyword = "dependentRequired" if "dependentRequired" in place.schema else "dependencies"
    for name, part in c.named(place, keyword):
        if isinstance(part.schema, list):
            needed = _names(place, keyword, part.schema)
            present = [c.formulas.keys_some(n, c.formulas.true) for n in needed]
            parts.append(c.formulas.either(c.formulas.absent(name), c.formulas.both(*present)))
        elif keyword == "dependentRequired":
            raise _wrong(place, keyword, "an object of lists of names")
    return c.formulas.if_type(OBJECT, c.formulas.both(*parts))


def _size(keyword: str) -> Callable[[Compiler, Place], Formula]:
    def formula(c: Compiler, place: Place) -> Formula:
        n = _whole(place, keyword)
        size = c.formulas.size(n, None) if keyword == "minProperties" else c.formulas.size(0, n)
        return c.formulas.if_type(OBJECT, size)

    return formula


def _items_count(keyword: str) -> Callable[[Compiler, Place], Formula]:
    def formula(c: Compiler, place: Place) -> Formula:
        n = _whole(place, keyword)
        low, high = (n, None) if keyword == "minItems" else (0, n)
        return c.formulas.if_type(ARRAY, c.formulas.count(c.formulas.true, low, high))

    return formula


def _prefix_items(keyword: str) -> Callable[[Compiler, Place], Formula]:
    def formula(c: Compiler, place: Place) -> Formula:
        parts = [
            c.formulas.items_all(i, i + 1, c.ref(part))
            for i, part in enumerate(c.listed(place, keyword) if place.schema[keyword] else ())
        ]
        return c.formulas.if_type(ARRAY, c.formulas.both(*parts))

    return formula


def _items(c: Compiler, place: Place) -> Formula:
    if isinstance(place.schema["items"], list):  # drafts 4 to 2019-09
        return _prefix_items("items")(c, place)
    prefix = place.schema.get("prefixItems")
    first = len(prefix) if isinstance(prefix, list) else 0
    rest = c.formulas.items_all(first, None, c.ref(c.child(place, "items")))
    return c.formulas.if_type(ARRAY, rest)


def _additional_items(c: Compiler, place: Place) -> Formula:
    listed = place.schema.get("items")
    if not isinstance(listed, list):
        return c.formulas.true
    rest = c.ref(c.child(place, "additionalItems"))
    return c.formulas.if_type(ARRAY, c.formulas.items_all(len(listed), None, rest))


def _contains(c: Compiler, place: Place) -> Formula:
    schema = place.schema
    low = _whole(place, "minContains") if "minContains" in schema and place.validates else 1
    high = _whole(place, "maxContains") if "maxContains" in schema and place.validates else None
    item = c.ref(c.child(place, "contains"))
    return c.formulas.if_type(ARRAY, c.formulas.count(item, low, high))


def _unique_items(c: Compiler, place: Place) -> Formula:
    wanted = place.schema["uniqueItems"]
    if not isinstance(wanted, bool):
        raise _wrong(place, "uniqueItems", "true or false")
    return c.formulas.if_type(ARRAY, c.formulas.unique()) if wanted else c.formulas.true


Keyword = Callable[["Compiler", Place], Formula]
ASSERTIONS: dict[str, Keyword] = {
    "type": _type, "enum": _enum, "const": _const, "multipleOf": _multiple_of,
    "minimum": _bound("minimum"), "maximum": _bound("maximum"),
    "exclusiveMinimum": _bound("exclusiveMinimum"), "exclusiveMaximum": _bound("exclusiveMaximum"),
    "minLength": _length("minLength"), "maxLength": _length("maxLength"), "pattern": _pattern,
    "format": _format, "required": _required, "dependentRequired": _dependent_required,
    "minProperties": _size("minProperties"), "maxProperties": _size("maxProperties"),
    "minItems": _items_count("minItems"), "maxItems": _items_count("maxItems"),
    "uniqueItems": _unique_items,
}  # fmt: skip
APPLICATORS: dict[str, Keyword] = {
    "properties": _properties, "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties, "propertyNames": _property_names,
    "prefixItems": _prefix_items("prefixItems"), "items": _items,
    "additionalItems": _additional_items, "contains": _contains,
    "dependencies": _dependent_required,
}  # fmt: skip
EXTENSIONS: dict[str, Keyword] = {"x-substring-of": _substring_of}  # in every dialect
