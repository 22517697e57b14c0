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

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from minilora.config import ModelConfig
from quant.backend import TRITON_VERSION

BLOCK_SIZE = 32  # tokens; a multiple of what a vector register holds keeps sums in order
KERNEL_HEAD_DIM = 128  # the largest that the Triton kernel takes

Backend = Literal["auto", "torch", "triton"]

logger = logging.getLogger(__name__)


class PagedCache:
    """The blocks of all layers.

    Args:
        config: of the model.
        n_blocks: blocks that sequences may have; one more is made.
        dtype: of keys and values.
        device: where they are.
        block_size: tokens in a block.
        backend: what attends to them where a sequence has one new token: "torch", the definition;
            "triton", a kernel; "auto", the kernel on a CUDA device that can run it. Said once, in
            the log.

    Attributes:
        keys: per layer (n_blocks + 1, block_size, Hkv, Dh); ``values`` likewise.
        scratch: the last block, which no sequence has: rows that only fill up a batch are there.
        backend: "torch" or "triton".

    Raises:
        ValueError: an unknown backend, or "triton" where it cannot run.
    """

    def __init__(
        self,
        config: ModelConfig,
        n_blocks: int,
        dtype: torch.dtype,
        device: torch.device | str = "cpu",
        block_size: int = BLOCK_SIZE,
        backend: Backend = "auto",
    ) -> None:
        """Make room; memory is taken at once, so that it cannot run out later."""
        self.n_blocks, self.block_size, self.window = n_blocks, block_size, config.sliding_window
        self.scratch = n_blocks
        self.backend = _choose(backend, torch.device(device).type, config.head_dim)
        shape = (n_blocks + 1, block_size, config.n_kv_heads, config.head_dim)
        both = torch.zeros(2, config.n_layers, *shape, dtype=dtype, device=device)
        self.keys, self.values = list(both[0]), list(both[1])

    @staticmethod
    def block_bytes(config: ModelConfig, dtype: torch.dtype, block_size: int = BLOCK_SIZE) -> int:
        """Return the memory that one block takes, over all layers."""
        numbers = 2 * config.n_layers * block_size * config.n_kv_heads * config.head_dim
        return numbers * dtype.itemsize

    def write(self, layer: int, slots: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Put k and v (N, Hkv, Dh) in slots (N,) int64 of a layer; return its keys and values.

        Slot i of block b is ``b * block_size + i``.
        """
        keys, values = self.keys[layer], self.values[layer]
        keys.flatten(0, 1).index_copy_(0, slots, k)
        values.flatten(0, 1).index_copy_(0, slots, v)
        return keys, values


def _choose(requested: Backend, device_type: str, head_dim: int) -> Literal["torch", "triton"]:
    """Return what attends to single tokens, and log what "auto" comes to."""
    why_not = None
    if device_type != "cuda":
        why_not = f"needs a CUDA device, but the cache is on {device_type}"
    elif TRITON_VERSION is None:
        why_not = "needs the triton package, which is not installed"
    elif head_dim > KERNEL_HEAD_DIM:
        why_not = f"takes a head_dim of at most {KERNEL_HEAD_DIM}, the model's is {head_dim}"
    if requested == "torch" or (requested == "triton" and why_not is None):
        return requested
    if requested == "triton":
        raise ValueError(f"backend 'triton' {why_not}")
    if requested != "auto":
        raise ValueError(f"backend must be 'auto', 'torch' or 'triton', got {requested!r}")
    if why_not is None:
        logger.info("paged attention on %s: triton (auto: the fastest)", device_type)
        return "triton"
    level = logging.WARNING if device_type == "cuda" else logging.INFO
    logger.log(level, "paged attention on %s: torch (auto: triton %s)", device_type, why_not)
    return "torch"


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
        self._places = torch.tensor([place for place, _ in single], device=device)
        self._rows = _rows(cache, [span for _, span in single]) if single else None

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Write k and v (N, Hkv, Dh) and return the attention output (N, H, Dh) of q."""
        keys, values = self.cache.write(layer, self._slots, k, v)
        if not self._chunks and self._rows is not None:
            return self._rows(q, keys, values)
        out = torch.empty_like(q)
        if self._rows is not None:
            out[self._places] = self._rows(q[self._places], keys, values)
        for chunk in self._chunks:
            out[chunk.place] = chunk(q[chunk.place], keys, values)
        return out


class Rows:
    """Sequences that decode one token each.

    Args:
        cache: is read.
        table: (B, S / block_size) int32, blocks of the sequences; what is beyond a length may be
            any block.
        lengths: (B,) int32, tokens of the sequences, the new one included.
    """

    def __init__(self, cache: PagedCache, table: Tensor, lengths: Tensor) -> None:
        self.table, self.lengths, self.window = table, lengths, cache.window
        self.mask: Tensor | None = None  # (B, 1, 1, S); the kernel needs none
        if cache.backend == "torch":
            S = table.shape[1] * cache.block_size
            self.mask = _hidden(lengths[:, None] - 1, S, cache)[:, None]

    def __call__(self, q: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Return the attention output (B, H, Dh) of q, with the blocks of one layer."""
        if self.mask is None:
            from serve.kernels.paged_attention import paged_attention

            return paged_attention(q, keys, values, self.table, self.lengths, self.window)
        B, H, Dh = q.shape
        Hkv = keys.shape[2]
        k = _gather(keys, self.table)  # (B, Hkv, S, Dh)
        v = _gather(values, self.table)
        # The H / Hkv query heads of one key/value head stand where query positions are expected.
        q = q.reshape(B, Hkv, H // Hkv, Dh)
        out = F.scaled_dot_product_attention(q, k, v, self.mask.to(q.dtype))
        return out.reshape(B, H, Dh)


def _rows(cache: PagedCache, spans: Sequence[Span]) -> Rows:
    """Return spans of one new token each as rows, their tables cut to the longest's tokens."""
    device = cache.keys[0].device
    n_blocks = max(span.start // cache.block_size + 1 for span in spans)
    tables = [[*span.blocks[:n_blocks], *[0] * (n_blocks - len(span.blocks))] for span in spans]
    lengths = [span.start + 1 for span in spans]
    return Rows(
        cache,
        torch.tensor(tables, dtype=torch.int32, device=device),
        torch.tensor(lengths, dtype=torch.int32, device=device),
    )


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
