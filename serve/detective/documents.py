r"""What a document is, between its file and the store: pages of text, what hides in them, chunks.

The text of a page is stored once and never changed afterwards. Chunks, quotes and hidden spans are
offsets into it, so a quote can be compared with the page character by character.

>>> clean("cafe\u0301\r\n\x00end")
'café\n end'
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_NAME_CHARACTERS = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed
_SURROGATE = re.compile("[\ud800-\udfff]")
# No letters: characters that write ASCII invisibly (tags), rows of variation selectors, which write
# bytes, and those that are never seen. One selector alone picks a glyph. The joiners U+200C and
# U+200D are left out: scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\u200b\u2060-\u206f\ufeff\u202a-\u202e"
    "\ufff0-\ufff8\U0001d173-\U0001d17a]+|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"
)


class DocumentError(ValueError):
    """A file cannot be taken; the message is one sentence that says why."""


@dataclass(frozen=True)
class Hidden:
    """Characters ``start`` to ``end`` of a page's text that a reader of the file would not see.

    Attributes:
        reason: such as "white text"; a flag, not a verdict: the text layer under a scan is
            invisible by right.
    """

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        number: from 1.
        text: see :func:`clean`; empty where the page holds no text.
        hidden: in order of their start.
    """

    number: int
    text: str
    hidden: tuple[Hidden, ...] = ()


@dataclass(frozen=True)
class Parsed:
    """What was read of a file: its title, or None, and all its pages."""

    title: str | None
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Chunk:
    """Characters ``start`` to ``end`` of the text of a page: what the encoder reads at once."""

    page: int
    start: int
    end: int


def clean(text: str) -> str:
    """Return a text in NFC, with lines ended by line feeds and other control characters blank.

    A lone half of a surrogate pair, which no file can hold, becomes U+FFFD.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", text))
    return unicodedata.normalize("NFC", text)


def clean_name(name: str) -> str:
    r"""Return a file's name as it is shown: without folders, control and invisible characters.

    >>> clean_name("C:\\reports\\../a\x07b.pdf")
    'a b.pdf'
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = " ".join(_INVISIBLE.sub("", clean(last)).split())
    return shown[:MAX_NAME_CHARACTERS] or "unnamed"


def invisible_characters(text: str) -> list[Hidden]:
    """Return the runs of characters that have no shape but may carry a message."""
    return [
        Hidden(found.start(), found.end(), "invisible characters")
        for found in _INVISIBLE.finditer(text)
    ]


def make_page(number: int, text: str, hidden: list[Hidden]) -> Page:
    """Return a page of a cleaned text, with the given hidden spans and its invisible characters."""
    spans = {*hidden, *invisible_characters(text)}
    return Page(number, text, tuple(sorted(spans, key=lambda span: (span.start, span.end))))
