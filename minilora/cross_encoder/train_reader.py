"""Train a reader: ``python -m minilora.cross_encoder.train_reader --data ROWS.jsonl,...``.

A step takes the questions of a batch, each with all its passages, and lowers

    loss = -mean over questions of (log P_begin(t*) + log P_end(u*)) / 2

where t* and u* are the first and last piece of the answer, or "nowhere" (:mod:`.reader`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from torch import Tensor

from minilora.command import Parser, add_flags, exit_with, from_flags
from minilora.cross_encoder.fitting import Example, FitConfig, fit, fresh, write_json_file
from minilora.cross_encoder.folder import save_cross_encoder
from minilora.cross_encoder.model import Pairs
from minilora.cross_encoder.read_rows import Asked, read_rows
from minilora.cross_encoder.reader import Reader, logits_of, normalised
from minilora.cross_encoder.reader_figures import Figures, figures, measure


def example(one: Asked, pairs: Pairs) -> Example | None:
    """Return a question as word pieces; None where its answer lies beyond what is read.

    The target is passage, first and last piece of the answer, or None for "nowhere".
    """
    made = tuple(pairs.make(one.question, passage) for passage in one.passages)
    if one.answer is None:
        return Example(made, None)
    place = one.answer
    hit = [
        i
        for i, (start, end) in enumerate(made[place.passage].offsets)
        if end > place.start and start < place.end
    ]
    return Example(made, (place.passage, hit[0], hit[-1])) if hit else None


def loss_of(example: Example, scores: Sequence[Tensor]) -> Tensor:
    """Return -(log P_begin + log P_end) / 2 of the answer, or of "nowhere"."""
    logits = [logits_of(*one) for one in zip(example.pairs, scores, strict=True)]
    begin, end = normalised(logits)
    if example.target is None:
        return -(begin[-1] + end[-1]) / 2
    passage, first, last = example.target
    before = sum(len(one.begin) for one in logits[:passage])
    return -(begin[before + first] + end[before + last]) / 2


def train(config: FitConfig) -> None:
    """Train a reader and write it to ``config.out``, with its figures.

    Raises:
        DataError: a file holds no rows of the reading step, or wrong ones.
        FileNotFoundError: no such file.
    """
    model, pairs = fresh(config)
    reader = Reader(model, pairs)
    made = [example(one, pairs) for one in read_rows(config.data)]
    examples = [one for one in made if one is not None]
    held_out = {
        name: read_rows(file)
        for name, file in (("validation", config.validation), ("test", config.test))
        if file
    }
    print(f"{len(examples)} questions; {len(made) - len(examples)} answers beyond what is read")
    validated = None
    if "validation" in held_out:
        rows = held_out["validation"]
        validated = lambda: figures(measure(reader, rows)).line()  # noqa: E731
    seconds = fit(model, examples, loss_of, config, validated)
    report: dict[str, object] = {"train_s": round(seconds, 1), "questions": len(examples)}
    for name, rows in held_out.items():
        found = figures(measure(reader, rows))
        report[name] = asdict(found)
        Console().print(table(name, found))
    out = Path(config.out)
    save_cross_encoder(model, out, config.encoder)
    write_json_file(out / "train_config.json", asdict(config))
    write_json_file(out / "report.json", report)


def table(name: str, found: Figures) -> Table:
    """Return figures as a table."""
    shown = Table(title=f"Reader, {name}")
    for column in ("questions", "right sentence", "exact match", "F1", "AUC of answered"):
        shown.add_column(column, justify="right")
    shown.add_row(*found.cells())
    return shown


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(prog="python -m minilora.cross_encoder.train_reader", description=__doc__)
    add_flags(parser, FitConfig)
    arguments = parser.parse_args(argv)
    exit_with(lambda: train(from_flags(FitConfig, arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
