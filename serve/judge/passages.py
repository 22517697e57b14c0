r"""Passages of documents as sentences, and where a sentence stands in them.

A page's text is broken into lines where its paper ends, so a sentence goes over several. Here a
line goes on in the next one where it is long, or the next begins in lower case; headings, lists and
blank lines part.

>>> wrapped = "The tower\n\nThe lighthouse stands on a rock\nin the sea. It is white."
>>> passage_sentences(wrapped)
['The tower', 'The lighthouse stands on a rock in the sea.', 'It is white.']
>>> locate("on a rock in the sea.", [wrapped])
Evidence(quote='on a rock\nin the sea.', passage=0, start=33, end=54)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from minilora.data.entailment.evidence import shown
from minilora.data.entailment.text import sentences
from serve.judge.verdicts import Evidence

_FULL_LINE = 60  # characters: a shorter line is taken to end by itself


def passage_sentences(text: str) -> list[str]:
    """Return the sentences of a passage, each on one line."""
    parts: list[str] = []
    before = ""
    for line in map(str.strip, text.splitlines()):
        goes_on = before[-1:] not in ".!?:" and (line[:1].islower() or len(before) >= _FULL_LINE)
        if before and line and (goes_on or (before[-1] in ".!?" and len(before) >= _FULL_LINE)):
            parts[-1] += f" {line}"
        elif line:
            parts.append(line)
        before = line
    return [" ".join(sentence.split()) for part in parts for sentence in sentences(part)]


def shown_of(claim: str, passages: Sequence[str]) -> str:
    """Return what the local judge is shown of passages: the sentences nearest to the claim."""
    return shown(claim, ["\n".join(passage_sentences(passage)) for passage in passages])


def locate(quote: str, passages: Sequence[str]) -> Evidence | None:
    """Return where a quote stands, white space apart; None where it is in no passage, or empty."""
    words = quote.split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    for i, passage in enumerate(passages):
        if found := pattern.search(passage):
            return Evidence(found[0], i, found.start(), found.end())
    return None
