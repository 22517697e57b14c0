"""Number sets and their texts, against brute force over all short texts and small decimals."""

from __future__ import annotations

import random
import re
import time
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.grammar.number_reach import MAX_DIGITS, MAX_EXPONENT, floor_log10
from minilora.grammar.number_text import DEAD, NUMBER_BYTES, NumberHeads
from minilora.grammar.numbers import ANY, EMPTY, Numbers, exactly, is_decimal

NUMBER = re.compile(rb"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")
BEGINNING = re.compile(
    rb"-?((0|[1-9][0-9]*)(\.[0-9]*)?|(0|[1-9][0-9]*)(\.[0-9]+)?[eE][+-]?[0-9]*)?\Z"
)
ALPHABET = b"-01259.eE+"
STEPS = [Fraction(n, d) for n, d in [(1, 1), (2, 1), (3, 1), (5, 1), (7, 1), (10, 1), (100, 1)]]
STEPS += [Fraction(1, 2), Fraction(1, 4), Fraction(1, 10), Fraction(1, 100), Fraction(5, 2)]
INTEGER = Numbers(multiples=(Fraction(1),))

decimals = st.builds(Fraction, st.integers(-300, 300), st.sampled_from([1, 10, 100]))
number_sets = st.builds(
    Numbers,
    st.none() | decimals,
    st.booleans(),
    st.none() | decimals,
    st.booleans(),
    st.lists(st.sampled_from(STEPS), max_size=2).map(tuple),
    st.lists(st.sampled_from(STEPS), max_size=2).map(tuple),
    st.lists(decimals, max_size=3).map(tuple),
)


@cache
def short_texts(length: int) -> dict[bytes, Fraction]:
    """All JSON numbers over the alphabet up to a length, |exponent| within limits."""
    texts: dict[bytes, Fraction] = {}
    beginnings = [b""]
    for _ in range(length):
        grown = (text + bytes((byte,)) for text in beginnings for byte in ALPHABET)
        beginnings = [text for text in grown if BEGINNING.match(text)]
        for text in beginnings:
            exponent = re.search(rb"[eE](.*)", text)
            if NUMBER.match(text) and (not exponent or abs(int(exponent[1])) <= MAX_EXPONENT):
                texts[text] = Fraction(text.decode())
    return texts


def random_numbers(seed: int) -> Numbers:
    """A set with bounds of up to two decimals, steps and excluded values, any of them missing."""
    rng = random.Random(seed)

    def decimal() -> Fraction:
        return Fraction(rng.randint(-1200, 1200), rng.choice([1, 10, 100, 100]))

    low, high = (decimal() if rng.random() < 0.6 else None for _ in range(2))
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
        if rng.random() < 0.3:
            high = low + Fraction(rng.randint(0, 20), 10)
    left_out = [Fraction(rng.randint(-12, 12), rng.choice([1, 1, 10])) for _ in range(3)]
    return Numbers(
        low,
        rng.random() < 0.3,
        high,
        rng.random() < 0.3,
        tuple(rng.sample(STEPS, rng.choice([0, 0, 1, 1, 2]))),
        tuple(rng.sample(STEPS, rng.choice([0, 0, 0, 1, 2]))),
        tuple(left_out) if rng.random() < 0.3 else (),
    )


def walk(heads: NumberHeads, state: int, text: bytes) -> int:
    for byte in text:
        state = DEAD if state == DEAD else heads.step(state, byte)
    return state


# Sets


def belongs(q: Fraction, low, low_open, high, high_open, multiples, barred, excluded) -> bool:  # type: ignore[no-untyped-def]
    """Membership straight from the definition."""
    return (
        is_decimal(q)
        and (low is None or q > low or (q == low and not low_open))
        and (high is None or q < high or (q == high and not high_open))
        and all((q / m).denominator == 1 for m in multiples)
        and not any((q / n).denominator == 1 for n in barred)
        and q not in excluded
    )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_canonical_form_keeps_the_members(data: st.DataObject) -> None:
    steps = st.lists(st.sampled_from([*STEPS, Fraction(1, 3), Fraction(5, 6)]), max_size=2)
    ends = st.none() | decimals | st.just(Fraction(1, 3))
    fields = (
        data.draw(ends),
        data.draw(st.booleans()),
        data.draw(ends),
        data.draw(st.booleans()),
        tuple(data.draw(steps)),
        tuple(data.draw(steps)),
        tuple(data.draw(st.lists(decimals, max_size=3))),
    )
    numbers = Numbers(*fields)
    around = [q + d for q in (fields[0], fields[2]) if q is not None for d in (-1, 0, 1)]
    grid = [Fraction(k, 20) for k in range(-120, 121)] + around + list(fields[6])
    for q in grid:
        assert numbers.contains(q) == belongs(q, *fields), q


@given(number_sets, number_sets)
@settings(max_examples=60, deadline=None)
def test_laws_of_sets(a: Numbers, b: Numbers) -> None:
    both = a.intersect(b)
    assert both == b.intersect(a)
    assert hash(both) == hash(b.intersect(a))
    assert a.intersect(ANY) == a == a.intersect(a)
    assert a.intersect(EMPTY) == EMPTY
    assert a.negated().negated() == a
    assert both.is_empty() == (both == EMPTY)
    for k in range(-60, 61):
        q = Fraction(k, 20)
        assert both.contains(q) == (a.contains(q) and b.contains(q))
        assert a.negated().contains(q) == a.contains(-q)


@given(
    st.builds(Fraction, st.integers(-300, 0), st.just(100)),
    st.builds(Fraction, st.integers(-20, 300), st.just(100)),
    number_sets,
    st.sampled_from(STEPS),
)
@settings(max_examples=60, deadline=None)
def test_values_and_emptiness(
    low: Fraction, high: Fraction, other: Numbers, step: Fraction
) -> None:
    """Every step is a multiple of 1/100, so all members between -3 and 3 are on that grid."""
    numbers = Numbers(low, False, high, True, (step,)).intersect(other)
    members = tuple(q for k in range(-300, 301) if numbers.contains(q := Fraction(k, 100)))
    assert numbers.values(len(members)) == members
    assert numbers.is_empty() == (members == ())
    if members:
        assert numbers.values(len(members) - 1) is None


@given(number_sets)
@settings(deadline=None)
def test_without_a_multiple_a_set_is_one_value_or_endless(numbers: Numbers) -> None:
    if not numbers.multiples and not numbers.is_empty():
        one = numbers.values(1)
        assert numbers.values(10**6) == one
        assert one is None or one == (numbers.low,) == (numbers.high,)


def test_ends_move_and_thirds_become_integers() -> None:
    thirds = Numbers(Fraction(1, 2), multiples=(Fraction(1, 3),), not_multiples=(Fraction(2),))
    assert thirds == Numbers(Fraction(1), multiples=(Fraction(1),), not_multiples=(Fraction(2),))
    assert exactly(Fraction(1, 3)) == EMPTY
    assert exactly(Fraction(7)).intersect(INTEGER) == exactly(Fraction(7))
    assert Numbers(Fraction(3), True, Fraction(4), True, (Fraction(1),)).is_empty()
    assert Numbers(multiples=(Fraction(4),), not_multiples=(Fraction(2),)).is_empty()
    with pytest.raises(ValueError, match="> 0"):
        Numbers(multiples=(Fraction(0),))


@pytest.mark.parametrize("exponent", [-900, -1, 0, 1, 22, 900])
def test_floor_log10(exponent: int) -> None:
    power = Fraction(10) ** exponent
    below = power - power / 10**30
    assert floor_log10(*power.as_integer_ratio()) == exponent
    assert floor_log10(*below.as_integer_ratio()) == exponent - 1


# Texts


@pytest.mark.parametrize(("seed", "length"), [(n, 4) for n in range(30)] + [(n, 5) for n in (3, 7)])
def test_short_texts_are_accepted_exactly_if_members(seed: int, length: int) -> None:
    """Besides, every state on the way is live and has a completion, and none shorter is missed."""
    numbers = random_numbers(seed)
    heads = NumberHeads()
    start = heads.start(numbers)
    fewest: dict[bytes, int] = {}
    for text, value in short_texts(length).items():
        end = walk(heads, start, text)
        assert (end != DEAD and heads.can_end(end)) == numbers.contains(value), text
        if numbers.contains(value):
            for i in range(len(text) + 1):
                fewest[text[:i]] = min(fewest.get(text[:i], 99), len(text) - i)
    for text in random.Random(seed).sample(sorted(short_texts(length)), 200):
        for beginning in (text, text[:-1], text[:-2]):
            state = walk(heads, start, beginning)
            if state == DEAD:
                assert beginning not in fewest
                continue
            rest = heads.shortest(state)
            assert len(rest) <= fewest.get(beginning, 999)
            assert heads.can_end(walk(heads, state, rest))
            assert NUMBER.match(beginning + rest)
            assert numbers.contains(Fraction((beginning + rest).decode()))


@pytest.mark.parametrize("seed", range(12))
def test_every_byte_that_is_allowed_leads_to_an_end(seed: int) -> None:
    rng = random.Random(seed)
    numbers = random_numbers(100 + seed)
    heads = NumberHeads()
    start = heads.start(numbers)
    assert (start == DEAD) == numbers.is_empty()
    for _ in range(0 if start == DEAD else 15):
        text, state = b"", start
        for _ in range(rng.randint(1, 12)):
            row = heads.row(state)
            allowed = [byte for byte in range(256) if row[byte] != DEAD]
            assert set(allowed) <= set(NUMBER_BYTES)
            assert allowed or heads.can_end(state)
            if not allowed or re.search(rb"[eE][+-]?[0-9]{4}", text):
                break  # where exponents are free they get too long to compute the value
            byte = rng.choice(allowed)
            assert row[byte] == heads.step(state, byte)
            text, state = text + bytes((byte,)), row[byte]
        text += heads.shortest(state)
        assert numbers.contains(Fraction(text.decode()))


@pytest.mark.parametrize(
    "text", [b"1", b"1.0", b"10e-1", b"0.1E+1", b"1e0", b"0.01e02", b"1.000e-0", b"100E-02"]
)
def test_all_spellings_of_one(text: bytes) -> None:
    heads = NumberHeads()
    for numbers in (exactly(Fraction(1)), INTEGER, ANY):
        assert heads.accepts(heads.start(numbers), text)
    assert not heads.accepts(heads.start(exactly(Fraction(1))), b"-" + text)


@pytest.mark.parametrize("text", [b"-0", b"-0.0", b"0e5", b"-0e-7", b"0e00000000", b"0e99999"])
def test_minus_zero_is_zero(text: bytes) -> None:
    heads = NumberHeads()
    assert heads.accepts(heads.start(exactly(Fraction(0))), text)
    assert not heads.accepts(heads.start(Numbers(Fraction(0), low_open=True)), text)


@pytest.mark.parametrize(
    "text", [b"", b"-", b"+1", b"01", b"-01", b".5", b"1.", b"1.e5", b"1e", b"1e+", b"1 ", b"1e1.5"]
)
def test_what_is_no_number(text: bytes) -> None:
    heads = NumberHeads()
    for numbers in (ANY, INTEGER, Numbers(high=Fraction(999))):
        assert not heads.accepts(heads.start(numbers), text)


def test_limits() -> None:
    """Integers need their zeros counted, so exponents are limited; where digits do not matter,
    nothing is.
    """
    heads = NumberHeads()
    integer, seven = heads.start(INTEGER), heads.start(Numbers(multiples=(Fraction(7),)))
    assert heads.accepts(integer, b"1e400")
    assert heads.accepts(integer, b"1" + 400 * b"0" + b"e-400") is False  # 401 digits count
    assert heads.accepts(integer, b"1" + 399 * b"0" + b"e-399")
    assert not heads.accepts(integer, b"1" + 398 * b"0" + b"e-399")
    assert not heads.accepts(integer, b"1e401")
    assert heads.accepts(integer, 1000 * b"9")
    sevens = str(7 * (10 ** (MAX_DIGITS - 1) // 7 + 1)).encode()
    assert len(sevens) == MAX_DIGITS
    assert heads.accepts(seven, sevens)
    assert not heads.accepts(seven, sevens + b"0")
    assert walk(heads, seven, sevens[:-1] + (b"1" if sevens[-1:] != b"1" else b"2")) == DEAD
    assert heads.accepts(heads.start(ANY), 1000 * b"1" + b"." + 1000 * b"2" + b"e" + 1000 * b"3")
    assert heads.start(exactly(Fraction(10) ** 900)) == DEAD
    assert heads.shortest(heads.start(exactly(Fraction(10) ** -400))) == b"1e-400"


@pytest.mark.parametrize(
    ("numbers", "most"),
    [
        (ANY, 16),
        (Numbers(low=Fraction(0)), 20),
        (INTEGER, 80),
        (Numbers(Fraction(0), multiples=(Fraction(1, 100),)), 90),
        (Numbers(Fraction(0), high=Fraction(100)), 200),
    ],
)
def test_few_states(numbers: Numbers, most: int) -> None:
    """States to a depth of five bytes; the integers grow with the zeros that they may end with."""
    heads = NumberHeads()
    frontier = {heads.start(numbers)}
    for _ in range(5):
        frontier |= {target for state in frontier for target in heads.row(state) if target != DEAD}
    assert len(frontier) <= most


@pytest.mark.parametrize("seed", range(6))
def test_no_step_is_slow(seed: int) -> None:
    """Processor time of a step on average: 10 to 50 us, and 1 ms leaves room for any machine."""
    numbers = random_numbers(200 + seed)
    heads = NumberHeads()
    start = heads.start(numbers)
    steps, before = 0, time.thread_time()
    for text in sorted(short_texts(4))[::5]:
        walk(heads, start, text)
        steps += len(text)
    assert (time.thread_time() - before) / steps < 1e-3
