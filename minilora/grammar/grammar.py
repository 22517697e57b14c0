"""Compiled grammars and the functions that compile them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from minilora.grammar.compiler import Compiler
from minilora.grammar.documents import Documents
from minilora.grammar.errors import InvalidSchema, UnsupportedSchema
from minilora.grammar.formats import shared_terms
from minilora.grammar.formula import Formula, Formulas
from minilora.grammar.json_machine import JsonMachine
from minilora.grammar.machine import DEAD, Machine
from minilora.grammar.masks import MaskCache
from minilora.grammar.matcher import Matcher
from minilora.grammar.progress import Progress
from minilora.grammar.terms import Terms, TooComplex
from minilora.grammar.vocabulary import Vocabulary
from minilora.grammar.whitespace import Style, Whitespace


class Grammar:
    """A language of byte strings, such as the JSON documents that satisfy a schema.

    Attributes:
        machine: its automaton.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._masks: dict[str, MaskCache] = {}

    def matcher(self, vocabulary: Vocabulary) -> Matcher:
        """Return a matcher before the first token; all of one vocabulary share their masks."""
        cache = self._masks.get(vocabulary.fingerprint)
        if cache is None:
            cache = self._masks[vocabulary.fingerprint] = MaskCache(self.machine, vocabulary)
        return Matcher(self.machine, cache.vocabulary, cache)

    def accepts(self, data: bytes) -> bool:
        """Return whether the bytes are a document of the grammar."""
        state = self.machine.start
        for byte in data:
            state = self.machine.step(state, byte)
            if state == DEAD:
                return False
        return self.machine.can_end(state)


def compile_json_schema(
    schema: Any,
    whitespace: Style = "flexible",
    order: Literal["any", "schema"] = "any",
    formats: Literal["enforce", "annotate"] = "enforce",
    resources: Mapping[str, Any] | None = None,
) -> Grammar:
    """Return the grammar of the documents that satisfy a JSON Schema.

    Args:
        schema: draft 2020-12, with the spellings of drafts 4 to 7 understood.
        whitespace: see :mod:`minilora.grammar.whitespace`.
        order: whether members may come in any order, or must follow that of ``properties``.
        formats: whether ``format`` constrains strings, or is an annotation as in the specification.
        resources: further documents by URI, for ``$ref``; nothing is ever fetched.

    Raises:
        InvalidSchema: no JSON Schema, or no document satisfies it.
        UnsupportedSchema: a keyword in it cannot be enforced.
    """
    if formats not in ("enforce", "annotate"):
        raise ValueError(f"formats must be 'enforce' or 'annotate', got {formats!r}")
    if order not in ("any", "schema"):
        raise ValueError(f"order must be 'any' or 'schema', got {order!r}")
    shared = shared_terms()
    formulas = Formulas(Terms(base=shared))
    documents = Documents(schema, resources)
    enforced = shared if formats == "enforce" else None
    compiler = Compiler(documents, formulas, enforced, order == "schema")
    progress = Progress(formulas, compiler.expand)
    try:
        formula: Formula = compiler.schema(documents.root)
        compiler.compile_all()
        if not progress.possible(formula):
            raise InvalidSchema("no document satisfies it")
        return Grammar(JsonMachine(progress, formula, Whitespace(whitespace)))
    except RecursionError:
        raise UnsupportedSchema("is nested too deeply") from None
    except TooComplex as error:
        raise UnsupportedSchema(str(error)) from None
