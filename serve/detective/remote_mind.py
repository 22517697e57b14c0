"""A mind behind any OpenAI-compatible endpoint.

It is asked with the step's schema as ``response_format``, without the one keyword that only our
grammar knows. Whatever comes back is checked against the whole schema, quotes included. An answer
that is none is asked for once more, with what was wrong; then the step has failed.

A quote may differ from its passage in white space alone, as models join the lines of a page: it is
then replaced by the passage's own characters.

Sources: the OpenAI API reference, chat completions and structured outputs; RFC 9110, section 10.2.3
(Retry-After).
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from minilora.data.detective.steps import Step
from serve.detective.mind import Decision, MindFailed
from serve.detective.quotable import has_quote, step_grammar, without_quotes
from serve.detective.reply import Usage

_PASSING = (408, 429, 500, 502, 503, 504)
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
ATTEMPTS_AT_AN_ANSWER = 2


@dataclass(frozen=True)
class RemoteConfig:
    """How patiently the endpoint is asked.

    Attributes:
        max_bytes: of a reply.
        max_tokens: of an answer.
        attempts: at one request, where it fails for a while (408, 429, 5xx, no connection).
        base_s: the wait before attempt n + 1 is drawn from 0 to base_s * 2^n, unless the endpoint
            says how long.
    """

    max_bytes: int = 1 << 20
    max_tokens: int = 1024
    attempts: int = 3
    base_s: float = 0.5

    def __post_init__(self) -> None:
        """Check the ranges."""
        if min(self.max_bytes, self.max_tokens, self.attempts) < 1 or self.base_s < 0:
            raise ValueError(f"counts must be at least 1 and times not negative, got {self}")


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Reply(msgspec.Struct):
    choices: list[_Choice]
    usage: _Usage | None = None


class _Passing(Exception):
    """Worth another attempt, after ``wait_s`` where the endpoint says so."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class RemoteMind:
    """See :class:`serve.detective.mind.Mind`; on one event loop.

    Args:
        url: of the API, such as ``https://HOST/v1``.
        model: its name there.
        api_key: sent as a bearer token; None sends none. It is in no message and no log.
        config: patience.
        transport: makes the connections; None is httpx's.
        sleep, chance: wait seconds; uniform from 0 to 1.

    Raises:
        ValueError: the URL is none, or the key cannot be sent.
    """

    def __init__(
        self,
        url: str,
        model: str,
        api_key: str | None = None,
        config: RemoteConfig | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError("the model's URL must be http(s)://HOST/PATH")
        if api_key is not None and not (api_key.isascii() and api_key.isprintable()):
            raise ValueError("the model's API key must be printable ASCII")
        self.model = model
        self._config, self._sleep, self._chance = config or RemoteConfig(), sleep, chance
        self._url = url.rstrip("/") + "/chat/completions"
        self._client = httpx.AsyncClient(
            transport=transport,
            headers={} if api_key is None else {"Authorization": f"Bearer {api_key}"},
            timeout=None,  # one limit holds for the whole decision
            follow_redirects=False,
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the model's decision; see :meth:`serve.detective.mind.Mind.decide`."""
        try:
            async with asyncio.timeout(seconds):
                return await self._decide(step, passages, time.monotonic() + seconds)
        except TimeoutError:
            raise MindFailed(f"the model gave no answer within {seconds:.3g} s") from None

    async def _decide(self, step: Step, passages: Sequence[str], deadline: float) -> Decision:
        chat = list(step.messages())
        prompt_tokens = completion_tokens = 0
        usage, wrong = Usage(), ""
        for _ in range(ATTEMPTS_AT_AN_ANSWER):
            try:
                reply = await self._complete(step, chat, deadline)
            except MindFailed as error:
                raise MindFailed(str(error), usage) from None
            if reply.usage is not None:
                prompt_tokens += reply.usage.prompt_tokens
                completion_tokens += reply.usage.completion_tokens
            total = prompt_tokens + completion_tokens
            usage = Usage(1, prompt_tokens, completion_tokens, total)
            message = reply.choices[0].message
            if message.refusal:
                raise MindFailed("the model refused", usage)
            written = message.content or ""
            value, wrong = await asyncio.to_thread(checked, step, passages, written)
            if value is not None:
                return Decision(value, (), usage, {})
            chat += [
                {"role": "assistant", "content": written},
                {"role": "user", "content": f"That cannot be used: {wrong}. Answer again."},
            ]
        raise MindFailed(f"the model gave no usable answer: {wrong}", usage)

    async def _complete(self, step: Step, chat: list[dict[str, str]], deadline: float) -> _Reply:
        """Return one completion, asked for again where the endpoint fails for a while."""
        form = {"name": step.name, "schema": without_quotes(step.schema), "strict": True}
        body = {
            "model": self.model,
            "messages": chat,
            "temperature": 0,
            "max_tokens": self._config.max_tokens,
            "response_format": {"type": "json_schema", "json_schema": form},
        }
        for attempt in range(self._config.attempts):
            try:
                return await self._post(body)
            except _Passing as error:
                wait_s = error.wait_s
                if wait_s is None:
                    wait_s = self._chance() * self._config.base_s * 2**attempt
                last = attempt + 1 == self._config.attempts
                if last or time.monotonic() + wait_s >= deadline:
                    raise MindFailed(
                        f"the model cannot be asked after {attempt + 1} attempts: {error}"
                    ) from None
                await self._sleep(wait_s)
        raise AssertionError("the last attempt returns or raises")

    async def _post(self, body: dict[str, Any]) -> _Reply:
        try:
            async with self._client.stream("POST", self._url, json=body) as response:
                data = bytearray()
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > self._config.max_bytes:
                        raise MindFailed(f"a reply of more than {self._config.max_bytes} bytes")
        except httpx.HTTPError as error:
            raise _Passing(type(error).__name__) from None
        if response.status_code in _PASSING:
            raise _Passing(f"HTTP {response.status_code}", _wait_asked(response))
        if response.status_code != 200:
            raise MindFailed(f"the model's endpoint answers HTTP {response.status_code}")
        try:
            reply = msgspec.json.decode(bytes(data), type=_Reply)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise MindFailed("the model's endpoint does not answer as OpenAI's does") from None
        if not reply.choices:
            raise MindFailed("the model's endpoint gives no answer")
        return reply


def checked(step: Step, passages: Sequence[str], written: str) -> tuple[dict[str, Any] | None, str]:
    """Return what was written as a document of the step's schema, or None and what is wrong.

    It computes: not on an event loop.
    """
    fenced = _FENCE.match(written)
    try:
        value = json.loads(fenced[1] if fenced else written)
    except (ValueError, RecursionError):
        return None, "it is not JSON"
    if not isinstance(value, dict):
        return None, "it is no JSON object"
    if has_quote(step.schema) and isinstance(value.get("quote"), str):
        verbatim = _verbatim(value["quote"], passages)
        if verbatim is None:
            return None, "the quote does not stand in the sources word for word"
        value["quote"] = verbatim
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    if not step_grammar(step.schema, passages, "flexible").accepts(text):
        return None, "it does not satisfy the schema"
    return value, ""


def _verbatim(quote: str, passages: Sequence[str]) -> str | None:
    r"""Return the part of a passage that a quote is, white space apart; None where it is none.

    >>> _verbatim("built in 1871", ["It was built\nin 1871."])
    'built\nin 1871'
    """
    words = quote.split()
    if not words:
        return None
    pattern = re.compile(r"(?<!\w)" * words[0][0].isalnum() + r"\s+".join(map(re.escape, words)))
    found = next(filter(None, map(pattern.search, passages)), None)
    return None if found is None else found[0]


def _wait_asked(response: httpx.Response) -> float | None:
    """Return the seconds of Retry-After; None where it gives none."""
    value = response.headers.get("Retry-After", "").strip()
    return float(value) if value.isascii() and value.isdigit() else None
