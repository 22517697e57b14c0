"""Work off the event loop, in a thread that does nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from serve.trace import Tracer

T = TypeVar("T")


class WorkThread:
    """Runs work in a pool, under the span that is entered where it is asked for."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool

    async def __call__(self, work: Callable[[], T]) -> T:
        """Return the result of some work."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, Tracer.bind(work))
