"""Compare grammar engines: ``python -m minilora.grammar.bench``.

Results are checked first, then timed: verdicts on real schemas and on the official JSON Schema test
suite, times of compiling, of masks and of advancing. The peers come with the ``reference`` group;
one that is missing is named and skipped. `RESULTS.md` of minilora holds such a run.
"""

from __future__ import annotations

import dataclasses
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from minilora.chat import Tokenizer
from minilora.command import (
    Parser,
    add_flags,
    check_writable,
    exit_with,
    from_flags,
    option,
    write_json,
)
from minilora.grammar.bench import data, tables
from minilora.grammar.bench.measure import CLOCKS, measure
from minilora.grammar.bench.peers import ENGINES, absent, make_engine
from minilora.grammar.bench.summary import (
    Target,
    fold_all,
    official_figures,
    real_figures,
    targets,
)
from minilora.grammar.bench.variants import texts, variants
from minilora.grammar.bench.worker import EngineRun, Limits, run_engine
from minilora.grammar.vocabulary import Vocabulary
from minilora.report import environment
from minilora.weights import DEFAULT_MODEL, resolve

DEFAULT_ENGINES = "ours,xgrammar,llguidance,outlines-core"
OFFICIAL_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class BenchConfig:
    """What to compare; each field is a flag of ``python -m minilora.grammar.bench``."""

    engines: str = option(DEFAULT_ENGINES, f"engines, by commas, out of {', '.join(ENGINES)}")
    real: bool = option(True, "check and time real schemas")
    official: bool = option(True, "check the official test suite")
    files: str = option(",".join(data.REAL_FILES), "files of real schemas, by commas")
    limit: int | None = option(None, "real schemas of each file, the first ones", shown="all")
    instances: int = option(10, "different instances of a schema in the run of several")
    repeats: int = option(1, "times to measure every schema; the least of each time counts")
    clock: str = option(
        "wall", "what times are taken with: cpu where other programs run", choices=tuple(CLOCKS)
    )
    timeout: float = option(10.0, "seconds for a schema to compile, or an instance to be walked")
    budget: float = option(180.0, "seconds for an engine and a part; schemas come in random order")
    memory: float = option(4.0, "GiB of address space for an engine")
    model: str = option(DEFAULT_MODEL, "model whose tokenizer is used: default name, folder, hub")
    data: str | None = option(None, "data folder", shown=f"${data.VARIABLE}, else ../shared/data")

    def __post_init__(self) -> None:
        """Check the names and ranges."""
        for name in ("instances", "repeats", "timeout", "budget", "memory", "limit"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"--{name} must be above 0, got {value}")
        unknown = [name for name in self.engine_names if name not in ENGINES]
        if unknown or not self.engine_names:
            raise ValueError(f"--engines: no engine {unknown}, there are {', '.join(ENGINES)}")
        if not (self.real or self.official):
            raise ValueError("--no-real and --no-official leave nothing to do")

    @property
    def engine_names(self) -> list[str]:
        """The engines asked for, each once."""
        return list(dict.fromkeys(name for name in self.engines.split(",") if name))

    @property
    def limits(self) -> Limits:
        """What an engine may use."""
        return Limits(self.timeout, int(self.memory * 2**30), self.budget)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(
        prog="python -m minilora.grammar.bench",
        description="Check the grammar engines that are installed, then time them. One thread.",
    )
    add_flags(parser, BenchConfig)
    parser.add_argument("--json", metavar="FILE", help="also write the figures here")
    arguments = parser.parse_args(argv)
    exit_with(lambda: run(from_flags(BenchConfig, arguments), arguments.json))


def run(config: BenchConfig, json_file: str | None = None) -> None:
    """Check, time, print, and write the report."""
    check_writable(json=json_file)
    folder = data.data_folder(config.data)
    begun = time.monotonic()
    for name in filter(absent, config.engine_names):
        print(f"{name} is not installed: skipped", file=sys.stderr)
    names = [name for name in config.engine_names if not absent(name)]
    vocabulary = Vocabulary.from_tokenizer(
        Tokenizer.from_path(resolve(config.model).tokenizer_path)
    )
    report: dict[str, Any] = {"config": dataclasses.asdict(config), **environment()}
    versions: dict[str, str] = {}
    sections = []
    if config.real:
        tasks = real_tasks(config, folder, vocabulary)
        runs = _run_all(config, names, tasks, vocabulary)
        versions |= {name: run.version for name, run in runs.items()}
        schemas = {name: fold_all(run.outcomes) for name, run in runs.items()}
        report["real"] = {name: real_figures(tasks, schemas[name]) for name in names}
        sections.append(f"## {len(tasks)} real schemas\n\n{tables.real_tables(report['real'])}")
    if config.official:
        report["official"], found = _official(config, folder, names, vocabulary)
        versions |= found
        sections.append("## Official test suite\n\n" + tables.official_table(report["official"]))
        if "ours" in names:
            report["official_ours"] = _official_ours(config, folder, vocabulary)
            sections.append(tables.official_table(report["official_ours"]))
    if config.real and "ours" in names:
        wanted = targets(schemas)
        report["targets"] = [_target_json(target) for target in wanted]
        sections.append("## Targets\n\n" + tables.targets_table(wanted))
    report |= {"engines": versions, "wall_s": time.monotonic() - begun}
    print("\n\n".join([_about(report), *sections]))
    write_json(json_file, report)


def real_tasks(config: BenchConfig, folder: Path, vocabulary: Vocabulary) -> list[data.Task]:
    """Return the real schemas in random order, with variants to fill up the instances."""
    print("reading the real schemas, and varying their instances", file=sys.stderr)
    rows = data.read_real(folder, config.files.split(","), config.limit)
    pool = sorted(
        {text for row in rows for test in row["tests"] for text in texts(test["data"]) if text}
    )
    tasks = []
    for row in rows:
        valid = [test["data"] for test in row["tests"] if test["valid"]]
        missing = config.instances - len(valid)
        more = variants(row["schema"], valid[0], pool, missing, row["id"]) if valid else []
        instances = [
            data.instance("valid" if test["valid"] else "invalid", test["data"], vocabulary)
            for test in row["tests"]
        ]
        instances += [data.instance("variant", made, vocabulary) for made in more]
        tasks.append(data.Task(row["id"], row["schema"], tuple(instances), timed=True))
    random.Random(0).shuffle(tasks)
    return tasks


def _run_all(
    config: BenchConfig, names: Sequence[str], tasks: Sequence[data.Task], vocabulary: Vocabulary
) -> dict[str, EngineRun]:
    """Return what each engine did with the tasks."""
    how = partial(
        measure,
        eos_id=vocabulary.eos_ids[0],
        repeats=config.repeats,
        own=config.instances,
        clock=config.clock,
    )
    runs = {}
    for name in names:
        print(f"{name}: {len(tasks)} schemas", file=sys.stderr, flush=True)
        make = partial(make_engine, name, vocabulary)
        runs[name] = run_engine(name, make, how, tasks, config.limits)
    return runs


def _official(
    config: BenchConfig, folder: Path, names: Sequence[str], vocabulary: Vocabulary
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return every engine's figures over the required tests, and the versions."""
    tasks = data.official_tasks(
        data.official_files(folder), "annotate", data.official_resources(folder), vocabulary
    )
    random.Random(0).shuffle(tasks)
    runs = _run_all(_once(config), names, tasks, vocabulary)
    figures = {name: official_figures(tasks, fold_all(run.outcomes)) for name, run in runs.items()}
    return figures, {name: run.version for name, run in runs.items()}


def _official_ours(config: BenchConfig, folder: Path, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return our figures over each file of optional tests, and of format tests, enforced."""
    resources = data.official_resources(folder)
    parts: dict[str, list[data.Task]] = {}
    for part, formats in data.OPTIONAL_PARTS.items():
        for path in data.official_files(folder, part):
            name = f"{part}/{path.stem}"
            parts[name] = data.official_tasks([path], formats, resources, vocabulary)
    tasks = [task for part in parts.values() for task in part]
    run = _run_all(_once(config), ["ours"], tasks, vocabulary)["ours"]
    schemas = iter(fold_all(run.outcomes))
    return {
        name: official_figures(part, list(islice(schemas, len(part))))
        for name, part in parts.items()
    }


def _once(config: BenchConfig) -> BenchConfig:
    """Return the configuration for schemas that are checked and not timed, all of them tiny."""
    return dataclasses.replace(config, repeats=1, timeout=min(config.timeout, OFFICIAL_TIMEOUT_S))


def _target_json(target: Target) -> dict[str, Any]:
    return {**dataclasses.asdict(target), "met": target.met}


def _about(report: dict[str, Any]) -> str:
    hardware = report["hardware"]
    versions = ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    config = report["config"]
    return (
        f"{hardware['cpu']}, one thread of {hardware['cores']} cores; {versions}.\n"
        f"Vocabulary of {config['model']}; one call a mask and a token, "
        f"{config['clock']} time, garbage collector off, least of {config['repeats']}.\n\n"
        + tables.engines_list(report["engines"])
    )


if __name__ == "__main__":
    main()
