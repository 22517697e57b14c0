"""From a judge's raw probability to one that can be trusted, and the threshold that goes with it.

A small model's probability that a claim is supported is over-sure and blind to some plain facts,
such as a number that the source does not hold. One logistic regression puts both right:

    P(supported) = 1 / (1 + exp(-(b + sum over f of w_f * (f - mean_f) / deviation_f)))

over the features f of :func:`features`. With the logit alone it is Platt's scaling. It is fitted on
the calibration parts of the labelled sets (:mod:`serve.judge.calibrate`), never on what a figure is
measured on.

Source: Platt 1999, Probabilistic Outputs for Support Vector Machines.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from minilora.data.entailment.text import overlap, words

FILE = Path(__file__).parent / "calibration.json"
FEATURES = ("logit", "overlap", "pairs", "numbers", "names")
MAX_LOGIT = 8.0  # beyond it a probability says nothing more
RIDGE = 1.0  # keeps weights finite where a feature alone tells the labels apart
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w'’-]+")


class Calibration(msgspec.Struct, frozen=True):
    """What turns a raw probability into one, and into a verdict.

    Attributes:
        judge: name of the judge it was fitted for.
        features: those used, of :data:`FEATURES`.
        means, deviations: by which a feature is centred and scaled.
        weights: of the scaled features.
        bias: b above.
        threshold: from this probability on a claim is called supported.
    """

    judge: str
    features: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float

    def probability(self, raw: float, claim: str, source: str) -> float:
        """Return the probability that a claim is supported.

        Args:
            raw: the model's own.
            claim: what is judged.
            source: the sentences that the model was shown.
        """
        found = features(raw, claim, source)
        return float(self.probabilities([[found[name] for name in self.features]])[0])

    def probabilities(self, rows: Sequence[Sequence[float]]) -> np.ndarray:
        """Return the probabilities of rows of the calibration's features."""
        scaled = (np.asarray(rows, dtype=np.float64) - self.means) / self.deviations
        return _sigmoid(scaled @ np.asarray(self.weights) + self.bias)


def features(raw: float, claim: str, source: str) -> dict[str, float]:
    """Return what the regression sees of a claim.

    - logit: log(raw / (1 - raw)) of the model's probability, cut at 8;
    - overlap: share of the claim's content words that the source holds;
    - pairs: share of its neighbouring words that are neighbours there, too;
    - numbers, names: share of its numbers and capitalised names that the source does not hold.

    >>> found = features(0.5, "Ann won 12 cups.", "Ann won 11 cups.")
    >>> found["logit"], found["overlap"], found["numbers"]
    (0.0, 0.75, 1.0)
    """
    least = 1 / (1 + math.exp(MAX_LOGIT))
    kept = min(max(raw, least), 1 - least)
    known_words = set(words(source))
    pairs, known = _pairs(claim), _pairs(source)
    held = set(_NUMBER.findall(source))
    return {
        "logit": math.log(kept / (1 - kept)),
        "overlap": overlap(claim, source),
        "pairs": len(pairs & known) / len(pairs) if pairs else 0.0,
        "numbers": _missing([number in held for number in _NUMBER.findall(claim)]),
        "names": _missing([name.lower() in known_words for name in _NAME.findall(claim)]),
    }


def _pairs(text: str) -> set[tuple[str, str]]:
    found = words(text)
    return set(itertools.pairwise(found))


def _missing(held: Sequence[bool]) -> float:
    return held.count(False) / len(held) if held else 0.0


def fit(
    rows: Sequence[Sequence[float]],
    labels: Sequence[bool],
    weights: Sequence[float],
    names: Sequence[str],
    judge: str,
    threshold: float = 0.5,
) -> Calibration:
    """Return the logistic regression of least penalised loss, by Newton's method.

    sum over i of weight_i * -log P(label_i) + ridge / 2 * |w|^2 is convex, so where the gradient is
    zero is its only minimum.

    Args:
        rows: (n, features) values.
        labels: what people said.
        weights: of the rows, such as one that lets every set count the same.
        names: of the features.
        judge: whose probabilities they are.
        threshold: to be kept with it.

    Raises:
        ValueError: labels of one kind only.
    """
    if len(set(labels)) < 2:
        raise ValueError("a calibration needs claims that are supported and claims that are not")
    raw = np.asarray(rows, dtype=np.float64)
    y, share = np.asarray(labels, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    means, deviations = raw.mean(0), raw.std(0)
    deviations[deviations == 0] = 1.0
    x = np.column_stack([(raw - means) / deviations, np.ones(len(raw))])
    penalty = np.diag([RIDGE] * raw.shape[1] + [0.0])
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = _sigmoid(x @ w)
        gradient = x.T @ (share * (p - y)) + penalty @ w
        hessian = x.T @ (x * (share * p * (1 - p))[:, None]) + penalty
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-9:
            break
    return Calibration(
        judge,
        tuple(names),
        tuple(means.tolist()),
        tuple(deviations.tolist()),
        tuple(w[:-1].tolist()),
        float(w[-1]),
        threshold,
    )


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))


def read_calibration(path: Path = FILE) -> Calibration | None:
    """Return the calibration that is kept, None where there is none.

    Raises:
        ValueError: the file is no calibration.
    """
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Calibration)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} is no calibration: {error}") from None
