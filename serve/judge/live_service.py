"""Live judging as part of a server: its own engine judges a share of what it answers."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from prometheus_client import CollectorRegistry

from minilora.chat import Tokenizer
from minilora.cross_encoder.entailer import load_entailer
from minilora.cross_encoder.folder import ENTAILMENT
from minilora.encoder import Encoder
from serve.detective.comparing_mind import ComparingMind, verdict_mind
from serve.detective.local_mind import InThread, LocalMind
from serve.detective_service import DetectiveService
from serve.engine import LocalEngine
from serve.judge.bounded import BoundedJudge
from serve.judge.calibration import read_calibration
from serve.judge.live import LIVE, JudgedAsker, LiveJudge, LiveMetrics, Send
from serve.judge.local_judge import LocalJudge, local_name
from serve.judge.scorer import Scorer
from serve.judge.to_phoenix import phoenix_scores
from serve.judge.verdicts import Score
from serve.phoenix import Phoenix
from serve.settings import Settings
from serve.trace_store import TraceStore

ADAPTER = "judge"


def judge_answers(
    detective: DetectiveService,
    settings: Settings,
    engine: LocalEngine,
    tokenizer: Tokenizer,
    encoder: Encoder,
    in_grammar_thread: InThread,
    in_encoder_thread: InThread,
    registry: CollectorRegistry,
    traces: TraceStore | None,
) -> None:
    """Have the share of a detective's answers judged that the settings say; one at a time."""
    base = settings.model
    adapted = LocalMind(engine, tokenizer, in_grammar_thread, base, ADAPTER)
    comparing = ComparingMind(load_entailer(encoder=encoder), in_encoder_thread)
    entailment = verdict_mind(adapted, comparing)
    writer = LocalMind(engine, tokenizer, in_grammar_thread, base, "")
    adapter = settings.adapter_folders.get(ADAPTER)
    name = local_name(base, adapter, ENTAILMENT)
    kept = read_calibration()
    fits = kept is not None and kept.judge == name  # another adapter has other probabilities
    judge = LocalJudge(entailment, writer, name, kept if fits else None)
    scorer = Scorer(BoundedJudge(judge, concurrency=1, retries=1), _no_similarity, LIVE)
    live = LiveJudge(
        scorer, settings.judge_share, LiveMetrics(registry), traces, _to_phoenix(settings)
    )
    detective.asker = JudgedAsker(detective.asker, live)
    detective.resources.push_async_callback(live.close)


async def _no_similarity(text: str, others: Sequence[str]) -> list[float]:
    raise AssertionError("no live metric compares texts")


def _to_phoenix(settings: Settings) -> Send | None:
    """Return what sends scores to the Phoenix of the settings; None without one.

    Claims are the answer's words: they go along only where prompts and answers may be recorded.
    """
    if settings.phoenix_endpoint is None:
        return None
    phoenix = Phoenix(settings.phoenix_endpoint, dict(settings.otlp_headers))

    def send(trace_id: str, scores: Sequence[Score]) -> None:
        if not settings.log_prompts:
            scores = [msgspec.structs.replace(score, verdicts=()) for score in scores]
        phoenix_scores(phoenix, settings.trace_project, trace_id, scores)

    return send
