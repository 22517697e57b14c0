"""Train a reader: ``python -m minilora.cross_encoder.train_reader --data ROWS.jsonl,...``.

A step takes the questions of a batch, each with all its passages, and lowers

    loss = -mean over questions of (log P_begin(t*) + log P_end(u*)) / 2

where t* and u* are the first and last piece of the answer, or "nowhere" (:mod:`.reader`).
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from minilora.cross_encoder.fitting import Example, Task, main
from minilora.cross_encoder.model import CrossEncoder, Pairs
from minilora.cross_encoder.read_rows import Asked, read_rows
from minilora.cross_encoder.reader import Reader, logits_of, normalised
from minilora.cross_encoder.reader_figures import Figures, figures, measure
from minilora.data.detective.table_heads import with_heads


def example(one: Asked, pairs: Pairs) -> Example | None:
    """Return a question as word pieces; None where its answer lies beyond what is read.

    The target is passage, first and last piece of the answer, or None for "nowhere".
    """
    headed = [with_heads(passage) for passage in one.passages]
    made = tuple(pairs.make(one.question, shown.text) for shown in headed)
    if one.answer is None:
        return Example(made, None)
    place, heads = one.answer, headed[one.answer.passage]
    hit = [
        i
        for i, (start, end) in enumerate(made[place.passage].offsets)
        if (at := heads.back(start, end))[1] > place.start and at[0] < place.end and at[1] > at[0]
    ]
    return Example(made, (place.passage, hit[0], hit[-1])) if hit else None


def loss_of(example: Example, scores: Sequence[Tensor]) -> Tensor:
    """Return -(log P_begin + log P_end) / 2 of the answer, or of "nowhere"."""
    logits = [logits_of(*one) for one in zip(example.pairs, scores, strict=True)]
    begin, end = normalised(logits)
    if example.target is None:
        return -(begin[-1] + end[-1]) / 2
    passage, first, last = example.target
    before = sum(len(one.begin) for one in logits[:passage])
    return -(begin[before + first] + end[before + last]) / 2


def measured(model: CrossEncoder, pairs: Pairs, rows: Sequence[Asked]) -> Figures:
    """Return how well the model reads."""
    return figures(measure(Reader(model, pairs), rows))


TASK = Task(read_rows, example, loss_of, measured)

if __name__ == "__main__":
    main(TASK, "python -m minilora.cross_encoder.train_reader", __doc__)
