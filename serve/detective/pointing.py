"""Which sentence answers: what the reader points at, and how near the sentence is to the question.

The reader (:mod:`minilora.cross_encoder.reader`) was shown a few thousand questions; words and
sentence vectors (:func:`minilora.data.entailment.evidence.ranked`) know no question at all, but all
words. Together they choose better than either. Of each sentence, list item or row of a table,

    near = share of the question's words that it holds + cosine of question and sentence
    score = margin of its best span + NEARNESS * near

and the best is the answer. Words that cannot be one by what they look like come after all others,
and answer nothing, as do all words where no passage holds a number that the question asks about;
sentences that hold it come first (:mod:`.answer_type`). That the passages say it at all is

    P(answered) = sigmoid(MARGIN * margin + NEAR * near + BIAS)

of that sentence, by logistic regression (Platt's scaling with a second feature). The numbers are
those of ``python -m serve.detective.pointing_measure``, which prints what each choice gives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from minilora.cross_encoder.read_rows import Place
from minilora.cross_encoder.reader import Found, Reader
from minilora.data.detective.sentences import sentence_spans
from minilora.data.detective.table_heads import with_heads
from minilora.data.entailment.evidence import word_scores
from minilora.encoder import Encoder
from serve.detective.answer_type import fits, numbers_asked, numbers_in

NEARNESS = 8.0
MARGIN, NEAR, BIAS = 0.198, 1.082, 0.054


@dataclass(frozen=True)
class Pointed:
    """A sentence with the reader's best span in it.

    Attributes:
        sentence: where it stands.
        found: the span.
        near: see the module.
        fits: whether words like the span's, in such passages, can answer the question.
        beside: whether the sentence holds a number that the question asks about.
    """

    sentence: Place
    found: Found
    near: float
    fits: bool = True
    beside: bool = False

    @property
    def score(self) -> float:
        """What the choice between sentences goes by."""
        return self.found.margin + NEARNESS * self.near

    @property
    def answered(self) -> float:
        """Probability that it answers, where it is the best."""
        if not self.fits:
            return 0.0
        x = MARGIN * self.found.margin + NEAR * self.near + BIAS
        return 1 / (1 + math.exp(-x))


def rank(reader: Reader, encoder: Encoder, question: str, passages: Sequence[str]) -> list[int]:
    """Return the numbers of passages, the one with the best sentence first; all of them.

    Retrieval compares a question with each passage from afar; this is the second look, by a model
    that reads both together (Nogueira & Cho 2019, arXiv:1901.04085).
    """
    best = [one.sentence.passage for one in point(reader, encoder, question, passages)]
    return list(dict.fromkeys([*best, *range(len(passages))]))


def point(
    reader: Reader, encoder: Encoder, question: str, passages: Sequence[str]
) -> list[Pointed]:
    """Return every sentence of some passages, the best first; none where they have no word."""
    sentences = [
        Place(number, start, end)
        for number, passage in enumerate(passages)
        for start, end in sentence_spans(passage)
    ]
    found = reader.find(question, passages, sentences)
    if not found:
        return []
    kept = [sentences[one.unit] for one in found]
    headed = [with_heads(passage) for passage in passages]
    texts = [headed[place.passage].part(place.start, place.end) for place in kept]
    vectors = encoder.encode([question, *texts])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    nears = [a + b for a, b in zip(word_scores(question, texts), cosines, strict=True)]
    asked = numbers_asked(question)
    said = not asked or any(asked & numbers_in(passage) for passage in passages)
    made = [
        Pointed(
            place,
            one,
            near,
            fits=said and fits(question, one.text),
            beside=bool(asked & numbers_in(text)),
        )
        for place, one, near, text in zip(kept, found, nears, texts, strict=True)
    ]
    return sorted(made, key=lambda one: (not one.fits, not one.beside, -one.score))
