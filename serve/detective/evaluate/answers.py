"""When an answer's words are right: SQuAD's exact match and F1, and containment.

>>> exact_match("The Statue!", ["a statue"]), f1("in Paris", ["Paris"])
(1.0, 0.6666666666666666)
>>> contains("It cost 1,420,000 euros.", ["1420000 euros"]), contains("in 1912", ["12"])
(True, False)

Source: Rajpurkar et al. 2016, SQuAD, section 6.1, arXiv:1606.05250; Rajpurkar et al. 2018, Know
What You Don't Know (SQuAD 2.0), section 5, arXiv:1806.03822, for questions without an answer.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = frozenset(("a", "an", "the"))
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
_WORD = re.compile(r"\d+(?:\.\d+)+|\w+")


def squad_words(text: str) -> list[str]:
    """Return the words that SQuAD compares: lower case, without punctuation and articles."""
    plain = text.lower().translate(_NO_PUNCTUATION)
    return [word for word in plain.split() if word not in _ARTICLES]


def exact_match(answer: str, accepted: Sequence[str]) -> float:
    """Return 1 where the answer equals an accepted one, else 0.

    Args:
        answer: "" where it was refused.
        accepted: at least one; none where the question has no answer: then only "" is right.
    """
    words = squad_words(answer)
    return float(any(words == squad_words(right) for right in accepted or [""]))


def f1(answer: str, accepted: Sequence[str]) -> float:
    """Return the best F1 of words in common: 2 p r / (p + r), p = common/|answer|, r likewise.

    Where one of the two has no words, it is 1 if the other has none, else 0. Args as for
    :func:`exact_match`.
    """
    return max(_f1(squad_words(answer), squad_words(right)) for right in accepted or [""])


def _f1(answer: Sequence[str], right: Sequence[str]) -> float:
    if not answer or not right:
        return float(not answer and not right)
    common = (Counter(answer) & Counter(right)).total()
    return 2 * common / (len(answer) + len(right))  # what 2 p r / (p + r) comes to


def contains(answer: str, accepted: Sequence[str]) -> bool:
    """Return whether the words of an accepted answer stand in the answer, in a row.

    Words are in lower case, without punctuation and articles; a number keeps its decimal point and
    loses the commas between its thousands.
    """
    words = _words(answer)
    return any(_stands_in(_words(right), words) for right in accepted)


def _words(text: str) -> list[str]:
    plain = _GROUPED.sub("", text.lower())
    return [word for word in _WORD.findall(plain) if word not in _ARTICLES]


def _stands_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    starts = range(len(whole) - len(part) + 1)
    return bool(part) and any(whole[i : i + len(part)] == part for i in starts)
