"""Tables of one measure a column: by year, by month, by person or part, as a PDF's text has them.

A row says nothing of what its numbers are: one has to look at the head of the table. Where a PDF's
columns could not be told, a space is all that is between them.

>>> import random
>>> made = series_scene(1, Draw(random.Random(2)))
>>> print(made.passages[0])
Item | Share | Spent
Travel | 5% | 382,496
Software | 55.8% | 173,278
Training | 19% | 535,748
Advertising | 59% | 836,263
Printing | 47% | 380,265
>>> made.stated[0].name, made.stated[0].fact.label, made.stated[0].value
('Travel', 'share', '5%')
"""

from __future__ import annotations

from dataclasses import dataclass

from minilora.data.detective.material.filler import FILLER
from minilora.data.detective.material.names import person, place
from minilora.data.detective.material.passages import Absent, Scene, Stated
from minilora.data.detective.material.subjects import Fact
from minilora.data.detective.material.values import MONTHS, value
from minilora.data.draw import Draw

# Head of the first column; how a row is named after "in" or "for".
_ROWS: dict[str, str] = {
    "Year": "in {n}",
    "Month": "in {n}",
    "Quarter": "in {n}",
    "Station": "at {n}",
    "Town": "in {n}",
    "Name": "by {n}",
    "Item": "for {n}",
    "Room": "for {n}",
}
_QUARTERS = ["first quarter", "second quarter", "third quarter", "fourth quarter"]
_ITEMS = """
Rent;Insurance;Wages;Repairs;Electricity;Heating;Tickets;Gifts;Members' fees;Shop and café;
Printing;Travel;Interest on the loan;Software;Cleaning;Advertising;Training;Postage
"""
_ROOMS = """
Entrance hall;Kitchen;Workshop;Ground floor;First floor;Cellar;Engine room;Library;Attic;
Store;Control room;Laboratory;Main hall;Office;Stairwell
"""


@dataclass(frozen=True)
class _Column:
    """A measure: head of its column, kind of its values, and how one asks for it and its row."""

    head: str
    kind: str
    asks: tuple[str, ...]
    rows: tuple[str, ...]  # where its first column may be of


def _count(head: str, low: int, high: int, verb: str = "were there") -> _Column:
    asks = (
        f"How many {head} {verb} {{place}}?",
        f"What was the number of {head} {{place}}?",
        f"{head} {{place}}",
    )
    return _Column(head, f"int {low} {high}", asks, ("Year", "Month", "Quarter", "Station", "Town"))


def _amount(head: str, kind: str, *asks: str, rows: tuple[str, ...]) -> _Column:
    return _Column(head, kind, asks, rows)


_TIMES = ("Year", "Month", "Quarter")
_COLUMNS = (
    _count("visitors", 300, 48000),
    _count("repairs", 2, 60),
    _count("days of rain", 1, 24),
    _count("accidents", 1, 40),
    _count("members", 40, 5200),
    _count("deliveries", 20, 900),
    _count("complaints", 1, 90, "came in"),
    _count("trains", 12, 400, "ran"),
    _count("books lent", 200, 9000),
    _count("patients", 90, 8000, "were treated"),
    _count("meals", 300, 9900, "were served"),
    _count("eggs", 3, 160, "were found"),
    _amount(
        "vehicles",
        "dec 1 60",
        "How many vehicles passed {place}, in thousands?",
        "What was the traffic {place} in thousands of vehicles?",
        rows=(*_TIMES, "Station", "Town"),
    ),
    _amount(
        "income in euros",
        "int 900 90000",
        "What was the income {place}?",
        "How much money came in {place}?",
        rows=(*_TIMES, "Town"),
    ),
    _amount(
        "wages in euros",
        "int 500 2000",
        "What was paid in wages {place}?",
        "How high were the wages {place}?",
        rows=(*_TIMES, "Town"),
    ),
    _amount(
        "mean temperature",
        "dec 1 26 °C",
        "What was the mean temperature {place}?",
        "How warm was it {place} on average?",
        rows=(*_TIMES, "Station", "Town"),
    ),
    _amount(
        "mean wind",
        "int 6 60 km/h",
        "How strong was the wind {place} on average?",
        "What was the mean wind {place}?",
        rows=("Month", "Station"),
    ),
    _amount(
        "share",
        "percent 2 70",
        "What share went {place}?",
        "Which share fell to {n}?",
        rows=("Item", "Room"),
    ),
    _amount(
        "planned",
        "int 800 900000",
        "How much was planned {place}?",
        "What had been set aside {place}?",
        rows=("Item", "Room"),
    ),
    _amount(
        "spent",
        "int 800 900000",
        "How much was spent {place}?",
        "What did {n} cost?",
        "What was paid {place}?",
        rows=("Item", "Room"),
    ),
    _amount(
        "area",
        "int 6 480 m²",
        "How large is the {n}?",
        "What is the area of the {n}?",
        rows=("Room",),
    ),
    _amount(
        "height",
        "dec 2 9 m",
        "How high is the {n}?",
        "What is the height of the {n}?",
        rows=("Room",),
    ),
    _amount(
        "from",
        "year 1860 1930",
        "Since when did {n} serve?",
        "In which year did {n} begin?",
        rows=("Name",),
    ),
    _amount(
        "to",
        "year 1931 2019",
        "Until when did {n} serve?",
        "In which year did {n} leave?",
        rows=("Name",),
    ),
    _amount(
        "patents",
        "int 1 40",
        "How many patents did {n} hold?",
        "How many patents are {n}'s?",
        rows=("Name",),
    ),
    _amount(
        "journeys",
        "int 2 60",
        "How many journeys were made {place}?",
        "How many journeys did {n} make?",
        rows=("Name",),
    ),
)


def series_scene(n_passages: int, draw: Draw) -> Scene:
    """Return passages of a table each, with a note of what each row says.

    Args:
        n_passages: at least 1; no two tables are of the same kind of row.
        draw: takes all choices.
    """
    made = Scene()
    for first in draw.rng.sample(sorted(_ROWS), n_passages):
        names = _row_names(first, draw)
        n_rows = draw.rng.randint(3, min(6, len(names) - 1))
        known = [column for column in _COLUMNS if first in column.rows]
        columns = draw.rng.sample(known, min(len(known), draw.rng.randint(1, 3) + 1))
        absent = columns.pop() if len(columns) > 1 else None
        shown = sorted(draw.rng.sample(range(len(names)), n_rows))
        _table(made, first, [names[i] for i in shown], columns, draw)
        for i in sorted(set(range(len(names))) - set(shown))[:3]:
            column = draw.rng.choice(columns)
            fact = _fact(column, first)
            made.absent.append(Absent(names[i], fact, value(fact.kind, draw)))
        if absent is not None:
            fact = _fact(absent, first)
            made.absent.append(Absent(names[shown[0]], fact, value(fact.kind, draw)))
    return made


def _row_names(first: str, draw: Draw) -> list[str]:
    """Return more names of rows than a table shows, in their order."""
    if first == "Year":
        start = draw.rng.randint(1890, 2012)
        return [str(start + i) for i in sorted(draw.rng.sample(range(12), 8))]
    if first == "Month":
        return list(MONTHS)
    if first == "Quarter":
        return [quarter.capitalize() for quarter in _QUARTERS]
    if first == "Name":
        return list(dict.fromkeys(person(draw) for _ in range(7)))
    if first in ("Station", "Town"):
        return list(dict.fromkeys(place(draw) for _ in range(9)))
    listed = (_ITEMS if first == "Item" else _ROOMS).replace("\n", "").split(";")
    return draw.rng.sample(listed, 8)


def _table(made: Scene, first: str, names: list[str], columns: list[_Column], draw: Draw) -> None:
    joint = draw.weighted((0.3, " "), (0.7, " | "))
    text = draw.weighted(
        (0.4, ""),
        (0.3, f"Table {draw.rng.randint(1, 12)}\n"),
        (0.3, f"{draw.rng.choice(FILLER).format(n='the house', noun='house')}\n\n"),
    )
    text += joint.join([first, *(_capital(column.head) for column in columns)]) + "\n"
    index = len(made.passages)
    for name in names:
        found = [value(column.kind, draw) for column in columns]
        start = len(text)
        text += joint.join([name, *found])
        span = (start, len(text))
        for column, one in zip(columns, found, strict=True):
            made.stated.append(Stated(name, _fact(column, first), one, index, span, -1))
            if found.count(one) == 1 and " " not in one and draw.chance(0.4):
                made.stated.append(Stated(one, _which(column, first), name, index, span, -1))
        text += "\n"
    if draw.chance(0.6):
        text += "\n" + draw.rng.choice(FILLER).format(n="the house", noun="house")
    made.passages.append(text.strip())


def _fact(column: _Column, first: str) -> Fact:
    asks = tuple(ask.replace("{place}", _ROWS[first]) for ask in column.asks)
    return Fact(column.head, column.kind, (), asks)


def _which(column: _Column, first: str) -> Fact:
    """Return the fact that asks for the row by its number."""
    row = first.lower()
    asks = (
        f"Which {row} has {{n}} under {column.head}?",
        f"For which {row} does the table give {{n}} as {column.head}?",
    )
    return Fact(f"{row} with that {column.head}", column.kind, (), asks)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
