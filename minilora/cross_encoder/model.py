"""A cross-encoder: BERT over two texts at once, and three numbers for each of its tokens.

A sentence encoder reads two texts apart and compares what is left of each in one vector. A
cross-encoder reads them together, so that every word of one is seen in the light of the other:

    h = BERT([CLS] first [SEP] second [SEP])   (T, D)          scores = h W^T + b   (T, 3)

What the three numbers mean is for those who use it to say: a reader's are "an answer begins here",
"it ends here" and, at [CLS], "there is none" (:mod:`.reader`); those of an entailment model, as a
mean over the tokens, are three verdicts (:mod:`.entailer`).

BERT is the project's sentence encoder. LoRA layers in it are trained, with W and b.

Shape letters: N flat tokens, P pairs, T tokens of a pair, D d_model.

Sources: Devlin et al. 2018, BERT, arXiv:1810.04805, section 4; Nogueira & Cho 2019,
arXiv:1901.04085, for the cross-encoder as a second look at what was retrieved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import tokenizers
import torch
from torch import Tensor, nn

from minilora.encoder import Bert

MAX_FIRST = 96  # word pieces of the first text that are read, with [CLS] and [SEP]
MAX_PAIR = 448  # word pieces of both
N_SCORES = 3


@dataclass(frozen=True)
class Pair:
    """Two texts as word pieces.

    Attributes:
        tokens: [CLS] first [SEP] second [SEP].
        types: 0 for the first text's, 1 for the second's, with the [SEP] after them.
        offsets: of the second text's pieces alone, in order: where in it each stands.
        start: index of the second text's first piece in ``tokens``.
    """

    tokens: tuple[int, ...]
    types: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    start: int


class Pairs:
    """Makes pairs of texts.

    Args:
        tokenizer: of the encoder.
    """

    def __init__(self, tokenizer: tokenizers.Tokenizer) -> None:
        self._tokenizer = tokenizers.Tokenizer.from_str(tokenizer.to_str())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def make(self, first: str, second: str) -> Pair:
        """Return two texts as word pieces, both cut at what is read of them."""
        begin, *inner, end = self._tokenizer.encode(first).ids  # [CLS] ... [SEP]
        head = [begin, *inner[: MAX_FIRST - 2], end]
        read = self._tokenizer.encode(second, add_special_tokens=False)
        n = MAX_PAIR - len(head) - 1
        pieces, offsets = read.ids[:n], read.offsets[:n]
        types = (0,) * len(head) + (1,) * (len(pieces) + 1)
        return Pair((*head, *pieces, end), types, tuple(offsets), len(head))


class CrossEncoder(nn.Module):
    """Pairs to scores.

    Args:
        bert: with or without LoRA layers.
    """

    def __init__(self, bert: Bert) -> None:
        super().__init__()
        self.bert = bert
        self.head = nn.Linear(bert.config.d_model, N_SCORES)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, pairs: Sequence[Pair]) -> list[Tensor]:
        """Return the scores (T, 3) float32 of each pair's tokens, in the order of the pairs."""
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].tokens))
        chosen = [pairs[i] for i in order]
        runs = [(len(list(run)), T) for T, run in groupby(len(pair.tokens) for pair in chosen)]
        place = self.head.weight.device
        tokens = torch.tensor([token for pair in chosen for token in pair.tokens], device=place)
        types = torch.tensor([type for pair in chosen for type in pair.types], device=place)
        scores = self.head(self.bert.states(tokens, types, runs)).float()  # (N, 3)
        parts = scores.split([len(pair.tokens) for pair in chosen])
        found = dict(zip(order, parts, strict=True))
        return [found[i] for i in range(len(pairs))]
