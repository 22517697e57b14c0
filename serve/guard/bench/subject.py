"""The agent that is attacked: the server's own engine, encoder and detective, without HTTP."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from minilora.command import option
from minilora.encoder import Encoder
from serve.detective.agent import Detective
from serve.detective.inquiry import Parts
from serve.detective.local_mind import ADAPTER, LocalMind
from serve.detective.mind import Mind
from serve.detective.store import DocumentStore
from serve.detective.wikipedia import Wikipedia
from serve.guard.bench.run import MakeAgent
from serve.guard.scanner import Scanner
from serve.service import load_service
from serve.settings import DEFAULT_MODEL, Settings


@dataclass(frozen=True)
class SubjectConfig:
    """Which model answers."""

    model: str = option(DEFAULT_MODEL, "folder, .gguf file, built-in name, or org/name on the hub")
    quant: str = option("nf4", "how weights are stored", choices=("nf4", "int8", "none"))
    adapter: str | None = option(
        None, "folder of the detective's adapter; none: the one that comes with the package"
    )
    device: str = option("auto", "auto (a GPU if there is one), cpu, cuda, ...")
    threads: int | None = option(None, "processor threads of the model; none: torch's choice")


@dataclass(frozen=True)
class Subject:
    """What the benchmark needs of the agent.

    Attributes:
        model: which answers.
        mind, encoder: of all cases.
        make_agent: of a case's own view of the mind, store and wiki.
    """

    model: str
    mind: Mind
    encoder: Encoder
    make_agent: MakeAgent


@contextmanager
def subject(config: SubjectConfig) -> Iterator[Subject]:
    """Load the agent's parts, and let go of them in the end.

    Raises:
        WeightsError, ValueError, OSError: something cannot be loaded; the message says what.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            model=config.model,
            quant=config.quant,  # type: ignore[arg-type]
            adapters=() if config.adapter is None else ((ADAPTER, Path(config.adapter)),),
            device=config.device,
            threads=config.threads,
            data_folder=Path(folder),
            traces_kept=0,
        )
        service = load_service(settings)
        try:
            mind = LocalMind(
                service.engine,
                service.planner.tokenizer,
                service.in_grammar_thread,
                service.model_name,
            )
            scanner = Scanner(service.encoder)

            def make_agent(mind: Mind, store: DocumentStore, wiki: Wikipedia) -> Detective:
                return Detective(
                    Parts(
                        mind,
                        store,
                        service.encoder,
                        service.in_encoder_thread,
                        service.tracer,
                        wiki,
                        scanner,
                    )
                )

            yield Subject(mind.model, mind, service.encoder, make_agent)
        finally:
            asyncio.run(service.close())
