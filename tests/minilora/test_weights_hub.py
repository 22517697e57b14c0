"""The Hugging Face hub, played by a loopback server: what is asked for, checked, and refused."""

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from minilora.checkpoint import WeightsError, folder_checkpoint
from minilora.config import ModelConfig
from minilora.hub import hub_checkpoint
from minilora.loading import build
from minilora.model import Llama

TINY = ModelConfig(
    family="llama",
    vocab_size=32,
    d_model=16,
    n_layers=1,
    n_heads=2,
    n_kv_heads=1,
    head_dim=8,
    d_ff=24,
)
COMMIT = "a" * 40


def weights() -> bytes:
    torch.manual_seed(0)
    return save(
        {
            f"model.{n}" if n != "lm_head.weight" else n: t
            for n, t in Llama(TINY).state_dict().items()
        }
    )


class Hub(http.server.ThreadingHTTPServer):
    """A hub with one public repository, org/tiny, and one that is gated, org/gated.

    ``stated`` is the sha256 it claims for model.safetensors; ``cuts`` the number of downloads of
    that file that stop half-way.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.stated = hashlib.sha256(files.get("model.safetensors", b"")).hexdigest()
        self.cuts = 0
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.server.asked.append(f"{self.command} {path}")
        if "gated" in path:
            self.answer(403, b"", {"X-Error-Code": "GatedRepo"})
        elif "org/tiny" not in path:
            self.answer(404, b"", {"X-Error-Code": "RepoNotFound"})
        elif "missing" in path:
            self.answer(404, b"", {"X-Error-Code": "RevisionNotFound"})
        elif path.startswith("/api/models/"):
            self.answer(200, json.dumps(self.listing(path)).encode(), {})
        else:
            self.send_file(path.partition("/resolve/")[2].partition("/")[2])

    def listing(self, path: str) -> object:
        entries = [
            {"type": "file", "path": n, "rfilename": n, "size": len(data), "oid": "0" * 40}
            | ({"lfs": {"sha256": self.server.stated, "oid": self.server.stated, "size": len(data),
                        "pointerSize": 130}} if n.endswith(".safetensors") else {})
            for n, data in self.server.files.items()
        ]  # fmt: skip
        return (
            entries if "/tree/" in path else {"id": "org/tiny", "sha": COMMIT, "siblings": entries}
        )

    def send_file(self, name: str) -> None:
        data = self.server.files[name]
        etag = (
            self.server.stated if name.endswith(".safetensors") else hashlib.sha1(data).hexdigest()
        )
        headers = {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        start = 0
        if asked := self.headers.get("Range"):
            start = int(asked.removeprefix("bytes=").split("-")[0])
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            self.server.asked.append(asked)
        cut = self.command == "GET" and name.endswith(".safetensors") and self.server.cuts > 0
        self.server.cuts -= cut
        body = data[start:]
        self.answer(206 if start else 200, body, headers, len(body) // 2 if cut else None)

    def answer(
        self, status: int, body: bytes, headers: dict[str, str], sent: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[:sent])
        self.close_connection = sent is not None

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch) -> Iterator[Hub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Hub({"config.json": json.dumps(TINY.to_hf()).encode(), "model.safetensors": weights()})
    server.files |= {"pytorch_model.bin": b"pickle", "README.md": b"hi"}
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def resolve(hub: Hub, tmp_path: Path, name: str = "org/tiny"):
    ours, theirs = tmp_path / "ours", tmp_path / "hub"
    return hub_checkpoint(name, ours, folder_checkpoint, endpoint=hub.url, hub_cache=theirs)


def test_a_model_is_fetched_once_and_then_found(hub, tmp_path, capfd):
    checkpoint = resolve(hub, tmp_path)
    assert checkpoint.source == "org/tiny"
    build(checkpoint, quant="none", device="cpu", dtype=torch.float32)
    assert "fetching it once" in capfd.readouterr().err
    fetched = {asked.rpartition("/")[2] for asked in hub.asked if asked.startswith("GET")}
    assert not fetched & {"pytorch_model.bin", "README.md"}

    hub.asked.clear()
    assert resolve(hub, tmp_path).fingerprint == checkpoint.fingerprint
    assert hub.asked == []  # not even a question


def test_a_revision_can_be_named(hub, tmp_path):
    assert resolve(hub, tmp_path, "org/tiny@v1").source == "org/tiny@v1"
    assert any("v1" in asked for asked in hub.asked)


def test_a_folder_put_into_our_cache_by_hand_comes_first(hub, tmp_path):
    folder = tmp_path / "ours" / "org" / "tiny"
    folder.mkdir(parents=True)
    for name in ("config.json", "model.safetensors"):
        (folder / name).write_bytes(hub.files[name])
    assert resolve(hub, tmp_path).tokenizer_path == folder
    assert hub.asked == []


def test_what_lies_in_a_folder_of_the_repository_is_fetched_for_encoders(hub, tmp_path):
    hub.files["1_Pooling/config.json"] = b"{}"

    def read(folder: Path, name: str) -> str:
        if not (folder / "1_Pooling" / "config.json").is_file():
            raise WeightsError("incomplete")
        return name

    assert (
        hub_checkpoint("org/tiny", tmp_path, read, endpoint=hub.url, hub_cache=tmp_path / "hub")
        == "org/tiny"
    )


def test_a_wrong_hash_is_refused(hub, tmp_path):
    right, hub.stated = hub.stated, "0" * 64
    for _ in range(2):  # and is not found in the cache by the next start
        with pytest.raises(WeightsError, match=r"model.safetensors \(\d+ bytes\) has sha256"):
            resolve(hub, tmp_path)
    hub.stated = right
    resolve(hub, tmp_path)


def test_a_download_that_is_cut_is_tried_again(hub, tmp_path):
    hub.cuts = 1
    build(resolve(hub, tmp_path), quant="none", device="cpu", dtype=torch.float32)


def test_only_pickles_are_refused_by_name(hub, tmp_path):
    del hub.files["model.safetensors"]
    with pytest.raises(WeightsError, match=r"only pytorch_model.bin, a pickle file"):
        resolve(hub, tmp_path)
    assert not any("resolve" in asked for asked in hub.asked)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("org/absent", "the hub has no model org/absent, or it is private"),
        ("org/gated", "org/gated is gated: accept its licence on the hub and set HF_TOKEN"),
        ("org/tiny@missing", "org/tiny has no revision 'missing'"),
    ],
)
def test_what_the_hub_refuses_is_one_clear_line(name, message, hub, tmp_path):
    with pytest.raises(WeightsError, match=message) as error:
        resolve(hub, tmp_path, name)
    assert "\n" not in str(error.value)


def test_a_hub_that_does_not_answer_is_one_clear_line(hub, tmp_path):
    hub.shutdown()
    hub.server_close()
    with pytest.raises(WeightsError, match="org/tiny could not be fetched from the hub") as error:
        resolve(hub, tmp_path)
    assert "\n" not in str(error.value)
