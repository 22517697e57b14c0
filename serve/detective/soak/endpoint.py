"""A model that needs no model: the detective's three decisions by rule, by OpenAI's API.

It sends every question to the documents and quotes the first sentence of the sources that shares
most words with the question. A server that asks it answers within milliseconds.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_SOURCES = re.compile(r"<<source \w+: [^\n]*>>\n(.*)\n<<end \w+>>\n\w+: (.*)", re.DOTALL)
_SENTENCE = re.compile(r"[^\s.][^.\n]*\.?")


def decide(name: str, user: str) -> dict[str, Any]:
    r"""Return the decision of a step.

    Args:
        name: "route", "read" or "verify".
        user: what the user's turn says.

    >>> sources = "<<source 5f: d>>\nTea. The reading was 7.\n<<end 5f>>"
    >>> decide("read", f"{sources}\nQuestion: reading?")
    {'quote': 'The reading was 7.', 'answered': True, 'answer': 'The reading was 7.'}
    """
    if name == "route":
        question = user.rpartition("Question: ")[2]
        return {"route": "documents", "query": question[:100]}
    found = _SOURCES.search(user)
    if found is None:
        raise ValueError("there are no sources in the prompt")
    wanted = _words(found[2])
    sentences = _SENTENCE.findall(found[1])
    best = max(sentences, key=lambda sentence: len(wanted & _words(sentence)))
    quote = best.strip()[:300]
    if name == "verify":
        return {"quote": quote, "verdict": "not_found"}
    answered = len(wanted & _words(quote)) >= len(wanted) // 2
    return {"quote": quote, "answered": answered, "answer": quote if answered else ""}


@contextmanager
def serving() -> Iterator[str]:
    """Serve it on a free port of loopback; yields the URL that ends in ``/v1``."""
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of an error, but not of a connection whose other end was killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Answers ``POST /v1/chat/completions``, whose ``response_format`` names the step."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a completion."""
        length = int(self.headers["Content-Length"])
        received = self.rfile.read(length)
        if len(received) < length:  # who asked was killed
            self.close_connection = True
            return
        asked = json.loads(received)
        name = asked["response_format"]["json_schema"]["name"]
        user = next(turn["content"] for turn in asked["messages"] if turn["role"] == "user")
        message = {"role": "assistant", "content": json.dumps(decide(name, user))}
        body = json.dumps(
            {
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": len(user) // 4, "completion_tokens": 20},
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on stderr."""


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
