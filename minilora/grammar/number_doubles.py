"""Which texts of a number every reader judges alike, though most readers round numbers to doubles.

The specification's numbers are exact decimals. ``json.loads`` and most other readers take an
integer without point and exponent as it is, and everything else as the nearest double fl(q); and a
validator asks whether fl(q) / fl(m) is whole where m is a fraction. What a model writes should be
valid for them too, so texts over which the two could differ are not written:

    q > b            q >= the double after b: fl(1 + 1e-20) = 1 is not above 1
    q no integer     at most 15 digits, which doubles tell apart, and |q| <= 2^50
    q in 7 Z         without point and exponent, or |q| <= 2^53
    q in 0.01 Z      without exponent, and fl(q) / fl(0.01) is whole: 4.35 gives 434.99...
    bounds > 2^53    as in 7 Z, unless the bound is itself a double
    exponents        at most 308; 99 where integers have no end, since infinity is none

What is left out is never more than spellings that validators in the field refuse.

Source: IEEE 754-2019, binary64; RFC 8259, section 6.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction

from minilora.grammar.number_spelling import FREELY, INTEGERS, MAX_EXPONENT, Spelling
from minilora.grammar.numbers import ANY, Numbers

WHOLE = Fraction(2**53)  # up to here every integer is a double
SMALL = Fraction(2**50)
EXACT_DIGITS = 15  # decimals of so many digits are told apart by doubles
REPR_DIGITS = 17  # the most in the shortest decimals of a double


Written = tuple[tuple[Numbers, Spelling], ...]


def judged_alike(numbers: Numbers) -> Written:
    """Return sets with their spellings: the texts of a set that all readers find in it."""
    if numbers.is_empty():
        return ()
    if numbers == ANY:
        return ((ANY, Spelling(exponent=308)),)
    pairs = _of_one(numbers) if numbers.low == numbers.high is not None else _of_many(numbers)
    return tuple((part, spelling) for part, spelling in pairs if not part.is_empty())


def _of_one(numbers: Numbers) -> Written:
    assert numbers.low is not None
    q = numbers.low
    if abs(q) <= WHOLE or _is_double(q):
        return ((numbers, FREELY),)
    if Fraction(repr(_nearest(q))) == q:  # what stands for a double in the schema: 1e23
        return ((numbers, Spelling(REPR_DIGITS)),)
    return ((numbers, INTEGERS),)


def _of_many(numbers: Numbers) -> Written:
    step = numbers.multiples[0] if numbers.multiples else None
    ends = [end for end in (numbers.low, numbers.high) if end is not None]
    large = any(abs(end) > WHOLE and not _is_double(end) for end in ends)
    if step is None:
        closed = _closed(numbers)
        if numbers.not_multiples or numbers.excluded:
            whole = all(step.denominator == 1 for step in numbers.not_multiples)
            integers = _certain(numbers) if whole else _within(numbers, SMALL)
            return (_within(closed, SMALL), Spelling(EXACT_DIGITS, 250)), (integers, INTEGERS)
        if large:
            return (_within(closed, WHOLE), FREELY), (_certain(numbers), INTEGERS)
        return ((closed, Spelling(exponent=308)),)
    if step == 1 and not large and not numbers.not_multiples:
        return ((numbers, Spelling(exponent=99)),)
    if step.denominator == 1:
        if len(ends) == 2 and max(map(abs, ends)) <= WHOLE:
            return ((numbers, FREELY),)
        return (_within(numbers, WHOLE), FREELY), (_certain(numbers), INTEGERS)
    if step.denominator & (step.denominator - 1) == 0:
        if step.numerator == 1 and not numbers.not_multiples and not large:  # 1/2: doubles too
            return ((numbers, Spelling(exponent=99)),)
        return ((_within(numbers, SMALL / step.denominator), FREELY),)
    places = next(n for n in range(MAX_EXPONENT + 1) if 10**n % step.denominator == 0)
    if places >= EXACT_DIGITS:
        return ((numbers, FREELY),)
    spelling = Spelling(EXACT_DIGITS, places=places, divisor=float(step))
    return ((_within(numbers, Fraction(10) ** (EXACT_DIGITS - places)), spelling),)


def _within(numbers: Numbers, most: Fraction) -> Numbers:
    return numbers.intersect(Numbers(low=-most, high=most))


def _certain(numbers: Numbers) -> Numbers:
    """Return what is in the set whether an end is taken as it is written or as a double."""
    bounds = Numbers(
        None if numbers.low is None else Fraction(_nearest(numbers.low)),
        False,
        None if numbers.high is None else Fraction(_nearest(numbers.high)),
    )
    small = all(end is None or abs(end) <= WHOLE for end in (numbers.low, numbers.high))
    return numbers if small else numbers.intersect(bounds)


def _closed(numbers: Numbers) -> Numbers:
    """Return the set with each open end moved to the next double, as it is written in short."""
    low, high = numbers.low, numbers.high
    if low is not None and numbers.low_open:
        low = _beside(low, math.inf)
    if high is not None and numbers.high_open:
        high = _beside(high, -math.inf)
    return Numbers(
        low,
        False,
        high,
        False,
        not_multiples=numbers.not_multiples,
        excluded=numbers.excluded,
    )


def _beside(end: Fraction, direction: float) -> Fraction:
    """Return the double next to an end, in its shortest decimals; the end where there is none."""
    following = math.nextafter(_nearest(end), direction)
    return Fraction(repr(following)) if math.isfinite(following) else end


def _nearest(q: Fraction) -> float:
    """Return fl(q); beyond the range of doubles the last of them."""
    try:
        return float(q)
    except OverflowError:
        return sys.float_info.max if q > 0 else -sys.float_info.max


def _is_double(q: Fraction) -> bool:
    return Fraction(_nearest(q)) == q
