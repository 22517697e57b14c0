"""The benchmark: JSON syntax errors, schema-valid, right tool, exact action; ``python -m minilora.evaluate``.

Every mode answers the same rows greedily from the same prompts. ``base`` is the model without an
adapter, ``tuned`` with it; the two with ``_grammar`` are for constrained decoding.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from minilora.atomic import write_whole
from minilora.batches import encode_prompt
from minilora.chat import Tokenizer
from minilora.command import exit_with, write_json
from minilora.data.rows import Row, answer_schema
from minilora.decode_weights import unpacked
from minilora.generate import Constraint, Sampling, generate
from minilora.lora import adapter_names, set_active
from minilora.model import Llama
from minilora.report import (
    Answer,
    ModeResult,
    Results,
    environment,
    samples_text,
    suites_json,
    table,
)
from minilora.scoring import score
from minilora.suites import load_suite, some

MODES = ("base", "tuned", "base_grammar", "tuned_grammar")
BATCH_ROWS = 24
MAX_NEW_TOKENS = 192
Constrain = Callable[[Row], Constraint]


def evaluate(
    model: Llama,
    tokenizer: Tokenizer,
    suites: Mapping[str, Sequence[Row]],
    modes: Sequence[str],
    constrain: Constrain | None = None,
    max_new_tokens: int = MAX_NEW_TOKENS,
) -> Results:
    """Answer every row of every suite in every mode, and judge the answers.

    Args:
        model: with its adapter, if a tuned mode is asked for.
        tokenizer: the model's own.
        suites: suite name -> rows.
        modes: some of ``MODES``.
        constrain: what a row's answer may be; needed by the grammar modes.
        max_new_tokens: an answer that is longer is cut, and then is a syntax error.

    Raises:
        ValueError: a tuned mode without an adapter, or a grammar mode without ``constrain``.
    """
    adapters = adapter_names(model)
    if any(mode.startswith("tuned") for mode in modes) and not adapters:
        raise ValueError("a tuned mode needs an adapter")
    if any(mode.endswith("grammar") for mode in modes) and constrain is None:
        raise ValueError("a grammar mode needs to know what each row's answer may be")
    was_active = adapters[0] if adapters else None
    total = sum(len(rows) for rows in suites.values()) * len(modes)
    console = Console(file=sys.stderr)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    results: Results = {name: {} for name in suites}
    with (
        unpacked(model),
        Progress(*columns, console=console, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("evaluate", total=total)
        for mode in modes:
            set_active(model, was_active if mode.startswith("tuned") else None)
            for name, rows in suites.items():
                started = time.monotonic()
                answers = _answer(
                    model,
                    tokenizer,
                    rows,
                    constrain if mode.endswith("grammar") else None,
                    max_new_tokens,
                    lambda n: progress.advance(task, n),
                )
                results[name][mode] = ModeResult(answers, time.monotonic() - started)
    set_active(model, was_active)
    return results


def _answer(
    model: Llama,
    tokenizer: Tokenizer,
    rows: Sequence[Row],
    constrain: Constrain | None,
    max_new_tokens: int,
    advance: Callable[[int], None],
) -> list[Answer]:
    """Return the judged answers of one suite in one mode."""
    prompts = [encode_prompt(row, tokenizer) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: prompts[i])  # equal tools side by side
    answers: dict[int, Answer] = {}
    for start in range(0, len(order), BATCH_ROWS):
        batch = order[start : start + BATCH_ROWS]
        longest = max(len(prompts[i]) for i in batch)
        room = min(max_new_tokens, model.config.max_seq_len - longest)
        completions = generate(
            model,
            tokenizer,
            [prompts[i] for i in batch],
            Sampling(max_new_tokens=room),
            [constrain(rows[i]) for i in batch] if constrain else None,
        )
        for i, completion in zip(batch, completions, strict=True):
            verdict = score(completion.text, rows[i].answer, answer_schema(rows[i]))
            answers[i] = Answer(completion.text, len(completion.tokens), verdict)
        advance(len(batch))
    return [answers[i] for i in range(len(rows))]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m minilora.evaluate",
        description="Measure a model's JSON answers: base against tuned.",
    )
    parser.add_argument("--model", help="base model (default: the one the adapter was trained on)")
    parser.add_argument(
        "--adapter", metavar="DIR", help="LoRA adapter (default: the shipped json-specialist)"
    )
    parser.add_argument(
        "--suite",
        default="all",
        metavar="NAME_OR_FILE",
        help="seen_tools, unseen_tools, structured, all, or a JSON-lines file (default: all)",
    )
    parser.add_argument("--grammar", choices=("on", "off", "both"), default="off")
    parser.add_argument("--modes", default="base,tuned", help="modes (default: base,tuned)")
    parser.add_argument("--quant", choices=("nf4", "int8", "none"), default="nf4")
    parser.add_argument(
        "--limit", type=int, default=200, help="rows of each suite, 0 for all (default: 200)"
    )
    parser.add_argument("--seed", type=int, default=0, help="chooses the rows (default: 0)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--samples", metavar="FILE", help="write every raw output, one line a query"
    )
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON")
    arguments = parser.parse_args()
    exit_with(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> None:
    from minilora.adapter import read_info
    from minilora.loading import choose_device, load
    from minilora.precision import training_dtype
    from minilora.shipped import json_specialist

    if arguments.grammar != "off":
        raise ValueError("this version has no grammar-constrained decoding; use --grammar off")
    if arguments.limit < 0:
        raise ValueError(f"--limit must be at least 0, got {arguments.limit}")
    started = time.monotonic()
    modes = arguments.modes.split(",")
    if unknown := [mode for mode in modes if mode not in MODES]:
        raise ValueError(f"unknown mode {unknown[0]!r}; there are {', '.join(MODES)}")
    suites = {
        name: some(rows, arguments.limit, arguments.seed)
        for name, rows in load_suite(arguments.suite).items()
    }
    adapter = Path(arguments.adapter) if arguments.adapter else json_specialist()
    info = read_info(adapter)
    model_name = arguments.model or info.base_name
    if model_name is None:
        raise ValueError(f"{adapter} does not say which model it was trained on; give --model")
    dtype, _ = training_dtype(choose_device(arguments.device))
    model, tokenizer = load(model_name, arguments.quant, adapter, arguments.device, dtype)
    results = evaluate(model, tokenizer, suites, modes)
    report = {
        "model": model_name,
        "adapter": str(adapter),
        "quant": arguments.quant,
        "suites": suites_json(results),
        **environment(),
        "wall_s": time.monotonic() - started,
    }
    if arguments.samples:
        write_whole(Path(arguments.samples), samples_text(suites, results).encode())
    write_json(arguments.json, report)
    Console().print(table(results))


if __name__ == "__main__":
    main()
