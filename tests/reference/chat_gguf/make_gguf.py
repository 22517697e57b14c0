"""Write tiny GGUF files and store what transformers makes of them and of the default weights.

    python tests/reference/chat_gguf/make_gguf.py

tiny_llama.gguf: one layer of random weights (numpy seed 0), its tensors in eight GGUF types, and
a SentencePiece vocabulary with byte fallback. tiny_qwen2.gguf: biases, no interleaving, a
byte-level vocabulary with Qwen2's word rule. expected.json: sha256 of every float32 tensor by
Hugging Face name (of tiny_llama, tiny_qwen2 and some of SmolLM2-135M's), the configuration, and
token ids of texts.

From a SentencePiece GGUF file transformers 5 builds a tokenizer that puts no mark before a text
that begins with a space; SentencePiece itself, and the tokenizer.json that Llama 2 is published
with, always put one, and after a control token too. The stored ids are those of transformers'
vocabulary and merges with that tokenizer.json's normalizer in place.
"""

import hashlib
import json
import platform
import tempfile
from pathlib import Path

import gguf
import numpy as np
import transformers
from gguf import GGMLQuantizationType as Type
from tokenizers import normalizers
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from minilora.weights import fetch

HERE = Path(__file__).parent
DEFAULT = "SmolLM2-135M-Instruct.Q4_1.gguf"
DEFAULT_TENSORS = [
    "model.embed_tokens.weight",
    "model.norm.weight",
    *(
        f"model.layers.{i}.{part}.weight"
        for i in (0, 17, 29)
        for part in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "mlp.down_proj")
    ),
]
TEXTS = [
    "the cat",
    " the  cat\n",
    "étoile 東",
    "12 345",
    "The <s>cat</s> sat",
    "",
    "a\tb",
    "I'll THE",
]
D, F, H, HKV, DH = 256, 32, 4, 2, 64  # one block of Q6_K is 256 wide


def main() -> None:
    """Write the two files and expected.json."""
    rng = np.random.default_rng(0)
    write_llama(HERE / "tiny_llama.gguf", rng)
    write_qwen2(HERE / "tiny_qwen2.gguf", rng)
    expected = {
        "command": "python tests/reference/chat_gguf/make_gguf.py",
        "versions": {
            "python": platform.python_version(),
            "transformers": transformers.__version__,
            "numpy": np.__version__,
        },
        "smollm2": {"sha256": hashes(fetch("smollm2-135m"), DEFAULT, DEFAULT_TENSORS)},
    }
    for name in ("tiny_llama", "tiny_qwen2"):
        with tempfile.TemporaryDirectory() as folder:  # transformers wants a folder of its own
            Path(folder, "tiny.gguf").write_bytes((HERE / f"{name}.gguf").read_bytes())
            config = AutoConfig.from_pretrained(folder, gguf_file="tiny.gguf")
            tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file="tiny.gguf")
            backend = tokenizer.backend_tokenizer
            if name == "tiny_llama":
                backend.pre_tokenizer = None
                backend.normalizer = normalizers.Sequence(
                    [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
                )
            encoded = [backend.encode(text, add_special_tokens=False).ids for text in TEXTS]
            expected[name] = {
                "config": json.loads(config.to_json_string()),
                "sha256": hashes(folder, "tiny.gguf", None),
                "tokens": [
                    {"text": text, "ids": ids, "decoded": tokenizer.decode(ids)}
                    for text, ids in zip(TEXTS, encoded, strict=True)
                ],
            }
    text = json.dumps(expected, ensure_ascii=True, indent=1)
    (HERE / "expected.json").write_text(text + "\n")


def hashes(folder: str | Path, file: str, names: list[str] | None) -> dict[str, str]:
    """Return the sha256 of tensors as transformers dequantises them."""
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype="float32")
    state = {n: t for n, t in model.state_dict().items() if not names or n in names}
    return {
        n: hashlib.sha256(t.contiguous().numpy().tobytes()).hexdigest() for n, t in state.items()
    }


def write_llama(path: Path, rng: np.random.Generator) -> None:
    """One Llama layer in eight tensor types."""
    tokens, scores, types = sentencepiece_vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    sizes(writer, len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    V = len(tokens)
    add(writer, rng, "token_embd.weight", (V, D), Type.Q8_0)
    add(writer, rng, "output.weight", (V, D), Type.Q4_1)
    add(writer, rng, "output_norm.weight", (D,), Type.F32)
    add(writer, rng, "blk.0.attn_norm.weight", (D,), Type.F32)
    add(writer, rng, "blk.0.ffn_norm.weight", (D,), Type.F32)
    add(writer, rng, "blk.0.attn_q.weight", (H * DH, D), Type.Q4_0)
    add(writer, rng, "blk.0.attn_k.weight", (HKV * DH, D), Type.Q4_1)
    add_q6_k(writer, rng, "blk.0.attn_v.weight", (HKV * DH, D))
    add(writer, rng, "blk.0.attn_output.weight", (D, H * DH), Type.Q5_0)
    add(writer, rng, "blk.0.ffn_gate.weight", (F, D), Type.Q5_1)
    add(writer, rng, "blk.0.ffn_up.weight", (F, D), Type.F16)
    add(writer, rng, "blk.0.ffn_down.weight", (D, F), Type.BF16)
    finish(writer)


def write_qwen2(path: Path, rng: np.random.Generator) -> None:
    """One Qwen2 layer: biases on q, k and v, tied embeddings."""
    tokens, merges, types = byte_level_vocabulary()
    writer = gguf.GGUFWriter(path, "qwen2")
    sizes(writer, len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_merges(merges)
    writer.add_token_types(types)
    writer.add_eos_token_id(len(tokens) - 1)
    writer.add_chat_template("{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}")
    add(writer, rng, "token_embd.weight", (len(tokens), D), Type.Q8_0)
    add(writer, rng, "output_norm.weight", (D,), Type.F32)
    add(writer, rng, "blk.0.attn_norm.weight", (D,), Type.F32)
    add(writer, rng, "blk.0.ffn_norm.weight", (D,), Type.F32)
    for part, rows in (("q", H * DH), ("k", HKV * DH), ("v", HKV * DH)):
        add(writer, rng, f"blk.0.attn_{part}.weight", (rows, D), Type.Q4_0)
        add(writer, rng, f"blk.0.attn_{part}.bias", (rows,), Type.F32)
    add(writer, rng, "blk.0.attn_output.weight", (D, H * DH), Type.Q4_0)
    add(writer, rng, "blk.0.ffn_gate.weight", (F, D), Type.Q4_0)
    add(writer, rng, "blk.0.ffn_up.weight", (F, D), Type.Q4_0)
    add(writer, rng, "blk.0.ffn_down.weight", (D, F), Type.Q4_0)
    finish(writer)


def sizes(writer: gguf.GGUFWriter, vocab_size: int) -> None:
    """Write the model's sizes."""
    writer.add_context_length(512)
    writer.add_embedding_length(D)
    writer.add_block_count(1)
    writer.add_feed_forward_length(F)
    writer.add_head_count(H)
    writer.add_head_count_kv(HKV)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(DH)
    writer.add_vocab_size(vocab_size)


def add(
    writer: gguf.GGUFWriter, rng: np.random.Generator, name: str, shape: tuple, kind: Type
) -> None:
    """Write a random tensor in one of the types that the gguf package can pack."""
    values = (rng.standard_normal(shape) * 0.05).astype(np.float32)
    if kind == Type.F32:
        writer.add_tensor(name, values)
    elif kind == Type.F16:
        writer.add_tensor(name, values.astype(np.float16))
    else:
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)


def add_q6_k(writer: gguf.GGUFWriter, rng: np.random.Generator, name: str, shape: tuple) -> None:
    """Write random Q6_K blocks: 208 bytes of codes and scales, then a float16 scale."""
    blocks = rng.integers(0, 256, (shape[0] * shape[1] // 256, 210), dtype=np.uint8)
    blocks[:, 208:] = np.full((len(blocks), 1), 1e-4, dtype=np.float16).view(np.uint8)
    writer.add_tensor(name, blocks.reshape(shape[0], -1), raw_dtype=Type.Q6_K)


def finish(writer: gguf.GGUFWriter) -> None:
    """Write the file."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def sentencepiece_vocabulary() -> tuple[list[str], list[float], list[int]]:
    """Control tokens, 256 byte tokens, and pieces with scores that fall with their rank."""
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{b:02X}>" for b in range(256))]
    types = [2, 3, 3, *[6] * 256]
    scores = [0.0] * len(tokens)
    pieces = ["th", "▁t", "▁th", "▁the", "he", "▁c", "at", "▁cat", "at", "▁▁", "sat", "▁s"]
    for rank, piece in enumerate(dict.fromkeys([*pieces, *"▁abcdehstilT123"])):
        tokens.append(piece)
        types.append(1)
        scores.append(-float(rank))
    return tokens, scores, types


def byte_level_vocabulary() -> tuple[list[str], list[str], list[int]]:
    """GPT-2's 256 byte characters, a few merges, one control token and one added by a user."""
    alphabet = transformers.convert_slow_tokenizer.bytes_to_unicode().values()
    merges = ["t h", "th e", "Ġ the", "Ġ c", "a t", "Ġc at", "Ġ Ġ", "1 2", "' l", "'l l"]
    merged = [merge.replace(" ", "") for merge in merges]
    tokens = [*alphabet, *merged, "<tool_call>", "<|im_end|>"]
    return tokens, merges, [1] * (len(tokens) - 2) + [4, 3]


if __name__ == "__main__":
    main()
