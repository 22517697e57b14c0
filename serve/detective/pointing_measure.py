"""``python -m serve.detective.pointing_measure``: what :mod:`.pointing` is set by.

On rows of the reading step that nothing was trained on: how often the best sentence is the right
one, and its span the right words, by the weight of nearness; then the logistic regression for
P(answered), fitted on the first file and measured on the second.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from minilora.command import Parser, exit_with
from minilora.cross_encoder.folder import READER
from minilora.cross_encoder.read_rows import Asked, read_rows
from minilora.cross_encoder.reader import Reader, load_reader
from minilora.cross_encoder.reader_figures import Figures, figures, read_of
from minilora.encoder import Encoder, load_encoder
from minilora.weights import DEFAULT_ENCODER
from serve.detective.pointing import Pointed, point
from serve.judge.calibration import fit

WEIGHTS = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 16.0)

Pointings = list[tuple[Asked, list[Pointed]]]


def pointings(reader: Reader, encoder: Encoder, rows: Sequence[Asked]) -> Pointings:
    """Return each question with its sentences."""
    return [(one, point(reader, encoder, one.question, one.passages)) for one in rows]


def chosen(made: Pointings, weight: float) -> Figures:
    """Return the figures of choosing with a weight of nearness."""
    reads = []
    for one, sentences in made:
        best = max(sentences, key=lambda s: (s.fits, s.beside, s.found.margin + weight * s.near))
        reads.append(read_of(one, best.found.place, best.found.text, best.answered))
    return figures(reads)


def measure(reader: Reader, encoder: Encoder, tuning: list[Asked], test: list[Asked]) -> None:
    """Print both tables."""
    console = Console()
    parts = {
        "tuning": pointings(reader, encoder, tuning),
        "test": pointings(reader, encoder, test),
    }
    for name, made in parts.items():
        table = Table(title=f"{name}: {len(made)} questions")
        for column in ("weight of nearness", "questions", "sentence", "exact", "F1", "AUC"):
            table.add_column(column, justify="right")
        for weight in WEIGHTS:
            table.add_row(f"{weight:g}", *chosen(made, weight).cells())
        console.print(table)
    rows, labels = _features(parts["tuning"])
    calibration = fit(rows, labels, [1.0] * len(rows), ("margin", "near"), "reader")
    slopes = [w / d for w, d in zip(calibration.weights, calibration.deviations, strict=True)]
    bias = calibration.bias - sum(s * m for s, m in zip(slopes, calibration.means, strict=True))
    print("MARGIN, NEAR, BIAS =", ", ".join(f"{n:.3f}" for n in (*slopes, bias)))
    for name, made in parts.items():
        rows, labels = _features(made)
        likely = calibration.probabilities(rows) >= 0.5
        said = [bool(a) for a, label in zip(likely, labels, strict=True) if label]
        unsaid = [not a for a, label in zip(likely, labels, strict=True) if not label]
        print(
            f"{name}: {sum(said)}/{len(said)} that are said are answered, "
            f"{sum(unsaid)}/{len(unsaid)} that are not are refused"
        )


def _features(made: Pointings) -> tuple[list[list[float]], list[bool]]:
    best = [found[0] for _, found in made]
    rows = [[one.found.margin, one.near] for one in best]
    return rows, [one.answer is not None for one, _ in made]


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    parser = Parser(prog="python -m serve.detective.pointing_measure", description=__doc__)
    parser.add_argument("--tuning", required=True, metavar="FILES", help="rows, with commas")
    parser.add_argument("--test", required=True, metavar="FILES", help="rows, with commas")
    parser.add_argument("--reader", type=Path, default=READER, metavar="DIR", help="of the reader")
    arguments = parser.parse_args(argv)

    def work() -> None:
        encoder = load_encoder(DEFAULT_ENCODER)
        reader = load_reader(arguments.reader, encoder)
        measure(reader, encoder, read_rows(arguments.tuning), read_rows(arguments.test))

    exit_with(work)


if __name__ == "__main__":
    main(sys.argv[1:])
