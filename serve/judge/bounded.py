"""A judge that is asked only so much at once, and again where it failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from serve.detective.reply import Usage
from serve.judge.judge import Generated, Judge, Preference
from serve.judge.verdicts import ClaimVerdict, JudgeFailed

T = TypeVar("T")


class BoundedJudge:
    """Another judge behind a limit; see :class:`serve.judge.judge.Judge`.

    Args:
        judge: asked.
        concurrency: questions to it at once, at least 1.
        retries: further tries after a failure, at least 0.
        pause_s: before the second try; doubled before each one after it.
        sleep: what waits.

    Attributes:
        asked: questions that were put to it, retries not counted.
        failed: questions that no try answered.
    """

    def __init__(
        self,
        judge: Judge,
        concurrency: int = 8,
        retries: int = 2,
        pause_s: float = 0.5,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if concurrency < 1 or retries < 0:
            raise ValueError(
                f"needs concurrency of 1 and retries of 0 at least, got {concurrency}, {retries}"
            )
        self.name, self.model = judge.name, judge.model
        self.asked = self.failed = 0
        self._judge, self._places = judge, asyncio.Semaphore(concurrency)
        self._retries, self._pause_s, self._sleep = retries, pause_s, sleep

    @property
    def usage(self) -> Usage:
        """What was asked of the model so far, retries included."""
        return self._judge.usage

    async def claims(self, question: str, answer: str) -> list[str]:
        """Return what the judge does."""
        return await self._try(lambda: self._judge.claims(question, answer))

    async def verdict(self, claim: str, passages: Sequence[str]) -> ClaimVerdict:
        """Return what the judge does."""
        return await self._try(lambda: self._judge.verdict(claim, passages))

    async def questions(self, answer: str, n: int) -> Generated:
        """Return what the judge does."""
        return await self._try(lambda: self._judge.questions(answer, n))

    async def compare(self, question: str, a: str, b: str) -> Preference:
        """Return what the judge does."""
        return await self._try(lambda: self._judge.compare(question, a, b))

    async def close(self) -> None:
        """Let go of the judge."""
        await self._judge.close()

    async def _try(self, ask: Callable[[], Awaitable[T]]) -> T:
        self.asked += 1
        async with self._places:
            for attempt in range(self._retries + 1):
                try:
                    return await ask()
                except JudgeFailed:
                    if attempt == self._retries:
                        self.failed += 1
                        raise
                await self._sleep(self._pause_s * 2**attempt)
        raise AssertionError("the last try returns or raises")
