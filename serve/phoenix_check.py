"""``python -m serve.phoenix_check URL``: does a running Phoenix show our traces as we mean them?

Sends one trace (agent, retriever, model) through the server's own tracer, waits until Phoenix has
it, attaches a score, reads spans and score back over REST, and compares. Phoenix runs offline::

    pip install arize-phoenix
    PHOENIX_WORKING_DIR=/tmp/phoenix PHOENIX_HOST=127.0.0.1 phoenix serve
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from minilora.command import (
    CommandFailed,
    Parser,
    add_flags,
    check_writable,
    exit_with,
    from_flags,
    option,
    write_json,
)
from serve.phoenix import Phoenix, Score
from serve.span import RetrievedDocument
from serve.trace import Tracer, TraceSettings

_POLL_S = 0.5
_ANSWER = "Ada Lovelace wrote the notes [1]."
_DOCUMENTS = (
    RetrievedDocument("report#3", "The notes were written by Ada Lovelace.", 0.875, {"page": 3}),
    RetrievedDocument("report#7", "They were published in 1843.", 0.5, {"page": 7}),
)
# What Phoenix must show: span -> kind, and attributes.
_EXPECTED: dict[str, tuple[str, dict[str, Any]]] = {
    "ask": (
        "AGENT",
        {
            "input.value": "Who wrote the notes?",
            "output.value": _ANSWER,
            "session.id": "phoenix-check",
        },
    ),
    "search": (
        "RETRIEVER",
        {
            "retrieval.documents.0.document.id": "report#3",
            "retrieval.documents.0.document.content": _DOCUMENTS[0].content,
            "retrieval.documents.0.document.score": 0.875,
            "retrieval.documents.1.document.id": "report#7",
        },
    ),
    "chat": (
        "LLM",
        {
            "llm.model_name": "smollm2-135m",
            "llm.input_messages.1.message.role": "user",
            "llm.input_messages.1.message.content": "Who wrote the notes?",
            "llm.output_messages.0.message.content": _ANSWER,
            "llm.token_count.prompt": 41,
            "llm.token_count.completion": 9,
            "llm.token_count.total": 50,
        },
    ),
}


@dataclass(frozen=True)
class CheckConfig:
    """Flags of the command."""

    project: str = option("minilora-check", "project in Phoenix that the trace goes to")
    api_key: str | None = option(None, "sent as Authorization: Bearer, where Phoenix asks for one")
    timeout: float = option(30.0, "seconds to wait until Phoenix shows the trace")

    def __post_init__(self) -> None:
        """Check the range."""
        if not self.timeout > 0:
            raise ValueError(f"--timeout must be above 0, got {self.timeout}")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(
        prog="python -m serve.phoenix_check",
        description="Send a trace and a score to a running Phoenix and compare what it shows.",
    )
    parser.add_argument("url", metavar="URL", help="of Phoenix, such as http://127.0.0.1:6006")
    add_flags(parser, CheckConfig)
    parser.add_argument("--json", metavar="FILE", help="also write what Phoenix shows here")
    arguments = parser.parse_args(argv)
    exit_with(lambda: run(arguments.url, from_flags(CheckConfig, arguments), arguments.json))


def run(url: str, config: CheckConfig, json_file: str | None = None) -> None:
    """Send, read back, compare, print, and write what was found."""
    check_writable(json=json_file)
    headers = {} if config.api_key is None else {"Authorization": f"Bearer {config.api_key}"}
    settings = TraceSettings(
        f"{url.rstrip('/')}/v1/traces",
        headers,
        config.project,
        log_prompts=True,
        timeout_s=config.timeout,
    )
    trace_id = send_trace(settings)
    print(f"sent trace {trace_id} to {url}", file=sys.stderr)
    phoenix = Phoenix(url, headers)
    try:
        spans, scores = read_back(phoenix, config.project, trace_id, config.timeout)
    except httpx.HTTPError as error:
        raise CommandFailed(f"{url}: {error}") from error
    finally:
        phoenix.close()
    write_json(json_file, {"trace_id": trace_id, "spans": spans, "annotations": scores})
    if wrong := differences(spans, scores):
        raise CommandFailed("Phoenix shows it otherwise: " + "; ".join(wrong))
    for span in spans:
        print(f"{span['span_kind']:<10} {span['name']:<8} {len(span['attributes'])} attributes")
    print(f"score      {scores[0]['name']} = {scores[0]['result']['score']}")


def send_trace(settings: TraceSettings) -> str:
    """Send a trace as a request to the agent leaves one, and return its id.

    Raises:
        CommandFailed: it did not arrive.
    """
    dropped: list[int] = []
    tracer = Tracer(settings, on_dropped=lambda _, spans: dropped.append(spans))
    question = "Who wrote the notes?"
    with tracer.span("ask", kind="AGENT") as ask:
        ask.set_session("phoenix-check")
        ask.set_input(question)
        with tracer.span("search", kind="RETRIEVER") as search:
            search.set_input(question)
            search.set_documents(_DOCUMENTS)
        with tracer.span("chat", kind="LLM") as chat:
            chat.set_model("smollm2-135m", {"temperature": 0.0, "max_tokens": 64})
            chat.set_messages(
                [
                    {"role": "system", "content": "Answer from the sources."},
                    {"role": "user", "content": question},
                ]
            )
            chat.set_answers([{"role": "assistant", "content": _ANSWER}], "stop")
            chat.set_token_counts(prompt=41, completion=9, cached=16)
        ask.set_output(_ANSWER)
    sent = tracer.flush(settings.timeout_s)
    tracer.shutdown()
    if dropped or not sent:
        raise CommandFailed(f"{settings.endpoint} did not take the trace")
    return ask.trace_id


def read_back(
    phoenix: Phoenix,
    project: str,
    trace_id: str,
    timeout_s: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Wait for the spans, score the model's answer, and return both as Phoenix has them.

    Raises:
        CommandFailed: the trace did not show up in time.
    """
    deadline = clock() + timeout_s
    while len(spans := phoenix.spans(project, trace_id)) < len(_EXPECTED):
        if clock() > deadline:
            raise CommandFailed(f"{len(spans)} of {len(_EXPECTED)} spans after {timeout_s:g} s")
        sleep(_POLL_S)
    spans.sort(key=lambda span: str(span["start_time"]))
    chat = next(span for span in spans if span["span_kind"] == "LLM")["context"]["span_id"]
    phoenix.annotate([Score(chat, "faithfulness", 0.75, "faithful", "3 of 4 claims")])
    return spans, phoenix.annotations(project, [chat])


def differences(spans: Sequence[dict[str, Any]], scores: Sequence[dict[str, Any]]) -> list[str]:
    """Return how what Phoenix shows differs from what was sent, a phrase each."""
    by_name = {span["name"]: span for span in spans}
    wrong = [f"no span {name}" for name in _EXPECTED if name not in by_name]
    for name, (kind, attributes) in _EXPECTED.items():
        span = by_name.get(name)
        if span is None:
            continue
        if span["span_kind"] != kind:
            wrong.append(f"{name} is {span['span_kind']}, not {kind}")
        shown = span["attributes"]
        wrong += [
            f"{name}: {key} is {shown.get(key)!r}, not {value!r}"
            for key, value in attributes.items()
            if shown.get(key) != value
        ]
        parent = None if name == "ask" else by_name.get("ask", {}).get("context", {}).get("span_id")
        if span["parent_id"] != parent:
            wrong.append(f"{name}: its parent is {span['parent_id']}, not {parent}")
    result = {"score": 0.75, "label": "faithful", "explanation": "3 of 4 claims"}
    if [(each["name"], each["result"]) for each in scores] != [("faithfulness", result)]:
        wrong.append(f"scores are {list(scores)}")
    return wrong


if __name__ == "__main__":
    main()
