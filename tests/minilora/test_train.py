"""Training a tiny model: the schedule, the loop, its guards, and what a run leaves behind.

Runs that are killed have a file of their own, ``test_train_kills.py``.
"""

import json
import math
import re
import shutil
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file, save_file

from minilora import train as train_module
from minilora.adapter import read_info
from minilora.batches import BatchPlan, collate, micro_batches
from minilora.command import CommandFailed
from minilora.data.files import load_rows
from minilora.loading import load
from minilora.lora import inject, trainable_parameters
from minilora.run_folder import RunFolder
from minilora.train import (
    PLAN_AFTER,
    TrainState,
    check_finite,
    check_gradients,
    learning_rate,
    resume,
    snapshot,
    train,
    train_step,
    validation_loss,
)
from minilora.train_config import TrainConfig
from minilora.train_job import load_splits, main, prepare
from minilora.train_progress import TrainProgress


@pytest.fixture(scope="module")
def settings(tiny_model, rows_file):
    """Return the settings of a short run, as the dataclass takes them."""
    return {
        "model": str(tiny_model), "data": str(rows_file), "rank": 2, "steps": 12, "lr": 0.02,
        "batch_tokens": 700, "checkpoint_every": 3, "validate_every": 4, "eval_limit": 0,
        "dtype": "float32", "device": "cpu", "dropout": 0.1,
    }  # fmt: skip


def flags_of(settings, **changes):
    pairs = {**settings, **changes}
    return [
        part
        for name, value in pairs.items()
        if value is not None
        for part in ("--" + name.replace("_", "-"), str(value))
    ]


def run(flags):
    """Run the command in this process; return its exit code."""
    with pytest.raises(SystemExit) as exit_:
        main(flags)
    return exit_.value.code


def prepared(config):
    """Return what the command trains: the adapted model, the plan, the held-out groups."""
    model, tokenizer = load(config.model, config.quant, None, "cpu", torch.float32)
    torch.manual_seed(config.seed)
    inject(model, config.lora(), generator=torch.Generator().manual_seed(config.seed))
    plan, validation, _ = prepare(config, load_splits(config), tokenizer, model)
    return model, plan, validation


def train_here(config, folder, deadline_s=None):
    """Train in this process, without the command around it."""
    model, plan, validation = prepared(config)
    run_folder = RunFolder(folder)
    run_folder.create()
    with TrainProgress() as progress:
        state = train(model, plan, validation, config, run_folder, progress, deadline_s)
    return model, validation, run_folder, state


@pytest.fixture(scope="module")
def whole(settings, tmp_path_factory):
    """The folder of a finished run."""
    out = tmp_path_factory.mktemp("runs") / "whole"
    assert run(flags_of(settings, out=out)) == 0
    return out


# --- the schedule --------------------------------------------------------------------------------


def test_learning_rate_rises_then_follows_a_cosine():
    config = TrainConfig(lr=1.0, min_lr=0.1, warmup_steps=4)
    rates = [learning_rate(config, step, 24) for step in range(26)]
    assert rates[:4] == [0.25, 0.5, 0.75, 1.0]
    assert rates[4] == 1.0
    assert rates[14] == pytest.approx(0.55)  # half of the cosine: the middle
    assert rates[9] == pytest.approx(0.1 + 0.45 * (1 + math.cos(math.pi / 4)))
    assert rates[4:24] == sorted(rates[4:24], reverse=True)
    assert rates[24:] == [0.1, 0.1]


@pytest.mark.parametrize(
    ("warmup", "planned", "rates"),
    [
        (0, 2, [1.0, 0.5]),
        (10, 4, [0.5, 1.0, 1.0, 0.5]),  # the warmup takes half of a short run
        (10, 1, [1.0]),
    ],
)
def test_learning_rate_of_short_runs(warmup, planned, rates):
    config = TrainConfig(lr=1.0, min_lr=0.0, warmup_steps=warmup)
    found = [learning_rate(config, step, planned) for step in range(planned)]
    assert found == pytest.approx(rates)


# --- a run ---------------------------------------------------------------------------------------


def test_the_loss_falls(settings, tmp_path):
    changes = {"steps": 40, "validate_every": 20, "dropout": 0.0, "rank": 8}
    config = TrainConfig(**{**settings, **changes})
    _, _, run_folder, state = train_here(config, tmp_path / "run")
    losses = [line["loss"] for line in run_folder.metrics()]
    first, last = sum(losses[:3]) / 3, sum(losses[-3:]) / 3
    assert last < 0.5 * first
    assert state.best_loss < 0.5 * first


def test_a_run_leaves_these_files(whole, settings):
    assert sorted(path.name for path in whole.iterdir()) == [
        "adapter_config.json", "adapter_model.safetensors", "checkpoints", "loss.png",
        "metrics.jsonl", "report.json", "report.md", "train_config.json",
    ]  # fmt: skip
    checkpoints = sorted(path.name for path in (whole / "checkpoints").iterdir())
    assert checkpoints == ["step-0000009.safetensors", "step-0000012.safetensors"]
    assert (whole / "loss.png").read_bytes()[:4] == b"\x89PNG"
    assert read_info(whole).base_name == settings["model"]
    saved = TrainConfig.load(whole / "train_config.json")
    assert (saved.steps, saved.rank, saved.out) == (12, 2, str(whole))
    for number, line in enumerate(RunFolder(whole).metrics(), 1):
        fields = ["step", "tokens", "trained_tokens", "loss", "loss_kind", "lr", "grad_norm"]
        fields += ["tokens_per_s", "memory_bytes"]
        fields += ["validation_loss"] if number % 4 == 0 else []
        assert list(line) == fields
        assert line["step"] == number
        assert line.pop("loss_kind") == "plain"
        assert all(math.isfinite(value) for value in line.values())
        assert line["memory_bytes"] > 1e7


def test_the_report_has_these_fields(whole):
    report = json.loads((whole / "report.json").read_text())
    assert list(report) == [
        "model", "adapter", "suites", "train", "hardware", "versions", "wall_s",
    ]  # fmt: skip
    assert report["suites"] == {}  # --eval-limit 0
    # "steps" and "best_validation_loss" tell more than other tools read.
    assert list(report["train"]) == [
        "examples", "steps", "tokens", "tokens_per_s", "best_validation_loss", "wall_s",
        "peak_memory_bytes",
    ]  # fmt: skip
    metrics = RunFolder(whole).metrics()
    assert report["train"]["steps"] == 12
    assert report["train"]["tokens"] == metrics[-1]["tokens"]
    assert report["train"]["best_validation_loss"] == min(
        line["validation_loss"] for line in metrics if "validation_loss" in line
    )
    assert report["wall_s"] > report["train"]["wall_s"] > 0


def test_the_main_job_measures_base_against_tuned(tiny_model, settings, tmp_path, capsys):
    roomy = tmp_path / "model"  # the built-in rows take up to some thousand bytes
    shutil.copytree(tiny_model, roomy)
    config = json.loads((roomy / "config.json").read_text())
    config["max_position_embeddings"] = 16_384
    (roomy / "config.json").write_text(json.dumps(config))
    out, report_copy = tmp_path / "run", tmp_path / "report.json"
    flags = flags_of(settings, model=roomy, steps=2, eval_limit=1, out=out, json=report_copy)
    assert run(flags) == 0
    printed = capsys.readouterr().out
    for word in ("seen_tools", "unseen_tools", "structured", "base", "tuned", "right tool"):
        assert word in printed
    report = json.loads((out / "report.json").read_text())
    assert report == json.loads(report_copy.read_text())
    assert list(report["suites"]) == ["seen_tools", "unseen_tools", "structured"]
    modes = ["base", "tuned", "tuned_grammar"]
    assert all(list(found) == modes for found in report["suites"].values())
    samples = [json.loads(line) for line in (out / "samples.jsonl").read_text().splitlines()]
    assert [line["suite"] for line in samples] == list(report["suites"])
    assert (out / "report.png").read_bytes()[:4] == b"\x89PNG"
    assert "| seen_tools | tuned | 1 |" in (out / "report.md").read_text()


def test_the_same_seed_gives_the_same_bytes(whole, settings, tmp_path):
    assert run(flags_of(settings, out=tmp_path / "again")) == 0
    assert run(flags_of(settings, out=tmp_path / "other", seed=1)) == 0
    again, other, first = (
        (folder / "adapter_model.safetensors").read_bytes()
        for folder in (tmp_path / "again", tmp_path / "other", whole)
    )
    assert again == first
    assert other != first


def test_the_kept_adapter_is_the_best_and_has_the_loss_that_was_logged(
    settings, tmp_path, monkeypatch
):
    """The losses that choose are scripted; the true ones are noted beside them."""
    scripted, true = iter([3.0, 1.0, 2.0, 1.0]), []

    def judged(*arguments):
        true.append(validation_loss(*arguments))
        return next(scripted)

    monkeypatch.setattr(train_module, "validation_loss", judged)
    config = TrainConfig(**{**settings, "steps": 8, "validate_every": 2})
    model, validation, run_folder, state = train_here(config, tmp_path / "run")
    assert state.best_loss == 1.0
    assert len(set(true)) == 4
    assert validation_loss(model, validation, config.micro_tokens) == true[1]
    tuned, _ = load(config.model, "nf4", run_folder.path, "cpu", torch.float32)
    assert validation_loss(tuned, validation, config.micro_tokens) == true[1]


def test_time_runs_out_after_the_steps_that_measure_it(settings, tmp_path):
    config = TrainConfig(**{**settings, "steps": None, "epochs": 50.0, "minutes": 1.0})
    model, _, run_folder, state = train_here(config, tmp_path / "run", time.monotonic())
    assert state.step == state.planned == PLAN_AFTER[0]
    assert (run_folder.path / "adapter_model.safetensors").is_file()
    assert not model.training


def test_a_slow_start_does_not_shorten_the_run(settings, tmp_path, monkeypatch):
    """Eight steps of a minute, then steps of a second: the 1,480 s have room for a thousand."""
    clock = SimpleNamespace(now=0.0, monotonic=lambda: clock.now)

    def step_that_takes(model, batches, optimizer, scaler, parameters, clip):
        clock.now += 60.0 if clock.now < 8 * 60 else 1.0
        return 1.0, 1.0

    monkeypatch.setattr(train_module, "time", clock)
    monkeypatch.setattr(train_module, "train_step", step_that_takes)
    monkeypatch.setattr(train_module, "check_gradients", lambda parameters: None)
    monkeypatch.setattr(train_module, "validation_loss", lambda *arguments: 1.0)
    config = TrainConfig(**{**settings, "steps": None, "epochs": 1e6, "minutes": 1.0})
    planned = []
    monkeypatch.setattr(TrainProgress, "step", lambda *args: planned.append(args[2:]))
    *_, state = train_here(config, tmp_path / "run", deadline_s=1480.0)
    lengths = [steps for steps, _ in planned]
    assert lengths[7] < 30  # a minute a step
    assert lengths[15] > 800
    assert [fixed for _, fixed in planned].index(True) == PLAN_AFTER[-1] - 1
    assert clock.now == pytest.approx(1480, rel=0.2)  # steps differ in their tokens
    assert state.step == state.planned == lengths[-1]


def test_epochs_count_passes_over_the_rows(settings, tmp_path):
    config = TrainConfig(**{**settings, "steps": None, "epochs": 2.0})
    _, plan, _ = prepared(config)
    _, _, _, state = train_here(config, tmp_path / "run")
    assert state.step == state.planned == 2 * sum(1 for _ in plan.epoch(0))
    assert abs(state.rows - 2 * len(plan.examples)) <= max(len(b) for b in plan.epoch(0)) * 6


# --- one step ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def step_parts(settings):
    """A model whose adapter is not zero, and one batch of several groups."""
    model, plan, _ = prepared(TrainConfig(**{**settings, "dropout": 0.0, "batch_tokens": 2000}))
    generator = torch.Generator().manual_seed(3)
    for parameter in trainable_parameters(model).values():
        torch.nn.init.normal_(parameter, std=0.05, generator=generator)
    return model, next(plan.batches())


def gradients(model, batches):
    """Return loss, norm and gradients of a step that changes nothing."""
    parameters = trainable_parameters(model)
    for parameter in parameters.values():
        parameter.grad = None
    optimizer = torch.optim.SGD(parameters.values(), lr=0.0)
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    loss, norm = train_step(model, batches, optimizer, scaler, parameters, clip=1e9)
    return loss, norm, {name: p.grad.clone() for name, p in parameters.items()}


@pytest.mark.parametrize("micro_tokens", [1, 450, 900])
def test_accumulation_equals_the_big_batch(step_parts, micro_tokens):
    model, groups = step_parts
    parts = [collate(part) for part in micro_batches(groups, micro_tokens)]
    assert len(parts) > 1
    loss, norm, whole = gradients(model, [collate(groups)])
    loss_parts, norm_parts, sums = gradients(model, parts)
    # Rounding alone: measured 1e-7 on the loss and 4e-7 of the largest gradient.
    assert loss_parts == pytest.approx(loss, rel=1e-6)
    assert norm_parts == pytest.approx(norm, rel=1e-5)
    for name, gradient in whole.items():
        torch.testing.assert_close(sums[name], gradient, rtol=0, atol=1e-5 * norm)


def test_gradients_are_clipped_and_the_norm_before_is_told(step_parts):
    model, groups = step_parts
    parameters = trainable_parameters(model)
    _, norm, _ = gradients(model, [collate(groups)])
    optimizer = torch.optim.SGD(parameters.values(), lr=0.0)
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    for parameter in parameters.values():
        parameter.grad = None
    _, told = train_step(model, [collate(groups)], optimizer, scaler, parameters, clip=norm / 10)
    assert told == pytest.approx(norm, rel=1e-6)
    clipped = math.sqrt(sum(float(p.grad.square().sum()) for p in parameters.values()))
    assert clipped == pytest.approx(norm / 10, rel=1e-4)


def test_activation_checkpointing_changes_nothing_but_memory(step_parts):
    model, groups = step_parts
    plain = gradients(model, [collate(groups)])
    model.checkpoint_activations = True
    model.train()
    recomputed = gradients(model, [collate(groups)])
    model.checkpoint_activations = False
    assert recomputed[:2] == plain[:2]
    assert all(torch.equal(recomputed[2][name], grad) for name, grad in plain[2].items())


# --- guards --------------------------------------------------------------------------------------


def test_a_run_that_diverges_ends_in_one_line(settings, tmp_path, capsys):
    flags = flags_of(settings, lr=1e30, validate_every=1, warmup_steps=0, out=tmp_path / "run")
    assert run(flags) == 1
    said = capsys.readouterr().err
    (line,) = re.findall(r"^failed: .*$", said, re.MULTILINE)
    assert re.match(r"failed: after \d+ steps: loss (nan|inf).*A lower --lr usually helps", line)
    assert "Traceback" not in said
    for metrics in RunFolder(tmp_path / "run").metrics():
        assert all(math.isfinite(value) for value in metrics.values() if value != "plain")


def spoiled(tiny_model, folder, spoil):
    """Return a copy of the tiny model with its tensors changed."""
    shutil.copytree(tiny_model, folder)
    tensors = load_file(folder / "model.safetensors")
    spoil(tensors)
    save_file(tensors, folder / "model.safetensors")
    return folder


def test_weights_that_are_not_finite_stop_the_first_step(tiny_model, settings, tmp_path, capsys):
    def spoil(tensors):
        tensors["model.embed_tokens.weight"][:] = float("inf")

    model = spoiled(tiny_model, tmp_path / "model", spoil)
    assert run(flags_of(settings, model=model, out=tmp_path / "run")) == 1
    said = capsys.readouterr().err
    assert "failed: after 0 steps: loss nan" in said
    assert "no adapter was written" in said
    assert not (tmp_path / "run" / "adapter_model.safetensors").exists()


def test_an_adapter_that_gets_no_gradient_stops_the_run(tiny_model, settings, tmp_path, capsys):
    def spoil(tensors):  # what attention finds is thrown away, so nothing tells q, k, v to learn
        for name in tensors:
            if name.endswith("o_proj.weight"):
                tensors[name].zero_()

    model = spoiled(tiny_model, tmp_path / "model", spoil)
    assert run(flags_of(settings, model=model, out=tmp_path / "run")) == 1
    (line,) = re.findall(r"^failed: .*$", capsys.readouterr().err, re.MULTILINE)
    assert line.startswith("failed: no gradient reached 6 adapters, the first is layers.0.self_att")


def test_guards_of_a_step():
    check_finite(1.0, 2.0, TrainState(), scaled=False)
    check_finite(1.0, math.inf, TrainState(), scaled=True)  # the scaler skips such a step
    with pytest.raises(
        CommandFailed, match=r"after 3 steps: loss 1\.0, gradient norm inf; no adapt"
    ):
        check_finite(1.0, math.inf, TrainState(step=3), scaled=False)
    with pytest.raises(
        CommandFailed, match=r"loss nan.*the adapter on disk is the best one before"
    ):
        check_finite(math.nan, 1.0, TrainState(step=3, best_loss=0.5), scaled=True)
    parameter = torch.nn.Parameter(torch.zeros(2))
    with pytest.raises(CommandFailed, match=r"no gradient reached 1 adapters, the first is a\.lo"):
        check_gradients({"a.lora_A": parameter, "a.lora_B": parameter})
    parameter.grad = torch.ones(2)
    check_gradients({"a.lora_A": parameter, "a.lora_B": parameter})


def test_a_step_with_every_token_masked_is_refused(step_parts):
    model, groups = step_parts
    batch = collate(groups)
    nothing = torch.tensor([], dtype=torch.int64)
    masked = replace(batch, sources=nothing, labels=nothing, weights=torch.tensor([]))
    with pytest.raises(ValueError, match="no answer tokens to train on: every token is masked"):
        gradients(model, [masked])


def test_training_needs_rows_to_validate_on(settings, tmp_path):
    config = TrainConfig(**settings)
    model, plan, _ = prepared(config)
    with pytest.raises(ValueError, match="no validation rows"):
        train(model, plan, [[]], config, RunFolder(tmp_path), TrainProgress())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lr": "fast"}, "argument --lr: invalid float value: 'fast'"),
        ({"lr": "nan"}, "--lr must be finite, got nan"),
        ({"lr": "-1"}, "--lr must be above 0, got -1.0"),
        ({"lr": "1e-6"}, "--lr 1e-06 must not be below --min-lr 1e-05"),
        ({"steps": "0"}, "--steps must be at least 1, got 0"),
        ({"rank": "0"}, "--rank must be at least 1, got 0"),
        ({"epochs": "inf"}, "--epochs must be finite, got inf"),
        ({"minutes": "0"}, "--minutes must be above 0, got 0.0"),
        ({"dropout": "1"}, "dropout must be at least 0 and below 1, got 1.0"),
        ({"seed": "-1"}, "--seed must be at least 0, got -1"),
        ({"seed": str(2**63)}, f"--seed must be below 2^63, got {2**63}"),
        ({"targets": " ,"}, "--targets names no layer"),
        ({"targets": "q_proj,nose"}, "target 'nose' matches no linear layer; the model has: q_pr"),
        ({"quant": "nf3"}, "argument --quant: invalid choice: 'nf3'"),
        ({"loss": "fancy"}, "argument --loss: invalid choice: 'fancy'"),
        ({"device": "tpu"}, "argument --device: invalid choice: 'tpu'"),
        ({"model": "no such model"}, "'no such model' is no path here"),
        ({"data": "nowhere.jsonl"}, "nowhere.jsonl: No such file"),
        ({"batch_tokens": "100"}, "row row-"),
        ({"json": "nowhere/report.json"}, "--json nowhere/report.json: its folder does not exist"),
        ({"resume": "run"}, "run is no run folder: it has no train_config.json"),
        ({"colour": "red"}, "unrecognized arguments: --colour red"),
    ],
)
def test_bad_use_is_one_line_and_code_2_and_leaves_nothing(
    settings, tmp_path, monkeypatch, capsys, changes, reason
):
    monkeypatch.chdir(tmp_path)
    assert run(flags_of(settings, **{"out": "run", **changes})) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"error: {reason}")
    assert printed.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "holds no rows"),
        ('{"query": "x"}\n', "rows.jsonl:1: neither tools nor a schema"),
        ("{\n", "rows.jsonl:1: not JSON"),
        (
            '{"query": "x", "schema": {}, "answer": {}}\n',
            "rows.jsonl holds 1 row; at least 2 are needed",
        ),
    ],
)
def test_data_without_use_is_refused_before_training(settings, tmp_path, capsys, content, reason):
    data = tmp_path / "rows.jsonl"
    data.write_text(content)
    assert run(flags_of(settings, data=data, out=tmp_path / "run")) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert reason in said
    assert said.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_a_folder_with_something_in_it_is_not_overwritten(whole, settings, tmp_path, capsys):
    assert run(flags_of(settings, out=whole)) == 2
    assert "is not empty; choose another --out or --resume it" in capsys.readouterr().err
    (tmp_path / "file").write_text("mine")
    assert run(flags_of(settings, out=tmp_path / "file")) == 2
    assert "file is a file; choose another --out" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


def test_held_out_rows_are_drawn_from_all_of_the_users_rows(settings, rows_file):
    rows = load_rows(rows_file)
    splits = load_splits(TrainConfig(**settings))
    assert {name: len(part) for name, part in splits.items()} == {"train": 27, "validation": 3}
    assert sorted(row.id for part in splits.values() for row in part) == sorted(r.id for r in rows)
    assert splits["validation"] != rows[-3:]
    other = load_splits(TrainConfig(**{**settings, "seed": 1}))
    assert other["validation"] != splits["validation"]


# --- going on ------------------------------------------------------------------------------------


@pytest.fixture
def stopped(whole, tmp_path):
    """A copy of the finished run as it stood after its checkpoints, results and rest removed."""
    folder = tmp_path / "stopped"
    shutil.copytree(whole, folder)
    for name in ("report.json", "report.md", "loss.png"):
        (folder / name).unlink()
    return folder


def adapter_bytes(folder):
    return (folder / "adapter_model.safetensors").read_bytes()


def newest(folder):
    return sorted((folder / "checkpoints").iterdir())[-1]


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def flip(path):
    data = bytearray(path.read_bytes())
    data[-50] ^= 1
    path.write_bytes(data)


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, flip, empty])
def test_a_damaged_checkpoint_is_reported_and_the_one_before_it_is_used(
    stopped, whole, capsys, damage
):
    damage(newest(stopped))
    assert run(["--resume", str(stopped)]) == 0
    said = capsys.readouterr().err
    assert "step-0000012.safetensors is damaged: taking the checkpoint before it" in said
    assert adapter_bytes(stopped) == adapter_bytes(whole)
    assert newest(stopped).read_bytes()[-1000:] == newest(whole).read_bytes()[-1000:]
    assert [line["loss"] for line in RunFolder(stopped).metrics()] == [
        line["loss"] for line in RunFolder(whole).metrics()
    ]


def test_without_a_whole_checkpoint_nothing_is_started_anew_in_silence(stopped, capsys):
    for path in (stopped / "checkpoints").iterdir():
        cut(path)
    metrics = (stopped / "metrics.jsonl").read_bytes()
    assert run(["--resume", str(stopped)]) == 2
    assert "error: no checkpoint in" in capsys.readouterr().err
    assert (stopped / "metrics.jsonl").read_bytes() == metrics


def test_a_finished_run_is_only_reported_again(stopped, whole):
    assert run(["--resume", str(stopped)]) == 0
    assert adapter_bytes(stopped) == adapter_bytes(whole)
    reports = [json.loads((f / "report.json").read_text())["train"] for f in (stopped, whole)]
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--lr", "0.5"], "--lr 0.5: the run in .* began with 0.02, and a resumed run keeps its"),
        (["--loss", "grammar"], "--loss grammar: the run in .* began with plain, and"),
        (["--steps", "99"], "--steps 99: the run in .* began with 12, and"),
        (["--out", "elsewhere"], "--resume .* writes there, not to --out elsewhere"),
    ],
)
def test_other_settings_are_not_taken_in_silence(stopped, capsys, flags, reason):
    assert run(["--resume", str(stopped), *flags]) == 2
    assert re.match(f"error: {reason}", capsys.readouterr().err)


def test_resume_says_what_is_missing(whole, tmp_path, capsys):
    assert run(["--resume"]) == 2
    assert capsys.readouterr().err == "error: --resume needs the run's folder\n"
    for content, reason in [
        ("{", "train_config.json is not JSON"),
        ("[]", "train_config.json holds no JSON object"),
        ('{"model": "x", "colour": 1}', "settings of another version, which differ in alpha, "),
    ]:
        (tmp_path / "train_config.json").write_text(content)
        assert run(["--resume", str(tmp_path)]) == 2
        said = capsys.readouterr().err
        assert reason in said
        assert said.count("\n") == 1


def test_other_rows_are_not_trained_on_in_silence(stopped, rows_file, tmp_path, capsys):
    mine = tmp_path / "mine.jsonl"
    mine.write_text(rows_file.read_text().replace("dim to 4", "dim to four"))
    config = json.loads((stopped / "train_config.json").read_text())
    (stopped / "train_config.json").write_text(json.dumps(config | {"data": str(mine)}))
    assert run(["--resume", str(stopped)]) == 2
    assert "the training rows are not those that this run began with" in capsys.readouterr().err


def test_another_model_is_not_trained_on_in_silence(stopped, capsys):
    config = json.loads((stopped / "train_config.json").read_text())
    (stopped / "train_config.json").write_text(json.dumps(config | {"rank": 3}))
    assert run(["--resume", str(stopped)]) == 2
    assert "its checkpoint is of a model of another shape" in capsys.readouterr().err


def test_a_checkpoint_before_the_first_update_can_be_resumed(settings, tmp_path):
    """A float16 scaler may put the first update off, so that AdamW has no state yet."""
    config = TrainConfig(**settings)
    model, _, _ = prepared(config)
    parameters = trainable_parameters(model)
    optimizer = torch.optim.AdamW(parameters.values())
    scaler = torch.amp.GradScaler("cpu", enabled=True)
    run_folder = RunFolder(tmp_path)
    run_folder.save(snapshot(TrainState(step=1), parameters, optimizer, scaler, data=5))
    state = resume(run_folder, parameters, optimizer, scaler, data=5)
    assert state == TrainState(step=1)
    assert not any(optimizer.state.values())


def test_validation_sees_the_step_that_was_just_made(settings):
    """A fused optimiser changes parameters without torch's counting it."""
    config = TrainConfig(**{**settings, "dropout": 0.0})
    model, plan, validation = prepared(config)
    parameters = trainable_parameters(model)
    optimizer = torch.optim.AdamW(parameters.values(), lr=0.02, fused=True)
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    for number, groups in zip(range(2), plan.batches(), strict=False):
        train_step(model, [collate(groups)], optimizer, scaler, parameters, 1.0)
        seen = validation_loss(model, validation, 6000)
        copies = {name: parameter.detach().clone() for name, parameter in parameters.items()}
        fresh, _, _ = prepared(config)
        with torch.no_grad():
            for name, parameter in trainable_parameters(fresh).items():
                parameter.copy_(copies[name])
        assert validation_loss(fresh, validation, 6000) == seen, number


def test_a_plan_gives_the_same_batches_from_any_step_on(settings):
    _, plan, _ = prepared(TrainConfig(**settings))
    again = BatchPlan(plan.examples, plan.batch_tokens, plan.group_rows, plan.seed)
    assert [b for _, b in zip(range(30), plan.batches(), strict=False)] == [
        b for _, b in zip(range(30), again.batches(), strict=False)
    ]
