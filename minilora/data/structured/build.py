"""All structured tasks together: how many rows of each, in groups that share one schema."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from typing import Any

from minilora.data.draw import Draw
from minilora.data.rows import Row
from minilora.data.structured import texts
from minilora.data.structured.calls import call_group
from minilora.data.structured.filters import filter_group
from minilora.data.structured.itemlists import list_group
from minilora.data.structured.labels import label_group
from minilora.data.structured.objects import object_group
from minilora.data.structured.splits import SPLITS, Split

SHARES = {"extract": 5, "classify": 4, "list": 3, "record": 4, "filter": 4, "multi_call": 4}
GROUP_SIZES = range(8, 15)  # rows that share a schema
UNSEEN_SHARE = 0.5  # of the test groups: schemes that are never trained

Group = Callable[[Any, Split, Draw, int, str], list[Row]]
Make = Callable[[Draw, int, str], list[Row]]

SCHEMES: dict[str, tuple[Group, Sequence[Any]]] = {
    "extract": (object_group, texts.EXTRACT),
    "classify": (label_group, texts.CLASSIFY),
    "list": (list_group, texts.LIST),
    "record": (object_group, texts.RECORD),
    "filter": (filter_group, texts.FILTER),
}


def build(rng: random.Random, rows: int, split: str) -> list[Row]:
    """Return rows of all structured tasks, grouped by their schema.

    Training and validation see the schemes meant for them only; validation and test use ways
    of writing and values that training never does, and half of the test is about new schemes.

    Args:
        rng: takes all choices; the same state gives the same rows.
        rows: how many.
        split: "train", "validation" or "test".

    Raises:
        ValueError: a negative number of rows, or an unknown split.
    """
    known = next((name for name in SPLITS if name == split), None)
    if rows < 0 or known is None:
        raise ValueError(f"expected rows >= 0 and a split of {SPLITS}, got {rows} and {split!r}")
    draw = Draw(rng, held_out=split != "train")
    seen: set[str] = set()
    built: list[Row] = []
    for task, wanted in task_counts(rows).items():
        built += task_rows(task, wanted, known, draw, seen)
    return built


def task_counts(rows: int) -> dict[str, int]:
    """Return how many rows every task gets.

    >>> task_counts(48)
    {'extract': 10, 'classify': 8, 'list': 6, 'record': 8, 'filter': 8, 'multi_call': 8}
    """
    total, counts, given = sum(SHARES.values()), {}, 0
    upto = 0
    for task, share in SHARES.items():
        upto += share
        counts[task] = rows * upto // total - given
        given += counts[task]
    return counts


def task_rows(task: str, wanted: int, split: Split, draw: Draw, seen: set[str]) -> list[Row]:
    """Return rows of one task; no query comes twice in a group, or at all out of training."""
    rows: list[Row] = []
    order = group_makers(task, split, draw.rng)
    while len(rows) < wanted:
        size = group_size(wanted - len(rows), draw.rng)
        group = f"{split}-{task}-{draw.rng.getrandbits(40):010x}"
        fresh: dict[str, Row] = {}
        for row in next(order)(draw, size * 3, group):
            if len(fresh) < size and row.query not in seen:
                fresh.setdefault(row.query, row)
        if split != "train":
            seen.update(fresh)
        rows += fresh.values()
    return rows


def group_size(left: int, rng: random.Random) -> int:
    """Return the size of the next group, so that none of the rows left ends up in a tiny one.

    >>> [group_size(left, random.Random(1)) for left in (5, 14, 20)]
    [5, 14, 10]
    """
    if left <= GROUP_SIZES[-1]:
        return left
    return left // 2 if left < 2 * GROUP_SIZES[0] + 6 else rng.choice(GROUP_SIZES)


def group_makers(task: str, split: Split, rng: random.Random) -> Iterator[Make]:
    """Yield functions (draw, size, group name) -> rows for ever, going round the schemes."""
    if task == "multi_call":
        while True:
            yield partial(call_group, split)
    make, schemes = SCHEMES[task]
    parts = {
        unseen: [scheme for scheme in schemes if scheme.test_only == unseen]
        for unseen in (False, True)
    }
    turns = {unseen: cycle(rng.sample(part, len(part))) for unseen, part in parts.items()}
    while True:
        unseen = split == "test" and rng.random() < UNSEEN_SHARE
        yield partial(make, next(turns[unseen]), split)
