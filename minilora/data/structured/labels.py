"""Rows of the schemes that sort a text under a label."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from minilora.data.draw import Draw
from minilora.data.rows import JsonObject, Row
from minilora.data.structured.forms import draw_style, property_schema
from minilora.data.structured.render import Piece, render, roughen, split_reason, tidy
from minilora.data.structured.scheme import Labels
from minilora.data.structured.splits import Split, some_of

FEWEST = 3  # labels in a schema
REASON_NAMES = ("reason", "evidence", "quote", "because")


def label_group(scheme: Labels, split: Split, draw: Draw, size: int, group: str) -> list[Row]:
    """Return rows that share one schema: some of the labels, each under one of its names."""
    rng = draw.rng
    style = replace(draw_style(rng), nullable=False)
    labels = list(scheme.texts)
    if rng.random() < 0.6:
        rng.shuffle(labels)
    if not scheme.fixed:
        labels = labels[: rng.randint(max(FEWEST, len(labels) - 2), len(labels))]
    named = {label: rng.choice(list(scheme.synonyms.get(label, (label,)))) for label in labels}
    key = rng.choice(scheme.property_names)
    reason = rng.choice(REASON_NAMES) if scheme.reasons and rng.random() < 0.7 else None
    extra = [param for param in scheme.extra if rng.random() < 0.75]
    properties: dict[str, Any] = {
        style.spell(key): {"type": "string", "enum": list(named.values())}
    }
    for param in extra:
        properties[style.spell(param.name)] = property_schema(param, style)
    if reason:
        about = "Words of the text that show it, as written"
        properties[reason] = {"type": "string", "description": about}
    schema: JsonObject = {
        "description": rng.choice(scheme.instructions),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    kinds = {param.name: param.kind for param in scheme.fillers + scheme.extra}
    rows = []
    for index in range(size):
        label = rng.choice(labels)
        texts = some_of(scheme.texts[label], scheme.held_out[label], split, scheme.test_only)
        said = render(rng.choice(texts), kinds, draw)
        query, why = split_reason(_rough_text(said.pieces, draw, keep=bool(reason)))
        answer: JsonObject = {style.spell(key): named[label]}
        answer |= {style.spell(param.name): said.values[param.name] for param in extra}
        if reason:
            answer[reason] = why
        rows.append(Row(f"{group}-{index}", "classify", (), query, None, answer, schema, group))
    return rows


def _rough_text(pieces: tuple[Piece, ...], draw: Draw, keep: bool) -> str:
    """Return the text; roughened unless the answer quotes it, for a quote should look like one."""
    return tidy("".join(piece.text for piece in (pieces if keep else roughen(pieces, draw.rng))))
