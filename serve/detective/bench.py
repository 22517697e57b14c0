"""``python -m serve.detective.bench``: search in a large store, and a long PDF taken into one.

The large store holds pages of made text and random unit vectors: the time of a search depends on
how many chunks and words there are, not on what they mean. A part of the search is the question's
encoding, which is timed too. The long PDF is typeset from made text and goes the ordinary way:
read in a limited process, cut, encoded, stored.
"""

from __future__ import annotations

import hashlib
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from minilora.command import Parser, check_writable, exit_with, write_json
from minilora.encoder import Encoder, load_encoder
from minilora.report import environment
from minilora.weights import DEFAULT_ENCODER
from serve.detective.documents import Chunk, Page
from serve.detective.extract import DEFAULT_LIMITS
from serve.detective.ingest import Ingester
from serve.detective.retrieve import DEPTH, retrieve
from serve.detective.samples.typeset import typeset
from serve.detective.store import NewDocument
from serve.detective.store_sqlite import SqliteStore

T = TypeVar("T")
CHUNKS_PER_DOCUMENT = 500
WORDS_PER_CHUNK = 110  # about 140 word pieces
WORDS_PER_PAGE = 270  # of the PDF, a full page
COMMON = 200  # words that nearly every text has


class Language:
    """Texts of an encoder's own words, drawn by Zipf's law: the r-th with a weight of 1 / r.

    Every fourth word of the list is made of two, so that it has several pieces, as names have.
    """

    def __init__(self, encoder: Encoder, seed: int) -> None:
        self._random = random.Random(seed)
        plain = [word for word in encoder.tokenizer.get_vocab() if re.fullmatch("[a-z]{3,}", word)]
        plain.sort()
        self._random.shuffle(plain)
        self._words = [word + plain[i - 1] if i % 4 == 3 else word for i, word in enumerate(plain)]
        self._weights = list(accumulate(1 / rank for rank in range(1, len(plain) + 1)))

    def text(self, n_words: int) -> str:
        """Return sentences of so many words together."""
        words = self._random.choices(self._words, cum_weights=self._weights, k=n_words)
        ends = range(0, n_words, 12)
        return " ".join(" ".join(words[i : i + 12]).capitalize() + "." for i in ends)

    def questions(self, n: int) -> Iterator[str]:
        """Yield questions, each of three common words and three of any sort."""
        for _ in range(n):
            common = self._random.choices(self._words[:COMMON], k=3)
            others = self._random.choices(self._words, cum_weights=self._weights, k=3)
            yield f"What is the {' '.join([*common, *others])}?"


def made_documents(language: Language, n_chunks: int, d: int, seed: int) -> Iterator[NewDocument]:
    """Yield documents of a chunk a page, with random unit vectors of d numbers."""
    generator = np.random.default_rng(seed)
    for first in range(0, n_chunks, CHUNKS_PER_DOCUMENT):
        n = min(CHUNKS_PER_DOCUMENT, n_chunks - first)
        pages = [Page(i, language.text(WORDS_PER_CHUNK)) for i in range(1, n + 1)]
        vectors = generator.standard_normal((n, d)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        yield NewDocument(
            name=f"made-{first}.txt",
            kind="text",
            title=None,
            content_hash=hashlib.sha256(f"{seed}/{first}".encode()).hexdigest(),
            n_bytes=sum(len(page.text) for page in pages),
            pages=pages,
            chunks=[Chunk(page.number, 0, len(page.text)) for page in pages],
            vectors=vectors,
        )


@dataclass(frozen=True)
class Time:
    """How long something took.

    Attributes:
        wall_s: seconds.
        cpu_s: of all processors together, child processes that have ended too. On a machine
            without other work the wall time is not above it, but for waiting on the disk.
    """

    wall_s: float
    cpu_s: float

    @classmethod
    def now(cls) -> Time:
        """Return the clocks."""
        own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        cpu_s = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
        return cls(time.perf_counter(), cpu_s)

    def since(self, start: Time) -> Time:
        """Return the time from another reading of the clocks until this one."""
        return Time(self.wall_s - start.wall_s, self.cpu_s - start.cpu_s)


def timed(work: Callable[[], T]) -> tuple[T, Time]:
    """Return what work returns, and its time."""
    start = Time.now()
    result = work()
    return result, Time.now().since(start)


def measure_search(
    encoder: Encoder, folder: Path, n_chunks: int, n_questions: int, seed: int
) -> dict[str, Any]:
    """Return the times of hybrid searches, and what the store takes.

    Raises:
        RuntimeError: a search does not find what it must, so that its time means nothing.
    """
    language = Language(encoder, seed)
    d = encoder.config.d_model
    n_documents = -(-n_chunks // CHUNKS_PER_DOCUMENT)
    with closing(SqliteStore(folder / "large.sqlite", DEFAULT_ENCODER, d)) as store:
        filling = Time(0.0, 0.0)
        made = made_documents(language, n_chunks, d, seed)
        for document in _tracked(made, "storing", n_documents):
            _, took = timed(lambda document=document: store.add(document))  # type: ignore[misc]
            filling = Time(filling.wall_s + took.wall_s, filling.cpu_s + took.cpu_s)
        nearest, first = timed(lambda: store.search_vectors(document.vectors[0], 1)[0])
        if abs(nearest.score - 1) > 1e-3:
            raise RuntimeError(f"a vector's own chunk is not its nearest: {nearest}")
        one = [store.documents()[0].id]
        times: dict[str, list[Time]] = {}
        for question in _tracked(language.questions(n_questions), "searching", n_questions):
            vector = encoder.encode([question])[0].numpy()
            works: dict[str, Callable[[], object]] = {
                "whole": lambda q=question: retrieve(store, encoder, q),  # type: ignore[misc]
                "in one document": lambda q=question: retrieve(store, encoder, q, one),  # type: ignore[misc]
                "part: encoding": lambda q=question: encoder.encode([q]),  # type: ignore[misc]
                "part: vectors": lambda v=vector: store.search_vectors(v, DEPTH),  # type: ignore[misc]
                "part: words": lambda q=question: store.search_text(q, DEPTH),  # type: ignore[misc]
            }
            for name, work in works.items():
                found, took = timed(work)
                times.setdefault(name, []).append(took)
                if isinstance(found, list) and not found:
                    raise RuntimeError(f"nothing was found for {question!r}")
    return {
        "chunks": n_chunks,
        "documents": n_documents,
        "filling": asdict(filling),
        "file_bytes": (folder / "large.sqlite").stat().st_size,
        "first_search": asdict(first),
        "searches": {name: _quantiles(values) for name, values in times.items()},
        "peak_memory_bytes": peak_memory_bytes(),
    }


def measure_ingest(encoder: Encoder, folder: Path, n_pages: int, seed: int) -> dict[str, Any]:
    """Return the time in which a PDF is read, cut, encoded and stored.

    Raises:
        RuntimeError: not all its pages are stored.
    """
    language = Language(encoder, seed)
    chapters = (
        "\n\n".join(language.text(WORDS_PER_PAGE // 4) for _ in range(4)) for _ in range(n_pages)
    )
    data = typeset("# A long report\n\n" + "\n\f\n".join(chapters))
    began: list[Time] = []
    with closing(
        SqliteStore(folder / "ingest.sqlite", DEFAULT_ENCODER, encoder.config.d_model)
    ) as store:
        patient = replace(DEFAULT_LIMITS, timeout_s=3600.0)  # other work must not end it
        ingester = Ingester(store, encoder, limits=patient)
        start = Time.now()
        document = ingester.ingest("long.pdf", data, lambda done, total: began.append(Time.now()))
        whole = Time.now().since(start)
    if document.n_pages < n_pages:
        raise RuntimeError(f"{document.n_pages} of {n_pages} pages were stored")
    return {
        "pages": document.n_pages,
        "bytes": len(data),
        "chunks": document.n_chunks,
        "reading": asdict(began[0].since(start)),
        "whole": asdict(whole),
        "peak_memory_bytes": peak_memory_bytes(),
    }


def peak_memory_bytes() -> int:
    """Return the most memory that this process has had in use."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _quantiles(times: Sequence[Time]) -> dict[str, float]:
    """Return p50 and p95 of wall and processor time, in milliseconds."""
    values = {"wall": [time.wall_s for time in times], "cpu": [time.cpu_s for time in times]}
    return {
        f"{name}_p{q}_ms": float(np.quantile(seconds, q / 100)) * 1e3
        for name, seconds in values.items()
        for q in (50, 95)
    }


def _tracked(items: Iterable[T], text: str, total: int) -> Iterable[T]:
    console = Console(stderr=True)
    return track(items, text, total, console=console, disable=not console.is_terminal)


def _took(time: dict[str, float]) -> str:
    return f"{time['wall_s']:.1f} s, {time['cpu_s']:.1f} s of processors"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    parser = Parser(prog="python -m serve.detective.bench", description=__doc__)
    parser.add_argument("--only", choices=("search", "ingest"), help="(default: both)")
    parser.add_argument("--chunks", type=int, default=100_000, help="in the store (100000)")
    parser.add_argument("--questions", type=int, default=200, help="asked of it (200)")
    parser.add_argument("--pages", type=int, default=300, help="of the PDF (300)")
    parser.add_argument("--threads", type=int, help="of the encoder (default: torch's choice)")
    parser.add_argument("--seed", type=int, default=0, help="of text and vectors (0)")
    parser.add_argument("--json", metavar="FILE", help="write a machine-readable report")
    arguments = parser.parse_args(argv)

    def work() -> None:
        check_writable(json=arguments.json)
        if min(arguments.chunks, arguments.questions, arguments.pages, arguments.threads or 1) < 1:
            raise ValueError("every number must be at least 1")
        if arguments.threads is not None:
            torch.set_num_threads(arguments.threads)
        encoder = load_encoder(DEFAULT_ENCODER, "cpu")
        measured: dict[str, Any] = {}
        print("| figure | measured |\n|---|---|")
        with tempfile.TemporaryDirectory() as place:
            if arguments.only != "search":
                measured["ingest"] = found = measure_ingest(
                    encoder, Path(place), arguments.pages, arguments.seed
                )
                print(
                    f"| PDF of {found['pages']} pages, {found['chunks']} chunks | "
                    f"{_took(found['whole'])} |\n"
                    f"| of that reading and cutting | {_took(found['reading'])} |\n"
                    f"| peak memory | {found['peak_memory_bytes'] >> 20} MiB |"
                )
            if arguments.only != "ingest":
                measured["search"] = found = measure_search(
                    encoder, Path(place), arguments.chunks, arguments.questions, arguments.seed
                )
                for name, ms in found["searches"].items():
                    print(
                        f"| search of {found['chunks']} chunks, {name} | "
                        f"p50 {ms['wall_p50_ms']:.1f} ms, p95 {ms['wall_p95_ms']:.1f} ms; "
                        f"processors p50 {ms['cpu_p50_ms']:.1f} ms, p95 {ms['cpu_p95_ms']:.1f} ms |"
                    )
                print(
                    f"| first search, which reads the vectors | {_took(found['first_search'])} |\n"
                    f"| storing the chunks | {_took(found['filling'])} |\n"
                    f"| file, peak memory | {found['file_bytes'] >> 20} MiB, "
                    f"{found['peak_memory_bytes'] >> 20} MiB |"
                )
        write_json(arguments.json, measured | environment())

    exit_with(work)


if __name__ == "__main__":
    main(sys.argv[1:])
