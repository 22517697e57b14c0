"""``python -m serve.detective.evaluate``: ask a suite of questions and check every reply.

Without --url it starts a server of its own on an empty folder, and beside it a MediaWiki on
loopback with the pages of the samples, so that nothing depends on today's Wikipedia. An answer is
right where the words of an accepted one stand in its short answer in a row, without regard to case,
punctuation, articles and the commas of thousands. With --squad it asks rows of SQuAD's form
instead, each of the document made of its article, and reports exact match and F1.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from minilora.command import Parser, check_writable, exit_with, write_json
from minilora.report import TABLE_WIDTH, environment
from serve.detective.evaluate import report, squad, suite
from serve.detective.evaluate.client import Client, connected, own_server
from serve.detective.samples import QUESTIONS, WIKI
from serve.judge.suite import read_suite


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    arguments = _parser().parse_args(argv)
    exit_with(lambda: asyncio.run(run(arguments)))


def _parser() -> Parser:
    parser = Parser(prog="python -m serve.detective.evaluate", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--suite",
        type=Path,
        default=QUESTIONS,
        metavar="FILE",
        help="JSON lines of questions, their documents beside it (default: the sample report's)",
    )
    what.add_argument("--squad", type=Path, metavar="FILE", help="JSON lines of SQuAD's form")
    parser.add_argument(
        "--split",
        choices=("test", "validation", "train", "all"),
        default="test",
        help="articles of --squad, split as for training (default: test)",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="questions, drawn (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (default: 0)")
    parser.add_argument("--url", help="of a running server (default: starts its own)")
    parser.add_argument("--key", help="API key for --url")
    parser.add_argument("--no-wiki", action="store_true", help="the own server asks no wiki")
    parser.add_argument("--json", metavar="FILE", help="write a report with every wrong answer")
    return parser


async def run(arguments: argparse.Namespace) -> None:
    """Carry out the command.

    Raises:
        ValueError, OSError: wrong input.
        CommandFailed: the server cannot be used.
    """
    check_writable(json=arguments.json)
    if arguments.limit is not None and arguments.limit < 1:
        raise ValueError(f"--limit must be at least 1, got {arguments.limit}")
    measured = await (_squad if arguments.squad is not None else _suite)(arguments)
    write_json(arguments.json, measured | environment())


async def _suite(arguments: argparse.Namespace) -> dict[str, Any]:
    cases = suite.drawn(read_suite(arguments.suite), arguments.limit, arguments.seed)
    wiki = None if arguments.no_wiki else WIKI

    async def work(client: Client) -> list[report.Asked]:
        documents = await suite.upload_documents(client, cases, arguments.suite.parent)
        with _progress() as bars:
            bar = bars.add_task("asking", total=len(cases))

            def told(one: report.Asked) -> None:
                bars.advance(bar)
                verdict = one.error or ", ".join(one.checks.wrong) or "right"
                bars.console.print(f"{one.case.id}: {verdict}", markup=False)

            return await suite.ask_all(client, cases, documents, told)

    if arguments.url is not None:
        async with connected(arguments.url, arguments.key) as client:
            asked = await work(client)
    else:
        async with own_server(wiki) as client:
            asked = await work(client)
    measured = report.to_json(asked)
    _show(report.table(asked))
    _print_cost(measured)
    return {"suite": str(arguments.suite), **measured}


async def _squad(arguments: argparse.Namespace) -> dict[str, Any]:
    rows = squad.read_rows(arguments.squad, arguments.split)
    chosen = squad.sample(rows, arguments.limit, arguments.seed)
    texts = squad.articles(rows)

    async def work(client: Client) -> list[squad.Scored]:
        with _progress() as bars:
            bar = bars.add_task("asking", total=len(chosen))
            return await squad.ask_rows(client, chosen, texts, lambda one: bars.advance(bar))

    if arguments.url is not None:
        async with connected(arguments.url, arguments.key) as client:
            scored = await work(client)
    else:
        async with own_server(None, ["--no-sample-document"]) as client:
            scored = await work(client)
    measured = squad.summary(scored)
    print("| questions | n | exact match | F1 | refused |\n|---|---|---|---|---|")
    for name, part in measured["parts"].items():
        low, high = part["exact_match_ci95"]
        f1_low, f1_high = part["f1_ci95"]
        print(
            f"| {name} | {part['n']} | {part['exact_match']:.3f} ({low:.3f}-{high:.3f}) "
            f"| {part['f1']:.3f} ({f1_low:.3f}-{f1_high:.3f}) | {part['refused']:.3f} |"
        )
    _print_cost(measured)
    return {"squad": str(arguments.squad), "split": arguments.split, **measured}


def _print_cost(measured: dict[str, Any]) -> None:
    if "latency_p50_s" in measured:
        print(
            f"latency p50 {measured['latency_p50_s']:.2f} s, p95 {measured['latency_p95_s']:.2f} s;"
            f" a question: {measured['model_calls_mean']:.1f} calls of {measured['model']}, "
            f"{measured['prompt_tokens_mean']:.0f} prompt and "
            f"{measured['completion_tokens_mean']:.0f} completion tokens"
        )
    if measured["n_errors"]:
        print(f"{measured['n_errors']} questions got no reply")
    if measured["n_with_failed_steps"]:
        print(f"{measured['n_with_failed_steps']} replies had a step that failed")


def _progress() -> Progress:
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def _show(table: Any) -> None:
    console = Console(markup=False)
    console.width = console.width if console.is_terminal else TABLE_WIDTH + 40
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
