"""What a judge says of a claim, and what a metric says of an answer: no state is left to a NaN.

>>> shown = Evidence("It is 330 m tall.", passage=0, start=12, end=29)
>>> ClaimVerdict("The tower is 330 m tall.", "supported", 0.97, evidence=shown).supported
True
>>> Score("faithfulness", "no_claims").value is None
True
>>> Score("faithfulness", "scored", float("nan"))
Traceback (most recent call last):
ValueError: faithfulness: a score must be from -1 to 1, got nan
"""

from __future__ import annotations

from typing import Literal

import msgspec

from minilora.data.detective.steps import Verdict

State = Literal["scored", "no_claims", "refused", "judge_failed"]
STATES: tuple[State, ...] = ("scored", "no_claims", "refused", "judge_failed")


class JudgeFailed(Exception):
    """The judge gave no usable verdict; the message says why in one sentence."""


class Evidence(msgspec.Struct, frozen=True):
    """What a verdict rests on, word for word.

    Attributes:
        quote: ``passages[passage][start:end]``.
        passage: which of the passages that the judge was shown, from 0.
        start, end: characters.
    """

    quote: str
    passage: int
    start: int
    end: int


class ClaimVerdict(msgspec.Struct, frozen=True):
    """Whether a passage bears out a claim.

    Attributes:
        claim: one statement that can be understood alone.
        label: "supported", "contradicted" or "not_found".
        probability: that it is supported, 0 to 1, as the judge gives it; None where it gives none.
        reason: why, in a sentence; "" from a judge that gives none.
        evidence: the quote; None where no passage has one.
    """

    claim: str
    label: Verdict
    probability: float | None = None
    reason: str = ""
    evidence: Evidence | None = None

    @property
    def supported(self) -> bool:
        """Whether it is."""
        return self.label == "supported"


class Score(msgspec.Struct, frozen=True):
    """What one metric says of one answer.

    Attributes:
        metric: its name.
        state: "scored"; "no_claims": there is nothing that could be judged; "refused": the answer
            says that it has none; "judge_failed": some verdict could not be had. Only the first
            enters a mean; the others are counted.
        value: higher is better but for noise sensitivity; None unless scored.
        verdicts: what it was computed from.
        note: one sentence where a reader needs it, such as why the judge failed.

    Raises:
        ValueError: a value without "scored", or "scored" without a finite value.
    """

    metric: str
    state: State
    value: float | None = None
    verdicts: tuple[ClaimVerdict, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Check that value and state go together."""
        if (self.state == "scored") != (self.value is not None):
            raise ValueError(f"{self.metric}: {self.state} with the value {self.value}")
        if self.value is not None and not -1 <= self.value <= 1:  # NaN is not either
            raise ValueError(f"{self.metric}: a score must be from -1 to 1, got {self.value}")
