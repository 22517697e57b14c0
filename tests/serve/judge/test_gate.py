"""The gate turns red for each planted fault, through the command, over HTTP, as users run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from serve.judge.__main__ import main
from serve.judge.gate import parse_gate

from .world import (
    SAYS,
    SUITE,
    UNANSWERABLE,
    Agent,
    Rule,
    always_no,
    always_yes,
    honest,
    judge_app,
    serving,
)

METRICS = "faithfulness,citation_precision,citation_recall"
GATE = "faithfulness=0.9,citation_precision=0.9,citation_recall=0.9,refusal=0.9,citation_page=0.9"


class Ran:
    """What a run of the command came to."""

    def __init__(self, code: int, out: str, folder: Path, questions: list[str]) -> None:
        self.code, self.out, self.folder, self.questions = code, out, folder, questions
        self.report = json.loads((folder / "report.json").read_text("utf-8"))
        self.below = [
            line.removeprefix("below the gate: ").split(":")[0]
            for line in out.splitlines()
            if line.startswith("below the gate: ")
        ]


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Judge an agent with a judge, both behind HTTP."""
    suite = tmp_path / "suite.jsonl"
    suite.write_bytes(b"\n".join(map(msgspec.json.encode, SUITE)))

    def judged(agent: Agent, rule: Rule = honest, *more: str) -> Ran:
        asked: list[str] = []
        flags = ["--metrics", METRICS, "--gate", GATE, "--controls", "6"]
        where_to = ["--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache.sqlite")]
        with serving(agent.app()) as service, serving(judge_app(rule, asked)) as judge:
            where = ["--suite", str(suite), "--url", service, "--judge", f"{judge}/v1#rule"]
            with pytest.raises(SystemExit) as left:
                main([*where, *flags, *where_to, *more])
        assert isinstance(left.value.code, int)
        return Ran(left.value.code, capsys.readouterr().out, tmp_path / "out", asked)

    return judged


def test_a_good_agent_passes_and_a_second_run_asks_the_judge_nothing(run: Run) -> None:
    first = run(Agent())
    assert (first.code, first.below) == (0, [])
    assert first.report["metrics"]["faithfulness"]["states"] == {"scored": 6, "refused": 2}
    assert first.report["controls"]["balanced_accuracy"] == 1
    assert first.report["usage"]["total_tokens"] == 110 * len(first.questions)
    second = run(Agent())
    assert second.questions == []
    assert second.report["cached"] > 0
    assert second.report["changes"]["faithfulness"]["p_value"] == 1  # against the last run
    assert second.report["cases"] == first.report["cases"]


def test_an_agent_that_ignores_retrieval_is_red(run: Run) -> None:
    ran = run(Agent(says=dict.fromkeys(SAYS, "It came about in the spring of 2004.")))
    assert ran.code == 1
    assert {"faithfulness", "citation_precision", "citation_recall"} <= set(ran.below)


def test_an_agent_that_cites_the_wrong_source_is_red(run: Run) -> None:
    ran = run(Agent(cites={id_: 6 if id_ != "museum" else 4 for id_ in SAYS}))
    assert ran.code == 1
    assert ran.below == ["citation_precision", "citation_recall", "citation_page"]
    assert ran.report["metrics"]["faithfulness"]["mean"] == 1


def test_an_agent_that_answers_the_unanswerable_is_red(run: Run) -> None:
    made_up = dict.fromkeys(UNANSWERABLE, "The lighthouse was lit in 1871 for the first time.")
    ran = run(Agent(says=SAYS | made_up))
    assert (ran.code, ran.below) == (1, ["refusal"])  # every other metric is content


@pytest.mark.parametrize("rule", [always_yes, always_no])
def test_a_judge_that_does_not_read_is_red(run: Run, rule: Rule) -> None:
    ran = run(Agent(), rule)
    assert ran.code == 1
    assert "judge_controls" in ran.below
    assert ran.report["controls"]["balanced_accuracy"] == 0.5
    assert "not surely better than guessing" in ran.out
    if rule is always_yes:
        assert ran.below == ["judge_controls"]  # all that it was asked to score looks perfect


def test_a_judge_that_fails_is_red_and_nothing_is_nan(run: Run) -> None:
    def mumble(claim: str, sources: str) -> str:
        return "perhaps"

    ran = run(Agent(), mumble, "--retries", "0", "--controls", "2", "--metrics", "faithfulness")
    assert ran.code == 1
    assert {"faithfulness", "judge_controls", "judge_answered"} <= set(ran.below)
    assert ran.report["metrics"]["faithfulness"]["states"]["judge_failed"] == 6
    assert "NaN" not in (ran.folder / "report.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("faithfulness", "wants NAME=SHARE"),
        ("truth=0.5", "no metric 'truth'"),
        ("route=2", "from 0 to 1, got '2'"),
        ("route=nan", "from 0 to 1"),
        ("route=0.5,route=0.6", "stands there twice"),
    ],
)
def test_a_wrong_gate_is_refused(gate: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_gate(gate)
