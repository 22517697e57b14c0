"""Columns of tables in PDFs drawn by hand; prose, also in two columns, stays as it was read."""

from serve.detective.extract import extract
from serve.detective.pdf_columns import mark_columns

from .pdf_files import lines, pdf

ROWS = [("Month", "Wind", "Fog"), ("January", "38 km/h", "4"), ("July", "21 km/h", "9")]


def drawn(rows: list[tuple[str, ...]], before: str = "", left: int = 50, width: int = 150) -> str:
    """Instructions that show each cell at its place."""
    shows = [
        f"1 0 0 1 {left + width * column} {600 - 20 * row} Tm {before} ({cell}) Tj"
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    return "\n".join(["BT /F1 12 Tf", *shows, "ET"])


def text_of(content: str) -> str:
    (page,) = extract("a.pdf", pdf(content)).pages
    return page.text


def test_the_cells_of_a_table_are_set_apart() -> None:
    text = text_of(lines("The wind of a year, as the", "keepers wrote it down.") + drawn(ROWS))
    found = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    assert found == [
        "The wind of a year, as the",
        "keepers wrote it down.",
        "Month | Wind | Fog",
        "January | 38 km/h | 4",
        "July | 21 km/h | 9",
    ]


def test_two_lines_are_no_table() -> None:
    assert "|" not in text_of(drawn(ROWS[:2]))


def test_rows_of_different_lengths_are_no_table() -> None:
    assert "|" not in text_of(drawn([("a", "b"), ("c", "d", "e"), ("f", "g")]))


def test_prose_in_two_columns_stays_as_it_is_read() -> None:
    left = [("The first column ends",), ("here, and has as many",), ("lines as the other.",)]
    right = [("A second column goes",), ("on to say much more",), ("about the matter.",)]
    text = text_of(drawn(left) + "\n" + drawn(right, left=350))
    assert "|" not in text
    assert text.index("lines as the other.") < text.index("A second column goes")


def test_unseen_cells_are_flagged_where_they_stand() -> None:
    (page,) = extract("a.pdf", pdf(drawn(ROWS[:2]) + drawn([*ROWS, ROWS[2]], "3 Tr"))).pages
    flagged = [page.text[one.start : one.end] for one in page.hidden]
    assert {one.reason for one in page.hidden} == {"invisible text"}
    assert "38 km/h" in "".join(flagged)


def test_a_layout_of_other_words_changes_nothing() -> None:
    layout = "a   b\nc   d\ne   f"
    assert mark_columns("x y\nc d e\n", layout) == "x y\nc d e\n"
    assert mark_columns("c d\n", layout) == "c | d\n"
    assert mark_columns("text", "") == "text"
