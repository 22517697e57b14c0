"""Heads before cells: where they are put, and that every place can be found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minilora.data.detective.table_heads import cell_around, with_heads

TABLE = "Month | Mean wind\nMay | 24 km/h\nJuly | 21 km/h"
CELLS = st.text("ab1 .", min_size=1, max_size=5)
LINES = st.lists(CELLS, min_size=1, max_size=3).map(" | ".join)
TEXTS = st.lists(LINES, max_size=7).map("\n".join)


def test_the_rule_of_a_markdown_table_is_passed_over() -> None:
    text = "| Month | Wind |\n|---|:-:|\n| May | 24 |\n"
    assert with_heads(text).text == "| Month | Wind |\n|---|:-:|\n| Month: May | Wind: 24 |\n"


@pytest.mark.parametrize(
    "text",
    [
        "1908 | 412\n1910 | 1,207\n1912 | 1,985",  # the head stands in another passage
        "Harbour | Vell\nRock | Skarn",  # nothing tells a head from a row
        "Month | Wind",
        "No table at all.\nNor here.",
        "",
    ],
)
def test_without_a_head_nothing_is_put_in(text: str) -> None:
    assert with_heads(text).text == text


def test_each_table_has_its_own_heads() -> None:
    text = f"{TABLE}\n\nYear | Ships | Lost\n1908 | 12 | 0"
    assert with_heads(text).text.endswith("Year: 1908 | Ships: 12 | Lost: 0")


@given(TEXTS, st.data())
def test_places_are_found_again(text: str, data: st.DataObject) -> None:
    headed = with_heads(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = headed.there(start, end)
    assert 0 <= first <= last <= len(headed.text)
    assert text[start:end] == "" or headed.text[first:last].endswith(text[end - 1])
    if start < end:
        assert headed.back(first, last) == (start, end)
        assert headed.part(start, end) == headed.text[first:last]


@given(TEXTS)
def test_taking_the_heads_out_gives_the_text(text: str) -> None:
    headed = with_heads(text)
    kept = [
        headed.text[i]
        for i in range(len(headed.text))
        if headed.back(i, i + 1)[0] < headed.back(i, i + 1)[1]
    ]
    assert "".join(kept) == text


def test_words_of_a_head_alone_stand_for_the_cell() -> None:
    headed = with_heads(TABLE)
    at = headed.text.index("Mean wind: 21")
    start, end = headed.back(at, at + len("Mean wind"))
    assert start == end
    assert TABLE[slice(*cell_around(TABLE, start, end))] == "21 km/h"
