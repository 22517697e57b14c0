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

from minilora.attention_fused import flash, fused_attention
from minilora.attention_grad import trainable_attention


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
    prefix, gradients of every row flow into the one copy of that prefix. Scores are computed again
    in the backward pass instead of being kept: they would be most of a batch's memory.
    """

    def __init__(
        self,
        groups: Sequence[Group],
        window: int | None = None,
        device: torch.device | str = "cpu",
    ) -> None:
        self.n_tokens = sum(group.n_tokens for group in groups)
        positions: list[Tensor] = []
        self._pieces: list[_Piece] = []
        for group in groups:
            positions.append(torch.arange(group.prefix))
            positions += [torch.arange(group.prefix, group.prefix + n) for n in group.rows]
            if group.prefix:
                self._pieces.append(_Piece((group.prefix,), 0, window, torch.device(device)))
            for rows in even_blocks(group.rows):
                self._pieces.append(_Piece(rows, group.prefix, window, torch.device(device)))
        self._sizes = [piece.n_tokens for piece in self._pieces]
        self.positions = torch.cat(positions).to(device)  # (N,)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Return the attention output (N, H, Dh); ``layer`` is not needed without a cache."""
        outputs: list[Tensor] = []
        prefix: tuple[Tensor, Tensor] | None = None
        flat = zip(*(torch.split(x, self._sizes) for x in (q, k, v)), strict=True)
        for piece, (qp, kp, vp) in zip(self._pieces, flat, strict=True):
            shared = prefix if piece.prefix else None
            outputs.append(piece(qp, kp, vp, shared))
            if not piece.prefix:
                prefix = (kp, vp)  # where the next rows have a prefix, it is this piece
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)


def even_blocks(lengths: Sequence[int], waste: float = 0.25) -> list[tuple[int, ...]]:
    """Cut rows into runs of similar length, so that padding them to their longest wastes little.

    >>> even_blocks([10, 10, 11, 40, 41])
    [(10, 10, 11), (40, 41)]
    """
    blocks: list[list[int]] = []
    for length in lengths:
        block = [*blocks[-1], length] if blocks else []
        if block and len(block) * max(block) <= (1 + waste) * sum(block):
            blocks[-1] = block
        else:
            blocks.append([length])
    return [tuple(block) for block in blocks]


class _Piece:
    """Rows that are padded and attended together: their masks and index maps, made once a batch.

    A group's prefix is a piece of its own, with one row.
    """

    def __init__(
        self, rows: tuple[int, ...], prefix: int, window: int | None, device: torch.device
    ) -> None:
        B, T = len(rows), max(rows)
        self.B, self.T, self.prefix, self.n_tokens = B, T, prefix, sum(rows)
        self.fused = device.type == "cpu"  # the fused kernel is causal by itself
        self.mask: Tensor | None = None
        if window is not None or not self.fused:
            self.mask = causal_mask(T, T, window, device)[None]
        self.shared_mask: Tensor | None = None
        if window is not None and prefix:
            self.shared_mask = causal_mask(T, prefix + T, window, device)[None, :, :prefix]
        self.ragged = self.n_tokens != B * T
        if self.ragged:
            valid = torch.arange(T, device=device) < torch.tensor(rows, device=device)[:, None]
            self.scatter = valid.flatten().nonzero().squeeze(1)  # flat token -> slot in (B, T)

    def __call__(
        self, q: Tensor, k: Tensor, v: Tensor, shared: tuple[Tensor, Tensor] | None
    ) -> Tensor:
        """Return the output (tokens, H, Dh); ``shared`` holds the prefix's keys and values."""
        q, k, v = (self._pad(x) for x in (q, k, v))
        out = self._attend(q, k, v, shared).flatten(0, 1)
        return out.index_select(0, self.scatter) if self.ragged else out

    def _attend(
        self, q: Tensor, k: Tensor, v: Tensor, shared: tuple[Tensor, Tensor] | None
    ) -> Tensor:
        if self.fused:
            return fused_attention(q, k, v, self.mask, shared, self.shared_mask)
        assert self.mask is not None
        attend = trainable_attention if torch.is_grad_enabled() else attention
        return attend(q, k, v, self.mask, shared, self.shared_mask)

    def _pad(self, x: Tensor) -> Tensor:
        """Lay flat rows (own tokens, heads, Dh) out as (B, T, heads, Dh), zeros in the holes."""
        _, heads, Dh = x.shape
        if self.ragged:
            x = x.new_zeros(self.B * self.T, heads, Dh).index_copy(0, self.scatter, x)
        return x.view(self.B, self.T, heads, Dh)


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
    own, own_sum = flash(q, k, v, attn_mask=where)  # (B, Hkv, G, Dh), (B, Hkv, G)
    ks, vs = (x.transpose(0, 1)[None] for x in shared)  # (1, Hkv, P, Dh)
    folded = q.transpose(0, 1).reshape(1, Hkv, -1, Dh)  # all rows are queries of the same keys
    out, out_sum = (x.view(Hkv, B, -1, *x.shape[3:]).transpose(0, 1) for x in flash(folded, ks, vs))
    share = torch.sigmoid(out_sum - own_sum).to(q.dtype)[..., None]
    return torch.lerp(own, out, share).reshape(B, H, Dh)
