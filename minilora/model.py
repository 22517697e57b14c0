"""The decoder: Llama 2/3/3.1/3.2, Mistral, Qwen2/2.5/3 and SmolLM2 in one file.

The module tree carries Hugging Face's names without the leading ``model.``
(``layers.0.self_attn.q_proj``), so weights and adapters map by name. Tokens are flat: N tokens with
their positions, however many rows they belong to; a layout (:mod:`minilora.attention`,
:mod:`minilora.cache`) says which keys each one sees.

Shape letters: N flat tokens, B rows, T tokens a row, D d_model, H query heads, Hkv key/value heads,
Dh head_dim, F d_ff, V vocabulary.

Paper: Touvron et al. 2023, Llama 2, arXiv:2307.09288.

>>> config = ModelConfig("llama", vocab_size=32, d_model=16, n_layers=1, n_heads=2, n_kv_heads=1,
...                      head_dim=8, d_ff=32)
>>> Llama(config)(torch.tensor([[1, 2, 3]])).shape
torch.Size([1, 3, 32])
"""

from __future__ import annotations

import math
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from minilora.attention import Attend, Group, GroupedRows
from minilora.config import ModelConfig, RopeScaling
from minilora.embedding import embedding
from minilora.functions import rms_norm, rotate, swiglu


class StandIn(Protocol):
    """What computes in the model's place where no gradient is asked for: same values, faster."""

    def hidden(self, tokens: Tensor, positions: Tensor, attend: Attend) -> Tensor:
        """Return what ``Llama.hidden`` returns."""

    def logits(self, hidden: Tensor) -> Tensor:
        """Return what ``Llama.logits`` returns."""


class Llama(nn.Module):
    """A decoder-only transformer; every linear in ``layers`` may be replaced by a quantised one.

    Attributes:
        config: its sizes.
        checkpoint_activations: recompute each layer in the backward pass instead of keeping it.
        fast: stands in while decoding (:mod:`minilora.decode_weights`), or None.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.checkpoint_activations = False
        self.fast: StandIn | None = None
        self.embed_tokens = embedding(config.vocab_size, config.d_model)
        self.layers = nn.ModuleList(DecoderLayer(config, i) for i in range(config.n_layers))
        self.norm = RMSNorm(config.d_model, config.norm_eps)
        self.lm_head = (
            None
            if config.tie_embeddings
            else nn.Linear(config.d_model, config.vocab_size, bias=False)
        )

    def hidden(self, tokens: Tensor, positions: Tensor, attend: Attend) -> Tensor:
        """Return the normed last hidden states (N, D) of tokens (N,) int64 at positions (N,)."""
        if self.fast is not None and not torch.is_grad_enabled():
            return self.fast.hidden(tokens, positions, attend)
        x = self.embed_tokens(tokens)  # (N, D)
        cos, sin = rope_tables(self.config, positions, x.dtype)
        for layer in self.layers:
            if self.checkpoint_activations and torch.is_grad_enabled():
                x = checkpoint(layer, x, cos, sin, attend, use_reentrant=False)
            else:
                x = layer(x, cos, sin, attend)
        normed: Tensor = self.norm(x)
        return normed

    @property
    def head_weight(self) -> Tensor:
        """The output head (V, D): its own matrix, or the embedding where the two are tied."""
        return self.embed_tokens.weight if self.lm_head is None else self.lm_head.weight

    def logits(self, hidden: Tensor) -> Tensor:
        """Return logits (..., V) of hidden states (..., D): call it only where they are needed."""
        if self.fast is not None and not torch.is_grad_enabled():
            return self.fast.logits(hidden)
        return F.linear(hidden, self.head_weight)

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return logits (B, T, V) of a batch of rows, padded on either side or not at all.

        Padding is left out of the computation, so a row's logits are those of the row alone.

        Args:
            tokens: (B, T) int64.
            mask: (B, T) bool, True where a token is real and False where it is padding (its
                logits are zeros); None where there is no padding.

        Raises:
            ValueError: a row without tokens, or a mask of another shape or dtype.
        """
        B, T = tokens.shape
        if mask is None:
            mask = torch.ones_like(tokens, dtype=torch.bool)
        if mask.shape != tokens.shape or mask.dtype != torch.bool:
            raise ValueError(
                f"mask must be bool {(B, T)} as the tokens, it is {mask.dtype} {tuple(mask.shape)}"
            )
        lengths = tuple(int(n) for n in mask.sum(1))
        layout = GroupedRows([Group(0, lengths)], self.config.sliding_window, tokens.device)
        flat = self.logits(self.hidden(tokens[mask], layout.positions, layout))  # (N, V)
        out = flat.new_zeros(B, T, flat.shape[-1])
        out[mask] = flat
        return out


class DecoderLayer(nn.Module):
    """x + Attention(norm(x)), then x + MLP(norm(x))."""

    def __init__(self, config: ModelConfig, index: int) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(config.d_model, config.norm_eps)
        self.self_attn = SelfAttention(config, index)
        self.post_attention_layernorm = RMSNorm(config.d_model, config.norm_eps)
        self.mlp = MLP(config)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Attend) -> Tensor:
        """Return (N, D) from (N, D)."""
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, attend)
        out: Tensor = x + self.mlp(self.post_attention_layernorm(x))
        return out


class SelfAttention(nn.Module):
    """Projections and rotary positions around a layout's attention."""

    def __init__(self, config: ModelConfig, index: int) -> None:
        super().__init__()
        D, Dh = config.d_model, config.head_dim
        self.index, self.head_dim = index, Dh
        self.q_proj = nn.Linear(D, config.n_heads * Dh, bias=config.qkv_bias)
        self.k_proj = nn.Linear(D, config.n_kv_heads * Dh, bias=config.qkv_bias)
        self.v_proj = nn.Linear(D, config.n_kv_heads * Dh, bias=config.qkv_bias)
        self.o_proj = nn.Linear(config.n_heads * Dh, D, bias=config.o_bias)
        self.q_norm = RMSNorm(Dh, config.norm_eps) if config.qk_norm else None
        self.k_norm = RMSNorm(Dh, config.norm_eps) if config.qk_norm else None

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Attend) -> Tensor:
        """Return (N, D) from (N, D); cos and sin are (N, Dh)."""
        N, _ = x.shape
        q = self.q_proj(x).view(N, -1, self.head_dim)  # (N, H, Dh)
        k = self.k_proj(x).view(N, -1, self.head_dim)  # (N, Hkv, Dh)
        v = self.v_proj(x).view(N, -1, self.head_dim)
        if self.q_norm is not None and self.k_norm is not None:
            q, k = self.q_norm(q), self.k_norm(k)
        out = attend(self.index, rotate(q, cos, sin), rotate(k, cos, sin), v)
        projected: Tensor = self.o_proj(out.reshape(N, -1))
        return projected


class MLP(nn.Module):
    """SwiGLU: down(silu(gate(x)) * up(x)). Source: Shazeer 2020, arXiv:2002.05202."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.d_model, config.d_ff, bias=config.mlp_bias)
        self.up_proj = nn.Linear(config.d_model, config.d_ff, bias=config.mlp_bias)
        self.down_proj = nn.Linear(config.d_ff, config.d_model, bias=config.mlp_bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, D) from (N, D)."""
        down: Tensor = self.down_proj(swiglu(self.gate_proj(x), self.up_proj(x)))
        return down


class RMSNorm(nn.Module):
    """x / sqrt(mean(x^2) + eps) * weight, the mean taken in float32.

    Source: Zhang & Sennrich 2019, arXiv:1910.07467.
    """

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of x's shape (..., size) and dtype."""
        return rms_norm(x, self.weight, self.eps)


def rope_frequencies(config: ModelConfig) -> Tensor:
    """Return the Dh / 2 rotary frequencies in radians a position, float32.

    f_i = theta^(-2i / Dh), stretched as ``config.rope_scaling`` says.

    Source: Su et al. 2021, RoFormer, arXiv:2104.09864; llama3 scaling: arXiv:2407.21783.
    """
    exponent = torch.arange(0, config.head_dim, 2, dtype=torch.float32) / config.head_dim
    frequency = 1.0 / config.rope_theta**exponent
    scaling = config.rope_scaling
    if scaling is None:
        return frequency
    if scaling.kind == "linear":
        return frequency / scaling.factor
    return _llama3_frequencies(frequency, scaling)


def _llama3_frequencies(frequency: Tensor, scaling: RopeScaling) -> Tensor:
    """Keep wavelengths short against the old context, stretch long ones, blend those between."""
    wavelength = 2 * math.pi / frequency
    turns = scaling.original_max_seq_len / wavelength  # turns within the old context
    low, high = scaling.low_freq_factor, scaling.high_freq_factor
    kept = ((turns - low) / (high - low)).clamp(0.0, 1.0)
    return (1 - kept) * frequency / scaling.factor + kept * frequency


def rope_tables(
    config: ModelConfig, positions: Tensor, dtype: torch.dtype
) -> tuple[Tensor, Tensor]:
    """Return cos and sin, each (N, Dh / 2) in ``dtype``, of the angles position * frequency."""
    angle = positions[:, None].float() * rope_frequencies(config).to(positions.device)
    return angle.cos().to(dtype), angle.sin().to(dtype)
