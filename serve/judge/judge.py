"""The seam between metrics and a judge, and what is read off a judge by rule.

Four questions make up every metric that needs a model. A verdict is on one claim at a time, which
small models can follow, and every answer can be kept by its content (:mod:`serve.judge.cache`).

>>> is_noncommittal("I could not find this in the documents."), is_noncommittal("In 1889 [1].")
(True, False)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from serve.detective.reply import Usage
from serve.judge.verdicts import ClaimVerdict

Preference = Literal["a", "b", "tie"]

_NOT = r"(?:do|does|did|could|can|is|are)(?:n['’]t|not|\s+not)\b"
_EVASIONS = re.compile(
    r"\b(?:I|we|sources?|documents?|contexts?|texts?|passages?|articles?|reports?|Wikipedia)\b"
    rf"[^.]{{0,20}}\b{_NOT}[^.]{{0,30}}"
    r"\b(?:know|say|find|answer|tell|mention|contain|state|specify|provide|determine|sure|able)\b"
    r"|\b(?:no (?:answer|information)|nothing)\b[^.]{0,40}"
    r"\b(?:found|available|given|says?|looked|answer)\b"
    r"|\bunable to (?:answer|find|determine|say)\b",
    re.IGNORECASE,
)


class Generated(msgspec.Struct, frozen=True):
    """Questions that a model made from an answer alone.

    Attributes:
        questions: which the answer would answer.
        noncommittal: the answer evades: it says that it does not know.
    """

    questions: tuple[str, ...]
    noncommittal: bool


class Judge(Protocol):
    """A model that judges.

    Attributes:
        name: of the judge with all that its verdicts depend on (model, adapter, threshold, version
            of the prompts); verdicts are kept under it.
        model: which answers; a warning is given where it also wrote the answers.
    """

    name: str
    model: str

    @property
    def usage(self) -> Usage:
        """What was asked of the model so far."""

    async def claims(self, question: str, answer: str) -> list[str]:
        """Return what an answer states, one fact each, to be understood alone; [] for nothing.

        Raises:
            JudgeFailed: as for all of these methods.
        """

    async def verdict(self, claim: str, passages: Sequence[str]) -> ClaimVerdict:
        """Return whether the passages bear out the claim; the evidence stands in one of them."""

    async def questions(self, answer: str, n: int) -> Generated:
        """Return n questions that the answer would answer."""

    async def compare(self, question: str, a: str, b: str) -> Preference:
        """Return the better answer as it appears in this order; see :mod:`serve.judge.pairwise`."""

    async def close(self) -> None:
        """Let go of the model and its connections."""


def is_noncommittal(answer: str) -> bool:
    """Return whether a short answer says that it has none, by its words.

    A rule for models too small to be asked; a long answer that also says something is none.
    """
    return not answer.strip() or (len(answer) < 300 and bool(_EVASIONS.search(answer)))
