"""A frozen dataclass whose fields are flags and environment variables.

Each field, made by :func:`setting`, is one flag and one variable: ``port`` is ``--port`` and
``MINILORA_PORT``. The flag wins, then the variable (an empty one counts as none), then the default.
Both are read as text by the same rules, so that they mean the same; what is wrong is told in one
line that names both.

>>> from minilora.command import Parser
>>> @dataclasses.dataclass(frozen=True)
... class Oven:
...     degrees: int = setting(180, "temperature in degrees Celsius", least=0, most=300)
>>> read_settings(Oven, ["--degrees", "200"], {"MINILORA_DEGREES": "150"}, Parser(prog="oven"))
Oven(degrees=200)
>>> read_settings(Oven, [], {"MINILORA_DEGREES": "150"}, Parser(prog="oven"))
Oven(degrees=150)
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from minilora.command import flag, one_line

PREFIX = "MINILORA_"
ELSEWHERE = ("MINILORA_HOME",)  # variables with our prefix that are no setting's own
Headers = tuple[tuple[str, str], ...]
Folders = tuple[tuple[str, Path], ...]
Names = tuple[str, ...]
Field = dataclasses.Field[Any]
Config = TypeVar("Config")


def setting(
    default: Any,
    text: str,
    *,
    variable: str | None = None,
    least: float | None = None,
    most: float | None = None,
    choices: tuple[str, ...] | None = None,
    secret: bool = False,
    has_flag: bool = True,
    metavar: str | None = None,
) -> Any:
    """Return a field that is a flag and a variable.

    Args:
        default: its value where nothing is given; a function makes one.
        text: its help, with its unit.
        variable: of the environment; None is the field's name after ``MINILORA_``.
        least: of a number.
        most: of a number.
        choices: the only values.
        secret: its value shows neither in ``repr`` nor in messages.
        has_flag: False where only the environment may give it: other users can read command lines.
        metavar: how the help writes its value.
    """
    metadata = {
        "help": text,
        "variable": variable,
        "least": least,
        "most": most,
        "choices": choices,
        "secret": secret,
        "has_flag": has_flag,
        "metavar": metavar,
    }
    if callable(default):
        return dataclasses.field(default_factory=default, repr=not secret, metadata=metadata)
    return dataclasses.field(default=default, repr=not secret, metadata=metadata)


def variable(field: Field) -> str:
    """Return the environment variable of a field."""
    return field.metadata["variable"] or PREFIX + field.name.upper()


def called(field: Field) -> str:
    """Return how messages call a field: its flag, where it has one, and its variable."""
    if field.metadata["has_flag"]:
        return f"{flag(field.name)} ({variable(field)})"
    return variable(field)


def read_settings(
    config: type[Config],
    argv: Sequence[str] | None,
    environ: Mapping[str, str],
    parser: argparse.ArgumentParser,
) -> Config:
    """Return the dataclass that a command line and an environment describe.

    Args:
        config: its fields are made by :func:`setting`.
        argv: None is the process's.
        environ: the variables.
        parser: gets the flags; its ``error`` gets what is wrong, which ends the process.
    """
    fields = dataclasses.fields(config)  # type: ignore[arg-type]
    hints = typing.get_type_hints(config)
    for field in fields:
        if field.metadata["has_flag"]:
            _add_flag(parser, field, hints[field.name])
    parser.epilog = _variables_without_flag(fields)
    given = vars(parser.parse_args(argv))
    try:
        _check_spelling([variable(field) for field in fields], environ)
        values = {}
        for field in fields:
            text = given.get(field.name)
            if text is None:
                text = environ.get(variable(field)) or None
            if text is not None:
                values[field.name] = _read(field, hints[field.name], text)
        return config(**values)
    except ValueError as error:
        parser.error(one_line(error))


def check_ranges(config: Any) -> None:
    """Refuse a number outside its field's bounds, and what is not one of its choices.

    Raises:
        ValueError: with flag, variable and value.
    """
    for field in dataclasses.fields(config):
        value = getattr(config, field.name)
        least, most, choices = (field.metadata[name] for name in ("least", "most", "choices"))
        if choices is not None and value not in choices:
            raise ValueError(f"{called(field)} must be {' or '.join(choices)}, got {value!r}")
        if value is None or least is None:
            continue
        if not least <= value < math.inf or (most is not None and value > most):
            wanted = f"at least {least:g}" if most is None else f"from {least:g} to {most:g}"
            raise ValueError(f"{called(field)} must be {wanted}, got {value}")


def _add_flag(parser: argparse.ArgumentParser, field: Field, hint: Any) -> None:
    """Add a flag that only takes text: it is read where variables are."""
    text = f"{field.metadata['help']} (default: {_default(field)}; {variable(field)})"
    text = text.replace("%", "%%")
    if _kind(hint) is bool:
        parser.add_argument(
            flag(field.name), action=argparse.BooleanOptionalAction, default=None, help=text
        )
    else:
        choices = field.metadata["choices"]
        metavar = field.metadata["metavar"] or ("|".join(choices) if choices else None)
        parser.add_argument(flag(field.name), metavar=metavar, help=text)


def _variables_without_flag(fields: Sequence[Field]) -> str | None:
    """Return the end of the help, on what only the environment gives."""
    listed = [
        f"{variable(field)}: {field.metadata['help']} (default: {_default(field)})"
        for field in fields
        if not field.metadata["has_flag"]
    ]
    return "Only by the environment: " + "; ".join(listed) + "." if listed else None


def _default(field: Field) -> str:
    if field.default is dataclasses.MISSING:
        return "made at the start"
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return "none" if field.default in (None, ()) else str(field.default)


def _kind(hint: Any) -> Any:
    """Return int for ``int | None`` and so on."""
    if isinstance(hint, types.UnionType):
        return next(kind for kind in typing.get_args(hint) if kind is not type(None))
    return hint


def _read(field: Field, hint: Any, given: str | bool) -> Any:
    """Return the value that a flag or a variable stands for.

    Raises:
        ValueError: it stands for none; the message names both.
    """
    if isinstance(given, bool):
        return given
    if given.lower() == "none" and isinstance(hint, types.UnionType):
        return None
    wanted, read = READERS.get(_kind(hint), ("text", str))
    try:
        return read(given)
    except ValueError:
        got = "" if field.metadata["secret"] else f", got {given!r}"
        raise ValueError(f"{called(field)} must be {wanted}{got}") from None


def _read_bool(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError(text)


def _read_pairs(text: str) -> Headers:
    """Return the pairs of ``NAME=VALUE[,...]``."""
    pairs = []
    for part in text.split(","):
        name, value = (side.strip() for side in part.split("=", 1))  # ValueError without "="
        if not (name and value):
            raise ValueError(part)
        pairs.append((name, value))
    return tuple(pairs)


def _read_headers(text: str) -> Headers:
    """Return headers as OpenTelemetry's variables write them: values percent-encoded."""
    return tuple((name, unquote(value)) for name, value in _read_pairs(text))


def _read_path(text: str) -> Path:
    return Path(text).expanduser()


def _read_folders(text: str) -> Folders:
    return tuple((name, _read_path(folder)) for name, folder in _read_pairs(text))


def _read_names(text: str) -> Names:
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise ValueError(text)
    return names


READERS: dict[Any, tuple[str, Callable[[str], Any]]] = {
    bool: ("yes or no", _read_bool),
    int: ("a whole number", int),
    float: ("a number", float),
    Path: ("a path", _read_path),
    Headers: ("NAME=VALUE, separated by commas", _read_headers),
    Names: ("names separated by commas", _read_names),
    Folders: ("NAME=FOLDER, separated by commas", _read_folders),
}


def _check_spelling(known: Sequence[str], environ: Mapping[str, str]) -> None:
    """Refuse a variable that is nearly one of ours: misspelt, it would be ignored in silence."""
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in known or name in ELSEWHERE:
            continue
        if near := difflib.get_close_matches(name, known, n=1, cutoff=0.85):
            raise ValueError(f"the variable {name} is no setting; {near[0]} is")
