"""Decode steps for graphs: the same values as without, run without a GPU where nothing is captured.

On a CPU a "capture" is the function itself, run again at every step.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from minilora.chat import Tokenizer
from minilora.config import ModelConfig
from minilora.fast_linear import LowRank
from minilora.fast_model import FastModel
from minilora.generate import Sampling
from minilora.model import Llama
from serve import graph
from serve.adapters import AdapterVersion, apply_versions
from serve.engine import EngineConfig, LocalEngine
from serve.generation import Request, Token
from serve.graph import CudaCapture, DecodeGraphs, DecodeInputs
from serve.kernels.paged_attention import SPLIT
from serve.paged import PagedCache, PagedStep, Span

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
N_BLOCKS, BLOCK_SIZE = 80, 8


def sizes(window: int | None = None) -> ModelConfig:
    return ModelConfig(
        "llama" if window is None else "mistral",
        vocab_size=50,
        d_model=64,
        n_layers=2,
        n_heads=4,
        n_kv_heads=2,
        head_dim=16,
        d_ff=96,
        sliding_window=window,
    )


class Setup:
    """A model and a cache full of numbers, which can be had again as it was."""

    def __init__(self, window: int | None = None, device: str = "cpu") -> None:
        torch.manual_seed(0)
        self.model = Llama(sizes(window)).eval().requires_grad_(False).to(device)
        self.fast = FastModel(self.model, "dense")
        self.window, self.device = window, device

    def cache(self) -> PagedCache:
        config = sizes(self.window)
        cache = PagedCache(config, N_BLOCKS, torch.float32, self.device, BLOCK_SIZE)
        generator = torch.Generator().manual_seed(1)
        for blocks in (*cache.keys, *cache.values):
            blocks.copy_(torch.randn(blocks.shape, generator=generator))
        return cache

    def plain(
        self,
        cache: PagedCache,
        tokens: list[int],
        spans: list[Span],
        version: AdapterVersion | None,
    ) -> Tensor:
        """Return the hidden states as a step without graphs gives them."""
        step = PagedStep(cache, spans)
        apply_versions(self.fast, [(version, len(spans))])
        flat = torch.tensor(tokens, device=self.device)
        return self.fast.hidden(flat, step.positions, step)

    def version(self, number: int) -> AdapterVersion:
        """Return an adapter of rank 3 on every product."""
        generator = torch.Generator().manual_seed(number)
        factors = []
        for layer in self.fast.layers:
            for linear in layer.linears:
                M, K = linear.weight().shape
                A, B = (
                    torch.randn(3, K, generator=generator),
                    torch.randn(M, 3, generator=generator),
                )
                factors.append(LowRank(A.to(self.device), 0.1 * B.to(self.device), None))
        return AdapterVersion(f"adapter-{number}", number, Path(), tuple(factors))


def steps(rng: random.Random, n_steps: int) -> list[tuple[list[int], list[Span]]]:
    """Return steps of 1 to 9 rows with blocks of their own, short and long."""
    made = []
    for _ in range(n_steps):
        blocks = list(range(N_BLOCKS))
        rng.shuffle(blocks)
        spans = []
        for _ in range(rng.randint(1, 9)):
            start = rng.choice((0, 7, 8, rng.randint(1, 40)))
            spans.append(Span([blocks.pop() for _ in range(start // BLOCK_SIZE + 2)], start, 1))
        if rng.random() < 0.3 and len(blocks) > 40:
            spans.append(Span(blocks[:36], 280, 1))  # more than the narrowest table takes
        made.append(([rng.randrange(50) for _ in spans], spans))
    return made


def run_again(function: Callable[[], Tensor]) -> Callable[[], Tensor]:
    return function


def assert_same_as_plain(
    setup: Setup, graphs: DecodeGraphs, cache: PagedCache, n_steps: int
) -> None:
    """Compare hidden states and, to the last slot, what the steps leave in the cache."""
    plain_cache = setup.cache()
    versions = [None, setup.version(1), setup.version(2)]
    for i, (tokens, spans) in enumerate(steps(random.Random(3), n_steps)):
        version = versions[i % 3]
        assert graphs.take(spans, [version] * len(spans))
        got = graphs.hidden(tokens, spans, version).clone()
        expected = setup.plain(plain_cache, tokens, spans, version)
        torch.testing.assert_close(got, expected, atol=2e-5, rtol=2e-5)
    for got_blocks, expected_blocks in zip(
        [*cache.keys, *cache.values], [*plain_cache.keys, *plain_cache.values], strict=True
    ):
        torch.testing.assert_close(
            got_blocks[:N_BLOCKS], expected_blocks[:N_BLOCKS], atol=2e-5, rtol=2e-5
        )


@pytest.mark.parametrize("window", [None, 11])
@torch.inference_mode()
def test_steps_in_fixed_shapes_equal_steps_as_they_come(window: int | None) -> None:
    setup = Setup(window)
    cache = setup.cache()
    shapes = []

    def count(function: Callable[[], Tensor]) -> Callable[[], Tensor]:
        shapes.append(function)
        return function

    graphs = DecodeGraphs(setup.fast, cache, count)
    assert_same_as_plain(setup, graphs, cache, 30)
    # 30 steps of 3 versions; sizes of batches: 1, 2, 4, 8, 16; of tables: 32 and 80 blocks
    assert len(graphs) == len(shapes) < 25


def test_rows_that_are_missing_are_in_the_scratch_block() -> None:
    cache = Setup().cache()
    inputs = DecodeInputs(cache, 4, 3)
    inputs.fill([7, 9], [Span([5, 2, 6], 8, 1), Span([3, 4], 7, 1)])
    s = cache.scratch
    assert s == N_BLOCKS
    assert inputs.tokens.tolist() == [7, 9, 0, 0]
    assert inputs.lengths.tolist() == [9, 8, 1, 1]
    assert inputs.table.tolist() == [[5, 2, s], [3, s, s], [s, s, s], [s, s, s]]
    inputs.fill([1], [Span([8], 0, 1)])  # nothing of the step before is left
    assert inputs.table.tolist() == [[8, s, s], [s, s, s], [s, s, s], [s, s, s]]
    assert inputs.lengths.tolist() == [1, 1, 1, 1]


def test_what_is_not_one_token_a_row_of_one_version_is_left_to_others() -> None:
    setup = Setup()
    graphs = DecodeGraphs(setup.fast, setup.cache(), run_again)
    one, two = setup.version(1), setup.version(2)
    row, chunk = Span([0], 3, 1), Span([1], 0, 2)
    assert graphs.take([row, row], [None, None])
    assert graphs.take([row, row], [one, one])
    assert not graphs.take([row, chunk], [None, None])
    assert not graphs.take([row, row], [None, one])
    assert not graphs.take([row, row], [two, one])
    assert graph.FIRST_ROOM == SPLIT  # else the narrowest graphs run a second kernel for nothing


@torch.inference_mode()
def test_graphs_go_with_their_version_and_make_room(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def record(function: Callable[[], Tensor]) -> Callable[[], Tensor]:
        out = function()
        return lambda: out  # as a CUDA graph, it holds on to nothing that it was made from

    monkeypatch.setattr(graph, "MAX_VERSIONS", 2)
    setup = Setup()
    graphs = DecodeGraphs(setup.fast, setup.cache(), record)
    versions = [setup.version(i) for i in range(3)]
    spans = [Span([0], 3, 1)]
    for version in (None, *versions[:2]):
        graphs.hidden([1], spans, version)
    assert len(graphs) == 3
    assert "2 adapters have them, others do without" in caplog.text
    assert not graphs.take(spans, versions[2:])
    assert graphs.take(spans, versions[:1])
    del versions[0], version
    gc.collect()
    assert len(graphs) == 2
    assert graphs.take(spans, versions[1:])


def answers(engine: LocalEngine, tokenizer: Tokenizer) -> list[list[int]]:
    """Return the tokens of a few greedy answers, computed together."""
    prompts = [tokenizer.encode(f"Question {i}? " * (1 + i % 4)) for i in range(7)]
    requests = [Request(tuple(p), Sampling(max_new_tokens=12 + i)) for i, p in enumerate(prompts)]

    async def run() -> list[list[int]]:
        running = [engine.submit(request) for request in requests]
        return [[e.id async for e in answer if isinstance(e, Token)] for answer in running]

    return asyncio.run(run())


def test_the_engine_answers_the_same_with_fixed_shapes(
    engine: LocalEngine, tokenizer: Tokenizer
) -> None:
    assert engine.graphs is None  # on a CPU
    expected = answers(engine, tokenizer)
    engine.graphs = DecodeGraphs(engine.fast, engine.cache, run_again)
    assert answers(engine, tokenizer) == expected
    assert len(engine.graphs) > 1


@pytest.mark.gpu
@needs_gpu
@pytest.mark.parametrize("window", [None, 11])
@torch.inference_mode()
def test_captured_steps_equal_steps_as_they_come(
    window: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Every graph is replayed after others that share its memory were captured and replayed."""
    setup = Setup(window, "cuda")
    cache = setup.cache()
    assert cache.backend == "triton"
    graphs = DecodeGraphs(setup.fast, cache, CudaCapture())
    with caplog.at_level(logging.INFO, logger="serve.graph"):
        assert_same_as_plain(setup, graphs, cache, 60)
    assert sum("decode graph:" in message for message in caplog.messages) == len(graphs)


@pytest.mark.gpu
@needs_gpu
def test_the_engine_answers_the_same_with_graphs(small_model: Llama, tokenizer: Tokenizer) -> None:
    """In float32: random 16-bit logits are often equal, and batches are cut differently."""
    model = Llama(small_model.config)
    model.load_state_dict(small_model.state_dict())
    model = model.float().to("cuda").eval().requires_grad_(False)
    found = []
    for graphs in (False, True):
        engine = LocalEngine(model, tokenizer, EngineConfig(cache_bytes=64 << 20, graphs=graphs))
        assert (engine.graphs is not None) is graphs
        try:
            found.append(answers(engine, tokenizer))
            assert engine.graphs is None or len(engine.graphs) > 1
        finally:
            engine.close()
    assert found[0] == found[1]
