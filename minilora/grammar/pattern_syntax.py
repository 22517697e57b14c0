r"""Reading ECMA-262 regular expressions (unicode mode) into trees.

What browsers accept beyond the unicode grammar (Annex B) is accepted where schemas use it: an
escaped punctuation mark, a brace that starts no quantifier, a class such as ``[\w-.]``.

Source: ECMA-262, section 22.2.1 (patterns) and annex B.1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NoReturn

from minilora.grammar import intervals as sets
from minilora.grammar.intervals import MAX_CODE_POINT, Intervals
from minilora.grammar.properties import property_set

MAX_DEPTH = 60  # groups within groups; the recursion below and in the terms is bounded by it
MAX_LENGTH = 100_000  # characters of a pattern
MAX_SEEN = 64  # groups and classes remembered while a pattern is read,
MIN_SEEN = 8  # each of so many characters: shorter ones are read as fast as found


class InvalidPattern(ValueError):
    """A pattern that is not a regular expression of ECMA-262."""


class UnsupportedPattern(ValueError):
    """A pattern with a construct that is refused; the message names it."""


class Assertion(Enum):
    """What holds of a position without reading a character."""

    START = "^"
    END = "$"
    BOUNDARY = "\\b"
    NO_BOUNDARY = "\\B"


@dataclass(frozen=True)
class CharSet:
    """One character out of a set."""

    intervals: Intervals


@dataclass(frozen=True)
class Sequence:
    """One item after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """Any of the items."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Loop:
    """An item ``low`` to ``high`` times; ``high`` None has no end."""

    item: Node
    low: int
    high: int | None


@dataclass(frozen=True)
class Ahead:
    """A lookahead: the rest of the text begins with the item, or (negative) does not."""

    item: Node
    negative: bool


Node = CharSet | Sequence | Choice | Loop | Assertion | Ahead

DIGITS: Intervals = ((0x30, 0x39),)
WORD: Intervals = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACE: Intervals = sets.union(
    ((0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    ((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
LINE_ENDS: Intervals = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))

_CLASSES = {"d": DIGITS, "w": WORD, "s": SPACE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_HEX = frozenset("0123456789abcdefABCDEF")
_ASCII_DIGITS = frozenset("0123456789")
_LOOKBEHINDS = ("(?<=", "(?<!")


@lru_cache(maxsize=512)
def read_pattern(pattern: str) -> Node:
    """Return the tree of a pattern; the last 512 are remembered.

    Raises:
        InvalidPattern: it is not a regular expression.
        UnsupportedPattern: it has a lookbehind, a back-reference or an inline flag, an unknown
            property, or is longer than MAX_LENGTH or deeper than MAX_DEPTH.
    """
    if len(pattern) > MAX_LENGTH:
        raise UnsupportedPattern(f"a pattern of {len(pattern)} characters")
    return _Reader(pattern).read()


class _Reader:
    """A recursive-descent reader; ``at`` is the next character."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.depth = 0
        self.deepest = 0  # that ``depth`` has been since the last bracket opened
        self._seen: dict[str, tuple[Node, int]] = {}  # height; no such text begins another one

    def read(self) -> Node:
        tree = self._choice()
        if self.at < len(self.pattern):
            self._fail("a closing parenthesis without its group")
        return tree

    def _fail(self, reason: str) -> NoReturn:
        raise InvalidPattern(f"{reason}, at {self.at} of the pattern {self.pattern[:80]!r}")

    def _refuse(self, construct: str) -> NoReturn:
        raise UnsupportedPattern(f"{construct}, in the pattern {self.pattern[:80]!r}")

    def _peek(self, length: int = 1) -> str:
        return self.pattern[self.at : self.at + length]

    def _take(self, text: str) -> bool:
        """Step over a text if it comes next."""
        if self.pattern.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def _choice(self) -> Node:
        items = [self._sequence()]
        while self._take("|"):
            items.append(self._sequence())
        return items[0] if len(items) == 1 else Choice(tuple(items))

    def _sequence(self) -> Node:
        items: list[Node] = []
        while self._peek() not in ("", "|", ")"):
            grouped = self._peek() == "("
            item = self._atom()
            bounds = self._quantifier()
            if bounds is not None:
                if isinstance(item, Assertion) and not grouped:
                    self._fail(f"a quantifier after {item.value}")
                item = Loop(item, *bounds)
            items.append(item)
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _quantifier(self) -> tuple[int, int | None] | None:
        bounds: tuple[int, int | None] | None = None
        if self._take("*"):
            bounds = 0, None
        elif self._take("+"):
            bounds = 1, None
        elif self._take("?"):
            bounds = 0, 1
        elif self._peek() == "{":
            bounds = self._counts()
        if bounds is not None:
            self._take("?")  # lazy: another match, the same language
        return bounds

    def _counts(self) -> tuple[int, int | None] | None:
        """Read {m}, {m,} or {m,n}; None, with nothing read, where the brace is a literal."""
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at + 1 : max(end, self.at + 1)].partition(",")
        if end < 0 or not low or not _ASCII_DIGITS.issuperset(low + high):
            return None
        if len(low) > 9 or len(high) > 9:
            self._refuse("a repetition above 999,999,999")
        least = int(low)
        most = int(high) if high else (None if comma else least)
        if most is not None and most < least:
            self._fail("a quantifier whose bounds are out of order")
        self.at = end + 1
        return least, most

    def _atom(self) -> Node:
        char = self._peek()
        if char in ("(", "["):
            return self._seen_before() or self._bracketed()
        if char == "\\":
            return self._escape()
        if char in "*+?":
            self._fail(f"nothing to repeat before {char!r}")
        if char == "{" and self._counts() is not None:
            self._fail("nothing to repeat before a count")
        self.at += 1
        if char == "^":
            return Assertion.START
        if char == "$":
            return Assertion.END
        if char == ".":
            return CharSet(sets.invert(LINE_ENDS))
        return _single(ord(char))

    def _seen_before(self) -> Node | None:
        """Step over a group or class whose very text was read before; return its tree."""
        for text, (tree, height) in self._seen.items():
            if self.pattern.startswith(text, self.at) and self.depth + height <= MAX_DEPTH:
                self.deepest = max(self.deepest, self.depth + height)
                self.at += len(text)
                return tree
        return None

    def _bracketed(self) -> Node:
        start, deepest = self.at, self.deepest
        self.deepest = self.depth
        tree = self._group() if self._peek() == "(" else CharSet(self._class())
        if self.at - start >= MIN_SEEN and len(self._seen) < MAX_SEEN:
            self._seen[self.pattern[start : self.at]] = tree, self.deepest - self.depth
        self.deepest = max(self.deepest, deepest)
        return tree

    def _group(self) -> Node:
        for opening in _LOOKBEHINDS:
            if self.pattern.startswith(opening, self.at):
                self._refuse(f"lookbehind {opening}")
        opening = self._peek(3)
        self.at += 1
        if opening in ("(?=", "(?!"):
            self.at += 2
        elif self._take("?"):
            self._group_head()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._refuse(f"groups nested deeper than {MAX_DEPTH}")
        self.deepest = max(self.deepest, self.depth)
        inner = self._choice()
        self.depth -= 1
        if not self._take(")"):
            self._fail("a group that is not closed")
        return Ahead(inner, opening == "(?!") if opening in ("(?=", "(?!") else inner

    def _group_head(self) -> None:
        """Step over what stands between "(?" and the group's content."""
        if self._take(":"):
            return
        if self._take("<"):
            end = self.pattern.find(">", self.at)
            if end < 0 or not self.pattern[self.at : end].replace("$", "_").isidentifier():
                self._fail("a group without a proper name")
            self.at = end + 1
            return
        if self._peek() and self._peek() in "imsux-":
            self._refuse(f"inline flags (?{self._peek()}")
        self._fail(f"an unknown group (?{self._peek()}")

    def _escape(self) -> Node:
        if self._take("\\b"):
            return Assertion.BOUNDARY
        if self._take("\\B"):
            return Assertion.NO_BOUNDARY
        following = self.pattern[self.at + 1 : self.at + 2]
        if following in _ASCII_DIGITS and following != "0":
            self._refuse(f"back-reference \\{following}")
        if following == "k":
            self._refuse("back-reference \\k")
        found = self._class_escape()
        return CharSet(found) if isinstance(found, tuple) else _single(found)

    def _class_escape(self) -> Intervals | int:
        """Read an escape that means the same in and out of classes: a set or one code point."""
        self.at += 1
        char = self._peek()
        self.at += 1
        if char.lower() in _CLASSES and char:
            chosen = _CLASSES[char.lower()]
            return chosen if char.islower() else sets.invert(chosen)
        if char in ("p", "P"):
            return self._property(negated=char == "P")
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char == "0" and self._peek() not in _ASCII_DIGITS:
            return 0
        if char == "c" and self._peek().isascii() and self._peek().isalpha():
            self.at += 1
            return ord(self.pattern[self.at - 1]) % 32
        if char == "x":
            return self._hex(2)
        if char == "u":
            return self._unicode()
        if char and not (char.isascii() and char.isalnum()):
            return ord(char)  # any punctuation may be escaped, as in Annex B
        self.at -= 1
        self._fail(f"an unknown escape \\{char}")

    def _hex(self, length: int) -> int:
        digits = self._peek(length)
        if len(digits) < length or not _HEX.issuperset(digits):
            self._fail("an escape without its hexadecimal digits")
        self.at += length
        return int(digits, 16)

    def _unicode(self) -> int:
        r"""Read what follows \u: four digits, a pair of surrogates, or digits in braces."""
        if self._take("{"):
            end = self.pattern.find("}", self.at)
            digits = self.pattern[self.at : max(end, self.at)]
            if not digits or not _HEX.issuperset(digits) or int(digits, 16) > MAX_CODE_POINT:
                self._fail("an escape \\u{...} that is no code point")
            self.at = end + 1
            return int(digits, 16)
        unit = self._hex(4)
        if 0xD800 <= unit <= 0xDBFF and self._peek(2) == "\\u":
            digits = self.pattern[self.at + 2 : self.at + 6]
            if len(digits) == 4 and _HEX.issuperset(digits):
                low = int(digits, 16)
                if 0xDC00 <= low <= 0xDFFF:
                    self.at += 6
                    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
        return unit  # a lone surrogate, which no text holds

    def _property(self, negated: bool) -> Intervals:
        end = self.pattern.find("}", self.at)
        if not self._take("{") or end < 0:
            self._fail("a property escape without its name")
        name = self.pattern[self.at : end]
        found = property_set(name)
        if found is None:
            self._refuse(f"property \\p{{{name}}}")
        self.at = end + 1
        return sets.invert(found) if negated else found

    def _class(self) -> Intervals:
        """Read [...]; [] has no character and [^] has all."""
        self.at += 1
        negated = self._take("^")
        pairs: list[tuple[int, int]] = []
        while not self._take("]"):
            first = self._class_atom()
            if self._peek() == "-" and self._peek(2) not in ("-]", "-"):
                self.at += 1
                last = self._class_atom()
                if isinstance(first, int) and isinstance(last, int):
                    if first > last:
                        self._fail("a range whose ends are out of order")
                    pairs.append((first, last))
                    continue
                pairs += [(0x2D, 0x2D), *_pairs(last)]  # [\w-.]: the hyphen is itself
            pairs += _pairs(first)
        found = sets.normalize(pairs)
        return sets.invert(found) if negated else found

    def _class_atom(self) -> Intervals | int:
        char = self._peek()
        if not char:
            self._fail("a class that is not closed")
        if char != "\\":
            self.at += 1
            return ord(char)
        if self._take("\\b"):
            return 8
        following = self.pattern[self.at + 1 : self.at + 2]
        if following == "-":
            self.at += 2
            return 0x2D
        return self._class_escape()


def _pairs(atom: Intervals | int) -> list[tuple[int, int]]:
    return [(atom, atom)] if isinstance(atom, int) else list(atom)


def _single(code_point: int) -> CharSet:
    return CharSet(sets.normalize([(code_point, code_point)]))
