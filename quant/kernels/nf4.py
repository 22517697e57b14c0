"""The NF4 dequantization for a GPU, in Triton.

Must equal `quant.nf4.dequantize_nf4(..., backend="torch")` bit for bit.

The algorithm, for one byte of the packed weight:

    for i in range(N // 2):
        b = 2 * i // blocksize
        w[2 * i] = round(code[packed[i] >> 4] * absmax[b])
        w[2 * i + 1] = round(code[packed[i] & 15] * absmax[b])

One program takes BLOCK bytes. Bytes moved: N / 2 + 4 N / blocksize read, 2 N or 4 N written; the
code table stays in cache. At 4.5 bits read and 16 written an element, memory is the limit, not
arithmetic.
"""

from collections.abc import Sequence
from math import prod

import torch
import triton
import triton.language as tl
from torch import Tensor

from quant.nf4 import nf4_code

BLOCK = 1024  # packed bytes a program: eight a thread at four warps; any power of two is right


@triton.jit
def dequantize_nf4_kernel(  # type: ignore[no-untyped-def]
    packed_ptr,  # (ceil(N / 2),) uint8
    absmax_ptr,  # (ceil(N / BLOCKSIZE),) float32
    code_ptr,  # (16,) float32
    out_ptr,  # (N,) float32, float16 or bfloat16
    N,
    BLOCKSIZE: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Write w_i = code[q_i] * absmax[i // BLOCKSIZE]; see the module.

    Grid (ceil(N / 2 / BLOCK),): a program owns BLOCK bytes, 2 * BLOCK consecutive elements. All
    pointers are contiguous. The product is in float32 and is rounded once, on its way to out_ptr.
    BLOCKSIZE is even, so both elements of a byte share a block; N may be odd.
    """
    offs = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    byte = tl.load(packed_ptr + offs, mask=2 * offs < N, other=0).to(tl.int32)
    absmax = tl.load(absmax_ptr + 2 * offs // BLOCKSIZE, mask=2 * offs < N, other=0.0)
    even = tl.load(code_ptr + (byte >> 4)) * absmax
    odd = tl.load(code_ptr + (byte & 15)) * absmax
    weights = tl.interleave(even, odd)  # (2 * BLOCK,) in the order of the elements
    offs_out = tl.program_id(0).to(tl.int64) * (2 * BLOCK) + tl.arange(0, 2 * BLOCK)
    tl.store(out_ptr + offs_out, weights.to(out_ptr.dtype.element_ty), mask=offs_out < N)


def dequantize(
    packed: Tensor,
    absmax: Tensor,
    shape: Sequence[int],
    dtype: torch.dtype,
    blocksize: int,
    block: int = BLOCK,
) -> Tensor:
    """Return the weight as `quant.nf4.dequantize_nf4` does; its arguments, already checked.

    float64 goes through float32, which is not rounded. `block` is the packed bytes of a program.

    Raises:
        ValueError: tensors on different devices, or a block that is not a power of two.
    """
    if packed.device != absmax.device:
        raise ValueError(f"packed is on {packed.device}, absmax on {absmax.device}")
    if block <= 0 or block & (block - 1):
        raise ValueError(f"block must be a power of two, got {block}")
    N = prod(shape)
    out_dtype = torch.float32 if dtype == torch.float64 else dtype
    out = torch.empty(tuple(shape), dtype=out_dtype, device=packed.device)
    grid = (triton.cdiv(packed.numel(), block),)
    dequantize_nf4_kernel[grid](
        packed.contiguous(),
        absmax.contiguous(),
        nf4_code(packed.device),
        out,
        N,
        BLOCKSIZE=blocksize,
        BLOCK=block,
    )
    return out.to(dtype)
