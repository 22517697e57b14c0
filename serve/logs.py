"""Logs: one JSON object a line on stderr, or plain lines where stderr is a terminal.

A line has ``time``, ``level``, ``logger``, ``message``, what :func:`bind` put around it
(``request_id``, ``key``, ``route``), the ids of the span entered there, and the fields that were
given as ``extra``: ``log.info("answered", extra={"status": 200, "duration_ms": 12.5})``. Fields
named in :data:`TEXT_FIELDS` hold what users wrote or were answered: unless asked for, their length
is logged in their place.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TextIO

from serve.trace import current_ids

TEXT_FIELDS = frozenset({"prompt", "answer", "question", "messages", "input", "output"})
_BUILT_IN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
_MAX_SELDOM = 256  # messages remembered
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_bound: ContextVar[Mapping[str, Any]] = ContextVar("log_fields", default=_NOTHING)


@contextmanager
def bind(**fields: Any) -> Iterator[None]:
    """Add fields to every line logged inside, in this task and those started in it."""
    token = _bound.set({**_bound.get(), **fields})
    try:
        yield
    finally:
        _bound.reset(token)


def configure(
    level: str = "INFO",
    log_prompts: bool = False,
    stream: TextIO | None = None,
    human: bool | None = None,
) -> logging.Handler:
    """Send all logs of the process, uvicorn's too, to one place, and return its handler.

    Uvicorn must be started with ``log_config=None``. Its access log is silenced: the server writes
    its own line for each request.

    Args:
        level: least level that is shown.
        log_prompts: show what users wrote.
        stream: where to; None is stderr.
        human: plain lines; None where the stream is a terminal.

    Raises:
        ValueError: no such level.
    """
    if level.upper() not in logging.getLevelNamesMapping():
        raise ValueError(f"no log level {level!r}: DEBUG, INFO, WARNING or ERROR")
    stream = sys.stderr if stream is None else stream
    human = stream.isatty() if human is None else human
    handler = logging.StreamHandler(stream)
    handler.setFormatter(HumanFormatter(log_prompts) if human else JsonFormatter(log_prompts))
    handler.addFilter(Seldom("opentelemetry"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)  # uvicorn sets its own
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    for name in ("httpx", "httpcore", "urllib3"):  # a line for each request that they send
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, log_prompts: bool = False) -> None:
        super().__init__()
        self._log_prompts = log_prompts

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record, self._log_prompts),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # ASCII: half a character from a JSON escape cannot break the stream.
        return json.dumps(line, default=str)


class HumanFormatter(logging.Formatter):
    """A record as a line to read: time, level, message, fields."""

    def __init__(self, log_prompts: bool = False) -> None:
        super().__init__()
        self._log_prompts = log_prompts

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; its traceback follows on lines of their own."""
        moment = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        fields = fields_of(record, self._log_prompts)
        shown = [f"{name}={value}" for name, value in fields.items()]
        text = " ".join([moment, f"{record.levelname:<7}", record.getMessage(), *shown])
        lines = [text]
        if record.exc_info:
            lines += self.formatException(record.exc_info).splitlines()
        return "\n".join(_printable(line) for line in lines)


def _printable(text: str) -> str:
    r"""Return a text with its control characters escaped: they would steer the terminal.

    >>> _printable("one\x1b[2Jtwo")
    'one\\x1b[2Jtwo'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def fields_of(record: logging.LogRecord, log_prompts: bool) -> dict[str, Any]:
    """Return what a line shows beside its message.

    >>> record = logging.makeLogRecord({"prompt": "a secret", "status": 200})
    >>> fields_of(record, log_prompts=False)
    {'prompt_chars': 8, 'status': 200}
    """
    fields = dict(_bound.get())
    if (ids := current_ids()) is not None:
        fields["trace_id"], fields["span_id"] = ids
    fields |= {name: value for name, value in vars(record).items() if name not in _BUILT_IN}
    if log_prompts:
        return fields
    return {
        f"{name}_chars" if name in TEXT_FIELDS else name: (
            len(str(value)) if name in TEXT_FIELDS else value
        )
        for name, value in fields.items()
    }


class Seldom(logging.Filter):
    """Lets a message of a library pass once a minute: an exporter repeats it for every batch.

    Args:
        logger: name of the library's top logger; others pass as they are.
        period_s: seconds in which the same message is shown once.
        clock: seconds, monotonic.
    """

    def __init__(
        self, logger: str, period_s: float = 60, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._logger, self._period_s, self._clock = logger, period_s, clock
        self._shown: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is shown."""
        if record.name.split(".")[0] != self._logger:
            return True
        now, message = self._clock(), str(record.msg)  # without its arguments
        last = self._shown.get(message)
        if last is not None and now - last < self._period_s:
            return False
        if len(self._shown) >= _MAX_SELDOM:
            self._shown.clear()
        self._shown[message] = now
        return True
