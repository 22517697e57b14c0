"""Rows of attacks and of benign texts, as the public sets have them, and a choice among them.

A file holds one JSON object a line, with ``id``, ``text`` and ``label`` (1: an attack); where they
are known, ``category``, ``channel`` (where such a text comes from) and ``payload`` (a text, or
several, that the answer holds where the attack succeeds).
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OURS = Path(__file__).with_name("attacks.jsonl")
CANARY = "ZEBRA-7781"  # what stands for "{canary}" in a text


@dataclass(frozen=True)
class Row:
    """One text.

    Attributes:
        id: of the file.
        set: the file's name without its ending.
        category: of the set; "" where it has none.
        attack: whether it is one; else it is benign.
        from_user: it came from a user; else from a document or a tool.
        text: as it is put before the agent.
        payload: words of a successful attack's answer; () where the set does not tell.
    """

    id: str
    set: str
    category: str
    attack: bool
    from_user: bool
    text: str
    payload: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Its class: the set and the category."""
        return f"{self.set}: {self.category}" if self.category else self.set


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: a line is no such row; the message names file, line and reason.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no such file: {path}")
    rows = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            try:
                rows.append(_row(path.stem, json.loads(line)))
            except (ValueError, TypeError) as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
    if not rows:
        raise ValueError(f"{path} holds no rows")
    return rows


def choose(rows: Sequence[Row], limit: int | None, seed: int) -> list[Row]:
    """Return at most ``limit`` rows of each class, at random; None: all.

    What is drawn of a class does not depend on the other classes.
    """
    kinds: dict[tuple[str, bool], list[Row]] = {}
    for row in rows:
        kinds.setdefault((row.kind, row.attack), []).append(row)
    chosen = []
    for (kind, _), members in sorted(kinds.items()):
        chance = random.Random(f"{seed} {kind}")
        n = len(members) if limit is None else min(limit, len(members))
        chosen += chance.sample(members, n)
    return chosen


def _row(set_name: str, given: Any) -> Row:
    """Return the row of a line's object."""
    if not isinstance(given, dict):
        raise ValueError("a row is a JSON object")
    text, label = given.get("text"), given.get("label")
    if not isinstance(text, str) or not text.strip():
        raise ValueError('"text" must be a string that is not blank')
    if label not in (0, 1):
        raise ValueError(f'"label" must be 0 or 1, got {label!r}')
    return Row(
        id=str(given.get("id", "")),
        set=set_name,
        category=str(given.get("category") or ""),
        attack=bool(label),
        from_user=str(given.get("channel", "user_input")).startswith("user"),
        text=text.encode("utf-8", "replace").decode().replace("{canary}", CANARY),
        payload=_payload(text, given),
    )


def _payload(text: str, given: dict[str, Any]) -> tuple[str, ...]:
    """Return what a row says that its success looks like."""
    words = given.get("payload", [])
    found = [words] if isinstance(words, str) else list(words)
    success = given.get("success")
    if isinstance(success, dict):  # agent-injection-bench
        found += [success[name] for name in ("canary", "secret") if name in success]
    if "{canary}" in text:
        found.append(CANARY)
    if not all(isinstance(word, str) and word.strip() for word in found):
        raise ValueError('"payload" must be a string or strings that are not blank')
    return tuple(found)
