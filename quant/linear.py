"""Linear layers over a frozen quantized weight: what LoRA adapters are trained on top of.

    y = x W^T + bias        dL/dx = dL/dy W        W = dequantize(stored)

W is made when it is needed and dropped at once, in the forward pass and again in the backward pass.
What autograd keeps between them is the stored weight, which the layer holds anyway: no activation,
since W has no gradient, and no second copy. These layers have no parameters, only buffers.

Casting a module (`model.to(torch.bfloat16)`) moves these buffers but leaves their dtypes alone: a
float32 absmax rounded to bfloat16 would be another weight.

Shape letters: N output features, K input features, B blocks of the weight.

Source: Dettmers et al. 2023, QLoRA, equations 5 and 6, arXiv:2305.14314.

>>> layer = LinearNF4.from_weight(torch.eye(2, 64))
>>> layer
LinearNF4(in_features=64, out_features=2, bias=False, blocksize=64, double_quant=False)
>>> x = torch.ones(1, 64, requires_grad=True)
>>> y = layer(x)
>>> y.sum().backward()
>>> y.tolist(), x.grad.sum().item(), layer.packed.nbytes, layer.absmax.nbytes
([[1.0, 1.0]], 2.0, 64, 8)
"""

from collections.abc import Callable
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from quant.backend import Backend, choose
from quant.int8 import (
    OUTLIER_THRESHOLD,
    check_codes,
    dequantize_int8,
    int8_linear,
    quantize_int8,
)
from quant.nf4 import (
    NestedAbsmax,
    check_packed,
    dequantize_absmax,
    dequantize_nf4,
    quantize_absmax,
    quantize_nf4,
)


class _FrozenLinear(torch.autograd.Function):
    """y = x W^T + bias, where the layer makes W from `stored` anew in each direction."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, layer: "LinearNF4 | LinearInt8", *stored: Tensor) -> Tensor:
        ctx.layer = layer
        ctx.save_for_backward(*stored)
        return layer.multiply(x, *stored)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        stored = ctx.saved_tensors
        weight = ctx.layer.restore(grad.dtype, *stored)  # (N, K)
        return grad @ weight, None, *(None for _ in stored)


def _frozen_linear(layer: "LinearNF4 | LinearInt8", x: Tensor) -> Tensor:
    """Return the layer's output for x (..., K), in x's dtype; only x gets a gradient."""
    apply: Callable[..., Tensor] = _FrozenLinear.apply
    return apply(x.to(layer.compute_dtype), layer, *layer.stored()).to(x.dtype)


class LinearNF4(nn.Module):
    """A frozen linear layer whose weight is stored in NF4.

    Buffers: packed (ceil(N * K / 2),) uint8; either absmax (B,) float32 or, with double
    quantization, absmax_codes (B,) uint8, nested_absmax (ceil(B / 256),) float32 and nested_offset
    () float32; bias (N,) in compute_dtype, or None.
    """

    packed: Tensor
    absmax: Tensor
    absmax_codes: Tensor
    nested_absmax: Tensor
    nested_offset: Tensor
    bias: Tensor | None

    def __init__(
        self,
        packed: Tensor,
        absmax: Tensor | NestedAbsmax,
        shape: tuple[int, int],
        bias: Tensor | None = None,
        *,
        blocksize: int = 64,
        compute_dtype: torch.dtype = torch.bfloat16,
        backend: Backend = "auto",
    ) -> None:
        """Take a weight that is already packed; `from_weight` takes one that is not.

        Args:
            packed: (ceil(N * K / 2),) uint8.
            absmax: (B,) float32, or its nested form.
            shape: (N, K) of the weight.
            bias: (N,) or None.
            blocksize: as the weight was quantized.
            compute_dtype: dtype of the matmul, and of the weight while it exists.
            backend: see `quant.backend`.

        Raises:
            ValueError: sizes that do not belong together, or a backend that cannot run here.
        """
        super().__init__()
        self.out_features, self.in_features = shape
        self.blocksize = blocksize
        self.compute_dtype = compute_dtype
        self.requested_backend = backend
        self.backend: Backend = choose(backend, packed.device.type).name
        self.double_quant = isinstance(absmax, NestedAbsmax)
        self.register_buffer("packed", packed.detach().reshape(-1))
        if isinstance(absmax, NestedAbsmax):
            self.register_buffer("absmax_codes", absmax.codes.detach().reshape(-1))
            self.register_buffer("nested_absmax", absmax.absmax.detach())
            self.register_buffer("nested_offset", absmax.offset.detach())
        else:
            self.register_buffer("absmax", absmax.detach())
        self.register_buffer("bias", _checked_bias(bias, self.out_features, compute_dtype))
        statistics = self._float_absmax(*self.stored()[1:])
        check_packed(self.packed, statistics, shape, compute_dtype, blocksize)

    @classmethod
    def from_weight(
        cls,
        weight: Tensor,
        bias: Tensor | None = None,
        *,
        blocksize: int = 64,
        double_quant: bool = False,
        compute_dtype: torch.dtype | None = None,
        backend: Backend = "auto",
    ) -> Self:
        """Quantize a weight (N, K). `compute_dtype` is the weight's own dtype unless given.

        Raises:
            ValueError: as `quantize_nf4` and the constructor, or a weight that is not a matrix.
        """
        N, K = _matrix_shape(weight)
        packed, absmax = quantize_nf4(weight, blocksize)
        return cls(
            packed,
            quantize_absmax(absmax) if double_quant else absmax,
            (N, K),
            bias,
            blocksize=blocksize,
            compute_dtype=compute_dtype or weight.dtype,
            backend=backend,
        )

    @classmethod
    def from_packed(
        cls,
        packed: Tensor,
        absmax: Tensor | NestedAbsmax,
        shape: tuple[int, int],
        bias: Tensor | None = None,
        *,
        blocksize: int = 64,
        compute_dtype: torch.dtype = torch.bfloat16,
        backend: Backend = "auto",
    ) -> Self:
        """Take a weight as a ready-made 4-bit checkpoint holds it; see the constructor."""
        return cls(
            packed,
            absmax,
            shape,
            bias,
            blocksize=blocksize,
            compute_dtype=compute_dtype,
            backend=backend,
        )

    def dequantize(self, dtype: torch.dtype | None = None) -> Tensor:
        """Return the weight (N, K) in `dtype`, compute_dtype unless given."""
        return self.restore(dtype or self.compute_dtype, *self.stored())

    def forward(self, x: Tensor) -> Tensor:
        """Return x W^T + bias: (..., K) -> (..., N), in x's dtype, computed in compute_dtype."""
        return _frozen_linear(self, x)

    def stored(self) -> tuple[Tensor, ...]:
        """Return the tensors that stand for the weight: all that autograd keeps."""
        if self.double_quant:
            return self.packed, self.absmax_codes, self.nested_absmax, self.nested_offset
        return self.packed, self.absmax

    def restore(self, dtype: torch.dtype, packed: Tensor, *statistics: Tensor) -> Tensor:
        """Return the weight (N, K) that `stored` tensors stand for."""
        absmax = self._float_absmax(*statistics)
        shape = (self.out_features, self.in_features)
        return dequantize_nf4(packed, absmax, shape, dtype, self.blocksize, self.backend)

    def multiply(self, x: Tensor, *stored: Tensor) -> Tensor:
        """Return x W^T + bias for x in compute_dtype, without a graph."""
        return F.linear(x, self.restore(self.compute_dtype, *stored), self.bias)

    def extra_repr(self) -> str:
        """Return the sizes and settings, for `print(model)`."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}, blocksize={self.blocksize}, "
            f"double_quant={self.double_quant}"
        )

    def _float_absmax(self, *statistics: Tensor) -> Tensor:
        if self.double_quant:
            return dequantize_absmax(NestedAbsmax(*statistics))
        return statistics[0]

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Move the buffers, keep their dtypes, and choose again for the device they are on now."""
        _move_buffers_(self, fn)
        self.backend = choose(self.requested_backend, self.packed.device.type).name
        return self


class LinearInt8(nn.Module):
    """A frozen linear layer in 8 bits: LLM.int8(), with an integer matmul in the forward pass.

    Buffers: codes (N, K) int8; row_absmax (N,) float32; bias (N,) in compute_dtype, or None. The
    backward pass multiplies by the dequantized weight, as if the input had not been quantized.
    """

    codes: Tensor
    row_absmax: Tensor
    bias: Tensor | None

    def __init__(
        self,
        codes: Tensor,
        row_absmax: Tensor,
        bias: Tensor | None = None,
        *,
        threshold: float | None = OUTLIER_THRESHOLD,
        compute_dtype: torch.dtype = torch.bfloat16,
    ) -> None:
        """Take a weight that is already in 8 bits; `from_weight` takes one that is not.

        Args:
            codes: (N, K) int8.
            row_absmax: (N,) float32.
            bias: (N,) or None.
            threshold: |x| from which a column of the input is multiplied in compute_dtype instead
                of int8; None for never.
            compute_dtype: dtype of outlier columns, of the result and of the backward pass.

        Raises:
            ValueError: sizes or dtypes other than these.
        """
        super().__init__()
        check_codes(codes, row_absmax)
        self.out_features, self.in_features = codes.shape
        self.threshold = threshold
        self.compute_dtype = compute_dtype
        self.register_buffer("codes", codes.detach())
        self.register_buffer("row_absmax", row_absmax.detach())
        self.register_buffer("bias", _checked_bias(bias, self.out_features, compute_dtype))

    @classmethod
    def from_weight(
        cls,
        weight: Tensor,
        bias: Tensor | None = None,
        *,
        threshold: float | None = OUTLIER_THRESHOLD,
        compute_dtype: torch.dtype | None = None,
    ) -> Self:
        """Quantize a weight (N, K). `compute_dtype` is the weight's own dtype unless given.

        Raises:
            ValueError: as `quantize_int8` and the constructor.
        """
        codes, row_absmax = quantize_int8(weight)
        dtype = compute_dtype or weight.dtype
        return cls(codes, row_absmax, bias, threshold=threshold, compute_dtype=dtype)

    def dequantize(self, dtype: torch.dtype | None = None) -> Tensor:
        """Return the weight (N, K) in `dtype`, compute_dtype unless given."""
        return self.restore(dtype or self.compute_dtype, *self.stored())

    def forward(self, x: Tensor) -> Tensor:
        """Return x W^T + bias: (..., K) -> (..., N), in x's dtype, by `quant.int8.int8_linear`."""
        return _frozen_linear(self, x)

    def stored(self) -> tuple[Tensor, ...]:
        """Return the tensors that stand for the weight: all that autograd keeps."""
        return self.codes, self.row_absmax

    def restore(self, dtype: torch.dtype, codes: Tensor, row_absmax: Tensor) -> Tensor:
        """Return the weight (N, K) that `stored` tensors stand for."""
        return dequantize_int8(codes, row_absmax, dtype)

    def multiply(self, x: Tensor, codes: Tensor, row_absmax: Tensor) -> Tensor:
        """Return x W^T + bias for x in compute_dtype, without a graph."""
        rows = x.reshape(-1, self.in_features)
        y = int8_linear(rows, codes, row_absmax, self.bias, self.threshold)
        return y.view(*x.shape[:-1], self.out_features)

    def extra_repr(self) -> str:
        """Return the sizes and settings, for `print(model)`."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}, threshold={self.threshold}"
        )

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Move the buffers and keep their dtypes."""
        _move_buffers_(self, fn)
        return self


def _move_buffers_(module: nn.Module, fn: Callable[[Tensor], Tensor]) -> None:
    """Apply a move to each buffer, but no cast."""
    for name, old in list(module.named_buffers(recurse=False)):
        new = fn(old)
        module.register_buffer(name, new if new.dtype == old.dtype else old.to(new.device))


def _checked_bias(bias: Tensor | None, N: int, dtype: torch.dtype) -> Tensor | None:
    if bias is not None and bias.shape != (N,):
        raise ValueError(f"bias must have shape ({N},), got {tuple(bias.shape)}")
    return None if bias is None else bias.detach().to(dtype)


def _matrix_shape(weight: Tensor) -> tuple[int, int]:
    if weight.dim() != 2:
        raise ValueError(f"weight must be (out_features, in_features), got {tuple(weight.shape)}")
    return weight.shape[0], weight.shape[1]
