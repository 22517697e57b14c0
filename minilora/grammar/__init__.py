"""Grammars over bytes: from a JSON Schema to the tokens that may come next.

>>> grammar = compile_json_schema({"type": "object", "required": ["n"],
...                                "properties": {"n": {"type": "integer", "minimum": 1}}})
>>> grammar.accepts(b'{"n": 12}'), grammar.accepts(b'{"n": 0}'), grammar.accepts(b"{}")
(True, False, False)
"""

from minilora.grammar.errors import InvalidSchema, SchemaError, UnsupportedSchema
from minilora.grammar.grammar import Grammar, compile_json_schema
from minilora.grammar.matcher import Matcher
from minilora.grammar.vocabulary import Vocabulary

__all__ = [
    "Grammar",
    "InvalidSchema",
    "Matcher",
    "SchemaError",
    "UnsupportedSchema",
    "Vocabulary",
    "compile_json_schema",
]
