"""Minimal edits: one word or name of a sentence exchanged, and the sentence says something else.

>>> import random
>>> [edit.kind for edit in edits("It ran to May 1990 in Paris.", ["in Rome"], random.Random(0))]
['month', 'year', 'name']
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from minilora.data.entailment.lexicon import EXCLUSIVE, MONTHS, OPPOSITES

_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-4][0-9])\b")
_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\w]|[.,]\d|-\w)")
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:(?: of| the| de| von| van)? [A-Z][\w'’.-]*[\w])*")
_LISTED = {word: group for group in EXCLUSIVE for word in group}
_PREPOSITIONS = ("in", "at", "from", "to", "near")


@dataclass(frozen=True)
class Edit:
    """``old``, a part of a sentence, exchanged for ``new``.

    Attributes:
        kind: "year", "number", "month", "word", "opposite" or "name".
    """

    old: str
    new: str
    kind: str

    def apply(self, text: str) -> str:
        """Return a text with every whole occurrence exchanged, "a" and "an" put right."""
        if self.old not in text:
            return text
        changed = re.sub(rf"(?<!\w){re.escape(self.old)}(?!\w)", lambda _: self.new, text)
        return articles(changed)


def articles(text: str) -> str:
    """Return a text with "a" before consonants and "an" before vowels, judged by the letter."""
    text = re.sub(r"\b([Aa])n(?= [bcdfgjklmnpqrstvwyzBCDFGJKLNPQRSTVWYZ])", r"\1", text)
    return re.sub(r"\b([Aa])(?= [aeioAEIO])", r"\1n", text)


def names(text: str) -> list[str]:
    """Return the capitalised names of a text that do not open it."""
    return [match[0] for match in _NAME.finditer(text) if match.start() > 0]


def edits(sentence: str, others: Sequence[str], rng: random.Random) -> list[Edit]:
    """Return one edit for each part of a sentence that can be exchanged, in reading order.

    Args:
        sentence: what is to be changed.
        others: names that stand elsewhere in the same article.
        rng: chooses what comes in place.
    """
    found: dict[int, Edit] = {}
    for match in _NAME.finditer(sentence):
        listed = all(word in _LISTED or word in MONTHS for word in match[0].split())
        new = None if listed or match.start() == 0 else other_name(sentence, match, others, rng)
        if new is not None:
            found[match.start()] = Edit(match[0], new, "name")
    for match in re.finditer(r"\b[A-Za-z-]+\b", sentence):
        word = match[0]
        if word in MONTHS and not _is_month(sentence, match):
            continue
        if word in _LISTED:
            group = [other for other in _LISTED[word] if other not in sentence]
            kind = "month" if word in MONTHS else "word"
            found[match.start()] = Edit(word, rng.choice(group), kind)
        elif word in OPPOSITES and word not in ("left", "right", "may"):
            found[match.start()] = Edit(word, OPPOSITES[word], "opposite")
    for match in _YEAR.finditer(sentence):
        found[match.start()] = Edit(match[0], _other_year(int(match[0]), sentence, rng), "year")
    for match in _NUMBER.finditer(sentence):
        if match.start() not in found:
            found[match.start()] = Edit(match[0], other_number(match[0], rng), "number")
    return [
        edit
        for _, edit in sorted(found.items())
        if (edit.new not in sentence and len(edit.old) > 1) or edit.kind == "number"
    ]


def _is_month(sentence: str, match: re.Match[str]) -> bool:
    return match[0] != "May" or bool(re.match(r" \d", sentence[match.end() :]))


def other_name(
    sentence: str, match: re.Match[str], others: Sequence[str], rng: random.Random
) -> str | None:
    """Return another name of the article that may stand in a name's place, None without one.

    After a preposition of place only names that follow one elsewhere, given as "in NAME", fit.
    """
    before = sentence[: match.start()].split()[-1:]
    placed = bool(before) and before[0].lower() in _PREPOSITIONS
    n_words = len(match[0].split())
    fitting = []
    for other in others:
        is_placed = other.startswith("in ")
        name = other.removeprefix("in ")
        alike = is_placed == placed and abs(len(name.split()) - n_words) <= 1
        if alike and name not in sentence and match[0] not in name:
            fitting.append(name)
    return rng.choice(fitting) if fitting else None


def _other_year(year: int, sentence: str, rng: random.Random) -> str:
    shift = rng.choice([1, 1, 2, 3, 4, 5, 7, 10, 12, 20, 30, 100]) * rng.choice([1, -1])
    return str(year - abs(shift) if year + shift > 2029 else year + shift)


def other_number(number: str, rng: random.Random) -> str:
    """Return another number of the same form, near or far."""
    digits = number.replace(",", "")
    places = len(digits.split(".")[1]) if "." in digits else 0
    value = float(digits)
    step = max(10**-places, value * rng.choice([0.02, 0.1, 0.25, 0.5, 1.0, 2.0]))
    new = value + step if rng.random() < 0.6 or value - step <= 0 else value - step
    text = f"{new:,.{places}f}" if "," in number else f"{new:.{places}f}"
    return text if text != number else f"{int(value) + 1}"


def article_names(texts: Sequence[str]) -> list[str]:
    """Return the names of an article, those seen after a preposition of place as "in NAME"."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _NAME.finditer(text):
            if match.start() == 0 or any(w in MONTHS or w in _LISTED for w in match[0].split()):
                continue
            before = text[: match.start()].split()[-1:]
            placed = bool(before) and before[0].lower() in _PREPOSITIONS
            name = re.sub(r"['’]s?$", "", match[0])
            if len(name) > 3:
                found[("in " if placed else "") + name] = None
    return list(found)
