"""An action in any cutting becomes the same call."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from serve.completions import CallStream, Piece

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def fed(text: str, sizes: list[int]) -> tuple[CallStream, list[Piece]]:
    call, pieces, at, i = CallStream(), [], 0, 0
    while at < len(text):
        n = sizes[i % len(sizes)]
        pieces += call.feed(text[at : at + n])
        at, i = at + n, i + 1
    return call, [*pieces, *call.close()]


@given(
    st.text(min_size=1, max_size=8),
    st.dictionaries(st.text(max_size=6), JSON, max_size=3),
    st.lists(st.integers(1, 9), min_size=1, max_size=20),
    st.booleans(),
    st.booleans(),
)
def test_name_and_arguments(
    name: str, args: dict[str, Any], sizes: list[int], ascii_only: bool, args_first: bool
) -> None:
    action = {"args": args, "tool": name} if args_first else {"tool": name, "args": args}
    call, pieces = fed(json.dumps(action, ensure_ascii=ascii_only), sizes)
    assert not call.no_tool
    assert [piece.name for piece in pieces if piece.call_id] == [name]
    assert json.loads("".join(piece.arguments for piece in pieces)) == args
    assert pieces[0].name == name  # before its arguments


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.booleans())
def test_no_tool_sends_nothing(sizes: list[int], args_first: bool) -> None:
    action: dict[str, Any] = (
        {"args": {}, "tool": None} if args_first else {"tool": None, "args": {}}
    )
    call, pieces = fed(json.dumps(action), sizes)
    assert call.no_tool
    assert pieces == []
