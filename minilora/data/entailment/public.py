"""The public sets a judge is trained, tuned and tested on, and the stable cut into those parts.

Every item belongs to ``train``, ``calibration`` or ``test`` by a hash of what it must not share
with another part: the cluster of claims and evidence it stands in (fever_symmetric), the web page
(wice), the knowledge snippet (begin), the article (squad2, xquad_en), the passage (halueval_qa).
Thresholds are chosen on calibration; test is read by nothing but the final measurement.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from minilora.data.entailment.text import plain, words
from minilora.data.rows import JsonObject

Part = Literal["train", "calibration", "test"]
SHARES: dict[str, tuple[float, float]] = {  # of train and of calibration; the rest is test
    "fever_symmetric": (0.45, 0.15),
    "wice": (0.45, 0.15),
    "begin": (0.60, 0.15),
    "halueval_qa": (0.50, 0.15),
}
JUDGED = tuple(SHARES)


@dataclass(frozen=True)
class Item:
    """A claim that people judged against a source.

    Attributes:
        id: the set's own.
        sources: sentences or passages of the source, in order.
        claim: what is judged.
        label: whether the source supports all of it.
        raw: the set's own label.
        question: what the claim answers, "" where it answers none.
        gold: of wice, the lists of sentences that people found to bear the claim out.
        key: what decides the part.
    """

    id: str
    sources: tuple[str, ...]
    claim: str
    label: bool
    raw: str
    question: str
    gold: tuple[tuple[int, ...], ...]
    key: str


def part_of(key: str, shares: tuple[float, float]) -> Part:
    """Return the part that a key falls into, the same on every machine."""
    place = int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") / 2**48
    train, calibration = shares
    return "train" if place < train else "calibration" if place < train + calibration else "test"


def read_lines(folder: Path, name: str) -> list[JsonObject]:
    """Return the items of a set.

    Raises:
        ValueError: the set is not there.
    """
    path = folder / name / f"{name}.jsonl"
    if not path.is_file():
        raise ValueError(f"{path} is not there: --public names the folder of the public sets")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_items(folder: Path, name: str) -> list[Item]:
    """Return the judged claims of one of the sets in :data:`JUDGED`."""
    lines = read_lines(folder, name)
    keys = _cluster_keys(name, lines)
    items = []
    for line, key in zip(lines, keys, strict=True):
        sources = line.get("context_sentences") or [line["context"]]
        items.append(
            Item(
                id=line["id"],
                sources=tuple(text for text in map(plain, sources)),
                claim=plain(line["response"]),
                label=line["label"] == 1,
                raw=line["label_raw"],
                question=plain(line.get("question") or ""),
                gold=tuple(tuple(one) for one in line.get("supporting_sentences") or ()),
                key=key,
            )
        )
    return items


def items_of(folder: Path, name: str, part: Part) -> list[Item]:
    """Return the items of one part of a set."""
    return [item for item in read_items(folder, name) if part_of(item.key, SHARES[name]) == part]


def _cluster_keys(name: str, lines: list[JsonObject]) -> list[str]:
    """Return for each line the least key of all lines it hangs together with."""
    shared: dict[str, Callable[[JsonObject], Iterable[str]]] = {
        "fever_symmetric": lambda line: (
            "claim " + plain(line["response"]),
            "opening " + " ".join(words(plain(line["context"]))[:4]),
            "source " + plain(line["context"]),
        ),
        "wice": lambda line: ("page " + line["context_sentences"][0],),
        "begin": lambda line: ("snippet " + " ".join(words(plain(line["context"]))),),
        "halueval_qa": lambda line: (
            "passage " + " ".join(words(line["context"])[:12]),
            "question " + line["question"].strip(),
        ),
    }
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    nodes = [list(shared[name](line)) for line in lines]
    for one, *others in nodes:
        for other in others:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    return [root(one) for one, *_ in nodes]
