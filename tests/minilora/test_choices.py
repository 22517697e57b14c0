"""Places that choose, found through the tokenizer, and how often they count in a batch."""

import pytest

from minilora.batches import collate, encode_rows
from minilora.chat import Tokenizer
from minilora.choices import choice_places, other_answers
from minilora.data.detective.steps import route
from minilora.data.rows import Row, from_json
from minilora.weights import fetch


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_path(fetch("smollm2-135m") / "SmolLM2-135M-Instruct.Q4_1.gguf")


def tool_row() -> Row:
    tools = [{"type": "function", "function": {"name": name}} for name in ("dim", "ring", "rinse")]
    return from_json({"query": "ring", "tools": tools, "answer": {"tool": "ring", "args": {}}})


def route_row() -> Row:
    return route("How tall?", "none").row("r", {"route": "wikipedia", "query": "tall"})


def test_choices_are_enums_and_tools() -> None:
    assert [answer["route"] for answer in other_answers(route_row())] == [
        "documents",
        "both",
        "neither",
    ]
    assert [answer["tool"] for answer in other_answers(tool_row())] == ["dim", "rinse", None]


@pytest.mark.parametrize("make", [tool_row, route_row])
def test_each_other_answer_parts_from_ours_at_one_of_the_places(make, tokenizer) -> None:
    row = make()
    (example,) = encode_rows([row], tokenizer, 2048)
    places = choice_places(row, example.completion, tokenizer)
    text = [tokenizer.decode([token]) for token in example.completion]
    assert places
    assert all(0 < place < len(text) for place in places)
    if row.schema is not None:
        assert [text[place] for place in places] == ["wikipedia"]


def test_a_choice_counts_as_often_as_it_is_weighed(tokenizer) -> None:
    row = route_row()
    (plain,) = encode_rows([row], tokenizer, 2048)
    (weighed,) = encode_rows([row], tokenizer, 2048, choice_weight=5)
    one, five = collate([[plain]]), collate([[weighed]])
    assert one.tokens.tolist() == five.tokens.tolist()
    (place,) = choice_places(row, plain.completion, tokenizer)
    counted = five.labels.tolist().count(plain.completion[place])
    assert counted == one.labels.tolist().count(plain.completion[place]) + 4
    assert len(five.labels) == len(one.labels) + 4
    assert five.sources.tolist()[: len(one.sources)] == one.sources.tolist()
