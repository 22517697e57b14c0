"""Model folders and names: what loads, and the one clear line for everything that does not."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from minilora.checkpoint import folder_checkpoint, model_shapes
from minilora.config import ModelConfig
from minilora.loading import build
from minilora.model import Llama
from minilora.weights import WeightsError, resolve

TINY = ModelConfig(
    family="llama",
    vocab_size=32,
    d_model=16,
    n_layers=2,
    n_heads=2,
    n_kv_heads=1,
    head_dim=8,
    d_ff=24,
)
Tensors = dict[str, torch.Tensor]


def tiny_tensors(config: ModelConfig = TINY) -> Tensors:
    torch.manual_seed(0)
    state = Llama(config).state_dict()
    return {n if n == "lm_head.weight" else f"model.{n}": t for n, t in state.items()}


def write_config(folder: Path, config: ModelConfig = TINY, **changes: object) -> None:
    (folder / "config.json").write_text(json.dumps(config.to_hf() | changes))


def write_folder(folder: Path, tensors: Tensors, config: ModelConfig = TINY) -> Path:
    write_config(folder, config)
    save_file(tensors, folder / "model.safetensors")
    return folder


def write_shards(folder: Path, tensors: Tensors) -> Path:
    write_config(folder)
    weight_map = {}
    for i, name in enumerate(tensors):
        weight_map[name] = f"model-{i % 3 + 1:05}-of-00003.safetensors"
    for shard in set(weight_map.values()):
        part = {name: tensors[name] for name, file in weight_map.items() if file == shard}
        save_file(part, folder / shard)
    write_index(folder, weight_map)
    return folder


def write_index(folder: Path, weight_map: dict[str, str]) -> None:
    index = {"metadata": {}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def read_index(folder: Path) -> dict[str, str]:
    weight_map: dict[str, str] = json.loads((folder / "model.safetensors.index.json").read_text())[
        "weight_map"
    ]
    return weight_map


def load_folder(folder: Path) -> Llama:
    return build(folder_checkpoint(folder), quant="none", device="cpu", dtype=torch.float32)


def test_a_folder_fills_the_model_exactly(tmp_path):
    tensors = tiny_tensors()
    model = load_folder(write_folder(tmp_path, tensors))
    state = model.state_dict()
    assert set(state) == {name.removeprefix("model.") for name in tensors}
    assert all(torch.equal(t, state[name.removeprefix("model.")]) for name, t in tensors.items())
    assert not any(p.requires_grad for p in model.parameters())
    assert not model.training


def test_shards_equal_the_single_file(tmp_path):
    tensors = tiny_tensors()
    single, sharded = tmp_path / "single", tmp_path / "sharded"
    for folder in (single, sharded):
        folder.mkdir()
    a, b = load_folder(write_folder(single, tensors)), load_folder(write_shards(sharded, tensors))
    assert all(torch.equal(t, b.state_dict()[name]) for name, t in a.state_dict().items())


def test_tensors_of_a_checkpoint_come_by_our_names(tmp_path):
    checkpoint = folder_checkpoint(write_folder(tmp_path, tiny_tensors()))
    read = {name: tuple(tensor.shape) for name, tensor in checkpoint.tensors()}
    assert read == dict(checkpoint.shapes) == model_shapes(Llama(TINY))
    assert checkpoint.config == ModelConfig.from_hf(TINY.to_hf())


def test_the_fingerprint_changes_with_the_weights_alone(tmp_path):
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for folder in folders:
        folder.mkdir()
    tensors = tiny_tensors()
    first = folder_checkpoint(write_folder(folders[0], tensors)).fingerprint
    assert folder_checkpoint(write_folder(folders[1], tensors)).fingerprint == first
    tensors["model.layers.1.mlp.up_proj.weight"][3, 3] += 1
    assert folder_checkpoint(write_folder(folders[2], tensors)).fingerprint != first


def test_leftovers_of_old_checkpoints_are_tolerated(tmp_path):
    tensors = tiny_tensors()
    tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = torch.ones(4)
    load_folder(write_folder(tmp_path, tensors))


def test_a_second_copy_of_tied_embeddings_is_tolerated(tmp_path):
    tied = ModelConfig(**{**vars(TINY), "tie_embeddings": True})
    tensors = tiny_tensors(tied)
    tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"].clone()
    assert load_folder(write_folder(tmp_path, tensors, tied)).lm_head is None


def drop(tensors: Tensors) -> None:
    del tensors["model.layers.1.mlp.up_proj.weight"]


def drop_layer(tensors: Tensors) -> None:
    for name in [name for name in tensors if ".layers.1." in name]:
        del tensors[name]


def add(tensors: Tensors) -> None:
    tensors["model.layers.0.self_attn.q_proj.bias"] = torch.zeros(16)


def reshape(tensors: Tensors) -> None:
    tensors["model.norm.weight"] = torch.ones(17)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop, "lacks tensor layers.1.mlp.up_proj.weight"),
        (drop_layer, r"lacks 9 tensors \(layers.1.input_layernorm.weight"),
        (add, "holds tensor layers.0.self_attn.q_proj.bias, which the model has no place for"),
        (reshape, r"norm.weight has shape \(17,\), the model wants \(16,\)"),
    ],
)
def test_tensors_that_do_not_fit_are_named(change, message, tmp_path):
    tensors = tiny_tensors()
    change(tensors)
    with pytest.raises(WeightsError, match=message):
        load_folder(write_folder(tmp_path, tensors))


def cut_file(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def cut_header(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:20])


def only_a_pickle(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({}))


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def half_a_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "lla')


def a_list_as_config(folder: Path) -> None:
    (folder / "config.json").write_text("[]")


def another_family(folder: Path) -> None:
    write_config(folder, model_type="gpt2")


def a_size_missing(folder: Path) -> None:
    config = TINY.to_hf()
    del config["hidden_size"]
    (folder / "config.json").write_text(json.dumps(config))


def quantised(folder: Path) -> None:
    write_config(folder, quantization_config={"quant_method": "bitsandbytes"})


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (cut_file, "model.safetensors is half-written or damaged"),
        (cut_header, "model.safetensors is half-written or damaged"),
        (only_a_pickle, "pytorch_model.bin is a pickle file"),
        (no_weights, "has neither model.safetensors nor"),
        (no_config, "has no config.json"),
        (half_a_config, "config.json is not valid JSON"),
        (a_list_as_config, "must hold a JSON object"),
        (another_family, "model family 'gpt2' is not one of"),
        (a_size_missing, "hidden_size"),
        (quantised, r"already quantised \(bitsandbytes\)"),
    ],
)
def test_a_damaged_folder_is_one_clear_line(damage, message, tmp_path):
    folder = write_folder(tmp_path, tiny_tensors())
    damage(folder)
    with pytest.raises(WeightsError, match=message) as error:
        resolve(str(folder))
    assert "\n" not in str(error.value)


def lose_a_shard(folder: Path) -> None:
    (folder / "model-00002-of-00003.safetensors").unlink()


def empty_a_shard(folder: Path) -> None:
    save_file({"x": torch.zeros(1)}, folder / "model-00002-of-00003.safetensors")


def forget_a_tensor(folder: Path) -> None:
    weight_map = read_index(folder)
    del weight_map["model.norm.weight"]
    write_index(folder, weight_map)


def point_outside(folder: Path) -> None:
    write_index(folder, read_index(folder) | {"model.norm.weight": "../other.safetensors"})


def point_to_a_pickle(folder: Path) -> None:
    write_index(folder, read_index(folder) | {"model.norm.weight": "weights.bin"})


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lose_a_shard, "lacks shard model-00002-of-00003.safetensors"),
        (empty_a_shard, r"model-00002-of-00003.safetensors lacks \d+ tensors"),
        (forget_a_tensor, "holds tensor model.norm.weight, unknown to the index"),
        (point_outside, "names '../other.safetensors', which is no safetensors file beside it"),
        (point_to_a_pickle, "names 'weights.bin', which is no safetensors file beside it"),
        (lambda folder: write_index(folder, {}), "has no weight_map"),
    ],
)
def test_a_damaged_set_of_shards_is_one_clear_line(damage, message, tmp_path):
    folder = write_shards(tmp_path, tiny_tensors())
    damage(folder)
    with pytest.raises(WeightsError, match=message):
        resolve(str(folder))


@pytest.mark.parametrize("suffix", [".bin", ".pt", ".pth", ".pkl"])
def test_a_pickle_file_is_refused_unopened(suffix, tmp_path):
    path = tmp_path / f"model{suffix}"
    path.write_bytes(b"never read")
    with pytest.raises(WeightsError, match=r"is a pickle file.*refused"):
        resolve(str(path))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("./nowhere", "there is no file or folder ./nowhere"),
        ("nowhere/model.gguf", "there is no file or folder"),
        ("a b c", "is no path here, not the built-in smollm2-135m, and no hub name"),
        ("minilm-l6", "is a sentence encoder"),
    ],
)
def test_an_unknown_name_is_one_clear_line(name, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeightsError, match=message):
        resolve(name)


def test_a_safetensors_file_points_to_its_folder(tmp_path):
    write_folder(tmp_path, tiny_tensors())
    with pytest.raises(WeightsError, match="give the folder"):
        resolve(str(tmp_path / "model.safetensors"))


def test_some_other_file_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(WeightsError, match=r"neither a model folder nor a \.gguf file"):
        resolve(str(tmp_path / "notes.txt"))
