"""Attention for training on a CPU: torch's fused kernel, twice where rows share a prefix.

The kernel never writes the scores down. It returns its output O and one number a query,
L = log sum exp of its scores. With shared keys it runs once over each row's own keys (1) and once
over the shared ones (2), which all rows meet as queries of one long row, and the halves are joined:

    L = log(e^L1 + e^L2),   O = e^(L1 - L) O1 + e^(L2 - L) O2

Its gradient needs no more of the softmax than O and L, since P = exp(S - L) and

    dV = P^T dO,   dP = dO V^T,   dS = P * (dP - rowsum(dO * O)),   dQ = dS K,   dK = dS^T Q

so that each half, given the O and L of both, returns just its part of the joint gradient.

Gradients of 16-bit inputs are computed in float32: the kernel is twice as fast forward in bfloat16
where the processor has tiles for it, but no faster backward, and on short rows much slower.
``attention_grad`` is the same with every step written out, for other devices.

Shape letters: B rows, T tokens of a row, P shared keys, H query heads, Hkv key/value heads,
G = H / Hkv, Dh head_dim.

Source: Dao et al. 2022, FlashAttention, section 3.1 and appendix B, arXiv:2205.14135; one pass over
    a common prefix: Juravsky et al. 2024, Hydragen, arXiv:2402.05099.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

UNSEEN = -1e4  # added to a score: its exp is 0, and float16 holds it
# q, k, v (B, H, T, Dh), dropout, whether causal -> O (B, H, T, Dh), L (B, H, T)
flash = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
flash_backward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward


def fused_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | None = None,
    shared: tuple[Tensor, Tensor] | None = None,
    shared_mask: Tensor | None = None,
) -> Tensor:
    """Return what ``attention.attention`` returns, (B, T, H, Dh), for as many own keys as queries.

    Args:
        q: (B, T, H, Dh), on the CPU.
        k: (B, T, Hkv, Dh).
        v: (B, T, Hkv, Dh).
        mask: (1, T, T), 0 where a key is seen and -inf where it is not; None: causal.
        shared: keys and values (P, Hkv, Dh) seen by every row, or None.
        shared_mask: (1, T, P) of the same kind; None shows all P keys to every query.
    """
    ks, vs = shared or (None, None)
    return _FusedAttention.apply(q, k, v, ks, vs, mask, shared_mask)  # type: ignore[no-any-return, no-untyped-call]


class _FusedAttention(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        ks: Tensor | None,
        vs: Tensor | None,
        mask: Tensor | None,
        shared_mask: Tensor | None,
    ) -> Tensor:
        out: Tensor
        out, L = flash(*_own(q, k, v), 0.0, mask is None, attn_mask=_own_mask(mask, q))
        out, L = out.transpose(1, 2), L.transpose(1, 2)[..., None]  # (B, T, H, Dh), (B, T, H, 1)
        if ks is not None and vs is not None:
            where = _common_mask(shared_mask, q, ks)
            from_shared, Ls = flash(*_common(q, ks, vs), attn_mask=where)
            from_shared, Ls = _apart(from_shared, q), _apart(Ls[..., None], q)
            share = torch.sigmoid(Ls - L)  # e^Ls / (e^Ls + e^L)
            out, L = torch.lerp(out, from_shared, share.to(q.dtype)), torch.logaddexp(L, Ls)
        out = out.contiguous()
        ctx.save_for_backward(q, k, v, ks, vs, mask, shared_mask, out, L)
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, ks, vs, mask, shared_mask, out, L = ctx.saved_tensors
        dtype = q.dtype
        dout, q, k, v, out = (x.to(L.dtype) for x in (*grads, q, k, v, out))
        dq, dk, dv = flash_backward(
            dout.transpose(1, 2),
            *_own(q, k, v),
            out.transpose(1, 2),
            L[..., 0].transpose(1, 2),
            0.0,
            mask is None,
            attn_mask=_own_mask(mask, q),
        )
        dq, dk, dv = dq.transpose(1, 2), _sum_heads(dk, k).to(dtype), _sum_heads(dv, v).to(dtype)
        if ks is None:
            return dq.to(dtype), dk, dv, None, None, None, None
        ks, vs = ks.to(L.dtype), vs.to(L.dtype)
        dqs, dks, dvs = flash_backward(
            _together(dout, ks),
            *_common(q, ks, vs),
            _together(out, ks),
            _together(L, ks)[..., 0],
            0.0,
            False,
            attn_mask=_common_mask(shared_mask, q, ks),
        )
        dq = (dq + _apart(dqs, q)).to(dtype)
        dks, dvs = (x[0].transpose(0, 1).to(dtype) for x in (dks, dvs))  # (P, Hkv, Dh)
        return dq, dk, dv, dks, dvs, None, None


def _own(q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Lay q, k and v out as the kernel takes them, (B, H, T, Dh): a key's heads are repeated."""
    G = q.shape[2] // k.shape[2]
    k, v = (x.transpose(1, 2).repeat_interleave(G, dim=1) for x in (k, v))
    return q.transpose(1, 2), k, v


def _own_mask(mask: Tensor | None, q: Tensor) -> Tensor | None:
    """Return the kernel's mask (1, 1, T, T)."""
    return None if mask is None else mask[None].to(q.dtype)


def _sum_heads(x: Tensor, k: Tensor) -> Tensor:
    """Sum gradients (B, H, T, Dh) over the G query heads of each key head: (B, T, Hkv, Dh)."""
    B, T, Hkv, Dh = k.shape
    return x.view(B, Hkv, -1, T, Dh).sum(2).transpose(1, 2)


def _common(q: Tensor, ks: Tensor, vs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Lay all rows out as one long row of queries of the shared keys, and these beside them."""
    return _together(q, ks), ks.transpose(0, 1)[None], vs.transpose(0, 1)[None]


def _common_mask(mask: Tensor | None, q: Tensor, ks: Tensor) -> Tensor | None:
    """Return the kernel's mask (1, 1, B * T * G, P) of the shared keys.

    Finite, since a query that sees none of them would have no L; its share of the sum is then 0.
    """
    if mask is None:
        return None
    B, T, H, _ = q.shape
    P, Hkv, _ = ks.shape
    every = mask[:, :, None].expand(B, T, H // Hkv, P).reshape(1, 1, -1, P)
    return every.clamp(min=UNSEEN).to(q.dtype)


def _together(x: Tensor, ks: Tensor) -> Tensor:
    """Lay (B, T, H, n) out as (1, Hkv, B * T * G, n): all rows' queries follow one another."""
    B, T, _, n = x.shape
    Hkv = ks.shape[1]
    return x.reshape(B * T, Hkv, -1, n).transpose(0, 1).reshape(1, Hkv, -1, n)


def _apart(x: Tensor, q: Tensor) -> Tensor:
    """Lay (1, Hkv, B * T * G, n) out as (B, T, H, n), undoing ``_together``."""
    B, T, H, _ = q.shape
    Hkv, n = x.shape[1], x.shape[3]
    return x.view(Hkv, B * T, -1, n).transpose(0, 1).reshape(B, T, H, n)
