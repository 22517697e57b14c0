"""Adapters on disk, in the form that PEFT and vLLM read and write.

A folder holds `adapter_config.json` and `adapter_model.safetensors`, whose keys are
`base_model.model.` + the Hugging Face name of the layer + `.lora_A.weight` (R, in),
`.lora_B.weight` (out, R) and, with DoRA, `.lora_magnitude_vector` (out,). Loading is strict: a key
too many, a key missing, another shape or a setting that is not implemented here is an error that
names it.

    >>> import tempfile
    >>> from torch import nn
    >>> from minilora.lora import LoRAConfig, inject
    >>> model = nn.ModuleDict({"q_proj": nn.Linear(4, 3)})
    >>> _ = inject(model, LoRAConfig(rank=2))
    >>> folder = tempfile.mkdtemp()
    >>> save_adapter(model, "default", folder, base_name="tiny")
    >>> load_adapter(model, folder, "again").target_modules
    ('q_proj',)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import save as format_safetensors
from torch import Tensor, nn

from minilora.atomic import write_whole
from minilora.lora import (
    LoRAConfig,
    LoRALinear,
    adapter_names,
    inject,
    linear_layers,
    lora_layers,
)
from minilora.lora_config import ALL_LINEAR, hugging_face_name

WEIGHTS_FILE = "adapter_model.safetensors"
CONFIG_FILE = "adapter_config.json"
KEY_PREFIX = "base_model.model."
FILE_SUFFIX = {
    "lora_A": "lora_A.weight",
    "lora_B": "lora_B.weight",
    "lora_magnitude_vector": "lora_magnitude_vector",
}

# Settings of PEFT that this project implements, and those that say nothing about the arithmetic.
# Any other setting that is switched on is refused by name.
_IMPLEMENTED = {
    "r",
    "lora_alpha",
    "lora_dropout",
    "use_rslora",
    "use_dora",
    "target_modules",
    "rank_pattern",
    "alpha_pattern",
}
_WITHOUT_EFFECT = {
    "auto_mapping",
    "base_model_name_or_path",
    "inference_mode",
    "init_lora_weights",
    "megatron_core",
    "peft_type",
    "peft_version",
    "qalora_group_size",
    "revision",
    "task_type",
}
_OFF: tuple[object, ...] = (None, False, "none", [], {}, "")
# Initialisations that leave the base weights alone, which PiSSA and its like do not.
_INIT_KEEPING_BASE = (True, False, "gaussian", "orthogonal", "eva")


@dataclass(frozen=True)
class AdapterInfo:
    """What a folder says about an adapter before any weight is read.

    Args:
        config: the adapter's settings.
        base_name: the model it was trained on, as it was named then; None where not recorded.
        base_quant: how that model's linear layers were stored ("nf4", "int8", "none"); None where
            not recorded, as in adapters that PEFT wrote.
    """

    config: LoRAConfig
    base_name: str | None
    base_quant: str | None


def save_adapter(model: nn.Module, name: str, folder: Path | str, base_name: str) -> None:
    """Write one adapter of a model to a folder, each of the two files whole or not at all.

    Args:
        model: holds the adapter.
        name: of the adapter in the model; it is not recorded.
        folder: made where it is missing; other files in it are left alone.
        base_name: what to load the base model by, recorded for whoever loads the adapter.

    Raises:
        ValueError: the model has no such adapter.
        OSError: the folder cannot be written.
    """
    tensors = adapter_tensors(model, name)
    layers = {path: layer for path, layer in lora_layers(model) if name in layer.adapter_names}
    config = next(iter(layers.values())).adapter(name).config
    settings = peft_settings(config, list(layers), base_name)
    metadata = {"format": "pt", "base_quant": base_quant(layers.values())}
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / WEIGHTS_FILE, _format_weights(tensors, metadata))
    write_whole(
        folder / CONFIG_FILE, (json.dumps(settings, indent=2, sort_keys=True) + "\n").encode()
    )


def load_adapter(model: nn.Module, folder: Path | str, name: str = "default") -> LoRAConfig:
    """Add the adapter in a folder to a model and make it the active one.

    Args:
        model: changed in place as by `minilora.lora.inject`, but only once the whole adapter fits.
        folder: holds the two files, written here or by PEFT.
        name: for the adapter in this model.

    Returns:
        The adapter's settings.

    Raises:
        FileNotFoundError: one of the files is missing.
        ValueError: a setting that is not implemented, a file that is not whole, a key or shape that
            does not fit this model or the settings, or a name that is taken.
    """
    info = read_info(folder)
    tensors = _read_tensors(Path(folder))
    layers = {
        path: (int(layer.out_features), int(layer.in_features))  # type: ignore[arg-type]
        for path, layer in linear_layers(model).items()
        if info.config.targets(path)
    }
    _check_tensors(tensors, _expected_shapes(info.config, layers), Path(folder) / WEIGHTS_FILE)
    adapted = inject(model, info.config, name, torch.Generator())
    with torch.no_grad():
        for path in adapted:
            layer = model.get_submodule(path)
            assert isinstance(layer, LoRALinear)
            for key, parameter in layer.adapter(name).named_parameters():
                parameter.copy_(tensors[_file_key(path, key)])
    return info.config


def read_info(folder: Path | str) -> AdapterInfo:
    """Return what a folder says about its adapter, without reading the weights.

    Raises:
        FileNotFoundError, ValueError: as `load_adapter`.
    """
    path = Path(folder) / CONFIG_FILE
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist: {folder} holds no adapter")
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(settings, dict):
        raise ValueError(f"{path} holds no JSON object")
    config = config_from_peft(settings, path)
    with _open_weights(Path(folder)) as file:
        metadata: dict[str, str] = file.metadata() or {}
    return AdapterInfo(config, settings.get("base_model_name_or_path"), metadata.get("base_quant"))


def peft_settings(config: LoRAConfig, adapted: list[str], base_name: str) -> dict[str, Any]:
    """Return PEFT's `adapter_config.json` for settings that adapted the layers of these names.

    "all-linear" is written out as the names it chose, since vLLM reads names only.
    """
    targets: str | list[str]
    if config.target_modules == ALL_LINEAR:
        targets = sorted({path.split(".")[-1] for path in adapted})
    elif isinstance(config.target_modules, str):
        targets = config.target_modules
    else:
        targets = sorted(config.target_modules)
    return {
        "alpha_pattern": {key: _whole(alpha) for key, alpha in config.alpha_pattern.items()},
        "auto_mapping": None,
        "base_model_name_or_path": base_name,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "init_lora_weights": True,
        "layers_pattern": None,
        "layers_to_transform": None,
        "lora_alpha": _whole(config.alpha),
        "lora_dropout": config.dropout,
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": config.rank,
        "rank_pattern": dict(config.rank_pattern),
        "revision": None,
        "target_modules": targets,
        "task_type": "CAUSAL_LM",
        "use_dora": config.use_dora,
        "use_rslora": config.use_rslora,
    }


def config_from_peft(settings: Mapping[str, Any], path: Path) -> LoRAConfig:
    """Return our settings for the content of PEFT's `adapter_config.json`; `path` is for messages.

    Raises:
        ValueError: not LoRA, a setting missing, or one switched on that is not implemented here.
    """
    if settings.get("peft_type") != "LORA":
        raise ValueError(f"{path}: peft_type is {settings.get('peft_type')!r}, only LORA is read")
    for key, value in settings.items():
        if key not in _IMPLEMENTED | _WITHOUT_EFFECT and value not in _OFF:
            raise ValueError(f"{path}: {key} = {value!r} is not supported")
    init = settings.get("init_lora_weights", True)
    if init not in _INIT_KEEPING_BASE:
        raise ValueError(
            f"{path}: init_lora_weights = {init!r} is not supported: it changes the base weights"
        )
    for key in ("r", "lora_alpha", "target_modules"):
        if settings.get(key) is None:
            raise ValueError(f"{path}: {key} is missing")
    try:
        return LoRAConfig(
            rank=settings["r"],
            alpha=settings["lora_alpha"],
            dropout=settings.get("lora_dropout") or 0.0,
            use_rslora=bool(settings.get("use_rslora")),
            use_dora=bool(settings.get("use_dora")),
            target_modules=settings["target_modules"],
            rank_pattern=settings.get("rank_pattern") or {},
            alpha_pattern=settings.get("alpha_pattern") or {},
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None


def adapter_tensors(model: nn.Module, name: str) -> dict[str, Tensor]:
    """Return PEFT's key -> tensor of one adapter, float32 on the CPU, in the order of the keys.

    Raises:
        ValueError: the model has no such adapter.
    """
    if name not in adapter_names(model):
        known = ", ".join(adapter_names(model)) or "none"
        raise ValueError(f"no adapter {name!r}; the model has: {known}")
    tensors = {
        _file_key(path, key): parameter.detach().cpu().contiguous()
        for path, layer in lora_layers(model)
        if name in layer.adapter_names
        for key, parameter in layer.adapter(name).named_parameters()
    }
    return dict(sorted(tensors.items()))


def base_quant(layers: Iterable[LoRALinear]) -> str:
    """Return how the frozen layers are stored: "nf4", "int8", "none", or several joined by "+"."""
    names = {"Linear": "none", "LinearNF4": "nf4", "LinearInt8": "int8"}
    kinds = {type(layer.base).__name__ for layer in layers}
    return "+".join(sorted(names.get(kind, kind) for kind in kinds))


def _file_key(path: str, parameter: str) -> str:
    return f"{KEY_PREFIX}{hugging_face_name(path)}.{FILE_SUFFIX[parameter]}"


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def _format_weights(tensors: dict[str, Tensor], metadata: dict[str, str]) -> bytes:
    """Return a safetensors file whose bytes depend on its content alone.

    The library writes metadata in hash order, so the header (8 bytes of length, JSON, spaces) is
    written again with its keys sorted, in the same length.
    """
    data = format_safetensors(tensors, metadata)
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8:end]), sort_keys=True, separators=(",", ":")).encode()
    return data[:8] + header.ljust(end - 8) + data[end:]


def _open_weights(folder: Path) -> Any:
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        pickled = folder / "adapter_model.bin"
        why = f"; {pickled} is a pickle, which is not read" if pickled.is_file() else ""
        raise FileNotFoundError(f"{path} does not exist{why}")
    try:
        return safetensors.safe_open(path, framework="pt")
    except safetensors.SafetensorError as error:
        raise ValueError(f"{path} is not a whole safetensors file: {error}") from None


def _read_tensors(folder: Path) -> dict[str, Tensor]:
    with _open_weights(folder) as file:
        return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a mapping)


def _expected_shapes(
    config: LoRAConfig, layers: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, ...]]:
    """Return file key -> shape of every tensor of an adapter on layers of these (out, in)."""
    shapes: dict[str, tuple[int, ...]] = {}
    for path, (n_out, n_in) in layers.items():
        rank = config.rank_of(path)
        shapes[_file_key(path, "lora_A")] = (rank, n_in)
        shapes[_file_key(path, "lora_B")] = (n_out, rank)
        if config.use_dora:
            shapes[_file_key(path, "lora_magnitude_vector")] = (n_out,)
    return shapes


def _check_tensors(
    tensors: Mapping[str, Tensor], expected: Mapping[str, tuple[int, ...]], path: Path
) -> None:
    """Raise ValueError, naming a key, where a file's tensors are not exactly the expected ones."""
    extra = [key for key in tensors if key not in expected]
    if extra:
        raise ValueError(
            f"{path}: {extra[0]} has no place in this model with these settings{_more(extra)}"
        )
    missing = [key for key in expected if key not in tensors]
    if missing:
        raise ValueError(f"{path}: {missing[0]} is missing{_more(missing)}")
    for key, shape in expected.items():
        tensor = tensors[key]
        if tuple(tensor.shape) != shape:
            raise ValueError(
                f"{path}: {key} is {tuple(tensor.shape)}, the model and the settings need {shape}"
            )
        if not tensor.is_floating_point() or not bool(tensor.isfinite().all()):
            raise ValueError(
                f"{path}: {key} ({tensor.dtype}) holds values that are no finite number"
            )


def _more(keys: list[str]) -> str:
    return f" (and {len(keys) - 1} more keys like it)" if len(keys) > 1 else ""
