"""From a question or a claim to words that a search engine finds pages by.

Engines that want every word of a query find nothing for a whole sentence. So the words are ranked,
and when nothing is found the last ones go. Names come first. Numbers go first: where a document is
wrong it is often a number, and the page that tells the right one does not have the wrong one.

>>> keywords("When was the Harbour Lighthouse in Keelhaven built, in 1875?")
['Harbour', 'Lighthouse', 'Keelhaven', 'built', '1875']
>>> list(shrinking(["Harbour", "Lighthouse", "built", "1875"]))
['Harbour Lighthouse built 1875', 'Harbour Lighthouse built', 'Harbour Lighthouse', 'Harbour']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from serve.guard.normalise import strip_invisible

MAX_WORDS = 8  # six queries at most, as shrinking() goes
MAX_WORD_CHARS = 60
NAME = 0  # rank of a word of a name
# A word: letters and digits, with what joins them inside ("O'Neill", "Rolls-Royce", "3.5").
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
_SENTENCE_END = re.compile(r"[.!?:]\s*$")
_STOP_WORDS = """
    a about according across after again against all also although am among an and any are
    as at be because been before being between both but by can could describe did do does
    document doing during each either explain fact find for from further get give given had
    has have having he her here hers him his how i if in into is it its itself just know
    list many may me might more most much must my name no nor not of off on once one only or
    other our out over own page please report say says said same she should show so some
    source state such tell than that the their them then there these they this those through
    to too under until up us use very was we were what when where whether which while who
    whom whose why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def keywords(text: str) -> list[str]:
    """Return up to ``MAX_WORDS`` words of a text, each once, the most telling ones first.

    Nothing in them is an operator of a search engine, whatever the text was.
    """
    in_order = sorted(_ranked(text), key=lambda entry: entry[0])  # stable: else as in the text
    return [word for _, word in in_order[:MAX_WORDS]]


def names(text: str) -> list[str]:
    """Return the words of names in a text, each once, but for those that open a sentence.

    >>> names("Does Wikipedia say when Marie Curie was born?")
    ['Marie', 'Curie']
    """
    return [word for rank, word in _ranked(text) if rank == NAME and word != "Wikipedia"]


def names_shared(text: str, source: str) -> float:
    """Return the share of a text's names that a source has; 1 where the text names nothing."""
    wanted = {name.lower() for name in names(text)}
    said = {_plain(word).lower() for word in _WORD.findall(source)}
    return len(wanted & said) / len(wanted) if wanted else 1.0


def _ranked(text: str) -> list[tuple[int, str]]:
    """Return the words of a text that are no stop words, each once, with its rank."""
    text = unicodedata.normalize("NFC", strip_invisible(text))
    ranked: dict[str, tuple[int, str]] = {}
    for match in _WORD.finditer(text):
        word = _plain(match[0])
        if word.lower() in STOP_WORDS or len(word) > MAX_WORD_CHARS or not word:
            continue
        before, after = text[: match.start()][-8:], text[match.end() :][:2]
        begins = match.start() == 0 or _SENTENCE_END.search(before) is not None
        in_name = not begins or after.strip()[:1].isupper()  # "Marie" of "Marie Curie"
        ranked.setdefault(word.lower(), (_rank(word, in_name), word))
    return list(ranked.values())


def _plain(word: str) -> str:
    """Return a word without the ending of a genitive."""
    return re.sub(r"['’]s$", "", word).strip("_")


def shrinking(words: Sequence[str]) -> Iterator[str]:
    """Yield queries of all words, then of the first three quarters of them, down to one."""
    count = len(words)
    while count > 0:
        yield " ".join(words[:count])
        count = count * 3 // 4 if count > 1 else 0


def _rank(word: str, capital_counts: bool) -> int:
    """Return NAME for a name, 1 for another word, 2 for a number: the last are dropped first."""
    if any(c.isdigit() for c in word) and not any(c.isalpha() for c in word):
        return 2
    # At the start of a sentence a capital says nothing, unless there are more in the word.
    named = word[:1].isupper() and (capital_counts or word[1:] != word[1:].lower())
    return NAME if named else 1
