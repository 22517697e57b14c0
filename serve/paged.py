"""Keys and values in blocks: the paged cache and the layout that attends through block tables.

A :class:`PagedCache` holds, for each layer, ``n_blocks`` blocks of ``block_size`` tokens. A
:class:`PagedStep` is the layout of one step (:class:`minilora.attention.Attend`): it writes the
keys and values of the step's tokens into their slots, then lets every token see those of its own
sequence.

The values a token gets depend on its own sequence alone, not on what else is in the step: every
table is padded to whole blocks, so masked slots add exact zeros, in the same order as without them.
(With bfloat16 on a CPU that is exact to the bit; the tests say so.)

Shape letters: N tokens of the step, B sequences that decode one token, S slots of the longest of
them, T tokens of a chunk, H query heads, Hkv key/value heads, Dh head_dim.

Source: Kwon et al. 2023, PagedAttention, arXiv:2309.06180.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from minilora.config import ModelConfig

BLOCK_SIZE = 32  # tokens; a multiple of what a vector register holds keeps sums in order


class PagedCache:
    """The blocks of all layers.

    Attributes:
        keys: per layer (n_blocks, block_size, Hkv, Dh); ``values`` likewise.
    """

    def __init__(
        self,
        config: ModelConfig,
        n_blocks: int,
        dtype: torch.dtype,
        device: torch.device | str = "cpu",
        block_size: int = BLOCK_SIZE,
    ) -> None:
        """Make room; memory is taken at once, so that it cannot run out later."""
        self.n_blocks, self.block_size, self.window = n_blocks, block_size, config.sliding_window
        shape = (n_blocks, block_size, config.n_kv_heads, config.head_dim)
        both = torch.zeros(2, config.n_layers, *shape, dtype=dtype, device=device)
        self.keys, self.values = list(both[0]), list(both[1])

    @staticmethod
    def block_bytes(config: ModelConfig, dtype: torch.dtype, block_size: int = BLOCK_SIZE) -> int:
        """Return the memory that one block takes, over all layers."""
        numbers = 2 * config.n_layers * block_size * config.n_kv_heads * config.head_dim
        return numbers * dtype.itemsize


@dataclass(frozen=True)
class Span:
    """The part of one sequence in a step.

    Attributes:
        blocks: its table, with room for all its tokens.
        start: tokens computed before.
        n_tokens: new tokens, at least 1.
    """

    blocks: Sequence[int]
    start: int
    n_tokens: int


class PagedStep:
    """The layout of one step; make it once and use it for every layer.

    Args:
        cache: is written to.
        spans: the sequences of the step; the flat run holds their new tokens span after span.

    Attributes:
        positions: (N,) int64.

    Raises:
        ValueError: a span without tokens, or a table too short for it.
    """

    def __init__(self, cache: PagedCache, spans: Sequence[Span]) -> None:
        size, device = cache.block_size, cache.keys[0].device
        self.cache = cache
        positions: list[int] = []
        slots: list[int] = []
        single: list[tuple[int, Span]] = []  # place in the flat run, one new token
        self._chunks: list[_Chunk] = []
        for span in spans:
            end = span.start + span.n_tokens
            if span.n_tokens < 1 or end > len(span.blocks) * size:
                raise ValueError(
                    f"{span.n_tokens} tokens from {span.start} on do not fit "
                    f"{len(span.blocks)} blocks of {size}"
                )
            place = len(positions)
            positions += range(span.start, end)
            slots += (span.blocks[i // size] * size + i % size for i in range(span.start, end))
            if span.n_tokens == 1:
                single.append((place, span))
            else:
                self._chunks.append(_Chunk(cache, span, place))
        self.positions = torch.tensor(positions, device=device)
        self._slots = torch.tensor(slots, device=device)
        self._rows = _Rows(cache, single) if single else None

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Write k and v (N, Hkv, Dh) and return the attention output (N, H, Dh) of q."""
        keys, values = self.cache.keys[layer], self.cache.values[layer]
        keys.flatten(0, 1).index_copy_(0, self._slots, k)
        values.flatten(0, 1).index_copy_(0, self._slots, v)
        if not self._chunks and self._rows is not None:
            return self._rows(q, keys, values)
        out = torch.empty_like(q)
        if self._rows is not None:
            out[self._rows.places] = self._rows(q[self._rows.places], keys, values)
        for chunk in self._chunks:
            out[chunk.place] = chunk(q[chunk.place], keys, values)
        return out


class _Rows:
    """Sequences that decode one token each."""

    def __init__(self, cache: PagedCache, rows: Sequence[tuple[int, Span]]) -> None:
        size, device = cache.block_size, cache.keys[0].device
        spans = [span for _, span in rows]
        self.places = torch.tensor([place for place, _ in rows], device=device)
        n_blocks = max(span.start // size + 1 for span in spans)
        tables = [[*span.blocks[:n_blocks], *[0] * (n_blocks - len(span.blocks))] for span in spans]
        self.table = torch.tensor(tables, device=device)  # (B, S / size)
        query = torch.tensor([span.start for span in spans], device=device)[:, None]  # (B, 1)
        self.mask = _hidden(query, n_blocks * size, cache)[:, None]  # (B, 1, 1, S)

    def __call__(self, q: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        B, H, Dh = q.shape
        Hkv = keys.shape[2]
        k = _gather(keys, self.table)  # (B, Hkv, S, Dh)
        v = _gather(values, self.table)
        # The H / Hkv query heads of one key/value head stand where query positions are expected.
        q = q.reshape(B, Hkv, H // Hkv, Dh)
        out = F.scaled_dot_product_attention(q, k, v, self.mask.to(q.dtype))
        return out.reshape(B, H, Dh)


class _Chunk:
    """Several new tokens of one sequence: part of a prompt, or forced tokens."""

    def __init__(self, cache: PagedCache, span: Span, place: int) -> None:
        size, device = cache.block_size, cache.keys[0].device
        self.place = slice(place, place + span.n_tokens)
        n_blocks = -(-(span.start + span.n_tokens) // size)
        self.table = torch.tensor([list(span.blocks[:n_blocks])], device=device)  # (1, S / size)
        query = torch.arange(span.start, span.start + span.n_tokens, device=device)
        self.mask = _hidden(query, n_blocks * size, cache)  # (T, S)

    def __call__(self, q: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        T, H, Dh = q.shape
        Hkv = keys.shape[2]
        G = H // Hkv
        k, v = _gather(keys, self.table), _gather(values, self.table)  # (1, Hkv, S, Dh)
        q = q.view(T, Hkv, G, Dh).permute(1, 2, 0, 3).reshape(1, Hkv, G * T, Dh)
        mask = self.mask.to(q.dtype).repeat(G, 1)  # (G*T, S)
        out = F.scaled_dot_product_attention(q, k, v, mask)
        return out.view(Hkv, G, T, Dh).permute(2, 0, 1, 3).reshape(T, H, Dh)


def _gather(blocks: Tensor, table: Tensor) -> Tensor:
    """Return the blocks (n, size, Hkv, Dh) of tables (B, S / size) as (B, Hkv, S, Dh)."""
    B = table.shape[0]
    picked = blocks.flatten(1).index_select(0, table.flatten())  # a block is one run of memory
    return picked.view(B, -1, *blocks.shape[2:]).transpose(1, 2)


def _hidden(query: Tensor, S: int, cache: PagedCache) -> Tensor:
    """Return the additive mask (..., S): -inf where a query at its position does not see a slot."""
    slot = torch.arange(S, device=query.device)
    distance = query[..., None] - slot
    seen = distance >= 0
    if cache.window is not None:
        seen &= distance < cache.window
    return torch.zeros(seen.shape, device=query.device).masked_fill(~seen, float("-inf"))
