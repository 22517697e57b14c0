"""Terms against sets of words: every law is checked on all words of a small alphabet."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.grammar.intervals import UNIVERSE, invert, normalize, union
from minilora.grammar.limits import Limits, TooComplex
from minilora.grammar.terms import Term, Terms

ALPHABET = "abé"
LENGTH = 4
WORDS = ["".join(w) for n in range(LENGTH + 1) for w in itertools.product(ALPHABET, repeat=n)]

# A tree of operations, made into a term and, apart from it, into the set of its words in WORDS.
leaves = st.one_of(
    st.sampled_from(["", "a", "b", "ab", "é", "aa"]).map(lambda text: ("literal", text)),
    st.sampled_from(["a", "ab", "bé", "abé"]).map(lambda text: ("chars", text)),
    st.tuples(st.integers(0, 3), st.integers(0, 4)).map(lambda pair: ("length", *pair)),
    st.just(("any",)),
    st.just(("empty",)),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["concat", "union", "intersect"]), inner, inner),
        st.tuples(st.just("complement"), inner),
        st.tuples(st.just("repeat"), inner, st.integers(0, 2), st.sampled_from([0, 1, 2, 3, None])),
    ),
    max_leaves=7,
)
seeded = settings(derandomize=True, deadline=None, max_examples=150)


def build(tree: tuple, terms: Terms) -> Term:
    match tree:
        case ("literal", text):
            return terms.literal(text)
        case ("chars", text):
            return terms.chars([(ord(char), ord(char)) for char in text])
        case ("length", low, high):
            return terms.length(low, high)
        case ("any",):
            return terms.ANY
        case ("empty",):
            return terms.EMPTY
        case ("repeat", inner, low, high):
            return terms.repeat(build(inner, terms), low, high)
        case (name, *inner):
            return getattr(terms, name)(*(build(part, terms) for part in inner))


def meaning(tree: tuple) -> frozenset[str]:
    """The words of WORDS that belong to a tree; exact, since no operation looks at longer words."""
    match tree:
        case ("literal", text):
            return frozenset([text])
        case ("chars", text):
            return frozenset(text)
        case ("length", low, high):
            return frozenset(word for word in WORDS if low <= len(word) <= high)
        case ("any",):
            return frozenset(WORDS)
        case ("empty",):
            return frozenset()
        case ("concat", a, b):
            return joined(meaning(a), meaning(b))
        case ("union", a, b):
            return meaning(a) | meaning(b)
        case ("intersect", a, b):
            return meaning(a) & meaning(b)
        case ("complement", a):
            return frozenset(WORDS) - meaning(a)
        case ("repeat", a, low, high):
            return repeated(meaning(a), low, high)
    raise AssertionError(tree)


def joined(a: frozenset[str], b: frozenset[str]) -> frozenset[str]:
    return frozenset(x + y for x in a for y in b if len(x + y) <= LENGTH)


def repeated(words: frozenset[str], low: int, high: int | None) -> frozenset[str]:
    power, found = frozenset([""]), frozenset()
    for count in range(LENGTH + 4 if high is None else high + 1):
        if count >= low:
            found |= power
        power = joined(power, words)
    return found


@seeded
@given(trees)
def test_membership_is_that_of_the_sets(tree):
    terms = Terms()
    term, words = build(tree, terms), meaning(tree)
    assert {word for word in WORDS if terms.contains(term, word)} == words


@seeded
@given(trees)
def test_emptiness_and_shortest_agree_with_brute_force(tree):
    terms = Terms()
    term, words = build(tree, terms), meaning(tree)
    if terms.is_empty(term):
        assert not words
        with pytest.raises(ValueError, match="no word"):
            terms.shortest(term)
        return
    found = terms.shortest(term)
    assert terms.contains(term, found)
    assert term.min_length <= len(found)
    assert term.max_length is None or len(found) <= term.max_length
    assert not words or len(found) <= min(map(len, words))
    if not words and set(found) <= set(ALPHABET):
        assert len(found) > LENGTH


@seeded
@given(trees)
def test_words_are_all_words(tree):
    terms = Terms()
    term, known = build(tree, terms), meaning(tree)
    found = terms.words(term, 200)
    assert terms.count_words(term, 200) == (None if found is None else len(found))
    if found is not None:
        assert len(set(found)) == len(found)
        assert list(found) == sorted(found, key=lambda word: (len(word), word))
        assert all(terms.contains(term, word) for word in found)
        assert known <= set(found)


@seeded
@given(trees)
def test_classes_are_a_partition_with_one_derivative_each(tree):
    terms = Terms()
    term = build(tree, terms)
    classes = terms.classes(term)
    assert union(*(intervals for intervals, _ in classes)) == UNIVERSE
    assert len({terms.derivative(term, one) for _, one in classes}) == len(classes)
    for intervals, one in classes:
        assert any(low <= one <= high for low, high in intervals)
        for low, high in intervals:
            assert terms.derivative(term, low) is terms.derivative(term, one)
            assert terms.derivative(term, high) is terms.derivative(term, one)
    live = {target for _, target in terms.transitions(term)}
    assert not any(terms.is_empty(target) for target in live)


@seeded
@given(trees, trees)
def test_laws_hold_by_identity_or_by_emptiness(left, right):
    terms = Terms()
    a, b = build(left, terms), build(right, terms)
    assert terms.union(a, b) is terms.union(b, a)
    assert terms.intersect(a, b) is terms.intersect(b, a)
    assert terms.complement(terms.complement(a)) is a or equal(
        terms, terms.complement(terms.complement(a)), a
    )
    assert equal(
        terms,
        terms.complement(terms.union(a, b)),
        terms.intersect(terms.complement(a), terms.complement(b)),
    )


def equal(terms: Terms, a: Term, b: Term) -> bool:
    """Whether two terms have the same words: neither has one that the other has not."""
    return all(terms.is_empty(terms.intersect(x, terms.complement(y))) for x, y in ((a, b), (b, a)))


def test_equal_terms_are_one_object():
    t = Terms()
    assert t.concat(t.literal("ab"), t.literal("c")) is t.literal("abc")
    assert t.union(t.literal("a"), t.EMPTY, t.literal("a")) is t.literal("a")
    assert t.intersect(t.literal("a"), t.literal("b")) is t.EMPTY
    assert t.complement(t.length(3, 5)) is t.union(t.length(0, 2), t.length(6))
    assert t.star(t.star(t.literal("ab"))) is t.star(t.literal("ab"))
    assert t.concat(t.ANY, t.ANY) is t.ANY
    assert t.literal("\ud800") is t.EMPTY


@pytest.mark.parametrize("count", [10_000, 10**9])
def test_long_lengths_are_not_walked_through(count):
    t = Terms(Limits(derivatives=500))
    letters = t.chars([(97, 122)])
    body = t.intersect(t.star(letters), t.length(count // 2, count))
    assert not t.is_empty(body)
    assert t.is_empty(t.intersect(body, t.length(count + 1)))
    pairs = t.star(t.concat(letters, t.literal("-")))
    assert not t.is_empty(t.intersect(pairs, t.length(count, count)))
    assert t.is_empty(t.intersect(pairs, t.length(count + 1, count + 1)))
    digit = t.concat(t.ANY, t.chars([(48, 57)]), t.ANY)
    assert t.is_empty(t.intersect(t.concat(t.literal("x"), t.repeat(letters, 0, count)), digit))
    assert t.count_words(t.length(0, count), 1000) is None


def test_a_long_literal_is_no_recursion():
    t = Terms()
    text = "ab" * 1500
    term = t.union(t.literal(text), t.concat(t.literal(text), t.literal("c")))
    assert t.contains(term, text)
    assert t.words(term, 5) == (text, text + "c")
    assert t.shortest(t.intersect(t.literal(text), t.concat(t.ANY, t.literal("b")))) == text


def test_a_thousand_words_are_quick():
    t = Terms()
    words = [f"key{i:04d}" for i in range(1000)]
    begin = time.process_time()
    term = t.union(*(t.literal(word) for word in words))
    assert t.words(term, 1000) == tuple(words)
    assert t.words(term, 999) is None
    free = t.complement(term)
    assert not t.contains(free, "key0500")
    assert t.contains(free, "key05000")
    assert time.process_time() - begin < 10  # about 0.2 on an idle core


def test_above_the_budget_is_an_error():
    t = Terms(Limits(derivatives=100))
    ab = t.chars([(97, 98)])

    def nth_from_end(n: int) -> Term:
        return t.concat(t.star(ab), t.literal("a"), t.repeat(ab, n, n))

    hard = t.intersect(nth_from_end(12), t.complement(nth_from_end(12)), t.ANY)
    assert hard is t.EMPTY  # seen without a search
    other = t.intersect(nth_from_end(12), t.complement(t.union(nth_from_end(12), t.literal("c"))))
    assert t.is_empty(other)
    apart = t.concat(t.union(t.star(ab), t.literal("c")), t.literal("a"), t.repeat(ab, 12, 12))
    with pytest.raises(TooComplex, match="100"):
        t.is_empty(t.intersect(nth_from_end(12), t.complement(apart)))


def test_refused_arguments():
    t = Terms()
    with pytest.raises(ValueError, match="from -1"):
        t.repeat(t.ANY, -1, None)
    assert t.repeat(t.literal("a"), 3, 2) is t.EMPTY
    assert t.length(5, 4) is t.EMPTY


def test_intervals():
    assert normalize([(5, 3), (0xD7FF, 0xE000)]) == ((0xD7FF, 0xD7FF), (0xE000, 0xE000))
    assert invert(UNIVERSE) == ()
    assert invert(invert(((3, 9), (0xE000, 0xE010)))) == ((3, 9), (0xE000, 0xE010))
