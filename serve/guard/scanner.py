"""How much a text looks like an injection: a side signal for traces, that decides nothing.

A text is read in windows. The signs x of a window (:mod:`.features`) and its sentence vector v
(:mod:`minilora.encoder`) go through one logistic unit, and the text is as suspicious as its worst
window:

    score(window) = sigmoid(w_x . x + w_v . v + b)        score(text) = max over its windows

``scanner_head.json`` holds w and b, the threshold, and how they were made; ``python -m
serve.guard.train`` makes it again. SCANNER.md tells on what, and how well it does on sets that it
was not trained on: too badly to refuse anything by it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import torch
from torch import Tensor

from minilora.encoder import Encoder
from serve.guard.features import NAMES, describe

HEAD = Path(__file__).with_name("scanner_head.json")
WINDOW_CHARS, STRIDE_CHARS = 900, 700  # 900 characters: about the 256 word pieces that MiniLM reads
MAX_WINDOWS = 200


class Head(msgspec.Struct, frozen=True):
    """The logistic unit.

    Attributes:
        encoder: whose vectors ``vector_weights`` multiply.
        sign_weights: of each of :data:`.features.NAMES`, by name.
        vector_weights: of the encoder's dimensions.
        bias: b.
        threshold: a score above it is suspicious; at most 1% of the benign texts that it was
            calibrated on are.
    """

    encoder: str
    sign_weights: dict[str, float]
    vector_weights: tuple[float, ...]
    bias: float
    threshold: float


@dataclass(frozen=True)
class Verdict:
    """What the scanner makes of one text.

    Attributes:
        score: from 0 to 1; not a probability, as attacks are not that frequent.
        suspicious: the score is above the threshold.
        signs: the signs that raised the score of the worst window, the weightiest first.
        window: where that window lies, as character offsets of the text.
        unread_chars: characters beyond the last window that was read.
    """

    score: float
    suspicious: bool
    signs: tuple[str, ...]
    window: tuple[int, int]
    unread_chars: int


def load_head(path: Path = HEAD) -> Head:
    """Return the head of a file.

    Raises:
        FileNotFoundError: no such file.
        ValueError: it holds no head, or one for other signs than :data:`.features.NAMES`.
    """
    try:
        head = msgspec.json.decode(path.read_bytes(), type=Head)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{path} holds no scanner head: {error}") from error
    if set(head.sign_weights) != set(NAMES):
        odd = min(set(head.sign_weights) ^ set(NAMES))
        raise ValueError(f"{path} is for other signs ({odd!r}): run python -m serve.guard.train")
    return head


class Scanner:
    """A head and the encoder that it was trained on; safe to use from several threads.

    Raises:
        ValueError: the encoder's vectors have another length than the head's weights.
    """

    def __init__(self, encoder: Encoder, head: Head | None = None) -> None:
        self.head = load_head() if head is None else head
        self.encoder = encoder
        self._vector_weights = torch.tensor(self.head.vector_weights)
        if len(self._vector_weights) != encoder.config.d_model:
            raise ValueError(
                f"the scanner's head is for vectors of {len(self._vector_weights)} numbers, "
                f"the encoder's have {encoder.config.d_model}"
            )

    def scan(self, texts: Sequence[str]) -> list[Verdict]:
        """Return the verdict on each text; it computes, so not on an event loop."""
        spans = [windows(text) for text in texts]
        parts = [text[a:b] for text, cut in zip(texts, spans, strict=True) for a, b in cut]
        rows = [describe(part) for part in parts]
        vectors = self.encoder.encode([encodable(part) for part in parts])
        by_vector = (vectors @ self._vector_weights).tolist()
        raised = [_raised(self.head, row) for row in rows]
        logits = [
            sum(parts.values()) + along + self.head.bias
            for parts, along in zip(raised, by_vector, strict=True)
        ]
        verdicts, first = [], 0
        for text, cut in zip(texts, spans, strict=True):
            worst = max(range(first, first + len(cut)), key=logits.__getitem__)
            score = 1 / (1 + math.exp(-logits[worst]))
            signs = sorted(
                (name for name, value in raised[worst].items() if value > 0),
                key=lambda name: -raised[worst][name],
            )
            verdicts.append(
                Verdict(
                    score,
                    score > self.head.threshold,
                    tuple(signs),
                    cut[worst - first],
                    unread_chars=len(text) - cut[-1][1],
                )
            )
            first += len(cut)
        return verdicts


def windows(text: str) -> list[tuple[int, int]]:
    """Return the spans in which a text is read: overlapping, at least one, at most MAX_WINDOWS.

    >>> windows("x" * 1000)
    [(0, 900), (700, 1000)]
    """
    spans = [(0, min(len(text), WINDOW_CHARS))]
    while spans[-1][1] < len(text) and len(spans) < MAX_WINDOWS:
        start = spans[-1][0] + STRIDE_CHARS
        spans.append((start, min(len(text), start + WINDOW_CHARS)))
    return spans


def encodable(text: str) -> str:
    """Return a text that the encoder takes: without lone surrogates."""
    return text.encode("utf-8", "replace").decode()


def sign_rows(texts: Sequence[str]) -> Tensor:
    """Return the signs of texts as (n, len(NAMES)) float32."""
    return torch.tensor([[describe(text)[name] for name in NAMES] for text in texts])


def _raised(head: Head, signs: dict[str, float]) -> dict[str, float]:
    """Return by how much each sign moves the logit."""
    return {name: head.sign_weights[name] * value for name, value in signs.items()}
