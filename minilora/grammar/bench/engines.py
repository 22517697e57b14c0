"""What the benchmark asks of an engine, and how ours answers.

An engine compiles a schema; a compiled schema starts documents; a document is walked token by
token, with a mask before each. Masks are packed: bit t % 32 of int32 word t // 32 is token t.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from minilora import __version__
from minilora.grammar.errors import SchemaError
from minilora.grammar.grammar import Grammar, compile_json_schema
from minilora.grammar.matcher import Matcher
from minilora.grammar.vocabulary import Vocabulary

Formats = Literal["enforce", "annotate"]
Mask = NDArray[np.int32]


class Refused(ValueError):
    """A schema that an engine declines.

    Attributes:
        keyword: the keyword that is the reason, as far as the engine tells.
        unsatisfiable: the engine says that no document satisfies the schema.
    """

    def __init__(self, message: str, keyword: str, unsatisfiable: bool = False) -> None:
        super().__init__(message)
        self.keyword, self.unsatisfiable = keyword, unsatisfiable


class Walk(Protocol):
    """A document under way."""

    def mask(self) -> Mask:
        """Return which tokens may come next, end of text among them."""

    def advance(self, token_id: int) -> None:
        """Take a token.

        Raises:
            ValueError: it is not allowed here; the walk is over.
        """


class Compiled(Protocol):
    """A compiled schema, with all that is remembered from one document to the next."""

    def start(self) -> Walk:
        """Begin a document; an earlier walk of this schema is over then."""


class Engine(Protocol):
    """An engine that is ready for one vocabulary.

    Attributes:
        version: of the library.
    """

    version: str

    def compile(self, schema: Any, formats: Formats, resources: Mapping[str, Any]) -> Compiled:
        """Compile a schema.

        Args:
            schema: as :func:`json.loads` gives it.
            formats: whether ``format`` constrains strings; the peers decide that themselves.
            resources: further documents by URI, for ``$ref``; the peers take none.

        Raises:
            Refused: the engine declines it.
        """


class Ours:
    """minilora.grammar; its matcher is a walk as it is.

    Args:
        vocabulary: of the tokens.
        budget: tokens that a document may have; its masks leave room to close it. None: any number.
    """

    def __init__(self, vocabulary: Vocabulary, budget: int | None = None) -> None:
        self.vocabulary, self.budget = vocabulary, budget
        self.version = __version__

    def compile(self, schema: Any, formats: Formats, resources: Mapping[str, Any]) -> Compiled:
        """Compile a schema, members in any order, flexible whitespace."""
        try:
            grammar = compile_json_schema(schema, formats=formats, resources=resources)
        except SchemaError as error:
            unsatisfiable = "no document satisfies it" in str(error)
            raise Refused(str(error), error.keyword or "the schema", unsatisfiable) from None
        return _OurGrammar(grammar, self.vocabulary, self.budget)


class _OurGrammar:
    def __init__(self, grammar: Grammar, vocabulary: Vocabulary, budget: int | None) -> None:
        self.grammar, self.vocabulary, self.budget = grammar, vocabulary, budget

    def start(self) -> Walk:
        matcher = self.grammar.matcher(self.vocabulary)
        return matcher if self.budget is None else _WithinBudget(matcher, self.budget)


class _WithinBudget:
    def __init__(self, matcher: Matcher, budget: int) -> None:
        self.matcher, self.left = matcher, budget

    def mask(self) -> Mask:
        return self.matcher.mask(self.left)

    def advance(self, token_id: int) -> None:
        self.matcher.advance(token_id)
        self.left -= 1
