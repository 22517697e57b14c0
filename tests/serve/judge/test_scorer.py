"""Scores of single answers: states, what is asked, the floor of relevancy, warnings, JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from serve.judge.controls import make_controls
from serve.judge.html_page import html_page
from serve.judge.report import Report
from serve.judge.run import judge_suite
from serve.judge.scorer import JUDGED
from serve.judge.suite import Answered, AnswerLine, Case, Passage, from_reply

from .test_judges import Scripted
from .world import PAGES, SUITE, Agent

TEXTS = tuple(Passage(text) for text in PAGES.values())
CASE = Case("a", "When was it lit?", ("It was lit in 1871.",))
GOOD = Answered("a", "It was lit in 1871 [1].", passages=TEXTS, cited={1: TEXTS[0]})


async def near(text: str, others: Sequence[str]) -> list[float]:
    """Return 0.9 for the question that was asked, and 0.4 for others."""
    return [0.9 if text == CASE.question else 0.4 for _ in others]


def judge(cases: Sequence[Case], *answers: Answered, by: Scripted | None = None) -> Report:
    given = {answer.id: answer for answer in answers}
    return asyncio.run(
        judge_suite(cases, given, by or Scripted(), near, wanted=tuple(JUDGED), retries=0)
    )


def states(report: Report) -> dict[str, str]:
    return {score.metric: score.state for score in report.cases[0].scores}


def test_an_answer_has_every_metric_of_a_judge() -> None:
    report = judge([CASE], GOOD)
    assert states(report) == dict.fromkeys(JUDGED, "scored")
    assert report.metrics["answer_correctness"].mean == pytest.approx(0.75 + 0.25 * 0.4)


def test_a_refusal_is_no_failure_but_its_contexts_are_judged() -> None:
    found = states(judge([CASE], replace(GOOD, refused=True)))
    assert found.pop("context_precision") == found.pop("context_recall") == "scored"
    assert set(found.values()) == {"refused"}


def test_an_answer_that_states_nothing_has_no_claims() -> None:
    found = states(judge([CASE], replace(GOOD, text="", cited={})))
    assert found["faithfulness"] == found["citation_recall"] == "no_claims"


def test_a_judge_that_fails_leaves_the_case_unscored() -> None:
    report = judge([CASE], GOOD, by=Scripted(fails=10**6))
    assert states(report)["faithfulness"] == "judge_failed"
    assert report.metrics["faithfulness"].mean is None
    assert report.failed > 0


def test_no_answer_scores_nothing() -> None:
    case = Case("a", "q", ("x",), outcome="refused", route="neither")
    report = judge([case], Answered("a", error="HTTP 500"))
    assert {score.value for score in report.cases[0].scores} == {0.0}
    assert report.errors == 1


def test_a_citation_without_a_source_bears_nothing_out() -> None:
    class Reads(Scripted):
        async def verdict(self, claim: str, passages: Sequence[str]) -> object:  # type: ignore[override]
            self.label = "supported" if passages else "not_found"
            return await super().verdict(claim, passages)

    answered = replace(GOOD, text="It was lit in 1871 [1][7]. It is white.")
    report = judge([CASE], answered, by=Reads())
    assert report.metrics["citation_precision"].mean == 0.5  # [7] is nobody's number
    assert report.metrics["citation_recall"].mean == 0.5  # the second sentence cites nothing


def test_relevancy_stands_beside_its_floor() -> None:
    other = Case("b", "Who drew it?", ("x",))
    report = judge([CASE, other], GOOD, replace(GOOD, id="b", text="Brandt did it there."))
    assert report.relevancy_floor is not None
    # each answer's questions against the other's question: 0.4 and 0.9
    assert report.relevancy_floor.mean == pytest.approx(0.65)


def test_a_model_that_judges_itself_is_warned_about() -> None:
    report = judge([CASE], replace(GOOD, model="s"), by=Scripted("s"))
    assert any("judges its own answers" in warning for warning in report.warnings)
    assert not any("own answers" in warning for warning in judge([CASE], GOOD).warnings)


def test_json_is_scored_without_a_judge() -> None:
    schema = {"type": "object", "required": ["tool"]}
    case = Case("j", "q", expected={"tool": "dim", "args": {}}, schema=schema)
    right = judge([case], Answered("j", output='{"tool": "dim", "args": {}}'))
    assert {name: s.mean for name, s in right.metrics.items()} == {
        "json_syntax": 1, "json_schema": 1, "json_tool": 1, "json_exact": 1,
    }  # fmt: skip
    wrong = judge([case], Answered("j", output='{"args": {}}'))
    assert [s.mean for s in wrong.metrics.values()] == [1, 0, 0, 0]
    assert (right.asked, right.controls) == (0, None)


def test_controls_are_true_altered_and_moved() -> None:
    controls = make_controls([[text] for text in PAGES.values()], 6)
    kinds = [control.kind for control in controls]
    assert kinds.count("true") == kinds.count("altered") + kinds.count("moved") == 6
    assert kinds.count("moved") == 3
    for control in controls:
        assert (control.claim in control.passages[0]) == (control.kind == "true")
    assert make_controls([], 6) == []


def test_a_detectives_reply_is_judged_by_what_it_states() -> None:
    answered = from_reply("lit", Agent().reply(SUITE[0].question))
    assert answered.text == "The lighthouse was lit in 1871 for the first time. [1]"
    assert [passage.page for passage in answered.passages] == [1, 6, 4]  # as they were retrieved
    assert answered.cited is not None
    assert answered.cited[1].page == 1


def test_a_line_of_answers_holds_one_answer() -> None:
    line = AnswerLine("x", answer="No information is available.", contexts=("a", "b"))
    answered = line.answered()
    assert answered.refused
    assert answered.cited == {1: Passage("a"), 2: Passage("b")}
    with pytest.raises(ValueError, match="one of reply, answer, output, error"):
        AnswerLine("x")


def test_the_page_escapes_what_others_wrote() -> None:
    evil = "<script>alert(1)</script>"
    case = Case("<b>", evil, (evil,))
    answered = Answered("<b>", f"{evil} [1]", passages=(Passage(evil),), model=evil)
    page = html_page(judge([case], answered, by=Scripted("<i>")))
    assert "<script" not in page
    assert "<i>:" not in page
    assert page.count("&lt;script&gt;") >= 5
