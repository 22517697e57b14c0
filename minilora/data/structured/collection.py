"""How a searchable collection is written down: its fields, and what people say about each.

The ways of saying something stand in one text: those for training, parted by " / ", then after
" // " those held out for validation and test.

>>> ways = Ways.of("under {v} / for less than {v} // cheaper than {v}")
>>> ways.training, ways.held_out
(('under {v}', 'for less than {v}'), ('cheaper than {v}',))
"""

from __future__ import annotations

from dataclasses import dataclass

from minilora.data.kinds import Kind, choice, integer


@dataclass(frozen=True)
class Ways:
    """Ways of saying one thing; those held out are never trained on."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]

    @staticmethod
    def of(text: str) -> Ways:
        """Read the ways from a text; a part that is missing is empty."""
        training, _, held_out = text.partition("//")
        return Ways(_parts(training), _parts(held_out))

    def for_split(self, train: bool, test_only: bool = False) -> tuple[str, ...]:
        """Return the ways a split may use; a collection for the test only uses all of them."""
        return (
            self.training + self.held_out
            if test_only
            else self.training
            if train
            else self.held_out
        )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(" / ") if part.strip())


@dataclass(frozen=True)
class Clause:
    """One condition on a field: "under $800" is {"op": "lt", "value": 800}.

    Attributes:
        op: the comparison, or "between" for two of them.
        kind: what is compared with; it fills the slot `{v}` (and `{w}`, the larger end).
        ways: templates for the words.
        before: True where the words stand before the noun ("vegetarian restaurants").
    """

    op: str
    kind: Kind
    ways: Ways
    before: bool = False


@dataclass(frozen=True)
class Column:
    """A field of a collection.

    Attributes:
        name: the field's name.
        about: type and unit, for the description of the collection.
        clauses: the conditions people put.
        names: other names for it.
        ascending: ways to ask for the smallest first.
        descending: ways to ask for the largest first.
    """

    name: str
    about: str
    clauses: tuple[Clause, ...]
    names: tuple[str, ...]
    ascending: Ways
    descending: Ways


@dataclass(frozen=True)
class Collection:
    """Things of one sort that can be searched; what they are called, and their fields."""

    name: str
    nouns: tuple[str, ...]
    columns: tuple[Column, ...]
    test_only: bool = False


def column(
    name: str, about: str, *clauses: Clause, names: str = "", up: str = "", down: str = ""
) -> Column:
    """Return a field; `names`, `up` and `down` part their alternatives as `Ways` does."""
    return Column(name, about, clauses, _parts(names), Ways.of(up), Ways.of(down))


def equal(kind: Kind, ways: str) -> Clause:
    """Return a condition `=`."""
    return Clause("eq", kind, Ways.of(ways))


def adjective(kind: Kind) -> Clause:
    """Return a condition `=` that is said by the value itself, before the noun."""
    return Clause("eq", kind, Ways.of("{v} // {v}"), before=True)


def unequal(kind: Kind, ways: str) -> Clause:
    """Return a condition `!=`."""
    return Clause("ne", kind, Ways.of(ways))


def below(kind: Kind, ways: str) -> Clause:
    """Return a condition `<`."""
    return Clause("lt", kind, Ways.of(ways))


def at_most(kind: Kind, ways: str) -> Clause:
    """Return a condition `<=`."""
    return Clause("lte", kind, Ways.of(ways))


def above(kind: Kind, ways: str) -> Clause:
    """Return a condition `>`."""
    return Clause("gt", kind, Ways.of(ways))


def at_least(kind: Kind, ways: str) -> Clause:
    """Return a condition `>=`."""
    return Clause("gte", kind, Ways.of(ways))


def contains(kind: Kind, ways: str) -> Clause:
    """Return a condition that a text or list holds a word."""
    return Clause("contains", kind, Ways.of(ways))


def between(kind: Kind, ways: str) -> Clause:
    """Return two conditions, `>=` the smaller and `<=` the larger of two numbers."""
    return Clause("between", kind, Ways.of(ways))


def price(lo: int, hi: int) -> tuple[Clause, ...]:
    """Return the conditions people put on a price in dollars."""
    kind = integer(lo, hi, unit="dollars")
    return (
        below(kind, "under {v} / for less than {v} // cheaper than {v}"),
        at_most(kind, "up to {v} / for at most {v} // costing no more than {v}"),
        above(kind, "over {v} / for more than {v} // dearer than {v}"),
        between(kind, "between {v} and {w} / from {v} to {w} // for {v} up to {w}"),
    )


def years(first: int, last: int) -> Kind:
    """Return a kind for years, always said in digits."""
    return choice(*range(first, last + 1))


YES, NO = choice(True), choice(False)
CHEAP_FIRST = "cheapest first / sorted by price, lowest first // from cheap to expensive"
DEAR_FIRST = "most expensive first / sorted by price, highest first // from expensive to cheap"
