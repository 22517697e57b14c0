"""Train the scanner's head and measure it on sets that it did not see.

    python -m serve.guard.train --data ../shared/data

For each set of attacks, a head is trained on the other sets and judged on that one (*leave one set
out*): only these figures say what to expect of a new attack. The head that is written is trained on
all sets; its threshold lets 1% of benign texts pass that were kept from training.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import torch
import torch.nn.functional as F
from torch import Tensor

from minilora.atomic import write_whole
from minilora.command import Parser, add_flags, exit_with, from_flags, option, write_json
from minilora.encoder import load_encoder
from minilora.weights import DEFAULT_ENCODER
from serve.guard.features import NAMES
from serve.guard.scanner import HEAD, Head, encodable, sign_rows, windows

ATTACK_SETS = (
    "deepset_prompt_injections",
    "bastion_aib",
    "injecagent",
    "agentdojo",
    "cyberseceval_pi",
    "bipia",
    "asb",
)
# Benign texts of the kinds that the agent reads: questions and passages. Single sentences stand
# beside whole passages, or a short statement would be suspicious for being short.
BENIGN_FIELDS = {
    "xstest": "text",
    "clinc_oos": "query",
    "squad2": "question",
    "xquad_en": "context",
}
SENTENCES_OF = {"squad2": "context"}


# A vector has length one, so its numbers are small beside the signs, and weight decay would all but
# silence it. Chosen with weight_decay by the mean of the figures below, of 1, 2, 4, 8, 16.
VECTOR_GAIN = 4.0


@dataclass(frozen=True)
class TrainConfig:
    """What to train on, and how."""

    data: str = option("../shared/data", "folder of the public sets, one folder each")
    out: str = option(str(HEAD), "file of the head")
    report: str | None = option(None, "JSON file of the figures")
    most: int = option(300, "texts taken of each set, at random")
    weight_decay: float = option(0.001, "of the head's weights")
    seed: int = option(0, "of the choice of texts and of the split")

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if self.most < 10:
            raise ValueError(f"--most must be at least 10, got {self.most}")
        if not self.weight_decay > 0:
            raise ValueError(f"--weight-decay must be above 0, got {self.weight_decay}")


@dataclass(frozen=True)
class Sample:
    """One text.

    Attributes:
        group: the set it is from.
        attack: whether it is one.
        windows: the texts of its windows.
        guilty: which of them hold the attack.
        in_calibration: benign, and kept from training.
    """

    group: str
    attack: bool
    windows: tuple[str, ...]
    guilty: tuple[bool, ...]
    in_calibration: bool


@dataclass(frozen=True)
class Table:
    """The windows of all samples as rows.

    Attributes:
        inputs: (n, signs + D) float32.
        labels: (n,) float32, 1 for a window with an attack.
        owner: (n,) int64, the sample of each.
    """

    inputs: Tensor
    labels: Tensor
    owner: Tensor


def read_samples(config: TrainConfig) -> list[Sample]:
    """Return the samples of all sets, half of the benign texts kept for calibration.

    Raises:
        FileNotFoundError: a set is not there.
    """
    chance = random.Random(config.seed)
    samples = []
    for group in (*ATTACK_SETS, *BENIGN_FIELDS):
        rows = _read_rows(Path(config.data) / group / f"{group}.jsonl")
        field = BENIGN_FIELDS.get(group, "text")
        # Questions and passages repeat in some sets: each text counts once.
        unique = list({row[field]: row for row in rows}.values())
        for row in chance.sample(unique, min(config.most, len(unique))):
            kept = chance.random() < 0.5
            samples.append(_sample(group, row[field], row, kept))
            if group in SENTENCES_OF:
                sentence = chance.choice(re.split(r"(?<=[.!?])\s+", row[SENTENCES_OF[group]]))
                samples.append(_sample(f"{group} sentences", sentence, row, kept))
    return samples


def _read_rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}: --data names the folder of the public sets")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _sample(group: str, text: str, row: dict[str, str], kept: bool) -> Sample:
    attack = bool(row.get("label", 0))
    parts = tuple(encodable(text[a:b]) for a, b in windows(text))
    # Where a document says which words of it are the attack, its other windows are innocent.
    words = str(row.get("attack") or "")
    guilty = tuple(attack and (not words or words in part) for part in parts)
    if attack and not any(guilty):  # the attack lies across a border
        guilty = (True,) * len(parts)
    return Sample(group, attack, parts, guilty, kept and not attack)


def make_table(samples: Sequence[Sample], encode: Callable[[Sequence[str]], Tensor]) -> Table:
    """Return signs and vectors of every window; ``encode`` makes the vectors."""
    texts = [part for sample in samples for part in sample.windows]
    labels = [float(guilty) for sample in samples for guilty in sample.guilty]
    owner = [i for i, sample in enumerate(samples) for _ in sample.windows]
    inputs = torch.cat([sign_rows(texts), VECTOR_GAIN * encode(texts)], dim=1)
    return Table(inputs, torch.tensor(labels), torch.tensor(owner))


def fit(
    inputs: Tensor, labels: Tensor, weights: Tensor, weight_decay: float
) -> tuple[Tensor, float]:
    """Return w and b that minimise the weighted log loss.

        mean_i weights_i * log(1 + exp(-y_i (w . x_i + b))) + weight_decay / 2 * |w|^2,  y = +-1

    Args:
        inputs: (n, d) float32.
        labels: (n,) float32, 0 or 1.
        weights: (n,) float32, of mean 1.
        weight_decay: above 0, so that there is one minimum.
    """
    w = torch.zeros(inputs.shape[1], requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([w, b], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        logits = inputs @ w + b
        value = F.binary_cross_entropy_with_logits(logits, labels, weights)
        value = value + weight_decay / 2 * w.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value.item()

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return w.detach(), b.item()


def balance(samples: Sequence[Sample], table: Table, rows: Tensor) -> Tensor:
    """Return weights of rows, of mean 1: each set's attacks weigh the same, and so its benign."""
    keys = [
        (samples[i].group, bool(y))
        for i, y in zip(table.owner[rows].tolist(), table.labels[rows].tolist(), strict=True)
    ]
    n_of = {key: keys.count(key) for key in set(keys)}
    groups = {label: sum(1 for key in n_of if key[1] is label) for label in (False, True)}
    weights = torch.tensor([1 / n_of[key] / groups[key[1]] for key in keys])
    return weights / weights.mean()


def auc(positive: Tensor, negative: Tensor) -> float:
    """Return P(score of an attack > score of a benign text), ties counting half.

    >>> auc(torch.tensor([3.0, 1.0]), torch.tensor([2.0, 1.0]))
    0.625
    """
    ahead = positive[:, None] - negative[None, :]
    return float(((ahead > 0).float() + (ahead == 0).float() / 2).mean())


def threshold_at(negative: Tensor, false_positive_rate: float) -> float:
    """Return the least score that at most this share of benign scores lies above.

    >>> threshold_at(torch.arange(100.0), 0.02)
    97.0
    """
    allowed = int(false_positive_rate * len(negative))
    return float(negative.sort(descending=True).values[min(allowed, len(negative) - 1)])


@dataclass(frozen=True)
class Fold:
    """Figures of one set that was left out of training.

    Attributes:
        attacks: how many attacks it was judged on.
        own_benign: how many benign texts the set itself has.
        auc: against the benign texts kept from training.
        own_auc: against the set's own benign texts, the harder question; None with fewer than 10.
        recall: share of attacks above the threshold that 1% of the kept benign texts are above.
        own_false_positives: share of the set's own benign texts above it.
    """

    left_out: str
    attacks: int
    own_benign: int
    auc: float
    own_auc: float | None
    recall: float
    own_false_positives: float | None


def measure(samples: Sequence[Sample], table: Table, left_out: str, weight_decay: float) -> Fold:
    """Return how a head trained without a set does on that set."""
    scores = _scores_without(samples, table, left_out, weight_decay)
    attacks = scores[[s.group == left_out and s.attack for s in samples]]
    own = scores[[s.group == left_out and not s.attack for s in samples]]
    benign = scores[[s.in_calibration and s.group != left_out for s in samples]]
    limit = threshold_at(benign, 0.01)
    return Fold(
        left_out,
        attacks=len(attacks),
        own_benign=len(own),
        auc=auc(attacks, benign),
        own_auc=auc(attacks, own) if len(own) >= 10 else None,
        recall=float((attacks > limit).float().mean()),
        own_false_positives=float((own > limit).float().mean()) if len(own) >= 10 else None,
    )


def _scores_without(
    samples: Sequence[Sample], table: Table, left_out: str | None, weight_decay: float
) -> Tensor:
    """Return the logits (n samples,) of a head that was trained without a set."""
    w, b = _train(samples, table, left_out, weight_decay)
    return _text_scores(table, table.inputs @ w + b, len(samples))


def _train(
    samples: Sequence[Sample], table: Table, left_out: str | None, weight_decay: float
) -> tuple[Tensor, float]:
    usable = [not s.in_calibration and s.group != left_out for s in samples]
    rows = torch.tensor(usable)[table.owner].nonzero()[:, 0]
    weights = balance(samples, table, rows)
    return fit(table.inputs[rows], table.labels[rows], weights, weight_decay)


def _text_scores(table: Table, logits: Tensor, n_samples: int) -> Tensor:
    """Return the largest logit of each sample's windows."""
    empty = torch.full((n_samples,), -torch.inf)
    return empty.scatter_reduce(0, table.owner, logits, "amax")


def make_head(samples: Sequence[Sample], table: Table, weight_decay: float) -> Head:
    """Return the head of all sets, with the threshold that 1% of kept benign texts are above."""
    w, b = _train(samples, table, None, weight_decay)
    scores = _text_scores(table, table.inputs @ w + b, len(samples))
    benign = scores[[sample.in_calibration for sample in samples]]
    signs = dict(zip(NAMES, (round(x, 4) for x in w[: len(NAMES)].tolist()), strict=True))
    return Head(
        encoder=DEFAULT_ENCODER,
        sign_weights=signs,
        vector_weights=tuple(round(x, 4) for x in (VECTOR_GAIN * w[len(NAMES) :]).tolist()),
        bias=round(b, 4),
        threshold=round(float(torch.sigmoid(torch.tensor(threshold_at(benign, 0.01)))), 4),
    )


def run(config: TrainConfig) -> None:
    """Train, write the head, print the figures."""
    samples = read_samples(config)
    table = make_table(samples, load_encoder().encode)
    folds = [measure(samples, table, group, config.weight_decay) for group in ATTACK_SETS]
    head = make_head(samples, table, config.weight_decay)
    write_whole(Path(config.out), msgspec.json.format(msgspec.json.encode(head), indent=1) + b"\n")
    write_json(config.report, msgspec.to_builtins(folds))
    print(f"{len(samples)} texts, {len(table.labels)} windows; threshold {head.threshold}\n")
    print(figures(folds))


def figures(folds: Sequence[Fold]) -> str:
    """Return the figures of all sets as a Markdown table."""
    heads = "| left out | attacks | AUC | recall at 1% FPR | own benign | own AUC | own FPR |"
    return "\n".join([heads, "|---|---:|---:|---:|---:|---:|---:|", *map(_row, folds)])


def _row(fold: Fold) -> str:
    own = ["–", "–"]
    if fold.own_auc is not None and fold.own_false_positives is not None:
        own = [f"{fold.own_auc:.3f}", f"{fold.own_false_positives:.3f}"]
    cells = [fold.left_out, str(fold.attacks), f"{fold.auc:.3f}", f"{fold.recall:.3f}"]
    return "| " + " | ".join([*cells, str(fold.own_benign), *own]) + " |"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser: argparse.ArgumentParser = Parser(prog="python -m serve.guard.train")
    add_flags(parser, TrainConfig)
    arguments = parser.parse_args(argv)
    exit_with(lambda: run(from_flags(TrainConfig, arguments)))


if __name__ == "__main__":
    main()
