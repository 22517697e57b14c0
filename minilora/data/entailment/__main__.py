"""Write the judge's rows as JSON lines: train, validation and test."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from minilora.command import Parser, exit_with
from minilora.data.entailment.build import build
from minilora.data.files import write_rows


def parse() -> argparse.Namespace:
    """Return the parsed command line."""
    parser = Parser(prog="python -m minilora.data.entailment", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for SPLIT.jsonl")
    parser.add_argument("--public", type=Path, help="folder of the public sets (default: none)")
    parser.add_argument("--seed", type=int, default=0, help="of all choices (default: 0)")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="how many made passages to train on (default: 1)"
    )
    return parser.parse_args()


def run(options: argparse.Namespace) -> None:
    """Build the rows, write them and print how many there are."""
    parts = build(options.seed, options.public, scale=options.scale)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in parts.items():
        write_rows(options.out / f"{name}.jsonl", rows)
        verdicts = Counter(row.answer["verdict"] for row in rows)
        groups = len({row.group for row in rows})
        shares = ", ".join(f"{verdict} {count}" for verdict, count in sorted(verdicts.items()))
        print(f"{name}: {len(rows)} rows on {groups} sources: {shares}")


if __name__ == "__main__":
    parsed = parse()
    exit_with(lambda: run(parsed))
