"""Masks put to use: logits to which a packed mask was applied, and tokens chosen among the allowed.

Shape letters: B rows, V logits a row, W words of a mask (32 tokens each). A model's V may be more
than its tokenizer's vocabulary: what the mask does not reach is not allowed.

>>> apply_mask_(torch.tensor([[1.0, 5.0, 2.0]]), torch.tensor([[0b101]], dtype=torch.int32))
tensor([[1., -inf, 2.]])
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from torch import Tensor

_WORD = 0xFFFFFFFF


def allowed_tokens(packed: Tensor, vocab_size: int) -> Tensor:
    """Return a packed mask as flags, (B, V) bool.

    Args:
        packed: (B, W) int32; bit t % 32 of word t // 32 is token t.
        vocab_size: V; tokens from 32 W on are False, bits from V on are ignored.
    """
    B, W = packed.shape
    if packed.is_cpu:  # one pass of numpy: torch would wake its threads for three small operations
        words = packed.contiguous().numpy().astype("<i4", copy=False)
        bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
        flags = torch.from_numpy(bits).view(torch.bool)  # (B, 32 W)
    else:
        shifts = torch.arange(32, dtype=torch.int32, device=packed.device)
        flags = (packed[:, :, None] >> shifts & 1).bool().view(B, 32 * W)
    if vocab_size <= 32 * W:
        return flags[:, :vocab_size]
    return torch.cat([flags, flags.new_zeros(B, vocab_size - 32 * W)], 1)


def apply_mask_(logits: Tensor, packed: Tensor) -> Tensor:
    """Set the logits of tokens that are not allowed to -inf, in place, and return them.

    Args:
        logits: (B, V), a floating dtype.
        packed: (B, W) int32 on the same device, as :meth:`minilora.grammar.matcher.Matcher.mask`
            gives a row.

    Raises:
        ValueError: other shapes, dtypes or devices.
    """
    _check(logits, packed)
    return logits.masked_fill_(~allowed_tokens(packed, logits.shape[1]), float("-inf"))


def sample_masked(
    logits: Tensor,
    packed: Tensor,
    temperature: Tensor,
    seed: Tensor,
    position: Tensor,
    backend: Literal["torch", "triton"] = "torch",
) -> Tensor:
    """Return an allowed token a row, (B,) int64: argmax of logit / temperature + Gumbel noise.

    By the Gumbel-max trick that is a draw from softmax(logits / temperature) over the allowed
    tokens; at temperature 0 it is the likeliest of them. The lowest id of equals; -1 where a row's
    mask allows none, or only tokens with logit -inf. The noise is a function of (seed, position,
    token), so a row draws the same whatever its batch.

    Args:
        logits: (B, V) float32, float16 or bfloat16; no NaN.
        packed: (B, W) int32.
        temperature: (B,) float32, at least 0.
        seed: (B,) int64, a row's own.
        position: (B,) int32, another one for each token of a row.
        backend: "torch", the definition, on any device; "triton", one kernel, on a GPU.

    Raises:
        ValueError: other shapes, dtypes or devices, or "triton" without a CUDA device.
    """
    _check(logits, packed)
    B, V = logits.shape
    wanted = {"temperature": torch.float32, "seed": torch.int64, "position": torch.int32}
    for (name, dtype), tensor in zip(wanted.items(), (temperature, seed, position), strict=True):
        if tensor.shape != (B,) or tensor.dtype != dtype or tensor.device != logits.device:
            raise ValueError(
                f"{name} must be ({B},) {dtype} on {logits.device}, got {tuple(tensor.shape)} "
                f"{tensor.dtype} on {tensor.device}"
            )
    if backend == "triton":
        if logits.device.type != "cuda":
            raise ValueError(f"backend 'triton' needs a CUDA device, logits are on {logits.device}")
        from minilora.kernels.masked_sample import masked_sample

        return masked_sample(logits, packed, temperature, seed, position)
    if backend != "torch":
        raise ValueError(f"backend must be 'torch' or 'triton', got {backend!r}")
    hot = temperature[:, None] > 0
    scores = logits.float() / temperature[:, None].where(hot, temperature.new_ones(()))
    scores = scores + gumbel_noise(seed, position, V).where(hot, temperature.new_zeros(()))
    scores = apply_mask_(scores, packed)
    highest = scores.amax(1, keepdim=True)  # (B, 1)
    first = (scores == highest).int().argmax(1)  # of ones the first
    return first.where(highest[:, 0] > float("-inf"), -1)


def gumbel_noise(seed: Tensor, position: Tensor, vocab_size: int) -> Tensor:
    """Return standard Gumbel noise -log(-log u), (B, V) float32, u uniform on 2**23 midpoints.

    u comes from the first word of Philox4x32-10 under the key ``seed`` at the counter (token,
    position, 0, 0).

    Args:
        seed: (B,) int64.
        position: (B,) int32.
        vocab_size: V.

    Source: Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3, table 2.
    """
    k0, k1 = seed[:, None] & _WORD, seed[:, None] >> 32 & _WORD  # (B, 1)
    c0 = torch.arange(vocab_size, device=seed.device)[None]  # (1, V), words held in int64
    c1 = position[:, None].long() & _WORD
    c2 = c3 = torch.zeros_like(c0)
    for _ in range(10):
        high0, low0 = _product(0xD2511F53, c0)
        high2, low2 = _product(0xCD9E8D57, c2)
        c0, c1, c2, c3 = high2 ^ c1 ^ k0, low2, high0 ^ c3 ^ k1, low0
        k0, k1 = k0 + 0x9E3779B9 & _WORD, k1 + 0xBB67AE85 & _WORD
    u = ((c0 >> 9).float() + 0.5) / 2**23
    return -(-u.log()).log()


def _product(a: int, b: Tensor) -> tuple[Tensor, Tensor]:
    """Return the high and low words of 32 x 32 bit products; b is cut so that none overflows."""
    upper, lower = a * (b >> 16), a * (b & 0xFFFF)
    return (upper + (lower >> 16)) >> 16, (upper << 16) + lower & _WORD


def _check(logits: Tensor, packed: Tensor) -> None:
    if logits.dim() != 2 or packed.dim() != 2 or len(logits) != len(packed):
        raise ValueError(
            f"expected logits (B, V) and packed (B, W), got {tuple(logits.shape)} and "
            f"{tuple(packed.shape)}"
        )
    if packed.dtype != torch.int32 or not logits.is_floating_point():
        raise ValueError(
            f"expected floating logits and int32 words, got {logits.dtype} and {packed.dtype}"
        )
    if packed.device != logits.device:
        raise ValueError(f"logits are on {logits.device}, packed on {packed.device}")
