"""Objects whose members do not depend on each other: completed without a search."""

import json
import random

import jsonschema
import pytest

from minilora.grammar import compile_json_schema
from minilora.grammar.witness import Witness

WIDE = {
    "type": "object",
    "properties": {f"name_{i}": {"type": ["integer", "string"][i % 2]} for i in range(40)},
    "patternProperties": {"_3.$": {"minimum": 100}},
    "required": [f"name_{i}" for i in range(0, 40, 2)],
    "additionalProperties": False,
}
SCHEMAS = {
    "wide": WIDE,
    "nested": {"properties": {"a": WIDE, "b": {}}, "required": ["b", "a"], "minProperties": 2},
    "open": {"type": "object", "required": ["x", "y"], "properties": {"x": {"const": "long" * 9}}},
    "nothing asked for": {"type": "object", "properties": {"on": {"type": "boolean"}}},
    "one asks for another": {
        "type": "object",
        "required": ["a"],
        "dependentRequired": {"a": ["b"]},
    },
    "wide with choices": {
        **WIDE,
        "dependentRequired": {"name_1": ["name_3", "name_5"], "name_2": ["name_7"]},
        "anyOf": [{"required": ["name_9", "name_11"]}, {"required": ["name_13"]}],
        "if": {"required": ["name_15"]},
        "then": {"properties": {"name_0": {"maximum": 5}}},
        "else": {"properties": {"name_15": False}},
    },
}
DEPENDENT = {
    "too few by name": {"required": ["a"], "minProperties": 3, "type": "object"},
    "some key of a class": {"type": "object", "minProperties": 1, "not": {"required": ["a"]}},
}


def check_every_completion(schema, vocabulary, order="any"):
    """Walk at random; wherever it stands, what it says completes the document must do so."""
    grammar = compile_json_schema(schema, "json.dumps", order=order)
    rng = random.Random(0)
    for _ in range(2):
        matcher = grammar.matcher(vocabulary)
        text = b""
        for left in range(400, 365, -1):
            rest = matcher.machine.shortest(matcher.state)
            document = json.loads(text + rest)
            jsonschema.validate(document, schema)
            plan = matcher.shortest_plan()
            if not plan:
                break
            mask = matcher.mask(left)
            allowed = [t for t in range(vocabulary.vocab_size) if mask[t // 32] >> t % 32 & 1]
            token = rng.choice([plan[0], *allowed])
            if token in vocabulary.eos_ids:
                break
            matcher.advance(token)
            text += vocabulary.text([token])


@pytest.mark.parametrize("order", ["any", "schema"])
@pytest.mark.parametrize("name", SCHEMAS)
def test_a_completion_is_found_without_a_search(name, order, toy, monkeypatch):
    def searched(*_):
        raise AssertionError("a member was searched for")

    monkeypatch.setattr(Witness, "_member", searched)
    check_every_completion(SCHEMAS[name], toy, order)


@pytest.mark.parametrize("name", DEPENDENT)
def test_where_members_depend_on_each_other_it_is_searched_for(name, toy):
    check_every_completion(DEPENDENT[name], toy)
