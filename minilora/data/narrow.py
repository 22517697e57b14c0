"""Kinds cut down to the values that make sense for one parameter.

>>> import random
>>> from minilora.data.kinds import KM, Draw
>>> short = narrowed(KM, lambda km: km <= 5)
>>> max(short.sample(Draw(random.Random(seed)))[0] for seed in range(50)) <= 5
True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from minilora.data.kinds import Draw, Kind

TRIES = 10_000


def narrowed(kind: Kind, accept: Callable[[Any], bool]) -> Kind:
    """Return the kind with only those of its values that are accepted; its schema stays as it is.

    Raises (when sampled):
        ValueError: none of many values was accepted.
    """

    def sample(draw: Draw) -> tuple[Any, str]:
        for _ in range(TRIES):
            value, surface = kind.sample(draw)
            if accept(value):
                return value, surface
        raise ValueError(f"none of {TRIES} values of {dict(kind.schema)} was accepted")

    return replace(kind, sample=sample)
