"""``python -m serve.detective.soak``: mixed use of a server that is killed at random.

Users upload, delete, ask and list; at random moments, also while it starts, the server is killed
with SIGKILL. Its databases must be whole then; started again, it must have every document that it
acknowledged, once, and none that it deleted; and no answer may rest on a document that was deleted
before. The command ends with code 1 where anything of this does not hold.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn, TimeRemainingColumn

from minilora.command import (
    CommandFailed,
    Parser,
    add_flags,
    check_writable,
    exit_with,
    from_flags,
    option,
    write_json,
)
from minilora.report import environment
from serve.bench.report import table
from serve.bench.server import SERVE, UNLIMITED, Server
from serve.detective.soak import endpoint
from serve.detective.soak.files import check_folder
from serve.detective.soak.killed import Killable
from serve.detective.soak.work import TIMEOUT_S, Work
from serve.settings import DOCUMENTS_FILE


@dataclass(frozen=True)
class SoakConfig:
    """How long, how many, how often."""

    minutes: float = option(60.0, "of use, without those in which the server starts")
    seed: int = option(0, "of the documents, the work and the kills")
    users: int = option(6, "that work at the same time")
    life_s: float = option(40.0, "seconds from ready to killed, on average")
    early_kills: float = option(0.2, "share of the starts that are killed before they are ready")
    documents: int = option(80, "kept at most")
    scripted: bool = option(False, "answer by rule instead of by a model: fast")
    keep: str | None = option(
        None, "folder for copies of databases with faults", metavar="DIR", shown="none kept"
    )

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        for name in ("minutes", "users", "life_s", "documents"):
            if not getattr(self, name) > 0:
                raise ValueError(f"--{name.replace('_', '-')} must be above 0")
        if not 0 <= self.early_kills < 1:
            raise ValueError(f"--early-kills must be from 0 to 1, got {self.early_kills}")


@dataclass
class Outcome:
    """What was seen.

    Attributes:
        work: of the users.
        kills: of a server that was ready; ``early`` of one that was not.
        faults: of the databases.
        start_s: from each start to ready.
    """

    work: Work
    kills: int = 0
    early: int = 0
    faults: list[str] = field(default_factory=list)
    start_s: list[float] = field(default_factory=list)

    @property
    def all_faults(self) -> list[str]:
        """All that was not as it must be."""
        return [*self.faults, *self.work.faults]

    def markdown(self) -> str:
        """Return the counts."""
        rows = sorted(self.work.done.items())
        counts = {
            "killed with SIGKILL": self.kills,
            "killed while it started": self.early,
            "documents stored at the end": len(self.work.ledger.stored),
            "documents deleted": len(self.work.ledger.deleted),
            "faults": len(self.all_faults),
        }
        return "\n\n".join(
            [table(["", "times"], [*counts.items()]), table(["work", "times"], rows)]
        )


async def soak(config: SoakConfig, folder: Path, command: Sequence[str] = SERVE) -> Outcome:
    """Use and kill a server for as long as the settings say.

    Raises:
        CommandFailed: it does not start.
    """
    outcome = Outcome(Work(config.seed, config.documents))
    chance = random.Random(f"kills {config.seed}")
    with ExitStack() as closing:
        flags = [*UNLIMITED, "--no-wikipedia"]
        if config.scripted:
            url = closing.enter_context(endpoint.serving())
            flags += ["--detective-url", url, "--detective-model", "scripted"]
        killable = Killable(folder, flags, command)
        closing.callback(killable.kill)
        bar = closing.enter_context(_progress())
        task = bar.add_task("use", total=60 * config.minutes)
        used_s = 0.0
        while used_s < 60 * config.minutes:
            server = await _started(killable, outcome, config, chance)
            life_s = min(60 * config.minutes - used_s, chance.expovariate(1 / config.life_s))
            await _life(server, killable, outcome.work, config.users, life_s)
            used_s += life_s
            bar.update(task, completed=used_s)
            outcome.kills += 1
            outcome.faults += _checked(killable, config)
        server = await _started(killable, outcome, config, chance)  # what the last kill left
        async with _client(server) as http:
            await outcome.work.settle(http)
    return outcome


async def _started(
    killable: Killable, outcome: Outcome, config: SoakConfig, chance: random.Random
) -> Server:
    """Return the server, started; some starts are killed half way and made again."""
    while chance.random() < config.early_kills:
        typical = outcome.start_s[-1] if outcome.start_s else 4.0
        await killable.start(until_killed_s=chance.uniform(0, typical))
        outcome.early += 1
        outcome.faults += _checked(killable, config)
    began = time.monotonic()
    server = await killable.start()
    assert server is not None, "it was not to be killed"
    outcome.start_s.append(time.monotonic() - began)
    return server


def _checked(killable: Killable, config: SoakConfig) -> list[str]:
    keep = None if config.keep is None else Path(config.keep)
    return check_folder(killable.folder, DOCUMENTS_FILE, keep)


async def _life(
    server: Server, killable: Killable, work: Work, n_users: int, life_s: float
) -> None:
    """Check what is there, let the users work, and kill the server under their hands."""
    up = asyncio.Event()
    up.set()
    async with _client(server) as http:
        if not work.done:  # the first life: what is there before anybody came
            listed = (await http.get("/documents")).raise_for_status().json()["data"]
            work.ledger.others = frozenset(row["id"] for row in listed)
        await work.settle(http)
        users = [asyncio.create_task(work.go_on(http, up)) for _ in range(n_users)]
        await asyncio.sleep(life_s)
        killable.kill()
        up.clear()
        await asyncio.gather(*users)


def _client(server: Server) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.url, timeout=TIMEOUT_S, trust_env=False)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def run(config: SoakConfig, json_file: str | None) -> None:
    """Soak, print the counts, write the report.

    Raises:
        CommandFailed: something that must hold did not.
    """
    check_writable(json=json_file)
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(soak(config, Path(folder)))
    print(outcome.markdown(), flush=True)
    report: dict[str, Any] = {
        "config": asdict(config),
        **environment(),
        "kills": outcome.kills,
        "early_kills": outcome.early,
        "work": dict(outcome.work.done),
        "start_s": outcome.start_s,
        "faults": outcome.all_faults,
    }
    write_json(json_file, report)
    if outcome.all_faults:
        print("\n".join(outcome.all_faults), file=sys.stderr)
        raise CommandFailed(f"{len(outcome.all_faults)} faults, the first: {outcome.all_faults[0]}")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(prog="python -m serve.detective.soak", description=__doc__)
    add_flags(parser, SoakConfig)
    parser.add_argument("--json", metavar="FILE", help="also write the counts here")
    arguments = parser.parse_args(argv)
    exit_with(lambda: run(from_flags(SoakConfig, arguments), arguments.json))


if __name__ == "__main__":
    main()
