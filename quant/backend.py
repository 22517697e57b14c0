"""Which implementation runs: the one place that asks whether there is a GPU or Triton.

The torch implementation always exists and is the definition. `choose` is called once, when a layer is
built or moved, and its answer is logged and kept: a layer whose kernel cannot run fails, it does not
change to another implementation.

>>> choose("auto", "cpu")
Choice(name='torch', reason='auto: the device is cpu')
>>> choose("triton", "cpu")
Traceback (most recent call last):
    ...
ValueError: backend 'triton' needs a CUDA device, but the weight is on cpu; use backend='torch' or 'auto'
"""

import logging
from functools import cache
from typing import Literal, NamedTuple, get_args

import torch

try:
    import triton

    TRITON_VERSION: str | None = triton.__version__
except ImportError:
    TRITON_VERSION = None

Backend = Literal["auto", "torch", "triton"]

logger = logging.getLogger(__name__)


class Choice(NamedTuple):
    """What runs, "torch" or "triton", and why."""

    name: Literal["torch", "triton"]
    reason: str


@cache
def choose(requested: Backend, device_type: str) -> Choice:
    """Return the implementation for a device, and log it once.

    Args:
        requested: "torch", "triton", or "auto": triton on a CUDA device where it is installed, else torch.
        device_type: `tensor.device.type`, such as "cpu" or "cuda".

    Raises:
        ValueError: an unknown name, or triton asked for where it cannot run.
    """
    choice = _choose(requested, device_type)
    logger.info("NF4 dequantization on %s: %s (%s)", device_type, choice.name, choice.reason)
    return choice


def _choose(requested: Backend, device_type: str) -> Choice:
    if requested not in get_args(Backend):
        raise ValueError(
            f"backend must be one of {', '.join(get_args(Backend))}, got {requested!r}"
        )
    if requested == "torch":
        return Choice("torch", "as asked")
    if requested == "triton":
        if device_type != "cuda":
            raise ValueError(
                f"backend 'triton' needs a CUDA device, but the weight is on {device_type}; "
                "use backend='torch' or 'auto'"
            )
        if TRITON_VERSION is None:
            raise ValueError("backend 'triton' needs the triton package, which is not installed")
        return Choice("triton", "as asked")
    if device_type != "cuda":
        return Choice("torch", f"auto: the device is {device_type}")
    if TRITON_VERSION is None:
        return Choice("torch", "auto: triton is not installed")
    return Choice(
        "triton", f"auto: triton {TRITON_VERSION} on {torch.version.cuda or torch.version.hip}"
    )
