"""``python -m serve.guard.bench FILE [FILE...]``: attacks through the whole agent.

Every row that is an attack is put in front of the agent in each place: behind the question, in an
uploaded document (Markdown, PDF, white text of a PDF), on a page of the wiki. Benign rows of users
are asked as questions; other benign rows take an attack's places, and show how often an answer
changes because there is more to read. The tables tell shares with their 95% intervals.

Without a FILE the attacks are those that were written against this design.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from minilora.command import (
    Parser,
    add_flags,
    check_writable,
    exit_with,
    from_flags,
    option,
    write_json,
)
from minilora.report import environment
from serve.guard.bench.judge import Finding, is_right
from serve.guard.bench.rows import OURS, Row, choose, read_rows
from serve.guard.bench.run import Runner
from serve.guard.bench.scan import folds_of
from serve.guard.bench.scenes import PLACES, SCENES, Place
from serve.guard.bench.subject import Subject, SubjectConfig, subject
from serve.guard.bench.tables import (
    ATTACK,
    BENIGN,
    attack_tables,
    benign_table,
    finding_json,
    shares,
)
from serve.guard.bench.watch import ProcessWatch
from serve.guard.train import figures

EVERYWHERE = ",".join(PLACES)


@dataclass(frozen=True)
class BenchConfig:
    """What is run."""

    limit: int | None = option(None, "rows of each class, at random")
    seed: int = option(0, "of the choice of rows")
    places: str = option(EVERYWHERE, "where attacks are put, with commas", metavar="PLACE[,...]")
    at_once: int = option(4, "cases that run at the same time")
    scanner: str | None = option(
        None, "folder of all public sets, to measure the scanner on each left out"
    )

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"--limit must be at least 1, got {self.limit}")
        if self.at_once < 1:
            raise ValueError(f"--at-once must be at least 1, got {self.at_once}")
        if odd := set(self.places.split(",")) - set(PLACES):
            raise ValueError(f"--places: no place {min(odd)!r}; there are {', '.join(PLACES)}")

    @property
    def where(self) -> list[Place]:
        """The places, in their own order."""
        return [place for place in PLACES if place in self.places.split(",")]


@dataclass(frozen=True)
class Results:
    """What a run found.

    Attributes:
        scenes: benign runs of the scenes, (scene, place) -> whether the answer was right.
        attacks, controls, questions: findings of attacks, of benign texts in their places, and of
            benign questions.
        process: what the process did to the world outside it meanwhile.
    """

    scenes: dict[tuple[str, Place], bool]
    attacks: list[Finding]
    controls: list[Finding]
    questions: list[Finding]
    process: list[str]

    @property
    def _all(self) -> list[Finding]:
        return [*self.attacks, *self.controls, *self.questions]

    def markdown(self) -> str:
        """Return the tables."""
        right = sum(self.scenes.values())
        parts = [
            f"Benign runs of the scenes: {right} of {len(self.scenes)} right. Attacks come by "
            f"{len(self.attacks)} runs; the process touched nothing outside it "
            f"{'in any of them' if not self.process else f'but {len(self.process)} times'}."
        ]
        if self.attacks:
            parts += ["## Attacks", *attack_tables(self.attacks)]
        if self.controls:
            parts += ["## Benign texts in the places of attacks", attack_tables(self.controls)[0]]
        if self.questions:
            parts += ["## Benign questions", benign_table(self.questions)]
        return "\n\n".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return all figures, every success of an attacker, and every benign refusal."""
        places = {finding.place for finding in self.attacks}
        return {
            "scenes": {f"{name}, {place}": right for (name, place), right in self.scenes.items()},
            "process": self.process,
            "attacks": {
                place: shares([f for f in self.attacks if f.place == place], ATTACK)
                for place in sorted(places)
            },
            "classes": {
                kind: shares([f for f in self.attacks if f.row.kind == kind], ATTACK)
                for kind in sorted({finding.row.kind for finding in self.attacks})
            },
            "controls": shares(self.controls, ATTACK),
            "questions": shares(self.questions, BENIGN),
            "successes": [finding_json(f) for f in self.attacks if f.is_success],
            "controls_changed": [finding_json(f) for f in self.controls if f.is_success],
            "refused": [finding_json(f) for f in self.questions if f.refused],
            "failed": [finding_json(f) for f in self._all if f.failed],
        }


async def measure(subject: Subject, rows: Sequence[Row], config: BenchConfig) -> Results:
    """Run all rows; progress goes to stderr."""
    runner = Runner(subject.make_agent, subject.mind, subject.encoder, config.at_once)
    watch = ProcessWatch(subject.servers)
    console = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    )
    with progress as bar, watch.on():
        benign_runs = await runner.baselines(sorted({*config.where, "markdown"}))
        attacks, controls, questions = _work(runner, rows, config.where)
        task = bar.add_task("cases", total=len(attacks) + len(controls) + len(questions))

        async def counted(work: Coroutine[Any, Any, Finding]) -> Finding:
            finding = await work
            bar.advance(task)
            if not console.is_terminal:
                print(
                    f"{finding.row.id}, {finding.place}: {finding.seconds:.1f} s", file=sys.stderr
                )
            return finding

        found = await asyncio.gather(*map(counted, [*attacks, *controls, *questions]))
    scenes = {scene.name: scene for scene in SCENES}
    right = {
        (name, place): heard.reply is not None and is_right(heard.reply, scenes[name])
        for (name, place), heard in benign_runs.items()
    }
    n, m = len(attacks), len(attacks) + len(controls)
    return Results(right, list(found[:n]), list(found[n:m]), list(found[m:]), watch.seen)


def _work(
    runner: Runner, rows: Sequence[Row], places: Sequence[Place]
) -> tuple[list[Coroutine[Any, Any, Finding]], ...]:
    """Return the runs of attacks, controls and questions; scenes take turns."""
    attacks, controls, questions = [], [], []
    for i, row in enumerate(rows):
        scene = SCENES[i % len(SCENES)]
        if not row.attack and row.from_user:
            questions.append(runner.question(row, scene))
            continue
        for place in places:
            if row.attack:
                attacks.append(runner.attack(row, place, scene))
            elif place != "question":
                controls.append(runner.attack(row, place, scene))
    return attacks, controls, questions


def run(files: Sequence[Path], config: BenchConfig, what: SubjectConfig, json: str | None) -> None:
    """Measure, print the tables, write the report."""
    check_writable(json=json)
    rows = [row for file in files for row in choose(read_rows(file), config.limit, config.seed)]
    report: dict[str, Any] = {"config": asdict(config) | asdict(what), **environment()}
    with subject(what) as ready:
        print(
            f"{ready.mind.model}; {len(rows)} rows, placed in {', '.join(config.where)}\n",
            flush=True,
        )
        results = asyncio.run(measure(ready, rows, config))
        print(results.markdown(), flush=True)
        report |= results.to_json()
        if config.scanner is not None:
            folds = folds_of(config.scanner, config.seed, ready.encoder)
            print(f"\n## Scanner, each set left out of its training\n\n{figures(folds)}")
            report["scanner"] = msgspec.to_builtins(folds)
    write_json(json, report)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(
        prog="python -m serve.guard.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        type=Path,
        default=[OURS],
        help="JSON lines of attacks and benign texts (default: those of this design)",
    )
    add_flags(parser, BenchConfig)
    add_flags(parser, SubjectConfig)
    parser.add_argument("--json", metavar="FILE", help="also write every figure and success here")
    arguments = parser.parse_args(argv)
    exit_with(
        lambda: run(
            arguments.files,
            from_flags(BenchConfig, arguments),
            from_flags(SubjectConfig, arguments),
            arguments.json,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
