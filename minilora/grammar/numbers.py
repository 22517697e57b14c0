"""Sets of decimal numbers: bounds, multiples, and what is left out, joined by "and".

Only finite decimals can be written in JSON, so only they are ever members: of the multiples of 1/3
these are 0, 1, 2 and so on. Everything is exact; no float takes part. How the members are written
byte by byte is the business of ``number_text``.

>>> dozens = Numbers(low=Fraction(1), high=Fraction(40), multiples=(Fraction(3), Fraction(4)))
>>> [int(q) for q in dozens.values(limit=5)]
[12, 24, 36]
>>> dozens.intersect(Numbers(low=Fraction(25), high=Fraction(30))).is_empty()
True
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm


@dataclass(frozen=True)
class Numbers:
    """The decimals q with low <= q <= high, in every m Z, in no n Z, and not among the excluded.

    Invariant: the fields are brought to one form on creation, so that most equal sets compare
    equal and a member lies at every closed end. There is at most one multiple; each not-multiple is
    a multiple of it, and of no other not-multiple; with a multiple both ends are members, without
    one an end that is no member is open; excluded values would be members otherwise; one value
    alone is a closed interval and nothing more; the empty set is ``EMPTY``.

    Attributes:
        low: the lower bound, None for none.
        low_open: the bound itself is left out.
        high: the upper bound, None for none.
        high_open: the bound itself is left out.
        multiples: a member is a multiple of each, all positive; an integer is a multiple of 1.
        not_multiples: a member is a multiple of none of these, all positive.
        excluded: values left out.

    Raises:
        ValueError: a multiple or not-multiple of zero or less.
    """

    low: Fraction | None = None
    low_open: bool = False
    high: Fraction | None = None
    high_open: bool = False
    multiples: tuple[Fraction, ...] = ()
    not_multiples: tuple[Fraction, ...] = ()
    excluded: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        """Bring the fields to the one form."""
        if any(step <= 0 for step in (*self.multiples, *self.not_multiples)):
            raise ValueError(f"multiples of {self.multiples}, not of {self.not_multiples}: all > 0")
        step = _common_multiple(self.multiples)
        barred = _barred(self.not_multiples, step)
        self._set(multiples=() if step is None else (step,), not_multiples=barred)
        self._set(low_open=self.low is not None and self.low_open)
        self._set(high_open=self.high is not None and self.high_open)
        kept = self._open_ends() if step is None else self._move_ends(step)
        if not kept:
            self._set(low=Fraction(1), low_open=False, high=Fraction(0), high_open=False)
        if not kept or (self.low is not None and self.low == self.high):
            self._set(multiples=(), not_multiples=(), excluded=())
            return
        candidates = sorted(set(self.excluded))
        self._set(excluded=())
        self._set(excluded=tuple(q for q in candidates if self.contains(q)))

    def _set(self, **fields: object) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def _open_ends(self) -> bool:
        """Open the ends that are no members, no multiple being asked; return whether any is left.

        Decimals are dense and the multiples of a number are not: between two ends there are always
        members, so only an interval of one point needs a look.
        """
        if self.low is not None and not self._fits(self.low):
            self._set(low_open=True)
        if self.high is not None and not self._fits(self.high):
            self._set(high_open=True)
        if self.low is None or self.high is None or self.low < self.high:
            return True
        return self.low == self.high and not (self.low_open or self.high_open)

    def _move_ends(self, step: Fraction) -> bool:
        """Move the ends inwards to the first and last member; return whether there is any."""
        gaps = tuple(int(n / step) for n in self.not_multiples)
        left_out = {int(q / step) for q in self.excluded if (q / step).denominator == 1}
        first = last = None
        if self.low is not None:
            low = self.low / step
            first = floor(low) + 1 if self.low_open else ceil(low)
        if self.high is not None:
            high = self.high / step
            last = ceil(high) - 1 if self.high_open else floor(high)
        if 1 in gaps:
            return False
        if first is not None:
            first = first_kept(first, last, 1, gaps, left_out)
            if first is None:
                return False
            self._set(low=first * step, low_open=False)
        if last is not None:
            mirrored = first_kept(
                -last, None if first is None else -first, 1, gaps, {-k for k in left_out}
            )
            if mirrored is None:
                return False
            self._set(high=-mirrored * step, high_open=False)
        return True

    def _fits(self, q: Fraction) -> bool:
        """Return whether q is a member but for the bounds."""
        return (
            is_decimal(q)
            and all((q / step).denominator == 1 for step in self.multiples)
            and all((q / step).denominator != 1 for step in self.not_multiples)
            and q not in self.excluded
        )

    def contains(self, q: Fraction) -> bool:
        """Return whether q is a member; what is no finite decimal never is."""
        if self.low is not None and (q < self.low or (self.low_open and q == self.low)):
            return False
        if self.high is not None and (q > self.high or (self.high_open and q == self.high)):
            return False
        return self._fits(q)

    def intersect(self, other: Numbers) -> Numbers:
        """Return the numbers in both sets."""
        low, low_open = self.low, self.low_open
        if low is None or (other.low is not None and other.low > low):
            low, low_open = other.low, other.low_open
        elif other.low == low:
            low_open = low_open or other.low_open
        high, high_open = self.high, self.high_open
        if high is None or (other.high is not None and other.high < high):
            high, high_open = other.high, other.high_open
        elif other.high == high:
            high_open = high_open or other.high_open
        return Numbers(
            low,
            low_open,
            high,
            high_open,
            self.multiples + other.multiples,
            self.not_multiples + other.not_multiples,
            self.excluded + other.excluded,
        )

    def negated(self) -> Numbers:
        """Return the numbers -q for the members q."""
        return Numbers(
            None if self.high is None else -self.high,
            self.high_open,
            None if self.low is None else -self.low,
            self.low_open,
            self.multiples,
            self.not_multiples,
            tuple(-q for q in self.excluded),
        )

    def is_empty(self) -> bool:
        """Return whether there is no member: exact, since creation has looked for the ends."""
        return self.low is not None and self.high is not None and self.low > self.high

    def values(self, limit: int) -> tuple[Fraction, ...] | None:
        """Return all members in rising order if there are at most ``limit``, else None."""
        if self.is_empty():
            return ()
        if self.low is None or self.high is None:
            return None
        if self.low == self.high:
            return (self.low,) if limit >= 1 else None
        if not self.multiples:
            return None
        step = self.multiples[0]
        found: list[Fraction] = []
        gaps = tuple(int(n / step) for n in self.not_multiples)
        left_out = {int(q / step) for q in self.excluded}
        k: int | None = int(self.low / step)
        last = int(self.high / step)
        while k is not None:
            if len(found) >= limit:
                return None
            found.append(k * step)
            k = first_kept(k + 1, last, 1, gaps, left_out)
        return tuple(found)


def exactly(q: Fraction) -> Numbers:
    """Return the set of q alone; empty if q is no finite decimal."""
    return Numbers(low=q, high=q)


def is_decimal(q: Fraction) -> bool:
    """Return whether q can be written with finitely many digits: 2 and 5 make up its denominator.

    A denominator of n bits holds fewer than n factors, so it divides 10^n or no power of ten.
    """
    return pow(10, q.denominator.bit_length(), q.denominator) == 0


def first_kept(
    first: int, last: int | None, step: int, gaps: tuple[int, ...], left_out: Collection[int]
) -> int | None:
    """Return the least multiple k of step with first <= k <= last that no rule drops, or None.

    The rules drop the multiples of each gap, and the numbers left out. Unless a gap divides the
    step, of any 2^len(gaps) multiples of it in a row one is no multiple of any gap (Kanold's bound
    on Jacobsthal's function, a gap that is no prime dropping fewer), so the search is short even
    without a last number.
    """
    if any(step % gap == 0 for gap in gaps):
        return None
    k = -(-first // step) * step
    while last is None or k <= last:
        if k not in left_out and all(k % gap for gap in gaps):
            return k
        k += step
    return None


def _decimal_step(step: Fraction) -> Fraction:
    """Return the number whose multiples are the finite decimals among the multiples of step."""
    denominator = step.denominator
    return Fraction(step.numerator, gcd(denominator, 10 ** denominator.bit_length()))


def _lcm(a: Fraction, b: Fraction) -> Fraction:
    """Return the least common multiple of two rationals: a Z and b Z meet in its multiples."""
    return Fraction(lcm(a.numerator, b.numerator), gcd(a.denominator, b.denominator))


def _common_multiple(steps: Iterable[Fraction]) -> Fraction | None:
    common: Fraction | None = None
    for step in steps:
        step = _decimal_step(step)
        common = step if common is None else _lcm(common, step)
    return common


def _barred(steps: Iterable[Fraction], within: Fraction | None) -> tuple[Fraction, ...]:
    """Return the not-multiples as multiples of ``within``, less those that another one covers."""
    decimal = {_decimal_step(step) for step in steps}
    rising = sorted(decimal if within is None else {_lcm(step, within) for step in decimal})
    kept: list[Fraction] = []
    for step in rising:
        if all((step / smaller).denominator != 1 for smaller in kept):
            kept.append(step)
    return tuple(kept)


ANY = Numbers()
EMPTY = Numbers(low=Fraction(1), high=Fraction(0))
