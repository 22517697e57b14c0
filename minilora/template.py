"""Chat templates: the model's own Jinja program turns messages into the text it was trained on.

A template comes from whoever published the weights, so it is untrusted code. It runs in Jinja's
immutable sandbox, sees nothing but plain JSON values, and gets the few extras that published
templates rely on (``raise_exception``, ``strftime_now``, ``tojson``, ``{% generation %}``,
``break``/``continue``), with the same meaning as in transformers, whose rendering is the
reference.

>>> template = ChatTemplate("{% for m in messages %}{{ m.role }}: {{ m.content }}; {% endfor %}")
>>> template.render([{"role": "user", "content": "hi"}])
'user: hi; '
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

Message = Mapping[str, Any]

# Names under which a message's reasoning is passed; templates read the first.
_REASONING = ("reasoning_content", "thinking", "reasoning")


class ChatTemplate:
    """A compiled chat template."""

    def __init__(self, source: str) -> None:
        """Compile a template.

        Raises:
            ValueError: the source is not valid Jinja.
        """
        self.source = source
        self._environment = _environment()
        try:
            self._template = self._environment.from_string(source)
        except TemplateError as error:
            raise ValueError(f"the chat template is not valid Jinja: {error}") from error

    def render(
        self,
        messages: Sequence[Message],
        tools: Sequence[Mapping[str, Any]] | None = None,
        add_generation_prompt: bool = False,
        variables: Mapping[str, Any] | None = None,
    ) -> str:
        """Return the text of a conversation.

        Args:
            messages: each with ``role`` and whatever else the template reads (``content``,
                ``tool_calls``).
            tools: function definitions in OpenAI's form, or None.
            add_generation_prompt: end with the opening of the assistant's turn.
            variables: further names for the template (``bos_token``, ``enable_thinking``, ...).

        Raises:
            ValueError: the template refuses the conversation, or tries what the sandbox forbids.
        """
        plain = [_with_reasoning(plain_data(message)) for message in messages]
        try:
            return self._template.render(
                messages=plain,
                tools=None if tools is None else plain_data(list(tools)),
                documents=None,
                add_generation_prompt=add_generation_prompt,
                **plain_data(dict(variables or {})),
            )
        except (TemplateError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise ValueError(f"the chat template refused the conversation: {error}") from error


def plain_data(value: Any) -> Any:
    """Return a copy made of nothing but JSON types; anything else becomes its type's name in <>."""
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(
        value, str
    ):  # an enum or another subclass with methods of its own: keep the value
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, Mapping):
        return {plain_data(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(plain_data(item) for item in value)
    return f"<{type(value).__name__}>"


def _with_reasoning(message: dict[str, Any]) -> dict[str, Any]:
    """Return the message with its reasoning, if any, under the names that templates read."""
    for name in _REASONING:
        if message.get(name) is not None:
            return {"thinking": message[name], **message, "reasoning_content": message[name]}
    return message


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _raise
    environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
    environment.globals["namespace"] = _PublicNamespace
    return environment


class _Generation(Extension):
    """``{% generation %}...{% endgeneration %}``, around the assistant's words: its body."""

    tags = {"generation"}  # noqa: RUF012  (jinja2 declares it so)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _PublicNamespace(Namespace):
    """Jinja's namespace without names that begin with an underscore."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        values = dict(*args, **kwargs)
        for name in values:
            _check_public(name)
        super().__init__(values)

    def __setitem__(self, name: str, value: Any) -> None:
        _check_public(name)
        super().__setitem__(name, value)


def _check_public(name: str) -> None:
    if name.startswith("_"):
        raise SecurityError(f"a template may not set {name!r} on a namespace")


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Return JSON without the HTML escapes of Jinja's own filter."""
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def _raise(message: str) -> None:
    raise TemplateError(message)
