"""The decoder's forward pass without gradients, with as few calls a layer as possible.

Equal to :class:`minilora.model.Llama`, which is the definition, up to rounding. The ways in which
it is faster: q, k and v are one product, gate and up another; queries and keys are rotated at once;
the norms are torch's own; where the processor multiplies float32 faster than bfloat16, prompts are
computed in it. While a model is ``unpacked`` (:mod:`minilora.decode_weights`), this computes.

Shape letters: N flat tokens, D d_model, H query heads, Hkv key/value heads, Dh head_dim, F d_ff,
V vocabulary.
"""

from __future__ import annotations

from functools import cache
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minilora.attention import Attend
from minilora.config import ModelConfig
from minilora.fast_linear import (
    ANY_ROWS,
    AtOnce,
    FusedLinear,
    Memory,
    Weights,
    active_adapter,
    alike_rows,
    make_product,
)
from minilora.lora_layer import LoRALinear
from minilora.model import DecoderLayer, Llama, rope_frequencies
from minilora.precision import compute_dtype

WIDE_ROWS = 64  # from this many tokens a weight is worth converting to float32


class FastModel:
    """A copy of a model's weights, laid out for decoding.

    The adapter that is active may be switched at any time; weights and the adapters' values are
    those of the time when they were first used.

    Args:
        model: is read, not changed.
        weights: "dense", the values the layers compute with; "int8", rounded to 8 bits by row,
            output head included.
        alike: the values of a token do not depend on how many are computed at once (bfloat16 on a
            CPU: to the bit); prompts are then not computed in float32 where that is faster.
    """

    def __init__(self, model: Llama, weights: Weights, alike: bool = False) -> None:
        self.dtype = dtype = model.embed_tokens.weight.dtype
        memory = Memory()
        at_once = alike_rows(model.embed_tokens.weight) if alike else ANY_ROWS
        self.embedding = model.embed_tokens.weight.detach()  # (V, D)
        self.frequencies = rope_frequencies(model.config).to(self.embedding.device)  # (Dh / 2,)
        self.layers = [
            FastLayer(cast(DecoderLayer, layer), model.config, dtype, weights, memory, at_once)
            for layer in model.layers
        ]
        self.norm = model.norm.weight.detach()
        self.norm_eps = model.config.norm_eps
        self.head = make_product(model.head_weight.detach(), weights, memory, at_once)
        on_cpu = dtype == torch.bfloat16 and self.embedding.is_cpu
        self.wide = not alike and on_cpu and float32_is_faster()
        self._wrapped = [m for m in model.layers.modules() if isinstance(m, LoRALinear)]
        self._active: list[str | None] = []

    def hidden(self, tokens: Tensor, positions: Tensor, attend: Attend) -> Tensor:
        """Return the normed last hidden states (N, D), as ``Llama.hidden``."""
        self._follow_adapters()
        x = F.embedding(tokens, self.embedding)  # (N, D)
        if self.wide and len(x) >= WIDE_ROWS:
            x = x.float()
        angle = positions[:, None].float() * self.frequencies  # (N, Dh / 2)
        cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
        cos = torch.cat([cos, cos], -1)[:, None]  # (N, 1, Dh)
        sin = torch.cat([-sin, sin], -1)[:, None]
        for layer in self.layers:
            x = layer(x, cos, sin, attend)
        return rms_norm(x, self.norm, self.norm_eps).to(self.dtype)

    def logits(self, hidden: Tensor) -> Tensor:
        """Return logits (..., V) of hidden states (..., D)."""
        flat = self.head(hidden.reshape(-1, hidden.shape[-1]))
        return flat.view(*hidden.shape[:-1], -1)

    def _follow_adapters(self) -> None:
        """Take over which adapters are active, if that has changed."""
        active = [active_adapter(layer) for layer in self._wrapped]
        if active != self._active:
            for layer in self.layers:
                layer.read_adapters()
            self._active = active


class FastLayer:
    """One decoder layer; see :class:`minilora.model.DecoderLayer`."""

    def __init__(
        self,
        layer: DecoderLayer,
        config: ModelConfig,
        dtype: torch.dtype,
        weights: Weights,
        memory: Memory,
        at_once: AtOnce,
    ) -> None:
        attn = layer.self_attn
        self.index = attn.index
        self.n_heads, self.head_dim = config.n_heads, config.head_dim
        self.n_turned = config.n_heads + config.n_kv_heads  # heads with a rotary position
        self.d_ff, self.norm_eps = config.d_ff, config.norm_eps
        self.input_norm = layer.input_layernorm.weight.detach()
        self.mlp_norm = layer.post_attention_layernorm.weight.detach()
        self.linears = [FusedLinear(same, dtype, weights, memory, at_once) for same in fused(layer)]
        self.qkv, self.o, self.gate_up, self.down = self.linears
        self.qk_norm: Tensor | None = None  # (H + Hkv, Dh)
        if attn.q_norm is not None and attn.k_norm is not None:
            q, k = attn.q_norm.weight.detach(), attn.k_norm.weight.detach()
            self.qk_norm = torch.cat(
                [q.expand(config.n_heads, -1), k.expand(config.n_kv_heads, -1)]
            )

    def read_adapters(self) -> None:
        """Take over the adapters that are active now."""
        for linear in self.linears:
            linear.read_adapters()

    def __call__(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Attend) -> Tensor:
        """Return (N, D) from (N, D); cos is (N, 1, Dh), sin too, its first half negative."""
        N, _ = x.shape
        qkv = self.qkv(rms_norm(x, self.input_norm, self.norm_eps))
        qkv = qkv.view(N, -1, self.head_dim)  # (N, H + 2 Hkv, Dh)
        qk, v = qkv[:, : self.n_turned], qkv[:, self.n_turned :]
        if self.qk_norm is not None:
            qk = F.rms_norm(qk, (self.head_dim,), None, self.norm_eps) * self.qk_norm
        # [x1, x2] cos + [x2, x1] [-sin, sin]: the rotation of `functions.rotate`
        qk = torch.addcmul(qk * cos, qk.roll(self.head_dim // 2, -1), sin)
        out = attend(self.index, qk[:, : self.n_heads], qk[:, self.n_heads :], v)
        x = x + self.o(out.reshape(N, -1))
        gate_up = self.gate_up(rms_norm(x, self.mlp_norm, self.norm_eps))  # (N, 2 F)
        gated = F.silu(gate_up[:, : self.d_ff]).mul_(gate_up[:, self.d_ff :])
        return x + self.down(gated)


def fused(layer: DecoderLayer) -> list[list[nn.Module]]:
    """Return a layer's linears, those that read the same input together."""
    attn, mlp = layer.self_attn, layer.mlp
    return [
        [attn.q_proj, attn.k_proj, attn.v_proj],
        [attn.o_proj],
        [mlp.gate_proj, mlp.up_proj],
        [mlp.down_proj],
    ]


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Return `functions.rms_norm` in x's dtype, without a gradient, rounded once."""
    return F.rms_norm(x, weight.shape, weight.to(x.dtype), eps)


@cache
def float32_is_faster() -> bool:
    """Return whether this processor multiplies large float32 matrices faster than bfloat16."""
    dtype, _ = compute_dtype("cpu")
    return dtype == torch.float32
