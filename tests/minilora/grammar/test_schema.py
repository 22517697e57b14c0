"""From schemas to documents: tables by keyword, and random schemas against jsonschema."""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from minilora.grammar import InvalidSchema, UnsupportedSchema, compile_json_schema
from minilora.grammar.machine import DEAD

TREE = {
    "$defs": {
        "tree": {
            "type": "object",
            "properties": {
                "value": {"type": "integer"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
            },
            "required": ["value"],
            "additionalProperties": False,
        }
    },
    "$ref": "#/$defs/tree",
}
TABLE = {
    "type": ({"type": ["string", "null"]}, ["", None], [1, True, [], {}]),
    "integer": ({"type": "integer"}, [1, 1.0, -3, 10**20], [1.5, "1"]),
    "enum": ({"enum": [1, "a", {"b": [None]}]}, [1, 1.0, "a", {"b": [None]}], [2, {"b": []}]),
    "bounds": ({"minimum": -1.5, "exclusiveMaximum": 3}, [-1.5, 2.99, "x"], [-1.6, 3]),
    "multipleOf": ({"multipleOf": 0.01}, [4.35, 0, 1, 12.3], [4.355, 0.001]),
    "length": ({"minLength": 2, "maxLength": 3}, ["ab", "äöü", "😀😀"], ["a", "abcd", "😀"]),
    "pattern": ({"pattern": "^a+b?$"}, ["a", "aab", 3], ["", "b", "abb"]),
    "date": ({"format": "date"}, ["2024-02-29", 1], ["2023-02-29", "x"]),
    "items": ({"prefixItems": [{"type": "integer"}], "items": {"type": "string"}},
              [[], [1], [1, "a", "b"]], [["a"], [1, 2]]),
    "contains": ({"contains": {"const": 1}, "maxContains": 2}, [[1], [2, 1, 1]], [[], [1, 1, 1]]),
    "uniqueItems": ({"uniqueItems": True}, [[1, 2], [1, True], [{}, []]], [[1, 1.0], [[], []]]),
    "required": ({"required": ["a", "b"]}, [{"b": 1, "a": 2}, 3], [{"a": 1}, {}]),
    "additional": ({"properties": {"a": True}, "patternProperties": {"^x": {"type": "null"}},
                    "additionalProperties": False},
                   [{}, {"a": 1}, {"xy": None}], [{"b": 1}, {"x": 1}]),
    "propertyNames": ({"propertyNames": {"maxLength": 1}}, [{"a": 1}, {"": 1}], [{"ab": 1}]),
    "size": ({"minProperties": 1, "maxProperties": 2}, [{"a": 1}], [{}, {"a": 1, "b": 1, "c": 1}]),
    "dependents": ({"dependentRequired": {"a": ["b"]}}, [{"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
    "anyOf": ({"anyOf": [{"type": "integer"}, {"minimum": 2}]}, [1, 2.5, "x"], [1.5]),
    "oneOf": ({"oneOf": [{"type": "integer"}, {"minimum": 2}]}, [1, 2.5, "x"], [1.5, 3]),
    "not": ({"not": {"type": "object", "required": ["a"]}}, [{}, {"b": 1}, 1], [{"a": 1}]),
    "if": ({"if": {"properties": {"k": {"const": 1}}, "required": ["k"]},
            "then": {"required": ["v"]}, "else": {"maxProperties": 1}},
           [{"k": 1, "v": 2}, {"k": 2}, {}], [{"k": 1}, {"k": 2, "v": 1}]),
    "recursion": (TREE, [{"value": 1, "children": [{"value": 2}]}],
                  [{"value": 1, "children": [{}]}, {"children": []}]),
    "unevaluated": ({"allOf": [{"properties": {"a": True}}], "anyOf": [
                        {"properties": {"b": {"type": "null"}}, "required": ["b"]}, True],
                     "unevaluatedProperties": False},
                    [{}, {"a": 1}, {"a": 1, "b": None}], [{"b": 1}, {"c": 1}]),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_keywords(name):
    schema, valid, invalid = TABLE[name]
    grammar = compile_json_schema(schema)
    for document in valid:
        assert grammar.accepts(json.dumps(document).encode()), document
    for document in invalid:
        assert not grammar.accepts(json.dumps(document).encode()), document


@pytest.mark.parametrize(
    "text",
    [b'{"a":1}', b'{"a": 1}', b'{\n  "a": 1\n}', b'{ "a" : 1 }', b'{"\\u0061": 1.0e0}'],
)
def test_spellings_of_one_document(text):
    schema = {"properties": {"a": {"const": 1}}, "required": ["a"], "additionalProperties": False}
    assert compile_json_schema({"type": "object", **schema}).accepts(text)


@pytest.mark.parametrize(
    "text",
    [b'{"a": 1, "a": 1}', b'{"a": 1,}', b"{a: 1}", b'{"a": 01}', b'{"a": "\x01"}', b'{"a": NaN}',
     b'{"a": "\xff"}', b'{"a": "\\ud800"}', b'{"a": 1} ', b'{"a":   1}', b"", b"{"],
)  # fmt: skip
def test_what_is_no_json_or_repeats_a_key_or_goes_on_is_refused(text):
    assert not compile_json_schema({"type": "object"}).accepts(text)


def test_members_in_the_order_of_the_schema():
    schema = {
        "type": "object",
        "properties": {"why": {"type": "string"}, "so": {"type": "integer"}, "more": True},
        "required": ["why", "so"],
    }
    grammar = compile_json_schema(schema, order="schema")
    good = [{"why": "", "so": 1}, {"x": 0, "why": "", "y": 0, "so": 1, "more": 2}]
    assert all(grammar.accepts(json.dumps(document).encode()) for document in good)
    bad = [{"so": 1, "why": ""}, {"why": "", "more": 1, "so": 1}]
    assert not any(grammar.accepts(json.dumps(document).encode()) for document in bad)
    assert all(compile_json_schema(schema).accepts(json.dumps(d).encode()) for d in good + bad)


@pytest.mark.parametrize(
    "schema",
    [
        {"required": ["a"], "dependentRequired": {"a": ["b"]}},
        {"required": ["a"], "dependentRequired": {"a": ["b"], "b": ["c"], "c": ["d", "e"]}},
        {"required": ["a"], "dependentSchemas": {"a": {"minProperties": 3}}},
        {
            "minProperties": 2,
            "dependentRequired": {"a": ["b", "c"], "b": ["a"]},
            "propertyNames": {"enum": ["a", "b", "c"]},
        },
    ],
)
def test_a_member_that_asks_for_others_is_completed(schema):
    schema = {"type": "object", **schema}
    machine = compile_json_schema(schema, "json.dumps").machine
    for begun in (b"", b"{", b'{"a": 1'):
        state = machine.start
        for byte in begun:
            state = machine.step(state, byte)
        document = json.loads(begun + machine.shortest(state))
        assert Draft202012Validator(schema).is_valid(document), document


def test_white_space_styles():
    document = {"a": [1, 2]}
    texts = {
        "compact": json.dumps(document, separators=(",", ":")),
        "json.dumps": json.dumps(document),
        "pretty": json.dumps(document, indent=4),
    }
    taken = {
        style: [n for n, t in texts.items() if compile_json_schema(True, style).accepts(t.encode())]
        for style in ("compact", "json.dumps", "flexible")
    }
    assert taken == {
        "compact": ["compact"],
        "json.dumps": ["json.dumps"],
        "flexible": ["compact", "json.dumps", "pretty"],
    }


@pytest.mark.parametrize(
    ("schema", "error", "keyword", "pointer"),
    [
        ({"pattern": "(?<=a)b"}, UnsupportedSchema, "pattern", ""),
        ({"pattern": "("}, InvalidSchema, "pattern", ""),
        ({"properties": {"a/b": {"minLength": -1}}}, InvalidSchema, "minLength",
         "/properties/a~1b"),
        ({"$ref": "https://example.org/x"}, UnsupportedSchema, "$ref", ""),
        ({"$ref": "#/$defs/x"}, InvalidSchema, "$ref", ""),
        ({"type": "strin"}, InvalidSchema, "type", ""),
        ({"type": "integer", "minimum": 1.2, "maximum": 1.8}, InvalidSchema, "", ""),
        ({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, InvalidSchema, "$ref",
         "/$defs/a"),
        ([], InvalidSchema, "", ""),
    ],
)  # fmt: skip
def test_a_refusal_names_keyword_and_place(schema, error, keyword, pointer):
    with pytest.raises(error) as caught:
        compile_json_schema(schema)
    assert (caught.value.keyword, caught.value.pointer) == (keyword, pointer)


# --- random schemas ------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, 1.5]),
    st.sampled_from(["", "a", "b", "ab"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=5,
)


def assertions(inner):
    names = st.sampled_from("abc")
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["object", "array", "string", "number", "integer", "null"]),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "minimum": st.integers(-2, 2),
            "exclusiveMaximum": st.integers(-2, 2),
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "minLength": st.integers(0, 2),
            "pattern": st.sampled_from(["^a", "b$", "ab|^$"]),
            "required": st.lists(names, max_size=2, unique=True),
            "properties": st.dictionaries(names, inner, max_size=2),
            "patternProperties": st.dictionaries(st.sampled_from(["a", "^b"]), inner, max_size=1),
            "additionalProperties": inner,
            "maxProperties": st.integers(0, 2),
            "minProperties": st.integers(0, 2),
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "contains": inner,
            "maxItems": st.integers(0, 2),
            "not": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "if": inner,
            "then": inner,
            "unevaluatedProperties": inner,
        },
    )


SCHEMAS = st.recursive(st.booleans(), assertions, max_leaves=4)


@settings(
    derandomize=True, deadline=None, max_examples=150, suppress_health_check=list(HealthCheck)
)
@given(SCHEMAS, st.lists(VALUES, min_size=1, max_size=8))
def test_random_schemas_have_the_verdicts_of_jsonschema(schema, documents):
    validator = Draft202012Validator(schema)
    verdicts = [validator.is_valid(document) for document in documents]
    try:
        grammar = compile_json_schema(schema)
    except InvalidSchema:
        assert not any(verdicts)
        return
    found = [grammar.accepts(json.dumps(document).encode()) for document in documents]
    assert found == verdicts


@settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(SCHEMAS, st.integers(0, 2**32))
def test_random_walks_never_die_and_what_completes_them_is_valid(schema, seed):
    """Every state that is reached is alive: its short completion makes a valid document."""
    try:
        machine = compile_json_schema(schema, whitespace="json.dumps").machine
    except InvalidSchema:
        return
    validator, rng = Draft202012Validator(schema), random.Random(seed)
    state, text = machine.start, b""
    for _ in range(25):
        document = json.loads(text + machine.shortest(state))
        assert validator.is_valid(document), document
        live = [byte for byte in range(32, 127) if machine.step(state, byte) != DEAD]
        if not live:
            break
        byte = rng.choice(live)
        state, text = machine.step(state, byte), text + bytes((byte,))
