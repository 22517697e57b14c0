"""What the attention kernels need of a GPU: registers, stack and spills, compiled without one.

    python -m serve.kernels.resources [--json FILE]

Compiled for a T4 (sm_75), an A100 (sm_80) and an H100 (sm_90) on any Linux machine, for the head
sizes and dtypes they run; bfloat16 begins with the A100. Exits 1 where a kernel spills.
"""

import argparse
import sys
from pathlib import Path

from triton.compiler import ASTSource

from quant.kernels.resources import Usage, report, usage
from serve.kernels import paged_attention

TARGETS = ((75, "fp16"), (75, "fp32"), (80, "bf16"), (80, "fp32"), (90, "bf16"), (90, "fp32"))
HEAD_DIMS = (64, 128)  # 80 and 96 are computed as 128


def attention_usage(capability: int, dtype: str, head_dim: int) -> Usage:
    """Compile the attention to one split, for 4 query heads a key/value head."""
    tensor = f"*{dtype}"
    signature = dict.fromkeys(("q_ptr", "keys_ptr", "values_ptr", "out_ptr"), tensor)
    signature |= dict.fromkeys(("table_ptr", "lengths_ptr"), "*i32")
    signature |= dict.fromkeys(("acc_ptr", "highest_ptr", "total_ptr"), "*fp32")
    signature |= {"stride_q": "i32", "stride_t": "i32", "scale": "fp32"}
    constants = {
        "H": 32,
        "HKV": 8,
        "DH": head_dim,
        "CACHE_BLOCK": 32,
        "WINDOW": None,
        "SPLIT": paged_attention.SPLIT,
        "DIRECT": False,
        "BLOCK_G": paged_attention.MIN_BLOCK_G,
        "BLOCK_D": head_dim,
        "BLOCK_S": paged_attention.BLOCK_S[4 if dtype == "fp32" else 2],
    }
    source = _source(paged_attention.paged_attention_kernel, signature, constants)
    return usage(f"paged_attention, {head_dim}", source, capability, dtype)


def combine_usage(capability: int, dtype: str, head_dim: int) -> Usage:
    """Compile the sum over splits."""
    signature = dict.fromkeys(("acc_ptr", "highest_ptr", "total_ptr"), "*fp32")
    signature |= {"lengths_ptr": "*i32", "out_ptr": f"*{dtype}", "n_splits": "i32"}
    constants = {
        "H": 32,
        "DH": head_dim,
        "WINDOW": None,
        "SPLIT": paged_attention.SPLIT,
        "BLOCK_D": head_dim,
    }
    source = _source(paged_attention.combine_kernel, signature, constants)
    return usage(f"combine, {head_dim}", source, capability, dtype)


def _source(kernel: object, types: dict[str, str], constants: dict[str, int | None]) -> ASTSource:
    """Return a kernel with its arguments in the order in which it names them.

    Tensors begin at multiples of 16 bytes, as those that torch allocates do: without saying so each
    number would be loaded by itself.
    """
    names = kernel.arg_names  # type: ignore[attr-defined]  # of a triton.JITFunction
    signature = {name: types.get(name, "constexpr") for name in names}
    aligned = [i for i, name in enumerate(names) if name.endswith("_ptr") or "stride" in name]
    attributes = {(i,): [["tt.divisibility", 16]] for i in aligned}
    return ASTSource(kernel, signature, constexprs=constants, attrs=attributes)


def main(arguments: list[str] | None = None) -> int:
    """Print a Markdown table; return 1 where a kernel spills, else 0."""
    parser = argparse.ArgumentParser(prog="python -m serve.kernels.resources", description=__doc__)
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the table here")
    options = parser.parse_args(arguments)
    rows = [
        compile_one(capability, dtype, head_dim)
        for compile_one in (attention_usage, combine_usage)
        for capability, dtype in TARGETS
        for head_dim in HEAD_DIMS
    ]
    return report(rows, "cache", options.json)


if __name__ == "__main__":
    sys.exit(main())
