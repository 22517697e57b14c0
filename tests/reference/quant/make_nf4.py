"""Make nf4.safetensors and nf4.json: what bitsandbytes gives for 177 weights, on the CPU.

    python tests/reference/quant/make_nf4.py

Made with bitsandbytes 0.50.2, torch 2.13.0 and numpy 2.4.6 on x86-64 with AVX-512; the JSON file
records it. `numpy.random.RandomState` draws the inputs: its streams are frozen for good, so the
inputs are drawn again, not stored. Packed bytes, absmax and nested statistics are stored whole for
small weights and as SHA-256 for big ones; dequantized values as SHA-256, and only where
bitsandbytes is right: its CPU kernel reads wrong absmax values where rows are not whole blocks, and
the processor's conversion to bfloat16, which it uses, takes subnormal numbers for zero.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

BLOCKSIZES = (32, 64, 128, 256, 512, 1024, 2048, 4096)
DTYPES = ("float32", "float16", "bfloat16")
WHOLE = 20_000  # weights of up to this many elements are stored whole
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One weight: how to draw it, and how it is quantized."""

    kind: str
    shape: tuple[int, ...]
    dtype: str
    blocksize: int
    seed: int

    @property
    def name(self) -> str:
        size = "x".join(map(str, self.shape))
        return f"{self.kind}-{size}-{self.dtype}-{self.blocksize}-{self.seed}"


def cases() -> list[Case]:
    """Return all cases: shapes and dtypes at every blocksize, then values that are special."""
    found: list[tuple[str, tuple[int, ...], str, int]] = []
    for blocksize in BLOCKSIZES:
        shapes = [
            (3, blocksize),  # whole blocks
            (blocksize - 1,),  # one ragged block, odd
            (blocksize + 2,),  # a tail of two
            (5, 7, 11),  # rows that are no multiple of anything
        ]
        found += [("normal", shape, dtype, blocksize) for shape in shapes for dtype in DTYPES]
    for dtype in DTYPES:
        found += [("normal", shape, dtype, 64) for shape in [(1,), (2,), (1, 1), (65,), (80, 80)]]
        for kind in ("zeros", "zero_block", "constant", "negative", "outlier", "ties"):
            found += [(kind, (4, 64), dtype, 64), (kind, (3, 43), dtype, 32)]
        found += [(kind, (4, 64), dtype, 64) for kind in ("largest", "smallest", "spread")]
        found += [(kind, (129,), dtype, 64) for kind in ("largest", "smallest", "spread")]
    found += [("uniform", (16, 256), dtype, 64) for dtype in DTYPES]
    # Many blocks, for double quantization: 1, 2 and 5 nested blocks, and a ragged one.
    found += [("normal", (128, 64), "float32", 32), ("normal", (129, 128), "bfloat16", 32)]
    found += [("spread", (40, 512), "float32", 64), ("normal", (576, 192), "bfloat16", 64)]
    found += [("normal", (192, 576), "float16", 64), ("normal", (576, 576), "float32", 64)]
    found += [("normal", (1536, 576), dtype, 64) for dtype in DTYPES]
    return [Case(*fields, seed=seed) for seed, fields in enumerate(found)]


def make_weight(case: Case) -> Tensor:
    """Return the weight of a case: drawn in float64, then rounded to its dtype."""
    random = np.random.RandomState(case.seed)
    n = int(np.prod(case.shape))
    x = random.standard_normal(n) * 0.05
    block = slice(0, case.blocksize)
    if case.kind == "uniform":
        x = random.uniform(-1, 1, n)
    elif case.kind == "zeros":
        x[:] = 0
    elif case.kind == "zero_block":
        x[block] = 0
    elif case.kind == "constant":
        x[:] = 0.3
    elif case.kind == "negative":
        x = -np.abs(x)
    elif case.kind == "outlier":
        x[:: case.blocksize] = 100
    elif case.kind == "ties":  # values halfway between two levels, of a block whose absmax is 1
        levels = np.array(LEVELS, dtype=np.float32)
        x = np.resize(np.append((levels[:-1] + levels[1:]) / 2, np.float32(-1)), n).astype(float)
    elif case.kind == "largest":
        x = random.uniform(-1, 1, n) * float(torch.finfo(getattr(torch, case.dtype)).max)
    elif case.kind == "smallest":  # around the smallest numbers of the dtype, subnormal ones too
        x = random.uniform(-4, 4, n) * float(torch.finfo(getattr(torch, case.dtype)).tiny)
    elif case.kind == "spread":  # blocks of very different size
        x = x * 10.0 ** random.uniform(-3, 3, n // case.blocksize + 1).repeat(case.blocksize)[:n]
    return torch.from_numpy(x).reshape(case.shape).to(getattr(torch, case.dtype))


# The published levels, as bitsandbytes prints them.
LEVELS = [-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453]
LEVELS += [-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0]
LEVELS += [0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224]
LEVELS += [0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0]


def sha256(tensor: Tensor) -> str:
    """Return the SHA-256 of a tensor's bytes."""
    return hashlib.sha256(tensor.contiguous().view(-1).view(torch.uint8).numpy()).hexdigest()


def main() -> None:
    import bitsandbytes
    from bitsandbytes import functional as bnb
    from safetensors.torch import save_file

    rows, tensors = [], {}
    for case in cases():
        weight = make_weight(case)
        options = {"blocksize": case.blocksize, "quant_type": "nf4"}
        packed, state = bnb.quantize_4bit(weight, **options)
        _, nested = bnb.quantize_4bit(weight, compress_statistics=True, **options)
        got = {
            "packed": packed.view(-1),
            "absmax": state.absmax,
            "nested_codes": nested.absmax,
            "nested_absmax": nested.state2.absmax,
            "nested_offset": nested.offset.view(1),
        }
        row = {"name": case.name, **asdict(case), "weight_sha256": sha256(weight)}
        if weight.numel() <= WHOLE:
            tensors |= {f"{case.name}.{key}": value.clone() for key, value in got.items()}
        else:
            tensors |= {f"{case.name}.{k}": v.clone() for k, v in got.items() if "nested" in k}
            row["packed_sha256"] = sha256(got["packed"])
            row["absmax_sha256"] = sha256(got["absmax"])
        if case.shape[-1] % case.blocksize == 0:
            row["dequantized_sha256"] = {
                dtype: sha256(bnb.dequantize_4bit(packed, _with_dtype(state, dtype)))
                for dtype in DTYPES
                if not (case.kind == "smallest" and dtype == "bfloat16")
            }
        rows.append(row)
    made = {
        "bitsandbytes": bitsandbytes.__version__,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "command": "python tests/reference/quant/make_nf4.py",
        "dynamic_map_sha256": sha256(nested.state2.code),
    }
    lines = ",\n".join(json.dumps(row) for row in rows)
    head = json.dumps(made)
    (HERE / "nf4.json").write_text(f'{{"made_with": {head},\n"cases": [\n{lines}\n]}}\n')
    save_file(tensors, HERE / "nf4.safetensors", metadata={"made_by": "make_nf4.py"})


def _with_dtype(state, dtype: str):
    state.dtype = getattr(torch, dtype)
    return state


if __name__ == "__main__":
    main()
