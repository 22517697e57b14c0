"""Intervals, agreement and significance: what stands beside a mean so that it can be believed.

Only numbers go in and out. Resampling is seeded, so that a report is the same when it is made
again. For a share of right answers see :func:`minilora.scoring.wilson_interval`.

>>> cohen_kappa([1, 1, 0, 0], [1, 0, 0, 0])
0.5
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000
EXACT_PAIRS = 12  # up to here all 2^n sign flips are tried
Interval = tuple[float, float]


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean.

    Raises:
        ValueError: no values.
    """
    if not values:
        raise ValueError("the mean of no values does not exist")
    return math.fsum(values) / len(values)


def bootstrap_interval(
    values: Sequence[float], resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """Return the 95% percentile interval of the mean.

    Draw n of the n values with replacement, ``resamples`` times; the interval holds the middle
    95% of these means. Where all values are equal it has no width, whatever n is.

    Raises:
        ValueError: no values.

    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, section 13.3.
    """
    if not values:
        raise ValueError("the mean of no values has no interval")
    draws = np.random.default_rng(seed).integers(0, len(values), (resamples, len(values)))
    means = np.asarray(values, dtype=np.float64)[draws].mean(axis=1)  # (resamples,)
    return _middle(means)


def bootstrap_statistic(
    statistic: Callable[[Sequence[int]], float | None],
    n: int,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Return the 95% percentile interval of a statistic of n rows, such as a kappa or an AUC.

    Args:
        statistic: row numbers, with repetitions, to its value; None where these rows have none,
            such as an AUC without negatives, and the draw is left out.
        n: rows.
        resamples: draws.
        seed: of the draws.

    Raises:
        ValueError: no draw has a value.
    """
    random = np.random.default_rng(seed)
    drawn = (statistic(random.integers(0, n, n).tolist()) for _ in range(resamples))
    values = [value for value in drawn if value is not None]
    if not values:
        raise ValueError("the statistic has no value in any resample")
    return _middle(np.asarray(values))


def _middle(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


# Agreement of a judge with labels.


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float | None:
    """Return kappa = (p_o - p_e) / (1 - p_e): agreement beyond what chance would give.

    p_o is the share of rows where both agree, p_e = sum over labels of p_a(label) p_b(label).
    None where both use one and the same label throughout: chance explains everything then.

    Raises:
        ValueError: no rows, or lists of different lengths.

    Source: Cohen 1960, A coefficient of agreement for nominal scales.
    """
    _check_pairs(a, b)
    n = len(a)
    observed = sum(x == y for x, y in zip(a, b, strict=True)) / n
    of_a, of_b = Counter(a), Counter(b)
    expected = sum(of_a[label] * of_b[label] for label in of_a) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


@dataclass(frozen=True)
class Rates:
    """How a yes-or-no judge stands against labels.

    Attributes:
        sensitivity: share of the positives that it calls so; None without positives.
        specificity: share of the negatives that it calls so; None without negatives.
    """

    sensitivity: float | None
    specificity: float | None

    @property
    def balanced_accuracy(self) -> float | None:
        """(sensitivity + specificity) / 2; a judge that always says the same has 0.5."""
        if self.sensitivity is None or self.specificity is None:
            return None
        return (self.sensitivity + self.specificity) / 2


def rates(said: Sequence[bool], labels: Sequence[bool]) -> Rates:
    """Return how often a judge is right on positives and on negatives.

    Raises:
        ValueError: no rows, or lists of different lengths.
    """
    _check_pairs(said, labels)
    right = {True: 0, False: 0}
    total = Counter(map(bool, labels))
    for answer, label in zip(said, labels, strict=True):
        right[bool(label)] += bool(answer) == bool(label)
    return Rates(*(right[kind] / total[kind] if total[kind] else None for kind in (True, False)))


# Two systems on the same rows.


def mcnemar(a: Sequence[bool], b: Sequence[bool]) -> float:
    """Return the two-sided exact p-value that two systems are right equally often.

    Only rows where one alone is right count. Of m such rows k fall to ``a``; under the hypothesis
    k is binomial(m, 1/2), and p = min(1, 2 P(X <= min(k, m - k))).

    Raises:
        ValueError: no rows, or lists of different lengths.

    Source: McNemar 1947, Psychometrika 12(2), in its exact form.
    """
    _check_pairs(a, b)
    only_a = sum(x and not y for x, y in zip(a, b, strict=True))
    only_b = sum(y and not x for x, y in zip(a, b, strict=True))
    m = only_a + only_b
    tail = sum(math.comb(m, k) for k in range(min(only_a, only_b) + 1))
    return min(1.0, math.ldexp(tail, 1 - m))


def paired_permutation(
    a: Sequence[float], b: Sequence[float], resamples: int = 10_000, seed: int = 0
) -> float:
    """Return the two-sided p-value that paired scores differ by chance in sign alone.

    Under the hypothesis each difference d_i = a_i - b_i might as well have been -d_i. p is the
    share of sign flips whose |sum of d_i| is at least the observed one: of all 2^n flips for up
    to 12 rows, else of ``resamples`` random ones, the observed one counted among them.

    Raises:
        ValueError: no rows, or lists of different lengths.

    Source: Fisher 1935, The Design of Experiments, section 21.
    """
    _check_pairs(a, b)
    differences = np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)
    n = len(differences)
    observed = abs(differences.sum()) - 1e-12  # rounding must not make an equal sum smaller
    if n <= EXACT_PAIRS:
        bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1  # (2^n, n)
        return float((np.abs((1 - 2 * bits) @ differences) >= observed).mean())
    signs = np.random.default_rng(seed).choice((-1, 1), (resamples, n))
    hits = int((np.abs(signs @ differences) >= observed).sum())
    return float((hits + 1) / (resamples + 1))


def _check_pairs(a: Sequence[object], b: Sequence[object]) -> None:
    if not a or len(a) != len(b):
        raise ValueError(f"needs two lists of one length above 0, got {len(a)} and {len(b)}")
