"""How right answers and scores are: SQuAD's exact match and F1, the area under the curve.

>>> exact_match("The Statue!", ["a statue"]), f1("in Paris", ["Paris"])
(1.0, 0.6666666666666666)
>>> auc([0.9, 0.4, 0.5], [True, True, False])
0.5

Source: Rajpurkar et al. 2016, SQuAD, section 6.1, arXiv:1606.05250; Rajpurkar et al. 2018, Know
What You Don't Know (SQuAD 2.0), section 5, arXiv:1806.03822, for questions without an answer.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Sequence

import numpy as np

ARTICLES = frozenset(("a", "an", "the"))
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def squad_words(text: str) -> list[str]:
    """Return the words that SQuAD compares: lower case, without punctuation and articles."""
    plain = text.lower().translate(_NO_PUNCTUATION)
    return [word for word in plain.split() if word not in ARTICLES]


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


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Return P(score of a positive > score of a negative), equal scores counting one half.

    It is the Mann-Whitney U of the positives over n_positive * n_negative, by mean ranks. None
    where all labels are the same.

    Raises:
        ValueError: no rows, or lists of different lengths.

    Source: Hanley & McNeil 1982, Radiology 143(1).
    """
    if not scores or len(scores) != len(labels):
        raise ValueError(
            f"lists must be of one length above 0, got {len(scores)} and {len(labels)}"
        )
    positives = sum(map(bool, labels))
    negatives = len(labels) - positives
    if not positives or not negatives:
        return None
    _, place, counts = np.unique(np.asarray(scores), return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2  # of each different score, from 1
    total = float(ranks[place][np.asarray(labels, dtype=bool)].sum())
    return (total - positives * (positives + 1) / 2) / (positives * negatives)
