"""Passages written for this project: a few facts on one subject, some on another beside it."""

from __future__ import annotations

import random

from minilora.data.entailment.edits import articles
from minilora.data.entailment.facts import Fact
from minilora.data.entailment.pools import FIRMS, FIRST, LAST, SITES, TITLES
from minilora.data.entailment.relations import FIRM, PERSON, SITE, WORK, Relation
from minilora.data.entailment.restate import finish

_ROLES = (  # a fact on two people, the same from the other side, and what follows
    (
        "{a} beat {b} in the final.",
        "{a} defeated {b}.",
        "{b} lost to {a}.",
    ),
    (
        "{a} is older than {b}.",
        "{b} is younger than {a}.",
        "{a} was born before {b}.",
    ),
    (
        "{a} taught {b} for three years.",
        "{b} was a pupil of {a}.",
        "{a} was the teacher of {b}.",
    ),
    (
        "{a} succeeded {b} as mayor.",
        "{b} was mayor before {a}.",
        "{a} took office after {b}.",
    ),
    (
        "{a} sold the house to {b}.",
        "{b} bought the house from {a}.",
        "The house was sold by {a}.",
    ),
    (
        "{a} is the father of {b}.",
        "{b} is a child of {a}.",
        "{a} has a child named {b}.",
    ),
    (
        "{a} hired {b}.",
        "{b} was hired by {a}.",
        "{b} got a job from {a}.",
    ),
    (
        "{a} borrowed money from {b}.",
        "{b} lent money to {a}.",
        "{a} owed {b} money.",
    ),
    (
        "{a} arrived before {b}.",
        "{b} came later than {a}.",
        "{a} was there first, then {b}.",
    ),
    (
        "{a} earned more than {b}.",
        "{b} earned less than {a}.",
        "{a}'s earnings were above those of {b}.",
    ),
    (
        "{a} was followed on the throne by {b}.",
        "{b} reigned after {a}.",
        "{a} reigned before {b}.",
    ),
    (
        "{a} accused {b} of fraud.",
        "{b} was accused by {a}.",
        "It was {a} who accused {b}.",
    ),
)
_BOUNDS = ("more than", "over", "at least", "fewer than", "under", "at most")


def passage(rng: random.Random) -> list[Fact]:
    """Return two to five facts; now and then one relation is told of two subjects."""
    subject, relations = _subject(rng)
    chosen = rng.sample(relations, rng.randint(2, min(4, len(relations))))
    facts = [fact(relation, subject, rng) for relation in chosen]
    if rng.random() < 0.6:
        other, _ = _subject(rng, relations)
        if other != subject:
            facts.append(fact(rng.choice(chosen), other, rng))
    if rng.random() < 0.25:
        facts.append(_compared(rng))
    if rng.random() < 0.2:
        facts.append(_listed(rng))
    rng.shuffle(facts)
    return facts


def _subject(
    rng: random.Random, relations: tuple[Relation, ...] | None = None
) -> tuple[str, tuple[Relation, ...]]:
    relations = relations or rng.choice((PERSON, PERSON, WORK, FIRM, SITE))
    if relations is PERSON:
        return f"{rng.choice(FIRST)} {rng.choice(LAST)}", relations
    return rng.choice(
        {id(WORK): TITLES, id(FIRM): FIRMS, id(SITE): SITES}[id(relations)]
    ), relations


def fact(relation: Relation, subject: str, rng: random.Random) -> Fact:
    """Return a fact of a relation: one value as it was, another one edited."""
    values = [value for value in relation.values if value != subject]
    one, other = rng.sample(values, 2)
    if one.isdigit() and other.isdigit() and rng.random() < 0.6:  # a near miss
        near = [v for v in values if 0 < abs(int(v) - int(one)) <= 12]
        other = rng.choice(near) if near else other
    said = rng.choice([way for way in relation.said if "{v}" in way])

    def fill(template: str, value: str) -> str:
        return articles(finish(template.replace("{x}", subject).replace("{v}", value)))

    found: list[tuple[str, set[int]]] = []
    ways = rng.sample(relation.claimed, min(2, len(relation.claimed)))
    for way in ways:
        found += [(fill(way, one), {0}), (fill(way, other), {1})]
    for way in relation.denied[:1] if rng.random() < 0.5 else relation.denied[1:2]:
        found += [(fill(way, one), {1}), (fill(way, other), {0})]
    for state, value in enumerate((one, other)):
        if relation.wider and value in relation.wider:
            wide = relation.wider[value]
            both = relation.wider.get((other, one)[state]) == wide
            found.append((fill(wide, value), {0, 1} if both else {state}))
    found += _bounds(subject, relation, one, other, rng)
    return Fact((fill(said, one), fill(said, other)), tuple(found))


def _bounds(
    subject: str, relation: Relation, one: str, other: str, rng: random.Random
) -> list[tuple[str, set[int]]]:
    """Return claims of a bound that only one of two numbers keeps."""
    numbers = [value.replace(",", "") for value in (one, other)]
    if not all(number.isdigit() for number in numbers):
        return []
    a, b = (int(number) for number in numbers)
    middle = (a + b) // 2
    if len({a, b, middle}) < 3:
        return []
    comma = "," in one
    shown = f"{middle:,}" if comma else str(middle)
    above, below = {int(b > a)}, {int(b < a)}
    if 1800 < a < 2030 and not comma:
        what = rng.choice([way for way in relation.claimed if " in {v}" in way] or [""])
        if not what:
            return []
        return [
            (finish(what.replace("{x}", subject).replace(" in {v}", f" after {shown}")), above),
            (finish(what.replace("{x}", subject).replace(" in {v}", f" before {shown}")), below),
        ]
    what = relation.claimed[0].replace("{x}", subject)
    return [
        (finish(what.replace("{v}", f"{rng.choice(_BOUNDS[:2])} {shown}")), above),
        (finish(what.replace("{v}", f"{rng.choice(_BOUNDS[3:5])} {shown}")), below),
    ]


def _compared(rng: random.Random) -> Fact:
    """Return a fact on two subjects; the edit swaps their roles."""
    a, b = (f"{rng.choice(FIRST)} {last}" for last in rng.sample(LAST, 2))
    told, same, turned = rng.choice(_ROLES)

    def fill(way: str, swap: bool) -> str:
        one, other = (b, a) if swap else (a, b)
        return way.replace("{a}", one).replace("{b}", other)

    ways = (told, same, turned)
    found = [(fill(way, bool(state)), {state}) for way in ways for state in (0, 1)]
    return Fact((fill(told, False), fill(told, True)), tuple(found))


def _listed(rng: random.Random) -> Fact:
    """Return a fact that lists people; claims count them and ask for one."""
    people = [f"{rng.choice(FIRST)} {last}" for last in rng.sample(LAST, 5)]
    n = rng.randint(2, 4)
    shown, new = people[:n], people[4]
    where = rng.choice(("the board", "the band", "the expedition", "the jury", "the council"))
    edited = [*shown[:-1], new]

    def told(members: list[str]) -> str:
        return f"The members of {where} are {', '.join(members[:-1])} and {members[-1]}."

    word = {2: "two", 3: "three", 4: "four"}[n]
    wrong = {2: "three", 3: "five", 4: "six"}[n]
    found: list[tuple[str, set[int]]] = [
        (f"{shown[-1]} is a member of {where}.", {0}),
        (f"{new} is a member of {where}.", {1}),
        (f"{shown[-1]} does not belong to {where}.", {1}),
        (f"{new} is not on {where}.", {0}),
        (f"{shown[0]} belongs to {where}.", {0, 1}),
        (f"There are {word} members of {where}.", {0, 1}),
        (f"{where.capitalize()} has {wrong} members.", set()),
    ]
    return Fact((told(shown), told(edited)), tuple(found))
