"""How well documents match a question, by numbers alone: what the router is told of them.

    score = (2 cosine + share) / 3

of the best passage's cosine and the share of the question's keywords that stand in the passages
that were found. No word of a document goes into the band, so that nothing in a document can steer
the route.

``python -m serve.detective.match_measure`` measures it: of squad2 every other title is stored, and
600 questions are asked, 301 about stored titles. How often one of these scores higher than another
question, the area under the curve: .986 (the cosine alone .972, the share alone .936). They reach

    score at least     stored    others
    WEAK    .25         1.000     .472
    FAIR    .375         .953     .084
    STRONG  .475         .867     .013

so below WEAK there is hardly ever an answer, and above STRONG hardly ever none. The bounds were
chosen on the same set, whose titles have little to do with each other: documents on one subject
will be told apart less well.

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
