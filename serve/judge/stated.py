r"""What a detective's reply states, without the quotations and the check that stand beside it.

A reply (:mod:`serve.detective.compose`) is a line for each place that answered, such as

    330 metres. From the documents: "The tower is 330 m tall." [1]

and a line with Wikipedia's verdict. The quotation is evidence, true of its source by construction:
counted as claims, quotations would lift every score. So the words before it are what is judged,
under its citation; a line that only quotes states the quotation. The verdict has its own metric.

>>> stated('330 metres. From the documents: "It is 330 m." [1]\nWikipedia supports this: "x" [2]')
'330 metres. [1]'
>>> stated('The documents: "It is 330 m tall." [1]'), stated("Any other text [1].")
('It is 330 m tall. [1]', 'Any other text [1].')
"""

from __future__ import annotations

import re

from minilora.data.entailment.text import sentences

_LINE = re.compile(
    r"(?P<said>.*?)\s*(?:From [^\":]{1,40}:|^(?:The documents|Wikipedia):)\s*"
    r"\"(?P<quote>.*)\"\s*(?P<marks>(?:\[\d+\])+)"
)
_CHECK = re.compile(
    r"Wikipedia (?:(?:supports|contradicts) this|neither supports nor contradicts this"
    r"|could not be asked)\b"
)


def stated(answer: str) -> str:
    """Return what an answer states, with its citations; text of another form stays as it is."""
    return "\n".join(_stated(line) for line in answer.splitlines() if not _CHECK.match(line))


def _stated(line: str) -> str:
    match = _LINE.fullmatch(line)
    if match is None:
        return line
    said = sentences(match["said"]) or [match["quote"]]
    return " ".join(f"{sentence} {match['marks']}" for sentence in said)
