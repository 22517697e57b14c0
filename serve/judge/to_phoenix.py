"""Scores attached to the traces that Phoenix has of the answers."""

from __future__ import annotations

from collections.abc import Sequence

from serve.judge.report import CaseReport
from serve.judge.verdicts import Score
from serve.phoenix import Phoenix
from serve.phoenix import Score as PhoenixScore


def send_scores(phoenix: Phoenix, project: str, cases: Sequence[CaseReport]) -> tuple[int, int]:
    """Attach the scores of each case to its trace; it blocks.

    Returns:
        Cases whose scores were sent, and cases whose trace Phoenix does not have.

    Raises:
        httpx.HTTPError: Phoenix cannot be asked or refuses.
    """
    sent = sum(phoenix_scores(phoenix, project, case.trace_id, case.scores) for case in cases)
    return sent, len(cases) - sent


def phoenix_scores(phoenix: Phoenix, project: str, trace_id: str, scores: Sequence[Score]) -> bool:
    """Attach scores to the root span of a trace; False where Phoenix does not have it.

    Raises:
        httpx.HTTPError: Phoenix cannot be asked or refuses.
    """
    spans = phoenix.spans(project, trace_id) if trace_id else []
    roots = [span for span in spans if span.get("parent_id") is None]
    if not roots:
        return False
    span_id = roots[0]["context"]["span_id"]
    annotated = [
        PhoenixScore(
            span_id,
            score.metric,
            score.value,
            score.state,
            "; ".join(f"{v.label}: {v.claim}" for v in score.verdicts) or score.note or None,
        )
        for score in scores
        if score.value is not None
    ]
    if annotated:
        phoenix.annotate(annotated)
    return True
