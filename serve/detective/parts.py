"""What the detective works with, and how: the parts that a server hands it, and its settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from minilora.encoder import Encoder
from serve.detective.local_mind import InThread
from serve.detective.mind import Mind
from serve.detective.store import DocumentStore
from serve.detective.wiki_passages import Wiki
from serve.guard.limits import RequestLimits
from serve.guard.scanner import Scanner
from serve.trace import Tracer

# A question and texts: the numbers of the texts, those that answer it best first. It computes.
Ranker = Callable[[str, Sequence[str]], list[int]]


@dataclass(frozen=True)
class DetectiveConfig:
    """How the detective works.

    Attributes:
        limits: of a request.
        n_passages: put before the model at once, at most.
        n_candidates: retrieved where there is a ranker, which chooses among them.
        max_pieces: of them together, in word pieces of the encoder; the first always goes in. A
            model's tokens are about as many for English.
        n_pages: of Wikipedia that are read, at most.
        answered_threshold: least probability of "answered" with which an answer is given; it
            counts where the model tells its probabilities.
        verdict_threshold: least probability of a verdict, else it is not_found.
        decision_s: seconds for one decision of the model.

    Raises:
        ValueError: a number out of its range.
    """

    limits: RequestLimits = field(default_factory=RequestLimits)
    n_passages: int = 3
    n_candidates: int = 8
    max_pieces: int = 500
    n_pages: int = 2
    answered_threshold: float = 0.5
    verdict_threshold: float = 0.5
    decision_s: float = 60.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name in ("n_passages", "n_candidates", "max_pieces", "n_pages", "decision_s"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}")
        for name in ("answered_threshold", "verdict_threshold"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be from 0 to 1, got {getattr(self, name)}")


@dataclass(frozen=True)
class Parts:
    """What the detective works with.

    Attributes:
        mind: decides.
        store, encoder: of the documents; the encoder is the one by which they were stored.
        in_encoder_thread: where the encoder computes.
        tracer: of the spans.
        wiki: None where Wikipedia is not to be asked.
        scanner: its verdicts go into the trace; None scans nothing.
        rank: takes a second look at what was retrieved; None keeps the order of retrieval.
    """

    mind: Mind
    store: DocumentStore
    encoder: Encoder
    in_encoder_thread: InThread
    tracer: Tracer
    wiki: Wiki | None = None
    scanner: Scanner | None = None
    rank: Ranker | None = None
