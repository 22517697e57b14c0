"""Suites and files of answers: JSON lines in, checked.

A line of a suite is a :class:`Case`. A line of answers is ``{"id", ...}`` with one of

    "reply": {...}                        the body of POST /ask
    "answer": "...", "contexts": [...]    any other system's; citations [N] count the contexts
    "output": "..."                       raw text that should be JSON
    "error": "..."                        there is none, and why
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from minilora.data.detective.steps import Route
from serve.detective.reply import Judgement, Outcome, Reply, Source
from serve.judge.judge import is_noncommittal
from serve.judge.stated import stated

T = TypeVar("T")


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question and what is expected; a metric is left out where its expectation is missing.

    Attributes:
        id: unique in the suite.
        question: asked.
        answers: each is right; the first is the reference.
        expected: one right answer, in place of ``answers``; or the JSON document wanted, which
            makes it a case of the JSON metrics.
        schema: JSON Schema of that document.
        document, page: where the answer stands: the document's name, and the page from 1 or pages.
        route, outcome, verification: as a reply names them.
        kind: groups cases, for the reader.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    expected: str | dict[str, Any] | None = None
    schema: dict[str, Any] | None = None
    document: str | None = None
    page: int | tuple[int, ...] | None = None
    route: Route | None = None
    outcome: Outcome | None = None
    verification: Judgement | None = None
    kind: str = ""

    @property
    def is_json(self) -> bool:
        """Whether a JSON document is expected."""
        return isinstance(self.expected, dict)

    @property
    def reference(self) -> str | None:
        """The answer that others are compared with; None where there is none."""
        if isinstance(self.expected, str):
            return self.expected
        return self.answers[0] if self.answers else None

    @property
    def pages(self) -> tuple[int, ...]:
        """Where the answer stands."""
        return (self.page,) if isinstance(self.page, int) else self.page or ()


@dataclass(frozen=True)
class Passage:
    """What an answer could rest on; document and page are None where it is no document's."""

    text: str
    document: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class Answered:
    """A system's answer to a case.

    Attributes:
        id: of the case.
        text: what is judged, with citations ``[N]``.
        refused: it says that it has none.
        passages: all that was retrieved, best first, each once.
        cited: number N -> its passage.
        route, verification: what the detective did; None for other systems.
        model: that wrote it; "" unknown.
        trace_id: of its trace; "" where none is kept.
        output: raw text, of a case that expects JSON.
        error: why there is no answer; None where there is one.
        shown: the whole answer as its reader saw it; None where it is ``text``.
    """

    id: str
    text: str = ""
    refused: bool = False
    passages: tuple[Passage, ...] = ()
    cited: dict[int, Passage] | None = None
    route: Route | None = None
    verification: Judgement | None = None
    model: str = ""
    trace_id: str = ""
    output: str | None = None
    error: str | None = None
    shown: str | None = None


def from_reply(id: str, reply: Reply) -> Answered:
    """Return what the judge needs of a detective's reply.

    Passages are those of its retrieve and search steps in their order, then what is cited beside.
    """
    cited = {source.number: _of_source(source) for source in reply.sources}
    found: list[Passage] = []
    for step in reply.steps:
        for row in step.detail.get("passages", ()):
            found.append(Passage(row["text"], row.get("document_name"), row.get("page")))
    passages: dict[str, Passage] = {}
    for passage in (*found, *cited.values()):
        passages.setdefault(passage.text, passage)
    return Answered(
        id,
        stated(reply.answer),
        reply.outcome == "refused",
        tuple(passages.values()),
        cited,
        reply.route,
        reply.verification.verdict,
        reply.model,
        reply.trace_id,
        shown=reply.answer,
    )


def _of_source(source: Source) -> Passage:
    document = source.title if source.kind == "document" else None
    return Passage(source.passage, document, source.page)


class AnswerLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A line of a file of answers; see the head of this module."""

    id: str
    question: str = ""
    reply: Reply | None = None
    answer: str | None = None
    contexts: tuple[str, ...] = ()
    model: str = ""
    output: str | None = None
    error: str | None = None

    def __post_init__(self) -> None:
        """Check that it holds one answer."""
        forms = (self.reply, self.answer, self.output, self.error)
        if sum(form is not None for form in forms) != 1:
            raise ValueError("needs one of reply, answer, output, error")

    def answered(self) -> Answered:
        """Return the answer as the judge takes it."""
        if self.reply is not None:
            return from_reply(self.id, self.reply)
        if self.answer is None:
            return Answered(self.id, output=self.output, error=self.error, model=self.model)
        passages = tuple(Passage(text) for text in self.contexts)
        return Answered(
            self.id,
            self.answer,
            is_noncommittal(self.answer),
            passages,
            dict(enumerate(passages, start=1)),
            model=self.model,
        )


def read_suite(path: Path) -> list[Case]:
    """Return the cases of a file.

    Raises:
        ValueError: a line that is no case, an id that stands twice, or no cases at all; the
            message names file and line.
        OSError: it cannot be read.
    """
    return _read_lines(path, Case)


def read_answers(path: Path, cases: Sequence[Case]) -> dict[str, AnswerLine]:
    """Return the answers to the cases by their ids; answers to other cases are left out.

    Raises:
        ValueError: as for :func:`read_suite`, or a case has no answer.
        OSError: it cannot be read.
    """
    lines = {line.id: line for line in _read_lines(path, AnswerLine)}
    if missing := [case.id for case in cases if case.id not in lines]:
        raise ValueError(f"{path} has no answer to {missing[0]}, and {len(missing)} miss in all")
    return {case.id: lines[case.id] for case in cases}


def _read_lines(path: Path, kind: type[T]) -> list[T]:
    rows: list[T] = []
    ids: set[str] = set()
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=kind)
        except msgspec.DecodeError as error:  # of which a wrong form is one, too
            raise ValueError(f"{path}:{number}: {error}") from None
        id_: str = row.id  # type: ignore[attr-defined]
        if id_ in ids:
            raise ValueError(f"{path}:{number}: the id {id_} stands twice")
        ids.add(id_)
        rows.append(row)
    if not rows:
        raise ValueError(f"{path} holds no lines")
    return rows
