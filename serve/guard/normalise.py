r"""Unicode without disguises: what a text says once nothing in it is invisible or a look-alike.

Two views, for two readers:

- :func:`strip_invisible` only takes out what cannot be seen. It is for text that goes on to the
  model, the search or the answer.
- :func:`normalise` also folds compatibility forms (NFKC) and look-alike letters of words that mix
  scripts. It is for detectors, beside the raw text, and says what it changed.

Characters of the tag block spell ASCII that no one sees, and rows of variation selectors spell
bytes; what they spell is kept as ``hidden``.

>>> normalise("ign\u200bore \uff41ll")
Normalised(text='ignore all', hidden='', notes=(Note(kind='zero-width', count=1),))
>>> normalise("p\u0430ypal").notes  # the second letter is Cyrillic
(Note(kind='homoglyph', count=1),)

Sources: Unicode Standard Annex 15 (NFKC); Unicode Technical Standard 39 (confusables); Boucher &
Anderson 2021, Trojan Source, arXiv:2111.00169; Boucher et al. 2021, Bad Characters,
arXiv:2106.09898; the property Default_Ignorable_Code_Point of the Unicode Character Database.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "tag block", "bidi control", "zero-width", "variation selector", "control", "homoglyph"
]

# Letters that a reader takes for the ASCII ones below them: Cyrillic, Greek, Armenian.
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕԁһԛԝАВЕЅІЈКМНОРСТУХѴαονρτυιικΑΒΕΖΗΙΚΜΝΟΡΤΥΧոսօ",
    "aeopcyxijsdhqwABESIJKMHOPCTYXVaovptuiikABEZHIKMNOPTYXnuo",
)
_INVISIBLE: dict[Kind, str] = {
    "tag block": "\U000e0000-\U000e007f",
    "bidi control": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "zero-width": "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2065"
    "\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0080-\U000e00ff\U000e01f0-\U000e0fff",  # and what Unicode keeps for more of them
    "variation selector": "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef",
    "control": "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff",  # tab and newline stay
}
_KINDS: dict[Kind, re.Pattern[str]] = {
    kind: re.compile(f"[{characters}]") for kind, characters in _INVISIBLE.items()
}
_ANY_INVISIBLE = re.compile(f"[{''.join(_INVISIBLE.values())}]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")  # one alone picks a glyph
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
# Persian and the scripts of India spell with joiners (U+200C, U+200D) between their letters.
_SPELLING_JOINER = re.compile("(?<=[\u0600-\u0dff])[\u200c\u200d](?=[\u0600-\u0dff])")
_JOINERS_KEPT = re.compile(f"{_SPELLING_JOINER.pattern}|(?P<drop>[{''.join(_INVISIBLE.values())}])")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Note:
    """That ``count`` characters of a kind (words, for homoglyphs) were removed or folded."""

    kind: Kind
    count: int


@dataclass(frozen=True)
class Normalised:
    """A text as detectors see it.

    Attributes:
        text: NFKC, without invisible characters, look-alikes folded; a fixed point of
            :func:`normalise`.
        hidden: what characters of the tag block and rows of variation selectors spelt.
        notes: what was removed or folded, each kind once.
    """

    text: str
    hidden: str
    notes: tuple[Note, ...]


def strip_invisible(text: str) -> str:
    r"""Return a text without characters that cannot be seen; line ends become newlines.

    Joiners stay between letters of scripts that spell with them.

    >>> strip_invisible("a\u202eb\ufeffc\r\nd")
    'abc\nd'
    """
    return _JOINERS_KEPT.sub(
        lambda match: "" if match["drop"] else match[0], _LINE_END.sub("\n", text)
    )


def normalise(text: str) -> Normalised:
    """Return what detectors read beside the raw text."""
    text = _LINE_END.sub("\n", text)
    counts: dict[Kind, int] = {kind: len(pattern.findall(text)) for kind, pattern in _KINDS.items()}
    hidden = "".join(chr(ord(tag) - 0xE0000) for tag in _KINDS["tag block"].findall(text))
    hidden += "".join(map(_spelt_by_selectors, _SELECTORS.findall(text)))
    counts["homoglyph"] = 0
    before = None
    while text != before:  # what comes together when something goes may be composed or folded
        before = text
        text = unicodedata.normalize("NFKC", _LINE_END.sub("\n", _ANY_INVISIBLE.sub("", text)))
        counts["homoglyph"] += sum(map(_is_disguised, _WORD.findall(text)))
        text = _WORD.sub(lambda word: _fold(word[0]), text)
    notes = tuple(Note(kind, count) for kind, count in counts.items() if count)
    return Normalised(text, "".join(filter(str.isprintable, hidden)), notes)


def _spelt_by_selectors(row: str) -> str:
    """Return what a row of variation selectors spells as UTF-8: number n stands for byte n - 1."""
    return bytes(ord(c) - 0xFE00 if c <= "\ufe0f" else ord(c) - 0xE0100 + 16 for c in row).decode(
        "utf-8", "ignore"
    )


def fold_look_alikes(text: str) -> str:
    """Return a text with every look-alike letter in ASCII, in honest foreign words too."""
    return text.translate(_LOOK_ALIKE)


def _is_disguised(word: str) -> bool:
    """Tell a word with ASCII letters and look-alikes of other scripts: no language has it."""
    return not word.isascii() and any(c.isascii() for c in word) and fold_look_alikes(word) != word


def _fold(word: str) -> str:
    return fold_look_alikes(word) if _is_disguised(word) else word
