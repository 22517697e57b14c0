"""Rows of the routing step: where to look, from the question's wording and how documents match.

The band says how well passages of the documents match, by numbers alone, and is often wrong: it is
drawn around what the route suggests, so that neither wording nor band decides by itself.

    documents   what the user's own files say; by its wording ("in the report") under any match
    wikipedia   general knowledge that the files do not match
    both        documents compared with, or checked against, general knowledge
    neither     nothing that can be looked up
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from minilora.data.detective.material.asked import (
    ABOUT_FILES,
    BOTH,
    CLAIM_BOTH,
    DOCUMENT_WORDINGS,
    GENERAL,
    NEITHER,
    NEITHER_OPEN,
    THINGS,
    THINGS_HELD_OUT,
    TOPICS,
)
from minilora.data.detective.material.kinds import subjects
from minilora.data.detective.material.passages import sentence
from minilora.data.detective.material.values import value
from minilora.data.detective.query import search_words
from minilora.data.detective.steps import Match, Route, route
from minilora.data.detective.wording import typed
from minilora.data.draw import Draw, Pool
from minilora.data.rows import Row

SHARES: tuple[tuple[float, Route], ...] = (
    (0.32, "documents"), (0.26, "wikipedia"), (0.21, "both"), (0.21, "neither"),
)  # fmt: skip
"""Shares of the routes."""

Bands = tuple[tuple[float, Match], ...]
PLAIN: Bands = (
    (0.74, "strong"),
    (0.23, "fair"),
    (0.03, "weak"),
)  # a question on the files, not named
NAMED: Bands = ((0.3, "strong"), (0.3, "fair"), (0.25, "weak"), (0.15, "none"))
GENERAL_BANDS: Bands = ((0.54, "none"), (0.41, "weak"), (0.05, "fair"))
BOTH_BANDS: Bands = ((0.4, "strong"), (0.3, "fair"), (0.2, "weak"), (0.1, "none"))
NEITHER_BANDS: Bands = ((0.5, "none"), (0.32, "weak"), (0.13, "fair"), (0.05, "strong"))
GROUP = 16
_ABOUT_FILES, _NEITHER = Pool(ABOUT_FILES), Pool(NEITHER)


class Router:
    """Makes routing rows.

    Args:
        draw: takes all choices.
        on_files: further questions about documents (their passages are in a user's files).
        general: further questions of general knowledge.
        idle: further messages that nothing can be looked up for.
    """

    def __init__(
        self,
        draw: Draw,
        on_files: Sequence[str] = (),
        general: Sequence[str] = (),
        idle: Sequence[str] = (),
    ) -> None:
        self.draw = draw
        self._on_files, self._general, self._idle = list(on_files), list(general), list(idle)
        self._seen: set[str] = set()

    def rows(self, prefix: str, wanted: int) -> list[Row]:
        """Return rows in groups of sixteen; no question comes twice."""
        made: list[Row] = []
        while len(made) < wanted:
            question, band, where = self._one()
            if question.lower() in self._seen:
                continue
            self._seen.add(question.lower())
            query = "" if where == "neither" else search_words(question)
            if where != "neither" and not query:
                continue
            id, group = f"{prefix}-{len(made)}", f"{prefix}-g{len(made) // GROUP}"
            answer = {"route": where, "query": query}
            made.append(route(question, band).row(id, answer, group))
        return made

    def _one(self) -> tuple[str, Match, Route]:
        where = self.draw.weighted(*SHARES)
        make: dict[Route, Callable[[], tuple[str, Bands]]] = {
            "documents": self._documents,
            "wikipedia": self._wikipedia,
            "both": self._both,
            "neither": self._neither,
        }
        question, bands = make[where]()
        return typed(question, self.draw.rng, where != "neither"), self.draw.weighted(*bands), where

    def _about_a_file(self) -> str:
        """Return a question about something that documents tell."""
        if self._on_files and self.draw.chance(0.4):
            return self.draw.rng.choice(self._on_files)
        subject = self.draw.rng.choice(subjects(self.draw.held_out))
        fact = self.draw.rng.choice(subject.facts)
        name = subject.name(self.draw)
        proper = subject.noun in ("person", "town", "animal", "book")
        if not proper and not self.draw.held_out and self.draw.chance(0.2):
            name = f"the {subject.noun}"
        return self.draw.rng.choice(fact.asks).format(n=name)

    def _documents(self) -> tuple[str, Bands]:
        roll = self.draw.rng.random()
        if roll < 0.18:
            return self.draw.pick(_ABOUT_FILES), NAMED
        question = self._about_a_file()
        if roll < 0.55:
            pattern = self.draw.rng.choice(DOCUMENT_WORDINGS)
            return _worded(pattern, question), NAMED
        if roll < 0.65:  # general words, but the files match: they come first
            return self._general_question(), ((0.85, "strong"), (0.15, "fair"))
        return question, PLAIN

    def _general_question(self) -> str:
        if self._general and self.draw.chance(0.6):
            return self.draw.rng.choice(self._general)
        return _filled(self.draw.rng.choice(GENERAL), self.draw)

    def _wikipedia(self) -> tuple[str, Bands]:
        roll = self.draw.rng.random()
        if roll < 0.12:
            pattern = self.draw.rng.choice(
                ("According to Wikipedia, {q}", "What does Wikipedia say: {q}", "On Wikipedia: {q}",
                 "Look on Wikipedia: {q}", "Search Wikipedia: {q}")
            )  # fmt: skip
            bands: Bands = ((0.4, "none"), (0.35, "weak"), (0.2, "fair"), (0.05, "strong"))
            return _worded(pattern, self._general_question()), bands
        if roll < 0.35:  # a name that the files do not have
            return self._about_a_file(), ((0.65, "none"), (0.35, "weak"))
        return self._general_question(), GENERAL_BANDS

    def _both(self) -> tuple[str, Bands]:
        if self.draw.chance(0.45):
            subject = self.draw.rng.choice(subjects(self.draw.held_out))
            fact = self.draw.rng.choice(subject.facts)
            claim = sentence(
                self.draw.rng.choice(fact.says),
                subject.name(self.draw), value(fact.kind, self.draw),
            )  # fmt: skip
            pattern = self.draw.rng.choice(CLAIM_BOTH)
            return pattern.replace("{claim}", _lowered(claim[:-1])), BOTH_BANDS
        pattern = self.draw.rng.choice(BOTH)
        if "{q}" in pattern:
            question = self._about_a_file() if self.draw.chance(0.5) else self._general_question()
            return _worded(pattern, question), BOTH_BANDS
        return _filled(pattern, self.draw), BOTH_BANDS

    def _neither(self) -> tuple[str, Bands]:
        roll = self.draw.rng.random()
        if self._idle and roll < 0.4:
            return self.draw.rng.choice(self._idle), NEITHER_BANDS
        if roll < 0.72:
            return _filled(self.draw.rng.choice(NEITHER_OPEN), self.draw), NEITHER_BANDS
        if roll < 0.78:
            return _gibberish(self.draw.rng), NEITHER_BANDS
        return self.draw.pick(_NEITHER), NEITHER_BANDS


def _worded(pattern: str, question: str) -> str:
    """Return a question inside a pattern with {q}, and with its mark at the end alone.

    >>> _worded("In the report, {q}", "How long is it?")
    'In the report, how long is it?'
    """
    question = question[:1].lower() + question[1:]
    if not pattern.endswith("{q}"):
        question = question.rstrip("?. ")
    text = pattern.replace("{q}", question)
    return text[:1].upper() + text[1:]


def _lowered(claim: str) -> str:
    """Return a sentence to stand inside another."""
    first = claim.split(" ")[0].lower()
    return claim[:1].lower() + claim[1:] if first in ("the", "from", "on", "in", "at") else claim


def _filled(pattern: str, draw: Draw) -> str:
    """Fill {thing}, {other} and {topic} of a pattern."""
    things = THINGS_HELD_OUT if draw.held_out else THINGS
    first, second = draw.rng.sample(things, 2)
    return (
        pattern.replace("{thing}", first)
        .replace("{other}", second)
        .replace("{topic}", draw.rng.choice(TOPICS))
    )


def _gibberish(rng: random.Random) -> str:
    letters = "asdfghjklqwertyuiopzxcvbnm"
    if rng.random() < 0.2:
        return "".join(rng.choice("?!.…#123 ") for _ in range(rng.randint(3, 9))).strip() or "???"
    return " ".join(
        "".join(rng.choice(letters) for _ in range(rng.randint(3, 8)))
        for _ in range(rng.randint(1, 4))
    )
