"""What counts as a right answer, and how sure a share of right answers is.

>>> verdict = score('{"tool": "dim", "args": {"percent": 40.0}}',
...                 {"tool": "dim", "args": {"percent": 40}}, {"type": "object"})
>>> verdict.exact, verdict.tool
(True, True)
>>> score("Sure! Here it is: {}", {"tool": None, "args": {}}, {}).syntax_error
True
>>> [round(bound, 3) for bound in wilson_interval(9, 10)]
[0.596, 0.982]
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
from referencing.exceptions import Unresolvable

Z_95 = 1.959963984540054  # two-sided 95% point of the normal distribution


@dataclass(frozen=True)
class Verdict:
    """How one raw output compares with the expected answer.

    Attributes:
        syntax_error: the text is not one JSON document and nothing else.
        schema_valid: it is, and it satisfies the row's schema.
        tool: the tool (or the list of tools) is right; None where the task has none.
        exact: the document equals the expected one; 1 and 1.0 are equal, 1 and true are not.
    """

    syntax_error: bool
    schema_valid: bool
    tool: bool | None
    exact: bool

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as a JSON object."""
        return asdict(self)


def score(text: str, expected: Mapping[str, Any], schema: Mapping[str, Any]) -> Verdict:
    """Judge a raw output against the expected answer and the schema that any answer must fit."""
    is_action = expected.keys() in ({"tool", "args"}, {"calls"})  # else a document of its own form
    wanted = tools_of(expected) if is_action else None
    try:
        document = parse_json(text)
    except ValueError:
        return Verdict(True, False, None if wanted is None else False, False)
    return Verdict(
        syntax_error=False,
        schema_valid=_fits(document, schema),
        tool=None if wanted is None else tools_of(document) == wanted,
        exact=json_equal(document, expected),
    )


def parse_json(text: str) -> Any:
    """Return the value of a text that is exactly one JSON document (RFC 8259).

    Of a key that stands twice in an object the last value counts, as in most readers.

    Raises:
        ValueError: it is not; NaN and Infinity, which Python's reader would take, are refused too,
            and so is what is nested deeper than the reader goes, some hundreds of levels.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _fits(document: Any, schema: Mapping[str, Any]) -> bool:
    """Return whether a document is valid; one that the validator cannot take to the end is not.

    That is 1e999, which no float holds, against ``multipleOf``; nesting beyond its recursion; or a
    schema that refers to another document, which is never fetched.
    """
    try:
        return Draft202012Validator(schema, registry=REGISTRY).is_valid(document)
    except (OverflowError, RecursionError, Unresolvable):
        return False


def tools_of(answer: Any) -> list[Any] | None:
    """Return the tools an answer calls, [None] for "no tool fits", None where it is no action."""
    if not isinstance(answer, Mapping):
        return None
    calls = answer.get("calls", [answer])
    if not isinstance(calls, Sequence) or isinstance(calls, str):
        return None
    if not all(isinstance(call, Mapping) and "tool" in call for call in calls):
        return None
    return [call["tool"] for call in calls]


def json_equal(a: Any, b: Any) -> bool:
    """Return whether two JSON values are equal: key order is free, 1 == 1.0, true is not 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(json_equal(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(json_equal(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """Return the 95% interval of a share: Wilson's score interval, which stays within 0 and 1.

    (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n), p = successes / n.

    Raises:
        ValueError: more successes than rows, or fewer than none.
    Source: Wilson 1927, J. Am. Stat. Assoc. 22, 209-212.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if n == 0:
        return 0.0, 1.0
    p = successes / n
    middle = p + Z_95**2 / (2 * n)
    spread = Z_95 * math.sqrt(p * (1 - p) / n + Z_95**2 / (4 * n * n))
    scale = 1 + Z_95**2 / n
    low = 0.0 if successes == 0 else (middle - spread) / scale  # exactly, not nearly
    high = 1.0 if successes == n else (middle + spread) / scale
    return low, high


@dataclass(frozen=True)
class Share:
    """A share of rows with its count and 95% interval."""

    successes: int
    n: int

    @property
    def value(self) -> float:
        """The share, from 0 to 1; 0 where there are no rows."""
        return self.successes / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Its Wilson interval."""
        return wilson_interval(self.successes, self.n)


def summarize(verdicts: Sequence[Verdict]) -> dict[str, Share | None]:
    """Return the shares of the benchmark's columns; None for "tool" where no row has tools."""
    n = len(verdicts)
    with_tool = [v.tool for v in verdicts if v.tool is not None]
    return {
        "syntax_error": Share(sum(v.syntax_error for v in verdicts), n),
        "schema_valid": Share(sum(v.schema_valid for v in verdicts), n),
        "tool": Share(sum(with_tool), len(with_tool)) if with_tool else None,
        "exact": Share(sum(v.exact for v in verdicts), n),
    }
