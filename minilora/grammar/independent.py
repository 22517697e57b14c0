"""Objects that ask of each member by itself, as nearly all do: completed name by name.

In general one member may decide what is asked of the others, and a short completion has to be
searched for (:mod:`.witness`). Where a formula is a conjunction of

    keys_all(name or term, F)      such members, if they come, satisfy F
    keys_some(name, F)             this member comes and satisfies F
    order(names, i)                these come in this order
    size(low, high)                asked for by no more members than come anyway

there is nothing to search: what must come is known, and what its value must satisfy
(``Progress.member_value``). A schema with 60 required properties is then 60 values and not
60 * 60 * 60 decisions. Of disjunctions (anyOf, dependencies, if) one way is taken beforehand
(``Witness.settled``).
"""

from __future__ import annotations

from minilora.grammar.formula import Formula


def names_asked_for(formula: Formula) -> tuple[str, ...] | None:
    """Return the members that must come, as they may come; None where it may depend on others."""
    asked: list[str] = []
    orders: list[tuple[str, ...]] = []
    least = 0
    for part in formula.args if formula.kind == "and" else (formula,):
        if part.kind == "keys_some" and isinstance(part.args[0], str):
            asked.append(part.args[0])
        elif part.kind == "size":
            least = max(least, part.args[0])
        elif part.kind == "order":
            orders.append(part.args[0])
        elif part.kind not in ("types", "keys_all"):
            return None
    names = tuple(dict.fromkeys(asked))
    binding = [order for order in orders if len(set(names).intersection(order)) > 1]
    if least > len(names) or len(binding) > 1:
        return None
    places = {name: place for place, name in enumerate(binding[0] if binding else ())}
    return tuple(sorted(names, key=lambda name: places.get(name, -1)))
