"""What a subject is: its names, and facts with ways of saying and of asking for each.

Subjects are written as text. A fact begins with a line ``label = kind`` of :mod:`.values`; lines
below say it, those with a question mark in front ask for it. {n} is the subject, {v} the value.

>>> tower = subject("tower", "{place} Tower", '''
... height = int 20 90 metres
... {n} is {v} high.
... {n} rises to {v}.
... ? How high is {n}?
... ''')
>>> tower.facts[0].asks
('How high is {n}?',)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from minilora.data.detective.material.names import person, place, river
from minilora.data.draw import Draw


@dataclass(frozen=True)
class Fact:
    """One thing that can be said of a subject.

    Attributes:
        label: its name in a table or list.
        kind: of its value (:mod:`minilora.data.detective.material.values`).
        says: sentences with {n} and {v}.
        asks: questions with {n}.
    """

    label: str
    kind: str
    says: tuple[str, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """A kind of thing that documents are about.

    Attributes:
        noun: what it is, "bridge".
        names: patterns of its name with {place}, {river}, {person}, {family}, {letter}, {number}.
        facts: what can be said of it.
    """

    noun: str
    names: tuple[str, ...]
    facts: tuple[Fact, ...]

    def name(self, draw: Draw) -> str:
        """Return a name for one of its kind."""
        return draw.rng.choice(self.names).format(
            place=place(draw),
            river=river(draw),
            person=person(draw),
            family=person(draw).split()[1],
            letter=draw.rng.choice("ABCDEFGHKLMNPRST"),
            number=draw.rng.randint(2, 90) * (10 if draw.chance(0.5) else 1),
        )


def subject(noun: str, names: str, text: str) -> Subject:
    """Return a subject written as text; names are parted by semicolons.

    Raises:
        ValueError: a fact that lacks a sentence or a question, or a line that is out of place.
    """
    facts = []
    for block in re.split(r"\n(?=[^\n{?]+ = )", text.strip()):
        head, *lines = (line.strip() for line in block.splitlines())
        label, found, kind = head.partition(" = ")
        asks = tuple(line[2:] for line in lines if line.startswith("? "))
        says = tuple(line for line in lines if not line.startswith("? "))
        if not found or not asks or len(says) < 2 or any("{v}" not in line for line in says):
            raise ValueError(f"{noun}: {head!r} needs a kind, two sentences and a question")
        facts.append(Fact(label, kind, says, asks))
    return Subject(noun, tuple(name.strip() for name in names.split(";")), tuple(facts))
