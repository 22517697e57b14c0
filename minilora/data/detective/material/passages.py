"""Passages about invented subjects: prose, lists, tables, with a note of what each line says.

Passages of one scene are about the same subject and its siblings, as retrieval returns them: the
fact that is asked for often stands beside the same fact of another.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from minilora.data.detective.material.filler import FILLER, HEADINGS, UNKNOWN
from minilora.data.detective.material.subjects import Fact, Subject
from minilora.data.detective.material.values import other_value, value
from minilora.data.draw import Draw

UNKNOWN_SHARE = 0.4  # of passages of prose


@dataclass(frozen=True)
class Stated:
    """A fact that a passage states.

    Attributes:
        name: of what it is said.
        fact: which.
        value: as it stands there.
        passage: number of the passage.
        span: of the sentence, list item or row of a table.
        said: which of the fact's sentences it is; -1 in lists and tables.
    """

    name: str
    fact: Fact
    value: str
    passage: int
    span: tuple[int, int]
    said: int


@dataclass(frozen=True)
class Absent:
    """A fact that no passage of the scene states, with a value it might have."""

    name: str
    fact: Fact
    value: str


@dataclass
class Scene:
    """Passages, and what they say and do not say.

    Attributes:
        passages: texts.
        stated: what they say.
        absent: what they do not.
        unknown: of that, what they say is not known.
    """

    passages: list[str] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    unknown: list[Absent] = field(default_factory=list)


def scene(subject: Subject, n_passages: int, draw: Draw, prose: bool = False) -> Scene:
    """Return passages about two to four subjects of one kind.

    Args:
        subject: the kind.
        n_passages: 1 to 3.
        draw: takes all choices.
        prose: no lists and tables, as in an encyclopedia.
    """
    names: list[str] = []
    for _ in range(20):
        name = subject.name(draw)
        if name not in names:
            names.append(name)
        if len(names) == n_passages + 1:
            break
    made = Scene()
    facts = list(subject.facts)
    forms = [prose or draw.chance(0.55) for _ in range(n_passages)]
    told: set[tuple[str, str]] = set()
    for index, is_prose in enumerate(forms):
        if is_prose:
            chosen = draw.rng.sample(facts, min(len(facts), draw.rng.randint(4, 6)))
            name = names[index]
            fresh = _fresh(name, chosen, told)
            spare = [fact for fact in facts if (name, fact.label) not in told]
            _prose(made, name, subject, fresh, spare, draw)
            told.update((one.name, one.fact.label) for one in made.unknown)
        elif draw.chance(0.5):
            chosen = draw.rng.sample(facts, min(len(facts), draw.rng.randint(4, 7)))
            name = names[index]
            _list(made, name, subject, _fresh(name, chosen, told), draw)
        else:
            chosen = draw.rng.sample([f for f in facts if len(f.kind) < 40], 3)
            rows = names[: draw.rng.randint(2, len(names))]
            if not any((name, fact.label) in told for name in rows for fact in chosen):
                told.update((name, fact.label) for name in rows for fact in chosen)
                _table(made, rows, subject, chosen, draw)
            else:
                chosen = draw.rng.sample(facts, 4)
                _list(made, names[index], subject, _fresh(names[index], chosen, told), draw)
    for name in names[:n_passages]:
        for fact in facts:
            if (name, fact.label) not in told:
                made.absent.append(Absent(name, fact, value(fact.kind, draw)))
    made.absent += made.unknown
    return _distinct(made, draw)


def _fresh(name: str, facts: list[Fact], told: set[tuple[str, str]]) -> list[Fact]:
    """Return the facts not yet told of a subject, which they then are."""
    fresh = [fact for fact in facts if (name, fact.label) not in told]
    told.update((name, fact.label) for fact in fresh)
    return fresh


def _distinct(made: Scene, draw: Draw) -> Scene:
    """Wrap some passages as extraction from a PDF does; spans stay as they are."""
    if draw.chance(0.3):
        made.passages = [wrapped(text, draw.rng.randint(60, 95)) for text in made.passages]
    return made


def wrapped(text: str, width: int) -> str:
    r"""Return a text with spaces turned into line ends, lists and tables left alone.

    >>> wrapped("one two three", 8)
    'one two\nthree'
    """
    lines = []
    for line in text.split("\n"):
        parts = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
        joined = "\n".join(parts)
        same = len(joined) == len(line) and not re.match(r"[-*•|]|\d+\.", line)
        lines.append(joined if same else line)
    return "\n".join(lines)


def _named(name: str, subject: Subject, first: bool, draw: Draw) -> str:
    """Return how a sentence calls its subject: by name, or "the bridge" later on."""
    proper = subject.noun in ("person", "animal", "town", "book")
    return name if first or proper or draw.chance(0.4) else f"the {subject.noun}"


def sentence(pattern: str, name: str, value: str) -> str:
    """Return a sentence about a subject, with a capital at its beginning.

    >>> sentence("{n} is {v} high.", "the tower", "20 metres")
    'The tower is 20 metres high.'
    """
    text = pattern.replace("{n}", name).replace("{v}", value)
    return text[:1].upper() + text[1:]


def _prose(
    made: Scene, name: str, subject: Subject, facts: list[Fact], spare: list[Fact], draw: Draw
) -> None:
    """Add prose on facts; of one of the spare facts it may say that nobody knows it."""
    text = ""
    unknown = draw.rng.choice(spare) if spare and facts and draw.chance(UNKNOWN_SHARE) else None
    unknown_at = draw.rng.randrange(len(facts)) if unknown else None
    if draw.chance(0.3):
        text = f"{draw.rng.choice(HEADINGS).format(n=_capital(name), noun=subject.noun)}\n\n"
    index = len(made.passages)
    if draw.chance(0.35):
        text += draw.rng.choice(FILLER).format(n=name, noun=subject.noun) + " "
    for place, fact in enumerate(facts):
        found, said = value(fact.kind, draw), draw.rng.randrange(len(fact.says))
        line = sentence(fact.says[said], _named(name, subject, place == 0, draw), found)
        start = len(text)
        text += line
        made.stated.append(Stated(name, fact, found, index, (start, len(text)), said))
        text += " "
        if draw.chance(0.3):
            text += draw.rng.choice(FILLER).format(n=f"the {subject.noun}", noun=subject.noun) + " "
        if unknown is not None and place == unknown_at:
            called = _named(name, subject, False, draw)
            text += draw.rng.choice(UNKNOWN).format(label=unknown.label, n=called) + " "
            made.unknown.append(Absent(name, unknown, value(unknown.kind, draw)))
    text = text.rstrip()
    made.passages.append(text[:1].upper() + text[1:])


def _list(made: Scene, name: str, subject: Subject, facts: list[Fact], draw: Draw) -> None:
    """Add "label: value" lines, with or without a mark."""
    mark = draw.rng.choice(["- ", "* ", "• ", "", "| "])
    joint = " | " if mark == "| " else ": "
    heading = draw.rng.choice(["{n}", "## {n}", "Key figures: {n}", "{n}: facts", "Data sheet {n}"])
    text = heading.format(n=_capital(name)) + "\n"
    index = len(made.passages)
    for fact in facts:
        found = value(fact.kind, draw)
        whole = mark == "| "
        text += "" if whole else mark
        start = len(text)
        text += (
            f"{mark if whole else ''}{_capital(fact.label)}{joint}{found}{' |' if whole else ''}"
        )
        made.stated.append(Stated(name, fact, found, index, (start, len(text)), -1))
        text += "\n"
    if draw.chance(0.4):
        text += "\n" + draw.rng.choice(FILLER).format(n=f"the {subject.noun}", noun=subject.noun)
    made.passages.append(text.strip())


def _table(
    made: Scene, names: Sequence[str], subject: Subject, facts: list[Fact], draw: Draw
) -> None:
    """Add a table, a subject a row: as Markdown, or with the lines gone as a PDF gives it."""
    markdown = draw.chance(0.65)
    joint = " | " if markdown else draw.rng.choice(["  ", " ; ", " – "])
    edges = ("| ", " |") if markdown else ("", "")
    head = [_capital(subject.noun), *(_capital(fact.label) for fact in facts)]
    text = draw.rng.choice(["", "Overview\n\n", f"Table {draw.rng.randint(1, 9)}\n"])
    text += edges[0] + joint.join(head) + edges[1] + "\n"
    if markdown:
        text += "|" + "---|" * len(head) + "\n"
    index = len(made.passages)
    for name in names:
        found = [value(fact.kind, draw) for fact in facts]
        start = len(text)
        text += edges[0] + joint.join([_capital(name), *found]) + edges[1]
        span = (start, len(text))
        for fact, one in zip(facts, found, strict=True):
            made.stated.append(Stated(name, fact, one, index, span, -1))
        text += "\n"
    if draw.chance(0.5):
        text += "\n" + draw.rng.choice(FILLER).format(n=f"the {subject.noun}", noun=subject.noun)
    made.passages.append(text.strip())


def rival(stated: Stated, made: Scene, draw: Draw) -> str:
    """Return a wrong value: that of another subject of the scene where there is one."""
    others = [
        one.value
        for one in made.stated
        if one.fact is stated.fact and one.name != stated.name and one.value != stated.value
    ]
    if others and draw.chance(0.5):
        return draw.rng.choice(others)
    return other_value(stated.fact.kind, [stated.value], draw)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
