"""What a GGUF file of the Llama family means: configuration, tensor names, rotary layout.

Two things in such a file differ from Hugging Face's layout and are undone here. Converters for the
``llama`` architecture interleave the rows of the q and k projections, since ggml rotates
neighbouring pairs (2i, 2i + 1) where :func:`minilora.model.rotate` rotates (i, i + Dh / 2). And
Llama 3's rope scaling is stored as a tensor of per-frequency divisors instead of four numbers.

>>> rows = torch.arange(8).view(8, 1)                     # one head, Dh = 8
>>> interleaved = rows.view(1, 2, 4, 1).transpose(1, 2).reshape(8, 1)
>>> interleaved.flatten().tolist()
[0, 4, 1, 5, 2, 6, 3, 7]
>>> torch.equal(uninterleave_heads(interleaved, n_heads=1), rows)
True
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from minilora.checkpoint import Checkpoint, WeightsError, sample_bytes
from minilora.config import ModelConfig, RopeScaling
from minilora.gguf_file import GGUFFile
from minilora.model import rope_frequencies

ARCHITECTURES = ("llama", "mistral", "qwen2", "qwen3")

_LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_OUTER_NAMES = {
    "token_embd.weight": "embed_tokens.weight",
    "output_norm.weight": "norm.weight",
    "output.weight": "lm_head.weight",
}
_ROPE_FACTORS = "rope_freqs.weight"


def gguf_checkpoint(
    path: Path, source: str | None = None, fingerprint: str | None = None
) -> Checkpoint:
    """Return the checkpoint of a GGUF file.

    Args:
        path: the file.
        source: what to call it in reports; the path by default.
        fingerprint: if already known (the first 16 hex digits of a sha256 that was checked).

    Raises:
        WeightsError: not a GGUF file, half-written, or of an unsupported architecture.
    """
    file = GGUFFile(path)
    try:
        config = gguf_config(file)
    except (KeyError, ValueError) as error:
        text = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise WeightsError(f"{path}: {text}") from error
    gguf_names = {_our_name(name): name for name in file.tensors if name != _ROPE_FACTORS}
    interleaved = file.metadata["general.architecture"] in ("llama", "mistral")

    def read(name: str) -> Tensor:
        weight = file.read(gguf_names[name])
        if not interleaved or not re.search(r"\.[qk]_proj\.", name):
            return weight
        n_heads = config.n_heads if ".q_proj." in name else config.n_kv_heads
        return uninterleave_heads(weight, n_heads)

    return Checkpoint(
        config=config,
        shapes={ours: file.tensors[name].shape for ours, name in gguf_names.items()},
        read=read,
        tokenizer_path=path,
        source=source or str(path),
        fingerprint=fingerprint or _fingerprint(file),
    )


def gguf_config(file: GGUFFile) -> ModelConfig:
    """Return the model configuration that a GGUF file's metadata describes.

    Raises:
        ValueError: an architecture outside ``ARCHITECTURES``, or a rope scaling not understood.
        KeyError: a size is missing.
    """
    metadata = file.metadata
    arch = str(metadata["general.architecture"])
    if arch not in ARCHITECTURES:
        raise ValueError(f"GGUF architecture {arch!r} is not one of {', '.join(ARCHITECTURES)}")
    if f"{arch}.expert_count" in metadata:
        raise ValueError("mixture-of-experts models are not supported")
    sizes = {key.removeprefix(f"{arch}."): value for key, value in metadata.items()}
    n_heads, d_model = sizes["attention.head_count"], sizes["embedding_length"]
    window = sizes.get("attention.sliding_window")
    family = "mistral" if arch == "llama" and window else arch
    config = ModelConfig.from_hf(
        {
            "model_type": family,
            "vocab_size": file.tensors["token_embd.weight"].shape[0],
            "hidden_size": d_model,
            "intermediate_size": sizes["feed_forward_length"],
            "num_hidden_layers": sizes["block_count"],
            "num_attention_heads": n_heads,
            "num_key_value_heads": sizes.get("attention.head_count_kv", n_heads),
            "head_dim": sizes.get("attention.key_length", d_model // n_heads),
            "max_position_embeddings": sizes["context_length"],
            "rms_norm_eps": sizes["attention.layer_norm_rms_epsilon"],
            "rope_theta": sizes.get("rope.freq_base", 10_000.0),
            "rope_scaling": _rope_scaling(sizes),
            "tie_word_embeddings": "output.weight" not in file.tensors,
            "attention_bias": arch != "qwen2" and "blk.0.attn_q.bias" in file.tensors,
            "mlp_bias": "blk.0.ffn_up.bias" in file.tensors,
            "sliding_window": window,
            "use_sliding_window": window is not None,
        }
    )
    if _ROPE_FACTORS not in file.tensors:
        return config
    return dataclasses.replace(
        config, rope_scaling=_llama3_scaling(config, file.read(_ROPE_FACTORS))
    )


def _rope_scaling(sizes: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = sizes.get("rope.scaling.type", "none")
    if kind == "none":
        return None
    return {"rope_type": kind, "factor": sizes["rope.scaling.factor"]}


def _llama3_scaling(config: ModelConfig, divisors: Tensor) -> RopeScaling:
    """Return the Llama 3 scaling whose per-frequency divisors these are, (Dh / 2,) float32.

    The lowest frequency is divided by the whole factor; the other three numbers are those of every
    Llama 3.1 to 3.3 release (1, 4, 8192), and the divisors they give must be the stored ones.
    """
    scaling = RopeScaling(kind="llama3", factor=float(divisors.max()))
    plain = rope_frequencies(dataclasses.replace(config, rope_scaling=None))
    scaled = rope_frequencies(dataclasses.replace(config, rope_scaling=scaling))
    if not torch.allclose(plain / scaled, divisors, rtol=1e-3):
        raise ValueError("its rope_freqs tensor is not Llama 3's rope scaling")
    return scaling


def uninterleave_heads(weight: Tensor, n_heads: int) -> Tensor:
    """Return q or k rows in Hugging Face's order: within each head, even rows first, then odd rows.

    Args:
        weight: (n_heads * Dh, ...), a projection's weight or bias as ggml stores it.
        n_heads: heads of this projection (query heads for q, key/value heads for k).
    """
    pairs = weight.view(n_heads, -1, 2, *weight.shape[1:])  # (heads, Dh / 2, 2, ...)
    return pairs.transpose(1, 2).reshape(weight.shape)


def _our_name(gguf_name: str) -> str:
    """Return our name of a GGUF tensor; an unknown one keeps its own and is refused as surplus."""
    match = re.fullmatch(r"blk\.(\d+)\.(\w+)\.(weight|bias)", gguf_name)
    if match and match[2] in _LAYER_NAMES:
        return f"layers.{match[1]}.{_LAYER_NAMES[match[2]]}.{match[3]}"
    return _OUTER_NAMES.get(gguf_name, gguf_name)


def _fingerprint(file: GGUFFile) -> str:
    """Return 16 hex digits of a GGUF file's size and samples of its bytes."""
    return hashlib.sha256(sample_bytes(file.path)).hexdigest()[:16]
