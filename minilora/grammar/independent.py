"""Objects that ask of each member by itself, as nearly all do: completed name by name.

In general one member may decide what is asked of the others, and a short completion has to be
searched for (:mod:`.witness`). Where a formula is a conjunction of

    keys_all(name or term, F)      such members, if they come, satisfy F
    keys_some(name, F)             this member comes and satisfies F
    order(names, i)                these come in this order
    size(low, high)                asked for by no more members than come anyway

there is nothing to search: what must come is known, and what its value must satisfy. A schema with
60 required properties is then 60 values and not 60 * 60 * 60 decisions.
"""

from __future__ import annotations

from collections.abc import Iterable

from minilora.grammar.formula import Formula
from minilora.grammar.progress import Progress
from minilora.grammar.terms import Term


class Independent:
    """The members of one such object.

    Attributes:
        required: names that must come, in an order in which they may.
    """

    def __init__(
        self,
        progress: Progress,
        required: Iterable[str],
        named: dict[str, list[Formula]],
        classes: list[tuple[Term, Formula]],
    ) -> None:
        self.required = tuple(required)
        self._progress, self._named, self._classes = progress, named, classes

    def value(self, name: str) -> Formula:
        """Return what the value of a member must satisfy."""
        contains = self._progress.terms.contains
        inside = [value for term, value in self._classes if contains(term, name)]
        values = [*self._named.get(name, ()), *inside]
        return values[0] if len(values) == 1 else self._progress.formulas.both(*values)


def independent(progress: Progress, formula: Formula) -> Independent | None:
    """Return the members of an object's formula; None where they may depend on each other."""
    required: dict[str, None] = {}
    named: dict[str, list[Formula]] = {}
    classes: list[tuple[Term, Formula]] = []
    places: dict[str, int] = {}
    least = 0
    for part in formula.args if formula.kind == "and" else (formula,):
        if part.kind == "size":
            least = max(least, part.args[0])
        elif part.kind == "order":
            if places:
                return None
            places = {name: place for place, name in enumerate(part.args[0])}
        elif part.kind in ("keys_all", "keys_some"):
            key, value = part.args
            if isinstance(key, str):
                named.setdefault(key, []).append(value)
            elif part.kind == "keys_some":
                return None
            else:
                classes.append((key, value))
            if part.kind == "keys_some":
                required[key] = None
        elif part.kind != "types":
            return None
    if least > len(required):
        return None
    ordered = sorted(required, key=lambda name: places.get(name, -1))
    return Independent(progress, ordered, named, classes)
