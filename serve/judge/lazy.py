"""A judge that is loaded when it is first asked: what the cache answers needs no model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from serve.detective.reply import Usage
from serve.judge.judge import Generated, Judge, Preference
from serve.judge.verdicts import ClaimVerdict


class LazyJudge:
    """Another judge, made on the first question; see :class:`serve.judge.judge.Judge`.

    Args:
        name: that the judge will have.
        model: that it will ask.
        load: makes it; runs in a thread.
    """

    def __init__(self, name: str, model: str, load: Callable[[], Judge]) -> None:
        self.name, self.model = name, model
        self._load = load
        self._judge: Judge | None = None
        self._loading = asyncio.Lock()

    @property
    def usage(self) -> Usage:
        """What was asked of the model so far."""
        return self._judge.usage if self._judge is not None else Usage()

    async def claims(self, question: str, answer: str) -> list[str]:
        """Return what the judge does."""
        return await (await self._loaded()).claims(question, answer)

    async def verdict(self, claim: str, passages: Sequence[str]) -> ClaimVerdict:
        """Return what the judge does."""
        return await (await self._loaded()).verdict(claim, passages)

    async def questions(self, answer: str, n: int) -> Generated:
        """Return what the judge does."""
        return await (await self._loaded()).questions(answer, n)

    async def compare(self, question: str, a: str, b: str) -> Preference:
        """Return what the judge does."""
        return await (await self._loaded()).compare(question, a, b)

    async def close(self) -> None:
        """Let go of the judge, where it was ever loaded."""
        if self._judge is not None:
            await self._judge.close()

    async def _loaded(self) -> Judge:
        async with self._loading:
            if self._judge is None:
                self._judge = await asyncio.to_thread(self._load)
            return self._judge
