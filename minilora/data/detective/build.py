"""The splits: how much of each step goes where, and out of what."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from minilora.data.detective import claims, public, reading, verifying
from minilora.data.detective.material.kinds import HELD_OUT, subjects
from minilora.data.detective.material.subjects import Subject
from minilora.data.detective.public import Passage, Split
from minilora.data.detective.routing import Router
from minilora.data.draw import Draw
from minilora.data.rows import Row

SPLITS: tuple[Split, ...] = ("train", "validation", "test")
ROWS = 5_000  # for training
HELD_OUT_ROWS = {"validation": 240, "test": 600}
SHARES = {"read": 0.46, "route": 0.28, "verify": 0.26}  # of rows; of tokens about 60, 15, 25%
PUBLIC_SHARE = {"read": 0.62, "verify": 0.5}  # where public sets are given

Group = Callable[[str], list[Row]]


@dataclass(frozen=True)
class Public:
    """What of the public sets belongs to one split."""

    passages: tuple[Passage, ...]
    general: tuple[str, ...]
    idle: tuple[str, ...]


def load_public(folder: Path, split: Split) -> Public:
    """Return the part of the public sets that belongs to a split.

    Raises:
        DataError: a set is missing or not in its form.
    """
    return Public(
        tuple(one for one in public.load(folder) if public.split_of(one.article) == split),
        tuple(public.general(folder, split)),
        tuple(public.idle(folder, split)),
    )


def build(split: Split, rows: int, seed: int, found: Public | None = None) -> list[Row]:
    """Return the rows of a split, a third of a step's groups at most of one kind of subject.

    Args:
        split: which.
        rows: how many, about: the last group of each step is whole.
        seed: of all choices.
        found: public sets of this split, None for written material alone.

    Raises:
        ValueError: fewer than 30 rows.
    """
    if rows < 30:
        raise ValueError(f"at least 30 rows make a set of all three steps, got {rows}")
    draw = Draw(random.Random(f"{seed}/{split}"), held_out=split != "train")
    wanted = {step: round(rows * share) for step, share in SHARES.items()}
    made: list[Row] = []
    for step, invented, taken in (
        ("read", reading.invented_group, _public_reads),
        ("verify", verifying.invented_group, _public_claims),
    ):
        goal = wanted[step]
        n_public = round(goal * PUBLIC_SHARE[step]) if found is not None else 0
        own: list[Row] = []
        if found is not None:
            own += _filled(taken(f"{split}-{step}-p", found, draw), n_public)
        kinds = _kinds(split, draw)
        groups = (
            invented(f"{split}-{step}-{number}", next(kinds), draw) for number in itertools.count()
        )
        made += own + _filled(groups, goal - len(own))
    asked = [one.question for passage in (found.passages if found else ()) for one in passage.asked]
    router = Router(draw, asked, found.general if found else (), found.idle if found else ())
    return made + router.rows(f"{split}-route", wanted["route"])


def _kinds(split: Split, draw: Draw) -> Iterator[Subject]:
    """Yield kinds of subjects for ever, each as often; half of the test's are never trained."""
    known = subjects(held_out=False)
    kept = [one for one in subjects(held_out=True) if one.noun in HELD_OUT]
    while True:
        chosen = [*known]
        if split == "test":
            chosen = draw.rng.sample(known, len(kept)) + kept
        draw.rng.shuffle(chosen)
        yield from chosen


def _filled(groups: Iterator[list[Row]], wanted: int) -> list[Row]:
    """Return whole groups until there are enough rows, or no more groups."""
    made: list[Row] = []
    for group in groups:
        if len(made) >= wanted:
            break
        made += group
    return made


def _public_reads(prefix: str, found: Public, draw: Draw) -> Iterator[list[Row]]:
    chosen = list(public.groups(found.passages, draw))
    draw.rng.shuffle(chosen)
    for number, passages in enumerate(chosen):
        others = [
            one
            for one in found.passages
            if one.article == passages[0].article and one not in passages
        ]
        yield public.read_group(f"{prefix}{number}", passages, others, draw)


def _public_claims(prefix: str, found: Public, draw: Draw) -> Iterator[list[Row]]:
    chosen = list(public.groups(found.passages, draw))
    draw.rng.shuffle(chosen)
    for number, passages in enumerate(chosen):
        others = [
            one
            for one in found.passages
            if one.article == passages[0].article and one not in passages
        ]
        yield claims.verify_group(f"{prefix}{number}", passages, others, draw)
