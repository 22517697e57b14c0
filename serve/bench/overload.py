"""More requests than the server can answer, for minutes, and what is left of it afterwards.

Arrivals are a Poisson process that does not wait for answers, at ``overload_factor`` times the rate
that the server reaches with a full batch. Three API keys share them:

- *staying*: callers that read their answers. What the key was charged must be what their answers
  say they used, to the token.
- *leaving*: callers that close the connection at some random moment: in the queue, in the answer,
  after it. The key must be charged what the server generated for them: at least what reached them,
  at most what they asked for.
- *limited*: a key of few tokens a minute, so that there are 429s among the answers.

The first two hardly refill (a thousandth of a token a minute), so what they were charged is the
difference between two values of ``x-ratelimit-remaining-tokens``: before and after the overload one
request is sent alone, each of the same size, and each header is of the moment right after its
reservation.
"""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import random
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from minilora.command import CommandFailed
from serve.auth import hash_key
from serve.bench.config import BenchConfig
from serve.bench.load import Body, Client, Reply, closed_loop, open_loop
from serve.bench.questions import QUESTIONS, chat_body
from serve.bench.report import Figure, Part, quantile, table
from serve.bench.server import Samples, Server, under_way

ALLOWED = (200, 429, 503)
ANSWER_TOKENS = 24
BATCH, QUEUE = 16, 64  # what the server computes together and lets wait, by default
CALIBRATION = 6 * BATCH  # requests: the batch is full most of the time
SHARES = {"staying": 0.4, "leaving": 0.4, "limited": 0.2}  # of the arrivals
METERED = ("staying", "leaving")
HARDLY_REFILLED = "requests_per_minute = 1e-3\ntokens_per_minute = 1e-3\nburst_s = 6e13"  # 1e9 each
FEW_TOKENS = "requests_per_minute = 6e6\ntokens_per_minute = 6e3\nburst_s = 5"  # 500, 100 a second
MIN_ARRIVALS = 0.9  # of those wanted: else this process, not the server, is what is slow
RSS_EVERY_S = 0.25
WANTED_GROWTH = 1.02  # last fifth by first: an allocator's breathing, not a leak


@dataclass
class Seen:
    """What came of one key's requests.

    Attributes:
        replies: of those that ended as HTTP does, or were left.
        broken: connections that the server ended without an answer.
    """

    replies: list[Reply] = field(default_factory=list)
    broken: int = 0


@dataclass(frozen=True)
class Charges:
    """Model tokens of one key, between two requests of one size, the first of them included.

    Attributes:
        charged: by the quota's header.
        counted: by the server's metrics.
        answered: by ``usage`` in the answers that came whole.
        reached, asked: of callers who left: what came to them, and the most they could use.
    """

    charged: int
    counted: int
    answered: int
    reached: int
    asked: int

    @property
    def plausible(self) -> bool:
        """Whether callers who left were charged something between ``reached`` and ``asked``."""
        return self.reached <= self.charged - self.answered <= self.asked


def flags(folder: Path, config: BenchConfig) -> list[str]:
    """Return the server's flags, with a keys file in ``folder``; a key's text is its name."""
    limits = dict.fromkeys(METERED, HARDLY_REFILLED) | {"limited": FEW_TOKENS}
    rows = [f'[keys.{key}]\nsha256 = "{hash_key(key)}"\n{text}\n' for key, text in limits.items()]
    keys_file = folder / "keys.toml"
    keys_file.write_text("\n".join(rows), encoding="utf-8")
    return ["--keys-file", str(keys_file), "--request-timeout-s", str(config.deadline_s)]


async def measure(server: Server, config: BenchConfig) -> Part:
    """Find the server's rate, overload it, and see what is left.

    Raises:
        CommandFailed: it does not come to rest afterwards.
    """
    random_ = random.Random(0)
    async with AsyncExitStack() as stack:
        clients = {key: await stack.enter_async_context(Client(server.url, key)) for key in SHARES}
        capacity = await _capacity(clients["staying"], config.model, random_)
        print(f"  it answers {capacity:.1f} requests/s", file=sys.stderr, flush=True)
        await server.idle()
        counted = {key: await server.tokens_counted(key) for key in METERED}
        before = {key: await _reading(clients[key], config.model) for key in METERED}
        seen = {key: Seen() for key in SHARES}
        rss: list[int] = []
        watch = asyncio.create_task(_watch_memory(server, rss))
        rate = await _overload(clients, seen, capacity, config, random_)
        watch.cancel()
        afterwards = await server.idle()
        counted = {key: await server.tokens_counted(key) - counted[key] for key in METERED}
        after = {key: await _reading(clients[key], config.model) for key in METERED}
    charges = {
        key: charges_of(before[key], after[key], counted[key], seen[key].replies) for key in METERED
    }
    return make_part(config, rate / capacity, seen, rss, afterwards, charges)


def _body(model: str, random_: random.Random, stream: bool, logprobs: bool = False) -> Body:
    """Return a request that shares no beginning with others, by its random number."""
    fields: Body = {"stream": True, "stream_options": {"include_usage": True}} if stream else {}
    if logprobs:
        fields["logprobs"] = True  # so that each token of a stream can be counted
    number = random_.randrange(10**6)
    return chat_body(model, random_.choice(QUESTIONS), number, ANSWER_TOKENS, **fields)


async def _capacity(client: Client, model: str, random_: random.Random) -> float:
    """Return the requests a second that a full batch answers; the first batch warms up."""
    bodies = [_body(model, random_, stream=i % 2 == 0) for i in range(BATCH + CALIBRATION)]
    await closed_loop(client, bodies[:BATCH], BATCH)
    began = time.perf_counter()
    await closed_loop(client, bodies[BATCH:], BATCH)
    return CALIBRATION / (time.perf_counter() - began)


async def _reading(client: Client, model: str) -> Reply:
    """Return the answer to a request that is the same each time, sent alone."""
    return await client.answer(chat_body(model, QUESTIONS[0], 0, ANSWER_TOKENS))


async def _overload(
    clients: dict[str, Client],
    seen: dict[str, Seen],
    capacity: float,
    config: BenchConfig,
    random_: random.Random,
) -> float:
    """Send requests for ``overload_s`` seconds, note what comes; return the arrivals a second."""
    longest_s = 1.5 * (BATCH + QUEUE) / capacity  # in the queue and in the batch

    async def send() -> None:
        key = random_.choices(list(SHARES), list(SHARES.values()))[0]
        leaving, stream = key == "leaving", random_.random() < 0.5
        body = _body(config.model, random_, stream, logprobs=leaving and stream)
        leave_after_s = random_.uniform(0, longest_s) if leaving else None
        try:
            seen[key].replies.append(await clients[key].chat(body, leave_after_s))
        except httpx.TransportError:
            seen[key].broken += 1

    return await open_loop(config.overload_factor * capacity, config.overload_s, random_, send)


async def _watch_memory(server: Server, rss: list[int]) -> None:
    while True:
        with suppress(OSError):  # ended: who waits for its answers will hear of it
            rss.append(server.rss_bytes())
        await asyncio.sleep(RSS_EVERY_S)


# --- what it means -------------------------------------------------------------------------------


def charges_of(before: Reply, after: Reply, counted: int, replies: Sequence[Reply]) -> Charges:
    """Return a key's tokens from the request ``before`` to just before the request ``after``.

    Both have the same reservation r. With level L before, and U used by all others,
    remaining_before = L - r and remaining_after = L - used_before - U - r.

    Raises:
        CommandFailed: there are no quota headers, or the two requests are not of one size.
    """
    if before.remaining_tokens is None or after.remaining_tokens is None:
        raise CommandFailed("answers lack the header x-ratelimit-remaining-tokens")
    if before.prompt_tokens != after.prompt_tokens:
        raise CommandFailed("the same request has prompts of different lengths")
    whole = [before, *(reply for reply in replies if reply.answered)]
    left = [reply for reply in replies if reply.left]
    longest = max(reply.prompt_tokens for reply in whole)
    return Charges(
        charged=before.remaining_tokens - after.remaining_tokens,
        counted=counted,
        answered=sum(reply.used_tokens for reply in whole),
        reached=sum(reply.streamed_tokens for reply in left),
        asked=len(left) * (longest + ANSWER_TOKENS),
    )


def growth(rss: Sequence[int]) -> float | None:
    """Return the median of the last fifth by that of the first; None of fewer than five."""
    fifth = len(rss) // 5
    if fifth == 0:
        return None
    return statistics.median(rss[-fifth:]) / statistics.median(rss[:fifth])


def make_part(
    config: BenchConfig,
    arrivals: float,
    seen: dict[str, Seen],
    rss: Sequence[int],
    afterwards: Samples,
    charges: dict[str, Charges],
) -> Part:
    """Return the figures of an overload.

    Args:
        config: of the run.
        arrivals: in times of the server's capacity.
        seen: key -> its requests.
        rss: bytes, in the order of time.
        afterwards: the metrics when all was over.
        charges: metered key -> its tokens.
    """
    replies = [reply for one in seen.values() for reply in one.replies]
    accepted = [reply.total_s for reply in replies if reply.answered]
    staying, leaving = charges["staying"], charges["leaving"]
    n_left = sum(reply.left for reply in replies)
    figures = [
        Figure(
            "arrivals by what it can answer",
            arrivals,
            MIN_ARRIVALS * config.overload_factor,
            "x",
            "at least",
        ),
        Figure("answers that are not 200, 429 or 503, or broke off", _wrong(seen), 0),
        Figure(
            "accepted requests, p99",
            quantile(accepted, 0.99) if accepted else None,
            config.deadline_s,
            "s",
        ),
        Figure("memory, last fifth by first", growth(rss), WANTED_GROWTH, "x"),
        Figure("afterwards: requests that run or wait", under_way(afterwards), 0),
        Figure("afterwards: cache in use", afterwards["minilora:kv_cache_usage_perc"], 0),
        Figure(
            "callers who stay: charged beside used, off by",
            abs(staying.charged - staying.answered),
            0,
            "tokens",
        ),
        Figure(
            "callers who leave: charged beside generated, off by",
            abs(leaving.charged - leaving.counted),
            0,
            "tokens",
        ),
        Figure(
            "callers who leave: charged less than reached them, or more than they asked for",
            float(not leaving.plausible),
            0,
        ),
    ]
    heads = ["key", "requests", "200", "429", "503", "left", "other", "p50 of 200, s", "p99, s"]
    rows = [[key, *_cells(one)] for key, one in seen.items()]
    spent = [
        [key, c.charged, c.counted, c.answered, c.charged - c.answered, c.reached]
        for key, c in charges.items()
    ]
    columns = ["key", "charged", "counted", "in whole answers", "for who left", "reached these"]
    return Part(
        f"Overload, {config.overload_s:g} s",
        f"{len(replies)} requests, {n_left} of them left by their callers; the server came to "
        "rest afterwards and ended with code 0.",
        figures,
        [table(heads, rows), f"Model tokens by key:\n\n{table(columns, spent)}"],
        {
            "statuses": {key: dict(statuses(one)) for key, one in seen.items()},
            "charges": {key: dataclasses.asdict(c) for key, c in charges.items()},
            "rss_bytes": list(rss),
            "accepted_s": accepted,
        },
    )


def statuses(seen: Seen) -> collections.Counter[str]:
    """Return how often each end occurred: a status, "left", or "broken" (also inside a stream)."""
    ends: collections.Counter[str] = collections.Counter(
        {"broken": seen.broken} if seen.broken else {}
    )
    for reply in seen.replies:
        if reply.left:
            ends["left"] += 1
        elif reply.status == 200 and reply.error is not None:
            ends["broken"] += 1
        else:
            ends[str(reply.status)] += 1
    return ends


def _wrong(seen: dict[str, Seen]) -> int:
    allowed = {"left", *map(str, ALLOWED)}
    return sum(n for one in seen.values() for end, n in statuses(one).items() if end not in allowed)


def _cells(one: Seen) -> list[object]:
    ends = statuses(one)
    named = [ends.pop(name, 0) for name in ("200", "429", "503", "left")]
    accepted = [reply.total_s for reply in one.replies if reply.answered]
    times = [f"{quantile(accepted, share):.2f}" if accepted else "–" for share in (0.5, 0.99)]
    return [sum(named) + ends.total(), *named, ends.total(), *times]
