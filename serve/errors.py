"""Errors as every route sends them: OpenAI's shape, one clear sentence.

>>> ApiError(404, "no model 'x'", param="model").body()["error"]["type"]
'invalid_request_error'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TYPES = {
    403: "permission_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
    504: "server_error",
}


class ApiError(Exception):
    """What a request is answered with when it cannot be answered as asked.

    Args:
        status: HTTP status, 400 to 599.
        message: one sentence for whoever sent the request.
        param: the field it is about.
        code: for programs.
        headers: sent along, such as ``Retry-After``.
    """

    def __init__(
        self,
        status: int,
        message: str,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code
        self.headers = dict(headers or {})

    @property
    def type(self) -> str:
        """OpenAI's name for the kind of error."""
        return _TYPES.get(self.status, "invalid_request_error")

    def body(self) -> dict[str, Any]:
        """Return the JSON body."""
        return {
            "error": {
                "message": self.message,
                "type": self.type,
                "param": self.param,
                "code": self.code,
            }
        }
