import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serve.guard.limits import (
    Budget,
    BudgetSpent,
    QuestionRefused,
    RequestLimits,
    check_question,
)


def stopped() -> float:
    return 0.0


@settings(derandomize=True, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=30), st.integers(1, 200))
def test_never_more_bytes_than_allowed(texts: list[str], most: int) -> None:
    budget = Budget(RequestLimits(max_read_bytes=most), stopped)
    read = 0
    for text in texts:
        size = len(text.encode("utf-8", "surrogatepass"))
        if read + size <= most:
            assert budget.read(text) == text
            read += size
        else:
            with pytest.raises(BudgetSpent, match="bytes") as spent:
                budget.read(text)
            assert spent.value.what == "bytes"
        assert budget.bytes_read == read <= most
        assert budget.bytes_left == most - read


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 20), st.integers(0, 40))
def test_never_more_steps_than_allowed(most: int, wanted: int) -> None:
    budget = Budget(RequestLimits(max_steps=most), stopped)
    taken = 0
    for _ in range(wanted):
        if taken < most:
            budget.step("search")
            taken += 1
        else:
            with pytest.raises(BudgetSpent, match="one more"):
                budget.step("search")
    assert budget.steps_taken == min(most, wanted)


def test_time_counts_from_arrival() -> None:
    now = 10.0
    budget = Budget(RequestLimits(max_seconds=5), lambda: now, started_at=8.0)
    assert budget.seconds_left == 3
    budget.step("route")
    now = 13.0
    assert budget.seconds_left == 0
    with pytest.raises(BudgetSpent, match="5 s") as spent:
        budget.step("retrieve")
    assert spent.value.what == "seconds"


def test_questions_in_bounds_pass() -> None:
    limits = RequestLimits(max_question_chars=10)
    assert check_question("  why? \n", limits) == "why?"
    assert check_question("x" * 10, limits) == "x" * 10


@pytest.mark.parametrize(
    ("question", "problem"),
    [("", "empty"), (" \n", "empty"), ("x" * 11, "11 characters; at most 10"), ("a\ud800", "half")],
)
def test_questions_out_of_bounds_are_refused(question: str, problem: str) -> None:
    with pytest.raises(QuestionRefused, match=problem):
        check_question(question, RequestLimits(max_question_chars=10))


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_bounds_that_bound_nothing_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="max_seconds must be"):
        RequestLimits(max_seconds=value)
