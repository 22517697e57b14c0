"""How long ``GET /health`` takes while the model is generating for as many callers as it takes."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator

from minilora.command import CommandFailed
from serve.bench.config import BenchConfig
from serve.bench.load import Client
from serve.bench.questions import chat_body, question
from serve.bench.report import Figure, Part, quantile, table
from serve.bench.server import Server

WANTED_P99_MS = 5.0
ANSWER_TOKENS = 256
IDLE_PROBES_SHARE = 0.2  # of the probes: enough to see what the machine itself does
MIN_BUSY = 0.75  # of the callers must be in the batch before and after: ends and begins take time
BUSY_TIMEOUT_S = 60.0  # until the batch is full


async def measure(server: Server, config: BenchConfig) -> Part:
    """Probe an idle server, then one with ``concurrency`` chats under way, half of them streams.

    Raises:
        CommandFailed: a probe or a chat fails, or the batch is not full while probing.
    """
    n_idle = max(1, int(config.probes * IDLE_PROBES_SHARE))
    idle_ms = await _probe(server, n_idle, config.probe_rate)
    numbers = itertools.count()
    async with Client(server.url) as client:
        chats = [
            asyncio.create_task(_talk(client, config.model, numbers, place % 2 == 0))
            for place in range(config.concurrency)
        ]
        try:
            await _until_busy(server, chats, config.concurrency)
            busy_ms = await _probe(server, config.probes, config.probe_rate)
            _check_alive(chats)
            n_running = (await server.metrics())["minilora:num_requests_running"]
        finally:
            for chat in chats:
                chat.cancel()
            await asyncio.gather(*chats, return_exceptions=True)
    if n_running < MIN_BUSY * config.concurrency:
        raise CommandFailed(f"only {n_running:.0f} chats were under way after the probes")
    await server.idle()
    rows = [
        [name, len(ms), *(f"{quantile(ms, share):.2f}" for share in (0.5, 0.9, 0.99, 1.0))]
        for name, ms in (("idle", idle_ms), (f"{config.concurrency} chats", busy_ms))
    ]
    return Part(
        "GET /health under load",
        f"Every probe was answered 200, {n_running:.0f} chats in the batch after the last one; "
        "afterwards nothing ran.",
        [Figure("p99 while generating", quantile(busy_ms, 0.99), WANTED_P99_MS, "ms")],
        [table(["server", "probes", "p50, ms", "p90", "p99", "max"], rows)],
        {"idle_ms": idle_ms, "busy_ms": busy_ms},
    )


async def _talk(client: Client, model: str, numbers: Iterator[int], stream: bool) -> None:
    """Ask one thing after the other, for ever."""
    for number in numbers:
        await client.answer(
            chat_body(model, question(number), number, ANSWER_TOKENS, stream=stream)
        )


async def _until_busy(server: Server, chats: list[asyncio.Task[None]], concurrency: int) -> None:
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while (await server.metrics())["minilora:num_requests_running"] < MIN_BUSY * concurrency:
        _check_alive(chats)
        if time.monotonic() > deadline:
            raise CommandFailed(
                f"of {concurrency} chats, fewer than {MIN_BUSY:.0%} were ever in the batch at once"
            )
        await asyncio.sleep(0.05)


def _check_alive(chats: list[asyncio.Task[None]]) -> None:
    """Raise what ended a chat, none of which ends by itself."""
    for chat in chats:
        if chat.done():
            chat.result()


async def _probe(server: Server, n: int, rate_per_s: float) -> list[float]:
    """Return the milliseconds of ``n`` probes by a process of their own."""
    arguments = [*map(str, server.address), str(n), str(rate_per_s)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "serve.bench.probe", *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise CommandFailed("a probe of /health failed")
    return [1000 * seconds for seconds in json.loads(output)]
