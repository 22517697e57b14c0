"""Rows that ask for two or three things at once, each a call of one of the tools.

Tools, names and ways of asking are those of the catalogue; only how requests are strung together is
new here. In half of the test groups the tools are ones that training never shows.

>>> from minilora.data.wording import Part, Request
>>> first, second = Request((Part("Dim the lights!"),), {}), Request((Part("I need milk"),), {})
>>> string_together([first, second], [", and "])
'Dim the lights, and I need milk'
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from minilora.data.catalogue.unseen import seen_tools, unseen_tools
from minilora.data.draw import Draw
from minilora.data.generator import Plan, Shelf, tool_set
from minilora.data.material import Tool
from minilora.data.restyle import PLAIN, Offer, any_style, offer
from minilora.data.rows import Row
from minilora.data.structured.render import misspell
from minilora.data.structured.splits import Split
from minilora.data.wording import Part, Request, ask, lower_cased

UNSEEN_SHARE = 0.5
# ways from one request to the next: within a sentence, and between sentences
JOINS = (
    (", and ", " and ", " and then ", "; ", ", then ", " and also "),
    (". Also, ", ". Then ", ". After that, ", ". Oh, and ", ". Next, ", "\n", ". Besides, ",
     ". And ", " - and "),
)  # fmt: skip
HELD_OUT_JOINS = (
    (", plus ", " & ", ", oh and ", ", and on top of that "),
    (". On top of that, ", ". Once that's done, ", ". While you're at it, ", ". One more thing: "),
)  # fmt: skip
OPENINGS = ("", "", "", "", "", "Two things: ", "hi, ", "Hello! ", "quick: ", "ok so ")
HELD_OUT_OPENINGS = ("", "", "", "A couple of things: ", "hey there, ", "could you help me out? ")
GREETING = re.compile(
    r"^(hi|hello|hey|good (morning|evening)|ok|okay|so)( there)?[,!.] ", re.IGNORECASE
)


def call_group(split: Split, draw: Draw, size: int, group: str) -> list[Row]:
    """Return rows over one set of tools, each asking for several of them in turn."""
    offers = offered(split, draw)
    plan = Plan(phrasings={"train": "training"}.get(split, split))
    joins, openings = (JOINS, OPENINGS) if split == "train" else (HELD_OUT_JOINS, HELD_OUT_OPENINGS)
    tools = tuple(one.definition for one in offers)
    rows: list[Row] = []
    for _ in range(3 * size):
        if len(rows) == size:
            break
        count = min(len(offers), draw.weighted((7, 2), (3, 3)))
        chosen = draw.rng.sample(offers, count)
        requests = [worded(one.tool, plan, draw) for one in chosen]
        said = [request for request in requests if request is not None]
        if len(said) < count:
            continue
        long = any(re.search(r"[.?!:] ", request.text) for request in said)
        gaps = draw.rng.choices(joins[1] if long else joins[draw.rng.randrange(2)], k=count - 1)
        opening = draw.rng.choice(openings) if count == 2 else ""
        query = opening + string_together(said, gaps, capital=not opening and draw.chance(0.6))
        calls = [one.answer(request.args) for one, request in zip(chosen, said, strict=True)]
        name = f"{group}-{len(rows)}"
        rows.append(Row(name, "multi_call", tools, query, None, {"calls": calls}, None, group))
    return rows


def offered(split: Split, draw: Draw) -> list[Offer]:
    """Return a set of at least three tools as it is shown to the model."""
    unseen = split == "test" and draw.chance(UNSEEN_SHARE)
    shelf = Shelf.of(unseen_tools() if unseen else seen_tools())
    chosen, _ = tool_set(shelf, draw)
    while not 3 <= len(chosen) <= 6:
        chosen, _ = tool_set(shelf, draw)
    style = any_style(draw) if split == "train" else PLAIN
    return [offer(domain, tool, style, index, draw) for index, (domain, tool) in enumerate(chosen)]


def worded(tool: Tool, plan: Plan, draw: Draw) -> Request | None:
    """Return a request for the tool, at times in lower case or with a slip of the pen."""
    request = ask(tool, draw.rng.choice(plan.templates(tool)), draw, draw.rng.choice([0.2, 0.5]))
    if request is None:
        return None
    if draw.chance(0.2):
        return lower_cased(request, tool)
    return Request(tuple(slipped(part, draw) for part in request.parts), request.args)


def slipped(part: Part, draw: Draw) -> Part:
    """Return the part, at times with a misspelt word if it is the author's own."""
    long = re.findall(r"\b[a-z]{5,}\b", part.text)
    if part.path or not long or not draw.chance(0.06):
        return part
    word = draw.rng.choice(long)
    return Part(part.text.replace(word, misspell(word, draw.rng), 1))


def string_together(requests: Sequence[Request], gaps: Sequence[str], capital: bool = True) -> str:
    """Return the requests as one text, with the gaps between them."""
    text = sentence(requests[0])
    if capital:
        text = text[:1].upper() + text[1:]
    for gap, request in zip(gaps, requests[1:], strict=True):
        text += gap + sentence(request)
    return text


def sentence(request: Request) -> str:
    """Return the request without its last mark, beginning small where that is right."""
    text = GREETING.sub("", request.text.rstrip(" .!?"))
    own = bool(request.parts) and not request.parts[0].path
    proper = re.match(r"I\b|[A-Z]{2}|\W", text) is not None
    return text[:1].lower() + text[1:] if own and not proper else text
