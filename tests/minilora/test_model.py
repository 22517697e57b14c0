"""The decoder against transformers' logits, its configurations, padding and rotary positions."""

import dataclasses
import importlib.util
import json
import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

from minilora.config import ModelConfig, RopeScaling
from minilora.functions import rotate
from minilora.loading import load
from minilora.model import Llama, rope_frequencies, rope_tables
from minilora.weights import DEFAULT_MODEL, cache_folder

REFERENCE = Path(__file__).parents[1] / "reference" / "models"

# Measured in float32: the tiny families differ by at most 4.8e-6, 5e-7 in the mean (logits up to
# 5.5); SmolLM2-135M by at most 7.2e-5, 1e-5 in the mean (logits up to 40, 30 layers).
TOLERANCE = 2e-4


def _families():
    spec = importlib.util.spec_from_file_location("families", REFERENCE / "families.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


families = _families()
CONFIGS = {
    spelling: json.loads((REFERENCE / f"configs_{spelling}.json").read_text())
    for spelling in ("v4", "v5")
}
TINY = ModelConfig.from_hf(CONFIGS["v5"]["llama3"])


def make_model(config):
    model = Llama(config)
    families.fill_(model)
    return model


@pytest.fixture(scope="module")
def stored():
    return load_file(REFERENCE / "logits.safetensors")


# --- against transformers ------------------------------------------------------------------------


@pytest.mark.parametrize("case", families.FAMILIES)
@torch.no_grad()
def test_every_family_gives_the_logits_of_transformers(case, stored):
    model = Llama(ModelConfig.from_hf(CONFIGS["v5"][case]))
    digest = families.fill_(model)
    wanted = json.loads((REFERENCE / "versions.json").read_text())["weights_sha256"][case]
    assert digest == wanted, "the weights are not those that the reference was made with"
    assert (model(stored["tokens"])[0] - stored[case]).abs().max() < TOLERANCE


@pytest.mark.parametrize(
    ("case", "field", "value"),
    [
        ("llama3.1", "rope_scaling", None),
        ("llama3.2", "rope_scaling", RopeScaling("llama3", 8.0, 1.0, 4.0, 64)),
        ("llama_linear", "rope_scaling", None),
        ("mistral", "sliding_window", None),
        ("mistral", "sliding_window", 8),
        ("qwen2_window", "sliding_window", 4),
        ("smollm2", "rope_theta", 10_000.0),
        ("qwen2", "norm_eps", 1e-3),
    ],
)
@torch.no_grad()
def test_the_reference_logits_notice_what_tells_the_families_apart(case, field, value, stored):
    config = ModelConfig.from_hf(CONFIGS["v5"][case])
    changed = make_model(dataclasses.replace(config, **{field: value}))
    assert (changed(stored["tokens"])[0] - stored[case]).abs().max() > 10 * TOLERANCE


@torch.no_grad()
def test_smollm2_gives_the_logits_of_transformers():
    if not list((cache_folder() / DEFAULT_MODEL).glob("*.gguf")):
        pytest.skip(f"{DEFAULT_MODEL} is not in {cache_folder()}; minilora.load() fetches it")
    model, tokenizer = load(DEFAULT_MODEL, quant="none", device="cpu", dtype=torch.float32)
    stored = load_file(REFERENCE / "smollm2.safetensors")
    prompts = [stored[f"tokens.{i}"] for i in range(5)]
    for i, tokens in enumerate(prompts):
        logits = model(tokens[None])[0]
        assert (logits[:, stored["columns"]] - stored[f"logits.{i}"]).abs().max() < TOLERANCE
        assert (logits.logsumexp(-1) - stored[f"logsumexp.{i}"]).abs().max() < TOLERANCE
        text = tokenizer.decode(tokens.tolist(), special=True)
        assert tokenizer.encode(text, special=True) == tokens.tolist()


# --- configurations ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", families.FAMILIES)
def test_both_spellings_of_a_configuration_are_read_alike_and_written_back(case):
    config = ModelConfig.from_hf(CONFIGS["v5"][case])
    assert config == ModelConfig.from_hf(CONFIGS["v4"][case])
    assert config == ModelConfig.from_hf(json.loads(json.dumps(config.to_hf())))


def test_what_a_configuration_leaves_out_is_what_transformers_takes():
    sizes = {
        name: families.SIZES[name] for name in families.SIZES if "num" in name or "size" in name
    }
    mistral = ModelConfig.from_hf({"model_type": "mistral", **sizes})
    assert (mistral.sliding_window, mistral.rope_theta, mistral.norm_eps) == (4096, 1e4, 1e-6)
    assert ModelConfig.from_hf({"model_type": "qwen3", **sizes}).head_dim == 128
    del sizes["num_key_value_heads"]
    assert ModelConfig.from_hf({"model_type": "llama", **sizes}).n_kv_heads == 4


@pytest.mark.parametrize(
    ("windowed", "window"),
    [
        ({"use_sliding_window": False, "max_window_layers": 1}, None),
        ({"use_sliding_window": True, "max_window_layers": 2}, None),
        ({"use_sliding_window": True, "max_window_layers": 0}, 9),
        ({"use_sliding_window": True, "layer_types": ["full_attention"] * 2}, None),
        ({"use_sliding_window": True, "layer_types": ["sliding_attention"] * 2}, 9),
    ],
)
def test_a_window_is_taken_where_all_layers_have_it(windowed, window):
    hf = {"model_type": "qwen2", **families.SIZES, "sliding_window": 9, **windowed}
    assert ModelConfig.from_hf(hf).sliding_window == window


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"model_type": "gpt2"}, "family 'gpt2'"),
        ({"hidden_act": "gelu"}, "activation 'gelu'"),
        ({"hidden_size": None}, "hidden_size"),
        ({"num_key_value_heads": 3}, "4 query heads cannot share 3"),
        ({"head_dim": 11}, "even"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, "'yarn'"),
        ({"rope_scaling": {"type": "dynamic", "factor": 2.0}}, "'dynamic'"),
        ({"rope_scaling": {"type": "linear"}}, "no factor"),
        ({"rope_parameters": {"rope_type": "linear", "factor": 0.5}}, "at least 1"),
        (
            {"rope_parameters": {"rope_type": "llama3", "factor": 2.0, "low_freq_factor": 4.0}},
            "low_freq_factor",
        ),
        ({"rope_parameters": {"partial_rotary_factor": 0.5}}, "0.5"),
        (
            {"model_type": "qwen2", "use_sliding_window": True, "max_window_layers": 1},
            "only 1 of 2 layers",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused_by_name(changes, complaint):
    with pytest.raises(ValueError, match=complaint):
        ModelConfig.from_hf({"model_type": "llama", **families.SIZES, **changes})


# --- rotary positions ----------------------------------------------------------------------------


def config_with(scaling, head_dim=16, theta=500_000.0):
    return dataclasses.replace(TINY, head_dim=head_dim, rope_theta=theta, rope_scaling=scaling)


def test_frequencies_are_powers_of_theta():
    wanted = [500_000.0 ** (-2 * i / 16) for i in range(8)]
    assert rope_frequencies(config_with(None)).tolist() == pytest.approx(wanted, rel=1e-6)
    linear = rope_frequencies(config_with(RopeScaling("linear", 4.0)))
    assert linear.tolist() == pytest.approx([f / 4 for f in wanted], rel=1e-6)


def test_llama3_scaling_keeps_blends_and_stretches():
    """Wavelengths under 8192 / 4 stay, over 8192 / 1 are stretched 8 times, and a ramp between."""
    scaled = rope_frequencies(config_with(RopeScaling("llama3", 8.0), head_dim=128)).tolist()
    ranges = set()
    for i, got in enumerate(scaled):
        plain = 500_000.0 ** (-2 * i / 128)
        wavelength = 2 * math.pi / plain
        if wavelength < 8192 / 4:
            wanted, kind = plain, "kept"
        elif wavelength > 8192:
            wanted, kind = plain / 8, "stretched"
        else:
            share = (8192 / wavelength - 1) / (4 - 1)
            wanted, kind = (1 - share) * plain / 8 + share * plain, "blended"
        ranges.add(kind)
        assert got == pytest.approx(wanted, rel=1e-5)
    assert ranges == {"kept", "blended", "stretched"}


def test_rotated_products_depend_on_the_distance_alone():
    generator = torch.Generator().manual_seed(0)
    q, k = torch.randn(2, 1, 16, generator=generator, dtype=torch.float64)

    def product(i, j):
        cos, sin = rope_tables(config_with(None), torch.tensor([i, j]), torch.float64)
        turned = rotate(torch.stack([q, k]), cos, sin)  # (2, 1, Dh)
        return float((turned[0] * turned[1]).sum())

    assert product(9, 4) == pytest.approx(product(5, 0), abs=1e-5)  # angles are float32
    assert abs(product(9, 4) - product(9, 5)) > 1e-2


# --- padding, masks, checkpointing ---------------------------------------------------------------


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("case", ["llama3", "mistral"])
@torch.no_grad()
def test_padded_rows_equal_the_rows_alone(side, case):
    model = make_model(ModelConfig.from_hf(CONFIGS["v5"][case]))
    lengths = (3, 12, 1, 7)
    rows = [families.tokens()[0, :n] for n in lengths]
    tokens = torch.full((4, 12), 63)
    mask = torch.zeros(4, 12, dtype=torch.bool)
    for i, row in enumerate(rows):
        place = slice(12 - len(row), 12) if side == "left" else slice(0, len(row))
        tokens[i, place], mask[i, place] = row, True
    logits = model(tokens, mask)
    for i, row in enumerate(rows):
        torch.testing.assert_close(logits[i, mask[i]], model(row[None])[0], atol=1e-5, rtol=0)
    assert not logits[~mask].any()


@pytest.mark.parametrize(
    ("mask", "complaint"),
    [
        (torch.ones(2, 4, dtype=torch.bool), "mask must be bool"),
        (torch.ones(2, 3, dtype=torch.int64), "int64"),
        (torch.tensor([[True] * 3, [False] * 3]), "rows >= 1"),
    ],
)
def test_a_wrong_mask_is_refused(mask, complaint):
    with pytest.raises(ValueError, match=complaint):
        make_model(TINY)(torch.ones(2, 3, dtype=torch.int64), mask)


def gradients(model, checkpointing):
    model.checkpoint_activations = checkpointing
    model.zero_grad()
    tokens = families.tokens()
    loss = F.cross_entropy(model(tokens)[0, :-1], tokens[0, 1:])
    loss.backward()
    return loss, {name: p.grad.clone() for name, p in model.named_parameters()}


def test_checkpointed_activations_give_the_same_gradients():
    model = make_model(TINY)
    loss, plain = gradients(model, checkpointing=False)
    again, recomputed = gradients(model, checkpointing=True)
    assert torch.equal(loss, again)
    assert all(torch.equal(plain[name], recomputed[name]) for name in plain)
    assert all(bool(grad.any()) for grad in plain.values())


def test_gradients_are_those_of_finite_differences():
    model = make_model(dataclasses.replace(TINY, n_layers=1)).double()
    tokens = families.tokens()[:, :5]
    weight = model.layers[0].self_attn.q_proj.weight

    def loss():
        return F.cross_entropy(model(tokens)[0, :-1], tokens[0, 1:])

    loss().backward()
    for place in [(0, 0), (13, 5), (47, 47)]:
        with torch.no_grad():
            weight[place] += 1e-4
            above = loss()
            weight[place] -= 2e-4
            below = loss()
            weight[place] += 1e-4
        difference = float(above - below) / 2e-4
        assert float(weight.grad[place]) == pytest.approx(difference, rel=1e-4, abs=1e-9)
