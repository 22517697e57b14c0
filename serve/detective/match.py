"""How well documents match a question, by numbers alone: what the router is told of them.

    score = (2 cosine + share) / 3

of the best passage's cosine and the share of the question's keywords that stand in the passages
that were found. No word of a document goes into the band, so that nothing in a document can steer
the route.

``python -m serve.detective.match_measure`` measures both: squad2's questions, half of whose titles
are stored. Score of questions about stored titles against others: area under the curve .991 (cosine
alone .987, share alone .955). Of 828 and 672 questions,

    score at least     stored    others
    WEAK    .25         .996      .347
    FAIR    .375        .972      .048
    STRONG  .475        .917      .003

>>> band(0.7, 1.0), band(0.5, 0.5), band(0.3, 0.25), band(0.1, 0.2)
('strong', 'strong', 'weak', 'none')
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from minilora.data.detective.steps import Match
from serve.detective.keywords import keywords
from serve.detective.retrieve import Passage

WEAK, FAIR, STRONG = 0.25, 0.375, 0.475  # least scores; see the table above
_WORD = re.compile(r"\w+")


def match_of(question: str, passages: Sequence[Passage]) -> Match:
    """Return how well the passages that were retrieved for a question match it."""
    return band(*numbers(question, passages)) if passages else "none"


def numbers(question: str, passages: Sequence[Passage]) -> tuple[float, float]:
    """Return the best cosine, 0 where there is none, and the share of keywords that are there."""
    cosines = (p.dense_score for p in passages if p.dense_score is not None)
    said = {word for passage in passages for word in _words(passage.text)}
    wanted = keywords(question)
    there = sum(said.issuperset(_words(keyword)) for keyword in wanted)
    return max(cosines, default=0.0), there / len(wanted) if wanted else 0.0


def score(cosine: float, share: float) -> float:
    """Return the score of the two numbers."""
    return (2 * cosine + share) / 3


def band(cosine: float, share: float) -> Match:
    """Return the band of the two numbers."""
    reached = score(cosine, share)
    if reached >= STRONG:
        return "strong"
    if reached >= FAIR:
        return "fair"
    return "weak" if reached >= WEAK else "none"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
