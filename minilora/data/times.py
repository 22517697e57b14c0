"""How people say times of day, dates and durations.

Every function takes a `Draw` and returns (value, surface): the value in its exact format and one of
the ways in which a person would write it.

>>> import random
>>> value, surface = clock(Draw(random.Random(5)))
>>> value
'14:49'
"""

from __future__ import annotations

import datetime

from minilora.data.draw import Draw
from minilora.data.numerals import number_word, ordinal
from minilora.data.pools import words

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = tuple(
    words("january february march april may june july august september october november december")
)


def clock(draw: Draw) -> tuple[str, str]:
    """Return a time of day, HH:MM."""
    hour = draw.weighted((7, draw.rng.randint(6, 22)), (1, draw.rng.randint(0, 23)))
    minute = draw.weighted(
        (4, 0),
        (3, 30),
        (2, draw.rng.choice([15, 45])),
        (2, draw.rng.randrange(0, 60, 5)),
        (1, draw.rng.randrange(60)),
    )
    value = f"{hour:02d}:{minute:02d}"
    return value, draw.rng.choice(_clock_surfaces(hour, minute))


def _clock_surfaces(hour: int, minute: int) -> list[str]:
    twelve = hour % 12 or 12
    half_day = "am" if hour < 12 else "pm"
    part = (
        "in the morning"
        if hour < 12
        else "in the afternoon"
        if hour < 18
        else "in the evening"
        if hour < 22
        else "at night"
    )
    part = "at night" if hour < 4 else part
    dotted = half_day[0] + ".m."
    ways = [
        f"{hour:02d}:{minute:02d}",
        f"{twelve}:{minute:02d} {half_day}",
        f"{twelve}:{minute:02d}{half_day}",
        f"{twelve}.{minute:02d}{half_day}",
    ]
    if minute == 0:
        ways += [
            f"{twelve}{half_day}",
            f"{twelve} {half_day}",
            f"{twelve} {half_day.upper()}",
            f"{twelve} {dotted}",
        ] * 2
        ways += [
            f"{number_word(twelve)} {part}",
            f"{twelve} o'clock {part}",
            f"{twelve} {part}",
            f"{hour:02d}h00",
        ]
    if minute == 30:
        ways += [
            f"half past {number_word(twelve)} {part}",
            f"half past {twelve} {part}",
            f"half past {twelve} {half_day}",
        ] * 2
    if minute == 15:
        ways += [
            f"quarter past {number_word(twelve)} {part}",
            f"a quarter past {twelve} {half_day}",
        ]
    if minute == 45:
        following = (hour + 1) % 12 or 12
        if hour not in (3, 11, 17, 21, 23):  # so that the part of the day holds on both sides
            ways += [
                f"quarter to {number_word(following)} {part}",
                f"a quarter to {following} {half_day}",
            ]
    if minute in (5, 10, 20, 25):
        ways += [
            f"{number_word(minute)} past {number_word(twelve)} {part}",
            f"{minute} past {twelve} {half_day}",
        ]
    if 6 <= hour <= 11 and minute in (0, 30):
        ways += [f"{hour}:{minute:02d}"]
    if (hour, minute) == (12, 0):
        ways = ["noon", "midday", "12 noon", "12:00", "12pm"]
    if (hour, minute) == (0, 0):
        ways = ["midnight", "00:00", "12 midnight", "midnight"]
    return ways


# --- dates ---------------------------------------------------------------------------------------


def date(draw: Draw) -> tuple[str, str]:
    """Return a date with its year, YYYY-MM-DD."""
    start = datetime.date(2025, 1, 1)
    return _said_date(draw, start + datetime.timedelta(days=draw.rng.randrange(3 * 365)))


def birth_date(draw: Draw) -> tuple[str, str]:
    """Return a date of birth, YYYY-MM-DD."""
    start = datetime.date(1948, 1, 1)
    return _said_date(draw, start + datetime.timedelta(days=draw.rng.randrange(62 * 365)))


def _said_date(draw: Draw, day: datetime.date) -> tuple[str, str]:
    month = MONTHS[day.month - 1].capitalize()
    nth = ordinal(day.day)
    ways = [
        f"{month} {day.day}, {day.year}", f"{month} {nth}, {day.year}", f"{month} {nth} {day.year}",
        f"{day.day} {month} {day.year}", f"{nth} of {month} {day.year}",
        f"the {nth} of {month} {day.year}", f"{month[:3]} {day.day} {day.year}",
        f"{nth} {month} {day.year}",
        f"{day.day} {month[:3]} {day.year}",
        day.isoformat(), day.isoformat(), f"{month} {day.day} {day.year}",
    ]  # fmt: skip
    if day.day > 12:  # otherwise day and month could be taken for each other
        ways += [
            f"{day.month}/{day.day}/{day.year}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day.day}.{day.month}.{day.year}",
        ]
    return day.isoformat(), draw.rng.choice(ways)


def date_and_clock(draw: Draw) -> tuple[str, str]:
    """Return a date and time, YYYY-MM-DDTHH:MM."""
    (day, day_said), (time, time_said) = date(draw), clock(draw)
    surface = draw.rng.choice(
        [f"{day_said} at {time_said}", f"{time_said} on {day_said}", f"{day_said}, {time_said}"]
    )
    return f"{day}T{time}", surface


def year(draw: Draw) -> tuple[int, str]:
    """Return a year from 1950 to 2030."""
    value = draw.rng.choice([draw.rng.randint(1950, 2030), draw.rng.randint(2005, 2027)])
    return value, str(value)


def when(draw: Draw) -> str:
    """Return a time in the user's own words, with no preposition in front."""
    rng = draw.rng
    day = rng.choice(WEEKDAYS).capitalize()
    month = rng.choice(MONTHS).capitalize()
    part = rng.choice(["morning", "afternoon", "evening"])
    span = rng.choice(["week", "month", "weekend"])
    plain = [
        "today",
        "tomorrow",
        "tonight",
        "this weekend",
        "the day after tomorrow",
        f"tomorrow {part}",
        f"this {part}",
    ]
    relative = [
        f"next {day}",
        f"this {day}",
        f"{day} {part}",
        day,
        f"next {span}",
        f"{day} next week",
        f"tomorrow at {rng.randint(1, 12)}",
    ]
    counted = [
        f"in {number_word(rng.randint(2, 12))} days", f"in {rng.randint(2, 30)} days",
        f"in {rng.randint(2, 8)} weeks", f"in {rng.randint(2, 11)} hours", "in an hour",
        "in half an hour", "a week from now", f"in {rng.randint(5, 55)} minutes",
    ]  # fmt: skip
    dated = [
        f"{month} {ordinal(rng.randint(1, 28))}",
        f"the {ordinal(rng.randint(1, 28))} of {month}",
        f"early {month}",
        f"the end of {month}",
        f"mid {month}",
    ]
    return rng.choice(rng.choice([plain, relative, counted, dated]))


# --- durations -----------------------------------------------------------------------------------


def minutes(draw: Draw) -> tuple[int, str]:
    """Return a duration in minutes."""
    value = draw.weighted(
        (4, draw.rng.choice([5, 10, 15, 20, 25, 30, 40, 45, 50])),
        (3, draw.rng.choice([60, 90, 120, 150, 180, 240])),
        (1, draw.rng.randint(2, 59)),
        (1, 60 * draw.rng.randint(1, 5) + draw.rng.choice([10, 15, 20, 40, 45])),
    )
    return value, draw.rng.choice(_span_surfaces(draw, value, ("hour", "minute"), ("h", "min")))


def seconds(draw: Draw) -> tuple[int, str]:
    """Return a duration in seconds."""
    value = draw.weighted(
        (4, draw.rng.choice([5, 10, 15, 20, 30, 45])),
        (3, draw.rng.choice([60, 90, 120, 180, 300])),
        (1, draw.rng.randint(2, 59)),
        (1, 60 * draw.rng.randint(1, 4) + draw.rng.choice([10, 15, 20, 40])),
    )
    return value, draw.rng.choice(_span_surfaces(draw, value, ("minute", "second"), ("min", "s")))


def _span_surfaces(
    draw: Draw, value: int, names: tuple[str, str], short: tuple[str, str]
) -> list[str]:
    """Ways to say `value` small units (60 of which make a big one), e.g. minutes and hours."""
    (big, small), (big_short, small_short) = names, short
    whole, rest = divmod(value, 60)
    article = "an" if big == "hour" else "a"
    ways = []
    if value < 60 or value in (60, 90, 120):
        spelled = number_word(value) if value <= 99 else str(value)
        ways += [f"{value} {small}s"] * 2 + [
            f"{value} {small_short}",
            f"{value}{small_short}",
            f"{spelled} {small}s",
        ]
    if value == 15 and big == "hour":
        ways += ["a quarter of an hour", "quarter of an hour"]
    if value == 30:
        ways += [f"half {article} {big}"] * 3
    if value == 45 and big == "hour":
        ways += ["three quarters of an hour"]
    if value == 90:
        ways += [f"{article} {big} and a half", f"one and a half {big}s", f"1.5 {big}s"] * 2
    if value >= 60 and rest == 0:
        count = number_word(whole) if draw.chance(0.5) else str(whole)
        ways += [f"{count} {big}{'s' if whole > 1 else ''}"] * 3 + [
            f"{whole}{big_short}",
            f"{whole} {big_short}",
        ]
        if whole == 1:
            ways += [f"{article} {big}"] * 2
    if whole > 1 and rest == 30:
        ways += [
            f"{number_word(whole)} and a half {big}s",
            f"{whole}.5 {big}s",
            f"{whole} and a half {big}s",
        ]
    if whole and rest:
        plural = "s" if whole > 1 else ""
        ways += [
            f"{whole} {big}{plural} {rest} {small}s",
            f"{whole} {big}{plural} and {rest} {small}s",
        ]
        ways += [f"{whole}h{rest:02d}"] if big == "hour" else [f"{whole}m {rest}s"]
    return ways
