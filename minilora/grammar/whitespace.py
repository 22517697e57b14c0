"""Where a document may hold white space, and how much of it.

    compact      none
    json.dumps   one space after every comma and colon, as Python's json.dumps writes by default;
                 characters in strings are escaped only where it does (:mod:`.strings`)
    flexible     between any two tokens nothing, one space, or a line break with its indentation

JSON itself allows any amount anywhere; a model that may write white space without end sometimes
does. Runs are therefore bounded: each is read by a small automaton, whose states are

    0 nothing yet, 1 one space, 2 carriage return, 100 + n a line break and n spaces,
    1000 + n a line break and n tabs.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

Style = Literal["flexible", "compact", "json.dumps"]
STYLES: tuple[Style, ...] = ("flexible", "compact", "json.dumps")
MAX_SPACES, MAX_TABS = 80, 20
SPACE, TAB, NEWLINE, RETURN = b" \t\n\r"
LINE, TABS = 100, 1000


class Gap(IntEnum):
    """Where white space stands."""

    START = 0  # before the document
    OPEN = 1  # after [ or {
    COMMA = 2
    COLON = 3
    BEFORE_COLON = 4
    AFTER = 5  # after a value inside an array or object


class Whitespace:
    """One of the styles.

    Raises:
        ValueError: an unknown style.
    """

    def __init__(self, style: Style) -> None:
        if style not in STYLES:
            raise ValueError(f"whitespace must be one of {', '.join(STYLES)}, got {style!r}")
        self.style = style

    def step(self, gap: Gap, run: int, byte: int) -> int | None:
        """Return the run with one more byte, None where it may not come."""
        if self.style == "compact" or gap is Gap.START:
            return None
        if self.style == "json.dumps":
            wanted = gap in (Gap.COMMA, Gap.COLON) and run == 0 and byte == SPACE
            return 1 if wanted else None
        if run == 0 and byte == SPACE:
            return 1
        if gap is Gap.BEFORE_COLON:
            return None
        if byte == NEWLINE and run in (0, 2):
            return LINE
        if run == 0 and byte == RETURN:
            return 2
        if byte == SPACE and LINE <= run < LINE + MAX_SPACES:
            return run + 1
        if byte == TAB and (run == LINE or TABS < run < TABS + MAX_TABS):
            return max(run, TABS) + 1
        return None

    def ready(self, gap: Gap, run: int) -> bool:
        """Return whether the next token may follow a run."""
        if self.style == "json.dumps":
            return run == (1 if gap in (Gap.COMMA, Gap.COLON) else 0)
        return run != 2

    def least(self, gap: Gap, run: int) -> bytes:
        """Return the fewest bytes after which the next token may follow."""
        if self.ready(gap, run):
            return b""
        return b"\n" if run == 2 else b" "
