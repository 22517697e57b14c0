"""A small Markdown to the pages of a PDF: headings, paragraphs, lists, quotations, tables, bars.

A form feed begins a page; a page that is full is followed by another. Blocks are parted by blank
lines, in the text layer too, so that whoever reads it back finds the paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from serve.detective.samples.banner import draw_banner
from serve.detective.samples.pdf_writer import (
    BLACK,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Canvas,
    Colour,
    Font,
    text_width,
    write_pdf,
)

MARGIN = 66.0
TOP, BOTTOM = PAGE_HEIGHT - 72, 72.0
WIDTH = PAGE_WIDTH - 2 * MARGIN
BODY, LEADING = 12.0, 17.6  # size of the type, and from line to line
NAVY: Colour = (0.09, 0.2, 0.36)
GREY: Colour = (0.42, 0.44, 0.48)
PALE: Colour = (0.93, 0.95, 0.97)
RULE: Colour = (0.76, 0.55, 0.24)
_NUMBER = re.compile(r"[-–]?[\d.,]+(?: ?%| °C| km/h)?")


def typeset(source: str) -> bytes:
    """Return the PDF of a text.

    Args:
        source: its first line is ``# TITLE``; after it ``## HEADING``, paragraphs, ``- `` items,
            ``> `` quotations, ``| a | b |`` tables with a line of dashes under the head, and
            fenced ``bars`` of ``LABEL | NUMBER`` under a caption.

    Raises:
        ValueError: it has no title, or what does not fit a page.
    """
    title = re.match(r"# (.+)\n", source)
    if title is None:
        raise ValueError("the text must begin with # TITLE")
    setter = _Setter()
    for i, chapter in enumerate(source.split("\f")):
        if i:
            setter.new_page()
        for block in _blocks(chapter):
            setter.block(block)
    return write_pdf(setter.finished(title[1]), title[1])


def _blocks(chapter: str) -> Iterator[list[str]]:
    """Yield the lines of each block; items of a list are blocks of their own."""
    for block in re.split(r"\n\s*\n", chapter.strip()):
        lines = block.splitlines()
        if lines[0].startswith("- "):
            yield from ([line] for line in lines)
        else:
            yield lines


class _Setter:
    """Fills pages from the top; the pen stands at the baseline of the next line."""

    def __init__(self) -> None:
        self._pages = [Canvas()]
        self._y = TOP

    def new_page(self) -> None:
        self._pages.append(Canvas())
        self._y = TOP

    def block(self, lines: Sequence[str]) -> None:
        """Set a block and the blank line behind it."""
        first = lines[0]
        if first.startswith("# "):
            self._title(first[2:])
        elif first.startswith("## "):
            self._heading(first[3:])
        elif first.startswith("|"):
            self._table([_cells(line) for line in lines if not line.startswith("|--")])
        elif first.startswith("```bars "):
            self._bars(first.removeprefix("```bars "), lines[1:-1])
        elif first.startswith("> "):
            self._quotation(" ".join(line.removeprefix("> ") for line in lines))
        elif first.startswith("- "):
            self._paragraph(first[2:], indent=16, mark="•", after=LEADING * 0.75)
        else:
            self._paragraph(" ".join(lines))

    def finished(self, title: str) -> list[Canvas]:
        """Return the pages with their footers."""
        for number, page in enumerate(self._pages, 1):
            place = f"Page {number} of {len(self._pages)}"
            page.box(MARGIN, BOTTOM - 22, WIDTH, 0.6, GREY)
            page.text(MARGIN, BOTTOM - 36, f"{title} · Vell Light Trust ", Font.SANS, 8, GREY)
            at = PAGE_WIDTH - MARGIN - text_width(place, Font.SANS, 8)
            page.text(at, BOTTOM - 36, place, Font.SANS, 8, GREY)
        return self._pages

    @property
    def _page(self) -> Canvas:
        return self._pages[-1]

    def _room(self, height: float) -> None:
        """Begin a page where a block would not fit any more.

        Raises:
            ValueError: it fits none.
        """
        if height > TOP - BOTTOM:
            raise ValueError(f"a block of {height:.0f} points fits no page")
        if self._y - height < BOTTOM - LEADING:
            self.new_page()

    def _gap(self, height: float) -> None:
        """Leave a blank line: white on the page, and a line of one space in the text layer."""
        self._page.text(MARGIN, self._y, " ", Font.ROMAN, BODY)
        self._y -= height

    def _title(self, text: str) -> None:
        self._y = draw_banner(self._page) - 44
        self._page.text(MARGIN, self._y, text, Font.BOLD, 26, NAVY)
        self._y -= 16
        self._gap(10)

    def _heading(self, text: str) -> None:
        self._room(4 * LEADING)  # not alone at a page's end
        self._y -= 4
        self._page.text(MARGIN, self._y, text, Font.BOLD, 15, NAVY)
        self._y -= 12
        self._gap(10)

    def _paragraph(
        self, text: str, indent: float = 0, mark: str = "", after: float = LEADING * 0.75
    ) -> None:
        lines = _wrapped(text, Font.ROMAN, BODY, WIDTH - indent)
        self._room(len(lines) * LEADING)
        for i, line in enumerate(lines):
            if mark and i == 0:
                self._page.text(MARGIN + 4, self._y, f"{mark} ", Font.ROMAN, BODY)
            self._page.text(MARGIN + indent, self._y, f"{line} ", Font.ROMAN, BODY)
            self._y -= LEADING
        self._gap(after)

    def _quotation(self, text: str) -> None:
        lines = _wrapped(text, Font.ITALIC, BODY, WIDTH - 32)
        height = len(lines) * LEADING
        self._room(height + 20)
        self._page.box(MARGIN, self._y - height + 4, WIDTH, height + 14, PALE)
        self._page.box(MARGIN, self._y - height + 4, 3, height + 14, RULE)
        self._y -= 4
        for line in lines:
            self._page.text(MARGIN + 16, self._y, f"{line} ", Font.ITALIC, BODY, NAVY)
            self._y -= LEADING
        self._gap(LEADING)

    def _table(self, rows: Sequence[Sequence[str]]) -> None:
        """Set a table: a row is a line of the text layer; numbers stand to the right."""
        size, height = 10.4, 20.0
        self._room(len(rows) * height + 12)
        columns = list(zip(*rows, strict=True))
        numeric = [all(map(_NUMBER.fullmatch, column[1:])) for column in columns]
        natural = [max(text_width(cell, Font.BOLD, size) for cell in column) for column in columns]
        spare = (WIDTH - sum(natural)) / len(columns)
        if spare < 8:
            raise ValueError(f"the table {rows[0]} is {sum(natural):.0f} points wide")
        for number, row in enumerate(rows):
            if number % 2 == 0:
                self._page.box(MARGIN, self._y - 6, WIDTH, height, PALE)
            font, colour = (Font.BOLD, NAVY) if number == 0 else (Font.SANS, BLACK)
            left = MARGIN
            for cell, is_number, width in zip(row, numeric, natural, strict=True):
                room = width + spare
                push = room - 8 - text_width(cell, font, size) if is_number else 8
                self._page.text(left + push, self._y, f"{cell} ", font, size, colour)
                left += room
            self._y -= height
        self._page.box(MARGIN, self._y + height - 6.8, WIDTH, 0.8, NAVY)
        self._gap(LEADING)

    def _bars(self, caption: str, lines: Sequence[str]) -> None:
        """Set a chart of horizontal bars, each with its label and number on one line."""
        rows = [(label, float(number)) for label, number in (line.split(" | ") for line in lines)]
        most = max(number for _, number in rows)
        self._room((len(rows) + 1) * 20 + 12)
        self._page.text(MARGIN, self._y, f"{caption} ", Font.BOLD, 10.4, NAVY)
        self._y -= 21
        for label, number in rows:
            length = (WIDTH - 90) * number / most
            self._page.box(MARGIN + 44, self._y - 3, length, 12, NAVY if number == most else GREY)
            self._page.text(MARGIN + 4, self._y, f"{label} ", Font.SANS, 10.4)
            self._page.text(MARGIN + 50 + length, self._y, f"{number:g} ", Font.SANS, 10.4)
            self._y -= 20
        self._gap(LEADING)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _wrapped(text: str, font: Font, size: float, width: float) -> list[str]:
    """Return the lines of a text: as many words on each as fit."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
