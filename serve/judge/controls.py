"""Claims whose truth is known, mixed into every run: can this judge tell?

A judge that always says yes gives every answer full marks. So each run also asks it about claims
made, without a model, from the very passages of the run:

    true     a sentence of the passage itself
    altered  such a sentence with a number changed, or its verb negated
    moved    a sentence of another case's passage, with few words of this one

The first should be supported, the others not. The run reports the judge's balanced accuracy on
them; a judge that says the same to all has 0.5, and the gate turns red below
:data:`serve.judge.gate.CONTROL_FLOOR`. These are easy: passing them is needed for trust, not
enough for it. How far a judge agrees with people is what ``python -m serve.judge.calibrate``
measures.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import msgspec

from minilora.data.entailment.text import overlap
from serve.judge.judge import Judge
from serve.judge.passages import passage_sentences
from serve.judge.statistics import Interval, bootstrap_statistic, rates
from serve.judge.verdicts import ClaimVerdict, JudgeFailed

N_CONTROLS = 20  # of each truth
_WORDS = range(6, 40)  # of a sentence that is taken
_MOVED_OVERLAP = 0.25  # share of a moved sentence's words that may stand in the passage
_NUMBER = re.compile(r"(?<![\w.,])\d{1,6}(?![\w,]|\.\d)")
_VERB = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would)\b")


@dataclass(frozen=True)
class Control:
    """A claim on passages whose truth is known."""

    claim: str
    passages: tuple[str, ...]
    kind: Literal["true", "altered", "moved"]


class Checked(msgspec.Struct, frozen=True):
    """How a judge did on the controls.

    Attributes:
        n: controls with a verdict.
        failed: without one.
        sensitivity: share of the true ones called supported; None without any.
        specificity: share of the false ones not called so; None without any.
        balanced_accuracy: the mean of both.
        ci95: its bootstrap interval.
        wrong: what it got wrong: (kind, verdict).
    """

    n: int
    failed: int
    sensitivity: float | None
    specificity: float | None
    balanced_accuracy: float | None
    ci95: Interval | None
    wrong: tuple[tuple[str, ClaimVerdict], ...] = ()


def make_controls(cases: Sequence[Sequence[str]], n: int = N_CONTROLS) -> list[Control]:
    """Return up to n true claims and as many false ones, about half of those moved.

    Args:
        cases: the passages of each case; the first of each is used.
        n: of each truth.
    """
    firsts = list(dict.fromkeys(passages[0] for passages in cases if passages))
    told = [(text, sentence) for text in firsts for sentence in _plain_sentences(text)]
    step = max(1, len(told) // n)
    picked = told[::step][:n]  # spread over all passages
    true = [Control(sentence, (text,), "true") for text, sentence in picked]
    moved = list(islice(_moved(picked), n // 2))
    altered = list(islice(_altered(told[step // 2 :: step] + told), n - len(moved)))
    return [*true, *altered, *moved]


async def check_judge(judge: Judge, controls: Sequence[Control]) -> Checked:
    """Return how a judge does on controls."""
    results = await asyncio.gather(*(_ask(judge, control) for control in controls))
    found = [(c, v) for c, v in zip(controls, results, strict=True) if v is not None]
    failed = len(controls) - len(found)
    if not found:
        return Checked(0, failed, None, None, None, None)
    said = [verdict.supported for _, verdict in found]
    truth = [control.kind == "true" for control, _ in found]
    wrong = tuple((c.kind, v) for (c, v), s, t in zip(found, said, truth, strict=True) if s != t)
    right = rates(said, truth)
    interval = None
    if right.balanced_accuracy is not None:
        interval = bootstrap_statistic(
            lambda rows: rates([said[i] for i in rows], [truth[i] for i in rows]).balanced_accuracy,
            len(found),
        )
    return Checked(
        len(found),
        failed,
        right.sensitivity,
        right.specificity,
        right.balanced_accuracy,
        interval,
        wrong,
    )


async def _ask(judge: Judge, control: Control) -> ClaimVerdict | None:
    try:
        return await judge.verdict(control.claim, control.passages)
    except JudgeFailed:
        return None


def _plain_sentences(text: str) -> list[str]:
    return [
        s
        for s in passage_sentences(text)
        if len(s.split()) in _WORDS and s[0].isupper() and s[-1] == "."
    ]


def _moved(told: Sequence[tuple[str, str]]) -> Iterator[Control]:
    """Yield sentences against the passage half the list away."""
    half = len(told) // 2
    for i, (_, sentence) in enumerate(told):
        passage = told[(i + half) % len(told)][0]
        if sentence not in passage and overlap(sentence, passage) <= _MOVED_OVERLAP:
            yield Control(sentence, (passage,), "moved")


def _altered(told: Sequence[tuple[str, str]]) -> Iterator[Control]:
    for text, sentence in dict.fromkeys(told):
        changed = alter(sentence)
        if changed is not None and changed not in text:
            yield Control(changed, (text,), "altered")


def alter(sentence: str) -> str | None:
    """Return a sentence that says otherwise; None where neither number nor verb gives one.

    >>> alter("The tower was opened in 1889."), alter("The tower was old."), alter("He came.")
    ('The tower was opened in 1906.', 'The tower was not old.', None)
    """
    if number := _NUMBER.search(sentence):
        other = int(number[0]) + 17 if len(number[0]) > 1 else int(number[0]) + 3
        return f"{sentence[: number.start()]}{other}{sentence[number.end() :]}"
    verb = _VERB.search(sentence)
    if verb is None or re.match(r"\s+(?:not|no|never)\b", sentence[verb.end() :]):
        return None
    return f"{sentence[: verb.end()]} not{sentence[verb.end() :]}"
