"""The benchmark measures what it says: against a small server whose behaviour is known."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import json
import os
import random
import socket
import sys
import time
import types
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from minilora.chat import Tokenizer
from minilora.command import CommandFailed
from minilora.generate import Sampling, generate
from minilora.model import Llama
from serve.auth import read_keys
from serve.bench import health, malformed, overload, peers, prefix, schema, start, throughput
from serve.bench.__main__ import MEASURES, main
from serve.bench.bad_requests import BadRequest, Outcome, kinds, send
from serve.bench.config import PARTS, BenchConfig
from serve.bench.load import Client, Reply, closed_loop, open_loop
from serve.bench.questions import QUESTIONS, chat_body, question
from serve.bench.report import Figure, Part, about, figures_table
from serve.bench.server import Server, running, sum_samples
from serve.sse import EventStream, unless_gone

SMALL = BenchConfig(
    model="fake",
    repeats=1,
    concurrency=4,
    requests=8,
    new_tokens=4,
    probes=10,
    probe_rate=500.0,
    prefixes=2,
    overload_s=0.5,
    overload_factor=2.0,
    connections=2,
)
QUOTA = 10**9
PIECES = ("One", " two", " three", " four")


class Fake:
    """Answers in four tokens; every prompt has 300, an old system prompt brings 256 of them.

    Attributes:
        overcharged: tokens too many that each request is charged.
        refusing: answer 503 to every third request, as a full queue would.
        forgetful: keep no system prompt.
        wavering: answer otherwise while another request is under way.
        holding: do not end an answer before the caller leaves.
        text: of whole answers; None is that of the pieces.
    """

    def __init__(self) -> None:
        self.overcharged = 0
        self.refusing = self.forgetful = self.wavering = self.holding = False
        self.text: str | None = None
        self.charged: dict[str, int] = {}
        self.under_way = self.asked = 0
        self.systems: set[str] = set()

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/health", self.health),
                Route("/metrics", self.metrics),
                Route("/v1/chat/completions", self.chat, methods=["POST"]),
            ]
        )

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def metrics(self, request: Request) -> Response:
        lines = [
            f"minilora:num_requests_running {self.under_way}",
            "minilora:num_requests_waiting 0",
            "minilora:kv_cache_usage_perc 0",
            *(
                f'minilora:tokens_total{{key="{key}",type="{kind}"}} {n}'
                for key, tokens in self.charged.items()
                for kind, n in (("prompt", tokens - 1), ("generation", 1))
            ),
        ]
        return Response("\n".join(lines) + "\n", media_type="text/plain")

    async def chat(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
            system = body["messages"][0]["content"]
        except (ValueError, KeyError):
            return self.refusal(400, "invalid_json")
        self.asked += 1
        if self.refusing and self.asked % 3 == 0:
            return self.refusal(503, "queue_full")
        key = request.headers.get("authorization", "Bearer anonymous").split()[1]
        remaining = QUOTA - self.charged.get(key, 0) - 300 - body["max_tokens"]
        cached = 256 if system in self.systems and not self.forgetful else 0
        self.systems.add(system)
        usage = {
            "prompt_tokens": 300,
            "completion_tokens": len(PIECES),
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        headers = {"x-ratelimit-remaining-tokens": str(remaining)}
        self.under_way += 1
        if body.get("stream"):
            return EventStream(self.events(key, usage, bool(body.get("logprobs"))), headers)
        try:
            await unless_gone(request, self.hold())
        finally:
            alone = self.under_way == 1
            self.finish(key, 300 + len(PIECES))
        text = "".join(PIECES) if self.text is None else self.text
        if self.wavering and not alone:
            text += "!"
        choice = {"message": {"content": text}, "finish_reason": "length"}
        return JSONResponse({"choices": [choice], "usage": usage}, headers=headers)

    async def hold(self) -> None:
        """Let others come in between; where it holds, for ever."""
        await (asyncio.Event().wait() if self.holding else asyncio.sleep(0))

    async def events(
        self, key: str, usage: Mapping[str, Any], logprobs: bool
    ) -> AsyncGenerator[bytes, None]:
        given = 0
        try:
            for piece in PIECES:
                given += 1
                said = {"content": [{"token": piece}]} if logprobs else None
                choice = {"delta": {"content": piece}, "finish_reason": None, "logprobs": said}
                yield b"data: %s\n\n" % json.dumps({"choices": [choice]}).encode()
                await self.hold()
            yield b"data: %s\n\n" % json.dumps({"choices": [], "usage": usage}).encode()
            yield b"data: [DONE]\n\n"
        finally:
            self.finish(key, 300 + given)

    def finish(self, key: str, tokens: int) -> None:
        self.under_way -= 1
        self.charged[key] = self.charged.get(key, 0) + tokens + self.overcharged

    def refusal(self, status: int, code: str) -> Response:
        return JSONResponse({"error": {"code": code, "type": "server_error"}}, status)


class InProcess(Server):
    """The fake runs in this process, whose clock of processor time is finer than /proc's."""

    def cpu_s(self) -> float:
        return time.process_time()


@asynccontextmanager
async def served(fake: Fake) -> AsyncIterator[Server]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(fake.app(), log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    running_ = asyncio.create_task(server.serve([listener]))
    try:
        yield InProcess(f"http://127.0.0.1:{listener.getsockname()[1]}", os.getpid())
    finally:
        server.should_exit = True
        await running_
        listener.close()


def measured(
    measure: Callable[[Server, BenchConfig], Awaitable[Part]],
    fake: Fake | None = None,
    **changes: Any,
) -> Part:
    async def run() -> Part:
        async with served(fake or Fake()) as server:
            return await measure(server, dataclasses.replace(SMALL, **changes))

    return asyncio.run(run())


def figure(part: Part, beginning: str) -> Figure:
    (found,) = [one for one in part.figures if one.name.startswith(beginning)]
    return found


# --- the report and the command ------------------------------------------------------------------


def test_a_figure_is_met_on_the_good_side_of_its_bound() -> None:
    assert Figure("time", 4.0, 4.0, "s").met is True
    assert Figure("time", 4.1, 4.0, "s").met is False
    assert Figure("speed", 3.9, 4.0, "x", "at least").met is False
    assert Figure("speed", None, 4.0, "x", "at least").met is None
    table = figures_table([Figure("speed", 3.9, 4.0, "x", "at least"), Figure("told", 1.0)])
    assert "| speed | at least 4x | 3.9x | no |" in table
    assert "| told | – | 1 | – |" in table


def test_every_part_can_be_selected_and_others_cannot() -> None:
    assert list(MEASURES) == list(PARTS)
    assert BenchConfig(only="prefix,start").parts == ["start", "prefix"]
    with pytest.raises(ValueError, match="no part 'speed', there are start, health"):
        BenchConfig(only="start,speed")
    with pytest.raises(ValueError, match="--overload-s must be above 0"):
        BenchConfig(overload_s=float("nan"))


def test_a_part_that_fails_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(config: BenchConfig) -> Part:
        raise CommandFailed("no answer")

    async def works(config: BenchConfig) -> Part:
        return Part("Prefix cache", "All right.", [Figure("ratio", 0.5, 0.4, "x")])

    monkeypatch.setitem(MEASURES, "start", fails)
    monkeypatch.setitem(MEASURES, "prefix", works)
    report = tmp_path / "report.json"
    with pytest.raises(SystemExit) as ended:
        main(["--only", "start,prefix", "--json", str(report)])
    printed = capsys.readouterr()
    assert ended.value.code == 1
    assert "Failed: no answer" in printed.out
    assert "| ratio | at most 0.4x | 0.5x | no |" in printed.out
    assert "a check failed in: start" in printed.err
    parts = json.loads(report.read_text())["parts"]
    assert parts["start"] == {"failed": "no answer"}
    assert parts["prefix"]["figures"][0]["met"] is False


def test_wrong_use_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "speed"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("error: --only: no part 'speed'")


# --- clients and arrivals ------------------------------------------------------------------------


def ask(fake: Fake, work: Callable[[Client], Awaitable[Any]], key: str | None = None) -> Any:
    async def run() -> Any:
        async with served(fake) as server, Client(server.url, key) as client:
            return await work(client)

    return asyncio.run(run())


def test_an_answer_is_read_whole_and_as_a_stream() -> None:
    async def both(client: Client) -> list[Reply]:
        body = chat_body("fake", "Hello", 0, 4)
        return [await client.chat(body), await client.chat({**body, "stream": True})]

    whole, stream = ask(Fake(), both, "somebody")
    assert whole.answered
    assert stream.answered
    assert whole.text == stream.text == "One two three four"
    assert whole.used_tokens == stream.used_tokens == 304
    assert (whole.cached_tokens, stream.cached_tokens) == (0, 256)
    assert (whole.remaining_tokens, stream.remaining_tokens) == (QUOTA - 304, QUOTA - 2 * 304)
    assert whole.first_s is None
    assert 0 < stream.first_s <= stream.total_s


def test_who_leaves_has_what_came_until_then() -> None:
    fake = Fake()
    fake.holding = True
    fields = {"stream": True, "logprobs": True}
    reply = ask(fake, lambda client: client.chat(chat_body("fake", "Hi", 0, 4, **fields), 0.2))
    assert reply.left
    assert not reply.answered
    assert (reply.text, reply.streamed_tokens) == ("One", 1)
    assert fake.under_way == 0


def test_a_refusal_has_its_status_and_code() -> None:
    fake = Fake()
    fake.refusing, fake.asked = True, 2
    reply = ask(fake, lambda client: client.chat(chat_body("fake", "Hi", 0, 4)))
    assert (reply.status, reply.error, reply.answered) == (503, "queue_full", False)
    fake.asked = 2
    with pytest.raises(CommandFailed, match="answered 503: queue_full"):
        ask(fake, lambda client: client.answer(chat_body("fake", "Hi", 0, 4)))


def test_a_closed_loop_keeps_its_order_and_its_bound() -> None:
    most = 0

    class Counting(Client):
        under_way = 0

        async def answer(self, body: Mapping[str, Any]) -> Reply:
            nonlocal most
            self.under_way += 1
            most = max(most, self.under_way)
            for _ in range(10 - body["n"]):  # the first are the slowest
                await asyncio.sleep(0)
            self.under_way -= 1
            return Reply(text=str(body["n"]))

    replies = asyncio.run(closed_loop(Counting("http://nowhere"), [{"n": n} for n in range(10)], 3))
    assert [reply.text for reply in replies] == list("0123456789")
    assert most == 3


def test_an_open_loop_does_not_wait_for_answers() -> None:
    async def run() -> tuple[float, int]:
        answered, begun = asyncio.Event(), 0

        async def send() -> None:
            nonlocal begun
            begun += 1
            if begun == 20:
                answered.set()
            await answered.wait()  # the first twenty are under way together

        rate = await open_loop(400.0, 0.2, random.Random(0), send)
        return rate, begun

    rate, begun = asyncio.run(run())
    expected, due = 0, random.Random(0)
    at = due.expovariate(400.0)
    while at < 0.2:
        expected, at = expected + 1, at + due.expovariate(400.0)
    assert begun == expected > 20
    assert 0 < rate <= begun / 0.2


def test_questions_have_three_lengths() -> None:
    assert len(set(map(question, range(len(QUESTIONS))))) == len(QUESTIONS)
    short, middle, long = (len(question(place)) for place in range(3))
    assert short < 100 < middle < 500 < long


# --- the server as a process ---------------------------------------------------------------------

SCRIPT = """
import http.server, json, signal, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply({})

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        usage = {"prompt_tokens": 1, "completion_tokens": 1,
                 "prompt_tokens_details": {"cached_tokens": 0}}
        message = {"content": "Hello"}
        self.reply({"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage})

    def reply(self, document):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *arguments):
        pass

signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDS_WITH))
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


def command(ends_with: int = 0) -> list[str]:
    return [sys.executable, "-c", SCRIPT.replace("ENDS_WITH", str(ends_with))]


def test_a_server_is_started_watched_and_stopped(tmp_path: Path) -> None:
    async def run() -> Server:
        async with running([], tmp_path, command()) as server:
            assert server.rss_bytes() > 1 << 20
            assert 0 < server.cpu_s() < 60
            assert Path(f"/proc/{server.pid}").exists()
            return server

    server = asyncio.run(run())
    assert not Path(f"/proc/{server.pid}").exists()


def test_a_server_that_ends_badly_or_never_begins_is_told(tmp_path: Path) -> None:
    async def run(command: list[str]) -> None:
        async with running([], tmp_path, command):
            pass

    with pytest.raises(CommandFailed, match="ended with code 3"):
        asyncio.run(run(command(ends_with=3)))
    with pytest.raises(CommandFailed, match="did not start: error: no weights"):
        asyncio.run(run([sys.executable, "-c", "raise SystemExit('error: no weights')"]))


def test_start_is_timed_from_the_process_to_its_answer() -> None:
    part = asyncio.run(start.measure(SMALL, command()))
    (ready,), (answer,) = part.data["ready_s"], part.data["first_answer_s"]
    assert 0 < ready < answer == figure(part, "process start to first answer, longest").measured


def test_samples_are_summed_over_the_labels_that_are_not_asked_for() -> None:
    text = 't_total{key="a",type="x"} 1\nt_total{key="a",type="y"} 2\nt_total{key="b"} 4\n'
    assert sum_samples(text) == {"t_total": 7}
    assert sum_samples(text, key="a") == {"t_total": 3}


def test_a_server_that_does_not_come_to_rest_is_told() -> None:
    async def run() -> None:
        fake = Fake()
        async with served(fake) as server:
            await server.idle()
            fake.under_way = 1
            with pytest.raises(CommandFailed, match="1 requests still run or wait"):
                await server.idle(timeout_s=0)

    asyncio.run(run())


# --- the parts -----------------------------------------------------------------------------------


def test_health_is_probed_while_chats_are_under_way() -> None:
    fake = Fake()
    fake.holding = True
    part = measured(health.measure, fake)
    assert len(part.data["busy_ms"]) == SMALL.probes
    assert figure(part, "p99").measured == pytest.approx(max(part.data["busy_ms"]), rel=0.5)
    assert fake.under_way == 0


def test_health_fails_where_chats_do() -> None:
    fake = Fake()
    fake.refusing = True
    with pytest.raises(CommandFailed, match="answered 503"):
        measured(health.measure, fake)


def test_throughput_wants_the_same_answers_alone_and_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throughput, "find_spec", lambda name: None)
    part = measured(throughput.measure)
    assert "8 answers are the same alone and among 4." in part.checked
    assert part.data["runs"]["together"][0]["tokens"] == 8 * len(PIECES)
    assert figure(part, "by transformers").met is None
    fake = Fake()
    fake.wavering = True
    with pytest.raises(CommandFailed, match=r"three four' alone and .*four!' among others"):
        measured(throughput.measure, fake)


def test_the_prefix_cache_must_have_been_used() -> None:
    part = measured(prefix.measure)
    assert len(part.data["ratios"]) == SMALL.prefixes
    assert part.data["prompt_tokens"] == [300, 300]
    fake = Fake()
    fake.forgetful = True
    with pytest.raises(CommandFailed, match="only 0 of 300 tokens"):
        measured(prefix.measure, fake)


ONE_SCHEMA = {"city": ("Name a city of {place}.", {"type": "object", "required": ["city"]})}


def test_documents_must_be_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "SCHEMAS", ONE_SCHEMA)
    monkeypatch.setattr(schema, "find_spec", lambda name: None)
    fake = Fake()
    fake.text = '{"city": "Oslo"}'
    part = measured(schema.measure, fake)
    assert part.checked == "1 documents of 1 schemas are valid to jsonschema."
    assert part.notes[-1] == "Not compared with llama.cpp: llama-cpp-python is not installed."
    fake.text = '{"town": "Oslo"}'
    with pytest.raises(CommandFailed, match="not one of schema 'city'"):
        measured(schema.measure, fake)


def test_a_peer_that_takes_ten_seconds_loses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def __init__(self, config: BenchConfig) -> None:
            pass

        def answer(self, name: str, body: Mapping[str, Any]) -> schema.Document:
            assert body["response_format"]["json_schema"]["schema"] == ONE_SCHEMA[name][1]
            return schema.Document(seconds=10.0, tokens=5, valid=False)

    monkeypatch.setattr(schema, "SCHEMAS", ONE_SCHEMA)
    monkeypatch.setattr(schema, "Peer", Slow)
    fake = Fake()
    fake.text = '{"city": "Oslo"}'
    part = measured(schema.measure, fake)
    (ours,) = part.data["ours"]["city"]
    assert figure(part, "times as fast").measured == pytest.approx(10.0 / ours["seconds"])
    assert "| city, llama.cpp | 1 | 0 | 10000 | 5 | 2000.0 |" in part.notes[0]


def test_overload_balances_every_token() -> None:
    part = measured(overload.measure)
    for name in ("answers that are not", "callers who stay", "callers who leave: charged beside"):
        assert figure(part, name).met, name
    charges = part.data["charges"]["staying"]
    assert charges["charged"] == charges["counted"] == charges["answered"] > 304


def test_overload_sees_a_token_charged_too_many() -> None:
    fake = Fake()
    fake.overcharged = 1
    part = measured(overload.measure, fake)
    n = part.data["statuses"]["staying"]["200"] + 1  # and the request before them
    assert figure(part, "callers who stay").measured == n


def test_overload_tells_wrong_answers_and_growing_memory() -> None:
    replies = [Reply(200, total_s=1.0), Reply(429), Reply(503), Reply(left=True), Reply(500)]
    seen = {
        "staying": overload.Seen([*replies, Reply(200, error="engine_failed")], broken=2),
        "leaving": overload.Seen(),
    }
    charges = dict.fromkeys(overload.METERED, overload.Charges(9, 8, 9, 0, 0))
    metrics = {
        "minilora:num_requests_running": 1.0,
        "minilora:num_requests_waiting": 2.0,
        "minilora:kv_cache_usage_perc": 0.5,
    }
    part = overload.make_part(SMALL, 10.0, seen, [100] * 5 + [150] * 5, metrics, charges)
    wrong = {
        "answers that are not": 4,
        "memory": 1.5,
        "afterwards: requests": 3,
        "afterwards: cache": 0.5,
        "callers who leave: charged beside": 1,
    }
    for name, measured_ in wrong.items():
        assert figure(part, name).measured == measured_
        assert figure(part, name).met is False
    assert "| staying | 8 | 1 | 1 | 1 | 1 | 4 | 1.00 | 1.00 |" in part.notes[0]


def test_who_left_is_charged_between_what_came_and_what_was_asked() -> None:
    before = Reply(200, prompt_tokens=10, completion_tokens=2, remaining_tokens=1000)
    left = Reply(200, left=True, streamed_tokens=3)
    for charged, plausible in ((14, False), (15, True), (46, True), (47, False)):
        after = dataclasses.replace(before, remaining_tokens=1000 - charged)
        found = overload.charges_of(before, after, charged, [left])
        assert (found.reached, found.asked, found.answered) == (3, 10 + 24, 12)
        assert found.plausible is plausible


def test_the_keys_file_is_one_that_the_server_reads(tmp_path: Path) -> None:
    flags = overload.flags(tmp_path, SMALL)
    keys = {key.identity.name: key.identity.limits for key in read_keys(Path(flags[1]))}
    assert keys["staying"].token_capacity == QUOTA
    assert keys["staying"].token_rate * 3600 < 1  # an hour brings not one token back
    assert keys["limited"].token_capacity == 500


BROKEN = BadRequest("broken", lambda: [b"GARBAGE\r\n\r\n"], frozenset({400}))


def test_malformed_requests_are_sent_and_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    by_name = {request.name: request for request in kinds("fake")}
    some = [BROKEN, by_name["broken JSON"], by_name["half a head, half-closed"]]
    monkeypatch.setattr(malformed, "kinds", lambda model: some)
    part = measured(malformed.measure)
    assert figure(part, "connections that ended").measured == 0
    assert part.data["ends"]["broken JSON"] == {"400": 2}
    monkeypatch.setattr(
        malformed, "kinds", lambda model: [dataclasses.replace(BROKEN, expected=frozenset({413}))]
    )
    part = measured(malformed.measure)
    assert figure(part, "connections that ended").measured == SMALL.connections


def test_a_connection_that_stays_open_is_told() -> None:
    waits = BadRequest("waits", lambda: [b"GET /health HTTP/1.1\r\n"], frozenset({None}), 0.1)

    async def run() -> Outcome:
        async with served(Fake()) as server:
            return await send(server.address, waits)

    outcome = asyncio.run(run())
    assert outcome.open
    assert malformed.Measured(waits, [outcome], 0.0, 0.0).wrong == 1


def test_the_hardware_is_told() -> None:
    environment = {"hardware": {"cpu": "Z80", "cores": 1}, "versions": {"python": "3"}}
    assert about(environment, "cpu") == "Z80, 1 cores; served on cpu.\npython 3."


# --- the peers -----------------------------------------------------------------------------------


def test_transformers_batches_give_our_own_greedy_answers(
    small_model: Llama, tokenizer: Tokenizer
) -> None:
    pytest.importorskip("transformers", reason="needs the reference group")
    model = copy.deepcopy(small_model).float()
    prompts = [tokenizer.encode(text) for text in ("Hello", "How do bees find their way", "A b c")]
    theirs = peers.Transformers(model, tokenizer, torch.float32)
    ours = [
        list(completion.tokens)
        for completion in generate(model, tokenizer, prompts, Sampling(max_new_tokens=6))
    ]
    answers = theirs.generate(prompts, 6)
    assert answers == ours
    assert max(theirs.regrets(prompts[1], answers[1])) == 0
    other = [*answers[1][:3], (answers[1][3] + 1) % tokenizer.vocab_size]
    *same, last = theirs.regrets(prompts[1], other)
    assert max(same) == 0 < last


def test_llama_cpp_is_asked_with_our_tokens_and_its_own_grammar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Llama:
        def __init__(self, **settings: Any) -> None:
            assert (settings["model_path"], settings["n_threads"]) == ("model.gguf", 2)

        def create_completion(self, prompt: list[int], **fields: Any) -> dict[str, Any]:
            assert (prompt, fields["max_tokens"], fields["temperature"]) == ([1, 2, 3], 9, 0.0)
            text = f"held to {fields['grammar']}"
            return {"choices": [{"text": text}], "usage": {"completion_tokens": 4}}

    class LlamaGrammar:
        @staticmethod
        def from_json_schema(text: str, verbose: bool) -> str:
            return text

    module = types.SimpleNamespace(Llama=Llama, LlamaGrammar=LlamaGrammar)
    monkeypatch.setitem(sys.modules, "llama_cpp", module)
    completion = peers.LlamaCpp(Path("model.gguf"), 2).complete((1, 2, 3), {"type": "null"}, 9)
    assert completion == peers.Completion('held to {"type": "null"}', 4)
