"""Two answers to one question: what words and figures tell, and what they do not."""

import pytest

from serve.detective.agreement import compare_answers


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("1,825 metres", "1,852 metres", "contradicted"),
        ("1,825 metres", "exactly 1825 metres", "supported"),
        ("1871", "14 March 1871", "supported"),
        ("1999", "27 June 2009", "contradicted"),
        ("1886 to 1912", "1912", "supported"),
        ("1886 to 1912", "1886 to 1902", None),  # one of two is the same
        ("46 metres", "1871", None),  # of different kinds
        ("46 metres", "46 feet", None),
        ("7.0%", "7%", "supported"),
        ("nine", "9", None),
        ("Robert Stevenson", "Stevenson", "supported"),
        ("Robert Stevenson", "John Smeaton", None),  # one thing has many names
        ("the", "a", None),
        ("", "1871", None),
    ],
)
def test_answers_are_compared_by_kind(one: str, other: str, verdict: str | None) -> None:
    assert compare_answers(one, other) == verdict
    assert compare_answers(other, one) == verdict
