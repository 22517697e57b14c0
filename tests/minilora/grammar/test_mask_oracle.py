"""Every mask along every short document, against an oracle that knows nothing of the engine.

The oracle writes down *all* JSON texts of a small language (up to a number of bytes), and keeps
those that jsonschema finds valid. From every beginning p of such a document, reached by all ways to
cut it into tokens, a token t must be

- allowed where p + t begins one of these documents: nothing valid is out of reach;
- refused where nothing valid goes on from p + t. That cannot be read off documents of a bounded
  length, so the engine has to show one: where it allows a token and no listed document begins with
  p + t, its completion of p + t must be a document that json reads and jsonschema finds valid.

The end of text must be allowed exactly where p itself is a valid document. The vocabulary holds all
the bytes, and tokens that cross the borders of JSON's pieces.

Left out of the languages: exponents of three digits, where the engine has a limit of its own (400)
and floats end; and line breaks, before which Python's "$" matches and ECMA's does not.
"""

import itertools
import json
import re
from functools import cache

import numpy as np
import pytest
from jsonschema.validators import Draft202012Validator, validator_for

from minilora.grammar import Matcher, Vocabulary, compile_json_schema

BYTES = '{}[]",:-+.0156eE\\/abnultrueé '
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
CROSSING = [
    '":', '"}', '",', '","', '":"', '{"', '[[', ']]', '],', '],[', '1.', '.0', '.5', '0.5', 'e',
    'e1', 'E0', '-1', '10', '12', '\\u00', '\\u0061', '61"', 'a"', '"a"', '"a', 'ab', 'aa', 'b"]',
    'null', 'tru', 'e}', '}}', '":1', '1}', '1,1', '1,"', ',"b":', '{"a":', '"b":1}', '[]', '[1',
    '{}', '}]', '":{', '":[', 'a":', '""', '""]', '"]', 'é', 'é"', '\\n', '1.1', '1.1.',
]  # fmt: skip


class Language:
    """All JSON texts of at most so many bytes that are made of some scalars and keys.

    Args:
        scalars: texts of values without parts.
        keys: texts of keys; none: no objects.
        longest: bytes of a text, at most.
        arrays: whether there are arrays.
    """

    def __init__(self, scalars, keys, longest, arrays):
        self.scalars, self.keys, self.arrays = scalars, keys, arrays
        self.values = {0: []}
        for n in range(1, longest + 1):
            self.values[n] = [text for text in scalars if len(text) == n]
            if arrays and n >= 2:
                self.values[n] += [b"[" + text + b"]" for text in self.rows(n - 2, self.items)]
            if keys and n >= 2:
                self.values[n] += [b"{" + text + b"}" for text in self.rows(n - 2, self.members)]
        self.texts = [text for texts in self.values.values() for text in texts]

    def items(self, n):
        return self.values.get(n, [])

    def members(self, n):
        return [k + b":" + v for k in self.keys for v in self.values.get(n - len(k) - 1, [])]

    def rows(self, n, parts):
        """Yield all comma-separated rows of n bytes."""
        if n == 0:
            yield b""
        yield from parts(n) if n else ()
        for first in range(1, n - 1):
            heads = parts(first)
            if heads:
                yield from (
                    head + b"," + rest
                    for rest in self.rows(n - first - 1, parts)
                    if rest
                    for head in heads
                )


def numbers(alphabet, longest):
    found = (
        "".join(p) for n in range(1, longest + 1) for p in itertools.product(alphabet, repeat=n)
    )
    return [text.encode() for text in found if NUMBER.fullmatch(text)]


def strings(pieces, longest):
    rows = (p for n in range(longest + 1) for p in itertools.product(pieces, repeat=n))
    return [f'"{"".join(row)}"'.encode() for row in rows]


OTHERS = [b"null", b"true", b'""', b'"a"', b"1"]
LANGUAGES = {
    "numbers": Language([*numbers("-.eE+015", 5), b"null", b'"a"'], [], 5, False),
    "strings": Language(
        [*strings(["a", "b", "1", "é", "\\u0061", "\\/"], 3), *strings("ab", 5), b"1"],
        [],
        12,
        False,
    ),
    "dotted": Language([*strings("1.", 8), b"1"], [], 10, False),
    "arrays": Language([b"0", b"1", b"1.0", b'"a"', b'""', b"null"], [], 9, True),
    "objects": Language(
        [b"1", b'"a"', b"null"], [b'"a"', b'"b"', b'"ab"', rb'"\u0061"'], 16, False
    ),
    "both": Language(OTHERS, [b'"a"', b'"b"'], 10, True),
}
NULL, INTEGER, STRING = {"type": "null"}, {"type": "integer"}, {"type": "string"}
ARRAY, OBJECT = {"type": "array"}, {"type": "object"}
LETTER, ONE = {"const": "a"}, {"const": 1}
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
NO_MORE = {"additionalProperties": False}
TABLE = {
    "anything": ("both", True),
    "type": ("both", {"type": ["string", "null", "array"]}),
    "number": ("numbers", {"type": "number"}),
    "integer": ("numbers", INTEGER),
    "enum": ("both", {"enum": [1, "a", [1, {"a": None}], None]}),
    "const": ("both", {"const": {"a": [1]}}),
    "const number": ("numbers", {"const": 10}),
    "minimum": ("numbers", {"type": "number", "minimum": 5}),
    "exclusive": ("numbers", {"exclusiveMinimum": 0, "exclusiveMaximum": 0.1, "type": "number"}),
    "between": ("numbers", {"type": "integer", "minimum": -15, "maximum": 10}),
    "multipleOf": ("numbers", {"type": "number", "multipleOf": 0.5, "maximum": 11}),
    "multiples": ("numbers", {"multipleOf": 5, "not": {"multipleOf": 2}}),
    "length": ("strings", {"type": "string", "minLength": 2, "maxLength": 3}),
    "maxLength": ("strings", {"maxLength": 1}),
    "pattern": ("strings", {"type": "string", "pattern": "^a+b?$"}),
    "unanchored": ("strings", {"type": "string", "pattern": "ab|^1"}),
    "pattern and length": ("strings", {"pattern": "b$", "minLength": 3, "type": "string"}),
    "not a pattern": ("strings", {"type": "string", "not": {"pattern": "a"}}),
    "strings listed": ("strings", {"enum": ["ab", "aba", "é", "\n"]}),
    "format": ("dotted", {"type": "string", "format": "ipv4"}),
    "format or number": ("dotted", {"anyOf": [{"type": "string", "format": "ipv4"}, INTEGER]}),
    "properties": ("objects", {**OBJECT, "properties": {"a": ONE, "b": NULL}}),
    "required": ("objects", {**OBJECT, "required": ["a", "b"]}),
    "additional": ("objects", {**OBJECT, "properties": {"a": ONE, "ab": True}, **NO_MORE}),
    "additional schema": (
        "objects", {**OBJECT, "properties": {"a": NULL}, "additionalProperties": INTEGER}),
    "patternProperties": (
        "objects", {**OBJECT, "patternProperties": {"b": NULL, "^a": INTEGER}, **NO_MORE}),
    "propertyNames": ("objects", {**OBJECT, "propertyNames": {"maxLength": 1}}),
    "names listed": ("objects",
        {**OBJECT, "propertyNames": {"enum": ["a", "b"]}, "minProperties": 1}),
    "size": ("objects", {**OBJECT, "minProperties": 2, "maxProperties": 2}),
    "dependentRequired": ("objects", {**OBJECT, "dependentRequired": {"a": ["b"]}}),
    "dependentSchemas": ("objects", {**OBJECT, "dependentSchemas": {"a": {"maxProperties": 1}}}),
    "old dependencies": ("objects",
        {**OBJECT, "$schema": DRAFT_7, "dependencies": {"a": ["b"], "b": {"required": ["a"]}}}),
    "items": ("arrays", {**ARRAY, "items": INTEGER}),
    "prefixItems": ("arrays", {**ARRAY, "prefixItems": [STRING, INTEGER], "items": NULL}),
    "closed prefix": (
        "arrays", {**ARRAY, "prefixItems": [{}, LETTER], "items": False, "minItems": 1}),
    "number of items": ("arrays", {**ARRAY, "minItems": 2, "maxItems": 3}),
    "contains": ("arrays", {**ARRAY, "contains": LETTER}),
    "contains counted": ("arrays",
        {**ARRAY, "contains": INTEGER, "minContains": 2, "maxContains": 2}),
    "uniqueItems": ("arrays", {**ARRAY, "uniqueItems": True, "items": {"enum": [0, 1, "a"]}}),
    "unique of any": ("arrays",
        {**ARRAY, "uniqueItems": True, "items": {"type": ["number", "null"]}}),
    "anyOf": ("both", {"anyOf": [{**ARRAY, "items": ONE}, {**OBJECT, "required": ["a"]}, NULL]}),
    "oneOf": ("numbers", {"oneOf": [INTEGER, {"minimum": 5}]}),
    "oneOf objects": ("objects", {**OBJECT, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}),
    "allOf": ("objects", {"allOf": [OBJECT, {"required": ["a"]}, {"properties": {"a": INTEGER}}]}),
    "not": ("objects", {**OBJECT, "not": {"required": ["a"]}}),
    "not items": ("arrays", {**ARRAY, "not": {"items": INTEGER}}),
    "if then else": ("objects", {
        **OBJECT, "if": {"properties": {"a": ONE}, "required": ["a"]}, "then": {"required": ["b"]},
        "else": {"maxProperties": 1}}),
    "ref": ("arrays", {"$defs": {"n": {"anyOf": [NULL, {**ARRAY, "items": {"$ref": "#/$defs/n"}}]}},
                       "$ref": "#/$defs/n"}),
    "recursive objects": ("both", {**OBJECT, "properties": {"a": {"$ref": "#"}}, **NO_MORE}),
    "unevaluatedProperties": ("objects", {
        **OBJECT, "properties": {"a": True},
        "anyOf": [{"properties": {"b": NULL}}, {"required": ["a"]}],
        "unevaluatedProperties": False}),
    "unevaluatedItems": ("arrays", {
        **ARRAY, "prefixItems": [LETTER], "contains": INTEGER, "unevaluatedItems": False}),
}  # fmt: skip


def without_repeats(members):
    document = dict(members)
    if len(document) < len(members):
        raise ValueError("a key stands twice")
    return document


class Oracle:
    """What json and jsonschema say of texts."""

    def __init__(self, schema, language):
        kind = validator_for(schema, default=Draft202012Validator)
        self.validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
        self.valid = [text for text in language.texts if self.is_valid(text)]
        self.beginnings = {text[:n] for text in self.valid for n in range(len(text) + 1)}

    @cache  # noqa: B019 - an oracle lives as long as its test
    def is_valid(self, text):
        try:
            value = json.loads(text, object_pairs_hook=without_repeats)
        except ValueError:
            return False
        return self.validator.is_valid(value)


@pytest.fixture(scope="module")
def vocabulary():
    single = [bytes((byte,)) for byte in sorted(set(BYTES.encode()))]
    tokens = [*single, *(token.encode() for token in CROSSING), None]
    return Vocabulary(tokens, eos_ids=[len(tokens) - 1])


def allowed_by(matcher):
    bits = np.unpackbits(matcher.mask().view(np.uint8), bitorder="little")
    return set(np.flatnonzero(bits).tolist())


@pytest.mark.parametrize("name", TABLE)
def test_masks_allow_exactly_what_some_valid_document_begins_with(name, vocabulary):
    language, schema = TABLE[name]
    oracle = Oracle(schema, LANGUAGES[language])
    assert oracle.valid
    matcher = compile_json_schema(schema, whitespace="compact").matcher(vocabulary)
    (end,) = vocabulary.eos_ids
    reached: dict[bytes, Matcher] = {b"": matcher}
    todo = [b""]
    while todo:
        text = todo.pop()
        here = reached[text]
        allowed = allowed_by(here)
        assert (end in allowed) == oracle.is_valid(text), text
        for token, data in enumerate(vocabulary.tokens):
            if data is None:
                continue
            longer = text + data
            if token not in allowed:
                assert longer not in oracle.beginnings, (longer, "is not allowed")
                continue
            if longer in oracle.beginnings:
                after = here.fork()
                after.advance(token)
                if longer not in reached:
                    reached[longer] = after
                    todo.append(longer)
                assert after.state == reached[longer].state, (longer, "cut in two ways")
            else:
                state = here.cache.allows(here.state, token)
                whole = longer + here.machine.shortest(state)
                assert oracle.is_valid(whole), (longer, whole)
    assert set(reached) == oracle.beginnings
