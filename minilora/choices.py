"""Which tokens of an answer choose: the tool, an enum's value, true or false, what is left out.

An answer of forty tokens may hold three decisions; all else is copied or follows from them. In the
plain loss, a mean over tokens, each of these places counts a fortieth. With ``--choice-weight W``
each such place counts W times:

    loss = sum over tokens of w_t (-log p_t) / sum of w_t,    w_t = W where t chooses, else 1

A place chooses where the answer's tokens first part from those of the same answer with another
choice in it, so that it is found whatever the tokenizer makes of the values.

>>> from minilora.data.rows import from_json
>>> row = from_json({"query": "hi", "tools": [], "answer": {"on": True, "why": "hi"},
...     "schema": {"type": "object", "required": ["on"],
...                "properties": {"on": {"type": "boolean"}, "by": {}, "why": {}}}})
>>> for answer in other_answers(row):
...     print(answer)
{'on': False, 'why': 'hi'}
{'on': True, 'by': None, 'why': 'hi'}
{'on': True}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from minilora.chat import Tokenizer
from minilora.data.prompt import written
from minilora.data.rows import JsonObject, Row, parameters


def other_answers(row: Row) -> Iterator[JsonObject]:
    """Yield the row's answer with one choice changed, for each choice and each other option."""
    if row.schema is not None:
        yield from _other_objects(row.answer, row.schema)
    elif "calls" in row.answer:
        calls = row.answer["calls"]
        for place, call in enumerate(calls):
            for other in _other_calls(call, row.tools):
                yield {**row.answer, "calls": [*calls[:place], other, *calls[place + 1 :]]}
    else:
        yield from _other_calls(row.answer, row.tools)


def _other_calls(call: JsonObject, tools: Sequence[JsonObject]) -> Iterator[JsonObject]:
    """Yield a call with another tool, or with one other choice in its arguments."""
    names = [*(tool["function"]["name"] for tool in tools), None]
    for name in names:
        if name != call["tool"]:
            yield {**call, "tool": name}
    if call["tool"] in names[:-1]:
        schema = parameters(tools[names.index(call["tool"])])
        for args in _other_objects(call["args"], schema):
            yield {**call, "args": args}


def _other_objects(value: JsonObject, schema: Mapping[str, Any]) -> Iterator[JsonObject]:
    """Yield an object with one choice changed: a property's value, or whether it is there."""
    parts: Mapping[str, Any] = schema.get("properties", {})
    for key, part in parts.items():
        if key not in value:
            yield _inserted(value, key, list(parts))
            continue
        for other in _other_values(value[key], part):
            yield {**value, key: other}
        if key not in schema.get("required", ()):
            yield {name: kept for name, kept in value.items() if name != key}


def _inserted(value: JsonObject, key: str, order: Sequence[str]) -> JsonObject:
    """Return an object with one more key, set before those that come later in ``order``."""
    later = order[order.index(key) + 1 :]
    place = next((i for i, name in enumerate(value) if name in later), len(value))
    items = list(value.items())
    return dict([*items[:place], (key, None), *items[place:]])


def _other_values(value: Any, schema: Any) -> Iterator[Any]:
    """Yield what else could stand in place of a value: of an enum, a boolean, within an object."""
    if not isinstance(schema, dict):
        return
    if "enum" in schema:
        yield from (other for other in schema["enum"] if json.dumps(other) != json.dumps(value))
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, dict):
        yield from _other_objects(value, schema)


def choice_places(row: Row, completion: Sequence[int], tokenizer: Tokenizer) -> tuple[int, ...]:
    """Return the places in a row's completion whose tokens choose, ascending.

    Raises:
        ValueError: the chat template writes other tokens for an answer than stand in it alone.
    """
    own = tokenizer.encode(written(row.answer))
    if list(completion[: len(own)]) != own:
        raise ValueError(f"row {row.id}: the chat template changes the answer's tokens")
    places = set()
    for answer in other_answers(row):
        pairs = zip(own, tokenizer.encode(written(answer)), strict=False)
        places.update(next(([i] for i, (a, b) in enumerate(pairs) if a != b), []))
    return tuple(sorted(places))
