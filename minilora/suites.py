"""The rows a benchmark asks: the built-in test suites, or a file.

A file holds rows in our own form or OpenAI chat form (see :mod:`minilora.data.rows`), or in the form
that public function-calling sets are often kept in: ``{"query", "tools", "calls": [{"name",
"arguments"}]}``, with the tools in a ``tools.json`` beside the file where all rows share them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from minilora.data.rows import Row, call, from_json

BUILT_IN = ("seen_tools", "unseen_tools", "structured")


def load_suite(name_or_file: str, seed: int = 0) -> dict[str, list[Row]]:
    """Return suite name -> rows; "all" gives the three built-in suites.

    Raises:
        ValueError: neither a suite nor a file, or a bad row (with file and line).
    """
    if name_or_file in (*BUILT_IN, "all"):
        from minilora.data import build

        splits = build(seed=seed, train_rows=0)
        names = BUILT_IN if name_or_file == "all" else (name_or_file,)
        return {name: splits[f"test_{name.removesuffix('_tools')}"] for name in names}
    path = Path(name_or_file)
    if not path.is_file():
        raise ValueError(f"{name_or_file!r} is neither a suite ({', '.join(BUILT_IN)}) nor a file")
    if _is_public_form(path):
        return {path.stem: public_rows(path)}
    from minilora.data.files import load_rows

    return {path.stem: load_rows(path)}


def some(rows: Sequence[Row], limit: int, seed: int = 0) -> list[Row]:
    """Return at most ``limit`` rows, chosen evenly at random, in their own order; 0 returns all."""
    if limit == 0 or limit >= len(rows):
        return list(rows)
    chosen = sorted(random.Random(seed).sample(range(len(rows)), limit))
    return [rows[i] for i in chosen]


def public_rows(path: Path) -> list[Row]:
    """Read rows of the form ``{"query", "tools", "calls"}`` as actions.

    One call is an action, none is "no tool fits", several are a multi-call row. Rows without a query
    of their own (conversations) and rows without known calls are left out.
    """
    shared_file = path.with_name("tools.json")
    shared = json.loads(shared_file.read_text("utf-8")) if shared_file.is_file() else None
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        item = json.loads(line)
        if item.get("calls") is None or item.get("messages"):
            continue
        actions = [call(one["name"], one["arguments"]) for one in item["calls"]]
        several = len(actions) > 1
        answer = {"calls": actions} if several else (actions or [call(None, {})])[0]
        row = {
            "id": item.get("id", f"{path.stem}-{number}"),
            "task": "multi_call" if several else "action",
            "tools": item.get("tools", shared),
            "query": item["query"],
            "answer": answer,
        }
        try:
            rows.append(from_json(row))
        except ValueError as error:
            raise ValueError(f"{path}:{number}: {error}") from None
    return rows


def _is_public_form(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        first = file.readline()
    try:
        item: Any = json.loads(first)
    except ValueError:
        return False
    return isinstance(item, Mapping) and "calls" in item and "answer" not in item
