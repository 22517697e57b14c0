"""uniqueItems and its opposite: no document runs into a wall, none that can be finished is lost."""

import itertools
import json
import random

import pytest
from jsonschema import Draft202012Validator

from minilora.grammar import InvalidSchema, compile_json_schema
from minilora.grammar.machine import DEAD

UNIQUE = {"type": "array", "uniqueItems": True}
REPEATS = {"type": "array", "not": {"uniqueItems": True}}
SCHEMAS = {
    "all of a set": {**UNIQUE, "items": {"enum": [1, 2, 3]}, "minItems": 3},
    "a narrow item last": {
        **UNIQUE, "minItems": 3,
        "prefixItems": [{"enum": [1, 2]}, {"enum": [1, 2, 3]}, {"const": 2}],
    },
    "a free item before a narrow one": {
        **UNIQUE, "minItems": 2, "prefixItems": [{"type": ["string", "boolean"]}, {"const": "a"}],
    },
    "contains": {**UNIQUE, "items": {"enum": [0, 1, 2, "a"]}, "contains": {"type": "string"},
                 "minItems": 3},
    "contains more than it must": {**UNIQUE, "items": {"enum": [0, 1, "a"]}, "minItems": 2,
                                   "contains": {"type": "integer"}, "minContains": 2},
    "arrays": {**UNIQUE, "minItems": 2,
               "items": {"type": "array", "items": {"enum": [0, 1]}, "maxItems": 1}},
    "objects": {**UNIQUE, "minItems": 3, "items": {
        "properties": {"a": {"enum": [0, 1]}}, "type": "object", "additionalProperties": False}},
    "sets of sets": {**UNIQUE, "minItems": 4, "items": {
        **UNIQUE, "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2}},
    "two equal": {**REPEATS, "maxItems": 2, "prefixItems": [{"type": "integer"}, {"enum": [0, 1]}]},
    "two equal later": {**REPEATS, "maxItems": 3, "items": {"enum": [0, 1, 2]}},
    "one of": {"oneOf": [UNIQUE, {"type": "array", "maxItems": 2}], "items": {"enum": [0, 1]}},
}  # fmt: skip


def documents(depth):
    """All values over a small universe: scalars, and arrays and objects of them."""
    scalars = [0, 1, 2, "a", True, False]
    inner = [*scalars, {}, {"a": 0}, {"a": 1}]
    if depth:
        inner += [list(items) for n in range(3) for items in itertools.product([0, 1], repeat=n)]
        inner += [[True], [False], [True, False], [False, True]]
    return inner


@pytest.mark.parametrize("name", SCHEMAS)
def test_accepts_what_jsonschema_accepts(name):
    grammar, validator = compile_json_schema(SCHEMAS[name]), Draft202012Validator(SCHEMAS[name])
    values, rng = documents(1), random.Random(0)
    arrays = [
        [],
        *([value] for value in values),
        *map(list, itertools.product(values[:9], repeat=2)),
    ]
    arrays += [rng.choices(values, k=rng.choice([2, 3, 3, 4, 4])) for _ in range(600)]
    pairs = [[True], [False], [True, False], [False, True]]
    arrays += map(list, itertools.permutations(pairs))
    for array in arrays:
        assert grammar.accepts(json.dumps(array).encode()) == validator.is_valid(array), array


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_state_leads_to_a_document(name):
    every_state_leads_to_a_document(SCHEMAS[name])


def every_state_leads_to_a_document(schema):
    """Check it on a few random documents."""
    machine = compile_json_schema(schema, whitespace="compact").machine
    validator, rng = Draft202012Validator(schema), random.Random(0)
    for _ in range(12):
        state, text = machine.start, b""
        for _ in range(20):
            document = json.loads(text + machine.shortest(state))
            assert validator.is_valid(document), (text, document)
            live = [byte for byte in range(32, 127) if machine.step(state, byte) != DEAD]
            assert live or machine.can_end(state), text
            if not live:
                break
            byte = rng.choice(live)
            state, text = machine.step(state, byte), text + bytes((byte,))


@pytest.mark.parametrize(
    "schema",
    [
        {**UNIQUE, "items": {"enum": [1, 2, 3]}, "minItems": 4},
        {**UNIQUE, "prefixItems": [{"const": 1}, {"enum": [1, 2]}, {"enum": [1, 2]}],
         "minItems": 3},
        {**UNIQUE, "items": {"type": "boolean"}, "contains": {"const": True}, "minContains": 2},
        {**UNIQUE, "items": {"type": "integer", "minimum": 1, "maximum": 80}, "minItems": 81},
        {**REPEATS, "maxItems": 1},
        {**REPEATS, "prefixItems": [{"const": 1}, {"const": 2}], "items": False},
        {"allOf": [UNIQUE, REPEATS]},
    ],
)  # fmt: skip
def test_what_no_array_satisfies_is_refused(schema):
    with pytest.raises(InvalidSchema, match="no document"):
        compile_json_schema(schema)


SMALL = {"enum": [0, 1]}
NESTED = {
    "free": {**UNIQUE, "items": {"type": ["array", "object"]}},
    "closed objects": {**UNIQUE, "items": {
        "type": "object", "properties": {"a": SMALL, "b": SMALL}, "additionalProperties": False}},
    "all of them": {**UNIQUE, "minItems": 4, "items": {
        "type": "object", "properties": {"a": SMALL, "b": SMALL}, "additionalProperties": False,
        "required": ["a", "b"]}},
    "one is left": {**UNIQUE, "minItems": 3, "items": {
        "type": "object", "properties": {"a": {"const": 1}, "b": {"const": 0}},
        "additionalProperties": False, "minProperties": 1}},
    "arrays of arrays": {**UNIQUE, "items": {"type": "array", "items": {"type": ["array"]}}},
    "equal again": {**REPEATS, "items": {"type": "object"}, "maxItems": 4},
}  # fmt: skip


def nested(rng, depth):
    """A random array or object of few values."""
    names, n = rng.sample("ab", rng.randint(0, 2)), rng.randint(0, 2)
    inner = [rng.choice([0, 1]) if depth == 0 or rng.random() < 0.7 else nested(rng, depth - 1)
             for _ in range(2)]  # fmt: skip
    return dict(zip(names, inner, strict=False)) if rng.random() < 0.6 else inner[:n]


@pytest.mark.parametrize("name", NESTED)
def test_arrays_and_objects_are_told_apart(name):
    schema = NESTED[name]
    grammar, validator = compile_json_schema(schema), Draft202012Validator(schema)
    rng, n_valid = random.Random(1), 0
    full = [{"a": a, "b": b} for a, b in itertools.product([0, 1], repeat=2)]
    arrays = [*map(list, itertools.permutations(full)), [*full, {"b": 0, "a": 1}]]
    arrays += map(list, itertools.permutations([{"a": 1}, {"b": 0}, {"a": 1, "b": 0}]))
    for _ in range(150):
        array = [nested(rng, 1) for _ in range(rng.randint(1, 4))]
        if rng.random() < 0.7:  # mostly of the type that the schema asks for
            kind = list if name == "arrays of arrays" else dict
            array = [item for item in array if isinstance(item, kind)]
        arrays.append(array)
    for array in arrays:
        valid = validator.is_valid(array)
        n_valid += valid
        assert grammar.accepts(json.dumps(array).encode()) == valid, array
    assert n_valid > 0
    every_state_leads_to_a_document(schema)


def test_a_state_is_linear_in_the_values_seen():
    """The opposites of n arrays, as a conjunction, would go on in 2 ** n ways."""
    for item in ({"type": "array"}, {"type": "object"}):
        grammar = compile_json_schema({**UNIQUE, "items": item})
        values = [[i, [i]] if item["type"] == "array" else {"a": i, "b": [i]} for i in range(16)]
        assert grammar.accepts(json.dumps(values).encode())
        assert not grammar.accepts(json.dumps([*values, values[3]]).encode())
        assert len(grammar.machine.progress.formulas) < 2000


def test_few_values_are_listed():
    """{enum: 1, 1.0, "a"} has two values; integers have no end, and a tree of trees neither."""
    tree = {"type": "array", "items": {"$ref": "#"}}
    for schema, expected in [({"enum": [1, 1.0, "a"]}, 2), ({"type": "integer"}, None),
                             ({"type": ["null", "boolean"]}, 3), (tree, None),
                             ({**tree, "maxItems": 0}, 1),
                             ({"enum": [{"a": [1]}, [{"a": 1}]]}, 2)]:  # fmt: skip
        machine = compile_json_schema(schema).machine
        (thread,) = machine._states[machine.start]
        values = machine.progress.distinct.finite.values(thread.head.formula, 10)
        assert (None if values is None else len(values)) == expected
