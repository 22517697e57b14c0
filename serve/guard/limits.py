"""What one question may cost: its own length, and a budget of steps, bytes and seconds.

The budget is one object for the whole request; every step of the agent charges it before it works,
so that whatever the model decides, the request ends.

>>> budget = Budget(RequestLimits(max_steps=1), clock=lambda: 0.0)
>>> budget.step("route")
>>> budget.step("retrieve")
Traceback (most recent call last):
serve.guard.limits.BudgetSpent: the request may take 1 steps, and "retrieve" would be one more
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


class QuestionRefused(ValueError):
    """The question itself is out of bounds (HTTP 400); the message is for the caller."""


class BudgetSpent(RuntimeError):
    """The request has used up what it may use; what it has found so far is still good.

    Attributes:
        what: "steps", "bytes" or "seconds".
    """

    def __init__(self, what: str, message: str) -> None:
        super().__init__(message)
        self.what = what


@dataclass(frozen=True)
class RequestLimits:
    """Bounds of one request, all above 0.

    Attributes:
        max_question_chars: characters of the question.
        max_steps: actions of the agent.
        max_read_bytes: of sources, in UTF-8, that are put before the model.
        max_seconds: from the request's arrival to its answer.
        max_answer_chars: characters of the answer.
    """

    max_question_chars: int = 2000
    max_steps: int = 12
    max_read_bytes: int = 256 * 1024
    max_seconds: float = 120.0
    max_answer_chars: int = 8000

    def __post_init__(self) -> None:
        """Check that every bound is a finite number above 0."""
        for name, value in dataclasses.asdict(self).items():
            if not 0 < value < math.inf:
                raise ValueError(f"{name} must be a finite number above 0, got {value}")


def check_question(question: str, limits: RequestLimits) -> str:
    """Return the question without white space around it.

    Raises:
        QuestionRefused: nothing is left of it, it is too long, or it holds half a character.
    """
    if len(question) > limits.max_question_chars:
        raise QuestionRefused(
            f"the question has {len(question)} characters; "
            f"at most {limits.max_question_chars} are allowed"
        )
    if any("\ud800" <= c <= "\udfff" for c in question):
        raise QuestionRefused("the question holds half of a surrogate pair, which is no character")
    if not (asked := question.strip()):
        raise QuestionRefused("the question is empty")
    return asked


class Budget:
    """What is left of a request's steps, bytes and seconds; for one task at a time.

    Args:
        limits: its bounds.
        clock: seconds, monotonic.
        started_at: when the request arrived, by that clock; None is now.
    """

    def __init__(
        self, limits: RequestLimits, clock: Clock, started_at: float | None = None
    ) -> None:
        self.limits = limits
        self.steps_taken = 0
        self.bytes_read = 0
        self._clock = clock
        self._started_at = clock() if started_at is None else started_at

    @property
    def seconds_left(self) -> float:
        """How long the request may still take; 0 when its time is over."""
        return max(0.0, self._started_at + self.limits.max_seconds - self._clock())

    @property
    def bytes_left(self) -> int:
        """How much may still be read."""
        return self.limits.max_read_bytes - self.bytes_read

    def check_time(self) -> None:
        """Refuse to go on when the time is over.

        Raises:
            BudgetSpent: it is.
        """
        if self.seconds_left == 0:
            raise BudgetSpent(
                "seconds", f"the request may take {self.limits.max_seconds:g} s, and they are over"
            )

    def step(self, name: str) -> None:
        """Charge one step, before it is taken.

        Raises:
            BudgetSpent: it would be one too many, or the time is over.
        """
        self.check_time()
        if self.steps_taken == self.limits.max_steps:
            raise BudgetSpent(
                "steps",
                f'the request may take {self.limits.max_steps} steps, and "{name}" would be '
                "one more",
            )
        self.steps_taken += 1

    def read(self, text: str) -> str:
        """Return a source's text after charging its bytes.

        Raises:
            BudgetSpent: it would be too much to read; nothing is charged then.
        """
        n_bytes = len(text.encode("utf-8", "surrogatepass"))
        if n_bytes > self.bytes_left:
            raise BudgetSpent(
                "bytes",
                f"the request may read {self.limits.max_read_bytes} bytes of sources; "
                f"{self.bytes_read} are read, and {n_bytes} more would come",
            )
        self.bytes_read += n_bytes
        return text
