"""How people say amounts of money, shares, temperatures, weights and distances.

Every function takes a `Draw` and returns (value, surface): the number that the parameter's unit
asks for, and one of the ways in which a person would write it.

>>> import random
>>> value, surface = kilograms(Draw(random.Random(5)))
>>> str(value) in surface
True
"""

from __future__ import annotations

from minilora.data.draw import Draw
from minilora.data.numerals import number_word


def _amount(draw: Draw) -> float:
    """An amount of money: small and round ones most often; whole amounts as int."""
    rng = draw.rng
    value = draw.weighted(
        (4, float(rng.randint(1, 99))),
        (3, rng.randint(1, 40) * 5.0),
        (2, rng.randint(1, 30) * 50.0),
        (
            3,
            rng.randint(1, 199)
            + rng.choice([0.5, 0.25, 0.75, 0.99, 0.95, 0.49, rng.randint(1, 99) / 100]),
        ),
        (1, rng.randint(1, 20) * 500.0),
    )
    return int(value) if value == int(value) else round(value, 2)


def _digits(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def dollars(draw: Draw) -> tuple[float, str]:
    """Return an amount in dollars."""
    value = _amount(draw)
    text = _digits(value)
    ways = [f"${text}"] * 5 + [f"{text} dollars"] * 2
    if isinstance(value, int):
        ways += [f"{value} bucks", f"${value}.00"]
        if value < 100:
            ways += [f"{number_word(value)} {'dollar' if value == 1 else 'dollars'}"]
        if value >= 1000:
            ways += [
                f"${value:,}",
                f"{value / 1000:g}k",
                f"${value / 1000:g}k",
                f"{value:,} dollars",
            ]
    else:
        cents = round(value * 100) % 100
        ways += [f"{int(value)} dollars and {cents} cents", f"{text} USD"]
    return value, draw.rng.choice(ways)


def euros(draw: Draw) -> tuple[float, str]:
    """Return an amount in euros."""
    value = _amount(draw)
    text = _digits(value)
    ways = [f"{text} euros"] * 3 + [f"€{text}", f"{text}€", f"{text} EUR"]
    if isinstance(value, int) and value < 100:
        ways += [f"{number_word(value)} euros"]
    return value, draw.rng.choice(ways)


def bare_amount(draw: Draw) -> tuple[float, str]:
    """Return an amount without its currency."""
    value = _amount(draw)
    ways = [_digits(value)] * 4
    if isinstance(value, int):
        ways += [number_word(value)] if value < 100 else []
        ways += [f"{value:,}", f"{value / 1000:g}k"] if value >= 1000 else []
    return value, draw.rng.choice(ways)


def percent(draw: Draw) -> tuple[float, str]:
    """Return a share in percent, 0 to 100."""
    value = draw.weighted(
        (5, draw.rng.randint(1, 20) * 5),
        (3, draw.rng.randint(1, 99)),
        (1, draw.rng.randint(1, 199) / 2),
    )
    value = int(value) if value == int(value) else value
    ways = [f"{value}%"] * 4 + [f"{value} percent"] * 2 + [f"{value} %"]
    if isinstance(value, int) and value < 100:
        ways += [f"{number_word(value)} percent"]
    return value, draw.rng.choice(ways)


def celsius(draw: Draw) -> tuple[float, str]:
    """Return a temperature in degrees Celsius."""
    value = draw.weighted(
        (6, draw.rng.randint(16, 26)),
        (2, draw.rng.randint(-15, 40)),
        (2, draw.rng.randint(30, 56) / 2),
    )
    value = int(value) if value == int(value) else value
    minus = f"minus {-value}" if value < 0 else f"{value}"
    ways = [
        f"{value}°C",
        f"{value} °C",
        f"{minus} degrees",
        f"{minus} degrees",
        f"{value}°",
        f"{value}C",
        f"{minus} degrees celsius",
    ]
    if isinstance(value, int) and value > 0:
        ways += [f"{number_word(value)} degrees", str(value)]
    return value, draw.rng.choice(ways)


def kilograms(draw: Draw) -> tuple[float, str]:
    """Return a weight in kilograms."""
    value = draw.weighted(
        (4, draw.rng.randint(1, 30)),
        (3, draw.rng.randint(40, 110)),
        (3, draw.rng.randint(2, 180) / 2),
        (1, draw.rng.randint(400, 1100) / 10),
    )
    value = int(value) if value == int(value) else value
    ways = [f"{value} kg"] * 3 + [f"{value}kg", f"{value} kilos"] + [f"{value} kilograms"]
    ways += ["a kilo", "one kilo"] if value == 1 else []
    return value, draw.rng.choice(ways)


def kilometres(draw: Draw) -> tuple[float, str]:
    """Return a distance in kilometres."""
    value = draw.weighted(
        (5, draw.rng.randint(1, 50)),
        (2, draw.rng.randint(2, 40) / 2),
        (2, draw.rng.randint(20, 220) / 10),
        (1, draw.rng.randint(10, 120) * 10),
    )
    value = int(value) if value == int(value) else value
    ways = [f"{value} km"] * 3 + [f"{value}km", f"{value} kilometers", f"{value} kilometres"]
    if isinstance(value, int) and value <= 21:
        ways += [f"{value}k", f"{number_word(value)} {'kilometer' if value == 1 else 'kilometers'}"]
    return value, draw.rng.choice(ways)


def grams(draw: Draw) -> tuple[int, str]:
    """Return a weight in grams."""
    value = draw.weighted(
        (4, draw.rng.randint(1, 20) * 50),
        (3, draw.rng.randint(1, 40) * 10),
        (1, draw.rng.randint(3, 99)),
    )
    return value, draw.rng.choice([f"{value} grams", f"{value} g", f"{value}g", f"{value} grams"])
