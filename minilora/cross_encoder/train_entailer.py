"""Train an entailment model: ``python -m minilora.cross_encoder.train_entailer --data ROWS.jsonl``.

A step lowers -log P(right verdict) over a batch of claims (:mod:`.entailer`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from minilora.command import Parser, add_flags, exit_with, from_flags
from minilora.cross_encoder.entailer import Claimed, Entailer, logits_of, read_claims
from minilora.cross_encoder.fitting import Example, FitConfig, fit, fresh, write_json_file
from minilora.cross_encoder.folder import save_cross_encoder
from minilora.data.entailment.steps import VERDICTS

BATCH = 32  # claims measured at once


@dataclass(frozen=True)
class Figures:
    """Of claims held out.

    Attributes:
        n: how many.
        right: share whose likeliest verdict is the right one.
        recall: verdict -> share of its claims that got it; nan where there are none.
    """

    n: int
    right: float
    recall: dict[str, float]

    def line(self) -> str:
        """Return the figures as one line."""
        each = ", ".join(f"{name} {100 * share:.0f}%" for name, share in self.recall.items())
        return f"{self.n} claims: {100 * self.right:.1f}% right ({each})"


def loss_of(example: Example, scores: Sequence[Tensor]) -> Tensor:
    """Return -log P(right verdict)."""
    return -logits_of(scores[0]).log_softmax(0)[example.target]


@torch.no_grad()
def measure(entailer: Entailer, claims: Sequence[Claimed]) -> Figures:
    """Return how often the likeliest verdict is right."""
    said: list[str] = []
    for start in range(0, len(claims), BATCH):
        batch = [(one.claim, one.source) for one in claims[start : start + BATCH]]
        found = entailer.all_probabilities(batch)
        said += [max(shares, key=shares.__getitem__) for shares in found]
    hits = [name == VERDICTS[one.verdict] for name, one in zip(said, claims, strict=True)]
    recall: dict[str, float] = {}
    for number, name in enumerate(VERDICTS):
        own = [hit for hit, one in zip(hits, claims, strict=True) if one.verdict == number]
        recall[name] = sum(own) / len(own) if own else float("nan")
    return Figures(len(claims), sum(hits) / len(hits), recall)


def train(config: FitConfig) -> None:
    """Train an entailment model and write it to ``config.out``, with its figures.

    Raises:
        DataError: a file holds no rows of the step, or wrong ones.
        FileNotFoundError: no such file.
    """
    model, pairs = fresh(config)
    entailer = Entailer(model, pairs)
    claims = read_claims(config.data)
    examples = [Example((entailer.pair(one.claim, one.source),), one.verdict) for one in claims]
    held_out = {
        name: read_claims(file)
        for name, file in (("validation", config.validation), ("test", config.test))
        if file
    }
    validated = None
    if "validation" in held_out:
        rows = held_out["validation"]
        validated = lambda: measure(entailer, rows).line()  # noqa: E731
    seconds = fit(model, examples, loss_of, config, validated)
    report: dict[str, object] = {"train_s": round(seconds, 1), "claims": len(examples)}
    for name, rows in held_out.items():
        found = measure(entailer, rows)
        report[name] = asdict(found)
        Console().print(table(name, found))
    out = Path(config.out)
    save_cross_encoder(model, out, config.encoder)
    write_json_file(out / "train_config.json", asdict(config))
    write_json_file(out / "report.json", report)


def table(name: str, found: Figures) -> Table:
    """Return figures as a table."""
    shown = Table(title=f"Entailment, {name}")
    for column in ("claims", "right", *VERDICTS):
        shown.add_column(column, justify="right")
    shares = (found.right, *found.recall.values())
    shown.add_row(str(found.n), *(f"{100 * share:.1f}%" for share in shares))
    return shown


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(prog="python -m minilora.cross_encoder.train_entailer", description=__doc__)
    add_flags(parser, FitConfig)
    arguments = parser.parse_args(argv)
    exit_with(lambda: train(from_flags(FitConfig, arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
