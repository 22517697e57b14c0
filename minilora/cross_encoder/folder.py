"""A cross-encoder on disk: its LoRA layers as an adapter of the encoder, and the head beside them.

``adapter_model.safetensors`` and ``adapter_config.json`` have PEFT's form, with the names that this
project gives BERT's layers; ``head.safetensors`` holds W (3, D) and b (3,).
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse_safetensors
from safetensors.torch import save as format_safetensors

from minilora.adapter import load_adapter, read_info, save_adapter
from minilora.atomic import write_whole
from minilora.cross_encoder.model import CrossEncoder, Pairs
from minilora.encoder import Bert, Encoder, load_encoder
from minilora.lora import LoRAConfig, inject

SHIPPED = Path(__file__).parent / "shipped"
READER, ENTAILMENT = SHIPPED / "reader", SHIPPED / "entailment"
HEAD = "head.safetensors"
_NAME = "default"


def load_cross_encoder(folder: Path, encoder: Encoder | None = None) -> tuple[CrossEncoder, Pairs]:
    """Return a cross-encoder that was trained, and what makes its pairs.

    Args:
        folder: as :func:`save_cross_encoder` writes it, such as ``READER`` or ``ENTAILMENT``.
        encoder: whose weights are used, and shared; the one it was trained on is loaded where none
            is given.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: a file is not whole, or does not fit the encoder.
        WeightsError: the encoder cannot be loaded.
    """
    info = read_info(folder)
    if encoder is None:
        encoder = load_encoder(info.base_name or "")
    model = CrossEncoder(_shared(encoder.model))
    load_adapter(model.bert, folder, _NAME)
    path = folder / HEAD
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist: {folder} holds no cross-encoder")
    try:
        model.head.load_state_dict(parse_safetensors(path.read_bytes()))
    except (SafetensorError, RuntimeError) as error:
        raise ValueError(f"{path} is no head of this encoder: {error}") from None
    model.to(encoder.model.embed_tokens.weight.device, torch.float32)
    return model.eval().requires_grad_(False), Pairs(encoder.tokenizer)


def fresh_cross_encoder(
    encoder: str, config: LoRAConfig, device: torch.device
) -> tuple[CrossEncoder, Pairs]:
    """Return a cross-encoder to be trained.

    Raises:
        ValueError, WeightsError: as :func:`minilora.encoder.load_encoder`.
    """
    loaded = load_encoder(encoder, str(device))
    inject(loaded.model, config, _NAME)
    return CrossEncoder(loaded.model).to(device), Pairs(loaded.tokenizer)


def save_cross_encoder(model: CrossEncoder, folder: Path, base_name: str) -> None:
    """Write a cross-encoder to a folder, each file whole or not at all.

    Args:
        model: trained.
        folder: made where it is missing.
        base_name: of the encoder.
    """
    save_adapter(model.bert, _NAME, folder, base_name)
    head = {name: t.detach().cpu() for name, t in model.head.state_dict().items()}
    write_whole(folder / HEAD, format_safetensors(head))


def _shared(bert: Bert) -> Bert:
    """Return another model of the same weights, so that layers put into it change it alone."""
    with torch.device("meta"):
        made = Bert(bert.config)
    made.load_state_dict(bert.state_dict(), assign=True)
    return made
