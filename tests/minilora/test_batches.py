"""Flat shared-prefix batches against rows run one by one, and the plan that orders them."""

import itertools
from collections import Counter
from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from minilora.batches import (
    BatchPlan,
    Example,
    collate,
    encode_prompt,
    encode_rows,
    flat_length,
    micro_batches,
    shared_length,
    split_to_fit,
)
from minilora.config import ModelConfig
from minilora.data.rows import Row
from minilora.lora import LoRAConfig, inject, trainable_parameters
from minilora.model import Llama
from minilora.train import batch_loss

V = 40


def make_examples(groups, seed=0):
    """Return a list of examples for each (group, shared tokens, prompt and answer lengths)."""
    generator = torch.Generator().manual_seed(seed)

    def draw(n):
        return torch.randint(1, V, (n,), generator=generator).tolist()

    made = []
    for name, shared, rows in groups:
        common = draw(shared)
        made.append(
            [Example((*common, *draw(own)), tuple(draw(answer)), name) for own, answer in rows]
        )
    return made


GROUPS = make_examples(
    [("a", 9, [(3, 4), (1, 1), (5, 6)]), ("b", 0, [(4, 2)]), ("c", 6, [(2, 3), (2, 3)])]
)
EXAMPLES = [example for group in GROUPS for example in group]


def make_model(window=None):
    torch.manual_seed(0)
    config = ModelConfig(
        "mistral", vocab_size=V, d_model=32, n_layers=2, n_heads=4, n_kv_heads=2, head_dim=8,
        d_ff=48, sliding_window=window,
    )  # fmt: skip
    model = Llama(config).requires_grad_(False)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.uniform_(parameter, -0.4, 0.4)
    inject(model, LoRAConfig(rank=4, alpha=8, dropout=0.0))
    for parameter in trainable_parameters(model).values():
        torch.nn.init.uniform_(parameter.data, -0.2, 0.2)
    return model


def gradients(model):
    found = {name: p.grad.clone() for name, p in trainable_parameters(model).items()}
    model.zero_grad()
    return found


def row_loss(model, example):
    """Return the summed loss of one row run alone, in the plain way."""
    whole = torch.tensor([[*example.prompt, *example.completion]])
    logits = model(whole)[0, len(example.prompt) - 1 : -1]
    return F.cross_entropy(logits, torch.tensor(example.completion), reduction="sum")


def assert_same(got, wanted):
    """Float32 sums in another order: measured at most 1.5e-6 of the largest gradient."""
    for name in wanted:
        largest = float(wanted[name].abs().max())
        assert largest > 0
        assert (got[name] - wanted[name]).abs().max() < 2e-5 * largest, name


# --- the loss of a batch -------------------------------------------------------------------------


@pytest.mark.parametrize("window", [None, 5])
def test_a_shared_prefix_batch_equals_its_rows_one_by_one(window):
    model = make_model(window)
    losses = [row_loss(model, example) for example in EXAMPLES]
    torch.stack(losses).sum().backward()
    wanted = gradients(model)
    batch = collate(GROUPS)
    loss = batch_loss(model, batch)
    loss.backward()
    alone = float(torch.stack(losses).detach().sum())
    assert float(loss.detach()) == pytest.approx(alone, rel=1e-5)
    assert_same(gradients(model), wanted)
    assert len(batch.tokens) < batch.n_unshared == sum(len(example) for example in EXAMPLES)
    assert batch.n_rows == len(EXAMPLES)


@pytest.mark.parametrize("budget", [10, 20, 30, 1000])
def test_micro_batches_add_up_to_the_batch(budget):
    model = make_model()
    batch_loss(model, collate(GROUPS)).backward()
    wanted = gradients(model)
    parts = micro_batches(GROUPS, budget)
    for part in parts:
        batch_loss(model, collate(part)).backward()
    assert_same(gradients(model), wanted)
    assert Counter(e for part in parts for group in part for e in group) == Counter(EXAMPLES)
    for part in parts:
        alone = len(part) == 1 and len(part[0]) == 1
        assert alone or sum(map(flat_length, part)) <= budget


def test_exactly_the_completions_are_trained():
    batch = collate(GROUPS)
    assert batch.labels.tolist() == [token for e in EXAMPLES for token in e.completion]
    shared = sum(shared_length(group) for group in GROUPS)
    assert shared >= 9 + 6
    assert len(batch.tokens) == sum(map(flat_length, GROUPS))
    place = iter(batch.sources.tolist())
    for example in EXAMPLES:
        assert batch.tokens[next(place)] == example.prompt[-1]
        for token in example.completion[:-1]:
            assert batch.tokens[next(place)] == token


def test_a_prefix_leaves_every_row_a_token_of_its_own():
    same = Example((1, 2, 3), (4,), "g")
    assert shared_length([same, same]) == 2
    assert shared_length([same, Example((1, 2), (5,), "g")]) == 1
    assert shared_length([same]) == 0
    assert collate([[same, same]]).tokens.tolist() == [1, 2, 3, 3]


# --- tokenising ----------------------------------------------------------------------------------

TOOL = {"type": "function", "function": {"name": "dim", "description": "Dim the lights."}}
ROW = Row("r1", "action", (TOOL,), "dim it", None, {"tool": "dim", "args": {}}, None, "g1")


class CharTokenizer:
    """A character a token; a turn is "<role>content" and ends with token 1, then a newline."""

    eos_ids = (1,)

    def __init__(self, end=(1, 10), keeps_prompt=True):
        self.end, self.keeps_prompt = list(end), keeps_prompt

    def encode_chat(self, messages, add_generation_prompt):
        ids = [] if add_generation_prompt or self.keeps_prompt else [9]
        for message in messages:
            ids += [ord(c) for c in f"<{message['role']}>{message['content']}"] + self.end
        return ids + ([ord(c) for c in "<assistant>"] if add_generation_prompt else [])


def test_the_answer_and_the_token_that_ends_the_turn_are_trained():
    (example,) = encode_rows([ROW], CharTokenizer(), 1000)
    answer = "".join(chr(token) for token in example.completion[:-1])
    assert answer == '{"tool": "dim", "args": {}}'
    assert example.completion[-1] == 1  # and not the newline that the template writes after it
    assert list(example.prompt) == encode_prompt(ROW, CharTokenizer())
    assert example.group == "g1"
    assert replace(ROW, group="") != ROW
    assert encode_rows([replace(ROW, group="")], CharTokenizer(), 1000)[0].group == "r1"


@pytest.mark.parametrize(
    ("tokenizer", "max_tokens", "complaint"),
    [
        (CharTokenizer(end=[10]), 1000, "r1: .* no end-of-turn token"),
        (CharTokenizer(keeps_prompt=False), 1000, "r1: .* changes the prompt"),
        (CharTokenizer(), 100, "r1 has [0-9]+ tokens, 100 at most"),
    ],
)
def test_rows_that_cannot_be_trained_on_are_refused(tokenizer, max_tokens, complaint):
    with pytest.raises(ValueError, match=complaint):
        encode_rows([ROW], tokenizer, max_tokens)


def test_a_row_may_be_exactly_as_long_as_allowed():
    (example,) = encode_rows([ROW], CharTokenizer(), 1000)
    longest = len(example.prompt) + len(example.completion)
    encode_rows([ROW], CharTokenizer(), longest)
    with pytest.raises(ValueError, match=f"has {longest} tokens, {longest - 1} at most"):
        encode_rows([ROW], CharTokenizer(), longest - 1)


# --- the plan ------------------------------------------------------------------------------------


def many_examples():
    groups = [(f"g{i}", 8, [(1 + (i + j) % 4, 1 + j % 3) for j in range(1 + i)]) for i in range(9)]
    return [example for group in make_examples(groups) for example in group]


@pytest.mark.parametrize("group_rows", [1, 3, 100])
@pytest.mark.parametrize("budget", [15, 40, 10_000])
def test_an_epoch_holds_every_example_once_within_the_budget(budget, group_rows):
    examples = many_examples()
    batches = list(BatchPlan(examples, budget, group_rows, seed=1).epoch(0))
    rows = [example for batch in batches for group in batch for example in group]
    assert Counter(rows) == Counter(examples)
    for batch in batches:
        assert sum(map(flat_length, batch)) == len(collate(batch).tokens) <= budget
        for group in batch:
            assert len({example.group for example in group}) == 1
            assert len(group) <= group_rows


def test_the_plan_is_the_same_every_run_and_new_every_epoch():
    examples = many_examples()

    def epoch(seed, number):
        return list(BatchPlan(examples, 40, 3, seed).epoch(number))

    assert epoch(1, 0) == epoch(1, 0)
    assert epoch(1, 0) != epoch(1, 1)
    assert epoch(1, 0) != epoch(2, 0)
    plan = BatchPlan(examples, 40, 3, seed=1)
    both = [*epoch(1, 0), *epoch(1, 1)]
    assert list(itertools.islice(plan.batches(), len(both))) == both


def test_a_plan_that_cannot_work_is_refused():
    with pytest.raises(ValueError, match="no training rows"):
        BatchPlan([], 100, 4, 0)
    with pytest.raises(ValueError, match="has 17 tokens, --batch-tokens is only 16"):
        BatchPlan([Example((1,) * 15, (2, 3, 4), "g")], 16, 4, 0)


def test_a_group_too_large_is_halved_until_it_fits():
    (group,) = make_examples([("g", 10, [(2, 2)] * 7)])
    pieces = split_to_fit(group, 10 + 3 * 3)
    assert [len(piece) for piece in pieces] == [3, 2, 2]
    assert [example for piece in pieces for example in piece] == group


def test_filler_makes_the_run_a_multiple_and_changes_no_gradient():
    model = make_model()
    plain = collate(GROUPS)
    batch_loss(model, plain).backward()
    wanted = gradients(model)
    filled = collate(GROUPS, multiple=64)
    assert len(plain.tokens) % 64 != 0 == len(filled.tokens) % 64
    assert filled.sources.tolist() == plain.sources.tolist()
    batch_loss(model, filled).backward()
    assert_same(gradients(model), wanted)
    assert collate(GROUPS, multiple=len(plain.tokens)).groups == plain.groups
