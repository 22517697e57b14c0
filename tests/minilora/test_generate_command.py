"""The command: what it asks, which adapter answers, what it prints and its exit codes.

A tiny random model in a folder of its own answers; where a certain answer is needed, the decoding
is replaced.
"""

import json
import subprocess
import sys

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer as Backend
from tokenizers import decoders, models, pre_tokenizers

from minilora import generate_command
from minilora.adapter import save_adapter
from minilora.chat import Tokenizer
from minilora.config import ModelConfig
from minilora.data.prompt import system_text
from minilora.generate import Completion
from minilora.generate_command import asked_row, document, main
from minilora.lora import LoRAConfig, inject, trainable_parameters
from minilora.model import Llama

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "dim",
            "description": "Dim the lights.",
            "parameters": {
                "type": "object",
                "properties": {"percent": {"type": "integer"}},
                "required": ["percent"],
            },
        },
    }
]
SCHEMA = {"type": "object", "properties": {"day": {"format": "date"}}, "required": ["day"]}


def make_folder(folder):
    """Write a model folder: a byte-level vocabulary without merges and random weights."""
    vocabulary = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    backend = Backend(models.BPE(vocabulary, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    folder.mkdir()
    backend.save(str(folder / "tokenizer.json"))
    settings = {"chat_template": TEMPLATE, "eos_token": "<|im_end|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    config = ModelConfig(
        "llama", vocab_size=258, d_model=64, n_layers=1, n_heads=2, n_kv_heads=1, head_dim=32,
        d_ff=64, max_seq_len=1024,
    )  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config.to_hf()))
    torch.manual_seed(0)
    model = Llama(config)
    tensors = {
        name if name.startswith("lm_head") else f"model.{name}": parameter.detach()
        for name, parameter in model.named_parameters()
    }
    save_file(tensors, folder / "model.safetensors")
    return model


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a model, an adapter for it that changes its answers, tools and a schema."""
    home = tmp_path_factory.mktemp("home")
    model = make_folder(home / "model")
    inject(model, LoRAConfig(rank=2))
    for parameter in trainable_parameters(model).values():
        torch.nn.init.uniform_(parameter.data, -1, 1)
    save_adapter(model, "default", home / "adapter", base_name=str(home / "model"))
    (home / "tools.json").write_text(json.dumps(TOOLS))
    (home / "schema.json").write_text(json.dumps(SCHEMA))
    return home


@pytest.fixture
def run(home, capsys, monkeypatch):
    """Return a function that runs the command and returns its exit code, stdout and stderr."""
    monkeypatch.setattr(generate_command, "json_specialist", lambda: home / "absent")

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return end.value.code, printed.out, printed.err

    return run


def answering(monkeypatch, text, reason="stop"):
    """Let the model answer a text; return the list of the prompts it is asked."""
    asked = []

    def generate(model, tokenizer, prompts, *rest, **options):
        asked.extend(prompts)
        return [Completion((1, 2), text, reason)]

    monkeypatch.setattr(generate_command, "generate", generate)
    return asked


# --- answers -------------------------------------------------------------------------------------


def test_plain_chat_prints_the_answer_and_reports_it(run, home, tmp_path):
    arguments = ["hello", "--model", home / "model", "--quant", "none", "--max-new-tokens", "8"]
    code, out, err = run(*arguments, "--json", tmp_path / "report.json")
    assert code == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert out == report["text"] + "\n"
    assert "no adapter" in err
    assert report["valid"] is None
    assert report["completion_tokens"] == 8 or report["finish_reason"] == "stop"
    tokenizer = Tokenizer.from_path(home / "model")
    assert report["prompt_tokens"] == len(
        tokenizer.encode_chat([{"role": "user", "content": "hello"}])
    )
    assert run(*arguments)[1] == out
    sampled = [run(*arguments, "--temperature", "5", "--seed", seed)[1] for seed in (1, 1, 2)]
    assert sampled[0] == sampled[1] != sampled[2]


def test_a_stop_text_is_passed_on(run, home):
    arguments = ["hello", "--model", home / "model", "--max-new-tokens", "12"]
    whole = run(*arguments)[1].removesuffix("\n")
    cut = run(*arguments, "--stop", "\x00never", "--stop", whole[3])[1].removesuffix("\n")
    assert cut == whole[: whole.find(whole[3])]


def test_tools_are_asked_in_the_prompt_of_the_training_data(run, home, monkeypatch):
    asked = answering(monkeypatch, ' {"tool": "dim", "args": {"percent": 40}}\n')
    code, out, err = run("dim it", "--model", home / "model", "--tools", home / "tools.json")
    assert (code, out) == (0, '{"tool": "dim", "args": {"percent": 40}}\n')
    row = asked_row("dim it", str(home / "tools.json"), None)
    text = Tokenizer.from_path(home / "model").decode(asked[0])
    assert text == f"system\n{system_text(row)}\nuser\ndim it\nassistant\n"
    assert "- dim: Dim the lights." in text
    assert "no call" not in err


@pytest.mark.parametrize(
    "text", ['{"tool": "dim", "args": {"percent": "40"}}', '{"tool": "x", "args": {}}', "Sure!"]
)
def test_an_answer_that_is_no_call_is_printed_and_said_to_be_none(run, home, monkeypatch, text):
    answering(monkeypatch, text)
    code, out, err = run("dim it", "--model", home / "model", "--tools", home / "tools.json")
    assert (code, out) == (0, text + "\n")
    assert "the answer is no call of these tools" in err


def test_an_answer_that_fits_the_schema_is_printed(run, home, monkeypatch):
    answering(monkeypatch, '{"day": "2026-02-28"}')
    code, out, _ = run("today", "--model", home / "model", "--schema", home / "schema.json")
    assert (code, json.loads(out)) == (0, {"day": "2026-02-28"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("It is Monday.", "not JSON"),
        ('{"day": NaN}', "NaN is not JSON"),
        ("{}", "'day' is a required property"),
        ('{"day": "2026-02-30"}', r"\$.day: '2026-02-30' is not a 'date'"),
    ],
)
def test_an_answer_that_does_not_fit_is_a_failure_with_nothing_on_stdout(
    run, home, monkeypatch, tmp_path, text, problem
):
    answering(monkeypatch, text)
    report = tmp_path / "report.json"
    code, out, err = run(
        "today", "--model", home / "model", "--schema", home / "schema.json", "--json", report
    )
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("failed: the answer does not fit")
    assert problem.replace("\\", "") in err.splitlines()[-1]
    saved = json.loads(report.read_text())
    assert (saved["valid"], saved["text"]) == (False, text)


def test_other_documents_are_never_fetched():
    with pytest.raises(ValueError, match=r"refers to 'http://127\.0\.0\.1:9/x'"):
        document("{}", {"$ref": "http://127.0.0.1:9/x"})
    metaschema = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
    assert document('{"type": "string"}', metaschema) == {"type": "string"}


# --- adapters ------------------------------------------------------------------------------------


def test_an_adapter_brings_its_base_model_stored_as_it_was_trained_on(run, home):
    adapted = run("hello", "--adapter", home / "adapter", "--max-new-tokens", "8")
    assert adapted[0] == 0
    assert f"{home / 'model'} (none), adapter {home / 'adapter'}" in adapted[2]
    plain = run("hello", "--model", home / "model", "--quant", "none", "--max-new-tokens", "8")
    assert plain[1] != adapted[1]
    assert "(int8), adapter" in run("hello", "--adapter", home / "adapter", "--quant", "int8")[2]


def test_the_shipped_adapter_answers_where_tools_are_given(run, home, monkeypatch):
    answering(monkeypatch, "{}")
    monkeypatch.setattr(generate_command, "json_specialist", lambda: home / "adapter")
    tools = ["--tools", home / "tools.json"]
    assert f"adapter {home / 'adapter'}" in run("dim it", *tools)[2]
    assert "no adapter" in run("dim it", "--model", home / "model")[2]
    assert "no adapter" in run("dim it", *tools, "--adapter", "none", "--model", home / "model")[2]
    make_folder(home / "other")
    other = run("dim it", *tools, "--model", home / "other")[2]
    assert f"so {home / 'other'} answers without one" in other


# --- bad use -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["  "], "the query is empty"),
        (["a\udcff"], "not valid UTF-8"),
        (["a", "--temperature", "-1"], "temperature must be at least 0, got -1.0"),
        (["a", "--top-k", "0"], "top_k must be at least 1"),
        (["a", "--max-new-tokens", "0"], "max_new_tokens must be at least 1"),
        (["a", "--stop", ""], "a stop text must not be empty"),
        (["a", "--seed", "-1"], "--seed must be from 0"),
        (["a", "--tools", "absent.json"], "absent.json: there is no such file"),
        (["a", "--tools", "."], ".: there is no such file"),
        (["a", "--tools", "empty.json"], "empty.json: not valid JSON"),
        (["a", "--tools", "schema.json"], "schema.json: tools must be an array"),
        (["a", "--tools", "none.json"], "none.json holds no tools"),
        (["a", "--schema", "tools.json"], "tools.json: schema must be an object"),
        (["a", "--schema", "wrong.json"], "wrong.json: schema is no JSON Schema"),
        (["a", "--schema", "null.json"], "null.json holds null"),
        (["a", "--schema", "schema.json", "--tools", "tools.json"], "give one of them"),
        (["a", "--adapter", "model"], "model holds no adapter"),
        (["a", "--model", "absent-model"], "'absent-model'"),
        (["a" * 2000, "--model", "model"], "the model's context is 1024"),
    ],
)
def test_bad_use_is_told_in_one_line(run, home, monkeypatch, arguments, complaint):
    monkeypatch.chdir(home)
    for name, text in [("empty", ""), ("none", "[]"), ("null", "null"), ("wrong", '{"type": 1}')]:
        (home / f"{name}.json").write_text(text)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    line = [line for line in err.splitlines() if not line.startswith("minilora:")]
    assert len(line) == 1
    assert line[0].startswith("error: ")
    assert complaint in line[0]


def test_the_module_is_the_command(home):
    """One start of the real thing: `python -m minilora.generate`."""
    done = subprocess.run(
        [sys.executable, "-m", "minilora.generate", "hello", "--model", str(home / "model"),
         "--max-new-tokens", "40", "--tools", str(home / "tools.json"), "--adapter", "none"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "no adapter" in done.stderr
    assert json.loads(done.stdout)["tool"] in ("dim", None)  # of a random model, held to the tools
    assert "Traceback" not in done.stderr
