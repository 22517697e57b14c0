"""Measure the server: ``python -m serve.bench``.

Every part starts a server of its own, checks its answers, then times it. A part whose check fails
is told as such, the others go on, and the command ends with code 1; a figure that is not as wanted
is told in its table. `RESULTS.md` of :mod:`serve` holds such a run.
"""

from __future__ import annotations

import asyncio
import dataclasses
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import torch

from minilora.command import (
    CommandFailed,
    Parser,
    add_flags,
    check_writable,
    exit_with,
    from_flags,
    one_line,
    write_json,
)
from minilora.loading import choose_device
from minilora.report import environment
from serve.bench import health, malformed, overload, peers, prefix, schema, start, throughput
from serve.bench.config import BenchConfig
from serve.bench.report import Part, about
from serve.bench.server import UNLIMITED, Server, running

Measuring = Coroutine[Any, Any, Part]
PACKAGES = ("starlette", "uvicorn", "msgspec", "httpx")


@dataclass(frozen=True)
class OnServer:
    """A part that needs a server.

    Attributes:
        measure: does it.
        flags: of the server beside those of the run; may write files into the folder.
    """

    measure: Callable[[Server, BenchConfig], Measuring]
    flags: Callable[[Path, BenchConfig], Sequence[str]] = lambda folder, config: UNLIMITED

    async def __call__(self, config: BenchConfig) -> Part:
        """Return what it finds on a new server."""
        with tempfile.TemporaryDirectory() as name:
            flags = [*config.server_flags, *self.flags(Path(name), config)]
            async with running(flags, Path(name)) as server:
                return await self.measure(server, config)


MEASURES: dict[str, Callable[[BenchConfig], Measuring]] = {
    "start": start.measure,
    "health": OnServer(health.measure),
    "throughput": OnServer(throughput.measure, lambda folder, config: throughput.FLAGS),
    "schema": OnServer(schema.measure),
    "prefix": OnServer(prefix.measure),
    "overload": OnServer(overload.measure, overload.flags),
    "malformed": OnServer(malformed.measure),
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(
        prog="python -m serve.bench",
        description="Check the server's answers, then measure it; needs Linux.",
    )
    add_flags(parser, BenchConfig)
    parser.add_argument("--json", metavar="FILE", help="also write the figures here")
    arguments = parser.parse_args(argv)
    exit_with(lambda: run(from_flags(BenchConfig, arguments), arguments.json))


def run(config: BenchConfig, json_file: str | None = None) -> None:
    """Measure, print each part when it is done, and write the report.

    Raises:
        CommandFailed: a check failed; the message says which.
    """
    check_writable(json=json_file)
    if config.threads is not None:
        torch.set_num_threads(config.threads)
    device = str(choose_device(config.device))
    environment_ = environment()
    environment_["versions"] |= {name: version(name) for name in PACKAGES} | peers.versions()
    report: dict[str, Any] = {"config": dataclasses.asdict(config), **environment_, "parts": {}}
    print(about(environment_, device), flush=True)
    failures = []
    for name in config.parts:
        print(name, file=sys.stderr, flush=True)
        try:
            part = asyncio.run(MEASURES[name](config))
        except (CommandFailed, httpx.TransportError) as error:
            failures.append(name)
            report["parts"][name] = {"failed": one_line(error)}
            print(f"\n## {name.capitalize()}\n\nFailed: {one_line(error)}", flush=True)
        else:
            report["parts"][name] = part.to_json()
            print(f"\n{part.markdown()}", flush=True)
    write_json(json_file, report)
    if failures:
        raise CommandFailed(f"a check failed in: {', '.join(failures)}")


if __name__ == "__main__":
    main()
