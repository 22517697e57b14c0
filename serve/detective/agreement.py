"""Whether two answers to one question say the same, where words and figures alone tell.

Asked of both texts, the same question brings out what each says; comparing the answers is a check
on facts that needs no entailment (Wang, Cho & Lewis 2020, QAGS, arXiv:2004.04228). Figures decide
where both answers have some of one kind; else shared words can only agree, as one thing has many
names.

>>> compare_answers("1,825 metres", "exactly 1852 metres")
'contradicted'
>>> compare_answers("in 1811", "1 February 1811")
'supported'
>>> compare_answers("Faraday", "Michael Faraday"), compare_answers("the sea", "an ocean")
('supported', None)
"""

from __future__ import annotations

import re
from typing import Literal

from minilora.data.detective.material.values import MONTHS
from minilora.data.detective.sentences import words
from serve.detective.answer_type import numbers_in

_DATE = re.compile(rf"\b(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)})(?: \d{{1,2}},?)?(?: \d{{3,4}})?\b")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_UNIT = re.compile(r"\d[\d.,]* ?([^\W\d]+|%|°C|€|\$)")


def compare_answers(one: str, other: str) -> Literal["supported", "contradicted"] | None:
    """Return whether two answers agree; None where words and figures do not tell."""
    kinds = _years(one), _years(other)
    if all(kinds) and (_dated(one) and _dated(other)):
        return _verdict(kinds[0], kinds[1])
    figures = numbers_in(one), numbers_in(other)
    if all(figures) and _units(one) == _units(other):
        return _verdict(figures[0], figures[1])
    if any(figures):
        return None
    ours, theirs = set(words(one)), set(words(other))
    if ours and theirs and (ours <= theirs or theirs <= ours):
        return "supported"
    return None


def _verdict(one: set[str], other: set[str]) -> Literal["supported", "contradicted"] | None:
    if one <= other or other <= one:
        return "supported"
    return None if one & other else "contradicted"


def _dated(text: str) -> bool:
    """Return whether a text's figures are years or dates and nothing else."""
    rest = _YEAR.sub("", _DATE.sub("", text))
    return not numbers_in(rest) and not _units(text)


def _years(text: str) -> set[str]:
    return set(_YEAR.findall(text))


def _units(text: str) -> set[str]:
    """Return what stands behind the numbers, but for words that are part of a date."""
    names = {month.lower() for month in MONTHS} | {"and", "to", "or", "in", "on", "of", "until"}
    return {unit.lower() for unit in _UNIT.findall(text)} - names
