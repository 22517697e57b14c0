"""Random constrained outputs over random schemas, each checked; and the check of the check."""

import itertools
import json

import numpy as np
import pytest

from minilora.grammar import Vocabulary, compile_json_schema
from minilora.grammar.soak.__main__ import SoakConfig, main, noise_draw, soak
from minilora.grammar.soak.sampling import Output, draw
from minilora.grammar.soak.schemas import random_schemas, read_schemas
from minilora.grammar.soak.verdict import problem_of, validator_of


def test_random_outputs_of_random_schemas_are_valid(toy):
    schemas = list(itertools.islice(random_schemas(0), 30))
    config = SoakConfig(outputs=60, tight=30, schemas=30)
    report = soak(schemas, toy, config, noise_draw(0))
    assert report.failures == []
    assert report.schemas > 24
    assert report.outputs > 48
    assert report.tight > 24
    assert all("no document satisfies it" in why for why in report.refused.values())


def test_a_wrong_output_is_found(toy):
    def wrong(schema, matcher, budget):
        return Output(b'{"a": 1, "a": 1}', (), budget, 0.0)

    said = []
    config = SoakConfig(outputs=4, tight=1, schemas=1)
    report = soak([("x", {"type": "object"})], toy, config, wrong, said.append)
    assert report.outputs == len(report.failures) == 4
    assert len(said) == 1 + 4  # how far it is, and each failure
    assert report.failures[0]["problem"].startswith("not JSON: a key stands twice")


def test_a_grammar_that_gives_up_in_use_is_found(toy):
    def stuck(schema, matcher, budget):
        raise ValueError("no value was found")

    report = soak([("x", True)], toy, SoakConfig(outputs=2, tight=0, schemas=1), stuck)
    problems = [failure["problem"] for failure in report.failures]
    assert problems == ["stopped: no value was found"] * 2


def test_an_output_keeps_to_its_budget_and_a_smaller_one_is_refused(toy):
    grammar = compile_json_schema({"type": "array", "minItems": 2}, "json.dumps")
    needed = len(grammar.matcher(toy).shortest_plan())
    rng = np.random.default_rng(0)
    for budget in (needed, needed + 1, needed + 9):
        output = draw(grammar.matcher(toy), budget, 0.1, rng)
        assert needed <= len(output.tokens) <= budget
        assert output.text == toy.text(output.tokens)
    with pytest.raises(ValueError, match=f"a budget of {needed - 1} tokens"):
        draw(grammar.matcher(toy), needed - 1, 0.1, rng)


@pytest.mark.parametrize(
    ("schema", "output", "problem"),
    [
        ({"type": "integer"}, b"1e333", None),
        ({"type": "number"}, b"1e99999999999", None),
        ({"multipleOf": 0.01}, b"4.35", None),
        ({"multipleOf": 0.01}, b"4.355", "jsonschema: $"),
        ({"enum": [0.1]}, b"0.10", None),
        ({"pattern": "^a$"}, b'"a\\n"', "the grammar does not accept it"),
        ({"pattern": "^a$"}, b'"b"', "jsonschema: $"),
        (True, b"NaN", "not JSON: NaN is not JSON"),
        (True, b"[1", "not JSON: "),
        (True, b'"\xff"', "not JSON: "),
    ],
)
def test_verdicts(schema, output, problem):
    found = problem_of(output, compile_json_schema(schema), validator_of(schema))
    assert found is None if problem is None else found.startswith(problem)


def test_the_command_with_files_of_ones_own(tiny_model, tmp_path, capsys):
    rows = [{"schema": {"type": "string", "maxLength": 3}}, {"schema": {"not": {}}}]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = ["--files", str(tmp_path / "rows.jsonl"), "--tokenizer", str(tiny_model)]
    arguments += ["--outputs", "20", "--tight", "10", "--json", str(tmp_path / "report.json")]
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0
    assert "0 failures" in capsys.readouterr().out
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["outputs"], report["schemas"], list(report["refused"])) == (10, 1, ["rows:2"])


def test_bad_files_are_told(tmp_path, capsys):
    (tmp_path / "rows.jsonl").write_text('{"schema": {}}\n[]\n')
    with pytest.raises(ValueError, match=r"line 2: expected an object with a \"schema\""):
        list(read_schemas(tmp_path / "rows.jsonl"))
    with pytest.raises(SystemExit) as end:
        main(["--outputs", "0"])
    assert end.value.code == 2
    assert "outputs and schemas must be at least 1" in capsys.readouterr().err


def test_the_vocabulary_may_lack_what_a_schema_needs():
    few = Vocabulary([b"1", None], eos_ids=[1])
    report = soak(
        [("x", {"const": "a"})], few, SoakConfig(outputs=2, tight=0, schemas=1), noise_draw(0)
    )
    assert "no tokens of the vocabulary spell" in report.refused["x"]
