"""``python -m serve.detective.match_measure``: what the bands of :mod:`.match` are set by.

The passages of every other title of squad2 are stored; questions are asked about stored titles and
about the others. A table gives the share of each that reaches a score, and the area under the curve
of each number: how often a question about stored passages scores higher than another does.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from minilora.command import Parser, exit_with
from minilora.encoder import Encoder, load_encoder
from minilora.grammar.bench.data import VARIABLE, data_folder
from minilora.weights import DEFAULT_ENCODER
from serve.detective.chunks import Chunker
from serve.detective.documents import Page
from serve.detective.match import FAIR, STRONG, WEAK, numbers, score
from serve.detective.retrieve import retrieve
from serve.detective.store import DocumentStore, NewDocument
from serve.detective.store_sqlite import SqliteStore

K = 3  # passages retrieved, as the detective does
N_QUESTIONS = 600
SET = "squad2"


def measure(rows: Sequence[dict[str, Any]], encoder: Encoder, store: DocumentStore) -> None:
    """Print the table of a set's questions; the store is empty."""
    titles = sorted({row["title"] for row in rows})
    stored = set(titles[::2])
    _fill(store, [row["context"] for row in rows if row["title"] in stored], encoder)
    asked = random.Random(0).sample(list(rows), min(N_QUESTIONS, len(rows)))
    found = [numbers(q := row["question"], retrieve(store, encoder, q, k=K)) for row in asked]
    about = np.array([row["title"] in stored for row in asked])
    columns = {
        "cosine": np.array([cosine for cosine, _ in found]),
        "share": np.array([share for _, share in found]),
        "score": np.array([score(*pair) for pair in found]),
    }
    print(f"{about.sum()} questions about stored titles, {(~about).sum()} about others\n")
    print("| number | area under the curve |\n|---|---|")
    for name, column in columns.items():
        above = column[about][:, None] - column[~about][None, :]
        print(f"| {name} | {((above > 0) + (above == 0) / 2).mean():.3f} |")
    print("\n| score at least | stored | others |\n|---|---|---|")
    for least in sorted({*np.arange(0.2, 0.6, 0.05).round(2).tolist(), WEAK, FAIR, STRONG}):
        reached = columns["score"] >= least
        print(f"| {least:g} | {reached[about].mean():.3f} | {reached[~about].mean():.3f} |")


def _fill(store: DocumentStore, contexts: Sequence[str], encoder: Encoder) -> None:
    """Store the passages, each once, as pages of one document."""
    texts = list(dict.fromkeys(contexts))
    pages = [Page(number, text) for number, text in enumerate(texts, 1)]
    chunks = Chunker(encoder.tokenizer).chunks(pages)
    contents = [texts[chunk.page - 1][chunk.start : chunk.end] for chunk in chunks]
    vectors = encoder.encode(contents).numpy()
    store.add(NewDocument(SET, "text", None, SET, sum(map(len, texts)), pages, chunks, vectors))


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    parser = Parser(prog="python -m serve.detective.match_measure", description=__doc__)
    parser.add_argument(
        "--data", metavar="FOLDER", help=f"(default: ${VARIABLE} or ../shared/data)"
    )
    arguments = parser.parse_args(argv)

    def work() -> None:
        file = data_folder(arguments.data) / SET / f"{SET}.jsonl"
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        encoder = load_encoder(DEFAULT_ENCODER)
        with tempfile.TemporaryDirectory() as place:
            store = SqliteStore(Path(place) / "store", DEFAULT_ENCODER, encoder.config.d_model)
            measure(rows, encoder, store)
            store.close()

    exit_with(work)


if __name__ == "__main__":
    main(sys.argv[1:])
