"""The bytes of every token: what a grammar needs to know of a tokenizer, and nothing else.

A document is bytes, a model speaks tokens. Byte-level vocabularies (GPT-2's alphabet: SmolLM2,
Llama 3, Qwen) and SentencePiece's (Llama 2, Mistral: U+2581 is a space, ``<0x0A>`` a byte) both
come down to one byte string an id. Control tokens have no bytes: no document contains them.

>>> toy = Vocabulary([b"a", b"b", b"ab", None], eos_ids=[3])
>>> toy.vocab_size, toy.spell(b"aba")
(4, [2, 0])
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from tokenizers.models import BPE

from minilora.grammar.trie import Trie

if TYPE_CHECKING:  # minilora.chat imports torch, which a grammar does not need
    from minilora.chat import Tokenizer

Encode = Callable[[bytes], list[int]]
UNSPELLED = float("inf")


class Vocabulary:
    """The bytes of all token ids, as a list and as a tree.

    Attributes:
        tokens: id -> bytes; None for control tokens and ids without a token, which stand in no
            document.
        vocab_size: ids run from 0 to vocab_size - 1.
        eos_ids: ids that end a text, the one that closes an assistant's turn first.
        fingerprint: equal for equal tokens and end-of-text ids.
        trie: the tokens as a tree.
        single_bytes: the bytes that have a token of their own; some vocabularies lack a few.
    """

    def __init__(
        self,
        tokens: Sequence[bytes | None],
        eos_ids: Iterable[int],
        encode: Encode | None = None,
    ) -> None:
        """Take the bytes of every id.

        Args:
            tokens: id -> bytes, or None. Empty bytes count as None.
            eos_ids: end-of-text ids; they have no bytes, whatever ``tokens`` says.
            encode: the tokenizer's own way from bytes to ids, or None. It may return anything for
                bytes that it cannot take: the result is checked.

        Raises:
            ValueError: an end-of-text id outside the vocabulary.
        """
        self.eos_ids = tuple(dict.fromkeys(eos_ids))
        self.vocab_size = len(tokens)
        for i in self.eos_ids:
            if not 0 <= i < self.vocab_size:
                raise ValueError(f"end-of-text id {i}, but ids go from 0 to {self.vocab_size - 1}")
        ends = frozenset(self.eos_ids)
        self.tokens = tuple((t or None) if i not in ends else None for i, t in enumerate(tokens))
        self.fingerprint = _fingerprint(self.tokens, self.eos_ids)
        self.trie = Trie.build(self.tokens)
        self.single_bytes = frozenset(t[0] for t in self.tokens if t is not None and len(t) == 1)
        self._encode = encode
        # of the last text that was spelled, by distance from its end: the fewest tokens, and the
        # first of them with the distance at which the next one starts
        self._spelled: tuple[bytes, list[float], list[tuple[int, int]]] = (b"", [0.0], [(0, 0)])

    @classmethod
    def from_tokenizer(cls, tokenizer: Tokenizer) -> Vocabulary:
        """Return the vocabulary of a model's tokenizer.

        Of the tokens that were added to the trained vocabulary, white space alone counts as text:
        ``<tool_call>`` means something to the program around the model even where the tokenizer
        does not call it special, and its characters can be written with ordinary tokens.
        """
        tokens: list[bytes | None] = list(tokenizer.vocabulary_bytes)
        backend = tokenizer.backend
        not_text = list(backend.get_added_tokens_decoder())
        if isinstance(backend.model, BPE) and (unknown := backend.model.unk_token) is not None:
            not_text += [i for i in [backend.token_to_id(unknown)] if i is not None]
        for i in not_text:
            if (tokens[i] or b"").strip():
                tokens[i] = None
        return cls(tokens, tokenizer.eos_ids, _encoder(tokenizer, tokens))

    def text(self, ids: Iterable[int]) -> bytes:
        """Return the bytes of some tokens one after the other; none for control tokens."""
        return b"".join(self.tokens[i] or b"" for i in ids)

    def canonical(self, data: bytes) -> list[int] | None:
        """Return the ids that the tokenizer itself gives for some bytes.

        None where there is no tokenizer, or it does not give exactly these bytes back: not UTF-8,
        or a text that it normalises.
        """
        if self._encode is None:
            return None
        ids = self._encode(data)
        return ids if self.text(ids) == data else None

    def spell(self, data: bytes) -> list[int] | None:
        """Return the fewest tokens whose bytes are exactly ``data``, None where there are none.

        best[d] = 1 + min over tokens t that the last d bytes begin with of best[d - len(t)],
        for d from 1. What the text before this one ended with too is known already: completions
        of one document are spelled one after the other, and have most of their end in common.
        """
        before, best, taken = self._spelled
        known = _common_end(data, before)
        best, taken = best[: known + 1], taken[: known + 1]
        n, children, tokens_at = len(data), self.trie.children, self.trie.tokens_at
        for d in range(known + 1, n + 1):
            fewest, choice, node = UNSPELLED, (0, 0), 0
            for i in range(n - d, n):
                child = children(node).get(data[i])
                if child is None:
                    break
                node, ids = child, tokens_at(child)
                if ids and best[n - i - 1] < fewest:
                    fewest, choice = best[n - i - 1], (ids[0], n - i - 1)
            best.append(fewest + 1)
            taken.append(choice)
        self._spelled = data, best, taken
        if best[n] >= UNSPELLED:
            return None
        ids, d = [], n
        while d:
            token, d = taken[d]
            ids.append(token)
        return ids


def _common_end(a: bytes, b: bytes) -> int:
    """Return how many bytes two texts have in common at their ends, found by halving."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[-middle:] == b[-middle:]:
            low = middle
        else:
            high = middle - 1
    return low


def _fingerprint(tokens: Iterable[bytes | None], eos_ids: Iterable[int]) -> str:
    """Return 16 hexadecimal digits of a hash over lengths and bytes."""
    digest = hashlib.sha256(repr(tuple(eos_ids)).encode())
    for token in tokens:
        digest.update(b"-" if token is None else b"%d:%s" % (len(token), token))
    return digest.hexdigest()[:16]


def _encoder(tokenizer: Tokenizer, tokens: Sequence[bytes | None]) -> Encode:
    """Return the tokenizer's encoding of bytes as they stand *inside* a text.

    SentencePiece puts a space before a text. There a line break goes first, and the tokens that
    spell it and the space are cut off again.
    """

    def spelled(ids: Iterable[int]) -> bytes:
        return b"".join(tokens[i] or b"" for i in ids)

    anchor = "" if spelled(tokenizer.encode("a")) == b"a" else "\n"
    n_anchor = len(tokenizer.encode(anchor)) if anchor else 0

    def encode(data: bytes) -> list[int]:
        return tokenizer.encode(anchor + data.decode(errors="replace"))[n_anchor:]

    return encode
