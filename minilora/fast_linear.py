"""Linear layers laid out for decoding: packed or 8-bit weights, several layers in one product.

A decoded token reads every weight once and multiplies a few rows by it, so what counts is bytes and
calls. :class:`PackedProduct` holds a weight in the block layout of the CPU's matrix library;
:class:`Int8Product` holds it in 8 bits; :class:`FusedLinear` lays layers that read the same input
(q, k and v; gate and up) on top of each other, with the LoRA adapters that are active on them.

Shape letters: N flat tokens, K input features, M output features, R rank.

>>> weight, x = torch.randn(6, 4), torch.randn(2, 4)
>>> torch.allclose(PackedProduct(weight)(x), x @ weight.T, atol=1e-6)
True
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minilora.lora_layer import DECODE_ROWS, FrozenLinear, LoRALinear

Weights = Literal["dense", "int8"]
WEIGHTS: tuple[Weights, ...] = ("dense", "int8")
Product = Callable[[Tensor], Tensor]  # x (N, K) -> x W^T (N, M)

AMX_ROWS = (
    32  # two tiles; 64 would be 1.4 times as quick for prompts and 1.3 times as slow for one row
)
INT8_ROWS = 16  # more rows than this: unpack to 16 bits and multiply, measured to be quicker


class AtOnce(NamedTuple):
    """How many rows a product computes at once.

    The CPU's matrix library sums a row in an order that depends on how many rows there are. By
    AVX-512 a single bfloat16 row is summed in another order than several (K = 1536: one value in
    7,000 differs in its last bit); by AMX tiles so are 1, 2, 20, 300 or 600 rows. Always
    :func:`alike_rows` of them, the last filled up, have one order, and a row's values do not depend
    on how many others there are.

    Attributes:
        least: fewer are filled up with zeros.
        most: more are computed one block after another; None: all at once.
    """

    least: int = 1
    most: int | None = None

    def __call__(self, product: Product, x: Tensor) -> Tensor:
        """Return a product of the rows of x (N, K)."""
        n = len(x)
        blocks = [x] if self.most is None else torch.split(x, self.most)
        full = [
            F.pad(block, (0, 0, 0, self.least - len(block))) if len(block) < self.least else block
            for block in blocks
        ]
        made = [product(block) for block in full]
        return (made[0] if len(made) == 1 else torch.cat(made))[:n]


ANY_ROWS = AtOnce()


def alike_rows(weight: Tensor) -> AtOnce:
    """Return the rows with which a row's values do not depend on the others, for such a weight."""
    by_tiles = weight.device.type == "cpu" and weight.dtype == torch.bfloat16
    if by_tiles and torch.cpu._is_amx_tile_supported():
        return AtOnce(AMX_ROWS, AMX_ROWS)
    return AtOnce(2)


class PackedProduct:
    """x W^T with W in the block layout of oneDNN, the CPU's matrix library; elsewhere W as it is.

    Packing once saves reordering at every call: a product of one row by a (3072, 576) bfloat16
    weight takes 0.2 ms instead of 0.3, eight rows in float32 0.4 ms instead of 0.7 (2 cores).

    Args:
        weight: (M, K).
        at_once: rows that are computed at once.
    """

    def __init__(self, weight: Tensor, at_once: AtOnce = ANY_ROWS) -> None:
        self.weight, self.at_once = weight, at_once
        self.packed = can_pack(weight)
        if self.packed:
            self.weight = torch.ops.mkldnn._reorder_linear_weight(weight)

    def __call__(self, x: Tensor) -> Tensor:
        """Return x W^T (N, M) for x (N, K) in the weight's dtype."""
        return self.at_once(self._product, x)

    def _product(self, x: Tensor) -> Tensor:
        if not self.packed:
            return F.linear(x, self.weight)
        y = torch.ops.mkldnn._linear_pointwise.default(x, self.weight, None, "none", [], "")
        return cast(Tensor, y)


def can_pack(weight: Tensor) -> bool:
    """Return whether oneDNN can hold this weight in its own layout on this machine."""
    if weight.device.type != "cpu" or not torch._C._has_mkldnn:
        return False
    if weight.dtype == torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return weight.dtype == torch.float32


class Memory:
    """Memory for many tensors in huge pages, where the system has them.

    Reading 106 MB of weights crosses 26,000 pages of 4 KB; in pages of 2 MB the products of one
    token were measured to take two thirds of the time.
    """

    CHUNK_BYTES = 32 * 2**20
    ALIGNMENT = 64  # bytes of a cache line

    def __init__(self) -> None:
        self._chunk = mmap.mmap(-1, self.ALIGNMENT)
        self._used = self.ALIGNMENT

    def hold(self, tensor: Tensor) -> Tensor:
        """Return a copy of a contiguous CPU tensor that lies in this memory."""
        if tensor.numel() == 0:
            return tensor
        start = -(-self._used // self.ALIGNMENT) * self.ALIGNMENT
        if start + tensor.nbytes > len(self._chunk):
            self._chunk, start = mmap.mmap(-1, max(self.CHUNK_BYTES, tensor.nbytes)), 0
            if hasattr(mmap, "MADV_HUGEPAGE"):
                self._chunk.madvise(mmap.MADV_HUGEPAGE)
        self._used = start + tensor.nbytes
        flat = torch.frombuffer(self._chunk, dtype=tensor.dtype, count=tensor.numel(), offset=start)
        return flat.view(tensor.shape).copy_(tensor)


class Int8Product:
    """x W^T with W in 8 bits by row: w_mk ~ scale_m c_mk, c_mk = round(w_mk / scale_m) in int8.

    The scale max_k |w_mk| / 127 is rounded to bfloat16, in which the product takes it, before the
    codes are chosen, so that this rounding adds no error. Activations are bfloat16.
    """

    def __init__(self, weight: Tensor, memory: Memory) -> None:
        if weight.device.type != "cpu":
            raise ValueError(f"int8 decoding weights need a CPU, the weight is on {weight.device}")
        wide = weight.float()
        smallest = torch.finfo(torch.bfloat16).tiny  # a row of zeros divides by this
        self.scale = (wide.abs().amax(1) / 127).clamp_min(smallest).to(torch.bfloat16)  # (M,)
        codes = (wide / self.scale.float()[:, None]).round_().to(torch.int8)
        self.codes = memory.hold(codes)  # (M, K)

    def __call__(self, x: Tensor) -> Tensor:
        """Return x W^T (N, M) in the dtype of x (N, K)."""
        if len(x) > INT8_ROWS:
            return F.linear(x, self.codes.to(x.dtype)) * self.scale.to(x.dtype)
        y = torch._weight_int8pack_mm(x.to(torch.bfloat16), self.codes, self.scale)
        return y.to(x.dtype)


def make_product(
    weight: Tensor, weights: Weights, memory: Memory, at_once: AtOnce = ANY_ROWS
) -> Product:
    """Return x -> x W^T for a weight (M, K), held as ``weights`` says."""
    if weights == "dense":
        return PackedProduct(weight, at_once)
    return Int8Product(weight, memory)


@dataclass(frozen=True)
class LowRank:
    """The adapters of fused layers: y += (x A^T) B^T, with DoRA y = gain * W x first.

    Attributes:
        A: (sum of R, K) float32 or the compute dtype, the layers' own on top of each other.
        B: (M, sum of R), block-diagonal, scaling and DoRA's gain included.
        gain: (M,), 1 where a layer has no DoRA; None where none has.
    """

    A: Tensor
    B: Tensor
    gain: Tensor | None

    def to(self, dtype: torch.dtype) -> LowRank:
        """Return the same factors in another dtype, which they then compute in for few rows too."""
        gain = None if self.gain is None else self.gain.to(dtype)
        return LowRank(self.A.to(dtype), self.B.to(dtype), gain)

    def add_(self, y: Tensor, x: Tensor, at_once: AtOnce = ANY_ROWS) -> Tensor:
        """Add the low-rank path of x (N, K) to y = W x (N, M), in place.

        A few rows are computed in the factors' own dtype, many in that of x.
        """
        A, B = self.A, self.B
        if len(x) > DECODE_ROWS or not x.is_cpu:
            A, B = A.to(x.dtype), B.to(x.dtype)
        if self.gain is not None:
            y.mul_(self.gain)
        return y.add_(at_once(lambda rows: F.linear(F.linear(rows.to(A.dtype), A), B), x))


class FusedLinear:
    """Linear layers of one input as one product.

    The weights are copied when this is made; the adapters are read by :meth:`read_adapters`.

    Args:
        layers: nn.Linear, LoRALinear or quantised layers.
        dtype: compute dtype.
        weights: how the weight is held.
        memory: where 8-bit weights lie.
        at_once: rows that are computed at once.
    """

    def __init__(
        self,
        layers: Sequence[nn.Module],
        dtype: torch.dtype,
        weights: Weights,
        memory: Memory,
        at_once: AtOnce = ANY_ROWS,
    ) -> None:
        self.layers, self.dtype, self.at_once = layers, dtype, at_once
        self.product = make_product(self.weight(), weights, memory, at_once)
        biases = [bias_of(layer) for layer in layers]
        self.bias: Tensor | None = None
        if any(bias is not None for bias in biases):
            self.bias = torch.cat(
                [
                    torch.zeros(sizes(layer)[0]) if bias is None else bias.detach().to(dtype)
                    for layer, bias in zip(layers, biases, strict=True)
                ]
            ).to(dtype)
        self.low_rank: LowRank | None = None
        self.by_rows: Sequence[tuple[slice, LowRank]] = ()  # rows of x with adapters of their own

    def __call__(self, x: Tensor) -> Tensor:
        """Return the outputs side by side, (N, M of all layers), for x (N, K).

        A prompt may come in a wider dtype than the weights are held in; the output then has it too.
        """
        if x.dtype != self.dtype and isinstance(self.product, PackedProduct):
            y = F.linear(x, self.weight().to(x.dtype))
        else:
            y = self.product(x)
        if self.low_rank is not None:
            y = self.low_rank.add_(y, x, self.at_once)
        for rows, low_rank in self.by_rows:
            low_rank.add_(y[rows], x[rows], self.at_once)
        return y if self.bias is None else y.add_(self.bias)

    def weight(self) -> Tensor:
        """Return the layers' weights on top of each other, (M, K), as they compute with them."""
        return torch.cat([dense(layer, self.dtype) for layer in self.layers])

    def read_adapters(self) -> None:
        """Take over the adapters that are active on the layers now."""
        self.low_rank = stacked_adapters(self.layers)


@torch.no_grad()
def stacked_adapters(layers: Sequence[nn.Module]) -> LowRank | None:
    """Return the adapters that are active on layers of one input, as one; None where none is."""
    parts = [_factors(layer) for layer in layers]
    if not any(len(A) for A, _, _ in parts):
        return None
    gains = [gain for _, _, gain in parts]
    gain = torch.cat(gains) if any(bool((g != 1).any()) for g in gains) else None
    B = torch.block_diag(*(B for _, B, _ in parts))  # type: ignore[no-untyped-call]
    return LowRank(torch.cat([A for A, _, _ in parts]), B, gain)


def _factors(layer: nn.Module) -> tuple[Tensor, Tensor, Tensor]:
    """Return A (R, K), scaling * gain * B (M, R) and gain (M,), float32; R = 0 without adapter."""
    M, K = sizes(layer)
    if not isinstance(layer, LoRALinear) or active_adapter(layer) is None:
        device = dense_device(layer)
        no_A, no_B = torch.zeros(0, K, device=device), torch.zeros(M, 0, device=device)
        return no_A, no_B, torch.ones(M, device=device)
    A, B, gain = layer.adapter(cast(str, layer.active)).factors(layer, torch.float32)
    if gain is None:
        return A, B, torch.ones(M, device=A.device)
    return A, gain[:, None] * B, gain


def active_adapter(layer: LoRALinear) -> str | None:
    """Return the adapter to be applied beside the weight: none where it is merged into it."""
    return layer.active if layer.merged is None else None


def dense(layer: nn.Module, dtype: torch.dtype) -> Tensor:
    """Return the layer's frozen weight (M, K), unpacked, in ``dtype``."""
    if isinstance(layer, nn.Linear):
        return layer.weight.detach().to(dtype)
    return cast(FrozenLinear, layer).dequantize(dtype).detach()


def bias_of(layer: nn.Module) -> Tensor | None:
    """Return the layer's bias (M,), or None."""
    return cast(FrozenLinear, layer).bias


def sizes(layer: nn.Module) -> tuple[int, int]:
    """Return (M, K) of a layer."""
    linear = cast(FrozenLinear, layer)
    return linear.out_features, linear.in_features


def dense_device(layer: nn.Module) -> torch.device:
    """Return where a layer's weight lives."""
    tensors = [*layer.parameters(), *layer.buffers()]
    return tensors[0].device
