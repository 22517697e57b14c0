"""How far scores agree with labels that people gave, with intervals.

Items that share a source or a claim are no independent evidence, so the bootstrap draws clusters of
items, not items.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence

import msgspec

from minilora.answer_scores import auc
from serve.judge.statistics import Interval, bootstrap_statistic, cohen_kappa, rates

RESAMPLES = 1000
NEARLY = 0.02  # thresholds whose kappa is this close to the best are as good


class Figure(msgspec.Struct, frozen=True):
    """A figure and its 95% interval; None where the labels are all alike."""

    value: float | None
    ci95: Interval | None


class Agreement(msgspec.Struct, frozen=True):
    """One way to score claims against one set's labels.

    Attributes:
        n: items.
        threshold: from which score on an item is called supported.
        auc, accuracy, balanced_accuracy, kappa: see :mod:`serve.judge.statistics`.
    """

    n: int
    threshold: float
    auc: Figure
    accuracy: Figure
    balanced_accuracy: Figure
    kappa: Figure


def agreement(
    scores: Sequence[float],
    labels: Sequence[bool],
    keys: Sequence[str],
    threshold: float,
    resamples: int = RESAMPLES,
) -> Agreement:
    """Return how scores agree with labels.

    Args:
        scores: higher for claims that are more likely supported.
        labels: what people said.
        keys: items with the same one hang together.
        threshold: chosen on other items.
        resamples: draws of the bootstrap.

    Raises:
        ValueError: no items.
    """
    said = [score >= threshold for score in scores]

    def accuracy(rows: Sequence[int]) -> float:
        return sum(said[i] == labels[i] for i in rows) / len(rows)

    def balanced(rows: Sequence[int]) -> float | None:
        return rates([said[i] for i in rows], [labels[i] for i in rows]).balanced_accuracy

    def area(rows: Sequence[int]) -> float | None:
        return auc([scores[i] for i in rows], [labels[i] for i in rows])

    def kappa(rows: Sequence[int]) -> float | None:
        return cohen_kappa([said[i] for i in rows], [labels[i] for i in rows])

    found = [_figure(of, keys, resamples) for of in (area, accuracy, balanced, kappa)]
    return Agreement(len(scores), threshold, *found)


def _figure(
    statistic: Callable[[Sequence[int]], float | None], keys: Sequence[str], resamples: int
) -> Figure:
    clusters: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        clusters[key].append(row)
    members = list(clusters.values())
    value = statistic(range(len(keys)))
    if value is None:
        return Figure(None, None)

    def of_clusters(drawn: Sequence[int]) -> float | None:
        return statistic([row for cluster in drawn for row in members[cluster]])

    return Figure(value, bootstrap_statistic(of_clusters, len(members), resamples))


def best_threshold(
    scores: Sequence[float], labels: Sequence[bool], weights: Sequence[float] | None = None
) -> float:
    """Return the threshold of the highest kappa: the middle of those nearly as good.

    Args:
        scores: of the calibration part.
        labels: what people said.
        weights: of the items; None counts each once.

    Raises:
        ValueError: no scores.

    >>> best_threshold([0.1, 0.2, 0.8, 0.9], [False, False, True, True])
    0.5
    """
    if not scores:
        raise ValueError("a threshold needs scores to be chosen on")
    share = list(weights) if weights is not None else [1.0] * len(scores)
    ordered = sorted(set(scores))
    cuts = [(low + high) / 2 for low, high in itertools.pairwise(ordered)] or ordered
    kappas = [_weighted_kappa([s >= cut for s in scores], labels, share) for cut in cuts]
    most = max(kappas)
    good = [cut for cut, kappa in zip(cuts, kappas, strict=True) if kappa >= most - NEARLY]
    return (good[(len(good) - 1) // 2] + good[len(good) // 2]) / 2


def _weighted_kappa(
    said: Sequence[bool], labels: Sequence[bool], weights: Sequence[float]
) -> float:
    """Return Cohen's kappa of weighted items, 0 where chance explains everything."""
    total = sum(weights)
    rows = list(zip(said, labels, weights, strict=True))
    observed = sum(w for a, b, w in rows if a == b) / total
    yes_said = sum(w for a, _, w in rows if a) / total
    yes_label = sum(w for _, b, w in rows if b) / total
    expected = yes_said * yes_label + (1 - yes_said) * (1 - yes_label)
    return (observed - expected) / (1 - expected) if expected < 1 else 0.0
