"""JSON as ``json.loads`` returns it: checked at the door, and told apart by content.

>>> check_json({"enum": [1, {"a": float("nan")}]})
Traceback (most recent call last):
    ...
minilora.grammar.errors.InvalidSchema: /enum/1/a: nan is no JSON number
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from minilora.grammar.errors import InvalidSchema, UnsupportedSchema

MAX_NESTING = 500  # of arrays and objects; also what ends the walk where one contains itself
MAX_NUMBER = 10**400  # far beyond the range of floats; above 0, its inverse is the least


def check_json(document: Any) -> None:
    """Check that a value is made of None, bool, int, float, Decimal, str, list and dict.

    Raises:
        InvalidSchema: something in it is of another type, a number that is not finite, a key that
            is no string, or text with half a surrogate pair, which UTF-8 cannot hold.
        UnsupportedSchema: it is nested too deeply, or holds a number beyond the limits.
    """
    todo: list[tuple[Any, tuple[str | int, ...]]] = [(document, ())]
    while todo:
        value, path = todo.pop()
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise _at(InvalidSchema, path, f"a key is a string, not {type(key).__name__}")
                _check_text(key, path)
            todo += [(part, (*path, key)) for key, part in value.items()]
        elif isinstance(value, list):
            todo += [(part, (*path, i)) for i, part in enumerate(value)]
        elif isinstance(value, str):
            _check_text(value, path)
        elif value is not None and not isinstance(value, bool):
            _check_number(value, path)
        if len(path) > MAX_NESTING:
            raise _at(UnsupportedSchema, path[:8], "is nested too deeply")


class Contents:
    """Numbers JSON values: equal ones alike, however often they were written down.

    The order of members counts. What is numbered is kept, and must not be changed.

    >>> number = Contents().number
    >>> number([{"a": 1}]) == number([{"a": 1}]), number([1]) == number([True])
    (True, False)
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}  # by type and parts
        self._known: dict[int, tuple[int, Any]] = {}  # id() -> number, and what has that id()

    def number(self, value: Any) -> int:
        """Return the number of a value that passed :func:`check_json`."""
        if not isinstance(value, dict | list):
            return self._numbers.setdefault((type(value), value), len(self._numbers))
        if id(value) not in self._known:
            parts: list[Hashable] = [type(value)]
            for key, part in value.items() if isinstance(value, dict) else enumerate(value):
                parts.append((key, self.number(part)))
            number = self._numbers.setdefault(tuple(parts), len(self._numbers))
            self._known[id(value)] = number, value
        return self._known[id(value)][0]


def _check_text(text: str, path: tuple[str | int, ...]) -> None:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise _at(InvalidSchema, path, f"{text!a} holds half a surrogate pair")


def _check_number(value: Any, path: tuple[str | int, ...]) -> None:
    if not isinstance(value, int | float | Decimal):
        raise _at(InvalidSchema, path, f"{type(value).__name__} is no JSON value")
    if not isinstance(value, int) and not math.isfinite(value):
        raise _at(InvalidSchema, path, f"{value} is no JSON number")
    far = abs(value.adjusted()) > 400 if isinstance(value, Decimal) else abs(value) > MAX_NUMBER
    if far and value != 0:
        raise _at(UnsupportedSchema, path, "a number beyond 1e400 or 1e-400")


def _at(
    error: type[InvalidSchema | UnsupportedSchema], path: tuple[str | int, ...], message: str
) -> InvalidSchema | UnsupportedSchema:
    """Return an error whose keyword is the last key on the way."""
    tokens = [str(key).replace("~", "~0").replace("/", "~1") for key in path]
    pointer = "".join("/" + ascii(token)[1:-1] for token in tokens[:-1])
    return error(message, ascii(tokens[-1])[1:-1] if tokens else "", pointer)
