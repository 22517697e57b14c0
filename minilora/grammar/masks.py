"""Which tokens may come next in a state, as packed bits; computed once a state and kept.

A state with parts (see :mod:`minilora.grammar.machine`) gets the union of what each takes:

- within a *lexeme*, what tokens do was found once for all that reads it (:mod:`.lexemes`). What
  remains are the few places in the tree of tokens at which it ends, and its tail from there;
- *between* lexemes, white space is looked up (:mod:`.blanks`), and what may follow is stepped.

States whose parts are nothing but the same lexeme and tail share one mask. A state without parts is
walked as it is: *sparse*, depth first over the tree of tokens following what is alive; or *dense*,
level by level over the whole tree (:mod:`.dense`), where most bytes may come.

Bit t % 32 of word t // 32 is token t. V is the size of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import inf

import numpy as np

from minilora.grammar.dense import DenseWalk
from minilora.grammar.lexemes import (
    DENSE_BYTES,
    DENSE_NODES,
    LexemeCache,
)
from minilora.grammar.machine import DEAD, Machine, Part, Reading
from minilora.grammar.packed import Packed as Packed
from minilora.grammar.packed import set_bits
from minilora.grammar.parts_walk import Found, PartsWalk
from minilora.grammar.quote_walk import MAX_CHARACTER, walk_quote
from minilora.grammar.vocabulary import Vocabulary

FEW_CHILDREN = 16  # of a node: up to here single steps are cheaper than a row not yet known
MAX_KNOWN_TOKENS = 100_000  # states after a token: about 0.1 kB each
MAX_KNOWN_STATES = 20_000  # transitions kept for the sparse way: about 2 kB each


@dataclass(eq=False)
class Entry:
    """What is known of a state, or of several with the same mask.

    Attributes:
        key: what those states have in common.
        mask: (ceil(V / 32),) int32, read-only.
        ids: the tokens of the mask that are not inside one of the readings.
        readings: lexemes that tokens stay inside of.
        reached: the distinct states after an allowed token, where the state has no parts.
        states: the states that it was asked for.
        last_used: when it was last asked for, by the cache's clock.
        n_needed: bytes that are enough to complete the document after any of its tokens, by state;
            found once somebody asks with a budget.
    """

    key: Hashable
    mask: Packed
    ids: tuple[int, ...]
    readings: tuple[Reading, ...]
    reached: tuple[int, ...] = ()
    states: list[int] = field(default_factory=list)
    last_used: int = 0
    n_needed: dict[int, float] = field(default_factory=dict)

    @property
    def n_bytes(self) -> int:
        """Memory it takes, nearly, but for its states."""
        return (
            self.mask.nbytes
            + 8 * len(self.ids)
            + 40 * len(self.reached)
            + 100 * len(self.readings)
            + 500
        )


class MaskCache:
    """The masks of one machine over one vocabulary, shared by all its matchers; not thread-safe.

    Attributes:
        machine, vocabulary: what it is for.
        limit_bytes: the masks used least recently are dropped above this.
        hits, misses: masks found here and masks computed.
    """

    STATE_BYTES = 250  # that a state takes beside its mask

    def __init__(
        self, machine: Machine, vocabulary: Vocabulary, limit_bytes: int = 64 << 20
    ) -> None:
        """Start empty."""
        self.machine, self.vocabulary, self.limit_bytes = machine, vocabulary, limit_bytes
        self.hits = self.misses = 0
        self.lexemes = LexemeCache(vocabulary, limit_bytes // 2)
        self._n_bytes = 0  # of entries
        self._entries: dict[int, Entry] = {}  # by state
        self._kept: dict[Hashable, Entry] = {}  # by key
        self._clock = 0
        self._moves: dict[int, tuple[list[int], list[tuple[int, int]]]] = {}
        self._after: dict[tuple[int, int], int] = {}
        self._plans: dict[int, tuple[int, ...] | None] = {}
        self._lengths: dict[int, float] = {}
        self._parts = PartsWalk(machine, vocabulary, self.lexemes, self.allows)
        self._states = DenseWalk(machine.row, vocabulary.trie)

    @property
    def n_bytes(self) -> int:
        """Memory that masks and lexemes take, nearly; those that all grammars share left out."""
        return self._n_bytes + self.lexemes.own.n_bytes

    def entry(self, state: int) -> Entry:
        """Return what is known of a state, computed if need be."""
        entry = self._entries.get(state)
        self._clock += 1
        if entry is not None:
            self.hits += 1
            entry.last_used = self._clock
            return entry
        key, parts = self._key(state)
        entry = self._kept.get(key)
        if entry is None:
            self.misses += 1
            entry = self._kept[key] = self._compute(key, state, parts)
            self._n_bytes += entry.n_bytes
        else:
            self.hits += 1
        entry.last_used = self._clock
        self._entries[state] = entry
        entry.states.append(state)
        self._n_bytes += self.STATE_BYTES
        if self.n_bytes > self.limit_bytes:
            self._make_room(entry)
        return entry

    def _make_room(self, newest: Entry) -> None:
        """Drop lexemes, then the masks used least recently, down to three quarters of the limit."""
        self.lexemes.own.drop()
        for entry in sorted(self._kept.values(), key=lambda entry: entry.last_used):
            if self._n_bytes <= self.limit_bytes * 3 // 4:
                return
            if entry is not newest:
                del self._kept[entry.key]
                self._n_bytes -= entry.n_bytes
            kept = entry.states[-1:] if entry is newest else []
            for state in entry.states[: len(entry.states) - len(kept)]:
                del self._entries[state]
                entry.n_needed.pop(state, None)
                self._n_bytes -= self.STATE_BYTES
            entry.states = kept

    def unhurried(self, state: int, budget: int) -> Packed | None:
        """Return the mask of a state, if all that it allows can be completed within a budget.

        The budget counts the next token too. Completions are measured by bytes, each a token at
        most, so that none has to be spelled; None may mean that they fit all the same.
        """
        entry = self.entry(state)
        return entry.mask if self._n_needed(entry, state) < budget else None

    def is_short(self, state: int, budget: int) -> bool:
        """Return whether the completion of a state has no more bytes than a budget has tokens."""
        return self._plain_length(state) <= budget

    def within(self, state: int, budget: int) -> Packed:
        """Return the mask of the tokens after which :meth:`plan` still fits ``budget`` tokens.

        The entry's own mask where that holds for all of them; else the end-of-text bits (they need
        no budget) and the tokens that pass, found by a walk of their own, which is not kept.
        """
        whole = self.unhurried(state, budget + 1)
        if whole is not None:
            return whole
        entry = self.entry(state)
        if self.machine.parts(state) is None:
            return self._walked(state, lambda after: self._fits(after, budget)).mask
        fitting = [i for i in entry.ids if self._fits(self.promised(state, i), budget)]
        found = Found(state, fitting)
        found.inside = [self._inside_within(reading, budget) for reading in entry.readings]
        return self._packed(found)

    def _n_needed(self, entry: Entry, state: int) -> float:
        """Return how many bytes are enough to complete the document after any of the tokens."""
        n = entry.n_needed.get(state)
        if n is None:
            after = [self.promised(state, i) for i in entry.ids] + list(entry.reached)
            lengths = [self._plain_length(each) for each in dict.fromkeys(after)]
            lengths += map(self._n_needed_inside, entry.readings)
            n = entry.n_needed[state] = max(lengths, default=0)
        return n

    def _n_needed_inside(self, reading: Reading) -> float:
        """Return the same after the tokens that stay inside a lexeme."""
        lexemes, state = reading.lexemes, reading.state
        if lexemes.loose(state) is not None:  # a character more at most, not to be left out
            inside = len(lexemes.shortest(state)) + 1 + MAX_CHARACTER
        elif (quote := walk_quote(lexemes, state, self.vocabulary.trie)) is not None:
            inside = quote.n_needed()
        else:
            _, reached, _ = self.lexemes.walk(lexemes).walk(state)
            inside = max((len(lexemes.shortest(after)) for after in reached), default=0)
        behind = max(map(self._plain_length, self._behind(reading)))
        return inside + n_to_evade(reading.exact) + behind

    def _inside_within(self, reading: Reading, budget: int) -> Packed:
        """Return the tokens that stay inside a lexeme and after which a plan fits a budget."""
        lexemes, budget = reading.lexemes, budget - n_to_evade(reading.exact)
        behind = max((self.machine.shortest(each) for each in self._behind(reading)), key=len)

        def keep(after: int) -> bool:
            rest = self.vocabulary.spell(lexemes.shortest(after) + behind)
            return rest is not None and len(rest) <= budget

        return self.lexemes.walk(lexemes).walk(reading.state, keep)[0]

    def _behind(self, reading: Reading) -> list[int]:
        """Return states in which the document may go on behind a lexeme, the costliest among them.

        Where they depend on what will be read of it: behind what a token can close it with, the
        shortest content, and what may need the longest completion.
        """
        resume = self.machine.resume
        if reading.exact is not None:
            return [resume(reading.tail, None)]
        tokens = self.lexemes.tokens(reading.lexemes, reading.state, self.lexemes.root)
        shortest = reading.lexemes.shortest(reading.state)
        contents = {*tokens.exits, shortest[:-1] if reading.lexemes.closes else shortest}
        behind = [resume(reading.exact_tail, content) for content in contents]
        behind += self.machine.costly(reading.exact_tail)
        return [state for state in behind if state >= 0]

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
        key = (state, token_id)
        found = self._after.get(key)
        if found is None:
            if len(self._after) >= MAX_KNOWN_TOKENS:
                self._after.clear()
            found, step = state, self.machine.step
            for byte in self.vocabulary.tokens[token_id] or (None,):
                found = DEAD if byte is None else step(found, byte)
                if found < 0:
                    break
            self._after[key] = found
        return found

    def promised(self, state: int, token_id: int) -> int:
        """Return the state after a token that is in a state's mask, or in a plan.

        A mask is found from parts, and can know more of a token than a walk byte by byte does,
        where states are narrowed.
        """
        found = self.allows(state, token_id)
        if found < 0 and self.machine.n_narrowed:
            found = self.machine.walk_exactly(state, self.vocabulary.tokens[token_id] or b"")
            self._after[state, token_id] = found
        return found

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
        if self.is_short(state, budget):
            return True
        plan = self.plan(state)
        return plan is not None and len(plan) <= budget

    def _plain_length(self, state: int) -> float:
        """Return the bytes of the shortest completion, a token each; infinite if one has none.

        This bound on the plan's length spares nearly all plans.
        """
        plain = self._lengths.get(state)
        if plain is None:
            if len(self._lengths) >= MAX_KNOWN_STATES:
                self._lengths.clear()
            data = self.machine.shortest(state)
            plain = len(data) if self.vocabulary.single_bytes.issuperset(data) else inf
            self._lengths[state] = plain
        return plain

    # --- masks -----------------------------------------------------------------------------------

    def _key(self, state: int) -> tuple[Hashable, tuple[Part, ...] | None]:
        """Return what states with the same mask have in common, and the parts of this one."""
        parts = self.machine.parts(state)
        if parts is not None and len(parts) == 1:
            (part,) = parts
            if isinstance(part, Reading) and part.exact is not None:
                tokens = self.lexemes.tokens(part.lexemes, part.state, self.lexemes.root)
                if part.exact.isdisjoint(tokens.names):
                    return (id(part.lexemes), part.state, part.tail), parts
        return state, parts

    def _compute(self, key: Hashable, state: int, parts: tuple[Part, ...] | None) -> Entry:
        if parts is None:
            return self._walked(state)
        found = Found(state)
        self._parts.below(self.lexemes.root, state, found)
        mask = self._packed(found)
        ids = tuple(chain(found.ids, *(blanks.ids for blanks in found.blanks)))
        return Entry(key, mask, ids, tuple(found.readings))

    def _packed(self, found: Found) -> Packed:
        """Return packed bits of what was found, and of end of text where the document may end."""
        ends = self.vocabulary.eos_ids if self.machine.can_end(found.state) else ()
        return self.bits((*found.ids, *ends), found.inside)

    def bits(self, ids: Iterable[int], inside: Sequence[Packed] = ()) -> Packed:
        """Return packed bits of some ids and others, (ceil(V / 32),) int32, read-only."""
        if inside:
            words = inside[0].view(np.uint32).copy()
            for more in inside[1:]:
                words |= more.view(np.uint32)
        else:
            words = np.zeros(-(-self.vocabulary.vocab_size // 32), np.uint32)
        set_bits(words, list(ids))
        words.setflags(write=False)
        return words.view(np.int32)

    # --- states without parts --------------------------------------------------------------------

    def _walked(self, state: int, keep: Callable[[int], bool] | None = None) -> Entry:
        """Return what is known of a state without parts; ``keep``: the states after that count."""
        tokens = self._sparse(state)
        if tokens is None:
            bits, reached, _ = self._states.walk(state, keep)
            mask = self._packed(Found(state, inside=[bits]))
            return Entry(state, mask, (), (), reached)
        reached = tuple(after for after in tokens if keep is None or keep(after))
        ids = [i for after in reached for i in tokens[after]]
        return Entry(state, self._packed(Found(state, ids)), (), (), reached)

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


def n_to_evade(taken: frozenset[str] | None) -> int:
    """Return how many letters "a" a name may need behind it so as not to be one that is taken.

    A lexeme of keys knows their characters, not which are used up; its shortest end can spell one
    that is, and the completion then goes on until the name is new: n, na, naa, ...

    >>> n_to_evade(frozenset()), n_to_evade(frozenset({"x", "b", "ba"}))
    (0, 2)
    """
    taken, longest = taken or frozenset(), 0
    for name in taken:
        n = 1
        while name + "a" * n in taken:
            n += 1
        longest = max(longest, n)
    return longest
