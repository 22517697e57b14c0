"""A small model that answers nonsense quickly, with the real tokenizer, for every server test."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import torch

from minilora.chat import Tokenizer
from minilora.config import ModelConfig
from minilora.data.detective.steps import Step
from minilora.encoder import Encoder, load_encoder
from minilora.model import Llama
from minilora.weights import DEFAULT_ENCODER, DEFAULT_MODEL, resolve
from serve.admission import Admission
from serve.app import Shell
from serve.auth import Authenticator
from serve.chat import Planner
from serve.connection import listen, serve_app
from serve.detective.agent import Detective
from serve.detective.ingest import Ingester
from serve.detective.mind import Decision
from serve.detective.parts import Parts
from serve.detective.reply import TokenView, Usage
from serve.detective.store_sqlite import SqliteStore
from serve.detective_metrics import DetectiveMetrics
from serve.detective_service import DetectiveService
from serve.documents_api import FORM_BYTES
from serve.engine import EngineConfig, LocalEngine, use_one_core
from serve.limiter import Limits, MemoryLimiter
from serve.metrics import Metrics
from serve.middleware import BodyBounds
from serve.paged import PagedCache
from serve.routes import access_recorder, service_app
from serve.service import Service
from serve.threads import WorkThread
from serve.trace import Tracer, TraceSettings
from serve.trace_store import TraceStore
from serve.uploads import Uploads


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_path(resolve(DEFAULT_MODEL).tokenizer_path)


@pytest.fixture(scope="session")
def small_model(tokenizer: Tokenizer) -> Llama:
    """Random weights, large enough that its greedy answers differ from prompt to prompt."""
    torch.manual_seed(0)
    config = ModelConfig(
        "llama",
        vocab_size=tokenizer.vocab_size,
        d_model=64,
        n_layers=2,
        n_heads=4,
        n_kv_heads=2,
        head_dim=16,
        d_ff=96,
        max_seq_len=512,
        tie_embeddings=True,
    )
    model = Llama(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" not in name:
                parameter.normal_(0, 0.5 if name == "embed_tokens.weight" else 0.15)
    dtype = torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32
    return model.to(dtype).eval().requires_grad_(False)


@pytest.fixture
def engine(small_model: Llama, tokenizer: Tokenizer) -> Iterator[LocalEngine]:
    """An engine with room for few sequences, so that waiting and preemption happen."""
    dtype = small_model.embed_tokens.weight.dtype
    config = EngineConfig(
        cache_bytes=24 * PagedCache.block_bytes(small_model.config, dtype),
        max_running=6,
        max_waiting=200,
        step_tokens=64,
    )
    running = LocalEngine(small_model, tokenizer, config)
    yield running
    running.close()


class RedisServer:
    """A real redis-server on a free port of this machine, that keeps nothing on disk."""

    def __init__(self, binary: str, folder: Path):
        self._binary, self._folder = binary, folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [self._binary, *arguments, "--dir", str(self._folder)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        said = []
        for line in self._process.stdout:
            said.append(line)
            if "Ready to accept connections" in line:
                return
        raise RuntimeError("redis-server did not start: " + "".join(said))

    def stop(self) -> None:
        """End it; what it held is gone."""
        self._process.terminate()
        self._process.communicate()

    def flush(self) -> None:
        """Make it forget everything, the scripts too."""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"FLUSHALL\r\nSCRIPT FLUSH\r\n")
            with connection.makefile("rb") as answers:
                assert [answers.readline(), answers.readline()] == [b"+OK\r\n"] * 2


@pytest.fixture(scope="session")
def _redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("needs redis-server (Debian's package of that name)")
    pytest.importorskip("redis", reason="needs the extra cluster")
    server = RedisServer(binary, tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis_server(_redis_server: RedisServer) -> RedisServer:
    """A running server with nothing in it."""
    _redis_server.flush()
    return _redis_server


class ScriptedMind:
    """A mind that decides by rule: quotes the passage's first words, and is sure of all it says.

    Attributes:
        route: that it chooses.
        gate: while it is not set, a decision does not come; None is no gate.
        waiting: decisions that wait at the gate.
    """

    model = "scripted"

    def __init__(self) -> None:
        self.route = "documents"
        self.gate: threading.Event | None = None
        self.waiting = 0

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Decide."""
        self.waiting += 1
        try:
            while self.gate is not None and not self.gate.is_set():
                await asyncio.sleep(0.005)  # until the test opens it
        finally:
            self.waiting -= 1
        quote = " ".join(passages[0].split(" ")[:8]) if passages else ""
        value, confidence = {
            "route": ({"route": self.route, "query": "tower"}, {self.route: 1.0}),
            "read": ({"quote": quote, "answered": True, "answer": "it says so"}, {"true": 1.0}),
            "verify": ({"quote": quote, "verdict": "supported"}, {"supported": 1.0}),
        }[step.name]
        tokens = (TokenView("{", forced=True), TokenView("}", probability=0.5))
        return Decision(value, tokens, Usage(1, 100, 10, 110), confidence)


MAX_UPLOAD_BYTES = 20_000


def make_detective(
    encoder: Encoder, metrics: Metrics, tracer: Tracer, folder: Path
) -> DetectiveService:
    """A detective without Wikipedia, with a scripted mind, a store on disk and nothing in it."""
    counted = DetectiveMetrics(metrics.registry)
    store = SqliteStore(folder / "documents.sqlite", DEFAULT_ENCODER, encoder.config.d_model)
    counted.observe_documents(store.documents)
    ingester = Ingester(store, encoder)
    thread = WorkThread(ThreadPoolExecutor(1))
    parts = Parts(ScriptedMind(), store, encoder, thread, tracer)
    return DetectiveService(
        Detective(parts),
        store,
        Uploads(ingester, counted, places=2, prepare_thread=use_one_core),
        counted,
        "scripted",
        question_tokens=900,
        max_questions=3,
        max_upload_bytes=MAX_UPLOAD_BYTES,
    )


class Running:
    """A server on loopback, in a thread, with the small model.

    Attributes:
        url: of the server.
        service: its parts.
        token_rate: model tokens that a caller's bucket gains in a second.
    """

    def __init__(self, url: str, service: Service, token_rate: float) -> None:
        self.url, self.service, self.token_rate = url, service, token_rate

    def until(self, condition: Callable[[], bool], limit_s: float = 20) -> None:
        """Wait until a condition holds, asking the server meanwhile.

        Raises:
            TimeoutError: it never did.
        """
        deadline = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError("the condition did not come true")
            httpx.get(f"{self.url}/health")


@pytest.fixture(scope="session")
def server(
    small_model: Llama, tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    metrics = Metrics()
    engine = LocalEngine(small_model, tokenizer, EngineConfig(cache_bytes=16 << 20))
    metrics.observe_load("small", engine.load)
    limiter = MemoryLimiter(time.monotonic)
    limits = Limits(requests_per_minute=60_000, tokens_per_minute=6_000_000)
    traces = TraceStore(tmp_path_factory.mktemp("traces") / "traces.sqlite")
    encoder, tracer = load_encoder(device="cpu"), Tracer(TraceSettings(), traces)
    service = Service(
        model_name="small",
        encoder_name="minilm-l6",
        engine=engine,
        planner=Planner(tokenizer, engine.vocabulary),
        encoder=encoder,
        admission=Admission(Authenticator((), limits), limiter, metrics),
        limiter=limiter,
        metrics=metrics,
        tracer=tracer,
        detective=make_detective(encoder, metrics, tracer, tmp_path_factory.mktemp("documents")),
        traces=traces,
        default_answer_tokens=32,
    )
    listener = listen("127.0.0.1", 0)
    draining = asyncio.Event()
    uploads = {"/documents": BodyBounds(MAX_UPLOAD_BYTES + FORM_BYTES)}
    shell = Shell(metrics.render, access_recorder(metrics), BodyBounds(1 << 20), uploads)
    app = service_app(service, shell, draining)
    loop = asyncio.new_event_loop()

    def run() -> None:
        loop.run_until_complete(serve_app(app, listener, draining, drain_timeout_s=5))

    thread = threading.Thread(target=run)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    running = Running(url, service, limits.tokens_per_minute / 60)
    yield running
    loop.call_soon_threadsafe(draining.set)
    thread.join()
