"""Values of facts: numbers with units, dates, money, people, places, words of a list.

A kind is written as one line, its name first: ``int 120 2400 metres``, ``year 1850 2015``,
``pick granite;steel``. A value is the text as it stands in a sentence.

>>> import random
>>> draw = Draw(random.Random(4))
>>> value("int 120 2400 metres", draw)
'1,080 metres'
>>> value("pick granite;steel", draw) in ("granite", "steel")
True
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from minilora.data.detective.material.names import ORGANISATION_ENDS, person, place
from minilora.data.draw import Draw

_MONTHS_WORDS = """
    January February March April May June July August September October November December
"""
MONTHS = _MONTHS_WORDS.split()
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
CURRENCIES = ("euros", "dollars", "pounds", "crowns", "francs")
_TRIES = 60


def value(kind: str, draw: Draw) -> str:
    """Return a value of a kind.

    Raises:
        KeyError: no such kind.
    """
    name, _, rest = kind.partition(" ")
    return _KINDS[name](draw, rest)


def other_value(kind: str, avoid: Sequence[str], draw: Draw) -> str:
    """Return a value of the same kind that differs from some, and is as likely at first sight.

    Raises:
        ValueError: the kind has none.
    """
    low = {text.lower() for text in avoid}
    for _ in range(_TRIES):
        found = value(kind, draw)
        if found.lower() not in low:
            return found
    raise ValueError(f"{kind!r} has no value besides {', '.join(avoid)}")


def _round_number(low: int, high: int, rng: random.Random) -> int:
    """Return a number of a range, as likely short as long."""
    number = rng.randint(low, high)
    if number > 200 and rng.random() < 0.4:
        number = max(low, number // 10 * 10)
    return number


def _int(draw: Draw, rest: str) -> str:
    low, high, *unit = rest.split(" ", 2)
    return " ".join([f"{_round_number(int(low), int(high), draw.rng):,}", *unit])


def _dec(draw: Draw, rest: str) -> str:
    low, high, *unit = rest.split(" ", 2)
    number = draw.rng.randint(int(float(low) * 10), int(float(high) * 10)) / 10
    return " ".join([f"{number:,.1f}", *unit])


def _money(draw: Draw, rest: str) -> str:
    low, high, *scale = rest.split(" ", 2)
    currency = draw.rng.choice(CURRENCIES)
    if scale:  # "million"
        number = f"{draw.rng.randint(int(low) * 10, int(high) * 10) / 10:,.1f}"
        return " ".join([number.removesuffix(".0"), *scale, currency])
    return f"{_round_number(int(low), int(high), draw.rng):,} {currency}"


def _percent(draw: Draw, rest: str) -> str:
    low, high = map(int, rest.split())
    if draw.chance(0.5):
        return f"{draw.rng.randint(low, high)}%"
    return f"{draw.rng.randint(low * 10, high * 10) / 10:.1f}%"


def _year(draw: Draw, rest: str) -> str:
    low, high = map(int, rest.split())
    return str(draw.rng.randint(low, high))


def _date(draw: Draw, rest: str) -> str:
    low, high = map(int, rest.split()) if rest else (1990, 2024)
    day, month = draw.rng.randint(1, 28), draw.rng.choice(MONTHS)
    return f"{day} {month} {draw.rng.randint(low, high)}"


def _day(draw: Draw, _: str) -> str:
    return f"{draw.rng.randint(1, 28)} {draw.rng.choice(MONTHS)}"


def _time(draw: Draw, rest: str) -> str:
    low, high = map(int, rest.split())
    return f"{draw.rng.randint(low, high):02d}:{draw.rng.choice(['00', '15', '30', '45'])}"


def _code(draw: Draw, rest: str) -> str:
    """Fill a pattern: # is a digit, @ a letter."""
    letters = "ABCDEFGHKLMNPRSTVWX"
    return re.sub(
        "[#@]", lambda m: str(draw.rng.randint(0, 9)) if m[0] == "#" else draw.rng.choice(letters),
        rest,
    )  # fmt: skip


def _organisation(draw: Draw, _: str) -> str:
    return f"{place(draw)} {draw.rng.choice(ORGANISATION_ENDS)}"


_KINDS: dict[str, Callable[[Draw, str], str]] = {
    "int": _int,
    "dec": _dec,
    "money": _money,
    "percent": _percent,
    "year": _year,
    "date": _date,
    "day": _day,
    "time": _time,
    "code": _code,
    "month": lambda draw, _: draw.rng.choice(MONTHS),
    "weekday": lambda draw, _: draw.rng.choice(WEEKDAYS),
    "person": lambda draw, _: person(draw),
    "place": lambda draw, _: place(draw),
    "organisation": _organisation,
    "pick": lambda draw, rest: draw.rng.choice(rest.split(";")),
}
