"""How a set of tools is shown: real catalogues name and describe the same things in many ways.

A style is settled once for a set. It renames tools, parameters and fields, words the descriptions
anew, leaves optional parameters out and shuffles. `Offer` keeps what is needed to write an answer
in the names and the order that are shown.

>>> camel("set_alarm"), pascal("set_alarm"), kebab("set_alarm")
('setAlarm', 'SetAlarm', 'set-alarm')
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from minilora.data.draw import Draw
from minilora.data.kinds import STRING, Kind
from minilora.data.material import Param, Tool
from minilora.data.phrase import parse
from minilora.data.rows import JsonObject, call

Rename = Callable[[str], str]


@dataclass(frozen=True)
class Offer:
    """A tool as it is offered: what may be asked of it, and how it is shown.

    Attributes:
        domain: name of its domain.
        tool: the tool with the parameters it is offered with, in the order shown.
        definition: the function definition shown, in OpenAI's form.
        rename: how a field of a nested record is shown.
        names: how each parameter is shown.
    """

    domain: str
    tool: Tool
    definition: JsonObject
    rename: Rename
    names: Mapping[str, str]

    def answer(self, args: Mapping[str, Any]) -> JsonObject:
        """Return the action with these arguments, in the names and the order shown."""
        shown = {
            self.names[param.name]: _renamed(param.kind, args[param.name], self.rename)
            for param in self.tool.params
            if param.name in args
        }
        return call(self.definition["function"]["name"], shown)


def _renamed(kind: Kind, value: Any, rename: Rename) -> Any:
    if kind.fields:
        return {
            rename(name): _renamed(part, value[name], rename)
            for name, part in kind.fields.items()
            if name in value
        }
    if kind.item is not None:
        return [_renamed(kind.item, item, rename) for item in value]
    return value


# --- names ---------------------------------------------------------------------------------------


def same(name: str) -> str:
    """Return the name as it is."""
    return name


def pascal(name: str) -> str:
    """Return set_alarm as SetAlarm."""
    return "".join(word.capitalize() for word in name.split("_"))


def camel(name: str) -> str:
    """Return set_alarm as setAlarm."""
    return name[:1] + pascal(name)[1:]


def kebab(name: str) -> str:
    """Return set_alarm as set-alarm."""
    return name.replace("_", "-")


def _dotted(rng: random.Random) -> Callable[[str, str], str]:
    """Return a way to name a tool by its domain and itself."""
    return rng.choice(
        [
            lambda domain, name: f"{domain}.{name}",
            lambda domain, name: ".".join(reversed(name.split("_", 1))),
            lambda domain, name: f"{domain}_{name}",
            lambda domain, name: f"{pascal(domain)}_{pascal(name)}",
            lambda domain, name: f"{domain}__{camel(name)}",
            lambda domain, name: f"{domain}/{name}",
        ]
    )


@dataclass(frozen=True)
class Style:
    """How one set of tools is shown.

    Attributes:
        tool_name: from domain and name of a tool, and its place in the set, to the name shown.
        field_name: the same for parameters and fields.
        masked: True where names say nothing, so that descriptions must stay.
        descriptions: "full", "sparse" (some left out) or "examples" ("for example: a; b").
        example_rate: how often a full description gets "(e.g. a, b)".
        limits: whether minimum, maximum and the like are shown.
        dropped: how often an optional parameter is left out of a tool.
        shuffled: whether parameters stand in any order.
    """

    tool_name: Callable[[str, str, int], str]
    field_name: Rename = same
    masked: bool = False
    descriptions: str = "full"
    example_rate: float = 0.0
    limits: bool = True
    dropped: float = 0.0
    shuffled: bool = False


PLAIN_SHARE = 0.4
PLAIN = Style(tool_name=lambda domain, name, index: name)


def any_style(draw: Draw) -> Style:
    """Return a style as training sets have it, the share of `PLAIN` and then of real catalogues."""
    rng = draw.rng
    if draw.chance(PLAIN_SHARE):
        return PLAIN
    naming = draw.weighted(
        (55, "snake"), (20, "camel"), (7, "pascal"), (8, "dotted"), (3, "kebab"), (7, "masked")
    )  # fmt: skip
    style = Style(
        tool_name=_tool_naming(naming, rng),
        field_name=_field_naming(naming, rng),
        masked=naming == "masked",
        descriptions=draw.weighted((70, "full"), (18, "sparse"), (12, "examples")),
        example_rate=draw.weighted((7, 0.0), (3, 0.6)),
        limits=draw.chance(0.4),
        dropped=draw.weighted((6, 0.0), (4, 0.4)),
        shuffled=draw.chance(0.5),
    )
    return replace(style, descriptions="full") if style.masked else style


def _tool_naming(naming: str, rng: random.Random) -> Callable[[str, str, int], str]:
    if naming == "masked":
        word, start = rng.choice(["func", "tool", "f", "action", "api", "fn"]), rng.randint(0, 40)
        return lambda domain, name, index: f"{word}_{start + index}"
    if naming == "dotted":
        dotted = _dotted(rng)
        return lambda domain, name, index: dotted(domain, name)
    rename = {"snake": same, "camel": camel, "pascal": pascal, "kebab": kebab}[naming]
    return lambda domain, name, index: rename(name)


def _field_naming(naming: str, rng: random.Random) -> Rename:
    if naming == "camel":
        return camel
    if naming in ("pascal", "dotted"):
        return rng.choice([same, camel])
    return rng.choice([same, same, kebab]) if naming == "kebab" else same


# --- offers --------------------------------------------------------------------------------------


def offer(domain: str, tool: Tool, style: Style, index: int, draw: Draw) -> Offer:
    """Return the tool as it is shown in this style, at this place of its set."""
    params = [param for param in tool.params if param.required or not draw.chance(style.dropped)]
    if style.shuffled:
        draw.rng.shuffle(params)
    tool = replace(tool, params=tuple(params))
    names = {param.name: style.field_name(param.name) for param in params}
    if style.masked:
        letters = iter(draw.rng.sample(string.ascii_lowercase, len(params)))
        names = {name: f"arg_{next(letters)}" for name in names}
    properties = {names[param.name]: _property(param, style, draw) for param in params}
    parameters = {
        "type": "object",
        "properties": properties,
        "required": [names[param.name] for param in params if param.required],
        "additionalProperties": False,
    }
    shown = style.tool_name(domain, tool.name, index)
    function = {"name": shown, "description": tool.description, "parameters": parameters}
    if style.descriptions == "examples" and draw.chance(0.5):
        function["description"] = f"{shown} intent"
    return Offer(domain, tool, {"type": "function", "function": function}, style.field_name, names)


def _property(param: Param, style: Style, draw: Draw) -> JsonObject:
    """Return the schema of one parameter, described in the style."""
    schema = _shown_schema(param.kind.schema, style)
    text = param.description
    evident = bool(param.kind.copied) or "enum" in schema or schema.get("type") == "boolean"
    if style.descriptions == "sparse" and evident and draw.chance(0.7):
        return schema
    if style.descriptions == "examples" and evident and param.kind.copied:
        text = "for example: " + "; ".join(_examples(param.kind, draw, 3))
    elif param.kind.copied and draw.chance(style.example_rate):
        one, *more = _examples(param.kind, draw, 2)
        text += draw.rng.choice(
            [f" (e.g. {', '.join([one, *more])})", f", e.g. {one}", f" (for example {one})"]
        )
    return {**schema, "description": text}


def _examples(kind: Kind, draw: Draw, count: int) -> list[str]:
    found = {kind.sample(draw)[1]: None for _ in range(count)}
    return list(found)


def _shown_schema(schema: Mapping[str, Any], style: Style) -> JsonObject:
    """Return a schema with its fields renamed and, where the style has none, without limits."""
    limits = () if style.limits else ("minimum", "maximum", "minItems", "maxItems")
    shown = {key: value for key, value in schema.items() if key not in limits}
    if "properties" in shown:
        shown["properties"] = {
            style.field_name(name): _shown_schema(part, style)
            for name, part in shown["properties"].items()
        }
        shown["required"] = [style.field_name(name) for name in shown.get("required", [])]
    if isinstance(shown.get("items"), dict):
        shown["items"] = _shown_schema(shown["items"], style)
    return shown


# --- everything in the user's own words ----------------------------------------------------------


def as_said(tool: Tool) -> Tool | None:
    """Return the tool with every parameter a text copied from the query, None where that cannot be.

    Intent catalogues are often like this: "half past seven" is the value, not 07:30.
    """
    if any(param.kind.fields or param.kind.item is not None for param in tool.params):
        return None
    phrasings = _spoken_only(tool.phrasings)
    if len(phrasings) < 2 or not tool.params:
        return None
    params = tuple(replace(param, kind=_in_own_words(param.kind)) for param in tool.params)
    return replace(tool, params=params, phrasings=phrasings, held_out=_spoken_only(tool.held_out))


def _spoken_only(templates: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in templates if not any(slot.fixed for slot in parse(text).slots()))


def _in_own_words(kind: Kind) -> Kind:
    def sample(draw: Draw) -> tuple[str, str]:
        surface = kind.sample(draw)[1]
        return surface, surface

    return Kind(STRING, sample, copied=kind.copied or "words")
