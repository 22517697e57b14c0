"""How a project tests its own answers: judge a file of them and assert on the report."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from serve.judge.cache import Cache
from serve.judge.gate import missed
from serve.judge.run import judge_suite
from serve.judge.suite import read_answers, read_suite

from .test_judges import Scripted
from .test_scorer import near


def test_answers_stay_faithful(tmp_path: Path) -> None:
    (tmp_path / "suite.jsonl").write_text(
        '{"id": "1", "question": "When did it open?", "answers": ["In 1871."]}\n', "utf-8"
    )
    (tmp_path / "answers.jsonl").write_text(
        '{"id": "1", "answer": "It opened in 1871 [1].", '
        '"contexts": ["The tower on the rock was opened in 1871."]}\n',
        "utf-8",
    )
    cases = read_suite(tmp_path / "suite.jsonl")
    answers = read_answers(tmp_path / "answers.jsonl", cases)
    # A project takes serve.judge.build.make_judge("local"), or "https://HOST/v1#MODEL".
    report = asyncio.run(
        judge_suite(
            cases,
            {id_: line.answered() for id_, line in answers.items()},
            Scripted(),
            near,
            cache=Cache(tmp_path / "verdicts.sqlite"),
        )
    )
    assert report.metrics["faithfulness"].mean == 1
    assert missed(report, {"faithfulness": 0.8, "judge_controls": 0.0}) == []
    assert msgspec.json.decode(msgspec.json.encode(report), type=type(report)) == report
