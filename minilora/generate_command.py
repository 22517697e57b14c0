"""The command ``python -m minilora.generate "QUERY"``: one answer from a model.

With ``--tools`` or ``--schema`` the query is asked in the prompt that the JSON specialist was
trained on, and the specialist answers unless ``--adapter`` says otherwise; without them it is plain
chat with the base model. The answer goes to stdout, all else to stderr.

>>> document('{"city": "Oslo"}', {"required": ["city"]})
{'city': 'Oslo'}
>>> document("Oslo", {"required": ["city"]})
Traceback (most recent call last):
ValueError: not JSON: Expecting value: line 1 column 1 (char 0)
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from jsonschema import Draft202012Validator
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
from referencing.exceptions import Unresolvable
from rich.console import Console

from minilora.adapter import AdapterInfo, read_info
from minilora.batches import encode_prompt
from minilora.chat import Tokenizer
from minilora.command import CommandFailed, Parser, exit_with, write_json
from minilora.constrain import Constrainer, SchemaConstraint
from minilora.data.rows import (
    Row,
    answer_schema,
    checked_schema,
    checked_text,
    checked_tools,
)
from minilora.decode_weights import unpacked
from minilora.explain import explain, steps_table
from minilora.generate import Completion, Sampling, generate
from minilora.loading import QUANTS, Quant, choose_device, load
from minilora.precision import compute_dtype
from minilora.report import TABLE_WIDTH, environment
from minilora.scoring import parse_json
from minilora.shipped import json_specialist
from minilora.weights import DEFAULT_MODEL


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    arguments = _parser().parse_args(argv)
    exit_with(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> None:
    started = time.monotonic()
    if not 0 <= arguments.seed < 2**63:
        raise ValueError(f"--seed must be from 0 to 2^63 - 1, got {arguments.seed}")
    row = asked_row(arguments.query, arguments.tools, arguments.schema)
    sampling = Sampling(
        temperature=arguments.temperature,
        top_k=arguments.top_k,
        top_p=arguments.top_p,
        max_new_tokens=arguments.max_new_tokens,
        stop=tuple(arguments.stop),
    )
    device = choose_device(arguments.device)
    adapter, info = choose_adapter(arguments.adapter, arguments.model, row is not None)
    model_name = arguments.model or (None if info is None else info.base_name) or DEFAULT_MODEL
    quant = _quant(arguments.quant or (None if info is None else info.base_quant))
    answered_by = f"adapter {adapter}" if adapter is not None else "no adapter"
    _say(f"{model_name} ({quant}), {answered_by}")
    dtype, _ = compute_dtype(device)
    model, tokenizer = load(model_name, quant, adapter, arguments.device, dtype)
    prompt = _prompt(row, arguments.query, tokenizer)
    schema = answer_schema(row) if row is not None and arguments.grammar == "on" else None
    constrainer = Constrainer(tokenizer) if schema is not None else None

    def constraint() -> SchemaConstraint | None:
        if constrainer is None or schema is None:
            return None
        return constrainer.constraint(schema, sampling.max_new_tokens)

    generator = torch.Generator(device).manual_seed(arguments.seed)
    with unpacked(model):
        decoding = time.monotonic()
        (completion,) = generate(
            model, tokenizer, [prompt], sampling, [constraint()], generator=generator
        )
        wall_s = time.monotonic() - decoding
        steps = None
        if arguments.explain:
            steps = explain(model, tokenizer, prompt, completion, constraint())
    problem = problem_of(completion, row)
    write_json(
        arguments.json,
        {
            "model": model_name,
            "adapter": None if adapter is None else str(adapter),
            "quant": quant,
            "query": arguments.query,
            "text": completion.text,
            "valid": None if row is None else problem is None,
            "problem": problem,
            "finish_reason": completion.finish_reason,
            "prompt_tokens": len(prompt),
            "completion_tokens": len(completion.tokens),
            "tokens_per_s": len(completion.tokens) / max(wall_s, 1e-9),
            "steps": None if steps is None else [asdict(step) for step in steps],
            **environment(),
            "wall_s": time.monotonic() - started,
        },
    )
    if steps is not None:
        console = Console(stderr=True, markup=False, highlight=False)
        if not console.is_terminal:
            console.width = TABLE_WIDTH
        console.print(steps_table(steps))
    if problem is not None and row is not None and row.schema is not None:
        raise CommandFailed(f"the answer does not fit {arguments.schema}: {problem}")
    if problem is not None:
        _say(f"the answer is no call of these tools: {problem}")
    elif completion.finish_reason == "length":
        _say(f"cut off after --max-new-tokens {sampling.max_new_tokens}")
    print(completion.text if row is None else completion.text.strip())


def asked_row(query: str, tools: str | None, schema: str | None) -> Row | None:
    """Return the query as a data row with its tools or schema; None for plain chat.

    Args:
        query: what the user says.
        tools: a file with a JSON list of function definitions in OpenAI's form.
        schema: a file with a JSON Schema.

    Raises:
        ValueError: an empty query, both files, a file that cannot be read, or one that holds
            something else.
    """
    checked_text(query, "the query")
    if any("\ud800" <= character <= "\udfff" for character in query):
        raise ValueError("the query is not valid UTF-8")
    if tools is not None and schema is not None:
        raise ValueError("--tools and --schema ask for different answers: give one of them")
    if tools is not None:
        try:
            functions = checked_tools(_read_json(tools))
        except ValueError as error:
            raise _in_file(tools, error) from None
        if not functions:
            raise ValueError(f"{tools} holds no tools")
        return Row("query", "action", functions, query, None, {})
    if schema is not None:
        try:
            wanted = checked_schema(_read_json(schema))
        except ValueError as error:
            raise _in_file(schema, error) from None
        if wanted is None:
            raise ValueError(f"{schema} holds null, not a JSON Schema")
        return Row("query", "structured", (), query, None, {}, wanted)
    return None


def choose_adapter(
    asked: str | None, model: str | None, specialist_wanted: bool
) -> tuple[Path | None, AdapterInfo | None]:
    """Return the adapter's folder and what it says of itself; (None, None) for the base alone.

    Args:
        asked: a folder, "none", or None for the default: the shipped JSON specialist where it is
            wanted, fits ``model`` and is there.
        model: the base model that was asked for, None for the default.
        specialist_wanted: the query comes with tools or a schema.

    Raises:
        ValueError: the folder that was asked for holds no adapter.
    """
    if asked is not None:
        if asked == "none":
            return None, None
        return Path(asked), read_info(Path(asked))
    shipped = json_specialist()
    if not specialist_wanted or not shipped.is_dir():
        return None, None
    info = read_info(shipped)
    if model not in (None, info.base_name):
        _say(f"the shipped adapter is for {info.base_name}, so {model} answers without one")
        return None, None
    return shipped, info


def problem_of(completion: Completion, row: Row | None) -> str | None:
    """Return why an answer is not what the row's tools or schema allow; None if it is."""
    if row is None:
        return None
    try:
        document(completion.text, answer_schema(row))
    except ValueError as error:
        cut = completion.finish_reason == "length"
        return f"{error}{' (it was cut off)' if cut else ''}"
    return None


def document(text: str, schema: dict[str, Any]) -> Any:
    """Return the value of a text that is one JSON document conforming to a schema (2020-12).

    Formats that the validator knows are enforced; other documents are never fetched for a ``$ref``.

    Raises:
        ValueError: not JSON, or not conforming; the message says where.
    """
    try:
        value = parse_json(text)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    validator = Draft202012Validator(
        schema, registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    try:
        wrong = next(validator.iter_errors(value), None)
    except Unresolvable as missing:
        raise ValueError(f"the schema refers to {missing.ref!r}, which it does not hold") from None
    if wrong is not None:
        raise ValueError(f"{wrong.json_path}: {wrong.message[:300]}")
    return value


def _prompt(row: Row | None, query: str, tokenizer: Tokenizer) -> list[int]:
    if row is not None:
        return encode_prompt(row, tokenizer)
    return tokenizer.encode_chat([{"role": "user", "content": query}])


def _quant(name: str | None) -> Quant:
    """Return a way of storing weights by its name; NF4 for an adapter that does not say."""
    for known in QUANTS:
        if name == known:
            return known
    return "nf4"


def _read_json(path: str) -> Any:
    if not Path(path).is_file():
        raise ValueError("there is no such file")
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"not valid JSON: {error}") from error


def _in_file(path: str, error: ValueError) -> ValueError:
    return ValueError(f"{path}: {error}")


def _say(line: str) -> None:
    print(f"minilora: {line}", file=sys.stderr)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m minilora.generate",
        description="Answer one query: as JSON where tools or a schema are given, else as chat.",
    )
    parser.add_argument("query", metavar="QUERY", help="what the user says")
    parser.add_argument(
        "--tools", metavar="FILE", help="JSON list of function definitions in OpenAI's form"
    )
    parser.add_argument(
        "--schema",
        metavar="FILE",
        help="JSON Schema of the answer; with --grammar off, one that does not fit is exit code 1",
    )
    parser.add_argument(
        "--grammar",
        choices=("on", "off"),
        default="on",
        help="allow only tokens that keep to the schema or the tools (default: on)",
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="show on stderr, for each token, how many were allowed, how likely it was, whether it "
        "was forced and what the grammar expected; --json FILE holds the same",
    )
    parser.add_argument(
        "--model",
        metavar="NAME",
        help=f"path, built-in or hub name (default: the adapter's base model, or {DEFAULT_MODEL})",
    )
    parser.add_argument(
        "--adapter",
        metavar="DIR",
        help="LoRA adapter in PEFT's format, or none (default: the shipped json-specialist where "
        "tools or a schema are given, else none)",
    )
    parser.add_argument(
        "--quant",
        choices=QUANTS,
        help="how the weights are stored (default: as the adapter was trained, or nf4)",
    )
    parser.add_argument(
        "--max-new-tokens", type=int, default=256, metavar="TOKENS", help="(default: 256)"
    )
    parser.add_argument(
        "--temperature",
        type=float,
        default=0.0,
        help="0 takes the likeliest token; above, logits are divided by it (default: 0)",
    )
    parser.add_argument(
        "--top-k",
        type=int,
        metavar="TOKENS",
        help="sample from the likeliest so many (default: all)",
    )
    parser.add_argument(
        "--top-p",
        type=float,
        default=1.0,
        metavar="SHARE",
        help="sample from the likeliest that hold this share of the probability (default: 1)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the sampling (default: 0)")
    parser.add_argument(
        "--stop",
        action="append",
        default=[],
        metavar="TEXT",
        help="ends the answer and is cut off it; may be given several times",
    )
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), default="auto", help="(default: auto)"
    )
    parser.add_argument("--json", metavar="FILE", help="write a report as JSON")
    return parser
