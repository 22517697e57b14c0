"""Make int8.safetensors: what bitsandbytes' LLM.int8() gives for 27 weights and inputs, on the CPU.

    python tests/reference/quant/make_int8.py

Made with bitsandbytes 0.50.2, torch 2.13.0 and numpy 2.4.6 on x86-64; the metadata records it.
Inputs are drawn again from `numpy.random.RandomState`, whose streams are frozen, not stored.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

HERE = Path(__file__).parent
DTYPES = ("float32", "float16", "bfloat16")


@dataclass(frozen=True)
class Case:
    """A weight (N, K), an input (M, K), and how far its outliers reach, or None for no outliers."""

    M: int
    N: int
    K: int
    dtype: str
    outlier: float | None
    seed: int

    @property
    def name(self) -> str:
        return f"{self.M}x{self.N}x{self.K}-{self.dtype}-{self.outlier}"


def cases() -> list[Case]:
    sizes = [(1, 7, 5), (9, 16, 64), (5, 17, 70)]
    found = [(*s, d, o) for s in sizes for d in DTYPES for o in (None, 6.0, 40.0)]
    return [Case(*fields, seed=seed) for seed, fields in enumerate(found)]


def make_inputs(case: Case) -> tuple[Tensor, Tensor]:
    """Return the weight, with a row of zeros and one of great size, and the input."""
    random = np.random.RandomState(case.seed)
    weight = random.standard_normal((case.N, case.K)) * 0.1
    weight[1], weight[2] = 0, weight[2] * 1000
    x = np.clip(random.standard_normal((case.M, case.K)), -3, 3)
    if case.outlier is not None:
        x[0, 2], x[-1, case.K - 1] = case.outlier, -case.outlier
    dtype = getattr(torch, case.dtype)
    return torch.from_numpy(weight).to(dtype), torch.from_numpy(x).to(dtype)


def main() -> None:
    import bitsandbytes
    from bitsandbytes import functional as bnb
    from safetensors.torch import save_file

    tensors = {}
    for case in cases():
        weight, x = make_inputs(case)
        codes, row_absmax, _ = bnb.int8_vectorwise_quant(weight.half())
        x_codes, x_absmax, outliers = bnb.int8_vectorwise_quant(x.half(), threshold=6.0)
        # bitsandbytes divides 0 by 0 in a row of zeros; the int8 of that NaN is 0 on x86.
        args = (x, x_codes, codes, x_absmax, row_absmax, outliers, None)
        y, _ = torch.ops.bitsandbytes.int8_mixed_scaled_mm(*args)
        got = {
            "codes": codes,
            "row_absmax": row_absmax,
            "weight": bnb.int8_vectorwise_dequant(codes, row_absmax),
            "x_codes": x_codes,
            "x_absmax": x_absmax,
            "outliers": outliers,
            "y": y,
        }
        tensors |= {f"{case.name}.{key}": value.clone() for key, value in got.items()}
    made = {
        "bitsandbytes": bitsandbytes.__version__,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "command": "python tests/reference/quant/make_int8.py",
    }
    save_file(tensors, HERE / "int8.safetensors", metadata=made)


if __name__ == "__main__":
    main()
