"""From a name to a model that runs: weights read one tensor at a time, quantised as they come.

The model is built without storage (torch's meta device), each layer's linear is read, quantised and
dropped again before the next one, so memory holds the quantised model and one weight. Everything is
frozen: what trains is added later, by :mod:`minilora.lora`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from minilora.adapter import load_adapter
from minilora.chat import Tokenizer
from minilora.checkpoint import Checkpoint, model_shapes
from minilora.model import Llama
from minilora.precision import compute_dtype
from minilora.weights import DEFAULT_MODEL, resolve
from quant.linear import LinearInt8, LinearNF4

Quant = Literal["nf4", "int8", "none"]
QUANTS: tuple[Quant, ...] = ("nf4", "int8", "none")


def load(
    name: str = DEFAULT_MODEL,
    quant: Quant = "nf4",
    adapter: str | os.PathLike[str] | None = None,
    device: str = "auto",
    dtype: torch.dtype | None = None,
) -> tuple[Llama, Tokenizer]:
    """Return a model and its tokenizer, ready to generate or to be trained with LoRA.

    Args:
        name: a path, a built-in name or a hub name; see :func:`minilora.weights.resolve`.
        quant: how the linears inside the layers are stored: "nf4", "int8", or "none" for ``dtype``.
            Embeddings, norms and the output head are always in ``dtype``.
        adapter: folder of a LoRA adapter in PEFT's format to load and make active, or None.
        device: "auto" (the GPU if there is one), "cpu", "cuda", "cuda:1", ...
        dtype: what is computed in; None takes what is fast here (:mod:`minilora.precision`).

    Raises:
        WeightsError: the weights cannot be found, fetched, trusted or fitted.
        ValueError: an unknown ``quant``, or no such device.
    """
    checkpoint = resolve(name)
    tokenizer = Tokenizer.from_path(checkpoint.tokenizer_path)
    model = build(checkpoint, quant, device, dtype)
    if adapter is not None:
        load_adapter(model, Path(adapter), Path(adapter).name)
    return model, tokenizer


def build(
    checkpoint: Checkpoint,
    quant: Quant = "nf4",
    device: str = "auto",
    dtype: torch.dtype | None = None,
) -> Llama:
    """Return the frozen model of a checkpoint; arguments as :func:`load`.

    Raises:
        WeightsError: a tensor is missing, left over or of another shape, found before any is read.
        ValueError: an unknown ``quant``, or no such device.
    """
    if quant not in QUANTS:
        raise ValueError(f"quant must be one of {', '.join(QUANTS)}, got {quant!r}")
    place = choose_device(device)
    dtype = dtype or compute_dtype(place)[0]
    with torch.device("meta"):
        model = Llama(checkpoint.config)
    checkpoint.check_against(model_shapes(model))
    for name, module in list(model.named_modules()):
        if quant != "none" and name.startswith("layers.") and isinstance(module, nn.Linear):
            model.set_submodule(name, _quantised(checkpoint, name, module, quant, place, dtype))
            continue
        for part, _ in list(module.named_parameters(recurse=False)):
            tensor = checkpoint.read(f"{name}.{part}").to(place, dtype)
            module.register_parameter(part, nn.Parameter(tensor, requires_grad=False))
    return model.eval()


def _quantised(
    checkpoint: Checkpoint,
    name: str,
    linear: nn.Linear,
    quant: Quant,
    device: torch.device,
    dtype: torch.dtype,
) -> LinearNF4 | LinearInt8:
    """Read one linear's weight and bias and return it quantised."""
    weight = checkpoint.read(f"{name}.weight").to(device)
    bias: Tensor | None = None
    if linear.bias is not None:
        bias = checkpoint.read(f"{name}.bias").to(device, dtype)
    if quant == "nf4":
        return LinearNF4.from_weight(weight, bias, compute_dtype=dtype)
    return LinearInt8.from_weight(weight, bias, compute_dtype=dtype)


def choose_device(device: str = "auto") -> torch.device:
    """Return the device to run on.

    Raises:
        ValueError: a GPU is asked for by name and there is none.
    """
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    place = torch.device(device)
    if place.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"device {device!r} was asked for, but torch finds no GPU here")
    return place
