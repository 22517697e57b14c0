"""Make the reference adapters and logits in this folder with PEFT.

    PYTHONHASHSEED=0 python tests/reference/peft/make_peft.py

`base/` is a tiny random Llama. PEFT adapts it in four ways (`plain`, `rslora`, `dora`, `pattern`),
saves each adapter and gives its logits. In the other direction our own writer saves `ours` and
`ours_dora`; PEFT loads them and gives its logits. `merged_dora` are transformers' logits of the
folder that our merge writes for `dora`. `logits.safetensors` holds all of them, and
`versions.json` what made them. Every random number is uniform and seeded, so that the same bytes
come out on any machine.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import peft
import tokenizers
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from tokenizers.models import BPE
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]

from own_adapters import OWN, make_own_adapter, uniform_  # noqa: E402

from minilora.merge import merge_to_folder  # noqa: E402

SEED = 7
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = {
    "plain": {"r": 4, "lora_alpha": 8, "target_modules": ALL},
    "rslora": {"r": 4, "lora_alpha": 6, "use_rslora": True, "target_modules": ["q_proj", "v_proj"]},
    "dora": {"r": 4, "lora_alpha": 8, "use_dora": True, "target_modules": ALL},
    "pattern": {
        "r": 4,
        "lora_alpha": 8,
        "target_modules": r"model\.layers\.\d+\.(self_attn\.(q|v)_proj|mlp\.down_proj)",
        "rank_pattern": {"down_proj": 6, r"layers\.1\.self_attn\.q_proj": 2},
        "alpha_pattern": {"v_proj": 3},
    },
}


def make_base() -> LlamaForCausalLM:
    config = LlamaConfig(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=64,
        attention_bias=True,
    )
    model = LlamaForCausalLM(config)
    generator = torch.Generator().manual_seed(SEED)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            uniform_(parameter, 0.3, generator)
        elif not bool((parameter == 1).all()):
            uniform_(parameter, 0.1, generator)
    model.save_pretrained(HERE / "base")
    (HERE / "base" / "generation_config.json").unlink(missing_ok=True)
    return model.eval()


def make_tokenizer() -> None:
    """Write a tokenizer of single characters, with a control token that ends a turn."""
    characters = "\n !\"'(),-./0123456789:?ADFIJNORSTWabcdefghiklmnoprstuvwxy{}"
    vocab = {token: i for i, token in enumerate(["<unk>", "<s>", "<|end|>", *characters])}
    backend = tokenizers.Tokenizer(BPE(vocab, [], unk_token="<unk>"))
    backend.add_special_tokens(["<unk>", "<s>", "<|end|>"])
    (HERE / "base" / "tokenizer.json").write_text(backend.to_str(pretty=True) + "\n")
    template = (
        "{% for m in messages %}{{ m['role'][0] + ':' + m['content'] + '<|end|>' }}{% endfor %}"
    )
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "<|end|>",
        "unk_token": "<unk>",
        "chat_template": template,
    }
    (HERE / "base" / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


def merged_logits(case: str, tokens: torch.Tensor) -> torch.Tensor:
    """Return transformers' logits of the folder that our merge writes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "merged"
        merge_to_folder(HERE / case, out, str(HERE / "base"), "none", torch.float32, "cpu")
        assert AutoTokenizer.from_pretrained(out).eos_token == "<|end|>"
        merged = LlamaForCausalLM.from_pretrained(out, dtype=torch.float32).eval()
        return merged(tokens).logits


def load_base() -> LlamaForCausalLM:
    return LlamaForCausalLM.from_pretrained(HERE / "base", dtype=torch.float32).eval()


@torch.no_grad()
def main() -> None:
    for folder in ("base", *CASES, *OWN):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    make_base()
    make_tokenizer()
    tokens = torch.randint(64, (2, 11), generator=torch.Generator().manual_seed(SEED))
    logits = {"tokens": tokens, "base": load_base()(tokens).logits}
    for case, settings in CASES.items():
        model = get_peft_model(load_base(), LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
        generator = torch.Generator().manual_seed(SEED)
        for name, parameter in model.named_parameters():
            if "lora_magnitude_vector" in name:
                uniform_(parameter, 0.5, generator, centre=1.5)
            elif "lora_" in name:
                uniform_(parameter, 0.3, generator)
        model.save_pretrained(HERE / case)
        settings_file = HERE / case / "adapter_config.json"  # PEFT records where the base lay
        text = settings_file.read_text().replace(str(HERE), "tests/reference/peft")
        settings_file.write_text(text)
        (HERE / case / "README.md").unlink(missing_ok=True)
        logits[case] = model(tokens).logits
    for case in OWN:
        make_own_adapter(case, HERE / case)
        logits[case] = PeftModel.from_pretrained(load_base(), HERE / case).eval()(tokens).logits
        loaded = load_file(HERE / case / "adapter_model.safetensors")
        assert all(bool(t.any()) for t in loaded.values())
    logits["merged_dora"] = merged_logits("dora", tokens)
    assert all(float((logits[c] - logits["base"]).abs().max()) > 0.05 for c in (*CASES, *OWN))
    save_file({k: v.contiguous() for k, v in logits.items()}, HERE / "logits.safetensors")
    versions = {
        "peft": peft.__version__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "seed": SEED,
        "command": "PYTHONHASHSEED=0 python tests/reference/peft/make_peft.py",
    }
    (HERE / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")


if __name__ == "__main__":
    main()
