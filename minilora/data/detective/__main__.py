"""Write the Data Detective's training rows as JSON lines, one file a split, and count them.

Without --public the rows are about invented subjects alone.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from minilora.batches import BatchPlan, encode_rows
from minilora.chat import Tokenizer
from minilora.command import Parser, exit_with, write_json
from minilora.data.detective.build import HELD_OUT_ROWS, ROWS, SPLITS, build, load_public
from minilora.data.files import write_rows
from minilora.data.rows import JsonObject, Row
from minilora.weights import DEFAULT_MODEL, resolve

STEP_TOKENS = 2400  # of a batch, where tokens are counted as training would compute them


def parse() -> argparse.Namespace:
    """Return the parsed command line."""
    parser = Parser(prog="python -m minilora.data.detective", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for SPLIT.jsonl")
    parser.add_argument(
        "--public",
        type=Path,
        metavar="DIR",
        help="folder that holds squad2/, xquad_en/, nq_open/ and clinc_oos/ (default: none)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of all choices (default: 0)")
    parser.add_argument(
        "--rows", type=int, default=ROWS, help=f"rows for training, about (default: {ROWS})"
    )
    parser.add_argument(
        "--count-tokens",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=f"count tokens as {DEFAULT_MODEL} reads them (fetches it where it is not at hand)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the counts as JSON too")
    return parser.parse_args()


def run(options: argparse.Namespace) -> None:
    """Build the splits, write them and print the table."""
    tokenizer = None
    if options.count_tokens:
        tokenizer = Tokenizer.from_path(resolve(DEFAULT_MODEL).tokenizer_path)
    options.out.mkdir(parents=True, exist_ok=True)
    facts: JsonObject = {}
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("rows", total=len(SPLITS))
        for split in SPLITS:
            progress.update(bar, description=split)
            found = load_public(options.public, split) if options.public else None
            wanted = HELD_OUT_ROWS.get(split, options.rows)
            rows = build(split, wanted, options.seed, found)
            write_rows(options.out / f"{split}.jsonl", rows)
            facts[split] = {
                step: counted([row for row in rows if row.task == step], tokenizer)
                for step in ("read", "route", "verify")
            }
            progress.advance(bar)
    write_json(options.json, facts)
    Console().print(table(facts))


def counted(rows: Sequence[Row], tokenizer: Tokenizer | None) -> JsonObject:
    """Return how many rows, groups, answers of each kind and tokens there are."""
    found: JsonObject = {
        "rows": len(rows),
        "groups": len({row.group for row in rows}),
        "answers": dict(sorted(Counter(map(decision, rows)).items())),
    }
    if tokenizer is not None:
        examples = encode_rows(rows, tokenizer, STEP_TOKENS)
        plan = BatchPlan(examples, STEP_TOKENS, 16, 0)
        batches = sum(1 for _ in plan.epoch(0))
        found["tokens"] = round(plan.tokens_a_step() * batches)
        found["trained_tokens"] = sum(len(example.completion) for example in examples)
        found["longest"] = max(map(len, examples))
    return found


def decision(row: Row) -> str:
    """Return what a row decides: the route, whether it is answered, or the verdict."""
    if row.task == "read":
        return "answered" if row.answer["answered"] else "not answered"
    return str(row.answer["route" if row.task == "route" else "verdict"])


def table(facts: JsonObject) -> Table:
    """Return the counts of every split and step as a table."""
    shown = Table(title="Rows of the Data Detective")
    for column in ("split", "step", "rows", "groups", "tokens", "trained", "longest", "answers"):
        shown.add_column(
            column, justify="left" if column in ("split", "step", "answers") else "right"
        )
    for split, steps in facts.items():
        for step, one in steps.items():
            answers = ", ".join(f"{name} {count}" for name, count in one["answers"].items())
            numbers = [one["rows"], one["groups"]]
            numbers += [one.get(key, "-") for key in ("tokens", "trained_tokens", "longest")]
            shown.add_row(split, step, *map(str, numbers), answers)
    return shown


if __name__ == "__main__":
    parsed = parse()
    exit_with(lambda: run(parsed))
