"""Adapters on disk: PEFT's adapters and logits, ours as PEFT read them, and every misfit."""

import importlib.util
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from minilora import atomic
from minilora.adapter import load_adapter, read_info, save_adapter
from minilora.atomic import write_whole
from minilora.lora import LoRAConfig, adapter_names, inject, set_active, trainable_parameters
from quant import LinearNF4

REFERENCE = Path(__file__).parents[1] / "reference" / "peft"
KEY = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"

# Differences measured over the six adapters in float32: mean 3e-7, largest 3.0e-6, on logits up
# to 3.7; three times that leaves room for the summation orders of other machines.
TOLERANCE = 1e-5


def _own_adapters():
    spec = importlib.util.spec_from_file_location("own_adapters", REFERENCE / "own_adapters.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


own = _own_adapters()


@pytest.fixture(scope="module")
def stored():
    return load_file(REFERENCE / "logits.safetensors")


@pytest.mark.parametrize("case", ["plain", "rslora", "dora", "pattern"])
@torch.no_grad()
def test_adapters_made_by_peft_give_its_logits(case, stored):
    model = own.load_tiny()
    assert (model(stored["tokens"]) - stored["base"]).abs().max() < TOLERANCE
    load_adapter(model, REFERENCE / case)
    assert (model(stored["tokens"]) - stored[case]).abs().max() < TOLERANCE
    assert (stored[case] - stored["base"]).abs().max() > 0.05


@pytest.mark.parametrize("case", sorted(own.OWN))
@torch.no_grad()
def test_our_adapters_are_the_bytes_that_peft_loaded_and_give_its_logits(case, stored, tmp_path):
    model = own.make_own_adapter(case, tmp_path)
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        assert (tmp_path / name).read_bytes() == (REFERENCE / case / name).read_bytes()
    assert (model(stored["tokens"]) - stored[case]).abs().max() < TOLERANCE
    again = own.load_tiny()
    load_adapter(again, tmp_path)
    assert torch.equal(again(stored["tokens"]), model(stored["tokens"]))


@torch.no_grad()
def test_several_adapters_on_one_model_are_switched_by_name(stored):
    model = own.load_tiny()
    for case in ("plain", "rslora", "dora"):
        load_adapter(model, REFERENCE / case, case)
    assert adapter_names(model) == ["plain", "rslora", "dora"]
    for case in ("rslora", "plain", "dora", "rslora"):
        set_active(model, case)
        assert (model(stored["tokens"]) - stored[case]).abs().max() < TOLERANCE
    set_active(model, None)
    assert (model(stored["tokens"]) - stored["base"]).abs().max() < TOLERANCE


def test_the_folder_says_what_the_adapter_was_trained_on(tmp_path):
    model = nn.ModuleDict({"q_proj": LinearNF4.from_weight(torch.randn(8, 64))})
    inject(model, LoRAConfig(rank=2, alpha=3.5, dropout=0.1))
    save_adapter(model, "default", tmp_path / "new" / "folder", "org/name@main")
    info = read_info(tmp_path / "new" / "folder")
    assert (info.base_name, info.base_quant) == ("org/name@main", "nf4")
    assert info.config == LoRAConfig(rank=2, alpha=3.5, dropout=0.1, target_modules=("q_proj",))
    assert read_info(REFERENCE / "plain").base_quant is None


def test_the_config_has_what_peft_and_vllm_ask_for():
    settings = json.loads((REFERENCE / "ours" / "adapter_config.json").read_text())
    assert settings["peft_type"] == "LORA"
    assert settings["task_type"] == "CAUSAL_LM"
    assert (settings["r"], settings["lora_alpha"]) == (4, 8)
    assert settings["target_modules"] == sorted(
        ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    )
    assert settings["modules_to_save"] is None
    assert settings["base_model_name_or_path"] == "tiny-llama"


@pytest.fixture
def folder(tmp_path):
    """A copy of the plain adapter, to be damaged."""
    for source in (REFERENCE / "plain").iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    return tmp_path


def refused(folder, error=ValueError):
    """Load the folder, which must fail and leave the model as it was; return the message."""
    model = own.load_tiny()
    with pytest.raises(error) as caught:
        load_adapter(model, folder)
    assert adapter_names(model) == []
    message = str(caught.value)
    assert "\n" not in message
    return message


def change_weights(folder, change):
    path = folder / "adapter_model.safetensors"
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)


def test_a_missing_key_is_named(folder):
    change_weights(folder, lambda tensors: tensors.pop(KEY))
    assert f"{KEY} is missing" in refused(folder)


def test_a_key_too_many_is_named(folder):
    extra = KEY.replace("layers.0", "layers.9")
    change_weights(folder, lambda tensors: tensors.update({extra: torch.zeros(4, 32)}))
    assert f"{extra} has no place" in refused(folder)


def test_a_base_of_other_sizes_is_named(folder):
    change_weights(folder, lambda tensors: tensors.update({KEY: torch.zeros(4, 64)}))
    message = refused(folder)
    assert f"{KEY} is (4, 64)" in message
    assert "(4, 32)" in message


def test_values_that_are_not_numbers_are_refused(folder):
    change_weights(folder, lambda tensors: tensors[KEY].fill_(float("nan")))
    assert KEY in refused(folder)
    change_weights(folder, lambda tensors: tensors.update({KEY: torch.zeros(4, 32).int()}))
    assert KEY in refused(folder)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("r", 8, "is (4, 32), the model and the settings need (8, 32)"),
        ("r", 0, "rank"),
        ("r", None, "r is missing"),
        ("lora_alpha", None, "lora_alpha is missing"),
        ("lora_alpha", "8", "adapter_config.json"),
        ("target_modules", None, "target_modules is missing"),
        ("target_modules", ["q_proj"], "has no place in this model"),
        ("target_modules", ["nothing"], "has no place in this model"),
        ("target_modules", "(", "not a regular expression"),
        ("use_dora", True, "lora_magnitude_vector is missing"),
        ("peft_type", "IA3", "peft_type is 'IA3'"),
        ("modules_to_save", ["lm_head"], "modules_to_save = ['lm_head'] is not supported"),
        ("bias", "lora_only", "bias = 'lora_only' is not supported"),
        ("layers_to_transform", [0], "layers_to_transform = [0] is not supported"),
        ("fan_in_fan_out", True, "fan_in_fan_out = True is not supported"),
        ("trainable_token_indices", [3], "trainable_token_indices = [3] is not supported"),
        ("init_lora_weights", "pissa", "init_lora_weights = 'pissa' is not supported"),
        ("a_setting_of_tomorrow", 1, "a_setting_of_tomorrow = 1 is not supported"),
    ],
)
def test_settings_that_do_not_fit_are_named(folder, setting, value, words):
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {setting: value}))
    assert words in refused(folder)


def test_files_missing_or_broken_are_named(folder, tmp_path):
    weights, config = folder / "adapter_model.safetensors", folder / "adapter_config.json"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-100])
    assert "not a whole safetensors file" in refused(folder)
    weights.rename(folder / "adapter_model.bin")
    assert "is a pickle, which is not read" in refused(folder, FileNotFoundError)
    config.write_text("{")
    assert "is not JSON" in refused(folder)
    config.write_text("[]")
    assert "holds no JSON object" in refused(folder)
    config.unlink()
    assert "holds no adapter" in refused(folder, FileNotFoundError)


def test_a_taken_name_and_an_unknown_one_are_refused(tmp_path):
    model = own.load_tiny()
    load_adapter(model, REFERENCE / "plain")
    before = {name: p.clone() for name, p in trainable_parameters(model).items()}
    with pytest.raises(ValueError, match="has an adapter 'default' already"):
        load_adapter(model, REFERENCE / "dora")
    assert all(torch.equal(p, before[n]) for n, p in trainable_parameters(model).items())
    with pytest.raises(ValueError, match="no adapter 'other'; the model has: default"):
        save_adapter(model, "other", tmp_path, "tiny")


def test_half_precision_adapters_become_float32_masters(folder):
    change_weights(
        folder, lambda tensors: tensors.update({k: v.bfloat16() for k, v in tensors.items()})
    )
    model = own.load_tiny()
    load_adapter(model, folder)
    assert {p.dtype for p in trainable_parameters(model).values()} == {torch.float32}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "adapter_model.safetensors"
    write_whole(path, b"old")

    def full(_handle):
        raise OSError("no space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"new and longer")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
