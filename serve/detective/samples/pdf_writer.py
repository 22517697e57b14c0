r"""Pages of text, lines and boxes to the bytes of a PDF, with a text layer in the order of drawing.

Four of the fonts that every reader of PDFs has, their widths from the metrics that come with
matplotlib; nothing is embedded or compressed, so the same pages give the same bytes everywhere.

Lengths are points, 1/72 inch; y grows upwards from the page's lower edge.

>>> page = Canvas()
>>> page.text(72, 700, "Light kept.", Font.ROMAN, 12)
>>> write_pdf([page], "Log")[:8]
b'%PDF-1.4'

Source: ISO 32000-1:2008, sections 7.5 (file structure), 8.5 (paths), 9.4 (text).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

import matplotlib

PAGE_WIDTH, PAGE_HEIGHT = 595.0, 842.0  # A4
ENCODING = "cp1252"  # PDF's WinAnsiEncoding
Colour = tuple[float, float, float]  # red, green, blue, each from 0 to 1
BLACK: Colour = (0.0, 0.0, 0.0)

# Names of the metric files' glyphs that are neither ASCII nor a letter with an accent.
_GLYPHS = {"–": "endash", "—": "emdash", "•": "bullet", "°": "degree", "·": "periodcentered"}
_ACCENTS = {"\u0300": "grave", "\u0301": "acute", "\u0302": "circumflex", "\u0303": "tilde"}
_ACCENTS |= {"\u0308": "dieresis", "\u030a": "ring"}


class Font(StrEnum):
    """The fonts, by their PostScript names."""

    ROMAN = "Times-Roman"
    ITALIC = "Times-Italic"
    SANS = "Helvetica"
    BOLD = "Helvetica-Bold"

    @property
    def resource(self) -> str:
        """Its name in the instructions of a page."""
        return f"F{list(Font).index(self) + 1}"


def text_width(text: str, font: Font, size: float) -> float:
    """Return how wide a line of text is, without kerning.

    Raises:
        ValueError: a character that the font or the encoding has not.
    """
    widths = _widths(font)
    try:
        return sum(widths[_glyph(character)] for character in text) * size / 1000
    except KeyError as error:
        raise ValueError(f"{font} has no {error} of {text!r}") from None


@cache
def _widths(font: Font) -> dict[str, float]:
    """Return glyph -> width in thousandths of the font's size.

    A line of the metrics is ``C 32 ; WX 278 ; N space ; B 0 0 0 0 ;``; a character with a code in
    ASCII stands under itself too.
    """
    folder = Path(matplotlib.get_data_path()) / "fonts" / "pdfcorefonts"
    widths: dict[str, float] = {}
    for line in (folder / f"{font}.afm").read_text("latin-1").splitlines():
        if line.startswith("C "):
            fields = dict(field.split(maxsplit=1) for field in line.split(" ;")[:3])
            widths[fields["N"]] = float(fields["WX"])
            if 32 <= int(fields["C"]) < 127:
                widths[chr(int(fields["C"]))] = float(fields["WX"])
    widths["'"] = widths["quotesingle"]  # code 39 is the curly one in the metrics' own encoding
    return widths


def _glyph(character: str) -> str:
    """Return the name under which a character's width stands.

    >>> _glyph("é"), _glyph("a")
    ('eacute', 'a')
    """
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2:
        return parts[0] + _ACCENTS[parts[1]]
    return _GLYPHS.get(character, character)


class Canvas:
    """One page's instructions."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def text(
        self, x: float, y: float, text: str, font: Font, size: float, colour: Colour = BLACK
    ) -> None:
        """Write a line of text whose baseline begins at (x, y)."""
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self._parts.append(
            f"{_numbers(*colour)} rg BT /{font.resource} {size:g} Tf "
            f"1 0 0 1 {_numbers(x, y)} Tm ({escaped}) Tj ET"
        )

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle whose lower left corner is (x, y)."""
        self._parts.append(f"{_numbers(*colour)} rg {_numbers(x, y, width, height)} re f")

    def polygon(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon."""
        path = " l ".join(_numbers(x, y) for x, y in points).replace(" l ", " m ", 1)
        self._parts.append(f"{_numbers(*colour)} rg {path} l h f")

    def content(self) -> bytes:
        """Return the instructions."""
        return "\n".join(self._parts).encode(ENCODING)


def write_pdf(pages: Sequence[Canvas], title: str) -> bytes:
    """Return the file.

    Args:
        pages: at least one.
        title: ASCII, for the reader's window.

    Raises:
        ValueError: there are no pages.
    """
    if not pages:
        raise ValueError("a PDF has at least one page")
    n_fonts = len(Font)
    first = 4 + n_fonts  # object of the first page; its instructions follow it
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(pages)))
    fonts = " ".join(f"/{font.resource} {4 + i} 0 R" for i, font in enumerate(Font))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< /Title ({title}) /Producer (minilora) >>".encode("ascii"),
    ]
    objects += [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>".encode()
        for font in Font
    ]
    for i, page in enumerate(pages):
        content = page.content()
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH:g} {PAGE_HEIGHT:g}] "
            f"/Contents {first + 2 * i + 1} 0 R /Resources << /Font << {fonts} >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        ]
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    """Return the objects, numbered from 1, with the table of where each begins."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer << /Size %d /Root 1 0 R /Info 3 0 R >>\n" % (len(objects) + 1)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def _numbers(*values: float) -> str:
    """Return numbers as a page's instructions have them, to a hundredth.

    >>> _numbers(1, 72.504)
    '1 72.5'
    """
    return " ".join(f"{round(value, 2):g}" for value in values)
