"""Rows of the reading step: the sentence that answers, whether it does, and the answer.

Where the passages do not answer, the quote is the sentence nearest to the question, so that the
model learns to look at the best evidence there is before it says that it is not enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from minilora.data.detective.groups import MAX_GROUP, sources
from minilora.data.detective.material.passages import Scene, Stated, scene
from minilora.data.detective.material.series import series_scene
from minilora.data.detective.material.subjects import Subject
from minilora.data.detective.sentences import Nearest, short_quote
from minilora.data.detective.wording import typed
from minilora.data.draw import Draw
from minilora.data.rows import JsonObject, Row

LABELS = ("documents", "documents", "Wikipedia")  # as the agent names them
ANSWERED_SHARE = 0.6
SERIES_SHARE = 0.35
CHECKED_SHARE = 0.15
CHECKS = (  # a question that wants the fact compared names it; what is read is the same
    "Is the stated {label} of {n} correct?",
    "Does the {label} of {n} hold up against Wikipedia?",
    "Verify the {label} of {n}.",
    "Fact-check: {label} of {n}",
    "Is what we say on the {label} of {n} true?",
    "Can the {label} given for {n} be confirmed?",
    "What is the {label} of {n}, and do others say the same?",
)


def answered(quote: str, answer: str) -> JsonObject:
    """Return the step's answer where the passages say it."""
    return {"quote": quote, "answered": True, "answer": answer}


def refused(nearest: Nearest, passages: Sequence[str], question: str) -> JsonObject:
    """Return the step's answer where the passages do not say it."""
    index, span = nearest.span(nearest.find(question))
    return {"quote": short_quote(passages[index], span), "answered": False, "answer": ""}


def invented_group(id: str, subject: Subject, draw: Draw) -> list[Row]:
    """Return questions on one to three passages about an invented subject, or on tables."""
    if draw.chance(SERIES_SHARE):
        made = series_scene(draw.weighted((0.5, 1), (0.5, 2)), draw)
    else:
        made = scene(subject, draw.weighted((0.15, 1), (0.5, 2), (0.35, 3)), draw)
    wanted = draw.rng.randint(8, 12)
    n_answered = round(wanted * ANSWERED_SHARE)
    asked = _stated_questions(made, n_answered, draw)
    asked += _absent_questions(made, wanted - len(asked), draw)
    draw.rng.shuffle(asked)
    label = draw.rng.choice(LABELS)
    return sources(id, made.passages, label, draw.rng).rows("read", asked[:MAX_GROUP])


def _stated_questions(made: Scene, wanted: int, draw: Draw) -> list[tuple[str, JsonObject]]:
    chosen = draw.rng.sample(made.stated, min(wanted, len(made.stated)))
    asked = []
    for one in chosen:
        question = _question(one, draw)
        quote = short_quote(made.passages[one.passage], one.span, one.value)
        asked.append((typed(question, draw.rng), answered(quote, one.value)))
    return asked


def _question(one: Stated, draw: Draw) -> str:
    """Return one of a fact's questions, or one that wants it checked."""
    if one.fact.says and draw.chance(CHECKED_SHARE):
        return draw.rng.choice(CHECKS).format(label=one.fact.label, n=one.name)
    return draw.rng.choice(one.fact.asks).format(n=one.name)


def _absent_questions(made: Scene, wanted: int, draw: Draw) -> list[tuple[str, JsonObject]]:
    """Return questions that nothing here answers; most ask what is said of another subject.

    What is said to be unknown is always asked for.
    """
    nearest = Nearest(made.passages)
    said = {one.fact.label for one in made.stated}
    others = [one for one in made.absent if one not in made.unknown]
    near = [one for one in others if one.fact.label in said]
    far = [one for one in others if one.fact.label not in said]
    draw.rng.shuffle(near)
    draw.rng.shuffle(far)
    split = round(wanted * 0.6)
    chosen = [*made.unknown, *near[:split], *far, *near[split:]][:wanted]
    asked = []
    for one in chosen:
        question = draw.rng.choice(one.fact.asks).format(n=one.name)
        asked.append((typed(question, draw.rng), refused(nearest, made.passages, question)))
    return asked
