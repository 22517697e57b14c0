"""Mask, temperature, noise and argmax for a GPU in one pass over the logits, in Triton.

Must choose what `minilora.grammar.apply.sample_masked(..., backend="torch")` chooses, up to ties
that the last bit of a logarithm decides.

The algorithm, for row b:

    best = -inf, chosen = -1
    for t in range(V):
        if packed[b, t // 32] >> (t % 32) & 1:
            score = logits[b, t]
            if temperature[b] > 0:
                u = ((philox(key=seed[b], counter=(t, position[b], 0, 0)) >> 9) + 0.5) / 2**23
                score = score / temperature[b] - log(-log(u))
            if score > best: best, chosen = score, t

Bytes moved: 2 V or 4 V + V / 8 read a row, 8 written; without the kernel the masked, the scaled and
the noisy logits would each be written and read once more.

Source: the Gumbel-max trick, Gumbel 1954; Philox4x32-10, Salmon et al. 2011, "Parallel random
numbers: as easy as 1, 2, 3", table 2.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK = 1024  # logits at a time: eight a thread at four warps; any power of two from 32 is right


@triton.jit  # type: ignore[untyped-decorator]
def masked_sample_kernel(  # type: ignore[no-untyped-def]
    logits_ptr,  # (B, V) float32, float16 or bfloat16, rows stride_b apart
    packed_ptr,  # (B, n_words) int32
    temperature_ptr,  # (B,) float32
    seed_ptr,  # (B,) int64
    position_ptr,  # (B,) int32
    out_ptr,  # (B,) int64
    V,
    n_words,
    stride_b,
    BLOCK: tl.constexpr,
):
    """Write the chosen token of each row, -1 where none is allowed; see the module.

    Grid (B,): a program owns a row. Scores are float32. Each lane keeps the best of the tokens t
    with t % BLOCK == lane, the first of equals; at the end the best lane is taken, again the first.
    """
    row = tl.program_id(0).to(tl.int64)
    temperature = tl.load(temperature_ptr + row)
    seed = tl.load(seed_ptr + row)
    position = tl.load(position_ptr + row)
    lanes = tl.arange(0, BLOCK)
    best = tl.full((BLOCK,), float("-inf"), tl.float32)
    chosen = tl.full((BLOCK,), 0, tl.int32)
    for start in range(0, V, BLOCK):
        token = start + lanes
        known = (token < V) & (token < n_words * 32)
        words = tl.load(packed_ptr + row * n_words + token // 32, mask=known, other=0)
        allowed = known & ((words >> (token % 32)) & 1 == 1)
        score = tl.load(logits_ptr + row * stride_b + token, mask=allowed, other=float("-inf"))
        score = score.to(tl.float32)
        if temperature > 0:
            # Philox: two 32 x 32 -> 64 bit products a round, their halves crossed and keyed.
            k0 = (seed & 0xFFFFFFFF).to(tl.uint32)
            k1 = (seed >> 32 & 0xFFFFFFFF).to(tl.uint32)
            c0 = token.to(tl.uint32)
            c1 = (token * 0 + position).to(tl.uint32)
            c2 = (token * 0).to(tl.uint32)
            c3 = c2
            for _ in tl.static_range(10):
                high0, high2 = tl.umulhi(c0, 0xD2511F53), tl.umulhi(c2, 0xCD9E8D57)
                low0, low2 = c0 * 0xD2511F53, c2 * 0xCD9E8D57
                c0, c1, c2, c3 = high2 ^ c1 ^ k0, low2, high0 ^ c3 ^ k1, low0
                k0 += 0x9E3779B9
                k1 += 0xBB67AE85
            u = ((c0 >> 9).to(tl.float32) + 0.5) * (1 / 8388608)  # 2**23: never 0, never 1
            score = score / temperature - tl.log(-tl.log(u))
        better = score > best
        best = tl.where(better, score, best)
        chosen = tl.where(better, token, chosen)
    highest = tl.max(best, 0)
    first = tl.min(tl.where(best == highest, chosen, 0x7FFFFFFF), 0)
    tl.store(out_ptr + row, tl.where(highest > float("-inf"), first, -1).to(tl.int64))


def masked_sample(
    logits: Tensor,
    packed: Tensor,
    temperature: Tensor,
    seed: Tensor,
    position: Tensor,
    block: int = BLOCK,
) -> Tensor:
    """Return the chosen tokens, (B,) int64; arguments as `sample_masked`, already checked.

    `block` is the logits a program reads at a time.

    Raises:
        ValueError: a block that is not a power of two from 32, or more logits a row than an int32
            counts.
    """
    if block < 32 or block & (block - 1):
        raise ValueError(f"block must be a power of two from 32, got {block}")
    B, V = logits.shape
    if V + block >= 2**31:
        raise ValueError(f"rows of {V} logits: at most 2**31 - block")
    logits = logits if logits.stride(1) == 1 else logits.contiguous()
    out = torch.empty(B, dtype=torch.int64, device=logits.device)
    masked_sample_kernel[(B,)](
        logits,
        packed.contiguous(),
        temperature.contiguous(),
        seed.contiguous(),
        position.contiguous(),
        out,
        V,
        packed.shape[1],
        logits.stride(0),
        BLOCK=block,
    )
    return out
