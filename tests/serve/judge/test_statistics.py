"""Statistics against hand-worked examples and the properties that define them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.answer_scores import auc
from serve.judge.statistics import (
    bootstrap_interval,
    bootstrap_statistic,
    cohen_kappa,
    mcnemar,
    mean,
    paired_permutation,
    rates,
)


def test_kappa_of_a_worked_table() -> None:
    # 20 yes-yes, 15 no-no, 5 + 10 apart: p_o = 0.7, p_e = 0.6*0.5 + 0.4*0.5 = 0.5
    a = [1] * 20 + [0] * 15 + [1] * 10 + [0] * 5
    b = [1] * 20 + [0] * 15 + [0] * 10 + [1] * 5
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    assert cohen_kappa([1, 1], [1, 1]) is None
    assert cohen_kappa([1, 0], [0, 1]) == -1


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from((0.0, 0.25, 0.5, 1.0)), st.booleans()), min_size=1).filter(
        lambda rows: len({label for _, label in rows}) == 2
    )
)
def test_auc_counts_pairs(rows: list[tuple[float, bool]]) -> None:
    positives = [score for score, label in rows if label]
    negatives = [score for score, label in rows if not label]
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    found = auc([score for score, _ in rows], [label for _, label in rows])
    assert found == pytest.approx(wins / len(positives) / len(negatives))


def test_a_judge_that_always_says_yes_has_balanced_accuracy_one_half() -> None:
    assert rates([True] * 4, [True, True, True, False]).balanced_accuracy == 0.5
    assert rates([True], [True]).balanced_accuracy is None


def test_mcnemar_is_a_sign_test_on_the_rows_that_differ() -> None:
    a = [True] * 6 + [True] * 50
    b = [False] * 6 + [True] * 50
    assert mcnemar(a, b) == pytest.approx(2 / 2**6)
    assert mcnemar(a, a) == 1


def test_permutation_is_exact_for_few_rows_and_near_it_for_many() -> None:
    assert paired_permutation([1, 1, 1, 1], [0, 0, 0, 0]) == 2 / 2**4
    assert paired_permutation([0.5] * 20, [0.5] * 20) == 1
    ones, zeros = [1.0] * 14, [0.0] * 14  # exact: 2 / 2^14
    assert paired_permutation(ones, zeros) < 0.002


def test_bootstrap_holds_the_mean_and_narrows_with_more_rows() -> None:
    few, many = [0.0, 1.0] * 10, [0.0, 1.0] * 1000
    low, high = bootstrap_interval(few)
    assert low < 0.5 < high
    # the normal interval of 2000 coin throws is 0.5 +- 0.022
    assert bootstrap_interval(many) == pytest.approx((0.478, 0.522), abs=0.004)
    assert bootstrap_interval(few) == bootstrap_interval(few)


def test_bootstrap_of_a_statistic_leaves_out_draws_without_a_value() -> None:
    labels = [True] * 3 + [False] * 3

    def statistic(rows: object) -> float | None:
        picked = [labels[i] for i in rows]  # type: ignore[attr-defined]
        return auc([float(label) for label in picked], picked)

    assert bootstrap_statistic(statistic, 6, resamples=200) == (1, 1)
    with pytest.raises(ValueError, match="no value"):
        bootstrap_statistic(lambda rows: None, 6, resamples=5)


@pytest.mark.parametrize("function", [mcnemar, paired_permutation, cohen_kappa, auc, rates])
def test_lists_of_different_lengths_are_refused(function: object) -> None:
    with pytest.raises(ValueError, match="one length above 0, got 1 and 0"):
        function([True], [])  # type: ignore[operator]
    with pytest.raises(ValueError, match="no values"):
        mean([])
