"""The server's own engine as a mind: what every decision is, whatever the model."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
import torch

from minilora.chat import Tokenizer
from minilora.data.detective.steps import read, route, verify
from minilora.encoder import Encoder
from minilora.loading import load
from minilora.model import Llama
from serve.detective.confidence import probabilities
from serve.detective.local_mind import ANSWER_TOKENS, LocalMind
from serve.detective.mind import MindFailed
from serve.detective.parts import DetectiveConfig
from serve.detective.store import open_store
from serve.engine import EngineConfig, LocalEngine
from serve.generation import Draining, Token
from serve.guard.fence import Fence
from serve.guard.limits import RequestLimits
from tests.serve.detective.scripted import QUESTION, REPORT, WIKI, ScriptedWiki, add, detective

T = TypeVar("T")


@pytest.fixture
def mind(
    small_model: Llama, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalMind]:
    monkeypatch.setitem(ANSWER_TOKENS, "read", 200)  # the small model's context is short
    engine = LocalEngine(small_model, tokenizer, EngineConfig(cache_bytes=16 << 20))
    yield local(engine, tokenizer)
    engine.close()


def local(engine: LocalEngine, tokenizer: Tokenizer) -> LocalMind:
    async def in_grammar_thread(work: Callable[[], T], /) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(engine.grammar_thread, work)

    return LocalMind(engine, tokenizer, in_grammar_thread, "base")


FENCE = Fence("0123456789abcdef")
SOURCES = FENCE.wrap("\n\n".join(REPORT), "documents")


def test_decisions_satisfy_their_schemas(mind: LocalMind) -> None:
    async def run() -> None:
        steps = [
            (route(QUESTION, "fair"), ()),
            (read(QUESTION, SOURCES, FENCE.rule), REPORT),
            (verify(REPORT[0], SOURCES, FENCE.rule), REPORT),
        ]
        for step, passages in steps:
            decision = await mind.decide(step, passages)
            assert list(decision.value) == step.schema["required"]
            assert sum(decision.confidence.values()) == pytest.approx(1)
            assert decision.usage.completion_tokens == len(decision.tokens)
            if passages:
                assert any(decision.value["quote"] in passage for passage in passages)
            for token in decision.tokens:
                assert token.allowed is not None
                assert token.probability is not None
                assert token.allowed >= 1
                assert 0 <= token.probability <= 1 + 1e-6
                assert not token.forced or (token.allowed, token.probability) == (1, 1)
            assert any(token.forced for token in decision.tokens)
            assert any(token.others for token in decision.tokens)
        assert set(decision.confidence) == {"supported", "contradicted", "not_found"}
        chosen = decision.value["verdict"]
        assert decision.confidence[chosen] == max(decision.confidence.values())

    asyncio.run(run())


def test_a_prompt_that_does_not_fit_and_an_engine_that_stops(mind: LocalMind) -> None:
    async def run() -> None:
        with pytest.raises(MindFailed, match="do not fit"):
            await mind.decide(read("why? " * 600, SOURCES, FENCE.rule), REPORT)
        with pytest.raises(MindFailed, match="did not finish"):
            await mind.decide(route(QUESTION, "none"), seconds=-1)
        with pytest.raises(MindFailed, match="cannot be put"):
            await mind.decide(read(QUESTION, SOURCES, FENCE.rule), [" "])
        mind._engine.drain()  # type: ignore[attr-defined]
        with pytest.raises(Draining):
            await mind.decide(route(QUESTION, "none"))

    asyncio.run(run())


def token(data: bytes, *others: tuple[bytes, float], p: float) -> Token:
    top = ((data, math.log(p)), *((other, math.log(share)) for other, share in others))
    return Token(0, data, "", math.log(p), top)


def test_confidence_is_what_the_deciding_tokens_say() -> None:
    """The first token leaves both values open: P = 0.8 of it, 0.1 and 0.1 decide at once."""
    tokens = [
        token(b'{"v":', p=1),
        token(b' "', (b' "a', 0.1), (b' "b', 0.1), p=0.8),
        token(b"a", (b"b", 0.25), p=0.75),
        token(b'"}', p=1),
    ]
    found = probabilities(tokens, '"v": ', ['"a"', '"b"'])
    assert found == pytest.approx({'"a"': 0.1 + 0.8 * 0.75, '"b"': 0.1 + 0.8 * 0.25})
    escaped = [
        token(b'{"\\u0076": "', p=1),
        token(b"\\", (b"a", 0.3), p=0.7),
        token(b"u0062", (b"u0061", 0.4), p=0.6),
    ]
    found = probabilities(escaped, '"v": ', ['"a"', '"b"'])
    assert found == pytest.approx({'"a"': 0.3 + 0.7 * 0.4, '"b"': 0.7 * 0.6})
    with pytest.raises(ValueError, match="nothing tells"):
        probabilities([Token(0, b'"v": 1', "")], '"v": ', ["1", "2"])


@pytest.mark.slow
def test_the_base_model_answers_a_question(
    encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any answer will do; what it rests on must stand in the sources."""
    model, tokenizer = load(quant="none", device="cpu", dtype=torch.bfloat16)
    engine = LocalEngine(model, tokenizer, EngineConfig(cache_bytes=64 << 20))
    place = tmp_path_factory.mktemp("store") / "documents.sqlite"
    store = open_store(place, "minilm-l6", encoder.config.d_model)
    document = add(store, encoder, REPORT)
    config = DetectiveConfig(RequestLimits(max_seconds=3000), decision_s=1000)
    asked = detective(local(engine, tokenizer), store, encoder, ScriptedWiki(WIKI), config)
    try:
        reply = asyncio.run(asked.ask(QUESTION))
    finally:
        engine.close()
    assert reply.model == "base"
    assert [step.error for step in reply.steps if step.error] == []
    for source in reply.sources:
        assert source.passage[source.start : source.end] == source.quote
        assert f"[{source.number}]" in reply.answer
        assert source.document_id in (document.id, None)
    assert next(step.name for step in reply.steps if step.tokens) == "route"
    store.close()
