"""GGUF files: tensors bit-equal to transformers' loading, configuration, and damaged files."""

import hashlib
import json
import random
import shutil
import struct
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch

from minilora.chat import Tokenizer
from minilora.checkpoint import WeightsError, model_shapes
from minilora.config import ModelConfig, RopeScaling
from minilora.gguf_file import GGUFFile
from minilora.gguf_model import gguf_checkpoint, uninterleave_heads
from minilora.model import Llama, rope_frequencies
from minilora.weights import DEFAULT_MODEL, resolve

REFERENCE = Path(__file__).parents[1] / "reference" / "chat_gguf"
EXPECTED = json.loads((REFERENCE / "expected.json").read_text())


def sha256(tensor: torch.Tensor) -> str:
    assert tensor.dtype == torch.float32
    return hashlib.sha256(tensor.contiguous().numpy().tobytes()).hexdigest()


@pytest.mark.parametrize("name", ["tiny_llama", "tiny_qwen2"])
def test_every_tensor_equals_transformers(name):
    checkpoint = gguf_checkpoint(REFERENCE / f"{name}.gguf")
    found = {ours: sha256(tensor) for ours, tensor in checkpoint.tensors()}
    expected = {n.removeprefix("model."): h for n, h in EXPECTED[name]["sha256"].items()}
    if checkpoint.config.tie_embeddings:
        expected.pop("lm_head.weight", None)
    assert found == expected
    checkpoint.check_against(model_shapes(Llama(checkpoint.config)))


@pytest.mark.parametrize("name", ["tiny_llama", "tiny_qwen2"])
def test_the_configuration_equals_transformers(name):
    expected = ModelConfig.from_hf(EXPECTED[name]["config"])
    assert gguf_checkpoint(REFERENCE / f"{name}.gguf").config == expected


def test_tensors_of_the_default_equal_transformers():
    checkpoint = resolve(DEFAULT_MODEL)
    for name, expected in EXPECTED["smollm2"]["sha256"].items():
        assert sha256(checkpoint.read(name.removeprefix("model."))) == expected, name


def test_the_default_is_what_it_says():
    checkpoint = resolve(DEFAULT_MODEL)
    config = checkpoint.config
    assert (config.n_layers, config.d_model, config.n_heads, config.n_kv_heads) == (30, 576, 9, 3)
    assert (config.d_ff, config.vocab_size, config.rope_theta) == (1536, 49_152, 100_000.0)
    assert config.tie_embeddings
    assert checkpoint.source == DEFAULT_MODEL
    assert checkpoint.fingerprint == "b179c9523d0e6a0f"


def test_uninterleaving_undoes_the_converter():
    """Converters swap (heads, 2, Dh / 2) to (heads, Dh / 2, 2), for weights and biases alike."""
    rows = torch.arange(3 * 8)
    interleaved = rows.view(3, 2, 4).transpose(1, 2).reshape(-1)
    assert torch.equal(uninterleave_heads(interleaved, 3), rows)


# Files written here


def write_gguf(
    path: Path,
    arch: str = "llama",
    divisors: np.ndarray | None = None,
    skip: str | None = None,
    **extra: str | float,
) -> Path:
    """Write metadata and float32 tensors of a one-layer model: D 16, 2 heads of 8, 1 KV head."""
    writer = gguf.GGUFWriter(path, arch)
    writer.add_context_length(64)
    writer.add_embedding_length(16)
    writer.add_block_count(1)
    writer.add_feed_forward_length(24)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    for key, value in extra.items():
        add = writer.add_string if isinstance(value, str) else writer.add_float32
        add(f"{arch}.{key.replace('__', '.')}", value)
    shapes = {
        "token_embd.weight": (32, 16),
        "output_norm.weight": (16,),
        "blk.0.attn_norm.weight": (16,),
        "blk.0.attn_q.weight": (16, 16),
        "blk.0.attn_k.weight": (8, 16),
        "blk.0.attn_v.weight": (8, 16),
        "blk.0.attn_output.weight": (16, 16),
        "blk.0.ffn_norm.weight": (16,),
        "blk.0.ffn_gate.weight": (24, 16),
        "blk.0.ffn_up.weight": (24, 16),
        "blk.0.ffn_down.weight": (16, 24),
    }
    rng = np.random.default_rng(1)
    for name, shape in shapes.items():
        if name != skip:
            writer.add_tensor(name, rng.standard_normal(shape).astype(np.float32))
    if divisors is not None:
        writer.add_tensor("rope_freqs.weight", divisors.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_llama3_rope_scaling_is_recovered_from_its_divisors(tmp_path):
    scaled = ModelConfig(
        family="llama", vocab_size=32, d_model=16, n_layers=1, n_heads=2, n_kv_heads=1, head_dim=8,
        d_ff=24, rope_theta=500_000.0, rope_scaling=RopeScaling("llama3", 32.0),
    )  # fmt: skip
    plain = ModelConfig(**{**vars(scaled), "rope_scaling": None})
    divisors = (rope_frequencies(plain) / rope_frequencies(scaled)).numpy()
    path = write_gguf(tmp_path / "m.gguf", divisors=divisors, rope__freq_base=500_000.0)
    checkpoint = gguf_checkpoint(path)
    assert checkpoint.config.rope_scaling == RopeScaling("llama3", 32.0)
    assert torch.allclose(rope_frequencies(checkpoint.config), rope_frequencies(scaled))
    checkpoint.check_against(model_shapes(Llama(checkpoint.config)))


def test_other_divisors_are_refused(tmp_path):
    path = write_gguf(tmp_path / "m.gguf", divisors=np.array([1, 3, 1, 8]))
    with pytest.raises(WeightsError, match="not Llama 3's rope scaling"):
        gguf_checkpoint(path)


def test_linear_rope_scaling(tmp_path):
    path = write_gguf(tmp_path / "m.gguf", rope__scaling__type="linear", rope__scaling__factor=4.0)
    assert gguf_checkpoint(path).config.rope_scaling == RopeScaling("linear", 4.0)


def test_an_unsupported_rope_scaling_is_refused(tmp_path):
    path = write_gguf(tmp_path / "m.gguf", rope__scaling__type="yarn", rope__scaling__factor=4.0)
    with pytest.raises(WeightsError, match="rope scaling 'yarn' is not supported"):
        gguf_checkpoint(path)


def test_a_missing_tensor_is_named(tmp_path):
    checkpoint = gguf_checkpoint(write_gguf(tmp_path / "m.gguf", skip="blk.0.ffn_up.weight"))
    with pytest.raises(WeightsError, match=r"lacks tensor layers.0.mlp.up_proj.weight"):
        checkpoint.check_against(model_shapes(Llama(checkpoint.config)))


def test_another_architecture_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="GGUF architecture 'bloom' is not one of"):
        gguf_checkpoint(write_gguf(tmp_path / "m.gguf", arch="bloom"))


@pytest.mark.parametrize("kept", [4, 30, 200, 2_000, 50_000])
def test_a_half_written_file_is_one_clear_line(kept, tmp_path):
    path = tmp_path / "cut.gguf"
    path.write_bytes((REFERENCE / "tiny_qwen2.gguf").read_bytes()[:kept])
    with pytest.raises(WeightsError, match=r"half-written|broken GGUF header") as error:
        gguf_checkpoint(path)
    assert "\n" not in str(error.value)


def test_every_byte_counts(tmp_path):
    data = (REFERENCE / "tiny_qwen2.gguf").read_bytes()
    whole = GGUFFile(REFERENCE / "tiny_qwen2.gguf")
    end = max(t.offset + t.n_bytes for t in whole.tensors.values())
    path = tmp_path / "cut.gguf"
    path.write_bytes(data[: end - 1])
    with pytest.raises(WeightsError, match="half-written"):
        gguf_checkpoint(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "does not begin with 'GGUF'"),
        (b"PK\x03\x04" + bytes(100), "does not begin with 'GGUF'"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "is GGUF version 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 60), "broken GGUF header"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 99), "broken GGUF"),
        (
            b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 4, 1 << 50),
            "broken GGUF header",
        ),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 0), "general.architecture"),
    ],
)
def test_a_file_of_another_kind_is_one_clear_line(data, message, tmp_path):
    path = tmp_path / "bad.gguf"
    path.write_bytes(data)
    with pytest.raises(WeightsError, match=message):
        gguf_checkpoint(path)


def test_the_fingerprint_is_the_content_s(tmp_path):
    copy = tmp_path / "copy.gguf"
    shutil.copy(REFERENCE / "tiny_qwen2.gguf", copy)
    first = gguf_checkpoint(copy).fingerprint
    assert first == gguf_checkpoint(REFERENCE / "tiny_qwen2.gguf").fingerprint
    data = bytearray(copy.read_bytes())
    data[-5] ^= 1
    copy.write_bytes(data)
    assert gguf_checkpoint(copy).fingerprint != first


def test_no_damage_to_the_header_gets_past_the_checks(tmp_path):
    """A changed header loads as something or is a WeightsError; nothing else ever escapes."""
    data = (REFERENCE / "tiny_qwen2.gguf").read_bytes()
    tensors = GGUFFile(REFERENCE / "tiny_qwen2.gguf").tensors.values()
    header = min(t.offset for t in tensors)
    rng = random.Random(0)
    path = tmp_path / "damaged.gguf"
    refused = 0
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(rng.choice([1, 2, 8])):
            damaged[rng.randrange(header)] = rng.randrange(128)
        path.write_bytes(damaged)
        try:
            gguf_checkpoint(path)
            Tokenizer.from_path(path)
        except WeightsError:
            refused += 1
    assert refused > 20
