"""The detective's part of a server, made from settings; uploads under way when it stops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from minilora.cross_encoder.reader import load_reader
from minilora.data.detective.steps import route
from minilora.encoder import load_encoder
from serve.detective.agent import Detective
from serve.detective.local_mind import LocalMind
from serve.detective.pointing_mind import PointingMind
from serve.detective.remote_mind import RemoteMind
from serve.detective.wikipedia import WikipediaUnavailable
from serve.detective_metrics import CountingTransport, DetectiveMetrics
from serve.detective_service import (
    PricedMind,
    Prices,
    detective_config,
    load_detective,
    make_mind,
    make_wiki,
)
from serve.settings import Settings
from serve.trace import Tracer, TraceSettings
from serve.uploads import Uploads, UploadsUnavailable

from .conftest import ScriptedMind

T = TypeVar("T")


class FakeEngine:
    """Has one adapter and answers nothing."""

    max_seq_len = 512

    def adapters(self) -> tuple[str, ...]:
        return ("small-detective",)


ENGINE = cast(Any, FakeEngine())
TOKENIZER = cast(Any, None)


async def at_once(work: Callable[[], T], /) -> T:
    return work()


def mind_of(settings: Settings) -> Any:
    encoder = load_encoder()
    reader = load_reader(encoder=encoder)
    resources = AsyncExitStack()
    return make_mind(settings, ENGINE, TOKENIZER, encoder, reader, at_once, at_once, resources)


def test_the_model_is_the_servers_own_or_that_of_an_endpoint() -> None:
    own = mind_of(Settings(detective_model="small-detective"))
    assert isinstance(own, LocalMind)
    assert own.model == "smollm2-135m+small-detective"
    default = mind_of(Settings())
    assert isinstance(default, PointingMind)
    assert default.model == "smollm2-135m"  # there is no adapter called detective
    assert mind_of(Settings(detective_model="smollm2-135m")).model == "smollm2-135m"
    remote = mind_of(Settings(detective_model="big", detective_url="http://m.example/v1"))
    assert isinstance(remote, RemoteMind)
    assert remote.model == "big"
    with pytest.raises(ValueError, match=r"no adapter 'big'; there are: smollm2-135m, small-det"):
        mind_of(Settings(detective_model="big"))


def test_prices_become_costs() -> None:
    """100 prompt tokens at 2 and 10 written ones at 30 a million."""
    priced = PricedMind(ScriptedMind(), Prices(prompt=2.0, completion=30.0))
    decision = asyncio.run(priced.decide(route("How tall is it?", "strong")))
    assert decision.usage.cost == pytest.approx((100 * 2 + 10 * 30) / 1e6)
    assert decision.usage.total_tokens == 110
    assert priced.model == "scripted"
    settings = Settings(detective_prompt_price=2, detective_completion_price=30)
    assert isinstance(mind_of(settings), PricedMind)


def test_limits_come_from_the_settings() -> None:
    config = detective_config(
        Settings(
            detective_max_steps=3,
            detective_question_chars=10,
            detective_answer_chars=20,
            detective_read_confidence=0.7,
            request_timeout_s=9,
        )
    )
    limits = config.limits
    assert (limits.max_steps, limits.max_question_chars, limits.max_answer_chars) == (3, 10, 20)
    assert (limits.max_seconds, config.answered_threshold) == (9, 0.7)


def test_the_wiki_is_asked_as_set_and_its_requests_are_counted(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    metrics = DetectiveMetrics(registry)

    async def run() -> None:
        async with AsyncExitStack() as resources:
            assert make_wiki(Settings(wikipedia=False), metrics, resources) is None
            settings = Settings(
                data_folder=tmp_path,
                wikipedia_url="http://127.0.0.1:9",
                wikipedia_private=True,
                wikipedia_timeout_s=0.2,
            )
            wiki = make_wiki(settings, metrics, resources)
            assert wiki is not None
            with pytest.raises(WikipediaUnavailable):
                await wiki.search("tower")

    asyncio.run(run())
    assert 'wiki_requests_total{outcome="unreachable"}' in generate_latest(registry).decode()
    assert (tmp_path / "wikipedia.sqlite").exists()


def test_answers_of_the_wiki_are_counted_by_status() -> None:
    told: list[str] = []
    inner = httpx.MockTransport(lambda request: httpx.Response(503))

    async def run() -> None:
        async with httpx.AsyncClient(transport=CountingTransport(inner, told.append)) as client:
            await client.get("http://w.example")

    asyncio.run(run())
    assert told == ["503"]


def test_the_sample_is_stored_where_there_is_no_document(tmp_path: Path) -> None:
    encoder = load_encoder(device="cpu")
    tracer = Tracer(TraceSettings())

    def names(folder: Path, **set_: Any) -> list[str]:
        settings = Settings(data_folder=folder, wikipedia=False, **set_)
        metrics = DetectiveMetrics(CollectorRegistry())
        made = load_detective(
            settings, ENGINE, TOKENIZER, encoder, at_once, at_once, metrics, tracer
        )
        assert isinstance(made.asker, Detective)
        stored = [document.name for document in made.store.documents()]
        asyncio.run(made.close())
        return stored

    assert names(tmp_path / "off", sample_document=False) == []
    assert names(tmp_path) == ["lighthouse-of-vell.pdf"]
    assert names(tmp_path) == ["lighthouse-of-vell.pdf"]


# --- uploads -------------------------------------------------------------------------------------


class SlowIngester:
    """Encodes for ever, telling of its progress."""

    def __init__(self) -> None:
        self.began = threading.Event()

    def ingest(self, name: str, data: bytes, progress: Callable[[int, int], None]) -> Any:
        while True:
            self.began.set()
            progress(0, 1)


def test_an_upload_is_given_up_when_the_server_stops() -> None:
    registry = CollectorRegistry()
    ingester = SlowIngester()
    uploads = Uploads(cast(Any, ingester), DetectiveMetrics(registry), places=1)

    async def run() -> None:
        with uploads.place():
            with pytest.raises(UploadsUnavailable, match="1 uploads are under way"):
                uploads.place().__enter__()
            task = asyncio.create_task(uploads.ingest("a.txt", b"a"))
            await asyncio.to_thread(ingester.began.wait)
            await asyncio.to_thread(uploads.close)
            with pytest.raises(UploadsUnavailable, match="the server is stopping"):
                await task
        assert uploads.taken == 0

    asyncio.run(run())
    counted = 'document_ingest_seconds_count{outcome="failed"} 1.0'
    assert counted in generate_latest(registry).decode()
