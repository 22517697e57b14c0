"""A file into the store: read in a limited process, cut into chunks, encoded, added whole.

Nothing is stored before the last step, which is one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from minilora.encoder import Encoder
from serve.detective.chunks import Chunker, ChunkSizes
from serve.detective.documents import Chunk, DocumentError, Parsed, clean_name
from serve.detective.extract import DEFAULT_LIMITS, Limits, extract, kind_of
from serve.detective.samples import SAMPLE
from serve.detective.store import Document, DocumentStore, DuplicateDocument, NewDocument, Vectors

BATCH_CHUNKS = 64  # encoded between two reports of progress

Progress = Callable[[int, int], None]  # chunks encoded, and how many there are


class Ingester:
    """Takes files into a store; safe to use from several threads, and blocks.

    Args:
        store: where they go.
        encoder: of their chunks.
        sizes: of the chunks; None for the defaults, cut to what the encoder reads.
        limits: what a file may cost.
    """

    def __init__(
        self,
        store: DocumentStore,
        encoder: Encoder,
        sizes: ChunkSizes | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._store, self._encoder, self._limits = store, encoder, limits
        self._chunker = Chunker(encoder.tokenizer, sizes)
        longest = encoder.config.max_seq_len
        if self._chunker.sizes.max_pieces > longest:
            raise ValueError(
                f"max_pieces is {self._chunker.sizes.max_pieces}, but the encoder reads {longest}"
            )

    def ingest(
        self, name: str, data: bytes, progress: Progress = lambda done, total: None
    ) -> Document:
        """Store a file and return the document that was made of it.

        Args:
            name: of the file, as shown; its ending tells the format.
            data: its bytes.
            progress: called as its chunks are encoded, in this thread.

        Raises:
            DocumentError: the file cannot be taken; the message says why.
            DuplicateDocument: it is stored already.
            StoreError: the store cannot be used.
        """
        content_hash = hashlib.sha256(data).hexdigest()
        if (stored := self._store.find(content_hash)) is not None:
            raise DuplicateDocument(stored)
        parsed = extract(name, data, self._limits)
        chunks = self._chunker.chunks(parsed.pages)
        if not chunks:
            raise DocumentError("it holds no text")
        return self._store.add(
            NewDocument(
                clean_name(name),
                kind_of(name, data),
                parsed.title,
                content_hash,
                len(data),
                parsed.pages,
                chunks,
                self._encode(parsed, chunks, progress),
            )
        )

    def ingest_sample(self) -> Document | None:
        """Store the document that comes with the product, where the store is empty.

        Returns:
            The document, or None where there are others.
        """
        if self._store.documents():
            return None
        try:
            return self.ingest(SAMPLE.name, SAMPLE.read_bytes())
        except DuplicateDocument:  # another server was faster
            return None

    def _encode(self, parsed: Parsed, chunks: list[Chunk], progress: Progress) -> Vectors:
        """Return the vectors (n, D) of the chunks' texts."""
        texts = {page.number: page.text for page in parsed.pages}
        contents = [texts[chunk.page][chunk.start : chunk.end] for chunk in chunks]
        vectors = []
        for done in range(0, len(contents), BATCH_CHUNKS):
            progress(done, len(contents))
            batch = contents[done : done + BATCH_CHUNKS]
            vectors.append(self._encoder.encode(batch).numpy().astype(np.float32))
        progress(len(contents), len(contents))
        return np.concatenate(vectors)
