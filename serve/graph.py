"""Decode steps as CUDA graphs: a pass over the model in one launch instead of hundreds.

A step in which every sequence computes one token is so short on a GPU that launching its kernels
takes longer than running them. A CUDA graph launches them all together, but only as they were
captured: with the same tensors, of the same shapes. So what a step depends on is written into
tensors that stay where they are (:class:`DecodeInputs`), and there is a graph for each

    B        rows: a power of two; rows that are missing are put in the cache's scratch block
    W        blocks in a table: of 256 tokens, 1024, 4096, ..., as the longest row needs
    version  of an adapter: a graph holds the addresses of its factors

captured when a step first needs it. Steps in which several versions meet are not captured: they
would need a graph for each way of dividing the rows, or the factors of every row gathered in one
place at every step (4 GB for 32 rows of rank 16 on a Llama of 7 billion). They are computed as they
are without graphs, and so are prompts. A version that is gone takes its graphs along.

What is captured is an ordinary function (:func:`decode`), which can be run without a GPU too.

Shape letters: B rows, W blocks in a table, D d_model.

Source: vLLM's and nano-vLLM's decode graphs; Gray 2019, "Getting started with CUDA graphs".
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from minilora.fast_model import FastModel
from serve.adapters import AdapterVersion, apply_versions
from serve.paged import PagedCache, Rows, Span

FIRST_ROOM = 256  # tokens; the attention kernel's SPLIT: up to here one kernel a layer is enough
ROOM_FACTOR = 4  # from one size of tables to the next; programs without tokens end at once
MAX_VERSIONS = 8  # adapters with graphs at a time: each has up to one for every B and W

Compute = Callable[[], Tensor]
Capture = Callable[[Compute], Compute]
Shapes = dict[tuple[int, int], "tuple[DecodeInputs, Compute]"]  # (B, W) -> to fill, to repeat

logger = logging.getLogger(__name__)


class DecodeInputs:
    """What a decode step depends on, in tensors that are filled anew for every step.

    Positions and slots follow from lengths and tables and are computed in the step.

    Attributes:
        tokens: (B,) int32, to be computed.
        lengths: (B,) int32, tokens of each row, the new one included.
        table: (B, W) int32, blocks of each row.
    """

    def __init__(self, cache: PagedCache, n_rows: int, n_blocks: int) -> None:
        """Make room for n_rows rows with tables of n_blocks blocks; all rows are padding."""
        self.n_rows, self.n_blocks = n_rows, n_blocks
        self.scratch, self.block_size = cache.scratch, cache.block_size
        size = n_rows * (2 + n_blocks)
        self._numbers = torch.empty(size, dtype=torch.int32, device=cache.keys[0].device)
        self.tokens, self.lengths = self._numbers[:n_rows], self._numbers[n_rows : 2 * n_rows]
        self.table = self._numbers[2 * n_rows :].view(n_rows, n_blocks)
        self.fill([], [])

    def fill(self, tokens: Sequence[int], spans: Sequence[Span]) -> None:
        """Write a step's rows; those beyond are one token long, in the scratch block.

        One copy to the device: small ones cost their number, not their size.
        """
        missing = self.n_rows - len(spans)
        numbers = [*tokens, *[0] * missing]
        numbers += [*(span.start + 1 for span in spans), *[1] * missing]
        for span in spans:
            used = span.blocks[: span.start // self.block_size + 1]
            numbers += [*used, *[self.scratch] * (self.n_blocks - len(used))]
        numbers += [self.scratch] * (self.n_blocks * missing)
        self._numbers.copy_(torch.tensor(numbers, dtype=torch.int32))


def decode(
    fast: FastModel, cache: PagedCache, inputs: DecodeInputs, version: AdapterVersion | None
) -> Tensor:
    """Return the hidden states (B, D) of a token of each row; keys and values go to the cache."""
    size = cache.block_size
    positions = inputs.lengths.long() - 1
    block = inputs.table.gather(1, positions[:, None] // size)[:, 0]
    slots = block.long() * size + positions % size
    rows = Rows(cache, inputs.table, inputs.lengths)

    def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return rows(q, *cache.write(layer, slots, k, v))

    apply_versions(fast, [(version, inputs.n_rows)])
    return fast.hidden(inputs.tokens, positions, attend)


class CudaCapture:
    """Captures functions as CUDA graphs that share one pool of memory.

    Because of that, what a graph returns is good until another one is replayed.
    """

    def __init__(self) -> None:
        self._pool = torch.cuda.graph_pool_handle()

    def __call__(self, function: Compute) -> Compute:
        """Return what repeats the kernels of a function, on the tensors it has used here."""
        here, aside = torch.cuda.current_stream(), torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(here)
        with torch.cuda.stream(aside):
            function()  # compiles kernels and makes workspaces, which cannot be captured
        here.wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        # Only this thread is kept from calls that would break the capture.
        with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
            out = function()

        def replay() -> Tensor:
            graph.replay()
            return out

        return replay


class DecodeGraphs:
    """The graphs of one model and cache; belongs to the thread that computes with them.

    Args:
        fast: the model.
        cache: is written to.
        capture: makes a function quick to repeat; it is called once for each shape and version.
    """

    def __init__(self, fast: FastModel, cache: PagedCache, capture: Capture) -> None:
        self._fast, self._cache, self._capture = fast, cache, capture
        self._base: Shapes = {}
        self._adapted: WeakKeyDictionary[AdapterVersion, Shapes] = WeakKeyDictionary()

    def __len__(self) -> int:
        """Return the number of graphs."""
        return len(self._base) + sum(map(len, self._adapted.values()))

    def take(self, spans: Sequence[Span], versions: Sequence[AdapterVersion | None]) -> bool:
        """Return whether a step can be a graph: single tokens, all of one version.

        Of more than ``MAX_VERSIONS`` adapters, those that came first have graphs.
        """
        if any(span.n_tokens != 1 for span in spans) or len(set(versions)) != 1:
            return False
        version = versions[0]
        known = version is None or version in self._adapted
        return known or len(self._adapted) < MAX_VERSIONS

    def hidden(
        self, tokens: Sequence[int], spans: Sequence[Span], version: AdapterVersion | None
    ) -> Tensor:
        """Return the hidden states (N, D) of a step that :meth:`take` said yes to.

        They are good until the next call. Of another version or shape the first step is slow: it is
        computed, captured and replayed.
        """
        shapes, shape = self._shapes(version), self._shape(spans)
        if shape not in shapes:
            shapes[shape] = self._prepare(*shape, version)
        inputs, replay = shapes[shape]
        inputs.fill(tokens, spans)
        return replay()[: len(spans)]

    def _shapes(self, version: AdapterVersion | None) -> Shapes:
        if version is None:
            return self._base
        if version not in self._adapted:
            self._adapted[version] = {}
            if len(self._adapted) == MAX_VERSIONS:
                logger.warning(
                    "decode graphs: %d adapters have them, others do without", MAX_VERSIONS
                )
        return self._adapted[version]

    def _shape(self, spans: Sequence[Span]) -> tuple[int, int]:
        """Return B and W, the least that a step fits."""
        n_rows = 1 << (len(spans) - 1).bit_length()
        room, longest = FIRST_ROOM, max(span.start for span in spans) + 1
        while room < longest:
            room *= ROOM_FACTOR
        return n_rows, min(-(-room // self._cache.block_size), self._cache.n_blocks)

    def _prepare(
        self, n_rows: int, n_blocks: int, version: AdapterVersion | None
    ) -> tuple[DecodeInputs, Compute]:
        name = "none" if version is None else version.name
        logger.info("decode graph: %d rows, %d blocks, adapter %s", n_rows, n_blocks, name)
        inputs = DecodeInputs(self._cache, n_rows, n_blocks)
        return inputs, self._capture(lambda: decode(self._fast, self._cache, inputs, version))
