r"""The answer rebuilt: what the model wrote becomes plain text and citations, and nothing else.

Markdown links and images give up their target, HTML its tags, addresses their scheme and path; then
nothing is left that any renderer could make a link of. A citation is ``[n]`` with an n that was
handed out in this request: it alone becomes a link, whose target the model never saw.

>>> answer = rebuild("Built in **1871** [1][7]. ![](http://evil.example/?q=secret)", {1})
>>> answer.plain
'Built in **1871** [1].'
>>> answer.foreign_citations
(7,)
>>> answer.markdown({1: "/documents/3#page=2"})
'Built in \\*\\*1871\\*\\* [\\[1\\]](/documents/3#page=2).'

Two rules keep it simple: a text is rewritten until it no longer changes, so that nothing can be
put together from the pieces of what was removed; and what is left of a link's punctuation is set
apart by spaces, so that even the plain text, read as Markdown, holds no link.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from serve.guard.normalise import strip_invisible

MAX_CHARS = 16_000
_MAX_PASSES = 16  # a text that takes more was made to resist

# --- what is removed, each giving up only its visible words ---------------------------------
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()]*)\)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])[^<>]*>")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
# --- what is made unlike a link; repeats are bounded, so that no text takes long --------------
# scheme://host/path?query, and scheme:... of schemes that need no slashes
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,30}:/[/\\]*([^\s/?#<>()\[\]\"']*)[^\s<>()\[\]\"']*")
_SCHEME = re.compile(r"(javascript|data|vbscript|mailto|file|tel|sms|blob|about)\s*:(?=\S)", re.I)
_BARE_PATH = re.compile(
    r"((?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62})(?::\d{1,5})?[/?#][^\s<>()\[\]\"']*"
)  # host.name/path
# The dots of host.name, not of 3.5, p.m. or a sentence.Next one.
_DOT_IN_NAME = re.compile(
    r"(?<=[wW]{3})[.](?=\S)|(?<=\w)[.。．｡](?=(?:[\w-]{1,63}[.。．｡]){0,8}"
    r"(?:[a-z]{2,24}|[A-Z]{2,24}|(?i:com|org|net|info|biz|io|xn--[a-z0-9-]+))(?![\w]))"
)
_AT = re.compile(r"(?<=\S)@(?=\S)")
_LOOSE = re.compile(r"\](?=[(\[:])|!(?=\[)|<(?=[A-Za-z/!?])|:(?=//)")
# --- what is kept -----------------------------------------------------------------------------
_CITATION = re.compile(r"\[\s*(\d{1,4}(?:\s*,\s*\d{1,4})*)\s*\]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>!|~&$])")
_LINE_START = re.compile(r"^[ \t]*(\d*)([#+=.)\-])", re.MULTILINE)  # headings, lists, rules
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


@dataclass(frozen=True)
class Citation:
    """A reference to the source with this number."""

    number: int


@dataclass(frozen=True)
class Answer:
    """An answer that can be shown.

    Attributes:
        pieces: text, in which nothing is to be interpreted, and citations, in reading order.
        foreign_citations: numbers that the model cited and the request did not hand out.
        removed: how many links, images, tags and addresses were taken apart.
        cut: the model's text was longer than ``MAX_CHARS``, and its end is missing.
    """

    pieces: tuple[str | Citation, ...]
    foreign_citations: tuple[int, ...]
    removed: int
    cut: bool

    @property
    def plain(self) -> str:
        """The answer as text; a citation is [n]."""
        return "".join(p if isinstance(p, str) else f"[{p.number}]" for p in self.pieces)

    @property
    def citations(self) -> tuple[int, ...]:
        """The numbers that are cited, each once, in order of appearance."""
        return tuple(dict.fromkeys(p.number for p in self.pieces if isinstance(p, Citation)))

    def markdown(self, targets: Mapping[int, str]) -> str:
        """Return the answer as Markdown whose only links are its citations.

        Args:
            targets: of each citation, http(s) or a path of this server; the request's own.

        Raises:
            ValueError: a citation without a target, or a target that is no such URL.
        """
        # No piece holds a control character, so NUL can stand for the places of citations.
        text = "".join(p if isinstance(p, str) else f"\0{p.number}\0" for p in self.pieces)
        return re.sub("\0(\\d+)\0", lambda m: _link(int(m[1]), targets), escape_markdown(text))


def rebuild(text: str, handed_out: Collection[int]) -> Answer:
    """Return the answer that a model's text amounts to.

    Args:
        text: what the model wrote.
        handed_out: numbers of the sources that this request showed to the model.
    """
    stripped, removed = _take_apart(text[:MAX_CHARS])
    inert, defanged = _make_inert(stripped)
    pieces: list[str | Citation] = []
    foreign: list[int] = []
    position = 0
    for match in _CITATION.finditer(inert):
        numbers = [int(number) for number in match[1].split(",")]
        known = [Citation(number) for number in numbers if number in handed_out]
        foreign += [number for number in numbers if number not in handed_out]
        before = inert[position : match.start()]
        pieces += [before, *known] if known else [before.rstrip(" ")]
        position = match.end()
    pieces.append(inert[position:])
    kept = _trim(_set_apart(_join(pieces)))
    return Answer(kept, tuple(dict.fromkeys(foreign)), removed + defanged, len(text) > MAX_CHARS)


def escape_markdown(text: str) -> str:
    r"""Return Markdown that shows a text as it stands.

    >>> escape_markdown("2 * 3 < 7 [sic]")
    '2 \\* 3 \\< 7 \\[sic\\]'
    """
    return _LINE_START.sub(r"\1\\\2", _INDENT.sub("", _MARKDOWN.sub(r"\\\1", text)))


def _take_apart(text: str) -> tuple[str, int]:
    """Return a text without links, images, tags, entities and escapes, and how many there were."""
    removed = 0
    for _ in range(_MAX_PASSES):
        before = text
        text = strip_invisible(html.unescape(text))
        text = _ESCAPE.sub(r"\1", text)
        for pattern, kept in ((_IMAGE, ""), (_LINK, ""), (_TAG, "")):
            text, count = pattern.subn(_words if pattern is _LINK else kept, text)
            removed += count
        if text == before:
            return text, removed
    return re.sub(r"[<>\[\]\\&]", " ", text), removed + 1


def _words(link: re.Match[str]) -> str:
    """Return what a link shows; one that shows a citation stays a citation."""
    return f"[{link[1]}]" if _CITATION.fullmatch(f"[{link[1]}]") else link[1]


def _make_inert(text: str) -> tuple[str, int]:
    """Return a text that no renderer finds a link in, and how many addresses there were."""
    count = 0
    for pattern, put in ((_URL, r"\1"), (_SCHEME, r"\1 : "), (_BARE_PATH, r"\1")):
        text, n = pattern.subn(put, text)
        count += n
    text, n = _AT.subn(" (at) ", text)
    text = _DOT_IN_NAME.sub("(.)", text)
    return text, count + n


def _join(pieces: list[str | Citation]) -> list[str | Citation]:
    """Return pieces without empty text and with neighbouring text joined."""
    joined: list[str | Citation] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return joined


def _set_apart(pieces: list[str | Citation]) -> list[str | Citation]:
    """Return pieces with a space within what is left of a link's punctuation, ``](`` and such.

    The brackets of citations count, too; two citations can stand side by side.
    """
    apart = list(pieces)
    for i, piece in enumerate(pieces):
        if isinstance(piece, Citation):
            continue
        text = _LOOSE.sub(r"\g<0> ", piece)
        if i > 0 and text[0] in "([:":
            text = " " + text
        if i < len(pieces) - 1 and text[-1] in "!]":
            text += " "
        apart[i] = text
    return apart


def _trim(pieces: list[str | Citation]) -> tuple[str | Citation, ...]:
    """Return pieces without white space at both ends."""
    if pieces and isinstance(pieces[0], str):
        pieces[0] = pieces[0].lstrip()
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip()
    return tuple(piece for piece in pieces if piece != "")


def _link(number: int, targets: Mapping[int, str]) -> str:
    if number not in targets:
        raise ValueError(f"citation [{number}] has no target")
    target = targets[number]
    parts = urlsplit(target)
    ours = not parts.scheme and not parts.netloc and target.startswith("/")
    if not ours and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError(f"the target of citation [{number}] is neither http(s) nor a path of ours")
    safe = quote(target, safe="-._~/%!$&'*+,;=:@?#")  # parentheses and white space end a target
    return rf"[\[{number}\]]({safe})"
