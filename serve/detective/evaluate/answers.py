"""Whether the words of an accepted answer stand in an answer.

>>> contains("It cost 1,420,000 euros.", ["1420000 euros"]), contains("in 1912", ["12"])
(True, False)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from minilora.answer_scores import ARTICLES

_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
_WORD = re.compile(r"\d+(?:\.\d+)+|\w+")


def contains(answer: str, accepted: Sequence[str]) -> bool:
    """Return whether the words of an accepted answer stand in the answer, in a row.

    Words are in lower case, without punctuation and articles; a number keeps its decimal point and
    loses the commas between its thousands.
    """
    words = _words(answer)
    return any(_stands_in(_words(right), words) for right in accepted)


def _words(text: str) -> list[str]:
    plain = _GROUPED.sub("", text.lower())
    return [word for word in _WORD.findall(plain) if word not in ARTICLES]


def _stands_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    starts = range(len(whole) - len(part) + 1)
    return bool(part) and any(whole[i : i + len(part)] == part for i in starts)
