"""Times of several ways to do the same work, taken in turn so that a busy moment hits all of them.

>>> timings = time_in_turn({"a": lambda: None, "b": lambda: None}, repeats=3)
>>> [timing.name for timing in timings], len(timings[0].seconds)
(['a', 'b'], 3)
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WARM_UPS = 1  # untimed calls of each: memory is allocated, kernels are chosen


@dataclass(frozen=True)
class Timing:
    """The times of one way, in seconds, in the order in which they were taken."""

    name: str
    seconds: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """Return the time below which this share of the calls lies, linearly between calls."""
        ordered = sorted(self.seconds)
        place = share * (len(ordered) - 1)
        low = ordered[int(place)]
        high = ordered[min(int(place) + 1, len(ordered) - 1)]
        return low + (place - int(place)) * (high - low)

    def times(self, peer: Timing) -> float:
        """Return how many times as fast as a peer this is: the median over the turns.

        Within a turn both ran one after the other, so a slow spell of the machine cancels.
        """
        pairs = zip(peer.seconds, self.seconds, strict=True)
        return statistics.median(theirs / ours for theirs, ours in pairs)


def time_in_turn(
    runs: Mapping[str, Callable[[], object]], repeats: int, show: bool = False
) -> list[Timing]:
    """Call every run once a turn, ``repeats`` timed turns after the warm-up; progress to stderr."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(repeats + WARM_UPS):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            taken = time.perf_counter() - start
            if turn >= WARM_UPS:
                seconds[name].append(taken)
            if show:
                what = "warm-up" if turn < WARM_UPS else f"turn {turn - WARM_UPS + 1}/{repeats}"
                print(f"  {what}: {name} {taken:.2f} s", file=sys.stderr, flush=True)
    return [Timing(name, tuple(taken)) for name, taken in seconds.items()]


def table(
    title: str, timings: Sequence[Timing], amount: float, unit: str, peers: Sequence[str]
) -> str:
    """Return a Markdown table: amount a second by the median call, quantiles, times each peer."""
    by_name = {timing.name: timing for timing in timings}
    head = [title, f"{unit}/s, median", "s, best", "median", "10%", "90%"]
    head += [f"x {peer}" for peer in peers]
    lines = [_line(head), "|---" + "|---:" * (len(head) - 1) + "|"]
    for timing in timings:
        taken = [timing.quantile(share) for share in (0.0, 0.5, 0.1, 0.9)]
        cells = [timing.name, f"{amount / taken[1]:.2f}", *(f"{s:.2f}" for s in taken)]
        cells += [f"{timing.times(by_name[peer]):.2f}" for peer in peers]
        lines.append(_line(cells))
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def timings_json(timings: Sequence[Timing], amount: float, peers: Sequence[str]) -> dict[str, Any]:
    """Return the figures for the report, times in seconds in the order taken."""
    by_name = {timing.name: timing for timing in timings}
    return {
        timing.name: {
            "seconds": list(timing.seconds),
            "per_s": amount / timing.quantile(0.5),
            "times": {peer: timing.times(by_name[peer]) for peer in peers},
        }
        for timing in timings
    }
