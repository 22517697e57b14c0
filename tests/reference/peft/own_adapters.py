"""The adapters written by this project that PEFT was given to load; the test writes them again."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from minilora.adapter import save_adapter
from minilora.config import ModelConfig
from minilora.lora import LoRAConfig, inject, trainable_parameters
from minilora.model import Llama

HERE = Path(__file__).parent
OWN = {
    "ours": LoRAConfig(rank=4, alpha=8),
    "ours_dora": LoRAConfig(
        rank=3,
        alpha=6,
        use_rslora=True,
        use_dora=True,
        target_modules=("q_proj", "layers.0.mlp.down_proj"),
        rank_pattern={"down_proj": 5},
        alpha_pattern={"q_proj": 4},
    ),
}


def uniform_(
    tensor: torch.Tensor, width: float, generator: torch.Generator, centre: float = 0.0
) -> None:
    """Fill with centre + [-width, width), by arithmetic that is the same on every machine."""
    with torch.no_grad():
        tensor.copy_(torch.rand(tensor.shape, generator=generator) * (2 * width) - width + centre)


def load_tiny() -> Llama:
    """Return the reference base model, float32."""
    config = ModelConfig.from_hf(json.loads((HERE / "base" / "config.json").read_text()))
    model = Llama(config)
    tensors = load_file(HERE / "base" / "model.safetensors")
    model.load_state_dict({k.removeprefix("model."): v for k, v in tensors.items()})
    return model.eval()


def make_own_adapter(case: str, folder: Path) -> Llama:
    """Inject, fill and save one adapter of `OWN`; return the adapted model."""
    model = load_tiny()
    generator = torch.Generator().manual_seed(11)
    inject(model, OWN[case], "default", generator)
    for name, parameter in trainable_parameters(model).items():
        if name.endswith("lora_B"):
            uniform_(parameter, 0.3, generator)
        elif name.endswith("lora_magnitude_vector"):
            uniform_(parameter, 0.5, generator, centre=1.5)
    save_adapter(model, "default", folder, base_name="tiny-llama")
    return model
