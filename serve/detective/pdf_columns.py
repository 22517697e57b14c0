r"""Columns of a PDF's tables: where the cells of a row end, which its plain text does not tell.

pypdf writes the text of a row with one space between any two words, "July 21 km/h 1 9". Its layout
mode sets words apart as they stand on the page, but keeps no order of columns of prose. So the
layout only says which lines are rows: three or more in a row, cut by wide gaps into the same number
of cells. Those lines of the plain text get a mark between their cells; no other line is changed.

>>> layout = "Months:\nMonth     Wind\nJuly   21 km/h\nMay     9 km/h"
>>> print(mark_columns("Months:\nMonth Wind \nJuly 21 km/h\nMay 9 km/h", layout))
Months:
Month | Wind
July | 21 km/h
May | 9 km/h
"""

from __future__ import annotations

import re
from itertools import groupby

from minilora.data.detective.sentences import CELLS

LEAST_ROWS = 3  # of a table, its head among them
_GAP = re.compile(r" {3,}")


def mark_columns(text: str, layout: str) -> str:
    """Return a page's text with " | " between the cells of its tables.

    Args:
        text: of the page, in reading order.
        layout: the same page, its words set apart as they stand there.
    """
    rows = {" ".join(cells): CELLS.join(cells) for cells in _rows(layout)}
    lines = (rows.get(" ".join(line.split()), line) for line in text.split("\n"))
    return "\n".join(lines)


def _rows(layout: str) -> list[list[str]]:
    """Return the cells of every row of every table."""
    lines = [line for line in layout.split("\n") if line.strip()]
    cut = [[" ".join(cell.split()) for cell in _GAP.split(line.strip())] for line in lines]
    found: list[list[str]] = []
    for n_cells, run in groupby(cut, len):
        rows = list(run)
        if n_cells > 1 and len(rows) >= LEAST_ROWS:
            found += rows
    return found
