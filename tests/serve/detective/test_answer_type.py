"""What an answer must look like, and which numbers a question is about."""

import pytest

from serve.detective.answer_type import fits, numbers_asked, numbers_in


@pytest.mark.parametrize(
    ("question", "words", "right"),
    [
        ("How many ships were lost?", "two boats", True),
        ("How many ships were lost?", "nobody wrote down", False),
        ("for how long did it burn", "thirty-one hours", True),
        ("How thick is the wall?", "1.4 m", True),
        ("In which year was it lit?", "a fine day", False),
        ("Who drew the rose?", "first lamp", False),
        ("who drew the rose", "Ottilie Brandt", True),
        ("Who wrote it?", "光源氏", True),
        ("Whose light was it?", "the keepers", False),
        ("How did it end?", "badly", True),
        ("The man who drew it?", "badly", True),  # not asked for a name
    ],
)
def test_what_an_answer_looks_like(question: str, words: str, right: bool) -> None:
    assert fits(question, words) is right


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("How many messages in 1910?", {"1910"}),
        ("In 1,910 days?", {"1910"}),
        ("Which keeper helped 21 ships?", {"21"}),
        ("How heavy is the Grenminster 250?", set()),
        ("Reset Model HH-53", set()),
        ("What 3 things?", set()),
        ("In the 1910s?", set()),
    ],
)
def test_the_numbers_that_are_asked_about(question: str, numbers: set[str]) -> None:
    assert numbers_asked(question) == numbers


def test_numbers_of_a_text() -> None:
    assert numbers_in("1,207 of 3.5 in 1910, 4.") == {"1207", "3.5", "1910", "4"}
