"""Which tokens of an answer choose: between tools, the values of an enum, true and false.

An answer of forty tokens may hold one decision; all else is copied or follows from it. In the plain
loss, a mean over tokens, that one place then counts a fortieth. ``--choice-weight W`` counts each
such place W times, as if its token stood there W times:

    loss = sum over tokens of w_t (-log p_t) / sum of w_t,    w_t = W where t chooses, else 1

A place chooses where the answer's tokens first part from those of the same answer with another
value, so that it is found whatever the tokenizer makes of the values.

>>> from minilora.data.rows import from_json
>>> row = from_json({"query": "hi", "tools": [], "answer": {"on": True, "why": "hi"},
...     "schema": {"type": "object", "properties": {"on": {"type": "boolean"}, "why": {}}}})
>>> [answer["on"] for answer in other_answers(row)]
[False]
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from minilora.chat import Tokenizer
from minilora.data.prompt import written
from minilora.data.rows import JsonObject, Row


def other_answers(row: Row) -> Iterator[JsonObject]:
    """Yield the row's answer with one choice changed, for each choice and each other value."""
    options: dict[str, list[object]] = {}
    if row.schema is None:
        if "tool" in row.answer:
            options["tool"] = [*(tool["function"]["name"] for tool in row.tools), None]
    else:
        for key, part in row.schema.get("properties", {}).items():
            if isinstance(part, dict) and "enum" in part:
                options[key] = list(part["enum"])
            elif isinstance(part, dict) and part.get("type") == "boolean":
                options[key] = [True, False]
    for key, values in options.items():
        for value in values:
            if key in row.answer and json.dumps(value) != json.dumps(row.answer[key]):
                yield {**row.answer, key: value}


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
        places.add(next(i for i, (a, b) in enumerate(pairs) if a != b))
    return tuple(sorted(places))
