"""How well a reader reads: the right sentence, the right words, and whether it knows when not to.

Exact match and F1 are SQuAD's (:mod:`minilora.answer_scores`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from minilora.answer_scores import auc, exact_match, f1
from minilora.cross_encoder.read_rows import Asked, Place
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
        auc: P(answered of one that has an answer > of one that has none); None without either.
    """

    n: int
    answerable: int
    sentence: float
    exact: float
    f1: float
    auc: float | None

    def cells(self) -> list[str]:
        """Return the figures as text."""
        shares = (self.sentence, self.exact, self.f1)
        area = "-" if self.auc is None else f"{self.auc:.3f}"
        return [f"{self.n}", *(f"{100 * share:.1f}%" for share in shares), area]

    def table(self, name: str) -> Table:
        """Return the figures as a table."""
        shown = Table(title=f"Reader, {name}")
        for column in ("questions", "right sentence", "exact match", "F1", "AUC of answered"):
            shown.add_column(column, justify="right")
        shown.add_row(*self.cells())
        return shown

    def line(self) -> str:
        """Return the figures as one line."""
        n, sentence, exact, f1, auc = self.cells()
        return f"{n} questions: sentence {sentence}, exact {exact}, F1 {f1}, answered AUC {auc}"


def read_of(one: Asked, place: Place, text: str, answered: float) -> Read:
    """Return how right some words are, which stand at a place, as the answer to a question."""
    if one.answer is None or one.quote is None:
        return Read(False, answered, False, False, 0.0)
    wanted = [one.passages[one.answer.passage][one.answer.start : one.answer.end]]
    inside = place.passage == one.quote.passage and one.quote.start <= place.start < one.quote.end
    return Read(True, answered, inside, exact_match(text, wanted) == 1.0, f1(text, wanted))


def measure(reader: Reader, rows: Sequence[Asked]) -> list[Read]:
    """Return what a reader makes of each question."""
    made = []
    for one in rows:
        found = reader.read(one.question, one.passages)
        assert found is not None, "rows have passages with words"
        made.append(read_of(one, found.place, found.text, found.answered))
    return made


def figures(made: Sequence[Read]) -> Figures:
    """Return the means of some questions."""
    can = [one for one in made if one.answerable]
    n = len(can) or 1
    area = auc([one.answered for one in made], [one.answerable for one in made]) if made else None
    return Figures(
        len(made),
        len(can),
        sum(one.sentence for one in can) / n,
        sum(one.exact for one in can) / n,
        sum(one.f1 for one in can) / n,
        area,
    )
