"""Which keys each query may see: the layouts of flat token rows.

The model works on a *flat* run of N tokens and never sees padding. A layout is called once per
layer with the flat queries, keys and values and returns the flat attention output:

    attend(layer, q (N, H, Dh), k (N, Hkv, Dh), v (N, Hkv, Dh)) -> (N, H, Dh)

Two layouts cover everything: :class:`GroupedRows` here (plain, padded, packed and shared-prefix
batches, differentiable) and :class:`minilora.cache.CachedRows` (prefill and decode).

Shape letters: N flat tokens, B rows, T tokens of the longest row, P prefix tokens, S keys, H query
heads, Hkv key/value heads, G = H / Hkv, Dh head_dim.

>>> layout = GroupedRows([Group(prefix=2, rows=(3, 1))])  # 2 shared tokens, then rows of 3 and 1
>>> layout.n_tokens, layout.positions.tolist()
(6, [0, 1, 2, 3, 4, 2])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor


class Attend(Protocol):
    """The seam between a decoder layer and the layout of its tokens."""

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Return the attention output (N, H, Dh) of flat q (N, H, Dh), k and v (N, Hkv, Dh)."""


@dataclass(frozen=True)
class Group:
    """Rows that begin alike: the common prefix is laid out once, then each row's own tokens."""

    prefix: int
    rows: tuple[int, ...]

    def __post_init__(self) -> None:
        """Check the lengths."""
        if self.prefix < 0 or any(length < 1 for length in self.rows):
            raise ValueError(f"a group needs prefix >= 0 and rows >= 1, got {self}")
        if self.prefix == 0 and not self.rows:
            raise ValueError("a group needs a prefix or at least one row")

    @property
    def n_tokens(self) -> int:
        """Flat tokens of the group."""
        return self.prefix + sum(self.rows)


class GroupedRows:
    """Causal attention inside each row and from each row to its group's prefix; groups never mix.

    This is block-diagonal attention with restarting positions (packing), and where a group has a
    prefix, gradients of every row flow into the one copy of that prefix.
    """

    def __init__(
        self,
        groups: Sequence[Group],
        window: int | None = None,
        device: torch.device | str = "cpu",
    ) -> None:
        self.n_tokens = sum(group.n_tokens for group in groups)
        positions, self._parts, start = [], [], 0
        for group in groups:
            positions.append(torch.arange(group.prefix))
            positions += [torch.arange(group.prefix, group.prefix + n) for n in group.rows]
            self._parts.append(_Part(group, start, window, torch.device(device)))
            start += group.n_tokens
        self.positions = torch.cat(positions).to(device)  # (N,)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Return the attention output (N, H, Dh); ``layer`` is not needed without a cache."""
        outputs = [part(q, k, v) for part in self._parts]
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)


class _Part:
    """One group at a place in the flat run: its masks and its index maps, made once per batch."""

    def __init__(self, group: Group, start: int, window: int | None, device: torch.device) -> None:
        P, B = group.prefix, len(group.rows)
        T = max(group.rows, default=0)
        self.P, self.B, self.T = P, B, T
        self.prefix = slice(start, start + P)
        self.own = slice(start + P, start + group.n_tokens)
        self.ragged = any(length != T for length in group.rows)
        self.prefix_mask = causal_mask(P, P, window, device)[None] if P else None
        self.own_mask = causal_mask(T, T, window, device)[None] if B else None
        self.shared_mask: Tensor | None = None
        if window is not None and P and B:
            self.shared_mask = causal_mask(T, P + T, window, device)[None, :, :P]
        if self.ragged:
            lengths = torch.tensor(group.rows, device=device)
            valid = torch.arange(T, device=device) < lengths[:, None]  # (B, T)
            self.scatter = valid.flatten().nonzero().squeeze(1)  # flat token -> padded slot

    def __call__(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Return this group's slice of the output, (tokens of the group, H, Dh)."""
        outputs = []
        if self.P:
            assert self.prefix_mask is not None
            qp, kp, vp = (x[self.prefix] for x in (q, k, v))
            outputs.append(attention(qp[None], kp[None], vp[None], self.prefix_mask)[0])
        if self.B:
            assert self.own_mask is not None
            qr, kr, vr = (self._pad(x[self.own]) for x in (q, k, v))
            shared = (kp, vp) if self.P else None
            out = attention(qr, kr, vr, self.own_mask, shared, self.shared_mask)  # (B, T, H, Dh)
            outputs.append(self._unpad(out))
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)

    def _pad(self, x: Tensor) -> Tensor:
        """Lay flat rows (own tokens, heads, Dh) out as (B, T, heads, Dh), zeros in the holes."""
        _, heads, Dh = x.shape
        if self.ragged:
            holes = x.new_zeros(self.B * self.T, heads, Dh)
            x = holes.index_copy(0, self.scatter, x)
        return x.view(self.B, self.T, heads, Dh)

    def _unpad(self, x: Tensor) -> Tensor:
        """Undo :meth:`_pad`."""
        flat = x.flatten(0, 1)
        return flat.index_select(0, self.scatter) if self.ragged else flat


def causal_mask(T: int, S: int, window: int | None, device: torch.device) -> Tensor:
    """Return the (T, S) additive mask of the last T of S positions: 0 where seen, -inf elsewhere.

    Query i (at position S - T + i) sees key j iff 0 <= i_abs - j < window.
    """
    query = torch.arange(S - T, S, device=device)[:, None]
    key = torch.arange(S, device=device)[None, :]
    seen = key <= query
    if window is not None:
        seen &= query - key < window
    return torch.zeros(T, S, device=device).masked_fill(~seen, float("-inf"))


def attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor,
    shared: tuple[Tensor, Tensor] | None = None,
    shared_mask: Tensor | None = None,
) -> Tensor:
    """Return grouped-query attention over each row's own keys and keys that all rows share, if any.

    softmax([q Ks^T, q K^T + mask] / sqrt(Dh)) [Vs; V]. The G query heads of one key/value head are
    folded into the query length, so that keys and values are never repeated; the shared part is one
    matrix product for all rows together.

    Args:
        q: (B, T, H, Dh).
        k: (B, S, Hkv, Dh).
        v: (B, S, Hkv, Dh).
        mask: additive, broadcastable to (B, T, S).
        shared: keys and values (P, Hkv, Dh) seen by every row, or None.
        shared_mask: additive, broadcastable to (B, T, P); None shows all P keys to every query.

    Returns:
        (B, T, H, Dh).

    Source: Vaswani et al. 2017, arXiv:1706.03762; grouped queries: Ainslie et al. 2023,
        arXiv:2305.13245; one pass over a common prefix: Juravsky et al. 2024, arXiv:2402.05099.
    """
    B, T, H, Dh = q.shape
    S, Hkv = k.shape[1:3]
    G = H // Hkv
    q = q.view(B, T, Hkv, G, Dh).permute(2, 0, 3, 1, 4) * Dh**-0.5  # (Hkv, B, G, T, Dh)
    k, v = k.permute(2, 0, 1, 3), v.permute(2, 0, 1, 3)  # (Hkv, B, S, Dh)
    own = q.reshape(Hkv, B, G * T, Dh) @ k.transpose(2, 3)  # (Hkv, B, G*T, S)
    scores = own.view(Hkv, B, G, T, S) + mask[:, None].to(own.dtype)
    if shared is None:
        probs = scores.softmax(-1).view(Hkv, B, G * T, S)
        out = probs @ v  # (Hkv, B, G*T, Dh)
    else:
        ks, vs = (x.transpose(0, 1) for x in shared)  # (Hkv, P, Dh)
        P = ks.shape[1]
        common = q.reshape(Hkv, B * G * T, Dh) @ ks.transpose(1, 2)  # (Hkv, B*G*T, P)
        common = common.view(Hkv, B, G, T, P)
        if shared_mask is not None:
            common = common + shared_mask[:, None].to(common.dtype)
        probs = torch.cat([common, scores], -1).softmax(-1)  # (Hkv, B, G, T, P + S)
        out = probs[..., P:].reshape(Hkv, B, G * T, S) @ v
        from_shared = probs[..., :P].reshape(Hkv, B * G * T, P) @ vs
        out = out + from_shared.view(Hkv, B, G * T, Dh)
    return out.view(Hkv, B, G, T, Dh).permute(1, 3, 0, 2, 4).reshape(B, T, H, Dh)


def one_token_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | None = None,
    shared: tuple[Tensor, Tensor] | None = None,
) -> Tensor:
    """Return what :func:`attention` returns for one new token a row, in torch's fused kernels.

    The G query heads of one key/value head stand where the kernel expects query positions. With
    shared keys the two halves are computed apart and weighed by their softmax's denominators: with
    L = log sum exp of a half's scores, out = (out_own e^L_own + out_shared e^L_shared) / sum.

    Args:
        q: (B, H, Dh).
        k: (B, S, Hkv, Dh).
        v: (B, S, Hkv, Dh).
        mask: additive (B, S); None shows all keys.
        shared: keys and values (P, Hkv, Dh) seen whole by every row, or None; on a CPU only, and
            without gradients (the kernel gives none for L).

    Returns:
        (B, H, Dh).
    """
    B, H, Dh = q.shape
    Hkv = k.shape[2]
    q = q.reshape(B, Hkv, H // Hkv, Dh)
    k, v = k.transpose(1, 2), v.transpose(1, 2)  # (B, Hkv, S, Dh)
    where = None if mask is None else mask[:, None, None].to(q.dtype)  # (B, 1, 1, S)
    if shared is None:
        return F.scaled_dot_product_attention(q, k, v, where).view(B, H, Dh)
    flash = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
    own, own_sum = flash(q, k, v, attn_mask=where)  # (B, Hkv, G, Dh), (B, Hkv, G)
    ks, vs = (x.transpose(0, 1)[None] for x in shared)  # (1, Hkv, P, Dh)
    folded = q.transpose(0, 1).reshape(1, Hkv, -1, Dh)  # all rows are queries of the same keys
    out, out_sum = (x.view(Hkv, B, -1, *x.shape[3:]).transpose(0, 1) for x in flash(folded, ks, vs))
    share = torch.sigmoid(out_sum - own_sum).to(q.dtype)[..., None]
    return torch.lerp(own, out, share).reshape(B, H, Dh)
