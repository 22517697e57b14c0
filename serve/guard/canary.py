"""A secret word in the system prompt: where it turns up, the prompt has leaked.

The word is new for every request. :class:`CanaryWatch` reads an answer as it streams and lets text
through only once it cannot be the beginning of the word: the word is caught across any chunk
border, before its last character is out. Letters are compared in lower case, without anything
between them, so spacing, hyphens, line breaks and full-width forms do not hide it; it is looked for
reversed, in ROT13, in hexadecimal and in base64 (at each of the three offsets it may have) too.

>>> canary = Canary("kqzjxwvyfghbtnmr")
>>> watch = CanaryWatch(canary)
>>> watch.feed("It says: K-Q-Z-J")  # held back from the K on
'It says: '
>>> watch.feed("-X. No.") + watch.finish()
'K-Q-Z-J-X. No.'
>>> canary.is_in("RMNTB HGFY VWXJ ZQK")  # reversed
True
"""

from __future__ import annotations

import base64
import codecs
import secrets
import unicodedata

from serve.guard.normalise import fold_look_alikes

LENGTH = 20
# No vowels: the word is no word of any language, nor is it when reversed or in ROT13.
ALPHABET = "bcdfghjklmnpqrstvwxyz"


class CanaryLeaked(RuntimeError):
    """The system prompt's secret word is in the answer; the rest of it must not be shown."""


class Canary:
    """The word, and how it may be spelt.

    Attributes:
        word: lower-case ASCII letters, or digits among them.
        spellings: lower-case ASCII letters and digits, any of which gives it away.

    Raises:
        ValueError: the word is too short, so that chance would spell it, or not of these.
    """

    def __init__(self, word: str) -> None:
        if len(word) < 12 or not (word.isascii() and word.isalnum() and word == word.lower()):
            raise ValueError(
                f"a canary is at least 12 lower-case ASCII letters or digits, got {word!r}"
            )
        self.word = word
        self.spellings = tuple(sorted(_spellings(word)))

    @classmethod
    def random(cls) -> Canary:
        """Return a new one, of log2(21^20) = 87 bits, that no one can guess."""
        return cls("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))

    def is_in(self, text: str) -> bool:
        """Tell whether a whole text gives the word away."""
        squeezed = "".join(map(_squeeze, text))
        return any(spelling in squeezed for spelling in self.spellings)


class CanaryWatch:
    """Lets a stream through until the canary is in it.

    Invariant: what was fed is what was let through and what is held back, in order; the latter is
    shorter than a spelling, not counting characters that are neither letters nor digits.
    """

    def __init__(self, canary: Canary) -> None:
        self.canary = canary
        self._held = ""  # text that may be the beginning of a spelling
        self._squeezed = ""  # its letters and digits

    def feed(self, chunk: str) -> str:
        """Return the text that can be shown now.

        Raises:
            CanaryLeaked: with this chunk the word is complete; show nothing more.
        """
        shown = []
        for character in chunk:
            self._held += character
            self._squeezed += _squeeze(character)
            if any(spelling in self._squeezed for spelling in self.canary.spellings):
                raise CanaryLeaked("the answer gives away the system prompt's canary")
            keep = self._longest_beginning()
            if keep < len(self._squeezed):
                cut = _cut_before_last(self._held, keep)
                shown.append(self._held[:cut])
                self._held = self._held[cut:]
                self._squeezed = self._squeezed[len(self._squeezed) - keep :]
            elif not keep:
                shown.append(self._held)
                self._held = ""
        return "".join(shown)

    def finish(self) -> str:
        """Return what was held back, at the end of the stream."""
        shown, self._held, self._squeezed = self._held, "", ""
        return shown

    def _longest_beginning(self) -> int:
        """Return how many of the last letters and digits begin a spelling."""
        for start in range(len(self._squeezed)):
            end = self._squeezed[start:]
            if any(spelling.startswith(end) for spelling in self.canary.spellings):
                return len(end)
        return 0


def _cut_before_last(text: str, count: int) -> int:
    """Return where the last ``count`` letters and digits of a text begin."""
    position = len(text)
    while count > 0:
        position -= 1
        count -= len(_squeeze(text[position]))
    return position


def _squeeze(character: str) -> str:
    """Return a character's lower-case ASCII letters and digits: one by one, whatever the chunks.

    >>> _squeeze("K"), _squeeze("Ｋ"), _squeeze("-"), _squeeze("㏒")
    ('k', 'k', '', 'log')
    """
    folded = fold_look_alikes(unicodedata.normalize("NFKD", character)).lower()
    return "".join(c for c in folded if c.isascii() and c.isalnum())


def _spellings(word: str) -> set[str]:
    plain = {word, word[::-1], codecs.encode(word, "rot13")}
    cased = {form for text in plain for form in (text, text.upper(), text.title())}
    hexadecimal = {text.encode().hex() for text in cased}
    in_base64 = {_base64_core(text, offset) for text in cased for offset in range(3)}
    return plain | hexadecimal | in_base64


def _base64_core(text: str, offset: int) -> str:
    """Return the part of a text's base64 that does not depend on what stands around it.

    Base64 writes 3 bytes as 4 characters. With ``offset`` bytes before the text in its first
    group, characters that mix the text's bits with others are left out on both sides.
    """
    encoded = base64.b64encode(b"\0" * offset + text.encode()).decode()
    begin = (0, 2, 3)[offset]
    end = (offset + len(text)) * 8 // 6  # characters whose 6 bits are all known
    return "".join(map(_squeeze, encoded[begin:end]))
