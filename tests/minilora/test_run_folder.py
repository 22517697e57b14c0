"""A run's files: metrics that can be rewound, checkpoints that are whole or refused."""

import json

import pytest
import torch

from minilora.run_folder import KEPT_CHECKPOINTS, RunFolder, Snapshot, checksum, read_snapshot


@pytest.fixture
def run(tmp_path):
    run = RunFolder(tmp_path / "run")
    run.create()
    return run


def snapshot(step):
    tensors = {"a": torch.full((3,), float(step)), "count": torch.tensor(float(step))}
    return Snapshot(step, tensors, {"tokens": 10 * step, "best_loss": float("inf")})


def test_a_checkpoint_comes_back_as_it_was(run):
    assert run.latest() is None
    run.save(snapshot(3))
    found = run.latest()
    assert (found.step, found.state) == (3, {"tokens": 30, "best_loss": float("inf")})
    assert torch.equal(found.tensors["a"], torch.full((3,), 3.0))
    assert found.tensors["count"].shape == ()


def test_the_newest_checkpoints_are_kept(run):
    for step in (5, 10, 100, 20_000_000):
        run.save(snapshot(step))
    names = sorted(path.name for path in run.checkpoints.iterdir())
    assert len(names) == KEPT_CHECKPOINTS
    assert run.latest().step == 20_000_000


def test_every_byte_of_a_checkpoint_is_checked(run):
    run.save(snapshot(3))
    (path,) = run.checkpoints.iterdir()
    whole = path.read_bytes()
    for place in range(8, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(ValueError, match=r"step-0000003\.safetensors is damaged"):
            read_snapshot(path)
    for end in range(0, len(whole), 11):
        path.write_bytes(whole[:end])
        with pytest.raises(ValueError, match="is damaged"):
            read_snapshot(path)


def test_checksums_tell_names_and_values_apart():
    one = {"a": torch.tensor([1.0]), "b": torch.tensor([2.0])}
    assert checksum(one) == checksum(dict(reversed(one.items())))
    assert checksum(one) != checksum({"b": torch.tensor([1.0]), "a": torch.tensor([2.0])})


def test_metrics_are_rewound_and_a_cut_last_line_is_dropped(run):
    for step in range(1, 6):
        run.log({"step": step, "loss": 1 / step})
    with run.metrics_path.open("a") as file:
        file.write('{"step": 6, "lo')
    assert [line["step"] for line in run.metrics()] == [1, 2, 3, 4, 5]
    run.rewind(3)
    text = run.metrics_path.read_text()
    assert [json.loads(line) for line in text.splitlines()] == [
        {"step": step, "loss": 1 / step} for step in (1, 2, 3)
    ]
    run.log({"step": 4})
    assert [line["step"] for line in run.metrics()] == [1, 2, 3, 4]
    run.rewind(0)
    assert run.metrics_path.read_text() == ""


def test_a_whole_line_that_is_not_json_is_named(run):
    run.metrics_path.write_text('{"step": 1}\n{"step"\n{"step": 3}\n')
    with pytest.raises(ValueError, match=r"metrics\.jsonl:2 is not JSON"):
        run.metrics()


def test_what_a_kill_left_half_written_does_not_make_a_folder_full(tmp_path):
    (tmp_path / ".train_config.json.123.tmp").write_text("{")
    run = RunFolder(tmp_path)
    run.create()
    assert list(tmp_path.iterdir()) == []
    run.save(snapshot(1))
    (run.checkpoints / ".step-0000002.safetensors.9.tmp").write_text("half")
    run.tidy()
    assert [path.name for path in run.checkpoints.iterdir()] == ["step-0000001.safetensors"]
    with pytest.raises(FileExistsError, match="is not empty"):
        run.create()
