"""Make the reference logits and configurations in this folder with transformers.

    python tests/reference/models/make_models.py

With transformers 5 this writes `logits.safetensors` (a tiny random model of every family in
families.py, float32), `smollm2.safetensors` (SmolLM2-135M-Instruct from its GGUF file, float32,
five prompts), `configs_v5.json` (each family's config.json) and `versions.json`. Run with
transformers 4 (4.57.3 was used) it writes `configs_v4.json` alone: the same configurations in the
older spelling.

For SmolLM2's 49,152 columns only 256 are kept, with the logsumexp over all of them: at every
position, the columns `columns` and `logsumexp`. Eager attention throughout.
"""

import hashlib
import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]

from families import FAMILIES, SEED, SIZES, fill_, tokens  # noqa: E402

MAJOR = int(transformers.__version__.split(".")[0])
N_COLUMNS = 256
PROMPTS = (
    "The",
    "Gravity is the force that",
    "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
    "<|im_end|>\n<|im_start|>user\nWhat is the capital of France?<|im_end|>\n"
    "<|im_start|>assistant\n",
    'def read(path):\n    """Return the parsed lines."""\n    with open(path) as file:\n'
    "        return [json.loads(line) for line in file if line.strip()]\n\n\n",
    "Größe und Übermut: naïve façades cost 12.50 € in 2024; 東京では雨が降っています。 " * 2,
)


def make_families() -> dict[str, str]:
    """Write the logits of every family; return the sha256 of each one's weights."""
    logits, digests = {"tokens": tokens()}, {}
    for case, settings in FAMILIES.items():
        config = AutoConfig.for_model(**{**SIZES, **settings})
        model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
        digests[case] = fill_(model.float().eval())
        logits[case] = model(tokens()).logits[0].contiguous()  # (T, V)
        assert 0.5 < float(logits[case].std()) < 10, case
    save_file(logits, HERE / "logits.safetensors")
    return digests


def make_smollm2(gguf: Path) -> str:
    """Write SmolLM2's logits; return the sha256 of its file."""
    where = {"pretrained_model_name_or_path": gguf.parent, "gguf_file": gguf.name}
    tokenizer = AutoTokenizer.from_pretrained(**where)
    model = AutoModelForCausalLM.from_pretrained(
        **where, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    generator = torch.Generator().manual_seed(SEED)
    columns = torch.randperm(model.config.vocab_size, generator=generator)[:N_COLUMNS].sort().values
    stored = {"columns": columns}
    for i, prompt in enumerate(PROMPTS):
        ids = torch.tensor(tokenizer(prompt, add_special_tokens=False)["input_ids"])
        logits = model(ids[None]).logits[0]  # (T, V)
        stored[f"tokens.{i}"] = ids
        stored[f"logits.{i}"] = logits[:, columns].contiguous()
        stored[f"logsumexp.{i}"] = logits.logsumexp(-1)
    save_file(stored, HERE / "smollm2.safetensors")
    return hashlib.sha256(gguf.read_bytes()).hexdigest()


def write_json(name: str, value: object) -> None:
    (HERE / name).write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)  # the order of summing, and so the last bits, depend on it
    configs = {
        case: json.loads(AutoConfig.for_model(**{**SIZES, **settings}).to_json_string())
        for case, settings in FAMILIES.items()
    }
    write_json(f"configs_v{MAJOR}.json", configs)
    if MAJOR < 5:
        return
    from minilora.weights import DEFAULT_MODEL, fetch

    gguf = next(fetch(DEFAULT_MODEL).glob("*.gguf"))
    versions = {
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "seed": SEED,
        "command": "python tests/reference/models/make_models.py",
        "weights_sha256": {
            **make_families(),
            "SmolLM2-135M-Instruct.Q4_1.gguf": make_smollm2(gguf),
        },
    }
    write_json("versions.json", versions)


if __name__ == "__main__":
    main()
