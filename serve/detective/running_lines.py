r"""Running heads and footers: the line that opens or closes most pages, but for page numbers.

They say nothing of their page, and as chunks of their own they would be found by every question
that has a word of the document's title. A line whose number does not grow with the pages, such as
the total of an invoice, is none.

>>> texts = ("Old light.", "New light.", "No light.")
>>> pages = [Page(n, f"{text}\nReport, page {n + 2} of 9") for n, text in enumerate(texts, 1)]
>>> bodies(pages)
{1: (0, 10), 2: (0, 10), 3: (0, 9)}
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from serve.detective.documents import Page

LEAST_PAGES = 3  # that a line must stand on
MOST_CHARACTERS = 150  # of such a line
_FIRST = re.compile(r"\s*(\S[^\n]*)\n")
_LAST = re.compile(r"\n[ \t]*(\S[^\n]*)\Z")
_NUMBER = re.compile(r"\d{1,9}")


def bodies(pages: Sequence[Page]) -> dict[int, tuple[int, int]]:
    """Return page number -> start and end of its text without running lines.

    A line is one where it is the first, or the last, of more than half of the pages that have
    text, and equal on them but for one number, which is the page's plus a constant. A page that
    holds nothing else keeps them.
    """
    firsts, lasts = {}, {}
    for page in pages:
        firsts[page.number] = _span(_FIRST.match(page.text))
        lasts[page.number] = _span(_LAST.search(page.text.rstrip()))
    n_pages = sum(bool(page.text.strip()) for page in pages)
    heads = _running(pages, firsts, n_pages)
    footers = _running(pages, lasts, n_pages)
    found = {}
    for page in pages:
        start = firsts[page.number][1] if page.number in heads else 0
        end = lasts[page.number][0] if page.number in footers else len(page.text)
        end = len(page.text[:end].rstrip())
        left = start < end and bool(page.text[start:end].strip())
        found[page.number] = (start, end) if left else (0, len(page.text))
    return found


def _running(pages: Sequence[Page], spans: dict[int, tuple[int, int]], n_pages: int) -> set[int]:
    """Return the numbers of the pages whose line is a running one."""
    forms = {page.number: set(_forms(page, *spans[page.number])) for page in pages}
    counts = Counter(form for of_page in forms.values() for form in of_page)
    common = {form for form, n in counts.items() if n >= LEAST_PAGES and 2 * n > n_pages}
    return {number for number, of_page in forms.items() if of_page & common}


def _forms(page: Page, start: int, end: int) -> Iterator[str]:
    """Yield a line as it is, and with each number in turn as its distance from the page's."""
    line = page.text[start:end]
    if not 0 < len(line) <= MOST_CHARACTERS:
        return
    yield line
    for number in _NUMBER.finditer(line):
        distance = int(number[0]) - page.number
        yield f"{line[: number.start()]}#{distance}{line[number.end() :]}"


def _span(found: re.Match[str] | None) -> tuple[int, int]:
    """Return where a line stands, without white space around it; (0, 0) where there is none."""
    return (0, 0) if found is None else (found.start(1), found.start(1) + len(found[1].rstrip()))
