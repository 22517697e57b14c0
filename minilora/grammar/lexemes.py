"""What tokens do inside a lexeme: the rest of a string, of a key, of a number.

A lexeme is read by an automaton of its own, which knows nothing of the document around it, so what
a vocabulary's tokens do from one of its states is found once for all places in all documents:

- *inside*: tokens after which the lexeme still goes on;
- *exits*: places in the tree of tokens at which it has ended, by what was read of it (its
  *content*). In SmolLM2 strings end at 163 of 100,298 places, with 42 contents and 63 different
  continuations; only these are looked at again for every document.

Lexemes that mean the same in all grammars (any text, any number, text of bounded length, formats)
say so by their *shape*, and what is found for them is shared by all grammars of a process.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.characters import CharacterTree, CharacterWalk
from minilora.grammar.dense import DenseWalk
from minilora.grammar.machine import CLOSED, DEAD, Lexemes
from minilora.grammar.nodes import Node, merged
from minilora.grammar.packed import Packed, pack_bits, pack_ids
from minilora.grammar.quote_walk import QuoteWalk, walk_quote
from minilora.grammar.text_heads import TextHeads
from minilora.grammar.trie import Trie
from minilora.grammar.vocabulary import Vocabulary

# From here the dense way is faster (0.8 ms with SmolLM2, one core; a node of the sparse way 1 us):
DENSE_BYTES = 64  # live bytes of the state itself
DENSE_NODES = 1000  # nodes visited; so a wrong guess costs no more than it could have saved
FEW_CHILDREN = 24  # of a place: up to here single steps are cheaper than a row
MAX_ALIVE = 10_000  # states whose live bytes are kept, by grammar
MAX_VOCABULARIES = 4  # that lexemes are shared for; the one used least recently goes
SHARED_BYTES = 64 << 20  # for each of them


@dataclass(eq=False)
class LexemeTokens:
    """What tokens do from a state of a lexeme, beginning at a place in the tree of tokens.

    Attributes:
        inside: (ceil(V / 32),) int32, where they begin at the root: those after which the lexeme
            goes on. None where they begin elsewhere.
        ids: the same as a list, unless they are too many.
        is_small: whether they are listed.
        exits: content -> places at which the lexeme has ended after it.
        names: the contents by the text that they spell, where they do.
        end: all exits as one place.
        counts: (V,) uint8, characters begun by a token inside; kept for any text alone.
    """

    inside: Packed | None
    ids: list[int]
    exits: dict[bytes, list[Node]]
    names: dict[str, list[bytes]]
    end: Node
    is_small: bool = True
    counts: NDArray[np.uint8] | None = None

    @property
    def n_bytes(self) -> int:
        """Memory it takes, nearly."""
        own = 0 if self.inside is None else self.inside.nbytes
        return own + 40 * len(self.ids) + 400 * len(self.end) + 200 * len(self.exits) + 500


class LexemeTable:
    """What is known of lexemes over one vocabulary, within a bound of memory.

    Attributes:
        root: the tree of all tokens.
        n_bytes: memory that is taken, nearly.
    """

    def __init__(self, vocabulary: Vocabulary, limit_bytes: int) -> None:
        self.vocabulary, self.limit_bytes = vocabulary, limit_bytes
        self.trie: Trie = vocabulary.trie
        self.root = Node.root(self.trie)
        self.n_bytes = 0
        self._found: OrderedDict[Hashable, LexemeTokens] = OrderedDict()

    @cached_property
    def characters(self) -> CharacterTree:
        """The tokens as characters."""
        return CharacterTree.build(self.trie)

    def get(self, key: Hashable) -> LexemeTokens | None:
        """Return what is known by a key."""
        found = self._found.get(key)
        if found is not None:
            self._found.move_to_end(key)
        return found

    def keep(self, key: Hashable, tokens: LexemeTokens) -> None:
        """Keep something, and drop what was used least recently where it gets too much."""
        self._found[key] = tokens
        self.n_bytes += tokens.n_bytes
        while self.n_bytes > self.limit_bytes and len(self._found) > 1:
            self.n_bytes -= self._found.popitem(last=False)[1].n_bytes

    def drop(self) -> None:
        """Drop everything."""
        self._found.clear()
        self.n_bytes = 0


_SHARED: OrderedDict[str, LexemeTable] = OrderedDict()


def shared_table(vocabulary: Vocabulary) -> LexemeTable:
    """Return the process's table for all vocabularies with these tokens."""
    table = _SHARED.get(vocabulary.fingerprint)
    if table is None:
        table = _SHARED[vocabulary.fingerprint] = LexemeTable(vocabulary, SHARED_BYTES)
        if len(_SHARED) > MAX_VOCABULARIES:
            _SHARED.popitem(last=False)
    else:
        _SHARED.move_to_end(vocabulary.fingerprint)
    return table


class LexemeCache:
    """What tokens do in the lexemes of one grammar; the part that all grammars share is shared.

    Args:
        vocabulary: the tokens.
        limit_bytes: for the part that is not shared.
    """

    def __init__(self, vocabulary: Vocabulary, limit_bytes: int) -> None:
        self.vocabulary = vocabulary
        self.shared = shared_table(vocabulary)
        self.own = LexemeTable(vocabulary, limit_bytes)
        self.root = self.shared.root
        self._walks: dict[int, DenseWalk] = {}
        self._character_walks: dict[int, CharacterWalk] = {}
        self._alive: dict[tuple[int, int], dict[int, int]] = {}

    def tokens(self, lexemes: Lexemes, state: int, node: Node) -> LexemeTokens:
        """Return what tokens do from a state, beginning at a place in the tree."""
        shape = lexemes.shape(state)
        table = self.own if shape is None else self.shared
        key = (id(lexemes), state, node) if shape is None else (shape, node)
        found = table.get(key)
        if found is None:
            found = self._compute(lexemes, state, node)
            table.keep(key, found)
        return found

    def walk(self, lexemes: Lexemes) -> DenseWalk:
        """Return the walk of all tokens through some lexemes."""
        found = self._walks.get(id(lexemes))
        if found is None:
            found = DenseWalk(
                lambda state: np.array(lexemes.row(state), np.int32),
                self.root_trie,
                lambda state: walk_quote(lexemes, state, self.root_trie),
            )
            self._walks[id(lexemes)] = found
        return found

    @property
    def root_trie(self) -> Trie:
        """The tree of all tokens as arrays."""
        return self.shared.trie

    def _compute(self, lexemes: Lexemes, state: int, node: Node) -> LexemeTokens:
        if node is not self.root:
            found = self._sparse(lexemes, state, node, None)
            assert found is not None
            return found
        loose = lexemes.loose(state)
        if loose is not None:
            return self._loose(lexemes, *loose)
        quote = walk_quote(lexemes, state, self.root_trie)
        if quote is not None:
            return self._of_quote(lexemes, quote)
        if sum(after >= 0 for after in lexemes.row(state)) < DENSE_BYTES:
            found = self._sparse(lexemes, state, node, DENSE_NODES)
            if found is not None:
                return found
        return self._dense(lexemes, state)

    def _sparse(
        self, lexemes: Lexemes, state: int, start: Node, limit: int | None
    ) -> LexemeTokens | None:
        """Follow what is alive, depth first; None where that is more than ``limit`` places."""
        ids: list[int] = []
        exits: dict[bytes, list[Node]] = {}
        n_places = 0
        todo = [(start, state, b"")]
        while todo:
            node, here, content = todo.pop()
            n_places += 1
            if limit is not None and n_places > limit:
                return None
            if content and lexemes.can_end(here):
                exits.setdefault(content, []).append(node)
            for byte, after in self._moves(lexemes, here, node):
                child = node.children[byte]
                if after >= 0:
                    ids += child.ids
                    todo.append((child, after, content + bytes((byte,))))
                elif after == CLOSED:
                    exits.setdefault(content, []).append(child)
        inside = pack_ids(ids, self.vocabulary.vocab_size) if start is self.root else None
        return _tokens(inside, ids, exits, lexemes.closes)

    def _moves(self, lexemes: Lexemes, state: int, node: Node) -> Iterable[tuple[int, int]]:
        """Return (byte, next state or CLOSED) for the bytes that tokens go on with from a place."""
        children = node.children
        if len(children) < FEW_CHILDREN and lexemes.is_quick(state):
            return [(byte, lexemes.step(state, byte)) for byte in children]
        key = (id(lexemes), state)
        alive = self._alive.get(key)
        if alive is None:
            if len(self._alive) >= MAX_ALIVE:
                self._alive.clear()
            row = enumerate(lexemes.row(state))
            alive = self._alive[key] = {byte: after for byte, after in row if after != DEAD}
        if len(alive) < len(children):
            return [pair for pair in alive.items() if pair[0] in children]
        return [(byte, alive[byte]) for byte in children if byte in alive]

    def _dense(self, lexemes: Lexemes, state: int) -> LexemeTokens:
        """Walk all tokens at once."""
        term = lexemes.term(state) if isinstance(lexemes, TextHeads) else None
        if isinstance(lexemes, TextHeads) and term is not None:
            stays, ended = self._characters(lexemes).walk(term)
            inside = pack_bits(stays)
        else:
            inside, _, ended = self.walk(lexemes).walk(state)
        return _tokens(inside, None, self._exits(ended), lexemes.closes)

    def _characters(self, heads: TextHeads) -> CharacterWalk:
        """Return the walk of all tokens, as characters, through some texts."""
        found = self._character_walks.get(id(heads))
        if found is None:
            found = CharacterWalk(heads, self.root_trie, self.shared.characters)
            self._character_walks[id(heads)] = found
        return found

    def _of_quote(self, lexemes: Lexemes, quote: QuoteWalk) -> LexemeTokens:
        """Return what tokens do in a quote; where nothing closes it, nothing follows it either."""
        ids = quote.ids()
        inside = pack_ids(ids, self.vocabulary.vocab_size)
        listed = ids if len(ids) < DENSE_NODES else None
        return _tokens(inside, listed, self._exits(quote.closed), lexemes.closes)

    def _exits(self, places: Iterable[int]) -> dict[bytes, list[Node]]:
        """Return the places at which a lexeme has closed, by its content."""
        exits: dict[bytes, list[Node]] = {}
        for place in places:
            content = self.root_trie.text(place)[:-1]
            exits.setdefault(content, []).append(Node.at(self.root_trie, place))
        return exits

    def _loose(
        self, lexemes: Lexemes, low: int, high: int | None, left_out: frozenset[str]
    ) -> LexemeTokens:
        """Return those of any text, less the tokens that begin too many characters.

        A text that is left out is shorter than the longest, so it may go on and become another.
        """
        free = self._any_text(lexemes)
        assert free.inside is not None
        assert free.counts is not None
        if (low, high) == (0, None) and not left_out:
            return free
        inside = free.inside
        if high is not None and high < int(free.counts.max()):
            inside = inside & pack_bits(free.counts <= high)
        exits = {
            content: free.exits[content]
            for text, contents in free.names.items()
            if low <= len(text) and (high is None or len(text) <= high) and text not in left_out
            for content in contents
        }
        return _tokens(inside, None, exits, lexemes.closes)

    def _any_text(self, lexemes: Lexemes) -> LexemeTokens:
        """Return what tokens do in any text, with the characters that each begins inside it.

        A character begins with every byte that is read between two characters.
        """
        state = lexemes.any_text()
        key = ("any text", lexemes.shape(state), self.root)
        found = self.shared.get(key)
        if found is None:
            found, trie = self._dense(lexemes, state), self.root_trie
            between = self.walk(lexemes).places(state)
            counts = np.zeros(len(trie) + 1, np.uint8)
            for first, last in zip(trie.levels[1:], trie.levels[2:], strict=False):
                parent = trie.parent[first:last]
                counts[first:last] = counts[parent] + between[parent]
            found.counts = counts.take(trie.token_node)
            self.shared.keep(key, found)
        return found


def _tokens(
    inside: Packed | None, ids: list[int] | None, exits: dict[bytes, list[Node]], closes: bool
) -> LexemeTokens:
    names: dict[str, list[bytes]] = {}
    for content in exits:
        try:
            text = json.loads(b'"' + content + b'"') if closes else content.decode()
        except ValueError:  # it begins within a character
            continue
        names.setdefault(text, []).append(content)
    if inside is not None:
        inside.setflags(write=False)
    nodes = [node for places in exits.values() for node in places]
    end = merged(nodes, with_own_ids=closes)
    return LexemeTokens(inside, ids or [], exits, names, end, ids is not None)
