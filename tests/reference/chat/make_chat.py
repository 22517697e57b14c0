"""Store how transformers renders chats and encodes text with SmolLM2's tokenizer.

    python tests/reference/chat/make_chat.py

Writes renderings.json (every conversation of conversations.json through every template in
templates/ and SmolLM2's own, which is read from its GGUF file) and token_ids.json. No randomness.

transformers builds the tokenizer from the GGUF file without SmolLM2's first word rule (every digit
alone), which its published tokenizer.json has: ``ids`` are with that rule put back, ``gguf_ids``
without. They differ only where a digit follows several spaces, and between digits outside ASCII.
"""

import json
import platform
from pathlib import Path

import jinja2
import tokenizers
import transformers
from tokenizers import pre_tokenizers
from transformers import AutoTokenizer
from transformers.utils.chat_template_utils import render_jinja_template

from minilora.weights import fetch

HERE = Path(__file__).parent
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
SPECIAL = {
    "smollm2": {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "pad_token": "<|im_end|>"},
    "headers": {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"},
    "brackets": {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"},
    "chatml_tools": {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"},
}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "set_alarm",
            "description": "Set an alarm <at> a time & day, é.",
            "parameters": {
                "type": "object",
                "properties": {"time": {"type": "string"}, "label": {"type": "string"}},
                "required": ["time"],
            },
        },
    },
    {"type": "function", "function": {"name": "stop", "description": "", "parameters": {}}},
]
TEXTS = [
    "",
    " ",
    "a",
    "Hello, world!",
    "The year is 2024, and 3.14159 > 3; call 555-0100.",
    '{"tool": "set_alarm", "args": {"time": "07:30", "days": [1, 2, 3]}}',
    '{\n  "a": 1,\n    "b": [\n      12,\n\t34\n    ]\n}',
    "   leading and trailing   ",
    "tabs\t\tand\nnewlines\r\n\r\n\n",
    "I'm you're we've they'll he'd it's DON'T",
    "naïve café e\u0301 Ünïcödé ﬁ",
    "東京タワー 한국어 العربية עברית हिन्दी ไทย",
    "😀👍🏽🏳️‍🌈 ∑∞√ €£¥",
    "\u00a0nbsp\u2003em\u200bzero\ufeffbom",
    "x = y**2  # comment\n    return None",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "https://example.com/a?b=c&d=%20#e",
    "٣٤٥ ½ ² Ⅷ 三",
    "\x00\x01\x7f control",
    "user@mail.example 10.0.0.1 A-10423",
    "<|im_start|>user\nhi<|im_end|>\n",
    "text<|endoftext|>more <filename>x.py<repo_name>",
    "<|im_end",
    "|><|im_start|",
    "a  1   22    333",
]


def main() -> None:
    """Write both files."""
    folder = fetch("smollm2-135m")
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=GGUF)
    meta = {
        "command": "python tests/reference/chat/make_chat.py",
        "versions": {
            "python": platform.python_version(),
            "transformers": transformers.__version__,
            "tokenizers": tokenizers.__version__,
            "jinja2": jinja2.__version__,
        },
    }
    write(
        "renderings.json",
        meta
        | {"tools": TOOLS, "special": SPECIAL, "rendered": renderings(tokenizer.chat_template)},
    )
    backend = tokenizer.backend_tokenizer
    plain = [backend.encode(text, add_special_tokens=False).ids for text in TEXTS]
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    rows = [
        {
            "text": text,
            "ids": backend.encode(text, add_special_tokens=False).ids,
            "gguf_ids": gguf_ids,
            "decoded": tokenizer.decode(backend.encode(text, add_special_tokens=False).ids),
        }
        for text, gguf_ids in zip(TEXTS, plain, strict=True)
    ]
    write("token_ids.json", meta | {"rows": rows})


def renderings(smollm2: str) -> dict[str, dict[str, str | None]]:
    """Return template -> conversation -> text, null where the template refuses."""
    sources = {path.stem: path.read_text() for path in sorted((HERE / "templates").glob("*.jinja"))}
    sources["smollm2"] = smollm2
    conversations = json.loads((HERE / "conversations.json").read_text())
    return {
        name: {c["name"]: render(source, c, SPECIAL[name]) for c in conversations}
        for name, source in sources.items()
    }


def render(source: str, conversation: dict, special: dict[str, str]) -> str | None:
    """Return one rendering, or None where the template raises."""
    tools = TOOLS if conversation.get("tools") else [] if conversation.get("empty_tools") else None
    try:
        texts, _ = render_jinja_template(
            [conversation["messages"]],
            tools=tools,
            chat_template=source,
            add_generation_prompt=conversation.get("prompt", True),
            **special,
            **conversation.get("variables", {}),
        )
    except (jinja2.TemplateError, TypeError):
        return None
    return texts[0]


def write(name: str, value: dict) -> None:
    """Write one JSON file."""
    text = json.dumps(value, ensure_ascii=True, indent=1)
    (HERE / name).write_text(text + "\n")


if __name__ == "__main__":
    main()
