"""How much a caller may ask for: token buckets, two to a key, taken together or not at all.

A bucket holds at most ``capacity`` and refills all the time:

    level(t) = min(capacity, level + refill_rate * dt)
    level >= cost:      level -= cost
    otherwise:          retry_after_s = (cost - level) / refill_rate

A key has one bucket of requests and one of model tokens ("token" always means the latter here). A
request is admitted when the first holds 1 and the second its prompt and its whole ``max_tokens``;
what it did not use is given back when it ends, however it ends (:meth:`Reservation.settle`).

:class:`MemoryLimiter` keeps the buckets in this process, :mod:`serve.limiter_redis` in Redis for
all processes together. Times are seconds of a monotonic clock that is passed in.

>>> now = 0.0
>>> bucket = TokenBucket(capacity=10, refill_rate=2, clock=lambda: now)
>>> bucket.take(7), bucket.take(7)
(0.0, 2.0)
>>> now = 2.0
>>> bucket.take(7), bucket.level
(0.0, 0.0)

Source: Turner 1986, New directions in communications, IEEE Communications Magazine 24(10): the
leaky bucket as a meter; ITU-T I.371 states it as an algorithm.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Clock = Callable[[], float]
Refund = Callable[[int], Awaitable[None]]


class CostAboveCapacity(ValueError):
    """More than a full bucket holds: no waiting would help (HTTP 400)."""


class LimiterUnavailable(RuntimeError):
    """The quota could not be read and the policy is to refuse then (HTTP 503)."""


class TokenBucket:
    """What may be taken now, and how fast it comes back. For one thread.

    Invariant: 0 <= level <= capacity, and what was taken in any span of time is at most capacity +
    refill_rate * span + what was given back in it.

    Args:
        capacity: what it holds when full, as it is at first; above 0.
        refill_rate: per second; above 0.
        clock: seconds; a clock that goes back counts as one that stands still.

    Raises:
        ValueError: a capacity or a rate that is not a finite number above 0.
    """

    def __init__(self, capacity: float, refill_rate: float, clock: Clock):
        for name, value in (("capacity", capacity), ("refill_rate", refill_rate)):
            if not 0 < value < math.inf:
                raise ValueError(f"{name} must be a finite number above 0, got {value}")
        self.capacity = float(capacity)
        self.refill_rate = float(refill_rate)
        self._clock = clock
        self._level = self.capacity
        self._at = clock()

    @property
    def level(self) -> float:
        """What it holds now."""
        now = self._clock()
        if now > self._at:
            # level(t) = min(capacity, level + refill_rate * dt)
            self._level = min(self.capacity, self._level + self.refill_rate * (now - self._at))
            self._at = now
        return self._level

    def retry_after_s(self, cost: float) -> float:
        """Return the seconds until ``cost`` can be taken: 0.0 if it can be now.

        Raises:
            CostAboveCapacity: it never can.
            ValueError: a cost that is negative or not a number.
        """
        if not cost >= 0:
            raise ValueError(f"a cost must be 0 or more, got {cost}")
        if cost > self.capacity:
            raise CostAboveCapacity(f"{cost:g} is more than a full bucket of {self.capacity:g}")
        return seconds_until(cost, self.level, self.refill_rate)

    def take(self, cost: float) -> float:
        """Take ``cost`` and return 0.0, or take nothing and return the seconds to wait.

        Raises:
            CostAboveCapacity, ValueError: as :meth:`retry_after_s`.
        """
        wait_s = self.retry_after_s(cost)
        if wait_s == 0:
            self._level -= cost
        return wait_s

    def refund(self, amount: float) -> None:
        """Give back what was taken and not used; what does not fit is lost.

        Raises:
            ValueError: a negative amount.
        """
        if not amount >= 0:
            raise ValueError(f"a refund must be 0 or more, got {amount}")
        self._level = min(self.capacity, self.level + amount)


def seconds_until(cost: float, level: float, refill_rate: float) -> float:
    """Return (cost - level) / refill_rate, or 0.0 where the level is enough."""
    return max(0.0, (cost - level) / refill_rate)


@dataclass(frozen=True)
class Limits:
    """What one key may use.

    Attributes:
        requests_per_minute, tokens_per_minute: refill rates; tokens are the model's, of prompts
            and answers together.
        burst_s: seconds of refill that a full bucket holds; 60 lets a minute's quota go at once.

    Raises:
        ValueError: a number that is not finite and above 0, or a bucket too small for one.
    """

    requests_per_minute: float = 600
    tokens_per_minute: float = 1_000_000
    burst_s: float = 60

    def __post_init__(self) -> None:
        """Check that each bucket holds at least one."""
        for name in ("requests_per_minute", "tokens_per_minute", "burst_s"):
            value = getattr(self, name)
            if not 0 < value < math.inf:
                raise ValueError(f"{name} must be a finite number above 0, got {value}")
        for name in ("requests_per_minute", "tokens_per_minute"):
            if getattr(self, name) * self.burst_s / 60 < 1:
                raise ValueError(
                    f"{name} = {getattr(self, name):g} with burst_s = {self.burst_s:g} makes a "
                    "bucket that never holds 1: nothing would be admitted"
                )

    @property
    def request_capacity(self) -> float:
        """Requests that a full bucket holds."""
        return self.requests_per_minute * self.burst_s / 60

    @property
    def token_capacity(self) -> float:
        """Model tokens that a full bucket holds."""
        return self.tokens_per_minute * self.burst_s / 60

    @property
    def request_rate(self) -> float:
        """Requests that come back each second."""
        return self.requests_per_minute / 60

    @property
    def token_rate(self) -> float:
        """Model tokens that come back each second."""
        return self.tokens_per_minute / 60

    def check_cost(self, tokens: int) -> None:
        """Refuse a request that a full bucket could not pay for.

        Raises:
            CostAboveCapacity: with both numbers.
            ValueError: a negative number of tokens.
        """
        if tokens < 0:
            raise ValueError(f"a request cannot cost {tokens} tokens")
        if tokens > self.token_capacity:
            raise CostAboveCapacity(
                f"prompt and max_tokens come to {tokens} tokens; this key may use at most "
                f"{math.floor(self.token_capacity)} at once"
            )


@dataclass(frozen=True)
class Quota:
    """One bucket as the caller sees it.

    Attributes:
        limit: what it holds when full, whole ones.
        remaining: what it holds now, whole ones.
        reset_s: seconds until it is full again.
    """

    limit: int
    remaining: int
    reset_s: float


@dataclass(frozen=True)
class Quotas:
    """Both buckets of a key, right after a request took from them or could not."""

    requests: Quota
    tokens: Quota

    @classmethod
    def at(cls, limits: Limits, request_level: float, token_level: float) -> Quotas:
        """Return what the caller is told of two levels."""
        return cls(
            _quota(limits.request_capacity, request_level, limits.request_rate),
            _quota(limits.token_capacity, token_level, limits.token_rate),
        )


def _quota(capacity: float, level: float, refill_rate: float) -> Quota:
    return Quota(
        math.floor(capacity), math.floor(level), seconds_until(capacity, level, refill_rate)
    )


class Reservation:
    """An admitted request's part of the buckets.

    Attributes:
        tokens: reserved: prompt and ``max_tokens``.
        quotas: of the key, after it was taken; None where they could not be read.
        settled: whether the unused part was given back.
    """

    def __init__(self, tokens: int, quotas: Quotas | None, refund: Refund):
        self.tokens, self.quotas, self.settled = tokens, quotas, False
        self._refund = refund

    async def settle(self, used_tokens: int) -> None:
        """Give back what was reserved and not used; a second call does nothing.

        The request itself stays counted, whether or not it was answered.

        Args:
            used_tokens: of prompt and answer; 0 where nothing was computed.

        Raises:
            ValueError: more was used than reserved, or less than nothing.
        """
        if not 0 <= used_tokens <= self.tokens:
            raise ValueError(f"{used_tokens} tokens were used of {self.tokens} reserved")
        if self.settled:
            return
        self.settled = True  # before waiting: another call may come meanwhile
        if unused := self.tokens - used_tokens:
            await self._refund(unused)


@dataclass(frozen=True)
class Denied:
    """A request over its key's limits (HTTP 429); nothing was taken.

    Attributes:
        bucket: the one that has to fill up; where both have, the one that takes longer.
        retry_after_s: until both would hold enough.
        quotas: of the key.
    """

    bucket: Literal["requests", "tokens"]
    retry_after_s: float
    quotas: Quotas

    @classmethod
    def at(cls, limits: Limits, tokens: int, request_level: float, token_level: float) -> Denied:
        """Return the refusal of a request that costs ``tokens``, given both levels."""
        for_request = seconds_until(1, request_level, limits.request_rate)
        for_tokens = seconds_until(tokens, token_level, limits.token_rate)
        return cls(
            "requests" if for_request >= for_tokens else "tokens",
            max(for_request, for_tokens),
            Quotas.at(limits, request_level, token_level),
        )


class Limiter(Protocol):
    """Decides who may go on; one for the whole server."""

    async def reserve(self, key: str, limits: Limits, tokens: int) -> Reservation | Denied:
        """Take one request and ``tokens`` from the key's buckets, or nothing.

        Args:
            key: whose buckets.
            limits: of that key.
            tokens: the most that the request can use: prompt and ``max_tokens``.

        Raises:
            CostAboveCapacity: more than the key's full bucket.
            LimiterUnavailable: not known, and the policy is to refuse then.
        """

    async def close(self) -> None:
        """Finish refunds under way and let go of connections."""


class _Buckets:
    """Both buckets of a key in this process."""

    def __init__(self, limits: Limits, clock: Clock):
        self.limits = limits
        self.requests = TokenBucket(limits.request_capacity, limits.request_rate, clock)
        self.tokens = TokenBucket(limits.token_capacity, limits.token_rate, clock)

    @property
    def full(self) -> bool:
        """Whether forgetting it changes nothing."""
        return (
            self.requests.level == self.requests.capacity
            and self.tokens.level == self.tokens.capacity
        )

    async def refund(self, tokens: int) -> None:
        self.tokens.refund(tokens)


class MemoryLimiter:
    """The limiter of a single process. For one event loop.

    Args:
        clock: seconds.
        max_keys: keys remembered at most. One more, and the key used longest ago is forgotten: its
            buckets are the likeliest to be full again, and full ones equal new ones.

    Attributes:
        forgotten: keys that were dropped although their buckets were not full; each of them
            started anew. More than a few mean that ``max_keys`` is too small.
    """

    def __init__(self, clock: Clock, max_keys: int = 100_000):
        if max_keys < 1:
            raise ValueError(f"max_keys must be at least 1, got {max_keys}")
        self._clock, self._max_keys = clock, max_keys
        self._buckets: OrderedDict[str, _Buckets] = OrderedDict()  # used longest ago first
        self.forgotten = 0

    def __len__(self) -> int:
        """Return the number of keys that are remembered."""
        return len(self._buckets)

    async def reserve(self, key: str, limits: Limits, tokens: int) -> Reservation | Denied:
        """Take one request and ``tokens`` from the key's buckets, or nothing: see Limiter."""
        limits.check_cost(tokens)
        buckets = self._of(key, limits)
        requests, model_tokens = buckets.requests, buckets.tokens
        if requests.retry_after_s(1) or model_tokens.retry_after_s(tokens):
            return Denied.at(limits, tokens, requests.level, model_tokens.level)
        requests.take(1)
        model_tokens.take(tokens)
        quotas = Quotas.at(limits, requests.level, model_tokens.level)
        return Reservation(tokens, quotas, buckets.refund)

    async def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _of(self, key: str, limits: Limits) -> _Buckets:
        """Return the key's buckets; limits that changed since begin with full ones."""
        buckets = self._buckets.pop(key, None)
        if buckets is None or buckets.limits != limits:
            self._make_room()
            buckets = _Buckets(limits, self._clock)
        self._buckets[key] = buckets
        return buckets

    def _make_room(self) -> None:
        while len(self._buckets) >= self._max_keys:
            _, oldest = self._buckets.popitem(last=False)
            self.forgotten += not oldest.full


def limit_headers(outcome: Reservation | Denied) -> dict[str, str]:
    """Return OpenAI's rate limit headers, and Retry-After where the request was denied.

    There are none where the quotas are not known.
    """
    headers = {}
    if outcome.quotas is not None:
        buckets = (("requests", outcome.quotas.requests), ("tokens", outcome.quotas.tokens))
        for name, quota in buckets:
            headers[f"x-ratelimit-limit-{name}"] = str(quota.limit)
            headers[f"x-ratelimit-remaining-{name}"] = str(quota.remaining)
            headers[f"x-ratelimit-reset-{name}"] = format_duration(quota.reset_s)
    if isinstance(outcome, Denied):
        headers["retry-after"] = str(max(1, math.ceil(outcome.retry_after_s)))
    return headers


def format_duration(seconds: float) -> str:
    """Return a time as OpenAI writes it, rounded up to a millisecond.

    >>> [format_duration(seconds) for seconds in (0, 0.012, 1, 7.66, 360, 3661)]
    ['0s', '12ms', '1s', '7.66s', '6m0s', '1h1m1s']
    """
    milliseconds = math.ceil(round(seconds * 1000, 6))  # 0.07 * 1000 is 70.00000000000001
    if 0 < milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, left = divmod(milliseconds, 60_000)
    text = f"{left / 1000:.3f}".rstrip("0").rstrip(".") + "s"
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{text}"
    return f"{minutes}m{text}" if minutes else text
