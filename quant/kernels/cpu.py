"""NF4 for a CPU: `nf4.c`, compiled once by the machine's own C compiler.

Must equal `quant.nf4` with `backend="torch"` bit for bit, in both directions.

The library is kept in `$MINILORA_HOME/kernels`, or `minilora/kernels` in the user's cache folder,
under a name that changes with the source, the flags, the compiler and the processor. Nothing is
compiled on import; `quant.backend.choose` does it, and goes without where there is no compiler.
"""

import ctypes
import hashlib
import os
import platform
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from math import prod
from pathlib import Path

import torch
from torch import Tensor

SOURCE = Path(__file__).with_name("nf4.c")
# No contraction: a fused multiply-add would round once where the definition rounds twice.
FLAGS = (
    *("-O3", "-march=native", "-ffp-contract=off", "-fopenmp"),
    *("-shared", "-fPIC", "-Wno-psabi"),
)
COMPILE_TIMEOUT_S = 60


def dequantize(
    packed: Tensor, absmax: Tensor, shape: Sequence[int], dtype: torch.dtype, blocksize: int
) -> Tensor:
    """Return the weight as `quant.nf4.dequantize_nf4` does; its arguments, already checked.

    float16 and float64 go through float32, which is rounded once, or not at all.

    Raises:
        ValueError: a tensor that is not on the CPU.
        CompileError: the kernel cannot be built here.
    """
    if packed.device.type != "cpu" or absmax.device.type != "cpu":
        raise ValueError(
            f"backend 'c' needs tensors on the CPU, got {packed.device} and {absmax.device}"
        )
    packed, absmax = packed.contiguous(), absmax.contiguous()
    out_dtype = torch.bfloat16 if dtype == torch.bfloat16 else torch.float32
    out = torch.empty(tuple(shape), dtype=out_dtype)
    kernels = library()
    run = kernels.dequantize_nf4_bf16 if dtype == torch.bfloat16 else kernels.dequantize_nf4_f32
    run(packed.data_ptr(), absmax.data_ptr(), out.data_ptr(), prod(shape), blocksize)
    return out.to(dtype)


def quantize_blocks(x: Tensor, blocksize: int, smallest: float) -> tuple[Tensor, Tensor]:
    """Quantize whole blocks, as `quant.nf4.quantize_nf4` does.

    Args:
        x: (n,) float32 on the CPU, contiguous, n a multiple of blocksize.
        blocksize: elements sharing one absmax.
        smallest: the least number that is divided by.

    Returns:
        packed (n / 2,) uint8; absmax (n / blocksize,) float32, NaN or infinite where x is.

    Raises:
        CompileError: the kernel cannot be built here.
    """
    n = x.numel()
    packed, absmax = torch.empty(n // 2, dtype=torch.uint8), torch.empty(n // blocksize)
    pointers = x.data_ptr(), packed.data_ptr(), absmax.data_ptr()
    library().quantize_nf4_f32(*pointers, n, blocksize, smallest)
    return packed, absmax


class CompileError(RuntimeError):
    """The C kernel cannot be built or loaded; the message says why, in one line."""


@cache
def library() -> ctypes.CDLL:
    """Return the compiled kernels, built first where the cache has none.

    Raises:
        CompileError: no compiler, or it failed, or its result does not load.
    """
    try:
        loaded = ctypes.CDLL(str(build(_cache_folder())))
    except OSError as error:
        raise CompileError(f"the compiled kernel does not load: {error}") from error
    for run in (loaded.dequantize_nf4_bf16, loaded.dequantize_nf4_f32):
        run.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_int64] * 2
        run.restype = None
    loaded.quantize_nf4_f32.argtypes = [
        *loaded.dequantize_nf4_f32.argtypes,
        ctypes.c_float,
    ]
    loaded.quantize_nf4_f32.restype = None
    return loaded


def build(folder: Path) -> Path:
    """Compile `nf4.c` into a folder and return the library's path; a finished one is used again.

    The file appears whole or not at all: the compiler writes under another name, which is then
    renamed.

    Raises:
        CompileError: no compiler, or it failed.
    """
    compiler = os.environ.get("CC", "cc")
    made_of = f"{SOURCE.read_text()} {FLAGS} {compiler} {platform.machine()} {_cpu_flags()}"
    path = folder / f"nf4-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.so"
    if path.exists():
        return path
    with tempfile.TemporaryDirectory(dir=folder) as work:
        made = Path(work) / path.name
        command = [compiler, *FLAGS, str(SOURCE), "-o", str(made)]
        try:
            subprocess.run(
                command, check=True, capture_output=True, text=True, timeout=COMPILE_TIMEOUT_S
            )
        except FileNotFoundError as error:
            raise CompileError(f"no C compiler: {compiler} is not installed") from error
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = str(error.stderr or error).strip().splitlines()[0]
            raise CompileError(f"{compiler} cannot compile {SOURCE.name}: {said}") from error
        made.replace(path)
    return path


def _cache_folder() -> Path:
    """Return a folder that can be written: the cache, or one for this process alone."""
    home = os.environ.get("MINILORA_HOME")
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "minilora"
    folder = (Path(home) if home else user) / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="minilora-kernels-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="minilora-"))


def _cpu_flags() -> str:
    """Return what tells processors apart for -march=native: the feature line of /proc/cpuinfo."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    features = [line for line in lines if line.startswith(("flags", "Features", "model name"))]
    return " ".join(features[:2]) or platform.processor()
