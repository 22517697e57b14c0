"""From a chat request to what the engine is asked: a prompt, and what the answer may be.

Three kinds of answers:

- *text*: the model's own chat, unconstrained, or held to ``response_format``;
- *a call*: with tools the model answers with one JSON action, ``{"tool": NAME, "args": {...}}``,
  in the prompt that the JSON specialist was trained on, and the grammar allows nothing else;
- *text after all*: with ``tool_choice`` "auto" the action may be "no tool"; the request is then
  answered as plain chat.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from minilora.chat import Tokenizer
from minilora.data.prompt import messages as specialist_messages
from minilora.data.rows import DataError, Row, answer_schema, checked_schema, checked_tools
from minilora.grammar import (
    Grammar,
    SchemaError,
    Vocabulary,
    compile_json_object,
    compile_json_schema,
)
from minilora.grammar.terms import TooComplex
from serve.errors import ApiError
from serve.openai_types import (
    AssistantMessage,
    ChatRequest,
    DeveloperMessage,
    JsonObjectFormat,
    JsonSchemaFormat,
    Message,
    NamedTool,
    SystemMessage,
    Text,
    ToolMessage,
)

ANY_OBJECT: dict[str, Any] = {"type": "object"}


@dataclass(frozen=True)
class Plan:
    """What to ask the engine.

    Attributes:
        prompt: token ids.
        grammar: what the answer may be; None is free text.
        least_tokens: of the shortest answer that the grammar allows; 1 without one.
        calls: the answer is an action, to be sent as a tool call.
        otherwise: the prompt for plain chat if the action is "no tool"; None where a tool must be
            called.
    """

    prompt: tuple[int, ...]
    grammar: Grammar | None = None
    least_tokens: int = 1
    calls: bool = False
    otherwise: tuple[int, ...] | None = None


@dataclass
class Planner:
    """Plans requests; compiles each schema once. Used by one thread only: the grammar's.

    Attributes:
        tokenizer: of the model.
        vocabulary: its tokens' bytes.
        max_grammars: kept; the one used least recently goes first.
    """

    tokenizer: Tokenizer
    vocabulary: Vocabulary
    max_grammars: int = 256
    _grammars: dict[str, Grammar] = field(default_factory=dict)

    def plan(self, request: ChatRequest) -> Plan:
        """Return what to ask the engine.

        Raises:
            ApiError: 400; a schema that cannot be enforced, tools that contradict each other, or a
                conversation that the model's template refuses.
        """
        chat = [_plain(message) for message in request.messages]
        if request.tools and request.tool_choice != "none":
            if isinstance(request.response_format, (JsonObjectFormat, JsonSchemaFormat)):
                raise ApiError(
                    400, "tools and a JSON response_format exclude each other", "response_format"
                )
            return self._call(request, chat)
        if isinstance(request.tool_choice, NamedTool) or request.tool_choice == "required":
            raise ApiError(
                400, "tool_choice asks for a call, but there are no tools", "tool_choice"
            )
        form = request.response_format
        if isinstance(form, JsonObjectFormat):
            row = _row("structured", (), chat, ANY_OBJECT)
            return self._held(row, compile_json_object("json.dumps"), "response_format")
        if isinstance(form, JsonSchemaFormat):
            where = "response_format.json_schema.schema"
            schema = form.json_schema.schema
            wanted = (
                schema if isinstance(schema, dict) else {} if schema is not False else {"not": {}}
            )
            row = _row("structured", (), chat, _checked(wanted, where))
            return self._held(row, self._grammar(wanted, where), where)
        return Plan(self._encode(chat))

    def _call(self, request: ChatRequest, chat: list[dict[str, str]]) -> Plan:
        """Return the plan for an answer that is a call, or may be one."""
        tools = request.tools or []
        definitions = [
            {"type": "function", "function": _without_none(tool.function)} for tool in tools
        ]
        try:
            checked = checked_tools(definitions)
        except DataError as error:
            raise ApiError(400, str(error), "tools") from None
        choice = request.tool_choice or "auto"
        if isinstance(choice, NamedTool):
            name = choice.function.name
            checked = tuple(tool for tool in checked if tool["function"]["name"] == name)
            if not checked:
                raise ApiError(400, f"tool_choice names {name!r}, which is no tool", "tool_choice")
        row = _row("action", checked, chat, None)
        schema = answer_schema(row)
        if choice != "auto":
            schema = {**schema, "anyOf": schema["anyOf"][:-1]}  # the last is "no tool"
        plan = self._held(row, self._grammar(schema, "tools"), "tools")
        otherwise = self._encode(chat) if choice == "auto" else None
        return replace(plan, calls=True, otherwise=otherwise)

    def _held(self, row: Row, grammar: Grammar, param: str) -> Plan:
        """Return the plan for an answer that a grammar holds."""
        try:
            shortest = grammar.matcher(self.vocabulary).shortest_plan()
        except ValueError as error:
            raise ApiError(400, str(error), param, "unsupported_schema") from None
        return Plan(self._encode(specialist_messages(row)), grammar, max(1, len(shortest)))

    def _encode(self, chat: list[dict[str, str]]) -> tuple[int, ...]:
        try:
            return tuple(self.tokenizer.encode_chat(chat, add_generation_prompt=True))
        except ValueError as error:
            raise ApiError(400, f"the chat template refuses this: {error}", "messages") from None

    def _grammar(self, schema: dict[str, Any], param: str) -> Grammar:
        """Return the grammar of a schema, compiled once."""
        key = json.dumps(schema)
        grammar = self._grammars.pop(key, None)
        if grammar is None:
            try:
                grammar = compile_json_schema(schema, "json.dumps")
            except (SchemaError, TooComplex) as error:
                raise ApiError(400, str(error), param, "unsupported_schema") from None
        self._grammars[key] = grammar
        while len(self._grammars) > self.max_grammars:
            del self._grammars[next(iter(self._grammars))]
        return grammar


def _row(
    task: str,
    tools: tuple[dict[str, Any], ...],
    chat: list[dict[str, str]],
    schema: dict[str, Any] | None,
) -> Row:
    """Return the request in the form of the training data, so that its prompt is the same."""
    said = [message["content"] for message in chat if message["role"] == "user"]
    plain = len(chat) == 1 and chat[0]["role"] == "user"
    return Row(
        id="request",
        task=task,
        tools=tools,
        query=said[-1] if said else "",
        messages=None if plain else tuple(chat),
        answer={},
        schema=schema,
    )


def _checked(schema: dict[str, Any], param: str) -> dict[str, Any]:
    try:
        checked = checked_schema(schema)
    except DataError as error:
        raise ApiError(400, str(error), param, "invalid_schema") from None
    return checked or {}


def _plain(message: Message) -> dict[str, str]:
    """Return a message as role and text; calls and their results as the model writes and reads."""
    if isinstance(message, AssistantMessage):
        if message.tool_calls:
            calls = [
                _action(call.function.name, call.function.arguments) for call in message.tool_calls
            ]
            return {"role": "assistant", "content": "\n".join(calls)}
        return {"role": "assistant", "content": _text(message.content or "")}
    if isinstance(message, ToolMessage):
        return {"role": "user", "content": f"Result of the call: {_text(message.content)}"}
    if isinstance(message, (SystemMessage, DeveloperMessage)):
        return {"role": "system", "content": _text(message.content)}
    return {"role": "user", "content": _text(message.content)}


def _action(name: str, arguments: str) -> str:
    try:
        args = json.loads(arguments)
    except ValueError:
        raise ApiError(
            400, f"the arguments of the call of {name!r} are not JSON", "messages"
        ) from None
    return json.dumps({"tool": name, "args": args}, ensure_ascii=False)


def _text(content: Text) -> str:
    return content if isinstance(content, str) else "".join(part.text for part in content)


def _without_none(function: Any) -> dict[str, Any]:
    named = {"name": function.name, "description": function.description}
    named["parameters"] = function.parameters
    return {key: value for key, value in named.items() if value is not None}
