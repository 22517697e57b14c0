"""Which numbers the beginning of a number's text can still become.

A text gives a mantissa, an integer M of which f digits stand behind the point, and later an
exponent e: the value is M * 10^(e - f). More digits turn M into M * 10^j + t with 0 <= t < 10^j, so
the values ahead are the integers of [M * 10^j, (M + 1) * 10^j) times 10^x, for the x that an
exponent can give. Whether one of them is a member is asked for each x by dividing the ends of that
interval, the bounds and the multiples, never by trying digits.

Exponents shift a multiple of m = rest * 2^a * 5^b as follows: k * 10^x is a multiple of m if and
only if rest divides k, 2^(a - x) divides k and 5^(b - x) divides k (rest has no factor 2 or 5).

>>> from minilora.grammar.numbers import Numbers
>>> side = positive_side(Numbers(low=Fraction(10), high=Fraction(12), multiples=(Fraction(1),)))
>>> side.reaches(1, room=3, first=-3, last=3), side.reaches(2, room=3, first=-3, last=3)
(True, False)
>>> side.window(120, fraction=1)  # 120 with one digit behind the point is 12.0
Window(first=0, last=0, holes=(), free=False)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

from minilora.grammar.number_spelling import FREELY, MAX_DIGITS, MAX_EXPONENT, Spelling
from minilora.grammar.numbers import Numbers, first_kept


class Phase(IntEnum):
    """What a text ends with, before its exponent."""

    NEGATIVE = 0  # a minus sign
    ZERO = 1  # the zero that must be the only digit before the point
    INTEGER = 2
    POINT = 3
    FRACTION = 4


class Window(NamedTuple):
    """The exponents that make a finished mantissa a member.

    Attributes:
        first: the least.
        last: the greatest; less than ``first`` if there is none.
        holes: exponents between them that do not.
        free: all exponents do, of any length.
    """

    first: int
    last: int
    holes: tuple[int, ...]
    free: bool = False

    def __contains__(self, exponent: object) -> bool:
        """Return whether this exponent is one of them."""
        return self.free or (
            isinstance(exponent, int)
            and self.first <= exponent <= self.last
            and exponent not in self.holes
        )

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return self.first <= self.last

    def part(self, start: int, size: int) -> Window:
        """Return those from ``start`` to ``start + size - 1``, less ``start``."""
        holes = tuple(hole - start for hole in self.holes)
        return _trimmed(max(self.first - start, 0), min(self.last - start, size - 1), holes)

    def mirrored(self) -> Window:
        """Return the exponents with the other sign."""
        holes = tuple(-hole for hole in reversed(self.holes))
        return Window(-self.last, -self.first, holes, self.free)


FREE = Window(-MAX_EXPONENT, MAX_EXPONENT, (), free=True)
NONE = Window(0, -1, ())


def _trimmed(first: int, last: int, holes: tuple[int, ...]) -> Window:
    """Return the window in its one form: no hole lies at an end or beyond; ``NONE`` if empty."""
    while first in holes:
        first += 1
    while last in holes:
        last -= 1
    inside = tuple(hole for hole in holes if first < hole < last)
    return Window(first, last, inside) if first <= last else NONE


class Step(NamedTuple):
    """The number rest * 2^twos * 5^fives; rest has no factor 2 or 5."""

    rest: int
    twos: int
    fives: int

    def over(self, x: int) -> int:
        """Return the least k above zero for which k * 10^x is a multiple of the step."""
        return int(self.rest * 2 ** max(0, self.twos - x) * 5 ** max(0, self.fives - x))


@dataclass(frozen=True)
class Side:
    """The members of one sign, without it.

    Attributes:
        zero: 0 is a member.
        members: those above zero.
        spelling: how they may be written.
    """

    zero: bool
    members: Numbers
    spelling: Spelling = FREELY

    @cached_property
    def step(self) -> Step | None:
        """The number that every member is a multiple of."""
        return _split(self.members.multiples[0]) if self.members.multiples else None

    @cached_property
    def barred(self) -> tuple[Step, ...]:
        """The numbers that no member is a multiple of."""
        return tuple(map(_split, self.members.not_multiples))

    @cached_property
    def low(self) -> tuple[int, int]:
        """Numerator and denominator of the lower bound, which may be 0."""
        return (self.members.low or Fraction(0)).as_integer_ratio()

    @cached_property
    def high(self) -> tuple[int, int] | None:
        """Numerator and denominator of the upper bound."""
        return None if self.members.high is None else self.members.high.as_integer_ratio()

    @cached_property
    def excluded(self) -> tuple[tuple[int, int], ...]:
        """Numerators and denominators of the values left out."""
        return tuple(q.as_integer_ratio() for q in self.members.excluded)

    @cached_property
    def points(self) -> tuple[str, ...]:
        """The digits, from the first that is not 0, of the values that a mantissa is held against.

        A lower bound that the multiples alone would give does not count.
        """
        members = self.members
        steps, barred = members.multiples, members.not_multiples
        unbounded = Numbers(Fraction(0), True, None, False, steps, barred)
        values = set(members.excluded)
        if members.low is not None and members.low != unbounded.low:
            values.add(members.low)
        if members.high is not None:
            values.add(members.high)
        return tuple(sorted(_leading_digits(q) for q in values if q > 0))

    @cached_property
    def by_zeros(self) -> bool:
        """Whether trailing zeros decide what is a multiple: all steps are powers of ten."""
        steps = self.barred if self.step is None else (self.step, *self.barred)
        return all(step.rest == 1 and step.twos == step.fives for step in steps)

    @cached_property
    def coarsest(self) -> int | None:
        """The greatest x for which a multiple k * 10^x of the step may not be barred.

        A multiple of n = rest * 2^a * 5^b is barred. Where the step has the same rest, all
        multiples of the step and of 10^x are multiples of n once x has brought the factors that n
        has and the step has not. None if every x will do.
        """
        step = self.step
        limits = []
        for barred in self.barred:
            if step is None:
                missing = [barred.twos, barred.fives]
            else:
                pairs = (barred.twos, step.twos), (barred.fives, step.fives)
                missing = [theirs for theirs, ours in pairs if theirs != ours]
            if barred.rest == (1 if step is None else step.rest):
                limits.append(max(missing) - 1)
        return min(limits, default=None)

    @cached_property
    def plain(self) -> bool:
        """Whether all numbers above zero are members, or none is."""
        return self.members.is_empty() or not (self.points or self.step or self.barred)

    def window(self, mantissa: int, fraction: int) -> Window:
        """Return the exponents e that make mantissa * 10^(e - fraction) a member."""
        if mantissa == 0:
            return FREE if self.zero else NONE
        if self.members.is_empty():
            return NONE
        most = self.spelling.exponent
        if self.plain:
            return FREE if most == MAX_EXPONENT else Window(-most, most, ())
        scales = self.scales(mantissa, mantissa, -MAX_EXPONENT - fraction, MAX_EXPONENT)
        if not scales:
            return NONE
        first, last = scales[0], scales[-1]
        if self.step or self.barred:
            twos, fives = _factors(mantissa, 2), _factors(mantissa, 5)
            if self.step is not None:
                first = max(first, self.step.twos - twos, self.step.fives - fives)
            for step in self.barred:
                if mantissa % step.rest == 0:
                    last = min(last, max(step.twos - twos, step.fives - fives) - 1)
        while first <= last and self.first_between(mantissa, mantissa, first) is None:
            first += 1  # an open lower bound, or excluded
        while first <= last and self.first_between(mantissa, mantissa, last) is None:
            last -= 1
        first, last = max(first + fraction, -most), min(last + fraction, most)
        scales_left_out = (_scale_of(q, mantissa) for q in self.members.excluded)
        holes = tuple(sorted(x + fraction for x in scales_left_out if x is not None))
        return _trimmed(first, last, holes)

    def reaches(self, mantissa: int, room: int, first: int, last: int) -> bool:
        """Return whether up to ``room`` more digits lead from a mantissa above 0 to a member.

        That is whether k * 10^x is one for an x from first to last and a k in [M, M + 1) * 10^room.
        The greatest x comes first: nearly always it has the answer.
        """
        least = mantissa * power_of_ten(room)
        most = least + power_of_ten(room) - 1
        scales = self.scales(least, most, first, last)
        return any(self.first_between(least, most, x) is not None for x in reversed(scales))

    def reaches_from_zero(self, room: int, first: int, last: int) -> bool:
        """Return whether a member is k * 10^x, 0 < k < 10^room, for an x from first to last.

        Of two x that both reach the upper bound the smaller gives all that the greater does. An x
        so small that all multiples of the step are multiples of 10^x gives all that a smaller one
        does.
        """
        most = power_of_ten(room) - 1
        scales = self.scales(1, most, first, last)
        if not scales:
            return False
        first, last = scales[0], scales[-1]
        if self.high is not None:
            last = min(last, max(first, floor_log10(*self.high) + 1 - room))
        if self.step is not None:
            first = max(first, min(last, self.step.twos, self.step.fives))
        return any(self.first_between(1, most, x) is not None for x in range(last, first - 1, -1))

    def reaches_plainly(self, phase: Phase, mantissa: int, fraction: int, used: int) -> bool:
        """Return whether digits and a point, but no exponent, lead on to a member.

        With i more digits before the point and y behind it in all, the values ahead are k * 10^-y
        for a k in [M, M + 1) * 10^(i + y - fraction); the most that may come behind reach them all.
        """
        most, places = self.spelling.digits, self.spelling.places or 0
        if mantissa == 0 and self.zero:
            return phase != Phase.POINT or used < most
        if phase == Phase.NEGATIVE:
            behind = min(places, most - 1)
            return self.first_between(1, int(power_of_ten(most)) - 1, -behind) is not None
        for before in range(most - used + 1 if phase == Phase.INTEGER else 1):
            more = min(places - fraction, most - used - before)
            if phase == Phase.POINT and more == 0:
                return False
            scale = int(power_of_ten(before + more))
            least, last = max(1, mantissa * scale), (mantissa + 1) * scale - 1
            if self.first_between(least, last, -fraction - more) is not None:
                return True
            if self.high is not None and least * self.high[1] > self.high[0] * power_of_ten(
                fraction + more
            ):
                return False
        return False

    def scales(self, least: int, most: int, first: int, last: int) -> range:
        """Return the x from first to last that can make k * 10^x a member, least <= k <= most.

        All those that do are among them; k is above zero.
        """
        rest = 1 if self.step is None else self.step.rest
        if self.members.is_empty() or most // rest * rest < least:
            return range(0)
        numerator, denominator = self.low
        if numerator > 0:
            first = max(first, floor_log10(numerator, denominator * most))
        if self.high is not None:
            numerator, denominator = self.high
            last = min(last, floor_log10(numerator, denominator * least))
        if self.coarsest is not None:
            last = min(last, self.coarsest)
        return range(first, last + 1)

    def first_between(self, first: int, last: int, x: int) -> int | None:
        """Return the least k with first <= k <= last for which k * 10^x is a member, or None."""
        up, down = power_of_ten(max(0, x)), power_of_ten(max(0, -x))
        numerator, denominator = self.low
        numerator, denominator = numerator * down, denominator * up
        if self.members.low_open:
            first = max(first, numerator // denominator + 1)
        else:
            first = max(first, -(-numerator // denominator))
        if self.high is not None:
            numerator, denominator = self.high
            numerator, denominator = numerator * down, denominator * up
            if self.members.high_open:
                last = min(last, -(-numerator // denominator) - 1)
            else:
                last = min(last, numerator // denominator)
        if first > last:
            return None
        step = 1 if self.step is None else self.step.over(x)
        gaps = tuple(barred.over(x) for barred in self.barred)
        divided = (divmod(over * down, under * up) for over, under in self.excluded)
        left_out = {k for k, remainder in divided if remainder == 0}
        return first_kept(first, last, step, gaps, left_out)

    def reduce(self, mantissa: int, fraction: int, used: int) -> tuple[int, int, int]:
        """Return a simple (mantissa, fraction, used) that no continuation tells from this one.

        Used counts the digits of the text, of which ``MAX_DIGITS`` are allowed. Once a digit
        differs from those of every point, the digits after it no longer matter to the bounds, and
        to powers of ten only where the last one above 0 stands.
        """
        if self.plain:
            return min(mantissa, 1), min(fraction, 1), 1 + min(fraction, 1)
        if mantissa == 0 or not self.by_zeros or self.spelling.digits < MAX_DIGITS:
            return mantissa, fraction, used
        digits = str(mantissa)
        if not self.points:
            zeros = len(digits) - len(digits.rstrip("0"))
            return int(power_of_ten(zeros)), fraction, max(zeros, fraction) + 1
        head = self._head(digits)
        rest = digits[len(head) :]
        if self.step is not None or self.barred:
            end = len(rest.rstrip("0"))
            rest = "0" * (end - 1) + "1" + rest[end:] if end else rest
        else:
            rest = "0" * len(rest)
        return int(head + rest), fraction, used

    def _head(self, digits: str) -> str:
        """Return the digits to the first that no point shares, that one made as low as can be."""
        alike = list(self.points)
        for i, digit in enumerate(digits):
            others = [point[i] if i < len(point) else "0" for point in alike]
            if digit not in others:
                below = max((other for other in others if other < digit), default="0")
                return digits[:i] + (digit if digit == "0" else str(int(below) + 1))
            alike = [point for point, other in zip(alike, others, strict=True) if other == digit]
        return digits


def positive_side(numbers: Numbers, spelling: Spelling = FREELY) -> Side:
    """Return the members that are written without a minus sign."""
    above = Numbers(low=Fraction(0), low_open=True)
    return Side(numbers.contains(Fraction(0)), numbers.intersect(above), spelling)


@lru_cache(maxsize=4 * MAX_DIGITS)
def power_of_ten(exponent: int) -> int:
    """Return 10^exponent."""
    return int(10**exponent)


def floor_log10(numerator: int, denominator: int) -> int:
    """Return the greatest y with denominator * 10^y <= numerator, both above zero."""
    bits = numerator.bit_length() - denominator.bit_length()
    y = bits * 1233 // 4096  # log10(2) = 0.30103; the next lines correct it
    while not _at_most(denominator, y, numerator):
        y -= 1
    while _at_most(denominator, y + 1, numerator):
        y += 1
    return y


def _at_most(denominator: int, y: int, numerator: int) -> bool:
    if y >= 0:
        return denominator * power_of_ten(y) <= numerator
    return denominator <= numerator * power_of_ten(-y)


def _scale_of(q: Fraction, mantissa: int) -> int | None:
    """Return the y with mantissa * 10^y == q, None if there is none."""
    y = floor_log10(q.numerator, q.denominator * mantissa)
    return y if mantissa * Fraction(10) ** y == q else None


def _leading_digits(q: Fraction) -> str:
    """Return the first ``MAX_DIGITS`` digits of a number above zero."""
    shift = MAX_DIGITS - 1 - floor_log10(q.numerator, q.denominator)
    scaled = q.numerator * power_of_ten(max(0, shift))
    return str(scaled // (q.denominator * power_of_ten(max(0, -shift)))).rstrip("0")


def _split(step: Fraction) -> Step:
    """Return a finite decimal as rest * 2^twos * 5^fives."""
    twos = _factors(step.numerator, 2) - _factors(step.denominator, 2)
    fives = _factors(step.numerator, 5) - _factors(step.denominator, 5)
    return Step(int(step / (Fraction(2) ** twos * Fraction(5) ** fives)), twos, fives)


def _factors(number: int, prime: int) -> int:
    """Return how often a prime divides a number above zero."""
    count = 0
    while number % prime == 0:
        number //= prime
        count += 1
    return count
