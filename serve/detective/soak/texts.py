"""Documents, each with one fact of its own that nothing else says.

>>> text = make(7, seed=0)
>>> text.fact in text.data.decode() and text.name.startswith("station-0007.")
True
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_SYLLABLES = ("kor", "van", "ul", "mir", "tes", "gal", "ond", "rak", "sif", "beld", "noz", "ptah")
_FILLER = (
    "The instruments were checked in the morning and again at dusk.",
    "Wind came from the west for most of the week, with gusts in the evening.",
    "Two visitors signed the book; both had come on foot from the valley.",
    "The battery was changed and the mast was painted where the rust had come through.",
    "Nothing else of note was written into the log on that day.",
)
_ENDINGS = ("md", "txt", "html")
MAX_PARAGRAPHS = 60  # a few hundred chunks a minute: a kill meets a document half encoded


@dataclass(frozen=True)
class Text:
    """A document.

    Attributes:
        name: of its file; no other has it.
        data: of its file.
        station: that it is about.
        fact: the sentence that tells the station's reading.
    """

    name: str
    data: bytes
    station: str
    fact: str

    @property
    def question(self) -> str:
        """A question that only this document answers."""
        return f"What was the reading of the station {self.station}?"


def make(number: int, seed: int) -> Text:
    """Return the document of a number; another seed makes others."""
    chance = random.Random(f"{seed} {number}")
    station = "".join(chance.choices(_SYLLABLES, k=3)).capitalize() + f"-{number}"
    fact = f"The reading of the station {station} was {chance.randrange(10_000, 100_000)}."
    paragraphs = [" ".join(chance.choices(_FILLER, k=4)) for _ in range(chance.randint(0, 4))]
    if chance.random() < 0.2:  # a long one
        paragraphs *= chance.randint(4, MAX_PARAGRAPHS // 4)
    paragraphs.insert(chance.randint(0, len(paragraphs)), fact)
    ending = chance.choice(_ENDINGS)
    if ending == "html":
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        text = f"<!doctype html><title>Station {station}</title>{body}"
    else:
        text = "\n\n".join([f"# Station {station}", *paragraphs])
    return Text(f"station-{number:04}.{ending}", text.encode(), station, fact)
