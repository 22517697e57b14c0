"""The five splits, and how they are kept apart.

    train            seen tools, training phrasings, training values; structured tasks too
    validation       the same tools, the first held-out phrasing of each, reserved values
    test_seen        the same tools, the other held-out phrasings, reserved values
    test_unseen      tools of which training never shows so much as a name
    test_structured  structured tasks, some of kinds that training never sees

The held-out splits are made first and depend on the seed alone, so they stay the same whatever the
size of training. A row that nearly repeats a row of an earlier split is made anew.

>>> splits = build(seed=0, train_rows=40, held_out_rows=20, structured_share=0)
>>> {name: len(rows) for name, rows in splits.items()}  # doctest: +NORMALIZE_WHITESPACE
{'validation': 20, 'test_seen': 20, 'test_unseen': 20, 'test_structured': 0, 'train': 40}
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from minilora.data import structured
from minilora.data.catalogue.unseen import UNSEEN_DOMAINS, is_unseen, seen_tools, unseen_tools
from minilora.data.generator import MAX_TOOLS, Plan, Shelf, groups
from minilora.data.nearness import NearIndex
from minilora.data.rows import Row

__all__ = ["SPLITS", "build", "is_unseen", "seen_tools", "unseen_tools"]

SPLITS = ("train", "validation", "test_seen", "test_unseen", "test_structured")
TRAIN_ROWS = 7_500
STRUCTURED_SHARE = 0.15
SIZES = {"validation": 300, "test_seen": 500, "test_unseen": 500, "test_structured": 500}

HELD_OUT = Plan(phrasings="test", restyled=False, rows=(6, 10))


def build(
    seed: int = 0,
    train_rows: int = TRAIN_ROWS,
    held_out_rows: int | None = None,
    structured_share: float = STRUCTURED_SHARE,
    max_tools: int = MAX_TOOLS,
) -> dict[str, list[Row]]:
    """Return the rows of every split.

    Args:
        seed: of everything; the same seed gives the same rows.
        train_rows: rows for training.
        held_out_rows: rows of each of the other splits; None for their usual sizes.
        structured_share: share of structured tasks in training and validation, from 0 to 1; 0
            leaves the structured test empty too.
        max_tools: most tools that an action row of training shows; the tests show up to
            ``MAX_TOOLS``, whatever training does.

    Raises:
        ValueError: a size below 0, a share outside 0..1 or a set without tools.
    """
    if train_rows < 0 or (held_out_rows is not None and held_out_rows < 0):
        raise ValueError(f"sizes must be at least 0, got {train_rows} and {held_out_rows}")
    if not 0 <= structured_share <= 1:
        raise ValueError(f"structured_share must be from 0 to 1, got {structured_share}")
    if max_tools < 1:
        raise ValueError(f"max_tools must be at least 1, got {max_tools}")
    sizes = {name: size if held_out_rows is None else held_out_rows for name, size in SIZES.items()}
    if structured_share == 0:
        sizes["test_structured"] = 0
    sizes["train"] = train_rows
    index = NearIndex()
    splits: dict[str, list[Row]] = {}
    for name, size in sizes.items():
        rows = _split(name, size, seed, structured_share, max_tools, index)
        if name != "train":
            for row in rows:
                index.add(row.query)
        splits[name] = rows
    return splits


def _split(
    name: str, size: int, seed: int, structured_share: float, max_tools: int, index: NearIndex
) -> list[Row]:
    """Return the rows of one split, none near those in the index."""
    rng = random.Random(f"{name}-{seed}")
    documents = size if name == "test_structured" else round(size * structured_share)
    documents = documents if name in ("train", "validation", "test_structured") else 0
    actions = _take(action_groups(name, rng, max_tools), size - documents, index)
    if not documents:
        return actions
    return actions + _take(structured_groups(name, rng, documents), documents, index)


def _take(source: Iterator[list[Row]], count: int, index: NearIndex) -> list[Row]:
    rows: list[Row] = []
    while len(rows) < count:
        rows.extend(row for row in next(source) if not index.has_near(row.query))
    return rows[:count]


def structured_groups(name: str, rng: random.Random, size: int) -> Iterator[list[Row]]:
    """Yield structured rows of a split: first as many as wanted, then some more at a time."""
    split = "test" if name == "test_structured" else name
    yield structured.build(rng, size, split)
    while True:
        yield structured.build(rng, 64, split)


def action_groups(name: str, rng: random.Random, max_tools: int) -> Iterator[list[Row]]:
    """Yield groups of action rows of a split without end; ``max_tools`` is for training alone."""
    seen = Shelf.of(seen_tools())
    if name == "train":
        return groups(seen, rng, Plan(max_tools=max_tools), name)
    if name == "test_unseen":
        return _unseen_groups(rng, name)
    phrasings = "validation" if name == "validation" else "test"
    return groups(seen, rng, Plan(phrasings, restyled=False, rows=HELD_OUT.rows), name)


def _unseen_groups(rng: random.Random, name: str) -> Iterator[list[Row]]:
    """Sets of unseen tools alone, and at times one unseen tool among seen neighbours."""
    seen, unseen = Shelf.of(seen_tools()), Shelf.of(unseen_tools())
    single = [pair for pair in unseen.stock if pair[0] not in UNSEEN_DOMAINS]
    alone = groups(unseen, rng, HELD_OUT, name)
    among = groups(Shelf(tuple(single), seen.stock), rng, HELD_OUT, f"{name}-among")
    while True:
        yield next(among) if rng.random() < 0.3 else next(alone)
