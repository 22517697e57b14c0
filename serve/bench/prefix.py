"""Time to the first token: of a chat whose system prompt is new, and of the next one with it."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from minilora.command import CommandFailed
from serve.bench.config import BenchConfig
from serve.bench.load import Client, Reply
from serve.bench.questions import QUESTIONS
from serve.bench.report import Figure, Part, table
from serve.bench.server import Server

WANTED_RATIO = 0.4
ANSWER_TOKENS = 4
RULES = (
    "Answer in at most three sentences and never begin with a greeting.",
    "Prices are in euros and include tax; shipping is free above forty euros.",
    "Orders placed before noon on a working day leave the warehouse on the same day.",
    "Returns are accepted for thirty days if the parcel is unopened and undamaged.",
    "Repairs take two weeks; tell the customer that a loan device is available.",
    "Never promise a delivery date: give the usual range and the tracking page instead.",
    "Where a question is about health or law, say that you cannot advise on it.",
    "Gift cards cannot be exchanged for money and do not expire.",
    "The shop in the old town is open from nine to six, on Saturdays until two.",
    "If you do not know the answer, say so and offer to ask a colleague.",
    "Names, addresses and order numbers of other customers are never to be repeated.",
    "The newsletter comes once a month and can be cancelled by a link in each issue.",
    "Students and pensioners get ten percent off everything but books.",
    "Batteries and lamps are taken back free of charge and recycled.",
    "A complaint is first acknowledged in one sentence, then a next step is proposed.",
    "Use the customer's language; where it is unclear, use plain English.",
)  # about 300 tokens with the first line


@dataclass(frozen=True)
class Pair:
    """Two chats with one system prompt."""

    first: Reply
    second: Reply

    @property
    def ratio(self) -> float:
        """Second time to the first token by the first one."""
        assert self.first.first_s is not None
        assert self.second.first_s is not None
        return self.second.first_s / self.first.first_s


async def measure(server: Server, config: BenchConfig) -> Part:
    """Time pairs of chats, one system prompt each, after one unmeasured pair.

    Raises:
        CommandFailed: what the server says about its cache is not what is being measured.
    """
    async with Client(server.url) as client:
        pairs = [await _pair(client, config.model, shop) for shop in range(config.prefixes + 1)]
    pairs = pairs[1:]
    for pair in pairs:
        _check(pair)
    prompts = [pair.first.prompt_tokens for pair in pairs]
    ratio = statistics.median(pair.ratio for pair in pairs)
    rows = [
        [
            shop,
            f"{1000 * (pair.first.first_s or 0):.1f}",
            f"{1000 * (pair.second.first_s or 0):.1f}",
            f"{pair.second.cached_tokens} of {pair.second.prompt_tokens}",
            f"{pair.ratio:.2f}",
        ]
        for shop, pair in enumerate(pairs, 1)
    ]
    heads = ["system prompt", "first, ms", "second, ms", "tokens from the cache", "ratio"]
    return Part(
        "Prefix cache",
        f"{len(pairs)} system prompts, first prompts of {min(prompts)} to {max(prompts)} tokens: "
        "the second request found the system prompt in the cache, the first did not.",
        [Figure("time to first token, second by first, median", ratio, WANTED_RATIO, "x")],
        [table(heads, rows)],
        {"ratios": [pair.ratio for pair in pairs], "prompt_tokens": prompts},
    )


async def _pair(client: Client, model: str, shop: int) -> Pair:
    """Ask two different questions under one system prompt, one after the other."""
    rules = RULES[shop % len(RULES) :] + RULES[: shop % len(RULES)]
    system = " ".join([f"{shop}. You answer customers of shop number {shop}.", *rules])
    asked = [QUESTIONS[(2 * shop + i) % len(QUESTIONS)] for i in (0, 1)]
    first, second = [await client.answer(_body(model, system, question)) for question in asked]
    return Pair(first, second)


def _body(model: str, system: str, question: str) -> dict[str, object]:
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": question},
        ],
        "max_tokens": ANSWER_TOKENS,
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def _check(pair: Pair) -> None:
    if pair.first.first_s is None or pair.second.first_s is None:
        raise CommandFailed("an answer has no text, so there is no first token to time")
    if pair.first.cached_tokens > 0.1 * pair.first.prompt_tokens:
        raise CommandFailed(
            f"{pair.first.cached_tokens} tokens of a new system prompt were in the cache"
        )
    if pair.second.cached_tokens < 0.5 * pair.second.prompt_tokens:
        raise CommandFailed(
            f"only {pair.second.cached_tokens} of {pair.second.prompt_tokens} tokens of the second "
            "prompt came from the cache"
        )
