"""The limiter of several server processes: the same buckets, kept in Redis by one atomic script.

A key is one Redis hash: the levels of both buckets and when they were right. The script reads it,
refills by Redis' own clock (so that the servers' clocks need not agree), takes both costs or
neither, and lets the hash expire when both buckets would be full: a key that is not there has full
buckets. A refund is a negative cost.

Redis cannot always be asked. Then the policy decides, "open" (admit, unlimited) or "closed"
(refuse, HTTP 503), and every such call is reported to ``on_failure``; a lost refund is reported as
well and heals as the bucket refills. Nothing is tried twice: a call that timed out may have been
carried out.

It needs the extra ``cluster`` (``pip install 'minilora[cluster]'``) and Redis 5 or newer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Literal, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from serve.limiter import Denied, LimiterUnavailable, Limits, Quotas, Reservation

Policy = Literal["open", "closed"]
Operation = Literal["reserve", "refund"]
T = TypeVar("T")

MAX_CONNECTIONS = 16  # of one process; a call takes well under a millisecond of each
KEY_PREFIX = "minilora:limit:"

# Numbers go in and out as text: Redis cuts the numbers that a script returns to integers, and Lua's
# own conversion keeps 14 digits. Times are microseconds: whole numbers, exact in a double.
SCRIPT = """
local capacity = {tonumber(ARGV[1]), tonumber(ARGV[2])}
local rate     = {tonumber(ARGV[3]), tonumber(ARGV[4])}
local cost     = {tonumber(ARGV[5]), tonumber(ARGV[6])}

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local stored = redis.call('HMGET', KEYS[1], 'requests', 'tokens', 'at')
local at = tonumber(stored[3] or now)
local dt = math.max(0, now - at) / 1000000

local level, enough = {}, true
for i = 1, 2 do
    level[i] = math.min(capacity[i], tonumber(stored[i] or capacity[i]) + rate[i] * dt)
    enough = enough and level[i] >= cost[i]
end

local until_full_s = 0
for i = 1, 2 do
    if enough then level[i] = math.min(capacity[i], level[i] - cost[i]) end
    until_full_s = math.max(until_full_s, (capacity[i] - level[i]) / rate[i])
end

local text = {string.format('%.17g', level[1]), string.format('%.17g', level[2])}
redis.call('HSET', KEYS[1], 'requests', text[1], 'tokens', text[2],
           'at', string.format('%.0f', math.max(now, at)))
local expire_ms = math.min(math.ceil(until_full_s * 1000) + 1, 1e12)  -- 1e12 ms are 31 years
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', expire_ms))
return {enough and 1 or 0, text[1], text[2]}
"""


class RedisLimiter:
    """A limiter that all processes with the same Redis share. For one event loop.

    Args:
        url: ``redis://[user:password@]host:port/db``, ``rediss://`` or ``unix://``.
        policy: what to do where Redis cannot be asked.
        on_failure: called with what failed, once for each call that did: count them.
        timeout_s: to connect, to answer, and to wait for a free connection; each.

    Attributes:
        reachable: whether the last call worked; True before the first.

    Raises:
        ValueError: not such a URL, an unknown policy, or a timeout that is not above 0.
    """

    def __init__(
        self,
        url: str,
        policy: Policy,
        on_failure: Callable[[Operation], None],
        timeout_s: float = 0.25,
    ):
        if policy not in ("open", "closed"):
            raise ValueError(f"the policy must be open or closed, got {policy!r}")
        if not timeout_s > 0:
            raise ValueError(f"timeout_s must be above 0, got {timeout_s}")
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=MAX_CONNECTIONS,
            timeout=timeout_s,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._redis: Redis = Redis.from_pool(pool)
        self._script = self._redis.register_script(SCRIPT)  # EVALSHA; loads it where NOSCRIPT
        self._policy, self._on_failure = policy, on_failure
        self._under_way: set[asyncio.Task[Any]] = set()
        self.reachable = True

    async def reserve(self, key: str, limits: Limits, tokens: int) -> Reservation | Denied:
        """Take one request and ``tokens`` from the key's buckets, or nothing: see Limiter.

        A caller that is cancelled meanwhile gets its reservation back when Redis has answered.
        """
        limits.check_cost(tokens)
        answer = self._start(self._reserve(key, limits, tokens))
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            self._start(_give_back(answer))
            raise

    async def close(self) -> None:
        """Finish refunds under way and close the connections."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def _reserve(self, key: str, limits: Limits, tokens: int) -> Reservation | Denied:
        async def refund(unused: int) -> None:
            # In a task of its own: a cancelled caller could not wait for it.
            await asyncio.shield(self._start(self._refund(key, limits, unused)))

        try:
            enough, request_level, token_level = await self._take(key, limits, 1, tokens)
        except (RedisError, OSError) as error:
            self._failed("reserve", error)
            if self._policy == "closed":
                raise LimiterUnavailable("the quota cannot be read at the moment") from error
            return Reservation(tokens, None, _refund_nothing)
        if not enough:
            return Denied.at(limits, tokens, request_level, token_level)
        return Reservation(tokens, Quotas.at(limits, request_level, token_level), refund)

    async def _refund(self, key: str, limits: Limits, unused: int) -> None:
        try:
            await self._take(key, limits, 0, -unused)
        except (RedisError, OSError) as error:
            self._failed("refund", error)

    async def _take(
        self, key: str, limits: Limits, requests: int, tokens: int
    ) -> tuple[bool, float, float]:
        """Run the script; return whether both were taken, and both levels after it."""
        enough, request_level, token_level = await self._script(
            keys=[KEY_PREFIX + key],
            args=[
                repr(limits.request_capacity),
                repr(limits.token_capacity),
                repr(limits.request_rate),
                repr(limits.token_rate),
                requests,
                tokens,
            ],
        )
        if not self.reachable:
            logging.getLogger(__name__).warning("limits: Redis answers again")
        self.reachable = True
        return enough == 1, float(request_level), float(token_level)

    def _failed(self, operation: Operation, error: Exception) -> None:
        if self.reachable:
            logging.getLogger(__name__).warning(
                "limits: Redis cannot be asked, policy %s: %s: %s",
                self._policy,
                type(error).__name__,
                error,
            )
        self.reachable = False
        self._on_failure(operation)

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a task that goes on whatever becomes of its caller."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task


async def _give_back(answer: asyncio.Task[Reservation | Denied]) -> None:
    """Settle what was reserved for a caller that is gone."""
    with suppress(LimiterUnavailable):
        reservation = await answer
        if isinstance(reservation, Reservation):
            await reservation.settle(0)


async def _refund_nothing(unused: int) -> None:
    """Give back what was never taken."""
