"""The server's own engine as a mind: adapter, prompt, grammar, and what each token could have been.

The prompt is that of the training rows, and the grammar lets nothing through but a document of the
step's schema, whose quote stands in one of the passages.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from minilora.chat import Tokenizer
from minilora.data.detective.steps import Step
from minilora.generate import Sampling
from minilora.grammar import Grammar
from serve.detective.confidence import step_confidence
from serve.detective.mind import Decision, MindFailed
from serve.detective.quotable import step_grammar
from serve.detective.reply import TokenView, Usage
from serve.generation import DoesNotFit, Engine, Finished, Request, Token, UnknownAdapter

T = TypeVar("T")

ADAPTER = "detective"
ANSWER_TOKENS = {"route": 96, "read": 288, "verify": 192}  # the grammar closes within them
OTHER_TOKENS = 512  # of the judge's steps
N_TOP = 24  # alternatives asked for: enough for all beginnings of a route or a verdict
N_OTHERS = 4  # of them shown
LEAST_SHOWN = 0.001  # probability


class InThread(Protocol):
    """Runs work in a thread of its own, such as the grammar's."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Return the result of the work."""


class LocalMind:
    """See :class:`serve.detective.mind.Mind`.

    Args:
        engine: with the adapter loaded, or without: then the base model answers.
        tokenizer: of its model.
        in_grammar_thread: where grammars are compiled.
        base: name of the base model.
        adapter: name of the adapter.
    """

    def __init__(
        self,
        engine: Engine,
        tokenizer: Tokenizer,
        in_grammar_thread: InThread,
        base: str,
        adapter: str = ADAPTER,
    ) -> None:
        self._engine, self._tokenizer = engine, tokenizer
        self._in_grammar_thread = in_grammar_thread
        self._base, self._name = base, adapter

    @property
    def model(self) -> str:
        """Which model answers now: adapters come and go while the server runs."""
        return self._base if self._adapter is None else f"{self._base}+{self._adapter}"

    @property
    def adapted(self) -> bool:
        """Whether the adapter is loaded."""
        return self._adapter is not None

    @property
    def _adapter(self) -> str | None:
        return self._name if self._name in self._engine.adapters() else None

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the model's decision; see :meth:`serve.detective.mind.Mind.decide`."""
        deadline = time.monotonic() + seconds

        def prepare() -> tuple[tuple[int, ...], Grammar]:
            prompt = self._tokenizer.encode_chat(step.messages(), add_generation_prompt=True)
            return tuple(prompt), step_grammar(step.schema, passages)

        try:
            prompt, grammar = await self._in_grammar_thread(prepare)
        except ValueError as error:
            raise MindFailed(f"the step cannot be put to the model: {error}") from error
        request = Request(
            prompt,
            Sampling(max_new_tokens=ANSWER_TOKENS.get(step.name, OTHER_TOKENS)),
            adapter=self._adapter,
            grammar=grammar,
            top_logprobs=N_TOP,
            deadline=deadline,
        )
        tokens, finished = await self._generate(request)
        if finished.reason != "stop":
            raise MindFailed(f"the model did not finish its answer ({finished.reason})")
        value = json.loads(b"".join(token.data for token in tokens))
        n_prompt, n_answer = finished.prompt_tokens, finished.completion_tokens
        return Decision(
            value,
            tuple(map(view, tokens)),
            Usage(1, n_prompt, n_answer, n_prompt + n_answer),
            step_confidence(step.name, step.schema, tokens),
        )

    async def _generate(self, request: Request) -> tuple[list[Token], Finished]:
        """Return the whole answer; it is cancelled with the task that waits for it."""
        try:
            generation = self._engine.submit(request)
        except (DoesNotFit, UnknownAdapter) as error:
            raise MindFailed(str(error)) from error
        tokens: list[Token] = []
        try:
            async for event in generation:
                if isinstance(event, Finished):
                    return tokens, event
                tokens.append(event)
        except RuntimeError as error:
            raise MindFailed(str(error)) from error
        finally:
            generation.cancel()
        raise MindFailed("the engine ended an answer without saying so")


def view(token: Token) -> TokenView:
    """Return a token as a reader sees it."""
    others = [(data, math.exp(p)) for data, p in token.top if data != token.data]
    return TokenView(
        text=_shown(token.data),
        forced=token.forced,
        allowed=token.allowed,
        probability=None if token.logprob is None else math.exp(token.logprob),
        others=tuple((_shown(data), p) for data, p in others[:N_OTHERS] if p >= LEAST_SHOWN),
    )


def _shown(data: bytes) -> str:
    return data.decode("utf-8", "replace")
