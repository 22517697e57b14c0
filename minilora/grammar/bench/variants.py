"""More instances of a schema: its own, with other texts and numbers in them.

A service sees many different answers to one schema; the data has one or two. A variant takes texts
from other instances and draws other numbers wherever jsonschema, which is not our own, still calls
the document valid.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from typing import Any

from jsonschema import FormatChecker
from jsonschema.exceptions import SchemaError
from jsonschema.protocols import Validator
from jsonschema.validators import Draft202012Validator, validator_for
from referencing.exceptions import Unresolvable

MAX_LEAVES = 24  # tried in one instance; validating a large one takes milliseconds

Path = tuple[Any, ...]  # keys and indices from the root of a document


def texts(data: Any) -> Iterator[str]:
    """Yield every string value in a document."""
    for _, leaf in leaves(data):
        if isinstance(leaf, str):
            yield leaf


def leaves(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the scalars of a document with their places."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from leaves(value, (*path, index))
    else:
        yield path, data


def variants(schema: Any, instance: Any, pool: Sequence[str], n: int, seed: str) -> list[Any]:
    """Return up to ``n`` different valid documents like an instance.

    Args:
        schema: a JSON Schema.
        instance: a valid document.
        pool: strings to draw from.
        n: how many are wanted.
        seed: equal seeds give equal documents.
    """
    rng = random.Random(seed)
    validator = _validator(schema)
    if validator is None:
        return []
    places = list(leaves(instance))
    places = [p for p, leaf in rng.sample(places, min(len(places), MAX_LEAVES)) if leaf is not None]
    free = [path for path in places if _valid(validator, _changed(instance, [path], pool, rng))]
    found: list[Any] = []
    for _ in range(2 * n if free else 0):
        if len(found) == n:
            break
        some = rng.sample(free, rng.randint((len(free) + 1) // 2, len(free)))
        made = _changed(instance, some, pool, rng)
        if made != instance and made not in found and _valid(validator, made):
            found.append(made)
    return found


def _validator(schema: Any) -> Validator | None:
    """Return the validator of a schema's draft, None where jsonschema cannot read the schema."""
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError:
        return None
    return kind(schema, format_checker=FormatChecker())


def _valid(validator: Validator, data: Any) -> bool:
    """Return whether a document is valid; a reference that leads nowhere counts as not."""
    try:
        return validator.is_valid(data)
    except (Unresolvable, RecursionError):
        return False


def _changed(data: Any, paths: Sequence[Path], pool: Sequence[str], rng: random.Random) -> Any:
    """Return a copy of a document with other values at some places."""
    made = [copy.deepcopy(data)]
    for path in paths:
        holder: Any = made
        for step in (0, *path)[:-1]:
            holder = holder[step]
        last = (0, *path)[-1]
        holder[last] = _other(holder[last], pool, rng)
    return made[0]


def _other(leaf: Any, pool: Sequence[str], rng: random.Random) -> Any:
    """Return another value of the same type and a similar size."""
    if isinstance(leaf, bool):
        return not leaf
    if isinstance(leaf, int):
        return rng.randint(min(leaf, 0), max(2 * leaf, 9))
    if isinstance(leaf, float):
        return round(leaf * rng.uniform(0.5, 1.5), 2)
    if isinstance(leaf, str):
        return rng.choice(pool)
    return leaf
