"""The rows a benchmark asks: the built-in test suites, or a file.

A file holds rows in our own form or OpenAI chat form (see :mod:`minilora.data.rows`), or in the
form that public function-calling sets are often kept in: ``{"query", "tools", "calls": [{"name",
"arguments"}]}``, with the tools in a ``tools.json`` beside the file where all rows share them.

>>> rows = load_suite("seen_tools")["seen_tools"]
>>> len(rows), len(some(rows, 20)), len({row.group for row in some(rows, 20)})
(500, 20, 3)
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from minilora.data import build
from minilora.data.files import load_rows, strict_json
from minilora.data.rows import DataError, Row, call, from_json, typed

BUILT_IN = ("seen_tools", "unseen_tools", "structured")


def load_suite(name_or_file: str, seed: int = 0) -> dict[str, list[Row]]:
    """Return suite name -> rows; "all" gives the three built-in suites.

    Raises:
        ValueError: neither a suite nor a file, or a row that cannot be used (with file and line).
    """
    if name_or_file in (*BUILT_IN, "all"):
        splits = build(seed=seed, train_rows=0)
        names = BUILT_IN if name_or_file == "all" else (name_or_file,)
        return {name: splits[f"test_{name.removesuffix('_tools')}"] for name in names}
    path = Path(name_or_file)
    if not path.is_file():
        raise ValueError(f"{name_or_file!r} is neither a suite ({', '.join(BUILT_IN)}) nor a file")
    if _is_public_form(path):
        rows, problems = public_rows(path)
        if problems:
            print(
                f"{path.name}: {len(problems)} rows cannot be used and are left out, the first "
                f"{problems[0]}",
                file=sys.stderr,
            )
        return {path.stem: rows}
    return {path.stem: load_rows(path)}


def some(rows: Sequence[Row], limit: int, seed: int = 0) -> list[Row]:
    """Return at most ``limit`` rows, drawn at random by whole groups; 0 returns all.

    The rows of a group are asked with the same tools, whose text is then computed once. They keep
    their order; of the last group only as many are taken as there is room for.
    """
    if limit == 0 or limit >= len(rows):
        return list(rows)
    groups: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        groups.setdefault(row.group or row.id, []).append(i)
    shuffled = random.Random(seed).sample(list(groups.values()), len(groups))
    return [rows[i] for i in sorted([i for group in shuffled for i in group][:limit])]


def public_rows(path: Path) -> tuple[list[Row], list[str]]:
    """Read rows of the form ``{"query", "tools", "calls"}`` as actions.

    One call is an action, none is "no tool fits", several are a multi-call row. Rows without a
    query of their own (conversations) and rows without known calls are left out.

    Returns:
        The rows; and, with its line, why each further row was left out. Most often its expected
        answer does not fit its own tools, so that none could be both schema-valid and exact.

    Raises:
        DataError: the tools or a line are not JSON (with file and line), or no row is left.
    """
    shared_file = path.with_name("tools.json")
    shared = None
    if shared_file.is_file():
        shared = strict_json(shared_file.read_text("utf-8"), f"{shared_file} is not JSON")
    rows: list[Row] = []
    problems: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        item = strict_json(line, f"{path.name}:{number}: not JSON")
        try:
            row = _public_row(item, shared, f"{path.stem}-{number}")
        except DataError as error:
            problems.append(f"in line {number}: {error}")
        else:
            rows += [] if row is None else [row]
    if not rows:
        reason = f": {problems[0]}" if problems else ""
        raise DataError(f"{path.name}: holds no rows with a query and known calls{reason}")
    return rows, problems


def _public_row(item: Any, shared: Any, default_id: str) -> Row | None:
    typed(item, dict, "the row")
    if item.get("calls") is None or item.get("messages"):
        return None
    actions = []
    for one in typed(item["calls"], list, "calls"):
        name, args = (typed(one, dict, "a call").get(key) for key in ("name", "arguments"))
        actions.append(call(typed(name, str, "name"), typed(args, dict, "arguments")))
    several = len(actions) > 1
    row = {
        "id": item.get("id", default_id),
        "task": "multi_call" if several else "action",
        "tools": item.get("tools", shared),
        "query": item.get("query"),
        "answer": {"calls": actions} if several else (actions or [call(None, {})])[0],
    }
    return from_json(row)


def _is_public_form(path: Path) -> bool:
    """Return whether the first row of a file has ``calls`` in place of an answer."""
    with path.open(encoding="utf-8", errors="replace") as file:
        first = next((line for line in file if line.strip()), "")
    try:
        item: Any = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(item, Mapping) and "calls" in item and "answer" not in item
