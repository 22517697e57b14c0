"""What a benchmark leaves behind: a table, a chart, a report for machines and every raw output.

>>> wrong, right = (Verdict(False, True, tool, tool) for tool in (False, True))
>>> answers = [Answer("{}", 1, wrong), *[Answer("{}", 1, right)] * 3]
>>> print(markdown({"mine": {"tuned": ModeResult(answers, 2.0)}}, ["4 rows"]))
| suite | mode | n | syntax errors | schema valid | right tool | exact |
| --- | --- | --- | --- | --- | --- | --- |
| mine | tuned | 4 | 0.0% (0–49) | 100.0% (51–100) | 75.0% (30–95) | 75.0% (30–95) |
<BLANKLINE>
- 4 rows
<BLANKLINE>
"""

from __future__ import annotations

import io
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from rich.console import Console
from rich.table import Table

from minilora.atomic import write_whole
from minilora.data.rows import Row
from minilora.scoring import Share, Verdict, summarize

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLE_WIDTH = 160  # characters, where stdout is no terminal: the table fits, and is not wrapped
COLUMNS = {
    "syntax_error": "syntax errors",
    "schema_valid": "schema valid",
    "tool": "right tool",
    "exact": "exact",
}


@dataclass(frozen=True)
class Answer:
    """One row's raw output in one mode."""

    text: str
    n_tokens: int
    verdict: Verdict


@dataclass(frozen=True)
class ModeResult:
    """All answers of one suite in one mode, in the order of its rows.

    Attributes:
        answers: one for each row.
        wall_s: seconds for the whole suite.
    """

    answers: list[Answer]
    wall_s: float

    @property
    def tokens_per_s(self) -> float:
        """Generated tokens a second."""
        return sum(answer.n_tokens for answer in self.answers) / max(self.wall_s, 1e-9)


Results = dict[str, dict[str, ModeResult]]  # suite -> mode -> result


def suites_json(results: Results) -> dict[str, Any]:
    """Return suite -> mode -> shares from 0 to 1, with their intervals, counts and speed."""
    return {
        suite: {mode: _mode_json(result) for mode, result in modes.items()}
        for suite, modes in results.items()
    }


def _mode_json(result: ModeResult) -> dict[str, Any]:
    shares = summarize([answer.verdict for answer in result.answers])
    return {
        "n": len(result.answers),
        **{name: None if share is None else share.value for name, share in shares.items()},
        "ci95": {
            name: None if share is None else list(share.interval) for name, share in shares.items()
        },
        "tokens_per_s": result.tokens_per_s,
        "wall_s": result.wall_s,
    }


def samples_text(suites: Mapping[str, Sequence[Row]], results: Results) -> str:
    """Return every raw output as JSON lines, one line a query."""
    lines = []
    for suite, rows in suites.items():
        for i, row in enumerate(rows):
            answers = {mode: result.answers[i] for mode, result in results[suite].items()}
            line = {
                "id": row.id,
                "suite": suite,
                "query": row.query,
                "expected": row.answer,
                "outputs": {mode: answer.text for mode, answer in answers.items()},
                "verdicts": {mode: answer.verdict.to_json() for mode, answer in answers.items()},
            }
            lines.append(json.dumps(line, ensure_ascii=False))
    return "".join(line + "\n" for line in lines)


def _table_rows(results: Results) -> list[list[str]]:
    rows = []
    for suite, modes in results.items():
        for mode, result in modes.items():
            shares = summarize([answer.verdict for answer in result.answers])
            cells = [_cell(shares[name]) for name in COLUMNS]
            rows.append([suite, mode, str(len(result.answers)), *cells])
    return rows


def _cell(share: Share | None) -> str:
    if share is None:
        return "–"
    low, high = share.interval
    return f"{100 * share.value:.1f}% ({100 * low:.0f}–{100 * high:.0f})"


def table(results: Results) -> Table:
    """Return the table for a terminal; brackets hold 95% intervals."""
    drawn = Table(title="Share of rows (95% interval)")
    for name in ("suite", "mode", "n", *COLUMNS.values()):
        drawn.add_column(name, justify="left" if name in ("suite", "mode") else "right")
    previous = ""
    for row in _table_rows(results):
        if previous and row[0] != previous:
            drawn.add_section()
        drawn.add_row(*row)
        previous = row[0]
    return drawn


def print_table(results: Results) -> None:
    """Print the table on stdout, if there is anything in it."""
    if results:
        console = Console(markup=False)
        console.width = console.width if console.is_terminal else TABLE_WIDTH
        console.print(table(results))


def markdown(results: Results, notes: Sequence[str]) -> str:
    """Return the table as Markdown, if there is anything in it, with notes below."""
    heads = ["suite", "mode", "n", *COLUMNS.values()]
    lines = [heads, ["---"] * len(heads), *_table_rows(results)]
    body = "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n" if results else ""
    return body + "".join(f"- {note}\n" for note in notes)


def draw_chart(results: Results, path: Path) -> None:
    """Draw syntax errors, right tool and exact actions by mode, with their intervals, as a PNG."""
    from matplotlib.figure import Figure

    shown = ("syntax_error", "tool", "exact")
    figure = Figure(figsize=(3.4 * len(results), 3.2), layout="constrained")
    for place, (suite, modes) in enumerate(results.items(), 1):
        axes = figure.add_subplot(1, len(results), place)
        for offset, (mode, result) in enumerate(modes.items()):
            shares = summarize([answer.verdict for answer in result.answers])
            width = 0.8 / len(modes)
            at = [i + (offset - (len(modes) - 1) / 2) * width for i in range(len(shown))]
            bars = [
                (x, share) for x, name in zip(at, shown, strict=True) if (share := shares[name])
            ]
            axes.bar(
                [x for x, _ in bars],
                [100 * share.value for _, share in bars],
                width,
                yerr=[
                    [100 * abs(share.value - share.interval[side]) for _, share in bars]
                    for side in (0, 1)
                ],
                capsize=2,
                label=mode,
            )
        axes.set_title(suite)
        axes.set_ylim(0, 100)
        axes.set_xlim(-0.5, len(shown) - 0.5)
        axes.set_xticks(range(len(shown)), [COLUMNS[name] for name in shown], fontsize=8)
        axes.set_ylabel("% of rows" if place == 1 else "")
        if place == len(results):
            axes.legend(fontsize=8)
    _save_png(figure, path)


def draw_loss(metrics: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw training loss (smoothed too) and validation loss by step."""
    from matplotlib.figure import Figure

    steps = [line["step"] for line in metrics]
    losses = [line["loss"] for line in metrics]
    smooth: list[float] = []
    for loss in losses:
        smooth.append(loss if not smooth else 0.9 * smooth[-1] + 0.1 * loss)
    checked = [line for line in metrics if "validation_loss" in line]
    figure = Figure(figsize=(6, 3.4), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(steps, losses, color="lightgray", linewidth=0.8, label="each step")
    axes.plot(steps, smooth, label="smoothed")
    axes.plot(
        [line["step"] for line in checked],
        [line["validation_loss"] for line in checked],
        "o-",
        markersize=3,
        label="validation",
    )
    axes.set_xlabel("step")
    axes.set_ylabel("loss (nats a completion token)")
    axes.set_yscale("log")
    axes.legend(fontsize=8)
    _save_png(figure, path)


def _save_png(figure: Figure, path: Path) -> None:
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=150, format="png")
    write_whole(path, drawn.getvalue())


def environment() -> dict[str, Any]:
    """Return what a figure depends on: processor, threads, memory, card, and library versions."""
    hardware: dict[str, Any] = {
        "cpu": _cpu_name(),
        "threads": torch.get_num_threads(),
        "cores": os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
    }
    if torch.cuda.is_available():
        hardware["gpu"] = torch.cuda.get_device_name()
    packages = ("torch", "tokenizers", "safetensors", "numpy")
    versions = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    return {"hardware": hardware, "versions": versions}


def _cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
