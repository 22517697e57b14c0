"""The answers to one chat request, as pieces: what a stream sends and a whole response collects.

Each of the n choices is a request of its own to the engine; they share their prompt by the prefix
cache. A piece belongs to one choice and adds to it; the last piece of a choice says why it ended.
However the reader goes away, every generation is cancelled.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal

from minilora.generate import Sampling
from serve.chat import Plan
from serve.generation import Engine, Finished, Request, Token

Reason = Literal["stop", "length", "tool_calls", "deadline"]


@dataclass(frozen=True)
class Wanted:
    """How the answers are to be drawn.

    Attributes:
        sampling: as the engine takes it.
        n: how many answers.
        adapter, seed, top_logprobs, deadline: as in :class:`serve.generation.Request`; choice i is
            drawn with seed + i.
    """

    sampling: Sampling
    n: int = 1
    adapter: str | None = None
    seed: int | None = None
    top_logprobs: int | None = None
    deadline: float | None = None


@dataclass(frozen=True)
class Piece:
    """What is added to a choice.

    Attributes:
        choice: its index.
        text: of the answer.
        tokens: those that brought the text, with their log-probabilities where wanted.
        call_id, name: a call begins.
        arguments: more of the call's arguments, as JSON text.
        reason: the choice is over.
        finished: what each generation used, with the last piece of a choice.
    """

    choice: int
    text: str = ""
    tokens: tuple[Token, ...] = ()
    call_id: str | None = None
    name: str | None = None
    arguments: str = ""
    reason: Reason | None = None
    finished: tuple[Finished, ...] = ()


@dataclass
class Account:
    """Tokens used so far, right at any moment: what is charged if the reader goes away.

    Attributes:
        prompt_tokens: of every generation that gave a token.
        completion_tokens: given.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def used(self) -> int:
        """All of them."""
        return self.prompt_tokens + self.completion_tokens


async def answers(
    engine: Engine, plan: Plan, wanted: Wanted, account: Account
) -> AsyncGenerator[Piece, None]:
    """Yield the pieces of all choices as they come.

    Args:
        engine: does the work.
        plan: what it is asked.
        wanted: how the answers are drawn.
        account: counts what is used.

    Raises:
        Refused: the engine takes none of it.
        RuntimeError: the engine failed.
    """
    queue: asyncio.Queue[Piece | Exception] = asyncio.Queue()

    async def forward(index: int) -> None:
        try:
            async with aclosing(_choice(engine, plan, wanted, index, account)) as pieces:
                async for piece in pieces:
                    queue.put_nowait(piece)
        except Exception as error:  # raised below, where somebody reads
            queue.put_nowait(error)

    tasks = [asyncio.create_task(forward(index)) for index in range(wanted.n)]
    left = wanted.n
    try:
        while left:
            piece = await queue.get()
            if isinstance(piece, Exception):
                raise piece
            left -= piece.reason is not None
            yield piece
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _choice(
    engine: Engine, plan: Plan, wanted: Wanted, index: int, account: Account
) -> AsyncGenerator[Piece, None]:
    """Yield the pieces of one choice."""
    seed = None if wanted.seed is None else wanted.seed + index
    request = Request(
        plan.prompt,
        wanted.sampling,
        wanted.adapter,
        plan.grammar,
        seed,
        None if plan.calls else wanted.top_logprobs,
        wanted.deadline,
    )
    if not plan.calls:
        async with aclosing(_text(engine, request, index, account)) as pieces:
            async for piece in pieces:
                yield piece
        return
    # Stop texts belong to what a user reads; an action is whole or it is none.
    unstopped = replace(request, sampling=replace(request.sampling, stop=()))
    call = CallStream()
    used: Finished | None = None
    async with aclosing(_text(engine, unstopped, index, account)) as pieces:
        async for piece in pieces:
            for part in call.feed(piece.text):
                yield replace(part, choice=index)
            if piece.finished:
                (used,) = piece.finished
                reason = piece.reason
    assert used is not None  # the last piece carries it
    for part in call.close():
        yield replace(part, choice=index)
    if not call.no_tool or plan.otherwise is None:
        over: Reason = "deadline" if reason == "deadline" else "tool_calls"
        yield Piece(index, reason=over, finished=(used,))
        return
    left = max(1, wanted.sampling.max_new_tokens - used.completion_tokens)
    request = replace(
        request,
        prompt=plan.otherwise,
        grammar=None,
        adapter=None,
        sampling=replace(wanted.sampling, max_new_tokens=left),
        top_logprobs=wanted.top_logprobs,
    )
    async with aclosing(_text(engine, request, index, account)) as pieces:
        async for piece in pieces:
            yield replace(piece, finished=(used, *piece.finished)) if piece.finished else piece


async def _text(
    engine: Engine, request: Request, index: int, account: Account
) -> AsyncGenerator[Piece, None]:
    """Yield the text of one generation; cancel it if the reader goes away."""
    generation = engine.submit(request)
    tokens: list[Token] = []  # since the last text: a character may be spread over several
    first = True
    try:
        async for event in generation:
            if isinstance(event, Token):
                account.prompt_tokens += len(request.prompt) if first else 0
                account.completion_tokens += 1
                first = False
                tokens.append(event)
                if event.text:
                    yield Piece(index, event.text, tuple(tokens))
                    tokens = []
            else:
                account.prompt_tokens += event.prompt_tokens if first else 0
                if event.text or tokens:
                    yield Piece(index, event.text, tuple(tokens))
                reason = event.reason if event.reason != "cancelled" else "stop"
                yield Piece(index, reason=reason, finished=(event,))
    finally:
        generation.cancel()


_OPENING = re.compile(r'\{"tool": (null|"(?:[^"\\]|\\.)*"), "args": ')


class CallStream:
    r"""An action as it is written, ``{"tool": NAME, "args": {...}}``, to the pieces of a call.

    The name is sent when it is whole; of the arguments everything but the last character, which may
    be the action's own brace. An action that begins with its arguments is sent when it is over.

    Attributes:
        no_tool: the action is "no tool".

    >>> call = CallStream()
    >>> [piece.name for piece in call.feed('{"tool": "f", "args": {"a"')]
    ['f', None]
    >>> "".join(piece.arguments for piece in [*call.feed(": 1}"), *call.feed("}"), *call.close()])
    '": 1}'
    """

    def __init__(self) -> None:
        self.no_tool = False
        self._named = False
        self._held = ""

    def feed(self, text: str) -> list[Piece]:
        """Take more of the action and return what can be sent of it."""
        self._held += text
        pieces: list[Piece] = []
        if not self._named and not self.no_tool and (opening := _OPENING.match(self._held)):
            name = json.loads(opening[1])
            self._held = self._held[opening.end() :]
            if name is None:
                self.no_tool = True
            else:
                pieces.append(self._begin(name))
        if self._named and len(self._held) > 1:
            pieces.append(Piece(0, arguments=self._held[:-1]))
            self._held = self._held[-1:]
        return pieces

    def close(self) -> list[Piece]:
        """Return what is left to send, now that the action is whole."""
        if self._named or self.no_tool:
            return []  # held is the action's own brace
        action = json.loads(self._held)
        self.no_tool = action["tool"] is None
        if self.no_tool:
            return []
        arguments = json.dumps(action["args"], ensure_ascii=False)
        return [self._begin(action["tool"]), Piece(0, arguments=arguments)]

    def _begin(self, name: str) -> Piece:
        self._named = True
        return Piece(0, call_id=f"call_{secrets.token_hex(12)}", name=name)
