"""Weights unpacked for decoding.

A training step unpacks each quantised weight twice and uses it for a thousand tokens; decoding
would unpack it for one. Within :func:`unpacked` a model without gradients computes by a copy of its
weights that is laid out for decoding (:mod:`minilora.fast_model`), at the price of that copy's
memory. Its modules stay as they are, so adapters can still be switched.

>>> from minilora.config import ModelConfig
>>> config = ModelConfig("llama", vocab_size=32, d_model=16, n_layers=1, n_heads=2, n_kv_heads=1,
...                      head_dim=8, d_ff=32)
>>> model, tokens = Llama(config), torch.tensor([[1, 2, 3]])
>>> with torch.no_grad(), unpacked(model):
...     fast = model(tokens)
>>> torch.allclose(fast, model(tokens), atol=1e-5)
True
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from minilora.fast_linear import WEIGHTS, Weights
from minilora.fast_model import FastModel
from minilora.model import Llama


@contextmanager
def unpacked(model: Llama, weights: Weights = "dense") -> Iterator[Llama]:
    """Compute without gradients by weights laid out for decoding, until the block ends.

    Args:
        model: with its adapters loaded; which one is active may change within the block, weights
            and the adapters' values may not.
        weights: "dense" holds the very values that the layers compute with, in the compute dtype;
            "int8" rounds them to 8 bits by row, half the bytes of bfloat16 (CPU only).

    Raises:
        ValueError: an unknown ``weights``, or "int8" on a GPU.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {', '.join(WEIGHTS)}, got {weights!r}")
    before = model.fast
    with torch.no_grad():
        model.fast = FastModel(model, weights)
    try:
        yield model
    finally:
        model.fast = before
