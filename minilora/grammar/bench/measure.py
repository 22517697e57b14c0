"""One schema on one engine: compiled, its instances walked, every mask timed.

The order is that of a service: a schema is compiled; its valid instances are walked on the fresh
grammar (*cold*); further instances follow on the same one (*more*); the valid ones are walked a
second time (*warm*). Then the invalid ones are tried (*check*). Verdicts come from the masks
themselves: an instance is accepted if each of its tokens is in the mask before it, and end of text
in the last one. What is timed is one call a mask and one a token, the garbage collector off, less
the clock's own time.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.bench.data import Kind, Task
from minilora.grammar.bench.engines import Engine, Mask, Refused, Walk

Pass = Literal["cold", "more", "warm", "check"]
Nanoseconds = NDArray[np.int64]

CLOCKS = {"wall": time.perf_counter_ns, "cpu": time.process_time_ns}
CALIBRATIONS = 101  # empty intervals


def _none() -> Nanoseconds:
    return np.zeros(0, np.int64)


class Clock:
    """A clock in nanoseconds that knows what a reading costs.

    Attributes:
        now: reads it. "wall" is the time that a user waits; "cpu" the time that the process ran,
            which other programs disturb less and whose reading costs more.
        cost_ns: an interval in which nothing happens, the median of many.
    """

    def __init__(self, name: str) -> None:
        self.now = CLOCKS[name]
        empty = [-self.now() + self.now() for _ in range(CALIBRATIONS)]
        self.cost_ns = sorted(empty)[CALIBRATIONS // 2]

    def intervals(self, measured: Sequence[int]) -> Nanoseconds:
        """Return intervals less the clock's own time, at least 1 ns."""
        return np.maximum(np.array(measured, np.int64) - self.cost_ns, 1)


@dataclass(frozen=True)
class CompileDone:
    """A schema was compiled and its first document begun, in ``ns``."""

    ns: int


@dataclass(frozen=True)
class CompileRefused:
    """A schema was declined; see :class:`~.engines.Refused`."""

    message: str
    keyword: str
    unsatisfiable: bool


@dataclass(frozen=True)
class WalkDone:
    """An instance was walked.

    Attributes:
        instance: its index in the task.
        during: the pass.
        accepted: the verdict.
        masks_ns: (tokens + 1,) int64, a mask before each token and before end of text; as far as
            the instance was accepted, empty where nothing is timed.
        advances_ns: (tokens,) int64.
    """

    instance: int
    during: Pass
    accepted: bool
    masks_ns: Nanoseconds = field(default_factory=_none)
    advances_ns: Nanoseconds = field(default_factory=_none)


Event = CompileDone | CompileRefused | WalkDone


def measure(
    engine: Engine, task: Task, eos_id: int, repeats: int, own: int, clock: str
) -> Iterator[Event]:
    """Yield what happens, in order.

    Args:
        engine: the engine.
        task: the schema and its instances.
        eos_id: the end-of-text token.
        repeats: how often it is all done, each time on a fresh grammar.
        own: valid instances that are timed at most; the others are only checked.
        clock: one of :data:`CLOCKS`.
    """
    indices: dict[Kind, list[int]] = {"valid": [], "invalid": [], "variant": []}
    for index, instance in enumerate(task.instances):
        indices[instance.kind].append(index)
    valid, variants = indices["valid"], indices["variant"]
    own = own if task.timed else 0
    passes: dict[Pass, list[int]] = {"cold": valid[:own], "more": variants, "warm": valid[:own]}
    checked = valid[own:] + indices["invalid"]
    timer = Clock(clock)
    for repeat in range(repeats):
        gc.collect()
        gc.disable()
        start = timer.now()
        try:
            compiled = engine.compile(task.schema, task.formats, task.resources)
            compiled.start()
        except Refused as error:
            yield CompileRefused(str(error), error.keyword, error.unsatisfiable)
            return
        yield CompileDone(timer.now() - start)
        for during, walked in passes.items():
            for index in walked:
                tokens = task.instances[index].tokens
                yield _timed_walk(compiled.start(), tokens, eos_id, index, during, timer)
        gc.enable()
        for index in checked if repeat == 0 else ():
            accepted = _accepts(compiled.start(), task.instances[index].tokens, eos_id)
            yield WalkDone(index, "check", accepted)


def _timed_walk(
    walk: Walk, tokens: tuple[int, ...], eos_id: int, index: int, during: Pass, clock: Clock
) -> WalkDone:
    now = clock.now
    masks: list[int] = []
    advances: list[int] = []
    accepted = False
    for token in (*tokens, eos_id):
        start = now()
        mask = walk.mask()
        masks.append(now() - start)
        accepted = _allows(mask, token)
        if not accepted or token == eos_id:
            break
        start = now()
        walk.advance(token)
        advances.append(now() - start)
    masks_ns, advances_ns = clock.intervals(masks), clock.intervals(advances)
    return WalkDone(index, during, accepted, masks_ns, advances_ns)


def _accepts(walk: Walk, tokens: tuple[int, ...], eos_id: int) -> bool:
    """Return whether an instance is accepted, without masks but the last."""
    try:
        for token in tokens:
            walk.advance(token)
    except ValueError:
        return False
    return _allows(walk.mask(), eos_id)


def _allows(mask: Mask, token: int) -> bool:
    return bool(int(mask[token // 32]) >> token % 32 & 1)
