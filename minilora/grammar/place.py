"""Where in a document its text stands: the JSON pointer of what is being written.

>>> place('{"tool": "dim", "args": {"na'), place('{"args": {"name": "a')
('/args', '/args/name')
>>> place('[true, {"a/b": ')
'/1/a~1b'

Source: RFC 6901, sections 3 and 4.
"""

from __future__ import annotations

import json
import re

# A whole string, a string that is still open, or one of the characters that give structure.
_PIECES = re.compile(r'"(?:[^"\\]|\\.)*"|"(?:[^"\\]|\\.?)*$|[\[\]{},:]', re.DOTALL)


def place(text: str) -> str:
    """Return the JSON pointer of the value that a document's beginning is in.

    A value that is about to begin counts; a key does not, it stands in its object. A value stays
    the place until a comma or a bracket follows.

    Args:
        text: the beginning of a JSON document.
    """
    path: list[str | int | None] = []  # None: in an object, before a colon
    key = ""
    for piece in _PIECES.findall(text):
        if piece[0] == '"':
            key = piece  # or a value: then no colon follows
        elif piece in "[{":
            path.append(0 if piece == "[" else None)
        elif piece in "]}":
            path.pop()
        elif piece == ":":
            path[-1] = str(json.loads(key))
        elif piece == ",":
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else None
    steps = [str(step) for step in path if step is not None]
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
