"""Everything that can be set about the server; no other module of it reads the environment.

Flags and variables are read as :mod:`serve.flags` says. Secrets do not show in ``repr``.

>>> Settings.from_command_line(["--port", "9000"], {"MINILORA_PORT": "1"}).port
9000
"""

from __future__ import annotations

import dataclasses
import importlib.util
import ipaddress
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from minilora.command import Parser
from minilora.shipped import ADAPTERS as SHIPPED_ADAPTERS
from serve.flags import Folders, Headers, Names, called, check_ranges, read_settings, setting
from serve.limiter import Limits
from serve.origins import checked_origin

DEFAULT_MODEL = "smollm2-135m"  # as minilora.weights has it, whose import would load torch
DOCUMENTS_FILE = "documents.sqlite"  # in the data folder


def default_data_folder(environ: Mapping[str, str]) -> Path:
    """Return ``$MINILORA_HOME/data``, or ``minilora`` where the user's programs keep their data."""
    if home := environ.get("MINILORA_HOME"):
        return Path(home) / "data"
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "minilora"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/minilora"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "minilora"


def default_documents(environ: Mapping[str, str] | None = None) -> Path | str:
    """Return where the server keeps its documents, for the commands beside it.

    Args:
        environ: the variables; None: the process's.
    """
    environ = os.environ if environ is None else environ
    folder = environ.get("MINILORA_DATA_FOLDER") or default_data_folder(environ)
    url = environ.get("MINILORA_DOCUMENTS_URL", "none")
    return Path(folder).expanduser() / DOCUMENTS_FILE if url in ("", "none") else url


def default_judge_cache() -> Path:
    """Return where ``python -m serve.judge`` keeps verdicts."""
    folder = os.environ.get("MINILORA_DATA_FOLDER") or default_data_folder(os.environ)
    return Path(folder).expanduser() / "judge.sqlite"


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the server was told; ``python -m serve --help`` prints this list.

    Raises:
        ValueError: a value outside its range, or a file or package that is not there; the message
            names flag and variable.
    """

    host: str = setting("127.0.0.1", "address to listen on; 0.0.0.0: all of this machine's")
    port: int = setting(8000, "port to listen on; 0 takes a free one", least=0, most=65535)

    model: str = setting(DEFAULT_MODEL, "folder, .gguf file, built-in name, or org/name on the hub")
    quant: Literal["nf4", "int8", "none"] = setting(
        "nf4", "how weights are stored", choices=("nf4", "int8", "none")
    )
    adapters: Folders = setting(
        (),
        "LoRA adapters to load; a request's model picks one by NAME",
        metavar="NAME=FOLDER[,...]",
    )
    shipped_adapters: bool = setting(
        True, f"load the adapters that come with the package, where the model is {DEFAULT_MODEL}"
    )
    device: str = setting("auto", "auto (a GPU if there is one), cpu, cuda, cuda:1, ...")
    threads: int | None = setting(
        None, "processor threads of the model; none: torch's choice", least=1
    )
    cache_mb: int = setting(512, "memory for keys and values, in MiB", least=1)
    max_running: int = setting(16, "requests computed together", least=1)
    max_waiting: int = setting(64, "requests that may wait; one more gets 503", least=0)
    step_tokens: int = setting(
        256, "tokens computed in one step; a longer prompt comes in several", least=1
    )

    request_timeout_s: float = setting(
        120.0, "seconds from a request's arrival until its answer is cut off", least=0.001
    )
    max_body_bytes: int = setting(2 << 20, "bytes of a request's body; one more gets 413", least=1)
    max_prompt_tokens: int | None = setting(
        None, "tokens of a prompt; none: as many as the model's context takes", least=1
    )
    default_answer_tokens: int = setting(
        512, "tokens of an answer where a request does not say", least=1
    )
    drain_timeout_s: float = setting(
        30.0, "seconds that requests under way have to finish after SIGTERM", least=0
    )

    allowed_origins: Names = setting(
        (),
        "sites whose pages may call from a browser, such as https://example.com; *: all",
        metavar="ORIGIN[,...]",
    )
    trusted_proxies: Names = setting(
        (),
        "addresses or networks of the proxies whose X-Forwarded-For tells the caller's address",
        metavar="ADDRESS[,...]",
    )

    keys_file: Path | None = setting(
        None, "TOML file of API keys and limits; python -m serve.auth new NAME makes a key"
    )
    anonymous: bool | None = setting(
        None, "serve callers without a key; none: only where there is no keys file"
    )
    anonymous_requests_per_minute: float = setting(
        Limits.requests_per_minute, "requests a minute of each address without a key", least=0.001
    )
    anonymous_tokens_per_minute: float = setting(
        Limits.tokens_per_minute, "model tokens a minute of each address without a key", least=0.001
    )
    anonymous_burst_s: float = setting(
        Limits.burst_s, "seconds' worth of these rates that may be used at once", least=0.001
    )
    redis_url: str | None = setting(
        None,
        "Redis by which several servers share the limits (redis://, rediss://, unix://); give one "
        "with a password by the variable; none: the limits are this process's own",
        secret=True,
        metavar="URL",
    )
    redis_policy: Literal["open", "closed"] = setting(
        "closed",
        "where Redis cannot be asked: open admits everyone, closed answers 503",
        choices=("open", "closed"),
    )

    data_folder: Path = setting(
        lambda: default_data_folder(os.environ),
        "folder of documents and traces: $MINILORA_HOME/data, else the user's data folder",
    )
    documents_url: str | None = setting(
        None,
        "Postgres with pgvector by which several servers share the documents (postgresql://); give "
        "one with a password by the variable; none: a file in the data folder",
        secret=True,
        metavar="URL",
    )
    max_upload_bytes: int = setting(32 << 20, "bytes of an uploaded file", least=1)
    upload_timeout_s: float = setting(120.0, "seconds in which an upload must arrive", least=0.001)
    max_uploads: int = setting(8, "uploads at once; one more gets 503", least=1)
    sample_document: bool = setting(True, "store the sample report where there is no document")

    detective_model: str | None = setting(
        None,
        "model that answers questions about documents: an adapter's name; with a URL the name "
        "there; none: the adapter detective routes, cross-encoders read and verify",
        metavar="NAME",
    )
    detective_url: str | None = setting(
        None,
        "OpenAI-compatible endpoint of that model, such as https://HOST/v1, which gets the "
        "passages that it reads; none: this server's own model",
        metavar="URL",
    )
    detective_api_key: str | None = setting(
        None, "key of that endpoint", secret=True, has_flag=False
    )
    detective_prompt_price: float | None = setting(
        None, "price of a million prompt tokens of that model; none: costs are not told", least=0
    )
    detective_completion_price: float | None = setting(
        None, "price of a million tokens that it writes", least=0
    )
    detective_max_steps: int = setting(12, "steps of an answer", least=1)
    detective_question_chars: int = setting(2000, "characters of a question", least=1)
    detective_answer_chars: int = setting(8000, "characters of an answer", least=1)
    detective_read_confidence: float = setting(
        0.5, "an answer of a lower probability counts as: the sources do not say", least=0, most=1
    )
    question_tokens: int = setting(
        8192, "model tokens reserved for a question; those not used are given back", least=1
    )
    max_questions: int = setting(32, "questions answered at once; one more gets 503", least=1)

    wikipedia: bool = setting(True, "ask Wikipedia; without it documents alone are cited")
    wikipedia_url: str = setting(
        "https://en.wikipedia.org", "the wiki, any MediaWiki with TextExtracts", metavar="URL"
    )
    wikipedia_path: str = setting("/w/", "path of its api.php", metavar="PATH")
    wikipedia_contact: str = setting(
        "", "your mail address or URL, which Wikimedia wants in the User-Agent"
    )
    wikipedia_private: bool = setting(False, "the wiki may be at a private or loopback address")
    wikipedia_attempt_s: float = setting(5.0, "seconds for one request to the wiki", least=0.001)
    wikipedia_timeout_s: float = setting(12.0, "seconds for all attempts at one", least=0.001)
    wikipedia_cache_s: float = setting(86_400.0, "seconds for which its replies are kept", least=1)

    judge_share: float = setting(
        0.0, "share of the answers to questions that is judged, off their way", least=0, most=1
    )
    traces_kept: int = setting(1000, "traces kept, the latest; 0 keeps none", least=0)
    log_prompts: bool = setting(False, "write prompts and answers into logs and traces")
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "least severity that is logged", choices=("debug", "info", "warning", "error")
    )
    otlp_endpoint: str | None = setting(
        None,
        "OpenTelemetry collector that gets the traces by OTLP/HTTP; /v1/traces is added",
        variable="OTEL_EXPORTER_OTLP_ENDPOINT",
        metavar="URL",
    )
    otlp_headers: Headers = setting(
        (),
        "headers for the collector, NAME=VALUE[,...], values percent-encoded",
        variable="OTEL_EXPORTER_OTLP_HEADERS",
        secret=True,
        has_flag=False,
    )
    trace_project: str = setting("minilora", "project of the traces in Phoenix", metavar="NAME")
    phoenix_endpoint: str | None = setting(
        None,
        "Phoenix that gets the traces, such as http://127.0.0.1:6006",
        variable="PHOENIX_COLLECTOR_ENDPOINT",
        metavar="URL",
    )
    langsmith_api_key: str | None = setting(
        None,
        "key by which LangSmith gets the traces",
        variable="LANGSMITH_API_KEY",
        secret=True,
        has_flag=False,
    )
    langsmith_project: str | None = setting(
        None, "project of LangSmith", variable="LANGSMITH_PROJECT", metavar="NAME"
    )

    def __post_init__(self) -> None:
        """Check every value and what it points to."""
        check_ranges(self)
        self._check_adapters()
        self._check_callers()
        self._check_network()
        self._check_url("redis_url", ("redis", "rediss", "unix"))
        self._check_detective()
        self._check_url("detective_url", ("http", "https"))
        self._check_url("wikipedia_url", ("http", "https"))
        self._check_url("documents_url", ("postgresql", "postgres"))
        self._check_url("otlp_endpoint", ("http", "https"))
        self._check_url("phoenix_endpoint", ("http", "https"))
        self._check_installed("redis_url", "redis")
        self._check_installed("documents_url", "psycopg", "pgvector")

    @property
    def documents(self) -> Path | str:
        """Where documents are kept: a file, or the URL of a database."""
        return self.documents_url or self.data_folder / DOCUMENTS_FILE

    @property
    def anonymous_limits(self) -> Limits | None:
        """Of each address without a key; None where a key is needed."""
        allowed = self.keys_file is None if self.anonymous is None else self.anonymous
        return self._limits_of_an_address() if allowed else None

    @property
    def adapter_folders(self) -> dict[str, Path]:
        """Name -> folder of every adapter to load; one given by name replaces a shipped one."""
        shipped = {}
        if self.shipped_adapters and self.model == DEFAULT_MODEL:
            files = sorted(SHIPPED_ADAPTERS.glob("*/adapter_config.json"))
            shipped = {file.parent.name: file.parent for file in files}
        return shipped | dict(self.adapters)

    @classmethod
    def from_command_line(
        cls, argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None
    ) -> Settings:
        """Return the settings of a command line and an environment (None: the process's).

        Leaves the process with code 2 and one line on stderr where a value is wrong, and with 0
        after ``--help``.
        """
        environ = os.environ if environ is None else environ
        parser = Parser(
            prog="python -m serve",
            description="Serve a model by OpenAI's API. A flag wins over its variable.",
            allow_abbrev=False,
        )
        folder = {"MINILORA_DATA_FOLDER": str(default_data_folder(environ))}
        return read_settings(cls, argv, folder | dict(environ), parser)

    def _check_adapters(self) -> None:
        names = [name for name, _ in self.adapters]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"{_called('adapters')}: {min(twice)} stands there twice")
        if self.model in names:
            raise ValueError(f"{_called('adapters')}: {self.model} is the model's own name")
        for name, folder in self.adapters:
            if not (folder / "adapter_config.json").is_file():
                raise ValueError(
                    f"{_called('adapters')}: {name}: no adapter_config.json in {folder}"
                )

    def _check_callers(self) -> None:
        if self.keys_file is not None and not self.keys_file.is_file():
            raise ValueError(f"{_called('keys_file')}: no such file: {self.keys_file}")
        if self.keys_file is None and self.anonymous is False:
            raise ValueError(f"{_called('anonymous')}: without a keys file nobody could be served")
        try:
            self._limits_of_an_address()
        except ValueError as error:  # each number is in its range, but the burst is too short
            raise ValueError(f"{_called('anonymous_burst_s')}: {error}") from error

    def _check_detective(self) -> None:
        if self.detective_url is not None and self.detective_model is None:
            raise ValueError(f"{_called('detective_url')} needs {_called('detective_model')}")
        if (self.detective_prompt_price is None) != (self.detective_completion_price is None):
            both = (
                f"{_called('detective_prompt_price')} and {_called('detective_completion_price')}"
            )
            raise ValueError(f"{both} must both be given, or neither")

    def _check_network(self) -> None:
        try:
            for origin in self.allowed_origins:
                checked_origin(origin)
        except ValueError as error:
            raise ValueError(f"{_called('allowed_origins')}: {error}") from error
        try:
            for address in self.trusted_proxies:
                ipaddress.ip_network(address)
        except ValueError as error:
            raise ValueError(f"{_called('trusted_proxies')}: {error}") from error
        if not self.trace_project or set(self.trace_project) & set("/?#"):
            raise ValueError(f"{_called('trace_project')} must not be empty or contain / ? #")

    def _limits_of_an_address(self) -> Limits:
        return Limits(
            self.anonymous_requests_per_minute,
            self.anonymous_tokens_per_minute,
            self.anonymous_burst_s,
        )

    def _check_installed(self, name: str, *packages: str) -> None:
        """Refuse a setting whose packages are missing."""
        missing = [package for package in packages if importlib.util.find_spec(package) is None]
        if getattr(self, name) is not None and missing:
            raise ValueError(f"{_called(name)} needs: pip install 'minilora[cluster]'")

    def _check_url(self, name: str, schemes: tuple[str, ...]) -> None:
        """Refuse a URL of another scheme; it may hold a password, so it is not repeated."""
        url: str | None = getattr(self, name)
        if url is not None and urlsplit(url).scheme not in schemes:
            wanted = " or ".join(f"{scheme}://" for scheme in schemes)
            raise ValueError(f"{_called(name)} must be a URL that begins with {wanted}")


_FIELDS = {field.name: field for field in dataclasses.fields(Settings)}


def _called(name: str) -> str:
    return called(_FIELDS[name])
