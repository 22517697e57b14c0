import torch

from minilora.adapter import load_adapter, save_adapter
from minilora.config import ModelConfig
from minilora.lora import LoRAConfig, inject, trainable_parameters
from minilora.model import Llama
from minilora.ship import ship

TINY = ModelConfig(
    "llama", vocab_size=32, d_model=16, n_layers=1, n_heads=2, n_kv_heads=1, head_dim=8, d_ff=32
)


def test_a_shipped_adapter_is_the_run_s_in_half_the_bytes(tmp_path):
    model = Llama(TINY)
    inject(model, LoRAConfig(rank=4), generator=torch.Generator().manual_seed(0))
    save_adapter(model, "default", tmp_path / "run", "tiny")
    (tmp_path / "run" / "report.json").write_text("{}")
    ship(tmp_path / "run", tmp_path / "out")
    expected = {name: p.half().float() for name, p in trainable_parameters(model).items()}
    load_adapter(model, tmp_path / "out", "shipped")
    found = trainable_parameters(model)
    for name, value in expected.items():
        assert torch.equal(found[name.replace("default", "shipped")], value)
    assert (tmp_path / "out" / "report.json").read_text() == "{}"
    sizes = [(tmp_path / f / "adapter_model.safetensors").stat().st_size for f in ("run", "out")]
    assert sizes[1] < 0.7 * sizes[0]
