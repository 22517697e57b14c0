"""The matcher against trying every token, and the laws of going back, forking, forcing, closing."""

import random
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.grammar.grammar import compile_json_schema
from minilora.grammar.machine import CLOSED, DEAD, Machine, Reading
from minilora.grammar.masks import MaskCache
from minilora.grammar.matcher import Matcher
from minilora.grammar.vocabulary import Vocabulary

DOCUMENTS = [
    b'["a \\u00e9 \\" b", -12, [], [true,  false], "", "\xe6\x97\xa5\xf0\x9f\x91\xa9"]',
    b'{"kind":[{"kind":null}]}',
    b'"plain text, with [brackets] and 0 digits"',
    b"-1203",
]
EXAMPLES = settings(derandomize=True, deadline=None, max_examples=40)


def by_hand(machine, state, vocabulary):
    """Return which tokens may come next by trying all of them, byte for byte."""
    allowed = set(vocabulary.eos_ids) if machine.can_end(state) else set()
    for i, data in enumerate(vocabulary.tokens):
        after = state if data is not None else -1
        for byte in data or b"":
            after = machine.step(after, byte)
            if after < 0:
                break
        if after >= 0:
            allowed.add(i)
    return allowed


def ids_of(mask, vocabulary):
    assert mask.dtype == np.int32
    assert mask.shape == (-(-vocabulary.vocab_size // 32),)
    bits = np.unpackbits(mask.view(np.uint8), bitorder="little")
    assert not bits[vocabulary.vocab_size :].any()
    return set(np.flatnonzero(bits).tolist())


def states_of(machine, document):
    states = [machine.start]
    for byte in document:
        states.append(machine.step(states[-1], byte))
        assert states[-1] >= 0
    return states


def walk(matcher, rng, n, budget=None):
    """Take up to n random allowed tokens; return them."""
    taken = []
    for _ in range(n):
        left = None if budget is None else budget - len(taken)
        allowed = sorted(ids_of(matcher.mask(left), matcher.vocabulary))
        if not allowed:
            break
        taken.append(rng.choice(allowed))
        matcher.advance(taken[-1])
    return taken


@pytest.mark.parametrize("has_parts", [True, False])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_masks_equal_trying_every_token(document, has_parts, toy, jsonish):
    machine = jsonish(has_parts)
    cache = MaskCache(machine, toy)
    for state in dict.fromkeys(states_of(machine, document)):
        entry = cache.entry(state)
        assert ids_of(entry.mask, toy) == by_hand(machine, state, toy)
        after = {cache.allows(state, i) for i in ids_of(entry.mask, toy) - set(toy.eos_ids)}
        if not has_parts:
            assert set(entry.reached) == after


@EXAMPLES
@given(seed=st.integers(0, 2**32), has_parts=st.booleans())
def test_masks_equal_trying_every_token_on_random_documents(seed, has_parts, toy, jsonish):
    machine, rng = jsonish(has_parts), random.Random(seed)
    matcher = Matcher(machine, toy)
    for _ in range(12):
        assert ids_of(matcher.mask(), toy) == by_hand(machine, matcher.state, toy)
        if not walk(matcher, rng, 1) or matcher.finished:
            break


@pytest.mark.parametrize("has_parts", [True, False])
def test_masks_of_a_real_vocabulary_equal_trying_every_token(has_parts, smollm2, jsonish):
    machine = jsonish(has_parts)
    cache = MaskCache(machine, smollm2)
    states = states_of(machine, DOCUMENTS[0])
    for place in (0, 1, 2, 6, len(states) - 1):
        assert ids_of(cache.entry(states[place]).mask, smollm2) == by_hand(
            machine, states[place], smollm2
        )


def test_the_cache_stays_within_its_bytes_and_forgets_nothing_it_needs(toy, jsonish):
    machine = jsonish()
    small, large = MaskCache(machine, toy, limit_bytes=2000), MaskCache(machine, toy)
    for document in DOCUMENTS * 2:
        for state in states_of(machine, document):
            assert np.array_equal(small.entry(state).mask, large.entry(state).mask)
            assert small.n_bytes <= 2000
    assert large.hits > large.misses
    assert small.misses > large.misses
    with pytest.raises(ValueError, match="read-only"):
        large.entry(machine.start).mask[0] = 0


def test_advance_refuses_what_the_mask_refuses(toy, jsonish):
    matcher = Matcher(jsonish(), toy)
    for token in (toy.eos_ids[0], 1 + ord("x"), toy.vocab_size, -1):
        with pytest.raises(ValueError, match=f"token {token} is not allowed"):
            matcher.advance(token)
    matcher.advance(1 + ord("7"))
    assert matcher.can_end
    assert not matcher.finished
    matcher.advance(toy.eos_ids[1])
    assert matcher.finished
    assert not matcher.mask().any()
    assert not matcher.mask(3).any()
    assert matcher.forced_tokens() == []
    with pytest.raises(ValueError, match="the document is finished"):
        matcher.advance(1 + ord("7"))
    matcher.rollback(1)
    assert not matcher.finished
    assert matcher.can_end


@EXAMPLES
@given(seed=st.integers(0, 2**32), first=st.integers(0, 8), more=st.integers(0, 8))
def test_going_back_and_forking(seed, first, more, toy, jsonish):
    rng, machine = random.Random(seed), jsonish()
    matcher = Matcher(machine, toy)
    taken = walk(matcher, rng, first)
    before = matcher.state, matcher.finished, matcher.mask().tolist()
    fork = matcher.fork()
    later = walk(matcher, rng, more)
    assert (fork.state, fork.finished, fork.mask().tolist()) == before
    after = matcher.state, matcher.finished, matcher.mask().tolist()
    matcher.rollback(len(later))
    assert (matcher.state, matcher.finished, matcher.mask().tolist()) == before
    for token in later:
        fork.advance(token)
    assert (fork.state, fork.finished, fork.mask().tolist()) == after
    with pytest.raises(ValueError, match="cannot take back"):
        matcher.rollback(len(taken) + 1)
    with pytest.raises(ValueError, match="cannot take back"):
        matcher.rollback(-1)
    matcher.rollback(len(taken))
    assert matcher.state == machine.start


@EXAMPLES
@given(seed=st.integers(0, 2**32), slack=st.integers(0, 12), start=st.integers(0, 4))
def test_a_budget_always_closes_the_document(seed, slack, start, toy, jsonish):
    rng = random.Random(seed)
    matcher = Matcher(jsonish(), toy)
    walk(matcher, rng, start)
    if matcher.finished:
        return
    budget = len(matcher.shortest_plan()) + slack
    taken = walk(matcher, rng, budget, budget)
    assert len(taken) <= budget
    assert matcher.can_end
    if not matcher.finished:
        assert ids_of(matcher.mask(0), toy) == set(toy.eos_ids)


def test_a_budget_allows_exactly_what_can_still_be_closed(toy, jsonish):
    machine = jsonish()
    for document in DOCUMENTS[1:]:
        for state in states_of(machine, document)[::3]:
            cache = MaskCache(machine, toy)
            for budget in (1, 2, 3, 40):
                fits = {
                    i
                    for i in by_hand(machine, state, toy) - set(toy.eos_ids)
                    if len(toy.spell(machine.shortest(cache.allows(state, i)))) <= budget
                }
                got = ids_of(cache.within(state, budget), toy) - set(toy.eos_ids)
                assert got == fits


def test_a_budget_inside_a_key_that_may_be_any(smollm2):
    """Each text of a key is a state of its own; the mask is found by what they have in common."""
    matcher = compile_json_schema({"type": "object"}, "compact").matcher(smollm2)
    for token in smollm2.spell(b'{"ab'):
        matcher.advance(token)
    seen_before = len(matcher.machine._states)
    plan = len(matcher.shortest_plan())
    masks = {left: ids_of(matcher.mask(left), smollm2) for left in (plan, plan + 1, plan + 2)}
    assert len(matcher.machine._states) < seen_before + 200
    assert len(masks[plan]) == 1
    rng = random.Random(0)
    for left in (plan + 1, plan + 2):
        some = rng.sample(sorted(ids_of(matcher.mask(), smollm2)), 300)
        for token in some:
            after = matcher.cache.allows(matcher.state, token)
            fits = len(smollm2.spell(matcher.machine.shortest(after))) <= left - 1
            assert (token in masks[left]) == fits


@pytest.mark.parametrize("used", [["model"], ["model", "modela"]])
def test_a_budget_inside_a_key_leaves_room_to_differ_from_those_that_are_used(used, smollm2):
    """A key that spells a used name needs a letter more before it can be closed."""
    members = ", ".join(f'"{name}": 0' for name in used)
    matcher = compile_json_schema({"type": "object"}, "json.dumps").matcher(smollm2)
    for token in smollm2.spell(f'{{{members}, "mo'.encode()):
        matcher.advance(token)
    (token,) = smollm2.spell(b"del")
    ahead = matcher.fork()
    ahead.advance(token)
    needed = len(ahead.shortest_plan())
    assert needed > len(matcher.shortest_plan())
    allowed = [left for left in range(1, 20) if token in ids_of(matcher.mask(left), smollm2)]
    assert allowed
    assert min(allowed) > needed


PATTERNS = {
    "patternProperties": {"a": {"type": "number", "minimum": 10}, "b": {"type": "number"}},
    "minProperties": 1,
}
UNLIKE = {"uniqueItems": True, "items": {"enum": ["a", "bb", "cccc"]}, "minItems": 2}


@pytest.mark.parametrize(
    ("schema", "begun"),
    [
        ({"type": "object", **PATTERNS}, b'{"'),
        ({"type": "array", **UNLIKE}, b'["'),
        ({"type": "array", "not": {"uniqueItems": True}, "items": {"type": "string"}}, b'["x", "'),
        ({"uniqueItems": True, "items": {"type": "object", **PATTERNS}, "minItems": 2}, b'[{"'),
    ],
    ids=["key of a class", "item that must differ", "item that must repeat", "key of such an item"],
)
def test_a_budget_holds_what_the_text_of_a_lexeme_asks_for_later(schema, begun, smollm2):
    """What may follow depends on the whole text: a token inside must leave room for the worst."""
    matcher = compile_json_schema(schema, "json.dumps").matcher(smollm2)
    for token in smollm2.spell(begun):
        matcher.advance(token)
    left = len(matcher.shortest_plan()) + 1
    allowed = sorted(ids_of(matcher.mask(left), smollm2))
    for token in random.Random(0).sample(allowed, min(200, len(allowed))):
        matcher.advance(token)
        assert len(matcher.shortest_plan()) <= left - 1, smollm2.text([token])
        matcher.rollback(1)


@EXAMPLES
@given(seed=st.integers(0, 2**32), slack=st.integers(0, 6))
def test_the_plan_survives_a_machine_whose_later_completions_are_longer(seed, slack, toy, jsonish):
    rng = random.Random(seed)
    matcher = Matcher(jsonish(value=b"-7"), toy)
    walk(matcher, rng, 3)
    if matcher.finished:
        return
    budget = len(matcher.shortest_plan()) + slack
    walk(matcher, rng, budget, budget)
    assert matcher.can_end


def test_a_negative_budget_is_refused(toy, jsonish):
    with pytest.raises(ValueError, match="at least 0 tokens, got -1"):
        Matcher(jsonish(), toy).mask(-1)


def test_a_cache_of_another_machine_is_refused(toy, jsonish):
    with pytest.raises(ValueError, match="another machine"):
        Matcher(jsonish(), toy, MaskCache(jsonish(), toy))


@pytest.mark.parametrize(("document", "least"), list(zip(DOCUMENTS, [0, 2, 0, 0], strict=True)))
def test_forced_tokens_are_what_the_tokenizer_writes(
    document, least, smollm2, smollm2_tokenizer, jsonish
):
    """At every token of a document: what is forced stands next in the tokenizer's own encoding."""
    ids = smollm2_tokenizer.encode(document.decode())
    matcher = Matcher(jsonish(), smollm2)
    n_forced = 0
    for i, token in enumerate(ids):
        forced = matcher.forced_tokens()
        assert ids[i : i + len(forced)] == forced
        probe = matcher.fork()
        for each in forced:
            assert probe.allows(each)
            probe.advance(each)
        n_forced += len(forced)
        matcher.advance(token)
    assert matcher.can_end
    assert n_forced >= least


class Words(Machine):
    """One of a few documents, spelled out: a state is the number of a beginning."""

    def __init__(self, *documents: bytes) -> None:
        self.documents = documents
        self.beginnings = sorted({d[:i] for d in documents for i in range(len(d) + 1)})
        self.start = 0

    def step(self, state, byte):
        after = self.beginnings[state] + bytes([byte])
        return self.beginnings.index(after) if after in self.beginnings else -1

    def can_end(self, state):
        return self.beginnings[state] in self.documents

    def shortest(self, state):
        here = self.beginnings[state]
        return min((d[len(here) :] for d in self.documents if d.startswith(here)), key=len)


def test_forced_tokens_stop_where_a_longer_token_could_span(smollm2, smollm2_tokenizer):
    """ "temper" goes on as temperature or temperament: nothing is sure but what both share."""
    documents = ['{"name": "temperature"}', '{"name": "temperament"}']
    matcher = Matcher(Words(*(d.encode() for d in documents)), smollm2)
    both = [smollm2_tokenizer.encode(d) for d in documents]
    shared = [a for a, b in zip(*both, strict=False) if a == b]
    assert matcher.forced_tokens() == shared
    assert len(smollm2.text(shared)) < len('{"name": "temper')


def test_a_single_document_is_forced_whole(smollm2, smollm2_tokenizer):
    text = '{"name": "dim lights", "args": {"percent": 40, "note": "schön 👩‍🚀"}}'
    matcher = Matcher(Words(text.encode()), smollm2)
    forced = matcher.forced_tokens()
    assert forced == smollm2_tokenizer.encode(text)
    for token in forced:
        matcher.advance(token)
    assert matcher.can_end
    assert matcher.forced_tokens() == []
    assert ids_of(matcher.mask(), smollm2) == set(smollm2.eos_ids)


def test_nothing_is_forced_inside_a_character_or_without_a_tokenizer(smollm2, toy):
    text = "é!".encode()
    matcher = Matcher(Words(text), smollm2)
    matcher.advance(smollm2.spell(text[:1])[0])
    assert matcher.forced_tokens() == []
    assert Matcher(Words(text), toy).forced_tokens() == []


def test_masks_are_independent_of_the_order_in_which_states_are_met(toy, jsonish):
    machine = jsonish()
    states = [s for d in DOCUMENTS for s in states_of(machine, d)]
    forwards, backwards = MaskCache(machine, toy), MaskCache(machine, toy)
    expected = {s: forwards.entry(s).mask.tolist() for s in states}
    for state in reversed(states):
        assert backwards.entry(state).mask.tolist() == expected[state]


def test_a_budget_keeps_clear_of_what_no_tokens_spell(jsonish):
    """A vocabulary without a closing bracket: no plan goes through an array."""
    poor = Vocabulary([b"7", b"[", None], [2])
    matcher = Matcher(jsonish(value=b"7"), poor)
    assert ids_of(matcher.mask(), poor) == {0, 1}
    assert ids_of(matcher.mask(10), poor) == {0}
    matcher.advance(1)
    with pytest.raises(ValueError, match="spell the completion b']'"):
        matcher.mask(3)


class Keys(Machine):
    """``KEY":VALUE``, where the key's text is a head with several outcomes.

    Key -> outcome -> what must follow; the tail 1 refuses outcome 2, as if "b" had been used.
    """

    outcomes: ClassVar = {b"ab": 0, b"abc": 1, b"b": 2, b"bc": 0}
    follows: ClassVar = {0: b":1", 1: b":[]", 2: b':"b"'}

    def __init__(self, tail: int) -> None:
        self.tail = tail
        self.keys = KeyTexts(self)
        self.texts = sorted({key[:i] for key in self.outcomes for i in range(len(key) + 1)})
        self.rests = sorted(
            {rest[i:] for rest in self.follows.values() for i in range(len(rest) + 1)}
        )
        self.start = 0

    def step(self, state: int, byte: int) -> int:
        if state >= len(self.texts):
            rest = self.rests[state - len(self.texts)]
            return self.rest(rest[1:]) if rest and rest[0] == byte else DEAD
        after = self.row_of_keys(state)[byte]
        return self.after(self.texts[state]) if after == CLOSED else after

    def rest(self, text: bytes) -> int:
        return len(self.texts) + self.rests.index(text)

    def can_end(self, state: int) -> bool:
        return state == self.rest(b"")

    def shortest(self, state: int) -> bytes:
        if state >= len(self.texts):
            return self.rests[state - len(self.texts)]
        text = self.texts[state]
        keys = [
            k for k, o in self.outcomes.items() if k.startswith(text) and (self.tail, o) != (1, 2)
        ]
        ways = [k[len(text) :] + b'"' + self.follows[self.outcomes[k]] for k in keys]
        return min(ways, key=len)

    def row_of_keys(self, state: int) -> list[int]:
        row = [DEAD] * 256
        text = self.texts[state]
        for i, other in enumerate(self.texts):
            if other and other[:-1] == text:
                row[other[-1]] = i
        if text in self.outcomes:
            row[ord('"')] = CLOSED
        return row

    def after(self, key: bytes) -> int:
        outcome = self.outcomes[key]
        return DEAD if (self.tail, outcome) == (1, 2) else self.rest(self.follows[outcome])

    def parts(self, state: int) -> tuple[Reading, ...] | None:
        if state >= len(self.texts):
            return None
        return (Reading(self.keys, state, DEAD, None, state),)

    def resume(self, tail: int, content: bytes | None) -> int:
        assert content is not None
        return self.after(self.texts[tail] + content)


class KeyTexts:
    """The keys of a machine as lexemes."""

    closes = True

    def __init__(self, machine: Keys) -> None:
        self.machine, self.row = machine, machine.row_of_keys

    def step(self, state: int, byte: int) -> int:
        return self.row(state)[byte]

    def can_end(self, state: int) -> bool:
        return False

    def shortest(self, state: int) -> bytes:
        text = self.machine.texts[state]
        return min((k[len(text) :] for k in Keys.outcomes if k.startswith(text)), key=len) + b'"'

    def shape(self, state: int) -> None:
        return None

    def is_quick(self, state: int) -> bool:
        return False

    def loose(self, state: int) -> None:
        return None

    def any_text(self) -> int:
        return 0


@pytest.mark.parametrize("tail", [0, 1])
def test_heads_with_several_outcomes(tail):
    pieces = [
        b'b"',
        b'b":',
        b'bc":',
        b'abc":[',
        b'ab":1',
        b'c":',
        b'":1',
        b'":[]',
        b'b":"b"',
        b"bcd",
    ]
    letters = [bytes([byte]) for byte in b'abc":1[]']
    vocabulary = Vocabulary([*letters, *pieces, None], [len(letters) + len(pieces)])
    machine = Keys(tail)
    cache = MaskCache(machine, vocabulary)
    for state in range(len(machine.texts) + len(machine.rests)):
        expected = by_hand(machine, state, vocabulary)
        assert ids_of(cache.entry(state).mask, vocabulary) == expected
        for budget in (1, 2, 3):
            fits = {
                i
                for i in expected - set(vocabulary.eos_ids)
                if len(vocabulary.spell(machine.shortest(cache.allows(state, i)))) <= budget
            }
            assert ids_of(cache.within(state, budget), vocabulary) - set(vocabulary.eos_ids) == fits
