"""Numbers that are written: validators that read doubles judge them as exact arithmetic does."""

import json
import random

import pytest
from jsonschema import Draft202012Validator

from minilora.grammar import InvalidSchema, UnsupportedSchema, compile_json_schema
from minilora.grammar.machine import DEAD

SCHEMAS = [
    {"type": "integer"},
    {"type": "number", "not": {"type": "integer"}},
    {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
    {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 1.1},
    {"type": "number", "exclusiveMinimum": 0},
    {"type": "number", "not": {"enum": [1, 0.1, 6]}},
    {"type": "number", "multipleOf": 0.01},
    {"type": "number", "multipleOf": 0.01, "minimum": 4, "maximum": 5},
    {"type": "number", "multipleOf": 1e-8, "minimum": 0},
    {"type": "integer", "multipleOf": 7},
    {"type": "number", "multipleOf": 0.5},
    {"oneOf": [{"type": "integer"}, {"minimum": 5}], "type": "number"},
    {"type": "number", "maximum": 1.8446744073709552e19, "not": {"multipleOf": 2}},
    {"type": "array", "items": {"type": "number"}, "uniqueItems": True},
]


@pytest.mark.parametrize("digits", [b"0123456789", b"9", b"6", b"0"])
@pytest.mark.parametrize("number", range(len(SCHEMAS)))
def test_what_is_written_is_valid_as_doubles(number, digits):
    """Long runs of one digit lead to where rounding would change a verdict."""
    machine = compile_json_schema(SCHEMAS[number], whitespace="compact").machine
    validator, rng = Draft202012Validator(SCHEMAS[number]), random.Random(number)
    for _ in range(15):
        state, text = machine.start, b""
        for _ in range(rng.choice([2, 8, 25])):
            live = [byte for byte in b"-+.eE0123456789[]," if machine.step(state, byte) != DEAD]
            assert live or machine.can_end(state), text
            liked = [byte for byte in live if byte in digits]
            if not live or (machine.can_end(state) and rng.random() < 0.05):
                break
            byte = rng.choice(liked if liked and rng.random() < 0.85 else live)
            state, text = machine.step(state, byte), text + bytes((byte,))
        text += machine.shortest(state)
        assert validator.is_valid(json.loads(text)), text


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"minimum": -90, "maximum": 90}, b"52.520006599999995"),
        ({"exclusiveMinimum": 0}, b"5e-324"),
        ({"exclusiveMaximum": 1}, b"0.9999999999999999"),
        ({"type": "number"}, b"1.7976931348623157e+308"),
        ({"type": "integer", "maximum": 2**63 - 1}, b"9223372036854775807"),
        ({"enum": [9223372036854775807, 1e23]}, b"1e+23"),
        ({"multipleOf": 0.01}, b"12.25"),
        ({"not": {"type": "integer"}}, b"-1.25e-7"),
    ],
)
def test_what_is_written_every_day_can_be_written(schema, text):
    machine = compile_json_schema(schema).machine
    state = machine.start
    for byte in text:
        state = machine.step(state, byte)
    assert machine.can_end(state)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"multipleOf": 0.01}, b"4.35"),  # 4.35 / 0.01 is 434.99999999999994
        ({"type": "integer"}, b"1e300"),
        ({"exclusiveMinimum": 1}, b"1.00000000000000000001"),
        ({"not": {"type": "integer"}}, b"66666666666666666666666.1"),
    ],
)
def test_exact_values_are_accepted_though_they_are_not_written(schema, text):
    grammar = compile_json_schema(schema)
    assert grammar.accepts(text)
    state = grammar.machine.start
    for byte in text:
        state = grammar.machine.step(state, byte) if state != DEAD else DEAD
    assert state == DEAD or not grammar.machine.can_end(state)


def test_numbers_that_doubles_do_not_hold_are_refused():
    with pytest.raises(UnsupportedSchema, match="doubles"):
        compile_json_schema({"type": "number", "multipleOf": 0.01, "exclusiveMinimum": 2**63})
    with pytest.raises(InvalidSchema, match="no document"):
        compile_json_schema({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2})
