"""NF4 against stored bitsandbytes outputs, its derivation, and its properties."""

import json
import runpy
from math import prod
from pathlib import Path
from statistics import NormalDist

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file

from quant import nf4
from quant.nf4 import (
    BLOCKSIZES,
    NF4_LEVELS,
    dequantize_absmax,
    dequantize_nf4,
    quantize_absmax,
    quantize_nf4,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "quant"
STORED = json.loads((REFERENCE / "nf4.json").read_text())
MAKE = runpy.run_path(str(REFERENCE / "make_nf4.py"))
CASES = {case.name: case for case in MAKE["cases"]()}
ROWS = {row["name"]: row for row in STORED["cases"]}
sha256 = MAKE["sha256"]
DTYPES = (torch.float32, torch.float16, torch.bfloat16, torch.float64)

derandomized = settings(derandomize=True, deadline=None, max_examples=40)


@pytest.fixture(scope="module")
def tensors():
    return load_file(REFERENCE / "nf4.safetensors")


def test_at_least_150_cases_are_stored():
    assert set(CASES) == set(ROWS)
    assert len(CASES) >= 150


@pytest.mark.parametrize("name", CASES)
def test_equals_bitsandbytes(name, tensors):
    case, row = CASES[name], ROWS[name]
    weight = MAKE["make_weight"](case)
    assert sha256(weight) == row["weight_sha256"], "the input is not the one that was stored"

    for backend in ("auto", "torch"):
        packed, absmax = quantize_nf4(weight, case.blocksize, backend)
        if f"{name}.packed" in tensors:
            assert torch.equal(packed, tensors[f"{name}.packed"])
            assert torch.equal(absmax, tensors[f"{name}.absmax"])
        else:
            assert (sha256(packed), sha256(absmax)) == (row["packed_sha256"], row["absmax_sha256"])

    for dtype, expected in row.get("dequantized_sha256", {}).items():
        for backend in ("auto", "torch"):
            args = packed, absmax, case.shape, getattr(torch, dtype), case.blocksize, backend
            assert sha256(dequantize_nf4(*args)) == expected, (dtype, backend)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.kind != "largest"])
def test_nested_statistics_equal_bitsandbytes(name, tensors):
    """Offset and nested absmax are equal. Each code is the nearest level; theirs not always.

    bitsandbytes finds a code on the CPU through a table of 65,536 bins, so a value beside a
    threshold can take the neighbouring level. Such codes differ by one, and ours is at least as
    near. Where all values of a nested block equal the mean, its absmax is 0 and any code will do.
    """
    case = CASES[name]
    _, absmax = quantize_nf4(MAKE["make_weight"](case), case.blocksize)
    offset = tensors[f"{name}.nested_offset"].squeeze()
    nested = quantize_absmax(absmax)
    if torch.backends.cpu.get_cpu_capability() == STORED["made_with"]["cpu_capability"]:
        assert torch.equal(nested.offset, offset)
    else:  # torch sums in another order with other vector registers
        torch.testing.assert_close(nested.offset, offset, rtol=1e-6, atol=0)

    code = nf4.dynamic_code()
    codes, nested_absmax = nf4.quantize_blockwise(absmax - offset, code, nf4.NESTED_BLOCKSIZE)
    assert torch.equal(nested_absmax, tensors[f"{name}.nested_absmax"])
    scale = nested_absmax.repeat_interleave(nf4.NESTED_BLOCKSIZE)[: len(codes)]
    if scale.min() < torch.finfo(torch.float32).tiny:
        ours = nf4.NestedAbsmax(codes, nested_absmax, offset)
        torch.testing.assert_close(dequantize_absmax(ours), absmax, rtol=0, atol=1e-37)
        return
    theirs = tensors[f"{name}.nested_codes"].int()
    differ = codes.int() != theirs
    assert differ.sum() <= max(2, 0.005 * len(codes))  # measured: 63 of 52,000 in all
    assert ((codes.int() - theirs).abs() <= 1).all()
    scaled = ((absmax - offset).double() / scale.double())[differ]
    ours_error = (code[codes.int()][differ] - scaled).abs()
    theirs_error = (code[theirs][differ] - scaled).abs()
    assert (ours_error <= theirs_error + 2**-24).all()  # half a rounding of the scaled value


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.kind == "largest"])
def test_a_mean_beyond_float32_is_refused(name):
    case = CASES[name]
    _, absmax = quantize_nf4(MAKE["make_weight"](case), case.blocksize)
    if case.dtype == "float16":
        assert quantize_absmax(absmax).offset.isfinite()
    else:
        with pytest.raises(ValueError, match="mean inf"):
            quantize_absmax(absmax)


def test_levels_are_quantiles_of_a_normal_distribution():
    """The derivation: 8 positive and 7 negative quantiles and a zero, divided by the largest.

    0.9677083 is 1 - (1/32 + 1/30) / 2, the mean of the outermost probabilities of 15 and 16 levels.
    """
    quantile = NormalDist().inv_cdf

    def steps(n):
        edges = torch.linspace(0.9677083, 0.5, n + 1, dtype=torch.float64)
        return [quantile(p) for p in edges[:-1].tolist()]

    levels = torch.tensor(sorted([*steps(8), 0.0, *(-q for q in steps(7))]), dtype=torch.float64)
    derived = (levels / levels.max()).float()
    # Published in float32; the derivation's own constant has seven digits, hence the last one.
    torch.testing.assert_close(derived, torch.tensor(NF4_LEVELS), rtol=0, atol=2e-7)


def test_dynamic_map_equals_bitsandbytes():
    assert sha256(nf4.dynamic_code()) == STORED["made_with"]["dynamic_map_sha256"]
    assert nf4.dynamic_code().diff().min() > 0


floats = st.floats(-1e4, 1e4, width=32).filter(lambda x: x == 0 or abs(x) > 1e-4)
vectors = st.lists(floats, min_size=1, max_size=150).map(torch.tensor)


@given(vectors, st.sampled_from(BLOCKSIZES))
@derandomized
def test_round_trip_errs_by_half_the_widest_gap(x, blocksize):
    packed, absmax = quantize_nf4(x, blocksize)
    error = (dequantize_nf4(packed, absmax, x.shape, torch.float32, blocksize) - x).abs()
    half_gap = torch.tensor(NF4_LEVELS).diff().max() / 2  # between -1 and -0.696
    bound = absmax.repeat_interleave(blocksize)[: len(x)] * half_gap
    assert (error <= bound * (1 + 1e-6)).all()  # float32 rounds the scaling and the product


@given(vectors, st.integers(-20, 20))
@derandomized
def test_scaling_by_a_power_of_two_scales_absmax_alone(x, exponent):
    packed, absmax = quantize_nf4(x)
    packed_scaled, absmax_scaled = quantize_nf4(x * 2.0**exponent)
    assert torch.equal(packed_scaled, packed)
    if x.any():
        assert torch.equal(absmax_scaled, absmax * 2.0**exponent)


@given(st.integers(1, 300), st.sampled_from(BLOCKSIZES), st.sampled_from(DTYPES), st.integers())
@derandomized
def test_backends_give_the_same_bits(n, blocksize, dtype, seed):
    """Any packed bytes and any absmax, not only those that quantization produces."""
    generator = torch.Generator().manual_seed(seed % 2**63)
    packed = torch.randint(0, 256, ((n + 1) // 2,), dtype=torch.uint8, generator=generator)
    bits = torch.randint(-(2**31), 2**31, (-(-n // blocksize),), generator=generator)
    absmax = bits.int().view(torch.float32)  # subnormal, infinite and NaN among them
    results = [
        dequantize_nf4(packed, absmax, (n,), dtype, blocksize, backend)
        for backend in ("torch", "auto")
    ]
    torch.testing.assert_close(*results, rtol=0, atol=0, equal_nan=True)


def test_all_byte_values_unpack_and_pack_back():
    packed = torch.arange(256, dtype=torch.uint8)
    absmax = torch.ones(512 // 64)
    weight = dequantize_nf4(packed, absmax, (512,), torch.float32)
    assert weight.view(256, 2)[0xF7].tolist() == [1.0, 0.0]  # the first element is in the high bits
    again, absmax_again = quantize_nf4(weight)
    assert torch.equal(again, packed)
    assert torch.equal(absmax_again, absmax)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (1,), (3,), (64,), (2, 3, 5), (4, 33)])
def test_constant_and_zero_weights_are_exact(dtype, shape):
    for value in (0.0, 0.75, -0.75):
        weight = torch.full(shape, value, dtype=dtype)
        packed, absmax = quantize_nf4(weight, 32)
        assert packed.shape == ((prod(shape) + 1) // 2,)
        assert torch.equal(dequantize_nf4(packed, absmax, shape, dtype, 32), weight)


def test_blocks_run_over_the_flattened_weight():
    weight = torch.randn(6, 40, generator=torch.Generator().manual_seed(0))
    expected = quantize_nf4(weight.reshape(-1))
    for view in (weight, weight.view(3, 2, 40), weight.T.contiguous().T):
        packed, absmax = quantize_nf4(view)
        assert torch.equal(packed, expected[0])
        assert torch.equal(absmax, expected[1])


def test_a_big_weight_does_not_depend_on_the_chunk(monkeypatch):
    weight = torch.randn(20_001, generator=torch.Generator().manual_seed(0))
    whole = quantize_nf4(weight, 4096)
    monkeypatch.setattr(nf4, "CHUNK", 4096)
    parts = quantize_nf4(weight, 4096)
    assert torch.equal(whole[0], parts[0])
    assert torch.equal(whole[1], parts[1])


def test_float64_is_rounded_to_float32_first():
    weight = torch.randn(100, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert torch.equal(quantize_nf4(weight)[0], quantize_nf4(weight.float())[0])


def test_the_arguments_are_left_alone():
    weight = torch.randn(70, generator=torch.Generator().manual_seed(0))
    kept = weight.clone()
    packed, absmax = quantize_nf4(weight)
    kept_packed, kept_absmax = packed.clone(), absmax.clone()
    for backend in ("torch", "auto"):
        dequantize_nf4(packed, absmax, (70,), torch.float32, 64, backend).zero_()
    quantize_absmax(absmax)
    assert torch.equal(weight, kept)
    assert torch.equal(packed, kept_packed)
    assert torch.equal(absmax, kept_absmax)


def test_packed_bytes_at_an_odd_address():
    packed, absmax = quantize_nf4(torch.randn(130, generator=torch.Generator().manual_seed(0)))
    shifted = torch.cat([packed.new_zeros(1), packed])[1:]
    for backend in ("torch", "auto"):
        got = dequantize_nf4(shifted, absmax, (130,), torch.bfloat16, 64, backend)
        assert torch.equal(got, dequantize_nf4(packed, absmax, (130,), torch.bfloat16, 64, "torch"))


def test_double_quantization_errs_by_half_a_step_of_its_code():
    absmax = torch.rand(1000, generator=torch.Generator().manual_seed(0)) + 0.5
    nested = quantize_absmax(absmax)
    assert nested.codes.shape == (1000,)
    assert nested.absmax.shape == (4,)
    scale = nested.absmax.repeat_interleave(256)[:1000]
    half_step = nf4.dynamic_code().diff().max() / 2
    assert ((dequantize_absmax(nested) - absmax).abs() <= scale * half_step * (1 + 1e-5)).all()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("place", [0, 63, 64, 99])
def test_a_value_that_is_not_finite_is_refused(value, place):
    weight = torch.zeros(100)
    weight[place] = value
    for backend in ("auto", "torch"):
        with pytest.raises(ValueError, match="1 values of 100"):
            quantize_nf4(weight, backend=backend)


def test_a_float64_too_big_for_float32_is_refused():
    with pytest.raises(ValueError, match="not finite in float32"):
        quantize_nf4(torch.tensor([1e39], dtype=torch.float64))


def test_bad_arguments_are_refused_with_their_numbers():
    weight = torch.zeros(100)
    packed, absmax = quantize_nf4(weight)
    for blocksize in (0, 16, 48, 8192, -64):
        with pytest.raises(ValueError, match=f"got {blocksize}"):
            quantize_nf4(weight, blocksize)
    with pytest.raises(ValueError, match=r"torch\.int32"):
        quantize_nf4(weight.int())
    with pytest.raises(ValueError, match=r"shape \(0, 4\)"):
        quantize_nf4(torch.zeros(0, 4))
    with pytest.raises(ValueError, match="has 51 packed bytes"):
        dequantize_nf4(packed, absmax, (101,), torch.float32)
    with pytest.raises(ValueError, match="4 absmax"):
        dequantize_nf4(packed, absmax, (100,), torch.float32, 32)
    with pytest.raises(ValueError, match="float64, got"):
        dequantize_nf4(packed, absmax, (100,), torch.int8)
    with pytest.raises(ValueError, match="packed bytes of"):
        dequantize_nf4(packed.int(), absmax, (100,), torch.float32)
    with pytest.raises(ValueError, match="mean nan, which is not finite"):
        quantize_absmax(torch.tensor([1.0, float("nan")]))
    with pytest.raises(ValueError, match="float32 vector"):
        quantize_absmax(torch.ones(2, dtype=torch.float64))
