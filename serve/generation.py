"""What the server asks of the engine, and what comes back: the seam between HTTP and the model.

The engine (:mod:`serve.engine`) owns the model in a thread of its own. A :class:`Request` goes in;
a :class:`Generation` comes back at once and yields :class:`Token` events on the event loop until
:class:`Finished`. Nothing here computes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from minilora.generate import Sampling
from minilora.grammar import Grammar

FinishReason = Literal["stop", "length", "cancelled", "deadline"]


class Refused(Exception):
    """A request that is not taken up; nothing of it was computed."""


class QueueFull(Refused):
    """More requests wait than may: come back later (HTTP 503)."""


class Draining(Refused):
    """The server is stopping (HTTP 503)."""


class DoesNotFit(Refused, ValueError):
    """Prompt and answer are longer than the model's context or the whole cache (HTTP 400)."""


class UnknownAdapter(Refused, ValueError):
    """No adapter of that name is loaded (HTTP 404)."""


@dataclass(frozen=True)
class Request:
    """One answer that is wanted.

    Attributes:
        prompt: token ids, at least one.
        sampling: temperature and so on; ``max_new_tokens`` is the budget that a grammar closes in.
        adapter: name of a loaded adapter; None is the base model.
        grammar: what the answer may be; None is free text.
        seed: of its sampling, whatever else is in the batch; None draws one.
        top_logprobs: likeliest tokens reported at each step; None reports no log-probabilities.
        deadline: on :func:`time.monotonic`; a request that has not begun by then is dropped, one
            under way ends with what it has. None waits for ever.
    """

    prompt: tuple[int, ...]
    sampling: Sampling = field(default_factory=Sampling)
    adapter: str | None = None
    grammar: Grammar | None = None
    seed: int | None = None
    top_logprobs: int | None = None
    deadline: float | None = None


@dataclass(frozen=True)
class Token:
    """A token of the answer.

    Attributes:
        id: of the vocabulary.
        data: its bytes; a character may be spread over several tokens.
        text: what may be shown after it: whole characters that can be part of no stop text any
            more; often "" and sometimes more than the token's own.
        logprob: natural logarithm of its probability among the tokens that were allowed, before
            temperature, top-k and top-p; None unless asked for.
        top: bytes and log-probability of the likeliest tokens there, likeliest first.
        forced: the grammar left no choice, so the model was not asked.
        allowed: how many tokens the grammar allowed there; None without one, or unless
            log-probabilities are asked for.
    """

    id: int
    data: bytes
    text: str
    logprob: float | None = None
    top: tuple[tuple[bytes, float], ...] = ()
    forced: bool = False
    allowed: int | None = None


@dataclass(frozen=True)
class Finished:
    """The end of an answer.

    Attributes:
        reason: "stop" (the model ended its turn, a stop text came, or the document is complete),
            "length" (budget used up), "deadline", or "cancelled".
        text: what was held back and may be shown now that nothing follows.
        prompt_tokens, completion_tokens: counted as OpenAI does; the end token is not counted, and
            the prompt only where it came to a first token.
        cached_tokens: of the prompt, found in the prefix cache.
        queued_s, prefill_s, decode_s: seconds waiting, until the first token, and from then on.
    """

    reason: FinishReason
    text: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    queued_s: float
    prefill_s: float
    decode_s: float


class Generation(Protocol):
    """An answer under way; iterate over it on the event loop that submitted it."""

    def __aiter__(self) -> AsyncIterator[Token | Finished]:
        """Yield tokens and, last, one :class:`Finished`.

        Raises:
            RuntimeError: the engine failed; the message says how.
        """

    def cancel(self) -> None:
        """End it within one step of the engine; safe at any time, from any thread."""


@dataclass(frozen=True)
class Load:
    """What the engine is doing.

    Attributes:
        running, waiting: requests.
        max_waiting: how many may wait.
        used_blocks, n_blocks: of the key/value cache; blocks kept only for reuse count as unused.
    """

    running: int
    waiting: int
    max_waiting: int
    used_blocks: int
    n_blocks: int


class Engine(Protocol):
    """Answers requests; its methods may be called from the event loop and return at once."""

    max_seq_len: int

    def submit(self, request: Request) -> Generation:
        """Queue a request.

        Raises:
            Refused: one of its subclasses; nothing was queued.
        """

    def load(self) -> Load:
        """Return what it is doing now."""

    def adapters(self) -> Sequence[str]:
        """Return the names of the loaded adapters."""
