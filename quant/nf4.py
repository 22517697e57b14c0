"""NF4: weights in 4 bits, the 16 levels placed at quantiles of a normal distribution.

A weight is flattened and cut into blocks. A block keeps one float32 `absmax`; each element keeps
the index of the nearest of 16 levels after division by it. Two indices share a byte:

    q_i = argmin_j |x_i / absmax_b - code_j|      w_i = code[q_i] * absmax_b      b = i // blocksize

Double quantization stores the absmax values in 8 bits (`quantize_absmax`). The results are bit for
bit those of bitsandbytes on the CPU: `tests/quant/test_nf4.py` compares stored outputs. This file
is the definition. `quant.kernels` holds faster forms of the dequantization, equal to it.

Shape letters: N elements of the weight, B = ceil(N / blocksize) blocks.

Source: Dettmers et al. 2023, QLoRA, section 3, arXiv:2305.14314.

>>> weight = torch.tensor([[0.5, -1.0], [0.25, 0.0]])
>>> packed, absmax = quantize_nf4(weight)
>>> [f"{byte:08b}" for byte in packed.tolist()], absmax.tolist()
(['11000000', '10100111'], [1.0])
>>> dequantize_nf4(packed, absmax, (2, 2), torch.float32)
tensor([[ 0.4407, -1.0000],
        [ 0.2461,  0.0000]])
"""

from collections.abc import Sequence
from functools import cache
from math import prod
from typing import NamedTuple

import torch
from torch import Tensor

from quant import backend as backends
from quant.kernels import cpu

# Quantiles of a standard normal, scaled into [-1, 1], with an exact zero: eight positive levels at
# equal steps of probability from 0.5 to 0.9677083, and seven negative ones from the other side.
# `tests/quant/test_nf4.py` derives them.
NF4_LEVELS = (
    -1.0,
    -0.6961928009986877,
    -0.5250730514526367,
    -0.39491748809814453,
    -0.28444138169288635,
    -0.18477343022823334,
    -0.09105003625154495,
    0.0,
    0.07958029955625534,
    0.16093020141124725,
    0.24611230194568634,
    0.33791524171829224,
    0.44070982933044434,
    0.5626170039176941,
    0.7229568362236023,
    1.0,
)
CPU = torch.device("cpu")
BLOCKSIZES = (32, 64, 128, 256, 512, 1024, 2048, 4096)
FLOAT_DTYPES = (torch.float32, torch.float16, torch.bfloat16, torch.float64)
NESTED_BLOCKSIZE = 256  # absmax values sharing one nested absmax

# A smaller absmax has no finite reciprocal in float32; bitsandbytes divides by this instead.
SMALLEST_ABSMAX = 1e-38
# Elements quantized at a time, so that the float32 copies of a big weight stay small, 4 MB each.
# Even, and a multiple of every blocksize.
CHUNK = 1 << 20


class NestedAbsmax(NamedTuple):
    """The absmax values of a weight, in 8 bits: code[codes_b] * absmax[b // 256] + offset.

    Fields: codes (B,) uint8; absmax (ceil(B / 256),) float32; offset () float32, the mean of what
    was quantized.
    """

    codes: Tensor
    absmax: Tensor
    offset: Tensor


def quantize_nf4(
    weight: Tensor, blocksize: int = 64, backend: backends.Backend = "auto"
) -> tuple[Tensor, Tensor]:
    """Quantize a weight to NF4 in blocks: q_i = argmin_j |x_i / absmax_b - code_j|.

    The division is a product with the float32 reciprocal of absmax, except in a ragged last block,
    which is divided and whose absmax is at least 1e-38: so does bitsandbytes on the CPU. A tie
    takes the lower level.

    Args:
        weight: any shape, N > 0 elements, float32, float16, bfloat16, or float64, which is rounded
            to float32 first. Blocks run over the flattened weight, whatever its rows.
        blocksize: elements sharing one absmax; a power of two from 32 to 4096.
        backend: "c" has its own quantization, others use torch's; all give the same bits.

    Returns:
        packed (ceil(N / 2),) uint8, the first element of a pair in the high four bits, an odd N
        padded with level 0.0; absmax (B,) float32, 0 for a full block of zeros, which dequantizes
        to zeros.

    Raises:
        ValueError: blocksize or dtype outside the above, an empty weight, a value that is not
            finite, or a backend that cannot run.

    Source: Dettmers et al. 2023, QLoRA, section 3, arXiv:2305.14314.
    """
    check_blocksize(blocksize)
    if weight.dtype not in FLOAT_DTYPES:
        raise ValueError(
            f"weight must be float32, float16, bfloat16 or float64, got {weight.dtype}"
        )
    if weight.numel() == 0:
        raise ValueError(f"weight is empty, shape {tuple(weight.shape)}")
    name = backends.choose(backend, weight.device.type).name
    quantize_blocks = cpu.quantize_blocks if name == "c" else _quantize_blocks
    flat = weight.detach().reshape(-1)
    N = flat.numel()
    packed = torch.empty((N + 1) // 2, dtype=torch.uint8, device=weight.device)
    absmax = torch.empty(-(-N // blocksize), dtype=torch.float32, device=weight.device)
    for start in range(0, N, CHUNK):
        x = flat[start : start + CHUNK].float()
        whole = x.numel() - x.numel() % blocksize
        parts = [quantize_blocks(x[:whole], blocksize, SMALLEST_ABSMAX)]
        if whole < x.numel():
            parts.append(_quantize_tail(x[whole:]))
        chunk_packed, chunk_absmax = (torch.cat(part) for part in zip(*parts, strict=True))
        packed[start // 2 :][: chunk_packed.numel()] = chunk_packed
        absmax[start // blocksize :][: chunk_absmax.numel()] = chunk_absmax
    if not bool(absmax.isfinite().all()):
        bad = int((~weight.float().isfinite()).sum())
        raise ValueError(
            f"weight has {bad} values of {N} that are not finite in float32; NF4 cannot hold them"
        )
    return packed, absmax


def dequantize_nf4(
    packed: Tensor,
    absmax: Tensor,
    shape: Sequence[int],
    dtype: torch.dtype,
    blocksize: int = 64,
    backend: backends.Backend = "auto",
) -> Tensor:
    """Return the weight that packed levels and absmax stand for: w_i = code[q_i] * absmax_b.

    The product is taken in float32 and rounded once, to nearest even, into `dtype`.

    Args:
        packed: (ceil(N / 2),) uint8, or with a trailing dimension of 1, as bitsandbytes stores it.
        absmax: (B,) float32.
        shape: shape of the weight, N elements.
        dtype: float32, float16, bfloat16 or float64.
        blocksize: as it was quantized.
        backend: which implementation runs, see `quant.backend`; all give the same bits.

    Returns:
        The weight, `shape`, `dtype`.

    Raises:
        ValueError: sizes that do not belong together, a dtype or blocksize outside the above, or a
            backend that cannot run.
    """
    check_packed(packed, absmax, shape, dtype, blocksize)
    name = backends.choose(backend, packed.device.type).name
    if name == "c":
        return cpu.dequantize(packed, absmax, shape, dtype, blocksize)
    if name == "triton":
        from quant.kernels import nf4 as triton_nf4  # Triton decorates, and may be absent

        return triton_nf4.dequantize(packed, absmax, shape, dtype, blocksize)
    N = prod(shape)
    tail = N % blocksize
    levels = _levels(packed.reshape(-1))[:N]
    full = levels[: N - tail].view(-1, blocksize)
    full *= absmax[: full.shape[0], None]
    if tail:
        levels[N - tail :] *= absmax[-1]
    return levels.view(tuple(shape)).to(dtype)


def quantize_absmax(absmax: Tensor) -> NestedAbsmax:
    """Quantize absmax values to 8 bits in blocks of 256, after taking their mean off.

    Args:
        absmax: (B,) float32.

    Returns:
        The nested form, 1 + 4 / 256 bytes a value; each code is the nearest of the 256 levels.

    Raises:
        ValueError: absmax is not a non-empty float32 vector, or a value or the mean is not finite.

    Source: Dettmers et al. 2023, QLoRA, section 3 (double quantization), arXiv:2305.14314.
    """
    if absmax.dtype != torch.float32 or absmax.dim() != 1 or absmax.numel() == 0:
        raise ValueError(
            f"absmax must be a float32 vector, got {absmax.dtype} of shape {tuple(absmax.shape)}"
        )
    offset = absmax.mean()
    if not bool(offset.isfinite()):
        raise ValueError(f"absmax values have the mean {offset.item()}, which is not finite")
    codes, nested_absmax = quantize_blockwise(
        absmax - offset, dynamic_code(absmax.device), NESTED_BLOCKSIZE
    )
    return NestedAbsmax(codes, nested_absmax, offset)


def dequantize_absmax(nested: NestedAbsmax) -> Tensor:
    """Return absmax_b = code[codes_b] * absmax[b // 256] + offset: (B,) float32, two roundings.

    >>> nested = quantize_absmax(torch.tensor([0.5, 1.0, 1.5]))
    >>> dequantize_absmax(nested)
    tensor([0.5035, 1.0000, 1.5000])
    """
    code = dynamic_code(nested.codes.device)
    levels = code.index_select(0, nested.codes.view(-1).int())
    blocks = nested.absmax.repeat_interleave(NESTED_BLOCKSIZE)[: levels.numel()]
    return levels * blocks + nested.offset


def quantize_blockwise(x: Tensor, code: Tensor, blocksize: int) -> tuple[Tensor, Tensor]:
    """Quantize a float32 vector to the nearest of up to 256 levels, in blocks.

    Args:
        x: (N,) float32.
        code: (up to 256,) float32, sorted, within [-1, 1].
        blocksize: elements sharing one absmax.

    Returns:
        codes (N,) uint8 and absmax (ceil(N / blocksize),) float32.
    """
    N = x.numel()
    blocks = torch.nn.functional.pad(x, (0, -N % blocksize)).view(-1, blocksize)
    absmax = blocks.abs().amax(dim=1)
    scaled = blocks * (1.0 / absmax.clamp(min=SMALLEST_ABSMAX))[:, None]
    codes = torch.bucketize(scaled.view(-1)[:N], midpoints(code), out_int32=True)
    return codes.to(torch.uint8), absmax


def midpoints(code: Tensor) -> Tensor:
    """Return the thresholds between neighbouring levels, rounded to float32: (len(code) - 1,)."""
    return (code[:-1] + code[1:]) / 2


@cache
def nf4_code(device: torch.device = CPU) -> Tensor:
    """Return the 16 levels, (16,) float32, sorted."""
    return torch.tensor(NF4_LEVELS, dtype=torch.float32, device=device)


@cache
def dynamic_code(device: torch.device = CPU) -> Tensor:
    """Return the signed 8-bit dynamic map, (256,) float32, sorted.

    Each decade of magnitude, from 0.1 * 10^(i-6) to 10^(i-6) for i in 0..6, is cut into 2^i equal
    steps whose midpoints are levels, with both signs. 0 and 1 complete the 2 (1 + 2 + ... + 64) =
    254 of them to 256.

    Source: Dettmers et al. 2022, 8-bit optimizers, section 2, arXiv:2110.02861.
    """
    levels = [0.0, 1.0]
    for i in range(7):
        edges = torch.linspace(0.1, 1, 2**i + 1, dtype=torch.float32)
        means = midpoints(edges) * 10.0 ** (i - 6)
        levels += means.tolist() + (-means).tolist()
    return torch.tensor(sorted(levels), dtype=torch.float32, device=device)


def check_blocksize(blocksize: int) -> None:
    """Raise ValueError unless blocksize is a power of two from 32 to 4096."""
    if blocksize not in BLOCKSIZES:
        raise ValueError(f"blocksize must be a power of two from 32 to 4096, got {blocksize}")


def check_packed(
    packed: Tensor, absmax: Tensor, shape: Sequence[int], dtype: torch.dtype, blocksize: int
) -> None:
    """Raise ValueError unless packed and absmax can be a weight of this shape and dtype."""
    check_blocksize(blocksize)
    N = prod(shape)
    n_bytes, n_blocks = (N + 1) // 2, -(-N // blocksize)
    if dtype not in FLOAT_DTYPES:
        raise ValueError(f"dtype must be float32, float16, bfloat16 or float64, got {dtype}")
    if packed.dtype != torch.uint8 or packed.numel() != n_bytes:
        raise ValueError(
            f"a weight of shape {tuple(shape)} has {n_bytes} packed bytes of torch.uint8, "
            f"got {packed.numel()} of {packed.dtype}"
        )
    if absmax.dtype != torch.float32 or absmax.numel() != n_blocks:
        raise ValueError(
            f"a weight of shape {tuple(shape)} in blocks of {blocksize} has {n_blocks} absmax "
            f"values of torch.float32, got {absmax.numel()} of {absmax.dtype}"
        )


def _quantize_blocks(x: Tensor, blocksize: int, smallest: float) -> tuple[Tensor, Tensor]:
    """Quantize a float32 vector of whole blocks: its packed bytes and absmax."""
    blocks = x.view(-1, blocksize)
    absmax = blocks.abs().amax(dim=1)
    scaled = blocks * (1.0 / absmax.clamp(min=smallest))[:, None]
    return _pack(scaled.view(-1)), absmax


def _quantize_tail(x: Tensor) -> tuple[Tensor, Tensor]:
    """Quantize a last block that is not whole: its packed bytes and absmax (1,)."""
    absmax = x.abs().amax().clamp(min=SMALLEST_ABSMAX)
    return _pack(torch.cat([x / absmax, x.new_zeros(x.numel() % 2)])), absmax[None]


def _pack(scaled: Tensor) -> Tensor:
    """Return the nearest levels of (2 n,) values in [-1, 1], two a byte: (n,) uint8."""
    q = torch.zeros_like(scaled, dtype=torch.uint8)
    for threshold in midpoints(nf4_code(scaled.device)):  # a level's index is the thresholds below
        q += (scaled > threshold).view(torch.uint8)
    return (q[::2] << 4) | q[1::2]


def _levels(packed: Tensor) -> Tensor:
    """Return the level of every 4-bit index: (n,) uint8 -> (2 n,) float32, a new tensor.

    Both levels of a byte are looked up at once, as the one 64-bit word that they are in memory.
    """
    pairs = _pairs(packed.device).view(torch.int64).view(-1)  # (256,)
    return pairs.index_select(0, packed.int()).view(torch.float32)


@cache
def _pairs(device: torch.device) -> Tensor:
    """Return the two levels of every packed byte: (256, 2) float32."""
    byte = torch.arange(256, device=device)
    return nf4_code(device)[torch.stack([byte >> 4, byte & 15], dim=1)]
