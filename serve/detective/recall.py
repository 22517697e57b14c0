"""``python -m serve.detective.recall``: how often the right passage is found, against BM25 alone.

Each passage of a question-answering set is a document, each answerable question is asked of all of
them, and recall@k is the share of questions whose passage is among the first k. BM25 alone and the
encoder alone are the same store's two searches, before they are fused.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from minilora.command import Parser, check_writable, exit_with, write_json
from minilora.encoder import Encoder, load_encoder
from minilora.grammar.bench.data import VARIABLE, data_folder
from minilora.report import environment
from minilora.weights import DEFAULT_ENCODER
from serve.detective.chunks import Chunker, ChunkSizes
from serve.detective.documents import Page
from serve.detective.retrieve import DEPTH, fuse
from serve.detective.store import DocumentStore, Hit, NewDocument
from serve.detective.store_sqlite import SqliteStore

SETS = ("squad2", "xquad_en")
METHODS = ("bm25", "dense", "hybrid")
RANKS = (1, 5)


def recall(
    rows: Sequence[dict[str, Any]], encoder: Encoder, sizes: ChunkSizes, store: DocumentStore
) -> dict[str, Any]:
    """Return recall of each method, over the answerable questions of a set.

    Args:
        rows: with context, question and answerable.
        encoder: of chunks and questions.
        sizes: of the chunks.
        store: an empty one.
    """
    contexts = list(dict.fromkeys(row["context"] for row in rows))
    stored = _fill(store, contexts, encoder, Chunker(encoder.tokenizer, sizes))
    questions = [row for row in rows if row["answerable"]]
    vectors = encoder.encode([row["question"] for row in questions]).numpy()
    found = {method: dict.fromkeys(RANKS, 0) for method in METHODS}
    seconds = []
    for row, vector in zip(_tracked(questions, "asking"), vectors, strict=True):
        start = time.perf_counter()
        lists = {
            "dense": _chunks(store.search_vectors(vector, DEPTH)),
            "bm25": _chunks(store.search_text(row["question"], DEPTH)),
        }
        lists["hybrid"] = [chunk for chunk, _ in fuse(lists["dense"], lists["bm25"])]
        seconds.append(time.perf_counter() - start)
        for method, ranked in lists.items():
            passages = list(dict.fromkeys(stored[chunk] for chunk in ranked))
            for k in RANKS:
                found[method][k] += row["context"] in passages[:k]
    return {
        "passages": len(contexts),
        "chunks": len(stored),
        "questions": len(questions),
        "search_ms_p95": float(np.quantile(seconds, 0.95) * 1e3),
        "recall": {
            method: {str(k): found[method][k] / len(questions) for k in RANKS} for method in METHODS
        },
    }


def _fill(
    store: DocumentStore, contexts: Sequence[str], encoder: Encoder, chunker: Chunker
) -> dict[int, str]:
    """Store passages, all as pages of one document; return chunk -> passage."""
    pages = [Page(number, context) for number, context in enumerate(contexts, 1)]
    chunks = chunker.chunks(pages)
    texts = [contexts[chunk.page - 1][chunk.start : chunk.end] for chunk in chunks]
    batches = [texts[i : i + 64] for i in range(0, len(texts), 64)]
    vectors = [encoder.encode(batch).numpy() for batch in _tracked(batches, "encoding")]
    size = sum(map(len, contexts))
    document = store.add(
        NewDocument("set", "text", None, "set", size, pages, chunks, np.concatenate(vectors))
    )
    everything = store.search_vectors(vectors[0][0], len(chunks), [document.id])
    passages = store.passages(_chunks(everything)[: len(chunks)])
    return {passage.number: contexts[passage.page - 1] for passage in passages}


def _chunks(hits: Sequence[Hit]) -> list[int]:
    return [hit.chunk for hit in hits]


def _tracked(items: Sequence[Any], text: str) -> Any:
    console = Console(stderr=True)
    return track(items, text, console=console, disable=not console.is_terminal)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    parser = Parser(prog="python -m serve.detective.recall", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="(default: both)")
    parser.add_argument(
        "--data", metavar="FOLDER", help=f"(default: ${VARIABLE} or ../shared/data)"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="rows of each set (default: all)")
    parser.add_argument("--max-pieces", type=int, default=ChunkSizes.max_pieces)
    parser.add_argument("--overlap-pieces", type=int, default=ChunkSizes.overlap_pieces)
    parser.add_argument("--device", default="cpu", help="of the encoder (default: cpu)")
    parser.add_argument("--json", metavar="FILE", help="write a machine-readable report")
    arguments = parser.parse_args(argv)

    def work() -> None:
        check_writable(json=arguments.json)
        folder = data_folder(arguments.data)
        sizes = ChunkSizes(arguments.max_pieces, arguments.overlap_pieces)
        encoder = load_encoder(DEFAULT_ENCODER, arguments.device)
        report: dict[str, Any] = {"sizes": vars(sizes), **environment(), "sets": {}}
        print("| set | passages | chunks | questions | method | recall@1 | recall@5 |")
        print("|---|---|---|---|---|---|---|")
        for name in arguments.sets:
            lines = (folder / name / f"{name}.jsonl").read_text("utf-8").splitlines()
            rows = [json.loads(line) for line in lines[: arguments.limit]]
            with tempfile.TemporaryDirectory() as place:
                store = SqliteStore(
                    Path(place) / "recall.sqlite", DEFAULT_ENCODER, encoder.config.d_model
                )
                result = report["sets"][name] = recall(rows, encoder, sizes, store)
                store.close()
            for method, shares in result["recall"].items():
                counts = f"{result['passages']} | {result['chunks']} | {result['questions']}"
                cells = " | ".join(f"{shares[str(k)]:.3f}" for k in RANKS)
                print(f"| {name} | {counts} | {method} | {cells} |", flush=True)
        write_json(arguments.json, report)

    exit_with(work)


if __name__ == "__main__":
    main(sys.argv[1:])
