"""How people type questions: lower case, slips, no question mark, a polite word around them.

>>> import random
>>> typed("Who built the Vell Bridge?", random.Random(10))
'who built the Vell Bridge'
"""

from __future__ import annotations

import random
import re

from minilora.data.detective.query import TASK_WORDS
from minilora.data.noise import typo

_BEFORE = (
    "Please tell me: ", "Can you tell me ", "I would like to know: ", "Quick question: ", "Hi, ",
    "Do you know ", "Tell me, ", "Hello! ",
)  # fmt: skip
_AFTER = (" Thanks!", " please", " thanks", " I need it for a summary.", " Keep it short.")


def typed(question: str, rng: random.Random, polite: bool = True) -> str:
    """Return a question as it might be typed; about half stay as they are."""
    roll = rng.random()
    if roll < 0.5:
        return question
    if roll < 0.62:
        question = question.rstrip("?. ")
    if roll < 0.72:
        question = question[:1].lower() + question[1:]
    elif roll < 0.82:
        question = question.lower()
        if rng.random() < 0.6:
            question = question.rstrip("?. ")
    elif roll < 0.91:
        question = _slipped(question, rng)
    elif polite:
        if rng.random() < 0.7:
            before = rng.choice(_BEFORE)
            lower = before[-2:] not in (": ", "! ")
            question = before + (question[:1].lower() + question[1:] if lower else question)
        else:
            question += rng.choice(_AFTER)
    return question


def _slipped(question: str, rng: random.Random) -> str:
    """Return the question with one slip in a long word, but for names and "report" and the like."""
    places = [
        match for match in re.finditer(r"\b[a-z]{5,}\b", question) if match[0] not in TASK_WORDS
    ]
    if not places:
        return question
    match = rng.choice(places)
    return question[: match.start()] + typo(match[0], rng) + question[match.end() :]
