r"""Bytes of tokens to text that can be shown at once.

Two things are held back: bytes that are not yet a whole character, and text that may turn out to
be the beginning of a stop text. What has been shown is never taken back.

>>> stream = TextStream(stop=("END",))
>>> [stream.feed(data) for data in (b"caf", b"\xc3", b"\xa9 E", b"N", b"T EN", b"D more")]
['caf', '', 'é ', '', 'ENT ', '']
>>> stream.stopped, stream.close()
(True, '')
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class TextStream:
    """The text of one answer.

    Args:
        stop: texts that end it; the answer is cut before the first that occurs.

    Attributes:
        stopped: a stop text came; nothing more is shown.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._stop = stop
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self.stopped = False

    def feed(self, data: bytes) -> str:
        """Take the bytes of a token and return what may be shown now."""
        if self.stopped:
            return ""
        return self._show(self._held + self._decoder.decode(data))

    def close(self) -> str:
        """Return what was held back, now that nothing follows; half a character is U+FFFD."""
        if self.stopped:
            return ""
        text = self._show(self._held + self._decoder.decode(b"", final=True))
        held, self._held = ("", "") if self.stopped else (self._held, "")
        return text + held

    def _show(self, text: str) -> str:
        """Return the part of a text that no stop text can cut, and hold back the rest."""
        places = [place for stop in self._stop if (place := text.find(stop)) >= 0]
        if places:
            self.stopped, self._held = True, ""
            return text[: min(places)]
        n_held = max((_overlap(text, stop) for stop in self._stop), default=0)
        self._held = text[len(text) - n_held :]
        return text[: len(text) - n_held]


def _overlap(text: str, stop: str) -> int:
    """Return the length of the longest end of a text with which a stop text begins."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
