"""The scanner on attacks of a kind that it was not trained on; see :mod:`serve.guard.train`."""

from __future__ import annotations

from minilora.encoder import Encoder
from serve.guard.train import (
    ATTACK_SETS,
    Fold,
    TrainConfig,
    make_table,
    measure,
    read_samples,
)


def folds_of(data: str, seed: int, encoder: Encoder) -> list[Fold]:
    """Return the figures of every set of attacks, left out of the training of its scanner.

    Args:
        data: folder of the public sets, one folder each.
        seed: of the choice of texts.
        encoder: of their windows.

    Raises:
        FileNotFoundError: a set is not there.
    """
    config = TrainConfig(data=data, seed=seed)
    samples = read_samples(config)
    table = make_table(samples, encoder.encode)
    return [measure(samples, table, group, config.weight_decay) for group in ATTACK_SETS]
