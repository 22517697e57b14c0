"""How a row becomes chat messages: the tools as compact text, the query, the answer as JSON.

The system text depends on the tools (or the schema) alone, so all rows of a group share it and a
batch computes it once. A tool takes one line and one line a parameter, "?" marking what may be
left out; a parameter whose type is not named is a string. Whatever part of a JSON Schema the
compact form cannot say is written as JSON beside it: nothing but titles is dropped.

>>> print(type_text({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1}))
(a|b)[1..]
>>> print(type_text({"type": "object", "properties": {"at": {"type": "string", "format": "date"},
...                  "n": {"type": "integer", "minimum": 1, "multipleOf": 5}}, "required": ["at"]}))
{at: string<date>, n?: integer 1.. {"multipleOf":5}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from minilora.data.rows import JsonObject, Row, parameters

ACTION = (
    "Turn the user's request into a call of one of the tools. Answer with JSON only:"
    ' {"tool": NAME, "args": {...}} with the arguments that the user states,'
    ' or {"tool": null, "args": {}} if no tool fits.'
)
MULTI_CALL = (
    "Turn the user's request into calls of the tools, in order. Answer with JSON only:"
    ' {"calls": [{"tool": NAME, "args": {...}}, ...]} with the arguments that the user states.'
)
STRUCTURED = "Answer with one JSON document of this type, with what the user states."


def system_text(row: Row) -> str:
    """Return the instruction and the tools (or the type of the document) of a row."""
    if row.schema is not None:
        about = row.schema.get("description", "")
        return "\n".join(filter(None, [STRUCTURED, about, _document_text(row.schema)]))
    instruction = MULTI_CALL if row.task == "multi_call" else ACTION
    return instruction + "\n\n" + "\n".join(tool_text(tool) for tool in row.tools)


def messages(row: Row) -> list[dict[str, str]]:
    """Return the chat up to the answer: the system text, then the query or the conversation.

    A conversation's own system message follows ours in one message.
    """
    system = system_text(row)
    if row.messages is None:
        return [{"role": "system", "content": system}, {"role": "user", "content": row.query}]
    own = [turn["content"] for turn in row.messages if turn["role"] in ("system", "developer")]
    rest = [turn for turn in row.messages if turn["role"] not in ("system", "developer")]
    return [
        {"role": "system", "content": "\n\n".join([system, *own])},
        *({"role": turn["role"], "content": turn["content"]} for turn in rest),
    ]


def answer_text(row: Row) -> str:
    """Return the row's answer as the model is to write it."""
    return written(row.answer)


def written(answer: JsonObject) -> str:
    """Return an answer as one line, as `json.dumps` spaces it."""
    return json.dumps(answer, ensure_ascii=False, separators=(", ", ": "))


# --- tools ---------------------------------------------------------------------------------------


def tool_text(tool: Mapping[str, Any]) -> str:
    """Return a tool as "name: description" and a line for every parameter.

    >>> print(tool_text({"type": "function", "function": {"name": "ring", "description": "Ring.",
    ...     "parameters": {"type": "object", "required": ["time"], "properties": {
    ...         "time": {"type": "string", "description": "HH:MM"},
    ...         "loud": {"type": "boolean", "default": False}}}}}))
    - ring: Ring.
     time: HH:MM
     loud?: boolean = false
    """
    function = tool["function"]
    described = function.get("description", "")
    head = f"- {function['name']}" + (f": {_one_line(described)}" if described else "")
    schema = parameters(tool)
    if not _is_plain_object(schema):
        return f"{head}\n args: {type_text(schema)}"
    return "\n".join([head, *_property_lines(schema)])


def _document_text(schema: JsonObject) -> str:
    schema = {
        key: value
        for key, value in schema.items()
        if key not in ("$schema", "description", "title")
    }
    if not _is_plain_object(schema):
        return type_text(schema)
    return "\n".join(["{", *_property_lines(schema), "}"])


def _is_plain_object(schema: Mapping[str, Any]) -> bool:
    """Return whether the schema says no more than its properties and which are required."""
    plain = {"type", "properties", "required", "additionalProperties", "$schema"}
    return (
        schema.get("type", "object") == "object"
        and set(schema) <= plain
        and schema.get("additionalProperties", False) is False
        and set(schema.get("required", [])) <= set(schema.get("properties", {}))
    )


def _property_lines(schema: Mapping[str, Any]) -> list[str]:
    required = schema.get("required", [])
    return [
        f" {name}{'' if name in required else '?'}: {_property_text(part)}"
        for name, part in schema.get("properties", {}).items()
    ]


def _property_text(schema: Any) -> str:
    """Return "type, description"; the type of a plain string goes without saying."""
    kind, about = type_text(schema, described=False), _about(schema)
    if not about:
        return kind
    return about if kind == "string" else f"{kind}, {about}"


def _about(schema: Any) -> str:
    """Return description and examples of a parameter as one line of text."""
    if not isinstance(schema, dict):
        return ""
    parts = [_one_line(schema["description"])] if schema.get("description") else []
    if schema.get("examples"):
        parts.append("e.g. " + ", ".join(_json(example) for example in schema["examples"]))
    return " ".join(parts)


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


# --- types ---------------------------------------------------------------------------------------

_PRIMITIVES = ("string", "integer", "number", "boolean", "null")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def type_text(schema: Any, described: bool = True) -> str:
    """Return a JSON Schema as a compact type.

    Args:
        schema: any JSON Schema.
        described: whether its own description is written too, after the type in brackets.
    """
    if not isinstance(schema, dict):
        return "any" if schema is True else _json(schema)
    rest = {
        key: value
        for key, value in schema.items()
        if key not in ("description", "examples", "title")
    }
    text = _base_text(rest)
    if "default" in rest:
        text += f" = {_json(rest.pop('default'))}"
    if rest:
        text = f"{text} {_json(rest)}" if text else _json(rest)
    about = _about(schema) if described else ""
    return (text or "any") + (f" ({about})" if about else "")


def _base_text(rest: JsonObject) -> str:
    """Return the text for the keywords it can say, which it takes out of `rest`."""
    if "const" in rest:
        rest.pop("type", None)
        return _json(rest.pop("const"))
    if isinstance(rest.get("enum"), list) and rest["enum"]:
        rest.pop("type", None)
        return "|".join(_enum_text(value) for value in rest.pop("enum"))
    for key in ("anyOf", "oneOf"):
        if isinstance(rest.get(key), list) and "type" not in rest:
            joint = " | " if key == "anyOf" else " xor "
            return joint.join(_grouped(part) for part in rest.pop(key))
    kind = rest.get("type")
    if isinstance(kind, list) and set(kind) <= set(_PRIMITIVES):
        rest.pop("type")
        return " | ".join(kind)
    if kind == "array":
        return _array_text(rest)
    if kind == "object":
        return _object_text(rest)
    if kind in _PRIMITIVES:
        rest.pop("type")
        return str(kind) + _details(rest, kind)
    return ""


def _enum_text(value: Any) -> str:
    """Return a value of an enum, without quotes where it is a plain word."""
    reserved = (*_PRIMITIVES, "any", "true", "false")
    plain = isinstance(value, str) and value.isidentifier() and value not in reserved
    return str(value) if plain else _json(value)


def _details(rest: JsonObject, kind: str) -> str:
    """Return format, pattern and range of a string or number."""
    if kind == "string":
        text = f"<{rest.pop('format')}>" if isinstance(rest.get("format"), str) else ""
        return text + (f" /{rest.pop('pattern')}/" if isinstance(rest.get("pattern"), str) else "")
    if kind in ("integer", "number") and ("minimum" in rest or "maximum" in rest):
        return f" {rest.pop('minimum', '')}..{rest.pop('maximum', '')}"
    return ""


def _array_text(rest: JsonObject) -> str:
    rest.pop("type")
    item = _grouped(rest.pop("items", True))
    low, high = rest.pop("minItems", ""), rest.pop("maxItems", "")
    bounds = f"{low}..{high}" if (low, high) != ("", "") else ""
    return f"{item}[{bounds}]"


def _grouped(schema: Any) -> str:
    """Return a type that can stand beside another, in brackets where it needs them."""
    text = type_text(schema)
    simple = text.isalnum() or (text.startswith("{") and text.endswith("}")) or text.endswith("]")
    return text if simple else f"({text})"


def _object_text(rest: JsonObject) -> str:
    """Return "{name: type, other?: type}"; `...` where other properties are allowed."""
    rest.pop("type")
    properties = rest.pop("properties", {})
    required = rest.get("required", [])
    if set(required) <= set(properties):
        rest.pop("required", None)
    parts = [
        f"{name}{'' if name in required else '?'}: {type_text(part)}"
        for name, part in properties.items()
    ]
    extra = rest.pop("additionalProperties", None)
    if extra is True or (extra is None and not properties):
        parts.append("...")
    elif isinstance(extra, dict):
        parts.append(f"[key]: {type_text(extra)}")
    return "{" + ", ".join(parts) + "}"
