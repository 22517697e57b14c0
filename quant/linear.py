"""Linear layers over a frozen quantized weight: what LoRA adapters are trained on top of.

    y = x W^T + bias        dL/dx = dL/dy W        W = dequantize(packed)

W is made when it is needed and dropped at once, in the forward pass and again in the backward pass. What
autograd keeps between them is the packed weight that the layer holds anyway: no activation (W has no
gradient) and no second copy. There is no parameter in these layers; everything is a buffer.

Shape letters: N output features, K input features.

Source: Dettmers et al. 2023, QLoRA, equations 5 and 6, arXiv:2305.14314.

>>> layer = LinearNF4.from_weight(torch.eye(2, 64), compute_dtype=torch.float32)
>>> layer
LinearNF4(in_features=64, out_features=2, bias=False, blocksize=64, double_quant=False)
>>> x = torch.ones(1, 64, requires_grad=True)
>>> layer(x).tolist()
[[1.0, 1.0]]
>>> layer(x).sum().backward(); x.grad.sum()
tensor(2.)
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from quant.backend import Backend, choose
from quant.nf4 import (
    NestedAbsmax,
    check_packed,
    dequantize_absmax,
    dequantize_nf4,
    quantize_absmax,
    quantize_nf4,
)


class _FrozenLinear(torch.autograd.Function):
    """y = x W^T + bias for a weight that is made again from `stored` in each direction."""

    @staticmethod
    def forward(
        ctx: FunctionCtx,
        x: Tensor,
        bias: Tensor | None,
        restore: Callable[..., Tensor],
        *stored: Tensor,
    ) -> Tensor:
        ctx.restore = restore
        ctx.save_for_backward(*stored)
        return nn.functional.linear(x, restore(*stored), bias)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor | None, ...]:
        stored = ctx.saved_tensors
        weight = ctx.restore(*stored).to(grad.dtype)
        return grad @ weight, None, None, *(None for _ in stored)


class LinearNF4(nn.Module):
    """A frozen linear layer whose weight is stored in NF4.

    Buffers: packed (ceil(N * K / 2),) uint8, and either absmax (B,) float32 or, with double quantization,
    absmax_codes (B,) uint8, nested_absmax (ceil(B / 256),) float32 and nested_offset () float32; bias (N,) in
    compute_dtype or None. The float32 statistics stay float32 whatever the module is cast to.
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
        """Take a weight that is already packed; see `from_weight` for one that is not.

        Args:
            packed: (ceil(N * K / 2),) uint8.
            absmax: (B,) float32, or its nested form.
            shape: (N, K) of the weight.
            bias: (N,) or None.
            blocksize: as the weight was quantized.
            compute_dtype: dtype of the matmul and of the weight during it.
            backend: see `quant.backend`.

        Raises:
            ValueError: sizes that do not belong together, or a backend that cannot run here.
        """
        super().__init__()
        self.out_features, self.in_features = shape
        if bias is not None and bias.shape != (self.out_features,):
            raise ValueError(f"bias must be ({self.out_features},), got {tuple(bias.shape)}")
        self.blocksize = blocksize
        self.compute_dtype = compute_dtype
        self.double_quant = isinstance(absmax, NestedAbsmax)
        self.requested_backend = backend
        self.backend = choose(backend, packed.device.type).name
        self.register_buffer("packed", packed.detach().reshape(-1))
        if isinstance(absmax, NestedAbsmax):
            self.register_buffer("absmax_codes", absmax.codes.detach().reshape(-1))
            self.register_buffer("nested_absmax", absmax.absmax.detach())
            self.register_buffer("nested_offset", absmax.offset.detach())
            check_packed(packed, dequantize_absmax(absmax), shape, compute_dtype, blocksize)
        else:
            self.register_buffer("absmax", absmax.detach())
            check_packed(packed, absmax, shape, compute_dtype, blocksize)
        self.register_buffer("bias", None if bias is None else bias.detach().to(compute_dtype))

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
    ) -> "LinearNF4":
        """Quantize a weight (N, K) and wrap it. `compute_dtype` is the weight's own dtype unless given.

        Raises:
            ValueError: as `quantize_nf4` and the constructor do, or a weight that is not a matrix.
        """
        if weight.dim() != 2:
            raise ValueError(
                f"weight must be (out_features, in_features), got {tuple(weight.shape)}"
            )
        N, K = weight.shape
        packed, absmax = quantize_nf4(weight, blocksize)
        return cls.from_packed(
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
    ) -> "LinearNF4":
        """Wrap a weight that is already packed, as a ready-made 4-bit checkpoint holds it; see the constructor."""
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
        return self._restore(*self.stored(), dtype=dtype)

    def stored(self) -> tuple[Tensor, ...]:
        """Return the tensors that stand for the weight: what autograd keeps, and all it keeps."""
        if self.double_quant:
            return self.packed, self.absmax_codes, self.nested_absmax, self.nested_offset
        return self.packed, self.absmax

    def forward(self, x: Tensor) -> Tensor:
        """Return x W^T + bias: (..., K) -> (..., N), in x's dtype, computed in compute_dtype."""
        y: Tensor = _FrozenLinear.apply(
            x.to(self.compute_dtype), self.bias, self._restore, *self.stored()
        )
        return y.to(x.dtype)

    def _restore(
        self, packed: Tensor, *statistics: Tensor, dtype: torch.dtype | None = None
    ) -> Tensor:
        absmax = (
            dequantize_absmax(NestedAbsmax(*statistics)) if self.double_quant else statistics[0]
        )
        shape, dtype = (self.out_features, self.in_features), dtype or self.compute_dtype
        return dequantize_nf4(packed, absmax, shape, dtype, self.blocksize)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "LinearNF4":
        """Move or cast the buffers, but keep float32 statistics float32, and choose again on another device."""
        before = {name: b for name, b in self.named_buffers(recurse=False) if name != "bias"}
        super()._apply(fn, recurse)
        for name, old in before.items():
            if self._buffers[name].dtype != old.dtype:
                self._buffers[name] = old.to(self._buffers[name].device)
        self.backend = choose(self.requested_backend, self.packed.device.type).name
        return self

    def extra_repr(self) -> str:
        """Return the sizes and settings, for `print(model)`."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}, "
            f"blocksize={self.blocksize}, double_quant={self.double_quant}"
        )
