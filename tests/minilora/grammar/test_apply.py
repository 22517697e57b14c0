"""Masked logits and masked sampling against plain definitions, and the kernel against torch."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import minilora
from minilora.grammar.apply import allowed_tokens, apply_mask_, gumbel_noise, sample_masked
from minilora.grammar.packed import pack_bits
from minilora.kernels.masked_sample import masked_sample

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")


def case(B, V, n_tokens, device="cpu", dtype=torch.float32, share=0.3):
    """Return random logits (B, V), random masks of n_tokens tokens, temperatures, seeds, places."""
    generator = torch.Generator().manual_seed(B * V)
    logits = 3 * torch.randn(B, V, generator=generator)
    flags = torch.rand(B, n_tokens, generator=generator) < share
    packed = torch.from_numpy(np.stack([pack_bits(row.numpy()) for row in flags]))
    temperature = torch.tensor([0.0, 0.7, 1.0, 5.0])[torch.arange(B) % 4]
    seed = torch.randint(-(2**62), 2**62, (B,), generator=generator)
    position = torch.arange(B, dtype=torch.int32) * 7
    return flags, [x.to(device) for x in (logits.to(dtype), packed, temperature, seed, position)]


@pytest.mark.parametrize(("V", "n_tokens"), [(64, 64), (100, 70), (70, 100), (33, 33), (200, 31)])
def test_the_mask_reaches_every_logit_and_the_tail(V, n_tokens):
    flags, (logits, packed, *_) = case(3, V, n_tokens)
    expected = torch.zeros(3, V, dtype=torch.bool)
    expected[:, : min(V, n_tokens)] = flags[:, :V]
    assert torch.equal(allowed_tokens(packed, V), expected)
    before = logits.clone()
    assert apply_mask_(logits, packed) is logits
    assert torch.equal(logits[expected], before[expected])
    assert torch.isneginf(logits[~expected]).all()


def test_philox_gives_the_published_words():
    """Known answers of the Random123 distribution for philox4x32-10: first words."""
    u = torch.exp(
        -torch.exp(-gumbel_noise(torch.tensor([0]), torch.tensor([0], dtype=torch.int32), 1))
    )
    assert int(u.item() * 2**23) == pytest.approx(0x6627E8D5 >> 9, abs=4)  # float32 twice logged


def test_greedy_takes_the_likeliest_allowed_and_the_first_of_equals():
    logits = torch.tensor([[1.0, 9.0, 2.0, 2.0, 9.0], [1.0, 2.0, 3.0, 4.0, 5.0]])
    packed = torch.tensor([[0b01101], [0]], dtype=torch.int32)
    zero = torch.zeros(2)
    got = sample_masked(logits, packed, zero, zero.long(), zero.int())
    assert got.tolist() == [2, -1]


def test_draws_follow_the_softmax_over_allowed_tokens():
    """20,000 draws: each share within five standard deviations of its probability."""
    n = 20_000
    logits = torch.tensor([[0.0, 1.0, 2.0, -1.0]]).expand(n, 4)
    packed = torch.tensor([[0b1101]], dtype=torch.int32).expand(n, 1)
    temperature = torch.full((n,), 1.5)
    got = sample_masked(
        logits, packed, temperature, torch.full((n,), 11), torch.arange(n, dtype=torch.int32)
    )
    probs = (logits[0] / 1.5).masked_fill(torch.tensor([False, True, False, False]), -torch.inf)
    probs = probs.softmax(0)
    shares = torch.bincount(got, minlength=4) / n
    assert ((shares - probs).abs() <= 5 * (probs * (1 - probs) / n).sqrt()).all()


def test_a_row_draws_the_same_in_any_batch():
    _, arguments = case(8, 500, 490)
    together = sample_masked(*arguments)
    alone = torch.cat([sample_masked(*(x[i : i + 1] for x in arguments)) for i in range(8)])
    assert torch.equal(together, alone)


@pytest.mark.skipif(torch.cuda.is_available(), reason="the interpreter is off where a GPU is")
@pytest.mark.parametrize(("V", "n_tokens"), [(64, 64), (1000, 990), (300, 400), (600, 64)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16], ids=str)
def test_kernel_equals_the_reference_in_the_interpreter(V, n_tokens, dtype):
    """The logarithms are numpy's and torch's: none of these draws is closer than their last bit."""
    _, arguments = case(8, V, n_tokens, dtype=dtype)
    assert torch.equal(masked_sample(*arguments, block=256), sample_masked(*arguments))


@pytest.mark.skipif(torch.cuda.is_available(), reason="the interpreter is off where a GPU is")
def test_kernel_takes_strided_rows_ties_and_empty_masks():
    _, (logits, packed, temperature, seed, position) = case(4, 128, 128)
    logits = torch.cat([logits, logits + 100], 1)[:, :128].round()  # rows 256 apart, many ties
    packed[3] = 0
    arguments = (logits, packed, temperature * 0, seed, position)
    expected = sample_masked(*arguments)
    assert expected[3] == -1
    assert torch.equal(masked_sample(*arguments, block=32), expected)


@pytest.mark.gpu
@needs_gpu
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16], ids=str)
def test_kernel_equals_the_reference_on_a_gpu(dtype):
    """Another token may be chosen only where the two scores differ by a last bit or two."""
    _, arguments = case(64, 128_256, 128_000, "cuda", dtype)
    got, expected = sample_masked(*arguments, "triton"), sample_masked(*arguments)
    logits, _, temperature, seed, position = arguments
    scores = logits.float() / temperature.clamp(min=1e-30)[:, None]
    scores += gumbel_noise(seed, position, logits.shape[1])
    rows = torch.arange(64, device="cuda")
    greedy = temperature == 0
    assert torch.equal(got[greedy], expected[greedy])
    close = (scores[rows, got] - scores[rows, expected]).abs() <= 1e-5 * scores[rows, got].abs()
    assert close[~greedy].all()


def test_kernel_compiles_without_spills(tmp_path):
    """For a T4, an A100 and an H100; in a process of its own, without the interpreter."""
    environment = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"}
    environment |= {"TRITON_CACHE_DIR": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "minilora.kernels.resources",
        "--json",
        str(tmp_path / "usage"),
    ]
    root = Path(minilora.__file__).parents[1]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "usage").read_text())
    assert {row["capability"] for row in rows} == {75, 80, 90}
    for row in rows:
        assert row["registers"] <= 128  # leaves room for 512 threads: four programs of four warps


def test_bad_arguments_are_refused():
    _, (logits, packed, temperature, seed, position) = case(2, 64, 64)
    with pytest.raises(ValueError, match=r"got \(2, 64\) and \(1, 2\)"):
        apply_mask_(logits, packed[:1])
    with pytest.raises(ValueError, match=r"int32 words, got torch\.float32 and torch\.int64"):
        apply_mask_(logits, packed.long())
    with pytest.raises(ValueError, match="logits are on cpu, packed on meta"):
        apply_mask_(logits, packed.to("meta"))
    with pytest.raises(ValueError, match=r"temperature must be \(2,\) torch\.float32 on cpu"):
        sample_masked(logits, packed, temperature.double(), seed, position)
    with pytest.raises(ValueError, match="needs a CUDA device, logits are on cpu"):
        sample_masked(logits, packed, temperature, seed, position, "triton")
    with pytest.raises(ValueError, match="'torch' or 'triton', got 'c'"):
        sample_masked(logits, packed, temperature, seed, position, "c")
    with pytest.raises(ValueError, match="power of two from 32, got 48"):
        masked_sample(logits, packed, temperature, seed, position, block=48)
