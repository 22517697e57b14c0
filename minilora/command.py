"""What every command shares: flags made from a dataclass, and exit codes.

0: done. 2: bad use or bad input, told in one line on stderr. 1: the work itself failed.

>>> @dataclasses.dataclass(frozen=True)
... class Oven:
...     degrees: int = option(180, "temperature in degrees Celsius")
>>> parser = Parser(prog="oven")
>>> add_flags(parser, Oven)
>>> from_flags(Oven, parser.parse_args(["--degrees", "200"]))
Oven(degrees=200)
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from minilora.atomic import write_whole

Config = TypeVar("Config")


class CommandFailed(RuntimeError):
    """The work failed although the input was right; its message is the one line that is shown."""


class Parser(argparse.ArgumentParser):
    """An argument parser that answers bad use with one line, not with the list of all flags."""

    def error(self, message: str) -> typing.NoReturn:
        """Print the line and leave with code 2."""
        self.exit(2, f"error: {message} ({self.prog} --help lists the flags)\n")


def option(default: Any, text: str, **metadata: Any) -> Any:
    """Return a dataclass field that becomes a flag: ``text`` is its help, with its unit."""
    return dataclasses.field(default=default, metadata={"help": text, **metadata})


def flag(name: str) -> str:
    """Return the flag of a field: "batch_tokens" is --batch-tokens."""
    return "--" + name.replace("_", "-")


def add_flags(parser: argparse.ArgumentParser, config: type[Any]) -> None:
    """Add one ``--flag`` for each field of a dataclass made with :func:`option`."""
    hints = typing.get_type_hints(config)
    for field in dataclasses.fields(config):
        shown = "none" if field.default is None else str(field.default)
        text = f"{field.metadata['help']} (default: {field.metadata.get('shown', shown)})"
        kind = _plain_type(hints[field.name])
        if kind is bool:
            parser.add_argument(
                flag(field.name),
                action=argparse.BooleanOptionalAction,
                default=field.default,
                help=text,
            )
        else:
            parser.add_argument(
                flag(field.name),
                type=kind,
                default=field.default,
                choices=field.metadata.get("choices"),
                metavar=field.metadata.get("metavar"),
                help=text.replace("%", "%%"),
            )


def from_flags(config: type[Config], arguments: argparse.Namespace) -> Config:
    """Return the dataclass that the parsed flags describe; its own checks may raise ValueError."""
    names = [field.name for field in dataclasses.fields(config)]  # type: ignore[arg-type]
    return config(**{name: getattr(arguments, name) for name in names})


def _plain_type(hint: Any) -> type[Any]:
    """Return int for ``int | None`` and so on."""
    if isinstance(hint, types.UnionType):
        hint = next(kind for kind in typing.get_args(hint) if kind is not type(None))
    return typing.cast(type[Any], hint)


def check_writable(**paths: str | None) -> None:
    """Refuse result files that could not be written, before the work is done rather than after.

    Args:
        paths: flag, without dashes -> file, or None where it was not given.

    Raises:
        ValueError: the file's folder does not exist, or a folder stands in its place.
    """
    for name, path in paths.items():
        if path is not None and not Path(path).absolute().parent.is_dir():
            raise ValueError(f"{flag(name)} {path}: its folder does not exist")
        if path is not None and Path(path).is_dir():
            raise ValueError(f"{flag(name)} {path} is a folder, not a file")


def write_json(path: Path | str | None, report: Any) -> None:
    """Write a machine-readable report, if one was asked for, whole or not at all."""
    if path is not None:
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        write_whole(Path(path), text.encode("utf-8"))


def exit_with(work: Callable[[], None]) -> typing.NoReturn:
    """Run a command's work and leave the process with its exit code."""
    try:
        work()
    except (ValueError, FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        print(f"error: {one_line(error)}", file=sys.stderr)
        sys.exit(2)
    except (CommandFailed, OSError) as error:
        print(f"failed: {one_line(error)}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    sys.exit(0)


def one_line(error: BaseException) -> str:
    """Return an exception's message on one line."""
    return " ".join(str(error).split()) or type(error).__name__
