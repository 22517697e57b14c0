"""From chat rows to flat training batches: tokenise, group by shared beginning, pack to a budget.

A batch is one flat run of tokens: for each group of rows that begin alike (same instructions and
tools) the common prefix once, then every row's own tokens. Nothing is padded, and the only tokens
in the loss are those of the answers.

Shape letters: N flat tokens, M trained tokens, W words of a mask (32 tokens each).

>>> rows = [Example((1, 2, 3, 4), (7, 9), "a"), Example((1, 2, 3, 5), (8, 9), "a")]
>>> batch = collate([rows])
>>> batch.tokens.tolist()                   # prefix 1 2 3, then the rows without their last token
[1, 2, 3, 4, 7, 5, 8]
>>> batch.sources.tolist(), batch.labels.tolist()
([3, 4, 5, 6], [7, 9, 8, 9])
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from minilora.attention import Group
from minilora.chat import Tokenizer
from minilora.choices import choice_places
from minilora.data.prompt import answer_text, messages
from minilora.data.rows import Row
from minilora.grammar.masks import Packed


@dataclass(frozen=True)
class Example:
    """One tokenised row.

    Attributes:
        prompt: token ids.
        completion: token ids of the answer, with the token that ends the turn.
        group: rows of one group begin alike.
        weights: what each token of the completion counts in the loss; empty: 1 each.
    """

    prompt: tuple[int, ...]
    completion: tuple[int, ...]
    group: str
    weights: tuple[int, ...] = ()

    def __len__(self) -> int:
        """Tokens that are fed to the model: all but the last, which is only predicted."""
        return len(self.prompt) + len(self.completion) - 1


@dataclass(frozen=True)
class Batch:
    """Tokens of one forward pass.

    Attributes:
        tokens: (N,) int64, flat.
        groups: how they are laid out (see minilora.attention); filler is a group of its own.
        sources: (M,) flat places whose hidden state predicts a trained token.
        labels: (M,) the tokens to be predicted there.
        weights: (M,) float32, what each of them counts in the loss.
        n_rows: rows in the batch.
        n_tokens: flat tokens without filler.
        n_unshared: tokens the rows would have had without sharing prefixes.
        allowed: (M, W) int32, the packed mask of each trained token; None where all are allowed.
    """

    tokens: Tensor
    groups: tuple[Group, ...]
    sources: Tensor
    labels: Tensor
    weights: Tensor
    n_rows: int
    n_tokens: int
    n_unshared: int
    allowed: Tensor | None = None

    def to(self, device: torch.device | str) -> Batch:
        """Return the batch with its tensors on a device."""
        return replace(
            self,
            tokens=self.tokens.to(device),
            sources=self.sources.to(device),
            labels=self.labels.to(device),
            weights=self.weights.to(device),
            allowed=None if self.allowed is None else self.allowed.to(device),
        )


# For each completion token of an example its packed mask, None where it is not trained on.
Masks = Callable[[Example], Sequence[Packed | None]]


def encode_rows(
    rows: Sequence[Row], tokenizer: Tokenizer, max_tokens: int, choice_weight: int = 1
) -> list[Example]:
    """Tokenise rows through the model's chat template.

    Args:
        rows: to tokenise.
        tokenizer: the model's own.
        max_tokens: of a row.
        choice_weight: what tokens count that choose (see :mod:`minilora.choices`).

    Raises:
        ValueError: a row longer than ``max_tokens``, a template that writes the prompt differently
            once the answer follows it, or one that writes no token to end the answer's turn: a
            model trained without one never stops.
    """
    examples = [_encode(row, tokenizer, max_tokens) for row in rows]
    if choice_weight == 1:
        return examples
    found = []
    for row, example in zip(rows, examples, strict=True):
        places = set(choice_places(row, example.completion, tokenizer))
        counts = (choice_weight if i in places else 1 for i in range(len(example.completion)))
        found.append(replace(example, weights=tuple(counts)))
    return found


def encode_prompt(row: Row, tokenizer: Tokenizer) -> list[int]:
    """Return the token ids of a row's chat up to where the answer begins."""
    return tokenizer.encode_chat(messages(row), add_generation_prompt=True)


def _encode(row: Row, tokenizer: Tokenizer, max_tokens: int) -> Example:
    prompt = encode_prompt(row, tokenizer)
    answer = {"role": "assistant", "content": answer_text(row)}
    full = tokenizer.encode_chat([*messages(row), answer], add_generation_prompt=False)
    if full[: len(prompt)] != prompt:
        raise ValueError(f"row {row.id}: the chat template changes the prompt once it is answered")
    completion = full[len(prompt) :]
    end = next((i for i, token in enumerate(completion) if token in tokenizer.eos_ids), None)
    if end is None:
        raise ValueError(f"row {row.id}: the chat template writes no end-of-turn token to train on")
    if len(prompt) + end + 1 > max_tokens:
        raise ValueError(f"row {row.id} has {len(prompt) + end + 1} tokens, {max_tokens} at most")
    return Example(tuple(prompt), tuple(completion[: end + 1]), row.group or row.id)


def collate(
    groups: Sequence[Sequence[Example]], masks: Masks | None = None, multiple: int = 1
) -> Batch:
    """Lay groups of examples out as one flat run, each group's common beginning once.

    Args:
        groups: of examples.
        masks: only the completion tokens that have one are trained on; the run is the same.
        multiple: filler tokens, that nothing sees, make the run a multiple of so many.
    """
    tokens: list[int] = []
    layout: list[Group] = []
    sources: list[int] = []
    labels: list[int] = []
    weights: list[int] = []
    allowed: list[Packed] = []
    for rows in groups:
        shared = shared_length(rows)
        tokens += rows[0].prompt[:shared]
        for row in rows:
            own = [*row.prompt[shared:], *row.completion[:-1]]
            first = len(tokens) + len(row.prompt) - shared - 1  # the last prompt token
            trained = list(range(len(row.completion)))
            if masks is not None:
                kept = [(place, mask) for place, mask in enumerate(masks(row)) if mask is not None]
                trained = [place for place, _ in kept]
                allowed += [mask for _, mask in kept]
            sources += [first + place for place in trained]
            labels += [row.completion[place] for place in trained]
            weights += [row.weights[place] if row.weights else 1 for place in trained]
            tokens += own
        layout.append(Group(shared, tuple(len(row) - shared for row in rows)))
    n_tokens = len(tokens)
    if filler := -n_tokens % multiple:
        tokens += [0] * filler
        layout.append(Group(0, (filler,)))
    return Batch(
        tokens=torch.tensor(tokens),
        groups=tuple(layout),
        sources=torch.tensor(sources, dtype=torch.int64),
        labels=torch.tensor(labels, dtype=torch.int64),
        weights=torch.tensor(weights, dtype=torch.float32),
        n_rows=sum(len(rows) for rows in groups),
        n_tokens=n_tokens,
        n_unshared=sum(len(row) for rows in groups for row in rows),
        allowed=torch.from_numpy(np.stack(allowed)) if allowed else None,
    )


def shared_length(rows: Sequence[Example]) -> int:
    """Return how many first prompt tokens all rows share, leaving each row one of its own."""
    if len(rows) == 1:
        return 0
    first, last = min(row.prompt for row in rows), max(row.prompt for row in rows)
    same = next(
        (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first)
    )
    return min(same, min(len(row.prompt) for row in rows) - 1)


class BatchPlan:
    """The order in which examples are trained on: shuffled anew every epoch, the same every run.

    Args:
        examples: all training examples.
        batch_tokens: flat tokens of one optimiser step, about.
        group_rows: rows of one tool set that may stand in the same batch; fewer mix more tool sets,
            more share more of their prefix.
        seed: decides every shuffle.

    Raises:
        ValueError: no examples, or none that fits the budget.
    """

    def __init__(
        self, examples: Sequence[Example], batch_tokens: int, group_rows: int, seed: int
    ) -> None:
        if not examples:
            raise ValueError("there are no training rows")
        longest = max(len(example) for example in examples)
        if longest > batch_tokens:
            raise ValueError(f"a row has {longest} tokens, --batch-tokens is only {batch_tokens}")
        self.examples, self.batch_tokens = examples, batch_tokens
        self.group_rows, self.seed = group_rows, seed

    def epoch(self, number: int) -> Iterator[list[list[Example]]]:
        """Yield the batches of an epoch, each a list of groups."""
        rng = random.Random(f"{self.seed}/{number}")
        by_group: dict[str, list[Example]] = {}
        for example in self.examples:
            by_group.setdefault(example.group, []).append(example)
        pieces = []
        for rows in by_group.values():
            rng.shuffle(rows)
            pieces += [rows[i : i + self.group_rows] for i in range(0, len(rows), self.group_rows)]
        rng.shuffle(pieces)
        batch: list[list[Example]] = []
        used = 0
        for rows in pieces:
            for piece in split_to_fit(rows, self.batch_tokens):
                size = flat_length(piece)
                if batch and used + size > self.batch_tokens:
                    yield batch
                    batch, used = [], 0
                batch.append(piece)
                used += size
        if batch:
            yield batch

    def tokens_a_step(self) -> float:
        """Return the mean flat tokens of a batch in the first epoch."""
        sizes = [sum(flat_length(rows) for rows in batch) for batch in self.epoch(0)]
        return sum(sizes) / len(sizes)

    def batches(self) -> Iterator[list[list[Example]]]:
        """Yield batches for ever, epoch after epoch."""
        number = 0
        while True:
            yield from self.epoch(number)
            number += 1


def flat_length(rows: Sequence[Example]) -> int:
    """Return the flat tokens of one group."""
    shared = shared_length(rows)
    return shared + sum(len(row) - shared for row in rows)


def split_to_fit(rows: list[Example], budget: int) -> list[list[Example]]:
    """Halve a group until each piece has at most ``budget`` flat tokens."""
    if len(rows) == 1 or flat_length(rows) <= budget:
        return [sorted(rows, key=len)]
    middle = len(rows) // 2
    return split_to_fit(rows[:middle], budget) + split_to_fit(rows[middle:], budget)


def micro_batches(groups: list[list[Example]], budget: int) -> list[list[list[Example]]]:
    """Cut a batch into parts of at most ``budget`` tokens that are computed one after another."""
    parts: list[list[list[Example]]] = [[]]
    used = 0
    for rows in groups:
        for piece in split_to_fit(rows, budget):
            size = flat_length(piece)
            if parts[-1] and used + size > budget:
                parts.append([])
                used = 0
            parts[-1].append(piece)
            used += size
    return parts
