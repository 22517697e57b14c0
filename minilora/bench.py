"""Time training and decoding against transformers and PEFT: ``python -m minilora.bench``.

Results are checked before anything is timed (:mod:`minilora.bench_train`,
:mod:`minilora.bench_decode`), and so are JSON actions with and without grammar
(:mod:`minilora.bench_grammar`). The peers come with the ``reference`` group; without them ours are
timed alone. It prints Markdown tables; `RESULTS.md` beside this file holds such a run.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from minilora import bench_peers
from minilora.bench_decode import TRANSFORMERS, DecodeResult, Drift, decode_benchmark
from minilora.bench_grammar import FREE, GrammarResult, grammar_benchmark
from minilora.bench_timing import table, timings_json
from minilora.bench_train import (
    PEFT_BFLOAT16,
    PEFT_DEFAULT,
    PEFT_FLOAT32,
    RowShape,
    TrainResult,
    train_benchmark,
)
from minilora.command import (
    Parser,
    add_flags,
    check_writable,
    exit_with,
    from_flags,
    option,
    write_json,
)
from minilora.precision import compute_dtype
from minilora.report import environment
from minilora.weights import DEFAULT_MODEL

NO_SPECIALIST = f"the shipped adapter is for {DEFAULT_MODEL}"


@dataclass(frozen=True)
class BenchConfig:
    """What to time; each field is a flag of ``python -m minilora.bench``."""

    train: bool = option(False, "time training", shown="all, unless some are asked for")
    decode: bool = option(False, "time decoding", shown="all, unless some are asked for")
    grammar: bool = option(
        False, "time JSON actions with and without grammar", shown="all, unless some are asked for"
    )
    model: str = option(DEFAULT_MODEL, "base model: default name, folder, .gguf file or hub name")
    repeats: int = option(5, "timed turns; in each, every way runs once")
    rows: int = option(8, "rows of a training batch, and of the larger decoding batch")
    micro_tokens: int = option(1000, "tokens that our training computes at once")
    prompt_tokens: int = option(290, "tokens of a prompt to decode from")
    new_tokens: int = option(128, "tokens to decode")
    actions: int = option(24, "JSON actions to ask for")
    threads: int | None = option(None, "CPU threads", shown="torch's own choice")

    def __post_init__(self) -> None:
        """Check the ranges, and that there is an adapter for what needs one."""
        if self.grammar and self.model != DEFAULT_MODEL:
            raise ValueError(f"--grammar cannot time {self.model}: {NO_SPECIALIST}")
        counts = (
            "repeats",
            "rows",
            "micro_tokens",
            "prompt_tokens",
            "new_tokens",
            "actions",
            "threads",
        )
        for name in counts:
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"--{name.replace('_', '-')} must be at least 1, got {value}")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(
        prog="python -m minilora.bench",
        description="Check training and decoding against transformers and PEFT, then time them.",
    )
    add_flags(parser, BenchConfig)
    parser.add_argument("--json", metavar="FILE", help="also write the figures here")
    arguments = parser.parse_args(argv)
    exit_with(lambda: run(from_flags(BenchConfig, arguments), arguments.json))


def run(config: BenchConfig, json_file: str | None = None) -> None:
    """Check, time, print, and write the report."""
    check_writable(json=json_file)
    if config.threads is not None:
        torch.set_num_threads(config.threads)
    every = not (config.train or config.decode or config.grammar)
    absent = bench_peers.absent()
    if absent:
        print(f"not installed: {', '.join(absent)}; ours are timed alone", file=sys.stderr)
    about = environment()
    about["versions"] |= bench_peers.versions()
    dtype, reason = compute_dtype("cpu")
    about["compute_dtype"] = reason
    report: dict[str, Any] = {"config": dataclasses.asdict(config), **about}
    sections = [_about(about, absent)]
    if config.train or every:
        shape = RowShape()
        results = train_benchmark(
            config.model, dtype, config.rows, config.repeats, config.micro_tokens, shape
        )
        sections.append(f"## Training, {config.rows} rows of {shape}\n\n{reason}.")
        sections += [train_section(result, config.rows) for result in results]
        report["train"] = [train_json(result, config.rows) for result in results]
    if config.decode or every:
        decoded, drift = decode_benchmark(
            config.model,
            tuple(dict.fromkeys((1, config.rows))),
            config.prompt_tokens,
            config.new_tokens,
            config.repeats,
        )
        sections.append(
            f"## Decoding, {config.new_tokens} tokens after prompts of {config.prompt_tokens}\n\n"
            + drift_text(drift)
        )
        sections += [decode_section(result, config.new_tokens) for result in decoded]
        report["decode"] = [decode_json(result, config.new_tokens) for result in decoded]
        report["int8_drift"] = dataclasses.asdict(drift)
    if every and config.model != DEFAULT_MODEL:
        print(f"{NO_SPECIALIST}: JSON actions are not timed", file=sys.stderr)
    elif config.grammar or every:
        actions = grammar_benchmark(config.actions, config.repeats)
        sections.append(grammar_section(actions))
        report["grammar"] = grammar_json(actions)
    print("\n\n".join(sections))
    write_json(json_file, report)


def _about(about: dict[str, Any], absent: Sequence[str]) -> str:
    hardware = about["hardware"]
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    lines = [f"{hardware['cpu']}, {hardware['cores']} cores, {hardware['threads']} threads."]
    lines.append(f"{versions}.")
    if absent:
        lines.append(f"Not installed: {', '.join(absent)}.")
    return "\n".join(lines)


def train_section(result: TrainResult, n_rows: int) -> str:
    """Return the Markdown of one kind of batch."""
    kind = "rows that share system and tools" if result.share else "rows that share nothing"
    present = [timing.name for timing in result.timings]
    peers = [p for p in (PEFT_DEFAULT, PEFT_BFLOAT16, PEFT_FLOAT32) if p in present]
    lines = []
    if result.agreement is not None:
        lines.append(
            f"Against PEFT in float32: loss off by {result.agreement.loss:.1e}, the "
            f"{result.agreement.n_gradients} gradients by at most {result.agreement.gradient:.1e} "
            "of their size."
        )
    memory = ", ".join(f"{name} {n / 1e9:.2f} GB" for name, n in result.memory_bytes.items())
    lines.append(f"Peak memory of a process: {memory}.")
    return f"### {kind.capitalize()}\n\n{' '.join(lines)}\n\n" + table(
        "step of", result.timings, n_rows, "rows", peers
    )


def train_json(result: TrainResult, n_rows: int) -> dict[str, Any]:
    """Return the figures of one kind of batch."""
    present = [timing.name for timing in result.timings]
    peers = [p for p in (PEFT_DEFAULT, PEFT_BFLOAT16, PEFT_FLOAT32) if p in present]
    checked = None if result.agreement is None else dataclasses.asdict(result.agreement)
    return {
        "shared": result.share,
        "agreement": checked,
        "rows_per_s": timings_json(result.timings, n_rows, peers),
        "peak_memory_bytes": result.memory_bytes,
    }


def decode_section(result: DecodeResult, n_new: int) -> str:
    """Return the Markdown of one batch size."""
    peers = [t.name for t in result.timings if t.name == TRANSFORMERS]
    text = f"### Batch {result.rows}\n\n"
    if result.checked is not None:
        text += f"{result.checked} tokens equal to transformers' in float32.\n\n"
    return text + table("decoding by", result.timings, result.rows * n_new, "tokens", peers)


def decode_json(result: DecodeResult, n_new: int) -> dict[str, Any]:
    """Return the figures of one batch size."""
    peers = [t.name for t in result.timings if t.name == TRANSFORMERS]
    return {
        "rows": result.rows,
        "checked_tokens": result.checked,
        "tokens_per_s": timings_json(result.timings, result.rows * n_new, peers),
    }


def grammar_section(result: GrammarResult) -> str:
    """Return the Markdown of actions with and without grammar."""
    free, held = result.steps
    return (
        f"## JSON actions, one at a time\n\n{result.rows} of {result.asked} are answered alike "
        f"with and without grammar: {result.tokens} tokens, {free} steps of the model without, "
        f"{held} with.\n\n" + table("answered", result.timings, result.rows, "actions", [FREE])
    )


def grammar_json(result: GrammarResult) -> dict[str, Any]:
    """Return the figures of actions with and without grammar."""
    return {
        "rows": result.rows,
        "asked": result.asked,
        "tokens": result.tokens,
        "steps": dict(zip(("without", "with"), result.steps, strict=True)),
        "actions_per_s": timings_json(result.timings, result.rows, [FREE]),
    }


def drift_text(drift: Drift) -> str:
    """Return what 8-bit weights change, in a sentence."""
    return (
        f"8-bit weights at {drift.positions} positions of the model's own replies: the likeliest "
        f"token stays the same at {100 * drift.top1:.1f}%, a logit changes by {drift.mean:.2f} on "
        f"average and {drift.largest:.2f} at most, KL divergence {drift.kl:.1e} nats."
    )


if __name__ == "__main__":
    main()
