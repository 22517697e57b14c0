"""Reading and verifying by cross-encoders: what is quoted, and what goes to the mind."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import pytest
import torch

from minilora.cross_encoder.read_rows import Place
from minilora.cross_encoder.reader import Found
from minilora.data.detective.steps import Step, read, route, verify
from serve.detective.mind import Decision, MindFailed
from serve.detective.pointing import point
from serve.detective.pointing_mind import PointingMind
from serve.detective.reply import Usage

T = TypeVar("T")
PASSAGES = [
    "The tower was lit in 1858. It is white.",
    "Smeaton's tower was completed in 1759.\n\nYear Ships\n1908 12\n1910 40",
]


class Pointer:
    """Points at some words, in the unit that has them."""

    def __init__(self, words: str, margin: float) -> None:
        self.words, self.margin = words, margin

    def find(self, question: str, passages: Sequence[str], units: Sequence[Place]) -> list[Found]:
        found = []
        for number, unit in enumerate(units):
            start = passages[unit.passage].find(self.words, unit.start, unit.end)
            if start >= 0:
                place = Place(unit.passage, start, start + len(self.words))
                found.append(Found(number, place, self.words, self.margin))
        return found


class Comparer:
    """Finds a claim contradicted by what has a word, and not found elsewhere."""

    model = "comparing"

    def __init__(self, word: str) -> None:
        self.word = word
        self.steps: list[Step] = []

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        self.steps.append(step)
        verdict = "contradicted" if self.word in passages[0] else "not_found"
        return Decision({"verdict": verdict}, (), Usage(1, 9, 1, 10), {verdict: 0.7}, self.model)


class Encoder:
    """Finds all texts alike."""

    def encode(self, texts: Sequence[str]) -> torch.Tensor:
        return torch.full((len(texts), 4), 0.5)


class Mind:
    """Takes all other decisions."""

    model = "m+detective"

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        return Decision({"route": "both", "query": "x"}, (), Usage(1, 5, 1, 6), {})


async def at_once(work: Callable[[], T], /) -> T:
    return work()


def decide(step: Step, pointer: Pointer, word: str = "1759") -> Decision:
    parts = [cast(Any, part) for part in (pointer, Encoder(), Comparer(word))]
    return asyncio.run(PointingMind(Mind(), *parts, at_once).decide(step, PASSAGES))


def test_what_is_read_is_the_sentence_pointed_into() -> None:
    decision = decide(read("When was it lit?", "<<...>>", "rule"), Pointer("1858", 20.0))
    assert decision.value == {
        "quote": "The tower was lit in 1858.",
        "answered": True,
        "answer": "1858",
    }
    assert decision.confidence["true"] > 0.5
    assert sum(decision.confidence.values()) == pytest.approx(1.0)
    assert decision.model == "reader"


def test_a_row_of_a_table_is_quoted_alone() -> None:
    decision = decide(read("How many in 1910?", "<<...>>", "rule"), Pointer("40", -40.0))
    assert decision.value == {"quote": "1910 40", "answered": False, "answer": "40"}


def test_a_question_for_a_number_is_not_answered_by_other_words() -> None:
    asked = read("How many years did it stand?", "<<...>>", "rule")
    said = read("What was completed?", "<<...>>", "rule")
    decision = decide(asked, Pointer("tower", 20.0))
    assert decision.value["answered"] is False
    assert decision.confidence == {"true": 0.0, "false": 1.0}
    assert decide(said, Pointer("tower", 20.0)).value["answered"] is True


def test_a_number_that_is_asked_about_stands_in_the_sentence_or_nowhere() -> None:
    def pointed(question: str) -> list[tuple[str, bool, float]]:
        reader, encoder = cast(Any, Pointer("1", 20.0)), cast(Any, Encoder())
        found = point(reader, encoder, question, PASSAGES)
        texts = [PASSAGES[one.sentence.passage][one.sentence.start :] for one in found]
        return [(text[:4], one.fits, one.answered) for text, one in zip(texts, found, strict=True)]

    assert pointed("How many ships came in 1910?")[0][:2] == ("1910", True)
    assert pointed("How many ships came in 1908?")[0][:2] == ("1908", True)
    assert {(fits, share) for _, fits, share in pointed("How many came in 1950?")} == {(False, 0.0)}


def test_of_two_sentences_the_nearer_one_counts() -> None:
    step = read("What is known of Smeaton's tower?", "<<...>>", "rule")
    found = point(cast(Any, Pointer("tower", 0.0)), cast(Any, Encoder()), step.question, PASSAGES)
    assert [PASSAGES[one.sentence.passage][one.sentence.start :][:3] for one in found] == [
        "Sme",
        "The",
    ]
    assert found[0].score > found[1].score
    assert found[0].answered > found[1].answered


def test_a_long_sentence_is_cut_around_the_answer() -> None:
    passage = "very " * 300 + "tall in 1858 " + "and old " * 200
    mind = PointingMind(
        Mind(), cast(Any, Pointer("1858", 0.0)), cast(Any, Encoder()), cast(Any, None), at_once
    )
    decision = asyncio.run(mind.decide(read("When?", "<<...>>", "rule"), [passage]))
    quote = decision.value["quote"]
    assert "1858" in quote
    assert quote in passage
    assert len(quote) <= 400


def test_passages_without_words_are_no_decision() -> None:
    with pytest.raises(MindFailed, match="hold no word"):
        decide(read("When?", "<<...>>", "rule"), Pointer("nowhere", 0.3))


def test_a_claim_is_compared_and_the_nearest_sentence_is_quoted() -> None:
    step = verify("Smeaton's tower was completed in 1795.", "<<...>>", "rule")
    decision = decide(step, Pointer("x", 0))
    assert decision.value == {
        "quote": "Smeaton's tower was completed in 1759.",
        "verdict": "contradicted",
    }
    assert decision.confidence == {"contradicted": 0.7}
    assert decision.model == "comparing"
    assert decision.usage.total_tokens == 10


def test_the_same_question_decides_where_both_answers_tell() -> None:
    claim, question = (
        "Smeaton's tower was completed in 1795.",
        "When was Smeaton's tower completed?",
    )
    step = verify(claim, "<<...>>", "rule", question, "1795")
    decision = decide(step, Pointer("1759", 30.0), word="nowhere")
    assert decision.value == {
        "quote": "Smeaton's tower was completed in 1759.",
        "verdict": "contradicted",
    }
    assert decision.model == "reader"
    assert sum(decision.confidence.values()) == pytest.approx(1.0)
    unsure = decide(step, Pointer("1759", -30.0), word="nowhere")
    assert unsure.model == "comparing"  # the reader finds no answer here


def test_all_else_goes_to_the_mind() -> None:
    decision = decide(route("How tall?", "weak"), Pointer("x", 0))
    assert decision.value["route"] == "both"
    assert decision.model is None
