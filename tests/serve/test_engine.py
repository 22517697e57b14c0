"""The engine: the same answers alone and together, adapters, grammars, limits, failure."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from minilora.adapter import save_adapter
from minilora.chat import Tokenizer
from minilora.generate import Sampling, generate
from minilora.grammar import compile_json_schema
from minilora.lora import inject, lora_layers, remove
from minilora.lora_config import LoRAConfig
from minilora.model import Llama
from serve.answer import Answer
from serve.engine import EngineConfig, LocalEngine
from serve.generation import (
    DoesNotFit,
    Draining,
    Finished,
    QueueFull,
    Request,
    Token,
    UnknownAdapter,
)

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 8}, "n": {"type": "integer"}},
    "required": ["name", "n"],
    "additionalProperties": False,
}


async def collect(answer: Answer) -> tuple[list[Token], Finished]:
    events = [event async for event in answer]
    *tokens, finished = events
    assert isinstance(finished, Finished)
    return [token for token in tokens if isinstance(token, Token)], finished


def text_of(tokens: list[Token], finished: Finished) -> str:
    return "".join(token.text for token in tokens) + finished.text


def prompts(tokenizer: Tokenizer, n: int) -> list[tuple[int, ...]]:
    rng = random.Random(0)
    shared = "You are a helpful assistant. " * 8
    return [
        tuple(
            tokenizer.encode(
                (shared if i % 3 == 0 else "") + f"Question {i}? " * rng.randint(1, 12)
            )
        )
        for i in range(n)
    ]


def test_fifty_answers_are_the_same_alone_together_and_in_any_order(
    engine: LocalEngine, tokenizer: Tokenizer
) -> None:
    rng = random.Random(1)
    grammar = compile_json_schema(SCHEMA, "json.dumps")
    requests = [
        Request(
            prompt,
            Sampling(max_new_tokens=rng.randint(24, 40)),
            grammar=grammar if i % 5 == 0 else None,
        )
        for i, prompt in enumerate(prompts(tokenizer, 50))
    ]

    async def run() -> None:
        alone = [await collect(engine.submit(request)) for request in requests]
        together = await asyncio.gather(*(collect(engine.submit(r)) for r in requests))
        order = list(range(50))
        rng.shuffle(order)
        shuffled = await asyncio.gather(*(collect(engine.submit(requests[i])) for i in order))
        ids = [[token.id for token in tokens] for tokens, _ in alone]
        assert [[token.id for token in tokens] for tokens, _ in together] == ids
        assert [[token.id for token in tokens] for tokens, _ in shuffled] == [ids[i] for i in order]
        assert len({tuple(tokens) for tokens in ids}) > 40  # the model does answer differently

    asyncio.run(run())
    load = engine.load()
    assert (load.running, load.waiting, load.used_blocks) == (0, 0, 0)


def test_preemption_loses_no_request(small_model: Llama, tokenizer: Tokenizer) -> None:
    """A cache for two sequences, and six that want to grow."""
    config = EngineConfig(cache_bytes=1, max_running=6, max_waiting=10, step_tokens=64)
    from serve.paged import PagedCache

    block = PagedCache.block_bytes(small_model.config, small_model.embed_tokens.weight.dtype)
    small = LocalEngine(small_model, tokenizer, replace(config, cache_bytes=4 * block))
    requests = [
        Request(prompt[:20], Sampling(max_new_tokens=60)) for prompt in prompts(tokenizer, 6)
    ]

    async def run() -> None:
        alone = [await collect(small.submit(request)) for request in requests]
        answers = [small.submit(request) for request in requests]
        together = await asyncio.gather(*(collect(answer) for answer in answers))
        assert [text_of(*a) for a in together] == [text_of(*a) for a in alone]
        assert sum(answer.tokens.n_preempted for answer in answers) > 0

    try:
        asyncio.run(run())
    finally:
        small.close()


def test_it_says_what_generate_says(
    engine: LocalEngine, small_model: Llama, tokenizer: Tokenizer
) -> None:
    """Another path to the same logits: equal but for near ties, so most answers must agree."""
    sampling = Sampling(max_new_tokens=8)
    some = prompts(tokenizer, 12)

    async def run() -> list[list[int]]:
        answers = await asyncio.gather(
            *(collect(engine.submit(Request(p, sampling))) for p in some)
        )
        return [[token.id for token in tokens] for tokens, _ in answers]

    expected = [list(generate(small_model, tokenizer, [p], sampling)[0].tokens) for p in some]
    got = asyncio.run(run())
    assert sum(a == b for a, b in zip(got, expected, strict=True)) >= 9


def test_a_schema_holds_whatever_the_budget(engine: LocalEngine, tokenizer: Tokenizer) -> None:
    grammar = compile_json_schema(SCHEMA, "json.dumps")

    async def run() -> None:
        answers = [
            engine.submit(
                Request(
                    prompts(tokenizer, 1)[0],
                    Sampling(max_new_tokens=budget, temperature=2.0),
                    grammar=grammar,
                    seed=budget,
                )
            )
            for budget in range(14, 40, 2)
        ]
        for answer in answers:
            tokens, finished = await collect(answer)
            document = json.loads(text_of(tokens, finished))
            assert set(document) == {"name", "n"}
            assert finished.reason == "stop"
            assert any(token.forced for token in tokens)

    asyncio.run(run())


def test_a_seed_repeats_its_answer_in_any_company(
    engine: LocalEngine, tokenizer: Tokenizer
) -> None:
    request = Request(
        prompts(tokenizer, 1)[0], Sampling(temperature=1.0, max_new_tokens=20), seed=7
    )

    async def run() -> None:
        alone, _ = await collect(engine.submit(request))
        others = [engine.submit(replace(request, seed=seed)) for seed in range(5)]
        again, _ = await collect(engine.submit(request))
        assert [t.id for t in again] == [t.id for t in alone]
        different = [[t.id for t in (await collect(other))[0]] for other in others]
        assert len({tuple(ids) for ids in different}) == 5

    asyncio.run(run())


def test_logprobs_are_a_distribution(engine: LocalEngine, tokenizer: Tokenizer) -> None:
    request = Request(prompts(tokenizer, 1)[0], Sampling(max_new_tokens=5), top_logprobs=4)

    async def run() -> None:
        tokens, _ = await collect(engine.submit(request))
        for token in tokens:
            assert token.logprob is not None
            assert token.logprob <= 0
            assert len(token.top) == 4
            assert token.top[0][1] == max(value for _, value in token.top)
            assert token.logprob == pytest.approx(token.top[0][1])  # greedy takes the likeliest

    asyncio.run(run())


def test_a_second_prompt_finds_the_beginning_of_the_first(
    engine: LocalEngine, tokenizer: Tokenizer
) -> None:
    prompt = tuple(tokenizer.encode("The same long system prompt. " * 30))

    async def run() -> None:
        _, first = await collect(engine.submit(Request(prompt, Sampling(max_new_tokens=2))))
        _, second = await collect(
            engine.submit(Request((*prompt, 5, 6), Sampling(max_new_tokens=2)))
        )
        assert first.cached_tokens == 0
        assert second.cached_tokens == len(prompt) // 32 * 32

    asyncio.run(run())


def test_cancelled_requests_free_their_place(engine: LocalEngine, tokenizer: Tokenizer) -> None:
    async def run() -> None:
        answers = [
            engine.submit(Request(prompt, Sampling(max_new_tokens=200)))
            for prompt in prompts(tokenizer, 8)
        ]
        stream = aiter(answers[0])
        await anext(stream)
        for answer in answers:
            answer.cancel()
        for answer in answers[1:]:
            _, finished = await collect(answer)
            assert finished.reason == "cancelled"
        load = engine.load()
        assert (load.running, load.waiting, load.used_blocks) == (0, 0, 0)

    asyncio.run(run())


def test_a_deadline_ends_what_runs_and_drops_what_waits(
    engine: LocalEngine, tokenizer: Tokenizer
) -> None:
    async def run() -> None:
        late = Request(
            prompts(tokenizer, 1)[0], Sampling(max_new_tokens=100), deadline=time.monotonic() - 1
        )
        tokens, finished = await collect(engine.submit(late))
        assert tokens == []
        assert finished.reason == "deadline"
        assert finished.completion_tokens == 0

    asyncio.run(run())


def test_what_cannot_be_taken_is_refused(small_model: Llama, tokenizer: Tokenizer) -> None:
    engine = LocalEngine(
        small_model, tokenizer, EngineConfig(cache_bytes=1 << 22, max_running=1, max_waiting=1)
    )

    async def run() -> None:
        with pytest.raises(DoesNotFit, match="no tokens"):
            engine.submit(Request(()))
        with pytest.raises(DoesNotFit, match="do not fit the 512 tokens"):
            engine.submit(Request((1,) * 500, Sampling(max_new_tokens=100)))
        with pytest.raises(UnknownAdapter, match="no adapter 'x' is loaded; loaded: none"):
            engine.submit(Request((1,), adapter="x"))
        answers = [engine.submit(Request((1, 2), Sampling(max_new_tokens=50))) for _ in range(2)]
        with pytest.raises(QueueFull):
            engine.submit(Request((1, 2)))
        engine.drain()
        with pytest.raises(Draining):
            engine.submit(Request((1, 2)))
        for answer in answers:  # those accepted are answered
            _, finished = await collect(answer)
            assert finished.reason in ("stop", "length")

    try:
        asyncio.run(run())
    finally:
        engine.close()


def test_a_failing_step_is_told_to_whom_it_concerns(
    engine: LocalEngine, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> torch.Tensor:
        raise ValueError("out of luck")

    async def run() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(engine.fast, "hidden", broken)
            with pytest.raises(RuntimeError, match="out of luck"):
                await collect(engine.submit(Request((1, 2, 3))))
        _, finished = await collect(engine.submit(Request((1, 2, 3), Sampling(max_new_tokens=2))))
        assert finished.completion_tokens == 2

    asyncio.run(run())
    assert engine.failures == 1
    assert engine.load().used_blocks == 0


def _adapter(model: Llama, folder: Path, seed: int) -> Path:
    generator = torch.Generator().manual_seed(seed)
    inject(model, LoRAConfig(rank=4, alpha=64), "made", generator)
    with torch.no_grad():
        for _, layer in lora_layers(model):
            for parameter in layer.adapter("made").parameters():
                parameter.normal_(0, 0.3, generator=generator)
    save_adapter(model, "made", folder, "small")
    remove(model, "made")
    return folder


def test_adapters_share_a_batch(
    engine: LocalEngine, small_model: Llama, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    engine.load_adapter("a", _adapter(small_model, tmp_path / "a", 1)).result()
    engine.load_adapter("b", _adapter(small_model, tmp_path / "b", 2)).result()
    assert engine.adapters() == ("a", "b")
    requests = [
        Request(prompt, Sampling(max_new_tokens=12), adapter=name)
        for prompt in prompts(tokenizer, 4)
        for name in (None, "a", "b")
    ]

    async def run() -> None:
        alone = [await collect(engine.submit(request)) for request in requests]
        together = await asyncio.gather(*(collect(engine.submit(r)) for r in requests))
        ids = [[t.id for t in tokens] for tokens, _ in alone]
        assert [[t.id for t in tokens] for tokens, _ in together] == ids
        for i in range(0, 12, 3):
            assert len({tuple(ids[i + j]) for j in range(3)}) == 3  # each says something else

    asyncio.run(run())


def test_a_running_answer_keeps_its_version(
    engine: LocalEngine, small_model: Llama, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    engine.load_adapter("a", _adapter(small_model, tmp_path / "old", 1)).result()
    request = Request(prompts(tokenizer, 1)[0], Sampling(max_new_tokens=60), adapter="a")

    async def run() -> None:
        expected, _ = await collect(engine.submit(request))
        answer = engine.submit(request)
        stream = aiter(answer)
        first = await anext(stream)
        folder = _adapter(small_model, tmp_path / "new", 2)
        await asyncio.wrap_future(engine.load_adapter("a", folder))
        rest = [event async for event in stream]
        ids = [event.id for event in (first, *rest) if isinstance(event, Token)]
        assert ids == [token.id for token in expected]
        newer, _ = await collect(engine.submit(request))
        assert [token.id for token in newer] != ids
        await asyncio.wrap_future(engine.unload_adapter("a"))
        with pytest.raises(UnknownAdapter):
            engine.submit(request)

    asyncio.run(run())


def test_an_adapter_that_does_not_fit_is_refused(engine: LocalEngine, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no adapter"):
        engine.load_adapter("a", tmp_path).result()
    assert engine.adapters() == ()
