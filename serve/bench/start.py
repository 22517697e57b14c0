"""How long it takes from starting the process to its first answer, with the weights cached."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from minilora.command import CommandFailed
from serve.bench.config import BenchConfig
from serve.bench.load import Client
from serve.bench.questions import QUESTIONS, chat_body
from serve.bench.report import Figure, Part
from serve.bench.server import SERVE, UNLIMITED, running

WANTED_S = 15.0
ANSWER_TOKENS = 16


async def measure(config: BenchConfig, command: Sequence[str] = SERVE) -> Part:
    """Start the server several times, the first of them unmeasured: it may fetch the weights."""
    starts: list[tuple[float, float]] = []
    for turn in range(config.repeats + 1):
        ready_s, answer_s = await _start(config, command)
        print(f"  start {turn}: first answer after {answer_s:.2f} s", file=sys.stderr, flush=True)
        if turn > 0:
            starts.append((ready_s, answer_s))
    ready = [ready_s for ready_s, _ in starts]
    answer = [answer_s for _, answer_s in starts]
    return Part(
        "Start",
        f"Each of {config.repeats} starts gave an answer, and the process ended with code 0.",
        [
            Figure("process start to ready, median", statistics.median(ready), None, "s"),
            Figure("process start to first answer, median", statistics.median(answer), None, "s"),
            Figure("process start to first answer, longest", max(answer), WANTED_S, "s"),
        ],
        data={"ready_s": ready, "first_answer_s": answer},
    )


async def _start(config: BenchConfig, command: Sequence[str]) -> tuple[float, float]:
    """Return the seconds until ready and until the first answer of a new process."""
    body = chat_body(config.model, QUESTIONS[0], 1, ANSWER_TOKENS)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        flags = [*config.server_flags, *UNLIMITED]
        async with running(flags, Path(folder), command) as server:
            ready_s = time.perf_counter() - began
            async with Client(server.url) as client:
                reply = await client.answer(body)
            answer_s = time.perf_counter() - began
    if not reply.text:
        raise CommandFailed("the first answer is empty")
    return ready_s, answer_s
