"""The tokenizer that a GGUF file's metadata describes, as a ``tokenizers.Tokenizer``.

A GGUF file has no ``tokenizer.json``; it stores tokens, merges, token types and the *name* of the
rule that cuts text into words before merging (``tokenizer.ggml.pre``). The rules are spelled out
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from minilora.checkpoint import WeightsError

_CONTROL, _USER_DEFINED = 3, 4  # tokenizer.ggml.token_type

# How text is cut into words. Digits are single in SmolLM2 and Qwen2, in threes in Llama 3.
_LETTERS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_LLAMA3_WORDS = rf"{_LETTERS}|\p{{N}}{{1,3}}|{_REST}"
_QWEN2_WORDS = rf"{_LETTERS}|\p{{N}}|{_REST}"
_TEKKEN_UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_TEKKEN_LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_TEKKEN_WORDS = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{_TEKKEN_UPPER}*{_TEKKEN_LOWER}+"
    rf"|[^\r\n\p{{L}}\p{{N}}]?{_TEKKEN_UPPER}+{_TEKKEN_LOWER}*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_WORDS = {
    "llama3": _LLAMA3_WORDS,
    "llama-v3": _LLAMA3_WORDS,
    "llama-bpe": _LLAMA3_WORDS,
    "smaug-bpe": _LLAMA3_WORDS,
    "qwen2": _QWEN2_WORDS,
    "deepseek-r1-qwen": _QWEN2_WORDS,
    "tekken": _TEKKEN_WORDS,
}


def gguf_tokenizer(metadata: Mapping[str, Any]) -> Tokenizer:
    """Return the tokenizer described by a GGUF file's metadata.

    Raises:
        WeightsError: the file holds none, or one of a kind that is not understood.
    """
    kind = metadata.get("tokenizer.ggml.model")
    builders = {"gpt2": _byte_level, "llama": _sentencepiece}
    if kind not in builders:
        raise WeightsError(f"GGUF tokenizer {kind!r} is not supported (gpt2 and llama are)")
    try:
        tokenizer = builders[kind](metadata)
    except WeightsError:
        raise
    except Exception as error:  # the tokenizers library raises nothing narrower
        raise WeightsError(f"the GGUF file's tokenizer is damaged: {error}") from error
    tokens, types = metadata["tokenizer.ggml.tokens"], metadata.get("tokenizer.ggml.token_type", [])
    special = [t for t, kind in zip(tokens, types, strict=False) if kind == _CONTROL]
    plain = [t for t, kind in zip(tokens, types, strict=False) if kind == _USER_DEFINED]
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in special])
    tokenizer.add_tokens([AddedToken(t, normalized=False) for t in plain])
    return tokenizer


def _byte_level(metadata: Mapping[str, Any]) -> Tokenizer:
    """Byte-level BPE (GPT-2's alphabet of 256 printable characters)."""
    vocabulary = {token: i for i, token in enumerate(metadata["tokenizer.ggml.tokens"])}
    merges = [_pair(merge) for merge in metadata["tokenizer.ggml.merges"]]
    rule = str(metadata.get("tokenizer.ggml.pre", "default"))
    ignore_merges = _WORDS.get(rule) is _LLAMA3_WORDS
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = _pre_tokenizer(rule)
    tokenizer.decoder = decoders.ByteLevel()
    if rule == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    return tokenizer


def _pair(merge: str) -> tuple[str, str]:
    left, right = merge.split(" ")
    return left, right


def _pre_tokenizer(rule: str) -> pre_tokenizers.PreTokenizer:
    if (
        rule == "smollm"
    ):  # every digit alone, *before* GPT-2's rule: "\n  12" keeps its two spaces whole
        digits = pre_tokenizers.Digits(individual_digits=True)
        return pre_tokenizers.Sequence([digits, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    if rule in ("default", "gpt-2"):
        return pre_tokenizers.ByteLevel(add_prefix_space=False)
    if rule not in _WORDS:
        raise WeightsError(f"GGUF pre-tokenizer {rule!r} is not supported")
    words = pre_tokenizers.Split(Regex(_WORDS[rule]), behavior="isolated")
    to_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([words, to_bytes])


def _sentencepiece(metadata: Mapping[str, Any]) -> Tokenizer:
    """SentencePiece BPE with byte fallback (Llama 2, Mistral): scores of pieces give the merges."""
    tokens, scores = metadata["tokenizer.ggml.tokens"], metadata["tokenizer.ggml.scores"]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    merges = _merges_from_scores(vocabulary, scores)
    unknown = tokens[metadata.get("tokenizer.ggml.unknown_token_id", 0)]
    model = models.BPE(vocabulary, merges, unk_token=unknown, fuse_unk=True, byte_fallback=True)
    tokenizer = Tokenizer(model)
    spaces = [normalizers.Replace(" ", "▁")]
    prefixed = metadata.get("tokenizer.ggml.add_space_prefix", True)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), *spaces] if prefixed else spaces
    )
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence(
        [*steps, decoders.Strip(content=" ", left=1)] if prefixed else steps
    )
    return tokenizer


def _merges_from_scores(
    vocabulary: Mapping[str, int], scores: list[float]
) -> list[tuple[str, str]]:
    """Return every split of a piece into two pieces, the best-scored piece first.

    SentencePiece stores no merges: it always joins the neighbours whose joint piece scores highest.
    """
    ranked = []
    for piece, i in vocabulary.items():
        for cut in range(1, len(piece)):
            left, right = piece[:cut], piece[cut:]
            if left in vocabulary and right in vocabulary:
                ranked.append((-scores[i], vocabulary[left], vocabulary[right], left, right))
    return [(left, right) for *_, left, right in sorted(ranked)]
