"""Numbers: weights in 4 and 8 bits, and the frozen linear layers that hold them.

`nf4` and `int8` define the two formats in torch, `linear` makes layers of them, `kernels` holds
the same arithmetic for particular processors and `backend` chooses among them. Nothing here knows
about language models.
"""

from quant.backend import Backend, Choice, choose
from quant.int8 import dequantize_int8, int8_linear, quantize_int8
from quant.linear import LinearInt8, LinearNF4
from quant.nf4 import (
    NestedAbsmax,
    dequantize_absmax,
    dequantize_nf4,
    quantize_absmax,
    quantize_nf4,
)

__all__ = [
    "Backend",
    "Choice",
    "LinearInt8",
    "LinearNF4",
    "NestedAbsmax",
    "choose",
    "dequantize_absmax",
    "dequantize_int8",
    "dequantize_nf4",
    "int8_linear",
    "quantize_absmax",
    "quantize_int8",
    "quantize_nf4",
]
