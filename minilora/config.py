"""Sizes and switches of a decoder, read from and written to Hugging Face's ``config.json``.

One frozen dataclass describes every family this project runs: Llama 2/3/3.1/3.2, Mistral,
Qwen2/2.5/3 and SmolLM2 differ only in the fields below.

>>> config = ModelConfig.from_hf({
...     "model_type": "llama", "vocab_size": 512, "hidden_size": 64, "intermediate_size": 128,
...     "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2})
>>> config.head_dim, config.n_heads // config.n_kv_heads, config.tie_embeddings
(16, 2, False)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FAMILIES = ("llama", "mistral", "qwen2", "qwen3")
_SIZES = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
)


@dataclass(frozen=True)
class RopeScaling:
    """How rotary frequencies are stretched beyond the trained context.

    ``kind`` is "linear" (positions divided by ``factor``) or "llama3" (low frequencies divided by
    ``factor``, high ones kept, a ramp between; Llama 3.1, section 3.4, arXiv:2407.21783).
    """

    kind: str
    factor: float
    low_freq_factor: float = 1.0
    high_freq_factor: float = 4.0
    original_max_seq_len: int = 8192

    def __post_init__(self) -> None:
        """Refuse what :func:`minilora.model.rope_frequencies` cannot compute."""
        if self.kind not in ("linear", "llama3"):
            raise ValueError(f"rope scaling {self.kind!r} is not supported (linear, llama3 are)")
        if self.factor < 1.0:
            raise ValueError(f"rope scaling factor must be at least 1, got {self.factor}")
        if self.low_freq_factor >= self.high_freq_factor:
            raise ValueError(
                f"rope scaling needs low_freq_factor below high_freq_factor, got "
                f"{self.low_freq_factor} and {self.high_freq_factor}"
            )


@dataclass(frozen=True)
class ModelConfig:
    """Everything that decides the shapes and the arithmetic of a decoder."""

    family: str
    vocab_size: int
    d_model: int
    n_layers: int
    n_heads: int
    n_kv_heads: int
    head_dim: int
    d_ff: int
    max_seq_len: int = 2048
    rope_theta: float = 10_000.0
    rope_scaling: RopeScaling | None = None
    norm_eps: float = 1e-5
    tie_embeddings: bool = False
    qkv_bias: bool = False
    o_bias: bool = False
    mlp_bias: bool = False
    qk_norm: bool = False
    sliding_window: int | None = None

    def __post_init__(self) -> None:
        """Check that the sizes fit together."""
        if self.family not in FAMILIES:
            raise ValueError(f"model family {self.family!r} is not one of {', '.join(FAMILIES)}")
        if self.n_heads % self.n_kv_heads:
            raise ValueError(
                f"{self.n_heads} query heads cannot share {self.n_kv_heads} key/value heads evenly"
            )
        if self.head_dim % 2:
            raise ValueError(f"head_dim must be even for rotary positions, got {self.head_dim}")

    @classmethod
    def from_hf(cls, hf: Mapping[str, Any]) -> ModelConfig:
        """Return the configuration that a Hugging Face ``config.json`` describes.

        Args:
            hf: the parsed file; both the old spelling (``rope_theta``, ``rope_scaling``) and the
                newer one (``rope_parameters``) are read.

        Raises:
            ValueError: unknown family, activation, rope type or per-layer attention pattern, or a
                size that is missing.
        """
        family = str(hf.get("model_type", ""))
        if family not in FAMILIES:
            raise ValueError(f"model family {family!r} is not one of {', '.join(FAMILIES)}")
        if (activation := hf.get("hidden_act", "silu")) != "silu":
            raise ValueError(f"activation {activation!r} is not supported, only silu is")
        if missing := [name for name in _SIZES if hf.get(name) is None]:
            raise ValueError(f"the model's configuration does not say its {', '.join(missing)}")
        n_heads, d_model = int(hf["num_attention_heads"]), int(hf["hidden_size"])
        own_head_dim = 128 if family == "qwen3" else d_model // n_heads
        rope = {**(hf.get("rope_scaling") or {}), **(hf.get("rope_parameters") or {})}
        attention_bias = bool(hf.get("attention_bias", False))
        return cls(
            family=family,
            vocab_size=int(hf["vocab_size"]),
            d_model=d_model,
            n_layers=int(hf["num_hidden_layers"]),
            n_heads=n_heads,
            n_kv_heads=int(hf.get("num_key_value_heads") or n_heads),
            head_dim=int(hf.get("head_dim") or own_head_dim),
            d_ff=int(hf["intermediate_size"]),
            max_seq_len=int(hf.get("max_position_embeddings", 2048)),
            rope_theta=float(hf.get("rope_theta") or rope.get("rope_theta") or 10_000.0),
            rope_scaling=_rope_scaling(rope),
            norm_eps=float(hf.get("rms_norm_eps", 1e-6)),
            tie_embeddings=bool(hf.get("tie_word_embeddings", False)),
            qkv_bias=attention_bias or family == "qwen2",
            o_bias=attention_bias,
            mlp_bias=bool(hf.get("mlp_bias", False)),
            qk_norm=family == "qwen3",
            sliding_window=_sliding_window(family, hf),
        )

    def to_hf(self) -> dict[str, Any]:
        """Return the ``config.json`` that transformers needs to rebuild this model."""
        rope: dict[str, Any] | None = None
        if self.rope_scaling is not None:
            rope = {"rope_type": self.rope_scaling.kind, "factor": self.rope_scaling.factor}
            if self.rope_scaling.kind == "llama3":
                rope["low_freq_factor"] = self.rope_scaling.low_freq_factor
                rope["high_freq_factor"] = self.rope_scaling.high_freq_factor
                rope["original_max_position_embeddings"] = self.rope_scaling.original_max_seq_len
        hf = {
            "architectures": [f"{self.family.capitalize()}ForCausalLM"],
            "model_type": self.family,
            "vocab_size": self.vocab_size,
            "hidden_size": self.d_model,
            "num_hidden_layers": self.n_layers,
            "num_attention_heads": self.n_heads,
            "num_key_value_heads": self.n_kv_heads,
            "head_dim": self.head_dim,
            "intermediate_size": self.d_ff,
            "max_position_embeddings": self.max_seq_len,
            "rope_theta": self.rope_theta,
            "rope_scaling": rope,
            "rms_norm_eps": self.norm_eps,
            "tie_word_embeddings": self.tie_embeddings,
            "hidden_act": "silu",
        }
        if self.family == "llama":
            hf |= {"attention_bias": self.o_bias, "mlp_bias": self.mlp_bias}
        if self.family == "qwen3":
            hf["attention_bias"] = self.o_bias
        if self.family == "mistral" or self.sliding_window is not None:
            hf["sliding_window"] = self.sliding_window
        if self.family.startswith("qwen"):
            hf["use_sliding_window"] = self.sliding_window is not None
            hf["max_window_layers"] = 0
        return hf


def _rope_scaling(rope: Mapping[str, Any]) -> RopeScaling | None:
    if rope.get("partial_rotary_factor", 1.0) != 1.0:
        raise ValueError(
            f"rotary positions on a part of each head ({rope['partial_rotary_factor']}) are not "
            "supported"
        )
    kind = rope.get("rope_type", rope.get("type", "default"))
    if kind == "default":
        return None
    if kind in ("linear", "llama3") and rope.get("factor") is None:
        raise ValueError(f"rope scaling {kind!r} has no factor")
    return RopeScaling(
        kind=str(kind),
        factor=float(rope.get("factor") or 1.0),
        low_freq_factor=float(rope.get("low_freq_factor", 1.0)),
        high_freq_factor=float(rope.get("high_freq_factor", 4.0)),
        original_max_seq_len=int(rope.get("original_max_position_embeddings", 8192)),
    )


def _sliding_window(family: str, hf: Mapping[str, Any]) -> int | None:
    """Return the window of a model that uses the same one in every layer, else None.

    What a file leaves out has the value that transformers gives it.
    """
    if family == "llama":
        return None
    window = hf.get("sliding_window", 4096)
    if window is None or (family != "mistral" and not hf.get("use_sliding_window", False)):
        return None
    n_layers = int(hf["num_hidden_layers"])
    kinds = hf.get("layer_types")
    if kinds is None:
        first = 0 if family == "mistral" else int(hf.get("max_window_layers", 28))
        kinds = ["sliding_attention" if i >= first else "full_attention" for i in range(n_layers)]
    if set(kinds) == {"full_attention"}:
        return None
    if set(kinds) != {"sliding_attention"}:
        raise ValueError(
            f"a sliding window in only {list(kinds).count('sliding_attention')} of {n_layers} "
            "layers is not supported"
        )
    return int(window)
