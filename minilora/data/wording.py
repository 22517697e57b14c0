"""From a template to a request: what a person says, piece by piece, and the arguments it states.

>>> import random
>>> from minilora.data.kinds import CITY
>>> from minilora.data.material import Tool, req
>>> city = req("city", CITY, "City")
>>> tool = Tool("sunset", "When the sun sets.", (city,), ("sunset in {city}?",))
>>> request = ask(tool, tool.phrasings[0], Draw(random.Random(7)))
>>> request.text == f"sunset in {request.args['city']}?"
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from minilora.data.draw import Draw
from minilora.data.kinds import Kind
from minilora.data.material import Tool
from minilora.data.phrase import Text, expand, parse


@dataclass(frozen=True)
class Part:
    """A piece of a request: template words (`path` is "") or the surface of a parameter."""

    text: str
    path: str = ""
    kind: Kind | None = None


@dataclass(frozen=True)
class Request:
    """A request in pieces, and the arguments it states, by the tool's own parameter names."""

    parts: tuple[Part, ...]
    args: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The request as one text."""
        return "".join(part.text for part in self.parts)


def ask(tool: Tool, template: str, draw: Draw, optional_rate: float = 0.5) -> Request | None:
    """Return one wording of a template, or None if it binds a parameter that the tool lacks.

    Args:
        tool: whose parameters the template names.
        template: one of its phrasings.
        draw: gives the choices and the values.
        optional_rate: how often an optional part of the template is said.
    """
    kinds = {param.name: param.kind for param in tool.params}
    said: dict[str, tuple[Any, str]] = {}
    parts: list[Part] = []
    for piece in expand(parse(template), draw.rng, optional_rate):
        if isinstance(piece, Text):
            parts.append(Part(piece.text))
            continue
        kind = kind_at(kinds, piece.path)
        if kind is None:
            return None
        if piece.path not in said:
            said[piece.path] = (piece.value, "") if piece.fixed else kind.sample(draw)
        if not piece.fixed:
            parts.append(Part(said[piece.path][1], piece.path, kind))
    return Request(
        _joined(parts), _arguments(tool, {path: value for path, (value, _) in said.items()})
    )


def spell_out(tool: Tool, draw: Draw) -> Request:
    """Return a request made of the tool's own description and its parameters by name.

    Some people, and many programs, ask like that: "set an alarm with time 7:30 am and label gym".
    """
    parts = [Part(tool.description[:1].lower() + tool.description[1:].rstrip("."))]
    joint, between = draw.rng.choice(SPELLED)
    said: dict[str, Any] = {}
    for param in tool.params:
        if not param.required and draw.chance(0.6):
            continue
        leaves = param.kind.fields.items() or [("", param.kind)]
        for field, kind in leaves:
            if field and kind.may_be_absent and draw.chance(0.5):
                continue
            path = f"{param.name}.{field}" if field else param.name
            said[path], surface = kind.sample(draw)
            name = "" if kind.schema.get("type") == "boolean" else _plain_name(field or param.name)
            parts += [Part(joint + (f"{name} " if name else "")), Part(surface, path, kind)]
            joint = between
    return Request(_joined(parts), _arguments(tool, said))


SPELLED = ((" with ", " and "), (", ", ", "), (": ", ", "), (" using ", ", "), (" - ", ", "))
_UNITS = {
    "min",
    "minutes",
    "s",
    "seconds",
    "c",
    "percent",
    "kg",
    "ml",
    "km",
    "g",
    "kmh",
    "cm",
    "id",
}


def _plain_name(name: str) -> str:
    """Return a parameter's name as words, without its unit: duration_min becomes "duration"."""
    words = name.split("_")
    return " ".join(words[:-1] if len(words) > 1 and words[-1] in _UNITS else words)


def kind_at(kinds: Mapping[str, Kind], path: str) -> Kind | None:
    """Return the kind of a parameter or of a field of one, None where there is none."""
    name, _, field = path.partition(".")
    kind = kinds.get(name)
    return kind.fields.get(field) if kind is not None and field else kind


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Return the parts with neighbouring words in one piece and single spaces between words."""
    joined: list[Part] = []
    for part in parts:
        if not part.path and joined and not joined[-1].path:
            part = Part(joined.pop().text + part.text)
        joined.append(part)
    if joined and not joined[0].path:
        joined[0] = Part(joined[0].text.lstrip())
    if joined and not joined[-1].path:
        joined[-1] = Part(joined[-1].text.rstrip())
    return tuple(
        part if part.path else Part(part.text.replace("  ", " ")) for part in joined if part.text
    )


def _arguments(tool: Tool, bound: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bound values as arguments, parameters and fields in the tool's order."""
    args: dict[str, Any] = {}
    for param in tool.params:
        if param.name in bound:
            args[param.name] = bound[param.name]
        fields = {
            field: bound[f"{param.name}.{field}"]
            for field in param.kind.fields
            if f"{param.name}.{field}" in bound
        }
        if fields:
            args[param.name] = fields
    return args


# --- case ----------------------------------------------------------------------------------------


def lower_cased(request: Request, tool: Tool) -> Request:
    """Return the request in lower case, with what is copied from it in lower case too.

    Codes (addresses, numbers of orders) keep their case: people paste them.
    """
    kinds = {param.name: param.kind for param in tool.params}
    parts = tuple(
        part
        if part.kind is not None and part.kind.copied == "code"
        else replace(part, text=part.text.lower())
        for part in request.parts
    )
    args = dict(request.args)
    for path in {part.path for part in request.parts if part.path}:
        name, _, field = path.partition(".")
        kind = kind_at(kinds, path)
        assert kind is not None
        if field:
            args[name] = {**args[name], field: _lower(kind, args[name][field])}
        else:
            args[name] = _lower(kind, args[name])
    return Request(parts, args)


def _lower(kind: Kind, value: Any, inside: bool = False) -> Any:
    """Return a value as it is copied from a lower-cased text; `inside` a record or its list."""
    if kind.fields:
        return {name: _lower(kind.fields[name], part, inside=True) for name, part in value.items()}
    if kind.item is not None:
        return [_lower(kind.item, part, inside) for part in value]
    copied = kind.copied == "words" or (inside and kind.copied == "code")
    return value.lower() if copied and isinstance(value, str) else value
