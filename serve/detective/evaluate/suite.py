"""A suite of questions asked of a server, each reply checked."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from serve.detective.evaluate.checks import check, failed
from serve.detective.evaluate.client import AskFailed, Client
from serve.detective.evaluate.report import Asked
from serve.judge.suite import Case


async def upload_documents(client: Client, cases: Sequence[Case], folder: Path) -> list[str]:
    """Store the documents that the cases name, and return their ids.

    Args:
        client: of the server.
        cases: of the suite.
        folder: where the documents lie, beside the suite.

    Raises:
        FileNotFoundError: one is not there.
        CommandFailed: the server does not take one.
    """
    names = dict.fromkeys(case.document for case in cases if case.document is not None)
    paths = [folder / name for name in names]
    for path in paths:
        if not path.is_file():
            raise FileNotFoundError(f"the suite's document {path} does not exist")
    return [await client.upload(path.name, path.read_bytes()) for path in paths]


async def ask_all(
    client: Client,
    cases: Sequence[Case],
    documents: Sequence[str],
    on_asked: Callable[[Asked], None] = lambda asked: None,
) -> list[Asked]:
    """Return what came of each question, asked one after another of these documents."""
    asked = []
    for case in cases:
        asked.append(await _ask(client, case, documents))
        on_asked(asked[-1])
    return asked


async def _ask(client: Client, case: Case, documents: Sequence[str]) -> Asked:
    try:
        reply, seconds = await client.ask(case.question, documents)
    except AskFailed as error:
        return Asked(case, failed(case), error=str(error))
    checks = await check(case, reply, client.page_text, client.resolves)
    return Asked(case, checks, seconds, reply)


def drawn(cases: Sequence[Case], limit: int | None, seed: int) -> list[Case]:
    """Return the cases, or as many of them as the limit says, drawn evenly, in their order."""
    if limit is None or limit >= len(cases):
        return list(cases)
    chosen = set(random.Random(seed).sample(range(len(cases)), limit))
    return [case for i, case in enumerate(cases) if i in chosen]
