"""``python -m serve`` as a process: started with flags, watched through /proc, stopped by SIGTERM.

Linux only, as ``/proc`` is.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from minilora.command import CommandFailed

SERVE = (sys.executable, "-m", "serve")
# The benchmark is one address: its limits must not be what is measured.
UNLIMITED = (
    *("--anonymous-requests-per-minute", "1e9"),
    *("--anonymous-tokens-per-minute", "1e12"),
)
START_TIMEOUT_S = 300.0  # a slow machine, and weights that have to be read
STOP_TIMEOUT_S = 60.0  # more than the server gives the requests under way
IDLE_READINGS = 2  # in a row: a request between two places is in neither
Samples = dict[str, float]


@dataclass(frozen=True)
class Server:
    """A server that takes requests.

    Attributes:
        url: without a path.
        pid: of its process.
    """

    url: str
    pid: int

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        url = httpx.URL(self.url)
        return url.host, url.port or 80

    def rss_bytes(self) -> int:
        """Return the memory that it has in use."""
        pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def cpu_s(self) -> float:
        """Return the processor seconds that it has used, all threads together."""
        after_name = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        user, system = after_name[11:13]  # fields 14 and 15 of proc(5)
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    async def metrics(self) -> Samples:
        """Return the samples of ``/metrics``, those of one name that differ in labels summed."""
        return sum_samples(await self._metrics_text())

    async def tokens_counted(self, key: str) -> int:
        """Return the model tokens that the server has counted for an API key."""
        return int(sum_samples(await self._metrics_text(), key=key).get("minilora:tokens_total", 0))

    async def idle(self, timeout_s: float = 30.0) -> Samples:
        """Return the metrics once no request runs or waits.

        Raises:
            CommandFailed: one still does.
        """
        deadline, quiet = time.monotonic() + timeout_s, 0
        while True:
            samples = await self.metrics()
            quiet = quiet + 1 if under_way(samples) == 0 else 0
            if quiet == IDLE_READINGS:
                return samples
            if time.monotonic() > deadline:
                raise CommandFailed(
                    f"{under_way(samples):.0f} requests still run or wait {timeout_s:g} s after "
                    "the last client was done"
                )
            await asyncio.sleep(0.2)

    async def _metrics_text(self) -> str:
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as http:
            return (await http.get("/metrics")).raise_for_status().text


def under_way(samples: Samples) -> float:
    """Return how many requests run or wait."""
    return samples["minilora:num_requests_running"] + samples["minilora:num_requests_waiting"]


def sum_samples(text: str, **labels: str) -> Samples:
    """Return name -> sum of the samples that have these labels, of Prometheus' text format.

    >>> sum_samples('a_total{key="x"} 1' + chr(10) + 'a_total{key="y"} 2' + chr(10))
    {'a_total': 3.0}
    """
    sums: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if labels.items() <= sample.labels.items():
                sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    return sums


@asynccontextmanager
async def running(
    flags: Sequence[str], folder: Path, command: Sequence[str] = SERVE
) -> AsyncIterator[Server]:
    """Start a server, wait until it is ready, and stop it in the end.

    Args:
        flags: beside address and data folder.
        folder: for its data and its log.
        command: what takes the flags.

    Raises:
        CommandFailed: it does not start, or does not end with code 0 when told to stop.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = ["--host", "127.0.0.1", "--port", str(port), "--data-folder", str(folder / "data")]
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen([*command, *place, *flags], stdout=output, stderr=output)
    try:
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        await until_ready(server, process, log)
        yield server
        code = await asyncio.to_thread(_stop, process)
        if code != 0:
            raise CommandFailed(f"the server ended with code {code}: {last_line(log)}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


async def until_ready(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server that was started takes requests.

    Raises:
        CommandFailed: it ended, or takes too long.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    async with httpx.AsyncClient(base_url=server.url, timeout=10) as http:
        while True:
            try:
                if (await http.get("/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass  # not listening yet
            if process.poll() is not None:
                raise CommandFailed(f"the server did not start: {last_line(log)}")
            if time.monotonic() > deadline:
                raise CommandFailed(f"the server is not ready after {START_TIMEOUT_S:g} s")
            await asyncio.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> int | str:
    """Return the exit code after SIGTERM, or what happened instead."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"none {STOP_TIMEOUT_S:g} s after SIGTERM"


def last_line(log: Path) -> str:
    """Return the last line that a server has written."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it wrote nothing"
