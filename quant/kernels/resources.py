"""What the Triton kernels need of a GPU: registers, stack and spills, compiled without one.

    python -m quant.kernels.resources [--json FILE]

Every kernel is compiled for a T4 (sm_75), an A100 (sm_80) and an H100 (sm_90) on any Linux machine;
cuobjdump, from the triton package, reads the result. Exits 1 where a kernel spills.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from quant.kernels import nf4

CAPABILITIES = (75, 80, 90)
OUT_DTYPES = ("fp16", "bf16", "fp32")


class Usage(NamedTuple):
    """One compiled kernel: registers a thread, bytes of stack and of spilled (local) memory."""

    kernel: str
    capability: int
    dtype: str
    registers: int
    stack_bytes: int
    local_bytes: int


def nf4_usage(capability: int, dtype: str) -> Usage:
    """Compile the NF4 dequantization for a compute capability and an output dtype."""
    signature = {
        "packed_ptr": "*u8",
        "absmax_ptr": "*fp32",
        "code_ptr": "*fp32",
        "out_ptr": f"*{dtype}",
        "N": "i32",
        "BLOCKSIZE": "constexpr",
        "BLOCK": "constexpr",
    }
    constants = {"BLOCKSIZE": 64, "BLOCK": nf4.BLOCK}
    source = ASTSource(nf4.dequantize_nf4_kernel, signature, constexprs=constants)
    return usage("dequantize_nf4", source, capability, dtype)


def usage(kernel: str, source: ASTSource, capability: int, dtype: str) -> Usage:
    """Compile a kernel for a compute capability and read what it needs."""
    compiled = triton.compile(source, target=GPUTarget("cuda", capability, 32))
    said = _cuobjdump(compiled.asm["cubin"])
    found = {key: int(value) for key, value in re.findall(r"(REG|STACK|LOCAL):(\d+)", said)}
    return Usage(kernel, capability, dtype, found["REG"], found["STACK"], found["LOCAL"])


def _cuobjdump(cubin: bytes) -> str:
    """Return cuobjdump's words on the resources of a compiled kernel."""
    bundled = sorted(Path(triton.__file__).parent.rglob("cuobjdump"))
    tool = str(bundled[0]) if bundled else shutil.which("cuobjdump")
    if tool is None:
        raise FileNotFoundError("cuobjdump is neither in the triton package nor on the path")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kernel.cubin"
        path.write_bytes(cubin)
        command = [tool, "-res-usage", str(path)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(arguments: list[str] | None = None) -> int:
    """Print a Markdown table; return 1 where a kernel spills, else 0."""
    parser = argparse.ArgumentParser(prog="python -m quant.kernels.resources", description=__doc__)
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the table here")
    options = parser.parse_args(arguments)
    rows = [nf4_usage(c, dtype) for c in CAPABILITIES for dtype in OUT_DTYPES]
    return report(rows, "output", options.json)


def report(rows: list[Usage], dtype_of: str, json_file: Path | None) -> int:
    """Print a Markdown table and write it as JSON; return 1 where a kernel spills, else 0."""
    print(f"| kernel | target | {dtype_of} | registers | stack, bytes | spilled, bytes |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row.kernel} | sm_{row.capability} | {' | '.join(map(str, row[2:]))} |")
    if json_file:
        json_file.write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n")
    return 1 if any(row.stack_bytes or row.local_bytes for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
