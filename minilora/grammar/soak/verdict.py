"""Why an output is no document of its schema: by json, jsonschema, and the grammar itself.

Numbers are compared exactly: 1e333 is an integer, and 4.35 a multiple of 0.01. So documents and
schemas are read with whole numbers as int and others as Fraction, which jsonschema takes.

>>> from minilora.grammar import compile_json_schema
>>> problem_of(b'{"a": 1e333, "a": 2}', compile_json_schema(True), validator_of(True))
"not JSON: a key stands twice among ['a', 'a']"
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from jsonschema.protocols import Validator
from jsonschema.validators import Draft202012Validator, validator_for
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

from minilora.grammar.grammar import Grammar

MAX_EXPONENT = 1000


def validator_of(schema: Any) -> Validator:
    """Return jsonschema's validator for the schema's own draft (2020-12 if it names none)."""
    kind = validator_for(schema, default=Draft202012Validator)
    exact = json.loads(json.dumps(schema), parse_float=_exact)
    return kind(exact, registry=REGISTRY, format_checker=kind.FORMAT_CHECKER)


def problem_of(output: bytes, grammar: Grammar, validator: Validator) -> str | None:
    """Return why an output is not a document of the schema; None where it is one."""
    try:
        value = json.loads(
            output.decode(),
            object_pairs_hook=_without_repeats,
            parse_float=_exact,
            parse_constant=_refused,
        )
    except ValueError as error:
        return f"not JSON: {error}"
    wrong = next(validator.iter_errors(value), None)
    if wrong is not None:
        return f"jsonschema: {wrong.json_path}: {wrong.message[:200]}"
    return None if grammar.accepts(output) else "the grammar does not accept it"


def _exact(text: str) -> int | Fraction:
    """Return a number's value; beyond 10^±1000, where a grammar tells none apart, 10^±1000."""
    mantissa, _, exponent = text.lower().partition("e")
    power = max(-MAX_EXPONENT, min(int(exponent or 0), MAX_EXPONENT))
    number = Fraction(mantissa) * Fraction(10) ** power
    return number.numerator if number.denominator == 1 else number


def _without_repeats(members: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(members)
    if len(document) < len(members):
        raise ValueError(f"a key stands twice among {[name for name, _ in members]}")
    return document


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
