"""A tiny random chat model in a folder, and a file of rows to train it on."""

import json

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer as Backend
from tokenizers import decoders, models, pre_tokenizers

from minilora.config import ModelConfig
from minilora.lora_config import hugging_face_name
from minilora.model import Llama

CHAT_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TINY = ModelConfig(
    "llama",
    vocab_size=258,
    d_model=64,
    n_layers=2,
    n_heads=4,
    n_kv_heads=2,
    head_dim=16,
    d_ff=64,
    max_seq_len=1024,
    tie_embeddings=True,
)


def write_tokenizer(folder):
    """Write a byte-level vocabulary without merges: a token is a byte."""
    vocabulary = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    backend = Backend(models.BPE(vocabulary, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    backend.save(str(folder / "tokenizer.json"))
    settings = {"chat_template": CHAT_TEMPLATE, "eos_token": "<|im_end|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def write_model(folder, config):
    """Write random weights, drawn with a fixed seed, in Hugging Face's layout.

    The embedding, which is the output head too, is large enough for the model to become sure.
    """
    (folder / "config.json").write_text(json.dumps(config.to_hf()))
    generator = torch.Generator().manual_seed(0)
    tensors = {
        hugging_face_name(name): torch.ones_like(parameter)
        if parameter.ndim == 1
        else (0.3 if name.startswith("embed") else 0.05)
        * torch.randn(parameter.shape, generator=generator)
        for name, parameter in Llama(config).named_parameters()
    }
    save_file(tensors, folder / "model.safetensors")


def tool(name, **properties):
    parameters = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


TOOLS = [tool("dim", percent={"type": "integer"}), tool("ring", at={"type": "string"})]


def rows_of(count):
    """Return rows in our form, in two groups that differ in the order of their tools."""
    rows = []
    for i in range(count):
        answer = {"tool": "dim", "args": {"percent": i}}
        query = f"dim to {i}"
        if i % 3 == 0:
            answer, query = {"tool": "ring", "args": {"at": f"{i}:00"}}, f"ring at {i}:00"
        tools = TOOLS if i % 2 else TOOLS[::-1]
        rows.append({"id": f"row-{i}", "query": query, "tools": tools, "answer": answer})
    return rows


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """The folder of a two-layer model with a vocabulary of bytes."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    folder.mkdir()
    write_tokenizer(folder)
    write_model(folder, TINY)
    return folder


@pytest.fixture(scope="session")
def rows_file(tmp_path_factory):
    """A JSON-lines file of 30 rows in our form."""
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows_of(30)))
    return path
