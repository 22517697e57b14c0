"""Weights unpacked for decoding.

A training step unpacks each quantised weight twice and uses it for a thousand tokens; decoding would
unpack it for one. Within :func:`unpacked` the frozen layers hold the same values dense, so the results
are the same bits, at the price of memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from minilora.lora import FrozenLinear, LoRALinear
from minilora.model import Llama


@contextmanager
def unpacked(model: Llama) -> Iterator[Llama]:
    """Hold the layers' quantised weights dense, in the compute dtype, until the block ends."""
    dtype = model.embed_tokens.weight.dtype
    packed: dict[str, nn.Module] = {}
    for name, module in list(model.layers.named_modules()):
        is_quantised = isinstance(module, FrozenLinear) and not isinstance(
            module, LoRALinear | nn.Linear
        )
        if is_quantised:
            packed[name] = module
            model.layers.set_submodule(name, dense(module, dtype))
    try:
        yield model
    finally:
        for name, module in packed.items():
            model.layers.set_submodule(name, module)


def dense(layer: FrozenLinear, dtype: torch.dtype) -> nn.Linear:
    """Return a plain linear layer with the dequantised weight and the bias of a quantised one."""
    weight = layer.dequantize(dtype)
    linear = nn.Linear(
        layer.in_features, layer.out_features, bias=layer.bias is not None, device="meta"
    )
    linear.weight = nn.Parameter(weight, requires_grad=False)
    if layer.bias is not None:
        linear.bias = nn.Parameter(layer.bias.to(dtype), requires_grad=False)
    return linear
