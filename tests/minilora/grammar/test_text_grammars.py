"""Any JSON, expressions, choices and quotes: byte by byte, and token by token."""

import itertools
import json
import random
import re

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.grammar import (
    Grammar,
    InvalidPattern,
    InvalidSchema,
    Substrings,
    UnsupportedPattern,
    Vocabulary,
    compile_choice,
    compile_json,
    compile_json_object,
    compile_json_schema,
    compile_regex,
    compile_substring,
)

SOURCE = 'He said: "No\\way"\n\tå😀 x, \x01.'
seeded = settings(derandomize=True, deadline=None, max_examples=40)


def quote_schema(**keywords: object) -> dict:
    quote = {"type": "string", "x-substring-of": "source", **keywords}
    return {"type": "object", "required": ["quote"], "properties": {"quote": quote},
            "additionalProperties": False}  # fmt: skip


def ids_of(mask, vocabulary: Vocabulary) -> set[int]:
    bits = np.unpackbits(mask.view(np.uint8), bitorder="little")[: vocabulary.vocab_size]
    return set(np.flatnonzero(bits).tolist())


def check_masks(grammar: Grammar, documents: set[bytes], pieces: list[bytes]) -> None:
    """A token is allowed exactly if it leads to the beginning of a document: on every path."""
    vocabulary = Vocabulary([*pieces, b"</s>"], eos_ids=[len(pieces)])
    beginnings = {document[:i] for document in documents for i in range(len(document) + 1)}
    waiting, seen = [(b"", grammar.matcher(vocabulary))], {b""}
    while waiting:
        text, matcher = waiting.pop()
        allowed = {i for i, piece in enumerate(pieces) if text + piece in beginnings}
        ends = {len(pieces)} if text in documents else set()
        assert ids_of(matcher.mask(), vocabulary) == allowed | ends, text
        assert matcher.can_end == (text in documents)
        plan = matcher.shortest_plan()
        assert text + b"".join(pieces[i] for i in plan) in documents
        for budget in (len(plan), len(plan) + 1, len(plan) + 3):
            for token in ids_of(matcher.mask(budget), vocabulary) - ends:
                matcher.advance(token)  # what is allowed leaves a completion within the budget
                assert len(matcher.shortest_plan()) <= budget - 1
                matcher.rollback(1)
        for i in allowed - {i for i in allowed if text + pieces[i] in seen}:
            seen.add(text + pieces[i])
            fork = matcher.fork()
            fork.advance(i)
            waiting.append((text + pieces[i], fork))


@pytest.mark.parametrize(
    "pattern",
    [
        "a|b",
        "",
        "(a|b)*a",
        "a{2,3}b?",
        "[^a]{1,2}",
        "^ab$",
        "a.b",
        r"\bab\b",
        "(?!aa)[ab]{2}",
        "é+b?",
    ],
)
def test_a_regular_expression_matches_the_whole_text(pattern):
    grammar = compile_regex(pattern)
    for length in range(5):
        for text in map("".join, itertools.product("abé\n", repeat=length)):
            assert grammar.accepts(text.encode()) == bool(re.fullmatch(pattern, text)), text


def test_an_expression_is_bytes_of_utf8():
    grammar = compile_regex("[é😀]")
    assert grammar.accepts("é".encode())
    assert grammar.accepts("😀".encode())
    assert not grammar.accepts("é".encode()[:1])
    assert not grammar.accepts(b"\xe9")
    assert not compile_regex("[^]").accepts(b"\xed\xa0\x80")  # a surrogate


@pytest.mark.parametrize("pattern", ["a(", "a)|(b", "[]", "a{3,1}", "a^b", None])
def test_an_expression_that_is_none_or_matches_nothing(pattern):
    with pytest.raises(InvalidPattern):
        compile_regex(pattern)


@pytest.mark.parametrize(
    ("pattern", "construct"),
    [("(?<=a)b", "lookbehind"), (r"(a)\1", "back-reference"), ("(?i)a", "inline flags")],
)
def test_an_expression_that_is_refused(pattern, construct):
    with pytest.raises(UnsupportedPattern, match=construct):
        compile_regex(pattern)


def test_masks_of_an_expression():
    documents = {
        "".join(text).encode() for n in (1, 2, 3) for text in itertools.product("aé", repeat=n)
    }
    pieces = [b"a", b"\xc3", b"\xa9", "éa".encode(), b"aa", b"a\xc3", b"b", b"\xa9a"]
    check_masks(compile_regex("[aé]{1,3}"), documents, pieces)


def test_a_choice_is_exactly_one_of_its_texts():
    choices = ["yes", "no", "y", "né", "", "no way"]
    grammar = compile_choice(choices)
    documents = {choice.encode() for choice in choices}
    pieces = [b"y", b"es", b"n", b"o", b"no", b" way", b"\xc3", b"\xa9", b"ye", b"s", b"w", b" wa"]
    check_masks(grammar, documents, pieces)
    assert all(grammar.accepts(document) for document in documents)
    assert not any(grammar.accepts(text) for text in (b"ye", b"yesno", b"No", b"no "))


def test_thousands_of_choices():
    rng = random.Random(0)
    choices = ["".join(rng.choices("abcdefgh é", k=rng.randint(1, 30))) for _ in range(5000)]
    grammar = compile_choice(choices)
    known = set(choices)
    for choice in choices[::50]:
        assert grammar.accepts(choice.encode())
        changed = choice[:-1] + "x"
        assert grammar.accepts(changed.encode()) == (changed in known)


@pytest.mark.parametrize(
    ("choices", "message"), [([], "at least one"), ("no", "a list"), (["a", 1], "got int"),
                             (["\ud800"], "lone surrogate")],
)  # fmt: skip
def test_bad_choices(choices, message):
    with pytest.raises(ValueError, match=message):
        compile_choice(choices)


@seeded
@given(
    text=st.text(alphabet="ab é😀\n", min_size=1, max_size=8),
    low=st.integers(0, 2),
    more=st.one_of(st.none(), st.integers(0, 3)),
)
def test_masks_of_quotes(text, low, more):
    high = None if more is None else low + more
    n = len(text)
    quotes = {text[i:j] for i in range(n + 1) for j in range(i, n + 1)}
    documents = {q.encode() for q in quotes if low <= len(q) and (high is None or len(q) <= high)}
    if not documents:
        with pytest.raises(ValueError, match="no quote of"):
            compile_substring(text, low, high)
        return
    pieces = [bytes([byte]) for byte in sorted(set(text.encode()))]
    pieces += [text[i : i + 3].encode() for i in range(n)] + [
        b"ab",
        b"ba",
        b"\xc3\xa9a",
        b"\x9f\x98",
    ]
    check_masks(compile_substring(text, low, high), documents, pieces)


def test_masks_of_whole_words():
    text = "An owl, an old hat"
    places = [(0, 2), (3, 6), (6, 7), (8, 10), (11, 14), (15, 18)]
    words = [i for i, _ in places], [j for _, j in places]
    quotes = {text[i:j] for i in words[0] for j in words[1] if i < j}
    documents = {quote.encode() for quote in quotes if len(quote) <= 9}
    pieces = [char.encode() for char in sorted(set(text))] + [
        b" ow",
        b"An",
        b"l, ",
        b"hat",
        b"old h",
    ]
    check_masks(compile_substring(text, max_length=9, whole_words=True), documents, pieces)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("",), "no quote of 1"), (("ab", 3), "no quote of 3"), (("ab", 2, 1), "no quote of 2 to 1"),
     (("ab", -1), "at least 0"), ((1,), "got int"), ((" \n", 1, None, True), "no quote"),
     ((Substrings("a b"), 1, None, True), "built without")],
)  # fmt: skip
def test_quotes_that_cannot_be(arguments, message):
    with pytest.raises(ValueError, match=message):
        compile_substring(*arguments)


@pytest.mark.parametrize(("low", "high"), [(0, None), (3, 5), (1, 4)])
def test_a_quote_inside_json_is_verbatim(low, high):
    limits = {"minLength": low} if high is None else {"minLength": low, "maxLength": high}
    grammar = compile_json_schema(quote_schema(**limits), texts={"source": SOURCE})
    n = len(SOURCE)
    for i, j in itertools.combinations_with_replacement(range(n + 1), 2):
        fits = low <= j - i and (high is None or j - i <= high)
        for ensure_ascii in (True, False):
            text = json.dumps({"quote": SOURCE[i:j]}, ensure_ascii=ensure_ascii)
            assert grammar.accepts(text.encode()) == fits, text
    assert not grammar.accepts(json.dumps({"quote": SOURCE[:4].lower()}).encode())


@pytest.mark.parametrize("limits", [{}, {"minLength": 2, "maxLength": 4}, {"pattern": "[a\\\\]"}])
def test_masks_of_quotes_inside_json(limits):
    """Spellings by escapes are documents too: of few texts they can all be listed."""
    text = 'a"\\b\n'
    spelled = {"a": ["a", "\\u0061"], '"': ['\\"', "\\u0022"], "\\": ["\\\\", "\\u005c", "\\u005C"],
               "b": ["b", "\\u0062"], "\n": ["\\n", "\\u000a", "\\u000A"]}  # fmt: skip
    documents = set()
    for i, j in itertools.combinations_with_replacement(range(len(text) + 1), 2):
        quote = text[i:j]
        fits = limits.get("minLength", 0) <= len(quote) <= limits.get("maxLength", 9)
        if fits and ("pattern" not in limits or "a" in quote or "\\" in quote):
            for parts in itertools.product(*(spelled[char] for char in quote)):
                documents.add(('"' + "".join(parts) + '"').encode())
    schema = {"type": "string", "x-substring-of": "source", **limits}
    pieces = [bytes([byte]) for byte in b'"\\abnu01256cCA'] + [
        b'a\\"',
        b"\\\\b",
        b'\\n"',
        b'"a',
        b"00",
    ]
    check_masks(compile_json_schema(schema, texts={"source": text}), documents, pieces)


def test_random_answers_quote_and_validate(smollm2):
    """What a model without any sense writes parses, validates and quotes the text."""
    source = (SOURCE + " and Der Bär trinkt Tee. 日本語のテキスト。 ") * 20
    schema = quote_schema(minLength=3, maxLength=40)
    schema["properties"]["answer"] = {"type": "integer"}
    schema["required"] = ["quote", "answer"]
    grammar, rng = compile_json_schema(schema, texts={"source": source}), random.Random(0)
    for tokens in (30, 60) * 3:
        matcher, text = grammar.matcher(smollm2), b""
        for left in range(tokens, 0, -1):
            allowed = ids_of(matcher.mask(left), smollm2)
            token = rng.choice(sorted(allowed))
            matcher.advance(token)
            if matcher.finished:
                break
            text += smollm2.tokens[token]
        value = json.loads(text)
        jsonschema.validate(value, schema)
        assert value["quote"] in source


def test_quotes_of_several_texts_and_other_keywords():
    texts = {"owl": "An owl, a hat", "cow": Substrings("A cow! Now?", whole_words=True)}
    either = {"type": "string", "minLength": 2,
              "anyOf": [{"x-substring-of": "owl"}, {"x-substring-of": "cow"}]}  # fmt: skip
    grammar = compile_json_schema({**either, "pattern": "ow"}, texts=texts)
    accepted = [q for q in ("cow", "owl, a", "ow", "A cow! Now", "co", "cow! No", "an", "wow")
                if grammar.accepts(json.dumps(q).encode())]  # fmt: skip
    assert accepted == ["cow", "owl, a", "ow", "A cow! Now"]
    other = compile_json_schema({"type": "string", "not": {"x-substring-of": "owl"}}, texts=texts)
    assert other.accepts(b'"owls"')
    assert not other.accepts(b'"owl"')
    assert not other.accepts(b'""')
    free = compile_json_schema({"x-substring-of": "owl"}, texts=texts)
    assert free.accepts(b"12")
    assert not free.accepts(b'"no"')
    names = {"type": "object", "propertyNames": {"x-substring-of": "owl", "minLength": 3}}
    keys = compile_json_schema(names, texts=texts)
    assert keys.accepts(b'{"owl": 1, "hat": 2}')
    assert not keys.accepts(b'{"cow": 1}')


@pytest.mark.parametrize("name", [1, None, ["source"], "other"])
def test_a_text_that_was_not_given_is_named(name):
    schema = {"properties": {"a/b": {"x-substring-of": name}}}
    with pytest.raises(InvalidSchema, match="the name of a text") as caught:
        compile_json_schema(schema, texts={"source": "x"})
    assert (caught.value.keyword, caught.value.pointer) == ("x-substring-of", "/properties/a~1b")
    with pytest.raises(InvalidSchema, match="none was given"):
        compile_json_schema(schema)


def test_quotes_that_no_document_can_hold():
    schema = quote_schema(pattern="z")
    with pytest.raises(InvalidSchema, match="no document"):
        compile_json_schema(schema, texts={"source": SOURCE})
    with pytest.raises(ValueError, match="lone surrogate"):
        compile_json_schema(schema, texts={"source": "\udc00"})


def test_any_json_is_compiled_once():
    anything, objects = compile_json(), compile_json_object()
    for text in (b"[1, {}]", b'{"a": {"b": [null, "\\u00e9"]}}', b"-1.5e3", b'"x"'):
        assert anything.accepts(text)
        assert objects.accepts(text) == text.startswith(b"{")
    assert not objects.accepts(b'{"a": 1, "a": 2}')
    assert compile_json_object() is objects
    assert compile_json_object("compact") is not objects
    assert not compile_json_object("compact").accepts(b'{"a": 1}')
