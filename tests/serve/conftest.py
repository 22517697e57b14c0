"""A small model that answers nonsense quickly, with the real tokenizer, for every server test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from minilora.chat import Tokenizer
from minilora.config import ModelConfig
from minilora.model import Llama
from minilora.weights import DEFAULT_MODEL, resolve
from serve.engine import EngineConfig, LocalEngine
from serve.paged import PagedCache


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_path(resolve(DEFAULT_MODEL).tokenizer_path)


@pytest.fixture(scope="session")
def small_model(tokenizer: Tokenizer) -> Llama:
    """Random weights, large enough that its greedy answers differ from prompt to prompt."""
    torch.manual_seed(0)
    config = ModelConfig(
        "llama",
        vocab_size=tokenizer.vocab_size,
        d_model=64,
        n_layers=2,
        n_heads=4,
        n_kv_heads=2,
        head_dim=16,
        d_ff=96,
        max_seq_len=512,
        tie_embeddings=True,
    )
    model = Llama(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" not in name:
                parameter.normal_(0, 0.5 if name == "embed_tokens.weight" else 0.15)
    dtype = torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32
    return model.to(dtype).eval().requires_grad_(False)


@pytest.fixture
def engine(small_model: Llama, tokenizer: Tokenizer) -> Iterator[LocalEngine]:
    """An engine with room for few sequences, so that waiting and preemption happen."""
    dtype = small_model.embed_tokens.weight.dtype
    config = EngineConfig(
        cache_bytes=24 * PagedCache.block_bytes(small_model.config, dtype),
        max_running=6,
        max_waiting=200,
        step_tokens=64,
    )
    running = LocalEngine(small_model, tokenizer, config)
    yield running
    running.close()
