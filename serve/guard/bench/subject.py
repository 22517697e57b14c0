"""The agent that is attacked: the detective as the server makes it, without HTTP."""

from __future__ import annotations

import asyncio
import shlex
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from minilora.command import option
from minilora.encoder import Encoder
from serve.detective.agent import Detective
from serve.detective.mind import Mind
from serve.detective.store import DocumentStore
from serve.detective.wikipedia import Wikipedia
from serve.guard.bench.run import MakeAgent
from serve.service import load_service
from serve.settings import Settings

# Each case brings its own documents and wiki, and keeps nothing.
_FLAGS = ("--no-sample-document", "--no-wikipedia", "--traces-kept", "0")


@dataclass(frozen=True)
class SubjectConfig:
    """Which model answers."""

    server: str = option(
        "", "flags of python -m serve in one word, such as '--device cpu --detective-model NAME'"
    )


@dataclass(frozen=True)
class Subject:
    """What the benchmark needs of the agent.

    Attributes:
        mind, encoder: of all cases.
        make_agent: of a case's own view of the mind, store and wiki.
        servers: hosts and ports that a remote mind connects to.
    """

    mind: Mind
    encoder: Encoder
    make_agent: MakeAgent
    servers: frozenset[tuple[str, int]]


@contextmanager
def subject(config: SubjectConfig) -> Iterator[Subject]:
    """Load the agent's parts, and let go of them in the end.

    Raises:
        WeightsError, ValueError, OSError: something cannot be loaded; the message says what.
    """
    with tempfile.TemporaryDirectory() as folder:
        flags = [*_FLAGS, "--data-folder", folder, *shlex.split(config.server)]
        settings = Settings.from_command_line(flags)
        service = load_service(settings)
        detective = service.detective.asker
        assert isinstance(detective, Detective), "no judge is set, which would wrap it"
        parts, how = detective.parts, detective.config

        def make_agent(mind: Mind, store: DocumentStore, wiki: Wikipedia) -> Detective:
            return Detective(replace(parts, mind=mind, store=store, wiki=wiki), how)

        try:
            yield Subject(parts.mind, parts.encoder, make_agent, _addresses(settings.detective_url))
        finally:
            asyncio.run(service.close())


def _addresses(url: str | None) -> frozenset[tuple[str, int]]:
    """Return the addresses and ports behind a URL; none without one."""
    if url is None:
        return frozenset()
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    return frozenset((str(address[0]), port) for *_, address in found)
