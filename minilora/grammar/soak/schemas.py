"""The schemas that outputs are drawn for: rows of files, or random schemas.

>>> random_schema(random.Random(1)) == random_schema(random.Random(1))
True
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("id", "name", "kind", "a/b", "größe", 'say "so"', "tags", "next")
PATTERNS = ("^[a-z]{2,5}$", "^a|b$", "[0-9]{3}", "^(x|yz)*$", "^\\S+@\\S+$", "^$|é")
FORMATS = ("date", "time", "date-time", "email", "uuid", "ipv4", "ipv6", "hostname", "uri")
WORDS = ("", "red", "blue", "naïve", "日本", "tab\there")
MAX_DEPTH = 3


def read_schemas(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield (name, schema) of the rows of a JSON-lines file, each an object with a "schema".

    Raises:
        ValueError: a line that is no such object.
    """
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}, line {number}: not JSON: {error}") from None
        if not isinstance(row, dict) or "schema" not in row:
            raise ValueError(f'{path}, line {number}: expected an object with a "schema"')
        yield f"{path.stem}:{number}", row["schema"]


def random_schemas(seed: int) -> Iterator[tuple[str, Any]]:
    """Yield (name, schema) without end, always the same for a seed; some cannot be satisfied."""
    rng, number = random.Random(seed), 0
    while True:
        yield f"random:{number}", random_schema(rng)
        number += 1


def random_schema(rng: random.Random, depth: int = MAX_DEPTH) -> Any:
    """Return a random schema of at most so many levels."""
    leaves = [_string, _number, _enum, _scalar]
    inner = [_object, _object, _array, _combined]
    make = rng.choice(leaves if depth == 0 else [*leaves, *inner, *inner])
    return make(rng, depth)


def _some(rng: random.Random, **keywords: Any) -> dict[str, Any]:
    """Return each keyword with a chance of 1 in 2."""
    return {name: value for name, value in keywords.items() if rng.random() < 0.5}


def _scalar(rng: random.Random, depth: int) -> Any:
    types = ["null", "boolean", "integer", "number", "string", "array", "object"]
    return rng.choice([True, {"type": rng.sample(types, rng.randint(1, 3))}])


def _enum(rng: random.Random, depth: int) -> Any:
    values = [*WORDS, None, True, 0, 1.5, -3, [], [1, "a"], {}, {"a": {"b": None}}]
    chosen = rng.sample(values, rng.randint(1, 4))
    return {"const": chosen[0]} if rng.random() < 0.3 else {"enum": chosen}


def _string(rng: random.Random, depth: int) -> Any:
    low = rng.randint(0, 4)
    limits = _some(rng, minLength=low, maxLength=low + rng.randint(0, 30))
    shape = _some(rng, pattern=rng.choice(PATTERNS)) or _some(rng, format=rng.choice(FORMATS))
    return {"type": "string", **(shape if "format" in shape else {**limits, **shape})}


def _number(rng: random.Random, depth: int) -> Any:
    low = rng.randint(-20, 20)
    bounds = _some(rng, minimum=low, exclusiveMaximum=low + rng.randint(1, 1000))
    steps = _some(rng, multipleOf=rng.choice([2, 5, 0.5, 0.25]))
    return {"type": rng.choice(["integer", "number"]), **bounds, **steps}


def _array(rng: random.Random, depth: int) -> Any:
    low = rng.randint(0, 2)
    schema: dict[str, Any] = {"type": "array", **_some(rng, items=random_schema(rng, depth - 1))}
    schema |= _some(rng, minItems=low, maxItems=low + rng.randint(0, 4))
    if rng.random() < 0.3:
        schema["prefixItems"] = [random_schema(rng, depth - 1) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.2:
        schema["contains"] = random_schema(rng, 0)
    return schema | ({"uniqueItems": True} if rng.random() < 0.2 else {})


def _object(rng: random.Random, depth: int) -> Any:
    names = rng.sample(NAMES, rng.randint(1, 4))
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: random_schema(rng, depth - 1) for name in names},
        "required": rng.sample(names, rng.randint(0, len(names))),
    }
    schema |= _some(rng, additionalProperties=rng.choice([False, {"type": "integer"}]))
    if rng.random() < 0.2:
        schema["patternProperties"] = {"^x_": random_schema(rng, 0)}
    if rng.random() < 0.2:
        schema["dependentRequired"] = {names[0]: [names[-1]]}
    if rng.random() < 0.2:
        schema["minProperties"] = rng.randint(0, 3)
    return schema


def _combined(rng: random.Random, depth: int) -> Any:
    parts = [random_schema(rng, depth - 1) for _ in range(2)]
    keyword = rng.choice(["anyOf", "anyOf", "oneOf", "allOf", "not", "if"])
    if keyword == "not":
        return {"not": parts[0]}
    if keyword == "if":
        return {"if": random_schema(rng, 0), "then": parts[0], "else": parts[1]}
    return {keyword: parts}
