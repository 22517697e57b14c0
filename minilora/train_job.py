"""The whole main job around the training loop: fetch, quantise, inject, train, evaluate, report."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from minilora.atomic import write_whole
from minilora.batches import BatchPlan, Example, encode_rows
from minilora.chat import Tokenizer
from minilora.command import add_flags, exit_with, from_flags, write_json
from minilora.data.rows import Row
from minilora.evaluate import evaluate
from minilora.loading import choose_device, load
from minilora.lora import inject, trainable_parameters
from minilora.model import Llama
from minilora.precision import training_dtype
from minilora.report import (
    Results,
    draw_chart,
    draw_loss,
    environment,
    markdown,
    samples_text,
    suites_json,
    table,
)
from minilora.run_folder import RunFolder
from minilora.suites import some
from minilora.train import TrainState, train
from minilora.train_config import TrainConfig
from minilora.train_progress import TrainProgress

CPU_MINUTES = 10.0  # the main job without flags, on two cores
TRAINING_SHARE = 0.62  # of the job's minutes: the rest is for evaluation and reports
VALIDATION_ROWS = 96


def main() -> None:
    """Run ``python -m minilora.train``."""
    started = time.monotonic()
    parser = argparse.ArgumentParser(
        prog="python -m minilora.train",
        description="Fine-tune a language model with QLoRA to answer with JSON only.",
    )
    add_flags(parser, TrainConfig)
    parser.add_argument("--resume", metavar="DIR", help="go on with the run in this folder")
    parser.add_argument("--json", metavar="FILE", help="also write report.json here")
    arguments = parser.parse_args()
    exit_with(lambda: _run(arguments, started))


def _run(arguments: argparse.Namespace, started: float) -> None:
    if arguments.resume:
        run = RunFolder(Path(arguments.resume))
        if not (run.path / "train_config.json").is_file():
            raise ValueError(f"{run.path} is no run folder: it has no train_config.json")
        config = TrainConfig.load(run.path / "train_config.json")
    else:
        config = _resolve(from_flags(TrainConfig, arguments))
        assert config.out is not None
        run = RunFolder(Path(config.out))
        run.create()
        config.save(run.path / "train_config.json")
    say = Console(file=sys.stderr, highlight=False).print
    model, tokenizer = load(
        config.model, config.quant, None, config.device, getattr(torch, config.dtype)
    )
    model.checkpoint_activations = config.checkpoint_activations
    generator = torch.Generator().manual_seed(config.seed)
    torch.manual_seed(config.seed)  # LoRA dropout
    layers = inject(model, config.lora(), generator=generator)
    splits = load_splits(config)
    plan, validation = prepare(config, splits, tokenizer, model)
    n_trained = sum(p.numel() for p in trainable_parameters(model).values())
    say(
        f"{config.model}: {len(layers)} adapted layers, {n_trained / 1e6:.1f} M trained parameters, "
        f"base weights {config.quant}, computing in {config.dtype}"
    )
    say(describe(plan.examples))
    deadline = None
    if config.minutes is not None and config.steps is None:
        deadline = started + 60 * config.minutes * TRAINING_SHARE
    training_started = time.monotonic()
    with TrainProgress() as progress:
        state = train(model, plan, validation, config, run, progress, deadline)
    wall_s = time.monotonic() - training_started
    finish(config, run, model, tokenizer, splits, state, wall_s, started, arguments.json)


def _resolve(config: TrainConfig) -> TrainConfig:
    """Replace every "auto" by what it means here, so that the saved settings say what was done."""
    device = choose_device(config.device)
    changes: dict[str, Any] = {"device": device.type}
    if config.dtype == "auto":
        dtype, reason = training_dtype(device)
        print(f"compute type {reason}", file=sys.stderr)
        changes["dtype"] = str(dtype).removeprefix("torch.")
    if config.minutes is None and config.steps is None and device.type == "cpu":
        changes["minutes"] = CPU_MINUTES
    if config.out is None:
        changes["out"] = str(Path("runs") / time.strftime("%Y-%m-%d-%H%M%S"))
    return dataclasses.replace(config, **changes)


def load_splits(config: TrainConfig) -> dict[str, list[Row]]:
    """Return the built-in dataset's splits, with the user's rows for training where they are given."""
    from minilora.data import build
    from minilora.data.files import load_rows

    if config.data is None:
        return build(seed=config.seed, train_rows=config.train_rows)
    rows = load_rows(Path(config.data))
    if len(rows) < 2:
        raise ValueError(f"{config.data} holds {len(rows)} rows; at least 2 are needed")
    held_back = max(1, min(VALIDATION_ROWS, len(rows) // 10))
    mine = {"train": rows[:-held_back], "validation": rows[-held_back:]}
    return {**build(seed=config.seed, train_rows=0), **mine}


def prepare(
    config: TrainConfig, splits: dict[str, list[Row]], tokenizer: Tokenizer, model: Llama
) -> tuple[BatchPlan, list[list[Example]]]:
    """Tokenise the training and validation rows."""
    longest = min(config.batch_tokens, model.config.max_seq_len)
    examples = encode_rows(splits["train"], tokenizer, longest)
    validation = encode_rows(splits["validation"][:VALIDATION_ROWS], tokenizer, longest)
    groups: dict[str, list[Example]] = {}
    for example in validation:
        groups.setdefault(example.group, []).append(example)
    plan = BatchPlan(examples, config.batch_tokens, config.group_rows, config.seed)
    return plan, list(groups.values())


def describe(examples: list[Example] | Any) -> str:
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
    train_s: float,
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
        results = evaluate(model, tokenizer, suites, ["base", "tuned"])
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
            "tokens_per_s": sum(line["tokens_per_s"] for line in metrics) / len(metrics),
            "best_validation_loss": state.best_loss,
            "wall_s": train_s,
            "peak_memory_bytes": max(line["memory_bytes"] for line in metrics),
        },
        **environment(),
        "wall_s": time.monotonic() - started,
    }
    write_json(run.path / "report.json", report)
    write_json(json_file, report)
    notes = [
        f"{config.model}, base weights {config.quant}, computed in {config.dtype}",
        f"{state.step} steps, {state.rows} rows, {state.tokens} tokens in {train_s:.0f} s; "
        f"best validation loss {state.best_loss:.4f}",
        f"peak memory {report['train']['peak_memory_bytes'] / 1e9:.2f} GB; whole job "
        f"{report['wall_s']:.0f} s on {report['hardware']['cpu']}, "
        f"{report['hardware']['threads']} threads",
    ]
    write_whole(run.path / "report.md", markdown(results, notes).encode())
    console = Console()
    if results:
        console.print(table(results))
    for note in notes:
        console.print(note, highlight=False)
    console.print(f"adapter, report, loss curve and chart: {run.path}", highlight=False)
