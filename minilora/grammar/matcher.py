"""One document under way: which tokens may come next, and which must.

A matcher is a place in a chain of steps, one a token. Going back is following the chain, a fork is
a second matcher at the same place; both share what was computed, through the
:class:`~minilora.grammar.masks.MaskCache`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from minilora.grammar.limits import TooComplex
from minilora.grammar.machine import DEAD, Machine
from minilora.grammar.masks import MaskCache, Packed
from minilora.grammar.vocabulary import Vocabulary

MAX_FORCED_BYTES = 512  # looked ahead at once; the rest is found by the next call


@dataclass
class _Step:
    """A place in the chain.

    Attributes:
        state: the machine's state here.
        previous: the step before, None at the start.
        ended: an end-of-text token was taken.
        plan: tokens that complete the document from here, once somebody asked with a budget.
    """

    state: int
    previous: _Step | None = None
    ended: bool = False
    plan: tuple[int, ...] | None = None


class Matcher:
    """A document under way.

    Attributes:
        cache: masks, shared by the matchers of one machine and one vocabulary.
    """

    def __init__(
        self, machine: Machine, vocabulary: Vocabulary, cache: MaskCache | None = None
    ) -> None:
        """Stand before the first token.

        Args:
            machine: the grammar.
            vocabulary: the tokens.
            cache: masks to share; None starts a cache of its own.

        Raises:
            ValueError: a cache for another machine or vocabulary.
        """
        self.cache = MaskCache(machine, vocabulary) if cache is None else cache
        if self.cache.machine is not machine or self.cache.vocabulary is not vocabulary:
            raise ValueError("the mask cache belongs to another machine or vocabulary")
        self.machine, self.vocabulary = machine, vocabulary
        self._here = _Step(machine.start)

    @property
    def state(self) -> int:
        """The machine's state."""
        return self._here.state

    @property
    def can_end(self) -> bool:
        """Whether the document may end here: end of text is allowed, or already taken."""
        return self.machine.can_end(self._here.state)

    @property
    def finished(self) -> bool:
        """Whether end of text was taken: nothing may follow."""
        return self._here.ended

    def mask(self, budget: int | None = None) -> Packed:
        """Return which tokens may come next, (ceil(V / 32),) int32, read-only.

        Bit t % 32 of word t // 32 is token t. End-of-text bits are set exactly where
        :attr:`can_end`; all bits are 0 once finished.

        Args:
            budget: tokens that may still be taken, this one among them and end of text not. None:
                as many as it takes. With a budget the document is always closed in time: a token
                is allowed only if a completion of at most budget - 1 tokens is known after it. At
                every step one completion is known, the *plan*: the machine's shortest, spelled with
                the fewest tokens, or what is left of an earlier step's plan if that is shorter.
                The plan's first token is always allowed and leaves a plan one shorter. So, by
                induction, a budget that holds the plan once (:meth:`shortest_plan`) holds it ever
                after, if each call gives one less. A budget too small for it allows the plan alone.

        Raises:
            ValueError: a budget below 0, or no plan: no tokens spell the shortest completion.
        """
        try:
            return self._mask(budget)
        except TooComplex as error:
            self.machine.narrowed(self._here.state, error)
            with self.machine.limits.lifted():
                return self._mask(budget)

    def _mask(self, budget: int | None) -> Packed:
        if self._here.ended:
            return self._only(())
        if budget is None:
            return self.cache.entry(self._here.state).mask
        if budget < 0:
            raise ValueError(f"budget must be at least 0 tokens, got {budget}")
        whole = self.cache.unhurried(self._here.state, budget)
        if whole is not None:
            return whole
        plan = self.shortest_plan()
        if budget <= len(plan):  # no room for anything but the plan
            return self._only(plan[:1])
        mask = self.cache.within(self._here.state, budget - 1)
        return _with_token(mask, plan[0]) if plan else mask

    def shortest_plan(self) -> tuple[int, ...]:
        """Return the shortest completion known here, as tokens; none where the document may end.

        Raises:
            ValueError: no tokens spell it.
        """
        here = self._here
        fresh = self.cache.plan(here.state)
        if here.plan is None or (fresh is not None and len(fresh) < len(here.plan)):
            if fresh is None:
                text = self.machine.shortest(here.state)
                raise ValueError(f"no tokens of the vocabulary spell the completion {text!r}")
            here.plan = fresh
        return here.plan

    def can_close(self, budget: int) -> bool:
        """Return whether at most so many tokens complete the document: no more than the plan has.

        Raises:
            ValueError: no tokens spell the completion.
        """
        return self.cache.is_short(self._here.state, budget) or len(self.shortest_plan()) <= budget

    def allows(self, token_id: int) -> bool:
        """Return whether a token may come next, without computing the mask."""
        return not self._here.ended and self._after(token_id) >= 0

    def _after(self, token_id: int) -> int:
        """Return the state after a token, or DEAD where it may not come next."""
        state = self._here.state
        if token_id in self.vocabulary.eos_ids:
            return state if self.can_end else DEAD
        if not 0 <= token_id < self.vocabulary.vocab_size:
            return DEAD
        after = self.cache.allows(state, token_id)
        if after < 0 and self.machine.n_narrowed and self._is_promised(token_id):
            after = self.cache.promised(state, token_id)
        return after

    def _is_promised(self, token_id: int) -> bool:
        """Return whether a token is in the mask here, or the first of the plan."""
        planned = self._here.plan is not None and self._here.plan[:1] == (token_id,)
        word = int(self.mask()[token_id // 32])
        return planned or bool(word >> token_id % 32 & 1)

    def advance(self, token_id: int) -> None:
        """Take a token; an end-of-text token finishes the document.

        Raises:
            ValueError: it may not come next; the matcher is as it was.
        """
        here = self._here
        state = self._after(token_id)
        if here.ended or state < 0:
            what = "nothing, the document is finished" if here.ended else "other tokens"
            raise ValueError(f"token {token_id} is not allowed here: the grammar takes {what}")
        plan = here.plan
        if token_id in self.vocabulary.eos_ids:
            self._here = _Step(state, here, ended=True)
        else:
            rest = plan[1:] if plan and plan[0] == token_id else None
            self._here = _Step(state, here, plan=rest)

    def rollback(self, n: int) -> None:
        """Take back the last ``n`` tokens, end of text counting as one.

        Raises:
            ValueError: fewer were taken, or n is negative; the matcher is as it was.
        """
        step, left = self._here, n
        while left > 0 and step.previous is not None:
            step, left = step.previous, left - 1
        if left:
            raise ValueError(f"cannot take back {n} tokens, {n - left} were taken")
        self._here = step

    def fork(self) -> Matcher:
        """Return a second matcher at the same place; the two go on independently."""
        other = Matcher(self.machine, self.vocabulary, self.cache)
        other._here = self._here
        return other

    def forced_tokens(self) -> list[int]:
        """Return tokens that can only come next, as the tokenizer itself would write them.

        The forced bytes F are those with no alternative, not even the end. Their last tokens depend
        on what follows: where some allowed token spans F's end, beginning at F[q], the whole text
        may be cut before q as F[:q] alone would be. So what is returned is the longest common
        beginning of the tokenizer's tokens for F and for every such F[:q]: no continuation that the
        grammar allows changes them. End of text is never among them.

        Empty where nothing is forced, where the vocabulary has no tokenizer, or inside a character.
        """
        if self._here.ended:
            return []
        forced, state = self._forced_bytes()
        forced = forced[: _whole_characters(forced)]
        common = self.vocabulary.canonical(forced) if forced else None
        if not common:
            return []
        for q in self._spanned(forced, state):
            common = _common(common, self.vocabulary.canonical(forced[:q]) or [])
        return common

    def _forced_bytes(self) -> tuple[bytes, int]:
        """Return the bytes without an alternative and the state after them."""
        state, forced = self._here.state, bytearray()
        while len(forced) < MAX_FORCED_BYTES and not self.machine.can_end(state):
            alive = self.cache.moves(state)[1]
            if len(alive) != 1:
                break
            byte, state = alive[0]
            forced.append(byte)
        return bytes(forced), state

    def _spanned(self, forced: bytes, state: int) -> Iterator[int]:
        """Yield every q where an allowed token begins with F[q:] and goes on from ``state``."""
        trie = self.vocabulary.trie
        longest = len(trie.levels) - 2
        for q in range(max(0, len(forced) - longest), len(forced)):
            node = trie.find(forced[q:])
            if node is not None and self._goes_on(node, state):
                yield q

    def _goes_on(self, node: int, state: int) -> bool:
        """Return whether some token below a node of the tree stays alive from a state."""
        trie, step = self.vocabulary.trie, self.machine.step
        stack = [(node, state)]
        while stack:
            node, state = stack.pop()
            for byte, child in trie.children(node).items():
                after = step(state, byte)
                if after >= 0:
                    if trie.tokens_at(child):
                        return True
                    stack.append((child, after))
        return False

    def _only(self, token_ids: tuple[int, ...]) -> Packed:
        """Return the mask of a few tokens, and of end of text where the document may end."""
        ends = self.vocabulary.eos_ids if self.can_end and not self._here.ended else ()
        return self.cache.bits((*token_ids, *ends))


def _with_token(mask: Packed, token_id: int) -> Packed:
    """Return a mask in which one token's bit is set: a copy, unless it is set already."""
    word, bit = token_id // 32, 1 << token_id % 32
    if int(mask[word]) & bit:
        return mask
    words = mask.copy()
    words.view("u4")[word] |= bit
    words.setflags(write=False)
    return words


def _common(a: list[int], b: list[int]) -> list[int]:
    """Return the longest common beginning of two lists."""
    n = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    return a[: min(len(a), len(b)) if n is None else n]


def _whole_characters(data: bytes) -> int:
    """Return how many bytes of data are left without an unfinished UTF-8 character at its end."""
    return len(data.decode(errors="ignore").encode())
