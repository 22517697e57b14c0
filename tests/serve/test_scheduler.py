"""The scheduler against its promises, under random arrivals and a cache that is too small."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.blocks import BlockPool
from serve.scheduler import Scheduler, Sequence


def test_a_long_prompt_does_not_stall_who_decodes() -> None:
    scheduler = Scheduler(BlockPool(64, 4), max_running=4, step_tokens=8)
    first = Sequence([1] * 4)
    scheduler.add(first)
    scheduler.step()
    scheduler.add(Sequence([2] * 100))
    for _ in range(10):
        first.tokens.append(7)
        work = scheduler.step()
        assert [item.n_tokens for item in work] == [1, 7]
        assert work[0].sequence is first
        assert work[0].samples
        assert not work[1].samples


def test_forced_tokens_are_computed_together() -> None:
    scheduler = Scheduler(BlockPool(8, 4), max_running=1, step_tokens=2)
    sequence = Sequence([1])
    scheduler.add(sequence)
    scheduler.step()
    sequence.tokens += [2, 3, 4, 5]  # more than a step's budget: decoding is not chunked
    (work,) = scheduler.step()
    assert (work.start, work.n_tokens, work.samples) == (1, 4, True)


def test_a_known_beginning_is_not_computed_again() -> None:
    pool = BlockPool(16, 4)
    scheduler = Scheduler(pool, max_running=4, step_tokens=100)
    first = Sequence(list(range(10)), root="a")
    scheduler.add(first)
    scheduler.step()
    again, other = Sequence(list(range(9)), root="a"), Sequence(list(range(9)), root="b")
    scheduler.add(again)
    scheduler.add(other)
    work = {item.sequence: item for item in scheduler.step()}
    assert work[again].start == again.cached_tokens == 8
    assert again.blocks[:2] == first.blocks[:2]
    assert work[other].start == other.cached_tokens == 0


def test_the_last_token_is_always_computed() -> None:
    scheduler = Scheduler(BlockPool(16, 4), max_running=4, step_tokens=100)
    for _ in range(2):
        sequence = Sequence(list(range(8)))
        scheduler.add(sequence)
        (work,) = scheduler.step()
        assert work.samples
        assert work.n_tokens >= 1
        scheduler.remove(sequence)
    assert sequence.cached_tokens == 4


def test_a_conversation_finds_its_last_answer() -> None:
    scheduler = Scheduler(BlockPool(16, 2), max_running=1, step_tokens=100)
    turn = Sequence([1, 2, 3])
    scheduler.add(turn)
    scheduler.step()
    turn.tokens.append(4)
    scheduler.step()
    scheduler.remove(turn)
    following = Sequence([1, 2, 3, 4, 5])
    scheduler.add(following)
    scheduler.step()
    assert following.cached_tokens == 4


def test_the_youngest_is_preempted_and_loses_nothing() -> None:
    scheduler = Scheduler(BlockPool(4, 2), max_running=2, step_tokens=100)
    old, young = Sequence([1, 2, 3]), Sequence([4, 5, 6])
    scheduler.add(old)
    scheduler.add(young)
    scheduler.step()
    for token in range(2):
        old.tokens.append(token)
        young.tokens.append(token)
        work = scheduler.step()
    assert [item.sequence for item in work] == [old]
    assert young.n_preempted == 1
    assert young.tokens == [4, 5, 6, 0, 1]
    assert list(scheduler.waiting) == [young]
    scheduler.remove(old)
    (work_again,) = scheduler.step()
    assert work_again.sequence is young
    assert work_again.samples
    assert young.cached_tokens == 0  # of its first admission


def test_blocks_released_too_often_are_noticed() -> None:
    pool = BlockPool(2, 2)
    blocks = pool.take(1)
    assert blocks is not None
    pool.release(blocks)
    with pytest.raises(ValueError, match="more often"):
        pool.release(blocks)


@given(st.integers(0, 10_000))
def test_every_sequence_finishes_and_every_block_comes_back(seed: int) -> None:
    """A model of the cache: each slot holds which token was written under which history."""
    rng = random.Random(seed)
    size = rng.randint(1, 4)
    pool = BlockPool(n_blocks=rng.randint(10, 16), block_size=size)
    scheduler = Scheduler(pool, max_running=rng.randint(1, 4), step_tokens=rng.randint(1, 12))
    slots: dict[tuple[int, int], tuple[object, tuple[int, ...]]] = {}
    wanted: dict[Sequence, int] = {}
    for _ in range(rng.randint(1, 8)):
        prompt = [rng.randint(0, 1) for _ in range(rng.randint(1, 5 * size))]
        sequence = Sequence(prompt, root=rng.choice("ab"))
        wanted[sequence] = len(prompt) + rng.randint(1, 3 * size)
        scheduler.add(sequence)
    steps = 0
    while scheduler.running or scheduler.waiting:
        steps += 1
        assert steps < 2000
        for work in scheduler.step():
            sequence = work.sequence
            for i in range(work.start, work.start + work.n_tokens):
                slots[sequence.blocks[i // size], i % size] = (
                    sequence.root,
                    tuple(sequence.tokens[: i + 1]),
                )
            for i in range(work.start + work.n_tokens):  # all that it attends to
                assert slots[sequence.blocks[i // size], i % size] == (
                    sequence.root,
                    tuple(sequence.tokens[: i + 1]),
                )
            if work.samples:
                assert work.start + work.n_tokens == len(sequence.tokens)
                sequence.tokens += [rng.randint(0, 1) for _ in range(rng.choice((1, 1, 1, 3)))]
                if len(sequence.tokens) >= wanted[sequence] or rng.random() < 0.02:
                    scheduler.remove(sequence)
    assert pool.n_held == 0
    assert pool.n_idle == pool.n_blocks
