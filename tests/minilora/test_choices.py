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


def arguments_row(args: dict[str, object]) -> Row:
    """A call of a tool with one required argument, an optional enum and an optional switch."""
    properties = {
        "room": {"type": "string"},
        "mood": {"enum": ["warm", "cold"]},
        "fade": {"type": "boolean"},
    }
    schema = {"type": "object", "properties": properties, "required": ["room"]}
    tool = {"type": "function", "function": {"name": "dim", "parameters": schema}}
    return from_json({"query": "dim", "tools": [tool], "answer": {"tool": "dim", "args": args}})


def test_choices_are_also_which_arguments_stand_in_a_call() -> None:
    row = arguments_row({"room": "den", "fade": True})
    others = [answer["args"] for answer in other_answers(row) if answer["tool"] == "dim"]
    assert others == [
        {"room": "den", "mood": None, "fade": True},
        {"room": "den", "fade": False},
        {"room": "den"},
    ]
    assert list(others[0]) == ["room", "mood", "fade"]
    turned = arguments_row({"fade": True, "room": "den"})  # not in the order of the schema
    others = [answer["args"] for answer in other_answers(turned) if answer["tool"] == "dim"]
    assert list(others[0]) == ["mood", "fade", "room"]


def test_the_end_of_the_arguments_is_a_choice_where_more_could_follow(tokenizer) -> None:
    row = arguments_row({"room": "den"})
    (example,) = encode_rows([row], tokenizer, 2048)
    text = [tokenizer.decode([token]) for token in example.completion]
    place = choice_places(row, example.completion, tokenizer)[-1]
    assert "".join(text[place:]).startswith('"}}')
    full = arguments_row({"room": "den", "mood": "warm", "fade": False})
    (example,) = encode_rows([full], tokenizer, 2048)
    text = [tokenizer.decode([token]) for token in example.completion]
    assert text[choice_places(full, example.completion, tokenizer)[-1]].strip() == "false"


def test_every_call_of_several_is_chosen() -> None:
    one = arguments_row({"room": "den"})
    answer = {"calls": [one.answer, {"tool": "dim", "args": {"room": "hall"}}]}
    row = from_json({"query": "dim", "tools": list(one.tools), "answer": answer})
    changed = [
        [call != was for call, was in zip(other["calls"], answer["calls"], strict=True)]
        for other in other_answers(row)
    ]
    assert changed.count([True, False]) == changed.count([False, True]) == 3


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
    assert one.weights.tolist() == [1] * len(one.labels)
    assert five.weights.tolist() == [5 if i == place else 1 for i in range(len(five.labels))]
    assert (five.labels.tolist(), five.sources.tolist()) == (
        one.labels.tolist(),
        one.sources.tolist(),
    )
