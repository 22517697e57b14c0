"""Write the curated dataset as JSON lines, one file a split, and print what it holds."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from minilora.command import Parser, exit_with, write_json
from minilora.data.card import CARD, card_text, counted
from minilora.data.files import write_rows
from minilora.data.generator import MAX_TOOLS
from minilora.data.rows import JsonObject, Row
from minilora.data.splits import STRUCTURED_SHARE, TRAIN_ROWS, build


def parse() -> argparse.Namespace:
    """Return the parsed command line."""
    parser = Parser(prog="python -m minilora.data", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for SPLIT.jsonl")
    parser.add_argument("--seed", type=int, default=0, help="of all choices (default: 0)")
    parser.add_argument(
        "--train-rows",
        type=int,
        default=TRAIN_ROWS,
        help=f"rows for training (default: {TRAIN_ROWS})",
    )
    parser.add_argument(
        "--structured-share",
        type=float,
        default=STRUCTURED_SHARE,
        help=f"share of structured tasks in training, 0 to 1 (default: {STRUCTURED_SHARE})",
    )
    parser.add_argument(
        "--max-tools",
        type=int,
        default=MAX_TOOLS,
        help=f"most tools that an action row of training shows (default: {MAX_TOOLS})",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the counts as JSON too")
    parser.add_argument("--card", action="store_true", help="remake minilora/data/CARD.md")
    return parser.parse_args()


def run(options: argparse.Namespace) -> None:
    """Build the splits, write them and print the table."""
    splits = build(
        options.seed,
        options.train_rows,
        structured_share=options.structured_share,
        max_tools=options.max_tools,
    )
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in splits.items():
        write_rows(options.out / f"{name}.jsonl", rows)
    facts = counted(splits)
    write_json(options.json, facts)
    if options.card:
        CARD.write_text(card_text(splits, options.seed), encoding="utf-8")
    Console().print(counts_table(facts, splits))


def counts_table(facts: JsonObject, splits: Mapping[str, Sequence[Row]]) -> Table:
    """Return the counts of every split as a table."""
    tools = facts["tools"]
    table = Table(title=f"{tools['tools']} tools in {tools['domains']} domains")
    for column in ("split", "rows", "groups", "no tool fits", "names asked for", "tasks"):
        table.add_column(column, justify="left" if column in ("split", "tasks") else "right")
    for name in splits:
        one = facts["splits"][name]
        share = "-" if one["no_tool_share"] is None else f"{one['no_tool_share']:.1%}"
        tasks = ", ".join(f"{task} {count}" for task, count in one["tasks"].items())
        table.add_row(
            name, str(one["rows"]), str(one["groups"]), share, str(one["tools_asked_for"]), tasks
        )
    return table


if __name__ == "__main__":
    parsed = parse()
    exit_with(lambda: run(parsed))
