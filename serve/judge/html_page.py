"""The report as one HTML file: plots as SVG, and every verdict open to inspection.

Everything that a model, a document or a user wrote is escaped, and the page may load nothing: its
policy allows its own styles only.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from serve.judge.report import CaseReport, Report, Summary
from serve.judge.table import SIGNIFICANT, lines
from serve.judge.verdicts import ClaimVerdict, Score

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;
color:#1d2733;background:#fff}
table{border-collapse:collapse}
td,th{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #ddd}
td:first-child,th:first-child{text-align:left}
summary{cursor:pointer}details{margin:.3rem 0 .3rem 1rem}
.supported{color:#116329}.contradicted{color:#a40e26}.not_found{color:#7a4b00}
.warning{background:#fff3cd;padding:.4rem .7rem}blockquote{margin:.2rem 1rem;color:#555}
pre{white-space:pre-wrap;background:#f6f8fa;padding:.5rem}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_WIDTH, _ROW, _LEFT = 640, 24, 190  # pixels of the plot
_BINS = 10


def html_page(report: Report) -> str:
    """Return the whole page."""
    warnings = "".join(f'<p class="warning">{escape(text)}</p>' for text in lines(report))
    cases = "".join(map(_case, report.cases))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>Judge's report</title><style>{_STYLE}</style></head><body>"
        f"<h1>{report.n} cases judged by {escape(report.judge)}</h1>"
        f"<p>Answers by {escape(', '.join(report.generators) or 'an unnamed model')}.</p>{warnings}"
        f"<h2>Metrics</h2>{_bars(report)}{_table(report)}"
        f"<h2>How scores spread</h2>{''.join(_histograms(report))}"
        f"<h2>What the judge got wrong of what is known</h2>{_controls(report)}"
        f"<h2>Cases</h2>{cases}</body></html>\n"
    )


def _bars(report: Report) -> str:
    """Return a bar a metric, with its 95% interval, as SVG."""
    shown = [(name, s) for name, s in report.metrics.items() if s.mean is not None]
    height = _ROW * len(shown) + 20
    span = _WIDTH - _LEFT - 20
    parts = [f'<svg role="img" aria-label="means" width="{_WIDTH}" height="{height}">']
    for i, (name, summary) in enumerate(shown):
        y = i * _ROW + 4
        low, high = (max(0.0, end) for end in summary.ci95 or (0.0, 0.0))
        width = span * max(0.0, summary.mean or 0.0)
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end" font-size="13">{name}</text>'
            f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="16" fill="#7aa6d8"/>'
            f'<line x1="{_LEFT + span * low:.1f}" x2="{_LEFT + span * high:.1f}" y1="{y + 8}" '
            f'y2="{y + 8}" stroke="#1d2733" stroke-width="2"/>'
        )
    return "".join(parts) + "</svg>"


def _table(report: Report) -> str:
    head = "<tr><th>metric<th>mean<th>95% interval<th>scored<th>not scored<th>before<th>p</tr>"
    rows = "".join(_row(name, summary, report) for name, summary in report.metrics.items())
    if report.relevancy_floor is not None:
        rows += _row("relevancy of other questions", report.relevancy_floor, report)
    return f"<table>{head}{rows}</table>"


def _row(name: str, summary: Summary, report: Report) -> str:
    low, high = summary.ci95 or (None, None)
    change = (report.changes or {}).get(name)
    before, p = (change.before, change.p_value) if change is not None else (None, None)
    mark = " *" if p is not None and p < SIGNIFICANT else ""
    others = ", ".join(f"{n} {state}" for state, n in summary.states.items() if state != "scored")
    return (
        f"<tr><td>{name}<td>{_number(summary.mean)}<td>{_number(low)} to {_number(high)}"
        f"<td>{summary.n}<td>{others}<td>{_number(before)}<td>{_number(p)}{mark}</tr>"
    )


def _histograms(report: Report) -> Iterator[str]:
    """Yield for each metric with more than two different scores how they spread, as SVG."""
    for name in report.metrics:
        values = [s.value for c in report.cases for s in c.scores if s.metric == name]
        scored = [value for value in values if value is not None]
        if len(set(scored)) <= 2:
            continue
        counts = [0] * _BINS
        for value in scored:
            counts[min(_BINS - 1, max(0, int(value * _BINS)))] += 1
        bars = "".join(
            f'<rect x="{i * 16}" y="{60 - 60 * n / max(counts):.1f}" width="15" '
            f'height="{60 * n / max(counts):.1f}" fill="#7aa6d8"><title>{n}</title></rect>'
            for i, n in enumerate(counts)
        )
        yield (
            f"<figure><figcaption>{name}, 0 to 1</figcaption>"
            f'<svg role="img" aria-label="{name}" width="160" height="62">{bars}</svg></figure>'
        )


def _controls(report: Report) -> str:
    wrong = report.controls.wrong if report.controls is not None else ()
    if not wrong:
        return "<p>Nothing.</p>"
    return "".join(f"<div>{kind}: {_verdict(verdict, ())}</div>" for kind, verdict in wrong)


def _case(case: CaseReport) -> str:
    scores = "".join(_score(score, case.passages) for score in case.scores)
    passages = "".join(f"<pre>{escape(passage)}</pre>" for passage in case.passages)
    wanted = "" if case.reference is None else f"<p>Expected: {escape(case.reference)}</p>"
    failed = "" if case.error is None else f'<p class="warning">{escape(case.error)}</p>'
    return (
        f"<details><summary>{escape(case.id)}: {escape(case.question)}</summary>"
        f"<pre>{escape(case.answer)}</pre>{wanted}{failed}{scores}"
        f"<details><summary>{len(case.passages)} passages</summary>{passages}</details></details>"
    )


def _score(score: Score, passages: tuple[str, ...]) -> str:
    shown = _number(score.value) if score.value is not None else score.state
    verdicts = "".join(_verdict(verdict, passages) for verdict in score.verdicts)
    title = f"{score.metric}: {shown} {escape(score.note)}"
    return (
        f"<details><summary>{title}</summary>{verdicts}</details>"
        if verdicts
        else (f"<div>{title}</div>")
    )


def _verdict(verdict: ClaimVerdict, passages: tuple[str, ...]) -> str:
    sure = "" if verdict.probability is None else f" ({verdict.probability:.2f})"
    quote = ""
    if verdict.evidence is not None:
        quote = f"<blockquote>{escape(verdict.evidence.quote)}</blockquote>"
    return (
        f'<div><b class="{verdict.label}">{verdict.label}</b>{sure} {escape(verdict.claim)} '
        f"<i>{escape(verdict.reason)}</i>{quote}</div>"
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
