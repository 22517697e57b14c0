"""Running heads and footers are left out of chunks; lines that only look like them are not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serve.detective.documents import Page
from serve.detective.running_lines import bodies


def kept(*texts: str) -> list[str]:
    pages = [Page(number, text) for number, text in enumerate(texts, 1)]
    return [
        page.text[start:end].strip()
        for page, (start, end) in zip(pages, bodies(pages).values(), strict=True)
    ]


def test_heads_and_footers_go() -> None:
    texts = [f"The Report\nBody {n * n}.\n\nPage {n} of 4 \n" for n in range(1, 5)]
    assert kept(*texts) == ["Body 1.", "Body 4.", "Body 9.", "Body 16."]


def test_a_cover_may_differ_and_numbers_may_be_offset() -> None:
    texts = ["Cover\nBy us", *(f"Body {n * n}.\n- {n + 11} -" for n in range(2, 6))]
    assert kept(*texts) == ["Cover\nBy us", *(f"Body {n * n}." for n in range(2, 6))]


@pytest.mark.parametrize(
    "texts",
    [
        ["One.\nTotal 310", "Two.\nTotal 95", "Three.\nTotal 1200", "Four.\nTotal 7"],
        ["Page 1", "Page 2", "Page 3"],  # there is nothing else
        ["A.\nThe end", "B.\nThe end"],  # too few
        ["A.\nSame", "B.\nSame", "C.\nSame", "D.\nw", "E.\nx", "F.\ny"],  # not more than half
        [f"{text}\n{'long ' * 40}" for text in ("One.", "Two.", "Three.")],
        ["The end\nThe end"] * 4,  # nothing would be left
    ],
)
def test_other_lines_stay(texts: list[str]) -> None:
    assert kept(*texts) == [text.strip() for text in texts]


@settings(deadline=None)
@given(st.lists(st.text("a1 \n", max_size=12), max_size=6))
def test_a_body_lies_within_its_page(texts: list[str]) -> None:
    pages = [Page(number, text) for number, text in enumerate(texts, 1)]
    for page in pages:
        start, end = bodies(pages)[page.number]
        assert 0 <= start <= end <= len(page.text)
