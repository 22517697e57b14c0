from __future__ import annotations

import ast
import dataclasses
import importlib.util
from pathlib import Path

import pytest

import serve
from minilora.shipped import json_specialist
from minilora.weights import DEFAULT_MODEL
from serve.limiter import Limits
from serve.settings import Settings, default_documents


def refusal(
    capsys: pytest.CaptureFixture[str], argv: list[str], environ: dict[str, str] | None = None
) -> str:
    """Return the one line with which settings are refused."""
    with pytest.raises(SystemExit) as caught:
        Settings.from_command_line(argv, environ or {})
    assert caught.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_flags_win_over_variables_and_these_over_defaults() -> None:
    environ = {"MINILORA_PORT": "9001", "MINILORA_HOST": "0.0.0.0", "MINILORA_MODEL": ""}
    made = Settings.from_command_line(["--port", "9002"], environ)
    assert (made.port, made.host, made.model) == (9002, "0.0.0.0", "smollm2-135m")
    assert made == dataclasses.replace(
        Settings(), port=9002, host="0.0.0.0", data_folder=made.data_folder
    )


def test_every_field_is_read_from_its_variable(tmp_path: Path) -> None:
    keys = tmp_path / "keys.toml"
    keys.touch()
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / "adapter_config.json").touch()
    wanted = {
        "MINILORA_HOST": ("::", "::"),
        "MINILORA_PORT": ("0", 0),
        "MINILORA_MODEL": ("org/name", "org/name"),
        "MINILORA_QUANT": ("none", "none"),
        "MINILORA_ADAPTERS": (f"a={adapter}, b = {adapter}", (("a", adapter), ("b", adapter))),
        "MINILORA_SHIPPED_ADAPTERS": ("no", False),
        "MINILORA_DEVICE": ("cpu", "cpu"),
        "MINILORA_THREADS": ("2", 2),
        "MINILORA_CACHE_MB": ("64", 64),
        "MINILORA_MAX_RUNNING": ("1", 1),
        "MINILORA_MAX_WAITING": ("0", 0),
        "MINILORA_STEP_TOKENS": ("64", 64),
        "MINILORA_REQUEST_TIMEOUT_S": ("1.5", 1.5),
        "MINILORA_MAX_BODY_BYTES": ("1000", 1000),
        "MINILORA_MAX_PROMPT_TOKENS": ("100", 100),
        "MINILORA_DEFAULT_ANSWER_TOKENS": ("9", 9),
        "MINILORA_DRAIN_TIMEOUT_S": ("0", 0),
        "MINILORA_ALLOWED_ORIGINS": ("https://a.example, *", ("https://a.example", "*")),
        "MINILORA_TRUSTED_PROXIES": ("10.0.0.0/8,::1", ("10.0.0.0/8", "::1")),
        "MINILORA_KEYS_FILE": (str(keys), keys),
        "MINILORA_ANONYMOUS": ("true", True),
        "MINILORA_ANONYMOUS_REQUESTS_PER_MINUTE": ("6", 6),
        "MINILORA_ANONYMOUS_TOKENS_PER_MINUTE": ("7", 7),
        "MINILORA_ANONYMOUS_BURST_S": ("80", 80),
        "MINILORA_REDIS_URL": ("redis://h:1/2", "redis://h:1/2"),
        "MINILORA_REDIS_POLICY": ("open", "open"),
        "MINILORA_DATA_FOLDER": ("/somewhere", Path("/somewhere")),
        "MINILORA_DOCUMENTS_URL": ("postgresql://h/d", "postgresql://h/d"),
        "MINILORA_MAX_UPLOAD_BYTES": ("99", 99),
        "MINILORA_UPLOAD_TIMEOUT_S": ("9", 9),
        "MINILORA_MAX_UPLOADS": ("2", 2),
        "MINILORA_SAMPLE_DOCUMENT": ("no", False),
        "MINILORA_DETECTIVE_MODEL": ("big", "big"),
        "MINILORA_DETECTIVE_URL": ("https://m.example/v1", "https://m.example/v1"),
        "MINILORA_DETECTIVE_API_KEY": ("sk", "sk"),
        "MINILORA_DETECTIVE_PROMPT_PRICE": ("0.5", 0.5),
        "MINILORA_DETECTIVE_COMPLETION_PRICE": ("2", 2),
        "MINILORA_DETECTIVE_MAX_STEPS": ("5", 5),
        "MINILORA_DETECTIVE_QUESTION_CHARS": ("50", 50),
        "MINILORA_DETECTIVE_ANSWER_CHARS": ("60", 60),
        "MINILORA_DETECTIVE_READ_CONFIDENCE": ("0.9", 0.9),
        "MINILORA_QUESTION_TOKENS": ("70", 70),
        "MINILORA_MAX_QUESTIONS": ("3", 3),
        "MINILORA_WIKIPEDIA": ("off", False),
        "MINILORA_WIKIPEDIA_URL": ("http://w.example", "http://w.example"),
        "MINILORA_WIKIPEDIA_PATH": ("/", "/"),
        "MINILORA_WIKIPEDIA_CONTACT": ("me@w.example", "me@w.example"),
        "MINILORA_WIKIPEDIA_PRIVATE": ("yes", True),
        "MINILORA_WIKIPEDIA_ATTEMPT_S": ("1", 1),
        "MINILORA_WIKIPEDIA_TIMEOUT_S": ("2", 2),
        "MINILORA_WIKIPEDIA_CACHE_S": ("3", 3),
        "MINILORA_JUDGE_SHARE": ("0.1", 0.1),
        "MINILORA_TRACES_KEPT": ("0", 0),
        "MINILORA_LOG_PROMPTS": ("1", True),
        "MINILORA_LOG_LEVEL": ("debug", "debug"),
        "OTEL_EXPORTER_OTLP_ENDPOINT": ("http://o:4318", "http://o:4318"),
        "OTEL_EXPORTER_OTLP_HEADERS": ("a=b%20c,d=e=f", (("a", "b c"), ("d", "e=f"))),
        "MINILORA_TRACE_PROJECT": ("mine", "mine"),
        "PHOENIX_COLLECTOR_ENDPOINT": ("http://p:6006", "http://p:6006"),
        "LANGSMITH_API_KEY": ("k", "k"),
        "LANGSMITH_PROJECT": ("none", None),
    }
    environ = {name: text for name, (text, _) in wanted.items()}
    made = Settings.from_command_line([], environ)
    values = [value for _, value in wanted.values()]
    read = [getattr(made, field.name) for field in dataclasses.fields(Settings)]
    assert read[: len(values)] == values
    assert len(read) == len(values), "a new field: add its variable above"


def test_help_lists_every_variable_and_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        Settings.from_command_line(["--help"], {})
    assert caught.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "(default: 8000; MINILORA_PORT)" in shown
    assert "(default: yes; MINILORA_SHIPPED_ADAPTERS)" in shown
    for field in dataclasses.fields(Settings):
        flag = "--" + field.name.replace("_", "-")
        assert (flag in shown) == field.metadata["has_flag"], flag
    hidden = {
        field.name for field in dataclasses.fields(Settings) if not field.metadata["has_flag"]
    }
    assert hidden == {"otlp_headers", "langsmith_api_key", "detective_api_key"}
    assert "Only by the environment: MINILORA_DETECTIVE_API_KEY:" in shown
    assert "LANGSMITH_API_KEY: key by which" in shown


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--port", "x"], "--port (MINILORA_PORT) must be a whole number, got 'x'"),
        (["--port", "65536"], "--port (MINILORA_PORT) must be from 0 to 65535, got 65536"),
        (["--port", "1.5"], "must be a whole number"),
        (["--max-running", "0"], "--max-running (MINILORA_MAX_RUNNING) must be at least 1, got 0"),
        (["--request-timeout-s", "nan"], "must be at least 0.001, got nan"),
        (["--request-timeout-s", "inf"], "must be at least 0.001, got inf"),
        (["--request-timeout-s", "soon"], "must be a number, got 'soon'"),
        (["--quant", "int4"], "--quant (MINILORA_QUANT) must be nf4 or int8 or none, got 'int4'"),
        (["--redis-policy", "ajar"], "must be open or closed, got 'ajar'"),
        (["--keys-file", "/nowhere"], "--keys-file (MINILORA_KEYS_FILE): no such file: /nowhere"),
        (["--no-anonymous"], "--anonymous (MINILORA_ANONYMOUS): without a keys file nobody"),
        (["--anonymous-requests-per-minute", "0"], "MINUTE) must be at least 0.001, got 0"),
        (["--anonymous-burst-s", "0.01"], "makes a bucket that never holds 1"),
        (["--adapters", "a"], "must be NAME=FOLDER, separated by commas, got 'a'"),
        (["--adapters", "a="], "must be NAME=FOLDER"),
        (["--adapters", "a=/nowhere"], "a: no adapter_config.json in /nowhere"),
        (["--adapters", "a=/x,a=/y"], "a stands there twice"),
        (["--adapters", "smollm2-135m=/x"], "smollm2-135m is the model's own name"),
        (["--otlp-endpoint", "o:4318"], "(OTEL_EXPORTER_OTLP_ENDPOINT) must be a URL that begins"),
        (["--allowed-origins", "example.com"], "an origin is SCHEME://HOST[:PORT] or *, got"),
        (["--allowed-origins", "https://a.example/"], "(MINILORA_ALLOWED_ORIGINS): an origin is"),
        (["--allowed-origins", "a,,b"], "must be names separated by commas, got 'a,,b'"),
        (["--trusted-proxies", "nginx"], "(MINILORA_TRUSTED_PROXIES): 'nginx' does not appear"),
        (["--detective-url", "https://m/v1"], "(MINILORA_DETECTIVE_URL) needs --detective-model"),
        (["--detective-url", "m/v1", "--detective-model", "m"], "must be a URL that begins with"),
        (["--detective-prompt-price", "1"], "must both be given, or neither"),
        (["--detective-read-confidence", "1.5"], "must be from 0 to 1, got 1.5"),
        (["--wikipedia-url", "en.wikipedia.org"], "(MINILORA_WIKIPEDIA_URL) must be a URL"),
        (["--trace-project", "a/b"], "(MINILORA_TRACE_PROJECT) must not be empty or contain"),
        (["--langsmith-api-key", "k"], "unrecognized arguments"),
        (["--por", "1"], "unrecognized arguments"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refusal(capsys, argv)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("MINILORA_PORT", "tcp://10.0.0.1:80", "--port (MINILORA_PORT) must be a whole number"),
        ("MINILORA_LOG_PROMPTS", "maybe", "(MINILORA_LOG_PROMPTS) must be yes or no, got 'maybe'"),
        ("MINILORA_PROT", "80", "the variable MINILORA_PROT is no setting; MINILORA_PORT is"),
    ],
)
def test_a_wrong_variable_is_told_in_one_line(
    name: str, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refusal(capsys, [], {name: text})


def test_other_variables_are_let_be() -> None:
    Settings.from_command_line([], {"MINILORA_HOME": "/x", "MINILORA_SERVICE_PORT_HTTP": "80"})


def test_secrets_do_not_show(capsys: pytest.CaptureFixture[str]) -> None:
    environ = {
        "LANGSMITH_API_KEY": "hunter2",
        "MINILORA_DETECTIVE_API_KEY": "hunter2",
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=hunter2",
        "MINILORA_REDIS_URL": "redis://:hunter2@host/0",
    }
    made = Settings.from_command_line([], environ)
    assert made.langsmith_api_key == "hunter2"
    assert "hunter2" not in repr(made)
    for name, text in (
        ("MINILORA_REDIS_URL", "http://:hunter2@host"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "hunter2"),
    ):
        line = refusal(capsys, [], {name: text})
        assert name in line
        assert "hunter2" not in line


def test_redis_without_its_client_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    line = refusal(capsys, ["--redis-url", "redis://localhost"])
    assert "--redis-url (MINILORA_REDIS_URL) needs: pip install 'minilora[cluster]'" in line


def test_callers_without_a_key(tmp_path: Path) -> None:
    assert Settings().anonymous_limits == Limits()
    keys = tmp_path / "keys.toml"
    keys.touch()
    assert Settings(keys_file=keys).anonymous_limits is None
    allowed = Settings(keys_file=keys, anonymous=True, anonymous_tokens_per_minute=5)
    assert allowed.anonymous_limits == Limits(tokens_per_minute=5)


def test_shipped_adapters_are_for_the_model_they_were_trained_on(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").touch()
    shipped = {
        name: json_specialist().with_name(name)
        for name in ("detective", "json-specialist", "judge")
    }
    assert Settings().adapter_folders == shipped
    assert Settings(shipped_adapters=False).adapter_folders == {}
    assert Settings(model="org/name").adapter_folders == {}
    given = (("mine", tmp_path), ("json-specialist", tmp_path))
    assert Settings(adapters=given).adapter_folders == shipped | dict(given)


def test_the_data_folder() -> None:
    def folder(environ: dict[str, str]) -> Path:
        return Settings.from_command_line([], environ).data_folder

    assert folder({"MINILORA_HOME": "/x"}) == Path("/x/data")
    assert folder({"MINILORA_HOME": "/x", "MINILORA_DATA_FOLDER": "/y"}) == Path("/y")
    assert folder({"MINILORA_DATA_FOLDER": "~/z"}) == Path.home() / "z"
    assert folder({}).name == "minilora"


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({"MINILORA_HOME": "/x"}, Path("/x/data/documents.sqlite")),
        ({"MINILORA_DATA_FOLDER": "~/z"}, Path.home() / "z/documents.sqlite"),
        ({"MINILORA_DOCUMENTS_URL": "postgresql://h/d"}, "postgresql://h/d"),
        ({"MINILORA_HOME": "/x", "MINILORA_DOCUMENTS_URL": ""}, Path("/x/data/documents.sqlite")),
    ],
)
def test_commands_look_for_documents_where_the_server_does(
    environ: dict[str, str], place: Path | str
) -> None:
    assert default_documents(environ) == place
    assert Settings.from_command_line([], environ).documents == place


def test_the_default_model_is_that_of_the_weights() -> None:
    assert Settings.model == DEFAULT_MODEL


def test_no_other_module_of_the_server_reads_the_environment() -> None:
    for path in Path(serve.__file__).parent.rglob("*.py"):
        if path.name == "settings.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & {"environ", "getenv"}, path
