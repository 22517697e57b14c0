"""A share of the served answers judged: never in the way, bounded, counted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry, generate_latest

from serve.detective.reply import Reply
from serve.judge.live import LIVE, JudgedAsker, LiveJudge, LiveMetrics
from serve.judge.scorer import Scorer
from serve.judge.verdicts import Score
from serve.trace import Tracer, TraceSettings
from serve.trace_store import TraceStore

from .test_judges import Scripted
from .test_scorer import near
from .world import SUITE, Agent


class Asker:
    """Answers by script under one trace."""

    def __init__(self, trace_id: str) -> None:
        self.trace_id = trace_id

    async def ask(self, question: str, *_: Any, **__: Any) -> Reply:
        return msgspec.structs.replace(Agent().reply(question), trace_id=self.trace_id)


def counted(registry: CollectorRegistry, start: str) -> str:
    lines = generate_latest(registry).decode().splitlines()
    return next(line.split()[-1] for line in lines if line.startswith(start))


def test_scores_reach_the_trace_prometheus_and_elsewhere(tmp_path: Path) -> None:
    store = TraceStore(tmp_path / "traces.sqlite")
    tracer = Tracer(TraceSettings(), store)
    with tracer.span("ask", "AGENT") as span:
        pass
    assert tracer.flush()
    registry = CollectorRegistry()
    sent: list[tuple[str, Sequence[Score]]] = []

    async def work() -> None:
        live = LiveJudge(
            Scorer(Scripted(), near, LIVE),
            1.0,
            LiveMetrics(registry),
            store,
            lambda trace_id, scores: sent.append((trace_id, scores)),
        )
        asker = JudgedAsker(Asker(span.trace_id), live)
        await asker.ask(SUITE[0].question)
        await live.drained()
        await live.close()

    asyncio.run(work())
    kept = store.tree(span.trace_id)
    tracer.shutdown()
    assert kept is not None
    assert {score["name"]: score["value"] for score in kept["scores"]} == dict.fromkeys(LIVE, 1.0)
    assert sent[0][0] == span.trace_id
    name = 'minilora:judge_answers_total{metric="faithfulness",state="scored"}'
    assert counted(registry, name) == "1.0"


def test_what_does_not_fit_is_dropped_and_what_fails_is_counted() -> None:
    registry = CollectorRegistry()

    def broken(trace_id: str, scores: Sequence[Score]) -> None:
        raise OSError("Phoenix is gone")

    async def work() -> None:
        scorer, metrics = Scorer(Scripted(), near, LIVE), LiveMetrics(registry)
        live = LiveJudge(scorer, 0.5, metrics, None, broken, 2, iter_of(0.4, 0.4, 0.4, 0.6))
        reply = Agent().reply(SUITE[0].question)
        for _ in range(4):  # nothing is awaited between them: the worker has not begun
            live.offer("q", reply)
        await live.drained()
        await live.close()

    asyncio.run(work())
    assert counted(registry, 'minilora:judge_lost_total{at="queue"}') == "1.0"
    assert counted(registry, 'minilora:judge_lost_total{at="error"}') == "2.0"


def iter_of(*values: float) -> Any:
    return iter(values).__next__
