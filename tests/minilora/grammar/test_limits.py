"""Limits of work: refused by place while a schema is compiled, and never raised in use."""

import itertools
import json
from dataclasses import fields
from fractions import Fraction

import numpy as np
import pytest

from minilora.grammar import InvalidSchema, UnsupportedSchema, compile_json_schema, compile_regex
from minilora.grammar.bench.data import data_folder, official_files, official_resources
from minilora.grammar.formula import NUMBER, STRING, Formulas
from minilora.grammar.limits import Limits
from minilora.grammar.numbers import Numbers
from minilora.grammar.soak.sampling import draw
from minilora.grammar.soak.schemas import random_schemas
from minilora.grammar.soak.verdict import problem_of, validator_of
from minilora.grammar.terms import Terms

try:
    FOLDER = data_folder()
except FileNotFoundError:
    FOLDER = None


def lower(grammar, limit):
    """Let hardly any decision of a compiled grammar be within its limits."""
    for field in fields(Limits):
        setattr(grammar.machine.limits, field.name, limit)


def drawn(grammar, vocabulary, rng, n):
    """Return random outputs, the first with no token to spare, and look at all else as well."""
    outputs = []
    for spare in range(n):
        matcher = grammar.matcher(vocabulary)
        budget = len(matcher.shortest_plan()) + 7 * spare
        for token_id in matcher.forced_tokens():
            assert matcher.allows(token_id)
        assert matcher.machine.describe(matcher.state)
        outputs.append(draw(grammar.matcher(vocabulary), budget, 0.01 * spare, rng).text)
    return outputs


@pytest.mark.skipif(FOLDER is None, reason="no official test suite")
@pytest.mark.parametrize("limit", [0, 2])
def test_official_schemas_far_below_their_limits(limit, toy):
    rng, resources, n_narrowed = np.random.default_rng(limit), official_resources(FOLDER), 0
    groups = [g for path in official_files(FOLDER) for g in json.loads(path.read_text("utf-8"))]
    for group in groups[limit::5]:
        try:
            grammar = compile_json_schema(group["schema"], formats="annotate", resources=resources)
        except InvalidSchema:
            continue
        lower(grammar, limit)
        outputs = drawn(grammar, toy, rng, 3)
        n_narrowed += grammar.n_narrowed > 0
        for case in group["tests"]:  # verdicts are exact, however long they take
            accepted = grammar.accepts(json.dumps(case["data"]).encode())
            assert accepted == case["valid"], (group["description"], case["description"])
        exact = compile_json_schema(group["schema"], formats="annotate", resources=resources)
        assert all(map(exact.accepts, outputs)), group["description"]
    assert n_narrowed > 0


def test_random_schemas_far_below_their_limits(toy):
    rng, n_narrowed = np.random.default_rng(0), 0
    for _, schema in itertools.islice(random_schemas(5), 40):
        try:
            grammar = compile_json_schema(schema)
        except InvalidSchema:
            continue
        lower(grammar, 1)
        for output in drawn(grammar, toy, rng, 3):
            assert problem_of(output, compile_json_schema(schema), validator_of(schema)) is None
        n_narrowed += grammar.n_narrowed > 0
    assert n_narrowed > 0


def test_a_narrowed_grammar_says_so_once(toy, caplog):
    schema = {"type": "string", "pattern": "^(a|b)*a(a|b){3}$", "not": {"pattern": "bab"}}
    grammar = compile_json_schema(schema)
    assert grammar.n_narrowed == 0
    lower(grammar, 0)
    outputs = drawn(grammar, toy, np.random.default_rng(0), 4)
    assert grammar.n_narrowed > 0
    assert [record.message for record in caplog.records] == [
        "a grammar is narrowed to one completion: more than 0 derivatives of a string pattern"
    ]
    assert all(map(grammar.accepts, outputs))
    assert grammar.accepts(b'"bbaaaa"')  # which no mask leads to any more


def test_a_text_far_below_its_limits(toy):
    pattern = "(?=[^]*b)(?=[^]*a[ab]{2}$)[ab]*(?![^]*aa)[abc]{3,9}"
    grammar = compile_regex(pattern)
    lower(grammar, 0)
    outputs = drawn(grammar, toy, np.random.default_rng(0), 4)
    assert grammar.n_narrowed > 0
    assert all(map(compile_regex(pattern).accepts, outputs))


@pytest.mark.parametrize(
    ("schema", "keyword", "pointer"),
    [
        ({"properties": {"x": {"patternProperties": {"a": {"type": "null"}, "b": {"const": 1}},
                               "minProperties": 3, "type": "object"}}, "required": ["x"],
          "type": "object"},
         "patternProperties", "/properties/x"),
        ({"items": {"type": "string", "pattern": "^(a|b)*a(a|b){7}$",
                    "not": {"pattern": "a(a|b){7}$"}}, "minItems": 1, "type": "array"},
         "pattern", "/items"),
    ],
)  # fmt: skip
def test_a_schema_beyond_the_limits_is_refused_by_place(schema, keyword, pointer, monkeypatch):
    small = Limits(classes=3, derivatives=100)
    monkeypatch.setattr("minilora.grammar.terms.Limits", lambda: small)
    with pytest.raises(UnsupportedSchema, match="too complex") as caught:
        compile_json_schema(schema)
    assert (caught.value.keyword, caught.value.pointer) == (keyword, pointer)


def test_branches_of_a_oneof_that_repeat_members_do_not_multiply(smollm2):
    """A member that is the same in two branches cannot be right in one and wrong in the other."""
    names = ("help", "label", "size", "valid", "visible")
    branches = [
        {
            "type": "object",
            "properties": {
                "type": {"enum": [f"kind {i}"]},
                "required": {"anyOf": [{"type": "string"}, {"type": "boolean"}]},
                **{name: {"$ref": "#/$defs/text"} for name in names},
                f"own {i}": {"type": "number"},
            },
            "required": ["label"],
            "additionalProperties": False,
        }
        for i in range(13)
    ]
    grammar = compile_json_schema({"$defs": {"text": {"type": "string"}}, "oneOf": branches})
    matcher = grammar.matcher(smollm2)
    for token in smollm2.spell(b'{"label": "a", "visible": "b", "required": true, "own 3": 2}'):
        assert matcher.mask()[token // 32] >> token % 32 & 1
        matcher.advance(token)
    assert matcher.can_end
    assert max(map(len, grammar.machine.progress._keys.values())) < 100


def test_alternatives_about_one_member_are_one():
    f = Formulas(Terms())
    text, low, high = f.types(STRING), f.number(Numbers(high=Fraction(1))), f.types(NUMBER)
    absent_or_text = f.either(f.absent("a"), f.keys_some("a", text))
    assert absent_or_text is f.keys_all("a", text)
    assert f.either(f.keys_some("a", low), f.keys_some("a", high)) is f.keys_some("a", high)
    both = f.either(f.keys_some("a", text), f.keys_some("b", text))
    assert {part.kind for part in both.args} == {"keys_some"}


def test_a_reference_and_its_opposite_leave_nothing():
    f = Formulas(Terms())
    assert f.both(f.ref(3), f.types(STRING), f.ref(3, False)) is f.false
    assert f.either(f.ref(3, False), f.types(STRING), f.ref(3)) is f.true
    assert f.both(f.ref(3), f.ref(4, False)).kind == "and"
