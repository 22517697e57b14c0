"""String bodies against Python's own JSON reader, byte string by byte string."""

import itertools
import json
import random

import pytest

from minilora.grammar.pattern import parse_pattern
from minilora.grammar.strings import CLOSED, DEAD, StringHeads
from minilora.grammar.terms import Term, Terms

PATTERNS = ["", "^a*$", "^[^a]{0,2}$", "^é", "^.$", r"^[\u{10000}-\u{10FFFF}]$",
            "^[é-\U00010437]{2}$", r"\n", '^"?$', r"^\p{Lu}\P{Lu}*$", "^$", "[]"]  # fmt: skip
CHARS = ["a", '"', "\\", "/", "\n", "\x01", "\x7f", "\x80", "é", "\u2028", "\ud7ff", "\ue000", "😀",
         "\U00010437", "\U00010438", "\U0010ffff"]  # fmt: skip


def value_of(body: bytes) -> str | None:
    """What Python reads; lone surrogates, which it lets pass, are no text."""
    try:
        value = json.loads(b'"' + body)
        value.encode()
    except ValueError:
        return None
    return value


def spellings(char: str) -> list[bytes]:
    """All ways to write a character."""
    short = {'"': '"', "\\": "\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}
    units = char.encode("utf-16-be")
    pairs = [units[i : i + 2].hex() for i in range(0, len(units), 2)]
    found = [
        "".join(f"\\u{pair}" for pair in pairs),
        "".join(f"\\u{pair.upper()}" for pair in pairs),
    ]
    if char in short:
        found.append("\\" + short[char])
    if char not in '"\\' and char >= " ":
        found.append(char)
    return [text.encode() for text in found]


@pytest.fixture(scope="module")
def heads() -> StringHeads:
    return StringHeads(Terms())


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_spelling_of_a_word(heads, pattern):
    term = parse_pattern(pattern, heads.terms)
    for length in range(3):
        for word in map("".join, itertools.product(CHARS, repeat=length)):
            expected = heads.terms.contains(term, word)
            for spelled in itertools.product(*map(spellings, word)):
                assert heads.accepts(term, b"".join(spelled) + b'"') == expected


def dumped(char: str) -> set[bytes]:
    """The ways in which json.dumps writes a character, letters of numbers in either case."""
    plain, escaped = (json.dumps(char, ensure_ascii=flag)[1:-1] for flag in (False, True))
    upper = escaped.upper().replace("\\U", "\\u") if escaped.startswith("\\u") else escaped
    return {text.encode() for text in (plain, escaped, upper)}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_sparing_heads_read_what_json_dumps_writes(pattern):
    sparing = StringHeads(Terms(), sparing=True)
    term = parse_pattern(pattern, sparing.terms)
    for char in (*CHARS, "b", "\b", "\x1f", "~"):
        for word in (char, "a" + char):
            expected = sparing.terms.contains(term, word)
            for spelled in spellings(char):
                body = word[:-1].encode() + spelled + b'"'
                assert sparing.accepts(term, body) == (expected and spelled in dumped(char))


def test_sparing_heads_know_a_backslash_that_leads_nowhere():
    sparing = StringHeads(Terms(), sparing=True)
    row = sparing.row(sparing.start(sparing.terms.literal("plain")))
    assert [byte for byte, after in enumerate(row) if after != DEAD] == [ord("p")]


@pytest.mark.parametrize(
    "alphabet",
    [
        b'a"\\n/',
        b'\\u0eE"',
        b"\xc3\xa9\xe2\x80\xa8\xc0",
        b'\xf0\x90\x80"a',
        b'\xed\xa0\x9f\x80"',
        b'\x00\x1f\x20"',
    ],
)
@pytest.mark.parametrize("pattern", ["", "^.{0,2}$", "^[^a]*$", "[é\u2028]"])
def test_all_short_byte_strings(heads, alphabet, pattern):
    term = parse_pattern(pattern, heads.terms)
    for length in range(5):
        for body in itertools.product(alphabet, repeat=length):
            text = bytes(body) + b'"'
            value = value_of(text)
            expected = value is not None and heads.terms.contains(term, value)
            assert heads.accepts(term, text) == expected, text


@pytest.mark.parametrize("pattern", PATTERNS[:-1])
def test_every_state_reaches_the_end(heads, pattern):
    """From any state on a random walk, the shortest end is accepted and gives a word."""
    terms, rng = heads.terms, random.Random(1)
    term = parse_pattern(pattern, terms)
    for _ in range(150):
        state, text = heads.start(term), b""
        for _ in range(rng.randrange(14)):
            row = heads.row(state)
            byte = rng.choice([byte for byte in range(256) if row[byte] != DEAD])
            state, text = row[byte], text + bytes([byte])
            if state == CLOSED:
                break
        if state != CLOSED:
            text += heads.shortest(state)
        value = value_of(text)
        assert value is not None
        assert terms.contains(term, value)
        assert heads.accepts(term, text)


def test_dead_means_that_no_byte_string_goes_on():
    """Liveness by brute force: of 'é' and 'ab' every prefix is alive, and no other string is."""
    terms = Terms()
    heads = StringHeads(terms)
    term = terms.union(terms.literal("é"), terms.literal("ab"))
    whole = [
        b"".join(s) + b'"' for word in ("é", "ab") for s in itertools.product(*map(spellings, word))
    ]
    whole += [b'\\u00E9"', b'\\u00e9"']
    prefixes = {text[:i].lower() for text in whole for i in range(len(text) + 1)}
    waiting = [(heads.start(term), b"")]
    while waiting:
        state, text = waiting.pop()
        for byte, following in enumerate(heads.row(state)):
            longer = text + bytes([byte])
            if following == DEAD:
                assert longer not in prefixes
            else:
                assert longer.lower() in prefixes
                if following != CLOSED:
                    waiting.append((following, longer))


def fewest_bytes(heads: StringHeads, state: int) -> int:
    """The least number of bytes to CLOSED, by breadth-first search over rows."""
    level, depth, seen = {state}, 0, {state}
    while CLOSED not in level:
        depth += 1
        level = {n for s in level for n in heads.row(s) if n != DEAD and n not in seen}
        seen |= level
    return depth


@pytest.mark.parametrize(
    "pattern",
    ["^(é|ab)$", '^("|é.)$', "^\x01$", r"^[\n-\r]{2}$", r"^[^ -~]{2}$", "^(😀|aaa)$", "^a{3}$"],
)
def test_the_shortest_end_is_shortest(pattern):
    terms = Terms()
    heads = StringHeads(terms)
    start = heads.start(parse_pattern(pattern, terms))
    states, waiting = {start}, [start]
    while waiting and len(states) < 60:
        for following in set(heads.row(waiting.pop())) - {DEAD, CLOSED} - states:
            states.add(following)
            waiting.append(following)
    for state in states:
        assert len(heads.shortest(state)) == fewest_bytes(heads, state)


def test_states_are_shared():
    terms = Terms()
    heads = StringHeads(terms)
    free = heads.start(terms.ANY)
    row = heads.row(free)
    assert row[ord("a")] == row[ord("z")] == free
    assert row[0xC3] == row[0xDF]
    assert row[ord('"')] == CLOSED
    assert row[0x1F] == row[0xC1] == row[0x80] == row[0xF5] == DEAD
    assert heads.row(free) is row
    assert heads.term(free) is terms.ANY
    assert heads.term(row[ord("\\")]) is None


def test_no_word_no_state():
    terms = Terms()
    heads = StringHeads(terms)
    nothing: Term = terms.intersect(parse_pattern("^a+$", terms), parse_pattern("b", terms))
    assert heads.start(nothing) == DEAD
    assert not heads.accepts(nothing, b'"')
    with pytest.raises(ValueError, match="no state -1"):
        heads.row(DEAD)
    with pytest.raises(ValueError, match="no state 7"):
        heads.shortest(7)
