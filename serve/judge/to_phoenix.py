"""Scores attached to the traces that Phoenix has of the answers."""

from __future__ import annotations

from collections.abc import Sequence

from serve.judge.report import CaseReport
from serve.phoenix import Phoenix
from serve.phoenix import Score as PhoenixScore


def send_scores(phoenix: Phoenix, project: str, cases: Sequence[CaseReport]) -> tuple[int, int]:
    """Attach the scores of each case to the root span of its trace; it blocks.

    Returns:
        Cases whose scores were sent, and cases whose trace Phoenix does not have.

    Raises:
        httpx.HTTPError: Phoenix cannot be asked or refuses.
    """
    sent = missing = 0
    for case in cases:
        spans = phoenix.spans(project, case.trace_id) if case.trace_id else []
        roots = [span for span in spans if span.get("parent_id") is None]
        if not roots:
            missing += 1
            continue
        span_id = roots[0]["context"]["span_id"]
        scores = [
            PhoenixScore(
                span_id,
                score.metric,
                score.value,
                score.state,
                "; ".join(f"{v.label}: {v.claim}" for v in score.verdicts) or score.note or None,
            )
            for score in case.scores
            if score.value is not None
        ]
        if scores:
            phoenix.annotate(scores)
        sent += 1
    return sent, missing
