"""Store what transformers makes of pairs of texts with the weights of all-MiniLM-L6-v2.

    python tests/reference/encoder/make_pairs.py

Writes `pairs.json` (the pairs with ids, types and the versions) and `pairs.safetensors` (of each
pair the last states of every third token, float32). The model is read from the folder that
`python -m minilora.weights minilm-l6` keeps. No randomness; one thread, one pair at a time.
"""

import json
from pathlib import Path

import tokenizers
import torch
import transformers
from safetensors.torch import save_file

from minilora.weights import fetch

HERE = Path(__file__).parent
PAIRS = [
    ("When was it lit?", "It was lit in 1871."),
    (
        "Who drew the plans?",
        "The engineer Ottilie Brandt drew it; two boats were lost, but no lives.",
    ),
    ("?", "x"),
    ("How many ships?", "Name Ships\nJorun Aske 14\nPavel Lindqvist 9\n" * 6),
]


def main() -> None:
    torch.set_num_threads(1)
    folder = fetch("minilm-l6")
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    model = transformers.BertModel.from_pretrained(folder, attn_implementation="eager").eval()
    rows, states = [], {}
    for number, (first, second) in enumerate(PAIRS):
        made = tokenizer.encode(first, second)
        with torch.no_grad():
            out = model(torch.tensor([made.ids]), token_type_ids=torch.tensor([made.type_ids]))
        states[str(number)] = out.last_hidden_state[0, ::3].contiguous()
        rows.append({"first": first, "second": second, "ids": made.ids, "types": made.type_ids})
    versions = {"transformers": transformers.__version__, "torch": torch.__version__}
    (HERE / "pairs.json").write_text(json.dumps({"versions": versions, "rows": rows}) + "\n")
    save_file(states, HERE / "pairs.safetensors")


if __name__ == "__main__":
    main()
