"""Which sequences compute how many tokens in the next step: continuous batching, on paper.

A sequence is a prompt and its answer so far; of its tokens some are *computed* (their keys and
values are in the cache). Every step computes more of them:

    decoding    the token that was sampled last, and those that a grammar forced after it
    prefilling  a chunk of the prompt, as much as the step's budget of tokens leaves

    waiting --admit--> running (prefilling -> decoding) --finish--> gone
       ^                  |
       +---- preempt -----+   out of blocks: the youngest gives its blocks back and starts over,
                              its answer so far counting as prompt; nothing is lost

Who decodes goes first, so that a long prompt never stalls the others; then prompts by arrival. No
tensor is touched here.

>>> scheduler = Scheduler(BlockPool(n_blocks=8, block_size=4), max_running=2, step_tokens=6)
>>> long, short = Sequence([0] * 9), Sequence([1, 2])
>>> scheduler.add(long), scheduler.add(short)
(None, None)
>>> [(work.n_tokens, work.samples) for work in scheduler.step()]
[(6, False)]
>>> [(work.n_tokens, work.samples) for work in scheduler.step()]
[(3, True), (2, True)]

Source: Yu et al. 2022, Orca (iteration-level scheduling), OSDI; Agrawal et al. 2024, Sarathi-Serve
(chunked prefill), arXiv:2403.02310.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from serve.blocks import BlockPool


@dataclass(eq=False)
class Sequence:
    """One prompt and its answer so far.

    Attributes:
        tokens: prompt and answer.
        root: what its keys and values depend on beside the tokens: the adapter's version.
        computed: how many of ``tokens`` have keys and values in the cache.
        blocks: its table: block i holds tokens i * block_size and on.
        cached_tokens: tokens found in the cache when it was first admitted.
        n_preempted: how often it gave its blocks back.
        decoding: its last work ended with a sample; what is pending was chosen since.
        n_published, chain: blocks whose content is known, and the chain they end in.
    """

    tokens: list[int]
    root: Hashable = None
    computed: int = 0
    blocks: list[int] = field(default_factory=list)
    cached_tokens: int = 0
    n_preempted: int = 0
    decoding: bool = False
    n_published: int = 0
    chain: Hashable = None

    @property
    def pending(self) -> int:
        """Tokens that are not computed."""
        return len(self.tokens) - self.computed


@dataclass(frozen=True)
class Work:
    """A sequence's part in a step: its tokens from ``start`` on, ``n_tokens`` of them.

    Attributes:
        samples: whether they are its last, so that the next token can be sampled.
    """

    sequence: Sequence
    start: int
    n_tokens: int
    samples: bool


class Scheduler:
    """The sequences that wait and run.

    Args:
        pool: the blocks; the scheduler alone takes and releases them.
        max_running: sequences at once.
        step_tokens: tokens computed in one step at most; what bounds the time between two tokens of
            those that decode while a prompt comes in.
    """

    def __init__(self, pool: BlockPool, max_running: int, step_tokens: int) -> None:
        if max_running < 1 or step_tokens < 1:
            raise ValueError(
                f"max_running and step_tokens must be at least 1, got {max_running}, {step_tokens}"
            )
        self.pool, self.max_running, self.step_tokens = pool, max_running, step_tokens
        self.waiting: deque[Sequence] = deque()
        self.running: list[Sequence] = []  # by arrival

    def add(self, sequence: Sequence) -> None:
        """Queue a sequence.

        Raises:
            ValueError: it has no tokens.
        """
        if not sequence.tokens:
            raise ValueError("a prompt has no tokens")
        self.waiting.append(sequence)

    def remove(self, sequence: Sequence) -> None:
        """Take a sequence out, wherever it is, and free its blocks (finished or cancelled)."""
        if sequence in self.running:
            self._publish(sequence)  # a conversation's next turn begins with it
            self.running.remove(sequence)
            self._give_back(sequence)
        else:
            self.waiting.remove(sequence)

    def step(self) -> list[Work]:
        """Return the next step's work, and count it as computed; [] where there is none."""
        for sequence in self.running:
            self._publish(sequence)
        work: list[Work] = []
        left = self.step_tokens
        decoding = [sequence for sequence in self.running if sequence.decoding]
        prefilling = [sequence for sequence in self.running if not sequence.decoding]
        for sequence in decoding:
            n = sequence.pending
            if sequence in self.running and self._make_room(sequence, n, work):
                work.append(self._take(sequence, n))
                left -= n
        for sequence in prefilling:
            n = min(sequence.pending, left)
            if n > 0 and sequence in self.running:  # its room was taken when it was admitted
                work.append(self._take(sequence, n))
                left -= n
        while left > 0 and self.waiting and len(self.running) < self.max_running:
            if not self._admit(self.waiting[0]):
                break
            sequence = self.waiting.popleft()
            self.running.append(sequence)
            n = min(sequence.pending, left)
            work.append(self._take(sequence, n))
            left -= n
        return work

    def _take(self, sequence: Sequence, n: int) -> Work:
        """Return the work on the next n tokens, which are counted as computed."""
        start = sequence.computed
        sequence.computed += n
        sequence.decoding = sequence.pending == 0
        return Work(sequence, start, n, samples=sequence.decoding)

    def _admit(self, sequence: Sequence) -> bool:
        """Give a sequence its blocks, known ones first; False where there are not enough.

        The last token is always computed: its hidden state is what is sampled from. Room is taken
        for all that is there, so that a prompt which has begun can be finished.
        """
        size = self.pool.block_size
        known, chain = self.pool.find(sequence.root, sequence.tokens[:-1])
        self.pool.hold(known)
        needed = -(-len(sequence.tokens) // size) - len(known)
        fresh = self.pool.take(needed)
        if fresh is None:
            self.pool.release(known)
            return False
        sequence.blocks = known + fresh
        sequence.computed = len(known) * size
        sequence.n_published, sequence.chain = len(known), chain
        if sequence.n_preempted == 0:
            sequence.cached_tokens = sequence.computed
        return True

    def _make_room(self, sequence: Sequence, n: int, work: list[Work]) -> bool:
        """Give a running sequence blocks for n more tokens; False where it was preempted itself."""
        size = self.pool.block_size
        while True:
            needed = -(-(sequence.computed + n) // size) - len(sequence.blocks)
            if needed <= 0:
                return True
            fresh = self.pool.take(needed)
            if fresh is not None:
                sequence.blocks += fresh
                return True
            youngest = self.running[-1]
            self._preempt(youngest, work)
            if youngest is sequence:
                return False

    def _preempt(self, sequence: Sequence, work: list[Work]) -> None:
        """Put a running sequence back to the front of the queue, without its blocks."""
        work[:] = [item for item in work if item.sequence is not sequence]
        self.running.remove(sequence)
        self._give_back(sequence)
        sequence.n_preempted += 1
        self.waiting.appendleft(sequence)

    def _give_back(self, sequence: Sequence) -> None:
        self.pool.release(sequence.blocks)
        sequence.blocks, sequence.computed, sequence.decoding = [], 0, False

    def _publish(self, sequence: Sequence) -> None:
        """Make the blocks that earlier steps filled known: their values are in the cache by now."""
        size = self.pool.block_size
        first, full = sequence.n_published, sequence.computed // size
        if full > first:
            tokens = sequence.tokens[first * size : full * size]
            blocks = sequence.blocks[first:full]
            sequence.chain = self.pool.publish(blocks, sequence.chain, tokens)
            sequence.n_published = full
