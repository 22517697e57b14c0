"""Rows of one step, out of the files that a training is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from minilora.data.detective.steps import sources_of
from minilora.data.files import load_rows
from minilora.data.rows import DataError, Row

Made = TypeVar("Made")


def rows_of(files: str, step: str, make: Callable[[Row], Made]) -> list[Made]:
    """Return what is made of each row of a step in some files, named with commas.

    Raises:
        DataError: there is no such row, or ``make`` refuses one.
        FileNotFoundError: no such file.
    """
    rows = [row for name in files.split(",") for row in load_rows(name)]
    found = [make(row) for row in rows if row.task == step]
    if not found:
        raise DataError(f"{files}: no rows of the step {step!r}")
    return found


def sources(row: Row, label: str) -> tuple[str, str]:
    """Return a row's source, and what its last turn says behind a label after it.

    Raises:
        DataError: the turn has another form.
    """
    found = sources_of(str(row.messages[-1]["content"]), label) if row.messages else None
    if found is None:
        raise DataError(f"row {row.id!r} is none of the step {row.task!r} with its source fenced")
    return found
