"""An engine in a process of its own, so that one schema can cost no more than its limits.

Native code cannot be interrupted from within: a schema that takes too long is ended by ending the
process, and the next one starts a new process. Processes are forked, so that the tasks and the
vocabulary are there already.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from minilora.command import CommandFailed
from minilora.grammar.bench.data import Task
from minilora.grammar.bench.engines import Engine
from minilora.grammar.bench.measure import Event

PROGRESS_S = 10  # between two lines
MakeEngine = Callable[[], Engine]
Measure = Callable[[Engine, Task], Iterator[Event]]


@dataclass(frozen=True)
class Limits:
    """What an engine may use.

    Attributes:
        step_s: seconds for one step: compiling a schema, or walking an instance.
        memory_bytes: address space of the process.
        total_s: seconds after which no further schema is begun.
    """

    step_s: float
    memory_bytes: int
    total_s: float


@dataclass
class Outcome:
    """What an engine did with a task.

    Attributes:
        events: in order.
        ended: "done", "timeout", or "crashed": out of memory, or an error that is no refusal.
        reason: of a crash.
    """

    events: list[Event] = field(default_factory=list)
    ended: str = "done"
    reason: str = ""


@dataclass
class EngineRun:
    """What an engine did with a list of tasks; fewer outcomes than tasks where time was up."""

    version: str
    outcomes: list[Outcome]


@dataclass(frozen=True)
class _Crash:
    reason: str


class _Process:
    """The process of an engine, and the pipe to it."""

    def __init__(
        self, make: MakeEngine, measure: Measure, tasks: Sequence[Task], memory_bytes: int
    ):
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=_work, args=(theirs, self.pipe, make, measure, tasks, memory_bytes), daemon=True
        )
        self.process.start()
        theirs.close()
        self.version = self._receive()
        if isinstance(self.version, _Crash):
            raise CommandFailed(f"the engine does not start: {self.version.reason}")

    def run(self, index: int, step_s: float) -> Outcome:
        """Return the outcome of a task; the process is over unless it ended as "done"."""
        outcome = Outcome()
        self.pipe.send(index)
        while self.pipe.poll(step_s):
            event = self._receive()
            if event is None:
                return outcome
            if isinstance(event, _Crash):
                outcome.ended, outcome.reason = "crashed", event.reason
                break
            outcome.events.append(event)
        else:
            outcome.ended = "timeout"
        self.close()
        return outcome

    def _receive(self) -> Any:
        try:
            return self.pipe.recv()
        except EOFError:
            self.process.join()
            return _Crash(f"exit code {self.process.exitcode}")

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def run_engine(
    name: str, make: MakeEngine, measure: Measure, tasks: Sequence[Task], limits: Limits
) -> EngineRun:
    """Run an engine over tasks, one after the other; progress to stderr.

    Args:
        name: for the progress lines.
        make: makes the engine, in its process.
        measure: yields what happens with a task.
        tasks: what to measure.
        limits: time and memory.

    Raises:
        CommandFailed: the engine does not start.
    """
    begun = told = time.monotonic()
    process: _Process | None = None
    run = EngineRun("", [])
    for index, task in enumerate(tasks):
        if time.monotonic() - begun > limits.total_s:
            _say(f"  {name}: {index} of {len(tasks)} schemas, its time is up")
            break
        process = process or _Process(make, measure, tasks, limits.memory_bytes)
        run.version = process.version
        outcome = process.run(index, limits.step_s)
        run.outcomes.append(outcome)
        if outcome.ended != "done":
            _say(f"  {name}: {task.name}: {outcome.ended} {outcome.reason}".rstrip())
            process = None
        if time.monotonic() - told > PROGRESS_S:
            told = time.monotonic()
            _say(f"  {name}: {index + 1} of {len(tasks)} schemas")
    if process is not None:
        process.close()
    return run


def _work(
    pipe: Connection,
    parents_end: Connection,
    make: MakeEngine,
    measure: Measure,
    tasks: Sequence[Task],
    memory_bytes: int,
) -> None:
    """Answer task numbers with events, until the pipe is closed. Runs in the engine's process."""
    parents_end.close()  # else the pipe would stay open when the parent is gone
    os.environ["RAYON_NUM_THREADS"] = "1"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # native warnings, thousands of lines
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    try:
        engine = make()
        pipe.send(engine.version)
        gc.freeze()  # what is there already need not be looked through before each schema
        while True:
            for event in measure(engine, tasks[pipe.recv()]):
                pipe.send(event)
            pipe.send(None)
    except (EOFError, BrokenPipeError):
        return
    except BaseException as error:  # a slip of the engine is a result; then the process is over
        pipe.send(_Crash(f"{type(error).__name__}: {error}"[:200]))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
