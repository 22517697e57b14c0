"""Metrics against ragas' own results on the same verdicts, and at their edges."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from serve.judge import metrics

STORED = Path(__file__).parents[2] / "reference" / "ragas" / "ragas.json"
CASES = json.loads(STORED.read_text("utf-8"))["cases"]
TOLERANCE = 1e-6  # ragas adds 1e-10 to the denominator of context precision


def relevancy(case: dict[str, Any]) -> float:
    vectors = np.array([case["question"], *case["generated"]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return metrics.answer_relevancy((vectors[1:] @ vectors[0]).tolist(), case["noncommittal"])


def noise(case: dict[str, Any], relevant: bool) -> float:
    rows = case["correct"], case["by_context"], case["reference_by_context"]
    return metrics.noise_sensitivity(*rows, relevant=relevant)


OURS: dict[str, Callable[[dict[str, Any]], float]] = {
    "faithfulness": lambda case: metrics.faithfulness(case["supported"]),
    "answer_relevancy": relevancy,
    "context_precision": lambda case: metrics.context_precision(case["relevant"]),
    "context_recall": lambda case: metrics.context_recall(case["attributed"]),
    "answer_correctness": lambda case: metrics.answer_correctness(
        case["tp"], case["fp"], case["fn"], case["similarity"]
    ),
    "noise_sensitivity_relevant": lambda case: noise(case, True),
    "noise_sensitivity_irrelevant": lambda case: noise(case, False),
    "id_precision": lambda case: metrics.id_precision(case["retrieved_ids"], case["wanted_ids"]),
    "id_recall": lambda case: metrics.id_recall(case["retrieved_ids"], case["wanted_ids"]),
}


@pytest.mark.parametrize("name", OURS)
def test_equals_ragas_on_fifty_cases(name: str) -> None:
    assert len(CASES) == 50
    theirs = [case["ragas"][name] for case in CASES]
    assert len(set(theirs)) > 5  # the cases tell formulas apart
    assert [OURS[name](case) for case in CASES] == pytest.approx(theirs, abs=TOLERANCE)


def test_all_metrics_of_ragas_that_are_stored_are_compared() -> None:
    assert CASES[0]["ragas"].keys() == OURS.keys()


def test_correctness_of_two_texts_without_claims_is_their_similarity_and_full_f1() -> None:
    assert metrics.answer_correctness(0, 0, 0, 0.4) == pytest.approx(0.85)  # 0.75 + 0.25 * 0.4


def test_relevancy_is_zero_only_where_every_question_says_that_the_answer_evades() -> None:
    assert metrics.answer_relevancy([0.8, 0.6], [True, True]) == 0
    assert metrics.answer_relevancy([0.8, 0.6], [True, False]) == pytest.approx(0.7)


@pytest.mark.parametrize(
    "call",
    [
        lambda: metrics.faithfulness([]),
        lambda: metrics.answer_relevancy([], []),
        lambda: metrics.answer_relevancy([0.5], [True, False]),
        lambda: metrics.context_precision([]),
        lambda: metrics.context_recall([]),
        lambda: metrics.id_precision([], ["a"]),
        lambda: metrics.id_recall(["a"], []),
        lambda: metrics.noise_sensitivity([], [], []),
        lambda: metrics.noise_sensitivity([True], [[True, False]], [[True]]),
    ],
)
def test_what_ragas_gives_nan_for_is_refused(call: Callable[[], float]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        call()
