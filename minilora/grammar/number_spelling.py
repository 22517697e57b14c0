"""How a number may be written: limits of its text, beside those of its value."""

from __future__ import annotations

from typing import NamedTuple

MAX_DIGITS = 400  # of a mantissa: a float written out has at most 309 before the point
MAX_EXPONENT = 400  # either sign: floats end at 1e308 and 5e-324
MAX_EXPONENT_DIGITS = 4  # with leading zeros


class Spelling(NamedTuple):
    """What a number's text is made of.

    Attributes:
        digits: the most before an exponent.
        exponent: the greatest, and without its sign the least.
        places: the most digits after the point, and no exponent; None for no such limit.
        divisor: a double; the number divided by it, in doubles, must come out whole.
    """

    digits: int = MAX_DIGITS
    exponent: int = MAX_EXPONENT
    places: int | None = None
    divisor: float | None = None

    def divides(self, mantissa: int, fraction: int, point: bool) -> bool:
        """Return whether mantissa / 10^fraction, read as a double after a point, is so divided."""
        if self.divisor is None:
            return True
        quotient = (mantissa / 10**fraction if point else mantissa) / self.divisor
        return quotient == int(quotient)


FREELY = Spelling()
INTEGERS = Spelling(places=0)
