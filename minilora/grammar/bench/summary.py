"""Figures of many schemas: counts, quantiles, and whether the targets are met.

Times of the repeats of one call come down to their minimum: other programs only ever add. Masks
count where their instance is valid and was accepted to its end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.bench.data import Task
from minilora.grammar.bench.measure import CompileDone, CompileRefused, Nanoseconds, Pass, WalkDone
from minilora.grammar.bench.worker import Outcome

WORKLOADS: dict[str, tuple[Pass, ...]] = {
    "cold": ("cold",),
    "warm": ("warm",),
    "run": ("cold", "more"),
}
QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


@dataclass
class Schema:
    """What an engine made of a schema.

    Attributes:
        state: "compiled", "refused", "timeout" or "crashed".
        keyword: of a refusal, or the reason of a crash.
        unsatisfiable: refused because no document satisfies it.
        compile_ns: None unless compiled.
        verdicts: index of an instance -> accepted; none where it was not answered.
        masks, advances: (pass, index of an instance) -> its times, where it was accepted.
    """

    state: str
    keyword: str = ""
    unsatisfiable: bool = False
    compile_ns: int | None = None
    verdicts: dict[int, bool] = field(default_factory=dict)
    masks: dict[tuple[Pass, int], Nanoseconds] = field(default_factory=dict)
    advances: dict[tuple[Pass, int], Nanoseconds] = field(default_factory=dict)


def fold_all(outcomes: Iterable[Outcome]) -> list[Schema]:
    """Return what the tasks come to, in their order."""
    return [fold(outcome) for outcome in outcomes]


def fold(outcome: Outcome) -> Schema:
    """Return what the events of a task come to."""
    schema = Schema(outcome.ended, keyword=outcome.reason)
    for event in outcome.events:
        if isinstance(event, CompileRefused):
            return Schema("refused", event.keyword, event.unsatisfiable)
        if isinstance(event, CompileDone):
            schema.state = "compiled"
            schema.compile_ns = min(event.ns, schema.compile_ns or event.ns)
        elif isinstance(event, WalkDone):
            before = schema.verdicts.get(event.instance, True)
            schema.verdicts[event.instance] = before and event.accepted
            if event.accepted and len(event.masks_ns):
                key = (event.during, event.instance)
                _keep_least(schema.masks, key, event.masks_ns)
                _keep_least(schema.advances, key, event.advances_ns)
    return schema


def _keep_least(
    times: dict[tuple[Pass, int], Nanoseconds], key: tuple[Pass, int], new: Nanoseconds
) -> None:
    times[key] = np.minimum(times[key], new) if key in times else new


def real_figures(tasks: Sequence[Task], schemas: Sequence[Schema]) -> dict[str, Any]:
    """Return the figures of an engine over real schemas.

    Args:
        tasks: all of them.
        schemas: what came of the first of them; fewer where the engine's time was up.
    """
    done = list(zip(tasks, schemas, strict=False))
    compiled = [(task, schema) for task, schema in done if schema.state == "compiled"]
    counts: dict[str, Any] = {
        "schemas": len(done),
        "not_begun": len(tasks) - len(done),
        **dict.fromkeys(("compiled", "refused", "timeout", "crashed"), 0),
        **Counter(schema.state for _, schema in done),
        "refused_by": dict(
            Counter(s.keyword for _, s in done if s.state == "refused").most_common()
        ),
    }
    for kind in ("valid", "invalid"):
        answers = [
            (task.name, schema.verdicts.get(i))
            for task, schema in compiled
            for i, instance in enumerate(task.instances)
            if instance.kind == kind
        ]
        wrong = kind == "invalid"
        counts[kind] = {
            "asked": len(answers),
            "accepted": sum(answer is True for _, answer in answers),
            "unanswered": sum(answer is None for _, answer in answers),
            "wrong_in": sorted({name for name, answer in answers if answer is wrong}),
        }
    nanoseconds = np.array([schema.compile_ns for _, schema in compiled], np.int64)
    counts["compile_ms"] = quantiles(nanoseconds, 1e6)
    for name, passes in WORKLOADS.items():
        counts[f"mask_{name}_us"] = quantiles(_times(schemas, passes, "masks"), 1e3)
    for name in ("cold", "warm"):
        counts[f"advance_{name}_us"] = quantiles(_times(schemas, WORKLOADS[name], "advances"), 1e3)
    return counts


def quantiles(nanoseconds: NDArray[np.int64], unit_ns: float) -> dict[str, float]:
    """Return n, p50, p90, p99, mean and max in a unit; only n where there are none."""
    if not len(nanoseconds):
        return {"n": 0}
    values = {name: np.quantile(nanoseconds, share) for name, share in QUANTILES.items()}
    values |= {"mean": nanoseconds.mean(), "max": nanoseconds.max()}
    return {"n": len(nanoseconds), **{name: float(v) / unit_ns for name, v in values.items()}}


def _times(schemas: Iterable[Schema], passes: Sequence[Pass], what: str) -> NDArray[np.int64]:
    """Return all times of some passes, one after the other."""
    return _joined(
        times
        for schema in schemas
        for (during, _), times in (schema.masks if what == "masks" else schema.advances).items()
        if during in passes
    )


def _joined(parts: Iterable[Nanoseconds]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def common_masks(
    ours: Sequence[Schema], theirs: Sequence[Schema], passes: Sequence[Pass]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the mask times of two engines over the instances that both accepted, in one order."""
    pairs = [
        (mine.masks[key], other.masks[key])
        for mine, other in zip(ours, theirs, strict=False)
        for key in mine.masks
        if key[0] in passes and key in other.masks
    ]
    return _joined(mine for mine, _ in pairs), _joined(other for _, other in pairs)


def official_figures(tasks: Sequence[Task], schemas: Sequence[Schema]) -> dict[str, Any]:
    """Return the figures of an engine over groups of official tests.

    A schema that was refused as unsatisfiable rejects every document: that is right where the
    group has no valid one.
    """
    counts: Counter[str] = Counter()
    wrong: dict[str, list[str]] = defaultdict(list)
    for task, schema in zip(tasks, schemas, strict=False):
        verdicts = [
            _official_verdict(schema, i, instance.kind == "valid")
            for i, instance in enumerate(task.instances)
        ]
        counts.update(verdicts)
        counts["groups"] += 1
        counts["groups_right"] += set(verdicts) <= {"right"}
        for verdict in sorted(set(verdicts) - {"right"}):
            wrong[verdict].append(task.name)
    names = ("right", "wrong_accept", "false_reject", "not_compiled", "groups", "groups_right")
    figures: dict[str, Any] = {name: counts[name] for name in names}
    figures["tests"] = sum(counts[name] for name in names[:4])
    figures["not_begun"] = len(tasks) - counts["groups"]
    return {**figures, "wrong_in": dict(wrong)}


def _official_verdict(schema: Schema, index: int, valid: bool) -> str:
    accepted = False if schema.unsatisfiable else schema.verdicts.get(index)
    if accepted is None:
        return "not_compiled"
    return "right" if accepted == valid else "wrong_accept" if accepted else "false_reject"


@dataclass(frozen=True)
class Target:
    """A figure that is wanted.

    Attributes:
        figure: what is measured, with its unit.
        measured: the value, None where it could not be measured.
        at_most: the bound.
        detail: what it was measured on.
    """

    figure: str
    measured: float | None
    at_most: float
    detail: str

    @property
    def met(self) -> bool | None:
        """Whether it is met, None where it could not be measured."""
        return None if self.measured is None else self.measured <= self.at_most


def targets(schemas: Mapping[str, Sequence[Schema]]) -> list[Target]:
    """Return the targets of our engine, those against llguidance over what both accepted."""
    ours, peer = schemas["ours"], schemas.get("llguidance", ())
    found = []
    for name, quantile, at_most in (
        ("cold", "mean", 1.5),
        ("cold", "p99", 3.0),
        ("warm", "mean", 0.05),
        ("run", "mean", 0.3),
    ):
        mine, theirs = (
            quantiles(times, 1e3) for times in common_masks(ours, peer, WORKLOADS[name])
        )
        measured, detail = None, "llguidance was not run, or accepted nothing that ours accepts"
        if mine["n"]:
            measured = mine[quantile] / theirs[quantile]
            detail = f"{mine[quantile]:.3g} us against {theirs[quantile]:.3g} us, {mine['n']} masks"
        found.append(
            Target(f"mask, {name}, {quantile}, times llguidance", measured, at_most, detail)
        )
    compile_ms = quantiles(
        np.array([s.compile_ns for s in ours if s.compile_ns is not None], np.int64), 1e6
    )
    masks_ms = quantiles(_times(ours, ("cold", "more", "warm"), "masks"), 1e6)
    for figure, values, quantile, at_most in (
        ("compile, mean, ms", compile_ms, "mean", 2.0),
        ("compile, slowest, ms", compile_ms, "max", 50.0),
        ("mask, slowest, ms", masks_ms, "max", 50.0),
    ):
        detail = f"{values['n']} {figure.split(',')[0]}s"
        found.append(Target(figure, values.get(quantile), at_most, detail))
    return found
