"""What a set of weights offers, wherever it came from, and the reader of safetensors folders.

:class:`StoredTensors` know every shape before any tensor is read, and are read one at a time. A
:class:`Checkpoint` holds those of a decoder, named as :class:`minilora.model.Llama` does (Hugging
Face's names without the leading ``model.``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from minilora.config import ModelConfig

PICKLE_SUFFIXES = (".bin", ".pt", ".pth", ".pkl", ".ckpt", ".pickle")


class WeightsError(ValueError):
    """Weights that cannot be found, fetched, trusted or fitted, in one sentence."""


@dataclass(frozen=True)
class StoredTensors:
    """Weights on disk, ready to be read one tensor at a time.

    Attributes:
        shapes: our tensor name -> shape, known without reading any tensor.
        read: returns one tensor by our name, on the CPU, in the dtype it is stored in (float32 from
            packed GGUF blocks).
        source: where the weights came from, for reports and adapter configurations.
        fingerprint: 16 hex digits that change when the weights do.
    """

    shapes: Mapping[str, tuple[int, ...]]
    read: Callable[[str], Tensor]
    source: str
    fingerprint: str

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Yield (our name, tensor), one in memory at a time."""
        for name in self.shapes:
            yield name, self.read(name)

    def check_against(self, expected: Mapping[str, tuple[int, ...]]) -> None:
        """Refuse weights that do not fit a model exactly.

        Args:
            expected: name -> shape of every parameter of the model.

        Raises:
            WeightsError: a tensor is missing, left over, or has another shape.
        """
        missing = [name for name in expected if name not in self.shapes]
        if missing:
            raise WeightsError(f"{self.source} lacks {_some(missing)}, which the model needs")
        extra = [n for n in self.shapes if n not in expected and not self._tolerated(n)]
        if extra:
            raise WeightsError(
                f"{self.source} holds {_some(extra)}, which the model has no place for"
            )
        for name, shape in expected.items():
            if self.shapes[name] != shape:
                raise WeightsError(
                    f"{self.source}: {name} has shape {self.shapes[name]}, the model wants {shape}"
                )

    def _tolerated(self, name: str) -> bool:
        """Return whether a tensor that the model has no place for may be left unread."""
        return False


@dataclass(frozen=True)
class Checkpoint(StoredTensors):
    """The weights of a decoder.

    Attributes:
        config: sizes and switches of the model they belong to.
        tokenizer_path: a folder with ``tokenizer.json``, or a GGUF file: what
            :meth:`minilora.chat.Tokenizer.from_path` takes.
    """

    config: ModelConfig
    tokenizer_path: Path

    def _tolerated(self, name: str) -> bool:
        """Buffers that follow from the configuration, and a second copy of tied embeddings."""
        tied_copy = name == "lm_head.weight" and self.config.tie_embeddings
        return tied_copy or name.endswith("rotary_emb.inv_freq")


def _some(names: list[str]) -> str:
    """Return up to three names and how many there are."""
    shown = ", ".join(names[:3])
    return f"tensor {shown}" if len(names) == 1 else f"{len(names)} tensors ({shown}...)"


def our_name(hf_name: str) -> str:
    """Return the module-tree name of a Hugging Face tensor name.

    >>> our_name("model.layers.0.self_attn.q_proj.weight"), our_name("lm_head.weight")
    ('layers.0.self_attn.q_proj.weight', 'lm_head.weight')
    """
    return hf_name.removeprefix("model.")


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object read from a file.

    Raises:
        WeightsError: the file is not one whole JSON object.
    """
    value = json_value(path)
    if not isinstance(value, dict):
        raise WeightsError(f"{path} must hold a JSON object, it holds a {type(value).__name__}")
    return value


def json_value(path: Path) -> Any:
    """Return the value of a JSON file.

    Raises:
        WeightsError: the file is not one whole JSON text.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise WeightsError(f"{path} is not valid JSON: {error}") from error


def folder_checkpoint(folder: Path, source: str | None = None) -> Checkpoint:
    """Return the checkpoint of a Hugging Face folder: ``config.json`` and safetensors.

    Raises:
        WeightsError: no configuration, no safetensors (pickle files are refused by name), a
            missing, half-written or superfluous shard, a quantised checkpoint, or an unsupported
            family.
    """
    hf_config = folder_config(folder)
    stored = folder_tensors(folder, our_name, source)
    try:
        config = ModelConfig.from_hf(hf_config)
    except (ValueError, KeyError) as error:
        raise WeightsError(f"{folder / 'config.json'}: {error}") from error
    return Checkpoint(**vars(stored), config=config, tokenizer_path=folder)


def folder_config(folder: Path) -> dict[str, Any]:
    """Return the ``config.json`` of a folder with weights in 16 or 32 bits.

    Raises:
        WeightsError: there is none, it is no JSON object, or the weights are quantised.
    """
    config_path = folder / "config.json"
    if not config_path.is_file():
        raise WeightsError(f"{folder} has no config.json, so it is not a model folder")
    hf_config = read_json(config_path)
    if hf_config.get("quantization_config"):
        method = hf_config["quantization_config"].get("quant_method", "unknown")
        raise WeightsError(
            f"{folder} is already quantised ({method}), which is not read yet; give the 16-bit "
            "weights, quantising them takes seconds"
        )
    return hf_config


def folder_tensors(
    folder: Path, our_name: Callable[[str], str], source: str | None = None
) -> StoredTensors:
    """Return the tensors of a folder's safetensors, one file or several with their index.

    Args:
        folder: where they are.
        our_name: Hugging Face's name of a tensor -> the model's.
        source: what to call them in reports; the folder by default.

    Raises:
        WeightsError: no safetensors, pickle files instead, or a missing, damaged or superfluous
            shard.
    """
    where = _tensor_files(folder)
    shapes, digest = _read_headers(where, our_name)
    by_our_name = {our_name(hf): (path, hf) for hf, path in where.items()}

    def read(name: str) -> Tensor:
        path, hf_name = by_our_name[name]
        with safe_open(path, framework="pt") as file:
            tensor: Tensor = file.get_tensor(hf_name)
        return tensor

    return StoredTensors(shapes, read, source or str(folder), digest)


def _tensor_files(folder: Path) -> dict[str, Path]:
    """Return Hugging Face tensor name -> file, from the index or the single file."""
    index, single = folder / "model.safetensors.index.json", folder / "model.safetensors"
    if not index.is_file():
        if not single.is_file():
            raise WeightsError(_no_safetensors(folder))
        return dict.fromkeys(_header(single), single)
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise WeightsError(f"{index} has no weight_map")
    shards = sorted({str(shard) for shard in weight_map.values()})
    for shard in shards:
        if Path(shard).name != shard or not shard.endswith(".safetensors"):
            raise WeightsError(f"{index} names {shard!r}, which is no safetensors file beside it")
        if not (folder / shard).is_file():
            raise WeightsError(f"{folder} lacks shard {shard}, which its index names")
    for shard in shards:
        held = _header(folder / shard)
        listed = {name for name, file in weight_map.items() if file == shard}
        if absent := sorted(listed - set(held)):
            raise WeightsError(
                f"{folder / shard} lacks {_some(absent)}, which the index places there"
            )
        if extra := sorted(set(held) - listed):
            raise WeightsError(f"{folder / shard} holds {_some(extra)}, unknown to the index")
    return {name: folder / shard for name, shard in weight_map.items()}


def _no_safetensors(folder: Path) -> str:
    for path in sorted(folder.iterdir()):
        refuse_pickle(path)
    return f"{folder} has neither model.safetensors nor model.safetensors.index.json"


def refuse_pickle(path: Path) -> None:
    """Refuse a pickle file by its name, without opening it.

    Raises:
        WeightsError: the name ends in one of ``PICKLE_SUFFIXES``.
    """
    if path.suffix in PICKLE_SUFFIXES:
        raise WeightsError(
            f"{path} is a pickle file, which can run code when it is loaded, and is refused; "
            "convert it to model.safetensors"
        )


def _header(path: Path) -> list[str]:
    try:
        with safe_open(path, framework="pt") as file:
            return list(file.keys())
    except SafetensorError as error:
        raise WeightsError(f"{path} is half-written or damaged: {error}") from error


def _read_headers(
    where: Mapping[str, Path], our_name: Callable[[str], str]
) -> tuple[dict[str, tuple[int, ...]], str]:
    """Return the shape of every tensor by our name, and a fingerprint of the files."""
    shapes: dict[str, tuple[int, ...]] = {}
    digest = hashlib.sha256()
    for path in sorted(set(where.values())):
        with safe_open(path, framework="pt") as file:
            for name in sorted(n for n, p in where.items() if p == path):
                shapes[our_name(name)] = tuple(file.get_slice(name).get_shape())
        digest.update(sample_bytes(path))
    return shapes, digest.hexdigest()[:16]


def sample_bytes(path: Path, window: int = 1 << 16, windows: int = 16) -> bytes:
    """Return a file's size, its header and bytes from places spread over it.

    Enough to tell two sets of weights apart in milliseconds; no defence against a forger.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        header_bytes = int.from_bytes(file.read(8), "little")
        pieces = [str(size).encode(), file.read(header_bytes)]
        for i in range(windows):
            file.seek(i * max(size - window, 0) // max(windows - 1, 1))
            pieces.append(file.read(window))
    return b"".join(pieces)


def model_shapes(module: torch.nn.Module) -> dict[str, tuple[int, ...]]:
    """Return name -> shape of every parameter, for :meth:`StoredTensors.check_against`."""
    return {name: tuple(parameter.shape) for name, parameter in module.named_parameters()}
