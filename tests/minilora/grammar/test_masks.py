"""Masks of JSON schemas against stepping every token through the machine, byte by byte."""

import json
import random

import numpy as np
import pytest

from minilora.grammar import compile_json_schema
from minilora.grammar.masks import MaskCache
from minilora.grammar.vocabulary import Vocabulary

NAMES = {"type": "object", "properties": {"name": {"type": "string"}, "na": {"type": "integer"}}}
CASES = {
    "open object": (NAMES, '{"name": "b", "x\\"y": [1.5, null], "na": 12, "n": {"q": "é👩"}}'),
    "escaped key": (NAMES, r'{"\u006eame": "b\n", "n\u0061": 3, "\ud83d\udc69": true}'),
    "closed object": (
        NAMES | {"additionalProperties": False, "required": ["na"]},
        '{"name": "b", "na": -12}',
    ),
    "a name that may not come": (
        {"properties": {"abc": False, "a": {"const": 1}}, "additionalProperties": {"type": "null"}},
        '{"ab": null, "a": 1, "abcd": null}',
    ),
    "names that tokens spell whole": (
        {"properties": {"": {"type": "integer"}, ",": False, "o": {"properties": {"[": {}}}}},
        '{"": 1, "o": {"[": {"": 2}, "": 3}, "]": {"": ""}}',
    ),
    "patterns of names": (
        {
            "type": "object",
            "patternProperties": {"^x-": {"type": "integer"}, "y$": {"maximum": 9}},
            "additionalProperties": {"type": "boolean"},
        },
        '{"x-a": 10, "x-y": 7, "b": true, "ay": 2}',
    ),
    "lengths": (
        {"type": "array", "items": {"type": "string", "minLength": 3, "maxLength": 5}},
        '["abc", "a\\u00e9\\ud83d\\udc69de", "日本語"]',
    ),
    "patterns": (
        {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2,4}(-[0-9]+)?$"}},
        '["ab", "abcd-12"]',
    ),
    "formats": (
        {"prefixItems": [{"type": "string", "format": f} for f in ("date", "ipv4", "uuid")]},
        '["2024-02-29", "127.0.0.1", "123e4567-e89b-12d3-a456-426614174000"]',
    ),
    "enumerated": (
        {"items": {"enum": ["red", "re", "blue\\", 'a"b', 1, 10, None, {"a": [1]}]}},
        '["red", "re", "blue\\\\", "a\\"b", 1, 10, null, {"a": [1]}]',
    ),
    "alternatives": (
        {
            "anyOf": [
                {"properties": {"k": {"const": "a"}, "v": {"type": "integer"}}, "required": ["k"]},
                {"properties": {"k": {"type": "string", "minLength": 2}, "v": {"type": "null"}}},
            ]
        },
        '{"k": "ab", "v": null}',
    ),
    "numbers": (
        {"type": "array", "items": {"anyOf": [{"multipleOf": 0.5}, {"minimum": 3, "maximum": 17}]}},
        "[1.50, 17, 3.25, 1e2, -0]",
    ),
    "unique items": (
        {
            "type": "array",
            "uniqueItems": True,
            "items": {"enum": ["a", "ab", 1, 12]},
            "minItems": 3,
        },
        '["a", 12, "ab"]',
    ),
    "unique objects": (
        {"type": "array", "uniqueItems": True, "items": {"type": "object"}, "maxItems": 3},
        '[{"a": "x"}, {"a": "y", "b": [2]}]',
    ),
    "unique items within": (
        {
            "properties": {"a": {"type": "array", "uniqueItems": True, "items": {"maxLength": 3}}},
            "additionalProperties": {"type": "array", "uniqueItems": True},
        },
        '{"a": ["", "a", ["a"]], "b": [["a", "b"], "a", {"a": [1, 12]}]}',
    ),
    "anything": (True, '{"a": [1, "b", {}, [], {"c": null}], "": "\\\\"}'),
}
GLUE = (
    '":', '": "', '","', '"],', '"}', '{"', '[{"', " \n\t", "\n  ", ', "', "null,", "true}",
    "1,2", "12]", "e5", ".5", "[[", "]]", "{}", "[]", "[]}", '""', '"",', '"a', '"a"', 'a":',
    "na", 'name"', 'name":', 'e":', '{"na":', "abc", 'bc":', "x-", '-y":', '\\"', '\\\\"',
    "\\u00", '\\u0061"', "é", "日本", '本"', "ab", 'ab",', "d\\", 'a"],["b', '1}],"', "aaaaaaaaa",
    'x": 1', 'x":[', ' "', ' "a', ': {"', ":[", "-1", "- ", '"a","b"', '"a","a"', "\r\n",
)  # fmt: skip
STYLES = ("flexible", "compact", "json.dumps")


def stepped(machine, state, vocabulary):
    """Return which tokens may come next, by stepping through the tree of tokens."""
    allowed = set(vocabulary.eos_ids) if machine.can_end(state) else set()
    trie, todo = vocabulary.trie, [(0, state)]
    while todo:
        node, here = todo.pop()
        allowed.update(trie.tokens_at(node))
        for byte, child in trie.children(node).items():
            after = machine.step(here, byte)
            if after >= 0:
                todo.append((child, after))
    return allowed


def ids_of(mask):
    return set(np.flatnonzero(np.unpackbits(mask.view(np.uint8), bitorder="little")).tolist())


def states_of(machine, text):
    states = [machine.start]
    for byte in text.encode():
        states.append(machine.step(states[-1], byte))
        assert states[-1] >= 0, text
    return list(dict.fromkeys(states))


def in_style(text, style):
    separators = (",", ":") if style == "compact" else (", ", ": ")
    return json.dumps(json.loads(text), ensure_ascii=False, separators=separators)


@pytest.fixture(scope="module")
def pieces() -> Vocabulary:
    """Every byte, and what glues lexemes together in more ways than a real vocabulary does."""
    tokens = [bytes([byte]) for byte in range(256)] + [piece.encode() for piece in GLUE]
    tokens += ["👩".encode()[:2], "👩".encode()[2:], "é".encode()[1:] + b'"']
    return Vocabulary([*tokens, None], eos_ids=[len(tokens)])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", CASES)
def test_masks_equal_stepping_every_token(case, style, pieces):
    schema, text = CASES[case]
    machine = compile_json_schema(schema, whitespace=style).machine
    cache = MaskCache(machine, pieces)
    texts = {in_style(text, style)} | ({text} if style == "flexible" else set())
    for state in {s: None for each in texts for s in states_of(machine, each)}:
        assert ids_of(cache.entry(state).mask) == stepped(machine, state, pieces)


@pytest.mark.parametrize("case", CASES)
def test_masks_of_a_real_vocabulary_equal_stepping_every_token(case, smollm2):
    schema, text = CASES[case]
    machine = compile_json_schema(schema).machine
    cache = MaskCache(machine, smollm2)
    states = states_of(machine, text)
    for state in states[:: max(1, len(states) // 8)]:
        assert ids_of(cache.entry(state).mask) == stepped(machine, state, smollm2)


def test_a_small_cache_stays_within_its_bytes_and_gives_the_same_masks(pieces):
    schema, text = CASES["open object"]
    machine = compile_json_schema(schema).machine
    small, large = MaskCache(machine, pieces, limit_bytes=20_000), MaskCache(machine, pieces)
    states = states_of(machine, text) + states_of(machine, '{"zzzzzzzz": {"yyyyyyyy"')
    for state in states * 3:
        assert np.array_equal(small.entry(state).mask, large.entry(state).mask)
        assert small.n_bytes <= 20_000
    assert large.n_bytes > 20_000
    assert small.misses > large.misses


def test_many_states_with_one_mask_are_bounded_too(pieces):
    """Each beginning of a key is a state; those that no name begins with share a mask."""
    machine = compile_json_schema({"type": "object"}).machine
    cache = MaskCache(machine, pieces, limit_bytes=20_000)
    state = machine.step(machine.start, ord("{"))
    state = machine.step(state, ord('"'))
    masks = set()
    for _ in range(300):
        state = machine.step(state, ord("x"))
        masks.add(cache.entry(state).mask.tobytes())
        assert cache.n_bytes <= 20_000
    assert len(masks) == 1
    assert cache.misses <= 2


def test_grammars_share_what_they_read_alike(pieces):
    """A second grammar computes nothing of its own for texts, numbers and white space."""
    for schema in (True, {"type": "object"}):
        machine = compile_json_schema(schema).machine
        cache = MaskCache(machine, pieces)
        for state in states_of(machine, '{"k": ["text", 1.5, {"": "é"}]}'):
            cache.entry(state)
        assert cache.lexemes.own.n_bytes == 0


@pytest.mark.parametrize("case", ["open object", "closed object", "lengths", "unique objects"])
def test_a_budget_always_closes_the_document(case, pieces):
    """Whatever is taken of what the masks allow, the document is complete when the budget is."""
    schema, _ = CASES[case]
    grammar = compile_json_schema(schema | {"minItems": 2, "minProperties": 1})
    for seed in range(12):
        rng, matcher = random.Random(seed), grammar.matcher(pieces)
        budget = len(matcher.shortest_plan()) + seed
        taken = b""
        while budget > 0 and not matcher.finished:
            token = rng.choice(sorted(ids_of(matcher.mask(budget))))
            matcher.advance(token)
            taken += pieces.tokens[token] or b""
            budget -= 1
        assert matcher.can_end, taken
        assert grammar.accepts(taken)
