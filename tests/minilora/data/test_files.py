"""Reading rows: both forms are taken; what cannot be used is refused with line and reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from minilora.data.files import load_rows, write_rows
from minilora.data.rows import MAX_TEXT_CHARS, DataError, Row, answer_schema, from_json, to_json

TIME = {"type": "object", "properties": {"time": {"type": "string"}}, "required": ["time"]}
TOOL = {"type": "function", "function": {"name": "set_alarm", "parameters": TIME}}
BARE = {"type": "function", "function": {"name": "stop"}}
ANSWER = {"tool": "set_alarm", "args": {"time": "07:00"}}
ROW: dict[str, Any] = {"query": "up at 7", "tools": [TOOL, BARE], "answer": ANSWER}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in ROW.items() if name != key}


def chat(last: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "up at 7"}, last], "tools": [TOOL], **more}


def calls(*pairs: tuple[str, Any]) -> dict[str, Any]:
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": name, "arguments": arguments}}
            for name, arguments in pairs
        ],
    }


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., list[Row]]:
    def write_and_load(*lines: object) -> list[Row]:
        path = tmp_path / "rows.jsonl"
        parts = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines]
        path.write_bytes(b"\n".join(parts))
        return load_rows(path)

    return write_and_load


# --- taken ---------------------------------------------------------------------------------------


def test_our_form_comes_back_as_written(tmp_path: Path) -> None:
    talk = ({"role": "user", "content": "hi"}, {"role": "user", "content": "up at 7"})
    rows = [
        Row("a", "action", (TOOL, BARE), "up at 7 ☕", None, ANSWER, None, "g1"),
        Row("b", "action", (BARE,), "hello", None, {"tool": None, "args": {}}, None, "g2"),
        Row("c", "extract", (), "Ada", None, {"name": "Ada"}, {"type": "object"}, "g3"),
        Row("d", "multi_call", (TOOL,), "7", None, {"calls": [ANSWER, ANSWER]}, None, "g4"),
        Row("e", "action", (TOOL,), "up at 7", talk, ANSWER, None, "g5"),
    ]
    assert write_rows(tmp_path / "r.jsonl", rows) == 5
    assert load_rows(tmp_path / "r.jsonl") == rows
    assert [from_json(to_json(row)) for row in rows] == rows


def test_defaults_name_and_group_the_rows(load: Callable[..., list[Row]]) -> None:
    one, two, three = load(ROW, {**ROW, "query": "other"}, {**ROW, "tools": [TOOL]})
    assert (one.id, two.id, one.task) == ("rows-1", "rows-2", "action")
    assert one.group == two.group != three.group


def test_blank_lines_marks_and_line_ends_are_passed_over(load: Callable[..., list[Row]]) -> None:
    line = json.dumps(ROW).encode()
    assert len(load(b"\xef\xbb\xbf" + line + b"\r", b"", b"  ", line)) == 2


def test_chat_rows_with_calls_become_actions(load: Callable[..., list[Row]]) -> None:
    (row,) = load(chat(calls(("set_alarm", '{"time": "07:00"}')), id="mine"))
    assert (row.id, row.query, row.messages, row.answer) == ("mine", "up at 7", None, ANSWER)
    (row,) = load(chat(calls(("set_alarm", {"time": "1"}), ("set_alarm", '{"time": "2"}'))))
    assert row.task == "multi_call"
    assert [one["args"]["time"] for one in row.answer["calls"]] == ["1", "2"]


def test_chat_rows_keep_their_conversation(load: Callable[..., list[Row]]) -> None:
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "up at 6"}]},
        calls(("set_alarm", '{"time": "06:00"}')),
        {"role": "tool", "content": "done"},
        {"role": "user", "content": "and at 7"},
        calls(("set_alarm", '{"time": "07:00"}')),
    ]
    (row,) = load({"messages": messages, "tools": [TOOL]})
    assert row.query == "and at 7"
    assert row.messages is not None
    assert [turn["role"] for turn in row.messages] == [
        "system",
        "user",
        "assistant",
        "tool",
        "user",
    ]
    assert json.loads(row.messages[2]["content"])["args"] == {"time": "06:00"}


def test_chat_rows_with_json_content_are_documents(load: Callable[..., list[Row]]) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    last = {"role": "assistant", "content": '{"n": 1}'}
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    (row,) = load(chat(last, tools=[], response_format=form))
    assert (row.answer, row.schema) == ({"n": 1}, schema)
    (row,) = load(chat({"role": "assistant", "content": json.dumps(ANSWER)}))
    assert row.answer == ANSWER


# --- refused -------------------------------------------------------------------------------------

NAMELESS = {"type": "function", "function": {}}
ODD = {"type": "function", "function": {"name": "odd", "parameters": {"type": "dict"}}}
REFUSED: dict[str, tuple[object, str]] = {
    "not JSON": (b'{"query": ', "not JSON: .* at character 10"),
    "two values": (b"{} {}", "not JSON: Extra data"),
    "a list": ([ROW], "expected an object, got an array"),
    "double key": (b'{"query": "a", "query": "b"}', "the key 'query' stands twice"),
    "double key inside": (b'{"answer": {"a": 1, "a": 2}}', "the key 'a' stands twice"),
    "NaN": (b'{"query": NaN}', "NaN is no JSON value"),
    "not UTF-8": (b'{"query": "\xff"}', "not UTF-8 at byte 11"),
    "surrogate": (b'{"query": "\\ud800"}', "lone surrogate"),
    "too deep": (b"[" * 100_000, "nested too deep"),
    "no query": (without("query"), "neither a query nor messages"),
    "no tools": (without("tools"), "neither tools nor a schema"),
    "no answer": (without("answer"), "no answer"),
    "empty query": ({**ROW, "query": " \n"}, "query is empty"),
    "long query": ({**ROW, "query": "x" * (MAX_TEXT_CHARS + 1)}, "has 32001 characters, at most"),
    "query type": ({**ROW, "query": 7}, "query must be a string, got a number"),
    "id type": ({**ROW, "id": 7}, "id must be a string, got a number"),
    "task type": ({**ROW, "task": None}, "task must be a string, got null"),
    "tools type": ({**ROW, "tools": {}}, "tools must be an array, got an object"),
    "tool type": ({**ROW, "tools": ["x"]}, r"tools\[0\] must be an object, got a string"),
    "nameless tool": ({**ROW, "tools": [NAMELESS]}, r"tools\[0\].function.name must be a string"),
    "twin tools": ({**ROW, "tools": [TOOL, TOOL]}, r"tools\[1\]: a second tool is named"),
    "bad schema": ({**ROW, "tools": [ODD]}, r"tools\[0\].*is no JSON Schema: 'dict' is not valid"),
    "answer type": ({**ROW, "answer": []}, "answer must be an object, got an array"),
    "answer keys": ({**ROW, "answer": {"tool": "stop"}}, "answer must be"),
    "unknown tool": ({**ROW, "answer": {"tool": "go", "args": {}}}, "'go' is not among the tools"),
    "missing argument": (
        {**ROW, "answer": {"tool": "set_alarm", "args": {}}},
        "answer.args: 'time' is a required property",
    ),
    "argument type": (
        {**ROW, "answer": {"tool": "set_alarm", "args": {"time": 7}}},
        "answer.args.time: 7 is not of type 'string'",
    ),
    "arguments of a bare tool": (
        {**ROW, "answer": {"tool": "stop", "args": {"now": True}}},
        "answer.args: Additional properties",
    ),
    "arguments of none": (
        {**ROW, "answer": {"tool": None, "args": {"a": 1}}},
        r"no tool, yet there are arguments \['a'\]",
    ),
    "bad document": (
        {"query": "a", "schema": {"required": ["n"]}, "answer": {}},
        "answer: 'n' is a required property",
    ),
    "schema of the schema": (
        {"query": "a", "schema": {"type": 1}, "answer": {}},
        "schema is no JSON Schema",
    ),
    "second call": (
        {**ROW, "answer": {"calls": [ANSWER, {"tool": "go", "args": {}}]}},
        r"answer.calls\[1\].tool 'go' is not among",
    ),
    "no messages": ({"messages": [], "tools": [TOOL]}, "messages is empty"),
    "user is last": (
        {"messages": [{"role": "user", "content": "a"}], "tools": [TOOL]},
        "the last message must be the assistant's",
    ),
    "prose": (
        chat({"role": "assistant", "content": "Sure!"}),
        "the assistant's content is not JSON",
    ),
    "arguments are not JSON": (
        chat(calls(("set_alarm", "{time}"))),
        r"tool_calls\[0\].function.arguments is not JSON",
    ),
    "arguments hold a double key": (
        chat(calls(("set_alarm", '{"time": "1", "time": "2"}'))),
        "the key 'time' stands twice",
    ),
    "unknown role": (
        {"messages": [{"role": "boss", "content": "a"}, calls(("stop", "{}"))], "tools": [BARE]},
        r"messages\[0\].role must be one of",
    ),
    "no user": (
        {"messages": [{"role": "system", "content": "a"}, calls(("stop", "{}"))], "tools": [BARE]},
        "no message has the role user",
    ),
    "picture": (
        {
            "messages": [
                {"role": "user", "content": [{"type": "image_url"}]},
                calls(("stop", "{}")),
            ],
            "tools": [BARE],
        },
        r"messages\[0\].content holds a part that is not text",
    ),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_used_is_refused(name: str, load: Callable[..., list[Row]]) -> None:
    line, reason = REFUSED[name]
    with pytest.raises(DataError, match=rf"^rows\.jsonl:2: .*{reason}"):
        load(ROW, line)


def test_an_id_twice_is_refused(load: Callable[..., list[Row]]) -> None:
    with pytest.raises(DataError, match=r"rows.jsonl:3: id 'a' is taken by line 1"):
        load({**ROW, "id": "a"}, ROW, {**ROW, "id": "a"})


def test_files_without_rows_are_refused(load: Callable[..., list[Row]], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"rows.jsonl: holds no rows"):
        load(b"", b"\n")
    with pytest.raises(DataError, match="No such file"):
        load_rows(tmp_path / "none.jsonl")
    with pytest.raises(DataError, match="directory"):
        load_rows(tmp_path)


# --- the schema of all answers -------------------------------------------------------------------


def test_answer_schema_takes_every_right_answer_and_no_other() -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(answer_schema(from_json(ROW)))
    right = [ANSWER, {"tool": "stop", "args": {}}, {"tool": None, "args": {}}]
    wrong = [
        {"tool": "stop"},
        {"tool": "set_alarm", "args": {}},
        {"tool": None, "args": {"time": "07:00"}},
        {"tool": "go", "args": {}},
        {"tool": "stop", "args": {"time": "07:00"}},
        {**ANSWER, "why": "so"},
        [],
    ]
    assert [validator.is_valid(one) for one in right + wrong] == [True] * 3 + [False] * 7


def test_tools_that_only_list_their_properties_take_no_other_arguments() -> None:
    from jsonschema import Draft202012Validator

    text = {"type": "string"}
    listed = {"type": "object", "properties": {"a": text}}
    parameters = {
        "properties": {
            "deep": {"type": "array", "items": listed},
            "open": {**listed, "additionalProperties": True},
            "any": {"type": "object"},
            "both": {**listed, "allOf": [{"properties": {"b": text}}]},
        }
    }
    tool = {"type": "function", "function": {"name": "put", "parameters": parameters}}
    row = from_json({"query": "put it", "tools": [tool], "answer": {"tool": None, "args": {}}})
    validator = Draft202012Validator(answer_schema(row))
    more = {"a": "x", "b": "y"}
    taken = [{}, {"deep": [{"a": "x"}]}, {"open": more}, {"any": more}, {"both": more}]
    refused = [{"none": 1}, {"deep": [more]}]
    verdicts = [validator.is_valid({"tool": "put", "args": args}) for args in taken + refused]
    assert verdicts == [True] * 5 + [False] * 2


@pytest.mark.parametrize("several", [False, True])
def test_references_inside_a_tool_still_point_into_it(several: bool) -> None:
    from jsonschema import Draft202012Validator

    parameters = {
        "type": "object",
        "properties": {"tree": {"$ref": "#/$defs/node"}},
        "required": ["tree"],
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"next": {"$ref": "#/$defs/node"}, "n": {"type": "integer"}},
                "required": ["n"],
            }
        },
    }
    tree = {"type": "function", "function": {"name": "plant", "parameters": parameters}}
    good = {"tool": "plant", "args": {"tree": {"n": 1, "next": {"n": 2}}}}
    bad = {"tool": "plant", "args": {"tree": {"n": 1, "next": {"n": "2"}}}}
    whole = [{"calls": [one]} if several else one for one in (good, bad)]
    row = from_json({"query": "plant it", "tools": [BARE, tree], "answer": whole[0]})
    validator = Draft202012Validator(answer_schema(row))
    assert [validator.is_valid(one) for one in whole] == [True, False]
