"""Outputs of random logits, drawn through the masks of a grammar.

A made-up model: its logits are noise of one draw an output, SPREAD times a standard normal for each
token. So a token's chance does not depend on the text, some tokens are a thousand times likelier
than others, and whatever holds the output to its schema is the grammar alone. Left to itself such a
model hardly ever closes a string; so it also takes, in a share ``haste`` of its steps, the first
token of the shortest completion.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.matcher import Matcher

SPREAD = 4.0  # standard deviation of the logits
TEMPERATURE = 2.0


@dataclass(frozen=True)
class Output:
    """What was drawn.

    Attributes:
        text: its bytes.
        tokens: token ids, without the end.
        budget: tokens it might have had.
        time_s: process time of masks and advances.
    """

    text: bytes
    tokens: tuple[int, ...]
    budget: int
    time_s: float


def draw(matcher: Matcher, budget: int, haste: float, rng: np.random.Generator) -> Output:
    """Return one output of random logits.

    Args:
        matcher: before the first token.
        budget: tokens at most.
        haste: share of the steps that follow the shortest completion, 0 to 1.
        rng: of the noise and of the draws.

    Raises:
        ValueError: the budget is smaller than the shortest document, or no tokens spell one.
    """
    vocabulary = matcher.vocabulary
    needed = len(matcher.shortest_plan())
    if budget < needed:
        raise ValueError(f"a budget of {budget} tokens, the shortest document has {needed}")
    noise = SPREAD * rng.standard_normal(vocabulary.vocab_size)  # (V,)
    weights = np.exp(noise / TEMPERATURE)
    tokens: list[int] = []
    time_s = 0.0
    while True:
        started = time.process_time()
        mask = matcher.mask(budget - len(tokens))
        time_s += time.process_time() - started
        plan = matcher.shortest_plan()
        if rng.random() < haste:
            token = plan[0] if plan else vocabulary.eos_ids[0]
        else:
            token = _drawn(np.flatnonzero(unpacked(mask, vocabulary.vocab_size)), weights, rng)
        if token in vocabulary.eos_ids:
            break
        started = time.process_time()
        matcher.advance(token)
        time_s += time.process_time() - started
        tokens.append(token)
    return Output(vocabulary.text(tokens), tuple(tokens), budget, time_s)


def unpacked(mask: NDArray[np.int32], vocab_size: int) -> NDArray[np.uint8]:
    """Return a packed mask as flags, (V,) uint8."""
    return np.unpackbits(mask.view(np.uint8), bitorder="little")[:vocab_size]


def _drawn(
    allowed: NDArray[np.intp], weights: NDArray[np.float64], rng: np.random.Generator
) -> int:
    """Return one of the allowed tokens, each with a chance in proportion to its weight."""
    if len(allowed) == 0:
        raise ValueError("the mask allows no token")
    sums = weights[allowed].cumsum()
    return int(allowed[np.searchsorted(sums, rng.random() * sums[-1], side="right")])
