"""Patterns against Python's ``re`` where the two agree, and word by word where they do not."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.grammar.pattern import InvalidPattern, UnsupportedPattern, parse_pattern
from minilora.grammar.terms import Terms

WORDS = ["".join(w) for n in range(5) for w in itertools.product("ab -", repeat=n)]

# Patterns, two blanks between them.
COMMON = r"""
a  ^a  a$  ^a$  ^(a|b)*$  (^a|b)-  (^|-)b  a*^b  $^  ^$  ^a|b$  (^a|b$){2}  (^|a){2,3}b
(a|^){2,3}b$  (a$|b){1,2}  (^a?$|b)  a?b?-?  ^a?b?-?$  [^a]  ^[^a]+$  a{2}  (ab){1,2}
^(ab?){2,3}$  ^(?:a|ab)(?:-|b-)$  (a*)*b  ^(a*)*$  ()  (a|)b  \ba  a\b  \bab\b  \Ba  ^\b  \b
\Bb\B  \ba b\b  a\b -  a*$  (?:^a)?b  (b$)?a  (?:$|a)*  ^(^a)*b  ^\w+$  \W  ^\s  \d  ^[\w-]+$
^[a-b -]*?$  ^a+?b??$  ^[^\w]*$  a.b  ^.{2,3}$  (?:a){0}b  (^a){0}b  b\b.  (^)*a  (?:$)?b  \b|-
^(?!a)[ab]*$  (?=a)  ^(?=.*b)a  ^(?!ab$)[ab]+$  a(?!b)
^(?!.*aa)(?=b)  a(?=b$)|^-  ^(?!b)  (a(?=-)-)
(?!^a)b  (^(?!-{2}))(^[ab-]+$)  (?=^.{1,3}$)(?!^(a-)+a$)^[ab-]+$  (a$|)(?=$)  a(?!^)b  (a|^(?!a))b
^(?!a|b(?:-|$)).+$  a$(?!b)|^$(?= )  ^((?=.*a)(?=.*b)|(?=.*-)(?=.* )).{2}  (?=a)(?:b|^)(?!ab)
"""


def as_python(pattern: str) -> str:
    return pattern.replace("$", "\\Z")


@pytest.mark.parametrize("pattern", re.split(r"  |\n", COMMON.strip()))
def test_as_python_reads_it(pattern):
    terms = Terms()
    term = parse_pattern(pattern, terms)
    expected = re.compile(as_python(pattern), re.ASCII)
    for word in WORDS:
        assert terms.contains(term, word) == (expected.search(word) is not None), word


pieces = st.recursive(
    st.sampled_from(["a", "b", "-", "^", "$", ".", "[ab]", "[^a]", "\\w", "\\s", ""]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "{2,3}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


ahead = st.recursive(
    st.sampled_from(
        ["a", "b", "^", "$", ".", "a*", "(?=a)", "(?!b)", "(?!^a)", "(?=^ab)", "(?!b$)"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
    ),
    max_leaves=6,
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.one_of(pieces, ahead))
def test_anchors_anywhere_as_python_reads_them(pattern):
    terms = Terms()
    term = parse_pattern(pattern, terms)
    expected = re.compile(as_python(pattern), re.ASCII)
    for word in WORDS:
        if len(word) <= 3:
            assert terms.contains(term, word) == (expected.search(word) is not None), word


def test_no_boundary_in_an_empty_text():
    r"""ECMA-262: \B holds where both neighbours are no word characters, be they missing."""
    terms = Terms()
    assert terms.contains(parse_pattern(r"\B", terms), "")
    assert not terms.contains(parse_pattern(r"\b", terms), "")


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        (r"^\d$", "7", "৪"),
        (r"^\w$", "_", "é"),
        (r"^\s$", "\ufeff", "\u180e"),
        (r"^\s$", "\u2029", "\u200b"),
        (r"^\S$", "a", "\xa0"),
        (r"^.$", "😀", "\u2028"),
        (r"^[^\n]$", "\u2028", "\n"),
        (r"^[]$|^a$", "a", ""),
        (r"^[^]$", "\n", ""),
        (r"^\t\n\v\f\r$", "\t\n\v\f\r", "tnvfr"),
        (r"^\0$", "\0", "0"),
        (r"^\cC\cj$", "\x03\n", "cCcj"),
        (r"^\x41\u0042\u{43}\u{1F600}$", "ABC😀", "ABC"),
        (r"^\uD83D\uDE00$", "😀", "😁"),
        (r"^[\uD83D\uDE00-\u{1F602}]$", "😁", "😃"),
        (r"^\p{L}+$", "Aé文", "A1"),
        (r"^\p{Letter}\P{Lu}$", "Aa", "AA"),
        (r"^\p{gc=Nd}\p{N}$", "৪²", "²৪"),
        (r"^[\p{Lu}\d]+$", "Á1", "á"),
        (r"^\p{Script=Latin}+$|^\p{Any}$", "é", "éé?"),
        (r"^[\b]$", "\b", "b"),
        (r"^[a\-z]$", "-", "b"),
        (r"^[\w-.]$", "-", "+"),
        (r"^{a}$", "{a}", "a"),
        (r"^a{,2}$", "a{,2}", "aa"),
        (r"^\$\{\w+\}$", "${ab}", "$ab"),
        (r"^\@\-\/$", "@-/", "@-"),
        (r"^(?<year>\d{4})$", "2024", "24"),
        (r"^a$", "a", "a\n"),
    ],
)
def test_ecma_definitions(pattern, inside, outside):
    terms = Terms()
    if "Script" in pattern:
        with pytest.raises(UnsupportedPattern, match="Script=Latin"):
            parse_pattern(pattern, terms)
        return
    term = parse_pattern(pattern, terms)
    assert terms.contains(term, inside)
    assert not terms.contains(term, outside)


@pytest.mark.parametrize(
    "pattern",
    ["(", "a)", "[a", "*", "a**", "a++", "a{2,1}", "[b-a]", "\\", r"\a", r"\Z", r"\x4", r"\u12",
     "^*", r"\u{110000}", r"\c1", r"\01", "(?P<a>b)", "(?>a)", "(?", "(?<a", "(?<1>a)", r"\p",
     r"\pL", "{2}", "a|+"],
)  # fmt: skip
def test_a_wrong_pattern_is_an_error(pattern):
    with pytest.raises(InvalidPattern, match="at "):
        parse_pattern(pattern, Terms())


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("(a(?=b)|b)*", "lookahead inside a group"),
        (r"a\b(?!b)a", "boundary beside a lookahead"),
        ("(a|(?!b))" * 7, "too many choices"),
        ("(?<=b)a", "lookbehind"),
        ("(?<!b)a", "lookbehind"),
        (r"(a)\1", "back-reference"),
        (r"(?<x>a)\k<x>", "back-reference"),
        ("(?i)a", "inline flag"),
        ("(?i:a)", "inline flag"),
        (r"\p{Script=Tamil}", "Tamil"),
        (r"\p{Emoji}", "Emoji"),
        (r"(\ba|b)*", "inside a group"),
        ("(" * 1000 + "a" + ")" * 1000, "deeper"),
        ("a" * 100_001, "100001"),
    ],
)
def test_a_refused_pattern_names_its_construct(pattern, name):
    with pytest.raises(UnsupportedPattern, match=name):
        parse_pattern(pattern, Terms())


def test_deep_and_long_patterns_are_no_recursion():
    terms = Terms()
    deep = parse_pattern("^" + "(?:" * 60 + "a" + "?b)*" * 60 + "$", terms)
    assert terms.contains(deep, "a" + "b" * 60)
    assert not terms.contains(deep, "a" + "b" * 59)
    long = parse_pattern("^" + "a?" * 500 + "b$", terms)
    assert terms.contains(long, "aab")
    assert not terms.contains(long, "aac")
    counted = parse_pattern("^[a-z]{1,10000}$", terms)
    assert terms.contains(counted, "abc")
    assert not terms.is_empty(terms.intersect(counted, terms.length(9_999)))
