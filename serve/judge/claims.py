"""Claims of an answer by rule, for models too small to write them.

A claim is a sentence that can be understood alone:

1. sentences are split, citation marks left out;
2. one that begins with a pronoun ("It", "They", "This ...") is taken together with the one before,
   where what it points to stands; the two are one claim;
3. what is no sentence but a bare answer (a few words, no auxiliary verb) is put behind the
   question;
4. a sentence that says that something is not known, or not said, states nothing.

The rule neither splits "and" nor rewrites pronouns inside a sentence: a claim may hold two facts,
and is supported where both are.

>>> split_claims("How tall is the tower?", "330 metres [1].")
['How tall is the tower? 330 metres.']
>>> split_claims("", "It stands in Paris by the river [1]. It is old [2]. Lyon has no such tower.")
['It stands in Paris by the river. It is old.', 'Lyon has no such tower.']
"""

from __future__ import annotations

import re

from minilora.data.entailment.restate import asked
from serve.judge.citations import cited
from serve.judge.judge import is_noncommittal

MAX_BARE_WORDS = 8
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|did|can|could|will|would|may|must|should)\b"
)
_POINTS_BACK = re.compile(
    r"(?:It|Its|He|His|She|Her|They|Their|This|That|These|Those|Both|Such|The same|The latter)\b"
)


def split_claims(question: str, answer: str) -> list[str]:
    """Return the claims of an answer; [] where it has no words."""
    claims: list[str] = []
    for sentence in cited(answer):
        if is_noncommittal(sentence.text):
            continue
        if claims and _POINTS_BACK.match(sentence.text):
            claims[-1] += f" {sentence.text}"
        else:
            claims.append(sentence.text)
    return [whole_claim(question, claim) for claim in claims]


def whole_claim(question: str, claim: str) -> str:
    """Return a claim that a reader understands: a bare answer stands behind its question.

    So does the entailment adapter know it from its training.
    """
    bare = len(claim.split()) <= MAX_BARE_WORDS and not _VERB.search(claim)
    return asked(question, claim) if bare and question else claim
