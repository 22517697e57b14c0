r"""What an answer must look like, by the question's words: what a rule can tell for certain.

A cross-encoder that was shown some thousand questions points at words that cannot be the answer
now and then. Three rules hold in the rows of the reading step, with what people asked and answered
for SQuAD, nearly without exception:

    "How many ships ...?"  is answered by words with a number          1,512 of 1,518
    "Who helped ...?"      by words with a capital letter                646 of   662
    "... in 1910?"         by nothing, where no source has the number    181 of   186

>>> wants_number("How many ships did it help?"), holds_number("some fifty"), holds_number("ships")
(True, True, False)
>>> wants_name("Who helped it?"), holds_name("Maren Aske"), holds_name("the keepers")
(True, True, False)
>>> numbers_asked("How many did Model 77 send in 1910?"), sorted(numbers_in("1,207 in 1910"))
({'1910'}, ['1207', '1910'])

Source: Li & Roth 2002, Learning Question Classifiers, COLING: their NUM:count and HUM.
"""

from __future__ import annotations

import re

from minilora.data.numerals import number_word

_MEASURES = """
    big bright broad cold deep expensive far fast hard heavy high hot large long many much old
    small strong tall thick warm wide
"""
_COUNTED = re.compile(
    rf"\bhow (?:{'|'.join(_MEASURES.split())})\b|\b(?:what|which) (?:number|percentage|year)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\W*(?:who|whom|whose)\b", re.IGNORECASE)
_AMOUNTS = """
    hundred thousand million billion dozen half once twice single many most majority no none all
    free
"""
_WORDS = (*map(number_word, range(100)), *_AMOUNTS.split())
_NUMBER_WORD = re.compile(rf"\d|\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# A number of two digits or more, and the word before it: after a capital it may belong to a name.
_ASKED = re.compile(r"(?:(\S+) )?(?<![\w.,-])(\d[\d.,]*\d)(?![\w-])")
_BEFORE_NUMBERS = frozenset(("at", "by", "for", "in", "on", "since", "until"))


def fits(question: str, words: str) -> bool:
    """Return whether words can answer a question by what they look like."""
    if wants_number(question):
        return holds_number(words)
    return holds_name(words) if wants_name(question) else True


def wants_number(question: str) -> bool:
    """Return whether only words that :func:`holds_number` can answer a question."""
    return _COUNTED.search(question) is not None


def wants_name(question: str) -> bool:
    """Return whether only words that :func:`holds_name` can answer a question."""
    return _NAMED.match(question) is not None


def holds_number(text: str) -> bool:
    """Return whether a text holds a number, in figures or in words."""
    return _NUMBER_WORD.search(text) is not None


def holds_name(text: str) -> bool:
    """Return whether a text holds a capital letter, or letters that have no capitals."""
    return any(
        letter.lower() != letter or letter.upper() == letter for letter in text if letter.isalpha()
    )


def numbers_asked(question: str) -> set[str]:
    """Return the numbers that a question is about, but for those of names."""
    return {
        _plain(number)
        for before, number in _ASKED.findall(question)
        if not before[:1].isupper() or before.lower() in _BEFORE_NUMBERS
    }


def numbers_in(text: str) -> set[str]:
    """Return the numbers of a text, without commas of thousands and zeros that say nothing."""
    return {_plain(number) for number in _NUMBER.findall(text)}


def _plain(number: str) -> str:
    number = number.replace(",", "")
    return number.rstrip("0").rstrip(".") if "." in number else number
