"""Which tokens may come next in a state, as packed bits; computed once a state and kept.

Three ways, from the same definition (stepping through a token's bytes stays alive):

- *sparse*, where few bytes may come next (punctuation, literals, numbers): depth first over the
  tree of tokens, following only what is alive;
- *dense*, where most bytes may (text in a string): level by level over the whole tree, one numpy
  gather a level in a table of transitions that fills as states are met (:mod:`.dense`);
- *split* states: the dense result of the head is kept for all tails; what remains is a small tree
  of the bytes that follow the head's end within a token (``,`` and 62 more in SmolLM2).

Bit t % 32 of word t // 32 is token t. V is the size of the vocabulary.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from math import inf

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.dense import DenseWalk, HeadTokens
from minilora.grammar.machine import DEAD, Machine
from minilora.grammar.vocabulary import Vocabulary

# From here the dense way is faster (0.8 ms with SmolLM2, one core; a node of the sparse way 1 us):
DENSE_BYTES = 64  # live bytes of the state itself
DENSE_NODES = 1000  # nodes visited; so a wrong guess costs no more than it could have saved
FEW_CHILDREN = 16  # of a node: up to here single steps are cheaper than a row not yet known
MAX_KNOWN_STATES = 20_000  # transitions kept for the sparse way: about 2 kB each
Packed = NDArray[np.int32]


@dataclass(frozen=True)
class Entry:
    """What is known of a state.

    Attributes:
        mask: (ceil(V / 32),) int32, read-only.
        reached: the distinct states after an allowed token.
    """

    mask: Packed
    reached: tuple[int, ...]

    @property
    def n_bytes(self) -> int:
        """Memory it takes, nearly: the bits and an int object for each state."""
        return self.mask.nbytes + 40 * len(self.reached) + 300


class MaskCache:
    """The masks of one machine over one vocabulary, shared by all its matchers; not thread-safe.

    Attributes:
        machine, vocabulary: what it is for.
        limit_bytes: the masks used least recently are dropped above this.
        hits, misses: masks found here and masks computed.
    """

    def __init__(
        self, machine: Machine, vocabulary: Vocabulary, limit_bytes: int = 64 << 20
    ) -> None:
        """Start empty."""
        self.machine, self.vocabulary, self.limit_bytes = machine, vocabulary, limit_bytes
        self.hits = self.misses = self.n_bytes = 0
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._heads: OrderedDict[int, HeadTokens] = OrderedDict()
        self._moves: dict[int, tuple[list[int], list[tuple[int, int]]]] = {}
        self._plans: dict[int, tuple[int, ...] | None] = {}
        self._lengths: dict[int, float] = {}
        self._states = DenseWalk(machine.row, vocabulary.trie)
        self._head_states = DenseWalk(machine.head_row, vocabulary.trie)

    def entry(self, state: int) -> Entry:
        """Return the mask of a state and the states that its tokens lead to."""
        found = self._entries.get(state)
        if found is not None:
            self.hits += 1
            self._entries.move_to_end(state)
            return found
        self.misses += 1
        entry = self._compute(state)
        self._entries[state] = entry
        self.n_bytes += entry.n_bytes
        while self.n_bytes > self.limit_bytes and self._heads:
            self.n_bytes -= self._heads.popitem(last=False)[1].n_bytes
        while self.n_bytes > self.limit_bytes and len(self._entries) > 1:
            self.n_bytes -= self._entries.popitem(last=False)[1].n_bytes
        return entry

    def within(self, state: int, budget: int) -> Packed:
        """Return the mask of the tokens after which :meth:`plan` still fits ``budget`` tokens.

        The entry's own mask where that holds for all of them; else the end-of-text bits (they need
        no budget) and the tokens that pass, found by a walk of their own, which is not kept.
        """
        entry = self.entry(state)
        if all(self._fits(after, budget) for after in entry.reached):
            return entry.mask
        split = self.machine.split(state)
        if split is not None:
            return self._from_split(
                state, *split, keep=lambda after: self._fits(after, budget)
            ).mask
        tokens = self._sparse(state)
        if tokens is None:
            bits, *_ = self._states.walk(state, lambda after: self._fits(after, budget))
            return self._with_end(state, (), bits)
        fitting = (ids for after, ids in tokens.items() if self._fits(after, budget))
        return self._with_end(state, chain.from_iterable(fitting))

    def plan(self, state: int) -> tuple[int, ...] | None:
        """Return the fewest tokens that spell the machine's shortest completion of a state.

        None where no tokens spell it: SmolLM2 lacks 21 bytes, 0xF1 among them.
        """
        if state not in self._plans:
            if len(self._plans) >= MAX_KNOWN_STATES:
                self._plans.clear()
            spelled = self.vocabulary.spell(self.machine.shortest(state))
            self._plans[state] = None if spelled is None else tuple(spelled)
        return self._plans[state]

    def allows(self, state: int, token_id: int) -> int:
        """Return the state after a token with bytes, or DEAD where it may not come next."""
        data = self.vocabulary.tokens[token_id]
        if data is None:
            return DEAD
        for byte in data:
            state = self.machine.step(state, byte)
            if state < 0:
                return DEAD
        return state

    def moves(self, state: int) -> tuple[list[int], list[tuple[int, int]]]:
        """Return a state's row as a list, and the pairs (byte, next state) that are alive."""
        found = self._moves.get(state)
        if found is None:
            if len(self._moves) >= MAX_KNOWN_STATES:
                self._moves.clear()
            row = self.machine.row(state)
            alive = np.flatnonzero(row >= 0)
            pairs = list(zip(alive.tolist(), row[alive].tolist(), strict=True))
            found = self._moves[state] = row.tolist(), pairs
        return found

    def _fits(self, state: int, budget: int) -> bool:
        """Return whether a state has a plan of at most ``budget`` tokens."""
        plain = self._lengths.get(state)
        if plain is None:
            if len(self._lengths) >= MAX_KNOWN_STATES:
                self._lengths.clear()
            plain = self._lengths[state] = self._plain_length(state)
        if plain <= budget:
            return True
        plan = self.plan(state)
        return plan is not None and len(plan) <= budget

    def _plain_length(self, state: int) -> float:
        """Return the bytes of the shortest completion, a token each; infinite if one has none.

        This bound on the plan's length spares nearly all plans.
        """
        data = self.machine.shortest(state)
        return len(data) if self.vocabulary.single_bytes.issuperset(data) else inf

    def _compute(self, state: int) -> Entry:
        split = self.machine.split(state)
        if split is not None:
            return self._from_split(state, split.head, split.tail)
        tokens = self._sparse(state)
        if tokens is None:
            bits, reached, _ = self._states.walk(state)
            return Entry(self._with_end(state, (), bits), reached)
        return Entry(self._with_end(state, chain.from_iterable(tokens.values())), tuple(tokens))

    def bits(self, ids: Iterable[int], inside: Packed | None = None) -> Packed:
        """Return packed bits of some ids and of ``inside``, (ceil(V / 32),) int32, read-only."""
        n_words = -(-self.vocabulary.vocab_size // 32)
        words = np.zeros(n_words, np.uint32) if inside is None else inside.view(np.uint32).copy()
        some = np.fromiter(ids, np.int64)
        np.bitwise_or.at(words, some // 32, np.uint32(1) << (some % 32).astype(np.uint32))
        words.setflags(write=False)
        return words.view(np.int32)

    def _with_end(self, state: int, ids: Iterable[int], inside: Packed | None = None) -> Packed:
        """Return the same with end of text where the document may end."""
        ends = self.vocabulary.eos_ids if self.machine.can_end(state) else ()
        return self.bits((*ids, *ends), inside)

    def _sparse(self, state: int) -> dict[int, list[int]] | None:
        """Return state -> tokens that lead to it: depth first over what is alive.

        None where that is so much that the dense way is faster.
        """
        if len(self.moves(state)[1]) >= DENSE_BYTES:
            return None
        n_nodes = 0
        trie, step, known = self.vocabulary.trie, self.machine.step, self._moves
        reached: dict[int, list[int]] = {}
        stack = [(0, state)]
        while stack:
            node, state = stack.pop()
            n_nodes += 1
            if n_nodes > DENSE_NODES:
                return None
            if ids := trie.tokens_at(node):
                reached.setdefault(state, []).extend(ids)
            children = trie.children(node)
            if not children:
                continue
            if len(children) < FEW_CHILDREN and state not in known:
                for byte, child in children.items():
                    if (after := step(state, byte)) >= 0:
                        stack.append((child, after))
                continue
            row, alive = self.moves(state)
            if len(alive) < len(children):
                for byte, after in alive:
                    if byte in children:
                        stack.append((children[byte], after))
                continue
            for byte, child in children.items():
                if (after := row[byte]) >= 0:
                    stack.append((child, after))
        return reached

    def _from_split(
        self, state: int, head: int, tail: int, keep: Callable[[int], bool] | None = None
    ) -> Entry:
        """Return inside(head) | what the tail makes of the bytes after the head's end.

        Of the states after a token ``keep`` says which count; None: all.
        """
        machine = self.machine
        tokens = self._head_tokens(head)
        inside, heads = tokens.inside, tokens.reached
        if keep is not None:
            kept = {after for after in heads if keep(machine.join(after, tail))}
            inside, heads, _ = self._head_states.walk(head, kept.__contains__)
        reached = dict.fromkeys(machine.join(after, tail) for after in heads)
        ids: list[int] = []
        for outcome, suffixes in tokens.suffixes.items():
            stack = [(suffixes, machine.resume(tail, outcome))]
            while stack:
                node, after = stack.pop()
                if after < 0:
                    continue
                if node.ids and (keep is None or keep(after)):
                    ids += node.ids
                    reached[after] = None
                stack += [(n, machine.step(after, byte)) for byte, n in node.children.items()]
        return Entry(self._with_end(state, ids, inside), tuple(reached))

    def _head_tokens(self, head: int) -> HeadTokens:
        found = self._heads.get(head)
        if found is None:
            found = self._heads[head] = HeadTokens.of(self._head_states, head)
            self.n_bytes += found.n_bytes
        else:
            self._heads.move_to_end(head)
        return found
