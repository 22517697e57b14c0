"""Constrained decoding: a JSON Schema as what may come next in an answer.

:mod:`minilora.grammar` decides; this puts it behind the seam of :mod:`minilora.generate`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from minilora.chat import Tokenizer
from minilora.generate import Constraint
from minilora.grammar import Grammar, Matcher, Vocabulary, compile_json_schema
from minilora.grammar.apply import allowed_tokens
from minilora.grammar.whitespace import Style

KEPT_GRAMMARS = 32  # each has masks of up to 64 MiB


class SchemaConstraint(Constraint):
    """What the answers of one row may be.

    Args:
        matcher: before the first token.
        budget: tokens that the answer may have; it is closed in time.
    """

    def __init__(self, matcher: Matcher, budget: int) -> None:
        self.matcher, self.left = matcher, budget

    def allowed(self) -> Tensor:
        """Return (V,) bool: the tokens after which the answer can still be closed in time."""
        packed = torch.tensor(self.matcher.mask(self.left))[None]  # (1, W) int32
        return allowed_tokens(packed, self.matcher.vocabulary.vocab_size)[0]

    def advance(self, token: int) -> None:
        """Take the chosen token."""
        self.matcher.advance(token)
        self.left -= 1

    def forced(self) -> list[int]:
        """Return tokens that can only come next, as far as the budget holds their completion."""
        tokens = self.matcher.forced_tokens()
        if not tokens:
            return []
        ahead = self.matcher.fork()
        for token in tokens:
            ahead.advance(token)
        return tokens if ahead.can_close(self.left - len(tokens)) else []

    @property
    def complete(self) -> bool:
        """Whether the answer is whole and nothing may follow but the end."""
        matcher = self.matcher
        return matcher.can_end and not matcher.cache.moves(matcher.state)[1]

    def expects(self) -> str:
        """Return in words what may come next, and whether the budget leaves less of it."""
        words = self.matcher.machine.describe(self.matcher.state)
        narrowed = not np.array_equal(self.matcher.mask(), self.matcher.mask(self.left))
        return f"{words} (the budget narrows it)" if narrowed else words


class Constrainer:
    """Compiles each schema once, for one tokenizer.

    Args:
        tokenizer: whose tokens are to be masked.
        whitespace: how answers are written; the shipped adapters write as json.dumps does.
        vocabulary: the tokenizer's, where it is at hand.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        whitespace: Style = "json.dumps",
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self.vocabulary = vocabulary or Vocabulary.from_tokenizer(tokenizer)
        self._compiled = lru_cache(KEPT_GRAMMARS)(
            lambda text: compile_json_schema(json.loads(text), whitespace)
        )

    def grammar(self, schema: Mapping[str, Any]) -> Grammar:
        """Return the grammar of a schema.

        Raises:
            SchemaError: it cannot be compiled; the message names keyword and place.
        """
        return self._compiled(json.dumps(schema))

    def constraint(self, schema: Mapping[str, Any], budget: int) -> SchemaConstraint:
        """Return a constraint for one answer of at most ``budget`` tokens.

        Raises:
            SchemaError: as :meth:`grammar`.
            ValueError: no answer is that short.
        """
        matcher = self.grammar(schema).matcher(self.vocabulary)
        needed = len(matcher.shortest_plan())
        if needed > budget:
            raise ValueError(f"the shortest answer has {needed} tokens, {budget} are allowed")
        return SchemaConstraint(matcher, budget)
