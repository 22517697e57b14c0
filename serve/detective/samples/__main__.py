"""``python -m serve.detective.samples``: make the sample report's PDF anew from its text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from minilora.atomic import write_whole
from minilora.command import Parser, exit_with
from serve.detective.samples import SAMPLE
from serve.detective.samples.typeset import typeset

SOURCE = SAMPLE.with_suffix(".md")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    parser = Parser(prog="python -m serve.detective.samples", description=__doc__)
    parser.add_argument(
        "--source", type=Path, default=SOURCE, metavar="FILE", help="(default: the report's text)"
    )
    parser.add_argument(
        "--out", type=Path, default=SAMPLE, metavar="FILE", help="(default: the report)"
    )
    arguments = parser.parse_args(argv)

    def work() -> None:
        data = typeset(arguments.source.read_text("utf-8"))
        write_whole(arguments.out, data)
        print(f"{arguments.out}: {len(data)} bytes")

    exit_with(work)


if __name__ == "__main__":
    main()
