"""Bodies are measured before they are read, whatever they hold, in little time."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.errors import ApiError
from serve.openai_types import MAX_DEPTH, ChatRequest, _too_deep, read

documents = st.recursive(
    st.none() | st.integers() | st.text('[]{}"\\/ a\n', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('[]{}"\\'), inner),
    max_leaves=12,
)


def depth(document: Any) -> int:
    if isinstance(document, dict):
        document = list(document.values())
    if isinstance(document, list):
        return 1 + max(map(depth, document), default=0)
    return 0


@given(documents, st.booleans())
def test_depth_is_that_of_the_parsed_document(document: Any, ascii_: bool) -> None:
    body = json.dumps(document, ensure_ascii=ascii_).encode()
    n = depth(document)
    assert not _too_deep(body, n)
    if n > 0:
        assert _too_deep(body, n - 1)


def nested(n: int) -> bytes:
    return b"[" * n + b"]" * n


def test_a_deep_body_is_refused_by_name_and_an_unfinished_one_is_not_json() -> None:
    for body, code in (
        (nested(MAX_DEPTH + 1), "too_deep"),
        (nested(MAX_DEPTH), "invalid_value"),
        (b"[" * (MAX_DEPTH + 1), "too_deep"),
        (b"[" * MAX_DEPTH, "invalid_value"),  # of the wrong type before it is seen to be cut off
        (b'{"model": ', "invalid_json"),
    ):
        with pytest.raises(ApiError) as refused:
            read(body, ChatRequest)
        assert (refused.value.status, refused.value.code) == (400, code), body


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * 1_000_000,
        b'"' * 2_000_001,
        b"\\" * 2_000_001,
        b"[" + b"[]," * 600_000 + b"[]]",
        b"[[]" * 600_000,
        nested(60) * 15_000,
    ],
    ids=["escaped quotes", "quotes", "backslashes", "lists", "unclosed", "deep lists"],
)
def test_two_megabytes_of_anything_take_little_time(body: bytes) -> None:
    began = time.process_time()
    _too_deep(body, MAX_DEPTH)
    assert time.process_time() - began < 1  # 0.01 to 0.25 s; a search that starts anew takes hours
