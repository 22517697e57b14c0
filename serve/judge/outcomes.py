"""Metrics that need no judge: what was done against what was expected.

They are shares of cases: each case gives 1 or 0, or a share of its own for ids.
"""

from __future__ import annotations

from minilora.scoring import score as score_json
from serve.judge.metrics import context_precision, id_recall
from serve.judge.suite import Answered, Case
from serve.judge.verdicts import Score, State


def outcome_scores(case: Case, answered: Answered) -> list[Score]:
    """Return the scores of a case that follow from what it expects, with no judge asked."""
    if case.is_json:
        return json_scores(case, answered)
    return [*_decision_scores(case, answered), *_page_scores(case, answered)]


def json_scores(case: Case, answered: Answered) -> list[Score]:
    """Return json_syntax, json_schema, json_tool and json_exact of one raw output.

    Each is 1 where the text is one JSON document; fits the schema; names the right tool (for an
    action ``{"tool", "args"}`` only); equals the expected document (:mod:`minilora.scoring`).

    Raises:
        ValueError: the case expects no document.
    """
    if not isinstance(case.expected, dict):
        raise ValueError(f"{case.id} expects no JSON document")
    verdict = score_json(answered.output or "", case.expected, case.schema or {})
    found = {
        "json_syntax": not verdict.syntax_error,
        "json_schema": verdict.schema_valid,
        "json_tool": verdict.tool,
        "json_exact": verdict.exact,
    }
    return [_flag(name, value) for name, value in found.items() if value is not None]


def _decision_scores(case: Case, answered: Answered) -> list[Score]:
    """Return refusal, route and verification: 1 where the reply did what was expected.

    Refusal correctness counts both ways: answering what has no answer, and refusing what has one.
    An error is neither.
    """
    if answered.error is not None:
        expected = {"refusal": case.outcome, "route": case.route}
        return [_flag(name, False) for name, value in expected.items() if value is not None]
    scores = []
    if case.outcome is not None:
        scores.append(_flag("refusal", answered.refused == (case.outcome == "refused")))
    if case.route is not None and answered.route is not None:
        scores.append(_flag("route", answered.route == case.route))
    if case.verification is not None and answered.verification is not None:
        scores.append(_flag("verification", answered.verification == case.verification))
    return scores


def _page_scores(case: Case, answered: Answered) -> list[Score]:
    """Return context_precision_ids, context_recall_ids and citation_page, by the expected pages.

    citation_page is the share of an answer's citations of documents that name an expected page.
    """
    if not case.pages:
        return []
    wanted = {(case.document, page) for page in case.pages}

    def place(document: str | None, page: int | None) -> tuple[str | None, int | None]:
        return (document if case.document is not None else None, page)

    found = [place(p.document, p.page) for p in answered.passages if p.page is not None]
    if not found and answered.route is None and answered.error is None:
        return []  # another system's, which does not tell pages
    scores = [Score("context_recall_ids", "scored", id_recall(found, wanted))]
    if found:
        right = [at in wanted for at in found]
        scores.append(Score("context_precision_ids", "scored", context_precision(right)))
    else:
        scores.append(Score("context_precision_ids", "no_claims", note="Nothing was retrieved."))
    cited = [p for p in (answered.cited or {}).values() if p.page is not None]
    if cited:
        share = sum(place(p.document, p.page) in wanted for p in cited) / len(cited)
        scores.append(Score("citation_page", "scored", share))
    else:
        state: State = "refused" if answered.refused else "no_claims"
        scores.append(Score("citation_page", state, note="No document is cited."))
    return scores


def _flag(metric: str, right: bool) -> Score:
    return Score(metric, "scored", float(right))
