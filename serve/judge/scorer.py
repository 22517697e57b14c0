"""One answer against its case: which verdicts each metric asks for, and the state it ends in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from serve.judge import metrics
from serve.judge.citations import citation_precision, citation_recall, cited, without_marks
from serve.judge.claims import whole_claim
from serve.judge.judge import Generated, Judge
from serve.judge.outcomes import outcome_scores
from serve.judge.suite import Answered, Case
from serve.judge.verdicts import ClaimVerdict, JudgeFailed, Score

Similar = Callable[[str, Sequence[str]], Awaitable[list[float]]]
N_QUESTIONS = 3  # generated for answer relevancy, as in the paper


class _NoClaims(Exception):
    """There is nothing that a metric could judge."""


class Scorer:
    """Scores answers; all verdicts of an answer are asked for at once.

    Args:
        judge: asked; it bounds how much is asked at once.
        similarity: cosines of a text with others.
        wanted: names of :data:`JUDGED`; metrics that need no judge are always there.
    """

    def __init__(self, judge: Judge, similarity: Similar, wanted: Collection[str]) -> None:
        self._judge, self._similarity = judge, similarity
        self._wanted = [name for name in JUDGED if name in wanted]

    async def scores(self, case: Case, answered: Answered) -> list[Score]:
        """Return a score a metric that the case has an expectation for.

        A case that got no answer has the scores of one that did nothing right.
        """
        scores = outcome_scores(case, answered)
        if case.is_json:
            return scores
        names = [name for name in self._wanted if _applies(name, case)]
        judged = await asyncio.gather(*(self._score(name, case, answered) for name in names))
        return [*scores, *judged]

    async def generated(self, answered: Answered) -> Generated:
        """Return the questions that answer relevancy compares with the one that was asked.

        They are made from the answer as its reader saw it, quotations and all.

        Raises:
            JudgeFailed: there are none.
        """
        return await self._judge.questions(
            without_marks(answered.shown or answered.text), N_QUESTIONS
        )

    async def _score(self, name: str, case: Case, answered: Answered) -> Score:
        if answered.error is not None:
            return Score(name, "scored", 0.0, note=f"There is no answer: {answered.error}")
        if answered.refused and name not in OF_CONTEXTS:
            return Score(name, "refused")
        try:
            value, verdicts = await JUDGED[name](self, case, answered)
        except _NoClaims:
            return Score(name, "no_claims")
        except JudgeFailed as error:
            return Score(name, "judge_failed", note=str(error))
        return Score(name, "scored", value, tuple(verdicts))

    async def _claims(self, question: str, text: str) -> list[str]:
        claims = await self._judge.claims(question, text)
        if not claims:
            raise _NoClaims
        return claims

    async def _verdicts(self, claims: Sequence[str], passages: Sequence[str]) -> list[ClaimVerdict]:
        return await _all([self._judge.verdict(claim, passages) for claim in claims])

    async def _faithfulness(self, case: Case, answered: Answered) -> Scored:
        claims = await self._claims(case.question, answered.text)
        verdicts = await self._verdicts(claims, _texts(answered))
        return metrics.faithfulness(_supported(verdicts)), verdicts

    async def _answer_relevancy(self, case: Case, answered: Answered) -> Scored:
        made = await self.generated(answered)
        cosines = await self._similarity(case.question, made.questions)
        return metrics.answer_relevancy(cosines, [made.noncommittal] * len(cosines)), []

    async def _context_precision(self, case: Case, answered: Answered) -> Scored:
        claim = _reference(case)
        if not answered.passages:
            raise _NoClaims
        verdicts = await _all(
            [self._judge.verdict(claim, [passage]) for passage in _texts(answered)]
        )
        return metrics.context_precision(_supported(verdicts)), verdicts

    async def _context_recall(self, case: Case, answered: Answered) -> Scored:
        claims = await self._claims(case.question, case.reference or "")
        verdicts = await self._verdicts(claims, _texts(answered))
        return metrics.context_recall(_supported(verdicts)), verdicts

    async def _answer_correctness(self, case: Case, answered: Answered) -> Scored:
        reference, text = case.reference or "", without_marks(answered.text)
        of_answer = await self._claims(case.question, answered.text)
        of_reference = await self._claims(case.question, reference)
        said, wanted = await asyncio.gather(
            self._verdicts(of_answer, [_reference(case)]),
            self._verdicts(of_reference, [whole_claim(case.question, text)]),
        )
        tp = sum(_supported(said))
        fn = len(wanted) - sum(_supported(wanted))
        (cosine,) = await self._similarity(reference, [text])
        return metrics.answer_correctness(tp, len(said) - tp, fn, cosine), [*said, *wanted]

    async def _citation_recall(self, case: Case, answered: Answered) -> Scored:
        parts = cited(answered.text)
        if not parts:
            raise _NoClaims
        sources = answered.cited or {}
        verdicts = await _all(
            [
                self._judge.verdict(
                    whole_claim(case.question, part.text),
                    [sources[number].text for number in part.numbers if number in sources],
                )
                for part in parts
            ]
        )
        return citation_recall(_supported(verdicts)), verdicts

    async def _citation_precision(self, case: Case, answered: Answered) -> Scored:
        parts, sources = cited(answered.text), answered.cited or {}
        marks = [(i, number) for i, part in enumerate(parts) for number in part.numbers]
        if not marks:
            raise _NoClaims
        verdicts = await _all(
            [
                self._judge.verdict(
                    whole_claim(case.question, parts[i].text),
                    [sources[number].text] if number in sources else [],
                )
                for i, number in marks
            ]
        )
        supports = dict(zip(marks, _supported(verdicts), strict=True))
        return citation_precision(parts, supports), verdicts

    async def _noise_sensitivity(self, case: Case, answered: Answered) -> Scored:
        of_answer = await self._claims(case.question, answered.text)
        of_reference = await self._claims(case.question, case.reference or "")
        contexts = _texts(answered)
        if not contexts:
            raise _NoClaims
        correct = await self._verdicts(of_answer, [_reference(case)])
        by_context, reference_by_context = await asyncio.gather(
            self._matrix(of_answer, contexts), self._matrix(of_reference, contexts)
        )
        value = metrics.noise_sensitivity(_supported(correct), by_context, reference_by_context)
        return value, correct

    async def _matrix(self, claims: Sequence[str], contexts: Sequence[str]) -> list[list[bool]]:
        """Return a row a claim: which contexts support it."""
        rows = [[self._judge.verdict(claim, [text]) for text in contexts] for claim in claims]
        return [_supported(await _all(row)) for row in rows]


Scored = tuple[float, Sequence[ClaimVerdict]]
JUDGED: Mapping[str, Callable[[Scorer, Case, Answered], Awaitable[Scored]]] = {
    "faithfulness": Scorer._faithfulness,
    "answer_relevancy": Scorer._answer_relevancy,
    "answer_correctness": Scorer._answer_correctness,
    "context_precision": Scorer._context_precision,
    "context_recall": Scorer._context_recall,
    "citation_precision": Scorer._citation_precision,
    "citation_recall": Scorer._citation_recall,
    "noise_sensitivity": Scorer._noise_sensitivity,
}
OF_CONTEXTS = frozenset({"context_precision", "context_recall"})  # a refusal has them, too
NEED_REFERENCE = OF_CONTEXTS | {"answer_correctness", "noise_sensitivity"}
# Noise sensitivity asks for a verdict a claim and context: it is left to those who name it.
DEFAULT = tuple(name for name in JUDGED if name != "noise_sensitivity")
LOWER_IS_BETTER = frozenset({"noise_sensitivity"})


def _applies(name: str, case: Case) -> bool:
    return name not in NEED_REFERENCE or bool(case.reference)


def _reference(case: Case) -> str:
    return whole_claim(case.question, case.reference or "")


def _texts(answered: Answered) -> list[str]:
    return [passage.text for passage in answered.passages]


def _supported(verdicts: Sequence[ClaimVerdict]) -> list[bool]:
    return [verdict.supported for verdict in verdicts]


async def _all(verdicts: Sequence[Awaitable[ClaimVerdict]]) -> list[ClaimVerdict]:
    """Return all verdicts.

    Raises:
        JudgeFailed: one of them failed; the others are asked for none the less, and kept.
    """
    results = await asyncio.gather(*verdicts, return_exceptions=True)
    found: list[ClaimVerdict] = []
    for result in results:
        if isinstance(result, BaseException):
            raise result
        found.append(result)
    return found
