"""The figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minilora.grammar.bench.peers import ENGINES
from minilora.grammar.bench.summary import Target

TIMES = {
    "compile_ms": "compile, ms",
    "mask_cold_us": "mask, cold, us",
    "mask_run_us": "mask, run of several instances, us",
    "mask_warm_us": "mask, warm, us",
    "advance_cold_us": "advance, cold, us",
    "advance_warm_us": "advance, warm, us",
}
COLUMNS = ("p50", "p90", "p99", "mean", "max")


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; every column but the first is aligned to the right."""
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def real_tables(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return counts, reasons of refusal and times over real schemas.

    Args:
        figures: engine -> :func:`.summary.real_figures`.
    """
    heads = ["engine", "schemas", "compiled", "refused", "timeout", "crashed"]
    counts = table(
        [*heads, "valid accepted", "invalid wrongly accepted", "not answered"],
        [
            [
                name,
                f["schemas"],
                _share(f["compiled"], f["schemas"]),
                *(f[state] for state in ("refused", "timeout", "crashed")),
                _share(f["valid"]["accepted"], f["valid"]["asked"]),
                _share(f["invalid"]["accepted"], f["invalid"]["asked"]),
                f["valid"]["unanswered"] + f["invalid"]["unanswered"],
            ]
            for name, f in figures.items()
        ],
    )
    times = table(
        ["time", "engine", "n", *COLUMNS],
        [
            [title, name, f[key]["n"], *(_number(f[key].get(column)) for column in COLUMNS)]
            for key, title in TIMES.items()
            for name, f in figures.items()
        ],
    )
    reasons = [_reasons(name, f) for name, f in figures.items()]
    return "\n\n".join([counts, *filter(None, reasons), times])


def _reasons(name: str, figures: Mapping[str, Any]) -> str:
    """Return what an engine refused, where it was wrong, and how far it came."""
    said = []
    if figures["refused_by"]:
        by = ", ".join(f"{keyword} {n}" for keyword, n in figures["refused_by"].items())
        said.append(f"refused by keyword: {by}")
    for kind, what in (("valid", "refused although valid"), ("invalid", "accepted although not")):
        wrong = figures[kind]["wrong_in"]
        if wrong and name == "ours":
            said.append(f"{what}: {', '.join(wrong[:10])}{', ...' if len(wrong) > 10 else ''}")
    if figures["not_begun"]:
        said.append(f"{figures['not_begun']} schemas not begun, its time was up")
    return f"{name}: {'; '.join(said)}." if said else ""


def official_table(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the verdicts on official tests.

    Args:
        figures: engine or part of the suite -> :func:`.summary.official_figures`.
    """
    names = ["tests", "right", "wrong_accept", "false_reject", "not_compiled"]
    heads = ["", "tests", "right", "wrong accepts", "false rejects", "not compiled"]
    return table(
        [*heads, "groups all right"],
        [
            [name, *(f[key] for key in names), f"{f['groups_right']} of {f['groups']}"]
            for name, f in figures.items()
        ],
    )


def targets_table(found: Sequence[Target]) -> str:
    """Return the targets, and whether each is met."""
    said = {True: "yes", False: "no", None: "not measured"}
    return table(
        ["target", "at most", "measured", "met", "on"],
        [[t.figure, t.at_most, _number(t.measured), said[t.met], t.detail] for t in found],
    )


def engines_list(versions: Mapping[str, str]) -> str:
    """Return which engines took part, with versions and settings."""
    return "\n".join(f"- {name} {number}: {ENGINES[name][1]}" for name, number in versions.items())


def _share(n: int, total: int) -> str:
    return f"{n} of {total} ({100 * n / total:.1f}%)" if total else "0 of 0"


def _number(value: float | None) -> str:
    """Return three significant digits, without an exponent."""
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
