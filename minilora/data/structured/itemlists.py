"""Rows of the schemes that turn a text into a list."""

from __future__ import annotations

import random
from typing import Any

from minilora.data.draw import Draw
from minilora.data.rows import JsonObject, Row
from minilora.data.structured.chatter import around
from minilora.data.structured.forms import Form, draw_form, draw_style
from minilora.data.structured.render import Piece, fits, insert, joined_text, render, roughen
from minilora.data.structured.scheme import ItemList
from minilora.data.structured.splits import Split, some_of

LINE_JOINS = ("dashes", "numbers", "lines")
Item = tuple[dict[str, Any], tuple[Piece, ...]]


def list_group(scheme: ItemList, split: Split, draw: Draw, size: int, group: str) -> list[Row]:
    """Return rows that share one schema: an object with one list of texts or of objects."""
    form = draw_form(scheme.params, scheme.names, draw_style(draw.rng), draw.rng)
    key = draw.rng.choice(scheme.list_names)
    item_schema = form.schema() if len(scheme.params) > 1 else form.properties[0].schema
    schema: JsonObject = {
        "description": draw.rng.choice(scheme.instructions),
        "type": "object",
        "properties": {key: {"type": "array", "items": item_schema}},
        "required": [key],
        "additionalProperties": False,
    }
    rows = []
    for index in range(size):
        items, query = list_text(scheme, split, draw)
        answer = {key: [answer_of(form, values) for values, _ in items]}
        rows.append(Row(f"{group}-{index}", "list", (), query, None, answer, schema, group))
    return rows


def answer_of(form: Form, values: dict[str, Any]) -> Any:
    """Return an item as the schema has it: the object, or the one value of a plain item."""
    return form.answer(values) if len(form.properties) > 1 else values[form.properties[0].source]


def list_text(scheme: ItemList, split: Split, draw: Draw) -> tuple[list[Item], str]:
    """Return items and a text that names them."""
    rng = draw.rng
    template = rng.choice(some_of(scheme.texts, scheme.held_out, split, scheme.test_only))
    parts = ["@items", "@more"] if "@more" in template else ["@items"]
    wanted = max(
        len(parts),
        draw.weighted(*((2.0 if 2 <= n <= 4 else 1.0, n) for n in range(1, scheme.most + 1))),
    )
    fillers = {param.name: param.kind for param in scheme.fillers}
    said = render(template, fillers, draw)
    items = draw_items(scheme, split, draw, wanted, {fits(v) for v in said.values.values()})
    pieces, start = said.pieces, 0
    for number, mark in enumerate(parts):
        end = len(items) - (len(parts) - 1 - number)
        end = rng.randint(start + 1, end) if number + 1 < len(parts) else end
        pieces = insert(
            pieces, mark, join(items[start:end], line_of(scheme, pieces, mark, draw), rng)
        )
        start = end
    return items, joined_text(roughen(around(pieces, draw, rate=0.12), rng))


def draw_items(
    scheme: ItemList, split: Split, draw: Draw, wanted: int, taken: set[str]
) -> list[Item]:
    """Return items no two of which share their first property, and none of what is taken."""
    kinds = {param.name: param.kind for param in scheme.params}
    held = scheme.items + scheme.held_out_items if scheme.test_only else scheme.held_out_items
    ways = scheme.items if split == "train" else held
    way = draw.rng.choice(ways)
    first = next(param.name for param in scheme.params if param.kind.copied)
    items: list[Item] = []
    for _ in range(30 * wanted):
        said = render(way if draw.chance(0.7) else draw.rng.choice(ways), kinds, draw)
        key = fits(said.values[first])
        if key not in taken and len(items) < wanted:
            taken.add(key)
            items.append((said.values, said.pieces))
    return sorted(items, key=lambda item: item[0][scheme.sort_by]) if scheme.sort_by else items


def line_of(scheme: ItemList, pieces: tuple[Piece, ...], mark: str, draw: Draw) -> str:
    """Return a way of joining that suits the place: one item a line after a line break only."""
    text = "".join(piece.text for piece in pieces)
    inline = [name for name in scheme.joins if name not in LINE_JOINS] or ["and"]
    lines = [name for name in scheme.joins if name in LINE_JOINS] or ["lines"]
    return draw.rng.choice(lines if f"\n{mark}" in text else inline)


def join(items: list[Item], way: str, rng: random.Random) -> tuple[Piece, ...]:
    r"""Return the items written one after the other.

    >>> two = [({}, (Piece("tea"),)), ({}, (Piece("rye"),))]
    >>> joined_text(join(two, "numbers", random.Random(1)))
    '1. tea\n2. rye'
    """
    if way in LINE_JOINS:
        heads = {"dashes": "- ", "lines": ""}
        pieces: list[Piece] = []
        for number, (_, said) in enumerate(items, start=1):
            head = heads.get(way, f"{number}. ")
            pieces += [Piece(("\n" if number > 1 else "") + head, own=False), *said]
        return tuple(pieces)
    gaps = _gaps(len(items), way, rng)
    pieces = []
    for (_, said), gap in zip(items, gaps, strict=True):
        pieces += [Piece(gap, own=False), *said]
    return tuple(pieces)


def _gaps(count: int, way: str, rng: random.Random) -> list[str]:
    """Return what stands before each item of a sentence."""
    if way == "semicolons":
        return ["", *[rng.choice(["; ", ", "])] * (count - 1)]
    if way == "then":
        middle = rng.choice([", then ", ", ", ", after that "])
        last = rng.choice([" and finally ", ", then ", " and then "])
    else:
        middle, last = (
            ", ",
            rng.choice([" and ", " and ", " plus ", ", and " if count > 2 else " & "]),
        )
    return ["", *[middle] * (count - 2), *[last] * (count > 1)]
