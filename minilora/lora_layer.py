"""The LoRA layer: a frozen linear layer with a low-rank path beside it.

    y = W x + bias + scaling * B (A x)

W is frozen and often quantised; A (R, in) and B (out, R) are trained. B starts at zero, so a fresh
adapter changes nothing, bit for bit. rsLoRA changes `scaling`; DoRA also learns the length of every
row of the adapted weight. How a model gets such layers is `minilora.lora`'s business.

Shape letters: N flat tokens, R rank, in and out the sizes of the layer.

    >>> layer = LoRALinear(nn.Linear(8, 4, bias=False))
    >>> layer.add("default", Adapter(layer, LoRAConfig(rank=2), "q_proj"))
    >>> layer.active = "default"
    >>> x = torch.randn(3, 8)
    >>> torch.equal(layer(x), layer.base(x))
    True

Source: Hu et al. 2021, LoRA, arXiv:2106.09685; Kalajdzievski 2023, rsLoRA, arXiv:2312.03732;
Liu et al. 2024, DoRA, arXiv:2402.09353.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Protocol, cast, runtime_checkable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from minilora.lora_config import LoRAConfig

DECODE_ROWS = 32  # on a CPU; from about 64 rows the 16-bit product is as quick as the float32 one


@runtime_checkable
class FrozenLinear(Protocol):
    """What a quantised linear layer offers, such as `quant.LinearNF4` and `quant.LinearInt8`."""

    in_features: int
    out_features: int
    bias: Tensor | None

    def dequantize(self, dtype: torch.dtype | None = None) -> Tensor:
        """Return the weight (out, in) in `dtype`, by default the layer's own compute dtype."""


class Adapter(nn.Module):
    """One adapter of one layer: lora_A (R, in), lora_B (out, R), with DoRA the row lengths (out,).

    The parameters are float32 masters whatever the model computes in; `factors` casts them.
    """

    def __init__(
        self,
        layer: LoRALinear,
        config: LoRAConfig,
        layer_name: str,
        generator: torch.Generator | None = None,
    ) -> None:
        """Create an adapter for the layer of this name: A kaiming-uniform(a = sqrt 5), B zero."""
        super().__init__()
        self.name = ""
        self.config = config
        self.rank = config.rank_of(layer_name)
        self.scaling = config.scaling_of(layer_name)
        self.dropout = config.dropout
        A = torch.empty(self.rank, layer.in_features)  # drawn on the CPU: the same on every device
        nn.init.kaiming_uniform_(A, a=math.sqrt(5), generator=generator)
        device = layer.device
        self.lora_A = nn.Parameter(A.to(device))
        self.lora_B = nn.Parameter(torch.zeros(layer.out_features, self.rank, device=device))
        self.lora_magnitude_vector: nn.Parameter | None = None
        if config.use_dora:
            weight = layer.dequantize(torch.float32)
            self.lora_magnitude_vector = nn.Parameter(weight.norm(dim=1))
        self._kept: tuple[tuple[object, ...], tuple[Tensor, Tensor, Tensor | None]] | None = None

    def factors(
        self, layer: LoRALinear, dtype: torch.dtype
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """Return A (R, in) and scaling * B (out, R) in `dtype`, and DoRA's gain (out,) or None.

        With gradients they are computed anew, as part of the graph. Without, they are kept, since
        decoding asks for them at every token, until a master changes: torch counts in-place changes
        of a tensor, but not those by a fused optimiser, so a forward pass for training ends the
        keeping too.
        """
        if torch.is_grad_enabled() or self.lora_A.is_inference():
            self._kept = None
            return self._factors(layer, dtype)
        key = (dtype, *((p.data_ptr(), p._version) for p in self.parameters()))
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, self._factors(layer, dtype))
        return self._kept[1]

    def _factors(
        self, layer: LoRALinear, dtype: torch.dtype
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        A, B = self.lora_A.to(dtype), (self.lora_B * self.scaling).to(dtype)
        return A, B, self.gain(layer)

    def delta(self) -> Tensor:
        """Return scaling * B A, (out, in) float32."""
        return self.scaling * (self.lora_B @ self.lora_A)

    def gain(self, layer: LoRALinear) -> Tensor | None:
        """Return DoRA's m / ||W + scaling B A||, (out,) float32; None without DoRA.

        The length in the denominator takes no gradient (section 4.3 of the paper).
        """
        if self.lora_magnitude_vector is None:
            return None
        with torch.no_grad():
            length = (layer.dequantize(torch.float32) + self.delta()).norm(dim=1)
            length.clamp_min_(torch.finfo(torch.float32).tiny)  # a row of zeros: 0, not NaN
        return torch.div(self.lora_magnitude_vector, length)


class _LowRankSum(torch.autograd.Function):
    """Y = base(X) + (X A^T) B^T, with the gradients written out.

    One function where autograd would chain three: the backward pass adds the low-rank part into dX
    in place, and what it keeps is X, X A^T and the two small factors. The frozen weight is not kept
    but asked for again, so a quantised layer is dequantised anew.
    """

    @staticmethod
    def forward(ctx: Any, X: Tensor, A: Tensor, B: Tensor, layer: LoRALinear) -> Tensor:
        low = X @ A.t()  # (N, R)
        ctx.save_for_backward(X, A, B, low)
        ctx.layer = layer
        return cast(Tensor, layer.base(X)).addmm_(low, B.t())

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, Tensor, Tensor, None]:
        (dY,) = grads  # (N, out)
        X, A, B, low = ctx.saved_tensors
        dlow = dY @ B  # (N, R)
        dX: Tensor | None = None
        if ctx.needs_input_grad[0]:
            dX = (dY @ ctx.layer.dequantize().to(dY.dtype)).addmm_(dlow, A)  # dY W + dlow A
        return dX, dlow.t() @ X, dY.t() @ low, None


def low_rank_sum(X: Tensor, A: Tensor, B: Tensor, layer: LoRALinear) -> Tensor:
    """Return base(X) + (X A^T) B^T, (N, out), for X (N, in), A (R, in), B (out, R)."""
    return cast(Tensor, _LowRankSum.apply(X, A, B, layer))  # type: ignore[no-untyped-call]


class LoRALinear(nn.Module):
    """A frozen linear layer with named adapters, of which the one called `active` is applied.

    `base` (nn.Linear or a quantised layer) is wrapped, never changed, except between `merge` and
    `unmerge`. Only the adapters' parameters are trainable.
    """

    def __init__(self, base: nn.Module) -> None:
        super().__init__()
        if not is_linear(base):
            raise ValueError(f"LoRA wraps a linear layer, got {type(base).__name__}")
        self.base = base.requires_grad_(False)
        linear = cast(FrozenLinear, base)
        self.in_features, self.out_features = linear.in_features, linear.out_features
        self.adapters = nn.ModuleDict()
        self.active: str | None = None
        self.merged: str | None = None
        self._unmerged_weight: Tensor | None = None

    @property
    def bias(self) -> Tensor | None:
        """The bias (out,) of the frozen layer, if it has one."""
        return cast(FrozenLinear, self.base).bias

    @property
    def device(self) -> torch.device:
        """Where the frozen layer lives."""
        tensors = [*self.base.parameters(), *self.base.buffers()]
        return tensors[0].device

    def dequantize(self, dtype: torch.dtype | None = None) -> Tensor:
        """Return the frozen weight (out, in) without any adapter, by default in its own dtype."""
        if isinstance(self.base, nn.Linear):
            return self.base.weight if dtype is None else self.base.weight.to(dtype)
        return cast(FrozenLinear, self.base).dequantize(dtype)

    def adapter(self, name: str) -> Adapter:
        """Return the adapter of this name; KeyError where there is none."""
        return cast(Adapter, self.adapters[slot(name)])

    @property
    def adapter_names(self) -> list[str]:
        """The names of the layer's adapters, in the order in which they were added."""
        return [cast(Adapter, adapter).name for adapter in self.adapters.values()]

    def add(self, name: str, adapter: Adapter) -> None:
        """Give the layer an adapter; `active` stays as it is."""
        adapter.name = name
        self.adapters[slot(name)] = adapter

    def drop(self, name: str) -> None:
        """Delete the adapter of this name; if it was active, none is then."""
        del self.adapters[slot(name)]
        self.active = None if self.active == name else self.active

    def forward(self, x: Tensor) -> Tensor:
        """Return base(x) + scaling * B A x for x (..., in), in the dtype of x: (..., out).

        DoRA: gain * (W x + scaling * B A x) + bias. Dropout applies to the input of A alone.
        """
        if self.active is None or self.merged is not None:
            return cast(Tensor, self.base(x))
        adapter = self.adapter(self.active)
        X = x.reshape(-1, self.in_features)
        dtype = _factor_dtype(X)
        A, B, gain = adapter.factors(self, dtype)
        dropping = self.training and adapter.dropout > 0
        if gain is None and not dropping and dtype == x.dtype:
            Y = low_rank_sum(X, A, B, self)
        else:
            Y = cast(Tensor, self.base(X))
            if gain is not None:
                Wx = Y if self.bias is None else Y - self.bias
                Y = Y + (gain - 1).to(x.dtype) * Wx
                B = gain.to(dtype)[:, None] * B
            kept = F.dropout(X, adapter.dropout) if dropping else X
            Y = Y.add_(kept.to(dtype) @ A.t() @ B.t())
        return Y.view(*x.shape[:-1], self.out_features)

    @torch.no_grad()
    def adapted_weight(self, name: str) -> Tensor:
        """Return W + scaling * B A, with DoRA times the gain: (out, in) float32."""
        adapter = self.adapter(name)
        weight = self.dequantize(torch.float32) + adapter.delta()
        gain = adapter.gain(self)
        return weight if gain is None else gain[:, None] * weight

    def check_mergeable(self) -> None:
        """Raise ValueError where an adapter is active over a quantised layer."""
        if self.active is not None and not isinstance(self.base, nn.Linear):
            raise ValueError(
                f"cannot merge into {type(self.base).__name__}: the sum would be rounded to the "
                "quantised grid. `python -m minilora.merge` writes 16-bit weights instead"
            )

    @torch.no_grad()
    def merge(self) -> None:
        """Write the active adapter into the weight, keeping a copy of the weight as it was.

        Nothing happens where no adapter is active or it is merged already.

        Raises:
            ValueError: the frozen layer is quantised; the sum would have to be rounded to its grid.
        """
        if self.active is None or self.merged is not None:
            return
        self.check_mergeable()
        weight = cast(nn.Linear, self.base).weight
        adapted = self.adapted_weight(self.active)
        self._unmerged_weight = weight.detach().clone()
        weight.copy_(adapted)
        self.merged = self.active

    @torch.no_grad()
    def unmerge(self) -> None:
        """Restore the weight, bit for bit, from the copy that `merge` kept."""
        if self._unmerged_weight is None:
            return
        cast(nn.Linear, self.base).weight.copy_(self._unmerged_weight)
        self._unmerged_weight, self.merged = None, None

    def extra_repr(self) -> str:
        """Return the state shown when the model is printed."""
        return f"active={self.active!r}, merged={self.merged!r}"


def _factor_dtype(X: Tensor) -> torch.dtype:
    """Return what the low-rank path computes in: the dtype of X (N, in), or float32 for a few rows.

    On a CPU a 16-bit product of a few rows costs 30 us before it multiplies anything, ten times a
    whole float32 one, and decoding a token takes two of them in every layer.
    """
    decoding = not torch.is_grad_enabled() and X.is_cpu and len(X) <= DECODE_ROWS
    return torch.float32 if decoding else X.dtype


@cache
def slot(name: str) -> str:
    """Return where a ModuleDict, which takes no dots and no names of its own, holds an adapter."""
    slot = name.replace("%", "%25").replace(".", "%2E")
    return f"%{slot}" if hasattr(nn.ModuleDict(), slot) else slot


def is_linear(module: nn.Module) -> bool:
    """Return whether LoRA can wrap this module."""
    if isinstance(module, LoRALinear):
        return False
    return isinstance(module, nn.Linear | FrozenLinear)
