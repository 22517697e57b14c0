"""Whether a source supports a claim: three verdicts from one look at both.

The scores of the pair (claim, source) are averaged over its T tokens,

    P(verdict) = softmax over verdicts of 1/T * sum over t of score(t, verdict)

so that each word of the claim has its say. Verdicts are those of
:mod:`minilora.data.entailment.steps`.

    entailer = load_entailer()
    entailer.probabilities("It was lit in 1872.", ["It was lit in 1871."])["contradicted"]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from minilora.cross_encoder.folder import ENTAILMENT, load_cross_encoder
from minilora.cross_encoder.model import CrossEncoder, Pair, Pairs
from minilora.data.entailment.steps import VERDICTS
from minilora.data.entailment.text import plain
from minilora.data.files import load_rows
from minilora.data.rows import DataError, Row
from minilora.encoder import Encoder

STEP = "entail"  # the rows of this step are trained on
_USER = re.compile(
    r"<<source (?P<digits>\w+): [^>\n]*>>\n(?P<source>.*)\n<<end (?P=digits)>>\n"
    r"Claim: (?P<claim>.*)",
    re.DOTALL,
)


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

    def pair(self, claim: str, source: str) -> Pair:
        """Return a claim and a source as the model reads them."""
        return self._pairs.make(plain(claim), plain(source))

    def probabilities(self, claim: str, source: str) -> dict[str, float]:
        """Return the probability of each verdict on a claim; they sum to 1."""
        return self.all_probabilities([(claim, source)])[0]

    @torch.no_grad()
    def all_probabilities(self, asked: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """Return the probabilities of several claims, each with its source."""
        scores = self.model([self.pair(claim, source) for claim, source in asked])
        shares = [logits_of(one).softmax(0).tolist() for one in scores]
        return [dict(zip(VERDICTS, share, strict=True)) for share in shares]


def logits_of(scores: Tensor) -> Tensor:
    """Return the mean (3,) of a pair's scores (T, 3)."""
    return scores.mean(0)


def load_entailer(folder: Path = ENTAILMENT, encoder: Encoder | None = None) -> Entailer:
    """Return an entailment model that was trained; see :func:`.folder.load_cross_encoder`."""
    return Entailer(*load_cross_encoder(folder, encoder))


def read_claims(files: str) -> list[Claimed]:
    """Return the claims in some files of rows, named with commas.

    Raises:
        DataError: a row of that step is of another form, or there is none.
        FileNotFoundError: no such file.
    """
    rows = [row for name in files.split(",") for row in load_rows(name)]
    found = [claimed(row) for row in rows if row.task == STEP]
    if not found:
        raise DataError(f"{files}: no rows of the step {STEP!r}")
    return found


def claimed(row: Row) -> Claimed:
    """Return what a row claims.

    Raises:
        DataError: it is of another form.
    """
    turns = row.messages or ({"content": ""},)
    found = _USER.fullmatch(str(turns[-1]["content"]))
    if found is None or row.answer.get("verdict") not in VERDICTS:
        raise DataError(f"row {row.id!r} is none of the step {STEP!r}")
    verdict = VERDICTS.index(row.answer["verdict"])
    return Claimed(found["claim"], found["source"], verdict)
