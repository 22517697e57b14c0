"""Numbers: weights in 4 and 8 bits, and the frozen linear layers that hold them.

`nf4` and `int8` define the two formats in torch, `linear` makes layers of them, `kernels` holds the same
arithmetic for a GPU and `backend` chooses between the two. Nothing here knows about language models.
"""

from quant.linear import LinearNF4
from quant.nf4 import NestedAbsmax, dequantize_absmax, dequantize_nf4, quantize_absmax, quantize_nf4

__all__ = [
    "LinearNF4",
    "NestedAbsmax",
    "dequantize_absmax",
    "dequantize_nf4",
    "quantize_absmax",
    "quantize_nf4",
]
