"""The bytes of tokens against what the tokenizers read and write, and the tree of them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from minilora import chat
from minilora.grammar.trie import Trie
from minilora.grammar.vocabulary import Vocabulary

TINY = Path(__file__).parents[2] / "reference" / "chat_gguf"
EXAMPLES = settings(derandomize=True, deadline=None, max_examples=100)
TEXTS = [
    '{"name": "dim", "args": {"percent": -12.5e+3, "on": [true, false, null]}}',
    "👩‍🚀👨‍👩‍👧 naïve Ελλάδα 日本語 \u200f\u00a0\u2028 ﷽",
    " \t\t\n\n\r\n   x  \x0b\x0c\x00\x7f   ",
    "<|im_start|> and </s> and <0x41> and ▁ are text here",
    "I'll don't 1234567 3.14 ___ \\u00e9 \\\\ \"'`",
]


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_of_a_text_have_its_bytes(text, smollm2, smollm2_tokenizer):
    assert smollm2.text(smollm2_tokenizer.encode(text)) == text.encode()


@EXAMPLES
@given(text=st.text(max_size=40))
def test_tokens_of_any_text_have_its_bytes(text, smollm2, smollm2_tokenizer):
    """SmolLM2 has no token for 21 bytes and drops them; what it cannot spell is refused here."""
    data = text.encode()
    ids = smollm2_tokenizer.encode(text)
    if not smollm2.single_bytes.issuperset(data):
        assert smollm2.canonical(data) is None
        return
    assert smollm2.text(ids) == data
    assert smollm2.canonical(data) == ids
    fewest = smollm2.spell(data)
    assert smollm2.text(fewest) == data
    assert len(fewest) <= len(ids)


@EXAMPLES
@given(texts=st.lists(st.text("ab", max_size=12).map(str.encode), max_size=8))
def test_what_was_spelled_before_plays_no_part(texts):
    """The end that a text has in common with the last one is not spelled again."""
    tokens = [b"a", b"aba", b"bab", b"bb", None]
    used = Vocabulary(tokens, [4])
    for text in texts:
        assert used.spell(text) == Vocabulary(tokens, [4]).spell(text)


def test_every_token_decodes_as_the_tokenizer_says(smollm2, smollm2_tokenizer):
    for i, data in enumerate(smollm2.tokens):
        if data is None:
            assert i in smollm2_tokenizer.special_ids
        else:
            assert data.decode(errors="replace") == smollm2_tokenizer.decode([i], special=True)


def test_control_tokens_have_no_bytes(smollm2, smollm2_tokenizer):
    assert smollm2.vocab_size == 49_152
    assert smollm2.eos_ids == smollm2_tokenizer.eos_ids
    assert {i for i, t in enumerate(smollm2.tokens) if t is None} == smollm2_tokenizer.special_ids


@pytest.mark.parametrize("name", ["tiny_llama", "tiny_qwen2"])
@pytest.mark.parametrize("text", [*TEXTS[::2], "hello  hello", " hello", "\nhello"])
def test_other_vocabularies_spell_texts_as_they_stand(name, text):
    """SentencePiece puts a space before a text: bytes inside a text must not get it."""
    tokenizer = chat.Tokenizer.from_path(TINY / f"{name}.gguf")
    vocabulary = Vocabulary.from_tokenizer(tokenizer)
    data = text.encode()
    ids = vocabulary.canonical(data)
    assert ids is not None
    assert vocabulary.text(ids) == data
    assert vocabulary.text(vocabulary.spell(data)) == data
    added = b" " if name == "tiny_llama" else b""
    assert vocabulary.text(tokenizer.encode(text)) == added + data


def test_sentencepiece_bytes_spaces_and_unknown():
    tokenizer = chat.Tokenizer.from_path(TINY / "tiny_llama.gguf")
    vocabulary = Vocabulary.from_tokenizer(tokenizer)
    spelled = tokenizer.backend.id_to_token
    assert spelled(0) == "<unk>"
    assert vocabulary.tokens[0] is None
    single = {f"<0x{byte:02X}>": bytes([byte]) for byte in range(256)}
    for i, data in enumerate(vocabulary.tokens):
        token = spelled(i)
        if i in tokenizer.special_ids or token == "<unk>":
            assert data is None
        else:
            assert data == single.get(token, token.replace("▁", " ").encode())


def test_added_tokens_are_text_only_where_they_are_white_space():
    """As in Qwen, whose ``<tool_call>`` is added but not special, and ids without any token."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(models.BPE({c: i for i, c in enumerate(alphabet)}, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(["<|im_end|>"])
    backend.add_tokens([AddedToken("<tool_call>"), AddedToken("    ", normalized=False)])
    tokenizer = chat.Tokenizer(backend, chat.ChatFormat({"eos_token": "<|im_end|>"}, {}, (256,)))
    vocabulary = Vocabulary.from_tokenizer(tokenizer)
    assert vocabulary.tokens[256:] == (None, None, b"    ")
    assert vocabulary.eos_ids == (256,)
    assert sorted(t for t in vocabulary.tokens[:256] if t) == [bytes([b]) for b in range(256)]


def test_bytes_that_are_no_text_have_no_canonical_tokens(smollm2, toy):
    assert smollm2.canonical("é".encode()[:1]) is None
    assert toy.canonical(b"a") is None
    assert Vocabulary([b"A", None], [1], encode=lambda data: [0]).canonical(b"a") is None


def test_fingerprints_tell_vocabularies_apart():
    base = Vocabulary([b"a", b"bc", None, None], [3])
    assert base.fingerprint == Vocabulary([b"a", b"bc", None, b""], [3]).fingerprint
    others = [
        Vocabulary([b"ab", b"c", None, None], [3]),
        Vocabulary([b"a", b"bc", None, None], [2]),
        Vocabulary([b"a", b"bc", b"-", None], [3]),
        Vocabulary([b"a", b"bc", None, None, None], [3]),
    ]
    assert len({base.fingerprint, *(v.fingerprint for v in others)}) == 5


def test_bad_vocabularies_are_refused():
    with pytest.raises(ValueError, match="end-of-text id 2, but ids go from 0 to 1"):
        Vocabulary([b"a", None], [2])
    assert Vocabulary([b"a", None], [1]).spell(b"aab") is None
    assert Vocabulary([b"a", b"b"], [1]).tokens == (b"a", None)


def check_tree(trie: Trie, tokens: list[bytes | None]) -> None:
    """Compare the arrays with all beginnings of tokens, shortest first, then by bytes."""
    nodes = sorted({t[:i] for t in tokens if t for i in range(len(t) + 1)} | {b""})
    nodes.sort(key=len)
    assert len(trie) == len(nodes)
    number = {node: i for i, node in enumerate(nodes)}
    for i, node in enumerate(nodes):
        assert trie.find(node) == i
        if node:
            assert (trie.parent[i], trie.byte[i]) == (number[node[:-1]], node[-1])
        children = {n[-1]: number[n] for n in nodes if n and n[:-1] == node}
        assert trie.children(i) == children
        assert trie.tokens_at(i) == [t for t, data in enumerate(tokens) if data and data == node]
    for length, (first, last) in enumerate(zip(trie.levels, trie.levels[1:], strict=False)):
        assert {len(node) for node in nodes[first:last]} == {length}
    expected = [number[t] if t else len(nodes) for t in tokens]
    assert np.array_equal(trie.token_node, np.array(expected, np.int32))


@EXAMPLES
@given(st.lists(st.none() | st.binary(max_size=4) | st.sampled_from([b"ab", b"abc", b"b"])))
def test_the_tree_holds_exactly_the_beginnings_of_tokens(tokens):
    check_tree(Trie.build(tokens), tokens)


def test_a_vocabulary_without_any_bytes_is_a_bare_root():
    assert len(Trie.build([None, b""])) == len(Trie.build([])) == 1
    assert Trie.build([None]).find(b"a") is None
