"""Rows: what a term becomes by each code point, as sorted disjoint intervals with their terms.

Code points that lead to no word at all, those whose derivative is EMPTY, are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from minilora.grammar.term import Kind, Term

Row = tuple[tuple[int, int, Term], ...]  # (first, last, derivative), sorted, disjoint


def targets_of(row: Row) -> list[Term]:
    """Return the derivatives of a row, each once, in the order of their code points."""
    return list(dict.fromkeys(target for _, _, target in row))


def joined(pieces: Iterable[tuple[int, int, Term]]) -> Row:
    """Return a row of sorted pieces, EMPTY dropped, neighbours with one derivative made one."""
    row: list[tuple[int, int, Term]] = []
    for low, high, target in pieces:
        if target.kind is Kind.EMPTY:
            continue
        if row and row[-1][1] + 1 == low and row[-1][2] is target:
            row[-1] = (row[-1][0], high, target)
        else:
            row.append((low, high, target))
    return tuple(row)


def combine(rows: Sequence[Row], operation: Callable[..., Term], needed: int) -> Row:
    """Return the row whose derivatives are an operation on those of the rows.

    A code point counts where at least ``needed`` of the rows have a derivative for it: one for a
    union, all for an intersection.
    """
    places = sorted({edge for row in rows for low, high, _ in row for edge in (low, high + 1)})
    number = {place: i for i, place in enumerate(places)}
    columns = []  # for each row, its derivative from each place to the next
    for row in rows:
        column: list[Term | None] = [None] * len(places)
        for low, high, target in row:
            first, last = number[low], number[high + 1]
            column[first:last] = [target] * (last - first)
        columns.append(column)
    results: dict[tuple[Term | None, ...], Term | None] = {}
    pieces = []
    for i, targets in enumerate(zip(*columns, strict=True)):
        if targets not in results:
            present = [target for target in targets if target is not None]
            enough = present and len(present) >= needed
            results[targets] = operation(*present) if enough else None
        if (result := results[targets]) is not None:
            pieces.append((places[i], places[i + 1] - 1, result))
    return joined(pieces)
