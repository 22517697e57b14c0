"""LoRA layers: the equations, the gradients, and the life of an adapter in a model."""

import copy
import itertools
import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from minilora.lora import (
    LoRAConfig,
    LoRALinear,
    adapter_names,
    inject,
    linear_layers,
    lora_layers,
    merge,
    remove,
    set_active,
    trainable_parameters,
    unmerge,
)
from quant import LinearInt8, LinearNF4

BASES = ["plain", "bias", "nf4", "int8"]
OPTIONS = [{}, {"use_rslora": True}, {"use_dora": True}]


def make_base(kind: str, n_in: int = 64, n_out: int = 48, dtype=torch.float32) -> nn.Module:
    weight = torch.randn(n_out, n_in) / math.sqrt(n_in)
    if kind == "nf4":
        return LinearNF4.from_weight(weight, torch.randn(n_out), compute_dtype=dtype)
    if kind == "int8":
        return LinearInt8.from_weight(weight, compute_dtype=dtype)
    linear = nn.Linear(n_in, n_out, bias=kind == "bias", dtype=dtype)
    linear.weight.data.copy_(weight)
    return linear


class Tiny(nn.Module):
    """Three layers with the names of a decoder's, and a head."""

    def __init__(self, kind: str = "plain", dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.ModuleDict({"q_proj": make_base(kind, dtype=dtype)}) for _ in range(2)
        )
        self.layers.append(nn.ModuleDict({"down_proj": make_base(kind, 48, 64, dtype)}))
        self.lm_head = nn.Linear(64, 10, bias=False, dtype=dtype)

    def forward(self, x: Tensor) -> Tensor:
        q = self.layers[0]["q_proj"](x) * self.layers[1]["q_proj"](x)
        return self.lm_head(self.layers[2]["down_proj"](q))


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


@torch.no_grad()
def randomise_(model: nn.Module) -> None:
    """Give the active adapter's parameters values as after training."""
    for name, parameter in trainable_parameters(model).items():
        if name.endswith("lora_magnitude_vector"):
            parameter.mul_(torch.rand_like(parameter) + 0.5)
        else:
            parameter.normal_(std=0.2)


def adapted_layer(kind: str = "bias", dtype: torch.dtype = torch.float32, **options) -> LoRALinear:
    """Return one layer with a trained-looking adapter called "default"."""
    model = nn.ModuleDict({"q_proj": make_base(kind, dtype=dtype)})
    inject(model, LoRAConfig(rank=4, alpha=6, **options))
    randomise_(model)
    return model["q_proj"]


@pytest.mark.parametrize("kind", BASES)
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_fresh_adapter_leaves_the_output_bit_identical(kind, options, dtype):
    model = Tiny(kind, dtype)
    x = torch.randn(5, 64, dtype=dtype)
    before = model(x)
    inject(model, LoRAConfig(rank=4, **options))
    assert torch.equal(model(x), before)
    with torch.no_grad():
        assert torch.equal(model(x), before)


@pytest.mark.parametrize("kind", ["plain", "bias", "nf4"])
@pytest.mark.parametrize("options", OPTIONS)
def test_the_output_is_that_of_the_adapted_weight(kind, options):
    layer = adapted_layer(kind, **options)
    x = torch.randn(2, 5, 64)
    expected = F.linear(x, layer.adapted_weight("default"), layer.bias)
    # Two orders of summing 64 products of size 1: 2e-7 apart on the mean, 2e-6 at most (measured).
    assert torch.allclose(layer(x), expected, atol=2e-5)
    assert (layer(x) - layer.base(x)).abs().max() > 0.1


def test_the_adapted_weight_is_the_papers():
    layer = adapted_layer("plain")
    adapter = layer.adapter("default")
    W, A, B = layer.base.weight, adapter.lora_A, adapter.lora_B
    assert torch.allclose(layer.adapted_weight("default"), W + 6 / 4 * B @ A, atol=1e-6)
    layer = adapted_layer("plain", use_rslora=True, use_dora=True)
    adapter = layer.adapter("default")
    V = layer.base.weight + 6 / math.sqrt(4) * adapter.lora_B @ adapter.lora_A
    dora = adapter.lora_magnitude_vector[:, None] * V / V.norm(dim=1, keepdim=True)
    assert torch.allclose(layer.adapted_weight("default"), dora, atol=1e-6)


@pytest.mark.parametrize("kind", ["plain", "bias", "nf4"])
def test_gradients_written_by_hand_equal_autograds(kind):
    layer = adapted_layer(kind)
    adapter = layer.adapter("default")
    x = torch.randn(3, 7, 64, requires_grad=True)
    wanted = [x, adapter.lora_A, adapter.lora_B]
    seed = torch.randn(3, 7, 48)
    got = torch.autograd.grad(layer(x), wanted, seed)
    chained = F.linear(x, layer.dequantize(torch.float32), layer.bias)
    chained = chained + adapter.scaling * (x @ adapter.lora_A.t()) @ adapter.lora_B.t()
    for hand, auto in zip(got, torch.autograd.grad(chained, wanted, seed), strict=True):
        assert hand.dtype == torch.float32
        # Sums of up to 48 products: within 1e-6 of the largest gradient (measured 4e-7).
        assert (hand - auto).abs().max() < 1e-5 * auto.abs().max()


def test_dora_takes_no_gradient_through_the_length():
    layer = adapted_layer("bias", use_dora=True)
    adapter = layer.adapter("default")
    x = torch.randn(7, 64, requires_grad=True)
    V = layer.base.weight + adapter.scaling * adapter.lora_B @ adapter.lora_A
    gain = adapter.lora_magnitude_vector / V.norm(dim=1).detach()
    chained = F.linear(x, gain[:, None] * V, layer.bias)
    wanted = [x, *adapter.parameters()]
    assert len(wanted) == 4
    seed = torch.randn(7, 48)
    pairs = zip(
        torch.autograd.grad(layer(x), wanted, seed),
        torch.autograd.grad(chained, wanted, seed),
        strict=True,
    )
    for ours, auto in pairs:
        assert (ours - auto).abs().max() < 1e-5 * auto.abs().max()


def test_a_row_of_zeros_gives_dora_zeros_not_nan():
    linear = nn.Linear(8, 4, bias=False)
    linear.weight.data[2] = 0
    model = nn.ModuleDict({"q_proj": linear})
    inject(model, LoRAConfig(rank=2, use_dora=True))
    y = model["q_proj"](torch.randn(3, 8))
    assert torch.equal(y[:, 2], torch.zeros(3))
    assert y.isfinite().all()


@pytest.mark.parametrize("kind", ["plain", "nf4", "int8"])
@pytest.mark.parametrize("options", OPTIONS)
def test_masters_stay_float32_while_the_layer_computes_in_bfloat16(kind, options):
    layer = adapted_layer(kind, torch.bfloat16, **options)
    x = torch.randn(5, 64, dtype=torch.bfloat16, requires_grad=True)
    y = layer(x)
    y.sum().backward()
    assert y.dtype == x.grad.dtype == torch.bfloat16
    for parameter in layer.adapters.parameters():
        assert parameter.dtype == parameter.grad.dtype == torch.float32
        assert bool(parameter.grad.any())
    assert all(p.grad is None for p in layer.base.parameters())


def test_backward_keeps_the_input_and_little_else():
    layer = adapted_layer("nf4")
    x = torch.randn(128, 64)
    kept: dict[int, int] = {}

    def pack(tensor: Tensor) -> Tensor:
        kept[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        layer(x)
    # X, X A^T, A and scaling * B: no weight, no output.
    assert sum(kept.values()) <= 4 * (128 * 64 + 128 * 4 + 4 * 64 + 48 * 4)


def test_dropout_drops_only_inputs_of_A_and_only_in_training():
    layer = adapted_layer("plain", dropout=0.5)
    x = torch.randn(400, 64)
    layer.eval()
    expected = F.linear(x, layer.adapted_weight("default"))
    assert torch.allclose(layer(x), expected, atol=2e-5)
    layer.train()
    torch.manual_seed(1)
    dropped = layer(x)
    torch.manual_seed(1)
    adapter = layer.adapter("default")
    low = F.dropout(x, 0.5) @ adapter.lora_A.t() @ adapter.lora_B.t() * adapter.scaling
    assert torch.allclose(dropped, layer.base(x) + low, atol=2e-5)
    assert not torch.allclose(dropped, expected, atol=0.1)


def test_factors_kept_for_decoding_follow_every_change_of_the_masters():
    layer = adapted_layer("plain", use_dora=True)
    x = torch.randn(1, 64)
    optimizers = [
        torch.optim.AdamW(layer.adapters.parameters(), lr=0.1, foreach=False, fused=False),
        torch.optim.AdamW(layer.adapters.parameters(), lr=0.1, foreach=True),
        torch.optim.AdamW(layer.adapters.parameters(), lr=0.1, fused=True),
        torch.optim.SGD(layer.adapters.parameters(), lr=0.1),
    ]
    for optimizer in optimizers:
        with torch.no_grad():
            stale = layer(x)
        layer(x).square().sum().backward()
        optimizer.step()
        with torch.no_grad():
            assert not torch.allclose(layer(x), stale, atol=1e-4)
            assert torch.equal(layer(x), layer(x))
        assert torch.allclose(layer(x), F.linear(x, layer.adapted_weight("default")), atol=2e-5)
    twin = copy.deepcopy(layer)
    with torch.no_grad():
        twin.adapter("default").lora_B.zero_()
        assert not torch.equal(twin(x), layer(x))
    with torch.inference_mode():
        assert torch.allclose(layer(x), F.linear(x, layer.adapted_weight("default")), atol=2e-5)


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ("all-linear", ["layers.0.q_proj", "layers.1.q_proj", "layers.2.down_proj"]),
        (("q_proj",), ["layers.0.q_proj", "layers.1.q_proj"]),
        (["1.q_proj", "down_proj"], ["layers.1.q_proj", "layers.2.down_proj"]),
        (("model.layers.0.q_proj",), ["layers.0.q_proj"]),
        (r"model\.layers\.[02]\..*", ["layers.0.q_proj", "layers.2.down_proj"]),
        (r".*\.down_proj", ["layers.2.down_proj"]),
    ],
)
def test_targets_are_last_parts_endings_or_a_regular_expression(targets, expected):
    model = Tiny()
    assert inject(model, LoRAConfig(rank=2, target_modules=targets)) == expected
    assert [name for name, _ in lora_layers(model)] == expected
    assert len(linear_layers(model)) == 4


@pytest.mark.parametrize(
    "targets", [("q_proj", "k_proj"), "k_proj", ("proj",), ("layers.7.q_proj",)]
)
def test_a_target_that_matches_nothing_is_refused_with_the_names_there_are(targets):
    model = Tiny()
    wanted = "matches no linear layer; the model has: q_proj, down_proj, lm_head"
    with pytest.raises(ValueError, match=wanted):
        inject(model, LoRAConfig(target_modules=targets))
    assert not list(lora_layers(model))
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_the_output_head_is_refused_by_name():
    with pytest.raises(ValueError, match="adapting the output head is not supported"):
        inject(Tiny(), LoRAConfig(target_modules=("q_proj", "lm_head")))


def test_patterns_set_rank_and_alpha_by_layer():
    config = LoRAConfig(
        rank=4,
        alpha=8,
        target_modules=("q_proj", "down_proj"),
        rank_pattern={r"layers\.1\.q_proj": 2, "down_proj": 8},
        alpha_pattern={"q_proj": 3},
    )
    model = Tiny()
    inject(model, config)
    found = {
        n: (a.adapter("default").rank, a.adapter("default").scaling) for n, a in lora_layers(model)
    }
    assert found == {
        "layers.0.q_proj": (4, 3 / 4),
        "layers.1.q_proj": (2, 3 / 2),
        "layers.2.down_proj": (8, 8 / 8),
    }
    assert model.layers[1]["q_proj"].adapter("default").lora_A.shape == (2, 64)


def test_injection_freezes_all_but_the_adapter_and_repeats_from_its_seed():
    models = [Tiny(), Tiny()]
    for model in models:
        inject(model, LoRAConfig(rank=3), "a", torch.Generator().manual_seed(5))
    trainable = {n for n, p in models[0].named_parameters() if p.requires_grad}
    assert trainable == set(trainable_parameters(models[0]))
    assert len(trainable) == 6
    pairs = zip(*(trainable_parameters(m).values() for m in models), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    A = models[0].layers[0]["q_proj"].adapter("a").lora_A
    bound = 1 / math.sqrt(64)  # kaiming-uniform with a = sqrt 5: sqrt(6 / ((1 + 5) * 64))
    assert 0.9 * bound < A.abs().max() <= bound


def test_adapters_are_switched_added_and_removed_without_touching_each_other():
    model = Tiny("nf4")
    x = torch.randn(4, 64)
    outputs = {None: model(x)}
    for name, targets in {"a": ("q_proj",), "b": ("down_proj",), "c": "all-linear"}.items():
        inject(model, LoRAConfig(rank=2, target_modules=targets), name)
        randomise_(model)
        outputs[name] = model(x)
    assert adapter_names(model) == ["a", "c", "b"]
    for name in ["b", None, "a", "c", "a"]:
        set_active(model, name)
        assert torch.equal(model(x), outputs[name])
    assert {n.split(".adapters.")[0] for n in trainable_parameters(model)} == {
        "layers.0.q_proj",
        "layers.1.q_proj",
    }
    remove(model, "a")
    assert torch.equal(model(x), outputs[None])
    set_active(model, "c")
    assert torch.equal(model(x), outputs["c"])
    remove(model, "c")
    remove(model, "b")
    assert not list(lora_layers(model))
    assert torch.equal(model(x), outputs[None])


def test_any_text_names_an_adapter():
    model = Tiny()
    names = ["v1.5", "v1%2E5", "keys", "%keys", "training", "json specialist"]
    for name in names:
        inject(model, LoRAConfig(rank=2), name)
        randomise_(model)
    assert adapter_names(model) == names
    x = torch.randn(4, 64)
    outputs = []
    for name in names:
        set_active(model, name)
        outputs.append(model(x))
        assert set(trainable_parameters(model)) <= {n for n, _ in model.named_parameters()}
    assert not any(torch.equal(a, b) for a, b in itertools.combinations(outputs, 2))
    remove(model, "v1.5")
    assert adapter_names(model) == names[1:]


def test_names_that_are_unknown_taken_or_impossible_are_refused():
    model = Tiny()
    with pytest.raises(ValueError, match="no adapter 'a'; the model has: none"):
        set_active(model, "a")
    inject(model, LoRAConfig(rank=2), "a")
    with pytest.raises(ValueError, match="has an adapter 'a' already"):
        inject(model, LoRAConfig(rank=2), "a")
    with pytest.raises(ValueError, match="an adapter needs a name"):
        inject(model, LoRAConfig(rank=2), "")
    with pytest.raises(ValueError, match="no adapter 'b'"):
        remove(model, "b")
    with pytest.raises(ValueError, match="LoRA wraps a linear layer, got Embedding"):
        LoRALinear(nn.Embedding(3, 4))


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_merge_then_unmerge_restores_every_bit(options, dtype):
    model = Tiny("bias", dtype)
    inject(model, LoRAConfig(rank=4, **options))
    randomise_(model)
    x = torch.randn(5, 64, dtype=dtype)
    weights = {n: p.clone() for n, p in model.named_parameters()}
    adapted = model(x)
    merge(model)
    merge(model)  # nothing more happens
    merged = model(x)
    if dtype == torch.float32:
        assert torch.allclose(merged, adapted, atol=1e-4)
    assert not torch.equal(
        model.layers[0]["q_proj"].base.weight, weights["layers.0.q_proj.base.weight"]
    )
    unmerge(model)
    unmerge(model)
    assert all(torch.equal(p, weights[n]) for n, p in model.named_parameters())
    assert torch.equal(model(x), adapted)


def test_a_merged_model_refuses_to_switch_and_a_quantised_one_to_merge():
    model = Tiny()
    inject(model, LoRAConfig(rank=2), "a")
    merge(model)
    for act in (lambda: set_active(model, None), lambda: remove(model, "a")):
        with pytest.raises(ValueError, match="'a' is merged into the weights; unmerge it first"):
            act()
    with pytest.raises(ValueError, match="unmerge it first"):
        inject(model, LoRAConfig(rank=2), "b")
    quantised = Tiny("nf4")
    quantised.layers[0]["q_proj"] = make_base("plain")
    inject(quantised, LoRAConfig(rank=2))
    randomise_(quantised)
    before = quantised.layers[0]["q_proj"].base.weight.clone()
    with pytest.raises(ValueError, match="cannot merge into LinearNF4"):
        merge(quantised)
    assert torch.equal(quantised.layers[0]["q_proj"].base.weight, before)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rank": 0}, "rank: a rank must be a whole number from 1, got 0"),
        ({"rank": 1.5}, "got 1.5"),
        ({"rank": True}, "got True"),
        ({"alpha": 0}, "alpha: an alpha must be finite and above 0, got 0"),
        ({"alpha": math.inf}, "got inf"),
        ({"dropout": 1.0}, "dropout must be at least 0 and below 1, got 1.0"),
        ({"dropout": -0.1}, "got -0.1"),
        ({"target_modules": ()}, "target_modules names no layer"),
        ({"target_modules": "("}, "is not a regular expression"),
        ({"rank_pattern": {"q_proj": 0}}, "q_proj: a rank must be"),
        ({"alpha_pattern": {"[": 2}}, "is not a regular expression"),
    ],
)
def test_settings_out_of_range_are_refused_with_the_value(settings, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace("[", r"\[")):
        LoRAConfig(**settings)


def test_settings_survive_a_file(tmp_path):
    config = LoRAConfig(rank=3, use_dora=True, target_modules=("a", "b"), rank_pattern={"a": 2})
    path = tmp_path / "lora.json"
    config.save(path)
    assert LoRAConfig.load(path) == config
    path.write_text('{"rank": 3, "rnak": 4}')
    with pytest.raises(ValueError, match="unknown settings rnak"):
        LoRAConfig.load(path)
    path.write_text("[]")
    with pytest.raises(ValueError, match="no JSON object"):
        LoRAConfig.load(path)


@torch.no_grad()
def test_a_few_rows_without_gradients_agree_with_many_in_bfloat16():
    layer = adapted_layer("bias", torch.bfloat16)
    x = torch.randn(100, 64, dtype=torch.bfloat16)
    exact = F.linear(x.float(), layer.adapted_weight("default"), layer.bias.float())
    many, few = layer(x), torch.cat([layer(x[i : i + 20]) for i in range(0, 100, 20)])
    # Values up to 6.2, where bfloat16 has steps of 1/32: measured 0.033 and 0.020 apart.
    assert (many.float() - exact).abs().max() < 0.1
    assert (few.float() - exact).abs().max() < 0.1
