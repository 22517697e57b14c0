"""A real MediaWiki on loopback, for measuring and for tests: Debian's package under PHP's server.

    with LocalWiki(folder, {"Keel": "'''Keel''' is a town."}) as wiki:
        ...  # its API is at wiki.url + "/w/api.php"

It needs Debian's packages mediawiki, php-cli, php-sqlite3, php-mbstring, php-xml and php-intl, and
takes some 25 seconds to install itself into a folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from xml.sax.saxutils import escape

MEDIAWIKI = Path("/usr/share/mediawiki")  # as Debian's package installs it
PACKAGES = "Debian's packages mediawiki, php-cli and php-sqlite3"
_DUMP = "http://www.mediawiki.org/xml/export-0.10/"
_START_TIMEOUT_S = 30.0


def has_mediawiki() -> bool:
    """Return whether this machine has what it needs."""
    return shutil.which("php") is not None and (MEDIAWIKI / "maintenance/install.php").is_file()


def read_pages(folder: Path) -> dict[str, str]:
    """Return title -> wikitext of the files ``Some_title.txt`` in a folder.

    Raises:
        FileNotFoundError: there are none.
    """
    pages = {path.stem.replace("_", " "): path.read_text("utf-8") for path in folder.glob("*.txt")}
    if not pages:
        raise FileNotFoundError(f"{folder} holds no pages (.txt)")
    return dict(sorted(pages.items()))


class LocalWiki:
    """A wiki in a folder of its own, served on a free port until it is closed.

    Args:
        folder: there already, and empty.
        pages: title -> wikitext.

    Attributes:
        url: scheme, host and port.

    Raises:
        RuntimeError: it cannot be installed or does not start.
    """

    def __init__(self, folder: Path, pages: Mapping[str, str]) -> None:
        if not has_mediawiki():
            raise RuntimeError(f"a local wiki needs {PACKAGES}")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        (folder / "root").mkdir()
        (folder / "root/w").symlink_to(MEDIAWIKI)
        _maintain(
            "install.php", "--confpath", folder, "--dbtype", "sqlite", "--dbpath", folder / "data",
            "--server", self.url, "--scriptpath", "/w", "--pass", "loopback-only-passphrase",
            "--extensions", "TextExtracts", "Test wiki", "Admin",
        )  # fmt: skip
        configuration = folder / "LocalSettings.php"
        (folder / "pages.xml").write_text(_dump(pages), "utf-8")
        _maintain(
            "importDump.php", "--no-updates", folder / "pages.xml", configuration=configuration
        )
        _maintain("rebuildtextindex.php", configuration=configuration)
        self._log = (folder / "server.log").open("w")
        self._process = subprocess.Popen(
            _with(configuration, "php", "-d", "display_errors=0", "-S", f"127.0.0.1:{port}",
                  "-t", "root"),
            cwd=folder,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        self._wait(port)

    def close(self) -> None:
        """Stop serving; the folder is left."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()
        self._log.close()

    def __enter__(self) -> LocalWiki:
        """Return the wiki."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.close()

    def _wait(self, port: int) -> None:
        """Return when the server takes connections."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.close()
                    raise RuntimeError("PHP's server for the local wiki did not start") from None
                time.sleep(0.05)


def _maintain(script: str, *arguments: object, configuration: Path | None = None) -> None:
    """Run one of MediaWiki's maintenance scripts."""
    command = ["php", str(MEDIAWIKI / "maintenance" / script), *map(str, arguments)]
    done = subprocess.run(
        command if configuration is None else _with(configuration, *command),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def _with(configuration: Path, *command: str) -> list[str]:
    """Return a command that runs in this environment and with a wiki's settings."""
    return ["env", f"MW_CONFIG_FILE={configuration}", *command]


def _dump(pages: Mapping[str, str]) -> str:
    """Return pages in the form that MediaWiki imports."""
    body = "".join(
        f"<page><title>{escape(title)}</title><ns>0</ns><revision>"
        f'<text xml:space="preserve">{escape(text)}</text></revision></page>'
        for title, text in pages.items()
    )
    return f'<mediawiki xmlns="{_DUMP}" version="0.10" xml:lang="en">{body}</mediawiki>'
