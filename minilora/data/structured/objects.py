"""Rows of the schemes that turn a text into one object: extraction and record creation."""

from __future__ import annotations

from minilora.data.draw import Draw
from minilora.data.rows import Row
from minilora.data.structured.chatter import around
from minilora.data.structured.forms import Form, draw_form, draw_style
from minilora.data.structured.render import joined_text, render, roughen
from minilora.data.structured.scheme import Scheme
from minilora.data.structured.splits import Split, some_of


def object_group(scheme: Scheme, split: Split, draw: Draw, size: int, group: str) -> list[Row]:
    """Return rows that share one schema made from the scheme.

    Args:
        scheme: the material.
        split: which of its templates may be used.
        draw: takes all choices.
        size: how many rows.
        group: name of the group, which also starts the row ids.
    """
    style = draw_style(draw.rng)
    form = draw_form(scheme.params, scheme.names, style, draw.rng)
    schema = form.schema(draw.rng.choice(scheme.instructions))
    kinds = {param.name: param.kind for param in scheme.params + scheme.fillers}
    texts = some_of(scheme.phrasings, scheme.held_out, split, scheme.test_only)
    rows = []
    for index in range(size):
        said = render(draw.rng.choice(texts), kinds, draw)
        query = joined_text(roughen(around(said.pieces, draw), draw.rng))
        answer = ordered(form, said.values, scheme)
        rows.append(Row(f"{group}-{index}", scheme.task, (), query, None, answer, schema, group))
    return rows


def ordered(form: Form, values: dict[str, object], scheme: Scheme) -> dict[str, object]:
    """Return the answer, fields of nested objects in the order of their kind."""
    kinds = {param.name: param.kind for param in scheme.params}
    sorted_values: dict[str, object] = {}
    for name, value in values.items():
        if name in kinds and kinds[name].fields and isinstance(value, dict):
            value = {field: value[field] for field in kinds[name].fields if field in value}
        sorted_values[name] = value
    return form.answer(sorted_values)
