"""What the sampling kernel needs of a GPU: registers, stack and spills, compiled without one.

    python -m minilora.kernels.resources [--json FILE]

Compiled for a T4 (sm_75), an A100 (sm_80) and an H100 (sm_90) on any Linux machine, for logits in
the dtypes they run. Exits 1 where the kernel spills.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from minilora.kernels import masked_sample
from quant.kernels.resources import Usage, _cuobjdump

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
    compiled = triton.compile(source, target=GPUTarget("cuda", capability, 32))
    said = _cuobjdump(compiled.asm["cubin"])
    found = {key: int(value) for key, value in re.findall(r"(REG|STACK|LOCAL):(\d+)", said)}
    return Usage("masked_sample", capability, dtype, found["REG"], found["STACK"], found["LOCAL"])


def main(arguments: list[str] | None = None) -> int:
    """Print a Markdown table; return 1 where the kernel spills, else 0."""
    parser = argparse.ArgumentParser(
        prog="python -m minilora.kernels.resources", description=__doc__
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the table here")
    options = parser.parse_args(arguments)
    rows = [masked_sample_usage(c, dtype) for c, dtype in TARGETS]
    print("| kernel | target | logits | registers | stack, bytes | spilled, bytes |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row.kernel} | sm_{row.capability} | {' | '.join(map(str, row[2:]))} |")
    if options.json:
        options.json.write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n")
    return 1 if any(row.stack_bytes or row.local_bytes for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
