"""The evaluation against a server that says what a test wants: each fault turns its check."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from minilora.answer_scores import exact_match, f1
from minilora.command import CommandFailed
from minilora.data.detective.public import split_of
from serve.detective.evaluate import report, squad, suite
from serve.detective.evaluate.__main__ import main
from serve.detective.evaluate.answers import contains
from serve.detective.evaluate.checks import check, failed
from serve.detective.evaluate.client import Client
from serve.detective.reply import Reply, Source, StepRecord, Usage, Verification
from serve.judge.suite import Case

T = TypeVar("T")
PAGE = "The tower was built in 1871. It is 46 metres tall."
PASSAGE = "It is 46 metres tall."
WIKI_URL = "http://wiki/w/index.php?oldid=7"
CASE = Case(
    id="1",
    question="How tall is it?",
    answers=("46 metres", "46 m"),
    document="report.pdf",
    page=2,
    route="documents",
    outcome="answered",
    verification="contradicted",
)
MISS = Case(id="2", question="Who?", route="documents", outcome="refused")
STEPS = (
    StepRecord(
        0,
        "retrieve",
        "ok",
        0.0,
        detail={
            "passages": [
                {"document_name": "report.pdf", "page": page, "text": "x"} for page in (5, 4, 2, 1)
            ]
        },
    ),
    StepRecord(
        1,
        "search",
        "ok",
        0.0,
        detail={"passages": [{"title": "Tower", "url": WIKI_URL, "text": "It has 40 metres."}]},
    ),
)
SOURCES = (
    Source(
        1, "document", "report.pdf", PASSAGE, "46 metres", 6, 15,
        document_id="doc-1", page=2, passage_start=29,
    ),
    Source(2, "wikipedia", "Tower", "It has 40 metres.", "40 metres", 7, 16, url=WIKI_URL),
)  # fmt: skip
REPLY = Reply(
    answer='46 metres. From the documents: "46 metres" [1]\nWikipedia contradicts this [2]',
    outcome="answered",
    route="documents",
    sources=SOURCES,
    verification=Verification("contradicted", "It says 40."),
    steps=STEPS,
    usage=Usage(3, 100, 20, 120),
    model="scripted",
    short_answer="46 metres",
)
REFUSAL = msgspec.structs.replace(
    REPLY,
    answer="The sources do not say.",
    outcome="refused",
    sources=(),
    verification=Verification("not_checked", "There is nothing to check."),
    short_answer=None,
)


def changed(**fields: Any) -> Reply:
    return msgspec.structs.replace(REPLY, **fields)


def with_source(number: int, **fields: Any) -> tuple[Source, ...]:
    return tuple(
        msgspec.structs.replace(source, **fields) if source.number == number else source
        for source in SOURCES
    )


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def page_text(document: str, page: int) -> str | None:
    return PAGE if (document, page) == ("doc-1", 2) else None


async def resolves(url: str) -> bool:
    return url == WIKI_URL


def test_a_right_reply_is_right_in_all() -> None:
    checks = run(check(CASE, REPLY, page_text, resolves))
    assert checks.wrong == []
    assert None not in (checks.route, checks.page, checks.answer, checks.quotes, checks.citations)
    assert checks.refused is None


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        (changed(route="both"), ["route"]),
        (changed(steps=(STEPS[1],)), ["page"]),
        (changed(short_answer="45 metres"), ["answer"]),
        (changed(sources=with_source(1, start=5)), ["quotes"]),
        (changed(sources=with_source(1, quote="")), ["quotes"]),
        (changed(sources=with_source(1, passage_start=28)), ["quotes"]),
        (changed(sources=with_source(1, page=3)), ["quotes", "citations"]),
        (changed(sources=with_source(2, passage="It is 40 metres.")), ["quotes"]),
        (changed(sources=with_source(2, url="http://wiki/other")), ["citations"]),
        (changed(answer="46 metres [1][2][3]"), ["citations"]),
        (changed(answer="46 metres [1]"), ["citations"]),
        (changed(verification=Verification("supported", "")), ["verification"]),
        (REFUSAL, ["answer", "verification"]),
    ],
)
def test_a_fault_turns_its_check(fault: Reply, wrong: list[str]) -> None:
    assert run(check(CASE, fault, page_text, resolves)).wrong == wrong


@pytest.mark.parametrize(
    ("places", "wrong"),
    [
        ([("report.pdf", 9), ("report.pdf", 9), ("other.pdf", 2), ("report.pdf", 2)], []),
        ([("report.pdf", 9), ("report.pdf", 8), ("other.pdf", 2), ("report.pdf", 2)], ["page"]),
        ([("other.pdf", 2)], ["page"]),
        ([], ["page"]),
    ],
)
def test_the_page_must_be_among_the_first_three(
    places: list[tuple[str, int]], wrong: list[str]
) -> None:
    passages = [{"document_name": name, "page": page, "text": "x"} for name, page in places]
    step = StepRecord(0, "retrieve", "ok", 0.0, detail={"passages": passages})
    reply = changed(steps=(step, STEPS[1]))
    assert run(check(CASE, reply, page_text, resolves)).wrong == wrong


def test_what_has_no_answer_must_be_refused() -> None:
    assert run(check(MISS, REFUSAL, page_text, resolves)).refused is True
    answered = run(check(MISS, REPLY, page_text, resolves))
    assert answered.wrong == ["refused"]
    assert answered.answer is None
    assert failed(MISS).wrong == ["route", "refused"]


def test_shares_count_only_what_applies() -> None:
    checks = [run(check(CASE, REPLY, page_text, resolves)), failed(CASE), failed(MISS)]
    shares = report.shares(checks)
    assert (shares["route"].successes, shares["route"].n) == (1, 3)
    assert (shares["quotes"].successes, shares["quotes"].n) == (1, 1)
    assert (shares["refused"].successes, shares["refused"].n) == (0, 1)


class Server:
    """Answers by question; keeps what was asked and uploaded."""

    def __init__(self, says: dict[str, Reply | int]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.uploaded: list[str] = []
        self._says = says
        self.app = Starlette(
            routes=[
                Route("/ask", self._ask, methods=["POST"]),
                Route("/documents", self._upload, methods=["POST"]),
                Route("/documents/doc-1/pages/2", self._page),
            ]
        )

    async def _ask(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        said = self._says[body["question"]]
        if isinstance(said, int):
            return JSONResponse({"error": {"message": "full"}}, said)
        return Response(msgspec.json.encode(said), media_type="application/json")

    async def _upload(self, request: Request) -> Response:
        async with request.form() as form:
            file = form["file"]
            assert not isinstance(file, str)
            self.uploaded.append(file.filename or "")
            if not await file.read():
                return JSONResponse({"error": {"message": "it is empty"}}, 400)
        return JSONResponse({"id": f"doc-{len(self.uploaded)}"}, 201)

    async def _page(self, request: Request) -> Response:
        return JSONResponse({"number": 2, "text": PAGE, "hidden": []})

    def talk(self, work: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
        async def talk() -> T:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://server") as http:
                return await work(Client(http))

        return asyncio.run(talk())


def test_a_suite_is_asked_of_its_documents(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"x")
    server = Server({"How tall is it?": REPLY, "Who?": 503})
    told: list[str] = []

    async def work(client: Client) -> list[report.Asked]:
        documents = await suite.upload_documents(client, [CASE, MISS], tmp_path)
        return await suite.ask_all(
            client, [CASE, MISS], documents, lambda one: told.append(one.case.id)
        )

    asked = server.talk(work)
    assert told == ["1", "2"]
    assert server.uploaded == ["report.pdf"]
    assert [body["documents"] for body in server.asked] == [["doc-1"], ["doc-1"]]
    assert asked[0].checks.wrong == ["citations"]  # no wiki is there
    assert asked[1].error is not None
    assert "503" in asked[1].error
    written = report.to_json(asked)
    assert (written["n"], written["n_errors"], written["model"]) == (2, 1, "scripted")
    assert written["counts"]["route"] == [1, 2]
    assert [row["id"] for row in written["wrong"]] == ["1", "2"]
    assert written["prompt_tokens_mean"] == 100
    assert written["n_with_failed_steps"] == 0
    json.dumps(written)
    assert report.table(asked).row_count == 1


def test_replies_with_failed_steps_are_told() -> None:
    late = StepRecord(0, "route", "failed", 0.0, error="no decision in 60 s")
    reply = changed(steps=(late, *STEPS), route="both")
    asked = report.Asked(CASE, run(check(CASE, reply, page_text, resolves)), 1.0, reply)
    written = report.to_json([asked])
    assert written["n_with_failed_steps"] == 1
    assert written["wrong"][0]["failed_steps"] == ["route: no decision in 60 s"]


def test_documents_of_a_suite_must_be_there(tmp_path: Path) -> None:
    server = Server({})
    with pytest.raises(FileNotFoundError, match=r"report\.pdf"):
        server.talk(lambda client: suite.upload_documents(client, [CASE], tmp_path))
    (tmp_path / "report.pdf").write_bytes(b"")
    with pytest.raises(CommandFailed, match="it is empty"):
        server.talk(lambda client: suite.upload_documents(client, [CASE], tmp_path))


def test_a_limit_draws_the_same_again() -> None:
    cases = [Case(id=str(i), question="?") for i in range(50)]
    drawn = suite.drawn(cases, 10, 3)
    assert drawn == suite.drawn(cases, 10, 3) != suite.drawn(cases, 10, 4)
    assert [int(case.id) for case in drawn] == sorted(int(case.id) for case in drawn)
    assert suite.drawn(cases, 99, 0) == cases


# --- answers and SQuAD ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "accepted", "exact", "overlap"),
    [
        ("the Eiffel Tower.", ["Eiffel tower"], 1.0, 1.0),
        ("", [], 1.0, 1.0),
        ("", ["Paris"], 0.0, 0.0),
        ("Paris", [], 0.0, 0.0),
        ("in Paris", ["London", "Paris"], 0.0, 2 / 3),
        ("the the", ["a"], 1.0, 1.0),  # nothing is left of both
        ("dog dog cat", ["dog cat cat"], 0.0, 2 / 3),
    ],
)
def test_exact_match_and_f1(answer: str, accepted: list[str], exact: float, overlap: float) -> None:
    assert exact_match(answer, accepted) == exact
    assert f1(answer, accepted) == pytest.approx(overlap)


@settings(deadline=None)
@given(st.text("ab ,.1", max_size=12), st.text("ab ,.1", max_size=12))
def test_scores_agree(answer: str, right: str) -> None:
    assert f1(answer, [right]) == f1(right, [answer])
    assert 0 <= exact_match(answer, [right]) <= f1(answer, [right]) + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize(
    ("answer", "accepted", "right"),
    [
        ("About 1,420,000 euros", "1420000", True),
        ("12.6 thousand", "12.6", True),
        ("126", "12.6", False),
        ("in 1912", "12", False),
        ("The knock, at the door!", "knock at door", True),
        ("anything", "", False),
    ],
)
def test_containment(answer: str, accepted: str, right: bool) -> None:
    assert contains(answer, [accepted]) is right


def squad_line(i: int, title: str, answers: list[str]) -> str:
    row = {"id": f"q{i}", "title": title, "context": f"Context {i % 2}.", "question": f"Q{i}?"}
    return json.dumps({**row, "answers": answers, "task": "qa"})


def test_squad_rows_are_asked_of_their_article(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    lines = [squad_line(0, "A", ["46 metres"]), squad_line(1, "A", []), squad_line(2, "B", ["x"])]
    lines += [squad_line(3, "B", []), squad_line(4, "B", ["y"])]
    file.write_text("\n".join(lines))
    rows = squad.read_rows(file, "all")
    texts = squad.articles(rows)
    assert texts == {"A": "Context 0.\n\nContext 1.", "B": "Context 0.\n\nContext 1."}
    says: dict[str, Reply | int] = {"Q0?": REPLY, "Q1?": REFUSAL, "Q2?": REFUSAL, "Q3?": REPLY}
    server = Server(says | {"Q4?": 503})
    scored = server.talk(lambda client: squad.ask_rows(client, rows, texts))
    assert server.uploaded == ["A.txt", "B.txt"]
    asked_of = [body["documents"] for body in server.asked]
    assert asked_of == [["doc-1"], ["doc-1"], ["doc-2"], ["doc-2"], ["doc-2"]]
    assert [one.exact for one in scored] == [1, 1, 0, 0, 0]
    summary = squad.summary(scored)
    assert summary["parts"]["all"]["exact_match"] == pytest.approx(0.4)
    assert summary["parts"]["unanswerable"]["exact_match"] == 0.5
    assert summary["n_errors"] == 1
    assert [row["id"] for row in summary["wrong"]] == ["q2", "q3", "q4"]


def test_squad_rows_are_held_out_as_for_training(tmp_path: Path) -> None:
    titles = [f"Article {i}" for i in range(60)]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(squad_line(i, title, []) for i, title in enumerate(titles)))
    kept = {row.title for row in squad.read_rows(file)}
    assert kept == {title for title in titles if split_of(title) == "test"} != set()
    file.write_text('{"id": "1"}')
    with pytest.raises(ValueError, match=r"rows\.jsonl:1: .*title"):
        squad.read_rows(file)
    held = next(title for title in titles if split_of(title) == "train")
    file.write_text(squad_line(0, held, []))
    with pytest.raises(ValueError, match="no article of the split test"):
        squad.read_rows(file)


def test_the_command_names_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, message in (
        (["--limit", "0"], "--limit must be at least 1"),
        (["--suite", "/nowhere/x.jsonl"], "/nowhere/x.jsonl"),
        (["--json", "/nowhere/x.json"], "its folder does not exist"),
    ):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 2
        assert message in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        main(["--url", "http://127.0.0.1:9"])
    assert left.value.code == 1
    assert "no server at http://127.0.0.1:9" in capsys.readouterr().err
