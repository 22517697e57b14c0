"""``python -m serve`` as a process that is killed without warning and started again."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from serve.bench.server import SERVE, Server, until_ready


class Killable:
    """A server on one folder of data, started and killed any number of times; Linux only.

    Attributes:
        folder: of the data.
        log: what every process wrote.

    Args:
        folder: for data and log.
        flags: of the server beside address and data folder.
        command: what takes the flags.
    """

    def __init__(self, folder: Path, flags: Sequence[str], command: Sequence[str] = SERVE) -> None:
        self.folder, self.log = folder / "data", folder / "server.log"
        self._flags, self._command = tuple(flags), tuple(command)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, until_killed_s: float | None = None) -> Server | None:
        """Start it.

        Args:
            until_killed_s: None waits until it is ready; a number kills it so many seconds after
                it began to start.

        Returns:
            The server; None where it was killed while it started.

        Raises:
            CommandFailed: it does not start.
        """
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        place = ["--host", "127.0.0.1", "--port", str(port), "--data-folder", str(self.folder)]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*self._command, *place, *self._flags], stdout=output, stderr=output
            )
        if until_killed_s is not None:
            await asyncio.sleep(until_killed_s)
            self.kill()
            return None
        server = Server(f"http://127.0.0.1:{port}", self._process.pid)
        await until_ready(server, self._process, self.log)
        return server

    def kill(self) -> None:
        """Kill it as a power cut would; at once, and without its knowing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
