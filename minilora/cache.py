"""Keys and values of the tokens already seen, and the layout that decodes with them.

A cache holds groups of rows, like :class:`minilora.attention.GroupedRows`: the keys of a group's
common prefix are kept once, each row's own keys in a rectangle (rows, S). :class:`Prefill` computes
prompts and records them; :class:`CachedRows` adds any number of new tokens to each row.

Shape letters: B rows, S slots for own tokens, P prefix tokens, T new tokens, Hkv key/value heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from minilora.attention import Group, GroupedRows, attention, one_token_attention
from minilora.config import ModelConfig


@dataclass
class GroupCache:
    """The cached keys and values of one group.

    Attributes:
        prefix: per layer (keys, values), each (P, Hkv, Dh), or None where the rows share nothing.
        keys: per layer (B, S, Hkv, Dh); ``values`` likewise. Slots at ``lengths[b]`` and beyond are
            not yet written.
        lengths: own tokens of each row so far.
    """

    prefix: list[tuple[Tensor, Tensor]] | None
    prefix_length: int
    keys: list[Tensor]
    values: list[Tensor]
    lengths: list[int]

    def select(self, rows: Sequence[int]) -> None:
        """Keep only these rows, in this order (finished rows leave the batch)."""
        index = torch.tensor(rows, device=self.keys[0].device)
        self.keys = [k.index_select(0, index) for k in self.keys]
        self.values = [v.index_select(0, index) for v in self.values]
        self.lengths = [self.lengths[row] for row in rows]


class KVCache:
    """The groups of a running batch, with room for ``extra`` further tokens in every row."""

    def __init__(
        self,
        config: ModelConfig,
        groups: Sequence[Group],
        extra: int,
        dtype: torch.dtype,
        device: torch.device | str = "cpu",
    ) -> None:
        self.window = config.sliding_window
        self.groups: list[GroupCache] = []
        for group in groups:
            B, S = len(group.rows), max(group.rows) + extra
            shape = (B, S, config.n_kv_heads, config.head_dim)
            empty = [
                torch.zeros(shape, dtype=dtype, device=device) for _ in range(2 * config.n_layers)
            ]
            self.groups.append(
                GroupCache(
                    prefix=[] if group.prefix else None,
                    prefix_length=group.prefix,
                    keys=empty[::2],
                    values=empty[1::2],
                    lengths=list(group.rows),
                )
            )

    @property
    def lengths(self) -> list[int]:
        """Tokens of every row so far, prefix included, over all groups in order."""
        return [g.prefix_length + n for g in self.groups for n in g.lengths]

    def select(self, rows: Sequence[int]) -> None:
        """Keep only these rows (ascending numbers over all groups); empty groups are dropped."""
        start, kept = 0, []
        for group in self.groups:
            stop = start + len(group.lengths)
            mine = [row - start for row in rows if start <= row < stop]
            if len(mine) != len(group.lengths) and mine:
                group.select(mine)
            if mine:
                kept.append(group)
            start = stop
        self.groups = kept


class Prefill(GroupedRows):
    """The causal layout of whole prompts, which also writes their keys and values into a cache."""

    def __init__(
        self, groups: Sequence[Group], cache: KVCache, device: torch.device | str = "cpu"
    ) -> None:
        super().__init__(groups, cache.window, device)
        self._cache = cache

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Return the attention output (N, H, Dh) and record k and v."""
        start = 0
        for group in self._cache.groups:
            stop = start + group.prefix_length
            if group.prefix is not None:
                group.prefix.append((k[start:stop].clone(), v[start:stop].clone()))
            for row, length in enumerate(group.lengths):
                start, stop = stop, stop + length
                group.keys[layer][row, :length] = k[start:stop]
                group.values[layer][row, :length] = v[start:stop]
            start = stop
        return super().__call__(layer, q, k, v)


class CachedRows:
    """Appends new tokens to every row of a cache and attends to all that came before.

    Args:
        cache: grows by ``new`` tokens when the layout is made, so make it once per forward pass.
        new: new tokens of each row, at least 1; the flat run holds them row after row.

    Raises:
        ValueError: a row has no room left, or ``new`` does not fit the rows.
    """

    def __init__(self, cache: KVCache, new: Sequence[int]) -> None:
        if len(new) != len(cache.lengths) or min(new, default=0) < 1:
            raise ValueError(
                f"{len(cache.lengths)} rows need as many counts of new tokens, each at least 1, "
                f"got {list(new)}"
            )
        self._parts: list[_Append] = []
        start, row, positions = 0, 0, []
        for group in cache.groups:
            mine = list(new[row : row + len(group.lengths)])
            part = _Append(group, mine, start, cache.window)
            self._parts.append(part)
            positions.append(part.positions)
            start, row = start + sum(mine), row + len(mine)
        self.positions = torch.cat(positions)  # (N,)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Return the attention output (N, H, Dh) of the new tokens."""
        outputs = [part(layer, q, k, v) for part in self._parts]
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)


class _Append:
    """The new tokens of one group: where their keys go and what each query sees."""

    def __init__(self, group: GroupCache, new: list[int], start: int, window: int | None) -> None:
        self.group, self.B, self.T = group, len(new), max(new)
        self.tokens = slice(start, start + sum(new))
        device, S = group.keys[0].device, group.keys[0].shape[1]
        old = torch.tensor(group.lengths, device=device)
        lengths = [n + t for n, t in zip(group.lengths, new, strict=True)]
        self.S = max(lengths)  # slots in use
        if self.S > S:
            raise ValueError(f"the cache holds {S} tokens a row, {self.S} are needed")
        group.lengths = lengths
        steps = torch.arange(self.T, device=device)
        slot = old[:, None] + steps  # (B, T)
        valid = steps < torch.tensor(new, device=device)[:, None]
        self.ragged = not bool(valid.all())
        self.padded = valid.flatten().nonzero().squeeze(1)  # flat token -> place in (B, T)
        self.row = torch.arange(self.B, device=device)[:, None].expand(-1, self.T)[valid]
        self.slot = slot[valid]
        self.positions = group.prefix_length + self.slot
        key = torch.arange(self.S, device=device)
        seen = key <= slot[:, :, None]  # (B, T, S)
        if window is not None:
            seen &= slot[:, :, None] - key < window
        self.mask = torch.zeros(seen.shape, device=device).masked_fill(~seen, float("-inf"))
        self.prefix_mask: Tensor | None = None
        if window is not None and group.prefix_length:
            distance = group.prefix_length + slot[:, :, None]
            distance = distance - torch.arange(group.prefix_length, device=device)
            hidden = distance >= window
            self.prefix_mask = torch.zeros(hidden.shape, device=device)
            self.prefix_mask = self.prefix_mask.masked_fill(hidden, float("-inf"))
        # Decoding proper: one token a row. Its usual case needs no mask, and writes one slot.
        self.one_token = self.T == 1 and self.prefix_mask is None
        if group.prefix is not None and device.type != "cpu":
            self.one_token = False
        self.row_mask = None if bool(seen.all()) else self.mask[:, 0]  # (B, S)
        self.common_slot = lengths[0] - 1 if self.T == 1 and len(set(lengths)) == 1 else None

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Write the new keys and values, return the attention output of the new tokens."""
        group = self.group
        keys, values = group.keys[layer], group.values[layer]
        q, k, v = (x[self.tokens] for x in (q, k, v))
        if self.common_slot is not None:
            keys[:, self.common_slot], values[:, self.common_slot] = k, v
        else:
            keys[self.row, self.slot], values[self.row, self.slot] = k, v
        shared = group.prefix[layer] if group.prefix is not None else None
        if self.one_token and not torch.is_grad_enabled():
            seen_keys, seen_values = keys[:, : self.S], values[:, : self.S]
            return one_token_attention(q, seen_keys, seen_values, self.row_mask, shared)
        _, H, Dh = q.shape
        if self.ragged:
            q = q.new_zeros(self.B * self.T, H, Dh).index_copy(0, self.padded, q)
        q = q.view(self.B, self.T, H, Dh)
        out = attention(
            q, keys[:, : self.S], values[:, : self.S], self.mask, shared, self.prefix_mask
        ).flatten(0, 1)
        return out.index_select(0, self.padded) if self.ragged else out
