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

from minilora.data.entailment.text import sentences

_MARKS = re.compile(r"\s*\[(\d{1,3})\]")
_AFTER_THE_STOP = re.compile(r"([.!?])((?:\s*\[\d{1,3}\])+)")


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


def cited(text: str) -> list[Cited]:
    """Return the sentences of an answer with what each cites; those of marks alone are left out.

    >>> cited("Dr. Lee came in 1990. [1] She left.")
    [Cited(text='Dr. Lee came in 1990.', numbers=(1,)), Cited(text='She left.', numbers=())]
    """
    found = []
    for sentence in sentences(_AFTER_THE_STOP.sub(r"\2\1", text)):
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


def citation_precision(parts: Sequence[Cited], supports: Mapping[tuple[int, int], bool]) -> float:
    """Return the share of citations that bear out the sentence they stand in.

    It is stricter than ALCE, which lets a citation pass that only helps others to: every ``[N]``
    must carry its sentence by itself.

    Args:
        parts: sentences of the answer.
        supports: (place of the sentence, number) -> whether that source alone bears it out. A
            number without a source is False.

    Raises:
        ValueError: nothing is cited.
    """
    marks = [(i, number) for i, part in enumerate(parts) for number in part.numbers]
    if not marks:
        raise ValueError("citation precision needs at least one citation")
    return sum(supports[mark] for mark in marks) / len(marks)
