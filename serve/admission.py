"""Who may ask, and for how much: keys and rate limits before anything is computed.

A request is first *identified*, then *admitted* with the most tokens it can use; the ticket gives
back what it did not use.
"""

from __future__ import annotations

from starlette.requests import Request

from serve.auth import Authenticator, Identity, InvalidKey
from serve.errors import ApiError
from serve.limiter import (
    CostAboveCapacity,
    Denied,
    Limiter,
    LimiterUnavailable,
    Reservation,
    limit_headers,
)
from serve.metrics import Metrics


class Ticket:
    """An admitted request.

    Attributes:
        identity: who asks.
        headers: the rate limit's, for the answer.
    """

    def __init__(self, identity: Identity, reservation: Reservation) -> None:
        self.identity, self._reservation = identity, reservation
        self.headers = limit_headers(reservation)

    @property
    def key(self) -> str | None:
        """Name of the API key for the metrics; None is anonymous."""
        return None if self.identity.anonymous else self.identity.name

    async def settle(self, used_tokens: int) -> None:
        """Give back what was reserved and not used; a second call does nothing."""
        await self._reservation.settle(min(used_tokens, self._reservation.tokens))


class Admission:
    """The gate of one server.

    Args:
        authenticator: knows the keys.
        limiter: keeps the buckets.
        metrics: hear of refusals.
    """

    def __init__(self, authenticator: Authenticator, limiter: Limiter, metrics: Metrics) -> None:
        self._authenticator, self._limiter, self._metrics = authenticator, limiter, metrics

    def identify(self, request: Request) -> Identity:
        """Return who asks.

        Raises:
            ApiError: 401; no key where one is needed, or an unknown one.
        """
        address = None if request.client is None else request.client.host
        try:
            return self._authenticator.identify(request.headers.get("authorization"), address)
        except InvalidKey as error:
            headers = {"WWW-Authenticate": "Bearer"}
            raise ApiError(401, str(error), code=error.code, headers=headers) from None

    async def admit(self, identity: Identity, tokens: int) -> Ticket:
        """Take one request and tokens from the caller's buckets.

        Args:
            identity: who asks.
            tokens: the most that the request can use.

        Raises:
            ApiError: 429 over the limits, 400 for more than they ever allow, 503 where they cannot
                be known.
        """
        try:
            outcome = await self._limiter.reserve(identity.name, identity.limits, tokens)
        except CostAboveCapacity as error:
            raise ApiError(400, str(error), "max_tokens", "above_capacity") from None
        except LimiterUnavailable as error:
            headers = {"Retry-After": "1"}
            raise ApiError(503, str(error), code="limiter_unavailable", headers=headers) from None
        if isinstance(outcome, Denied):
            key = None if identity.anonymous else identity.name
            self._metrics.rate_limited(outcome.bucket, key)
            message = (
                f"too many {outcome.bucket} a minute: try again in {outcome.retry_after_s:.1f} s"
            )
            raise ApiError(429, message, code="rate_limit_exceeded", headers=limit_headers(outcome))
        return Ticket(identity, outcome)
