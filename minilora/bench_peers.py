"""The libraries that the benchmark compares with: our model as transformers and PEFT hold it.

They are installed by the ``reference`` group; nothing else in this package imports them.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor, nn

from minilora.lora import LoRAConfig, lora_layers
from minilora.lora_config import hugging_face_name
from minilora.model import Llama

PACKAGES = ("transformers", "peft")
LINEARS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def absent() -> list[str]:
    """Return which of the peers are not installed."""
    return [name for name in PACKAGES if find_spec(name) is None]


def versions() -> dict[str, str]:
    """Return the versions of the peers that are installed."""
    return {name: version(name) for name in PACKAGES if find_spec(name) is not None}


def as_transformers(model: Llama, dtype: torch.dtype) -> Any:
    """Return transformers' model with copies of an unquantised model's weights, in ``dtype``."""
    from transformers import AutoConfig, AutoModelForCausalLM
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    settings = model.config.to_hf()
    config = AutoConfig.for_model(settings.pop("model_type"), **settings)
    theirs = AutoModelForCausalLM.from_config(config, dtype=dtype)
    weights = {hugging_face_name(name): tensor for name, tensor in model.state_dict().items()}
    missing = theirs.load_state_dict(weights, strict=False)
    tied = {"lm_head.weight"} if model.config.tie_embeddings else set()
    if set(missing.missing_keys) - tied or missing.unexpected_keys:
        raise ValueError(f"transformers names its weights otherwise: {missing}")
    theirs.tie_weights()
    return theirs.eval()


def as_peft(model: Any, config: LoRAConfig, float32_adapters: bool = True) -> Any:
    """Return PEFT's wrapping of a transformers model, all seven linears of each layer adapted.

    Args:
        model: transformers' model; changed in place.
        config: rank and alpha.
        float32_adapters: PEFT's default; False leaves adapters in the model's dtype.
    """
    logging.disable(logging.WARNING)
    from peft import LoraConfig, get_peft_model

    wanted = LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,
        target_modules=list(LINEARS),
        lora_dropout=0.0,
        task_type="CAUSAL_LM",
    )
    wrapped = get_peft_model(model, wanted, autocast_adapter_dtype=float32_adapters)
    return wrapped.train()


@torch.no_grad()
def copy_adapter_(ours: Llama, theirs: Any) -> list[tuple[str, nn.Parameter, nn.Parameter]]:
    """Give PEFT's adapters our values; return (name, ours, theirs) of every parameter."""
    pairs = []
    for name, layer in lora_layers(ours):
        adapter = layer.adapter(str(layer.active))
        module = theirs.get_submodule(f"base_model.model.model.{name}")
        for part in ("lora_A", "lora_B"):
            mine: nn.Parameter = getattr(adapter, part)
            other: nn.Parameter = getattr(module, part)["default"].weight
            other.copy_(mine)
            pairs.append((f"{name}.{part}", mine, other))
    return pairs


def padded(prompts: list[tuple[int, ...]], answers: list[tuple[int, ...]]) -> dict[str, Tensor]:
    """Return what transformers trains on: padded rows, labels on the completions alone."""
    rows = [prompt + answer for prompt, answer in zip(prompts, answers, strict=True)]
    longest = max(map(len, rows))
    tokens = torch.zeros(len(rows), longest, dtype=torch.int64)
    mask, labels = torch.zeros_like(tokens), torch.full_like(tokens, -100)
    for i, (row, prompt) in enumerate(zip(rows, prompts, strict=True)):
        tokens[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
        labels[i, len(prompt) : len(row)] = tokens[i, len(prompt) : len(row)]
    return {"input_ids": tokens, "attention_mask": mask, "labels": labels}
