"""A calibration's report as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serve.judge.agreement import Figure

if TYPE_CHECKING:
    from serve.judge.calibrate import CalibrationReport, SetReport

_HUMAN = """\
## How far people agree with each other

The sets above come with one label an item, so their own human figure is not to be had from them.
For scale: people's agreement on whether a summary's sentence is faithful (QAGS) has Fleiss' kappa
0.488; on which of two answers is better (MT-Bench), people agree with each other in 81% of
cases without ties. Of `ragchecker_pairs`, both people's votes are there: see below."""


def page(report: CalibrationReport) -> str:
    """Return the page."""
    made = report.calibration
    weights = ", ".join(
        f"{name} {weight:+.2f}" for name, weight in zip(made.features, made.weights, strict=True)
    )
    parts = [
        "# Calibration of the judge",
        f"Judge: `{report.judge}`. Made by `python -m serve.judge.calibrate --write`.",
        "Every set is cut in three by a hash of what its items share (the cluster of claims and "
        "evidence, the web page, the snippet, the passage). Training rows come from the first part "
        "alone, thresholds and the calibration from the second, all figures below from the third. "
        "Brackets hold 95% bootstrap intervals over clusters of items.",
        *(_set(one) for one in report.sets),
        "## The calibration",
        "A logistic regression over the judge's logit and what can be counted without a model "
        "(`serve/judge/calibration.py`), fitted on the calibration parts of fever_symmetric, wice "
        f"and begin together, each set counting the same: weights {weights} (features scaled to "
        f"deviation 1), bias {made.bias:+.2f}. A claim is called supported from probability "
        f"{made.threshold:.3f} on. In the tables, *calibrated, judge alone* uses the logit only; "
        "*as served* uses that one threshold for all sets, the other rows one chosen on the set's "
        "own calibration part.",
        _HUMAN,
        "## What sways it",
        *_biases(report),
    ]
    return "\n\n".join(parts) + "\n"


def _set(one: SetReport) -> str:
    n = next(iter(one.ways.values())).n
    lines = [
        f"## {one.name}",
        "",
        f"{n} test items, {one.supported:.0%} of them supported; thresholds from "
        f"{one.n_calibration} others."
        + (
            " Its labels are by construction, and length alone tells them apart: no figure of it "
            "says much."
            if one.name == "halueval_qa"
            else ""
        ),
        "",
        "| scored by | AUC | accuracy | balanced accuracy | Cohen's kappa |",
        "| --- | --- | --- | --- | --- |",
    ]
    for way, found in one.ways.items():
        figures = (found.auc, found.accuracy, found.balanced_accuracy, found.kappa)
        lines.append(f"| {way} | " + " | ".join(map(_figure, figures)) + " |")
    return "\n".join(lines)


def _figure(figure: Figure) -> str:
    if figure.value is None or figure.ci95 is None:
        return "-"
    low, high = figure.ci95
    return f"{figure.value:.3f} [{low:.3f}, {high:.3f}]"


def _biases(report: CalibrationReport) -> list[str]:
    lines = ["| change | claims | mean shift of P(supported) | verdicts flipped |", "| --- |" * 4]
    lines[1] = "| --- | --- | --- | --- |"
    about = {"filler": "filler before the claim", "reversed": "the source's sentences reversed"}
    for kind, bias in report.biases.items():
        row = f"| {about[kind]} | {bias.n} | {bias.shift:+.3f} | {bias.flipped:.1%} |"
        lines.append(row)
    found = ["\n".join(lines)]
    pairs = report.pairs
    if pairs is not None:
        found.append(
            f"Comparisons of {pairs.n} pairs of answers (ragchecker_pairs), asked in both orders: "
            f"agreement with people {pairs.agreement:.1%} (kappa {_kappa(pairs.kappa)}); one "
            f"person with the other {pairs.human_agreement:.1%} (kappa "
            f"{_kappa(pairs.human_kappa)}). The verdict turned with the order in "
            f"{pairs.swayed:.1%}; of single verdicts {pairs.first:.1%} chose the first place. "
            f"Between an answer and itself with three sentences of filler, "
            f"{pairs.padded_preferred:.1%} preferred the padded one and "
            f"{pairs.plain_preferred:.1%} the plain one."
        )
    found.append(
        "Self-preference: a verdict compares a claim with a source and knows no author; the "
        "answers of ragchecker_pairs are not the judge's own, so it is not measurable on them. A "
        "judge that also wrote the answers is warned of in every report."
    )
    return found


def _kappa(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
