"""All kinds of subjects; three of them are kept for the test."""

from __future__ import annotations

from minilora.data.detective.material.built import BUILT
from minilora.data.detective.material.grown import GROWN
from minilora.data.detective.material.subjects import Subject
from minilora.data.detective.material.worked import WORKED

HELD_OUT = ("museum", "contract", "festival")
ALL = (*BUILT, *WORKED, *GROWN)


def subjects(held_out: bool) -> list[Subject]:
    """Return the kinds that training is about, or all kinds."""
    return [one for one in ALL if held_out or one.noun not in HELD_OUT]
