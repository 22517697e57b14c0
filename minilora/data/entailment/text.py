r"""Text as people write it, cut into sentences and words.

Data sets often hold text cut into tokens (``It opened in 1871 .``, ``-LRB-``), a served answer
does not: :func:`plain` makes them look alike, so that a judge never learns to tell data sets apart.

>>> plain("`` Roar `` -LRB- 2013 -RRB- is n't her first song , it 's her fourth .")
'"Roar" (2013) isn\'t her first song, it\'s her fourth.'
>>> sentences("Dr. Ada Lee won in 1990. She lost to J. Roe in 1991! Why?")
['Dr. Ada Lee won in 1990.', 'She lost to J. Roe in 1991!', 'Why?']
"""

from __future__ import annotations

import re

from minilora.data.entailment.lexicon import listed

_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Dr|Mr|Mrs|Ms|St|Jr|Sr|Prof|Gen|Col|Lt|Gov|Sen|Rep|No|vs|etc|c|ca|approx|Inc|"
    r"Ltd|Co|Corp|Mt|Ft|U\.S|e\.g|i\.e|[ap]\.m))\.$"
)
_END = re.compile(r'(?<=[.!?])["\')\]]*\s+(?=["\'(\[]?[A-Z0-9])')
_WORD = re.compile(r"[A-Za-z0-9]+(?:['’.-][A-Za-z0-9]+)*")

STOP_WORDS = frozenset(
    listed(
        "a an the of in on at by for to from with and or but as is are was were be been being it "
        "its he his him she her they their them this that these those which who whom whose what "
        "when where has have had do does did not no also than then there into over under about "
        "after before during such some any all more most other one would could can may will i you "
        "we my your our me"
    )
)


def plain(text: str) -> str:
    """Return a text without traces of tokenisation, on one line."""
    for code, bracket in _BRACKETS.items():
        text = text.replace(code, bracket)
    text = " ".join(text.split())
    text = (
        re.sub(r"(?:``|'')\s?|\s?(?:``|'')", '"', text)
        if text.count("``") + text.count("''") == 1
        else re.sub(r"(?:``|'')\s*(.*?)\s*(?:``|'')", r'"\1"', text)
    )
    text = re.sub(r"\s+([,.;:!?%)\]}])", r"\1", text)
    text = re.sub(r"([(\[{$])\s+", r"\1", text)
    text = re.sub(r"\s+('s|'re|'ve|'ll|'d|'m|n't)\b", r"\1", text)
    return text.replace(" -- ", " – ").strip()


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, in order; common abbreviations end none."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for match in _END.finditer(line):
            if not _ABBREVIATION.search(line[start : match.start()].rstrip("\"')]")):
                found.append(line[start : match.end()].strip())
                start = match.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def content_words(text: str) -> set[str]:
    """Return the words of a text that carry meaning."""
    return {word for word in words(text) if word not in STOP_WORDS}


def overlap(claim: str, source: str) -> float:
    """Return the share of a claim's content words that a source holds: the trivial judge."""
    wanted = content_words(claim)
    return len(wanted & content_words(source)) / len(wanted) if wanted else 0.0
