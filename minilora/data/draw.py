"""Where values come from: a random source that keeps training values and test values apart.

Every pool of texts is cut in two by a stable hash: about 70% for training, about 30% kept back for
validation and test, so that a model which only learned values by heart is found out.

>>> import random
>>> pool = Pool(["ada", "bob", "cleo", "dan", "eve", "finn", "gus", "hana", "ivy", "jon"])
>>> len(pool.training), len(pool.reserved)
(7, 3)
>>> Draw(random.Random(0), held_out=True).pick(pool) in pool.reserved
True
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

RESERVED_SHARE = 0.3

T = TypeVar("T")


def stable_hash(text: str) -> int:
    """Return a hash of the text that is the same on every machine and in every run."""
    return zlib.crc32(text.encode("utf-8"))


class Pool:
    """Texts cut into a training part and a reserved part; a pool of one text serves both."""

    def __init__(self, texts: Iterable[str]) -> None:
        unique = sorted(set(texts), key=lambda text: (stable_hash(text), text))
        if not unique:
            raise ValueError("a pool needs at least one text")
        reserved = round(len(unique) * RESERVED_SHARE)
        if len(unique) > 1:
            reserved = max(1, reserved)
        self.training = tuple(unique[reserved:])
        self.reserved = tuple(unique[:reserved]) or self.training

    def __len__(self) -> int:
        """Return how many different texts there are."""
        return len(set(self.training + self.reserved))


@dataclass(frozen=True)
class Draw:
    """A random source and the side of every pool it may draw from.

    Attributes:
        rng: the only source of randomness.
        held_out: True draws from the reserved part of every pool, False from the training part.
    """

    rng: random.Random
    held_out: bool = False

    def pick(self, pool: Pool) -> str:
        """Return one text from this side of the pool."""
        return self.rng.choice(pool.reserved if self.held_out else pool.training)

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.rng.random() < probability

    def mine(self, make: Callable[[], str]) -> str:
        """Return a made-up text (a code, an address) whose hash lies on this side of the cut."""
        text = make()
        for _ in range(50):
            if (stable_hash(text) % 10 < RESERVED_SHARE * 10) == self.held_out:
                break
            text = make()
        return text

    def weighted(self, *options: tuple[float, T]) -> T:
        """Return one of the values of (weight, value) pairs."""
        weights = [weight for weight, _ in options]
        return self.rng.choices([value for _, value in options], weights)[0]
