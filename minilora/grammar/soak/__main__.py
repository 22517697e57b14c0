"""Draw random constrained outputs and check each: ``python -m minilora.grammar.soak``.

Every output must parse, satisfy its schema by jsonschema, keep to its budget and be accepted by the
grammar; the exit code is 1 if one does not. A share of the budgets is absurdly small: the shortest
document and 0 to 3 tokens more.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from minilora.chat import Tokenizer
from minilora.command import (
    CommandFailed,
    Parser,
    add_flags,
    check_writable,
    exit_with,
    from_flags,
    option,
    write_json,
)
from minilora.grammar.bench.data import REAL, data_folder
from minilora.grammar.errors import SchemaError
from minilora.grammar.grammar import compile_json_schema
from minilora.grammar.matcher import Matcher
from minilora.grammar.soak.sampling import TEMPERATURE, Output, draw
from minilora.grammar.soak.schemas import random_schemas, read_schemas
from minilora.grammar.soak.verdict import problem_of, validator_of
from minilora.grammar.vocabulary import Vocabulary
from minilora.weights import DEFAULT_MODEL, resolve

TIGHT_SLACK = 3  # tokens more than the shortest document, at most, in a tight budget
WIDE_SLACK = 120
HASTES = (0.0, 0.1, 0.3)  # shares of steps that follow the shortest completion
SAY_EVERY = 25  # schemas
SLOW_S = 5.0  # of one output: named in the report


@dataclass(frozen=True)
class SoakConfig:
    """What to draw; each field is a flag of ``python -m minilora.grammar.soak``."""

    outputs: int = option(10_000, "outputs in all")
    tight: int = option(1_000, "of these, outputs with a budget of the shortest document and 0..3")
    schemas: int = option(500, "schemas that they are drawn for")
    model: str | None = option(None, "draw from this model instead of from random logits")
    tokenizer: str = option(DEFAULT_MODEL, "model whose tokenizer the random logits are for")
    seed: int = option(0, "of the choice of schemas, the budgets and the draws")

    def __post_init__(self) -> None:
        """Check the ranges."""
        if min(self.outputs, self.schemas) < 1 or not 0 <= self.tight <= self.outputs:
            raise ValueError(
                f"outputs and schemas must be at least 1 and tight from 0 to outputs, got "
                f"{self.outputs}, {self.schemas}, {self.tight}"
            )


@dataclass
class Report:
    """What was found.

    Attributes:
        outputs, tight, tokens: how many were drawn.
        schemas: how many compiled.
        refused: name -> why the others did not.
        failures: schema, output and problem of each that failed.
        slow: name -> seconds of the slowest output, where it took more than ``SLOW_S``.
        time_s: process time of masks and advances; zero for a real model.
    """

    outputs: int = 0
    tight: int = 0
    tokens: int = 0
    schemas: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    slow: dict[str, float] = field(default_factory=dict)
    time_s: float = 0.0


Draw = Callable[[Any, Matcher, int], Output]  # schema, before the first token, budget


def soak(
    schemas: Sequence[tuple[str, Any]],
    vocabulary: Vocabulary,
    config: SoakConfig,
    draw_one: Draw,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """Return what random outputs of the schemas show.

    Args:
        schemas: (name, schema) pairs; those that are refused are counted and passed over.
        vocabulary: of the tokens.
        config: how many outputs, and the seed of the budgets.
        draw_one: makes an output.
        say: told each failure at once, and how far it is.
    """
    report, rng = Report(), random.Random(config.seed)
    each, left_over = divmod(config.outputs, len(schemas))
    every = config.outputs / config.tight if config.tight else float("inf")
    for i, (name, schema) in enumerate(schemas):
        try:
            grammar = compile_json_schema(schema, whitespace="json.dumps")
            needed = len(grammar.matcher(vocabulary).shortest_plan())
        except (SchemaError, ValueError) as error:  # not to be enforced, or not to be spelled
            report.refused[name] = str(error)
            continue
        if i % SAY_EVERY == 0:
            say(f"schema {i} of {len(schemas)}, {report.outputs} outputs")
        report.schemas += 1
        validator = validator_of(schema)
        for _ in range(each + (i < left_over)):
            tight = report.tight * every <= report.outputs
            budget = needed + rng.randint(0, TIGHT_SLACK if tight else WIDE_SLACK)
            started = time.process_time()
            try:
                output = draw_one(schema, grammar.matcher(vocabulary), budget)
            except ValueError as error:  # the grammar gave up in use
                _fail(report, name, f"stopped: {error}", b"", schema, say)
                continue
            taken_s = time.process_time() - started
            if taken_s > SLOW_S:
                report.slow[name] = max(taken_s, report.slow.get(name, 0))
            problem = problem_of(output.text, grammar, validator)
            if len(output.tokens) > budget:
                problem = f"{len(output.tokens)} tokens, the budget was {budget}"
            _count(report, output, tight)
            if problem is not None:
                _fail(report, name, problem, output.text, schema, say)
    return report


def _fail(
    report: Report,
    name: str,
    problem: str,
    output: bytes,
    schema: Any,
    say: Callable[[str], None],
) -> None:
    text = output.decode(errors="replace")
    report.failures.append({"name": name, "problem": problem, "output": text, "schema": schema})
    say(f"{name}: {problem}: {text[:200]} for {json.dumps(schema)[:300]}")


def _count(report: Report, output: Output, tight: bool) -> None:
    report.outputs += 1
    report.tight += tight
    report.tokens += len(output.tokens)
    report.time_s += output.time_s


def chosen_schemas(
    files: Sequence[str], folder: str | None, config: SoakConfig
) -> list[tuple[str, Any]]:
    """Return the schemas of files, or of the data folder, or random ones; says which.

    Raises:
        FileNotFoundError: a file, or the folder that was asked for, is not there.
        ValueError: a file that holds something else, or no schema.
    """
    paths = [Path(name) for name in files]
    if not paths:
        try:
            paths = sorted((data_folder(folder) / REAL).glob("*.jsonl"))
        except FileNotFoundError:
            if folder is not None:
                raise
    if not paths:
        _say("no data folder: random schemas")
        return list(islice(random_schemas(config.seed), config.schemas))
    found = [row for path in paths for row in read_schemas(path)]
    if not found:
        raise ValueError("the files hold no schemas")
    random.Random(config.seed).shuffle(found)
    _say(f"{min(len(found), config.schemas)} of the {len(found)} schemas of {len(paths)} files")
    return found[: config.schemas]


def _drawing(config: SoakConfig) -> tuple[Vocabulary, Draw]:
    """Return the vocabulary and what makes an output: random logits, or a model."""
    if config.model is not None:
        from minilora.grammar.soak.of_model import model_draw

        return model_draw(config.model, config.seed)
    tokenizer = Tokenizer.from_path(resolve(config.tokenizer).tokenizer_path)
    return Vocabulary.from_tokenizer(tokenizer), noise_draw(config.seed)


def noise_draw(seed: int) -> Draw:
    """Return what draws from random logits."""
    rng = np.random.default_rng(seed)
    return lambda schema, matcher, budget: draw(matcher, budget, float(rng.choice(HASTES)), rng)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(prog="python -m minilora.grammar.soak", description=__doc__)
    add_flags(parser, SoakConfig)
    parser.add_argument(
        "--files", nargs="+", default=[], metavar="FILE", help='JSON lines with a "schema" each'
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        help=f"data folder with {REAL}/ (default: $MINILORA_SHARED_DATA, else ../shared/data "
        "beside the repository; random schemas where that is absent)",
    )
    parser.add_argument("--json", metavar="FILE", help="write a report as JSON")
    exit_with(partial(_run, parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> None:
    check_writable(json=arguments.json)
    config = from_flags(SoakConfig, arguments)
    schemas = chosen_schemas(arguments.files, arguments.data, config)
    vocabulary, draw_one = _drawing(config)
    report = soak(schemas, vocabulary, config, draw_one, _say)
    write_json(arguments.json, asdict(report))
    for line in summary(report):
        print(line)
    if report.failures:
        raise CommandFailed(f"{len(report.failures)} outputs are not valid or were not finished")


def summary(report: Report) -> Iterator[str]:
    """Yield the lines of the result."""
    yield (
        f"{report.outputs} outputs at temperature {TEMPERATURE:g} over {report.schemas} schemas, "
        f"{report.tight} of them with tiny budgets: {len(report.failures)} failures"
    )
    if report.tokens and report.time_s:
        micros = 1e6 * report.time_s / report.tokens
        yield f"{report.tokens} tokens, {micros:.0f} us each for mask and advance"
    for name, why in report.refused.items():
        yield f"refused: {name}: {why}"
    for name, seconds in report.slow.items():
        yield f"slow: {name}: {seconds:.0f} s for one output"


def _say(line: str) -> None:
    print(f"soak: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
