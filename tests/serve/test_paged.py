"""The paged layout against the model's own attention, and its independence of the batch."""

from __future__ import annotations

import random

import pytest
import torch

from minilora.config import ModelConfig
from minilora.model import Llama
from serve.paged import PagedCache, PagedStep, Span

CONFIG = ModelConfig(
    "llama", vocab_size=50, d_model=48, n_layers=2, n_heads=6, n_kv_heads=2, head_dim=8, d_ff=64
)
WINDOWED = ModelConfig(
    "mistral",
    vocab_size=50,
    d_model=48,
    n_layers=2,
    n_heads=6,
    n_kv_heads=2,
    head_dim=8,
    d_ff=64,
    sliding_window=7,
)


def _model(config: ModelConfig, dtype: torch.dtype = torch.float32) -> Llama:
    torch.manual_seed(0)
    return Llama(config).to(dtype).eval()


def _run(
    model: Llama, cache: PagedCache, parts: list[tuple[list[int], Span]]
) -> list[torch.Tensor]:
    """Return the hidden states of each part's tokens."""
    step = PagedStep(cache, [span for _, span in parts])
    flat = torch.tensor([token for tokens, _ in parts for token in tokens])
    with torch.inference_mode():
        hidden = model.hidden(flat, step.positions, step)
    return list(hidden.split([span.n_tokens for _, span in parts]))


@pytest.mark.parametrize("config", [CONFIG, WINDOWED], ids=["full", "window"])
def test_chunks_and_single_tokens_equal_the_whole_forward(config: ModelConfig) -> None:
    model, rng = _model(config), random.Random(1)
    cache = PagedCache(config, n_blocks=40, dtype=torch.float32, block_size=4)
    rows = [[rng.randrange(50) for _ in range(n)] for n in (23, 9, 14)]
    free = list(range(40))
    rng.shuffle(free)
    tables = [[free.pop() for _ in range(6)] for _ in rows]
    done, hidden = [0, 0, 0], [[], [], []]  # type: ignore[var-annotated]
    while any(d < len(row) for d, row in zip(done, rows, strict=True)):
        parts, who = [], []
        for i, row in enumerate(rows):
            n = min(rng.choice((0, 1, 1, 5)), len(row) - done[i])
            if n:
                parts.append((row[done[i] : done[i] + n], Span(tables[i], done[i], n)))
                who.append(i)
                done[i] += n
        if parts:
            for i, out in zip(who, _run(model, cache, parts), strict=True):
                hidden[i].append(out)
    for row, parts_of_row in zip(rows, hidden, strict=True):
        with torch.inference_mode():
            expected = model(torch.tensor([row]))[0]
            got = model.logits(torch.cat(parts_of_row))
        torch.testing.assert_close(got, expected, atol=2e-5, rtol=0)


def test_a_token_does_not_depend_on_the_batch() -> None:
    """Bit for bit in bfloat16, whatever the chunks and the neighbours: what the engine promises."""
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        pytest.skip("this processor has no bfloat16 products")
    config = ModelConfig(
        "llama",
        vocab_size=99,
        d_model=64,
        n_layers=2,
        n_heads=4,
        n_kv_heads=2,
        head_dim=16,
        d_ff=96,
    )
    model, rng = _model(config, torch.bfloat16), random.Random(2)
    row = [rng.randrange(99) for _ in range(90)]

    def last(cuts: list[int], neighbours: int) -> torch.Tensor:
        cache = PagedCache(config, n_blocks=64, dtype=torch.bfloat16)
        out = torch.empty(0)
        for start, end in zip([0, *cuts], [*cuts, len(row)], strict=True):
            parts = [(row[start:end], Span([5, 3, 9], start, end - start))]
            for i in range(neighbours):
                n = rng.choice((1, 4))
                tokens = [rng.randrange(99) for _ in range(n)]
                parts.append((tokens, Span([10 + 2 * i, 11 + 2 * i], rng.randrange(50), n)))
            out = _run(model, cache, parts)[0][-1]
        return out

    alone = last([], 0)
    for cuts, neighbours in (([89], 0), ([64], 3), ([1, 2, 50, 88, 89], 7), ([33, 89], 20)):
        assert torch.equal(last(cuts, neighbours), alone)


def test_a_table_that_is_too_short_is_refused() -> None:
    cache = PagedCache(CONFIG, n_blocks=2, dtype=torch.float32, block_size=4)
    with pytest.raises(ValueError, match="do not fit"):
        PagedStep(cache, [Span([0], 3, 2)])
