"""The engines that the server is compared with, on the same prompts, token for token.

transformers comes with the ``reference`` group and computes with our weights; llama.cpp
(``pip install llama-cpp-python``) reads the GGUF file that they come from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from minilora import bench_peers
from minilora.chat import Tokenizer
from minilora.model import Llama

CONTEXT = 2048  # tokens that llama.cpp makes room for
Tokens = Sequence[int]


def versions() -> dict[str, str]:
    """Return the versions of the peers that are installed."""
    names = {"transformers": "transformers", "llama_cpp": "llama-cpp-python"}
    return {
        package: version(package)
        for module, package in names.items()
        if find_spec(module) is not None
    }


class Transformers:
    """transformers' ``generate`` with our weights.

    Args:
        model: unquantised.
        tokenizer: of the model; its end tokens end an answer.
        dtype: that transformers computes in.
    """

    def __init__(self, model: Llama, tokenizer: Tokenizer, dtype: torch.dtype) -> None:
        self.device = model.embed_tokens.weight.device
        self.model = bench_peers.as_transformers(model, dtype).to(self.device)
        self.eos_ids = list(tokenizer.eos_ids)
        self.model.generation_config.eos_token_id = self.eos_ids

    @torch.inference_mode()
    def generate(self, prompts: Sequence[Tokens], n_new: int) -> list[list[int]]:
        """Return the greedy answers to a batch, without their end tokens.

        Prompts are padded on the left, as transformers asks for.

        Args:
            prompts: token ids; of any lengths.
            n_new: tokens of an answer at most.
        """
        longest = max(map(len, prompts))
        tokens = torch.zeros(len(prompts), longest, dtype=torch.int64)
        mask = torch.zeros_like(tokens)
        for row, prompt in enumerate(prompts):
            tokens[row, longest - len(prompt) :] = torch.tensor(prompt)
            mask[row, longest - len(prompt) :] = 1
        out: Tensor = self.model.generate(
            tokens.to(self.device),
            attention_mask=mask.to(self.device),
            max_new_tokens=n_new,
            do_sample=False,
            pad_token_id=self.eos_ids[0],
        )
        rows = cast(list[list[int]], out[:, longest:].tolist())
        return [self._until_end(row) for row in rows]

    def _until_end(self, row: list[int]) -> list[int]:
        ends = [place for place, token in enumerate(row) if token in self.eos_ids]
        return row[: ends[0]] if ends else row

    @torch.inference_mode()
    def regrets(self, prompt: Tokens, answer: Tokens) -> list[float]:
        """Return for each token of an answer how far its logit lies below the largest one.

        regret_t = max_v logit_t[v] - logit_t[answer_t], 0 where it is the likeliest token.
        """
        tokens = torch.tensor([[*prompt, *answer]], device=self.device)
        logits = self.model(tokens).logits[0, len(prompt) - 1 : -1].float()  # (answer, V)
        chosen = logits.gather(1, tokens[0, len(prompt) :, None])[:, 0]
        return cast(list[float], (logits.max(dim=1).values - chosen).tolist())


@dataclass(frozen=True)
class Completion:
    """An answer of llama.cpp."""

    text: str
    completion_tokens: int


class LlamaCpp:
    """llama.cpp, held to a schema by its own grammar.

    Args:
        path: GGUF file.
        threads: processor threads.

    Raises:
        ImportError: llama-cpp-python is not installed, or was built for another machine.
    """

    def __init__(self, path: Path, threads: int) -> None:
        self._module = import_module("llama_cpp")
        self._llama = self._module.Llama(
            model_path=str(path),
            n_ctx=CONTEXT,
            n_threads=threads,
            n_threads_batch=threads,
            verbose=False,
        )

    def complete(self, prompt: Tokens, schema: Mapping[str, Any], n_new: int) -> Completion:
        """Return a greedy document of a schema; its grammar is built anew, as a request's would be.

        Args:
            prompt: token ids, taken as they are.
            schema: of the document.
            n_new: tokens at most; a longer document is cut.
        """
        grammar = self._module.LlamaGrammar.from_json_schema(json.dumps(schema), verbose=False)
        out = self._llama.create_completion(
            list(prompt), max_tokens=n_new, temperature=0.0, grammar=grammar
        )
        return Completion(out["choices"][0]["text"], out["usage"]["completion_tokens"])
