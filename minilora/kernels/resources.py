"""What the sampling kernel needs of a GPU: registers, stack and spills, compiled without one.

    python -m minilora.kernels.resources [--json FILE]

Compiled for a T4 (sm_75), an A100 (sm_80) and an H100 (sm_90) on any Linux machine, for logits in
the dtypes they run. Exits 1 where the kernel spills.
"""

import argparse
import sys
from pathlib import Path

from triton.compiler import ASTSource

from minilora.kernels import masked_sample
from quant.kernels.resources import Usage, report, usage

TARGETS = ((75, "fp16"), (80, "bf16"), (90, "bf16"), (90, "fp32"))


def masked_sample_usage(capability: int, dtype: str) -> Usage:
    """Compile the masked sampling for a compute capability and a dtype of the logits."""
    signature = {
        "logits_ptr": f"*{dtype}",
        "packed_ptr": "*i32",
        "temperature_ptr": "*fp32",
        "seed_ptr": "*i64",
        "position_ptr": "*i32",
        "out_ptr": "*i64",
        "V": "i32",
        "n_words": "i32",
        "stride_b": "i32",
        "BLOCK": "constexpr",
    }
    source = ASTSource(
        masked_sample.masked_sample_kernel, signature, constexprs={"BLOCK": masked_sample.BLOCK}
    )
    return usage("masked_sample", source, capability, dtype)


def main(arguments: list[str] | None = None) -> int:
    """Print a Markdown table; return 1 where the kernel spills, else 0."""
    parser = argparse.ArgumentParser(
        prog="python -m minilora.kernels.resources", description=__doc__
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the table here")
    options = parser.parse_args(arguments)
    rows = [masked_sample_usage(c, dtype) for c, dtype in TARGETS]
    return report(rows, "logits", options.json)


if __name__ == "__main__":
    sys.exit(main())
