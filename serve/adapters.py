"""Adapters as the engine holds them: immutable versions, several of which may share a batch.

A version is read once from its folder; what is running goes on with the version it began with, even
if the name is loaded anew or dropped meanwhile. In a step the rows of one version lie side by side,
so that its low-rank product is computed once for all of them:

    y[rows] += (x[rows] A^T) B^T        for each version with rows in the step

Source: Chen et al. 2023, Punica, arXiv:2310.18547; Sheng et al. 2023, S-LoRA, arXiv:2311.03285.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import cast

from minilora.adapter import load_adapter, read_info
from minilora.fast_linear import LowRank, stacked_adapters
from minilora.fast_model import FastModel, fused
from minilora.lora import remove, set_active
from minilora.model import DecoderLayer, Llama

_numbers = count(1)


@dataclass(frozen=True, eq=False)
class AdapterVersion:
    """What one folder held when it was read.

    Attributes:
        name: under which requests ask for it.
        number: different for every version ever read; keys and values are cached under it.
        factors: for each product of :class:`~minilora.fast_model.FastModel`, in order.
    """

    name: str
    number: int
    folder: Path
    factors: tuple[LowRank | None, ...]


def read_version(model: Llama, name: str, folder: Path) -> AdapterVersion:
    """Return the adapter in a folder, laid out for the model's products.

    The model is as before afterwards.

    Raises:
        ValueError: no adapter, or one that does not fit the model.
    """
    read_info(folder)
    dtype = model.embed_tokens.weight.dtype
    label = "being-read"
    load_adapter(model, folder, label)
    try:
        set_active(model, label)
        layers = [cast(DecoderLayer, layer) for layer in model.layers]
        stacked = [stacked_adapters(same) for layer in layers for same in fused(layer)]
        factors = tuple(None if low_rank is None else low_rank.to(dtype) for low_rank in stacked)
    finally:
        remove(model, label)
    return AdapterVersion(name, next(_numbers), folder, factors)


def apply_versions(fast: FastModel, spans: Sequence[tuple[AdapterVersion | None, int]]) -> None:
    """Say which rows of the next pass belong to which version.

    Args:
        fast: the model that computes the pass.
        spans: version (None: the base model) and number of rows, in the order of the rows; those of
            one version lie side by side.
    """
    runs = list(_runs(spans))
    linears = [linear for layer in fast.layers for linear in layer.linears]
    for i, linear in enumerate(linears):
        linear.by_rows = [
            (rows, low_rank)
            for version, rows in runs
            if (low_rank := version.factors[i]) is not None
        ]


def _runs(
    spans: Sequence[tuple[AdapterVersion | None, int]],
) -> Iterator[tuple[AdapterVersion, slice]]:
    """Yield each version with its rows; the base model's are left out."""
    start = 0
    first = 0
    for i, (version, n) in enumerate(spans):
        start += n
        last = i + 1 == len(spans) or spans[i + 1][0] is not version
        if last:
            if version is not None:
                yield version, slice(first, start)
            first = start
