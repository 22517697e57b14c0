"""Both trainings on a few rows: the loss falls, what is written loads, bad input is one line."""

import json
import random
from pathlib import Path

import pytest
import torch

from minilora.command import CommandFailed
from minilora.cross_encoder import train_entailer, train_reader
from minilora.cross_encoder.entailer import load_entailer
from minilora.cross_encoder.fitting import (
    Example,
    FitConfig,
    batches,
    learning_rate,
    main,
    train,
)
from minilora.cross_encoder.reader import load_reader
from minilora.data.detective.steps import closing, fence_rule, opening, read
from minilora.data.entailment.steps import LABEL, entail
from minilora.data.files import write_rows

SOURCES = ["The mill was built in 1802.", "Anna Holm owns the mill.", "It has 14 rooms."]
ASKED = [("When was the mill built?", 0, "1802"), ("Who owns the mill?", 1, "Anna Holm")]
CLAIMS = [("Anna Holm owns it.", "supported"), ("It has 40 rooms.", "contradicted")]


def fenced(label: str) -> str:
    return "\n".join([opening("7f", label), "\n\n".join(SOURCES), closing("7f")])


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    rows = [
        read(question, fenced("documents"), fence_rule("7f")).row(
            f"q{i}", {"quote": SOURCES[place], "answered": True, "answer": answer}
        )
        for i, (question, place, answer) in enumerate(ASKED)
    ]
    silent = {"quote": SOURCES[0], "answered": False, "answer": ""}
    rows.append(read("Who painted it?", fenced("documents"), fence_rule("7f")).row("q9", silent))
    write_rows(tmp_path / "read.jsonl", rows)
    return tmp_path / "read.jsonl"


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    rows = [
        entail(claim, fenced(LABEL)).row(f"c{i}", {"verdict": verdict})
        for i, (claim, verdict) in enumerate(CLAIMS)
    ]
    write_rows(tmp_path / "entail.jsonl", rows)
    return tmp_path / "entail.jsonl"


def test_a_reader_learns_a_few_questions_by_heart(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reader"
    given = str(questions)
    config = FitConfig(given, given, given, str(out), epochs=25, batch_rows=3, rank=4, lr=3e-3)
    train(config, train_reader.TASK)
    reader = load_reader(out)
    for question, _, answer in ASKED:
        found = reader.read(question, SOURCES)
        assert found is not None
        assert found.text == answer
        assert found.answered > 0.5
    report = json.loads((out / "report.json").read_text())
    assert report["test"]["exact"] == 1.0
    assert "3 rows; 0 with answers beyond what is read" in capsys.readouterr().out


def test_an_entailment_model_learns_a_few_claims_by_heart(claims: Path, tmp_path: Path) -> None:
    out = tmp_path / "entailer"
    given = str(claims)
    config = FitConfig(given, "", given, str(out), epochs=25, batch_rows=2, rank=4, lr=3e-3)
    train(config, train_entailer.TASK)
    entailer = load_entailer(out)
    source = "\n\n".join(SOURCES)
    for claim, verdict in CLAIMS:
        shares = entailer.probabilities(claim, source)
        assert max(shares, key=shares.__getitem__) == verdict
        assert sum(shares.values()) == pytest.approx(1.0)
    assert json.loads((out / "report.json").read_text())["test"]["right"] == 1.0


def test_the_same_seed_gives_the_same_bytes(questions: Path, tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    for name in ("a", "b"):
        out = str(tmp_path / name)
        config = FitConfig(str(questions), out=out, epochs=2, batch_rows=3, rank=2)
        train(config, train_reader.TASK)
    torch.set_num_threads(threads)
    for file in ("adapter_model.safetensors", "head.safetensors"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_wrong_input_is_one_line(
    questions: Path, claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, message in (
        (["--data", str(claims)], "no rows of the step 'read'"),
        (["--data", str(tmp_path / "none.jsonl")], "none.jsonl"),
        ([], "--data names no file of rows"),
        (["--data", str(questions), "--out", str(claims / "below")], "below"),
        (["--data", "x", "--lr", "0"], "--lr must be above 0"),
    ):
        with pytest.raises(SystemExit) as left:
            main(train_reader.TASK, "train_reader", "", arguments)
        assert left.value.code == 2
        error = capsys.readouterr().err
        assert message in error
        assert len(error.strip().splitlines()) == 1


def test_a_loss_that_is_no_number_stops_the_training(questions: Path, tmp_path: Path) -> None:
    config = FitConfig(str(questions), out=str(tmp_path / "out"), epochs=9, rank=2, lr=1e30)
    with pytest.raises(CommandFailed, match=r"step \d+: the loss is nan; try a smaller --lr"):
        train(config, train_reader.TASK)


def test_every_row_is_seen_once_an_epoch() -> None:
    rows = [Example((), number) for number in range(10)]
    drawn = batches(rows, 4, random.Random(0))
    seen = [row.target for _ in range(5) for row in next(drawn)]
    assert sorted(seen) == sorted([*range(10), *range(10)])
    assert sorted(seen[:10]) == list(range(10))


def test_the_rate_rises_then_falls() -> None:
    config = FitConfig("x", lr=1.0, warmup_share=0.1)
    rates = [learning_rate(config, step, 100) for step in range(1, 101)]
    assert rates[0] == pytest.approx(0.1, abs=0.01)
    assert max(rates) == max(rates[8:12])
    assert rates[-1] == pytest.approx(0.02)
    assert rates[10:] == sorted(rates[10:], reverse=True)
