r"""Plain text, Markdown and HTML to pages.

Markdown stays as it was written: its marks are part of the text, so quotes match the file. Of HTML
the text remains; scripts, styles and comments are dropped, and what a browser would not show is
kept and flagged.

These files have no pages of their own. A form feed ends one, as ``pdftotext`` writes it, and a page
that is longer than PAGE_CHARACTERS is cut behind a paragraph.

>>> page = from_html("<h1>Tea</h1><p>Hot.<p style='display:none'>Obey!").pages[0]
>>> page.text
'Tea\n\nHot.\n\nObey!'
>>> page.hidden
(Hidden(start=11, end=16, reason='display:none'),)
"""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser

from serve.detective.documents import DocumentError, Hidden, Page, Parsed, clean, make_page

PAGE_CHARACTERS = 12_000

_MARKDOWN_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)"  # a comment of HTML
    r"|^ {0,3}\[[^\]\n]{1,80}\]:[ \t]*(?:#|<>)[ \t]*[(\"'][^\n]*",  # [//]: # (a comment)
    re.DOTALL | re.MULTILINE,
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.I)
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def from_text(data: bytes) -> Parsed:
    """Return the pages of a plain text.

    Raises:
        DocumentError: its bytes are no UTF-8, nor UTF-16 with its mark.
    """
    return Parsed(None, _pages(_decode(data), []))


def from_markdown(data: bytes) -> Parsed:
    """Return the pages of a Markdown text as it is written; comments are flagged.

    Raises:
        DocumentError: as for :func:`from_text`.
    """
    text = _decode(data)
    hidden = [
        Hidden(found.start(), found.end(), "comment") for found in _MARKDOWN_HIDDEN.finditer(text)
    ]
    title = re.search(r"(?:^|\f)#[ \t]+(\S[^\n\f]*)", text, re.MULTILINE)
    return Parsed(title[1].strip() if title else None, _pages(text, hidden))


def from_html(data: bytes | str) -> Parsed:
    """Return the pages of an HTML document's text.

    Raises:
        DocumentError: its bytes are not in the encoding that it names (UTF-8 by default).
    """
    if isinstance(data, bytes):
        declared = _DECLARED.search(data[:2048])
        data = _decode(data, declared[1].decode() if declared else "utf-8")
    reader = _HtmlText()
    reader.feed(data)
    reader.close()
    title = " ".join("".join(reader.title).split())
    return Parsed(title or None, _pages("".join(reader.parts), reader.hidden))


def _decode(data: bytes, encoding: str = "utf-8") -> str:
    """Return a cleaned text; form feeds are kept, for they end pages."""
    encoding = next((name for bom, name in _BOMS.items() if data.startswith(bom)), encoding)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise DocumentError(f"it is not text in {encoding}: save it as UTF-8") from None
    if "\x00" in text:
        raise DocumentError("it is not text: it holds zero bytes")
    return "\f".join(clean(part) for part in text.split("\f"))


def _pages(text: str, hidden: list[Hidden]) -> tuple[Page, ...]:
    """Return a text cut into pages, and the hidden spans as they lie in them."""
    pages: list[Page] = []
    for start, end in _page_ends(text):
        here = [
            Hidden(max(span.start, start) - start, min(span.end, end) - start, span.reason)
            for span in hidden
            if span.start < end and span.end > start
        ]
        pages.append(make_page(len(pages) + 1, text[start:end], here))
    return tuple(pages)


def _page_ends(text: str) -> list[tuple[int, int]]:
    """Return start and end of each page: at form feeds, and behind paragraphs, lines or words."""
    found = []
    start = 0
    for part in text.split("\f"):
        end = start + len(part)
        while end - start > PAGE_CHARACTERS:
            most = start + PAGE_CHARACTERS
            cuts = (text.rfind(mark, start + 1, most) + len(mark) for mark in ("\n\n", "\n", " "))
            # a cut in the first half would make many short pages
            cut = next((cut for cut in cuts if cut > start + PAGE_CHARACTERS // 2), most)
            found.append((start, cut))
            start = cut
        found.append((start, end))
        start = end + 1  # behind the form feed
    return found


_DROPPED = {"script", "style", "template", "noscript", "object", "iframe", "svg", "math"}
_VOID_TAGS = "area base br col embed hr img input link meta source track wbr"
_LINE_TAGS = (  # begin and end a line
    "address aside body caption dd details dialog div dt fieldset figcaption figure footer form "
    "header hr html li main nav summary tbody tfoot thead tr"
)
_PARAGRAPH_TAGS = "p h1 h2 h3 h4 h5 h6 table ul ol dl pre blockquote section article"
_VOID, _LINES = frozenset(_VOID_TAGS.split()), frozenset(_LINE_TAGS.split())
_PARAGRAPHS = frozenset(_PARAGRAPH_TAGS.split())
_CLOSED_BY_ITSELF = {"p", "li", "td", "th", "tr", "dt", "dd", "option"}
_UNSEEN_STYLE = {
    "display:none": re.compile(r"display:none"),
    "visibility:hidden": re.compile(r"visibility:(?:hidden|collapse)"),
    "transparent text": re.compile(r"(?:^|[;\s])(?:fill-)?opacity:0*(?:\.0\d*)?(?:;|!|$)"),
    "tiny text": re.compile(
        r"font-size:(?:0|0?\.\d+|[12](?:\.\d+)?(?=px|pt))(?:px|pt|em|rem|%|;|!|$)"
    ),
    "white text": re.compile(
        r"(?:^|;)color:(?:white|transparent|#fff(?:fff)?|rgba?\(255,255,255[^)]*\))(?:;|!|$)"
    ),
}


class _HtmlText(HTMLParser):
    """Gathers the text of HTML in ``parts``, its title, and what a browser would not show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title: list[str] = []
        self.hidden: list[Hidden] = []
        self._length = 0  # of all parts
        self._open: list[tuple[str, str | None]] = []  # tag, and why it is not seen
        self._dropped = 0  # open elements whose text is dropped
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CLOSED_BY_ITSELF and self._open and self._open[-1][0] == tag:
            self.handle_endtag(tag)
        self._break(tag)
        if tag == "br":
            self._append("\n")
        elif tag in ("td", "th"):
            self._append("\t" if self.parts and not self.parts[-1].endswith("\n") else "")
        if tag in _VOID:
            return
        self._dropped += tag in _DROPPED
        self._preformatted += tag == "pre"
        inherited = self._open[-1][1] if self._open else None
        self._open.append((tag, inherited or _unseen(dict(attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers ignore the slash

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        if all(tag != name for name, _ in self._open):
            return
        while self._open:
            name, _ = self._open.pop()
            self._dropped -= name in _DROPPED
            self._preformatted -= name == "pre"
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title":
            self.title.append(data)
            return
        if self._dropped:
            return
        data = clean(data)
        if not self._preformatted:
            data = re.sub(r"\s+", " ", data)
            if not self.parts or self.parts[-1][-1:] in (" ", "\n", "\t"):
                data = data.lstrip(" ")
        start = self._length
        self._append(data)
        reason = self._open[-1][1] if self._open else None
        if reason is not None and data.strip():
            self.hidden.append(Hidden(start, self._length, reason))

    def _append(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self._length += len(text)

    def _break(self, tag: str) -> None:
        """Go to a new line where a tag asks for it, behind a blank one for a paragraph."""
        lines = 2 if tag in _PARAGRAPHS else 1 if tag in _LINES else 0
        if self._length == 0:
            return
        ended = len(self.parts[-1]) - len(self.parts[-1].rstrip("\n"))
        if len(self.parts[-1]) == ended and len(self.parts) > 1:  # the break before may be a part
            ended += len(self.parts[-2]) - len(self.parts[-2].rstrip("\n"))
        self._append("\n" * (lines - ended))


def _unseen(attributes: dict[str, str | None]) -> str | None:
    """Return why an element is not seen, as far as its own attributes tell."""
    if "hidden" in attributes:
        return "hidden"
    style = re.sub(r"\s*([:;,])\s*", r"\1", (attributes.get("style") or "").lower().strip())
    if (attributes.get("color") or "").lower() in ("white", "#fff", "#ffffff"):
        return "white text"
    return next((name for name, shape in _UNSEEN_STYLE.items() if shape.search(style)), None)
