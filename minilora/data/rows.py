"""One row of data: a query, the tools or the schema it is asked with, and the answer.

>>> dim = {"type": "function", "function": {"name": "dim"}}
>>> row = from_json({"query": "dim it", "tools": [dim], "answer": {"tool": "dim", "args": {}}})
>>> row.answer["tool"], row.task
('dim', 'action')
>>> from_json({"query": "dim it", "tools": [], "answer": {"tool": "dim", "args": {}}})
Traceback (most recent call last):
minilora.data.rows.DataError: neither tools nor a schema
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
from referencing.exceptions import Unresolvable

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_TEXT_CHARS = 32_000
MAX_TOOLS = 128
ROLES = ("system", "developer", "user", "assistant", "tool")
NO_PARAMETERS: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}

JsonObject = dict[str, Any]


class DataError(ValueError):
    """A row that cannot be used; the message says why, and from a file also where."""


@dataclass(frozen=True)
class Row:
    """A query and its one right answer.

    Attributes:
        id: unique in its file.
        task: "action" for one call, "multi_call" for several, else the name of a structured task.
        tools: function definitions in OpenAI's form; () for structured tasks.
        query: what the user says; of a conversation, its last turn.
        messages: the conversation up to the answer, None where the query is all of it.
        answer: {"tool": name or None, "args": {...}}, {"calls": [...]}, or a document of `schema`.
        schema: JSON Schema of the document, None for calls.
        group: rows of one group share their system text.
    """

    id: str
    task: str
    tools: tuple[JsonObject, ...]
    query: str
    messages: tuple[JsonObject, ...] | None
    answer: JsonObject
    schema: JsonObject | None = None
    group: str = ""


def call(name: str | None, args: Mapping[str, Any]) -> JsonObject:
    """Return the JSON form of one action."""
    return {"tool": name, "args": dict(args)}


def parameters(tool: Mapping[str, Any]) -> JsonObject:
    """Return the JSON Schema of a tool's arguments; a tool may come without one."""
    found: JsonObject = tool["function"].get("parameters") or NO_PARAMETERS
    return found


# --- what an answer may look like ----------------------------------------------------------------


def answer_schema(row: Row) -> JsonObject:
    """Return the JSON Schema (2020-12) of every right-typed answer to the row.

    For an action: one of the tools with arguments of its type, or no tool and no arguments. Where a
    tool's objects list their properties and say nothing of others, there are no others (`closed`).
    """
    if row.schema is not None:
        return row.schema
    if row.task == "multi_call":
        calls = _any_call(row.tools, "#/properties/calls/items", with_none=False)
        return {
            "$schema": DIALECT,
            "type": "object",
            "properties": {"calls": {"type": "array", "items": calls}},
            "required": ["calls"],
            "additionalProperties": False,
        }
    return {"$schema": DIALECT, **_any_call(row.tools, "#", with_none=True)}


def _any_call(tools: Sequence[JsonObject], pointer: str, with_none: bool) -> JsonObject:
    """Return the schema of one call of any of the tools; it will stand at `pointer`."""
    options = []
    for index, tool in enumerate(tools):
        args = _rebase(closed(parameters(tool)), f"{pointer}/anyOf/{index}/properties/args")
        options.append(_call_schema({"const": tool["function"]["name"]}, args))
    if with_none:
        options.append(_call_schema({"type": "null"}, NO_PARAMETERS))
    return {"anyOf": options}


def _call_schema(name: JsonObject, args: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "properties": {"tool": name, "args": args},
        "required": ["tool", "args"],
        "additionalProperties": False,
    }


# Beside one of these, what an object may hold is not said by its "properties" alone.
OPENING = {
    "$dynamicRef", "$ref", "additionalProperties", "allOf", "anyOf", "dependentSchemas", "if",
    "not", "oneOf", "patternProperties", "propertyNames", "unevaluatedProperties",
}  # fmt: skip


def closed(schema: Any) -> Any:
    """Return a tool's parameters with the objects that only list their properties closed.

    By JSON Schema an object may hold any member that its schema does not speak of. Tools are
    written without a thought of that, and a model that may invent arguments does; the sampler of
    XGrammar reads them in this way too ("strict mode").

    >>> closed({"type": "object", "properties": {"city": {"type": "string"}}})
    {'type': 'object', 'properties': {'city': {'type': 'string'}}, 'additionalProperties': False}
    >>> closed({"type": "object"}), closed({"properties": {}, "additionalProperties": True})
    ({'type': 'object'}, {'properties': {}, 'additionalProperties': True})
    """
    if not isinstance(schema, dict):
        return schema
    shut = dict(schema)
    if isinstance(schema.get("properties"), dict):
        shut["properties"] = {name: closed(part) for name, part in schema["properties"].items()}
        if not OPENING & schema.keys():
            shut["additionalProperties"] = False
    if "items" in schema:
        shut["items"] = closed(schema["items"])
    return shut


def _rebase(schema: Any, pointer: str) -> Any:
    """Return the schema with its own "#/..." references pointing below `pointer`."""
    if isinstance(schema, list):
        return [_rebase(item, pointer) for item in schema]
    if not isinstance(schema, dict):
        return schema
    moved = {key: _rebase(value, pointer) for key, value in schema.items()}
    reference = schema.get("$ref")
    if isinstance(reference, str) and (reference == "#" or reference.startswith("#/")):
        moved["$ref"] = pointer + reference[1:]
    return moved


# --- our own form, checked -----------------------------------------------------------------------


def to_json(row: Row) -> JsonObject:
    """Return the row as written to a JSON lines file; `from_json` gives it back."""
    whole: JsonObject = {"id": row.id, "task": row.task, "tools": list(row.tools)}
    if row.messages is None:
        whole["query"] = row.query
    else:
        whole["messages"] = list(row.messages)
    whole["answer"] = row.answer
    if row.schema is not None:
        whole["schema"] = row.schema
    if row.group:
        whole["group"] = row.group
    return whole


def from_json(item: Any, default_id: str = "") -> Row:
    """Return a row from our own JSON form; keys that are not ours are left alone.

    Raises:
        DataError: a key is missing or of the wrong type, a tool or schema is not valid JSON Schema,
            or the answer does not fit them.
    """
    if not isinstance(item, dict):
        raise DataError(f"expected an object, got {kind_of(item)}")
    tools, schema = checked_tools(item.get("tools", [])), checked_schema(item.get("schema"))
    if not tools and schema is None:
        raise DataError("neither tools nor a schema")
    query, messages = _query_and_messages(item)
    if "answer" not in item:
        raise DataError("no answer")
    answer = typed(item["answer"], dict, "answer")
    several = isinstance(answer.get("calls"), list) and schema is None
    task = item.get(
        "task", "structured" if schema is not None else "multi_call" if several else "action"
    )
    row = Row(
        id=typed(item.get("id", default_id), str, "id"),
        task=typed(task, str, "task"),
        tools=tools,
        query=query,
        messages=messages,
        answer=answer,
        schema=schema,
        group=typed(item.get("group", group_of(tools, schema)), str, "group"),
    )
    check_answer(row)
    return row


def kind_of(value: Any) -> str:
    """Return JSON's name for the type of a value."""
    names = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        type(None): "null",
    }
    return names.get(type(value), "a number")


def typed(value: Any, wanted: type, what: str) -> Any:
    """Return the value if it has the wanted JSON type.

    Raises:
        DataError: it has another type.
    """
    if not isinstance(value, wanted):
        raise DataError(f"{what} must be {kind_of(wanted())}, got {kind_of(value)}")
    return value


def group_of(tools: Sequence[JsonObject], schema: JsonObject | None) -> str:
    """Return a name for the rows that share these tools and this schema."""
    whole = json.dumps([list(tools), schema], ensure_ascii=True)
    return f"g{zlib.crc32(whole.encode()):08x}"


def _query_and_messages(item: JsonObject) -> tuple[str, tuple[JsonObject, ...] | None]:
    if item.get("messages") is None:
        if "query" not in item:
            raise DataError("neither a query nor messages")
        return checked_text(item["query"], "query"), None
    messages = tuple(
        checked_message(message, f"messages[{index}]")
        for index, message in enumerate(typed(item["messages"], list, "messages"))
    )
    return last_user_text(messages), messages


def last_user_text(messages: Sequence[JsonObject]) -> str:
    """Return what the user said last.

    Raises:
        DataError: no turn is the user's.
    """
    said = [message["content"] for message in messages if message["role"] == "user"]
    if not said:
        raise DataError("no message has the role user")
    return checked_text(said[-1], "the last user message")


def checked_message(message: Any, what: str) -> JsonObject:
    """Return a message of a conversation as {"role", "content"}, content as one text."""
    typed(message, dict, what)
    role, content = message.get("role"), message.get("content")
    if role not in ROLES:
        raise DataError(f"{what}.role must be one of {', '.join(ROLES)}, got {role!r}")
    if isinstance(content, list):
        parts = [typed(part, dict, f"{what}.content") for part in content]
        if any(part.get("type") != "text" for part in parts):
            raise DataError(f"{what}.content holds a part that is not text")
        content = "".join(typed(part.get("text"), str, f"{what}.content text") for part in parts)
    text = typed(content, str, f"{what}.content")
    if len(text) > MAX_TEXT_CHARS:
        raise DataError(f"{what}.content has {len(text)} characters, at most {MAX_TEXT_CHARS}")
    return {"role": role, "content": text}


def checked_text(text: Any, what: str) -> str:
    """Return a text that is neither empty nor too long."""
    typed(text, str, what)
    if not text.strip():
        raise DataError(f"{what} is empty")
    if len(text) > MAX_TEXT_CHARS:
        raise DataError(f"{what} has {len(text)} characters, at most {MAX_TEXT_CHARS}")
    return str(text)


def checked_tools(tools: Any) -> tuple[JsonObject, ...]:
    """Return tool definitions in OpenAI's form, names distinct and parameters valid JSON Schema."""
    if tools is None:
        return ()
    if len(typed(tools, list, "tools")) > MAX_TOOLS:
        raise DataError(f"{len(tools)} tools, at most {MAX_TOOLS}")
    names: set[str] = set()
    for index, tool in enumerate(tools):
        what = f"tools[{index}]"
        function = typed(typed(tool, dict, what).get("function"), dict, f"{what}.function")
        name = checked_text(function.get("name"), f"{what}.function.name")
        if name in names:
            raise DataError(f"{what}: a second tool is named {name!r}")
        names.add(name)
        typed(function.get("description", ""), str, f"{what}.function.description")
        schema = function.get("parameters")
        if schema is not None:
            typed(schema, dict, f"{what}.function.parameters")
            problem = schema_problem(json.dumps(schema))
            if problem:
                raise DataError(f"{what}.function.parameters is no JSON Schema: {problem}")
    return tuple(tools)


def checked_schema(schema: Any) -> JsonObject | None:
    """Return a schema that is valid JSON Schema, or None."""
    if schema is None:
        return None
    problem = schema_problem(json.dumps(typed(schema, dict, "schema")))
    if problem:
        raise DataError(f"schema is no JSON Schema: {problem}")
    return dict(schema)


@lru_cache(maxsize=4096)
def schema_problem(text: str) -> str | None:
    """Return what is wrong with a schema given as JSON text, None if nothing is."""
    try:
        Draft202012Validator.check_schema(json.loads(text))
    except SchemaError as error:
        return f"{error.message} at {error.json_path}"
    return None


@lru_cache(maxsize=4096)
def _validator(text: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(text), registry=REGISTRY)


def check_answer(row: Row) -> None:
    """Check that the answer is one that the row's tools or schema allow.

    Raises:
        DataError: it is not; the message names the tool or the place in the answer.
    """
    if row.schema is not None:
        _check_instance(row.answer, row.schema, "answer")
    elif row.task == "multi_call":
        if set(row.answer) != {"calls"}:
            raise DataError(f'answer must be {{"calls": [...]}}, it has {sorted(row.answer)}')
        for index, one in enumerate(typed(row.answer["calls"], list, "answer.calls")):
            _check_call(row, one, f"answer.calls[{index}]")
    else:
        _check_call(row, row.answer, "answer")


def _check_call(row: Row, one: Any, what: str) -> None:
    typed(one, dict, what)
    if set(one) != {"tool", "args"}:
        raise DataError(f'{what} must be {{"tool", "args"}}, it has {sorted(one)}')
    name, args = one["tool"], typed(one["args"], dict, f"{what}.args")
    if name is None:
        if args:
            raise DataError(f"{what}: no tool, yet there are arguments {sorted(args)}")
        return
    for tool in row.tools:
        if tool["function"]["name"] == name:
            _check_instance(args, parameters(tool), f"{what}.args")
            return
    raise DataError(f"{what}.tool {name!r} is not among the tools")


def _check_instance(instance: Any, schema: JsonObject, what: str) -> None:
    try:
        problem = next(_validator(json.dumps(schema)).iter_errors(instance), None)
    except Unresolvable as error:  # another document is never fetched
        raise DataError(
            f"{what}: its schema refers to {error.ref!r}, which is not at hand"
        ) from None
    if problem is not None:
        raise DataError(f"{what}{problem.json_path[1:]}: {problem.message[:300]}")
