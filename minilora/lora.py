"""Low-rank adaptation of a model: which layers get adapters, which one is active, merging.

`inject` wraps the targeted layers of a model in `LoRALinear` (`minilora.lora_layer`), freezes
everything else, and leaves the adapter active. A model holds any number of named adapters, of which
at most one is active. Files on disk are `minilora.adapter`'s business.

    >>> import torch
    >>> model = torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    >>> x = torch.randn(3, 8)
    >>> before = model(x)
    >>> inject(model, LoRAConfig(rank=2, target_modules=("0",)))
    ['0']
    >>> torch.equal(model(x), before)
    True
    >>> {name: tuple(p.shape) for name, p in trainable_parameters(model).items()}
    {'0.adapters.default.lora_A': (2, 8), '0.adapters.default.lora_B': (4, 2)}
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from minilora.lora_config import OUTPUT_HEAD, LoRAConfig, hugging_face_name
from minilora.lora_layer import Adapter, FrozenLinear, LoRALinear, is_linear, slot

__all__ = [
    "Adapter",
    "FrozenLinear",
    "LoRAConfig",
    "LoRALinear",
    "adapter_names",
    "inject",
    "is_linear",
    "linear_layers",
    "lora_layers",
    "merge",
    "remove",
    "set_active",
    "trainable_parameters",
    "unmerge",
]


def lora_layers(model: nn.Module) -> Iterator[tuple[str, LoRALinear]]:
    """Yield every wrapped layer of a model with its name, in the model's order."""
    for name, module in model.named_modules():
        if isinstance(module, LoRALinear):
            yield name, module


def linear_layers(model: nn.Module) -> dict[str, nn.Module]:
    """Return name -> module of every linear layer, wrapped or not, in the model's order."""
    wrapped = {id(layer.base) for _, layer in lora_layers(model)}
    return {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear) or (is_linear(module) and id(module) not in wrapped)
    }


def inject(
    model: nn.Module,
    config: LoRAConfig,
    name: str = "default",
    generator: torch.Generator | None = None,
) -> list[str]:
    """Add an adapter to the layers that `config` targets, freeze all else, make it the active one.

    Args:
        model: changed in place: targeted linear layers become `LoRALinear`.
        config: which layers, and the adapter's settings.
        name: of the adapter; any text but the empty one.
        generator: draws A, on the CPU; torch's global one by default.

    Returns:
        The names of the adapted layers, in the model's order.

    Raises:
        ValueError: a target matches no layer, the adapter exists already or has no name, or the
            model holds a merged adapter.
    """
    if not name:
        raise ValueError("an adapter needs a name")
    if name in adapter_names(model):
        raise ValueError(f"the model has an adapter {name!r} already")
    _check_unmerged(model)
    layers = linear_layers(model)
    chosen = [layer for layer in layers if config.targets(layer)]
    _check_targets(config, list(layers), chosen)
    model.requires_grad_(False)
    for target in chosen:
        layer = layers[target]
        if not isinstance(layer, LoRALinear):
            layer = LoRALinear(layer)
            model.set_submodule(target, layer)
        layer.add(name, Adapter(layer, config, target, generator))
    for _, layer in lora_layers(model):
        layer.adapters.requires_grad_(True)
    set_active(model, name)
    return chosen


def _check_targets(config: LoRAConfig, layers: list[str], chosen: list[str]) -> None:
    """Raise ValueError naming each target that chose no layer, and the names there are."""
    known = ", ".join(dict.fromkeys(n.split(".")[-1] for n in layers)) or "none"
    targets = config.target_modules
    if isinstance(targets, str):
        missing = [] if chosen else [targets]
    else:
        full = [hugging_face_name(n) for n in chosen]
        missing = [t for t in targets if not any(n == t or n.endswith(f".{t}") for n in full)]
    if OUTPUT_HEAD in missing:
        raise ValueError(f"target {OUTPUT_HEAD!r}: adapting the output head is not supported")
    if missing:
        names = ", ".join(map(repr, missing))
        raise ValueError(f"target {names} matches no linear layer; the model has: {known}")


def adapter_names(model: nn.Module) -> list[str]:
    """Return the names of the adapters of a model, in order of first appearance."""
    names = (name for _, layer in lora_layers(model) for name in layer.adapter_names)
    return list(dict.fromkeys(names))


def _check_unmerged(model: nn.Module) -> None:
    merged = next((layer.merged for _, layer in lora_layers(model) if layer.merged), None)
    if merged is not None:
        raise ValueError(f"adapter {merged!r} is merged into the weights; unmerge it first")


def set_active(model: nn.Module, name: str | None) -> None:
    """Apply the adapter of this name wherever a layer has it, and no other; None applies none.

    Raises:
        ValueError: no layer has an adapter of this name, or one is merged.
    """
    _check_unmerged(model)
    known = adapter_names(model)
    if name is not None and name not in known:
        raise ValueError(f"no adapter {name!r}; the model has: {', '.join(known) or 'none'}")
    for _, layer in lora_layers(model):
        layer.active = name if name in layer.adapter_names else None


def trainable_parameters(model: nn.Module) -> dict[str, nn.Parameter]:
    """Return name -> parameter of the active adapter, in the model's order."""
    return {
        f"{name}.adapters.{slot(layer.active)}.{key}": parameter
        for name, layer in lora_layers(model)
        if layer.active is not None
        for key, parameter in layer.adapter(layer.active).named_parameters()
    }


def merge(model: nn.Module) -> None:
    """Write the active adapter into the weights of every layer; `unmerge` undoes it bit for bit.

    Raises:
        ValueError: a layer is quantised; nothing has been changed then.
    """
    for _, layer in lora_layers(model):
        layer.check_mergeable()
    for _, layer in lora_layers(model):
        layer.merge()


def unmerge(model: nn.Module) -> None:
    """Restore the weights, bit for bit, from the copies that `merge` kept."""
    for _, layer in lora_layers(model):
        layer.unmerge()


def remove(model: nn.Module, name: str) -> None:
    """Delete an adapter; a layer left without any becomes the plain layer it was.

    Raises:
        ValueError: no layer has an adapter of this name, or one is merged.
    """
    _check_unmerged(model)
    if name not in adapter_names(model):
        raise ValueError(f"no adapter {name!r}")
    for path, layer in list(lora_layers(model)):
        if name in layer.adapter_names:
            layer.drop(name)
        if not layer.adapters:
            model.set_submodule(path, layer.base)
