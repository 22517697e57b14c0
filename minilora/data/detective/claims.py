"""Groups of claims on Wikipedia passages, made of the questions and sentences of public sets.

Claims of all three verdicts are made alike: a question and its answer as a sentence, or a sentence
said shorter; as it is, or with a wrong value. What is wrong about a passage that is shown is
contradicted; what is about one that is not shown is not found, right or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from minilora.data.detective.groups import MAX_GROUP, sources
from minilora.data.detective.material.filler import ADDED
from minilora.data.detective.public import Passage, fitting, window
from minilora.data.detective.restate import altered, negated, shorter, stands_alone, statement
from minilora.data.detective.sentences import (
    Nearest,
    sentence_spans,
    short_quote,
    whole_words,
    words,
)
from minilora.data.detective.verifying import LABEL, judged
from minilora.data.draw import Draw
from minilora.data.rows import JsonObject, Row

PER_VERDICT = 4
NEGATED_SHARE = 0.1
OTHERS = 8  # passages of the article that claims which are not found are about


@dataclass(frozen=True)
class Claim:
    """A true sentence about a passage.

    Attributes:
        text: the claim.
        answer: a part of it that can be wrong, or None.
        kind: what kind of thing that is: "number", "date", "who", "where" or "".
        evidence: the sentence of the passage.
    """

    text: str
    answer: str | None
    kind: str
    evidence: str


def verify_group(
    id: str, chosen: Sequence[Passage], others: Sequence[Passage], draw: Draw
) -> list[Row]:
    """Return claims about some passages and about others of their article, which are not shown."""
    shown = fitting([window(one, draw.rng.randrange(4)) for one in chosen])
    if not shown:
        return []
    whole, nearest = " ".join(shown), Nearest(shown)
    known = [claim for one in chosen for claim in _claims(one, draw) if claim.evidence in whole]
    unseen = draw.rng.sample(others, min(OTHERS, len(others)))
    unknown = [claim for one in unseen for claim in _claims(one, draw)]
    unknown = [one for one in unknown if not _in_sources(one, whole)]
    pool = [*known, *unknown]
    asked: list[tuple[str, JsonObject]] = []
    for one in _fresh(known, draw, PER_VERDICT):
        asked.append((_maybe_denied(one, pool, whole, draw), _judged(one, shown, "supported")))
    wrong = 0
    for one in draw.rng.sample(known, len(known)):
        text = _wrong(one, pool, whole, draw)
        if draw.chance(NEGATED_SHARE):
            text = negated(one.text) or text
        if text is not None and wrong < PER_VERDICT:
            asked.append((text, _judged(one, shown, "contradicted")))
            wrong += 1
    each = min(len(asked) - wrong, wrong)
    if each == 0:
        return []
    right = [one for one in asked if one[1]["verdict"] == "supported"][:each]
    asked = right + [one for one in asked if one[1]["verdict"] == "contradicted"][:each]
    for text in _not_found(known, unknown, whole, each, draw):
        index, span = nearest.span(nearest.find(text))
        asked.append((text, judged(short_quote(shown[index], span), "not_found")))
    draw.rng.shuffle(asked)
    return sources(id, shown, LABEL, draw.rng).rows("verify", asked[:MAX_GROUP])


def _claims(passage: Passage, draw: Draw) -> list[Claim]:
    """Return the true claims that can be made of a passage."""
    text = " ".join(passage.text.split())
    spans = sentence_spans(text)
    made = []
    for one in passage.asked:
        if not one.answers:
            continue
        pattern = whole_words(one.answer)
        holding = [text[a:b] for a, b in spans if pattern.search(text[a:b])]
        if not holding:
            continue
        asked = set(words(one.question))
        evidence = max(holding, key=lambda sentence: len(asked & set(words(sentence))))
        kind = _kind(one.question, one.answer)
        if said := statement(one.question, one.answer):
            made.append(Claim(said, one.answer, kind, evidence))
        for brief in shorter(evidence):
            if one.answer in brief:
                made.append(Claim(brief, one.answer, kind, evidence))
    for start, end in spans:
        sentence = text[start:end]
        made += [Claim(brief, None, "", sentence) for brief in shorter(sentence)]
        if stands_alone(sentence) and draw.chance(0.3):
            made.append(Claim(sentence, None, "", sentence))
    draw.rng.shuffle(made)
    distinct = {claim.text: claim for claim in made}
    return list(distinct.values())


def _kind(question: str, answer: str) -> str:
    """Return what kind of thing an answer is."""
    asked = question.lower()
    if re.fullmatch(r"(?:in )?(?:1\d|20)\d\d", answer):
        return "year"
    if re.search(r"\d", answer):
        return ""  # numbers are changed by themselves
    if asked.startswith(("who ", "whose ", "by whom")) and answer[:1].isupper():
        return "who"
    if answer[:1].isupper() and re.match(r"(?:where|(?:what|which) (?:city|country|state))", asked):
        return "where"
    return ""


def _in_sources(claim: Claim, whole: str) -> bool:
    """Return whether the sources hold what a claim rests on."""
    if claim.evidence in whole:
        return True
    said = set(words(claim.text))
    return any(
        len(said & set(words(whole[a:b]))) > 0.7 * len(said) for a, b in sentence_spans(whole)
    )


def _fresh(claims: Sequence[Claim], draw: Draw, count: int) -> list[Claim]:
    """Return claims on different sentences as far as there are."""
    mixed = draw.rng.sample(claims, len(claims))
    first = list({claim.evidence: claim for claim in mixed}.values())
    return [*first, *(one for one in mixed if one not in first)][:count]


def _judged(claim: Claim, shown: Sequence[str], verdict: str) -> JsonObject:
    passage = next(text for text in shown if claim.evidence in text)
    start = passage.index(claim.evidence)
    quote = short_quote(passage, (start, start + len(claim.evidence)), claim.answer or "")
    return {"quote": quote, "verdict": verdict}


def _wrong(claim: Claim, pool: Sequence[Claim], whole: str, draw: Draw) -> str | None:
    """Return a claim with a wrong value, taken from claims of the same article where it can be."""
    rivals = {
        one.answer
        for one in pool
        if one.answer and claim.kind and one.kind == claim.kind
        and one.answer.lower() not in claim.evidence.lower()
        and one.answer.lower() not in claim.text.lower()
    }  # fmt: skip
    return altered(claim.text, claim.answer, sorted(rivals), whole, draw.rng)


def _maybe_denied(claim: Claim, pool: Sequence[Claim], whole: str, draw: Draw) -> str:
    """Return the claim, now and then as the denial of a wrong one."""
    if draw.chance(NEGATED_SHARE):
        wrong = _wrong(claim, pool, whole, draw)
        denied = negated(wrong) if wrong else None
        if denied:
            return denied
    return claim.text


def _not_found(
    known: Sequence[Claim], unknown: Sequence[Claim], whole: str, count: int, draw: Draw
) -> list[str]:
    """Return claims that the sources neither support nor contradict."""
    said = []
    for one in _fresh(unknown, draw, count):
        text = one.text
        if draw.chance(0.5):
            text = _wrong(one, [*known, *unknown], whole, draw) or text
        if draw.chance(NEGATED_SHARE):
            text = negated(text) or text
        said.append(text)
    if known and draw.chance(0.4):
        more = draw.rng.choice(known).text[:-1] + draw.rng.choice(ADDED)
        said = [*said[: count - 1], more]
    return said
