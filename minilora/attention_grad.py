"""Attention for training: the numbers of ``attention.attention``, with the gradient written out.

Autograd would keep the probabilities of every layer, which are most of a batch's memory. Here only
the inputs and one number a query are kept, L = log2 sum exp2 of its scores; the backward pass makes
the probabilities again and from them the gradients:

    S = Q K^T log2(e) / sqrt(Dh) + mask,   P = exp2(S - L),   O = P V
    dV = P^T dO,   dP = dO V^T,   dS = P * (dP - rowsum(P * dP)),   dQ = dS K,   dK = dS^T Q

The keys that all rows of a group share are never copied to the rows: their scores are a matrix of
their own, and the two share one softmax.

This is the form for any device; on a CPU training takes ``attention_fused``, a third of the time.
16-bit inputs are computed with in float32: L, a sum of twenty or so, would be off by 2^-4 in
bfloat16 and every probability by 4%.

Powers of two, since on a CPU torch's float32 exp takes 150 times as long where the result
underflows, and masked scores all do.

Shape letters: B rows, T tokens of a row, P shared keys, H query heads, Hkv key/value heads,
G = H / Hkv, Dh head_dim.

Source: Dao et al. 2022, FlashAttention, section 3.1 and appendix B.4, arXiv:2205.14135.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor


def trainable_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor,
    shared: tuple[Tensor, Tensor] | None = None,
    shared_mask: Tensor | None = None,
) -> Tensor:
    """Return what ``attention.attention`` returns, (B, T, H, Dh), for as many own keys as queries.

    Args:
        q: (B, T, H, Dh).
        k: (B, T, Hkv, Dh).
        v: (B, T, Hkv, Dh).
        mask: (1, T, T), 0 where a key is seen and -inf where it is not.
        shared: keys and values (P, Hkv, Dh) seen by every row, or None.
        shared_mask: (1, T, P) of the same kind; None shows all P keys to every query.
    """
    narrow = q.dtype
    if narrow in (torch.float16, torch.bfloat16):
        q, k, v = q.float(), k.float(), v.float()
        shared = shared and (shared[0].float(), shared[1].float())
    ks, vs = shared or (None, None)
    out: Tensor = _Attention.apply(q, k, v, ks, vs, mask, shared_mask)  # type: ignore[no-untyped-call]
    return out.to(narrow)


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        ks: Tensor | None,
        vs: Tensor | None,
        mask: Tensor,
        shared_mask: Tensor | None,
    ) -> Tensor:
        Q, V = _queries(q, k, _scale(q)), _by_head(v)
        own = _scores(Q, _by_head(k), mask)  # (Hkv * B, G * T, T)
        top = own.amax(-1, keepdim=True)
        if ks is not None and vs is not None:
            common = _common_scores(Q, _heads_first(ks), shared_mask)  # (Hkv * B, G * T, P)
            top = torch.maximum(top, common.amax(-1, keepdim=True))
        total = own.sub_(top).exp2_().sum(-1, keepdim=True)
        out = torch.bmm(own, V)
        if ks is not None and vs is not None:
            total += common.sub_(top).exp2_().sum(-1, keepdim=True)
            out += torch.bmm(_together(common, ks), _heads_first(vs)).view_as(out)
        ctx.save_for_backward(q, k, v, ks, vs, mask, shared_mask, top.add_(total.log2()))
        return _by_row(out.div_(total), q)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, ks, vs, mask, shared_mask, L = ctx.saved_tensors
        Q, K, V = _queries(q, k, _scale(q)), _by_head(k), _by_head(v)
        dO = _queries(grads[0], k)
        P = _scores(Q, K, mask).sub_(L).exp2_()
        dV = torch.bmm(P.mT, dO)
        dS = torch.bmm(dO, V.mT).mul_(P)  # P * dP, from which rowsum * P is still to be taken
        rowsum = dS.sum(-1, keepdim=True)
        if ks is None:
            dS.addcmul_(P, rowsum, value=-1)
            dQ, dks, dvs = torch.bmm(dS, K), None, None
        else:
            Ks, Vs = _heads_first(ks), _heads_first(vs)
            Ps = _common_scores(Q, Ks, shared_mask).sub_(L).exp2_()  # (Hkv * B, G * T, P)
            dvs = torch.bmm(_together(Ps, ks).mT, _together(dO, ks)).transpose(0, 1)
            dSs = torch.bmm(_together(dO, ks), Vs.mT).view_as(Ps).mul_(Ps)
            rowsum += dSs.sum(-1, keepdim=True)
            dS.addcmul_(P, rowsum, value=-1)
            dSs.addcmul_(Ps, rowsum, value=-1)
            dQ = torch.bmm(dS, K)
            dQ += torch.bmm(_together(dSs, ks), Ks).view_as(dQ)
            dks = torch.bmm(_together(dSs, ks).mT, _together(Q, ks)).transpose(0, 1)
            dks = dks * math.log(2)  # Q was scaled by log2(e) too
        dK = torch.bmm(dS.mT, Q).mul_(math.log(2))
        dq = _by_row(dQ.mul_(q.shape[-1] ** -0.5), q)
        return dq, _from_heads(dK, k), _from_heads(dV, v), dks, dvs, None, None


def _scale(q: Tensor) -> float:
    """Return log2(e) / sqrt(Dh): with it exp2 of the scores is exp of the usual ones."""
    return math.log2(math.e) / math.sqrt(q.shape[-1])


def _queries(q: Tensor, k: Tensor, scale: float = 1.0) -> Tensor:
    """Lay (B, T, H, Dh) out as (Hkv * B, G * T, Dh), scaled: the G heads follow one another."""
    B, T, H, Dh = q.shape
    Hkv = k.shape[2]
    folded = q.view(B, T, Hkv, H // Hkv, Dh).permute(2, 0, 3, 1, 4)  # (Hkv, B, G, T, Dh)
    if scale != 1.0:
        folded = folded * scale
    return folded.reshape(Hkv * B, -1, Dh)


def _by_row(x: Tensor, q: Tensor) -> Tensor:
    """Lay (Hkv * B, G * T, Dh) out as q is, (B, T, H, Dh)."""
    B, T, _, Dh = q.shape
    return x.view(len(x) // B, B, -1, T, Dh).permute(1, 3, 0, 2, 4).reshape(q.shape)


def _by_head(k: Tensor) -> Tensor:
    """Lay (B, T, Hkv, Dh) out as (Hkv * B, T, Dh)."""
    return k.permute(2, 0, 1, 3).reshape(-1, k.shape[1], k.shape[3])


def _from_heads(x: Tensor, k: Tensor) -> Tensor:
    """Lay (Hkv * B, T, Dh) out as k is, (B, T, Hkv, Dh)."""
    B, T, Hkv, Dh = k.shape
    return x.view(Hkv, B, T, Dh).permute(1, 2, 0, 3)


def _heads_first(ks: Tensor) -> Tensor:
    """Lay (P, Hkv, Dh) out as (Hkv, P, Dh)."""
    return ks.transpose(0, 1).contiguous()


def _together(x: Tensor, ks: Tensor) -> Tensor:
    """View (Hkv * B, G * T, n) as (Hkv, B * G * T, n): all rows meet the shared keys at once."""
    return x.view(ks.shape[1], -1, x.shape[-1])


def _scores(Q: Tensor, K: Tensor, mask: Tensor) -> Tensor:
    """Return Q K^T + mask, (Hkv * B, G * T, T)."""
    G = Q.shape[1] // K.shape[1]
    return torch.bmm(Q, K.mT).add_(mask.to(Q.dtype).repeat(1, G, 1))


def _common_scores(Q: Tensor, Ks: Tensor, mask: Tensor | None) -> Tensor:
    """Return the scores of the shared keys Ks (Hkv, P, Dh): (Hkv * B, G * T, P)."""
    Hkv, P, _ = Ks.shape
    scores = torch.bmm(Q.view(Hkv, -1, Q.shape[-1]), Ks.mT).view(*Q.shape[:2], P)
    if mask is not None:
        scores += mask.to(Q.dtype).repeat(1, Q.shape[1] // mask.shape[1], 1)
    return scores
