"""One step of a request as a span, with the attributes that Phoenix and LangSmith read.

OpenInference names first (``llm.*``, ``retrieval.*``, lists flattened and counted from zero), the
``gen_ai.*`` and ``langsmith.*`` names that LangSmith reads beside them. What users wrote and what
was answered is recorded only where the :class:`TextPolicy` says so; otherwise its length is.

Source: OpenInference semantic conventions; OpenTelemetry semantic conventions for generative AI;
LangSmith's table of attributes, "Trace with OpenTelemetry".
"""

from __future__ import annotations

import json
import math
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal

from opentelemetry import context as otel_context
from opentelemetry import trace as otel
from opentelemetry.trace import Status, StatusCode

Kind = Literal["LLM", "CHAIN", "AGENT", "RETRIEVER", "TOOL", "GUARDRAIL", "EVALUATOR", "EMBEDDING"]
KIND = "openinference.span.kind"
_LANGSMITH_KINDS = {
    "LLM": "llm",
    "RETRIEVER": "retriever",
    "TOOL": "tool",
    "EMBEDDING": "embedding",
}
_OPERATIONS = {
    "LLM": "chat",
    "EMBEDDING": "embeddings",
    "TOOL": "execute_tool",
    "AGENT": "invoke_agent",
}


@dataclass(frozen=True)
class TextPolicy:
    """Which texts a span keeps.

    Attributes:
        record: keep what users wrote and what was answered; otherwise only how long it is.
        max_chars: characters that one span keeps at most; what is over is cut and says so.
    """

    record: bool = False
    max_chars: int = 32_768


@dataclass(frozen=True)
class RetrievedDocument:
    """A passage that a retriever found; ``score`` is higher for better ones."""

    id: str
    content: str
    score: float | None = None
    metadata: Mapping[str, Any] | None = None


class Span:
    """A step under way; made by :meth:`serve.trace.Tracer.span`.

    ``with span:`` makes it the parent of the spans begun inside, also in the tasks started there,
    and ends it, with the error if one is raised. A span that outlives a block, such as that of an
    answer being streamed, is not entered but ended by :meth:`end`. Setting attributes after the
    end does nothing. No method raises.

    Attributes:
        kind: what OpenInference calls this kind of step.
    """

    def __init__(self, span: otel.Span, kind: Kind, policy: TextPolicy) -> None:
        self._span, self.kind, self._policy = span, kind, policy
        self._left = policy.max_chars
        self._ended_well = True
        self._outside: otel_context.Context | None = None
        self._set(KIND, kind)
        self._set("langsmith.span.kind", _LANGSMITH_KINDS.get(kind, "chain"))
        if kind in _OPERATIONS:
            self._set("gen_ai.operation.name", _OPERATIONS[kind])

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""
        return otel.format_trace_id(self._span.get_span_context().trace_id)

    @property
    def span_id(self) -> str:
        """16 hexadecimal digits."""
        return otel.format_span_id(self._span.get_span_context().span_id)

    @property
    def context(self) -> otel_context.Context:
        """What a span begun elsewhere takes as its parent."""
        return otel.set_span_in_context(self._span, otel_context.Context())

    # What every kind of step has.

    def set(self, name: str, value: str | bool | int | float) -> None:
        """Set an attribute of ours, ``minilora.NAME``; it is recorded as it is."""
        self._set(f"minilora.{name}", _plain(value))

    def set_input(self, value: Any) -> None:
        """Record what the step was given: text, or anything that JSON can hold."""
        self._set_value("input", value)

    def set_output(self, value: Any) -> None:
        """Record what came out of the step: text, or anything that JSON can hold."""
        self._set_value("output", value)

    def set_session(self, session_id: str) -> None:
        """Group the traces of one conversation."""
        self._set("session.id", _clean(session_id))
        self._set("langsmith.trace.session_id", _clean(session_id))

    def set_user(self, key: str) -> None:
        """Record the name of the API key that asked."""
        self._set("user.id", _clean(key))

    # LLM and EMBEDDING.

    def set_model(self, model: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Record which model answers, and with which sampling."""
        self._set("llm.model_name", _clean(model))
        self._set("gen_ai.request.model", _clean(model))
        plain = (bool, int, float, type(None))
        shown = {
            name: value if isinstance(value, plain) else self._text(value)
            for name, value in (parameters or {}).items()
        }
        if shown:
            self._set("llm.invocation_parameters", _json(shown))

    def set_messages(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Record the messages of a chat, in OpenAI's form."""
        self._set_messages("llm.input_messages", "gen_ai.prompt", messages)

    def set_tools(self, tools: Sequence[Mapping[str, Any]]) -> None:
        """Record the tools that the model may call, in OpenAI's form."""
        for i, tool in enumerate(tools):
            self._set(f"llm.tools.{i}.tool.json_schema", self._text(tool))

    def set_answers(
        self, messages: Sequence[Mapping[str, Any]], finish_reason: str | None = None
    ) -> None:
        """Record the answers, one message for each choice, in OpenAI's form."""
        self._set_messages("llm.output_messages", "gen_ai.completion", messages)
        if finish_reason is not None:
            self._set("llm.finish_reason", finish_reason)
            self._set("gen_ai.response.finish_reasons", [finish_reason])

    def set_token_counts(self, prompt: int, completion: int, cached: int = 0) -> None:
        """Record model tokens: ``cached`` of the prompt were found in the prefix cache."""
        self._set("llm.token_count.prompt", prompt)
        self._set("llm.token_count.completion", completion)
        self._set("llm.token_count.total", prompt + completion)
        self._set("llm.token_count.prompt_details.cache_read", cached)
        self._set("gen_ai.usage.input_tokens", prompt)
        self._set("gen_ai.usage.output_tokens", completion)

    def set_embedded(self, model: str, texts: Sequence[str]) -> None:
        """Record which texts were embedded by which model; vectors are left out."""
        self._set("embedding.model_name", _clean(model))
        self._set("gen_ai.request.model", _clean(model))
        for i, text in enumerate(texts):
            self._set(f"embedding.embeddings.{i}.embedding.text", self._text(text))

    # RETRIEVER, TOOL, EVALUATOR.

    def set_documents(self, documents: Sequence[RetrievedDocument]) -> None:
        """Record what a retriever found, best first."""
        for i, document in enumerate(documents):
            prefix = f"retrieval.documents.{i}.document"
            self._set(f"{prefix}.id", _clean(document.id))
            self._set(f"{prefix}.content", self._text(document.content))
            if document.score is not None:
                self._set(f"{prefix}.score", _plain(float(document.score)))
            if document.metadata is not None:
                self._set(f"{prefix}.metadata", self._text(document.metadata))

    def set_tool(self, name: str, arguments: Any) -> None:
        """Record which tool runs; :meth:`set_output` records its result."""
        self._set("tool.name", _clean(name))
        self._set("gen_ai.tool.name", _clean(name))
        self._set("tool.parameters", self._text(arguments))
        self.set_input(arguments)

    def set_score(
        self, name: str, score: float, label: str | None = None, explanation: str | None = None
    ) -> None:
        """Record a judge's verdict on this step's input and output."""
        self._set("minilora.score.name", _clean(name))
        self._set("minilora.score.value", _plain(float(score)))
        if label is not None:
            self._set("minilora.score.label", _clean(label))
        if explanation is not None:
            self._set("minilora.score.explanation", self._text(explanation))

    # How it ends.

    def event(self, name: str, **attributes: str | bool | int | float) -> None:
        """Record that something happened now."""
        self._span.add_event(name, {key: _plain(value) for key, value in attributes.items()})

    def fail(self, message: str) -> None:
        """Mark the step as failed; the message is recorded as it is."""
        self._ended_well = False
        self._span.set_status(Status(StatusCode.ERROR, _clean(message)))

    def end(self) -> None:
        """End it now; a second time does nothing."""
        if self._span.is_recording():  # ending twice would make the SDK warn
            if self._ended_well:
                self._span.set_status(StatusCode.OK)
            self._span.end()

    def __enter__(self) -> Span:
        """Make it the parent of what begins from now on in this task."""
        self._outside = otel_context.get_current()
        otel_context.attach(otel.set_span_in_context(self._span))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it; a task that is cancelled, or a stream that is left, is no error."""
        if isinstance(error, Exception):
            self._record_error(error)
        elif error is not None:
            self._ended_well = False
            self.event("cancelled")
        # A generator may be closed by another task, where this span is not the current one. There
        # nothing is to be put back, and resetting the context variable would fail.
        if self._outside is not None and otel.get_current_span() is self._span:
            otel_context.attach(self._outside)
        self.end()

    def _record_error(self, error: Exception) -> None:
        """Record type and place of an error; its message may quote the prompt."""
        message = f"{type(error).__name__}: {error}" if self._policy.record else ""
        frames = "".join(traceback.format_tb(error.__traceback__))
        attributes = {
            "exception.type": type(error).__name__,
            "exception.message": self._text(str(error)),
            "exception.stacktrace": frames[-4096:],
        }
        self._span.add_event("exception", attributes)
        self.fail(message or type(error).__name__)

    def _set_value(self, side: Literal["input", "output"], value: Any) -> None:
        kind = "text/plain" if isinstance(value, str) or not self._policy.record else None
        self._set(f"{side}.value", self._text(value))
        self._set(f"{side}.mime_type", kind or "application/json")

    def _set_messages(
        self, name: str, langsmith_name: str, messages: Sequence[Mapping[str, Any]]
    ) -> None:
        for i, message in enumerate(messages):
            prefix = f"{name}.{i}.message"
            role = _clean(str(message.get("role", "")))
            self._set(f"{prefix}.role", role)
            self._set(f"{langsmith_name}.{i}.role", role)
            if message.get("content") is not None:
                content = self._text(message["content"])
                self._set(f"{prefix}.content", content)
                self._set(f"{langsmith_name}.{i}.content", content)
            if message.get("tool_call_id") is not None:
                self._set(f"{prefix}.tool_call_id", _clean(str(message["tool_call_id"])))
            for j, call in enumerate(message.get("tool_calls") or ()):
                self._set_tool_call(f"{prefix}.tool_calls.{j}.tool_call", call)

    def _set_tool_call(self, prefix: str, call: Mapping[str, Any]) -> None:
        function = call.get("function", {})
        self._set(f"{prefix}.id", _clean(str(call.get("id", ""))))
        self._set(f"{prefix}.function.name", _clean(str(function.get("name", ""))))
        self._set(f"{prefix}.function.arguments", self._text(function.get("arguments", "")))

    def _text(self, value: Any) -> str:
        """Return what may be recorded of a text or a JSON value."""
        text = _clean(value if isinstance(value, str) else _json(value))
        if not self._policy.record:
            return f"[{len(text)} characters]"
        kept = text[: self._left]
        self._left -= len(kept)
        cut = len(text) - len(kept)
        return f"{kept}[{cut} more characters]" if cut else kept

    def _set(self, name: str, value: str | bool | int | float | list[str]) -> None:
        self._span.set_attribute(name, value)


def _plain(value: str | bool | int | float) -> str | bool | int | float:
    """Return a value that OTLP and JSON can hold, as text where they cannot.

    >>> _plain(0.5), _plain(float("nan")), _plain(2**64)
    (0.5, 'nan', '18446744073709551616')
    """
    if isinstance(value, str):
        return _clean(value)
    fits = math.isfinite(value) if isinstance(value, float) else value.bit_length() < 64
    return value if fits else str(value)


def _clean(text: str) -> str:
    r"""Return a text that UTF-8 can hold: JSON may escape half a character.

    >>> _clean("caf\u00e9 \ud83d")
    'café ?'
    """
    return text.encode("utf-8", "replace").decode()


def _json(value: Any) -> str:
    """Return a value as JSON; what JSON cannot hold is shown by its ``str``."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):  # odd keys, cycles, too deep
        return f"[{type(value).__name__}]"
