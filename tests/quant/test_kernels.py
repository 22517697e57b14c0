"""The kernels equal the torch reference; the Triton one compiles for the GPUs that must run it."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from quant import backend, dequantize_nf4, quantize_nf4
from quant.kernels import cpu
from quant.kernels import nf4 as triton_nf4

SHAPES = [(1,), (65,), (7, 13), (64, 64), (97, 150)]
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")


@pytest.fixture
def fresh_choices():
    """Forget choices and the loaded C library around a test that changes what is there."""
    backend.choose.cache_clear()
    cpu.library.cache_clear()
    yield
    backend.choose.cache_clear()
    cpu.library.cache_clear()


def packed_weight(shape, blocksize, device="cpu"):
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    packed, absmax = quantize_nf4(weight, blocksize)
    return packed.to(device), absmax.to(device)


@pytest.mark.skipif(torch.cuda.is_available(), reason="the interpreter is off where a GPU is")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("blocksize", [32, 64, 4096])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.float64])
def test_triton_kernel_equals_the_reference_in_the_interpreter(shape, blocksize, dtype):
    """bfloat16 is left out: the interpreter truncates where a GPU rounds to nearest even."""
    packed, absmax = packed_weight(shape, blocksize)
    expected = dequantize_nf4(packed, absmax, shape, dtype, blocksize, "torch")
    block = 16 if packed.numel() < 100 else 4096  # several programs; each costs milliseconds here
    got = triton_nf4.dequantize(packed, absmax, shape, dtype, blocksize, block)
    assert torch.equal(got, expected)


@pytest.mark.gpu
@needs_gpu
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16], ids=str)
def test_triton_kernel_equals_the_reference_on_a_gpu(dtype):
    for shape in [*SHAPES, (1536, 576), (4096, 4096)]:
        for blocksize in (32, 64, 4096):
            packed, absmax = packed_weight(shape, blocksize, "cuda")
            args = packed, absmax, shape, dtype, blocksize
            assert torch.equal(dequantize_nf4(*args, "triton"), dequantize_nf4(*args, "torch"))


def test_triton_kernel_compiles_without_spills(tmp_path):
    """For a T4, an A100 and an H100, on any machine: nothing spilled, few registers.

    In a process of its own: the interpreter, once it has run, stands in for the compiler.
    """
    environment = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"}
    environment |= {"TRITON_DEFAULT_FP_FUSION": "0", "TRITON_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "quant.kernels.resources", "--json", str(tmp_path / "usage")]
    root = Path(cpu.__file__).parents[2]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "usage").read_text())
    assert {(row["capability"], row["dtype"]) for row in rows} == {
        (capability, dtype) for capability in (75, 80, 90) for dtype in ("fp16", "bf16", "fp32")
    }
    for row in rows:
        assert row["registers"] <= 64  # 64 leaves room for 1024 threads on a multiprocessor


def test_triton_launcher_refuses_bad_arguments():
    packed, absmax = packed_weight((64, 64), 64)
    with pytest.raises(ValueError, match="power of two, got 48"):
        triton_nf4.dequantize(packed, absmax, (64, 64), torch.float32, 64, block=48)
    with pytest.raises(ValueError, match="packed is on cpu, absmax on meta"):
        triton_nf4.dequantize(packed, absmax.to("meta"), (64, 64), torch.float32, 64)


@pytest.mark.parametrize("shape", [*SHAPES, (300, 257)])
@pytest.mark.parametrize("blocksize", [32, 64, 4096])
@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64], ids=str
)
def test_c_kernel_equals_the_reference(shape, blocksize, dtype):
    packed, absmax = packed_weight(shape, blocksize)
    expected = dequantize_nf4(packed, absmax, shape, dtype, blocksize, "torch")
    assert torch.equal(dequantize_nf4(packed, absmax, shape, dtype, blocksize, "c"), expected)


def test_c_kernel_is_compiled_once_and_whole(tmp_path):
    first = cpu.build(tmp_path)
    changed = first.stat().st_mtime_ns
    assert cpu.build(tmp_path) == first
    assert first.stat().st_mtime_ns == changed
    assert list(tmp_path.iterdir()) == [first]


@pytest.mark.parametrize(
    ("compiler", "reason"),
    [("no-such-compiler", "no C compiler: no-such-compiler"), ("false", "false cannot compile")],
)
def test_without_a_compiler_auto_says_so_and_c_is_refused(
    compiler, reason, monkeypatch, tmp_path, fresh_choices, caplog
):
    monkeypatch.setenv("CC", compiler)
    monkeypatch.setenv("MINILORA_HOME", str(tmp_path))
    with caplog.at_level(logging.WARNING, logger="quant.backend"):
        choice = backend.choose("auto", "cpu")
    assert choice.name == "torch"
    assert reason in choice.reason
    assert reason in caplog.text
    with pytest.raises(ValueError, match=f"backend 'c' cannot be built: {reason}"):
        backend.choose("c", "cpu")
    packed, absmax = packed_weight((64, 64), 64)
    assert dequantize_nf4(packed, absmax, (64, 64), torch.float32).shape == (64, 64)
    assert list((tmp_path / "kernels").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_gone_without(monkeypatch, tmp_path, fresh_choices):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MINILORA_HOME", str(tmp_path / "file"))
    assert backend.choose("c", "cpu").name == "c"


def test_auto_says_once_what_it_chose(fresh_choices, caplog):
    with caplog.at_level(logging.INFO, logger="quant.backend"):
        for _ in range(3):
            backend.choose("auto", "cpu")
    assert len(caplog.records) == 1
    assert "NF4 on cpu: c" in caplog.text


@pytest.mark.parametrize(("name", "device"), [("triton", "cpu"), ("c", "cuda"), ("gpu", "cpu")])
def test_a_backend_that_cannot_run_is_refused(name, device):
    with pytest.raises(ValueError, match=f"backend .*{name}"):
        backend.choose(name, device)
