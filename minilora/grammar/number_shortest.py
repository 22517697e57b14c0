"""The fewest bytes that complete the text of a number.

A completion is j more digits, perhaps a point among or before them, perhaps an exponent. For every
total length from one byte up, each way to share the bytes out is asked for a member: the value is
k * 10^x, where the digits so far and the j new ones are k, and x = exponent - digits behind the
point. So the search is over lengths, and not over texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from minilora.grammar.number_reach import Phase, Side, power_of_ten
from minilora.grammar.number_spelling import MAX_EXPONENT

# Bytes of an exponent with its letter, and the exponents so written; 0 bytes: there is none.
_EXPONENTS = (
    (0, 0, 0),
    (2, 0, 9),
    (3, -9, -1),
    (3, 10, 99),
    (4, -99, -10),
    (4, 100, MAX_EXPONENT),
    (5, -MAX_EXPONENT, -100),
)


class _Layout(NamedTuple):
    """Where new digits go.

    Attributes:
        lead: text before them: the zero that stands alone before the point.
        new: how many there are.
        point: a point is put in.
        behind: the least and the greatest number of digits that end up behind the point.
        digits: the least and the greatest number that the digits so far and the new ones make.
    """

    lead: str
    new: int
    point: bool
    behind: tuple[int, int]
    digits: tuple[int, int]


def _layouts(phase: Phase, mantissa: int, fraction: int, size: int) -> Iterator[_Layout]:
    """Yield the ways to spend so many bytes on digits and a point."""

    def digits(new: int) -> tuple[int, int]:
        return mantissa * power_of_ten(new), (mantissa + 1) * power_of_ten(new) - 1

    if phase == Phase.FRACTION or (phase == Phase.POINT and size > 0):
        yield _Layout("", size, False, (fraction + size, fraction + size), digits(size))
    elif phase == Phase.ZERO and size > 1:
        yield _Layout("", size - 1, True, (size - 1, size - 1), digits(size - 1))
    elif phase == Phase.INTEGER:
        yield _Layout("", size, False, (0, 0), digits(size))
        if size > 1:
            yield _Layout("", size - 1, True, (1, size - 1), digits(size - 1))
    elif phase == Phase.NEGATIVE:
        for point in (False, True):  # the first digit is no zero
            new = size - point
            if new > point:
                least = power_of_ten(new - 1)
                yield _Layout(
                    "", new, point, (int(point), point * (new - 1)), (least, 10 * least - 1)
                )
        if size > 2:
            yield _Layout("0", size - 2, True, (size - 2, size - 2), digits(size - 2))


def complete_mantissa(
    side: Side, phase: Phase, mantissa: int, fraction: int, used: int
) -> bytes | None:
    """Return the fewest bytes after a mantissa, or after nothing, that make a member of the side.

    Phase ``NEGATIVE`` stands for no digit yet. None if no text within the limits does.
    """
    if mantissa == 0 and side.zero:
        return b"0" if phase in (Phase.NEGATIVE, Phase.POINT) else b""
    if side.members.is_empty():
        return None
    most, greatest, places, _ = side.spelling
    for total in range(most - used + len(".e-400") + 1):
        for exponent_size, first, last in _EXPONENTS if places is None else _EXPONENTS[:1]:
            if exponent_size > total:
                break
            for layout in _layouts(phase, mantissa, fraction, total - exponent_size):
                if used + len(layout.lead) + layout.new > most:
                    continue
                if places is not None:
                    fewest, furthest = layout.behind
                    layout = layout._replace(behind=(fewest, min(furthest, places)))
                    if fewest > places:
                        continue
                found = _fill(side, layout, max(first, -greatest), min(last, greatest))
                if found is not None:
                    text, exponent = found
                    return (text + (f"e{exponent}" if exponent_size else "")).encode()
    return None


def _fill(side: Side, layout: _Layout, first: int, last: int) -> tuple[str, int] | None:
    """Return digits in this layout and an exponent from first to last that make a member."""
    lead, new, point, (behind_least, behind_most), (least, most) = layout
    least = max(least, 1)
    for x in side.scales(least, most, first - behind_most, last - behind_least):
        k = side.first_between(least, most, x)
        if k is not None:
            behind = max(behind_least, first - x)
            digits = f"{k % power_of_ten(new):0{new}d}" if new else ""
            if point:
                digits = digits[: new - behind] + "." + digits[new - behind :]
            return lead + digits, x + behind
    return None
