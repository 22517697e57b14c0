"""Sentences of a passage as spans, the one nearest to a question, and quotes that are short enough.

>>> text = "Dr. A. Holm lit the lamp at 5 p.m. in St. Agnes. It burned 3.5 hours."
>>> [text[start:end] for start, end in sentence_spans(text)]
['Dr. A. Holm lit the lamp at 5 p.m. in St. Agnes.', 'It burned 3.5 hours.']
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from minilora.data.detective.steps import MAX_QUOTE_CHARS

Span = tuple[int, int]

CELLS = " | "  # between the cells of a table's row
WRAPPED = 0.75  # of the longest line: what a wrapped line and the next word do not fit into
# A mark, what closes behind it, white space, and what a sentence may begin with.
_END = re.compile(
    r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9À-ÖØ-Þ])|\n\s*\n\s*|\n(?=[-*•|#]|\d+\.)"
)
_SHORT_FORMS = """
    mr mrs ms dr prof st rev gen col capt lt sgt gov sen rep hon jr sr vs etc al cf ca c no
    nos vol fig pp ed eds inc ltd co corp dept est approx jan feb mar apr jun jul aug sep sept
    oct nov dec e.g i.e u.s u.k u.n d.c a.m p.m b.c a.d ph.d op mt ft
"""
_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())
_ENDING_FORMS = """
    etc inc ltd co corp jr sr a.m p.m b.c a.d u.s u.k
"""
_ABBREVIATION_THAT_ENDS = frozenset(_ENDING_FORMS.split())
_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_STOP_WORDS = """
    a about above according across after again against all also although am among an and any
    are as at be because been before being between both but by can could did do does doing
    down during each either else ever every few find for from further get give given had has
    have having he her here hers him his how i if in into is it its itself just know many may
    me might mine more most much must my no nor not of off on once one only or other our out
    over own per please said same say says she should so some such tell than that the their
    them then there these they this those through to too under until up us use used very was
    we were what when where whether which while who whom whose why will with within would you
    your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def sentence_spans(text: str) -> list[Span]:
    """Return where the sentences stand; a list item or the row of a table is one of its own."""
    cuts = {0, len(text), *_hard_breaks(text)}
    for match in _END.finditer(text):
        if match[0][0] == "\n" or not _abbreviated(text, match):
            cuts.add(match.end())
    spans = []
    for first, last in pairwise(sorted(cuts)):
        part = text[first:last]
        start = first + len(part) - len(part.lstrip())
        if part.strip():
            spans.append((start, start + len(part.strip())))
    return spans


def _hard_breaks(text: str) -> list[int]:
    r"""Return where lines begin that nothing forced to begin: rows of a table, items of a list.

    A line that was wrapped ends where the next word would not have fitted; one that ends well
    before the width of the text was meant to end.

    >>> _hard_breaks("Year Ships\n1908 12\nA long line of prose that is wrapped at\nits end.")
    [11, 19]
    """
    lines = text.split("\n")
    width = WRAPPED * max(len(line.rstrip()) for line in lines)
    breaks, at = [], 0
    for line, following in pairwise(lines):
        at += len(line) + 1
        word = following.split(maxsplit=1)[:1]
        row = CELLS in line or CELLS in following
        if word and line.strip() and (row or len(line.rstrip()) + 1 + len(word[0]) <= width):
            breaks.append(at)
    return breaks


def _abbreviated(text: str, match: re.Match[str]) -> bool:
    """Return whether the full stop of a match belongs to its word alone."""
    if match[0][0] != ".":
        return False
    before = re.search(r"[\w.]*\Z", text[: match.start()])
    word = before[0] if before else ""
    following = text[match.end() : match.end() + 24].split(" ")[0]
    if word.lower() in _ABBREVIATIONS:
        # "U.S. Army" goes on, "at 5 p.m. The lamp" does not
        return word.lower() not in _ABBREVIATION_THAT_ENDS or following.lower() not in _OPENERS
    return len(word) == 1 and word.isupper()  # an initial


_BEGINNINGS = """
    the it in on at he she they this these a an for as after when while
"""
_OPENERS = frozenset(_BEGINNINGS.split())


def words(text: str) -> list[str]:
    """Return the words of a text, lower case, cut to what related words share."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in STOP_WORDS]


def _stem(word: str) -> str:
    """Return a word without the commonest endings: "opened" and "opening" are "open"."""
    if word[:1].isdigit():
        return word
    for ending in ("'s", "’s", "ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class Nearest:
    """Finds the sentence of some passages that is nearest to a question.

    score(s) = sum over shared words w of log(1 + S / S_w) / sqrt(1 + |s| / 60): S sentences, of
    which S_w have the word; long ones pay for their length, and headings count half.

    Args:
        passages: the sources.
    """

    def __init__(self, passages: Sequence[str]) -> None:
        self._spans = [
            (index, span) for index, text in enumerate(passages) for span in sentence_spans(text)
        ]
        self._words = [
            frozenset(words(passages[index][start:end])) for index, (start, end) in self._spans
        ]
        shown = [passages[index][start:end] for index, (start, end) in self._spans]
        self._heading = [re.search(r"[.!?:;|]", text) is None for text in shown]
        self._counts = Counter(word for found in self._words for word in found)

    def find(self, question: str, among: Sequence[tuple[int, Span]] | None = None) -> int:
        """Return the number of the nearest sentence, of those that are named or of all."""
        asked = set(words(question))
        total = len(self._spans)

        def score(place: int) -> tuple[float, int]:
            shared = asked & self._words[place]
            weight = sum(math.log(1 + total / self._counts[word]) for word in shared)
            halved = 2 if self._heading[place] else 1
            return weight / math.sqrt(1 + len(self._words[place]) / 60) / halved, -place

        places = range(total) if among is None else [self._spans.index(one) for one in among]
        return max(places, key=score)

    def span(self, place: int) -> tuple[int, Span]:
        """Return the passage of a sentence and where it stands there."""
        return self._spans[place]

    def holding(self, answer: str, passages: Sequence[str]) -> list[tuple[int, Span]]:
        """Return the sentences that hold an answer as whole words."""
        pattern = whole_words(answer)
        return [
            (index, (start, end))
            for index, (start, end) in self._spans
            if pattern.search(passages[index][start:end])
        ]


def whole_words(text: str) -> re.Pattern[str]:
    r"""Return a pattern that finds a text where it cuts no word, wrapped or not, in any case.

    >>> whole_words("two words").search("in Two\nwords")[0]
    'Two\nwords'
    """
    before = r"(?<!\w)" if text[:1].isalnum() else ""
    after = r"(?!\w)" if text[-1:].isalnum() else ""
    words = r"\s+".join(re.escape(word) for word in text.split(" "))
    return re.compile(before + words + after, re.IGNORECASE)


def short_quote(text: str, span: Span, answer: str = "") -> str:
    """Return a sentence as a quote; a long one is cut between words around the answer."""
    start, end = span
    quote = text[start:end]
    if len(quote) <= MAX_QUOTE_CHARS:
        return quote
    found = whole_words(answer).search(quote) if answer else None
    middle = (found.start() + found.end()) // 2 if found else 0
    first = max(0, min(middle - MAX_QUOTE_CHARS // 2, len(quote) - MAX_QUOTE_CHARS))
    last = first + MAX_QUOTE_CHARS
    if first > 0:
        first = quote.index(" ", first) + 1
    if last < len(quote):
        last = quote.rindex(" ", first, last + 1)
    return quote[first:last].strip()
