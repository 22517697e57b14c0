"""Questions to passages: the encoder's search and BM25, fused by reciprocal rank.

The encoder finds what means the same in other words; BM25 finds names and numbers. Their scores
cannot be compared, so only ranks count: of a chunk at rank r(l) in each list l that has it,

    score = sum over l of 1 / (60 + r(l)).

Source: Cormack, Clarke, Büttcher 2009, Reciprocal Rank Fusion, SIGIR, for k = 60.

>>> fuse([3, 7], [7, 9])
[(7, 0.03252247488101534), (3, 0.01639344262295082), (9, 0.016129032258064516)]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from minilora.encoder import Encoder
from serve.detective.documents import Hidden
from serve.detective.store import DocumentStore, Hit

RANK_CONSTANT = 60  # k of the paper
DEPTH = 50  # chunks taken of each list


@dataclass(frozen=True)
class Passage:
    """A chunk that was retrieved, and why.

    Attributes:
        chunk: its number in the store.
        document_id, document_name, page, start, end: where it stands; ``text`` is the page's text
            from ``start`` to ``end``.
        hidden: what of it a reader of the file would not see, as offsets into ``text``.
        score: of the fusion.
        dense_rank, dense_score: in the encoder's list, from 1, and the cosine; None where it was
            not among the first DEPTH.
        text_rank, text_score: in BM25's list, likewise.
    """

    chunk: int
    document_id: str
    document_name: str
    page: int
    start: int
    end: int
    text: str
    hidden: tuple[Hidden, ...]
    score: float
    dense_rank: int | None
    dense_score: float | None
    text_rank: int | None
    text_score: float | None


def retrieve(
    store: DocumentStore,
    encoder: Encoder,
    question: str,
    documents: Collection[str] | None = None,
    k: int = 5,
    most_per_page: int | None = None,
) -> list[Passage]:
    """Return the k best passages for a question, best first. It computes, and blocks.

    Args:
        store: where they are.
        encoder: the one by which they were stored.
        question: any text.
        documents: ids; only their passages. None: of all documents.
        k: how many, at least 1; fewer where the documents have no more.
        most_per_page: of one page; None: any number.

    Raises:
        ValueError: k or ``most_per_page`` is below 1.
        StoreError: the store cannot be used.
    """
    if k < 1 or (most_per_page is not None and most_per_page < 1):
        raise ValueError(f"k and most_per_page must be at least 1, got {k} and {most_per_page}")
    vector = encoder.encode([question])[0].numpy().astype(np.float32)
    dense = store.search_vectors(vector, max(k, DEPTH), documents)
    text = store.search_text(question, max(k, DEPTH), documents)
    fused = fuse([hit.chunk for hit in dense], [hit.chunk for hit in text])
    scores, dense_places, text_places = dict(fused), _places(dense), _places(text)
    passages: list[Passage] = []
    on_page: Counter[tuple[str, int]] = Counter()
    for chunk in store.passages([number for number, _ in fused]):
        place = (chunk.document_id, chunk.page)
        if most_per_page is not None and on_page[place] >= most_per_page:
            continue
        on_page[place] += 1
        passages.append(
            Passage(
                chunk.number,
                chunk.document_id,
                chunk.document_name,
                chunk.page,
                chunk.start,
                chunk.end,
                chunk.text,
                chunk.hidden,
                scores[chunk.number],
                *dense_places.get(chunk.number, (None, None)),
                *text_places.get(chunk.number, (None, None)),
            )
        )
    return passages[:k]


def fuse(*lists: Sequence[int]) -> list[tuple[int, float]]:
    """Return the chunks of ranked lists and their fused scores, best first.

    Of equal scores the one that stands in an earlier list comes first.
    """
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, chunk in enumerate(ranked, 1):
            scores[chunk] = scores.get(chunk, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: -item[1])


def _places(hits: Sequence[Hit]) -> dict[int, tuple[int, float]]:
    """Return chunk -> rank and score."""
    return {hit.chunk: (rank, hit.score) for rank, hit in enumerate(hits, 1)}
