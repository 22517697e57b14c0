"""What states expect, in words: exact words along documents; and where a text stands."""

import json
from fractions import Fraction

import pytest

from minilora.grammar import compile_json_schema
from minilora.grammar.expectation import numbers_in_words
from minilora.grammar.numbers import Numbers
from minilora.grammar.place import place

ACTION = {
    "type": "object",
    "properties": {
        "tool": {"enum": ["dim", "ring"]},
        "args": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 3, "maxLength": 20},
                "n": {"type": "integer", "minimum": 1},
                "tags": {"type": "array", "items": {"pattern": "^a+b$", "type": "string"}},
                "more": True,
            },
            "minProperties": 1,
            "additionalProperties": False,
        },
    },
    "required": ["tool", "args"],
}
ALONG = {
    "action": (ACTION, {
        "": "an object",
        "{": "a key: `args`, `tool` or another",
        '{"t': "inside a key: `tool` or another",
        '{"tool"': "`:`",
        '{"tool":': '`"dim"` or `"ring"`',
        '{"tool":"': 'inside a string: `dim"` or `ring"`',
        '{"tool":"dim': "inside a string: its closing quote",
        '{"tool":"dim"': "`,`",
        '{"tool":"dim",': "a key: `args` or another",
        '{"tool":"dim","args":{': "a key: `more`, `n`, `name` or `tags`",
        '{"tool":"dim","args":{"name":': "a string of 3..20 characters",
        '{"tool":"dim","args":{"name":"ab': "inside a string, 1..18 characters more",
        '{"tool":"dim","args":{"name":"abc': "inside a string, at most 17 characters more",
        '{"tool":"dim","args":{"name":"\\u00': "inside a character of a string",
        '{"tool":"dim","args":{"n":': "an integer >= 1",
        '{"tool":"dim","args":{"n":1': "inside a number: a digit, `.`, `E` or `e`; or `,` or `}`",
        '{"tool":"dim","args":{"n":1}': "`,` or `}`",
        '{"tool":"dim","args":{"tags":[':
            "an item: a string of at least 2 characters matching a{1,}b; or `]`",
        '{"tool":"dim","args":{"more":': "any value",
        '{"tool":"dim","args":{"more":n': "`ull`",
        '{"tool":"dim","args":{"n":1}}': "the end",
    }),
    "types": ({"type": ["null", "boolean", "array"]}, {
        "": "`null`, `true`, `false` or an array",
        "[1": "inside a number: a digit, `.`, `E` or `e`; or `,` or `]`",
    }),
    "either": ({"oneOf": [{"items": {"type": "null"}, "type": "array", "minItems": 1},
                          {"items": {"const": 5}, "type": "array", "minItems": 1}]},
               {"[": "an item: `null` or `5`", "[null": "`,` or `]`"}),
    "pattern": ({"type": "string", "format": "uri"},
                {"": "a string of at least 2 characters of a pattern"}),
    "keys": ({"type": "object", "properties": {name: {"type": "null"} for name in "abcdefgh"}},
             {"{": "a key: `a`, `b`, `c`, `d`, `e`, one of 3 more or another; or `}`"}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, (_, words) in ALONG.items() for text in words]
)
def test_the_words_along_a_document(name, text):
    schema, words = ALONG[name]
    machine = compile_json_schema(schema, whitespace="compact").machine
    state = machine.start
    for byte in text.encode():
        state = machine.step(state, byte)
    assert machine.describe(state) == words[text]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "a number"),
        ({"minimum": 0.5, "maximum": 3}, "a number from 0.5 to 3"),
        ({"exclusiveMinimum": 0, "maximum": 3}, "a number > 0 and <= 3"),
        ({"multipleOf": 0.01}, "a multiple of 0.01"),
        ({"type": "integer", "not": {"enum": [1, 2]}}, "an integer <= 0 or an integer >= 3"),
        ({"type": "integer", "not": {"multipleOf": 3}}, "an integer, no multiple of 3"),
        ({"const": 1e300}, "`1e+300`"),
    ],
)
def test_sets_of_numbers_in_words(schema, words):
    machine = compile_json_schema({"type": "number", **schema}).machine
    assert machine.describe(machine.start) == words


def test_numbers_left_out_are_named():
    odd = Numbers(not_multiples=(Fraction(2),), multiples=(Fraction(1),), excluded=(Fraction(3),))
    assert numbers_in_words(odd) == "an integer, no multiple of 2, other than 3"


def test_any_machine_tells_its_bytes(jsonish):
    machine = jsonish()
    digits = machine.step(machine.start, ord("4"))
    assert machine.describe(digits) == "a digit; or the end"
    inside = machine.step(machine.start, ord('"'))
    assert machine.describe(inside).startswith("a digit or one of ")
    assert machine.describe(machine.step(machine.start, ord("n"))) == "`u`"


def test_every_state_has_words():
    document = json.dumps({"a": [1, -2.5e-3, "x\n\u00e9\ud83d\ude00"], "b": {"": None}, "c": True})
    machine = compile_json_schema(True).machine
    state = machine.start
    for byte in document.encode():
        assert machine.describe(state)
        state = machine.step(state, byte)
    assert machine.describe(state) == "the end"


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("", ""),
        ('{"a', ""),
        ('{"a"', ""),
        ('{"a":', "/a"),
        ('{"a":"x,[', "/a"),
        ('{"a":{"b": 1', "/a/b"),
        ('{"a":{"b": 1}', "/a"),
        ('{"a":1,', ""),
        ("[", "/0"),
        ("[1, [2, 3", "/1/1"),
        ("[1, [2, 3]", "/1"),
        ("[[]]", ""),
        ('{"a\\"/~": ', '/a"~1~0'),
        ('["\\', "/0"),
    ],
)
def test_the_place_of_a_text_in_its_document(text, pointer):
    assert place(text) == pointer
