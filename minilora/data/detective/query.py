"""From a question to words to search for: its names and telling words, in their order.

>>> search_words("According to the report, how long is the Vell Bridge?")
'long Vell Bridge'
>>> search_words("is it true that the Nile is longer than the Amazon?")
'Nile longer Amazon'
"""

from __future__ import annotations

import re

from minilora.data.detective.sentences import STOP_WORDS
from minilora.data.detective.steps import MAX_QUERY_CHARS

MAX_WORDS = 10
_WORD = re.compile(r"\w+(?:['’.,\-/&]\w+)*%?")
_TASK_WORDS = """
    report document documents file files pdf paper page pages text uploaded attached upload
    wikipedia encyclopedia compare compared comparison agree agrees true correct right verify
    check tell know knowledge like question please thanks thank hi hello hey summary keep
    short need look find search answer source sources claim claims claimed say says said
    stated mention mentioned mentions match matches consistent contradict contradicts online
    internet web general really actually according passage section table quick notes minutes
    something anything word words let yes think tells fact facts differ differs different see
    read reads going doc docs mine whether also does false
    case confirm confirms author cross-check fact-check double-check both
"""
TASK_WORDS = frozenset(_TASK_WORDS.split())


def search_words(question: str) -> str:
    """Return the words of a question that a search engine should get; "" if it has none."""
    chosen: list[str] = []
    for word in _WORD.findall(question):
        bare = re.sub(r"['’]s$", "", word)
        if bare.lower() in STOP_WORDS or bare.lower() in TASK_WORDS:
            continue
        if bare not in chosen:
            chosen.append(bare)
    text = ""
    for word in chosen[:MAX_WORDS]:
        longer = f"{text} {word}".strip()
        if len(longer) > MAX_QUERY_CHARS:
            break
        text = longer
    return text
