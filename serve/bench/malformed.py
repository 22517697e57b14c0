"""Requests that are broken, too large or too slow: refused in time, and cheap for the server.

What they cost is the processor time of the server's process while they last, by the connection,
beside what an ordinary short answer costs.
"""

from __future__ import annotations

import asyncio
import collections
import sys
import time
from dataclasses import dataclass

import httpx

from minilora.command import CommandFailed
from serve.bench.bad_requests import BadRequest, Outcome, kinds, send
from serve.bench.config import BenchConfig
from serve.bench.load import Client
from serve.bench.questions import QUESTIONS, chat_body
from serve.bench.report import Figure, Part, table
from serve.bench.server import Server

ORDINARY = 10  # answers whose cost is taken as the measure
ANSWER_TOKENS = 16
WANTED_COST = 0.1  # of an ordinary answer
HEALTH_EVERY_S = 0.5


@dataclass(frozen=True)
class Measured:
    """One kind of request, on many connections at once.

    Attributes:
        request: the kind.
        outcomes: one a connection.
        cpu_s: processor seconds of the server in the meantime.
        health_s: what ``/health`` took meanwhile, at worst.
    """

    request: BadRequest
    outcomes: list[Outcome]
    cpu_s: float
    health_s: float

    @property
    def wrong(self) -> int:
        """Connections that did not end as they should."""
        return sum(
            outcome.open or outcome.status not in self.request.expected for outcome in self.outcomes
        )

    @property
    def cpu_each_s(self) -> float:
        """Processor seconds for each connection."""
        return self.cpu_s / len(self.outcomes)


async def measure(server: Server, config: BenchConfig) -> Part:
    """Send every kind on ``connections`` connections at once, kind after kind.

    Raises:
        CommandFailed: ordinary requests are not answered before or afterwards.
    """
    ordinary_s = await _ordinary_cost(server, config.model)
    found = []
    for request in kinds(config.model):
        found.append(await _measure(server, request, config.connections))
        took_s = max(outcome.seconds for outcome in found[-1].outcomes)
        print(f"  {request.name}: {took_s:.1f} s", file=sys.stderr, flush=True)
    await server.idle()
    await _ordinary_cost(server, config.model)  # it still answers
    n_wrong = sum(one.wrong for one in found)
    dearest = max(one.cpu_each_s for one in found)
    rows = [_row(one, ordinary_s) for one in found]
    heads = ["request", "ended with", "as it should", "after, s", "CPU, ms", "of an answer"]
    return Part(
        "Malformed, oversized and slow requests",
        f"{config.connections} connections of each of {len(found)} kinds; ordinary requests were "
        "answered before and afterwards.",
        [
            Figure("connections that ended otherwise than they should", n_wrong, 0),
            Figure("dearest by an ordinary answer, CPU", dearest / ordinary_s, WANTED_COST, "x"),
            Figure(
                "GET /health meanwhile, slowest",
                1000 * max(one.health_s for one in found),
                unit="ms",
            ),
        ],
        [
            f"An ordinary answer of {ANSWER_TOKENS} tokens takes {1000 * ordinary_s:.1f} ms of "
            "processor time.",
            table(heads, rows),
        ],
        {
            "ordinary_cpu_s": ordinary_s,
            "cpu_s": {one.request.name: one.cpu_each_s for one in found},
            "ends": {one.request.name: _ends(one) for one in found},
        },
    )


async def _ordinary_cost(server: Server, model: str) -> float:
    """Return the server's processor seconds for an ordinary answer, after one that warms up."""
    async with Client(server.url) as client:
        await client.answer(chat_body(model, QUESTIONS[0], 0, ANSWER_TOKENS))
        began = server.cpu_s()
        for number in range(1, ORDINARY + 1):
            await client.answer(chat_body(model, QUESTIONS[number], number, ANSWER_TOKENS))
    used_s = (server.cpu_s() - began) / ORDINARY
    if used_s == 0:
        raise CommandFailed("an ordinary answer takes no processor time that could be measured")
    return used_s


async def _measure(server: Server, request: BadRequest, n: int) -> Measured:
    """Send one kind ``n`` times at once; the processor time holds that of the health probes too."""
    health_s = [0.0]
    began = server.cpu_s()
    watch = asyncio.create_task(_watch_health(server, health_s))
    try:
        outcomes = await asyncio.gather(*(send(server.address, request) for _ in range(n)))
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
    return Measured(request, outcomes, server.cpu_s() - began, max(health_s))


async def _watch_health(server: Server, seconds: list[float]) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        while True:
            began = time.perf_counter()
            (await http.get("/health")).raise_for_status()
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(HEALTH_EVERY_S)


def _ends(one: Measured) -> dict[str, int]:
    """Return how often each end occurred."""
    return dict(collections.Counter(_end(outcome) for outcome in one.outcomes))


def _end(outcome: Outcome) -> str:
    if outcome.open:
        return "still open"
    return "closed" if outcome.status is None else str(outcome.status)


def _row(one: Measured, ordinary_s: float) -> list[object]:
    ends = ", ".join(f"{end}: {n}" for end, n in _ends(one).items())
    n = len(one.outcomes)
    return [
        one.request.name,
        ends,
        f"{n - one.wrong} of {n}",
        f"{max(outcome.seconds for outcome in one.outcomes):.1f}",
        f"{1000 * one.cpu_each_s:.2f}",
        f"{one.cpu_each_s / ordinary_s:.3f}",
    ]
