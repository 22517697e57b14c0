"""Sentences of real articles as facts: each with its edit, its restatements and their denials."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from minilora.data.entailment.edits import Edit, edits, other_number
from minilora.data.entailment.facts import Fact
from minilora.data.entailment.restate import asked, finish, restated, statement, widened

MAX_CLAIM_WORDS = 28  # longer ones cost as much as two and teach no more
_AUX = re.compile(r"\b(is|was|are|were|has been|have been|can|could|will|would|may|should)\b ")
_NEGATED = re.compile(r"\b(?:not|never|no|n't|cannot|neither|nor|none)\b")
_WEIGHTS = {"year": 3, "number": 3, "month": 3, "name": 5, "word": 4, "opposite": 4}


@dataclass(frozen=True)
class Asked:
    """A question that a sentence answers, and another answer of its kind.

    Attributes:
        question: as people asked it.
        answer: a part of the sentence.
        other: an answer of the same kind to another question on the article.
    """

    question: str
    answer: str
    other: str


def denied(text: str) -> str | None:
    """Return a sentence with "not" after its first auxiliary; None where that is not sure."""
    if _NEGATED.search(text):
        return None
    match = _AUX.search(text)
    if match is None or match.start() > 60 or "," in text[: match.start()]:
        return None
    return text[: match.end()] + "not " + text[match.end() :]


def fact_of(
    sentence: str, others: Sequence[str], rng: random.Random, asked_of: Sequence[Asked] = ()
) -> Fact:
    """Return a sentence of an article as a fact with claims.

    Args:
        sentence: one sentence.
        others: names of the article (:func:`~.edits.article_names`).
        rng: chooses the edit and the claims.
        asked_of: questions that this sentence answers; one of them may decide the edit.
    """
    edit, question = _chosen(sentence, others, rng, asked_of)
    whole = finish(sentence)
    told = [text for text in restated(sentence) if len(text.split()) <= MAX_CLAIM_WORDS]
    if len(whole.split()) <= MAX_CLAIM_WORDS or not told:
        told.append(whole)
    if rng.random() < 0.5:
        told += [wide for text in told[:3] if (wide := widened(text, rng))]
    with_edit = [text for text in told if edit and edit.apply(text) != text]
    neutral = [text for text in told if text not in with_edit]
    found: list[tuple[str, set[int]]] = []
    for text in sorted(with_edit, key=len)[:3]:
        assert edit is not None
        found += _both(text, edit.apply(text))
    if question is not None:
        for text, other in zip(
            _asked_forms(question.question, question.answer),
            _asked_forms(question.question, question.other),
            strict=False,
        ):
            found += _both(text, other)
    for text in rng.sample(with_edit, min(1, len(with_edit))):
        assert edit is not None
        no, turned = denied(text), denied(edit.apply(text))
        if no and turned and rng.random() < 0.6:
            found += _both(turned, no)
    for text in rng.sample(neutral, min(2, len(neutral))):
        found.append((text, {0, 1}))
        no = denied(text)
        if no and rng.random() < 0.15:
            found.append((no, set()))
    changed = edit.apply(sentence) if edit else sentence
    return Fact((finish(sentence), finish(changed)), tuple(found))


def _both(original: str, edited: str) -> list[tuple[str, set[int]]]:
    return [(original, {0}), (edited, {1})]


def _asked_forms(question: str, answer: str) -> list[str]:
    told = statement(question, answer)
    return [told, asked(question, answer)] if told else [asked(question, answer)]


def _chosen(
    sentence: str, others: Sequence[str], rng: random.Random, asked_of: Sequence[Asked]
) -> tuple[Edit | None, Asked | None]:
    if asked_of and rng.random() < 0.75:
        question = rng.choice(list(asked_of))
        return Edit(question.answer, question.other, "answer"), question
    possible = edits(sentence, others, rng)
    if not possible:
        return None, None
    return rng.choices(possible, [_WEIGHTS[edit.kind] for edit in possible])[0], None


def kind_of(answer: str) -> tuple[bool, bool, int]:
    """Return what answers of a kind have in common: digits, a capital, about how many words."""
    return (
        bool(re.search(r"\d", answer)),
        answer[:1].isupper(),
        min(3, len(answer.split()) // 2),
    )


def other_answer(answer: str, sentence: str, pool: Sequence[str], rng: random.Random) -> str | None:
    """Return another answer that may stand in an answer's place in a sentence."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?", answer) and rng.random() < 0.5:
        return other_number(answer, rng)
    low = sentence.lower()
    fitting = [
        other
        for other in pool
        if kind_of(other) == kind_of(answer)
        and other.lower() not in low
        and answer.lower() not in other.lower()
    ]
    return rng.choice(fitting) if fitting else None
