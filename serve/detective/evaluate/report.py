"""Outcomes of questions to a table and a report for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from rich.table import Table

from minilora.scoring import Share
from serve.detective.evaluate.checks import NAMES, Checks, said
from serve.detective.reply import Reply
from serve.judge.suite import Case

TITLES = {
    "route": "right route",
    "page": "page in top 3",
    "answer": "right answer",
    "refused": "unanswerable refused",
    "quotes": "quotes verbatim",
    "citations": "citations resolve",
    "verification": "right verification",
}


@dataclass(frozen=True)
class Asked:
    """A question and what came of it.

    Attributes:
        case: what was expected.
        checks: what is right.
        seconds: until the reply; None where none came.
        reply: None where none came.
        error: why none came.
    """

    case: Case
    checks: Checks
    seconds: float | None = None
    reply: Reply | None = None
    error: str | None = None


def shares(outcomes: Iterable[Checks]) -> dict[str, Share]:
    """Return each check's share of right ones among those to which it applies."""
    rows = [asdict(checks) for checks in outcomes]
    return {name: _share([row[name] for row in rows]) for name in NAMES}


def _share(verdicts: Sequence[bool | None]) -> Share:
    applied = [verdict for verdict in verdicts if verdict is not None]
    return Share(sum(applied), len(applied))


def table(asked: Sequence[Asked]) -> Table:
    """Return the shares with their 95% intervals, of all questions and of each kind."""
    drawn = Table(title="Right of those that apply (95% interval)")
    drawn.add_column("kind")
    drawn.add_column("n", justify="right")
    for name in NAMES:
        drawn.add_column(TITLES[name], justify="right")
    kinds = list(dict.fromkeys(one.case.kind for one in asked))
    rows = [("all", list(asked))] + [
        (kind, [one for one in asked if one.case.kind == kind]) for kind in kinds if len(kinds) > 1
    ]
    for kind, of_kind in rows:
        found = shares(one.checks for one in of_kind).values()
        drawn.add_row(kind, str(len(of_kind)), *map(cell, found), end_section=kind == "all")
    return drawn


def cell(share: Share) -> str:
    """Return a share as the table has it.

    >>> cell(Share(9, 10)), cell(Share(0, 0))
    ('9/10 90% (60-98)', '-')
    """
    if not share.n:
        return "-"
    low, high = share.interval
    return f"{share.successes}/{share.n} {share.value:.0%} ({100 * low:.0f}-{100 * high:.0f})"


def cost(replies: Sequence[tuple[Reply, float]]) -> dict[str, float]:
    """Return latency and tokens; {} where there is no reply."""
    if not replies:
        return {}
    seconds = [second for _, second in replies]

    def mean(count: Callable[[Reply], int]) -> float:
        return sum(count(reply) for reply, _ in replies) / len(replies)

    return {
        "latency_p50_s": float(np.quantile(seconds, 0.5)),
        "latency_p95_s": float(np.quantile(seconds, 0.95)),
        "model_calls_mean": mean(lambda reply: reply.usage.model_calls),
        "prompt_tokens_mean": mean(lambda reply: reply.usage.prompt_tokens),
        "completion_tokens_mean": mean(lambda reply: reply.usage.completion_tokens),
    }


def failed_steps(reply: Reply) -> list[str]:
    """Return the steps that failed and why; an answer that is wrong after these may be late."""
    return [f"{step.name}: {step.error}" for step in reply.steps if step.status == "failed"]


def to_json(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return the report: shares, their intervals, cost, and every question that went wrong."""
    found = shares(one.checks for one in asked)
    replied = [
        (one.reply, one.seconds)
        for one in asked
        if one.reply is not None and one.seconds is not None
    ]
    return {
        "n": len(asked),
        "n_errors": sum(one.error is not None for one in asked),
        "n_with_failed_steps": sum(bool(failed_steps(reply)) for reply, _ in replied),
        "model": next((reply.model for reply, _ in replied), None),
        "shares": {name: share.value if share.n else None for name, share in found.items()},
        "counts": {name: [share.successes, share.n] for name, share in found.items()},
        "ci95": {name: list(share.interval) for name, share in found.items()},
        **cost(replied),
        "wrong": [_wrong(one) for one in asked if one.checks.wrong or one.error],
    }


def _wrong(one: Asked) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": one.case.id,
        "kind": one.case.kind,
        "question": one.case.question,
        "wrong": one.checks.wrong,
        "expected": {
            "route": one.case.route,
            "answers": list(one.case.answers),
            "page": list(one.case.pages),
            "outcome": one.case.outcome,
            "verification": one.case.verification,
        },
    }
    if one.reply is None:
        return row | {"error": one.error}
    return row | {
        "got": {
            "route": one.reply.route,
            "outcome": one.reply.outcome,
            "short_answer": said(one.reply),
            "answer": one.reply.answer,
            "verification": one.reply.verification.verdict,
            "sources": [[source.title, source.page, source.quote] for source in one.reply.sources],
        },
        "failed_steps": failed_steps(one.reply),
        "seconds": one.seconds,
        "trace_id": one.reply.trace_id,
    }
