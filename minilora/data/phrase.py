r"""The template language in which the ways of asking for a tool are written.

`{name}` prints what a person would say for the parameter and binds it; `{name=VALUE}` prints
nothing and binds the parameter to VALUE (JSON if it parses, else text); `[...]` may be left out;
`(a|b|c)` is one of them; `{name.field}` is a field of a record; a backslash escapes `[ ] ( ) { }
|`.

>>> parse("(wake me|get me up) at {time}[ for {label}]").bound_sets() == {
...     frozenset({"time"}), frozenset({"time", "label"})}
True
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any


class PhraseError(ValueError):
    """A template that cannot be read, or that does not fit its tool."""


@dataclass(frozen=True)
class Text:
    """Words printed as they stand."""

    text: str


@dataclass(frozen=True)
class Slot:
    """A parameter (path "name" or "name.field"); with `fixed`, a silent binding to `value`."""

    path: str
    fixed: bool = False
    value: Any = None


@dataclass(frozen=True)
class Sequence:
    """Parts one after the other."""

    parts: tuple[Text | Slot | Sequence | Choice, ...]

    def bound_sets(self) -> set[frozenset[str]]:
        """Return every set of paths that some expansion of the template binds."""
        combined: set[frozenset[str]] = {frozenset()}
        for part in self.parts:
            combined = {a | b for a, b in product(combined, _bound_sets(part))}
        return combined

    def slots(self) -> Iterator[Slot]:
        """Yield every slot in the template, in order."""
        for part in self.parts:
            if isinstance(part, Slot):
                yield part
            elif isinstance(part, Sequence):
                yield from part.slots()
            elif isinstance(part, Choice):
                for option in part.options:
                    yield from option.slots()


@dataclass(frozen=True)
class Choice:
    """One of several sequences; `[x]` is a choice between x and nothing."""

    options: tuple[Sequence, ...]
    optional: bool = False


def _bound_sets(part: Text | Slot | Sequence | Choice) -> set[frozenset[str]]:
    if isinstance(part, Text):
        return {frozenset()}
    if isinstance(part, Slot):
        return {frozenset({part.path})}
    if isinstance(part, Sequence):
        return part.bound_sets()
    return set().union(*(option.bound_sets() for option in part.options))


@cache
def parse(template: str) -> Sequence:
    """Read a template into a tree.

    Raises:
        PhraseError: an unclosed or stray bracket, or an empty slot; the message shows the place.
    """
    sequence, end = _parse_sequence(template, 0, closing="")
    if end != len(template):
        raise PhraseError(f"stray {template[end]!r} at {end} in {template!r}")
    return sequence


def _parse_sequence(template: str, start: int, closing: str) -> tuple[Sequence, int]:
    """Read parts from `start` up to an unescaped character of `closing` (or the end)."""
    parts: list[Text | Slot | Sequence | Choice] = []
    words: list[str] = []
    at = start

    def flush() -> None:
        if words:
            parts.append(Text("".join(words)))
            words.clear()

    while at < len(template):
        char = template[at]
        if char in closing or char in ")]}":
            break
        if char == "\\" and at + 1 < len(template):
            words.append(template[at + 1])
            at += 2
        elif char == "{":
            flush()
            slot, at = _parse_slot(template, at)
            parts.append(slot)
        elif char == "[":
            flush()
            inner, at = _parse_sequence(template, at + 1, "]")
            at = _expect(template, at, "]")
            parts.append(Choice((inner, Sequence(())), optional=True))
        elif char == "(":
            flush()
            options = []
            while True:
                option, at = _parse_sequence(template, at + 1, "|)")
                options.append(option)
                if at >= len(template) or template[at] != "|":
                    break
            at = _expect(template, at, ")")
            parts.append(Choice(tuple(options)))
        else:
            words.append(char)
            at += 1
    flush()
    return Sequence(tuple(parts)), at


def _expect(template: str, at: int, char: str) -> int:
    if at >= len(template) or template[at] != char:
        raise PhraseError(f"expected {char!r} at {at} in {template!r}")
    return at + 1


def _parse_slot(template: str, start: int) -> tuple[Slot, int]:
    """Read `{name}` or `{name=VALUE}`; VALUE may hold balanced braces."""
    depth, at = 0, start
    while at < len(template):
        if template[at] == "\\":
            at += 1
        elif template[at] == "{":
            depth += 1
        elif template[at] == "}":
            depth -= 1
            if depth == 0:
                break
        at += 1
    if at >= len(template):
        raise PhraseError(f"unclosed '{{' at {start} in {template!r}")
    name, equals, text = template[start + 1 : at].partition("=")
    if not name.replace(".", "_").isidentifier():
        raise PhraseError(f"bad slot {template[start : at + 1]!r} in {template!r}")
    if not equals:
        return Slot(name), at + 1
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = text
    return Slot(name, fixed=True, value=value), at + 1


def expand(sequence: Sequence, rng: random.Random, optional_rate: float = 0.5) -> list[Text | Slot]:
    """Return one expansion of the template: texts and slots in order.

    Args:
        sequence: a parsed template.
        rng: takes the choices.
        optional_rate: how often a `[...]` part is kept, from 0 to 1.
    """
    flat: list[Text | Slot] = []
    for part in sequence.parts:
        if isinstance(part, (Text, Slot)):
            flat.append(part)
        elif isinstance(part, Sequence):
            flat.extend(expand(part, rng, optional_rate))
        elif part.optional:
            if rng.random() < optional_rate:
                flat.extend(expand(part.options[0], rng, optional_rate))
        else:
            flat.extend(expand(rng.choice(part.options), rng, optional_rate))
    return flat
