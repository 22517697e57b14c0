"""The bucket's laws, and one contract for both limiters: in this process and over a real Redis."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serve.limiter import (
    CostAboveCapacity,
    Denied,
    Limiter,
    Limits,
    MemoryLimiter,
    Quota,
    Quotas,
    Reservation,
    TokenBucket,
    format_duration,
    limit_headers,
)


class Clock:
    """Seconds that pass only where a test says so."""

    def __init__(self, now: float = 1000.0):
        self.now = now

    def __call__(self) -> float:
        return self.now


# What may happen to a bucket: time passes (or the clock goes back), a take, a refund of part of it.
EVENTS = st.lists(
    st.tuples(
        st.floats(-1, 50, allow_nan=False),
        st.integers(0, 130),
        st.floats(0, 1),
    ),
    max_size=60,
)


class TestBucket:
    def test_the_equation(self) -> None:
        clock = Clock()
        bucket = TokenBucket(capacity=100, refill_rate=4, clock=clock)
        assert bucket.take(90) == 0
        assert bucket.take(30) == (30 - 10) / 4
        clock.now += 5
        assert bucket.level == 30  # the refused take took nothing
        assert bucket.take(30) == 0
        clock.now += 1e6
        assert bucket.level == 100

    def test_a_cost_above_capacity_is_told_apart_from_one_to_wait_for(self) -> None:
        bucket = TokenBucket(10, 1, Clock())
        with pytest.raises(CostAboveCapacity, match=r"11 is more than a full bucket of 10"):
            bucket.take(11)
        assert bucket.take(10) == 0

    def test_a_refund_does_not_overflow(self) -> None:
        bucket = TokenBucket(10, 1, Clock())
        bucket.take(3)
        bucket.refund(2)
        assert bucket.level == 9
        bucket.refund(2)
        assert bucket.level == 10

    def test_a_clock_that_goes_back_stands_still(self) -> None:
        clock = Clock()
        bucket = TokenBucket(capacity=100, refill_rate=4, clock=clock)
        bucket.take(99)
        for at in (-10, 0, -10, 0):  # and what comes after is no refill a second time
            clock.now = 1000.0 + at
            assert bucket.level == 1
        clock.now = 1001.0
        assert bucket.level == 5

    @pytest.mark.parametrize("wrong", [0, -1, math.inf, math.nan])
    def test_wrong_numbers_are_refused(self, wrong: float) -> None:
        with pytest.raises(ValueError, match="capacity must be a finite number above 0"):
            TokenBucket(wrong, 1, Clock())
        with pytest.raises(ValueError, match="refill_rate must be a finite number above 0"):
            TokenBucket(1, wrong, Clock())

    @pytest.mark.parametrize("wrong", [-1, math.nan])
    def test_wrong_amounts_are_refused(self, wrong: float) -> None:
        bucket = TokenBucket(10, 1, Clock())
        with pytest.raises(ValueError, match="a cost must be 0 or more"):
            bucket.take(wrong)
        with pytest.raises(ValueError, match="a refund must be 0 or more"):
            bucket.refund(wrong)
        assert bucket.level == 10

    @settings(derandomize=True, deadline=None)
    @given(EVENTS, st.floats(0.01, 20))
    def test_no_more_is_admitted_than_capacity_and_refill(
        self, events: list[tuple[float, int, float]], refill_rate: float
    ) -> None:
        """In every span: admitted - refunded <= capacity + rate * time (1e-6: sums of floats)."""
        capacity = 100.0
        clock = Clock()
        bucket = TokenBucket(capacity, refill_rate, clock)
        latest = clock.now  # the bucket's time: it does not go back with the clock
        history: list[tuple[float, float]] = []  # (time, taken less given back)
        for dt, cost, unused in events:
            clock.now += dt
            latest = max(latest, clock.now)
            if cost <= capacity and bucket.take(cost) == 0:
                bucket.refund(cost * unused)
                history.append((latest, cost * (1 - unused)))
            assert 0 <= bucket.level <= capacity
        for first, (start, _) in enumerate(history):
            total = 0.0
            for end, amount in history[first:]:
                total += amount
                assert total <= capacity + refill_rate * (end - start) + 1e-6

    @settings(derandomize=True, deadline=None)
    @given(st.integers(1, 1000), st.integers(1, 1000), st.floats(0.001, 1000))
    def test_whoever_waits_as_told_is_admitted(
        self, first: int, second: int, refill_rate: float
    ) -> None:
        clock = Clock()
        bucket = TokenBucket(1000, refill_rate, clock)
        bucket.take(first)
        if wait_s := bucket.take(second):
            assert wait_s == pytest.approx((first + second - 1000) / refill_rate)
            clock.now += wait_s + 1e-6  # times near 1e6 s are rounded to 1e-10 s
            assert bucket.take(second) == 0


Scenario = Callable[[Limiter], Awaitable[None]]
Run = Callable[[Scenario], None]

# Refill so slow that a test's own time brings back nothing that shows.
SLOW = Limits(requests_per_minute=1e-3, tokens_per_minute=1e-1, burst_s=60e3)  # 1 and 100
SLOW_TOKENS = Limits(requests_per_minute=1e-3, tokens_per_minute=1e-3, burst_s=60e5)  # 100 each


@pytest.fixture(params=["memory", "redis"])
def run(request: pytest.FixtureRequest) -> Run:
    """Run a scenario against a fresh limiter of either kind, in an event loop of its own."""
    if request.param == "memory":
        return lambda scenario: asyncio.run(_closing(MemoryLimiter(Clock()), scenario))
    url = request.getfixturevalue("redis_server").url
    from serve.limiter_redis import RedisLimiter

    def fails(operation: str) -> None:
        raise AssertionError(f"Redis could not be asked: {operation}")

    async def over_redis(scenario: Scenario) -> None:
        await _closing(RedisLimiter(url, "closed", fails, timeout_s=20), scenario)

    return lambda scenario: asyncio.run(over_redis(scenario))


async def _closing(limiter: Limiter, scenario: Scenario) -> None:
    try:
        await scenario(limiter)
    finally:
        await limiter.close()


async def admitted(limiter: Limiter, key: str, limits: Limits, tokens: int) -> Reservation:
    outcome = await limiter.reserve(key, limits, tokens)
    assert isinstance(outcome, Reservation)
    return outcome


async def denied(limiter: Limiter, key: str, limits: Limits, tokens: int) -> Denied:
    outcome = await limiter.reserve(key, limits, tokens)
    assert isinstance(outcome, Denied)
    return outcome


class TestEveryLimiter:
    def test_what_was_not_used_comes_back_once(self, run: Run) -> None:
        async def scenario(limiter: Limiter) -> None:
            reservation = await admitted(limiter, "a", SLOW_TOKENS, 80)
            await denied(limiter, "a", SLOW_TOKENS, 60)
            await reservation.settle(30)  # 50 tokens come back: 70 are there
            await reservation.settle(0)  # nothing more
            await denied(limiter, "a", SLOW_TOKENS, 71)
            second = await admitted(limiter, "a", SLOW_TOKENS, 70)
            assert second.quotas is not None
            assert (second.quotas.tokens.remaining, second.quotas.requests.remaining) == (0, 98)

        run(scenario)

    def test_both_or_none(self, run: Run) -> None:
        """A request refused for its tokens costs no request, and the other way round."""

        async def scenario(limiter: Limiter) -> None:
            await admitted(limiter, "tokens", SLOW_TOKENS, 90)
            for _ in range(5):
                refused = await denied(limiter, "tokens", SLOW_TOKENS, 20)
            assert refused.bucket == "tokens"
            assert refused.quotas.requests.remaining == 99
            assert refused.retry_after_s == pytest.approx(10 / (1e-3 / 60), rel=1e-3)

            await admitted(limiter, "requests", SLOW, 10)
            for _ in range(5):
                refused = await denied(limiter, "requests", SLOW, 10)
            assert refused.bucket == "requests"
            assert refused.quotas.tokens.remaining == 90
            assert refused.retry_after_s == pytest.approx(60e3, rel=1e-3)

        run(scenario)

    def test_keys_do_not_share(self, run: Run) -> None:
        async def scenario(limiter: Limiter) -> None:
            await admitted(limiter, "a", SLOW, 100)
            await admitted(limiter, "b", SLOW, 100)
            await denied(limiter, "a", SLOW, 1)

        run(scenario)

    def test_what_cannot_be_admitted_is_refused_at_once(self, run: Run) -> None:
        async def scenario(limiter: Limiter) -> None:
            with pytest.raises(CostAboveCapacity, match=r"come to 101 tokens.*at most 100 at once"):
                await limiter.reserve("a", SLOW, 101)
            with pytest.raises(ValueError, match="cannot cost -1 tokens"):
                await limiter.reserve("a", SLOW, -1)
            await admitted(limiter, "a", SLOW, 100)  # neither took anything

        run(scenario)

    def test_no_more_can_be_used_than_was_reserved(self, run: Run) -> None:
        async def scenario(limiter: Limiter) -> None:
            reservation = await admitted(limiter, "a", SLOW, 50)
            with pytest.raises(ValueError, match="51 tokens were used of 50 reserved"):
                await reservation.settle(51)
            assert not reservation.settled
            await reservation.settle(50)
            assert reservation.settled

        run(scenario)

    def test_a_request_of_no_tokens_counts_as_a_request(self, run: Run) -> None:
        async def scenario(limiter: Limiter) -> None:
            await admitted(limiter, "a", SLOW, 0)
            assert (await denied(limiter, "a", SLOW, 0)).bucket == "requests"

        run(scenario)

    def test_buckets_refill(self, run: Run) -> None:
        """A refill so fast that it is full again however soon one looks."""
        fast = Limits(requests_per_minute=1e12, tokens_per_minute=1e12, burst_s=60e-11)  # 10 each

        async def scenario(limiter: Limiter) -> None:
            for _ in range(50):
                if isinstance(limiter, MemoryLimiter):
                    limiter._clock.now += 1e-6  # type: ignore[attr-defined]
                reservation = await admitted(limiter, "a", fast, 10)
                await reservation.settle(0)

        run(scenario)

    def test_many_at_once_get_exactly_the_capacity(self, run: Run) -> None:
        async def scenario(limiter: Limiter) -> None:
            asked = (limiter.reserve("a", SLOW_TOKENS, 3) for _ in range(60))
            outcomes = await asyncio.gather(*asked)
            assert sum(isinstance(outcome, Reservation) for outcome in outcomes) == 33

        run(scenario)


class TestMemoryLimiter:
    def test_the_number_of_keys_is_bounded(self) -> None:
        clock = Clock()
        limiter = MemoryLimiter(clock, max_keys=3)
        limits = Limits(60, 60, 60)

        async def scenario() -> None:
            for key in "abcd":
                await admitted(limiter, key, limits, 60)
            assert (len(limiter), limiter.forgotten) == (3, 1)  # a, with its buckets not full
            await denied(limiter, "b", limits, 60)  # and now the one used last
            clock.now += 60
            await admitted(limiter, "e", limits, 60)  # c was full again: nothing is lost
            assert (len(limiter), limiter.forgotten) == (3, 1)
            await admitted(limiter, "c", limits, 60)

        asyncio.run(scenario())

    def test_other_limits_begin_anew(self) -> None:
        limiter = MemoryLimiter(Clock())

        async def scenario() -> None:
            old = await admitted(limiter, "a", Limits(60, 60, 60), 60)
            new = await admitted(limiter, "a", Limits(60, 120, 60), 100)
            await old.settle(0)  # goes to the buckets it came from
            assert new.quotas is not None
            assert (await denied(limiter, "a", Limits(60, 120, 60), 21)).quotas == Quotas(
                Quota(60, 59, 1.0), Quota(120, 20, 50.0)
            )

        asyncio.run(scenario())

    def test_room_for_no_key_is_refused(self) -> None:
        with pytest.raises(ValueError, match="max_keys must be at least 1"):
            MemoryLimiter(Clock(), max_keys=0)


class TestLimits:
    @pytest.mark.parametrize("wrong", [0, -1, math.inf, math.nan])
    def test_wrong_numbers_are_refused(self, wrong: float) -> None:
        for name in ("requests_per_minute", "tokens_per_minute", "burst_s"):
            with pytest.raises(ValueError, match=f"{name} must be a finite number above 0"):
                Limits(**{name: wrong})

    def test_a_bucket_that_never_holds_one_is_refused(self) -> None:
        with pytest.raises(ValueError, match=r"requests_per_minute = 5 with burst_s = 10"):
            Limits(requests_per_minute=5, burst_s=10)
        Limits(requests_per_minute=6, burst_s=10)


class TestHeaders:
    def test_of_an_admitted_request(self) -> None:
        quotas = Quotas(Quota(60, 59, 1.0), Quota(150_000, 149_984, 0.0064))
        assert limit_headers(Reservation(16, quotas, _no_refund)) == {
            "x-ratelimit-limit-requests": "60",
            "x-ratelimit-remaining-requests": "59",
            "x-ratelimit-reset-requests": "1s",
            "x-ratelimit-limit-tokens": "150000",
            "x-ratelimit-remaining-tokens": "149984",
            "x-ratelimit-reset-tokens": "7ms",
        }

    @pytest.mark.parametrize(("wait_s", "seconds"), [(1e-9, "1"), (1.0, "1"), (1.001, "2")])
    def test_of_a_denied_request(self, wait_s: float, seconds: str) -> None:
        quotas = Quotas(Quota(60, 0, 60), Quota(100, 100, 0))
        headers = limit_headers(Denied("requests", wait_s, quotas))
        assert headers["retry-after"] == seconds
        assert headers["x-ratelimit-reset-requests"] == "1m0s"
        assert headers["x-ratelimit-reset-tokens"] == "0s"

    def test_nothing_is_said_of_what_is_not_known(self) -> None:
        assert limit_headers(Reservation(16, None, _no_refund)) == {}

    @pytest.mark.parametrize(
        ("seconds", "text"),
        [(0.0001, "1ms"), (0.07, "70ms"), (0.9999, "1s"), (59.9999, "1m0s"), (86400, "24h0m0s")],
    )
    def test_times_are_rounded_up(self, seconds: float, text: str) -> None:
        assert format_duration(seconds) == text


async def _no_refund(unused: int) -> None:
    raise AssertionError("nothing is to be refunded")
