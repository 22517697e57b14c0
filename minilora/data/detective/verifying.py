"""Rows of the verifying step: a claim of a document beside other sources, and the verdict.

Every group holds claims of all three verdicts about the same subjects. What is false differs from
what is true by a value only, often one that stands in the sources too; what is not found is about
the same subjects in the same words; and "not" comes with every verdict. So neither the claim alone
nor the words it shares with the sources give the verdict away.
"""

from __future__ import annotations

from minilora.data.detective.groups import sources
from minilora.data.detective.material.filler import ADDED
from minilora.data.detective.material.passages import Scene, Stated, rival, scene, sentence
from minilora.data.detective.material.subjects import Fact, Subject
from minilora.data.detective.sentences import Nearest, short_quote
from minilora.data.detective.steps import Verdict
from minilora.data.draw import Draw
from minilora.data.rows import JsonObject, Row

LABEL = "Wikipedia"  # as the agent names it
PER_VERDICT = (3, 4)
DENIED_SHARE = 0.1
ADDED_SHARE = 0.1
BARE_SHARE = 0.15


def judged(quote: str, verdict: Verdict) -> JsonObject:
    """Return the step's answer."""
    return {"quote": quote, "verdict": verdict}


def invented_group(id: str, subject: Subject, draw: Draw) -> list[Row]:
    """Return claims on one to three passages about an invented subject."""
    made = scene(subject, draw.weighted((0.3, 1), (0.45, 2), (0.25, 3)), draw, prose=True)
    each = draw.rng.randint(*PER_VERDICT)
    chosen = draw.rng.sample(made.stated, min(2 * each, len(made.stated)))
    half = len(chosen) // 2
    claims = _Claims(subject, made, draw)
    asked = [claims.supported(one) for one in chosen[:half]]
    asked += [claims.contradicted(one) for one in chosen[half : 2 * half]]
    asked += claims.not_found(half)
    draw.rng.shuffle(asked)
    return sources(id, made.passages, LABEL, draw.rng).rows("verify", asked)


class _Claims:
    """Makes claims about a scene, each with its answer.

    Args:
        subject: what kind of thing the scene is about.
        made: the scene.
        draw: takes all choices.
    """

    def __init__(self, subject: Subject, made: Scene, draw: Draw) -> None:
        self._subject, self._made, self._draw = subject, made, draw
        self._nearest = Nearest(made.passages)

    def supported(self, one: Stated) -> tuple[str, JsonObject]:
        """Return what a passage states, in other words; or a wrong value, denied."""
        claim = self._claim(one.fact, one.name, one.value, one.said)
        if self._draw.chance(DENIED_SHARE):
            wrong = rival(one, self._made, self._draw)
            claim = denied(self._claim(one.fact, one.name, wrong), wrong) or claim
        return claim, self._judged(one, "supported")

    def contradicted(self, one: Stated) -> tuple[str, JsonObject]:
        """Return a wrong value, or what a passage states, denied."""
        claim = self._claim(one.fact, one.name, rival(one, self._made, self._draw))
        if self._draw.chance(DENIED_SHARE):
            claim = denied(self._claim(one.fact, one.name, one.value), one.value) or claim
        elif self._draw.chance(ADDED_SHARE):
            claim = _with_more(claim, self._draw)
        return claim, self._judged(one, "contradicted")

    def not_found(self, wanted: int) -> list[tuple[str, JsonObject]]:
        """Return what the passages do not say, some of it with what they say of another."""
        draw, made = self._draw, self._made
        said = {one.fact.label: one.value for one in made.stated}
        claims = []
        for one in draw.rng.sample(made.absent, min(wanted, len(made.absent))):
            value = one.value
            if one.fact.label in said and draw.chance(0.5):
                value = said[one.fact.label]
            claim = self._claim(one.fact, one.name, value)
            if draw.chance(DENIED_SHARE):
                claim = denied(claim, value) or claim
            claims.append(claim)
        if claims and draw.chance(3 * ADDED_SHARE):  # true, and more than the passages say
            known = draw.rng.choice(made.stated)
            true = sentence(draw.rng.choice(known.fact.says), known.name, known.value)
            claims[0] = _with_more(true, draw)
        answers = []
        for claim in claims:
            index, span = self._nearest.span(self._nearest.find(claim))
            quote = short_quote(made.passages[index], span)
            answers.append((claim, judged(quote, "not_found")))
        return answers

    def _claim(self, fact: Fact, name: str, value: str, avoid: int = -1) -> str:
        """Return a value as a document states it; not in the passage's words, as a rule."""
        draw = self._draw
        if draw.chance(BARE_SHARE):
            return bare(fact, name, f"the {self._subject.noun}", value, draw)
        ways = [way for i, way in enumerate(fact.says) if i != avoid or draw.chance(0.2)]
        return sentence(draw.rng.choice(ways), name, value)

    def _judged(self, one: Stated, verdict: Verdict) -> JsonObject:
        return judged(short_quote(self._made.passages[one.passage], one.span), verdict)


def bare(fact: Fact, name: str, noun: str, value: str, draw: Draw) -> str:
    """Return the line of a document that does not name its subject, after the question it answers.

    The agent asks so where a quote says too little by itself.
    """
    label = fact.label[:1].upper() + fact.label[1:]
    line = draw.rng.choice(
        (f"{label}: {value}", f"| {label} | {value} |", sentence(fact.says[0], noun, value))
    )
    return f"{draw.rng.choice(fact.asks).format(n=name)} {line}"


def denied(claim: str, value: str) -> str | None:
    """Return the claim with "not" before its value, None where it cannot stand there.

    >>> denied("The tower is 20 metres high.", "20 metres")
    'The tower is not 20 metres high.'
    """
    for verb in (" is ", " was ", " are ", " were ", " has ", " must "):
        if claim.count(verb) == 1 and value not in claim.split(verb)[0] and "?" not in claim:
            return claim.replace(verb, f"{verb}not ", 1)
    return None


def _with_more(claim: str, draw: Draw) -> str:
    """Return a sentence with something added that no source says."""
    if not claim.endswith("."):  # a line after a question
        return claim
    return claim[:-1] + draw.rng.choice(ADDED)
