"""PDFs written by hand, with the instructions of each page as given."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def pdf(*contents: str | bytes, trailer: str = "", compress: bool = False) -> bytes:
    """A PDF of one page of 600 x 800 points for each content stream; /F1 is Helvetica."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, content in enumerate(contents):
        data = content if isinstance(content, bytes) else content.encode("cp1252")
        coding = "/Filter /FlateDecode " if compress else ""
        data = zlib.compress(data) if compress else data
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            f"<< {coding}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream",
        ]
    return _file(objects, trailer)


def lines(*texts: str, before: Sequence[str] = ()) -> str:
    """Instructions that show lines of text; ``before[i]`` is put before the i-th."""
    parts = ["BT /F1 12 Tf 14 TL 50 700 Td"]
    for i, text in enumerate(texts):
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        parts.append(f"{before[i] if i < len(before) else ''} ({escaped}) Tj T*")
    return "\n".join([*parts, "ET"])


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start
