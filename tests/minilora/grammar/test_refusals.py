"""Whatever is given as a schema: a grammar, InvalidSchema or UnsupportedSchema, and soon."""

import contextlib
import json
import math
import random
import time
from decimal import Decimal
from fractions import Fraction

import pytest

from minilora.grammar import InvalidSchema, UnsupportedSchema, compile_json_schema
from minilora.grammar.keywords import APPLICATORS, ASSERTIONS

KEYWORDS = [
    *ASSERTIONS, *APPLICATORS, "minContains", "maxContains", "dependentSchemas", "allOf", "anyOf",
    "oneOf", "not", "if", "then", "else", "$ref", "$dynamicRef", "$id", "$anchor", "$defs",
    "$dynamicAnchor", "$schema", "definitions", "unevaluatedProperties", "unevaluatedItems",
]  # fmt: skip
ODD = [
    None, True, False, 0, 1, -1, 3.5, -0.0, 1e308, math.nan, -math.inf, 10**30, 10**400, 10**5000,
    1e-300, "", "a", "#", "#/", "#/$defs/x", "#/properties/a", "http://x/y", "http://[", "\ud800",
    "(", "a{2,1}", "(?<=a)", "\\", "(a|aa)*b{50}", "[^]", "\\p{L}+", "a**", "string", "date", [],
    {}, [[]], [{}], ["a", "a"], {"a": 1}, {"a": []}, {"a": {"$ref": "#"}}, {"(": True}, b"x",
    (1, 2), {1, 2}, object(), Decimal("NaN"), Decimal("1e999999"), Fraction(1, 3), {1: 2},
    {None: True}, range(3), object, 10**9,
]  # fmt: skip


def odd_schema(rng, depth):
    """Keywords with values of every kind; deeper ones are made in the same way."""
    schema = {}
    for _ in range(rng.choice([1, 1, 2, 3])):
        deeper = depth and rng.random() < 0.4
        value = odd_schema(rng, depth - 1) if deeper else rng.choice(ODD)
        schema[rng.choice(KEYWORDS)] = [value, value] if rng.random() < 0.1 else value
    return schema


def test_odd_schemas_are_compiled_or_refused():
    rng = random.Random(0)
    compiled = 0
    for _ in range(1500):
        schema = odd_schema(rng, 3)
        with contextlib.suppress(InvalidSchema, UnsupportedSchema):
            machine = compile_json_schema(schema).machine
            json.loads(machine.shortest(machine.start))
            compiled += 1
    assert compiled > 100


def nested(keyword, depth):
    schema = {"type": "integer"}
    for _ in range(depth):
        inner = {"a": schema} if keyword == "properties" else schema
        schema = {keyword: [inner] if keyword in ("allOf", "anyOf", "oneOf") else inner}
    return schema


LARGE = {
    **{f"{keyword} {depth}": nested(keyword, depth) for depth in (100, 2000)
       for keyword in ("items", "allOf", "oneOf", "not", "properties", "if")},
    "3000 members": {"properties": {f"p{i}": {"type": "string"} for i in range(3000)}},
    "maxLength": {"type": "string", "maxLength": 10**9},
    "minLength": {"type": "string", "minLength": 10**9},
    "minItems": {"type": "array", "minItems": 10**9},
    "minProperties": {"type": "object", "minProperties": 10**9},
    "length": {"minLength": 1e308},
    "references in a circle": {"$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]},
                                         "b": {"anyOf": [{"$ref": "#/$defs/a"}, True]}},
                               "$ref": "#/$defs/a"},
    "without end": {"type": "object", "required": ["c"], "properties": {"c": {"$ref": "#"}}},
    "not itself": {"not": {"$ref": "#"}},
    "oneOf without a name": {"oneOf": [{"properties": {f"p{i}": {"type": "string"}}}
                                       for i in range(12)]},
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_schemas_take_bounded_time(name):
    """Processor time: at most 0.4 s where this was written, and 5 s for slow machines."""
    before = time.process_time()
    with contextlib.suppress(InvalidSchema, UnsupportedSchema):
        compile_json_schema(LARGE[name])
    assert time.process_time() - before < 5


def test_a_schema_that_contains_itself():
    schema = {"type": "array"}
    schema["items"] = schema
    with pytest.raises(UnsupportedSchema, match="nested too deeply"):
        compile_json_schema(schema)


@pytest.mark.parametrize(
    ("schema", "error", "keyword", "pointer"),
    [
        ({"properties": {"a/b": {"minimum": math.nan}}}, InvalidSchema, "minimum",
         "/properties/a~1b"),
        ({"enum": [1, {"a": b"x"}]}, InvalidSchema, "a", "/enum/1"),
        ({"const": (1, 2)}, InvalidSchema, "const", ""),
        ({"properties": {1: True}}, InvalidSchema, "properties", ""),
        ({"not": {"const": "\udc00"}}, InvalidSchema, "const", "/not"),
        ({"maximum": 10**5000}, UnsupportedSchema, "maximum", ""),
        ({"items": {"minLength": 10**6}}, UnsupportedSchema, "minLength", "/items"),
        ({"multipleOf": math.inf}, InvalidSchema, "multipleOf", ""),
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_by_place(schema, error, keyword, pointer):
    with pytest.raises(error) as caught:
        compile_json_schema(schema)
    assert (caught.value.keyword, caught.value.pointer) == (keyword, pointer)
