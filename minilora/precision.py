"""Which floating-point type to compute in, decided by what the hardware does well.

bfloat16 halves the memory, but only some processors multiply it faster than float32: with AMX tiles
it is several times faster, with AVX-512 BF16 alone it may be half as fast. On a CPU both are
therefore timed, once, on a matrix of the default model's size.
"""

from __future__ import annotations

import time

import torch
from torch import Tensor

MIN_GAIN = 1.2  # a smaller gain is not worth bfloat16's rounding


def compute_dtype(device: torch.device | str) -> tuple[torch.dtype, str]:
    """Return the compute dtype for training on a device, and the reason in words.

    CUDA: bfloat16 where the card has it, else float16 (to be used with a loss scaler).
    """
    if torch.device(device).type == "cuda":
        if torch.cuda.is_bf16_supported(including_emulation=False):
            return torch.bfloat16, "bfloat16: the card computes in it"
        return torch.float16, "float16: the card has no bfloat16"
    wide, narrow = (_matmul_s(dtype) for dtype in (torch.float32, torch.bfloat16))
    chosen = torch.bfloat16 if wide / narrow >= MIN_GAIN else torch.float32
    name = str(chosen).removeprefix("torch.")
    return chosen, (
        f"{name}: a 512 x 576 x 1536 product takes {wide * 1e3:.1f} ms in float32 and "
        f"{narrow * 1e3:.1f} ms in bfloat16 here"
    )


def _matmul_s(dtype: torch.dtype, repeats: int = 7) -> float:
    """Return the shortest time in seconds of one product, (512, 576) by (576, 1536)."""
    x, w = torch.ones(512, 576, dtype=dtype), torch.ones(1536, 576, dtype=dtype)
    return min(_timed_s(x, w) for _ in range(repeats))


def _timed_s(x: Tensor, w: Tensor) -> float:
    start = time.perf_counter()
    torch.nn.functional.linear(x, w)
    return time.perf_counter() - start
