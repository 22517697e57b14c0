"""Floors that the means must reach, and a judge that can be trusted to say so.

>>> parse_gate("faithfulness=0.8,route=0.9")
{'faithfulness': 0.8, 'route': 0.9}
"""

from __future__ import annotations

from collections.abc import Mapping

from serve.judge.report import Report
from serve.judge.scorer import JUDGED, LOWER_IS_BETTER

# In every gate over a judge's metrics, unless it names them itself.
CONTROL_FLOOR = 0.7  # judge_controls: balanced accuracy on claims whose truth is known
ANSWERED_FLOOR = 0.95  # judge_answered: share of questions that the judge answered
OUTCOMES = (
    "refusal",
    "route",
    "verification",
    "context_precision_ids",
    "context_recall_ids",
    "citation_page",
)
JSON = ("json_syntax", "json_schema", "json_tool", "json_exact")
METRICS = (*JUDGED, *OUTCOMES, *JSON)
OF_THE_JUDGE = {"judge_controls": CONTROL_FLOOR, "judge_answered": ANSWERED_FLOOR}


def parse_gate(text: str) -> dict[str, float]:
    """Return metric -> floor (of noise sensitivity: ceiling) of ``NAME=SHARE[,...]``.

    Raises:
        ValueError: no such form, an unknown metric, one twice, or a share outside 0 to 1.
    """
    gate: dict[str, float] = {}
    for part in text.split(","):
        name, sign, share = part.strip().partition("=")
        if not sign:
            raise ValueError(f"--gate wants NAME=SHARE[,...], got {part!r}")
        if name not in METRICS and name not in OF_THE_JUDGE:
            known = ", ".join((*METRICS, *OF_THE_JUDGE))
            raise ValueError(f"--gate: no metric {name!r}; there are {known}")
        if name in gate:
            raise ValueError(f"--gate: {name} stands there twice")
        gate[name] = _share(name, share)
    return gate


def _share(name: str, text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(f"--gate: {name} must be a share from 0 to 1, got {text!r}")
    return share


def missed(report: Report, gate: Mapping[str, float]) -> list[str]:
    """Return one line for every floor that is missed; [] where the gate is passed.

    What could not be measured is missed. So is a gate over any answers that did not come.
    """
    floors = dict(gate)
    if report.controls is not None:
        floors = OF_THE_JUDGE | floors
    lines = []
    for name, floor in floors.items():
        value = _value(report, name)
        if value is None:
            lines.append(f"{name}: nothing was scored, wanted {_wanted(name, floor)}")
        elif (value > floor) if name in LOWER_IS_BETTER else (value < floor):
            lines.append(f"{name}: {value:.3f}, wanted {_wanted(name, floor)}")
    if report.errors:
        lines.append(f"errors: {report.errors} of {report.n} questions got no answer")
    return lines


def _wanted(name: str, floor: float) -> str:
    return f"at {'most' if name in LOWER_IS_BETTER else 'least'} {floor:g}"


def _value(report: Report, name: str) -> float | None:
    if name == "judge_controls":
        return report.controls.balanced_accuracy if report.controls is not None else None
    if name == "judge_answered":
        return 1 - report.failed / report.asked if report.asked else 1.0
    summary = report.metrics.get(name)
    return summary.mean if summary is not None else None
