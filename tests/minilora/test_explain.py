"""The steps of an answer: the numbers add up, forced tokens are those the model was not asked."""

import json

import pytest
import torch

from minilora.constrain import Constrainer
from minilora.explain import explain, steps_table
from minilora.generate import Sampling, generate
from minilora.generate_command import main
from minilora.loading import load

SCHEMA = {
    "type": "object",
    "properties": {"tool": {"enum": ["dim", "ring"]}, "n": {"type": "integer"}},
    "required": ["tool", "n"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def loaded(tiny_model):
    return load(str(tiny_model), "none", None, "cpu", torch.float32)


@pytest.fixture(scope="module")
def prompt(loaded):
    return loaded[1].encode_chat([{"role": "user", "content": "dim"}])


def answered(loaded, prompt, budget, temperature=0.0):
    """Return the completion, how often the model was asked, and the steps."""
    model, tokenizer = loaded
    constrainer, asked = Constrainer(tokenizer), []
    (completion,) = generate(
        model, tokenizer, [prompt], Sampling(temperature, max_new_tokens=budget),
        [constrainer.constraint(SCHEMA, budget)], torch.Generator().manual_seed(1),
        on_token=asked.append,
    )  # fmt: skip
    constraint = constrainer.constraint(SCHEMA, budget)
    return completion, len(asked), explain(model, tokenizer, prompt, completion, constraint)


@pytest.mark.parametrize("budget", [25, 60])
def test_the_numbers_add_up_and_forced_tokens_were_not_asked_for(loaded, prompt, budget):
    model = loaded[0]
    completion, asked, steps = answered(loaded, prompt, budget, temperature=2.0)
    ended = completion.finish_reason == "stop"
    assert "".join(step.text for step in steps[: len(completion.tokens)]) == completion.text
    assert len(steps) == len(completion.tokens) + ended
    assert sum(not step.forced for step in steps) == asked
    assert any(step.forced for step in steps)
    whole = torch.tensor([[*prompt, *completion.tokens]])
    with torch.no_grad():
        free = model(whole)[0, len(prompt) - 1 :].softmax(-1)
    for step, token, p in zip(steps, completion.tokens, free, strict=False):
        assert step.free_probability == pytest.approx(p[token].item(), rel=1e-3)
        assert step.free_probability == pytest.approx(step.probability * step.kept, rel=1e-5)
        assert 0 < step.probability <= 1 + 1e-6
        assert step.free_probability <= step.kept * (1 + 1e-6)
        if step.allowed == 1:
            assert step.probability == pytest.approx(1)


def test_places_and_words(loaded, prompt):
    _, _, steps = answered(loaded, prompt, 60)
    assert (steps[0].text, steps[0].allowed, steps[0].expects) == ("{", 1, "an object")
    assert steps[1].expects == "a key: `n` or `tool`"
    colon = next(i for i, step in enumerate(steps) if step.text == ":")
    key = json.loads("".join(step.text for step in steps[1:colon]))
    assert {step.place for step in steps[: colon + 1]} == {""}
    assert steps[colon + 1].place == f"/{key}"


def test_a_short_budget_is_said_to_narrow(loaded, prompt):
    completion, _, steps = answered(loaded, prompt, 23)
    assert json.loads(completion.text)
    assert any(step.expects.endswith("(the budget narrows it)") for step in steps)
    generous = answered(loaded, prompt, 200)[2]
    assert not generous[0].expects.endswith("(the budget narrows it)")


def test_without_a_grammar_all_is_allowed(loaded, prompt):
    model, tokenizer = loaded
    (completion,) = generate(model, tokenizer, [prompt], Sampling(max_new_tokens=5))
    steps = explain(model, tokenizer, prompt, completion, None)
    assert {(step.allowed, step.kept, step.forced) for step in steps} == {(258, 1.0, False)}
    assert steps[0].expects == "anything"
    assert steps[0].probability == steps[0].free_probability
    assert steps_table(steps).row_count == len(steps)


def test_the_command_shows_them_and_prints_one_document(tiny_model, tmp_path, capsys):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    report = tmp_path / "report.json"
    arguments = ["dim", "--model", str(tiny_model), "--quant", "none", "--adapter", "none"]
    arguments += ["--schema", str(tmp_path / "schema.json"), "--explain", "--json", str(report)]
    with pytest.raises(SystemExit) as end:
        main(arguments)
    printed = capsys.readouterr()
    assert end.value.code == 0
    assert set(json.loads(printed.out)) == {"tool", "n"}
    assert "a key: `n` or `tool`" in printed.err
    assert "forced" in printed.err
    steps = json.loads(report.read_text())["steps"]
    assert steps[0]["text"] == "{"
    assert {"allowed", "probability", "free_probability", "kept", "forced", "place", "expects"} < (
        set(steps[0])
    )
