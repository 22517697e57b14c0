"""Tokens a second in greedy decoding, ours and transformers', on the same prompts.

First the results: in float32 both must give the same tokens, or nothing is timed. Then each decodes
the same number of tokens from the same prompts in bfloat16, ours also from 8-bit weights, whose
effect on the logits is reported. No token ends a reply, so that all take the same steps.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor

from minilora import bench_peers
from minilora.bench_timing import Timing, time_in_turn
from minilora.chat import Tokenizer
from minilora.command import CommandFailed
from minilora.decode_weights import unpacked
from minilora.fast_model import FastModel
from minilora.generate import Sampling, generate
from minilora.loading import load
from minilora.model import Llama

CHECKED_TOKENS = 16  # of each row, against transformers in float32
QUESTIONS = (
    "What is the capital of Australia, and why is it not Sydney?",
    "Write three sentences about the sea.",
    "Explain how a bicycle stays upright.",
    "List five vegetables that grow in the shade.",
    "Write a Python function that reverses a string.",
    "How do I boil an egg?",
    "Summarise the plot of Romeo and Juliet.",
    "Give me a recipe for bread.",
)  # what the effect of 8-bit weights is measured on: the model's own replies to these
REPLY_TOKENS = 48
TRANSFORMERS = "transformers, bfloat16"
OURS = "ours, bfloat16"
OURS_INT8 = "ours, int8 weights"


class NoEnd:
    """Stands in for a tokenizer of which no token ends a reply and no text is wanted."""

    eos_ids: tuple[int, ...] = ()

    def decode(self, ids: Sequence[int]) -> str:
        """Return no text."""
        return ""


def our_tokens(model: Llama, prompts: Sequence[Sequence[int]], n_new: int) -> list[list[int]]:
    """Return ``n_new`` tokens for each prompt, greedily, as :mod:`minilora.generate` does it."""
    endless = cast(Tokenizer, NoEnd())
    completions = generate(model, endless, prompts, Sampling(max_new_tokens=n_new))
    return [list(completion.tokens) for completion in completions]


@torch.inference_mode()
def their_tokens(model: Any, prompts: Sequence[Sequence[int]], n_new: int) -> list[list[int]]:
    """Return ``n_new`` tokens for each prompt of one length, through transformers' generate."""
    tokens = torch.tensor(prompts)
    model.generation_config.eos_token_id = None
    out: Tensor = model.generate(
        tokens,
        attention_mask=torch.ones_like(tokens),
        max_new_tokens=n_new,
        do_sample=False,
        pad_token_id=0,
    )
    return cast(list[list[int]], out[:, tokens.shape[1] :].tolist())


def make_prompts(n_rows: int, length: int, vocab_size: int) -> list[list[int]]:
    """Return prompts of random tokens, which share nothing."""
    generator = torch.Generator().manual_seed(0)
    drawn = torch.randint(vocab_size, (n_rows, length), generator=generator)
    return cast(list[list[int]], drawn.tolist())


def check_tokens(ours: Llama, theirs: Any, prompts: Sequence[Sequence[int]]) -> int:
    """Return how many tokens were compared, ours unpacked and transformers', both in float32.

    Raises:
        CommandFailed: a token differs.
    """
    with unpacked(ours):
        mine = our_tokens(ours, prompts, CHECKED_TOKENS)
    other = their_tokens(theirs, prompts, CHECKED_TOKENS)
    if mine != other:
        row = next(i for i, (a, b) in enumerate(zip(mine, other, strict=True)) if a != b)
        raise CommandFailed(
            f"row {row}: we decode {mine[row]}, transformers {other[row]}; nothing was timed"
        )
    return CHECKED_TOKENS * len(prompts)


@dataclass(frozen=True)
class Drift:
    """What 8-bit weights change at the positions of the model's own greedy replies.

    Attributes:
        top1: share of positions where the likeliest token stays the same.
        mean, largest: absolute change of a logit.
        kl: mean Kullback-Leibler divergence of the 8-bit distribution from the dense one, nats.
        positions: how many positions there were.
    """

    top1: float
    mean: float
    largest: float
    kl: float
    positions: int


@torch.inference_mode()
def int8_drift(model: Llama, tokenizer: Tokenizer) -> Drift:
    """Compare logits by 8-bit weights with the dense ones along the replies to ``QUESTIONS``."""
    prompts = [tokenizer.encode_chat([{"role": "user", "content": q}]) for q in QUESTIONS]
    with unpacked(model):
        replies = our_tokens(model, prompts, REPLY_TOKENS)
        dense = _logits(model, prompts, replies)
    with unpacked(model, "int8"):
        coarse = _logits(model, prompts, replies)
    change = (coarse - dense).abs()
    log_p, log_q = dense.log_softmax(-1), coarse.log_softmax(-1)
    kl = (log_p.exp() * (log_p - log_q)).sum(-1).mean()
    same = dense.argmax(-1) == coarse.argmax(-1)
    return Drift(
        float(same.float().mean()), float(change.mean()), float(change.max()), float(kl), len(same)
    )


def _logits(model: Llama, prompts: list[list[int]], replies: list[list[int]]) -> Tensor:
    """Return the float32 logits (positions, V) that predict each token of the replies."""
    rows = []
    for prompt, reply in zip(prompts, replies, strict=True):
        logits = model(torch.tensor([[*prompt, *reply[:-1]]]))[0]
        rows.append(logits[len(prompt) - 1 :].float())
    return torch.cat(rows)


@dataclass(frozen=True)
class DecodeResult:
    """What was found at one batch size.

    Attributes:
        rows: prompts decoded together.
        checked: tokens compared with transformers' in float32, None where it is absent.
        timings: of the whole call: prompt and new tokens.
    """

    rows: int
    checked: int | None
    timings: list[Timing]


def decode_benchmark(
    model_name: str, batches: Sequence[int], prompt_tokens: int, n_new: int, repeats: int
) -> tuple[list[DecodeResult], Drift]:
    """Check, measure what 8-bit weights change, then time; transformers where it is installed."""
    exact, tokenizer = load(model_name, "none", device="cpu", dtype=torch.float32)
    prompts = make_prompts(max(batches), prompt_tokens, exact.config.vocab_size)
    checked: dict[int, int | None] = dict.fromkeys(batches)
    theirs: Any = None
    if not bench_peers.absent():
        print("checking tokens", file=sys.stderr, flush=True)
        theirs = bench_peers.as_transformers(exact, torch.float32)
        for rows in batches:
            checked[rows] = check_tokens(exact, theirs, prompts[:rows])
        theirs = theirs.to(torch.bfloat16)
    drift = int8_drift(exact, tokenizer)
    del exact
    model, _ = load(model_name, "none", device="cpu", dtype=torch.bfloat16)
    with torch.no_grad():
        ways = {OURS: FastModel(model, "dense"), OURS_INT8: FastModel(model, "int8")}
    results = []
    for rows in batches:
        print(f"timing decoding, batch {rows}", file=sys.stderr, flush=True)
        mine = prompts[:rows]
        runs: dict[str, Callable[[], object]] = {
            name: _decoding(model, way, mine, n_new) for name, way in ways.items()
        }
        if theirs is not None:
            runs[TRANSFORMERS] = lambda mine=mine: their_tokens(theirs, mine, n_new)  # type: ignore[misc]
        timings = time_in_turn(runs, repeats, show=True)
        results.append(DecodeResult(rows, checked[rows], timings))
    return results, drift


def _decoding(
    model: Llama, way: FastModel, prompts: list[list[int]], n_new: int
) -> Callable[[], object]:
    """Return a run that decodes with weights laid out beforehand, as a server would."""

    def run() -> object:
        model.fast = way
        try:
            return our_tokens(model, prompts, n_new)
        finally:
            model.fast = None

    return run
