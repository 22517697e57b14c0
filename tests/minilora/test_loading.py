"""From a name to a running model: storage, dtypes, adapters, and what is refused."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

import minilora
from minilora.adapter import save_adapter
from minilora.gguf_model import gguf_checkpoint
from minilora.loading import build, choose_device, load
from minilora.lora import LoRAConfig, inject
from minilora.model import Llama
from quant.linear import LinearInt8, LinearNF4
from quant.nf4 import quantize_nf4

REFERENCE = Path(__file__).parents[1] / "reference" / "chat_gguf"
TINY_LLAMA = REFERENCE / "tiny_llama.gguf"
TINY_QWEN2 = REFERENCE / "tiny_qwen2.gguf"
TOKENS = torch.tensor([[1, 5, 9, 200, 3]])


def tiny(quant="none", path: Path = TINY_QWEN2, dtype: torch.dtype = torch.float32) -> Llama:
    return build(gguf_checkpoint(path), quant, device="cpu", dtype=dtype)


@pytest.mark.parametrize(("quant", "kind"), [("nf4", LinearNF4), ("int8", LinearInt8)])
def test_the_linears_of_the_layers_are_quantised_and_nothing_else(quant, kind):
    model = tiny(quant, TINY_LLAMA)
    kinds = {name: type(m) for name, m in model.named_modules() if hasattr(m, "in_features")}
    assert kinds.pop("lm_head") is nn.Linear
    assert len(kinds) == 7
    assert set(kinds.values()) == {kind}
    assert isinstance(model.embed_tokens, nn.Embedding)


def test_nf4_holds_what_quantising_the_read_weight_gives():
    checkpoint = gguf_checkpoint(TINY_QWEN2)
    layer = tiny("nf4").get_submodule("layers.0.self_attn.q_proj")
    assert isinstance(layer, LinearNF4)
    packed, absmax = quantize_nf4(checkpoint.read("layers.0.self_attn.q_proj.weight"))
    assert torch.equal(layer.packed.flatten(), packed.flatten())
    assert torch.equal(layer.absmax, absmax)
    assert layer.bias is not None
    assert torch.equal(layer.bias, checkpoint.read("layers.0.self_attn.q_proj.bias"))


def test_quantised_models_stay_near_the_exact_one():
    exact = tiny("none")(TOKENS)
    scale = exact.std()
    for quant, limit in (("int8", 0.02), ("nf4", 0.2)):  # measured 0.007 and 0.066
        assert (tiny(quant)(TOKENS) - exact).std() / scale < limit, quant


@pytest.mark.parametrize("quant", ["nf4", "int8", "none"])
def test_everything_is_frozen_on_one_device_and_in_one_dtype(quant):
    model = tiny(quant, dtype=torch.bfloat16)
    assert not any(p.requires_grad for p in model.parameters())
    assert {p.dtype for p in model.parameters()} == {torch.bfloat16}
    assert {t.device.type for t in [*model.parameters(), *model.buffers()]} == {"cpu"}
    assert not model.training
    assert model(TOKENS).dtype == torch.bfloat16


def test_load_gives_model_and_tokenizer():
    model, tokenizer = load(str(TINY_QWEN2), device="cpu")
    assert model.config.vocab_size == tokenizer.vocab_size
    assert isinstance(model.get_submodule("layers.0.mlp.up_proj"), LinearNF4)


def test_load_with_an_adapter_changes_the_logits_as_the_adapter_does(tmp_path):
    model = tiny("nf4")
    inject(model, LoRAConfig(rank=2), "a", torch.Generator().manual_seed(0))
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
    save_adapter(model, "a", tmp_path / "adapter", base_name="tiny")
    loaded, _ = load(
        str(TINY_QWEN2), adapter=tmp_path / "adapter", device="cpu", dtype=torch.float32
    )
    with torch.no_grad():
        assert torch.equal(loaded(TOKENS), model(TOKENS))
        assert not torch.equal(loaded(TOKENS), tiny("nf4")(TOKENS))


@pytest.mark.parametrize("quant", ["fp4", "", "NF4"])
def test_an_unknown_quantisation_is_refused(quant):
    with pytest.raises(ValueError, match=f"quant must be one of nf4, int8, none, got '{quant}'"):
        tiny(quant)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_missing_gpu_is_no_silent_cpu():
    with pytest.raises(ValueError, match="torch finds no GPU here"):
        choose_device("cuda")
    assert choose_device("auto") == torch.device("cpu")


def test_importing_the_package_does_not_import_torch():
    code = "import sys, minilora; print('torch' in sys.modules, minilora.__version__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", minilora.__version__]


def test_the_default_answers():
    """SmolLM2 in NF4 still knows it; a wrong q/k row order or rotary layout would not."""
    model, tokenizer = minilora.load(device="cpu")
    ids = tokenizer.encode_chat([{"role": "user", "content": "What is the capital of France?"}])
    prompt = len(ids)
    with torch.inference_mode():
        for _ in range(6):
            ids.append(int(model(torch.tensor([ids]))[0, -1].argmax()))
    assert tokenizer.decode(ids[prompt:]) == "The capital of France is Paris"
