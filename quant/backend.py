"""Which implementation runs: the one place that asks about GPU, Triton and C compiler.

The torch implementation always exists and is the definition; the others equal it and are faster.
`choose` is called when a layer is built or moved to another device. Its answer is logged and kept:
a layer whose kernel cannot run fails, it does not change to another implementation.

>>> choose("torch", "cpu")
Choice(name='torch', reason='as asked')
>>> choose("triton", "cpu")
Traceback (most recent call last):
    ...
ValueError: backend 'triton' needs a CUDA device, but the weight is on cpu
"""

import logging
from functools import cache
from typing import Literal, NamedTuple, get_args

import torch

from quant.kernels import cpu

try:
    import triton

    TRITON_VERSION: str | None = triton.__version__
except ImportError:
    TRITON_VERSION = None

Backend = Literal["auto", "torch", "c", "triton"]
Implementation = Literal["torch", "c", "triton"]

logger = logging.getLogger(__name__)


class Choice(NamedTuple):
    """What runs, and why."""

    name: Implementation
    reason: str


@cache
def choose(requested: Backend, device_type: str) -> Choice:
    """Return the implementation for a device; what "auto" chose is logged, once.

    Args:
        requested: "torch"; "c", the CPU kernel, compiled where it is missing; "triton"; or "auto":
            on a CUDA device triton, on the CPU c, and torch on other devices and where the first
            cannot run.
        device_type: `tensor.device.type`, such as "cpu" or "cuda".

    Raises:
        ValueError: an unknown name, or an implementation asked for by name where it cannot run.
    """
    if requested not in get_args(Backend):
        raise ValueError(f"backend must be one of {get_args(Backend)}, got {requested!r}")
    if requested == "auto":
        return _choose_best(device_type)
    reason = _why_not(requested, device_type)
    if reason is not None:
        raise ValueError(f"backend {requested!r} {reason}")
    return Choice(requested, "as asked")


def _choose_best(device_type: str) -> Choice:
    best: dict[str, Implementation] = {"cuda": "triton", "cpu": "c"}
    wanted = best.get(device_type, "torch")
    reason = _why_not(wanted, device_type)
    if reason is None:
        choice = Choice(wanted, f"auto: the fastest on {device_type}")
        logger.info("NF4 on %s: %s (%s)", device_type, *choice)
    else:
        choice = Choice("torch", f"auto: {wanted} {reason}")
        logger.warning("NF4 on %s: %s, slower (%s)", device_type, *choice)
    return choice


def _why_not(name: Implementation, device_type: str) -> str | None:
    """Return why an implementation cannot run on a device, or None where it can."""
    if name == "triton":
        if device_type != "cuda":
            return f"needs a CUDA device, but the weight is on {device_type}"
        if not torch.cuda.is_available():
            return "needs a CUDA device, but torch finds none"
        if TRITON_VERSION is None:
            return "needs the triton package, which is not installed"
    if name == "c":
        if device_type != "cpu":
            return f"needs a weight on the CPU, but it is on {device_type}"
        try:
            cpu.library()
        except cpu.CompileError as error:
            return f"cannot be built: {error}"
    return None
