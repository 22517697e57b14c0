"""Figures beside what was wanted of them, as Markdown and as JSON.

>>> print(figures_table([Figure("first answer", 4.25, 15, "s")]))
| figure | wanted | measured | met |
|---|---:|---:|---:|
| first answer | at most 15 s | 4.25 s | yes |
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from minilora.bench_timing import Timing


@dataclass(frozen=True)
class Figure:
    """One number and its bound.

    Attributes:
        name: what was measured.
        measured: in ``unit``; None where it could not be.
        wanted: the bound; None where the number is only told.
        unit: "" is a pure number, "x" a ratio.
        bound: which side of ``wanted`` is good.
    """

    name: str
    measured: float | None
    wanted: float | None = None
    unit: str = ""
    bound: Literal["at most", "at least"] = "at most"

    @property
    def met(self) -> bool | None:
        """Whether it is as wanted; None where that cannot be said."""
        if self.measured is None or self.wanted is None:
            return None
        if self.bound == "at most":
            return self.measured <= self.wanted
        return self.measured >= self.wanted

    def to_json(self) -> dict[str, Any]:
        """Return it for the report."""
        return {**dataclasses.asdict(self), "met": self.met}


@dataclass(frozen=True)
class Part:
    """What a part of the benchmark found.

    Attributes:
        title: of its section.
        checked: what was found right before anything was timed, in a sentence.
        figures: its numbers.
        notes: further paragraphs or tables.
        data: raw figures for the JSON report.
    """

    title: str
    checked: str
    figures: Sequence[Figure]
    notes: Sequence[str] = ()
    data: dict[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """Return its section."""
        return "\n\n".join(
            [f"## {self.title}", self.checked, figures_table(self.figures), *self.notes]
        )

    def to_json(self) -> dict[str, Any]:
        """Return it for the report."""
        figures = [figure.to_json() for figure in self.figures]
        return {"checked": self.checked, "figures": figures, **self.data}


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; every column but the first is aligned to the right."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (heads, *rows)]
    return "\n".join([lines[0], "|---" + "|---:" * (len(heads) - 1) + "|", *lines[1:]])


def figures_table(figures: Sequence[Figure]) -> str:
    """Return the figures with their bounds."""
    said = {True: "yes", False: "no", None: "–"}
    rows = []
    for figure in figures:
        wanted = "–"
        if figure.wanted is not None:
            wanted = f"{figure.bound} {number(figure.wanted)}{_unit(figure)}"
        measured = number(figure.measured) + (_unit(figure) if figure.measured is not None else "")
        rows.append([figure.name, wanted, measured, said[figure.met]])
    return table(["figure", "wanted", "measured", "met"], rows)


def _unit(figure: Figure) -> str:
    return figure.unit if figure.unit in ("", "x") else f" {figure.unit}"


def number(value: float | None) -> str:
    """Return a number with three digits that count, without an exponent.

    >>> number(0.0012345), number(15.0), number(12345.6), number(None)
    ('0.00123', '15', '12346', '–')
    """
    if value is None:
        return "–"
    if value == round(value) or abs(value) >= 100:
        return f"{value:.0f}"
    digits = f"{value:.3g}"
    return f"{value:.6f}".rstrip("0") if "e" in digits else digits


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies; linear in between."""
    return Timing("", tuple(values)).quantile(share)


def about(environment: dict[str, Any], device: str) -> str:
    """Return hardware and versions in two lines."""
    hardware = environment["hardware"]
    versions = ", ".join(f"{name} {number}" for name, number in environment["versions"].items())
    card = f", {hardware['gpu']}" if "gpu" in hardware else ""
    return f"{hardware['cpu']}, {hardware['cores']} cores{card}; served on {device}.\n{versions}."
