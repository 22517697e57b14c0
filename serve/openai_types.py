"""The bodies of OpenAI's API, typed: what is not listed here is refused by name.

msgspec reads JSON straight into these types, checks ranges and lengths, and says which field is
wrong; ``/openapi.json`` is generated from them.

Source: the OpenAI API reference, chat completions, embeddings and models.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from serve.errors import ApiError

MAX_DEPTH = 64  # of arrays and objects in a body
T = TypeVar("T")


class Closed(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A type without further fields."""


# --- chat: what comes in -------------------------------------------------------------------------

Name = Annotated[str, Meta(pattern="^[a-zA-Z0-9_.-]{1,64}$")]


class TextPart(Closed):
    """A part of a message; text is the only kind that this model reads."""

    type: Literal["text"]
    text: str


Text = str | list[TextPart]


class CalledFunction(Closed):
    """What an earlier answer called, its arguments as JSON text."""

    name: str
    arguments: str


class ToolCall(Closed):
    """A call in an earlier answer."""

    type: Literal["function"]
    id: str
    function: CalledFunction


class SystemMessage(Closed, tag_field="role", tag="system"):
    """Instructions."""

    content: Text
    name: str | None = None


class DeveloperMessage(Closed, tag_field="role", tag="developer"):
    """Instructions, under the newer name."""

    content: Text
    name: str | None = None


class UserMessage(Closed, tag_field="role", tag="user"):
    """What the user says."""

    content: Text
    name: str | None = None


class AssistantMessage(Closed, tag_field="role", tag="assistant"):
    """An earlier answer."""

    content: Text | None = None
    tool_calls: list[ToolCall] | None = None
    refusal: str | None = None
    name: str | None = None


class ToolMessage(Closed, tag_field="role", tag="tool"):
    """What a call of an earlier answer gave."""

    content: Text
    tool_call_id: str


Message = SystemMessage | DeveloperMessage | UserMessage | AssistantMessage | ToolMessage


class FunctionDefinition(Closed):
    """A function that may be called; ``strict`` is always kept, asked for or not."""

    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Closed):
    """A tool."""

    type: Literal["function"]
    function: FunctionDefinition


class NamedFunction(Closed):
    """The function that must be called."""

    name: str


class NamedTool(Closed):
    """The tool that must be called."""

    type: Literal["function"]
    function: NamedFunction


class TextFormat(Closed, tag_field="type", tag="text"):
    """Free text."""


class JsonObjectFormat(Closed, tag_field="type", tag="json_object"):
    """Any JSON object."""


class JsonSchema(Closed):
    """The schema that the answer fits; ``strict`` is always kept, asked for or not."""

    name: Name
    schema: dict[str, Any] | bool | UnsetType = UNSET
    description: str | None = None
    strict: bool | None = None


class JsonSchemaFormat(Closed, tag_field="type", tag="json_schema"):
    """A document of a JSON Schema."""

    json_schema: JsonSchema


class StreamOptions(Closed):
    """What a stream holds beside its tokens."""

    include_usage: bool = False


Count = Annotated[int, Meta(ge=1)]
Zero = Annotated[float, Meta(ge=0, le=0)]


class ChatRequest(Closed):
    """Body of ``POST /v1/chat/completions``.

    The penalties and ``logit_bias`` are taken at their neutral values only: a sampler that ignored
    another value would be wrong without saying so.
    """

    model: str
    messages: Annotated[list[Message], Meta(min_length=1, max_length=1000)]
    max_tokens: Count | None = None
    max_completion_tokens: Count | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    top_k: Count | None = None
    n: Annotated[int, Meta(ge=1, le=8)] | None = None
    stop: str | Annotated[list[str], Meta(max_length=4)] | None = None
    seed: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    response_format: TextFormat | JsonObjectFormat | JsonSchemaFormat | None = None
    tools: Annotated[list[Tool], Meta(max_length=128)] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    parallel_tool_calls: bool | None = None
    presence_penalty: Zero | None = None
    frequency_penalty: Zero | None = None
    logit_bias: Annotated[dict[str, float], Meta(max_length=0)] | None = None
    user: Annotated[str, Meta(max_length=256)] | None = None
    safety_identifier: Annotated[str, Meta(max_length=256)] | None = None
    metadata: Annotated[dict[str, str], Meta(max_length=16)] | None = None
    store: bool | None = None


# --- chat: what goes out -------------------------------------------------------------------------


class TopLogprob(Struct):
    """One of the likeliest tokens."""

    token: str
    logprob: float
    bytes: list[int]


class TokenLogprob(Struct):
    """A token of the answer with its log-probability."""

    token: str
    logprob: float
    bytes: list[int]
    top_logprobs: list[TopLogprob]


class Logprobs(Struct):
    """Log-probabilities of a choice."""

    content: list[TokenLogprob]
    refusal: None = None


class AnswerMessage(Struct, omit_defaults=True):
    """The answer."""

    role: str
    content: str | None
    tool_calls: list[dict[str, Any]] | UnsetType = UNSET
    refusal: None = None


class Choice(Struct):
    """One of the n answers."""

    index: int
    message: AnswerMessage
    finish_reason: str
    logprobs: Logprobs | None = None


class PromptDetails(Struct):
    """Of the prompt's tokens, those found in the prefix cache."""

    cached_tokens: int


class Usage(Struct):
    """Model tokens used."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails


class ChatResponse(Struct):
    """Answer of ``POST /v1/chat/completions``."""

    id: str
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    object: str = "chat.completion"
    system_fingerprint: str | None = None


class ChunkChoice(Struct):
    """What one event of a stream adds to a choice."""

    index: int
    delta: dict[str, Any]
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class ChatChunk(Struct, omit_defaults=True):
    """One event of a stream."""

    id: str
    created: int
    model: str
    choices: list[ChunkChoice]
    object: str = "chat.completion.chunk"
    usage: Usage | UnsetType | None = UNSET


# --- embeddings and models -----------------------------------------------------------------------


class EmbeddingsRequest(Closed):
    """Body of ``POST /v1/embeddings``."""

    model: str
    input: str | Annotated[list[str], Meta(min_length=1, max_length=2048)]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: Count | None = None
    user: Annotated[str, Meta(max_length=256)] | None = None


class Embedding(Struct):
    """One vector: numbers, or their float32 bytes in base64."""

    index: int
    embedding: list[float] | str
    object: str = "embedding"


class EmbeddingsUsage(Struct):
    """Model tokens used."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsResponse(Struct):
    """Answer of ``POST /v1/embeddings``."""

    data: list[Embedding]
    model: str
    usage: EmbeddingsUsage
    object: str = "list"


class Model(Struct):
    """A model that may be asked: the base or an adapter on it."""

    id: str
    created: int
    owned_by: str
    object: str = "model"
    parent: str | None = None


class ModelList(Struct):
    """Answer of ``GET /v1/models``."""

    data: list[Model]
    object: str = "list"


# --- reading -------------------------------------------------------------------------------------


def read(body: bytes, kind: type[T]) -> T:
    """Return a body as its type.

    Raises:
        ApiError: 400; not UTF-8, not JSON, nested too deeply, or a field that is unknown, missing
            or of another type or range. ``param`` names the field.
    """
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise ApiError(400, f"the body is not UTF-8 from byte {error.start} on") from None
    if _too_deep(body, MAX_DEPTH):
        raise ApiError(400, f"the body is nested more than {MAX_DEPTH} deep", code="too_deep")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        message, param = _told(str(error))
        raise ApiError(400, message, param=param, code="invalid_value") from None
    except msgspec.DecodeError as error:
        raise ApiError(400, f"the body is not JSON: {error}", code="invalid_json") from None


def _told(message: str) -> tuple[str, str | None]:
    """Return msgspec's message as a sentence, and the field it is about.

    >>> _told("Expected `int`, got `str` - at `$.stream_options.x`")
    ('stream_options.x: expected `int`, got `str`', 'stream_options.x')
    >>> _told("Object contains unknown field `foo`")
    ("unknown field 'foo'", 'foo')
    """
    what, _, path = message.partition(" - at `$")
    place = path.rstrip("`").lstrip(".")
    unknown = re.fullmatch(r"Object (contains unknown|missing required) field `(.*)`", what)
    if unknown:
        field = f"{place}.{unknown[2]}" if place else unknown[2]
        kind = "unknown field" if "unknown" in unknown[1] else "missing field"
        return f"{kind} {field!r}", field
    what = what[:1].lower() + what[1:]
    return (f"{place}: {what}", place) if place else (what, None)


_SQUARE = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _too_deep(body: bytes, most: int) -> bool:
    """Return whether the brackets of a JSON text, those in strings not counted, nest deeper.

    Each pass takes away the innermost pairs. There are at most ``most`` passes over the bytes, and
    nothing is searched twice: the text may be anything, and the event loop waits.

    >>> _too_deep(b'[{"]": [1]}]', 3), _too_deep(b'[{"]": [1]}]', 2)
    (False, True)
    """
    unescaped = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside_strings = b"".join(unescaped.split(b'"')[::2])
    brackets = outside_strings.translate(_SQUARE, _NOT_BRACKETS)
    for _ in range(most):
        shorter = brackets.replace(b"[]", b"")
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    return b"[]" in brackets or brackets.count(b"[") > most
