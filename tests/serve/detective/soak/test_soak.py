"""Servers that are killed: an honest one, and some whose faults must be found."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sqlite3
import sys
from pathlib import Path

import httpx
import numpy as np
import pytest

from minilora.command import CommandFailed
from minilora.data.detective import steps
from serve.detective.documents import Chunk, Page
from serve.detective.remote_mind import RemoteMind
from serve.detective.soak import endpoint
from serve.detective.soak.__main__ import Outcome, SoakConfig, run, soak
from serve.detective.soak.files import check_folder
from serve.detective.soak.killed import Killable
from serve.detective.soak.ledger import Ledger
from serve.detective.soak.texts import make
from serve.detective.soak.work import Work, found_documents
from serve.detective.store import NewDocument
from serve.detective.store_sqlite import SqliteStore
from serve.guard.fence import Fence

SERVER = Path(__file__).with_name("small_server.py")
ONE, TWO = make(1, 0), make(2, 0)


def soaked(folder: Path, how: str, seed: int = 0) -> Outcome:
    config = SoakConfig(minutes=0.12, life_s=1.2, seed=seed, users=4, documents=30, early_kills=0.2)
    return asyncio.run(soak(config, folder, [sys.executable, str(SERVER), how]))


def test_a_server_that_keeps_its_word_has_no_faults(tmp_path: Path) -> None:
    outcome = soaked(tmp_path, "honest")
    assert outcome.all_faults == []
    assert outcome.kills >= 1
    done = outcome.work.done
    assert done["upload: stored"] >= 2
    assert done["delete: deleted"] >= 1
    assert done["ask: right document"] >= 1
    assert "| killed with SIGKILL |" in outcome.markdown()


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("hasty", "was acknowledged and is lost"),
        ("undead", "was never uploaded"),  # under another id
        ("forgetful", "which was deleted before"),
    ],
)
def test_a_server_that_does_not_is_found_out(tmp_path: Path, how: str, fault: str) -> None:
    faults = soaked(tmp_path, how).all_faults
    assert any(fault in found for found in faults), faults


def test_the_command_fails_where_there_are_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def faulty(config: SoakConfig, folder: Path) -> Outcome:
        return Outcome(Work(0, 10), kills=3, faults=["documents.sqlite: page 7 is damaged"])

    monkeypatch.setattr("serve.detective.soak.__main__.soak", faulty)
    with pytest.raises(CommandFailed, match=r"1 faults, the first: .* page 7"):
        run(SoakConfig(), str(tmp_path / "report.json"))
    assert json.loads((tmp_path / "report.json").read_text())["kills"] == 3
    assert "| faults | 1 |" in capsys.readouterr().out


def test_a_server_that_does_not_start_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no model')"]
    with pytest.raises(CommandFailed, match="no model"):
        asyncio.run(Killable(tmp_path, [], command).start())


@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"users": 0}, {"early_kills": 1.0}])
def test_settings_that_cannot_be_run_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="--"):
        SoakConfig(**wrong)  # type: ignore[arg-type]


# --- the ledger ---------------------------------------------------------------------------------


def stored(ledger: Ledger, **documents: object) -> Ledger:
    for document_id, text in documents.items():
        ledger.upload_begins(text)  # type: ignore[arg-type]
        ledger.upload_ends(text, document_id)  # type: ignore[arg-type]
    return ledger


def rows(**names: str) -> list[dict[str, str]]:
    return [{"id": document_id, "name": name} for document_id, name in names.items()]


def test_what_was_cut_off_may_have_happened_or_not() -> None:
    ledger = stored(Ledger(), a=ONE)
    ledger.deletion_begins("a")
    ledger.upload_begins(TWO)
    assert ledger.settle(rows(b=TWO.name)) == []
    assert (set(ledger.stored), ledger.deleted) == ({"b"}, {"a"})

    ledger.deletion_begins("b")
    ledger.upload_begins(make(3, 0))
    assert ledger.settle(rows(b=TWO.name)) == []
    assert (set(ledger.stored), ledger.uploading) == ({"b"}, {})
    assert ledger.settle(rows(b=TWO.name, c=make(3, 0).name)) == [
        f"c ({make(3, 0).name}) was never uploaded"
    ]


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        (rows(sample="s"), "a .* was acknowledged and is lost"),
        (rows(a=ONE.name), "sample is lost"),
        (rows(sample="s", a=ONE.name, gone="x"), "gone was deleted and is back"),
        (rows(sample="s", a=ONE.name) + rows(a=ONE.name), "a is listed 2 times"),
        (rows(sample="s", a=ONE.name, b=ONE.name), f"{ONE.name} is stored 2 times"),
        (rows(sample="s", a=ONE.name, b="other"), "b .other. was never uploaded"),
    ],
)
def test_promises_that_were_not_kept(listed: list[dict[str, str]], fault: str) -> None:
    ledger = stored(Ledger(others=frozenset({"sample"}), deleted={"gone"}), a=ONE)
    assert any(re.search(fault, found) for found in ledger.settle(listed))


def test_documents_of_the_steps_count_as_found() -> None:
    reply = {
        "sources": [{"document_id": "a"}, {"document_id": None}],
        "steps": [{"detail": {"passages": [{"document_id": "b"}, {"title": "wiki"}]}}],
    }
    assert found_documents(reply) == {"a", "b"}


# --- files --------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store that a killed process left: its log is not yet in the file."""
    path = tmp_path / "live" / "documents.sqlite"
    store = SqliteStore(path, "none", 2)
    store.add(
        NewDocument(
            "a.txt",
            "text",
            None,
            "hash",
            4,
            [Page(1, "some words")],
            [Chunk(1, 0, 10)],
            np.array([[1, 0]], np.float32),
        )
    )
    left = tmp_path / "left"
    shutil.copytree(path.parent, left)
    store.close()
    assert (left / "documents.sqlite-wal").stat().st_size > 0
    return left


def test_a_store_that_was_killed_is_whole_and_is_only_looked_at(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert check_folder(folder, "documents.sqlite") == []
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("DELETE FROM pages", "is half stored"),
        ("DELETE FROM vectors", "is half stored"),
        ("DELETE FROM chunks", "orphan words"),
        ("INSERT INTO chunks VALUES (99, 1, 1, 0, 1)", "1 chunks without words"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM documents", "has no documents"),
    ],
)
def test_a_store_that_is_not_whole_is_found(folder: Path, damage: str, fault: str) -> None:
    with sqlite3.connect(folder / "documents.sqlite") as connection:
        connection.executescript(damage)
    connection.close()
    assert any(fault in found for found in check_folder(folder, "documents.sqlite"))


def test_a_file_that_is_damaged_is_found(folder: Path) -> None:
    connection = sqlite3.connect(folder / "documents.sqlite")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    file = folder / "documents.sqlite"
    data = bytearray(file.read_bytes())
    data[4096 : 4096 + 512] = b"\xff" * 512  # the second page
    file.write_bytes(data)
    assert check_folder(folder, "documents.sqlite")


# --- documents and the scripted model -------------------------------------------------------------


def test_documents_differ_by_number_and_seed_alone() -> None:
    assert make(1, 0) == make(1, 0)
    texts = [make(number, 0) for number in range(200)]
    assert len({text.name for text in texts}) == len({text.fact for text in texts}) == 200
    assert make(1, 1).fact != make(1, 0).fact
    assert len({text.name.rpartition(".")[2] for text in texts}) == 3
    assert max(len(text.data) for text in texts) > 10_000


def test_the_scripted_model_is_one_to_the_detective() -> None:
    text = next(t for t in (make(i, 0) for i in range(9)) if t.name.endswith(".md"))

    async def ask() -> list[dict[str, object]]:
        with endpoint.serving() as url:
            mind = RemoteMind(url, "scripted")
            fence = Fence()
            shown = [fence.defuse(text.data.decode()), "Nothing of that kind."]
            sources = fence.wrap("\n\n".join(shown), "documents")
            asked = (
                (steps.route(text.question, "strong"), ()),
                (steps.read(text.question, sources, fence.rule), shown),
                (steps.read("Why do whales sing?", sources, fence.rule), shown),
                (steps.verify(text.fact, sources, fence.rule), shown),
            )
            values = [(await mind.decide(step, passages)).value for step, passages in asked]
            await mind.aclose()
            return values

    route, read, silent, verify = asyncio.run(ask())
    assert route["route"] == "documents"
    assert (read["answered"], read["answer"]) == (True, text.fact)
    assert (silent["answered"], silent["answer"]) == (False, "")
    assert verify["verdict"] == "not_found"


@pytest.mark.parametrize(("killed", "faults"), [(True, 0), (False, 1)])
def test_a_connection_that_breaks_is_a_fault_of_a_living_server(killed: bool, faults: int) -> None:
    work, up = Work(0, 10), asyncio.Event()
    up.set()

    async def broken(request: httpx.Request) -> httpx.Response:
        if killed:
            up.clear()
        asyncio.get_running_loop().call_soon(up.clear)  # after the first
        raise httpx.ConnectError("broken")

    async def use() -> None:
        transport = httpx.MockTransport(broken)
        async with httpx.AsyncClient(transport=transport, base_url="http://small") as http:
            await work.go_on(http, up)

    asyncio.run(use())
    assert len(work.faults) == faults
    assert work.done["upload: cut off"] >= 1
