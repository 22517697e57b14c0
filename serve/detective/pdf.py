"""PDF to pages, by pypdf; run it only in the limited process of :mod:`.extract`.

Only text is read: no scripts, no embedded files, no images, no links. Text that a reader would not
see is kept and flagged: invisible render mode, white, tiny, or beside the page. A flag covers the
whole line in which such text stands. Cells of tables are set apart (:mod:`.pdf_columns`).
"""

from __future__ import annotations

import io
import logging
import math
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from serve.detective.documents import DocumentError, Hidden, Parsed, clean, make_page
from serve.detective.pdf_columns import mark_columns

TINY_POINTS = 2.0  # type smaller than this is not read by people
INVISIBLE_MODES = (3, 7)  # text render modes: neither fill nor stroke; clip only
_FILL_OPERATORS = {b"g", b"rg", b"k", b"sc", b"scn"}
_SHOW_OPERATORS = {b"Tj", b"TJ", b"'", b'"'}


def from_pdf(data: bytes, max_pages: int, max_decompressed_bytes: int) -> Parsed:
    """Return the pages of a PDF.

    Args:
        data: the file.
        max_pages: more are refused.
        max_decompressed_bytes: of all pages' instructions together.

    Raises:
        DocumentError: it is damaged, encrypted, over a limit, or holds no text.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every small fault
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("it is encrypted: remove its password first")
        n_pages = len(reader.pages)
        title = reader.metadata.title if reader.metadata else None
    except DependencyError:
        raise DocumentError("it is encrypted by a method that cannot be read here") from None
    except DocumentError:
        raise
    except (PyPdfError, *_DAMAGED) as error:
        raise DocumentError(f"it is no readable PDF: {_short(error)}") from None
    if n_pages > max_pages:
        raise DocumentError(f"it has {n_pages} pages; at most {max_pages} are taken")
    pages = []
    left = max_decompressed_bytes
    for number, page in enumerate(reader.pages, 1):
        try:
            contents = page.get_contents()
            left -= 0 if contents is None else len(contents.get_data())
            if left < 0:
                raise DocumentError(f"its pages unpack to over {max_decompressed_bytes} bytes")
            pages.append(make_page(number, *_page_text(page)))
        except DocumentError:
            raise
        except (PyPdfError, *_DAMAGED) as error:
            raise DocumentError(f"its page {number} is damaged: {_short(error)}") from None
    if not any(page.text.strip() for page in pages):
        raise DocumentError("it holds no text: a scan must be read by OCR first")
    return Parsed(clean(title).strip() or None if isinstance(title, str) else None, tuple(pages))


# What pypdf lets through when a file's parts are not what they should be.
_DAMAGED = (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError)
_DAMAGED += (AssertionError, RecursionError, NotImplementedError, OSError)  # type: ignore[assignment]


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def _page_text(page: PageObject) -> tuple[str, list[Hidden]]:
    """Return a page's text and the lines of it that are not seen."""
    watch = _Watch(page)
    text = clean(page.extract_text(visitor_operand_before=watch.operator, visitor_text=watch.text))
    text = mark_columns(text, clean(_layout(page)))
    hidden: list[Hidden] = []
    cursor = 0
    for piece, reason in watch.hidden:
        line = clean(piece).strip()
        at = text.find(line, cursor)
        if at < 0:  # pypdf reordered it, as for scripts that run from right to left
            hidden.append(Hidden(0, len(text), reason))
            continue
        cursor = at + len(line)
        hidden.append(Hidden(at, cursor, reason))
    return text, hidden


def _layout(page: PageObject) -> str:
    """Return a page's words as they stand on it; "" where pypdf cannot lay them out."""
    try:
        return page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)
    except (PyPdfError, *_DAMAGED):  # the text has been read: it only stays without columns
        return ""


class _Watch:
    """Follows the graphics state while pypdf reads a page, and keeps the pieces not seen.

    pypdf hands over a piece of text (a line, mostly) after the operators that showed it.
    """

    def __init__(self, page: PageObject) -> None:
        box = page.mediabox
        self._box = tuple(float(x) for x in (box.left, box.bottom, box.right, box.top))
        self._mode, self._white, self._size = 0, False, 1.0
        self._stack: list[tuple[int, bool, float]] = []
        self._reason: str | None = None  # of text shown and not yet handed over
        self.hidden: list[tuple[str, str]] = []

    def operator(self, operator: bytes, operands: Any, cm: list[float], tm: list[float]) -> None:
        if operator in _SHOW_OPERATORS:
            self._reason = self._reason or self._unseen(cm, tm)
        elif operator in _FILL_OPERATORS:
            self._white = _is_white(operator, operands)
        elif operator == b"Tr" and operands:
            self._mode = _number(operands[0])
        elif operator == b"Tf" and len(operands) > 1:
            self._size = _number(operands[1])
        elif operator == b"q":
            self._stack.append((self._mode, self._white, self._size))
        elif operator == b"Q" and self._stack:
            self._mode, self._white, self._size = self._stack.pop()

    def text(self, text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        if text.strip():
            if self._reason is not None:
                self.hidden.append((text, self._reason))
            self._reason = None

    def _unseen(self, cm: list[float], tm: list[float]) -> str | None:
        """Return why text shown now is not seen; text space to page is tm, then cm."""
        scale = math.sqrt(abs((tm[0] * tm[3] - tm[1] * tm[2]) * (cm[0] * cm[3] - cm[1] * cm[2])))
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        left, bottom, right, top = self._box
        if self._mode in INVISIBLE_MODES:
            return "invisible text"
        if abs(self._size) * scale < TINY_POINTS:
            return "tiny text"
        if not (left <= x <= right and bottom <= y <= top):
            return "text beside the page"
        return "white text" if self._white else None


def _number(operand: Any) -> Any:
    return operand if isinstance(operand, int | float) else 0


def _is_white(operator: bytes, operands: Any) -> bool:
    """Return whether a fill colour is white; a pattern's name is not."""
    values = [_number(operand) for operand in operands]
    if operator == b"k" or (operator in (b"sc", b"scn") and len(values) == 4):  # ink: none is white
        return max(values, default=1) <= 0.02
    return min(values, default=0) >= 0.98
