"""The whole main job around the training loop: fetch, quantise, inject, train, evaluate, report."""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import torch

from minilora.adapter import load_adapter, read_info
from minilora.atomic import write_whole
from minilora.batches import BatchPlan, Example, encode_rows
from minilora.chat import Tokenizer
from minilora.command import (
    Parser,
    add_flags,
    check_writable,
    exit_with,
    flag,
    from_flags,
    write_json,
)
from minilora.data.generator import MAX_TOOLS
from minilora.data.rows import Row
from minilora.evaluate import evaluate, schema_constraints
from minilora.grammar_loss import AnswerMasks
from minilora.loading import Quant, choose_device, load
from minilora.lora import inject, lora_layers, trainable_parameters
from minilora.model import Llama
from minilora.precision import compute_dtype
from minilora.report import (
    Results,
    draw_chart,
    draw_loss,
    environment,
    markdown,
    print_table,
    samples_text,
    suites_json,
)
from minilora.run_folder import RunFolder
from minilora.suites import some
from minilora.train import TrainState, peak_memory_bytes, train
from minilora.train_config import TrainConfig
from minilora.train_progress import TrainProgress

CPU_ROWS, GPU_ROWS = 2_500, 20_000  # training rows where --train-rows does not say
SHORT_RUN_TOOLS = 4  # most tools of a row of the main job on a CPU, where --max-tools does not say
SHORT_RUN_WEIGHT = 4  # of the tokens that choose, where --choice-weight does not say
CPU_MINUTES = 10.0  # the main job without flags, on two cores
MARGIN = 0.9  # of the job's minutes are planned for
EVALUATION_TOKENS = 650  # training tokens that take as long as one row in its three modes
VALIDATION_ROWS = 96


def main(argv: Sequence[str] | None = None) -> None:
    """Run ``python -m minilora.train``."""
    started = time.monotonic()
    parser = Parser(
        prog="python -m minilora.train",
        description="Fine-tune a language model with QLoRA to answer with JSON only.",
    )
    add_flags(parser, TrainConfig)
    parser.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="DIR",
        help="go on with the run in this folder (or in --out), with the settings it began with",
    )
    parser.add_argument("--json", metavar="FILE", help="also write report.json here")
    arguments = parser.parse_args(argv)
    exit_with(lambda: _run(arguments, started))


def _run(arguments: argparse.Namespace, started: float) -> None:
    check_writable(json=arguments.json)
    resuming = arguments.resume is not None
    if resuming:
        run, config = saved_run(arguments)
    else:
        config = _resolve(from_flags(TrainConfig, arguments))
        assert config.out is not None
        run = RunFolder(Path(config.out))
        run.check_new()
    quant = cast(Quant, config.quant)
    model, tokenizer = load(config.model, quant, None, config.device, getattr(torch, config.dtype))
    model.checkpoint_activations = config.checkpoint_activations
    generator = torch.Generator().manual_seed(config.seed)
    torch.manual_seed(config.seed)  # LoRA dropout
    layers = add_adapter(model, config, generator)
    splits = load_splits(config)
    plan, validation, masks = prepare(config, splits, tokenizer, model)
    n_trained = sum(p.numel() for p in trainable_parameters(model).values())
    say(
        f"{config.model}: {len(layers)} adapted layers, {n_trained / 1e6:.1f} M trained "
        f"parameters, base weights {config.quant}, computing in {config.dtype}"
    )
    say(describe(plan.examples))
    if masks is not None:
        say("grammar loss: tokens that a row's schema forces have none")
    deadline = None
    if config.minutes is not None and config.steps is None:
        deadline = started + 60 * config.minutes * MARGIN
    if not resuming:  # only now, so that bad input leaves no folder behind
        run.create()
        config.save(run.path / "train_config.json")
    try:
        with TrainProgress() as progress:
            evaluation = 3 * config.eval_limit * EVALUATION_TOKENS
            state = train(
                model, plan, validation, config, run, progress, deadline, evaluation, masks
            )
    except KeyboardInterrupt:
        say(f"to go on: python -m minilora.train --resume {run.path}")
        raise
    finish(config, run, model, tokenizer, splits, state, started, arguments.json)


def say(line: str) -> None:
    """Tell what is being done; results go to stdout, this does not."""
    print(line, file=sys.stderr)


def saved_run(arguments: argparse.Namespace) -> tuple[RunFolder, TrainConfig]:
    """Return the run to go on with, and its settings.

    Raises:
        ValueError: no such run, or a flag that differs from what the run began with.
    """
    folder = arguments.resume or arguments.out
    if folder is None:
        raise ValueError("--resume needs the run's folder")
    if arguments.resume and arguments.out not in (None, arguments.resume):
        raise ValueError(f"--resume {arguments.resume} writes there, not to --out {arguments.out}")
    path = Path(folder) / "train_config.json"
    if not path.is_file():
        raise ValueError(f"{folder} is no run folder: it has no train_config.json")
    config = TrainConfig.load(path)
    for field in dataclasses.fields(TrainConfig):
        given, saved = getattr(arguments, field.name), getattr(config, field.name)
        if field.name != "out" and given not in (field.default, saved):
            raise ValueError(
                f"{flag(field.name)} {given}: the run in {folder} began with {saved}, and a "
                "resumed run keeps its settings"
            )
    return RunFolder(Path(folder)), config


def _resolve(config: TrainConfig) -> TrainConfig:
    """Replace every "auto" by what it means here, so that the saved settings say what was done."""
    device = choose_device(config.device)
    changes: dict[str, Any] = {"device": device.type}
    if config.dtype == "auto":
        dtype, reason = compute_dtype(device)
        say(f"compute type {reason}")
        changes["dtype"] = str(dtype).removeprefix("torch.")
    if config.minutes is None and config.steps is None and device.type == "cpu":
        changes["minutes"] = CPU_MINUTES
    short = config.data is None and config.train_rows is None and device.type == "cpu"
    if config.choice_weight is None:
        changes["choice_weight"] = SHORT_RUN_WEIGHT if short else 1
    if config.train_rows is None:
        changes["train_rows"] = CPU_ROWS if device.type == "cpu" else GPU_ROWS
    if config.max_tools is None:
        changes["max_tools"] = SHORT_RUN_TOOLS if short else MAX_TOOLS
    if config.out is None:
        changes["out"] = str(Path("runs") / time.strftime("%Y-%m-%d-%H%M%S"))
    return dataclasses.replace(config, **changes)


def load_splits(config: TrainConfig) -> dict[str, list[Row]]:
    """Return the built-in splits, with the user's rows for training where they are given.

    The built-in rows do not depend on --seed: runs with different seeds are tested on the same
    rows, the ones that ``minilora.evaluate`` asks, and no run has trained on a near copy of them.

    Raises:
        ValueError: a row that cannot be used (with file and line), or too few.
    """
    from minilora.data import build
    from minilora.data.files import load_rows

    if config.data is None:
        assert config.train_rows is not None  # _resolve has filled them in
        assert config.max_tools is not None
        return build(train_rows=config.train_rows, max_tools=config.max_tools)
    rows = load_rows(Path(config.data))
    if len(rows) < 2:
        raise ValueError(f"{config.data} holds {len(rows)} row; at least 2 are needed")
    count = max(1, min(VALIDATION_ROWS, len(rows) // 10))
    held_back = set(random.Random(config.seed).sample(range(len(rows)), count))
    mine = {
        "train": [row for i, row in enumerate(rows) if i not in held_back],
        "validation": [row for i, row in enumerate(rows) if i in held_back],
    }
    return {**build(train_rows=0), **mine} if config.eval_limit else mine


def prepare(
    config: TrainConfig, splits: dict[str, list[Row]], tokenizer: Tokenizer, model: Llama
) -> tuple[BatchPlan, list[list[Example]], AnswerMasks | None]:
    """Tokenise the training and validation rows; with the grammar loss, check and mask them."""
    longest = min(config.batch_tokens, model.config.max_seq_len)
    held_out = splits["validation"][:VALIDATION_ROWS]
    weight = config.choice_weight or 1
    examples = encode_rows(splits["train"], tokenizer, longest, weight)
    validation = encode_rows(held_out, tokenizer, longest, weight)
    masks = None
    if config.loss == "grammar":
        masks = AnswerMasks([*splits["train"], *held_out], [*examples, *validation], tokenizer)
    groups: dict[str, list[Example]] = {}
    for example in validation:
        groups.setdefault(example.group, []).append(example)
    plan = BatchPlan(examples, config.batch_tokens, config.group_rows, config.seed)
    return plan, list(groups.values()), masks


def add_adapter(model: Llama, config: TrainConfig, generator: torch.Generator) -> list[str]:
    """Add the adapter that is trained, a new one or one to go on with; return the adapted layers.

    Raises:
        FileNotFoundError, ValueError: ``--init`` names no adapter, or one of other settings.
    """
    if config.init is None:
        return inject(model, config.lora(), generator=generator)
    found = read_info(config.init).config
    for name in ("rank", "alpha", "use_rslora", "use_dora"):
        if getattr(found, name) != getattr(config.lora(), name):
            raise ValueError(
                f"--init {config.init} has {name} {getattr(found, name)}, "
                f"the run {getattr(config.lora(), name)}"
            )
    load_adapter(model, config.init)
    return [path for path, _ in lora_layers(model)]


def describe(examples: Sequence[Example]) -> str:
    """Return a line on how much of the training text is trained on."""
    total = sum(len(example) for example in examples)
    trained = sum(len(example.completion) for example in examples)
    return (
        f"{len(examples)} rows, {total / len(examples):.0f} tokens a row, of which "
        f"{trained / len(examples):.0f} ({100 * trained / total:.0f}%) are trained on"
    )


def finish(
    config: TrainConfig,
    run: RunFolder,
    model: Llama,
    tokenizer: Tokenizer,
    splits: dict[str, list[Row]],
    state: TrainState,
    started: float,
    json_file: str | None,
) -> None:
    """Evaluate base against tuned, write every result file, print the table."""
    metrics = run.metrics()
    draw_loss(metrics, run.path / "loss.png")
    results: Results = {}
    suites: dict[str, list[Row]] = {}
    if config.eval_limit:
        names = {"seen_tools": "seen", "unseen_tools": "unseen", "structured": "structured"}
        suites = {
            suite: some(splits[f"test_{split}"], config.eval_limit)
            for suite, split in names.items()
        }
        modes = ["base", "tuned", "tuned_grammar"]
        results = evaluate(model, tokenizer, suites, modes, schema_constraints(tokenizer))
        draw_chart(results, run.path / "report.png")
        write_whole(run.path / "samples.jsonl", samples_text(suites, results).encode())
    report = {
        "model": config.model,
        "adapter": str(run.path),
        "suites": suites_json(results),
        "train": {
            "examples": state.rows,
            "steps": state.step,
            "tokens": state.tokens,
            "tokens_per_s": state.tokens / max(state.wall_s, 1e-9),
            "best_validation_loss": state.best_loss,
            "wall_s": state.wall_s,
            "peak_memory_bytes": max((line["memory_bytes"] for line in metrics), default=None),
        },
        **environment(),
        "wall_s": time.monotonic() - started,
    }
    write_json(run.path / "report.json", report)
    write_json(json_file, report)
    notes = [
        f"{config.model}, base weights {config.quant}, computed in {config.dtype}",
        f"{state.step} steps, {state.rows} rows, {state.tokens} tokens in {state.wall_s:.0f} s; "
        f"best validation loss {state.best_loss:.4f} ({config.loss})",
        f"whole job {report['wall_s']:.0f} s, "
        f"peak memory {peak_memory_bytes(torch.device(config.device)) / 1e9:.2f} GB, "
        f"on {report['hardware']['cpu']}, {report['hardware']['threads']} threads",
    ]
    write_whole(run.path / "report.md", markdown(results, notes).encode())
    print_table(results)
    for note in notes:
        print(note)
    print(f"adapter, report, loss curve and chart: {run.path}")
