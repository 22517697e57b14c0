"""Outputs of a real model, held by a grammar."""

from __future__ import annotations

import json
from typing import Any

import torch

from minilora.constrain import SchemaConstraint
from minilora.decode_weights import unpacked
from minilora.generate import Sampling, generate
from minilora.grammar.matcher import Matcher
from minilora.grammar.soak.sampling import TEMPERATURE, Output
from minilora.grammar.vocabulary import Vocabulary
from minilora.loading import load

MAX_PROMPT = 200  # tokens of a schema that the model is shown


def model_draw(name: str, seed: int) -> tuple[Vocabulary, Any]:
    """Return a model's vocabulary and what lets it answer the request for such a document."""
    model, tokenizer = load(name)
    vocabulary = Vocabulary.from_tokenizer(tokenizer)
    device = model.embed_tokens.weight.device
    generator = torch.Generator(device).manual_seed(seed)

    def draw(schema: Any, matcher: Matcher, budget: int) -> Output:
        shown = tokenizer.decode(tokenizer.encode(json.dumps(schema))[:MAX_PROMPT])
        asked = f"Write a JSON document of this schema: {shown}"
        prompt = tokenizer.encode_chat([{"role": "user", "content": asked}])
        sampling = Sampling(TEMPERATURE, max_new_tokens=max(budget, 1))
        constraint = SchemaConstraint(matcher, budget)
        with unpacked(model):
            (completion,) = generate(
                model, tokenizer, [prompt], sampling, [constraint], generator=generator
            )
        return Output(vocabulary.text(completion.tokens), completion.tokens, budget, 0.0)

    return vocabulary, draw
