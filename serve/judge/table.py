"""The report for a terminal: a table with intervals, and what must be known beside it."""

from __future__ import annotations

from rich.table import Table

from serve.judge.report import Change, Report, Summary

SIGNIFICANT = 0.05


def table(report: Report) -> Table:
    """Return a row a metric: mean, 95% interval, cases, states, change since the earlier run."""
    drawn = Table(title=f"{report.n} cases judged by {report.judge}")
    for name in ("metric", "mean", "95% interval", "scored", "not scored"):
        drawn.add_column(name, justify="left" if name == "metric" else "right")
    if report.changes is not None:
        drawn.add_column("before", justify="right")
        drawn.add_column("p", justify="right")
    rows = dict(report.metrics)
    if report.relevancy_floor is not None:
        rows["(relevancy of other questions)"] = report.relevancy_floor
    for name, summary in rows.items():
        cells = [name, *_cells(summary)]
        if report.changes is not None:
            cells += _changed(report.changes.get(name))
        drawn.add_row(*cells)
    return drawn


def lines(report: Report) -> list[str]:
    """Return what stands below the table, plain: the judge's check, its cost, warnings."""
    found = []
    if (checked := report.controls) is not None and checked.balanced_accuracy is not None:
        low, high = checked.ci95 or (0.0, 0.0)
        found.append(
            f"judge on {checked.n} claims whose truth is known: balanced accuracy "
            f"{checked.balanced_accuracy:.3f} [{low:.3f}, {high:.3f}]"
        )
    used = report.usage
    cost = "" if used.cost is None else f", cost {used.cost:.4f}"
    found.append(
        f"judge asked {report.asked} times ({report.failed} failed), cache gave {report.cached}; "
        f"{used.total_tokens} tokens{cost}; {report.wall_s:.1f} s"
    )
    if report.errors:
        found.append(f"{report.errors} questions got no answer")
    return found + [f"warning: {warning}" for warning in report.warnings]


def _cells(summary: Summary) -> list[str]:
    others = ", ".join(
        f"{count} {state}" for state, count in summary.states.items() if state != "scored"
    )
    if summary.mean is None or summary.ci95 is None:
        return ["-", "-", "0", others]
    low, high = summary.ci95
    return [f"{summary.mean:.3f}", f"[{low:.3f}, {high:.3f}]", str(summary.n), others]


def _changed(change: Change | None) -> list[str]:
    if change is None:
        return ["-", "-"]
    mark = " *" if change.p_value < SIGNIFICANT else ""
    return [f"{change.before:.3f}", f"{change.p_value:.3f}{mark}"]
