"""The best span against every span tried; rows as training reads them; figures."""

import itertools
from collections.abc import Sequence
from typing import Any, cast

import pytest
import torch

from minilora.cross_encoder.model import Pair, Pairs
from minilora.cross_encoder.read_rows import Asked, Place, asked
from minilora.cross_encoder.reader import (
    MAX_SPAN,
    Logits,
    Reader,
    best_span,
    load_reader,
    normalised,
    whole_name_span,
    whole_word_span,
)
from minilora.cross_encoder.reader_figures import Read, figures
from minilora.cross_encoder.train_reader import example
from minilora.data.detective.steps import closing, fence_rule, opening, read, route
from minilora.data.detective.table_heads import with_heads
from minilora.data.rows import DataError, JsonObject, Row
from minilora.encoder import load_encoder

SOURCE = (
    "The lighthouse stands on a rock.\n\n"
    "It was lit for the first time\non 14 March 1871. Ottilie Brandt drew it.\n\n"
    "Year Messages Income\n1908 412 640\n1910 1,207 1,870"
)


def row(question: str, answer: JsonObject) -> Row:
    text = f"{opening('7f', 'documents')}\n{SOURCE}\n{closing('7f')}"
    return read(question, text, fence_rule("7f")).row("one", answer)


def random_logits(lengths: list[int]) -> list[Logits]:
    return [Logits(torch.randn(n) * 3, torch.randn(n) * 3, torch.randn(()) * 3) for n in lengths]


class Scores:
    """Gives each pair random scores."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, pairs: Sequence[Pair]) -> list[torch.Tensor]:
        torch.manual_seed(self.seed)
        return [torch.randn(len(pair.tokens), 3) * 3 for pair in pairs]


@pytest.mark.parametrize("seed", range(20))
def test_the_best_span_is_the_best_of_all(seed: int) -> None:
    torch.manual_seed(seed)
    begin, end = torch.randn(MAX_SPAN + 6) * 3, torch.randn(MAX_SPAN + 6) * 3
    every = {
        (first, last): float(begin[first] + end[last])
        for first, last in itertools.combinations_with_replacement(range(len(begin)), 2)
        if last - first < MAX_SPAN
    }
    first, last, score = best_span(begin, end)
    assert (first, last) == max(every, key=every.__getitem__)
    assert score == pytest.approx(max(every.values()))


@pytest.mark.parametrize("seed", range(5))
def test_spans_stay_within_their_unit_and_the_best_of_units_is_the_best(seed: int) -> None:
    pairs = Pairs(load_encoder("minilm-l6", "cpu").tokenizer)
    reader = Reader(cast(Any, Scores(seed)), pairs)
    passages = ["One two three. Four five.", "", "Six; seven"]
    units = [Place(0, 0, 14), Place(0, 15, 25), Place(1, 0, 0), Place(2, 0, 10)]
    found = reader.find("Which?", passages, units)
    assert [one.unit for one in found] == [0, 1, 3]
    for one in found:
        unit = units[one.unit]
        assert one.place.passage == unit.passage
        assert unit.start <= one.place.start < one.place.end <= unit.end
        assert passages[unit.passage][one.place.start : one.place.end] == one.text
    whole = reader.read("Which?", passages)
    assert whole is not None
    assert whole.margin >= max(one.margin for one in found) - 1e-6
    assert 0 < whole.answered < 1


def test_begin_end_and_nowhere_are_one_distribution_over_all_passages() -> None:
    torch.manual_seed(0)
    for shares in normalised(random_logits([3, 7])):
        assert len(shares) == 11
        assert shares.exp().sum().item() == pytest.approx(1.0)


def test_rows_tell_where_the_answer_stands() -> None:
    quote = "It was lit for the first time\non 14 March 1871."
    found = asked(row("When?", {"quote": quote, "answered": True, "answer": "14 March 1871"}))
    assert found.answer is not None
    assert found.quote is not None
    place = found.answer
    assert found.passages[place.passage][place.start : place.end] == "14 March 1871"
    assert found.quote == Place(1, 0, len(quote))


def test_an_answer_over_two_lines_is_found() -> None:
    quote = "It was lit for the first time\non 14 March 1871."
    found = asked(row("When?", {"quote": quote, "answered": True, "answer": "time on 14 March"}))
    assert found.answer is not None
    assert found.passages[1][found.answer.start : found.answer.end] == "time\non 14 March"


def test_rows_of_another_form_are_refused() -> None:
    with pytest.raises(DataError, match="row 'two' is none of the step 'route' with its source"):
        asked(route("How tall?", "weak").row("two", {"route": "both", "query": "tall"}))
    wrong: JsonObject = {"quote": "Ottilie Brandt drew it.", "answered": True, "answer": "Jorun"}
    with pytest.raises(DataError, match="'Jorun' does not stand in its quote"):
        asked(row("Who?", wrong))


def test_rows_of_tables_are_trained_and_read_with_the_heads_of_their_columns() -> None:
    pairs = Pairs(load_encoder("minilm-l6", "cpu").tokenizer)
    table = "Year | Ships | Lost\n1908 | 412 | 3\n1910 | 1,207 | 5"
    place = Place(0, table.index("1,207"), table.index("1,207") + 5)
    made = example(Asked("How many ships in 1910?", (table,), place, None), pairs)
    assert made is not None
    _, first, last = made.target
    (pair,) = made.pairs
    shown = with_heads(table).text
    assert shown[pair.offsets[first][0] : pair.offsets[last][1]] == "1,207"
    reader = Reader(cast(Any, Scores(1)), pairs)
    rows = [Place(0, 20, 34), Place(0, 36, len(table))]
    for one in reader.find("How many?", [table], rows):
        assert rows[one.unit].start <= one.place.start < one.place.end <= rows[one.unit].end
        assert one.text == table[one.place.start : one.place.end]


def test_no_answer_has_no_place() -> None:
    answer: JsonObject = {"quote": "Ottilie Brandt drew it.", "answered": False, "answer": ""}
    found = asked(row("Who was Brandt's father?", answer))
    assert isinstance(found, Asked)
    assert found.answer is None
    assert found.quote is not None


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("cost 1,150,000 euros", (7, 14), "1,150,000"),
        ("cost 1,150,000 euros", (5, 6), "1,150,000"),
        ("it is 36% of all", (6, 8), "36%"),
        ("Vikander, Ines", (0, 3), "Vikander"),
        ("a b", (0, 1), "a"),
        ("光" * 90, (3, 5), "光光"),
    ],
)
def test_spans_grow_to_whole_words(text: str, span: tuple[int, int], whole: str) -> None:
    assert text[slice(*whole_word_span(text, *span))] == whole


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("The operator, Ines Vikander, left.", "Vikander", "Ines Vikander"),
        ("The writer Robert Louis Stevenson was.", "Louis", "Robert Louis Stevenson"),
        ("Yesterday Anna came.", "Anna", "Anna"),  # the capital of a sentence is none of a name
        ("It was John M. Gates who came.", "Gates", "John M. Gates"),
        ("It was 14 March then.", "14", "14"),
    ],
)
def test_spans_grow_to_whole_names(text: str, words: str, whole: str) -> None:
    start = text.index(words)
    span = whole_name_span(text, start, start + len(words), 0, len(text))
    assert text[slice(*span)] == whole


def test_figures_count_each_kind() -> None:
    made = [
        Read(True, 0.9, True, True, 1.0),
        Read(True, 0.4, False, False, 0.5),
        Read(False, 0.5, False, False, 0.0),
    ]
    found = figures(made)
    assert (found.n, found.answerable) == (3, 2)
    assert (found.sentence, found.exact, found.f1, found.auc) == (0.5, 0.5, 0.75, 0.5)
    assert figures(made[:2]).auc is None
    assert figures([]).n == 0


def test_the_shipped_reader_finds_what_is_said_and_knows_what_is_not() -> None:
    reader = load_reader()
    passages = SOURCE.split("\n\n")
    said = {
        "When was the lighthouse lit for the first time?": "14 March 1871",
        "Who drew the lighthouse?": "Ottilie Brandt",
        "On what does the lighthouse stand?": "a rock",
    }
    for question, answer in said.items():
        found = reader.read(question, passages)
        assert found is not None
        assert found.text == answer
    sure = reader.read("Who drew the lighthouse?", passages)
    unsure = reader.read("What is the capital of Peru?", passages)
    assert sure is not None
    assert unsure is not None
    assert sure.answered > unsure.answered
    assert unsure.answered < 0.5
    assert reader.read("Who?", ["", "  "]) is None
