"""A PDF of paragraphs, in any script: enough for a reader of text, such as the store's own.

Every character of the text gets a code of two bytes, and a table (ToUnicode) says which character
a code stands for. No font is embedded, so a viewer shows only what its own fonts can.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

LINE_CHARACTERS = 84
LINES_A_PAGE = 52
PAGE = "[0 0 595 842]"  # A4 in points


def pdf(paragraphs: Sequence[str], hidden: Sequence[int] = ()) -> bytes:
    """Return a PDF of paragraphs, set one below the other.

    Args:
        paragraphs: text; line breaks stay.
        hidden: which of them, from 0, are written in white.

    Raises:
        ValueError: more different characters than codes, or half of a surrogate pair.
    """
    codes = {character: code for code, character in enumerate(sorted(set("".join(paragraphs))), 1)}
    if len(codes) > 0xFFFF:
        raise ValueError(f"{len(codes)} different characters; at most 65535 have a code")
    lines = [
        (line, i in hidden)
        for i, paragraph in enumerate(paragraphs)
        for line in (*_wrap(paragraph), "")
    ]
    pages = [lines[i : i + LINES_A_PAGE] for i in range(0, len(lines), LINES_A_PAGE)]
    first_page = 6
    kids = " ".join(f"{first_page + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Helvetica /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Helvetica /DW 550"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(_to_unicode(codes)),
    ]
    for i, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {PAGE} /Contents {first_page + 1 + 2 * i} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(_stream(_show(page, codes)))
    return _file(objects)


def _wrap(paragraph: str) -> list[str]:
    """Return the lines of a paragraph; a word that is longer than a line is broken."""
    wrapped = (
        textwrap.wrap(line, LINE_CHARACTERS, replace_whitespace=False, drop_whitespace=False)
        for line in paragraph.split("\n")
    )
    return [line for lines in wrapped for line in lines or [""]]


def _show(lines: Sequence[tuple[str, bool]], codes: dict[str, int]) -> str:
    """Return the instructions that show the lines of a page."""
    parts = ["BT /F1 10 Tf 14 TL 50 790 Td"]
    for line, hidden in lines:
        parts.append("1 g" if hidden else "0 g")
        parts.append(f"<{''.join(f'{codes[character]:04x}' for character in line)}> Tj T*")
    return "\n".join([*parts, "ET"])


def _to_unicode(codes: dict[str, int]) -> str:
    """Return the table from codes to UTF-16, in blocks of 100 as the format wants."""
    rows = [f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items()]
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    tables = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *tables,
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )


def _stream(text: str) -> bytes:
    data = text.encode("ascii")
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(data), data)


def _file(objects: Sequence[bytes]) -> bytes:
    """Return the file of numbered objects, with the table of where each begins."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start
