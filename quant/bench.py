"""Time the quantized formats against bitsandbytes, after checking that the results are right.

    python -m quant.bench [--threads N] [--repeats N] [--json FILE]

Every implementation of an operation runs in turn, `repeats` times, so that a busy moment of the
machine hits all of them. A result that is not the reference's ends the run with exit code 1 before
anything is timed. bitsandbytes is timed where it is installed.
"""

import argparse
import json
import logging
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib import metadata, util
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from quant.backend import choose
from quant.linear import LinearInt8, LinearNF4
from quant.nf4 import dequantize_nf4, quantize_nf4

SHAPE = (1536, 576)  # (out, in) of the widest linear layer of the default model
BLOCKSIZE = 64
DTYPES = (torch.bfloat16, torch.float32)
ROWS = (1, 8, 256)  # rows of input: one token, a small batch, a prompt
OURS, PEER = "quant", "bitsandbytes"


@dataclass(frozen=True)
class Timing:
    """Times of one implementation of one operation, in milliseconds."""

    operation: str
    implementation: str
    min_ms: float
    median_ms: float
    p90_ms: float


Runs = dict[str, Callable[[], object]]


def time_in_turn(operation: str, runs: Runs, repeats: int) -> list[Timing]:
    """Return the times of implementations that are called in turn, after two calls to warm up."""
    times_s: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(repeats + 2):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if turn >= 2:
                times_s[name].append(time.perf_counter() - start)
    quantiles = torch.tensor([0.0, 0.5, 0.9], dtype=torch.float64)
    return [
        Timing(operation, name, *(1e3 * torch.tensor(t).double().quantile(quantiles)).tolist())
        for name, t in times_s.items()
    ]


def operations(weight: Tensor) -> dict[str, Runs]:
    """Return what is timed: for each operation, our implementations of it."""
    packed, absmax = quantize_nf4(weight)
    backends = dict.fromkeys((choose("auto", "cpu").name, "torch"))
    found: dict[str, Runs] = {
        "NF4 quantize": {
            f"{OURS} ({backend})": partial(quantize_nf4, weight, BLOCKSIZE, backend)
            for backend in backends
        }
    }
    for dtype in DTYPES:
        args = packed, absmax, tuple(weight.shape), dtype, BLOCKSIZE
        found[f"NF4 dequantize to {_short(dtype)}"] = {
            f"{OURS} ({backend})": partial(dequantize_nf4, *args, backend) for backend in backends
        }
    nf4, int8 = LinearNF4.from_weight(weight), LinearInt8.from_weight(weight)
    for rows in ROWS:
        x = make_input(rows, weight)
        found[f"linear, {rows} rows"] = {
            "torch bfloat16": partial(F.linear, x, weight),
            f"{OURS} NF4": partial(nf4, x),
            f"{OURS} int8": partial(int8, x),
        }
    return found


def add_peer(found: dict[str, Runs], weight: Tensor) -> None:
    """Check our results against bitsandbytes, and add its implementation of each operation.

    Raises:
        WrongResultError: results that differ.
    """
    logging.disable(logging.WARNING)  # it warns of an optional package and of each cast
    import bitsandbytes
    from bitsandbytes import functional as bnb

    quantize = partial(bnb.quantize_4bit, blocksize=BLOCKSIZE, quant_type="nf4")
    theirs, state = quantize(weight)
    for name, run in found["NF4 quantize"].items():
        ours = run()
        assert isinstance(ours, tuple)
        check(f"packed bytes by {name}", ours[0], theirs.view(-1))
        check(f"absmax by {name}", ours[1], state.absmax)
    found["NF4 quantize"][PEER] = partial(quantize, weight)
    for dtype in DTYPES:
        operation = f"NF4 dequantize to {_short(dtype)}"
        _, dtype_state = quantize(weight.to(dtype))
        peer = partial(bnb.dequantize_4bit, theirs, dtype_state)
        for name, run in found[operation].items():
            check(f"{operation} by {name}", run(), peer())
        found[operation][PEER] = peer
    int8 = LinearInt8.from_weight(weight)
    codes, row_absmax, _ = bnb.int8_vectorwise_quant(weight.half())
    check("int8 codes", int8.codes, codes)
    restored = bnb.int8_vectorwise_dequant(codes, row_absmax)
    check("int8 weight", int8.dequantize(torch.float32), restored)
    for rows in ROWS:
        peer = partial(bitsandbytes.matmul_4bit, make_input(rows, weight), theirs.t(), state)
        found[f"linear, {rows} rows"][f"{PEER} NF4"] = peer


def make_input(rows: int, weight: Tensor) -> Tensor:
    """Return an input of the weight's dtype: (rows, in)."""
    generator = torch.Generator().manual_seed(1)
    return torch.randn(rows, weight.shape[1], generator=generator).to(weight.dtype)


class WrongResultError(Exception):
    """A result that is not the reference's: there is nothing to time."""


def check(what: str, ours: object, expected: Tensor) -> None:
    """Raise WrongResultError unless two tensors have the same dtype and values."""
    if not (
        isinstance(ours, Tensor) and ours.dtype == expected.dtype and torch.equal(ours, expected)
    ):
        raise WrongResultError(f"{what}: not the reference's result; nothing was timed")


def table(timings: list[Timing]) -> str:
    """Return a Markdown table; the last column divides the minimum by bitsandbytes'."""
    lines = [
        "| operation | implementation | min, ms | median, ms | p90, ms | times bitsandbytes |",
        "|---|---|---|---|---|---|",
    ]
    peers = {t.operation: t.min_ms for t in timings if t.implementation.startswith(PEER)}
    for t in timings:
        peer = peers.get(t.operation)
        ratio = f"{t.min_ms / peer:.2f}" if peer else ""
        lines.append(
            f"| {t.operation} | {t.implementation} | {t.min_ms:.3f} | {t.median_ms:.3f} "
            f"| {t.p90_ms:.3f} | {ratio} |"
        )
    return "\n".join(lines)


def hardware() -> dict[str, str]:
    """Return the processor, threads and versions that the figures belong to."""
    info = Path("/proc/cpuinfo")
    names = [
        line.split(":", 1)[1].strip()
        for line in (info.read_text().splitlines() if info.exists() else [])
        if line.startswith("model name")
    ]
    found = {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "threads": str(torch.get_num_threads()),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
    if util.find_spec(PEER):
        found[PEER] = metadata.version(PEER)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Check, time and print; return 0, or 1 where a result is wrong."""
    parser = argparse.ArgumentParser(prog="python -m quant.bench", description=__doc__)
    parser.add_argument(
        "--threads", type=_positive, metavar="N", help="CPU threads (default: torch's own choice)"
    )
    parser.add_argument(
        "--repeats", type=_positive, metavar="N", default=200, help="timed calls (default 200)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    weight = torch.randn(SHAPE, generator=torch.Generator().manual_seed(0)).mul(0.05).bfloat16()
    try:
        found = operations(weight)
        if util.find_spec(PEER):
            add_peer(found, weight)
        else:
            print("bitsandbytes is not installed: ours alone", file=sys.stderr)
    except WrongResultError as error:
        print(error, file=sys.stderr)
        return 1
    with torch.no_grad():
        timings = [
            t for name, runs in found.items() for t in _progress(name, runs, options.repeats)
        ]
    about = hardware() | {"backend": " - ".join(choose("auto", "cpu"))}
    print(f"Weight {SHAPE[0]} x {SHAPE[1]}; " + "; ".join(f"{k} {v}" for k, v in about.items()))
    print()
    print(table(timings))
    if options.json:
        report = {"shape": SHAPE, "about": about, "timings": [asdict(t) for t in timings]}
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    return 0


def _progress(operation: str, runs: Runs, repeats: int) -> list[Timing]:
    print(f"timing {operation}", file=sys.stderr)
    return time_in_turn(operation, runs, repeats)


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"a positive number is wanted, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
