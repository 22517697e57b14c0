"""LinearNF4 and LinearInt8: values, gradients, what is kept for backward, moving and saving."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from quant import LinearInt8, LinearNF4, quantize_absmax, quantize_nf4
from quant.int8 import dequantize_int8, int8_linear
from quant.nf4 import dequantize_nf4

N, K = 24, 96


@pytest.fixture
def weight():
    return torch.randn(N, K, generator=torch.Generator().manual_seed(0)) * 0.1


@pytest.fixture
def bias():
    return torch.randn(N, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def x():
    return torch.randn(2, 5, K, generator=torch.Generator().manual_seed(2))


LAYERS = {
    "nf4": LinearNF4.from_weight,
    "nf4 double": lambda w, b=None, **options: LinearNF4.from_weight(
        w, b, double_quant=True, **options
    ),
    "int8": LinearInt8.from_weight,
}


@pytest.fixture(params=LAYERS)
def make(request):
    return LAYERS[request.param]


def test_nf4_is_a_linear_layer_over_the_dequantized_weight(weight, bias, x):
    layer = LinearNF4.from_weight(weight, bias)
    packed, absmax = quantize_nf4(weight)
    restored = dequantize_nf4(packed, absmax, (N, K), torch.float32)
    assert torch.equal(layer.dequantize(), restored)
    assert torch.equal(layer(x), F.linear(x, restored, bias))


def test_int8_is_the_product_of_quantized_factors(weight, bias, x):
    layer = LinearInt8.from_weight(weight, bias)
    restored = dequantize_int8(layer.codes, layer.row_absmax, torch.float32)
    assert torch.equal(layer.dequantize(), restored)
    expected = int8_linear(x.view(10, K), layer.codes, layer.row_absmax, bias)
    assert torch.equal(layer(x), expected.view(2, 5, N))
    # Half a step of each of K quantized inputs: measured 0.006 on outputs of deviation 1.
    assert (layer(x) - F.linear(x, restored, bias)).abs().max() < 0.02


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_gradient_goes_through_the_recomputed_weight(make, weight, bias, x, dtype):
    layer = make(weight, bias, compute_dtype=dtype)
    x = x.to(dtype).requires_grad_()
    upstream = torch.randn(2, 5, N, generator=torch.Generator().manual_seed(3)).to(dtype)
    layer(x).backward(upstream)
    assert torch.equal(x.grad, upstream @ layer.dequantize(dtype))


def test_bytes_kept_for_backward_are_the_stored_bytes(make, weight, x):
    """Nothing but the layer's own buffers is kept: same bytes, same addresses, no activation."""
    layer = make(weight, compute_dtype=torch.float32)
    kept = []
    x = x.requires_grad_()
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        y = layer(x)
    assert y.requires_grad
    addresses = {t.data_ptr() for t in kept}
    assert addresses == {b.data_ptr() for b in layer.buffers()}
    assert sum(t.nbytes for t in kept) == sum(b.nbytes for b in layer.buffers())


def test_stored_bits_per_weight(weight):
    def bits(layer):
        return 8 * sum(b.nbytes for b in layer.buffers()) / (1024 * 1024)

    big = torch.randn(1024, 1024, generator=torch.Generator().manual_seed(0))
    assert bits(LinearNF4.from_weight(big)) == 4 + 32 / 64
    nested = LinearNF4.from_weight(big, double_quant=True)
    assert bits(nested) == pytest.approx(4 + 8 / 64 + 32 / 64 / 256, abs=1e-4)
    assert bits(LinearInt8.from_weight(big)) == 8 + 32 / 1024


def test_there_is_nothing_to_train(make, weight, bias, x):
    layer = make(weight, bias)
    assert list(layer.parameters()) == []
    assert not layer(x).requires_grad


def test_output_has_the_dtype_of_the_input(make, weight, x):
    layer = make(weight, compute_dtype=torch.bfloat16)
    assert layer(x).dtype == torch.float32
    assert layer(x.half()).dtype == torch.float16
    assert layer.dequantize().dtype == torch.bfloat16
    assert layer.dequantize(torch.float32).dtype == torch.float32


def test_casting_the_module_leaves_the_weight_alone(make, weight, bias, x):
    layer = make(weight, bias)
    before = {name: buffer.clone() for name, buffer in layer.named_buffers()}
    nn.Sequential(layer).to(torch.bfloat16).half().double()
    assert {name: b.dtype for name, b in before.items()} == {
        name: b.dtype for name, b in layer.named_buffers()
    }
    assert all(torch.equal(b, before[name]) for name, b in layer.named_buffers())


def test_state_dict_and_copy_give_the_same_layer(make, weight, bias, x):
    layer, other = make(weight, bias), make(torch.zeros(N, K), torch.zeros(N))
    other.load_state_dict(layer.state_dict())
    assert torch.equal(other(x), layer(x))
    assert torch.equal(copy.deepcopy(layer)(x), layer(x))


def test_moving_to_another_device_keeps_dtypes(make, weight, bias):
    layer = make(weight, bias)
    dtypes = [buffer.dtype for buffer in layer.buffers()]
    layer.to("meta", torch.bfloat16)
    assert all(buffer.is_meta for buffer in layer.buffers())
    assert [buffer.dtype for buffer in layer.buffers()] == dtypes


@pytest.mark.parametrize("double", [False, True])
def test_a_weight_that_is_already_packed(weight, bias, x, double):
    packed, absmax = quantize_nf4(weight, 32)
    statistics = quantize_absmax(absmax) if double else absmax
    options = {"blocksize": 32, "compute_dtype": torch.float32}
    layer = LinearNF4.from_packed(packed[:, None], statistics, (N, K), bias, **options)
    expected = LinearNF4.from_weight(weight, bias, blocksize=32, double_quant=double)
    assert torch.equal(layer(x), expected(x))


def test_rows_that_are_no_whole_blocks():
    weight = torch.randn(5, 33, generator=torch.Generator().manual_seed(0))
    layer = LinearNF4.from_weight(weight)
    half_gap = (1 - 0.6961928) / 2  # of the levels, the widest
    assert (layer.dequantize() - weight).abs().max() <= half_gap * weight.abs().max()


def test_bad_arguments_are_refused_with_their_numbers(weight, bias):
    packed, absmax = quantize_nf4(weight)
    with pytest.raises(ValueError, match=r"\(2304,\)"):
        LinearNF4.from_weight(weight.view(-1))
    with pytest.raises(ValueError, match=r"bias must have shape \(24,\), got \(23,\)"):
        LinearNF4.from_weight(weight, bias[1:])
    with pytest.raises(ValueError, match=r"bias must have shape \(24,\), got \(23,\)"):
        LinearInt8.from_weight(weight, bias[1:])
    with pytest.raises(ValueError, match="1200 packed bytes"):
        LinearNF4.from_packed(packed, absmax, (25, K))
    with pytest.raises(ValueError, match="72 absmax"):
        LinearNF4.from_packed(packed, absmax, (N, K), blocksize=32)
    with pytest.raises(ValueError, match="needs a CUDA device"):
        LinearNF4.from_weight(weight, backend="triton")
    with pytest.raises(ValueError, match="got 'cuda'"):
        LinearNF4.from_weight(weight, backend="cuda")
