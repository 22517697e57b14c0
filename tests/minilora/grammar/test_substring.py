"""The automaton of a text's substrings against slicing."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.grammar import InvalidSchema, Substrings
from minilora.grammar.limits import Limits, TooComplex
from minilora.grammar.substring import SuffixAutomaton
from minilora.grammar.terms import Terms

texts = st.text(alphabet="ab ,é\u0301😀", max_size=12)
seeded = settings(derandomize=True, deadline=None, max_examples=150)


def is_word(char: str) -> bool:
    return char.isalnum() or char in "_\u0301"


def quotes_of(text: str, whole_words: bool) -> set[str]:
    """All quotes by slicing; a cut inside a word has a word character on both sides."""
    n = len(text)
    cuts = [
        i for i in range(n + 1) if i in (0, n) or not (is_word(text[i - 1]) and is_word(text[i]))
    ]
    places = cuts if whole_words else range(n + 1)
    found = {text[i:j] for i in places for j in places if i < j}
    if whole_words:
        found = {quote for quote in found if not quote[0].isspace() and not quote[-1].isspace()}
    return found | {""}


@seeded
@given(text=texts, whole_words=st.booleans())
def test_every_state_knows_what_is_left_of_its_quotes(text, whole_words):
    substrings, expected = Substrings(text, whole_words), quotes_of(text, whole_words)
    found = set()
    waiting = [(substrings.start, "")]
    while waiting:
        state, read = waiting.pop()
        rest = {quote[len(read) :] for quote in expected if quote.startswith(read)}
        lengths = {len(end) for end in rest}
        assert substrings.shortest(state) == min(lengths)
        assert substrings.longest(state) == max(lengths)
        for low in range(6):
            for high in (None, *range(6)):
                fitting = {k for k in lengths if k >= low and (high is None or k <= high)}
                assert substrings.has_length(state, low, high) == bool(fitting)
                if fitting:
                    end = substrings.word(state, low, high)
                    assert end in rest
                    assert len(end) == min(fitting)
        if substrings.ends(state):
            found.add(read)
        waiting += [(after, read + chr(code)) for code, after in substrings.edges(state)]
    assert found == expected
    assert substrings.contains("b") == ("b" in expected)


@seeded
@given(text=st.text(alphabet="ab", max_size=40))
def test_the_automaton_is_as_small_as_the_paper_says(text):
    automaton = SuffixAutomaton.of(map(ord, text))
    n = max(len(text), 1)
    assert len(automaton.edges) <= max(2 * n - 1, n + 1)
    assert sum(map(len, automaton.edges)) <= max(3 * n - 4, 2 * n - 1)


@pytest.mark.parametrize("whole_words", [False, True])
@pytest.mark.parametrize("kind", ["words", "one letter", "two letters"])
def test_building_is_linear(kind, whole_words):
    """Four times the text takes about four times as long; the square would be sixteen times."""
    rng = random.Random(0)
    words = ["".join(rng.choices("etaoinshrdlu", k=rng.randint(1, 9))) for _ in range(2000)]
    text = {"words": " ".join(rng.choices(words, k=10_000)), "one letter": "a" * 40_000,
            "two letters": "ab" * 20_000}[kind][:40_000]  # fmt: skip
    seconds = []
    for part in (text[:10_000], text):
        tries = []
        for _ in range(2):
            begun = time.process_time()
            Substrings(part, whole_words)
            tries.append(time.process_time() - begun)
        seconds.append(min(tries))
    assert seconds[1] < 10 * seconds[0]


@seeded
@given(
    text=texts,
    other=texts,
    whole_words=st.booleans(),
    low=st.integers(0, 4),
    high=st.one_of(st.none(), st.integers(0, 5)),
)
def test_terms_with_quotes(text, other, whole_words, low, high):
    """Lengths, unions, intersections and complements against sets of strings."""
    terms = Terms()
    first, second = quotes_of(text, whole_words), quotes_of(other, False)
    a = terms.substring(Substrings(text, whole_words))
    b = terms.substring(Substrings(other))
    length = terms.length(low, high)
    for term, expected in (
        (terms.intersect(a, length), first),
        (terms.intersect(terms.union(a, b), length), first | second),
        (terms.intersect(a, b, length), first & second),
        (terms.intersect(a, terms.complement(b), length), first - second),
        (terms.intersect(a, length, terms.concat(terms.ANY, terms.literal("b"))),
         {quote for quote in first if quote.endswith("b")}),
    ):  # fmt: skip
        fitting = {q for q in expected if len(q) >= low and (high is None or len(q) <= high)}
        assert terms.words(term, 500) == tuple(sorted(fitting, key=lambda q: (len(q), q)))
        assert terms.is_empty(term) == (not fitting)
        for quote in first | second:
            assert terms.contains(term, quote) == (quote in fitting)
        if fitting:
            assert terms.shortest(term) in fitting
            assert len(terms.shortest(term)) == min(map(len, fitting))
    outside = terms.complement(a)
    assert all(not terms.contains(outside, quote) for quote in first)
    assert terms.contains(outside, "zz")
    assert not terms.is_empty(terms.intersect(outside, terms.length(2, 3)))


def test_limits_show_when_a_question_is_first_asked():
    """What a long text and a pattern allow together is settled at once, or refused at once."""
    text = "".join(random.Random(0).choices("abcdefgh ", k=3000)) + "z"
    terms = Terms()
    quotes = terms.intersect(
        terms.substring(Substrings(text)), terms.concat(terms.ANY, terms.literal("z"))
    )
    assert not terms.is_empty(quotes)
    for char in text[2000:]:
        quotes = terms.derivative(quotes, ord(char))
        assert not terms.is_empty(quotes)
    small = Terms(Limits(derivatives=100))
    pattern = small.concat(small.ANY, small.literal("z"))
    with pytest.raises(TooComplex):
        small.is_empty(small.intersect(small.substring(Substrings(text)), pattern))


@pytest.mark.parametrize(("text", "message"), [(1, "got int"), ("a\ud800", "lone surrogate")])
def test_what_is_no_text_is_refused(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        Substrings(text)
    assert not isinstance(caught.value, InvalidSchema)
