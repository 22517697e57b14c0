"""Arize Phoenix over REST: the spans that it has, and scores attached to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import httpx


@dataclass(frozen=True)
class Score:
    """A verdict on a span.

    Attributes:
        span_id: 16 hexadecimal digits.
        name: of the measure, such as "faithfulness"; a second one of the same name replaces it.
        value: higher is better.
        label: in a word, such as "faithful".
        explanation: why.
        judge: who says so.
    """

    span_id: str
    name: str
    value: float
    label: str | None = None
    explanation: str | None = None
    judge: Literal["LLM", "CODE", "HUMAN"] = "LLM"


class Phoenix:
    """A running Phoenix.

    All methods block, and raise ``httpx.HTTPError`` where it cannot be asked or refuses.

    Args:
        url: such as ``http://127.0.0.1:6006``.
        headers: such as ``Authorization``, where it asks for one.
        timeout_s: for one request.
        transport: what carries requests; None is the network.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._client = httpx.Client(
            base_url=url, headers=headers, timeout=timeout_s, transport=transport
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def spans(self, project: str, trace_id: str) -> list[dict[str, Any]]:
        """Return the spans of a trace; none where project or trace are not there yet."""
        path = f"/v1/projects/{quote(project, safe='')}/spans"
        answer = self._client.get(path, params={"trace_id": trace_id, "limit": 1000})
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        return [span for span in _data(answer) if span["context"]["trace_id"] == trace_id]

    def annotate(self, scores: Sequence[Score]) -> None:
        """Attach scores to spans that it already has."""
        data = [
            {
                "span_id": score.span_id,
                "name": score.name,
                "annotator_kind": score.judge,
                "result": {
                    "score": score.value,
                    "label": score.label,
                    "explanation": score.explanation,
                },
            }
            for score in scores
        ]
        answer = self._client.post(
            "/v1/span_annotations", params={"sync": "true"}, json={"data": data}
        )
        answer.raise_for_status()

    def annotations(self, project: str, span_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return what was attached to spans."""
        path = f"/v1/projects/{quote(project, safe='')}/span_annotations"
        answer = self._client.get(path, params={"span_ids": list(span_ids), "limit": 1000})
        return _data(answer)


def _data(answer: httpx.Response) -> list[dict[str, Any]]:
    """Return the list that an answer holds; Phoenix answers unknown paths with its web page."""
    answer.raise_for_status()
    if answer.headers.get("content-type") != "application/json":
        raise httpx.DecodingError(f"{answer.url} did not answer with JSON", request=answer.request)
    data: list[dict[str, Any]] = answer.json()["data"]
    return data
