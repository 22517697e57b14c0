"""Whether a source supports a claim: three verdicts from one look at both.

The scores of the pair (claim, source) are averaged over its T tokens,

    P(verdict) = softmax over verdicts of 1/T * sum over t of score(t, verdict)

so that each word of the claim has its say. Verdicts are those of
:mod:`minilora.data.entailment.steps`.

    entailer = load_entailer()
    entailer.probabilities("It was lit in 1872.", "It was lit in 1871.")["contradicted"]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from minilora.cross_encoder.folder import ENTAILMENT, load_cross_encoder
from minilora.cross_encoder.model import CrossEncoder, Pair, Pairs
from minilora.cross_encoder.rows import rows_of, sources
from minilora.data.entailment.steps import VERDICTS
from minilora.data.entailment.text import plain
from minilora.data.rows import DataError, Row
from minilora.encoder import Encoder

STEP = "entail"  # the rows of this step are trained on


@dataclass(frozen=True)
class Claimed:
    """A claim about a source, and the number of its verdict."""

    claim: str
    source: str
    verdict: int


class Entailer:
    """Compares claims with sources; safe to use from several threads.

    Args:
        model: the cross-encoder.
        pairs: makes what it reads.
    """

    def __init__(self, model: CrossEncoder, pairs: Pairs) -> None:
        self.model, self._pairs = model, pairs

    def probabilities(self, claim: str, source: str) -> dict[str, float]:
        """Return the probability of each verdict on a claim; they sum to 1."""
        return self.all_probabilities([(claim, source)])[0]

    @torch.no_grad()
    def all_probabilities(self, asked: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """Return the probabilities of several claims, each with its source."""
        scores = self.model([pair(self._pairs, claim, source) for claim, source in asked])
        shares = [logits_of(one).softmax(0).tolist() for one in scores]
        return [dict(zip(VERDICTS, share, strict=True)) for share in shares]


def pair(pairs: Pairs, claim: str, source: str) -> Pair:
    """Return a claim and a source as the model reads them."""
    return pairs.make(plain(claim), plain(source))


def logits_of(scores: Tensor) -> Tensor:
    """Return the mean (3,) of a pair's scores (T, 3)."""
    return scores.mean(0)


def load_entailer(folder: Path = ENTAILMENT, encoder: Encoder | None = None) -> Entailer:
    """Return an entailment model that was trained; see :func:`.folder.load_cross_encoder`."""
    return Entailer(*load_cross_encoder(folder, encoder))


def read_claims(files: str) -> list[Claimed]:
    """Return the claims in some files of rows; see :func:`.rows.rows_of`."""
    return rows_of(files, STEP, claimed)


def claimed(row: Row) -> Claimed:
    """Return what a row claims.

    Raises:
        DataError: it is of another form.
    """
    source, claim = sources(row, "Claim")
    if row.answer.get("verdict") not in VERDICTS:
        raise DataError(f"row {row.id!r}: its answer is no verdict")
    return Claimed(claim, source, VERDICTS.index(row.answer["verdict"]))
