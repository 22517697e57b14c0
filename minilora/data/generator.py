"""Groups of rows: one set of tools, and the queries that are asked with it.

All rows of a group share their system text, as the requests to a real service do, and a training
batch computes that text once. A group's queries are spread over its tools; about one in five is
for no tool.

>>> import random
>>> from minilora.data.catalogue import domains
>>> shelf = Shelf.of((domain, domain.tools) for domain in domains()[:2])
>>> rows = group_rows(shelf, Draw(random.Random(1)), Plan(), "demo")
>>> len({row.group for row in rows}), all(row.query for row in rows)
(1, True)
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from minilora.data.catalogue.alike import alike
from minilora.data.draw import Draw
from minilora.data.material import Domain, Tool
from minilora.data.noise import roughen
from minilora.data.offtopic import offtopic
from minilora.data.restyle import PLAIN, Offer, any_style, as_said, offer
from minilora.data.rows import JsonObject, Row, call
from minilora.data.wording import Part, Request, ask, spell_out

SET_SIZES = {1: 0.6, 2: 1.5, 3: 3.0, 4: 4.0, 5: 4.0, 6: 3.0, 7: 1.2, 8: 1.0}
MAX_TOOLS = max(SET_SIZES)
NONE_SHARE = 0.21
AS_SAID_SHARE = 0.08
SPELLED_SHARE = 0.06
MAX_TRIES = 40


@dataclass(frozen=True)
class Shelf:
    """The tools that a split may use.

    Attributes:
        stock: (domain, tool) pairs that may stand in a set and be asked for.
        only_shown: pairs that may stand in a set and are never asked for.
    """

    stock: tuple[tuple[str, Tool], ...]
    only_shown: tuple[tuple[str, Tool], ...] = ()

    @staticmethod
    def of(domains: Iterable[tuple[Domain, Sequence[Tool]]]) -> Shelf:
        """Return a shelf of these tools of these domains."""
        return Shelf(tuple((domain.name, tool) for domain, tools in domains for tool in tools))


@dataclass(frozen=True)
class Plan:
    """How the rows of a split are made.

    Attributes:
        phrasings: "training", "validation" (the first held-out template) or "test" (the others).
        restyled: whether sets are shown in many styles, or all as they stand in the catalogue.
        rows: fewest and most rows of a group.
        max_tools: most tools of a set; small ones make short rows.
    """

    phrasings: str = "training"
    restyled: bool = True
    rows: tuple[int, int] = (16, 24)
    max_tools: int = MAX_TOOLS

    def templates(self, tool: Tool) -> tuple[str, ...]:
        """Return the templates of a tool that this split may use."""
        if self.phrasings == "training":
            return tool.phrasings
        return tool.held_out[:1] if self.phrasings == "validation" else tool.held_out[1:]


def groups(shelf: Shelf, rng: random.Random, plan: Plan, prefix: str) -> Iterator[list[Row]]:
    """Yield groups of rows without end; group and row names start with the prefix."""
    used: Counter[str] = Counter()
    number = 0
    while True:
        draw = Draw(rng, held_out=plan.phrasings != "training")
        yield group_rows(shelf, draw, plan, f"{prefix}-{number:05d}", used)
        number += 1


def group_rows(
    shelf: Shelf, draw: Draw, plan: Plan, name: str, used: Counter[str] | None = None
) -> list[Row]:
    """Return the rows of one group.

    Args:
        shelf: the tools of the split.
        draw: gives all choices.
        plan: how the split's rows are made.
        name: of the group; rows are called "name-00", "name-01", ...
        used: how many sets each tool has been asked for in; the rare ones go first, and it is
            brought up to date.
    """
    used = Counter() if used is None else used
    chosen, asked_for = tool_set(shelf, draw, used, plan.max_tools)
    used.update(asked_for)
    offers = _offers(chosen, draw, plan)
    open_offers = [one for one in offers if one.tool.name in asked_for]
    draw.rng.shuffle(open_offers)
    wanted = draw.rng.randint(*plan.rows)
    if len(asked_for) < len(offers):  # part of the set is only shown: few rows, or they repeat
        wanted = min(wanted, 4 * len(asked_for))
    rows: list[Row] = []
    seen: set[str] = set()
    tools = tuple(one.definition for one in offers)
    for index in range(wanted):
        for_none = draw.chance(NONE_SHARE)
        for _ in range(MAX_TRIES):
            if for_none:
                query, answer = _query_for_none(chosen, shelf, draw, plan), call(None, {})
            else:
                query, answer = _query(open_offers[index % len(open_offers)], draw, plan)
            if query and query not in seen:
                seen.add(query)
                row_id = f"{name}-{len(rows):02d}"
                rows.append(Row(row_id, "action", tools, query, None, answer, None, name))
                break
    return rows


# --- tool sets -----------------------------------------------------------------------------------

Pair = tuple[str, Tool]


def tool_set(
    shelf: Shelf, draw: Draw, used: Mapping[str, int] | None = None, max_tools: int = MAX_TOOLS
) -> tuple[list[Pair], set[str]]:
    """Return the tools of a set, and the names of those that are asked for.

    Args:
        shelf: the tools there are.
        draw: gives all choices.
        used: how many sets have asked for each tool; those of few sets go first.
        max_tools: most tools of the set, at least 1.
    """
    counts = used or {}
    sizes = [size for size in SET_SIZES if size <= max_tools]
    size = draw.rng.choices(sizes, [SET_SIZES[size] for size in sizes])[0]
    stock = draw.rng.sample(shelf.stock, len(shelf.stock))
    stock.sort(key=lambda pair: counts.get(pair[1].name, 0))
    first = stock[0]
    if shelf.only_shown:  # one tool is asked for, among its neighbours that are only shown
        near = [pair for pair in shelf.only_shown if pair[0] == first[0]]
        chosen = _filled([first], draw.rng.sample(near, len(near)), max(3, size))
        return draw.rng.sample(chosen, len(chosen)), {first[1].name}
    near = [pair for pair in stock if pair[0] == first[0]]
    mode = draw.weighted((4, "one domain"), (3, "two parts"), (3, "mixed"))
    order = {"one domain": near + stock, "two parts": near[: size // 2 + 1] + stock, "mixed": stock}
    chosen = _filled([first], order[mode], size)
    draw.rng.shuffle(chosen)
    return chosen, {tool.name for _, tool in chosen}


def _filled(chosen: list[Pair], candidates: Sequence[Pair], size: int) -> list[Pair]:
    """Return the set with candidates added in their order until it has the size."""
    for pair in candidates:
        if len(chosen) < size and _fits(pair, chosen):
            chosen = [*chosen, pair]
    return chosen


def _fits(pair: Pair, chosen: Sequence[Pair]) -> bool:
    """Return whether a tool may join: not twice, and no stand-in for one of another domain."""
    domain, tool = pair
    return not any(
        tool.name == other.name or (domain != there and alike(tool.name, other.name))
        for there, other in chosen
    )


def _offers(chosen: Sequence[Pair], draw: Draw, plan: Plan) -> list[Offer]:
    """Return the chosen tools as they are shown."""
    if not plan.restyled:
        return [
            offer(domain, tool, PLAIN, index, draw) for index, (domain, tool) in enumerate(chosen)
        ]
    style = any_style(draw)
    if draw.chance(AS_SAID_SHARE):
        spoken = [(domain, as_said(tool)) for domain, tool in chosen]
        if all(tool is not None for _, tool in spoken):
            style = replace(style, descriptions="examples", masked=False)
            chosen = [(domain, tool) for domain, tool in spoken if tool is not None]
    return [offer(domain, tool, style, index, draw) for index, (domain, tool) in enumerate(chosen)]


# --- queries -------------------------------------------------------------------------------------


def _query(one: Offer, draw: Draw, plan: Plan) -> tuple[str, JsonObject]:
    """Return a query for the tool and its answer; "" where this try came to nothing."""
    request = _request(one.tool, draw, plan)
    return ("", {}) if request is None else (request.text, one.answer(request.args))


def _request(tool: Tool, draw: Draw, plan: Plan) -> Request | None:
    """Return a request for the tool in a template that names none of its missing parameters."""
    if plan.phrasings == "training" and draw.chance(SPELLED_SHARE):
        return roughen(spell_out(tool, draw), tool, draw)
    rate = draw.rng.choice([0.2, 0.5, 0.8])
    request = ask(tool, draw.rng.choice(plan.templates(tool)), draw, rate)
    return None if request is None else roughen(request, tool, draw)


def _query_for_none(chosen: Sequence[Pair], shelf: Shelf, draw: Draw, plan: Plan) -> str:
    """Return a query that no chosen tool answers, "" where this try came to nothing."""
    where = draw.weighted((4, "off topic"), (3, "same domain"), (3, "elsewhere"))
    if where == "off topic":
        return _offtopic_query(draw)
    here = {domain for domain, _ in chosen}
    names = [tool.name for _, tool in chosen]
    domain, tool = draw.rng.choice(shelf.stock)
    if (domain in here) != (where == "same domain"):
        return ""
    if any(alike(tool.name, name) for name in names):
        return ""
    request = _request(tool, draw, plan)
    return "" if request is None else request.text


def _offtopic_query(draw: Draw) -> str:
    text = offtopic(draw)
    if draw.chance(0.4):
        text = text[:1].upper() + text[1:]
    if draw.chance(0.5) and not text.endswith("?"):
        asks = text.lower().startswith(
            ("what", "who", "why", "how", "is ", "are ", "do ", "does ", "when", "where")
        )
        text += "?" if asks else draw.rng.choice([".", "!", "."])
    return roughen(Request((Part(text),), {}), _NOTHING, draw).text


_NOTHING = Tool("nothing", "No tool.")
