"""The data card: what the splits hold, counted from the rows themselves.

>>> from minilora.data.splits import build
>>> facts = counted(build(seed=0, train_rows=30, held_out_rows=10, structured_share=0))
>>> facts["splits"]["train"]["rows"]
30
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from minilora.data.catalogue import domains
from minilora.data.catalogue.unseen import UNSEEN_DOMAINS, is_unseen
from minilora.data.nearness import NEAR
from minilora.data.prompt import answer_text
from minilora.data.rows import JsonObject, Row

CARD = Path(__file__).with_name("CARD.md")
_INTRODUCTION = """\
# Data card

Rows (query, tools) -> one JSON action, and rows (text, type) -> one JSON document. `minilora.data`
composes them from material written for this project; no other data set went into it. Licence:
Apache-2.0, like the rest of this repository. Language: English, with names and titles from many
languages. Remake it byte for byte with

    python -m minilora.data --seed {seed} --train-rows {train_rows} --out FOLDER

and this card with `--card`.
"""
_LIMITS = """\
## How the splits are kept apart

- `validation` and the tests use phrasings that training never uses (the first held-out phrasing of
  a tool is validation's, the others are the test's) and values from a part of every pool, about
  30%, that training never draws from.
- `test_unseen` asks for tools that training never shows, not even as a bystander: all of
  {unseen_domains}, and one tool in ten of the other domains.
- `test_structured` holds, for about half of its rows, schemas that training never shows.
- No row of a split is near a row of another: the Jaccard similarity of their five-letter pieces
  stays below {near}; a test checks every pair.
- Training shows sets of tools in many styles (camelCase, dotted, masked names, missing
  descriptions, examples instead of descriptions); the tests show them as the catalogue has them.

## Limits

- The queries are composed from templates. They read as people write, with slips, detours and
  corrections, but a tool has seven to twelve ways of being asked for, not thousands.
- One turn: there are no conversations in it, though user rows may be conversations.
- What is not said is absent. Defaults, relative dates ("tomorrow" as a calendar date) and facts
  about the user are never filled in; "tomorrow" is copied where a parameter takes the user's words.
- A request that lacks something required is not among the rows where no tool fits.
- English only, and mostly one kind of English; names are from many countries, addresses are not.
- People, companies, accounts and addresses are made up; a likeness to real ones is chance.
"""


def counted(splits: Mapping[str, Sequence[Row]]) -> JsonObject:
    """Return all counts of the card as one JSON object."""
    tools = [(domain, tool) for domain in domains() for tool in domain.tools]
    kinds = Counter(kind for _, tool in tools for kind in _kinds(tool.function_schema()))
    return {
        "splits": {name: _counts(rows) for name, rows in splits.items()},
        "tools": {
            "domains": len(domains()),
            "tools": len(tools),
            "unseen": sum(is_unseen(domain, tool) for domain, tool in tools),
            "parameters": sum(len(tool.params) for _, tool in tools),
            "phrasings": sum(len(tool.phrasings) for _, tool in tools),
            "held_out_phrasings": sum(len(tool.held_out) for _, tool in tools),
            "kinds": dict(kinds.most_common()),
        },
        "domains": {
            domain.name: {
                "title": domain.title,
                "tools": len(domain.tools),
                "unseen": sum(is_unseen(domain, tool) for tool in domain.tools),
                "phrasings": sum(len(tool.phrasings + tool.held_out) for tool in domain.tools),
            }
            for domain in domains()
        },
    }


def _counts(rows: Sequence[Row]) -> JsonObject:
    actions = [row for row in rows if row.task == "action"]
    none = sum(row.answer["tool"] is None for row in actions)
    return {
        "rows": len(rows),
        "groups": len({row.group for row in rows}),
        "tasks": dict(sorted(Counter(row.task for row in rows).items())),
        "no_tool": none,
        "no_tool_share": round(none / len(actions), 4) if actions else None,
        "tools_asked_for": len({row.answer["tool"] for row in actions} - {None}),
        "mean_tools_shown": _mean([len(row.tools) for row in actions]),
        "mean_query_words": _mean([len(row.query.split()) for row in rows]),
    }


def _mean(values: Sequence[int]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None


def _kinds(definition: JsonObject) -> Iterator[str]:
    """Yield what each parameter of a tool holds, in words."""
    for schema in definition["function"]["parameters"]["properties"].values():
        yield _kind(schema)


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "enum"
    if schema["type"] == "array":
        return f"list of {_kind(schema['items'])}"
    return f"string ({schema['format']})" if "format" in schema else str(schema["type"])


# --- as Markdown ---------------------------------------------------------------------------------


def card_text(splits: Mapping[str, Sequence[Row]], seed: int) -> str:
    """Return the card as Markdown."""
    facts = counted(splits)
    parts = [
        _INTRODUCTION.format(seed=seed, train_rows=facts["splits"]["train"]["rows"]),
        _split_section(facts),
        _task_section(facts),
        _tool_section(facts),
        _example_section(splits),
        _LIMITS.format(unseen_domains=", ".join(f"`{name}`" for name in UNSEEN_DOMAINS), near=NEAR),
    ]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def _split_section(facts: JsonObject) -> str:
    head = [
        "split",
        "rows",
        "groups",
        "no tool fits",
        "names asked for",
        "tools shown",
        "words a query",
    ]
    rows = [
        [
            f"`{name}`",
            one["rows"],
            one["groups"],
            "-"
            if one["no_tool_share"] is None
            else f"{one['no_tool']} ({one['no_tool_share']:.1%})",
            one["tools_asked_for"],
            one["mean_tools_shown"] or "-",
            one["mean_query_words"],
        ]
        for name, one in facts["splits"].items()
    ]
    total = sum(one["rows"] for one in facts["splits"].values())
    note = (
        "The share of rows where no tool fits is of the action rows; tools shown is a row's mean; "
        "training shows a tool under several names."
    )
    return f"## Splits\n\n{total} rows.\n\n{_table(head, rows)}\n{note}\n"


def _task_section(facts: JsonObject) -> str:
    tasks = sorted({task for one in facts["splits"].values() for task in one["tasks"]})
    head = ["task", *(f"`{name}`" for name in facts["splits"])]
    rows = [
        [task, *(one["tasks"].get(task, 0) for one in facts["splits"].values())] for task in tasks
    ]
    return f"## Tasks\n\n{_table(head, rows)}"


def _tool_section(facts: JsonObject) -> str:
    tools = facts["tools"]
    rows = [
        [f"`{name}`", one["title"], one["tools"], one["unseen"], one["phrasings"]]
        for name, one in facts["domains"].items()
    ]
    kinds = [[kind, count] for kind, count in tools["kinds"].items()]
    return (
        f"## Tools\n\n{tools['tools']} tools in {tools['domains']} domains, "
        f"{tools['unseen']} of them never trained; {tools['parameters']} parameters; "
        f"{tools['phrasings']} phrasings for training and {tools['held_out_phrasings']} held out."
        "\n\n"
        + _table(["domain", "about", "tools", "never trained", "phrasings"], rows)
        + "\n"
        + _table(["parameter holds", "parameters"], kinds)
    )


def _example_section(splits: Mapping[str, Sequence[Row]]) -> str:
    """One training row of every task."""
    first: dict[str, Row] = {}
    for row in splits["train"]:
        if len(row.query) < 240:
            first.setdefault(row.task, row)
    blocks = [
        f"{task}:\n\n    {json.dumps(row.query, ensure_ascii=False)}\n    {answer_text(row)}\n"
        for task, row in sorted(first.items())
    ]
    return "## Examples\n\n" + "\n".join(blocks)
