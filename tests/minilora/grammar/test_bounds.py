"""Schemas that other engines explode on take few formulas and terms, counted and not timed."""

import json

import pytest
from jsonschema import Draft202012Validator

from minilora.grammar import compile_json_schema
from minilora.grammar.formats import shared_terms


def sizes(grammar):
    """Return how many formulas and how many string terms a grammar has made so far."""
    progress = grammar.machine.progress
    return len(progress.formulas), len(progress.terms)


def field(number):
    """One of the kinds of a form's fields; only `type`, which may be missing, tells them apart."""
    return {
        "type": "object",
        "properties": {
            "type": {"enum": [f"type{number}"]},
            "label": {"type": "string"},
            "required": {"oneOf": [{"type": "boolean"}, {"type": "string"}]},
            f"own{number % 4}": {"type": "integer"},
        },
        "required": ["label"],
        "additionalProperties": False,
    }


def test_eleven_branches_that_overlap():
    schema = {"oneOf": [field(number) for number in range(11)]}
    validator, grammar = Draft202012Validator(schema), compile_json_schema(schema)
    documents = [
        {"type": "type3", "label": "", "required": True, "own3": 1},
        {"own3": 1, "required": "x", "label": "", "type": "type7"},
        {"label": "", "type": "type10"},
        {"label": "", "own2": 1},
        {"label": "", "own3": 1, "type": "type2"},
        {"type": "type3"},
    ]
    verdicts = [validator.is_valid(document) for document in documents]
    assert True in verdicts
    assert False in verdicts
    assert [grammar.accepts(json.dumps(document).encode()) for document in documents] == verdicts
    assert sizes(grammar)[0] < 60_000  # were ways multiplied, 2**10 for each branch and key


@pytest.mark.parametrize("backwards", [False, True])
def test_two_hundred_optional_properties(backwards):
    names = [f"name{i}" for i in range(200)]
    properties = {name: {"type": "string"} for name in names}
    grammar = compile_json_schema(
        {"type": "object", "properties": properties, "additionalProperties": False}
    )
    names = names[::-1] if backwards else names
    assert grammar.accepts(json.dumps(dict.fromkeys(names[:40], "")).encode())
    formulas, terms = sizes(grammar)
    assert formulas < 600  # one a key, and one for what is left after it
    assert terms < 1500  # a few for the text of each key


def test_nested_alternatives():
    schema = {"type": "integer"}
    for _ in range(8):
        both = {"a": schema, "b": {"type": "string"}}
        schema = {
            "oneOf": [
                {"type": "object", "properties": both, "required": ["a"], "maxProperties": 1},
                {"type": "object", "properties": both, "required": ["a", "b"]},
            ]
        }
    document = 1
    for level in range(8):
        document = {"a": document, "b": ""} if level % 2 else {"a": document}
    grammar = compile_json_schema(schema)
    assert grammar.accepts(json.dumps(document).encode())
    assert not grammar.accepts(json.dumps({"b": "", **document, "a": ""}).encode())
    assert sizes(grammar)[0] < 3000


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": [f"word{i}" for i in range(1000)]},
        {"maxLength": 10_000, "minLength": 5_000},
        {"properties": {f"name{i}": {} for i in range(1000)}, "additionalProperties": False},
    ],
)
def test_long_lists_and_lengths_are_a_few_terms(schema):
    assert sizes(compile_json_schema(schema))[1] < 20


def test_a_format_is_made_once_for_all_grammars():
    compile_json_schema({"format": "date-time"})
    before = len(shared_terms())
    grammars = [compile_json_schema({"format": "date-time", "maxLength": n}) for n in (30, 40)]
    assert all(grammar.accepts(b'"2024-02-29T23:59:60Z"') for grammar in grammars)
    assert all(sizes(grammar)[1] < 300 for grammar in grammars)
    assert len(shared_terms()) < before + 2000
