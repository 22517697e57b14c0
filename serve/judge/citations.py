"""Citations: does what an answer cites bear out what it says there?

>>> cited("It is 330 m tall [1]. It was built in 1889 [1][2].")
[Cited(text='It is 330 m tall.', numbers=(1,)), Cited(text='It was built in 1889.', numbers=(1, 2))]

Source: Gao et al. 2023, Enabling Large Language Models to Generate Text with Citations (ALCE),
section 3.3, arXiv:2305.14627.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_MARKS = re.compile(r"\s*\[(\d{1,3})\]")
# A sentence ends at . ! ? with the marks behind it, before a space and what can begin another.
_END = re.compile(r"(?<=[.!?])[\"')\]]*(?:\s*\[\d{1,3}\])*(?=\s+[\"'(\[]?[A-Z0-9À-Þ])|\n+")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Sr|Jr|vs|etc|e\.g|i\.e|No|Fig|approx|ca|c)|\b[A-Z])\.$"
)


@dataclass(frozen=True)
class Cited:
    """A sentence without its marks, and the numbers that it cites, each once."""

    text: str
    numbers: tuple[int, ...]


def without_marks(text: str) -> str:
    """Return a text without ``[N]``.

    >>> without_marks("Tall [1] and old [2].")
    'Tall and old.'
    """
    return _MARKS.sub("", text).strip()


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with the citation marks that follow it.

    >>> split_sentences("Dr. Lee came in 1990. [1] She left.")
    ['Dr. Lee came in 1990. [1]', 'She left.']
    """
    parts, begin = [], 0
    for match in _END.finditer(text):
        part = text[begin : match.end()].strip()
        if "\n" not in match[0] and _ABBREVIATED.search(part):
            continue
        parts.append(part)
        begin = match.end()
    parts.append(text[begin:].strip())
    return [part for part in parts if part]


def cited(text: str) -> list[Cited]:
    """Return the sentences of an answer with what each cites; those of marks alone are left out."""
    found = []
    for sentence in split_sentences(text):
        numbers = dict.fromkeys(int(number) for number in _MARKS.findall(sentence))
        if re.search(r"\w", bare := without_marks(sentence)):
            found.append(Cited(bare, tuple(numbers)))
    return found


def citation_recall(borne_out: Sequence[bool]) -> float:
    """Return the share of sentences that all their citations together bear out.

    A sentence without a citation counts as not borne out.

    Raises:
        ValueError: no sentences.
    """
    if not borne_out:
        raise ValueError("citation recall needs at least one sentence")
    return sum(borne_out) / len(borne_out)


def citation_precision(
    sentences: Sequence[Cited], supports: Mapping[tuple[int, int], bool]
) -> float:
    """Return the share of citations that bear out the sentence they stand in.

    It is stricter than ALCE, which lets a citation pass that only helps others to: every ``[N]``
    must carry its sentence by itself.

    Args:
        sentences: of the answer.
        supports: (place of the sentence, number) -> whether that source alone bears it out. A
            number without a source is False.

    Raises:
        ValueError: nothing is cited.
    """
    marks = [(i, number) for i, part in enumerate(sentences) for number in part.numbers]
    if not marks:
        raise ValueError("citation precision needs at least one citation")
    return sum(supports[mark] for mark in marks) / len(marks)
