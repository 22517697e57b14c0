"""How much work one decision about a schema may take, and the error where it would take more.

What is decided about formulas (is there a value? how may the next member go on?) can take
exponential time. Each such search counts its steps, and stops at one of these limits:

- while a schema is compiled, that refuses the schema, by keyword and place;
- while a document is read, the machine narrows to one completion (:mod:`.json_machine`), which is
  found without limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from math import inf


class TooComplex(ValueError):
    """A question takes more work than its limit allows.

    Attributes:
        keyword: the keyword that makes it so, "" where that is not known.
    """

    def __init__(self, message: str, keyword: str = "") -> None:
        super().__init__(message)
        self.keyword = keyword


@dataclass
class Limits:
    """The limits of the decisions about one schema.

    Attributes:
        options: ways in which one item or member can go on, and sets that numbers are a union of.
        classes: of keys without a name of their own that one formula tells apart.
        search: formulas looked at by one decision.
        cases: conjunctions that an array formula is a union of, for `uniqueItems`.
        matchings: states of one search for items that differ, or do not.
        derivatives: terms that one question about strings may look at.
    """

    options: float = 4096
    classes: float = 256
    search: float = 200_000
    cases: float = 512
    matchings: float = 20_000
    derivatives: float = 50_000

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Lift all limits within a with statement."""
        before = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in before:
            setattr(self, name, inf)
        try:
            yield
        finally:
            for name, limit in before.items():
                setattr(self, name, limit)
