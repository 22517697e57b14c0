"""Formats: examples of our own, and the official test suite where its folder is there.

See :mod:`minilora.grammar.bench.data`.
"""

import datetime
import json
import random
import re
from typing import Any

import pytest

from minilora.grammar.bench.data import data_folder, official_files
from minilora.grammar.formats import ENFORCED, format_term
from minilora.grammar.pattern_syntax import read_pattern
from minilora.grammar.terms import Terms

EXACT = sorted({*ENFORCED} - {"hostname", "idn-hostname", "idn-email"})


def official_groups(name: str) -> list[dict[str, Any]]:
    try:
        files = official_files(data_folder(), "optional/format")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    paths = [path for path in files if path.stem == name]
    if not paths:
        pytest.skip(f"no official tests of the format {name}")
    return json.loads(paths[0].read_text("utf-8"))


@pytest.mark.parametrize("name", ENFORCED)
def test_official_suite(name):
    """Nothing invalid is accepted; where the format is exact, nothing valid is refused."""
    terms = Terms()
    term = format_term(name, terms)
    for group in official_groups(name):
        for test in group["tests"]:
            if isinstance(test["data"], str):
                accepted = terms.contains(term, test["data"])
                assert test["valid"] or not accepted, test["description"]
                assert not test["valid"] or accepted or name not in EXACT, test["description"]


@pytest.mark.parametrize("name", ENFORCED)
def test_a_shortest_example_exists(name):
    terms = Terms()
    term = format_term(name, terms)
    assert terms.contains(term, terms.shortest(term))


@pytest.mark.parametrize("name", ["color", "", "unknown"])
def test_what_is_not_enforced(name):
    assert format_term(name, Terms()) is None
    assert name not in ENFORCED


@pytest.mark.parametrize("year", [0, 1900, 2000, 2023, 2024, 2100])
def test_dates_of_a_year(year):
    terms = Terms()
    term = format_term("date", terms)
    for month in range(14):
        for day in range(33):
            text = f"{year:04d}-{month:02d}-{day:02d}"
            try:
                datetime.date(year, month, day)
            except ValueError:
                assert not terms.contains(term, text)
            else:
                assert terms.contains(term, text)


def test_second_60_is_23_59_in_utc():
    terms = Terms()
    term = format_term("time", terms)
    rng = random.Random(0)
    for _ in range(400):
        sign, hours, minutes = rng.choice("+-"), rng.randrange(24), rng.randrange(60)
        offset = (hours * 60 + minutes) * (1 if sign == "+" else -1)
        local = (23 * 60 + 59 + offset) % 1440
        for moved in (0, rng.randrange(1, 1440)):
            clock = (local + moved) % 1440
            text = f"{clock // 60:02d}:{clock % 60:02d}:60.5{sign}{hours:02d}:{minutes:02d}"
            assert terms.contains(term, text) == (moved == 0), text


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("date-time", "2024-02-29T23:59:60Z", "2024-02-30T00:00:00Z"),
        ("duration", "P1Y2M3DT4H5M6S", "P1Y3D"),
        ("email", "a.b+c@x.org", "a..b@x.org"),
        ("email", '"a b"@[IPv6:::1]', "a@-x.org"),
        ("email", "a" * 64 + "@x.org", "a" * 65 + "@x.org"),
        ("idn-email", "é" * 32 + "@bücher.de", "é" * 33 + "@x.org"),
        ("hostname", "a" * 63 + ".org", "a" * 64 + ".org"),
        ("hostname", ".".join(["a" * 49] * 5), ".".join(["a" * 50] * 5)),
        ("idn-hostname", "bücher.example", "a\u05d0.example"),
        ("ipv4", "255.0.10.1", "256.0.0.1"),
        ("ipv6", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:8::"),
        ("uri", "a:", "//x/y"),
        ("uri-reference", "a/b:c?d#e", ":b"),
        ("iri", "http://é.org/\U00010300", "http://é.org/<"),
        ("iri-reference", "é#\u00e9", "é\\"),
        ("uri-template", "/{+path*}/{a,b:3}", "/{path"),
        ("uuid", "0" * 8 + "-0000" * 3 + "-" + "0" * 12, "0" * 32),
        ("json-pointer", "/a~0/~1", "/a~2"),
        ("relative-json-pointer", "1/a", "01/a"),
        ("regex", r"^(?:a|[^b-z\d]{2}){3,}?(?=\w+)$", "^(abc]"),
        ("regex", "((((a))))*", "a**"),
    ],
)
def test_examples(name, valid, invalid):
    terms = Terms()
    term = format_term(name, terms)
    assert terms.contains(term, valid)
    assert not terms.contains(term, invalid)


def test_generated_regexes_compile():
    """Random words of the term are patterns to Python, and to this project."""
    terms, rng = Terms(), random.Random(0)
    start = format_term("regex", terms)
    for _ in range(60):
        term, word = start, ""
        for _ in range(rng.randrange(25)):
            intervals, _ = rng.choice(terms.transitions(term))
            low, high = rng.choice(intervals)
            word += chr(rng.choice([low, min(high, 0x7A)] if low < 0x7A else [low]))
            term = terms.derivative(term, ord(word[-1]))
        word += terms.shortest(term)
        re.compile(word)
        read_pattern(word)
