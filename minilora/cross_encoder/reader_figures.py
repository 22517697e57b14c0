"""How well a reader reads: the right sentence, the right words, and whether it knows when not to.

Exact match and F1 are SQuAD's, over words without case, marks and articles
(Rajpurkar et al. 2016, arXiv:1606.05250).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from minilora.cross_encoder.read_rows import Asked
from minilora.cross_encoder.reader import Reader


@dataclass(frozen=True)
class Read:
    """What a reader made of one question.

    Attributes:
        answerable: the passages say it.
        answered: the reader's probability that they do.
        sentence: the span begins in the sentence that answers.
        exact, f1: of the span's words; 0 where there is no answer.
    """

    answerable: bool
    answered: float
    sentence: bool
    exact: bool
    f1: float


@dataclass(frozen=True)
class Figures:
    """Of questions that have an answer: shares; of all: how well the two kinds are told apart.

    Attributes:
        n, answerable: questions, and those that have an answer.
        sentence, exact, f1: means over those.
        auc: P(answered of one that has an answer > of one that has none); nan without either.
    """

    n: int
    answerable: int
    sentence: float
    exact: float
    f1: float
    auc: float

    def cells(self) -> list[str]:
        """Return the figures as text."""
        shares = (self.sentence, self.exact, self.f1)
        return [f"{self.n}", *(f"{100 * share:.1f}%" for share in shares), f"{self.auc:.3f}"]

    def line(self) -> str:
        """Return the figures as one line."""
        n, sentence, exact, f1, auc = self.cells()
        return f"{n} questions: sentence {sentence}, exact {exact}, F1 {f1}, answered AUC {auc}"


def measure(reader: Reader, rows: Sequence[Asked]) -> list[Read]:
    """Return what a reader makes of each question."""
    made = []
    for one in rows:
        found = reader.read(one.question, one.passages)
        assert found is not None, "rows have passages with words"
        if one.answer is None or one.quote is None:
            made.append(Read(False, found.answered, False, False, 0.0))
            continue
        words = one.passages[one.answer.passage][one.answer.start : one.answer.end]
        inside = (
            found.place.passage == one.quote.passage
            and one.quote.start <= found.place.start < one.quote.end
        )
        f1 = word_f1(found.text, words)
        made.append(Read(True, found.answered, inside, f1 == 1.0, f1))
    return made


def figures(made: Sequence[Read]) -> Figures:
    """Return the means of some questions."""
    can = [one for one in made if one.answerable]
    cannot = [one.answered for one in made if not one.answerable]
    n = len(can) or 1
    wins = sum((one.answered > a) + (one.answered == a) / 2 for one in can for a in cannot)
    return Figures(
        len(made),
        len(can),
        sum(one.sentence for one in can) / n,
        sum(one.exact for one in can) / n,
        sum(one.f1 for one in can) / n,
        wins / (len(can) * len(cannot)) if can and cannot else float("nan"),
    )


def word_f1(said: str, wanted: str) -> float:
    """Return the harmonic mean of precision and recall over words.

    >>> round(word_f1("the 14 March 1871", "14 March"), 2)
    0.8
    """
    ours, theirs = _words(said), _words(wanted)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs)) if shared else 0.0


def _words(text: str) -> list[str]:
    bare = re.sub(r"[^\w\s]", "", text.lower())
    return [word for word in bare.split() if word not in ("a", "an", "the")]
