"""Constrained answers of a random model: always valid, whatever the temperature and the budget."""

import json

import pytest
import torch
from jsonschema import Draft202012Validator

from minilora.constrain import Constrainer
from minilora.generate import Sampling, generate
from minilora.loading import load

SCHEMAS = {
    "action": {
        "type": "object",
        "properties": {"tool": {"enum": ["dim", "ring"]}, "args": {"type": "object"}},
        "required": ["tool", "args"],
        "additionalProperties": False,
    },
    "numbers": {"type": "array", "items": {"multipleOf": 0.5, "maximum": 99}, "minItems": 2},
    "text": {"type": "string", "minLength": 3, "pattern": "[0-9]$"},
    "tree": {
        "$defs": {"t": {"type": "array", "items": {"$ref": "#/$defs/t"}, "maxItems": 2}},
        "$ref": "#/$defs/t",
    },
    "either": {"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}], "type": "integer"},
    "anything": True,
}


@pytest.fixture(scope="module")
def loaded(tiny_model):
    return load(str(tiny_model), "none", None, "cpu", torch.float32)


@pytest.mark.parametrize("budget", [6, 25, 60])
@pytest.mark.parametrize("name", SCHEMAS)
def test_random_answers_fit_the_schema_and_the_budget(loaded, name, budget):
    model, tokenizer = loaded
    schema, constrainer = SCHEMAS[name], Constrainer(tokenizer)
    if name == "action" and budget < 30:
        with pytest.raises(ValueError, match=r"the shortest answer has 27 tokens, \d+ are allowed"):
            constrainer.constraint(schema, budget)
        return
    prompts = [tokenizer.encode_chat([{"role": "user", "content": "x" * n}]) for n in range(1, 7)]
    constraints = [constrainer.constraint(schema, budget) for _ in prompts]
    sampling = Sampling(temperature=2.0, max_new_tokens=budget)
    completions = generate(
        model, tokenizer, prompts, sampling, constraints, torch.Generator().manual_seed(budget)
    )
    for completion in completions:
        document = json.loads(completion.text)
        assert Draft202012Validator(schema).is_valid(document), completion.text
        assert len(completion.tokens) <= budget


def test_forced_tokens_change_no_answer(loaded, monkeypatch):
    """The same greedy answer with and without them; with them the model is asked less often."""
    model, tokenizer = loaded
    constrainer = Constrainer(tokenizer)
    prompt = tokenizer.encode_chat([{"role": "user", "content": "dim"}])
    texts, asked = [], []
    for forced in (True, False):
        constraint = constrainer.constraint(SCHEMAS["action"], 60)
        if not forced:
            monkeypatch.setattr(constraint, "forced", list)
        steps: list[int] = []
        (completion,) = generate(
            model, tokenizer, [prompt], Sampling(max_new_tokens=60), [constraint],
            on_token=steps.append,
        )  # fmt: skip
        texts.append(completion.text)
        asked.append(len(steps))
    assert texts[0] == texts[1]
    assert asked[0] < asked[1]
