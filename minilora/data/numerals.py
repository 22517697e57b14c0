"""How people write whole numbers, numbers with units, and lists.

>>> number_word(47), with_unit("1", 1, "days"), ordinal(22)
('forty-seven', '1 day', '22nd')
"""

from __future__ import annotations

from collections.abc import Sequence

from minilora.data.draw import Draw
from minilora.data.pools import words

_SMALL = words("""
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
""")
_TENS = words("zero ten twenty thirty forty fifty sixty seventy eighty ninety")


def number_word(value: int) -> str:
    """Return the English word of a whole number from 0 to 99."""
    if not 0 <= value <= 99:
        raise ValueError(f"number words go from 0 to 99, got {value}")
    if value < 20:
        return _SMALL[value]
    tens, ones = divmod(value, 10)
    return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")


def round_integer(draw: Draw, lo: int, hi: int) -> int:
    """Return an integer of the range, round ones more often where the range is wide."""
    value = draw.rng.randint(lo, hi)
    if hi - lo > 40 and draw.chance(0.5):
        step = 5 if hi - lo < 400 else 10 if hi - lo < 2000 else 50
        value = round(value / step) * step
    return min(max(value, lo), hi)


def round_number(draw: Draw, lo: float, hi: float, decimals: int) -> float:
    """Return a number of the range with few decimals; whole ones as int."""
    places = draw.rng.choice([0, decimals, decimals]) if hi - lo >= 2 else decimals
    value = min(max(round(draw.rng.uniform(lo, hi), places), lo), hi)
    return int(value) if value == int(value) else value


def integer(draw: Draw, value: int, counted: bool = False) -> str:
    """Return how a whole number is written: digits mostly, words for small ones at times."""
    if counted and value == 12 and draw.chance(0.3):
        return "a dozen"
    if counted and value == 2 and draw.chance(0.1):
        return "a couple of"
    if 1 <= value <= 12 and draw.chance(0.35):
        return number_word(value)
    if 13 <= value <= 99 and draw.chance(0.08):
        return number_word(value)
    if value >= 1000 and draw.chance(0.35):
        return f"{value:,}"
    if value >= 1000 and value % 100 == 0 and draw.chance(0.2):
        return f"{value / 1000:g}k"
    return str(value)


def with_unit(text: str, value: float, unit: str) -> str:
    """Return "4 people", "1 day", "15%": the unit in the singular for 1, signs without a space."""
    if not unit:
        return text
    if not unit[0].isalpha():
        return f"{text}{unit}"
    if value == 1:
        unit = _singular(unit)
    return f"{text} {unit}"


def _singular(unit: str) -> str:
    irregular = {"people": "person", "children": "child", "feet": "foot", "inches": "inch"}
    head, space, rest = unit.partition(" ")
    if head in irregular:
        head = irregular[head]
    elif head.endswith("ies"):
        head = head[:-3] + "y"
    elif head.endswith("s") and not head.endswith("ss") and len(head) > 2:
        head = head[:-1]
    return head + space + rest


def listed(draw: Draw, items: Sequence[str]) -> str:
    """Return "a, b and c" in one of its spellings."""
    if len(items) == 1:
        return items[0]
    last = draw.weighted((6, " and "), (1, ", and "), (1, ", "), (0.5, " & "), (0.5, " plus "))
    return ", ".join(items[:-1]) + last + items[-1]


def ordinal(value: int) -> str:
    """Return 1st, 2nd, 3rd, 11th, 22nd ..."""
    ending = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"
