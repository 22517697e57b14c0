"""The form a group of rows settles on: names, order and optional parts of its JSON Schema.

Two groups of one scheme ask for the same facts in another shape, as two users would: `due_date` or
`payBy`, null or absent where the text is silent, with descriptions or without.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from minilora.data.kinds import Kind
from minilora.data.material import Param

JsonObject = dict[str, Any]
ABSENT = object()


@dataclass(frozen=True)
class Style:
    """How the schemas of a group are written.

    Attributes:
        camel: property names as dueDate instead of due_date.
        nullable: every property is required and null where nothing is said; else it is absent.
        terse: descriptions only where a format or unit must be told.
    """

    camel: bool
    nullable: bool
    terse: bool

    def spell(self, name: str) -> str:
        """Return a property name in this style.

        >>> Style(camel=True, nullable=False, terse=False).spell("due_date")
        'dueDate'
        """
        head, *rest = name.split("_")
        return head + "".join(part.capitalize() for part in rest) if self.camel else name


def draw_style(rng: random.Random) -> Style:
    """Return a style; snake case, absent rather than null, and descriptions are the usual case."""
    return Style(camel=rng.random() < 0.25, nullable=rng.random() < 0.35, terse=rng.random() < 0.3)


@dataclass(frozen=True)
class Property:
    """One property of the object of a group: where its value comes from and what it is called."""

    source: str
    name: str
    required: bool
    schema: JsonObject


@dataclass(frozen=True)
class Form:
    """The properties of a group's object, in the order of its schema."""

    properties: tuple[Property, ...]
    style: Style

    def schema(self, description: str = "") -> JsonObject:
        """Return the JSON Schema of the object, closed."""
        whole: JsonObject = {"description": description} if description else {}
        return {
            **whole,
            "type": "object",
            "properties": {prop.name: prop.schema for prop in self.properties},
            "required": [
                prop.name for prop in self.properties if prop.required or self.style.nullable
            ],
            "additionalProperties": False,
        }

    def answer(self, values: Mapping[str, Any]) -> JsonObject:
        """Return the object for the values a text binds, in the order of the schema."""
        found: JsonObject = {}
        for prop in self.properties:
            value = values.get(prop.source, ABSENT)
            if value is not ABSENT:
                found[prop.name] = _spelled(value, self.style)
            elif self.style.nullable:
                found[prop.name] = None
        return found


def draw_form(
    params: Sequence[Param],
    names: Mapping[str, Sequence[str]],
    style: Style,
    rng: random.Random,
    drop_rate: float = 0.12,
) -> Form:
    """Return a form: every property under one of its names, some optional ones left out.

    Args:
        params: the properties as the material has them.
        names: other names they may go by.
        style: the spelling of the group.
        rng: takes the choices.
        drop_rate: how often an optional property is not asked for.
    """
    kept = [param for param in params if param.required or rng.random() >= drop_rate]
    if rng.random() < 0.4:
        rng.shuffle(kept)
    properties = []
    for param in kept:
        name = param.name
        if param.name in names and rng.random() < 0.6:
            name = rng.choice(list(names[param.name]))
        schema = property_schema(param, style)
        properties.append(Property(param.name, style.spell(name), param.required, schema))
    return Form(tuple(properties), style)


def property_schema(param: Param, style: Style) -> JsonObject:
    """Return the JSON Schema of a property, null allowed where the style wants it."""
    schema = value_schema(param.kind, style)
    if style.nullable and not param.required:
        schema = or_null(schema)
        schema.pop("format", None)  # the description names it
    worked_out = not param.kind.copied and not param.kind.fields and "enum" not in param.kind.schema
    if param.description and (worked_out or not style.terse):
        schema["description"] = param.description
    return schema


def value_schema(kind: Kind, style: Style) -> JsonObject:
    """Return the schema of a kind without the ranges that only its sampling needs."""
    schema = {key: part for key, part in kind.schema.items() if key not in ("minimum", "maximum")}
    if schema.get("format") == "email":
        del schema["format"]  # the text decides what the address is
    if kind.item is not None:
        schema = {"type": "array", "items": value_schema(kind.item, style)}
    if kind.fields:
        schema["properties"] = {
            style.spell(name): value_schema(field, style) for name, field in kind.fields.items()
        }
        schema["required"] = [
            style.spell(name) for name, field in kind.fields.items() if not field.may_be_absent
        ]
    return schema


def or_null(schema: JsonObject) -> JsonObject:
    """Return the schema with null allowed.

    >>> or_null({"type": "string", "enum": ["a", "b"]})
    {'type': ['string', 'null'], 'enum': ['a', 'b', None]}
    >>> or_null({"type": "object"})
    {'anyOf': [{'type': 'object'}, {'type': 'null'}]}
    """
    if schema["type"] in ("object", "array"):
        return {"anyOf": [schema, {"type": "null"}]}
    wider = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        wider["enum"] = [*schema["enum"], None]
    return wider


def _spelled(value: Any, style: Style) -> Any:
    """Return a value with the keys of its objects in the style's spelling."""
    if isinstance(value, dict):
        return {style.spell(name): _spelled(part, style) for name, part in value.items()}
    if isinstance(value, list):
        return [_spelled(part, style) for part in value]
    return value
