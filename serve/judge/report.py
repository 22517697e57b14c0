"""What a run found: means with intervals, states counted, the judge's own check, every verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from serve.detective.reply import Usage
from serve.judge.controls import Checked
from serve.judge.statistics import Interval, bootstrap_interval, mcnemar, mean, paired_permutation
from serve.judge.verdicts import STATES, Score


class Summary(msgspec.Struct, frozen=True):
    """One metric over all cases.

    Attributes:
        mean: of the scored ones; None without any.
        ci95: bootstrap interval of the mean.
        n: scored ones.
        states: state -> number of cases, "scored" among them.
    """

    mean: float | None
    ci95: Interval | None
    n: int
    states: dict[str, int]


class CaseReport(msgspec.Struct, frozen=True):
    """One case with all that was said of it."""

    id: str
    question: str
    answer: str
    scores: tuple[Score, ...]
    kind: str = ""
    reference: str | None = None
    passages: tuple[str, ...] = ()
    error: str | None = None
    trace_id: str = ""


class Change(msgspec.Struct, frozen=True):
    """A metric now and in an earlier run, on the cases that both scored.

    Attributes:
        before, now: means over these cases.
        n: how many they are.
        p_value: that a difference as large comes by chance: McNemar's exact test where all scores
            are 0 or 1, else a paired permutation test.
    """

    before: float
    now: float
    n: int
    p_value: float


class Report(msgspec.Struct, frozen=True):
    """``report.json``.

    Attributes:
        judge: name of it, with all that its verdicts depend on.
        generators: models that wrote the answers.
        n: cases.
        errors: cases without an answer.
        metrics: name -> summary, in a fixed order.
        relevancy_floor: answer relevancy against another case's question: what a cosine is worth
            where the answer has nothing to do with the question.
        controls: how the judge did on claims whose truth is known; None where nobody judged.
        asked, failed: questions put to the judge, those in the cache left out; not answered.
        cached: answers that the cache gave.
        usage: of the judge's model in this run.
        warnings: what a reader must know, one sentence each.
        wall_s: seconds.
        cases: every one.
        changes: metric -> change since the earlier run; None where there is none.
    """

    judge: str
    generators: tuple[str, ...]
    n: int
    errors: int
    metrics: dict[str, Summary]
    relevancy_floor: Summary | None
    controls: Checked | None
    asked: int
    failed: int
    cached: int
    usage: Usage
    warnings: tuple[str, ...]
    wall_s: float
    cases: tuple[CaseReport, ...]
    changes: dict[str, Change] | None = None


def summarize(scores: Sequence[Score]) -> Summary:
    """Return the mean of the scored ones with its interval, and all states counted."""
    values = [score.value for score in scores if score.value is not None]
    count = Counter(score.state for score in scores)
    states: dict[str, int] = {state: count[state] for state in STATES if count[state]}
    if not values:
        return Summary(None, None, 0, states)
    return Summary(mean(values), bootstrap_interval(values), len(values), states)


def summarize_all(cases: Sequence[CaseReport], order: Sequence[str]) -> dict[str, Summary]:
    """Return metric -> summary; those of ``order`` that no case has are left out."""
    by_metric: dict[str, list[Score]] = {name: [] for name in order}
    for case in cases:
        for score in case.scores:
            by_metric[score.metric].append(score)
    return {name: summarize(scores) for name, scores in by_metric.items() if scores}


def compare(before: Report, cases: Sequence[CaseReport]) -> dict[str, Change]:
    """Return metric -> change since an earlier run, paired by the ids of the cases."""
    old, new = _values(before.cases), _values(cases)
    changes: dict[str, Change] = {}
    for metric, now in new.items():
        ids = [id_ for id_ in now if id_ in old.get(metric, {})]
        if not ids:
            continue
        a, b = [old[metric][id_] for id_ in ids], [now[id_] for id_ in ids]
        if {*a, *b} <= {0.0, 1.0}:
            p_value = mcnemar([value == 1 for value in a], [value == 1 for value in b])
        else:
            p_value = paired_permutation(a, b)
        changes[metric] = Change(mean(a), mean(b), len(ids), p_value)
    return changes


def _values(cases: Sequence[CaseReport]) -> Mapping[str, Mapping[str, float]]:
    """Return metric -> id -> value of the scored ones."""
    found: dict[str, dict[str, float]] = {}
    for case in cases:
        for score in case.scores:
            if score.value is not None:
                found.setdefault(score.metric, {})[case.id] = score.value
    return found


def read_report(path: Path) -> Report:
    """Return an earlier run's report.

    Raises:
        ValueError: the file is none.
        OSError: it cannot be read.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} is no report of serve.judge: {error}") from None
