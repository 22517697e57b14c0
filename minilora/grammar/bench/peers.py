"""The other engines, as their documentation shows them used; one thread each.

They come with the ``reference`` group. Each is imported where it is made, in a process of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

from minilora.grammar.bench.engines import Compiled, Engine, Formats, Mask, Ours, Refused, Walk
from minilora.grammar.vocabulary import Vocabulary

BUDGET = 32_768  # more than any instance has

# name -> the package it needs, and what it is
ENGINES = {
    "ours": ("minilora", "any member order, formats enforced"),
    "ours-budget": ("minilora", f"the same, with room for {BUDGET:,} tokens in every mask"),
    "xgrammar": ("xgrammar", "its defaults: strict mode, the schema's member order"),
    "xgrammar-any": ("xgrammar", "not strict, any member order"),
    "llguidance": ("llguidance", "its defaults"),
    "llguidance-lenient": ("llguidance", "ignores the keywords that it does not implement"),
    "outlines-core": ("outlines_core", "its defaults: a regular expression"),
}


def absent(name: str) -> bool:
    """Return whether the package of an engine is not installed."""
    return find_spec(ENGINES[name][0]) is None


def make_engine(name: str, vocabulary: Vocabulary) -> Engine:
    """Return the engine of a name in :data:`ENGINES`, ready for a vocabulary.

    It has walked a document already: what an engine builds once a vocabulary is not timed.
    """
    engine = _new_engine(name, vocabulary)
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    walk = engine.compile(schema, "enforce", {}).start()
    for token_id in vocabulary.spell(b'{"a": "b"}') or ():
        walk.mask()
        walk.advance(token_id)
    return engine


def _new_engine(name: str, vocabulary: Vocabulary) -> Engine:
    if name in ("ours", "ours-budget"):
        return Ours(vocabulary, BUDGET if name == "ours-budget" else None)
    if name in ("xgrammar", "xgrammar-any"):
        return XGrammar(vocabulary, strict=name == "xgrammar")
    if name in ("llguidance", "llguidance-lenient"):
        return LLGuidance(vocabulary, lenient=name == "llguidance-lenient")
    return OutlinesCore(vocabulary)


class XGrammar:
    """xgrammar, its cache off and on one thread."""

    def __init__(self, vocabulary: Vocabulary, strict: bool) -> None:
        import xgrammar

        tokens = [token or b"" for token in vocabulary.tokens]
        info = xgrammar.TokenizerInfo(tokens, stop_token_ids=list(vocabulary.eos_ids))
        self.compiler = xgrammar.GrammarCompiler(info, max_threads=1, cache_enabled=False)
        self.strict, self.version = strict, version("xgrammar")
        self.bitmask = xgrammar.allocate_token_bitmask(1, vocabulary.vocab_size)

    def compile(self, schema: Any, formats: Formats, resources: Mapping[str, Any]) -> Compiled:
        """Compile a schema; ``formats`` and ``resources`` have no counterpart."""
        try:
            compiled = self.compiler.compile_json_schema(
                json.dumps(schema), strict_mode=self.strict, any_order=not self.strict
            )
        except (RuntimeError, ValueError) as error:
            raise _refused(error) from None
        return _XGrammarCompiled(compiled, self.bitmask)


class _XGrammarCompiled:
    def __init__(self, compiled: Any, bitmask: Any) -> None:
        self.compiled, self.bitmask = compiled, bitmask

    def start(self) -> Walk:
        return _XGrammarWalk(self.compiled, self.bitmask)


class _XGrammarWalk:
    def __init__(self, compiled: Any, bitmask: Any) -> None:
        import xgrammar

        self.matcher = xgrammar.GrammarMatcher(compiled)
        self.bitmask = bitmask
        self.words: Mask = bitmask[0].numpy()  # the same memory

    def mask(self) -> Mask:
        self.matcher.fill_next_token_bitmask(self.bitmask)
        return self.words

    def advance(self, token_id: int) -> None:
        if not self.matcher.accept_token(token_id):
            raise ValueError(f"token {token_id}")


class LLGuidance:
    """llguidance, with its vocabulary slices for JSON."""

    def __init__(self, vocabulary: Vocabulary, lenient: bool) -> None:
        import llguidance

        self.tokenizer = llguidance.LLTokenizer(
            llguidance.TokenizerWrapper(_Described(vocabulary)),
            n_vocab=vocabulary.vocab_size,
            eos_token=list(vocabulary.eos_ids),
            slices=llguidance.LLTokenizer.json_slices(),
        )
        self.lenient, self.version = lenient, version("llguidance")
        self.n_words = -(-vocabulary.vocab_size // 32)

    def compile(self, schema: Any, formats: Formats, resources: Mapping[str, Any]) -> Compiled:
        """Compile a schema; ``formats`` and ``resources`` have no counterpart."""
        from llguidance import LLMatcher

        try:
            text = LLMatcher.grammar_from_json_schema(
                json.dumps(schema), overrides={"lenient": self.lenient}
            )
        except ValueError as error:
            raise _refused(error) from None
        compiled = _LLGuidanceWalk(self.tokenizer, text, self.n_words)
        if compiled.matcher.is_error():
            raise _refused(ValueError(compiled.matcher.get_error()))
        return compiled


class _Described:
    """A vocabulary in the form that llguidance reads; control tokens begin with byte 0xFF."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.eos_token_id, self.bos_token_id = vocabulary.eos_ids[0], None
        self.tokens = [
            b"\xff<%d>" % i if token is None else token for i, token in enumerate(vocabulary.tokens)
        ]
        self.special_token_ids = [i for i, token in enumerate(vocabulary.tokens) if token is None]
        self.vocabulary = vocabulary

    def __call__(self, text: bytes) -> list[int]:
        return self.vocabulary.canonical(text) or self.vocabulary.spell(text) or []


class _LLGuidanceWalk:
    """Schema and document at once: what it learns of a schema survives only in :meth:`reset`."""

    def __init__(self, tokenizer: Any, text: str, n_words: int) -> None:
        self.tokenizer, self.text = tokenizer, text
        self.bitmask = np.zeros((1, n_words), np.int32)
        self.words: Mask = self.bitmask[0]  # the same memory
        self.matcher = self._fresh()

    def _fresh(self) -> Any:
        from llguidance import LLMatcher

        return LLMatcher(self.tokenizer, self.text, log_level=0)

    def start(self) -> Walk:
        if self.matcher.is_error():  # it never leaves an error
            self.matcher = self._fresh()
        else:
            self.matcher.reset()
        return self

    def mask(self) -> Mask:
        from llguidance.numpy import fill_next_token_bitmask

        fill_next_token_bitmask(self.matcher, self.bitmask)
        return self.words

    def advance(self, token_id: int) -> None:
        if not self.matcher.consume_token(token_id):
            raise ValueError(self.matcher.get_error())


class OutlinesCore:
    """outlines-core."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        import outlines_core

        ids: dict[bytes | str, list[int]] = {}
        for i, token in enumerate(vocabulary.tokens):
            if token is not None:
                ids.setdefault(token, []).append(i)
        self.vocabulary = outlines_core.Vocabulary(vocabulary.eos_ids[0], ids)
        self.n_words, self.version = -(-vocabulary.vocab_size // 32), version("outlines_core")

    def compile(self, schema: Any, formats: Formats, resources: Mapping[str, Any]) -> Compiled:
        """Compile a schema; ``formats`` and ``resources`` have no counterpart."""
        import outlines_core

        try:
            regex = outlines_core.json_schema.build_regex_from_schema(json.dumps(schema))
            index = outlines_core.Index(regex, self.vocabulary)
        except (ValueError, TypeError) as error:
            raise _refused(error) from None
        return _OutlinesWalk(outlines_core.Guide(index), self.n_words)


class _OutlinesWalk:
    def __init__(self, guide: Any, n_words: int) -> None:
        self.guide, self.words = guide, np.zeros(n_words, np.int32)

    def start(self) -> Walk:
        self.guide.reset()
        return self

    def mask(self) -> Mask:
        self.guide.write_mask_into(self.words.ctypes.data, self.words.size, 4)
        return self.words

    def advance(self, token_id: int) -> None:
        self.guide.advance(token_id, False)


# A word in a peer's message -> the keyword that it stands for; the first that is found counts.
KEYWORDS = {
    '"if"': "if",
    '"not"': "not",
    '"contains"': "contains",
    '"dependencies"': "dependencies",
    "oneOf": "oneOf",
    "allOf": "allOf",
    "Unknown format": "format",
    "patternProperty": "patternProperties",
    "uniqueItems": "uniqueItems",
    "propertyNames": "propertyNames",
    "unevaluated": "unevaluated*",
    "dependent": "dependent*",
    "regex": "pattern",
    "Regex": "pattern",
    "eference": "$ref",
    "$ref": "$ref",
}
UNSATISFIABLE = ("unsatisfiable", "cannot accept any value", "invalid range")


def _refused(error: Exception) -> Refused:
    """Return a peer's refusal, with the keyword that its message names, or its first words."""
    message = " ".join(re.sub(r"^\[[\d:]+\] \S+ ", "", str(error)).split())
    first_words = message.split("{")[0][:40].strip()
    keyword = next((name for word, name in KEYWORDS.items() if word in message), first_words)
    return Refused(message, keyword, any(word in message.lower() for word in UNSATISFIABLE))
