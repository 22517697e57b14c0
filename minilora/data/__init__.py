"""The curated dataset: (query, tools) -> one JSON action, made by a readable generator.

    catalogue/   the hand-written material: domains of tools and how people ask for them
    structured/  other tasks with JSON answers: extraction, classification, lists, records, filters
    kinds, times, measures, made, pools   what parameters hold and how people say it
    phrase, wording, noise                from a template to what somebody really types
    restyle, generator, splits            tool sets, groups of rows, and what is kept apart
    rows, files, prompt                   one row, files of rows, and a row as chat messages

>>> rows = build(seed=1, train_rows=20, held_out_rows=0)["train"]
>>> len(rows), sorted(rows[0].answer)
(20, ['args', 'tool'])
"""

from __future__ import annotations

from minilora.data.files import load_rows, write_rows
from minilora.data.rows import DataError, Row, answer_schema
from minilora.data.splits import build

__all__ = ["DataError", "Row", "answer_schema", "build", "load_rows", "write_rows"]
