"""A whole suite judged: scores, the floor of relevancy, the check of the judge, one report."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence

from serve.judge.bounded import BoundedJudge
from serve.judge.cache import Cache, CachedJudge
from serve.judge.controls import N_CONTROLS, Checked, check_judge, make_controls
from serve.judge.gate import METRICS
from serve.judge.judge import Judge
from serve.judge.report import CaseReport, Report, Summary, summarize, summarize_all
from serve.judge.scorer import DEFAULT, Scorer, Similar
from serve.judge.statistics import mean
from serve.judge.suite import Answered, Case
from serve.judge.verdicts import JudgeFailed, Score


async def judge_suite(
    cases: Sequence[Case],
    answers: Mapping[str, Answered],
    judge: Judge,
    similarity: Similar,
    *,
    cache: Cache | None = None,
    wanted: Collection[str] = DEFAULT,
    n_controls: int = N_CONTROLS,
    concurrency: int = 8,
    retries: int = 2,
    on_case: Callable[[CaseReport], None] = lambda case: None,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Return the report of a suite.

    Args:
        cases: what is expected.
        answers: id of a case -> its answer; one for each.
        judge: asked.
        similarity: cosines of a text with others.
        cache: of verdicts; None keeps them for this run only.
        wanted: the metrics that ask a judge, names of :data:`serve.judge.scorer.JUDGED`.
        n_controls: true claims, and as many false ones, that the judge is checked with.
        concurrency: questions to the judge at once.
        retries: further tries after a failure of it.
        on_case: called when a case is done.
        clock: seconds.
    """
    started = clock()
    kept = cache if cache is not None else Cache()
    hits = kept.hits
    bounded = BoundedJudge(judge, concurrency, retries)
    scorer = Scorer(CachedJudge(bounded, kept), similarity, wanted)

    async def one(case: Case) -> CaseReport:
        report = _case_report(case, answers[case.id], await scorer.scores(case, answers[case.id]))
        on_case(report)
        return report

    texts = [case for case in cases if not case.is_json]
    judged = bool(texts and wanted)
    controls = make_controls(
        [[passage.text for passage in answers[case.id].passages] for case in texts], n_controls
    )
    reports, checked, floor = await asyncio.gather(
        asyncio.gather(*(one(case) for case in cases)),
        check_judge(CachedJudge(bounded, kept), controls if judged else []),
        _floor(texts if "answer_relevancy" in wanted else [], answers, scorer, similarity),
    )
    generators = sorted({answer.model for answer in answers.values() if answer.model})
    return Report(
        judge=judge.name,
        generators=tuple(generators),
        n=len(cases),
        errors=sum(answers[case.id].error is not None for case in cases),
        metrics=summarize_all(reports, METRICS),
        relevancy_floor=floor,
        controls=checked if judged else None,
        asked=bounded.asked,
        failed=bounded.failed,
        cached=kept.hits - hits,
        usage=bounded.usage,
        warnings=_warnings(judge, generators, checked) if judged else (),
        wall_s=clock() - started,
        cases=tuple(reports),
    )


def _case_report(case: Case, answered: Answered, scores: Sequence[Score]) -> CaseReport:
    return CaseReport(
        case.id,
        case.question,
        answered.output or answered.shown or answered.text,
        tuple(scores),
        case.kind,
        case.reference,
        tuple(passage.text for passage in answered.passages),
        answered.error,
        answered.trace_id,
    )


async def _floor(
    cases: Sequence[Case],
    answers: Mapping[str, Answered],
    scorer: Scorer,
    similarity: Similar,
) -> Summary | None:
    """Return answer relevancy against the question of another case, half the list away.

    Cosines of unrelated sentences are far from 0: a relevancy near this floor says nothing.
    """
    given = [(case, answers[case.id]) for case in cases]
    given = [(c, a) for c, a in given if a.error is None and not a.refused]
    if len({case.question for case, _ in given}) < 2:
        return None
    half = len(given) // 2

    async def one(i: int) -> Score:
        case, _ = given[(i + half) % len(given)]
        try:
            made = await scorer.generated(given[i][1])
        except JudgeFailed as error:
            return Score("relevancy_floor", "judge_failed", note=str(error))
        return Score(
            "relevancy_floor", "scored", mean(await similarity(case.question, made.questions))
        )

    return summarize(await asyncio.gather(*(one(i) for i in range(len(given)))))


def _warnings(judge: Judge, generators: Sequence[str], checked: Checked) -> tuple[str, ...]:
    warnings = []
    same = [name for name in generators if name in judge.model.split("+")]
    if same:
        warnings.append(
            f"{same[0]} judges its own answers: models favour their own; use another judge."
        )
    if checked.balanced_accuracy is None:
        warnings.append("No passages to check the judge with: nothing says that it can be trusted.")
    elif checked.ci95 is not None and checked.ci95[0] <= 0.5:
        warnings.append(
            f"The judge is right on {checked.balanced_accuracy:.0%} of claims whose truth is "
            "known, which is not surely better than guessing."
        )
    return tuple(warnings)
