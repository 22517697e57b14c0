"""The seam between the detective and a model: a step goes in, one JSON document comes back.

Two minds have it: :class:`serve.detective.local_mind.LocalMind`, the server's own engine with the
detective adapter, and :class:`serve.detective.remote_mind.RemoteMind`, any OpenAI-compatible
endpoint. Whatever the model, the decision that comes back satisfies the step's schema, and its
quote is a substring of the sources: the local grammar makes it so, a remote one's answer is
checked and asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from minilora.data.detective.steps import Step
from serve.detective.reply import TokenView, Usage


class MindFailed(Exception):
    """The model gave no usable decision; the message says why in one sentence.

    Attributes:
        usage: what was spent on it none the less.
    """

    def __init__(self, message: str, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.usage = usage or Usage()


@dataclass(frozen=True)
class Decision:
    """What the model decided.

    Attributes:
        value: a document of the step's schema.
        tokens: how it was written.
        usage: what it took.
        confidence: probability of the value that was chosen for the step's own question (the route,
            whether it is answered, the verdict) -> by value, summing to 1 over those the schema
            names; {} where the model does not tell.
        model: which decided, where it is not the mind's own.
    """

    value: dict[str, Any]
    tokens: tuple[TokenView, ...]
    usage: Usage
    confidence: dict[str, float]
    model: str | None = None


class Mind(Protocol):
    """A model that takes the detective's decisions."""

    @property
    def model(self) -> str:
        """Its name."""

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the model's decision.

        Args:
            step: schema and prompt.
            passages: what may be quoted, as it stands in the prompt; a quote is a substring of one.
            seconds: until the step is given up.

        Raises:
            MindFailed: no usable decision in that time.
            serve.generation.Refused: the engine takes up nothing more.
        """
