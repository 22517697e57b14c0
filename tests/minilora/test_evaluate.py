"""The benchmark on a tiny random model: modes, the place of constraints, the command."""

import json
import re
import subprocess
import sys

import pytest
import torch

from minilora import evaluate as evaluate_module
from minilora.adapter import save_adapter
from minilora.batches import encode_prompt
from minilora.data.files import load_rows
from minilora.data.prompt import answer_text
from minilora.data.rows import from_json
from minilora.evaluate import MODES, evaluate, main
from minilora.loading import load
from minilora.lora import LoRAConfig, inject, lora_layers, trainable_parameters

SHARES = ("syntax_error", "schema_valid", "tool", "exact")


@pytest.fixture(scope="module")
def rows(rows_file):
    return load_rows(rows_file)


def tuned_model(tiny_model, name="default", seed=1):
    """Return the tiny model with an adapter that changes what it says, and its tokenizer."""
    model, tokenizer = load(str(tiny_model), "none", None, "cpu", torch.float32)
    add_adapter(model, name, seed)
    return model, tokenizer


def add_adapter(model, name, seed):
    inject(model, LoRAConfig(rank=2), name)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in trainable_parameters(model).values():
            parameter.normal_(std=0.5, generator=generator)


@pytest.fixture(scope="module")
def tuned(tiny_model):
    return tuned_model(tiny_model)


def texts(result):
    return [answer.text for answer in result.answers]


class Forced:
    """Allows one text and then the end of the turn, token by token."""

    def __init__(self, text, tokenizer):
        self.wanted = [*tokenizer.encode(text), tokenizer.eos_ids[0]]
        self.vocab_size = tokenizer.vocab_size

    def allowed(self):
        mask = torch.zeros(self.vocab_size, dtype=torch.bool)
        mask[self.wanted[0]] = True
        return mask

    def advance(self, token):
        assert token == self.wanted.pop(0)

    def forced(self):
        return []

    complete = False


def test_base_and_tuned_answer_the_same_rows(tuned, tiny_model, rows):
    model, tokenizer = tuned
    results = evaluate(model, tokenizer, {"mine": rows[:5]}, ["base", "tuned"], max_new_tokens=12)
    assert list(results["mine"]) == ["base", "tuned"]
    base, changed = results["mine"]["base"], results["mine"]["tuned"]
    assert texts(base) != texts(changed)
    assert base.tokens_per_s == pytest.approx(
        sum(answer.n_tokens for answer in base.answers) / base.wall_s
    )
    plain, _ = load(str(tiny_model), "none", None, "cpu", torch.float32)
    alone = evaluate(plain, tokenizer, {"mine": rows[:5]}, ["base"], max_new_tokens=12)
    assert texts(alone["mine"]["base"]) == texts(base)


def test_answers_come_in_the_order_of_the_rows_whatever_the_batches(tuned, rows, monkeypatch):
    model, tokenizer = tuned
    whole = evaluate(model, tokenizer, {"mine": rows[:7]}, ["tuned"], max_new_tokens=6)
    monkeypatch.setattr(evaluate_module, "BATCH_ROWS", 2)
    parts = evaluate(model, tokenizer, {"mine": rows[:7]}, ["tuned"], max_new_tokens=6)
    assert texts(whole["mine"]["tuned"]) == texts(parts["mine"]["tuned"])
    constrain = Forced  # each row's own answer comes back to its own place
    forced = evaluate(
        model, tokenizer, {"mine": rows[:7]}, ["base_grammar"],
        lambda row, room: constrain(answer_text(row), tokenizer),
    )  # fmt: skip
    assert texts(forced["mine"]["base_grammar"]) == [answer_text(row) for row in rows[:7]]


def test_constraints_have_their_place(tuned, rows):
    model, tokenizer = tuned
    text = '{"tool": null, "args": {}}'
    results = evaluate(
        model, tokenizer, {"mine": rows[:4]}, MODES, lambda row, room: Forced(text, tokenizer), 40
    )
    assert list(results["mine"]) == list(MODES)
    for mode in ("base_grammar", "tuned_grammar"):
        assert texts(results["mine"][mode]) == [text] * 4
        verdicts = [answer.verdict for answer in results["mine"][mode].answers]
        assert not any(verdict.syntax_error or verdict.exact for verdict in verdicts)
        assert all(verdict.schema_valid for verdict in verdicts)
    assert texts(results["mine"]["base"]) != [text] * 4


def test_an_answer_that_is_cut_is_a_syntax_error(tuned, rows):
    model, tokenizer = tuned
    results = evaluate(
        model, tokenizer, {"mine": rows[:2]}, ["base_grammar"],
        lambda row, room: Forced(answer_text(row), tokenizer), max_new_tokens=10,
    )  # fmt: skip
    assert [len(text) for text in texts(results["mine"]["base_grammar"])] == [10, 10]
    assert all(a.verdict.syntax_error for a in results["mine"]["base_grammar"].answers)


def long_row(rows, tokenizer, n_tokens):
    """Return a row whose prompt has this many tokens (a token is a byte here)."""
    item = {"id": "long", "query": "x", "tools": list(rows[0].tools), "answer": rows[0].answer}
    missing = n_tokens - len(encode_prompt(from_json(item), tokenizer))
    return from_json(item | {"query": "x" * (1 + missing)})


def test_a_long_prompt_takes_no_room_from_other_rows(tuned, rows):
    model, tokenizer = tuned
    mixed = [rows[0], long_row(rows, tokenizer, model.config.max_seq_len - 5), rows[1]]
    constrain = lambda row, room: Forced("[" * 300, tokenizer)  # noqa: E731
    results = evaluate(model, tokenizer, {"m": mixed}, ["base_grammar"], constrain, 30)
    assert [answer.n_tokens for answer in results["m"]["base_grammar"].answers] == [30, 5, 30]


def test_a_prompt_that_fills_the_context_is_named(tuned, rows):
    model, tokenizer = tuned
    full = long_row(rows, tokenizer, model.config.max_seq_len)
    with pytest.raises(ValueError, match="row long: its prompt of 1024 tokens leaves no room"):
        evaluate(model, tokenizer, {"m": [rows[0], full]}, ["base"], max_new_tokens=4)


def active(model):
    return {layer.active for _, layer in lora_layers(model)}


def test_the_active_adapter_is_the_one_measured_and_stays_active(tiny_model, rows):
    model, tokenizer = tuned_model(tiny_model, "first", seed=1)
    add_adapter(model, "second", seed=2)
    second = evaluate(model, tokenizer, {"m": rows[:3]}, ["base", "tuned"], max_new_tokens=8)
    assert active(model) == {"second"}
    lonely, _ = tuned_model(tiny_model, "second", seed=2)
    expected = evaluate(lonely, tokenizer, {"m": rows[:3]}, ["tuned"], max_new_tokens=8)
    assert texts(second["m"]["tuned"]) == texts(expected["m"]["tuned"])

    def broken(row, room):
        raise RuntimeError("no grammar")

    with pytest.raises(RuntimeError, match="no grammar"):
        evaluate(model, tokenizer, {"m": rows[:3]}, ["base_grammar"], broken)
    assert active(model) == {"second"}


def test_modes_that_cannot_be_run_are_refused(tiny_model, tuned, rows):
    plain, tokenizer = load(str(tiny_model), "none", None, "cpu", torch.float32)
    with pytest.raises(ValueError, match="mode 'tuned' needs an adapter"):
        evaluate(plain, tokenizer, {"m": rows}, ["base", "tuned"])
    with pytest.raises(ValueError, match="a grammar mode needs to know"):
        evaluate(*tuned, {"m": rows}, ["tuned_grammar"])
    with pytest.raises(ValueError, match="unknown mode 'best'; there are base, tuned"):
        evaluate(*tuned, {"m": rows}, ["best"])


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def adapter(tiny_model, tuned, tmp_path_factory):
    """A folder with an adapter of the tiny model, as a training run leaves it."""
    folder = tmp_path_factory.mktemp("runs") / "run-1.0"
    save_adapter(tuned[0], "default", folder, str(tiny_model))
    (folder / "report.json").write_text(json.dumps({"train": {"examples": 7}}))
    return folder


def run(*flags):
    """Run the command in this process; return its exit code."""
    with pytest.raises(SystemExit) as exit_:
        main([str(flag) for flag in flags])
    return exit_.value.code


def test_the_command_writes_table_report_and_samples(
    adapter, tiny_model, rows_file, tmp_path, capsys
):
    report, samples = tmp_path / "report.json", tmp_path / "samples.jsonl"
    code = run(
        "--adapter", adapter, "--suite", rows_file, "--limit", 2, "--grammar", "off",
        "--json", report, "--samples", samples, "--device", "cpu", "--max-new-tokens", 8,
    )  # fmt: skip
    printed = capsys.readouterr()
    assert code == 0, printed.err
    assert "base" in printed.out
    assert "tuned" in printed.out
    found = json.loads(report.read_text())
    # "model" to "wall_s" are the fields that other tools read; quant and dtype say how it ran.
    assert found.keys() == {
        "model", "adapter", "quant", "dtype", "suites", "train", "hardware", "versions", "wall_s",
    }  # fmt: skip
    assert (found["model"], found["adapter"]) == (str(tiny_model), str(adapter))
    assert found["train"] == {"examples": 7}
    assert list(found["suites"]) == [rows_file.stem]
    for mode in ("base", "tuned"):
        result = found["suites"][rows_file.stem][mode]
        assert result.keys() == {"n", *SHARES, "ci95", "tokens_per_s", "wall_s"}
        assert result["n"] == 2
        assert list(result["ci95"]) == list(SHARES)
        assert all(0 <= result[share] <= 1 for share in SHARES)
    lines = [json.loads(line) for line in samples.read_text().splitlines()]
    assert len(lines) == 2
    for line in lines:
        assert list(line) == ["id", "suite", "query", "expected", "outputs", "verdicts"]
        assert list(line["outputs"]) == list(line["verdicts"]) == ["base", "tuned"]
        assert list(line["verdicts"]["tuned"]) == list(SHARES)


def test_the_base_can_be_measured_alone(tiny_model, rows_file, tmp_path, capsys):
    report = tmp_path / "report.json"
    flags = ["--adapter", "none", "--model", tiny_model, "--suite", rows_file, "--json", report]
    assert run(*flags, "--limit", 2, "--max-new-tokens", 8) == 0, capsys.readouterr().err
    found = json.loads(report.read_text())
    assert (found["adapter"], found["train"]) == (None, None)
    assert list(found["suites"]["rows"]) == ["base"]


def test_bad_use_is_one_line_and_code_2(
    adapter, tiny_model, rows_file, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(evaluate_module, "json_specialist", lambda: tmp_path / "json-specialist")
    here = ["--adapter", adapter, "--suite", rows_file]
    nowhere = tmp_path / "nowhere" / "report.json"
    cases = [
        ([], r"the shipped adapter is not in .*json-specialist; give --adapter DIR, or"),
        (["--adapter", tmp_path], r"adapter_config.json does not exist: .* holds no adapter"),
        ([*here, "--modes", "base,best"], r"unknown mode 'best'; there are base, tuned, base_gram"),
        ([*here, "--limit", "-1"], r"--limit must be at least 0, got -1"),
        ([*here, "--max-new-tokens", "0"], r"--max-new-tokens must be at least 1, got 0"),
        ([*here, "--json", nowhere], r"--json .*nowhere/report.json: its folder does not exist"),
        ([*here, "--samples", tmp_path], r"--samples .* is a folder, not a file"),
        (["--adapter", adapter, "--suite", "seen"], r"'seen' is neither a suite .* nor a file"),
        (["--adapter", "none", "--modes", "tuned"], r"mode 'tuned' needs an adapter"),
        ([*here, "--quant", "nf3"], r"argument --quant: invalid choice: 'nf3'"),
        ([*here, "--model", "no such model"], r"'no such model' is no path here"),
    ]
    for flags, reason in cases:
        assert run(*flags) == 2, flags
        printed = capsys.readouterr()
        assert printed.out == ""
        assert re.match(f"error: .*{reason}", printed.err), (flags, printed.err)
        assert printed.err.count("\n") == 1, printed.err


def test_help_of_the_module_lists_the_flags():
    done = subprocess.run(
        [sys.executable, "-m", "minilora.evaluate", "--help"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    for flag in ("--adapter", "--suite", "--grammar", "--limit", "--json", "--samples", "--modes"):
        assert flag in done.stdout
    assert "(default: 200)" in done.stdout
    assert done.stderr == ""
