"""Attention of decoded tokens over a paged cache for a GPU, in Triton.

Must equal `serve.paged.Rows` with ``backend="torch"`` up to rounding.

The algorithm, for row b and the G = H / Hkv query heads of key/value head h:

    first = max(0, lengths[b] - window)             # 0 without a window
    for split in range(first // SPLIT, ceil(lengths[b] / SPLIT)):
        m, l, acc = -inf, 0, 0                      # the highest score, the sum of weights, out
        for t in the tokens of the split from first to lengths[b] - 1:
            block = table[b, t // block_size], slot = t % block_size
            s = q[b, h * G : (h + 1) * G] @ keys[block, slot, h] / sqrt(Dh)     # (G,)
            m_new = max(m, s)
            acc = acc * exp(m - m_new) + exp(s - m_new) * values[block, slot, h]
            l, m = l * exp(m - m_new) + exp(s - m_new), m_new
    out[b, h * G : (h + 1) * G] = sum of acc over the splits / sum of l, both times exp(m - highest)

The splits of a row are computed side by side, so that a long context fills a GPU even where it is
alone (flash-decoding). They are cut at multiples of SPLIT tokens, whatever else is in the batch,
and added up in order: a row's result does not depend on the other rows, to the bit. Where the table
has room for one split only, its program writes the result itself; that is the same number too,
because adding up a single split multiplies it by exp(0) = 1.

Bytes moved: a row's 2 * length * Hkv * Dh numbers of the cache are read once, whatever G is; with
more than one split 4 * H * (Dh + 2) bytes a split are written and read on top: at SPLIT = 256,
G = 4 and 16-bit numbers 3 % of the cache's. With G multiplications a number read, memory is the
limit.

Sources: Kwon et al. 2023, PagedAttention, arXiv:2309.06180; Dao et al. 2023, Flash-Decoding,
https://crfm.stanford.edu/2023/10/12/flashdecoding.html; Milakov and Gimelshein 2018, online
softmax, arXiv:1805.02867.
"""

import math

import torch
import triton
import triton.language as tl
from torch import Tensor

from serve.paged import KERNEL_HEAD_DIM

SPLIT = 256  # tokens; enough to pay for writing a partial result, few enough to fill a GPU
# Tokens a program reads at a time, by bytes a number: 8 KiB of keys at Dh = 128. Twice as many make
# the float32 kernel spill on sm_90, and the 16-bit one on sm_75.
BLOCK_S = {2: 32, 4: 16}
# Query heads in one product of a tensor core; those missing are zeros. Where one key/value head has
# more than 16, and head_dim is above 64, the kernel is right but spills in float32 and on a T4.
MIN_BLOCK_G = 16
DTYPES = (torch.float32, torch.float16, torch.bfloat16)


@triton.jit  # type: ignore[untyped-decorator]
def paged_attention_kernel(  # type: ignore[no-untyped-def]
    q_ptr,  # (B, H, DH) in the cache's dtype, rows stride_q apart
    keys_ptr,  # (n_blocks, CACHE_BLOCK, HKV, DH) float32, float16 or bfloat16
    values_ptr,  # as keys_ptr
    table_ptr,  # (B, max_blocks) int32, rows stride_t apart
    lengths_ptr,  # (B,) int32, at least 1
    out_ptr,  # (B, H, DH) in q's dtype; written where DIRECT
    acc_ptr,  # (B, H, n_splits, DH) float32; the next three are written where not DIRECT
    highest_ptr,  # (B, H, n_splits) float32, times log2(e)
    total_ptr,  # (B, H, n_splits) float32
    stride_q,
    stride_t,
    scale,  # log2(e) / sqrt(DH), so that exp(s) is exp2 of the scaled score
    H: tl.constexpr,
    HKV: tl.constexpr,
    DH: tl.constexpr,
    CACHE_BLOCK: tl.constexpr,
    WINDOW: tl.constexpr,  # None: all tokens are seen
    SPLIT: tl.constexpr,
    DIRECT: tl.constexpr,
    BLOCK_G: tl.constexpr,
    BLOCK_D: tl.constexpr,
    BLOCK_S: tl.constexpr,
):
    """Attend to one split of a row, for the query heads of one key/value head; see the module.

    Grid (B, HKV, n_splits): a program owns (row, key/value head, split), the first split being the
    one in which the window begins. Of splits beyond a row's length nothing is written. Scores, sums
    and acc are float32; the weights are rounded to the cache's dtype where they meet the values.
    SPLIT is a multiple of BLOCK_S; keys, values and the outputs are contiguous.
    """
    row = tl.program_id(0).to(tl.int64)
    kv_head = tl.program_id(1)
    length = tl.load(lengths_ptr + row)
    first = 0
    if WINDOW is not None:
        first = tl.maximum(length - WINDOW, 0)
    split = first // SPLIT + tl.program_id(2)
    # Every tile from here on holds a token that is seen, so that `highest` is finite after it.
    start = tl.maximum(split * SPLIT, first // BLOCK_S * BLOCK_S)
    stop = tl.minimum(split * SPLIT + SPLIT, length)
    if start >= stop:
        return
    G: tl.constexpr = H // HKV
    group = tl.arange(0, BLOCK_G)
    dim = tl.arange(0, BLOCK_D)
    head = kv_head * G + group
    own = (group < G)[:, None] & (dim < DH)[None, :]
    q = tl.load(q_ptr + row * stride_q + head[:, None] * DH + dim[None, :], mask=own, other=0.0)
    highest = tl.full((BLOCK_G,), float("-inf"), tl.float32)
    total = tl.zeros((BLOCK_G,), tl.float32)
    acc = tl.zeros((BLOCK_G, BLOCK_D), tl.float32)
    for begin in tl.range(start, stop, BLOCK_S, num_stages=2):
        token = begin + tl.arange(0, BLOCK_S)
        known = token < stop
        block = tl.load(table_ptr + row * stride_t + token // CACHE_BLOCK, mask=known, other=0)
        slot = block.to(tl.int64) * CACHE_BLOCK + token % CACHE_BLOCK
        offs = (slot * HKV + kv_head)[:, None] * DH + dim[None, :]  # (BLOCK_S, BLOCK_D)
        inside = known[:, None] & (dim < DH)[None, :]
        k = tl.load(keys_ptr + offs, mask=inside, other=0.0)
        v = tl.load(values_ptr + offs, mask=inside, other=0.0)
        scores = tl.dot(q, tl.trans(k), input_precision="ieee") * scale  # (BLOCK_G, BLOCK_S)
        scores = tl.where((known & (token >= first))[None, :], scores, float("-inf"))
        risen = tl.maximum(highest, tl.max(scores, 1))
        fade = tl.exp2(highest - risen)
        weights = tl.exp2(scores - risen[:, None])
        total = total * fade + tl.sum(weights, 1)
        acc = tl.dot(weights.to(v.dtype), v, acc * fade[:, None], input_precision="ieee")
        highest = risen
    place = row * H + head
    if DIRECT:
        out = acc / total[:, None]
        offs_out = place[:, None] * DH + dim[None, :]
        tl.store(out_ptr + offs_out, out.to(out_ptr.dtype.element_ty), mask=own)
    else:
        place = place * tl.num_programs(2) + tl.program_id(2)
        tl.store(acc_ptr + place[:, None] * DH + dim[None, :], acc, mask=own)
        tl.store(highest_ptr + place, highest, mask=group < G)
        tl.store(total_ptr + place, total, mask=group < G)


@triton.jit  # type: ignore[untyped-decorator]
def combine_kernel(  # type: ignore[no-untyped-def]
    acc_ptr,  # (B, H, n_splits, DH) float32, as paged_attention_kernel writes it; likewise:
    highest_ptr,  # (B, H, n_splits) float32
    total_ptr,  # (B, H, n_splits) float32
    lengths_ptr,  # (B,) int32
    out_ptr,  # (B, H, DH) float32, float16 or bfloat16
    n_splits,
    H: tl.constexpr,
    DH: tl.constexpr,
    WINDOW: tl.constexpr,
    SPLIT: tl.constexpr,
    BLOCK_D: tl.constexpr,
):
    """Add up the splits of a row, in order, and divide by the sum of the weights; see the module.

    Grid (B, H): a program owns one head of a row. All is float32 until it is written; the pointers
    are contiguous. Only the splits that the row has are read.
    """
    row = tl.program_id(0).to(tl.int64)
    length = tl.load(lengths_ptr + row)
    first = 0
    if WINDOW is not None:
        first = tl.maximum(length - WINDOW, 0)
    n_own = (length + SPLIT - 1) // SPLIT - first // SPLIT
    place = row * H + tl.program_id(1)
    dim = tl.arange(0, BLOCK_D)
    highest = tl.full((), float("-inf"), tl.float32)
    total = tl.zeros((), tl.float32)
    acc = tl.zeros((BLOCK_D,), tl.float32)
    for i in range(n_own):
        part = place * n_splits + i
        part_highest = tl.load(highest_ptr + part)
        risen = tl.maximum(highest, part_highest)
        fade, share = tl.exp2(highest - risen), tl.exp2(part_highest - risen)
        part_acc = tl.load(acc_ptr + part * DH + dim, mask=dim < DH, other=0.0)
        acc = acc * fade + part_acc * share
        total = total * fade + tl.load(total_ptr + part) * share
        highest = risen
    out = acc / total
    tl.store(out_ptr + place * DH + dim, out.to(out_ptr.dtype.element_ty), mask=dim < DH)


def paged_attention(
    q: Tensor,
    keys: Tensor,
    values: Tensor,
    table: Tensor,
    lengths: Tensor,
    window: int | None = None,
    split: int = SPLIT,
) -> Tensor:
    """Return softmax(q K^T / sqrt(Dh)) V of one query token a row, K and V in blocks.

    Args:
        q: (B, H, Dh) float32, float16 or bfloat16; its rows may lie apart.
        keys: (n_blocks, block_size, Hkv, Dh), q's dtype, contiguous; H is a multiple of Hkv.
        values: as keys.
        table: (B, max_blocks) int32; token t of row b is in slot t % block_size of block
            table[b, t // block_size]. Entries beyond a row's length are not read.
        lengths: (B,) int32, the tokens of each row, that of q the last of them: from 1 to
            max_blocks * block_size (not looked at here: the GPU is not waited for).
        window: a query sees this many tokens, itself among them; None: all.
        split: tokens computed by one program, a multiple of 32; it must be the same for all calls
            whose results are to be the same.

    Returns:
        (B, H, Dh), contiguous.

    Raises:
        ValueError: shapes, dtypes, devices, layouts or sizes other than these.
    """
    _check(q, keys, values, table, lengths)
    if split < 1 or split % max(BLOCK_S.values()):
        raise ValueError(f"split must be a multiple of {max(BLOCK_S.values())}, got {split}")
    if window is not None and window < 1:
        raise ValueError(f"window must be at least 1 token, got {window}")
    B, H, Dh = q.shape
    _, block_size, Hkv, _ = keys.shape
    n_splits = triton.cdiv(table.shape[1] * block_size, split)
    if window is not None:
        n_splits = min(n_splits, triton.cdiv(window, split) + 1)
    out = torch.empty(B, H, Dh, dtype=q.dtype, device=q.device)
    direct = n_splits == 1
    n_kept = 0 if direct else n_splits
    acc = torch.empty(B, H, n_kept, Dh, dtype=torch.float32, device=q.device)
    highest, total = torch.empty(2, B, H, n_kept, dtype=torch.float32, device=q.device)
    block_d = max(16, triton.next_power_of_2(Dh))
    paged_attention_kernel[(B, Hkv, n_splits)](
        q,
        keys,
        values,
        table,
        lengths,
        out,
        acc,
        highest,
        total,
        q.stride(0),
        table.stride(0),
        math.log2(math.e) / math.sqrt(Dh),
        H=H,
        HKV=Hkv,
        DH=Dh,
        CACHE_BLOCK=block_size,
        WINDOW=window,
        SPLIT=split,
        DIRECT=direct,
        BLOCK_G=max(MIN_BLOCK_G, triton.next_power_of_2(H // Hkv)),
        BLOCK_D=block_d,
        BLOCK_S=BLOCK_S[q.element_size()],
    )
    if not direct:
        combine_kernel[(B, H)](
            acc,
            highest,
            total,
            lengths,
            out,
            n_splits,
            H=H,
            DH=Dh,
            WINDOW=window,
            SPLIT=split,
            BLOCK_D=block_d,
        )
    return out


def _check(q: Tensor, keys: Tensor, values: Tensor, table: Tensor, lengths: Tensor) -> None:
    """Raise ValueError for tensors that the kernel would misread."""
    shapes = [tuple(x.shape) for x in (q, keys, values, table, lengths)]
    fit = [len(shape) for shape in shapes] == [3, 4, 4, 2, 1] and min(map(min, shapes)) > 0
    fit = fit and shapes[1] == shapes[2] and shapes[0][2] == shapes[1][3]
    if not fit or shapes[0][1] % shapes[1][2] or not len(q) == len(table) == len(lengths):
        raise ValueError(
            "expected q (B, H, Dh), keys and values (n_blocks, block_size, Hkv, Dh) with H a "
            f"multiple of Hkv, table (B, max_blocks) and lengths (B,), got {shapes}"
        )
    if q.shape[2] > KERNEL_HEAD_DIM:
        raise ValueError(f"head_dim must be at most {KERNEL_HEAD_DIM}, got {q.shape[2]}")
    if q.dtype not in DTYPES or not q.dtype == keys.dtype == values.dtype:
        raise ValueError(
            f"q, keys and values must have one dtype of {DTYPES}, got {q.dtype}, {keys.dtype}, "
            f"{values.dtype}"
        )
    if table.dtype != torch.int32 or lengths.dtype != torch.int32:
        raise ValueError(f"table and lengths must be int32, got {table.dtype}, {lengths.dtype}")
    devices = {x.device for x in (q, keys, values, table, lengths)}
    if len(devices) > 1:
        raise ValueError(f"tensors on different devices: {sorted(map(str, devices))}")
    dense = keys.is_contiguous() and values.is_contiguous() and lengths.is_contiguous()
    if not dense or table.stride(1) != 1 or q.stride()[1:] != (q.shape[2], 1):
        raise ValueError("keys, values, lengths and the rows of q and table must be contiguous")
