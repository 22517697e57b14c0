"""Log lines as a collector of JSON lines reads them, and as a person does."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from serve import logs
from serve.trace import Tracer, TraceSettings


@pytest.fixture(autouse=True)
def _restored_loggers() -> Iterator[None]:
    """Put the process's loggers back as they were."""
    names = ["", "uvicorn", "uvicorn.error", "uvicorn.access", "httpx", "httpcore", "urllib3"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(each.handlers[:], each.level, each.propagate) for each in loggers]
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers[:], logger.level, logger.propagate = handlers, level, propagate


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_has_fields_ids_and_no_text() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)
    tracer = Tracer(TraceSettings())
    with logs.bind(request_id="r1", key="ci"), tracer.span("ask", kind="CHAIN") as span:
        logging.getLogger("serve").info(
            "answered %s", "well", extra={"status": 200, "duration_ms": 1.5, "prompt": "secret"}
        )
    tracer.shutdown()
    (line,) = lines(stream)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "serve",
        "message": "answered well",
        "request_id": "r1",
        "key": "ci",
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "status": 200,
        "duration_ms": 1.5,
        "prompt_chars": 6,
    }


def test_text_is_logged_where_asked() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, log_prompts=True)
    logging.getLogger("serve").info("answered", extra={"prompt": "who\n\ud83d"})
    (line,) = lines(stream)
    assert line["prompt"] == "who\n\ud83d"
    assert "prompt_chars" not in line


def test_fields_belong_to_their_task() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)

    async def request(name: str, barrier: asyncio.Barrier) -> None:
        with logs.bind(request_id=name):
            await barrier.wait()
            await asyncio.to_thread(logging.getLogger("serve").info, name)

    async def run() -> None:
        barrier = asyncio.Barrier(3)
        await asyncio.gather(*(request(f"r{i}", barrier) for i in range(3)))

    asyncio.run(run())
    logging.getLogger("serve").info("outside")
    *inside, outside = lines(stream)
    assert len(inside) == 3
    assert all(line["request_id"] == line["message"] for line in inside)
    assert "request_id" not in outside


def test_uvicorn_logs_here_and_leaves_the_access_log_to_us() -> None:
    stream = io.StringIO()
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())
    logs.configure(stream=stream)
    uvicorn.Config(app=lambda: None, log_config=None)
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    logging.getLogger("uvicorn.access").info("GET /health 200")
    (line,) = lines(stream)
    assert (line["level"], line["logger"]) == ("warning", "uvicorn.error")


def test_an_error_is_one_line_with_its_traceback() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("serve").exception("it failed")
    (line,) = lines(stream)
    assert line["exception"].endswith("ValueError: broken")


def test_people_read_plain_lines_that_cannot_steer_the_terminal() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, human=True)
    with logs.bind(request_id="r1"):
        logging.getLogger("serve").warning("café \x1b[2J\nforged", extra={"status": 503})
    (line,) = stream.getvalue().splitlines()
    assert line.endswith("WARNING café \\x1b[2J\\nforged request_id=r1 status=503")


def test_a_library_does_not_repeat_itself() -> None:
    now = [0.0]
    seldom = logs.Seldom("opentelemetry", period_s=60, clock=lambda: now[0])

    def passes(name: str, message: str) -> bool:
        return seldom.filter(logging.makeLogRecord({"name": name, "msg": message}))

    exporter = "opentelemetry.exporter.otlp"
    assert [passes(exporter, "failed %s") for _ in range(3)] == [True, False, False]
    assert passes(exporter, "another")
    assert all(passes("serve", "failed %s") for _ in range(3))
    now[0] = 60.0
    assert passes(exporter, "failed %s")


def test_wrong_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="no log level 'LOUD'"):
        logs.configure("LOUD", stream=io.StringIO())
