"""Exit codes and one-line errors of the command, and how a service is asked."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

import serve.detective.samples as samples
from serve.judge.__main__ import main
from serve.judge.ask import ask_service
from serve.judge.suite import Case, read_suite

GOOD = '{"id": "1", "question": "q"}\n'


@pytest.mark.parametrize(
    ("suite", "answers", "flags", "code", "message"),
    [
        ("", GOOD, [], 2, "suite.jsonl holds no lines"),
        (GOOD + "{", GOOD, [], 2, "suite.jsonl:2: "),
        (GOOD + GOOD, GOOD, [], 2, "suite.jsonl:2: the id 1 stands twice"),
        (GOOD[:-2] + ', "pages": 3}', GOOD, [], 2, "unknown field `pages`"),
        (GOOD, GOOD, [], 2, "answers.jsonl:1: needs one of reply, answer, output, error"),
        (GOOD, '{"id": "2", "answer": "a"}', [], 2, "has no answer to 1"),
        (GOOD, GOOD, ["--metrics", "truth"], 2, "--metrics: no metric 'truth'"),
        (GOOD, GOOD, ["--limit", "0"], 2, "--limit must be at least 1"),
        (GOOD, GOOD, ["--judge", "http://x/v1"], 2, "--judge wants local or URL#MODEL"),
        (GOOD, GOOD, ["--gate", "x"], 2, "--gate wants NAME=SHARE"),
        (GOOD, GOOD, ["--baseline", "none.json"], 2, "none.json"),
    ],
)
def test_wrong_input_is_told_in_one_line(
    suite: str,
    answers: str,
    flags: list[str],
    code: int,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "suite.jsonl").write_text(suite, "utf-8")
    (tmp_path / "answers.jsonl").write_text(answers, "utf-8")
    files = ["--suite", str(tmp_path / "suite.jsonl"), "--answers", str(tmp_path / "answers.jsonl")]
    with pytest.raises(SystemExit) as left:
        main([*files, "--judge", "http://x/v1#m", "--cache", str(tmp_path / "c.sqlite"), *flags])
    assert left.value.code == code
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ")
    assert message in error


def test_a_service_that_is_not_there_fails_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "suite.jsonl").write_text(GOOD, "utf-8")
    cache = ["--cache", str(tmp_path / "c.sqlite"), "--judge", "http://x/v1#m"]
    with pytest.raises(SystemExit) as left:
        main(["--suite", str(tmp_path / "suite.jsonl"), "--url", "http://127.0.0.1:9", *cache])
    assert left.value.code == 1
    assert "failed: no service at http://127.0.0.1:9" in capsys.readouterr().err


def test_json_cases_ask_the_chat_route_and_errors_take_the_place_of_answers() -> None:
    bodies: list[dict[str, object]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/health":
            return httpx.Response(200)
        bodies.append(json.loads(request.content))
        if request.url.path == "/ask":
            return httpx.Response(500, json={"error": {"message": "broken"}})
        message = {"choices": [{"message": {"content": '{"a": 1}'}}], "model": "m"}
        return httpx.Response(200, json=message)

    cases = [Case("j", "make it", expected={"a": 1}, schema={"type": "object"}), Case("t", "why")]

    async def work() -> None:
        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            json_line, text_line = await ask_service(cases, client)
        assert json_line.output == '{"a": 1}'
        assert text_line.error is not None
        assert "500" in text_line.error
        assert text_line.answered().error == text_line.error

    asyncio.run(work())
    assert bodies[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
    }
    assert bodies[1] == {"question": "why"}


def test_the_sample_questions_are_a_suite() -> None:
    cases = read_suite(Path(samples.__file__).parent / "questions.jsonl")
    assert len(cases) == 60
    assert {case.outcome for case in cases} == {"answered", "refused"}
    assert all(case.reference for case in cases if case.outcome == "answered")
