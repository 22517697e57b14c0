"""The template language: what it reads, what it refuses, what it makes of it."""

from __future__ import annotations

import random

import pytest

from minilora.data.kinds import CLOCK, choice, integer, optional, record, span
from minilora.data.material import Tool, opt, req
from minilora.data.phrase import PhraseError, Slot, Text, expand, parse

LABEL = span("gym", "school run", "bins", "yoga")


def said(template: str, seed: int, rate: float = 0.5) -> list[Text | Slot]:
    return expand(parse(template), random.Random(seed), rate)


@pytest.mark.parametrize(
    ("template", "texts"),
    [
        ("wake me", {"wake me"}),
        ("(a|b|c) x", {"a x", "b x", "c x"}),
        ("a[ b]", {"a", "a b"}),
        ("a[ b[ c]]", {"a", "a b", "a b c"}),
        ("(a|b[ c])", {"a", "b", "b c"}),
        ("(just this)", {"just this"}),
        ("(|a )b", {"b", "a b"}),
        (r"\[x\] \(y\) \{z\} \|", {"[x] (y) {z} |"}),
        ("a | b", {"a | b"}),
    ],
)
def test_every_expansion_is_reached_and_no_other(template: str, texts: set[str]) -> None:
    found = {"".join(part.text for part in said(template, seed)) for seed in range(60)}
    assert found == texts


@pytest.mark.parametrize(
    "template", ["(a|b", "a)", "[a", "a]", "{a", "a}", "{}", "{a b}", "{=1}", "(a|[b)", "{a={}"]
)
def test_unreadable_templates_are_refused(template: str) -> None:
    with pytest.raises(PhraseError):
        parse(template)


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("{a=daily}", "daily"),
        ("{a=true}", True),
        ("{a=3}", 3),
        ('{a="3"}', "3"),
        ('{a={"x": {"y": 1}}}', {"x": {"y": 1}}),
        ("{a=[1, 2]}", [1, 2]),
        ("{a=two words}", "two words"),
    ],
)
def test_fixed_slots_bind_their_value(slot: str, value: object) -> None:
    assert said(f"every day{slot}", 0)[1] == Slot("a", fixed=True, value=value)


def test_optional_parts_follow_the_rate() -> None:
    assert all(len(said("a[ b]", seed, rate=0.0)) == 1 for seed in range(20))
    assert all(len(said("a[ b]", seed, rate=1.0)) == 2 for seed in range(20))


def tool(*phrasings: str) -> Tool:
    place = record(street=span("Elm Road"), number=optional(integer(1, 9)))
    return Tool(
        "set_alarm",
        "Set an alarm.",
        params=(
            req("time", CLOCK, "Time"),
            opt("label", LABEL, "What for"),
            opt("repeat", choice("daily", "weekdays"), "How often"),
            opt("place", place, "Where"),
        ),
        phrasings=phrasings,
    )


@pytest.mark.parametrize(
    "template",
    [
        "at {time}[ for {label}]",
        "(at {time}|{time} sharp)",
        "every day at {time}{repeat=daily}",
        "at {time} in {place.street}[ number {place.number}]",
        "at {time}[ in {place}]",
    ],
)
def test_sound_templates_pass(template: str) -> None:
    tool(template).check()


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("at {hour}", "unknown parameter 'hour'"),
        ("wake me", "required 'time' can go unsaid"),
        ("wake me[ at {time}]", "required 'time' can go unsaid"),
        ("(at {time}|soon)", "required 'time' can go unsaid"),
        ("at {time}{repeat=hourly}", "'hourly' is not one of"),
        ("at {time}, {place.city}", "'place' has no field 'city'"),
        ("at {time}, number {place.number}", "place lacks"),
        ("at {time} {place} {place.street}", "bound both whole and by field"),
        ("at {time.hour}", "has no field 'hour'"),
    ],
)
def test_templates_that_do_not_fit_are_refused(template: str, reason: str) -> None:
    with pytest.raises(PhraseError, match=reason):
        tool(template).check()
