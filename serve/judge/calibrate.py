"""``python -m serve.judge.calibrate``: how far a judge agrees with people, and its threshold.

Every set is cut in three (:mod:`minilora.data.entailment.public`). Training rows come from the
first part. On the second, the calibration and the thresholds are fitted. All figures are of the
third, which nothing was trained or tuned on. Written: ``CALIBRATION.md`` for people,
``calibration.json`` for the judge.
"""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from minilora.atomic import write_whole
from minilora.command import CommandFailed, Parser, check_writable, exit_with
from minilora.data.entailment.public import JUDGED, Part
from serve.judge.agreement import RESAMPLES, Agreement, agreement, best_threshold
from serve.judge.biases import PairFigures, VerdictBias, pair_figures, verdict_bias
from serve.judge.bounded import BoundedJudge
from serve.judge.build import LOCAL, make_judge
from serve.judge.cache import Cache, CachedJudge
from serve.judge.calibration import FEATURES, FILE, Calibration, fit
from serve.judge.calibration_page import page
from serve.judge.judge import Judge
from serve.judge.labelled import BASELINES, Judged, judged
from serve.judge.verdicts import JudgeFailed
from serve.settings import default_judge_cache

PAGE = Path(__file__).parent / "CALIBRATION.md"
FITTED_ON = ("fever_symmetric", "wice", "begin")  # halueval_qa's labels are by construction
N_SWAYED = 60  # claims asked again for each bias


class SetReport(msgspec.Struct, frozen=True):
    """One set's test part.

    Attributes:
        name: of the set.
        n_calibration: items that its own thresholds were chosen on.
        supported: share of the test items that people call supported.
        ways: name of a way to score claims -> its agreement with people.
    """

    name: str
    n_calibration: int
    supported: float
    ways: dict[str, Agreement]


class CalibrationReport(msgspec.Struct, frozen=True):
    """All that is written about a judge.

    Attributes:
        judge: its name.
        calibration: what was fitted.
        sets: one report each.
        biases: "filler" and "reversed", see :func:`serve.judge.biases.verdict_bias`.
        pairs: comparisons, None where they were left out.
    """

    judge: str
    calibration: Calibration
    sets: tuple[SetReport, ...]
    biases: dict[str, VerdictBias]
    pairs: PairFigures | None


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    arguments = _parser().parse_args(argv)
    exit_with(lambda: run(arguments))


def _parser() -> Parser:
    parser = Parser(prog="python -m serve.judge.calibrate", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--public", metavar="DIR", type=Path, required=True, help="folder of the labelled sets")
    add("--judge", default=LOCAL, metavar="SPEC", help="as of python -m serve.judge")
    add("--json", metavar="FILE", help="write the report")
    add("--limit", metavar="N", type=int, help="of each part the first N items only")
    add("--pairs", metavar="N", type=int, default=40, help="pairs to compare; 0 for none")
    add("--concurrency", metavar="N", type=int, default=16, help="questions to the judge at once")
    add("--cache", metavar="FILE", type=Path, help="of verdicts (default: in the data folder)")
    add("--device", default="auto", help="of the local judge (default: auto)")
    add("--write", action="store_true", help="remake CALIBRATION.md and calibration.json")
    return parser


def run(arguments: Namespace) -> None:
    """Measure, print and write.

    Raises:
        ValueError: wrong input.
        CommandFailed: a verdict could not be had.
        OSError: a file cannot be written.
    """
    check_writable(json=arguments.json)
    for name, least in (("limit", 1), ("pairs", 0), ("concurrency", 1)):
        if getattr(arguments, name) is not None and getattr(arguments, name) < least:
            raise ValueError(f"--{name} must be at least {least}, got {getattr(arguments, name)}")
    try:
        report = asyncio.run(_measure(arguments))
    except JudgeFailed as error:
        raise CommandFailed(f"the judge gave no verdict: {error}") from error
    text = page(report)
    print(text)
    data = msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"
    if arguments.json is not None:
        write_whole(Path(arguments.json), data)
    if arguments.write:
        kept = msgspec.json.format(msgspec.json.encode(report.calibration), indent=1) + b"\n"
        write_whole(FILE, kept)
        write_whole(PAGE, text.encode())


async def _measure(arguments: Namespace) -> CalibrationReport:
    cache = Cache(arguments.cache or default_judge_cache())
    made = make_judge(arguments.judge, device=arguments.device, calibrated=False)
    judge = CachedJudge(BoundedJudge(made, arguments.concurrency), cache)
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    try:
        with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
            task = bars.add_task("claims", total=None)
            return await measure(
                judge,
                arguments.public,
                arguments.limit,
                arguments.pairs,
                lambda: bars.advance(task),
            )
    finally:
        await judge.close()
        cache.close()


async def measure(
    judge: Judge,
    folder: Path,
    limit: int | None = None,
    n_pairs: int = 0,
    on_claim: Callable[[], None] = lambda: None,
    resamples: int = RESAMPLES,
) -> CalibrationReport:
    """Return how a judge agrees with people.

    Args:
        judge: gives raw probabilities and bounds itself.
        folder: of the public sets.
        limit: items of each part at most.
        n_pairs: pairs of answers to compare, 0 for none.
        on_claim: called after each verdict.
        resamples: draws behind each interval.

    Raises:
        ValueError: a set is not there, or a calibration part has labels of one kind only.
        JudgeFailed: a verdict could not be had.
    """
    found: dict[tuple[str, Part], list[Judged]] = {}
    for name in JUDGED:
        for part in ("calibration", "test"):
            found[name, part] = await judged(judge, folder, name, part, limit, on_claim)
    tuning = [item for name in FITTED_ON for item in found[name, "calibration"]]
    calibrations = {
        "calibrated, judge alone": fitted(tuning, ("logit",), judge.name),
        "calibrated": fitted(tuning, FEATURES, judge.name),
    }
    sets = tuple(
        set_report(name, found[name, "calibration"], found[name, "test"], calibrations, resamples)
        for name in JUDGED
    )
    every = [item for name in FITTED_ON for item in found[name, "test"][: N_SWAYED // 3]]
    raw_threshold = best_threshold([item.raw for item in tuning], [item.label for item in tuning])
    biases = {
        kind: await verdict_bias(judge, every, raw_threshold, kind)
        for kind in ("filler", "reversed")
    }
    pairs = await pair_figures(judge, folder, n_pairs) if n_pairs else None
    return CalibrationReport(judge.name, calibrations["calibrated"], sets, biases, pairs)


def fitted(items: Sequence[Judged], names: Sequence[str], judge: str) -> Calibration:
    """Return a calibration in which every set counts the same, with the threshold of best kappa.

    Raises:
        ValueError: labels of one kind only.
    """
    sizes = {name: sum(item.name == name for item in items) for name in {i.name for i in items}}
    weights = [len(items) / len(sizes) / sizes[item.name] for item in items]
    rows = [[item.features()[name] for name in names] for item in items]
    labels = [item.label for item in items]
    made = fit(rows, labels, weights, names, judge)
    scores = made.probabilities(rows).tolist()
    return msgspec.structs.replace(made, threshold=best_threshold(scores, labels, weights))


def set_report(
    name: str,
    tuning: Sequence[Judged],
    test: Sequence[Judged],
    calibrations: dict[str, Calibration],
    resamples: int,
) -> SetReport:
    """Return the agreement of each way to score a set's claims.

    Each way has the threshold of best kappa on the set's own calibration part; "as served" has the
    one threshold for all sets.

    Raises:
        ValueError: a part without items.
    """

    def calibrated(made: Calibration) -> Callable[[Sequence[Judged]], list[float]]:
        def scores(items: Sequence[Judged]) -> list[float]:
            rows = [[item.features()[name] for name in made.features] for item in items]
            found: list[float] = made.probabilities(rows).tolist()
            return found

        return scores

    ways: dict[str, Callable[[Sequence[Judged]], list[float]]] = {
        "judge": lambda items: [item.raw for item in items],
        **{way: calibrated(made) for way, made in calibrations.items()},
    }
    for way, score in BASELINES.items():
        ways[way] = lambda items, score=score: [score(item) for item in items]  # type: ignore[misc]
    if not tuning or not test:
        raise ValueError(f"{name}: its calibration or its test part has no items")
    labels, keys = [item.label for item in test], [item.key for item in test]
    own = [item.label for item in tuning]
    report = {
        way: agreement(score(test), labels, keys, best_threshold(score(tuning), own), resamples)
        for way, score in ways.items()
    }
    served = calibrations["calibrated"]
    report["as served"] = agreement(
        ways["calibrated"](test), labels, keys, served.threshold, resamples
    )
    return SetReport(name, len(tuning), sum(labels) / len(labels), report)


if __name__ == "__main__":
    main(sys.argv[1:])
