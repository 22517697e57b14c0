"""Facts in two versions, passages made of them, and what each claim is in each version.

A *fact* is a sentence and its edit: two sentences that cannot both be true. A *version* of a
passage gives every fact a state: as it was (0), edited (1), or left out (None). A claim names the
states in which facts bear it out. So the same claim is supported in one version, contradicted in
another and not to be found in a third, and nothing but the source tells which.

    all facts it needs in a state that bears it out   ->  supported
    one of them there, in the other state             ->  contradicted
    else                                              ->  not_found

>>> said = (("It has a red colour.", {0}), ("It is not red.", {1}))
>>> fact = Fact(("It is red.", "It is blue."), said)
>>> [verdict(claim, (state,)) for claim in claims([fact]) for state in (0, 1, None)]
['supported', 'contradicted', 'not_found', 'contradicted', 'supported', 'not_found']
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from minilora.data.detective.steps import Verdict

State = int | None


@dataclass(frozen=True)
class Fact:
    """A sentence, its edit, and claims on it.

    Attributes:
        forms: the sentence as it was and as edited; equal where there is no edit.
        claims: (text, the states that bear it out) pairs.
    """

    forms: tuple[str, str]
    claims: tuple[tuple[str, Collection[int]], ...]


@dataclass(frozen=True)
class Claim:
    """A claim on a passage.

    Attributes:
        text: what is claimed.
        needs: (index of a fact, states of it that bear the claim out) pairs.
    """

    text: str
    needs: tuple[tuple[int, frozenset[int]], ...]


def claims(facts: Sequence[Fact]) -> list[Claim]:
    """Return the claims on single facts of a passage."""
    return [
        Claim(text, ((index, frozenset(states)),))
        for index, fact in enumerate(facts)
        for text, states in fact.claims
    ]


def verdict(claim: Claim, states: Sequence[State]) -> Verdict:
    """Return what a version of the passage says of a claim."""
    found = [(states[index], bearing) for index, bearing in claim.needs]
    if all(state in bearing for state, bearing in found):
        return "supported"
    if any(state is not None and state not in bearing for state, bearing in found):
        return "contradicted"
    return "not_found"


def joined(one: Claim, other: Claim, rng: random.Random) -> Claim:
    """Return a claim that says what two claims say."""
    first = one.text.rstrip(".")
    second = other.text
    if rng.random() < 0.3:
        text = f"{first}. {second}"
    else:
        opens = second.split()[0]
        lower = opens in ("The", "It", "He", "She", "They", "In", "A", "An", "This", "Its", "His")
        second = second[0].lower() + second[1:] if lower else second
        text = f"{first}{rng.choice([', and', ' and', ', while'])} {second}"
    return Claim(text, one.needs + other.needs)


def versions(n_facts: int, removed: float, rng: random.Random) -> list[tuple[State, ...]]:
    """Return two versions of a passage: where one edits a fact, the other does not.

    Args:
        n_facts: how many facts it has; one of them always stays.
        removed: chance that a fact is left out of one version.
        rng: the random source.
    """
    first: list[State] = [rng.randrange(2) for _ in range(n_facts)]
    second: list[State] = [1 - state for state in first if state is not None]
    for states in (first, second):
        kept = rng.randrange(n_facts)
        for index in range(n_facts):
            if index != kept and rng.random() < removed:
                states[index] = None
    return [tuple(first), tuple(second)]


def source(facts: Sequence[Fact], states: Sequence[State]) -> str:
    """Return the text of a version."""
    return " ".join(
        fact.forms[state] for fact, state in zip(facts, states, strict=True) if state is not None
    )


def balanced(
    labelled: Iterable[tuple[Claim, Verdict]], n: int, rng: random.Random
) -> list[tuple[Claim, Verdict]]:
    """Return at most ``n`` claims, half of them supported as far as there are enough.

    The others are as long as these, word for word as nearly as can be: a claim that says two things
    is seldom supported, and its length would tell.
    """
    of: dict[bool, list[tuple[Claim, Verdict]]] = {True: [], False: []}
    for claim, label in labelled:
        of[label == "supported"].append((claim, label))
    rng.shuffle(of[True])
    rng.shuffle(of[False])
    each = min(n // 2, len(of[True]), len(of[False]))
    chosen = of[True][:each]
    pool = [(len(claim.text.split()), claim, label) for claim, label in of[False]]
    for claim, _ in of[True][:each]:
        length = len(claim.text.split())
        nearest = min(range(len(pool)), key=lambda i: abs(pool[i][0] - length))
        chosen.append(pool.pop(nearest)[1:])
    return chosen
