"""A small world: pages, questions, a detective by script, and a judge by rule behind HTTP."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from minilora.data.entailment.text import content_words, sentences
from serve.connection import listen
from serve.detective.reply import Reply, Source, StepRecord, Usage, Verification
from serve.judge.suite import Case

NAME = "tower.pdf"
PAGES = {
    1: "The lighthouse was lit in 1871 for the first time. Its lamp burned rape oil in winter.",
    2: "Ottilie Brandt drew the plans of the tower. Masons from Bergen cut 312 granite blocks.",
    3: "The keeper Maren Aske turned the lens by hand for 31 hours. A gale had broken its motor.",
    4: "The fog horn was sounded for the last time in 1968. Sailors missed its deep voice.",
    5: "Ines Vikander was the operator of the radio room. It had a transmitter of 50 watts.",
    6: "The museum opened in the old boat house in 1992. Tickets cost 40 kroner for adults.",
}
QUESTIONS = {
    "lit": ("When was the lighthouse lit for the first time?", 1),
    "plans": ("Who drew the plans of the tower?", 2),
    "lens": ("How long did the keeper Maren Aske turn the lens by hand?", 3),
    "horn": ("When was the fog horn sounded for the last time?", 4),
    "radio": ("Who was the operator of the radio room?", 5),
    "museum": ("When was the museum in the old boat house opened?", 6),
}
UNANSWERABLE = {
    "cook": "What did the cook of the lighthouse earn?",
    "cat": "What was the name of the cat of the museum?",
}
SAYS = {id_: sentences(PAGES[page])[0] for id_, (_, page) in QUESTIONS.items()}
SUITE = [
    Case(
        id_,
        question,
        (SAYS[id_],),
        document=NAME,
        page=page,
        route="documents",
        outcome="answered",
    )
    for id_, (question, page) in QUESTIONS.items()
] + [
    Case(id_, question, route="documents", outcome="refused")
    for id_, question in UNANSWERABLE.items()
]


@dataclass
class Agent:
    """A detective by script; tests plant its faults.

    Attributes:
        says: case -> its statement; it refuses where there is none.
        cites: case -> the page that it cites.
    """

    says: dict[str, str] = field(default_factory=lambda: dict(SAYS))
    cites: dict[str, int] = field(
        default_factory=lambda: {id_: page for id_, (_, page) in QUESTIONS.items()}
    )

    def reply(self, question: str) -> Reply:
        """Return the answer to a question, in the detective's form."""
        case = next(case for case in SUITE if case.question == question)
        found = dict.fromkeys((case.page or 1, 6, 4))
        passages = [{"document_name": NAME, "page": p, "text": PAGES[p]} for p in found]
        steps = (StepRecord(0, "retrieve", "ok", 0.0, 1.0, detail={"passages": passages}),)
        check = Verification("not_checked", "Wikipedia is off.")
        if case.id not in self.says:
            text = "The sources do not say."
            return Reply(text, "refused", "documents", (), check, steps, Usage(), "agent")
        page = self.cites.get(case.id, 1)
        quote = sentences(PAGES[page])[0]
        source = Source(1, "document", NAME, PAGES[page], quote, 0, len(quote), "d", page, 0)
        text = f'{self.says[case.id]} From the documents: "{quote}" [1]'
        return Reply(text, "answered", "documents", (source,), check, steps, Usage(), "agent")

    def app(self) -> Starlette:
        """Return it as a service."""

        async def ask(request: Request) -> Response:
            reply = self.reply((await request.json())["question"])
            return Response(msgspec.json.encode(reply), media_type="application/json")

        async def health(request: Request) -> Response:
            return JSONResponse({"status": "ok"})

        return Starlette(routes=[Route("/ask", ask, methods=["POST"]), Route("/health", health)])


def honest(claim: str, sources: str) -> str:
    """Return a verdict: a claim is supported where one sentence holds all of its words."""
    for sentence in sentences(sources):
        same_sense = (" not " in claim) == (" not " in sentence)
        if same_sense and content_words(claim) <= content_words(sentence):
            return "supported"
    return "not_found"


def always_yes(claim: str, sources: str) -> str:
    """Return what a judge says that does not read."""
    return "supported"


def always_no(claim: str, sources: str) -> str:
    """Return what a judge says that trusts nothing."""
    return "not_found"


Rule = Callable[[str, str], str]


def judge_app(rule: Rule, counter: list[str]) -> Starlette:
    """Return a judge as an OpenAI-compatible API.

    Args:
        rule: claim and sources to a verdict.
        counter: gets the name of every question that is put to it.
    """

    async def complete(request: Request) -> Response:
        body = await request.json()
        name = body["response_format"]["json_schema"]["name"]
        counter.append(name)
        value = _answer(name, body["messages"][-1]["content"], rule)
        return JSONResponse(
            {
                "choices": [{"message": {"content": json.dumps(value)}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 10},
            }
        )

    return Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])


def _answer(name: str, text: str, rule: Rule) -> dict[str, Any]:
    parts = re.findall(r"<<source \w+: ([\w ]+)>>\n(.*?)\n<<end \w+>>", text, re.DOTALL)
    if name == "judge_claims":
        return {"claims": sentences(re.sub(r"\s*\[\d+\]", "", parts[-1][1]))}
    if name == "judge_questions":
        return {"questions": ["What?"] * 3, "noncommittal": False}
    sources = "\n".join(body for label, body in parts if label.startswith("source"))
    quote = sentences(sources)[0]
    return {"reason": "By rule.", "quote": quote, "verdict": rule(parts[-1][1], sources)}


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """Serve an application on a free port of loopback; the value is its address."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
