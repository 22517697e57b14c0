"""The benchmark, ``python -m minilora.evaluate``: syntax errors, schema-valid, right tool, exact.

Every mode answers the same rows greedily from the same prompts. ``base`` is the model without an
adapter, ``tuned`` with it; the two with ``_grammar`` are for constrained decoding.

>>> modes_of("off", with_adapter=True), modes_of("on", with_adapter=False)
(['base', 'tuned'], ['base_grammar'])
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from minilora.adapter import read_info
from minilora.atomic import write_whole
from minilora.batches import encode_prompt
from minilora.chat import Tokenizer
from minilora.command import Parser, check_writable, exit_with, write_json
from minilora.constrain import Constrainer
from minilora.data.rows import Row, answer_schema
from minilora.decode_weights import unpacked
from minilora.generate import Constraint, Sampling, generate
from minilora.loading import QUANTS, choose_device, load
from minilora.lora import lora_layers, set_active
from minilora.model import Llama
from minilora.precision import compute_dtype
from minilora.report import (
    Answer,
    ModeResult,
    Results,
    environment,
    print_table,
    samples_text,
    suites_json,
)
from minilora.scoring import score
from minilora.shipped import json_specialist
from minilora.suites import load_suite, some
from minilora.weights import DEFAULT_MODEL

MODES = ("base", "tuned", "base_grammar", "tuned_grammar")
BATCH_ROWS = 24
MAX_NEW_TOKENS = 192
SHOWN_CHARACTERS = 100  # of an answer that is not JSON from its first character on
Constrain = Callable[[Row, int], Constraint]  # of a row and the tokens its answer may have


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
        model: in evaluation mode; for a tuned mode, with the adapter to measure active.
        tokenizer: the model's own.
        suites: suite name -> rows.
        modes: some of ``MODES``.
        constrain: what a row's answer may be; needed by the grammar modes.
        max_new_tokens: an answer that is longer is cut, and then is a syntax error.

    Raises:
        ValueError: an unknown mode, a tuned mode without an active adapter, a grammar mode without
            ``constrain``, or a prompt that fills the model's context.
    """
    active = next((layer.active for _, layer in lora_layers(model) if layer.active), None)
    check_modes(modes, with_adapter=active is not None)
    if any(mode.endswith("_grammar") for mode in modes) and constrain is None:
        raise ValueError("a grammar mode needs to know what each row's answer may be")
    total = sum(len(rows) for rows in suites.values()) * len(modes)
    console = Console(file=sys.stderr)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    results: Results = {name: {} for name in suites}
    with (
        unpacked(model),
        Progress(*columns, console=console, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("evaluate", total=total)
        try:
            for mode in modes:
                set_active(model, active if mode.startswith("tuned") else None)
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
        finally:
            set_active(model, active)
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
    rooms = [min(max_new_tokens, model.config.max_seq_len - len(prompt)) for prompt in prompts]
    for row, prompt, room in zip(rows, prompts, rooms, strict=True):
        if room < 1:
            raise ValueError(
                f"row {row.id}: its prompt of {len(prompt)} tokens leaves no room for an answer in "
                f"the model's context of {model.config.max_seq_len}"
            )
    answers: dict[int, Answer] = {}
    for batch in _batches(prompts, rooms):
        completions = generate(
            model,
            tokenizer,
            [prompts[i] for i in batch],
            Sampling(max_new_tokens=rooms[batch[0]]),
            [constrain(rows[i], rooms[i]) for i in batch] if constrain else None,
            hopeless=None if constrain else is_no_json,
        )
        for i, completion in zip(batch, completions, strict=True):
            verdict = score(completion.text, rows[i].answer, answer_schema(rows[i]))
            answers[i] = Answer(completion.text, len(completion.tokens), verdict)
        advance(len(batch))
    return [answers[i] for i in range(len(rows))]


def schema_constraints(tokenizer: Tokenizer) -> Constrain:
    """Return what holds each answer to its row's schema."""
    constrainer = Constrainer(tokenizer)

    def constraint(row: Row, room: int) -> Constraint:
        try:
            return constrainer.constraint(answer_schema(row), room)
        except ValueError as error:
            raise ValueError(f"row {row.id}: {error}") from None

    return constraint


def is_no_json(text: str) -> bool:
    """Return whether a text that begins like this can no longer be JSON: its verdict is known.

    It is said only after `SHOWN_CHARACTERS`, so that a sample shows what the model wanted to say.

    >>> is_no_json("Sure! " * 50), is_no_json("Sure!"), is_no_json(' {"tool": null' + " " * 200)
    (True, False, False)
    """
    begins_like_json = text.lstrip(" \t\r\n")[:1] in set('{["-0123456789tfn')
    return len(text) >= SHOWN_CHARACTERS and not begins_like_json


def _batches(prompts: Sequence[list[int]], rooms: Sequence[int]) -> list[list[int]]:
    """Return the rows' numbers in batches: prompts that begin alike together, room the same."""
    order = sorted(range(len(prompts)), key=lambda i: (rooms[i], prompts[i]))
    batches: list[list[int]] = []
    for i in order:
        if batches and len(batches[-1]) < BATCH_ROWS and rooms[batches[-1][0]] == rooms[i]:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(
        prog="python -m minilora.evaluate",
        description="Measure a model's JSON answers: base against tuned.",
    )
    parser.add_argument("--model", help="base model (default: the one the adapter was trained on)")
    parser.add_argument(
        "--adapter",
        metavar="DIR",
        help="LoRA adapter in PEFT's format, or none (default: the shipped json-specialist)",
    )
    parser.add_argument(
        "--suite",
        default="all",
        metavar="NAME_OR_FILE",
        help="seen_tools, unseen_tools, structured, all, or a JSON-lines file (default: all)",
    )
    parser.add_argument(
        "--grammar",
        choices=("on", "off", "both"),
        default="off",
        help="constrain the answers, or measure both ways (default: off)",
    )
    parser.add_argument(
        "--modes",
        metavar="MODE,...",
        help=f"some of {', '.join(MODES)} (default: base and tuned, as --grammar says)",
    )
    parser.add_argument(
        "--quant",
        choices=QUANTS,
        default="nf4",
        help="how base weights are stored (default: nf4)",
    )
    parser.add_argument(
        "--limit", type=int, default=200, help="rows of each suite, 0 for all (default: 200)"
    )
    parser.add_argument("--seed", type=int, default=0, help="chooses the rows (default: 0)")
    parser.add_argument(
        "--max-new-tokens",
        type=int,
        default=MAX_NEW_TOKENS,
        metavar="TOKENS",
        help=f"a longer answer is cut, and then is a syntax error (default: {MAX_NEW_TOKENS})",
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda"),
        default="auto",
        help="where to run (default: auto)",
    )
    parser.add_argument(
        "--samples", metavar="FILE", help="write every raw output, one line a query"
    )
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON")
    arguments = parser.parse_args(argv)
    exit_with(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> None:
    started = time.monotonic()
    check_writable(samples=arguments.samples, json=arguments.json)
    if arguments.limit < 0:
        raise ValueError(f"--limit must be at least 0, got {arguments.limit}")
    if arguments.max_new_tokens < 1:
        raise ValueError(f"--max-new-tokens must be at least 1, got {arguments.max_new_tokens}")
    adapter, model_name = chosen(arguments.adapter, arguments.model)
    modes = modes_of(arguments.grammar, adapter is not None)
    if arguments.modes is not None:
        modes = arguments.modes.split(",")
    check_modes(modes, adapter is not None)
    device = choose_device(arguments.device)
    suites = {
        name: some(rows, arguments.limit, arguments.seed)
        for name, rows in load_suite(arguments.suite).items()
    }
    dtype, _ = compute_dtype(device)
    model, tokenizer = load(model_name, arguments.quant, adapter, arguments.device, dtype)
    results = evaluate(
        model,
        tokenizer,
        suites,
        modes,
        schema_constraints(tokenizer) if any(m.endswith("_grammar") for m in modes) else None,
        arguments.max_new_tokens,
    )
    report = {
        "model": model_name,
        "adapter": None if adapter is None else str(adapter),
        "quant": arguments.quant,
        "dtype": str(dtype).removeprefix("torch."),
        "suites": suites_json(results),
        "train": None if adapter is None else training_of(adapter),
        **environment(),
        "wall_s": time.monotonic() - started,
    }
    if arguments.samples:
        write_whole(Path(arguments.samples), samples_text(suites, results).encode())
    write_json(arguments.json, report)
    print_table(results)


def chosen(adapter: str | None, model: str | None) -> tuple[Path | None, str]:
    """Return the folder of the adapter to measure, None for the base alone, and the base's name.

    Args:
        adapter: a folder, "none", or None for the shipped one.
        model: the base model, or None for the one the adapter names.

    Raises:
        FileNotFoundError, ValueError: no adapter there, or a base that nobody names.
    """
    if adapter == "none":
        return None, model or DEFAULT_MODEL
    folder = json_specialist() if adapter is None else Path(adapter)
    if adapter is None and not folder.is_dir():
        raise FileNotFoundError(
            f"the shipped adapter is not in {folder}; give --adapter DIR, or --adapter none to "
            "measure the base alone"
        )
    base_name = model or read_info(folder).base_name
    if base_name is None:
        raise ValueError(f"{folder} does not say which model it was trained on; give --model")
    return folder, base_name


def modes_of(grammar: str, with_adapter: bool) -> list[str]:
    """Return the modes of ``--grammar`` "on", "off" or "both"."""
    free = ["base", "tuned"] if with_adapter else ["base"]
    constrained = [f"{mode}_grammar" for mode in free]
    return {"off": free, "on": constrained, "both": free + constrained}[grammar]


def check_modes(modes: Sequence[str], with_adapter: bool) -> None:
    """Raise ValueError for a mode that does not exist, or one that needs an adapter without one."""
    if unknown := [mode for mode in modes if mode not in MODES]:
        raise ValueError(f"unknown mode {unknown[0]!r}; there are {', '.join(MODES)}")
    if not with_adapter and (tuned := [mode for mode in modes if mode.startswith("tuned")]):
        raise ValueError(f"mode {tuned[0]!r} needs an adapter")


def training_of(adapter: Path) -> dict[str, Any] | None:
    """Return what the report beside an adapter says of its training, None where there is none."""
    try:
        found: dict[str, Any] = json.loads((adapter / "report.json").read_text("utf-8"))["train"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found


if __name__ == "__main__":
    main()
