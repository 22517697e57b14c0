"""Kinds of values: the value fits its schema, and can be read back from what is said."""

from __future__ import annotations

import random
import re

import pytest
from jsonschema import Draft202012Validator

from minilora.data import kinds, measures, numerals, times
from minilora.data.draw import Draw, Pool
from minilora.data.kinds import Kind, choice, flag, integer, listing, number, optional, record, span
from minilora.data.pools import words

ALL = {name: kind for name, kind in vars(kinds).items() if isinstance(kind, Kind)}
REQUIRED = words("""
CLOCK DATE WHEN DATETIME WEEKDAY MONTH YEAR DURATION_MIN DURATION_S MONEY CURRENCY PERCENT PERSON
FIRST_NAME EMAIL PHONE URL CITY COUNTRY ADDRESS COMPANY LANGUAGE HASHTAG FILENAME ORDER_ID TICKET_ID
IP USERNAME COLOR TEMPERATURE_C KG KM WEIGHT PLATE ZIP ISBN SENTENCE
""")


def draws(count: int, held_out: bool = False) -> list[Draw]:
    return [Draw(random.Random(seed), held_out) for seed in range(count)]


def test_all_constants_are_there() -> None:
    assert set(REQUIRED) <= set(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
@pytest.mark.parametrize("held_out", [False, True])
def test_values_fit_their_schema(name: str, held_out: bool) -> None:
    kind = ALL[name]
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(kind.schema, format_checker=checker)
    for draw in draws(60, held_out):
        value, surface = kind.sample(draw)
        validator.validate(value)
        assert surface == surface.strip() != ""
        if kind.copied:
            assert value == surface


@pytest.mark.parametrize(
    "name", ["PERSON", "EMAIL", "URL", "COMPANY", "ORDER_ID", "CITY", "ADDRESS"]
)
def test_reserved_values_are_not_drawn_for_training(name: str) -> None:
    training = {ALL[name].sample(draw)[0] for draw in draws(2000)}
    reserved = {ALL[name].sample(draw)[0] for draw in draws(2000, held_out=True)}
    assert not training & reserved


def test_pools_are_cut_by_a_stable_hash() -> None:
    texts = [f"text {number}" for number in range(100)]
    one, other = Pool(texts), Pool(reversed(texts))
    assert (one.training, one.reserved) == (other.training, other.reserved)
    assert len(one.reserved) == 30
    assert not set(one.training) & set(one.reserved)
    assert Pool(["only"]).reserved == ("only",)


def test_names_are_diverse() -> None:
    assert len({ALL["PERSON"].sample(draw)[0] for draw in draws(2000)}) > 1900
    assert len({ALL["EMAIL"].sample(draw)[0] for draw in draws(2000)}) > 1900


# --- read back by other means --------------------------------------------------------------------

WORDS = {numerals.number_word(value): value for value in range(100)}


def count(text: str) -> float:
    return WORDS[text] if text in WORDS else float(text.replace(",", ""))


def read_clock(text: str) -> str:
    """Read a time of day as a person would."""
    text = text.lower().replace(".m.", "m")
    if text in ("noon", "midday", "12 noon"):
        return "12:00"
    if text in ("midnight", "12 midnight"):
        return "00:00"
    late = bool(re.search(r"pm|afternoon|evening", text)) or ("at night" in text)
    early = bool(re.search(r"am\b|morning", text))
    minute, past = 0, True
    spoken = re.match(
        r"(?:(half)|(?:a )?(quarter)|([\w-]+)) (past|to) ([\w-]+?)(am|pm)?( |$)", text
    )
    if spoken:
        half, quarter, some, relation, said_hour = spoken.groups()[:5]
        minute = 30 if half else 15 if quarter else int(count(some))
        past, hour = relation == "past", int(count(said_hour))
    elif exact := re.match(r"(\d+)[:.h](\d\d)", text):
        hour, minute = int(exact[1]), int(exact[2])
    else:
        hour = int(count(re.match(r"\d+|[a-z]+", text)[0]))  # type: ignore[index]
    if not past:
        hour, minute = hour - 1 or 12, 60 - minute
    if "at night" in text and (hour == 12 or hour < 4):
        late, early = False, True
    if late and hour < 12:
        hour += 12
    if early and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}"


def test_times_of_day_read_back() -> None:
    for draw in draws(4000):
        value, surface = times.clock(draw)
        assert read_clock(surface) == value, surface


def read_span(text: str, big: str) -> float:
    """Read a duration in small units, 60 of which are one big one."""
    text = text.replace("an hour", "1 hour").replace("a minute", "1 minute")
    text = text.replace("a quarter of 1 hour", "15 minutes").replace(
        "quarter of 1 hour", "15 minutes"
    )
    text = text.replace("three quarters of 1 hour", "45 minutes")
    if match := re.fullmatch(r"half 1 (hour|minute)", text):
        return 30
    if match := re.fullmatch(r"1 (hour|minute) and a half", text):
        return 90
    if match := re.fullmatch(r"([\w.-]+) and a half (hours|minutes)", text):
        return (count(match[1]) + 0.5) * 60
    if match := re.fullmatch(r"(\d+)h(\d\d)", text):
        return int(match[1]) * 60 + int(match[2])
    total = 0.0
    for amount, unit in re.findall(
        r"([\d.]+|[a-z-]+) ?(hours?|minutes?|seconds?|min|h|m|s)\b", text
    ):
        total += count(amount) * (60 if unit[0] == big else 1)
    return total


@pytest.mark.parametrize(("sample", "big"), [(times.minutes, "h"), (times.seconds, "m")])
def test_durations_read_back(sample: object, big: str) -> None:
    for draw in draws(3000):
        value, surface = sample(draw)  # type: ignore[operator]
        assert read_span(surface, big) == value, surface


def read_date(text: str) -> str:
    text = text.lower()
    months = "|".join(month[:3] for month in times.MONTHS)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    year = re.search(r"\d{4}", text)[0]  # type: ignore[index]
    if named := re.search(months, text):
        month = [month[:3] for month in times.MONTHS].index(named[0]) + 1
        day = re.search(r"(?<!\d)\d{1,2}(?!\d)", text)[0]  # type: ignore[index]
        return f"{year}-{month:02d}-{int(day):02d}"
    first, second = (int(part) for part in re.findall(r"(?<!\d)\d{1,2}(?!\d)", text))
    month, day = (first, second) if second > 12 else (second, first)
    return f"{year}-{month:02d}-{day:02d}"


def test_dates_read_back() -> None:
    for draw in draws(3000):
        value, surface = times.date(draw)
        assert read_date(surface) == value, surface


def read_amount(text: str) -> float:
    if match := re.fullmatch(r"(\d+) dollars and (\d+) cents", text):
        return int(match[1]) + int(match[2]) / 100
    bare = re.sub(
        r"minus ", "-", re.sub(r"[$€%°]|\b(dollars?|bucks|USD|EUR|euros?|percent)\b", "", text)
    )
    bare = re.sub(
        r"(degrees celsius|degrees|celsius|kg|kilos?|kilograms|kilomet(er|re)s?|km)$", "", bare
    )
    bare = re.sub(r"(?<=[\d ])(grams|g|C)$", "", bare.strip()).strip()
    if bare in ("a", "one"):
        return 1
    if re.fullmatch(r"-?[\d.]+k", bare):
        return float(bare[:-1]) * 1000
    return count(bare)


@pytest.mark.parametrize(
    "sample",
    [
        *(measures.dollars, measures.euros, measures.bare_amount, measures.percent),
        *(measures.celsius, measures.kilograms, measures.grams),
    ],
)
def test_measures_read_back(sample: object) -> None:
    for draw in draws(2000):
        value, surface = sample(draw)  # type: ignore[operator]
        assert read_amount(surface) == pytest.approx(value), surface
        assert isinstance(value, int) or value != int(value)  # whole numbers are integers


def test_kilometres_read_back() -> None:
    for draw in draws(1000):
        value, surface = measures.kilometres(draw)
        assert count(re.match(r"[\d.]+|[a-z-]+", surface)[0]) == value, surface  # type: ignore[index]


# --- factories -----------------------------------------------------------------------------------


def test_choice_says_what_it_was_told() -> None:
    kind = choice("daily", "next_week", spoken={"daily": ["every day"]})
    pairs = {kind.sample(draw) for draw in draws(50)}
    assert pairs == {("daily", "every day"), ("next_week", "next week")}
    with pytest.raises(ValueError, match="hourly"):
        choice("daily", spoken={"hourly": ["each hour"]})


def test_numbers_stay_in_range_and_are_read_with_their_unit() -> None:
    for draw in draws(500):
        value, surface = integer(1, 12, unit="people").sample(draw)
        assert 1 <= value <= 12
        assert surface == "1 person" or surface.endswith((" people", " person"))
        value, _ = number(0.5, 3, decimals=2).sample(draw)
        assert 0.5 <= value <= 3


def test_flags_say_only_the_sides_they_have() -> None:
    assert {flag(yes=["with tea"], no=[]).sample(draw) for draw in draws(20)} == {
        (True, "with tea")
    }


def test_lists_hold_different_items_in_the_order_said() -> None:
    kind = listing(span("tea", "milk", "rye bread", "eggs", "salt", varied=False), 2, 3)
    for draw in draws(200):
        items, surface = kind.sample(draw)
        assert 2 <= len(items) <= 3
        assert len(set(items)) == len(items)
        places = [surface.index(item) for item in items]
        assert places == sorted(places)


def test_records_may_lack_optional_fields_only() -> None:
    kind = record(name=span("Ada"), age=optional(integer(1, 9)))
    seen = {tuple(kind.sample(draw)[0]) for draw in draws(50)}
    assert seen == {("name",), ("name", "age")}
    assert kind.schema["required"] == ["name"]
