"""Grammars over bytes: from a JSON Schema to the tokens that may come next.

>>> grammar = compile_json_schema({"type": "object", "required": ["n"],
...                                "properties": {"n": {"type": "integer", "minimum": 1}}})
>>> grammar.accepts(b'{"n": 12}'), grammar.accepts(b'{"n": 0}'), grammar.accepts(b"{}")
(True, False, False)
>>> grammar = compile_json_schema({"type": "string", "x-substring-of": "book"},
...                               texts={"book": "An owl, a hat"})
>>> grammar.accepts(b'"owl, a"'), grammar.accepts(b'"owl in a hat"')
(True, False)
"""

from minilora.grammar.errors import InvalidSchema, SchemaError, UnsupportedSchema
from minilora.grammar.grammar import (
    Grammar,
    compile_choice,
    compile_json,
    compile_json_object,
    compile_json_schema,
    compile_regex,
    compile_substring,
)
from minilora.grammar.matcher import Matcher
from minilora.grammar.pattern import InvalidPattern, UnsupportedPattern
from minilora.grammar.substring import Substrings
from minilora.grammar.vocabulary import Vocabulary

__all__ = [
    "Grammar",
    "InvalidPattern",
    "InvalidSchema",
    "Matcher",
    "SchemaError",
    "Substrings",
    "UnsupportedPattern",
    "UnsupportedSchema",
    "Vocabulary",
    "compile_choice",
    "compile_json",
    "compile_json_object",
    "compile_json_schema",
    "compile_regex",
    "compile_substring",
]
