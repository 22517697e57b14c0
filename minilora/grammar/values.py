"""JSON values in a form in which equal values are equal objects: 1 and 1.0, any order of members.

>>> canonical(read(b'{"b": 1.0, "a": [true]}')) == canonical({"a": [True], "b": 1})
True
>>> canonical(1) == canonical(True)
False
"""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

Canonical = tuple[str, Any]


def canonical(value: Any) -> Canonical:
    """Return a hashable (kind, content) of a value as :func:`read` or ``json.loads`` gives it.

    Raises:
        ValueError: no JSON value, such as NaN.
    """
    if value is None or isinstance(value, bool):
        return "literal", {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        value = Decimal(repr(value))  # the decimal that was written
    if isinstance(value, int | Decimal | Fraction):
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError(f"{value} is no JSON number")
        return "number", Fraction(value)
    if isinstance(value, str):
        return "string", value
    if isinstance(value, list | tuple):
        return "array", tuple(canonical(item) for item in value)
    if isinstance(value, dict):
        return "object", frozenset((name, canonical(part)) for name, part in value.items())
    raise ValueError(f"{type(value).__name__} is no JSON value")


def read(text: bytes | str) -> Any:
    """Return the value of a JSON text, its numbers with a point or an exponent as Decimal."""
    return json.loads(text, parse_float=Decimal)
