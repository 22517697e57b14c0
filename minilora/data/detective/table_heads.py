r"""Rows of tables that say what their cells are: before each cell stands the head of its column.

A row alone, "July | 21 km/h | 9", answers no question about days of fog: the word stands at the
head of the table. For the models that read, each cell gets its column's head:

>>> headed = with_heads("Month | Mean wind | Days of fog\nJuly | 21 km/h | 9\nMay | 24 km/h | 13")
>>> print(headed.text)
Month | Mean wind | Days of fog
Month: July | Mean wind: 21 km/h | Days of fog: 9
Month: May | Mean wind: 24 km/h | Days of fog: 13

What is put in is all that changes, so places in one text are places in the other:

>>> start = headed.text.index("9")
>>> headed.back(start, start + 1), headed.there(32, 50)
((49, 50), (32, 81))
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

Span = tuple[int, int]

_LINE = re.compile(r"[^\n]+")
_CELL = re.compile(r"[^|\n]*[^|\s][^|\n]*")
_RULE = re.compile(r"[\s|:-]+")  # the line under the head of a Markdown table


@dataclass(frozen=True)
class Headed:
    """A text with heads put in.

    Attributes:
        text: with them.
        places: of the text without them where something was put in, ascending.
        sizes: how many characters were put in at each.
    """

    text: str
    places: tuple[int, ...]
    sizes: tuple[int, ...]

    def there(self, start: int, end: int) -> Span:
        """Return where a span of the text without heads stands in that with them, its own too."""
        first = sum(self.sizes[: bisect_left(self.places, start)])
        return start + first, end + sum(self.sizes[: bisect_left(self.places, end)])

    def part(self, start: int, end: int) -> str:
        """Return a span of the text without heads, with its heads."""
        return self.text[slice(*self.there(start, end))]

    def back(self, start: int, end: int) -> Span:
        """Return where a span stands in the text without heads; empty where it is all put in."""
        return self._back(start), self._back(end)

    def _back(self, place: int) -> int:
        before = list(accumulate(self.sizes, initial=0))
        begins = [at + put for at, put in zip(self.places, before, strict=False)]
        n = bisect_right(begins, place)  # so many begin here or before
        if n == 0:
            return place
        return max(self.places[n - 1], place - before[n])


def with_heads(text: str) -> Headed:
    """Return a text in which every cell of a table's rows has its column's head before it."""
    put = sorted(_heads(text))
    parts, at = [], 0
    for place, head in put:
        parts += [text[at:place], head]
        at = place
    parts.append(text[at:])
    return Headed("".join(parts), tuple(at for at, _ in put), tuple(len(head) for _, head in put))


def cell_around(text: str, start: int, end: int) -> Span:
    """Return a span grown to the cells that it touches, without white space around them."""
    first = max(text.rfind(mark, 0, start) for mark in "|\n") + 1
    stops = [found for mark in "|\n" if (found := text.find(mark, max(start, end - 1))) >= 0]
    cell = text[first : min(stops, default=len(text))]
    begin = first + len(cell) - len(cell.lstrip())
    return begin, begin + len(cell.strip())


def _heads(text: str) -> Iterator[tuple[int, str]]:
    """Yield each place of a cell and the head that belongs before it."""
    lines = [_cells(text, line.span()) for line in _LINE.finditer(text)]
    rows = [cells for cells in lines if cells is not None]
    for n_cells, run in groupby(rows, len):
        head, *body = run
        if n_cells < 2 or not body or not _is_head(text, head, body):
            continue
        for cells in body:
            for (start, end), (a, b) in zip(head, cells, strict=True):
                if b > a and end > start:
                    yield a, f"{text[start:end]}: "


def _cells(text: str, line: Span) -> list[Span] | None:
    """Return where the cells of a line stand; None for the rule under a head."""
    start, end = line
    if "|" in text[start:end] and _RULE.fullmatch(text, start, end):
        return None
    found = []
    for cell in _CELL.finditer(text, start, end):
        begin = cell.start() + len(cell[0]) - len(cell[0].lstrip())
        found.append((begin, begin + len(cell[0].strip())))
    return found


def _is_head(text: str, head: Sequence[Span], body: Sequence[Sequence[Span]]) -> bool:
    """Return whether fewer cells of the first row hold a number than of those below it."""

    def numbers(row: Sequence[Span]) -> int:
        return sum(any(map(str.isdigit, text[start:end])) for start, end in row)

    return numbers(head) < sum(map(numbers, body)) / len(body)
