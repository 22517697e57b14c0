"""A model folder in Hugging Face's layout, as transformers, vLLM and `minilora.load` read it.

Holds `config.json`, `generation_config.json` with the ids that end a reply, the tokenizer with its
chat template, and the weights, in several files with an index where they are large.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from minilora.chat import Tokenizer
from minilora.config import ModelConfig
from minilora.lora_config import hugging_face_name

SHARD_BYTES = 5_000_000_000  # the largest weights file, as on the Hugging Face hub
TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
    "chat_template.json",
)


@dataclass(frozen=True)
class Weights:
    """Tensors to write, made one at a time.

    Args:
        shapes: our tensor name -> shape.
        make: returns the tensor of a name, in `dtype`, on the CPU.
        dtype: floating point, the same for all.
    """

    shapes: Mapping[str, tuple[int, ...]]
    make: Callable[[str], Tensor]
    dtype: torch.dtype

    def n_bytes(self, name: str) -> int:
        """Return the size of one tensor in bytes."""
        return torch.Size(self.shapes[name]).numel() * self.dtype.itemsize

    def total_bytes(self) -> int:
        """Return the size of all tensors in bytes."""
        return sum(map(self.n_bytes, self.shapes))


def write_weights(folder: Path, weights: Weights, shard_bytes: int = SHARD_BYTES) -> None:
    """Write `model.safetensors`, or numbered files and their index where it would be too large.

    Args:
        folder: exists.
        weights: written in the order of their names; memory holds one file's share of them.
        shard_bytes: the largest file, unless one tensor alone is larger.
    """
    shards = _shards(weights, shard_bytes)
    where: dict[str, str] = {}
    for number, names in enumerate(shards, 1):
        file = "model.safetensors"
        if len(shards) > 1:
            file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        tensors = {hugging_face_name(name): weights.make(name).contiguous() for name in names}
        save_file(tensors, folder / file, {"format": "pt"})
        (folder / file).chmod(0o644)  # written readable by its owner alone
        where |= dict.fromkeys(tensors, file)
    if len(shards) > 1:
        index = {"metadata": {"total_size": weights.total_bytes()}, "weight_map": where}
        _write_json(folder / "model.safetensors.index.json", index)


def _shards(weights: Weights, shard_bytes: int) -> list[list[str]]:
    """Return the names in order, cut wherever the next tensor would not fit any more."""
    shards: list[list[str]] = [[]]
    filled = 0
    for name in weights.shapes:
        if shards[-1] and filled + weights.n_bytes(name) > shard_bytes:
            shards.append([])
            filled = 0
        shards[-1].append(name)
        filled += weights.n_bytes(name)
    return shards


def write_config(
    folder: Path, config: ModelConfig, tokenizer: Tokenizer, dtype: torch.dtype
) -> None:
    """Write `config.json`: the sizes, the ids that begin and end a text, and the weights' dtype."""
    settings = config.to_hf() | {
        "torch_dtype": str(dtype).removeprefix("torch."),
        "bos_token_id": tokenizer.bos_id,
        "eos_token_id": tokenizer.eos_ids[0] if tokenizer.eos_ids else None,
        "pad_token_id": tokenizer.pad_id,
    }
    _write_json(folder / "config.json", settings)


def write_tokenizer(folder: Path, tokenizer: Tokenizer, source: Path) -> None:
    """Write the tokenizer: a model folder's own files, or files made of what a GGUF file says.

    Args:
        folder: exists.
        tokenizer: as loaded from `source`.
        source: a model folder or a GGUF file.
    """
    generation: dict[str, Any] = {
        "bos_token_id": tokenizer.bos_id,
        "pad_token_id": tokenizer.pad_id,
    }
    ends = list(tokenizer.eos_ids)
    if source.is_dir():
        for name in TOKENIZER_FILES:
            if (source / name).is_file():
                shutil.copyfile(source / name, folder / name)
        if (source / "generation_config.json").is_file():
            generation = json.loads((source / "generation_config.json").read_text("utf-8"))
            ends = _with_turn_end(generation.get("eos_token_id"), tokenizer)
    else:
        (folder / "tokenizer.json").write_text(tokenizer.backend.to_str(), encoding="utf-8")
        _write_json(folder / "tokenizer_config.json", _tokenizer_config(tokenizer))
    _write_json(folder / "generation_config.json", generation | {"eos_token_id": ends})


def _with_turn_end(stored: int | list[int] | None, tokenizer: Tokenizer) -> list[int]:
    """Return the stored end ids, and the one that closes a turn, without which replies run on."""
    ends = stored if isinstance(stored, list) else [] if stored is None else [stored]
    return list(dict.fromkeys([*ends, *tokenizer.eos_ids[:1]]))


def _tokenizer_config(tokenizer: Tokenizer) -> dict[str, Any]:
    def text(token_id: int | None) -> str | None:
        return None if token_id is None else tokenizer.backend.id_to_token(token_id)

    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": text(tokenizer.bos_id),
        "eos_token": text(tokenizer.eos_ids[0] if tokenizer.eos_ids else None),
        "pad_token": text(tokenizer.pad_id),
        "chat_template": tokenizer.chat_template,
        "clean_up_tokenization_spaces": False,
    }


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
