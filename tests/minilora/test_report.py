"""The files that a benchmark leaves: their fields, their words and their pictures."""

import json
import math
import struct

import pytest

from minilora.data.rows import from_json
from minilora.report import (
    Answer,
    ModeResult,
    draw_chart,
    draw_loss,
    environment,
    markdown,
    print_table,
    samples_text,
    suites_json,
)
from minilora.scoring import score

TOOLS = [{"type": "function", "function": {"name": "dim"}}]
ROWS = [
    from_json({"id": f"r{i}", "query": f"dim {i} ü", "tools": TOOLS, "answer": answer})
    for i, answer in enumerate([{"tool": "dim", "args": {}}, {"tool": None, "args": {}}])
]
DOCUMENT = from_json(
    {"id": "d", "query": "x", "schema": {"type": "object"}, "answer": {"a": 1}, "task": "record"}
)


def answers(rows, *texts):
    return [
        Answer(text, len(text), score(text, row.answer, {"type": "object"}))
        for row, text in zip(rows, texts, strict=True)
    ]


@pytest.fixture
def results():
    good = '{"tool": "dim", "args": {}}'
    return {
        "seen_tools": {
            "base": ModeResult(answers(ROWS, "Sure!", "Sorry."), 2.0),
            "tuned": ModeResult(answers(ROWS, good, good), 3.0),
        },
        "structured": {
            "base": ModeResult(answers([DOCUMENT], "{}"), 1.0),
            "tuned": ModeResult(answers([DOCUMENT], '{"a": 1.0}'), 1.0),
        },
    }


def test_the_report_of_a_mode_has_these_fields(results):
    report = suites_json(results)
    assert list(report) == ["seen_tools", "structured"]
    tuned = report["seen_tools"]["tuned"]
    assert tuned == {
        "n": 2,
        "syntax_error": 0.0,
        "schema_valid": 1.0,
        "tool": 0.5,
        "exact": 0.5,
        "ci95": {
            "syntax_error": [0.0, pytest.approx(0.6576, abs=1e-4)],
            "schema_valid": [pytest.approx(0.3424, abs=1e-4), 1.0],
            "tool": pytest.approx([0.0945, 0.9055], abs=1e-4),
            "exact": pytest.approx([0.0945, 0.9055], abs=1e-4),
        },
        "tokens_per_s": 54 / 3.0,
        "wall_s": 3.0,
    }
    assert report["seen_tools"]["base"]["syntax_error"] == 1.0
    structured = report["structured"]["tuned"]
    assert (structured["tool"], structured["ci95"]["tool"]) == (None, None)
    assert structured["exact"] == 1.0
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_every_raw_output_is_kept(results):
    text = samples_text({"seen_tools": ROWS, "structured": [DOCUMENT]}, results)
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["id"] for line in lines] == ["r0", "r1", "d"]
    assert lines[0] == {
        "id": "r0",
        "suite": "seen_tools",
        "query": "dim 0 ü",
        "expected": {"tool": "dim", "args": {}},
        "outputs": {"base": "Sure!", "tuned": '{"tool": "dim", "args": {}}'},
        "verdicts": {
            "base": {"syntax_error": True, "schema_valid": False, "tool": False, "exact": False},
            "tuned": {"syntax_error": False, "schema_valid": True, "tool": True, "exact": True},
        },
    }
    assert lines[2]["verdicts"]["tuned"]["tool"] is None
    assert "ü" in text
    assert text.endswith("\n")


def test_the_table_is_not_wrapped_where_stdout_is_a_file(results, capsys):
    name = "a_rather_long_name_of_a_file_of_rows"
    print_table({name: results["seen_tools"], "[bold]": results["structured"]})
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 160
    (line,) = [line for line in printed.splitlines() if name in line and "tuned" in line]
    assert "50.0% (9–91)" in line
    assert "[bold]" in printed
    print_table({})
    assert capsys.readouterr().out == ""


def test_markdown(results):
    text = markdown(results, ["a note", "another"])
    lines = text.splitlines()
    assert lines[0] == ("| suite | mode | n | syntax errors | schema valid | right tool | exact |")
    assert lines[3] == (
        "| seen_tools | tuned | 2 | 0.0% (0–66) | 100.0% (34–100) | 50.0% (9–91) | 50.0% (9–91) |"
    )
    assert lines[5].split("|")[6].strip() == "–"
    assert text.endswith("\n\n- a note\n- another\n")
    assert markdown({}, ["a note"]) == "- a note\n"


def size_of_png(path):
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert data[-8:-4] == b"IEND"
    return struct.unpack(">II", data[16:24])


def test_the_charts_are_pictures(results, tmp_path):
    draw_chart(results, tmp_path / "report.png")
    width, height = size_of_png(tmp_path / "report.png")
    assert width > height > 300
    metrics = [{"step": i, "loss": 3 * math.exp(-i / 9)} for i in range(1, 40)]
    metrics[19]["validation_loss"] = 0.7
    draw_loss(metrics, tmp_path / "loss.png")
    assert size_of_png(tmp_path / "loss.png")[0] > 500
    draw_loss([{"step": 1, "loss": 2.0, "validation_loss": 2.0}], tmp_path / "short.png")
    size_of_png(tmp_path / "short.png")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["loss.png", "report.png", "short.png"]


def test_the_environment_names_what_figures_depend_on():
    found = environment()
    assert found.keys() == {"hardware", "versions"}
    assert found["hardware"]["cpu"]
    assert found["hardware"]["threads"] >= 1
    assert found["hardware"]["memory_bytes"] > 1e8
    assert {"python", "torch", "tokenizers"} <= found["versions"].keys()
    json.dumps(found)
