"""Confidence of answers that are spelt in an unusual way."""

from __future__ import annotations

import pytest

from minilora.data.detective.steps import READ_SCHEMA
from serve.detective.confidence import step_confidence
from serve.generation import Token


@pytest.mark.parametrize("name", ["answered", "answere\\u0064", "\\u0061nswered"])
def test_a_name_may_be_spelt_with_escapes(name: str) -> None:
    """``{"answere\\u0064": true}`` is valid JSON, which the grammar allows."""
    pieces = ['{"quote": "x", "', name, '": ', "true", ', "answer": "x"}']
    tokens = [Token(1, piece.encode(), piece, 0.0 if piece == "true" else None) for piece in pieces]
    assert step_confidence("read", READ_SCHEMA, tokens) == {"true": 1.0, "false": 0.0}


def test_nothing_is_told_where_no_probability_is_known() -> None:
    text = '{"quote": "x", "answered": true, "answer": "x"}'
    assert step_confidence("read", READ_SCHEMA, [Token(1, text.encode(), text)]) == {}
