r"""What kind of words a question wants: a number, or anything.

"How many ships ..." is answered by a number, and whatever a model points at that holds none is no
answer. Of all kinds of answers it is the one that a rule can tell: of 1,518 such questions of the
reading step's rows, with the answers that people gave for SQuAD, 6 have another answer.

>>> wants_number("How many ships did it help?"), wants_number("Who helped it?")
(True, False)
>>> holds_number("some fifty of them"), holds_number("31 hours"), holds_number("thousands")
(True, True, False)

Source: Li & Roth 2002, Learning Question Classifiers, COLING, for the kinds; this one is their
NUM:count, with the measures.
"""

from __future__ import annotations

import re

from minilora.data.numerals import number_word

_MEASURES = """
    big bright broad cold deep expensive far fast hard heavy high hot large long many much old
    small strong tall thick warm wide
"""
_ASKED = re.compile(
    rf"\bhow (?:{'|'.join(_MEASURES.split())})\b|\b(?:what|which) (?:number|percentage|year)\b",
    re.IGNORECASE,
)
_WORDS = (*map(number_word, range(100)), "hundred", "thousand", "million", "billion", "dozen")
_WORDS += (
    "half",
    "once",
    "twice",
    "single",
    "many",
    "most",
    "majority",
    "no",
    "none",
    "all",
    "free",
)
_NUMBER = re.compile(rf"\d|\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)


def wants_number(question: str) -> bool:
    """Return whether only words that :func:`holds_number` can answer a question."""
    return _ASKED.search(question) is not None


def holds_number(text: str) -> bool:
    """Return whether a text holds a number, in figures or in words."""
    return _NUMBER.search(text) is not None
