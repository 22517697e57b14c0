"""The final words, put together by code: what was read and quoted, or why there is no answer.

Nothing that a model or a source wrote goes in as it is: each part is rebuilt as plain text without
citations of its own (:mod:`serve.guard.output`), then the whole is rebuilt with the numbers that
this request handed out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from serve.detective.reply import Source, Verification
from serve.detective.sources import Citations, Quote
from serve.guard.output import rebuild

Place = Literal["documents", "wikipedia"]
Status = Literal["off", "nothing", "failed", "silent", "answered"]
NEITHER = "This is nothing that documents or Wikipedia could answer. Ask about a fact."
NOTHING_TO_CHECK = Verification("not_checked", "There is no answer from the documents to check.")
SILENT = "The sources do not say."
NO_ANSWER = "No answer was found."
_WHY: dict[Place, dict[Status, str]] = {
    "documents": {
        "nothing": "There are no documents to look in.",
        "failed": "The documents could not be read.",
        "silent": "The documents do not say.",
    },
    "wikipedia": {
        "off": "Wikipedia is not asked on this server.",
        "nothing": "Wikipedia has no page for these words.",
        "failed": "Wikipedia could not be read.",
        "silent": "Wikipedia does not say.",
    },
}


@dataclass(frozen=True)
class Reading:
    """What one place says.

    Attributes:
        place: where it was looked.
        status: "off" where it may not be asked, "nothing" where there was nothing to read,
            "failed" where it could not be read, "silent" where it does not say.
        quote: what comes nearest; None where nothing was read.
        answer: the model's words; "" where it is silent or the quote says it all.
    """

    place: Place
    status: Status
    quote: Quote | None = None
    answer: str = ""


@dataclass(frozen=True)
class Composed:
    """An answer's words and what they cite; ``short`` is None where it is refused."""

    text: str
    short: str | None
    sources: tuple[Source, ...]
    verification: Verification


def compose(
    readings: Iterable[Reading], verification: Verification, checked_by: Quote | None
) -> Composed:
    """Return the answer that readings amount to.

    Args:
        readings: of each place that was asked, in the order in which they are told.
        verification: of what the documents say; it counts where they are cited.
        checked_by: the quote of Wikipedia that its verdict rests on.
    """
    told = list(readings)
    answered = [reading for reading in told if reading.status == "answered"]
    if all(reading.place != "documents" for reading in answered):
        verification, checked_by = NOTHING_TO_CHECK, None
    if not answered:
        return Composed(refusal(told), None, (), verification)
    citations = Citations()
    lines = [
        _WHY[reading.place]["silent"]
        for reading in told
        if reading.status == "silent" and reading is not answered[-1]
    ]
    lines += [_line(reading, citations) for reading in answered]
    if checked_by is not None:
        number = citations.number(checked_by)
        verification = Verification(
            verification.verdict, verification.reason, verification.claim, number
        )
    if verification is not NOTHING_TO_CHECK:
        lines.append(_verdict_line(verification, checked_by))
    sources = citations.sources()
    rebuilt = rebuild("\n".join(filter(None, lines)), [source.number for source in sources])
    return Composed(rebuilt.plain, short_answer(answered[0]), sources, verification)


def refusal(readings: Iterable[Reading]) -> str:
    """Return why there is no answer.

    >>> refusal([Reading("documents", "silent"), Reading("wikipedia", "failed")])
    'The sources do not say. Wikipedia could not be read.'
    """
    told = list(readings)
    first = SILENT if any(reading.status == "silent" for reading in told) else NO_ANSWER
    others = (reading for reading in told if reading.status != "silent")
    return " ".join([first, *(_WHY[reading.place][reading.status] for reading in others)])


def short_answer(reading: Reading) -> str:
    """Return the words that answer, as plain text: the model's, or the quote where it has none."""
    said = plain(reading.answer)
    return said or plain(reading.quote.text if reading.quote else "")


def plain(untrusted: str) -> str:
    """Return text of a model or a source on one line, without links or citations.

    >>> plain("see [1] at https://evil.example/x")
    'see at evil(.)example'
    """
    return " ".join(rebuild(untrusted, ()).plain.split())


def _line(reading: Reading, citations: Citations) -> str:
    assert reading.quote is not None, "an answer rests on a quote"
    cited = f'"{plain(reading.quote.text)}" [{citations.number(reading.quote)}]'
    said = plain(reading.answer)
    name = {"documents": "the documents", "wikipedia": "Wikipedia"}[reading.place]
    stop = "" if said.endswith((".", "!", "?")) else "."
    if not said or said == plain(reading.quote.text):
        return f"From {name}: {cited}"
    return f"{said}{stop} From {name}: {cited}"


def _verdict_line(verification: Verification, checked_by: Quote | None) -> str:
    cited = ""
    if checked_by is not None:
        cited = f': "{plain(checked_by.text)}" [{verification.source}]'
    return {
        "supported": f"Wikipedia supports this{cited or '.'}",
        "contradicted": f"Wikipedia contradicts this{cited or '.'}",
        "not_found": "Wikipedia neither supports nor contradicts this.",
        "unavailable": "Wikipedia could not be asked, so only the documents are cited.",
        "not_checked": "",
    }[verification.verdict]
