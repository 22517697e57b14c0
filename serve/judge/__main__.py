"""``python -m serve.judge``: judge a service or a file of answers; exit 1 below the gate."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import msgspec
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from minilora.atomic import write_whole
from minilora.command import CommandFailed, Parser, check_writable, exit_with
from minilora.encoder import load_encoder
from minilora.weights import DEFAULT_ENCODER
from serve.judge.ask import ask_service
from serve.judge.build import LOCAL, judge_adapter, judge_calibration, make_judge
from serve.judge.cache import Cache
from serve.judge.controls import N_CONTROLS
from serve.judge.gate import missed, parse_gate
from serve.judge.html_page import html_page
from serve.judge.report import Report, compare, read_report
from serve.judge.run import judge_suite
from serve.judge.scorer import DEFAULT, JUDGED
from serve.judge.similarity import Similarity
from serve.judge.suite import AnswerLine, Case, read_answers, read_suite
from serve.judge.table import lines, table
from serve.judge.to_phoenix import send_scores
from serve.phoenix import Phoenix
from serve.settings import default_judge_cache

ASK_TIMEOUT_S = 300.0
REPORT = "report.json"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    arguments = _parser().parse_args(argv)
    exit_with(lambda: run(arguments))


def _parser() -> Parser:
    parser = Parser(prog="python -m serve.judge", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--suite", metavar="FILE", type=Path, required=True, help="JSON lines of cases")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--url", help="of a running service, which is asked every question")
    source.add_argument(
        "--answers", metavar="FILE", type=Path, help="JSON lines of answers, such as --out keeps"
    )
    add(
        "--judge",
        default=LOCAL,
        metavar="SPEC",
        help="local, URL#MODEL of an OpenAI-compatible API, or several that vote (default: local)",
    )
    add(
        "--metrics",
        default=",".join(DEFAULT),
        help=f"of {', '.join(JUDGED)} (default: %(default)s)",
    )
    add("--gate", metavar="NAME=SHARE[,...]", help="least means; exit 1 where one is missed")
    add(
        "--baseline", metavar="FILE", type=Path, help="earlier report.json (default: that in --out)"
    )
    add("--json", metavar="FILE", help="write the report")
    add("--out", metavar="DIR", type=Path, help="write report.json, report.html, answers.jsonl")
    add("--limit", metavar="N", type=int, help="judge the first N cases only")
    add(
        "--controls",
        metavar="N",
        type=int,
        default=N_CONTROLS,
        help="known-true claims that check the judge, and as many false (default: %(default)s)",
    )
    add(
        "--concurrency",
        metavar="N",
        type=int,
        default=8,
        help="questions to the judge at once (default: %(default)s)",
    )
    add(
        "--retries",
        metavar="N",
        type=int,
        default=1,
        help="further tries where the judge fails (default: %(default)s)",
    )
    add("--cache", metavar="FILE", type=Path, help="of verdicts (default: in the data folder)")
    add("--device", default="auto", help="of the local judge (default: auto)")
    add("--key-file", metavar="FILE", type=Path, help="holds the API key of the service")
    add("--judge-key-file", metavar="FILE", type=Path, help="holds the API key of the judge")
    add("--phoenix", metavar="URL", help="Phoenix that gets the scores")
    add("--phoenix-project", default="minilora", help="(default: minilora)")
    return parser


def run(arguments: Namespace) -> None:
    """Judge, print, write.

    Raises:
        ValueError: wrong input.
        CommandFailed: the gate is missed.
        OSError: service, Phoenix or a file cannot be reached.
    """
    check_writable(json=arguments.json)
    gate = parse_gate(arguments.gate) if arguments.gate is not None else {}
    wanted = [name.strip() for name in arguments.metrics.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in JUDGED]:
        raise ValueError(f"--metrics: no metric {unknown[0]!r}; there are {', '.join(JUDGED)}")
    for name in ("limit", "controls", "concurrency"):
        if getattr(arguments, name) is not None and getattr(arguments, name) < 1:
            raise ValueError(f"--{name} must be at least 1, got {getattr(arguments, name)}")
    cases = read_suite(arguments.suite)[: arguments.limit]
    earlier = _earlier(arguments)
    report, answers = asyncio.run(_judge(arguments, cases, wanted))
    if earlier is not None:
        report = msgspec.structs.replace(report, changes=compare(earlier, report.cases))
    Console().print(table(report))
    for line in lines(report):
        print(line)
    _write(arguments, report, answers)
    if arguments.phoenix is not None:
        _send(arguments, report)
    if arguments.gate is not None:
        below = missed(report, gate)
        for line in below:
            print(f"below the gate: {line}")
        if below:
            raise CommandFailed(f"{len(below)} of the gate's conditions are missed")
        print("the gate is passed")


async def _judge(
    arguments: Namespace, cases: Sequence[Case], wanted: Sequence[str]
) -> tuple[Report, Mapping[str, AnswerLine]]:
    judge = make_judge(arguments.judge, _key(arguments.judge_key_file), arguments.device)
    cache = Cache(arguments.cache or default_judge_cache())
    similarity = Similarity(DEFAULT_ENCODER, lambda: load_encoder(DEFAULT_ENCODER, "cpu"), cache)
    console = Console(stderr=True)
    if LOCAL in arguments.judge.split(",") and judge_adapter() is None:
        console.print("warning: there is no adapter judge: the cross-encoder judges alone")
    if LOCAL in arguments.judge.split(",") and judge_calibration() is None:
        console.print("warning: the local judge is not calibrated: python -m serve.judge.calibrate")
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
            if arguments.answers is not None:
                answers = read_answers(arguments.answers, cases)
            else:
                asked = bars.add_task("asked", total=len(cases))
                async with httpx.AsyncClient(
                    base_url=arguments.url,
                    headers=_authorization(_key(arguments.key_file)),
                    timeout=ASK_TIMEOUT_S,
                ) as client:
                    found = await ask_service(
                        cases, client, on_answer=lambda _: bars.advance(asked)
                    )
                answers = {line.id: line for line in found}
            judged = bars.add_task("judged", total=len(cases))
            report = await judge_suite(
                cases,
                {id_: line.answered() for id_, line in answers.items()},
                judge,
                similarity,
                cache=cache,
                wanted=wanted,
                n_controls=arguments.controls,
                concurrency=arguments.concurrency,
                retries=arguments.retries,
                on_case=lambda _: bars.advance(judged),
            )
    finally:
        await judge.close()
        cache.close()
    return report, answers


def _earlier(arguments: Namespace) -> Report | None:
    """Return the report to compare with: the one named, or the last one of the folder."""
    if arguments.baseline is not None:
        return read_report(arguments.baseline)
    if arguments.out is not None and (arguments.out / REPORT).is_file():
        return read_report(arguments.out / REPORT)
    return None


def _write(arguments: Namespace, report: Report, answers: Mapping[str, AnswerLine]) -> None:
    data = msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"
    if arguments.json is not None:
        write_whole(Path(arguments.json), data)
    if arguments.out is not None:
        arguments.out.mkdir(parents=True, exist_ok=True)
        kept = b"".join(msgspec.json.encode(line) + b"\n" for line in answers.values())
        write_whole(arguments.out / REPORT, data)
        write_whole(arguments.out / "report.html", html_page(report).encode("utf-8", "replace"))
        write_whole(arguments.out / "answers.jsonl", kept)
        print(f"written: {arguments.out / 'report.html'}")


def _send(arguments: Namespace, report: Report) -> None:
    phoenix = Phoenix(arguments.phoenix)
    try:
        sent, missing = send_scores(phoenix, arguments.phoenix_project, report.cases)
    except httpx.HTTPError as error:
        raise CommandFailed(f"Phoenix did not take the scores: {error}") from error
    finally:
        phoenix.close()
    print(f"Phoenix: scores of {sent} traces sent, {missing} traces not there")


def _key(path: Path | None) -> str | None:
    return path.read_text("utf-8").strip() if path is not None else None


def _authorization(key: str | None) -> dict[str, str]:
    return {} if key is None else {"Authorization": f"Bearer {key}"}


if __name__ == "__main__":
    main(sys.argv[1:])
