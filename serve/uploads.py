"""Files on their way into the store: a few at a time, off the event loop, the rest told to wait.

An upload takes a place before its body is read and keeps it until it is stored or refused, so what
uploads hold of memory, disk and threads is bounded by the number of places.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from serve.detective.documents import DocumentError
from serve.detective.ingest import Ingester
from serve.detective.store import Document, DuplicateDocument
from serve.detective_metrics import DetectiveMetrics


class UploadsUnavailable(Exception):
    """Every place is taken, or the server is stopping (HTTP 503); the message says which."""


class Uploads:
    """The way into the store; for one event loop.

    Args:
        ingester: reads, cuts, encodes and stores.
        metrics: hear of each file.
        places: uploads at once, those that are received or wait counted.
        threads: that ingest.
        prepare_thread: called once in each, such as :func:`serve.engine.use_one_core`.
        clock: seconds, monotonic.

    Attributes:
        taken: places.
    """

    def __init__(
        self,
        ingester: Ingester,
        metrics: DetectiveMetrics,
        places: int,
        threads: int = 1,
        prepare_thread: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ingester, self._metrics, self._clock = ingester, metrics, clock
        self._places, self.taken = places, 0
        self._closing = False
        self._pool = ThreadPoolExecutor(threads, "ingest", initializer=prepare_thread)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place for as long as the block runs.

        Raises:
            UploadsUnavailable: there is none.
        """
        if self.taken == self._places:
            raise UploadsUnavailable(f"{self._places} uploads are under way")
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    async def ingest(self, name: str, data: bytes) -> Document:
        """Store a file; whoever sent it may leave meanwhile, it is stored all the same.

        Raises:
            DocumentError, DuplicateDocument, StoreError: as :meth:`Ingester.ingest`.
            UploadsUnavailable: the server stopped meanwhile.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._ingest, name, data)

    def close(self) -> None:
        """End it; a file whose text is being encoded is given up, nothing of it stored."""
        self._closing = True
        self._pool.shutdown(cancel_futures=True)

    def _ingest(self, name: str, data: bytes) -> Document:
        """Ingest in a thread of the pool, and count it."""
        began, outcome = self._clock(), "failed"
        try:
            document = self._ingester.ingest(name, data, self._unless_closing)
            outcome = "stored"
            return document
        except DuplicateDocument:
            outcome = "duplicate"
            raise
        except DocumentError:
            outcome = "refused"
            raise
        finally:
            self._metrics.ingested(outcome, self._clock() - began)

    def _unless_closing(self, done: int, total: int) -> None:
        if self._closing:
            raise UploadsUnavailable("the server is stopping")
