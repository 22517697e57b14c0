"""Kinds of values: each gives a JSON Schema fragment and samples (value, what a person would say).

The constants and factories here are the vocabulary of the catalogue. A kind that is `copied` puts
its value into the query letter for letter; every other kind says it in words from which the value,
in the format that its parameter's description names, can be worked out.

>>> import random
>>> draw = Draw(random.Random(3))
>>> choice("daily", "weekly", spoken={"daily": ["every day"]}).schema["enum"]
['daily', 'weekly']
>>> integer(4, 4, unit="people").sample(draw)[0]
4
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from minilora.data import made, measures, numerals, pools, times
from minilora.data.draw import Draw, Pool
from minilora.data.vary import pick_or_blend, pick_or_vary

__all__ = ["Draw", "Kind", "Pool"]

Sample = Callable[[Draw], tuple[Any, str]]
STRING: dict[str, Any] = {"type": "string"}


@dataclass(frozen=True)
class Kind:
    """What a parameter holds.

    Attributes:
        schema: JSON Schema of the value.
        sample: makes (value, surface): a value of the schema and the text that says it.
        copied: "words" where the value is the surface (lower-casing the query lower-cases it too),
            "code" where moreover its case matters, "" where the value must be worked out.
        fields: of a record, its fields.
        item: of a list, what it holds.
        may_be_absent: as a field of a record: not required.
    """

    schema: Mapping[str, Any]
    sample: Sample
    copied: Literal["", "words", "code"] = ""
    fields: Mapping[str, Kind] = field(default_factory=dict)
    item: Kind | None = None
    may_be_absent: bool = False

    def described(self, text: str) -> Kind:
        """Return this kind with a description in its schema (for fields of records)."""
        return replace(self, schema={**self.schema, "description": text})


def optional(kind: Kind) -> Kind:
    """Return the kind as a field that may be absent from its record."""
    return replace(kind, may_be_absent=True)


# --- factories -----------------------------------------------------------------------------------


def copied(make: Callable[[Draw], str], case: Literal["words", "code"] = "words") -> Kind:
    """Return a string kind whose value stands in the query as it is."""

    def sample(draw: Draw) -> tuple[str, str]:
        text = make(draw)
        return text, text

    return Kind(STRING, sample, copied=case)


def span(*texts: str, varied: bool = True) -> Kind:
    """Return a kind for free text, copied as written.

    Args:
        texts: what people would say.
        varied: whether training may make other texts of them; False where few texts make sense,
            as with times.
    """
    pool = Pool(texts)
    pick = pick_or_vary if varied else (lambda pool, draw: draw.pick(pool))
    return copied(lambda draw: pick(pool, draw))


def choice(*values: Any, spoken: Mapping[Any, Sequence[str]] | None = None) -> Kind:
    """Return an enum kind; a value missing from `spoken` is said with spaces for underscores.

    Raises:
        ValueError: `spoken` names a value that is not one of the values.
    """
    says = {value: [str(value).replace("_", " ")] for value in values}
    for value, surfaces in (spoken or {}).items():
        if value not in says:
            raise ValueError(f"spoken value {value!r} is not among {list(values)}")
        says[value] = list(surfaces)
    kind = {str: "string", int: "integer", float: "number", bool: "boolean"}[type(values[0])]

    def sample(draw: Draw) -> tuple[Any, str]:
        value = draw.rng.choice(values)
        return value, draw.rng.choice(says[value])

    return Kind({"type": kind, "enum": list(values)}, sample)


def integer(lo: int, hi: int, unit: str = "") -> Kind:
    """Return an integer kind; with a unit the surface says it too ("4 people", "15%")."""
    schema = {"type": "integer", "minimum": lo, "maximum": hi}

    def sample(draw: Draw) -> tuple[int, str]:
        value = numerals.round_integer(draw, lo, hi)
        return value, numerals.with_unit(
            numerals.integer(draw, value, counted=bool(unit)), value, unit
        )

    return Kind(schema, sample)


def number(lo: float, hi: float, decimals: int = 1, unit: str = "") -> Kind:
    """Return a number kind with up to that many decimals; a whole number is an integer in JSON."""

    def sample(draw: Draw) -> tuple[float, str]:
        value = numerals.round_number(draw, lo, hi, decimals)
        text = numerals.integer(draw, value) if isinstance(value, int) else f"{value}"
        return value, numerals.with_unit(text, value, unit)

    return Kind({"type": "number", "minimum": lo, "maximum": hi}, sample)


def flag(yes: Sequence[str] = ("yes",), no: Sequence[str] = ("no",)) -> Kind:
    """Return a boolean kind; without surfaces for one side only the other is ever said."""

    def sample(draw: Draw) -> tuple[bool, str]:
        sides = [(True, yes)] * bool(yes) + [(False, no)] * bool(no)
        value, surfaces = draw.rng.choice(sides)
        return value, draw.rng.choice(list(surfaces))

    return Kind({"type": "boolean"}, sample)


def listing(kind: Kind, lo: int = 1, hi: int = 4) -> Kind:
    """Return a kind for arrays of lo..hi different items, said as "a, b and c"."""

    def sample(draw: Draw) -> tuple[list[Any], str]:
        wanted = draw.rng.randint(lo, hi)
        items: dict[str, tuple[Any, str]] = {}
        for _ in range(20 * wanted):
            value, surface = kind.sample(draw)
            if not _overlaps(surface, value, items):
                items[repr(value)] = (value, surface)
            if len(items) == wanted:
                break
        surfaces = [surface for _, surface in items.values()]
        return [value for value, _ in items.values()], numerals.listed(draw, surfaces)

    schema: dict[str, Any] = {"type": "array", "items": dict(kind.schema)}
    if lo > 0:
        schema["minItems"] = lo
    return Kind(schema, sample, copied=kind.copied, item=kind)


def _overlaps(surface: str, value: Any, items: Mapping[str, tuple[Any, str]]) -> bool:
    return repr(value) in items or any(surface == other for _, other in items.values())


def record(**fields: Kind) -> Kind:
    """Return a kind for nested objects; fields wrapped in `optional` may be absent.

    Said whole (`{name}`), its fields come as "a, b, c"; templates normally say it field by field.
    """
    schema = {
        "type": "object",
        "properties": {name: dict(kind.schema) for name, kind in fields.items()},
        "required": [name for name, kind in fields.items() if not kind.may_be_absent],
        "additionalProperties": False,
    }

    def sample(draw: Draw) -> tuple[dict[str, Any], str]:
        chosen = [
            (name, kind.sample(draw))
            for name, kind in fields.items()
            if not kind.may_be_absent or draw.chance(0.5)
        ]
        surface = ", ".join(text for _, (_, text) in chosen)
        return {name: value for name, (value, _) in chosen}, surface

    return Kind(schema, sample, fields=fields)


def said_as(schema: Mapping[str, Any], sample: Sample) -> Kind:
    """Return a kind whose value is worked out from its surface."""
    return Kind(schema, sample)


# --- time ----------------------------------------------------------------------------------------

CLOCK = said_as({**STRING}, times.clock)
DATE = said_as({**STRING, "format": "date"}, times.date)
BIRTHDATE = said_as({**STRING, "format": "date"}, times.birth_date)
DATETIME = said_as({**STRING}, times.date_and_clock)
WHEN = copied(times.when)
WEEKDAY = choice(
    *times.WEEKDAYS,
    spoken={day: [day.capitalize(), day.capitalize(), day] for day in times.WEEKDAYS},
)
MONTH = choice(*times.MONTHS, spoken={month: [month.capitalize()] for month in times.MONTHS})
YEAR = said_as({"type": "integer"}, times.year)
DURATION_MIN = said_as({"type": "integer", "minimum": 1}, times.minutes)
DURATION_S = said_as({"type": "integer", "minimum": 1}, times.seconds)
DURATION_H = number(0.5, 12, unit="hours")
DAYS = integer(1, 30, unit="days")

# --- money and measures --------------------------------------------------------------------------

MONEY = said_as({"type": "number", "minimum": 0}, measures.dollars)
AMOUNT = said_as({"type": "number", "minimum": 0}, measures.bare_amount)
EUROS = said_as({"type": "number", "minimum": 0}, measures.euros)
_CURRENCIES = {
    "USD": ["US dollars", "dollars", "USD"],
    "EUR": ["euros", "EUR", "euro"],
    "GBP": ["pounds", "British pounds", "GBP"],
    "JPY": ["yen", "Japanese yen", "JPY"],
    "CHF": ["Swiss francs", "CHF"],
    "CAD": ["Canadian dollars", "CAD"],
    "AUD": ["Australian dollars", "AUD"],
    "CNY": ["yuan", "Chinese yuan"],
    "INR": ["rupees", "Indian rupees"],
    "SEK": ["Swedish kronor", "SEK"],
    "NOK": ["Norwegian kroner", "NOK"],
    "PLN": ["zloty", "Polish zloty"],
    "MXN": ["Mexican pesos", "MXN"],
    "BRL": ["Brazilian reais", "BRL"],
    "ZAR": ["rand", "South African rand"],
    "KRW": ["won", "Korean won"],
}
CURRENCY = choice(*_CURRENCIES, spoken=_CURRENCIES)
PERCENT = said_as({"type": "number", "minimum": 0, "maximum": 100}, measures.percent)
TEMPERATURE_C = said_as({"type": "number"}, measures.celsius)
KG = said_as({"type": "number", "minimum": 0}, measures.kilograms)
WEIGHT = KG
KM = said_as({"type": "number", "minimum": 0}, measures.kilometres)
GRAMS = said_as({"type": "integer", "minimum": 1}, measures.grams)
METERS = number(1, 500, decimals=1, unit="meters")
CM = integer(5, 250, unit="cm")
MILES = number(1, 60, decimals=1, unit="miles")
LITERS = number(0.5, 80, decimals=1, unit="liters")
ML = integer(50, 1500, unit="ml")
CALORIES = integer(50, 2500, unit="calories")
RATING = choice(1, 2, 3, 4, 5, spoken={
    1: ["one star", "1 star", "1 out of 5"], 2: ["two stars", "2 stars", "2 out of 5"],
    3: ["three stars", "3 stars", "3 out of 5"], 4: ["four stars", "4 stars", "4 out of 5"],
    5: ["five stars", "5 stars", "5 out of 5"],
})  # fmt: skip

# --- people and places ---------------------------------------------------------------------------

_FIRST, _LAST = Pool(pools.FIRST_NAMES), Pool(pools.LAST_NAMES)
_CITIES, _COUNTRIES = Pool(pools.CITIES), Pool(pools.COUNTRIES)
_LANGUAGES, _COLORS = Pool(pools.LANGUAGES), Pool(pools.COLORS)
_SENTENCES = Pool(pools.SENTENCES)

FIRST_NAME = copied(lambda draw: pick_or_blend(_FIRST, draw))
LAST_NAME = copied(lambda draw: pick_or_blend(_LAST, draw))
PERSON = copied(lambda draw: f"{pick_or_blend(_FIRST, draw)} {pick_or_blend(_LAST, draw)}")
CITY = copied(lambda draw: draw.pick(_CITIES))
COUNTRY = copied(lambda draw: draw.pick(_COUNTRIES))
LANGUAGE = copied(lambda draw: draw.pick(_LANGUAGES))
COLOR = copied(lambda draw: draw.pick(_COLORS))
SENTENCE = copied(lambda draw: pick_or_vary(_SENTENCES, draw))
COMPANY = copied(made.company)
ADDRESS = copied(made.address)

# --- codes ---------------------------------------------------------------------------------------

EMAIL = replace(copied(made.email, "code"), schema={**STRING, "format": "email"})
PHONE = copied(made.phone, "code")
URL = copied(made.url, "code")
HASHTAG = copied(made.hashtag, "code")
FILENAME = copied(made.filename, "code")
USERNAME = copied(made.username, "code")
ORDER_ID = copied(made.pattern("@-#####", "@@-####", "ORD-#####", "#####-#"), "code")
TICKET_ID = copied(made.ticket, "code")
INVOICE_ID = copied(made.pattern("INV-#####", "INV-20##-###", "@#####"), "code")
TRACKING_ID = copied(made.pattern("1Z###@@####", "@@#########@@", "TRK########"), "code")
FLIGHT = copied(made.pattern("@@###", "@@####", "@@ ###"), "code")
SKU = copied(made.pattern("SKU-####", "@@@-###-@", "@#@-####"), "code")
PLATE = copied(made.pattern("@@@ ###", "@@## @@@", "@-@@ ####", "#@@@###"), "code")
ZIP = copied(made.pattern("#####", "#####", "@@# #@@", "@## ####"), "code")
ISBN = copied(made.pattern("978-#-####-####-#", "978##########"), "code")
IP = copied(made.ip, "code")
VERSION = copied(made.version, "code")
IBAN = copied(made.pattern("DE## #### #### #### ####", "GB##@@@@##############"), "code")
