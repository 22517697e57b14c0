"""Rows of the collections: a search in words, and the filters, order and limit it means."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from minilora.data.draw import Draw
from minilora.data.kinds import Kind, integer
from minilora.data.rows import JsonObject, Row
from minilora.data.structured.collection import Clause, Collection, Column
from minilora.data.structured.forms import draw_style, or_null
from minilora.data.structured.render import Piece, insert, joined_text, render, roughen
from minilora.data.structured.splits import Split, some_of
from minilora.data.structured.texts.openings import HELD_OUT_OPENINGS, OPENINGS

LIMIT = integer(2, 30)
OPERATORS = (
    {
        "eq": "eq",
        "ne": "ne",
        "lt": "lt",
        "lte": "lte",
        "gt": "gt",
        "gte": "gte",
        "contains": "contains",
    },
    {"eq": "=", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "contains": "contains"},
)
ORDERS = (("asc", "desc"), ("ascending", "descending"))
THINGS = "@things"


@dataclass(frozen=True)
class Search:
    """How a group writes its searches: names of fields, operators and orders."""

    columns: tuple[Column, ...]
    fields: Mapping[str, str]
    operators: Mapping[str, str]
    orders: tuple[str, str]
    nullable: bool


def filter_group(what: Collection, split: Split, draw: Draw, size: int, group: str) -> list[Row]:
    """Return rows that search one collection with one schema."""
    search = draw_search(what, draw.rng)
    schema = search_schema(what, search)
    rows = []
    for index in range(size):
        query, answer = one_search(what, search, split, draw)
        rows.append(Row(f"{group}-{index}", "filter", (), query, None, answer, schema, group))
    return rows


def draw_search(what: Collection, rng: random.Random) -> Search:
    """Return the form of a group: all fields or all but one, each under one of its names."""
    style = draw_style(rng)
    columns = list(what.columns)
    if rng.random() < 0.5:
        columns.pop(rng.randrange(len(columns)))
    if rng.random() < 0.4:
        rng.shuffle(columns)
    fields = {
        column.name: style.spell(
            rng.choice(column.names) if column.names and rng.random() < 0.5 else column.name
        )
        for column in columns
    }
    operators, orders = rng.choice(OPERATORS), rng.choice(ORDERS)
    return Search(tuple(columns), fields, operators, orders, style.nullable)


def search_schema(what: Collection, search: Search) -> JsonObject:
    """Return the schema of a search; its description tells the fields of the collection."""
    fields = "; ".join(f"{search.fields[c.name]}: {c.about}" for c in search.columns)
    name = what.name.replace("_", " ")
    field = {"type": "string", "enum": list(search.fields.values())}
    condition = {
        "field": field,
        "op": {"type": "string", "enum": list(search.operators.values())},
        "value": {"type": ["string", "number", "boolean"]},
    }
    order = {"field": field, "order": {"type": "string", "enum": list(search.orders)}}
    properties: JsonObject = {
        "filters": {"type": "array", "items": closed(condition)},
        "sort": closed(order),
        "limit": {"type": "integer"},
    }
    if search.nullable:
        properties |= {key: or_null(properties[key]) for key in ("sort", "limit")}
    whole = closed(properties, list(properties) if search.nullable else ["filters"])
    return {"description": f"Search of {name}. Fields: {fields}.", **whole}


def closed(properties: JsonObject, required: list[str] | None = None) -> JsonObject:
    """Return an object schema that takes nothing else; all is required unless told."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def one_search(
    what: Collection, search: Search, split: Split, draw: Draw
) -> tuple[str, JsonObject]:
    """Return a query and its answer."""
    rng = draw.rng
    opening = rng.choice(some_of(OPENINGS, HELD_OUT_OPENINGS, split))
    count = draw.weighted((3, 1), (4, 2), (2, 3))
    chosen = rng.sample(search.columns, min(count, len(search.columns)))
    conditions = [one_condition(column, search, split, what.test_only, draw) for column in chosen]
    things = noun_phrase(rng.choice(what.nouns), conditions, rng)
    kinds = {"things": constant(THINGS), "limit": LIMIT, "sort": sort_kind(search, split)}
    said = render(opening, kinds, draw, optional_rate=0.4)
    query = joined_text(roughen(insert(said.pieces, THINGS, things), rng))
    ordered = sorted(conditions, key=lambda condition: not condition[1].before)
    answer: JsonObject = {"filters": [one for filters, _, _ in ordered for one in filters]}
    for key in ("sort", "limit"):
        if said.values.get(key) is not None or search.nullable:
            answer[key] = said.values.get(key)
    return query, answer


Condition = tuple[list[JsonObject], Clause, tuple[Piece, ...]]


def one_condition(
    column: Column, search: Search, split: Split, test_only: bool, draw: Draw
) -> Condition:
    """Return the filters of a condition on a column, and the words for it."""
    clause = draw.rng.choice(column.clauses)
    template = draw.rng.choice(clause.ways.for_split(split == "train", test_only))
    kinds = {"v": clause.kind, "w": clause.kind}
    said = render(template, kinds, draw)
    while clause.op == "between" and not said.values["v"] < said.values["w"]:
        said = render(template, kinds, draw)
    field = search.fields[column.name]
    ends: tuple[tuple[str, str], ...]
    if clause.op == "between":
        ends = (("gte", "v"), ("lte", "w"))
    else:
        if "v" not in said.values:  # words that have one meaning: "without stops"
            said.values["v"] = clause.kind.sample(draw)[0]
        ends = ((clause.op, "v"),)
    filters = [
        {"field": field, "op": search.operators[op], "value": said.values[slot]}
        for op, slot in ends
    ]
    return filters, clause, said.pieces


def noun_phrase(noun: str, conditions: list[Condition], rng: random.Random) -> tuple[Piece, ...]:
    """Return the noun with the conditions around it, exceptions last as in the answer."""
    pieces: list[Piece] = []
    for _, clause, words in conditions:
        if clause.before:
            pieces += [*words, Piece(" ")]
    pieces.append(Piece(noun, own=False))
    after = [words for _, clause, words in conditions if not clause.before]
    gap = " "
    for words in after:
        pieces += [Piece(gap), *words]
        gap = rng.choice([", ", " and ", ", "])
    return tuple(pieces)


def constant(text: str) -> Kind:
    """Return a kind that holds one text."""
    return Kind({"type": "string"}, lambda _: (text, text), copied="words")


def sort_kind(search: Search, split: Split) -> Kind:
    """Return a kind of orders: (the JSON of an order, the words that ask for it)."""
    ways = []
    for column in search.columns:
        for order, says in zip(search.orders, (column.ascending, column.descending), strict=True):
            value = {"field": search.fields[column.name], "order": order}
            ways += [(value, text) for text in says.for_split(split == "train")]

    def sample(draw: Draw) -> tuple[Any, str]:
        return draw.rng.choice(ways)

    return Kind({"type": "object"}, sample, copied="words")
