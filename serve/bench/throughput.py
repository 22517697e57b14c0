"""Tokens a second: requests one at a time, many at once, and transformers' batches of them.

First the results: one at a time and together, the server must give the same answers to the letter;
and each of their tokens must be the likeliest, up to rounding, to transformers in float32. Then the
times, in turn, each turn on conversations of new numbers, so that no prompt is in the prefix cache.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import torch

from minilora.bench_timing import Timing
from minilora.chat import Tokenizer
from minilora.command import CommandFailed
from minilora.loading import load
from serve.bench.config import BenchConfig
from serve.bench.load import Body, Client, Reply, closed_loop
from serve.bench.peers import Transformers
from serve.bench.questions import chat_body, question
from serve.bench.report import Figure, Part, quantile, table
from serve.bench.server import UNLIMITED, Server

WANTED_BATCHING = 4.0
WANTED_PEER = 1.5
# bfloat16 keeps 8 bits, so a logit near 20 is off by about 0.1; a wrong token lies several below.
MAX_REGRET = 1.0
ONE, TOGETHER = "one at a time", "together"
FLAGS = (*UNLIMITED, "--quant", "none")  # transformers holds the same weights


@dataclass(frozen=True)
class Run:
    """One way's turn: what it generated and how long it took."""

    tokens: int
    seconds: float

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds


class Peer:
    """transformers on the requests of a turn.

    Args:
        config: of the run.

    Attributes:
        exact: in float32, for checking.
        timed: name -> what is timed.
    """

    def __init__(self, config: BenchConfig) -> None:
        model, tokenizer = load(config.model, "none", device=config.device, dtype=torch.float32)
        self.tokenizer: Tokenizer = tokenizer
        self.exact = Transformers(model, tokenizer, torch.float32)
        self.timed = {
            "transformers, float32": self.exact,
            "transformers, bfloat16": Transformers(model, tokenizer, torch.bfloat16),
        }

    def prompt(self, body: Body) -> list[int]:
        """Return the tokens that the server makes of a request."""
        return self.tokenizer.encode_chat(body["messages"], add_generation_prompt=True)

    def check(self, bodies: Sequence[Body], replies: Sequence[Reply]) -> str:
        """Return in a sentence how near the answers are to what transformers would say.

        Raises:
            CommandFailed: a prompt of another length, or a token that is far from likeliest.
        """
        regrets: list[float] = []
        compared = 0
        for body, reply in zip(bodies, replies, strict=True):
            prompt, answer = self.prompt(body), self.tokenizer.encode(reply.text)
            if len(prompt) != reply.prompt_tokens:
                raise CommandFailed(
                    f"the server counts {reply.prompt_tokens} tokens in a prompt of {len(prompt)}"
                )
            if len(answer) == reply.completion_tokens:  # else its text has another spelling
                regrets += self.exact.regrets(prompt, answer)
                compared += 1
        worst = max(regrets, default=0.0)
        if 2 * compared < len(replies):
            raise CommandFailed(f"only {compared} of {len(replies)} answers could be compared")
        if worst > MAX_REGRET:
            raise CommandFailed(
                f"a token of an answer lies {worst:.2f} logits below transformers' choice, more "
                f"than the {MAX_REGRET:g} that rounding explains"
            )
        same = sum(regret == 0 for regret in regrets) / len(regrets)
        return (
            f"Of {len(regrets)} tokens in {compared} answers, {100 * same:.1f}% are the likeliest "
            f"to transformers in float32, and no token lies more than {worst:.2f} logits below."
        )

    def warm_up(self, config: BenchConfig, bodies: Sequence[Body]) -> None:
        """Generate a little, so that no turn pays for memory and the choice of kernels."""
        for theirs in self.timed.values():
            theirs.generate([self.prompt(body) for body in bodies[: config.concurrency]], 2)

    def run(self, theirs: Transformers, config: BenchConfig, bodies: Sequence[Body]) -> Run:
        """Generate the answers in batches of ``concurrency``, in the order of the requests."""
        began, tokens, size = time.perf_counter(), 0, config.concurrency
        prompts = [self.prompt(body) for body in bodies]
        for start in range(0, len(prompts), size):
            answers = theirs.generate(prompts[start : start + size], config.new_tokens)
            tokens += sum(map(len, answers))
        return Run(tokens, time.perf_counter() - began)


async def measure(server: Server, config: BenchConfig) -> Part:
    """Check the answers, then time all ways in turn.

    Raises:
        CommandFailed: answers differ.
    """
    peer = Peer(config) if find_spec("transformers") is not None else None
    async with Client(server.url) as client:
        checked = await _check(client, config, peer)
        runs: dict[str, list[Run]] = {}
        for turn in range(config.repeats):
            for name, run in (await _turn(client, config, peer, turn)).items():
                runs.setdefault(name, []).append(run)
                print(f"  {name}: {run.rate:.1f} tokens/s", file=sys.stderr, flush=True)
    batching = _times(runs[TOGETHER], runs[ONE])
    figures = [Figure("together by one at a time", batching, WANTED_BATCHING, "x", "at least")]
    against = min((_times(runs[TOGETHER], runs[name]) for name in _peers(runs)), default=None)
    figures.append(Figure("by transformers' faster batches", against, WANTED_PEER, "x", "at least"))
    lengths = [peer.prompt(body) for body in _bodies(config, 0)] if peer else []
    prompts = f" of {min(map(len, lengths))} to {max(map(len, lengths))} tokens" if lengths else ""
    notes = [
        f"{config.requests} prompts{prompts}, greedy, up to {config.new_tokens} tokens each, "
        f"{config.concurrency} together; tokens/s of the median of {config.repeats} turns.",
        _table(runs),
    ]
    if peer is None:
        notes.append("transformers is not installed: ours is timed alone.")
    data = {name: [dataclasses.asdict(run) for run in ways] for name, ways in runs.items()}
    return Part("Throughput", checked, figures, notes, {"runs": data})


def _bodies(config: BenchConfig, turn: int) -> list[Body]:
    """Return the requests of a turn; no two turns share a prompt."""
    return [
        chat_body(config.model, question(i), 1000 * turn + i, config.new_tokens)
        for i in range(config.requests)
    ]


async def _check(client: Client, config: BenchConfig, peer: Peer | None) -> str:
    bodies = _bodies(config, 0)
    alone = await closed_loop(client, bodies, 1)
    together = await closed_loop(client, bodies, config.concurrency)
    for i, (one, other) in enumerate(zip(alone, together, strict=True)):
        if (one.text, one.completion_tokens) != (other.text, other.completion_tokens):
            raise CommandFailed(
                f"request {i} is answered {one.text!r} alone and {other.text!r} among others"
            )
    if peer is not None:
        peer.warm_up(config, bodies)
    said = f"{len(bodies)} answers are the same alone and among {config.concurrency}."
    return said if peer is None else f"{said} {peer.check(bodies, alone)}"


async def _turn(
    client: Client, config: BenchConfig, peer: Peer | None, turn: int
) -> dict[str, Run]:
    """Run every way once, each on prompts that the server has not seen."""
    runs = {}
    for offset, (name, size) in enumerate(((ONE, 1), (TOGETHER, config.concurrency)), 1):
        bodies = _bodies(config, 2 * turn + offset)
        began = time.perf_counter()
        replies = await closed_loop(client, bodies, size)
        tokens = sum(reply.completion_tokens for reply in replies)
        runs[name] = Run(tokens, time.perf_counter() - began)
    if peer is not None:
        for name, theirs in peer.timed.items():
            runs[name] = peer.run(theirs, config, bodies)
    return runs


def _peers(runs: dict[str, list[Run]]) -> list[str]:
    return [name for name in runs if name not in (ONE, TOGETHER)]


def _times(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    """Return how many times as many tokens a second ours makes: the median over the turns."""
    return _per_token(ours).times(_per_token(theirs))


def _per_token(runs: Sequence[Run]) -> Timing:
    return Timing("seconds per token", tuple(run.seconds / run.tokens for run in runs))


def _table(runs: dict[str, list[Run]]) -> str:
    rows = []
    for name, ways in runs.items():
        rates = [run.rate for run in ways]
        rows.append([name, *(f"{quantile(rates, share):.1f}" for share in (0.5, 0.0, 1.0))])
    return table(["way", "tokens/s, median", "least", "most"], rows)
