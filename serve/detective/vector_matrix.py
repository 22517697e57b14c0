"""All vectors of an SQLite store in memory, and the exact search over them.

Shape letters: n chunks of all documents, D of a vector.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serve.detective.store import Hit, Vectors


@dataclass(frozen=True)
class VectorMatrix:
    """The vectors of all chunks at one version of the file; never changed.

    Attributes:
        version: of the file; -1 of none yet.
        vectors: (n, D) float32.
        chunks: (n,) int64, number of each row's chunk, growing.
        documents: (n,) int64, key of each row's document, growing.
    """

    version: int
    vectors: Vectors
    chunks: NDArray[np.int64]
    documents: NDArray[np.int64]

    @classmethod
    def empty(cls, n_dimensions: int) -> VectorMatrix:
        """Return that of a file that was not read."""
        nothing = np.empty(0, np.int64)
        return cls(-1, np.empty((0, n_dimensions), np.float32), nothing, nothing)

    def refreshed(self, version: int, reader: sqlite3.Connection) -> VectorMatrix:
        """Return the matrix of a version: without deleted documents, and with those that are new.

        Only the new ones are read: keys grow, and none is used again.
        """
        keys = np.array([key for (key,) in reader.execute("SELECT key FROM documents")], np.int64)
        kept = np.isin(self.documents, keys)
        vectors, chunks = [self.vectors[kept]], [self.chunks[kept]]
        documents = [self.documents[kept]]
        known = int(self.documents.max(initial=0))
        for key, first, blob in reader.execute(
            "SELECT * FROM vectors WHERE document > ? ORDER BY document", (known,)
        ):
            new = np.frombuffer(blob, "<f4").reshape(-1, self.vectors.shape[1])
            vectors.append(new)
            chunks.append(np.arange(first, first + len(new)))
            documents.append(np.full(len(new), key))
        return VectorMatrix(
            version, np.concatenate(vectors), np.concatenate(chunks), np.concatenate(documents)
        )

    def nearest(self, vector: Vectors, k: int, documents: Sequence[int] | None) -> list[Hit]:
        """Return the k chunks of the largest dot product with a vector (D,), best first.

        Args:
            vector: of the question.
            k: at least 1.
            documents: keys; only their chunks. None: of all.
        """
        scores = self.vectors @ vector.astype(np.float32)  # (n,)
        rows = np.arange(len(scores))
        if documents is not None:
            rows = np.flatnonzero(np.isin(self.documents, documents))
        if len(rows) > k:
            rows = rows[np.argpartition(-scores[rows], k - 1)[:k]]
        best = rows[np.argsort(-scores[rows], kind="stable")]
        return [Hit(int(self.chunks[row]), float(scores[row])) for row in best]
