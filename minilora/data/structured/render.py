"""From a template to the text of one query: slots filled, sentences tidied, now and then a slip.

Only the author's own words may be lower-cased or misspelt; what fills a slot stays as it is, so
that an answer copied from the text is letter for letter in it.

>>> import random
>>> from minilora.data.kinds import CITY, integer
>>> from minilora.data.draw import Draw
>>> kinds = {"city": CITY, "n": integer(4, 4)}
>>> said = render("to {city}[ for {n} days]", kinds, Draw(random.Random(4)))
>>> said.values["city"] in said.text()
True
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from minilora.data.draw import Draw
from minilora.data.kinds import Kind
from minilora.data.phrase import Slot, expand, parse

SENTENCE_END = re.compile(r"(^|[.!?]\s+|\n)$")
OPENING, CLOSING = "<<", ">>"  # around the words that give a reason


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `own` where it is the author's words, not a value."""

    text: str
    own: bool = True


@dataclass(frozen=True)
class Said:
    """A filled template: its pieces, and the values by parameter (records as nested objects)."""

    pieces: tuple[Piece, ...]
    values: dict[str, Any]

    def text(self) -> str:
        """Return the whole text, spaces put right."""
        return tidy("".join(piece.text for piece in self.pieces))


def render(
    template: str, kinds: Mapping[str, Kind], draw: Draw, optional_rate: float = 0.55
) -> Said:
    """Fill a template with values drawn from its kinds.

    Args:
        template: in the language of `minilora.data.phrase`.
        kinds: what the slots hold.
        draw: takes all choices; its side of the pools is the side of the values.
        optional_rate: how often a part in square brackets is kept.

    Raises:
        KeyError: a slot that no kind is given for.
    """
    formal = template[:1].isupper() or template[:1] in "{[("
    pieces: list[Piece] = []
    values: dict[str, Any] = {}
    surfaces: dict[str, str] = {}
    for part in expand(parse(template), draw.rng, optional_rate):
        if not isinstance(part, Slot):
            pieces.append(Piece(part.text))
            continue
        if part.fixed:
            bind(values, part.path, part.value)
            continue
        kind = kind_of(kinds, part.path)
        if part.path not in surfaces:
            value, surfaces[part.path] = kind.sample(draw)
            bind(values, part.path, value)
        surface = surfaces[part.path]
        before = "".join(piece.text for piece in pieces[-3:])
        if formal and not kind.copied and SENTENCE_END.search(before):
            surface = surface[:1].upper() + surface[1:]
        pieces.append(Piece(surface, own=False))
    return Said(tuple(pieces), values)


def kind_of(kinds: Mapping[str, Kind], path: str) -> Kind:
    """Return the kind of a slot, "name" or "name.field"."""
    name, _, field = path.partition(".")
    return kinds[name].fields[field] if field else kinds[name]


def bind(values: dict[str, Any], path: str, value: Any) -> None:
    """Store a value under "name" or "name.field"."""
    name, _, field = path.partition(".")
    if field:
        values.setdefault(name, {})[field] = value
    else:
        values[name] = value


def tidy(text: str) -> str:
    r"""Return the text with the gaps closed that parts left out have made.

    >>> tidy("Hello.  See you . \n\n at noon ")
    'Hello. See you.\nat noon'
    """
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" ?\n[ \n]*", "\n", text)
    text = re.sub(r" (?=[.,;](?:\s|$))", "", text)
    return re.sub(r"([.!?])\.(?=\s|$)", r"\1", text).strip()


def roughen(pieces: tuple[Piece, ...], rng: random.Random, rate: float = 0.3) -> tuple[Piece, ...]:
    """Return the pieces as written in haste: with the given chance in lower case or with a slip."""
    if rng.random() >= rate:
        return pieces
    if rng.random() < 0.4:
        return tuple(Piece(p.text.lower()) if p.own else p for p in pieces)
    long = [
        (index, found)
        for index, piece in enumerate(pieces)
        if piece.own
        for found in re.finditer(r"[a-z]{5,}", piece.text)
    ]
    if not long:
        return pieces
    index, found = rng.choice(long)
    text = pieces[index].text
    changed = text[: found.start()] + misspell(found[0], rng) + text[found.end() :]
    return (*pieces[:index], Piece(changed), *pieces[index + 1 :])


def misspell(word: str, rng: random.Random) -> str:
    """Return the word with two letters swapped, one left out or one doubled, never the first."""
    at = rng.randrange(1, len(word) - 1)
    slip = rng.choice(["swap", "drop", "double"])
    if slip == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if slip == "drop" else word[: at + 1] + word[at:]


def split_reason(text: str) -> tuple[str, str | None]:
    """Return the text without its reason marks, and the words between them.

    >>> split_reason("I waited <<three hours>>.")
    ('I waited three hours.', 'three hours')
    """
    start, end = text.find(OPENING), text.find(CLOSING)
    if start < 0 or end < start:
        return text, None
    reason = text[start + len(OPENING) : end]
    return text[:start] + reason + text[end + len(CLOSING) :], reason


def fits(value: Any) -> str:
    """Return a text by which two values can be told apart."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def insert(pieces: tuple[Piece, ...], mark: str, inner: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces with other pieces in place of the first mark; as they are without one."""
    for index, piece in enumerate(pieces):
        before, found, after = piece.text.partition(mark)
        if found:
            ends = (Piece(before, piece.own), *inner, Piece(after, piece.own))
            return (*pieces[:index], *ends, *pieces[index + 1 :])
    return pieces


def joined_text(pieces: tuple[Piece, ...]) -> str:
    """Return the text of the pieces, spaces put right."""
    return tidy("".join(piece.text for piece in pieces))
