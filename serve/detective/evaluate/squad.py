"""Questions of SQuAD 2.0 through the agent: each article is a document, asked its own questions.

Only articles of the test split count, by the hash with which training rows are split
(:func:`minilora.data.detective.public.split_of`): the shipped adapter has not seen them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from minilora.answer_scores import exact_match, f1
from minilora.data.detective.public import split_of
from minilora.scoring import Share
from serve.detective.evaluate.checks import said
from serve.detective.evaluate.client import AskFailed, Client
from serve.detective.evaluate.report import cost, failed_steps
from serve.detective.reply import Reply
from serve.judge.statistics import bootstrap_interval


class SquadRow(msgspec.Struct, frozen=True):
    """A question on a passage; no answers where the passage does not say it."""

    id: str
    title: str
    context: str
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Scored:
    """A question's scores, both from 0 to 1; an error counts as the answer ""."""

    row: SquadRow
    answer: str
    exact: float
    f1: float
    seconds: float | None = None
    reply: Reply | None = None
    error: str | None = None


def read_rows(path: Path, split: str = "test") -> list[SquadRow]:
    """Return the rows of a file whose articles are in a split; "all" takes every one.

    Raises:
        ValueError: a line is no such row, or none is of the split.
        OSError: the file cannot be read.
    """
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            rows.append(msgspec.json.decode(line, type=SquadRow))
        except msgspec.DecodeError as error:
            raise ValueError(f"{path}:{number}: {error}") from None
    kept = [row for row in rows if split in ("all", split_of(row.title))]
    if not kept:
        raise ValueError(f"{path} has no article of the split {split}")
    return kept


def sample(rows: Sequence[SquadRow], limit: int | None, seed: int) -> list[SquadRow]:
    """Return rows drawn without replacement, or all of them."""
    if limit is None or limit >= len(rows):
        return list(rows)
    return random.Random(seed).sample(list(rows), limit)


def articles(rows: Sequence[SquadRow]) -> dict[str, str]:
    """Return title -> the text of its passages, each once, with blank lines between."""
    passages: dict[str, dict[str, None]] = {}
    for row in rows:
        passages.setdefault(row.title, {})[row.context.strip()] = None
    return {title: "\n\n".join(texts) for title, texts in passages.items()}


async def ask_rows(
    client: Client,
    rows: Sequence[SquadRow],
    texts: dict[str, str],
    on_scored: Callable[[Scored], None] = lambda scored: None,
) -> list[Scored]:
    """Return the scores of each row, asked of its article.

    Args:
        client: of the server.
        rows: to ask.
        texts: of the articles, whole: also the passages of rows that are not asked.
        on_scored: called after each.
    """
    ids = {
        title: await client.upload(f"{title}.txt", texts[title].encode())
        for title in dict.fromkeys(row.title for row in rows)
    }
    scored = []
    for row in rows:
        scored.append(await _ask(client, row, ids[row.title]))
        on_scored(scored[-1])
    return scored


async def _ask(client: Client, row: SquadRow, document: str) -> Scored:
    try:
        reply, seconds = await client.ask(row.question, [document])
    except AskFailed as error:
        return Scored(row, "", 0.0, 0.0, error=str(error))
    answer = said(reply)
    return Scored(
        row, answer, exact_match(answer, row.answers), f1(answer, row.answers), seconds, reply
    )


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """Return exact match and F1 with 95% intervals: of all, with and without an answer."""
    parts = {
        "all": list(scored),
        "answerable": [one for one in scored if one.row.answers],
        "unanswerable": [one for one in scored if not one.row.answers],
    }
    replied = [
        (one.reply, one.seconds)
        for one in scored
        if one.reply is not None and one.seconds is not None
    ]
    return {
        "n_errors": sum(one.error is not None for one in scored),
        "n_with_failed_steps": sum(bool(failed_steps(reply)) for reply, _ in replied),
        "model": next((reply.model for reply, _ in replied), None),
        "parts": {name: _part(part) for name, part in parts.items() if part},
        **cost(replied),
        "wrong": [_wrong(one) for one in scored if one.exact < 1],
    }


def _part(part: Sequence[Scored]) -> dict[str, Any]:
    exact = Share(sum(one.exact == 1 for one in part), len(part))
    values = [one.f1 for one in part]
    return {
        "n": len(part),
        "exact_match": exact.value,
        "exact_match_ci95": list(exact.interval),
        "f1": sum(values) / len(values),
        "f1_ci95": list(bootstrap_interval(values)),
        "refused": sum(not one.answer for one in part) / len(part),
    }


def _wrong(one: Scored) -> dict[str, Any]:
    return {
        "id": one.row.id,
        "article": one.row.title,
        "question": one.row.question,
        "expected": list(one.row.answers),
        "got": one.answer,
        "route": one.reply.route if one.reply else None,
        "f1": one.f1,
        "error": one.error,
    }
