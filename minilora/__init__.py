"""minilora: fine-tune a language model until it speaks only JSON, with nothing hidden.

The whole path in one call; every step of it is a module of this package:

    model, tokenizer = minilora.load("smollm2-135m", quant="nf4")
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from minilora.chat import Tokenizer
    from minilora.loading import Quant
    from minilora.model import Llama

__version__ = "0.1.0"
__all__ = ["__version__", "load"]


def load(
    name: str = "smollm2-135m",
    quant: Quant = "nf4",
    adapter: str | os.PathLike[str] | None = None,
    device: str = "auto",
    dtype: torch.dtype | None = None,
) -> tuple[Llama, Tokenizer]:
    """Return (model, tokenizer); see :func:`minilora.loading.load`, which this is.

    It is imported when called, so that ``minilora.data`` and ``minilora.grammar`` start without
    torch.
    """
    from minilora import loading

    return loading.load(name, quant, adapter, device, dtype)
