"""Rows as chat messages: short, the same for a group, and nothing of a schema lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from minilora.data.prompt import answer_text, messages, system_text, tool_text, type_text
from minilora.data.rows import Row

TOOL = {
    "type": "function",
    "function": {
        "name": "set_alarm",
        "description": "Set an alarm.",
        "parameters": {
            "type": "object",
            "properties": {
                "time": {"type": "string", "description": "24-hour HH:MM"},
                "days": {"type": "array", "items": {"enum": ["mon", "tue"]}, "minItems": 1},
                "on": {"type": "string", "format": "date"},
                "who": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                    "required": ["name"],
                    "additionalProperties": False,
                },
            },
            "required": ["time"],
            "additionalProperties": False,
        },
    },
}
NONE = {"tool": None, "args": {}}


def test_a_tool_reads_at_a_glance() -> None:
    assert tool_text(TOOL) == (
        "- set_alarm: Set an alarm.\n"
        " time: 24-hour HH:MM\n"
        " days?: (mon|tue)[1..]\n"
        " on?: string<date>\n"
        " who?: {name: string, age?: integer}"
    )


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (True, "any"),
        (False, "false"),
        ({}, "any"),
        ({"type": "integer", "minimum": 1, "maximum": 5}, "integer 1..5"),
        ({"type": "number", "minimum": 0}, "number 0.."),
        ({"type": "string", "pattern": "^a$", "maxLength": 3}, 'string /^a$/ {"maxLength":3}'),
        ({"type": ["string", "null"]}, "string | null"),
        ({"anyOf": [{"type": "string"}, {"type": "array"}]}, "string | any[]"),
        ({"oneOf": [{"type": "string"}, {"const": 3}]}, "string xor 3"),
        ({"enum": ["a b", "null", 3, None]}, '"a b"|"null"|3|null'),
        (
            {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            'string[] {"uniqueItems":true}',
        ),
        ({"type": "object"}, "{...}"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "{[key]: number}"),
        (
            {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
            "{a?: any, ...}",
        ),
        (
            {"type": "object", "properties": {"a": {}}, "required": ["b"]},
            '{a?: any} {"required":["b"]}',
        ),
        ({"$ref": "#/$defs/node"}, '{"$ref":"#/$defs/node"}'),
        ({"type": "string", "default": "x", "description": "d"}, 'string = "x" (d)'),
        ({"not": {"type": "string"}}, '{"not":{"type":"string"}}'),
        ({"type": "integer", "exclusiveMinimum": 0}, 'integer {"exclusiveMinimum":0}'),
    ],
)
def test_types(schema: Any, text: str) -> None:
    assert type_text(schema) == text


def test_no_keyword_is_lost() -> None:
    """Every number and word of a schema stands in its text, whatever the keyword."""
    schema = {
        "type": "object",
        "minProperties": 11,
        "patternProperties": {"^x": {"maxLength": 12}},
        "properties": {
            "a": {"type": "string", "minLength": 13, "contentEncoding": "base64"},
            "b": {"type": "array", "prefixItems": [{"const": 14}], "contains": {"minimum": 15}},
            "c": {"allOf": [{"multipleOf": 16}], "if": {"const": 17}, "then": {"const": 18}},
            "d": {"type": ["object", "null"], "properties": {"e": {"minimum": 19}}},
            "f": {"enum": [20]},
        },
        "dependentRequired": {"a": ["f"]},
        "$defs": {"g": {"const": 21}},
    }
    tool = {"type": "function", "function": {"name": "t", "parameters": schema}}
    for text in (type_text(schema), tool_text(tool)):
        missing = [str(n) for n in range(11, 22) if str(n) not in text]
        assert not missing, text
        assert "dependentRequired" in text
        assert "base64" in text


def test_the_system_text_is_one_for_a_group_and_keeps_the_order_of_tools() -> None:
    other = {"type": "function", "function": {"name": "stop"}}
    one = Row("a", "action", (TOOL, other), "x", None, NONE)
    two = Row("b", "action", (TOOL, other), "y", None, {"tool": "stop", "args": {}})
    turned = Row("c", "action", (other, TOOL), "x", None, NONE)
    assert system_text(one) == system_text(two) != system_text(turned)
    assert [turn["role"] for turn in messages(one)] == ["system", "user"]
    assert messages(one)[1]["content"] == "x"


def test_a_conversation_keeps_its_turns_and_its_own_system_message() -> None:
    talk = (
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": "stop"},
    )
    row = Row("a", "action", (TOOL,), "stop", talk, NONE)
    turns = messages(row)
    assert [turn["role"] for turn in turns] == ["system", "user", "assistant", "user"]
    assert turns[0]["content"] == system_text(row) + "\n\nBe kind."


def test_documents_are_asked_for_with_their_type() -> None:
    schema = {
        "type": "object",
        "description": "A guest.",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
        "required": ["name"],
    }
    text = system_text(Row("a", "extract", (), "Ada, 7", None, {"name": "Ada"}, schema))
    assert text.endswith("A guest.\n{\n name: string\n age?: integer 0..\n}")


def test_answers_are_written_as_json_dumps_does() -> None:
    row = Row(
        "a", "action", (TOOL,), "x", None, {"tool": "set_alarm", "args": {"time": "É", "n": [1, 2]}}
    )
    assert answer_text(row) == '{"tool": "set_alarm", "args": {"time": "É", "n": [1, 2]}}'
    assert answer_text(row) == json.dumps(row.answer, ensure_ascii=False)
