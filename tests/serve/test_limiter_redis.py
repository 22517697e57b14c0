"""What only the limiter over Redis can get wrong: processes, expiry, a lost script or server."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

redis = pytest.importorskip("redis")

from serve.limiter import (  # noqa: E402
    Denied,
    LimiterUnavailable,
    Limits,
    MemoryLimiter,
    Reservation,
    limit_headers,
)
from serve.limiter_redis import KEY_PREFIX, Policy, RedisLimiter  # noqa: E402


class RedisServer(Protocol):
    """The fixture's class, in conftest.py."""

    url: str

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def flush(self) -> None: ...


ROOT = Path(__file__).parents[2]
SLOW = Limits(requests_per_minute=1e-3, tokens_per_minute=1e-3, burst_s=60e5)  # 100 each
Scenario = Callable[[RedisLimiter], Awaitable[None]]


def run(url: str, scenario: Scenario, policy: Policy = "closed") -> list[str]:
    """Run a scenario with a limiter of its own; return what failed."""
    failures: list[str] = []

    async def main() -> None:
        limiter = RedisLimiter(url, policy, failures.append, timeout_s=20)
        try:
            await scenario(limiter)
        finally:
            await limiter.close()

    asyncio.run(main())
    return failures


PROCESS = """
import asyncio, sys
from serve.limiter import Limits, Reservation
from serve.limiter_redis import RedisLimiter

async def main(url):
    limiter = RedisLimiter(url, "closed", print, timeout_s=60)
    limits = Limits(requests_per_minute=1e-3, tokens_per_minute=1e-3, burst_s=60e6)  # 1000 each
    await limiter._redis.ping()
    print("ready", flush=True)
    sys.stdin.readline()
    admitted = 0
    for _ in range(40):
        asked = [limiter.reserve("shared", limits, 7) for _ in range(5)]
        outcomes = await asyncio.gather(*asked)
        for outcome in outcomes:
            if isinstance(outcome, Reservation):
                await outcome.settle(5)
                admitted += 1
    print(admitted, flush=True)
    await limiter.close()

asyncio.run(main(sys.argv[1]))
"""


def test_four_processes_share_one_quota_exactly(redis_server: RedisServer) -> None:
    """1000 tokens; 7 reserved and 5 used by each: refunds and takes of four processes mix.

    As long as 7 are left someone is admitted, so what is left at the end is 0 to 6 tokens: 1000 =
    5 * 199 + 5.
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, redis_server.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(4)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        admitted = [int(process.communicate(timeout=120)[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert sum(admitted) == 199


@settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 60), st.integers(0, 60))))
def test_it_decides_as_the_one_in_memory(
    redis_server: RedisServer, events: list[tuple[str, int, int]]
) -> None:
    """Any sequence of requests and settlements: the same answers, the same whole numbers left."""
    redis_server.flush()

    async def scenario(limiter: RedisLimiter) -> None:
        reference = MemoryLimiter(lambda: 0.0)
        for key, tokens, used in events:
            ours = await limiter.reserve(key, SLOW, tokens)
            theirs = await reference.reserve(key, SLOW, tokens)
            assert type(ours) is type(theirs)
            assert ours.quotas is not None
            assert theirs.quotas is not None
            assert ours.quotas.requests.remaining == theirs.quotas.requests.remaining
            assert ours.quotas.tokens.remaining == theirs.quotas.tokens.remaining
            if isinstance(ours, Reservation) and isinstance(theirs, Reservation):
                await ours.settle(min(used, tokens))
                await theirs.settle(min(used, tokens))

    assert run(redis_server.url, scenario) == []


def test_a_key_expires_when_its_buckets_would_be_full(redis_server: RedisServer) -> None:
    client = redis.Redis.from_url(redis_server.url, protocol=2)
    limits = Limits(requests_per_minute=60, tokens_per_minute=600, burst_s=3600)

    async def scenario(limiter: RedisLimiter) -> None:
        reservation = await limiter.reserve("a", limits, 5000)  # 500 s of refill; the request 1 s
        assert isinstance(reservation, Reservation)
        assert 499_000 < client.pttl(KEY_PREFIX + "a") <= 500_001
        await reservation.settle(0)
        assert client.pttl(KEY_PREFIX + "a") <= 1001

    assert run(redis_server.url, scenario) == []


def test_a_rate_near_zero_has_an_expiry_that_redis_takes(redis_server: RedisServer) -> None:
    limits = Limits(requests_per_minute=1e-9, tokens_per_minute=1e-9, burst_s=60e12)

    async def scenario(limiter: RedisLimiter) -> None:
        assert isinstance(await limiter.reserve("a", limits, 1000), Reservation)
        assert isinstance(await limiter.reserve("a", limits, 1), Denied)

    assert run(redis_server.url, scenario) == []


def test_levels_keep_all_their_digits(redis_server: RedisServer) -> None:
    """10^15 tokens less one: Lua's own 14 digits would make them 10^15 again."""
    limits = Limits(requests_per_minute=1e-3, tokens_per_minute=1e-2, burst_s=6e18)

    async def scenario(limiter: RedisLimiter) -> None:
        assert limits.token_capacity == 1e15
        first = await limiter.reserve("a", limits, 1)
        assert isinstance(first, Reservation)
        assert first.quotas is not None
        assert first.quotas.tokens.remaining == 10**15 - 1
        assert isinstance(await limiter.reserve("a", limits, 10**15), Denied)
        assert isinstance(await limiter.reserve("a", limits, 10**15 - 1), Reservation)

    assert run(redis_server.url, scenario) == []


def test_a_refund_does_not_overflow(redis_server: RedisServer) -> None:
    client = redis.Redis.from_url(redis_server.url, protocol=2)

    async def scenario(limiter: RedisLimiter) -> None:
        reservation = await limiter.reserve("a", SLOW, 50)
        assert isinstance(reservation, Reservation)
        client.hset(KEY_PREFIX + "a", "tokens", 80)  # as if it had refilled meanwhile
        await reservation.settle(0)
        assert float(client.hget(KEY_PREFIX + "a", "tokens")) == 100

    assert run(redis_server.url, scenario) == []


def test_a_clock_of_redis_that_went_back_refills_nothing(redis_server: RedisServer) -> None:
    client = redis.Redis.from_url(redis_server.url, protocol=2)

    async def scenario(limiter: RedisLimiter) -> None:
        await limiter.reserve("a", Limits(60, 600, 60), 600)
        ahead = int(client.hget(KEY_PREFIX + "a", "at")) + 10**9
        client.hset(KEY_PREFIX + "a", "at", ahead)  # as if written before it went back
        refused = await limiter.reserve("a", Limits(60, 600, 60), 1)
        assert isinstance(refused, Denied)
        assert refused.quotas.tokens.remaining == 0
        assert int(client.hget(KEY_PREFIX + "a", "at")) == ahead

    assert run(redis_server.url, scenario) == []


def test_a_script_that_redis_forgot_is_loaded_again(redis_server: RedisServer) -> None:
    client = redis.Redis.from_url(redis_server.url, protocol=2)

    async def scenario(limiter: RedisLimiter) -> None:
        assert isinstance(await limiter.reserve("a", SLOW, 60), Reservation)
        client.script_flush()
        assert isinstance(await limiter.reserve("a", SLOW, 60), Denied)

    assert run(redis_server.url, scenario) == []


def test_lowered_limits_cut_what_is_there(redis_server: RedisServer) -> None:
    lower = Limits(requests_per_minute=1e-3, tokens_per_minute=1e-3, burst_s=60e4)  # 10 each

    async def scenario(limiter: RedisLimiter) -> None:
        await limiter.reserve("a", SLOW, 50)
        last = await limiter.reserve("a", lower, 10)
        assert isinstance(last, Reservation)
        assert last.quotas is not None
        assert (last.quotas.requests.remaining, last.quotas.tokens.remaining) == (9, 0)

    assert run(redis_server.url, scenario) == []


def test_a_caller_that_is_gone_before_redis_answers_keeps_nothing(
    redis_server: RedisServer,
) -> None:
    async def scenario(limiter: RedisLimiter) -> None:
        for _ in range(20):
            asking = asyncio.create_task(limiter.reserve("a", SLOW, 100))
            await asyncio.sleep(0)  # it has begun to ask
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            while limiter._under_way:
                await asyncio.wait(limiter._under_way)
        last = await limiter.reserve("a", SLOW, 100)
        assert isinstance(last, Reservation)
        assert last.quotas is not None
        assert last.quotas.requests.remaining == 79  # those requests were made, and count

    assert run(redis_server.url, scenario) == []


def test_a_refund_is_finished_though_its_caller_is_cancelled(redis_server: RedisServer) -> None:
    async def scenario(limiter: RedisLimiter) -> None:
        reservation = await limiter.reserve("a", SLOW, 100)
        assert isinstance(reservation, Reservation)
        settling = asyncio.create_task(reservation.settle(0))
        await asyncio.sleep(0)
        settling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await settling
        await limiter.close()  # waits for it
        assert isinstance(await limiter.reserve("a", SLOW, 100), Reservation)

    assert run(redis_server.url, scenario) == []


class TestRedisGone:
    NOWHERE = "unix:///nonexistent/redis.sock"

    def test_open_admits_and_counts(self) -> None:
        async def scenario(limiter: RedisLimiter) -> None:
            assert limiter.reachable
            for _ in range(3):
                reservation = await limiter.reserve("a", SLOW, 100)
                assert isinstance(reservation, Reservation)
                assert limit_headers(reservation) == {}
                await reservation.settle(1)  # nothing was taken: nothing fails
            assert not limiter.reachable

        assert run(self.NOWHERE, scenario, "open") == ["reserve"] * 3

    def test_closed_refuses_and_counts(self) -> None:
        async def scenario(limiter: RedisLimiter) -> None:
            for _ in range(2):
                with pytest.raises(LimiterUnavailable, match="quota cannot be read"):
                    await limiter.reserve("a", SLOW, 100)

        assert run(self.NOWHERE, scenario, "closed") == ["reserve"] * 2

    def test_lost_and_found_again(
        self, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A server that stops takes the reservation with it, and one that comes back is used."""

        async def scenario(limiter: RedisLimiter) -> None:
            reservation = await limiter.reserve("a", SLOW, 100)
            assert isinstance(reservation, Reservation)
            redis_server.stop()
            await reservation.settle(0)  # the refund is lost, and that is told
            with pytest.raises(LimiterUnavailable):
                await limiter.reserve("a", SLOW, 100)
            assert not limiter.reachable
            redis_server.start()
            assert isinstance(await limiter.reserve("a", SLOW, 100), Reservation)
            assert limiter.reachable

        assert run(redis_server.url, scenario) == ["refund", "reserve"]
        told = [record.message for record in caplog.records if record.name.startswith("serve")]
        assert len(told) == 2  # not once a request
        assert told[0].startswith("limits: Redis cannot be asked, policy closed: ConnectionError")
        assert told[1] == "limits: Redis answers again"

    def test_a_server_that_does_not_answer_is_not_waited_for(self) -> None:
        """It takes connections and says nothing; nor is it asked twice."""
        asked = 0

        async def main() -> list[str]:
            failures: list[str] = []

            async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                nonlocal asked
                asked += 1
                await reader.read()
                writer.close()

            server = await asyncio.start_server(silent, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            limiter = RedisLimiter(
                f"redis://127.0.0.1:{port}", "open", failures.append, timeout_s=0.05
            )
            await asyncio.wait_for(limiter.reserve("a", SLOW, 1), timeout=60)
            await limiter.close()
            server.close()
            return failures

        assert asyncio.run(main()) == ["reserve"]
        assert asked == 1

    @pytest.mark.parametrize("url", ["http://localhost", "localhost:6379"])
    def test_a_wrong_url_is_refused(self, url: str) -> None:
        with pytest.raises(ValueError, match="scheme"):
            RedisLimiter(url, "open", print)

    def test_wrong_arguments_are_refused(self) -> None:
        with pytest.raises(ValueError, match="policy must be open or closed"):
            RedisLimiter(self.NOWHERE, "ajar", print)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="timeout_s must be above 0"):
            RedisLimiter(self.NOWHERE, "open", print, timeout_s=0)
