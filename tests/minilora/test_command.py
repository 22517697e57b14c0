"""Flags from a dataclass, exit codes, and one line for whatever is wrong."""

import dataclasses
import json

import pytest

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


@dataclasses.dataclass(frozen=True)
class Oven:
    degrees: int = option(180, "temperature in °C")
    minutes: float | None = option(None, "time, 100% of it", shown="until it is done")
    fan: bool = option(False, "blow")
    shelf: str = option("middle", "where", choices=("low", "middle"))
    batch_size: int = option(1, "trays")

    def __post_init__(self):
        if self.degrees > 300:
            raise ValueError(f"--degrees must be at most 300, got {self.degrees}")


@pytest.fixture
def parser():
    parser = Parser(prog="oven")
    add_flags(parser, Oven)
    return parser


def test_flags_become_the_dataclass(parser):
    assert from_flags(Oven, parser.parse_args([])) == Oven()
    given = ["--degrees", "200", "--minutes", "2.5", "--fan", "--shelf", "low", "--batch-size", "3"]
    assert from_flags(Oven, parser.parse_args(given)) == Oven(200, 2.5, True, "low", 3)
    assert from_flags(Oven, parser.parse_args(["--no-fan"])).fan is False


def test_help_shows_units_and_defaults(parser):
    text = " ".join(parser.format_help().split())
    assert "temperature in °C (default: 180)" in text
    assert "time, 100% of it (default: until it is done)" in text
    assert "{low,middle}" in text


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--degrees", "hot"], "argument --degrees: invalid int value: 'hot'"),
        (["--shelf", "top"], "argument --shelf: invalid choice: 'top'"),
        (["--depth", "3"], "unrecognized arguments: --depth 3"),
        (["--minutes"], "argument --minutes: expected one argument"),
    ],
)
def test_bad_use_is_one_line_and_code_2(parser, capsys, flags, reason):
    with pytest.raises(SystemExit) as exit_:
        parser.parse_args(flags)
    printed = capsys.readouterr()
    assert exit_.value.code == 2
    assert printed.out == ""
    assert printed.err.startswith(f"error: {reason}")
    assert printed.err.count("\n") == 1
    assert "oven --help" in printed.err


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (ValueError("rank must be\n  at least 1"), 2, "error: rank must be at least 1"),
        (FileNotFoundError("no such folder"), 2, "error: no such folder"),
        (FileExistsError("it is there"), 2, "error: it is there"),
        (ValueError(), 2, "error: ValueError"),
        (CommandFailed("diverged"), 1, "failed: diverged"),
        (OSError(28, "No space left on device"), 1, "failed: [Errno 28] No space left on device"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_exit_codes(capsys, error, code, line):
    def work():
        raise error

    with pytest.raises(SystemExit) as exit_:
        exit_with(work)
    assert exit_.value.code == code
    assert capsys.readouterr().err == line + "\n"


def test_success_is_code_0():
    with pytest.raises(SystemExit) as exit_:
        exit_with(lambda: None)
    assert exit_.value.code == 0


def test_an_error_of_our_own_is_not_hidden():
    def work():
        raise KeyError("slip")

    with pytest.raises(KeyError):
        exit_with(work)


def test_reports_are_written_whole_and_in_plain_letters(tmp_path):
    write_json(None, {})
    write_json(tmp_path / "report.json", {"city": "Ávila", "share": 0.5})
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"city": "Ávila", "share": 0.5}
    assert "Ávila" in text
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_result_file_that_cannot_be_written_is_refused_beforehand(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_writable(json=None, samples="here.jsonl")
    check_writable(json=str(tmp_path / "here.json"))
    with pytest.raises(ValueError, match=r"--json .*/a/b.json: its folder does not exist"):
        check_writable(json=str(tmp_path / "a" / "b.json"))
    with pytest.raises(ValueError, match=r"--samples .* is a folder, not a file"):
        check_writable(samples=str(tmp_path))
