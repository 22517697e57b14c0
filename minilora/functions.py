"""Three element-wise operations whose gradients are written out, to keep less for the backward.

Autograd would keep every intermediate; here each function keeps its inputs and computes the rest
again. They are the torch reference for kernels of the same names.

>>> x = torch.randn(4, 8, dtype=torch.float64, requires_grad=True)
>>> torch.autograd.gradcheck(lambda x: rms_norm(x, torch.ones(8, dtype=torch.float64), 1e-6), x)
True
"""

from __future__ import annotations

from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Return x / sqrt(mean(x^2) + eps) * weight for x (..., D), the mean taken in float32.

    Source: Zhang & Sennrich 2019, arXiv:1910.07467.
    """
    return cast(Tensor, _RMSNorm.apply(x, weight, eps))  # type: ignore[no-untyped-call]


class _RMSNorm(torch.autograd.Function):
    """With n = x r, r = 1 / sqrt(mean(x^2) + eps): dx = r (g - n mean(g n)), g = dy * weight."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        wide = _wide(x)
        r = torch.rsqrt(wide.square().mean(-1, keepdim=True) + eps)
        ctx.save_for_backward(x, weight, r)
        return (wide * r).to(x.dtype) * weight

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor | None, None]:
        (dy,) = grads
        x, weight, r = ctx.saved_tensors
        n = _wide(x) * r
        dweight = (_wide(dy) * n).flatten(0, -2).sum(0) if ctx.needs_input_grad[1] else None
        g = _wide(dy) * weight
        dx = torch.addcmul(g, n, (g * n).mean(-1, keepdim=True), value=-1).mul_(r)
        return dx.to(x.dtype), dweight, None


def swiglu(gate: Tensor, up: Tensor) -> Tensor:
    """Return silu(gate) * up, all (..., F). Source: Shazeer 2020, arXiv:2002.05202."""
    return cast(Tensor, _SwiGLU.apply(gate, up))  # type: ignore[no-untyped-call]


class _SwiGLU(torch.autograd.Function):
    """silu(g) = g s, s = sigmoid(g); silu'(g) = s (1 + g (1 - s))."""

    @staticmethod
    def forward(ctx: Any, gate: Tensor, up: Tensor) -> Tensor:
        ctx.save_for_backward(gate, up)
        return F.silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor]:
        (dy,) = grads
        gate, up = ctx.saved_tensors
        dgate = torch.ops.aten.silu_backward(dy * up, gate)
        return dgate, F.silu(gate).mul_(dy)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Return x (N, heads, Dh) turned by its positions' angles, cos and sin (N, Dh / 2).

    The pairs are (i, i + Dh / 2), Hugging Face's layout:
    [x1, x2] -> [x1 cos - x2 sin, x2 cos + x1 sin].

    Source: Su et al. 2021, RoFormer, arXiv:2104.09864.
    """
    return cast(Tensor, _Rotate.apply(x, cos[:, None], sin[:, None]))  # type: ignore[no-untyped-call]


class _Rotate(torch.autograd.Function):
    """The gradient of a rotation is the rotation the other way."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        ctx.save_for_backward(cos, sin)
        return _turn(x, cos, sin)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        cos, sin = ctx.saved_tensors
        return _turn(grads[0], cos, -sin), None, None


def _turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = x.shape[-1] // 2
    x1, x2 = x[..., :half], x[..., half:]
    out = torch.empty_like(x)
    torch.addcmul(x1 * cos, x2, sin, value=-1, out=out[..., :half])
    torch.addcmul(x2 * cos, x1, sin, out=out[..., half:])
    return out


def _wide(x: Tensor) -> Tensor:
    """Return x in float32, or as it is where that is at least as wide."""
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
