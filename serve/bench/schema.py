"""A request for a document of a JSON Schema, end to end: the server and llama.cpp's grammar.

Both get the same prompt, token for token, and weights of the same GGUF file: llama.cpp computes
with its 4-bit blocks, the server with what they stand for. The server is asked over HTTP, llama.cpp
is called in this process. Questions are new in every turn; what prompts of one schema share, each
may keep in its own cache.
"""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import jsonschema
import msgspec

from minilora.bench_timing import Timing
from minilora.chat import Tokenizer
from minilora.command import CommandFailed
from minilora.grammar import Vocabulary
from minilora.weights import resolve
from serve.bench.config import BenchConfig
from serve.bench.load import Body, Client
from serve.bench.peers import LlamaCpp
from serve.bench.report import Figure, Part, table
from serve.bench.server import Server
from serve.chat import Planner
from serve.openai_types import ChatRequest, read

WANTED_RATIO = 1.0
ANSWER_TOKENS = 160
SCHEMAS: dict[str, tuple[str, dict[str, Any]]] = {
    "trip": (
        "Plan a trip to {place}.",
        {
            "type": "object",
            "properties": {
                "city": {"type": "string", "maxLength": 40},
                "days": {"type": "integer", "minimum": 1, "maximum": 30},
                "season": {"enum": ["spring", "summer", "autumn", "winter"]},
            },
            "required": ["city", "days", "season"],
            "additionalProperties": False,
        },
    ),
    "contact": (
        "Write down the mayor of {place}.",
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "maxLength": 40},
                "languages": {
                    "type": "array",
                    "items": {"type": "string", "maxLength": 20},
                    "minItems": 1,
                    "maxItems": 3,
                },
                "elected": {"type": "boolean"},
                "note": {"anyOf": [{"type": "string", "maxLength": 60}, {"type": "null"}]},
            },
            "required": ["name", "languages", "elected", "note"],
            "additionalProperties": False,
        },
    ),
    "order": (
        "Order two souvenirs from {place}.",
        {
            "type": "object",
            "properties": {
                "items": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "product": {"type": "string", "maxLength": 30},
                            "amount": {"type": "integer", "minimum": 1, "maximum": 99},
                        },
                        "required": ["product", "amount"],
                        "additionalProperties": False,
                    },
                    "minItems": 2,
                    "maxItems": 2,
                },
                "express": {"type": "boolean"},
            },
            "required": ["items", "express"],
            "additionalProperties": False,
        },
    ),
}
PLACES = ("Lisbon", "Oslo", "Kyoto", "Quito", "Hobart", "Cork", "Turin", "Accra", "Lima", "Pune")


@dataclass(frozen=True)
class Document:
    """One answer: its time, its size, and whether a validator that is not ours takes it."""

    seconds: float
    tokens: int
    valid: bool


class Peer:
    """llama.cpp on the server's own prompts.

    Args:
        config: of the run.

    Raises:
        Unavailable: it cannot take part; the message says why.
    """

    def __init__(self, config: BenchConfig) -> None:
        if find_spec("llama_cpp") is None:
            raise Unavailable("llama-cpp-python is not installed")
        path = resolve(config.model).tokenizer_path
        if path.suffix != ".gguf":
            raise Unavailable(f"{config.model} is no GGUF file")
        tokenizer = Tokenizer.from_path(path)
        self._planner = Planner(tokenizer, Vocabulary.from_tokenizer(tokenizer))
        threads = config.threads or len(os.sched_getaffinity(0))
        self._llama = LlamaCpp(path, threads)

    def answer(self, name: str, body: Body) -> Document:
        """Return llama.cpp's document for a request."""
        request = read(msgspec.json.encode(body), ChatRequest)
        prompt, schema = self._planner.plan(request).prompt, SCHEMAS[name][1]
        began = time.perf_counter()
        completion = self._llama.complete(prompt, schema, ANSWER_TOKENS)
        seconds = time.perf_counter() - began
        return Document(seconds, completion.completion_tokens, is_valid(completion.text, schema))


class Unavailable(Exception):
    """A peer that cannot take part."""


async def measure(server: Server, config: BenchConfig) -> Part:
    """Check that the server's documents are valid, then time both in turn.

    Raises:
        CommandFailed: a document of the server is not valid.
    """
    peer, absent = None, ""
    try:
        peer = Peer(config)
    except Unavailable as error:
        absent = f"Not compared with llama.cpp: {error}."
    ours: dict[str, list[Document]] = {name: [] for name in SCHEMAS}
    theirs: dict[str, list[Document]] = {name: [] for name in SCHEMAS}
    async with Client(server.url) as client:
        for turn in range(config.repeats + 1):  # the first compiles grammars and is not timed
            for name in SCHEMAS:
                body = schema_body(config.model, name, turn)
                document = await _ours(client, name, body)
                if turn > 0:
                    ours[name].append(document)
                if peer is not None:
                    other = peer.answer(name, body)
                    if turn > 0:
                        theirs[name].append(other)
            print(f"  turn {turn} of {config.repeats}", file=sys.stderr, flush=True)
    n = sum(map(len, ours.values()))
    return Part(
        "JSON Schema, end to end",
        f"{n} documents of {len(SCHEMAS)} schemas are valid to jsonschema.",
        [
            Figure(
                "times as fast as llama.cpp with its grammar",
                None if peer is None else _times(ours, theirs),
                WANTED_RATIO,
                "x",
                "at least",
            )
        ],
        [_table(ours, theirs), *filter(None, [absent])],
        {"ours": _json(ours), "llama_cpp": _json(theirs)},
    )


def schema_body(model: str, name: str, turn: int) -> Body:
    """Return the greedy request for a document of one schema."""
    text, schema = SCHEMAS[name]
    place = f"{PLACES[turn % len(PLACES)]} ({turn})"
    return {
        "model": model,
        "messages": [{"role": "user", "content": text.format(place=place)}],
        "max_tokens": ANSWER_TOKENS,
        "temperature": 0,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": name, "schema": schema, "strict": True},
        },
    }


def is_valid(text: str, schema: dict[str, Any]) -> bool:
    """Return whether a text is a document of a schema, by jsonschema."""
    try:
        jsonschema.validate(json.loads(text), schema)
    except (ValueError, jsonschema.ValidationError):
        return False
    return True


async def _ours(client: Client, name: str, body: Body) -> Document:
    reply = await client.answer(body)
    if not is_valid(reply.text, SCHEMAS[name][1]):
        raise CommandFailed(f"the server's document is not one of schema {name!r}: {reply.text!r}")
    return Document(reply.total_s, reply.completion_tokens, True)


def _times(ours: dict[str, list[Document]], theirs: dict[str, list[Document]]) -> float:
    """Return how many times as fast a request is: the median over schemas and turns."""
    return _timing(ours).times(_timing(theirs))


def _timing(documents: dict[str, list[Document]]) -> Timing:
    return Timing("request", tuple(d.seconds for ways in documents.values() for d in ways))


def _table(ours: dict[str, list[Document]], theirs: dict[str, list[Document]]) -> str:
    rows: list[list[object]] = []
    for name in SCHEMAS:
        for who, ways in (("ours", ours[name]), ("llama.cpp", theirs[name])):
            if ways:
                rows.append([f"{name}, {who}", *_cells(ways)])
    heads = ["schema", "documents", "valid", "ms, median", "tokens, median", "ms a token"]
    return table(heads, rows)


def _cells(ways: Sequence[Document]) -> list[object]:
    seconds = statistics.median(way.seconds for way in ways)
    tokens = statistics.median(way.tokens for way in ways)
    per_token = statistics.median(way.seconds / max(1, way.tokens) for way in ways)
    valid = sum(way.valid for way in ways)
    return [len(ways), valid, f"{1000 * seconds:.0f}", f"{tokens:g}", f"{1000 * per_token:.1f}"]


def _json(documents: dict[str, list[Document]]) -> dict[str, Any]:
    return {name: [dataclasses.asdict(d) for d in ways] for name, ways in documents.items()}
