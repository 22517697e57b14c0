"""Reading and writing rows as JSON lines, the user's own included.

A line is a row in our form (`minilora.data.rows`), or an OpenAI chat row: `messages` ending with
the assistant's tool calls, or with content that is JSON, and `tools`. Whatever cannot be used is
refused with file, line and reason before anything starts.

>>> import pathlib, tempfile
>>> path = pathlib.Path(tempfile.mkdtemp(), "rows.jsonl")
>>> _ = path.write_text('{"query": "hi", "answer": 1}')
>>> load_rows(path)
Traceback (most recent call last):
minilora.data.rows.DataError: rows.jsonl:1: neither tools nor a schema
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from minilora.data.rows import (
    DataError,
    JsonObject,
    Row,
    call,
    checked_message,
    checked_schema,
    checked_text,
    checked_tools,
    from_json,
    last_user_text,
    to_json,
    typed,
)

MAX_LINE_BYTES = 4_000_000


def write_rows(path: Path | str, rows: Iterable[Row]) -> int:
    """Write rows as JSON lines and return how many there were."""
    count = 0
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(to_json(row), ensure_ascii=False) + "\n")
            count += 1
    return count


def load_rows(path: Path | str) -> list[Row]:
    """Return the rows of a JSON lines file; blank lines are passed over.

    Raises:
        DataError: the file cannot be read, holds no row, or holds one that cannot be used; the
            message starts with "NAME:LINE: ".
    """
    path = Path(path)
    rows: list[Row] = []
    first_line: dict[str, int] = {}
    for number, line in _lines(path):
        where = f"{path.name}:{number}"
        try:
            row = row_from_json(_parsed(line), default_id=f"{path.stem}-{number}")
            if row.id in first_line:
                raise DataError(f"id {row.id!r} is taken by line {first_line[row.id]}")
        except DataError as error:
            raise DataError(f"{where}: {error}") from None
        first_line[row.id] = number
        rows.append(row)
    if not rows:
        raise DataError(f"{path.name}: holds no rows")
    return rows


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if line.strip():
                    yield number, line
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None


def _parsed(line: bytes) -> Any:
    """Return the JSON value of one line, strictly read."""
    if len(line) > MAX_LINE_BYTES:
        raise DataError(f"the line has {len(line)} bytes, at most {MAX_LINE_BYTES}")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 at byte {error.start}") from None
    return strict_json(text, "not JSON")


def strict_json(text: str, what: str) -> Any:
    """Return the value of a JSON text without double keys, NaN or lone surrogates.

    Raises:
        DataError: the text is not such JSON; the message starts with `what`.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise DataError(f"{what}: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise DataError(f"{what}: nested too deep") from None
    if "\\u" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise DataError(f"{what}: a lone surrogate is no text") from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> JsonObject:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DataError(f"the key {twice!r} stands twice in one object")
    return whole


def _no_constant(name: str) -> Any:
    raise DataError(f"{name} is no JSON value")


# --- OpenAI chat rows ----------------------------------------------------------------------------


def row_from_json(item: Any, default_id: str = "") -> Row:
    """Return a row from our form or from an OpenAI chat row.

    Raises:
        DataError: the row is of neither form, or cannot be used.
    """
    if isinstance(item, dict) and "answer" not in item and isinstance(item.get("messages"), list):
        return from_json(_our_form(item), default_id)
    return from_json(item, default_id)


def _our_form(item: JsonObject) -> JsonObject:
    """Return an OpenAI chat row in our form: the last message becomes the answer."""
    if not item["messages"]:
        raise DataError("messages is empty")
    *before, last = item["messages"]
    if not isinstance(last, dict) or last.get("role") != "assistant":
        raise DataError("the last message must be the assistant's")
    messages = [_history(message, f"messages[{index}]") for index, message in enumerate(before)]
    checked_tools(item.get("tools"))
    row: JsonObject = {"tools": item.get("tools") or []}
    row.update({key: item[key] for key in ("id", "task", "group") if key in item})
    if [message["role"] for message in messages] == ["user"]:
        row["query"] = last_user_text(messages)
    else:
        row["messages"] = messages
    if last.get("tool_calls"):
        row["answer"] = _answer_from_calls(last["tool_calls"], "tool_calls")
        return row
    content = checked_text(last.get("content"), "the assistant's content")
    row["answer"] = typed(
        strict_json(content, "the assistant's content is not JSON"), dict, "content"
    )
    schema = _response_schema(item)
    if schema is not None:
        row["schema"] = schema
    elif not row["tools"]:
        row["schema"] = {"type": "object"}
    return row


def _history(message: Any, what: str) -> JsonObject:
    """Return an earlier turn as plain text; the assistant's tool calls become JSON."""
    if isinstance(message, dict) and message.get("tool_calls"):
        answer = _answer_from_calls(message["tool_calls"], f"{what}.tool_calls")
        return {"role": "assistant", "content": json.dumps(answer, ensure_ascii=False)}
    return checked_message(message, what)


def _answer_from_calls(tool_calls: Any, what: str) -> JsonObject:
    calls = []
    for index, one in enumerate(typed(tool_calls, list, what)):
        where = f"{what}[{index}].function"
        function = typed(typed(one, dict, where).get("function"), dict, where)
        name = checked_text(function.get("name"), f"{where}.name")
        arguments = function.get("arguments", "{}")
        if isinstance(arguments, str):
            arguments = strict_json(arguments or "{}", f"{where}.arguments is not JSON")
        calls.append(call(name, typed(arguments, dict, f"{where}.arguments")))
    return calls[0] if len(calls) == 1 else {"calls": calls}


def _response_schema(item: JsonObject) -> JsonObject | None:
    """Return the schema a chat row was asked with: `schema`, or `response_format`'s json_schema."""
    if item.get("schema") is not None:
        return checked_schema(item["schema"])
    asked = item.get("response_format")
    if isinstance(asked, dict) and asked.get("type") == "json_schema":
        inner = typed(asked.get("json_schema"), dict, "response_format.json_schema")
        return checked_schema(inner.get("schema"))
    return None
