r"""How a structured-output task is written down: a scheme, its properties, its texts.

A scheme is one kind of object to be written (an invoice, a shopping list, a search) with the texts
people would send for it. Texts use the template language of `minilora.data.phrase`; `templates`
reads a list of them from a block, one behind each dash, `\n` standing for a line break.

>>> templates(r'''
... - {item} please
... - could you get {item},
...   and quickly\nthanks
... ''')
('{item} please', 'could you get {item}, and quickly\nthanks')
>>> terms("red lentils; butter;\n  two eggs")
('red lentils', 'butter', 'two eggs')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from minilora.data.material import Param


def templates(block: str) -> tuple[str, ...]:
    r"""Return the templates of a block: each starts with "- ", more lines continue it."""
    found: list[str] = []
    for line in block.strip().splitlines():
        if line.startswith("- "):
            found.append(line[2:].strip())
        elif line.strip():
            if not found:
                raise ValueError(f"a block of templates must start with '- ', got {line!r}")
            found[-1] += " " + line.strip()
    return tuple(re.sub(r" ?\\n ?", "\n", text) for text in found)


def terms(block: str) -> tuple[str, ...]:
    """Return the terms of a block, which are parted by semicolons."""
    return tuple(" ".join(term.split()) for term in block.split(";") if term.strip())


@dataclass(frozen=True)
class Scheme:
    """Texts, and the object that each of them says.

    Attributes:
        name: unique among all schemes; part of the row ids.
        task: the task of its rows ("extract", "record", "classify", "list", "filter").
        instructions: ways to put in one line what the object is.
        params: the properties; what is optional may go unsaid.
        phrasings: templates of the training texts.
        held_out: other templates; the first one serves validation, the rest serve the test.
        names: other names a property may go by, one of which a group of rows settles on.
        fillers: slots that may occur in a text and are no part of the answer.
        test_only: True for a scheme that training and validation never see.
    """

    name: str
    task: str
    instructions: tuple[str, ...]
    params: tuple[Param, ...]
    phrasings: tuple[str, ...]
    held_out: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fillers: tuple[Param, ...] = ()
    test_only: bool = False


@dataclass(frozen=True)
class Labels:
    """Texts sorted by the label they deserve.

    A text may mark the words that give the reason: "I waited <<three hours>> for a reply". The
    marks are never printed; where the schema of a group asks for the reason, it is those words.

    Attributes:
        name: unique among all schemes.
        instructions: ways to say in one line what the label tells.
        texts: training templates of every label.
        held_out: other templates of every label, the first for validation, the rest for the test.
        fillers: slots that may occur in a text.
        extra: further properties, bound in the texts by `{name=VALUE}`.
        synonyms: other names for the labels.
        property_names: names the label property may go by.
        reasons: True where every text marks a reason.
        fixed: True where every label always belongs to the schema (none may be dropped).
        test_only: True for a scheme that training and validation never see.
    """

    name: str
    instructions: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]]
    held_out: Mapping[str, tuple[str, ...]]
    fillers: tuple[Param, ...] = ()
    extra: tuple[Param, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    property_names: tuple[str, ...] = ("label",)
    reasons: bool = False
    fixed: bool = False
    test_only: bool = False


def by_label(block: str) -> dict[str, tuple[str, ...]]:
    """Return the templates of a block under its headings, which are lines like "billing:".

    >>> by_label('''
    ... yes:
    ... - sure
    ... - of course
    ... no:
    ... - never
    ... ''')
    {'yes': ('sure', 'of course'), 'no': ('never',)}
    """
    heads = list(re.finditer(r"^(\w+):$", block, re.MULTILINE))
    ends = [head.start() for head in heads[1:]] + [len(block)]
    return {
        head[1]: templates(block[head.end() : end]) for head, end in zip(heads, ends, strict=True)
    }


@dataclass(frozen=True)
class ItemList:
    """Texts that name several things, one after the other.

    A text holds the word `@items` where the things go, and may hold `@more` for a second helping.

    Attributes:
        name: unique among all schemes.
        instructions: ways to say in one line what is listed.
        params: what an item is made of; a single one makes plain items instead of objects.
        items: templates for one item.
        held_out_items: other templates for one item, for validation and test.
        texts: training templates of the whole text.
        held_out: other templates, the first for validation, the rest for the test.
        list_names: names the list may go by.
        names: other names a property of an item may go by.
        joins: ways to write the things after each other: "and", "lines", "dashes", "numbers",
            "semicolons", "then".
        fillers: slots that may occur in a text.
        most: the largest number of things.
        sort_by: the property by which texts put the things in order, "" for none.
        test_only: True for a scheme that training and validation never see.
    """

    name: str
    instructions: tuple[str, ...]
    params: tuple[Param, ...]
    items: tuple[str, ...]
    held_out_items: tuple[str, ...]
    texts: tuple[str, ...]
    held_out: tuple[str, ...]
    list_names: tuple[str, ...] = ("items",)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joins: tuple[str, ...] = ("and", "and", "dashes", "lines")
    fillers: tuple[Param, ...] = ()
    most: int = 6
    sort_by: str = ""
    test_only: bool = False
