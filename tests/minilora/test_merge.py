"""Merging an adapter into its base: the written folder, its logits, and what is refused."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from minilora import hf_folder
from minilora import merge as merge_module
from minilora.adapter import load_adapter, save_adapter
from minilora.chat import Tokenizer
from minilora.checkpoint import folder_checkpoint
from minilora.command import CommandFailed, exit_with
from minilora.hf_folder import Weights, write_tokenizer, write_weights
from minilora.loading import build
from minilora.lora import LoRAConfig, LoRALinear, inject, trainable_parameters
from minilora.merge import logit_drift, main, merge_to_folder, merged_tensor

REFERENCE = Path(__file__).parents[1] / "reference" / "peft"
BASE = REFERENCE / "base"


@pytest.fixture(scope="module")
def stored():
    return load_file(REFERENCE / "logits.safetensors")


def load_plain(folder, dtype=torch.float32):
    return build(folder_checkpoint(folder), "none", "cpu", dtype)


@torch.no_grad()
def test_the_merged_folder_has_the_logits_that_transformers_gave_for_it(stored, tmp_path):
    out = tmp_path / "new" / "merged"
    report = merge_to_folder(REFERENCE / "dora", out, str(BASE), "none", torch.float32, "cpu")
    logits = load_plain(out)(stored["tokens"])
    # Measured: 5e-6 between the adapter's logits and the merged ones, both by transformers.
    assert (logits - stored["merged_dora"]).abs().max() < 2e-5
    assert (logits - stored["dora"]).abs().max() < 2e-5
    assert report.drift.max_abs < 2e-5
    assert report.drift.top1_agreement == 1.0
    assert report.adapter_effect.max_abs > 0.5
    assert sorted(path.name for path in out.iterdir()) == [
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    settings = json.loads((out / "config.json").read_text())
    assert (settings["torch_dtype"], settings["eos_token_id"]) == ("float32", 2)
    assert json.loads((out / "generation_config.json").read_text())["eos_token_id"] == [2]
    assert [path.name for path in out.parent.iterdir()] == ["merged"]


@pytest.fixture
def nf4_adapter(tmp_path):
    """Return the folder of an adapter on some layers of the NF4 base, and the adapted model."""
    model = build(folder_checkpoint(BASE), "nf4", "cpu", torch.float32)
    inject(model, LoRAConfig(rank=4, target_modules=("q_proj", "up_proj")), "default")
    with torch.no_grad():
        for parameter in trainable_parameters(model).values():
            parameter.uniform_(-0.3, 0.3, generator=torch.Generator().manual_seed(1))
    save_adapter(model, "default", tmp_path / "adapter", str(BASE))
    return tmp_path / "adapter", model


@torch.no_grad()
def test_nf4_weights_are_dequantised_summed_and_rounded_once(nf4_adapter, tmp_path):
    adapter, model = nf4_adapter
    report = merge_to_folder(adapter, tmp_path / "out", device="cpu")
    assert (report.model, report.quant, report.dtype) == (str(BASE), "nf4", "bfloat16")
    tensors = load_file(tmp_path / "out" / "model.safetensors")
    assert {tensor.dtype for tensor in tensors.values()} == {torch.bfloat16}
    assert set(tensors) == set(load_file(BASE / "model.safetensors"))
    attention = model.layers[1].self_attn
    layer = attention.q_proj
    assert isinstance(layer, LoRALinear)
    one = layer.adapter("default")
    exact = layer.dequantize(torch.float32) + one.scaling * (one.lora_B @ one.lora_A)
    stored = tensors["model.layers.1.self_attn.q_proj.weight"]
    assert (stored.float() - exact).abs().max() <= exact.abs().max() * 2**-8
    assert torch.equal(stored, exact.bfloat16())
    kept = tensors["model.layers.1.self_attn.k_proj.weight"]
    assert torch.equal(kept, attention.k_proj.dequantize(torch.float32).bfloat16())
    assert torch.equal(tensors["model.norm.weight"], model.norm.weight.bfloat16())
    assert torch.equal(merged_tensor(model, "layers.1.self_attn.q_proj.bias"), layer.bias)
    # The drift is what rounding to 8 bits of mantissa costs. Measured: 0.009 on the mean, 0.11 at
    # most, where the adapter changes the logits by 0.97 and 6.0.
    assert 0 < report.drift.mean_abs < 0.03 * report.adapter_effect.mean_abs
    assert report.drift.max_abs < 0.05 * report.adapter_effect.max_abs


def test_large_weights_are_written_in_files_with_an_index(tmp_path):
    tensors = {
        f"layers.{i}.mlp.up_proj.weight": torch.full((4, 8), float(i), dtype=torch.float16)
        for i in range(5)
    }
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    weights = Weights(shapes, lambda name: tensors[name], torch.float16)
    write_weights(tmp_path, weights, shard_bytes=2 * 64)
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    assert index["metadata"]["total_size"] == 5 * 64
    assert sorted(path.name for path in tmp_path.glob("*.safetensors")) == [
        f"model-{i:05d}-of-00003.safetensors" for i in (1, 2, 3)
    ]
    for name, tensor in tensors.items():
        file = tmp_path / index["weight_map"][f"model.{name}"]
        assert torch.equal(load_file(file)[f"model.{name}"], tensor)


def test_a_tokenizer_that_came_in_one_file_is_written_as_a_folder(tmp_path):
    tokenizer = Tokenizer.from_path(BASE)
    write_tokenizer(tmp_path, tokenizer, Path("model.gguf"))
    again = Tokenizer.from_path(tmp_path)
    text = "Set the alarm: 7 30"
    assert again.encode(text) == tokenizer.encode(text)
    assert again.eos_ids == tokenizer.eos_ids == (2,)
    assert (again.bos_id, again.chat_template) == (1, tokenizer.chat_template)


def test_a_folders_own_generation_settings_are_kept_and_get_the_turns_end(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    out.mkdir()
    for path in BASE.glob("tokenizer*"):
        (source / path.name).write_bytes(path.read_bytes())
    (source / "generation_config.json").write_text('{"eos_token_id": 0, "temperature": 0.6}')
    write_tokenizer(out, Tokenizer.from_path(source), source)
    written = json.loads((out / "generation_config.json").read_text())
    assert written == {"eos_token_id": [0, 2], "temperature": 0.6}


def test_drift_counts_positions_that_change_their_first_token():
    a = torch.tensor([[1.0, 2.0], [3.0, 0.0]])
    b = torch.tensor([[1.0, 2.5], [0.0, 1.0]])
    drift = logit_drift(a, b)
    assert (drift.positions, drift.max_abs, drift.top1_agreement) == (2, 3.0, 0.5)
    assert drift.mean_abs == pytest.approx(4.5 / 4)


def test_a_failure_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(merge_module, "write_weights", full)
    with pytest.raises(OSError, match="no space"):
        merge_to_folder(REFERENCE / "ours", tmp_path / "out", str(BASE), device="cpu")
    assert not list(tmp_path.iterdir())


def test_values_too_large_for_float16_are_named(tmp_path):
    model = load_plain(BASE)
    inject(model, LoRAConfig(rank=1, target_modules=("layers.1.self_attn.v_proj",)))
    with torch.no_grad():
        for parameter in trainable_parameters(model).values():
            parameter.fill_(1e4)
    save_adapter(model, "default", tmp_path / "adapter", str(BASE))
    with pytest.raises(CommandFailed, match=r"layers\.1\.self_attn\.v_proj\.weight holds values"):
        merge_to_folder(tmp_path / "adapter", tmp_path / "out", dtype=torch.float16, device="cpu")
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


def run(monkeypatch, *arguments) -> int:
    """Run the command in this process and return its exit code."""
    monkeypatch.setattr("sys.argv", ["merge", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        exit_with(main)
    return caught.value.code


def test_the_command_prints_the_drift_and_writes_a_report(tmp_path, monkeypatch, capsys):
    report = tmp_path / "report.json"
    arguments = ["--adapter", REFERENCE / "ours", "--out", tmp_path / "out", "--model", BASE]
    arguments += ["--dtype", "float16", "--device", "cpu", "--json", report]
    assert run(monkeypatch, *arguments) == 0
    shown = capsys.readouterr()
    assert "logit drift     max 0.0" in shown.out
    assert "at 100.0% of" in shown.out
    written = json.loads(report.read_text())
    assert set(written["drift"]) == {"positions", "max_abs", "mean_abs", "top1_agreement"}
    assert (written["quant"], written["dtype"]) == ("none", "float16")
    size = sum(t.numel() for t in load_file(BASE / "model.safetensors").values()) * 2
    assert 0 <= written["weights_bytes"] - size < 10_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--adapter", REFERENCE / "plain", "--model", BASE], "does not say how its base was"),
        (["--adapter", REFERENCE / "nothing"], "holds no adapter"),
        (["--adapter", REFERENCE / "ours"], "'tiny-llama' is no path here"),
        (["--adapter", REFERENCE / "ours", "--model", BASE, "--dtype", "int4"], "invalid choice"),
        (["--adapter", REFERENCE / "ours", "--model", BASE, "--device", "warp"], "invalid choice"),
    ],
)
def test_bad_use_is_exit_code_2_and_one_line(arguments, words, tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, *arguments, "--out", tmp_path / "out") == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path, monkeypatch, capsys):
    (tmp_path / "mine.txt").write_text("keep me")
    arguments = ["--adapter", REFERENCE / "ours", "--model", BASE, "--out"]
    assert run(monkeypatch, *arguments, tmp_path) == 2
    assert "is not an empty folder; choose another --out" in capsys.readouterr().err
    assert run(monkeypatch, *arguments, tmp_path / "mine.txt") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    assert run(monkeypatch, *arguments, tmp_path / "empty", "--device", "cpu") == 0
    assert (tmp_path / "empty" / "model.safetensors").is_file()


def test_the_merged_model_takes_an_adapter_again(tmp_path):
    merge_to_folder(REFERENCE / "ours", tmp_path / "out", str(BASE), device="cpu")
    model = load_plain(tmp_path / "out")
    assert load_adapter(model, REFERENCE / "plain").rank == 4
    assert hf_folder.SHARD_BYTES > 10**9
