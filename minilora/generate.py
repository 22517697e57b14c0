"""Text from a model: prefill, decode with a key/value cache, sample, stop.

``python -m minilora.generate "QUERY"`` is the command; :func:`generate` is the loop. Prompts that
begin alike (the same instructions and tools) are prefilled once and share their cache.

Shape letters: B rows, N flat tokens, V vocabulary.

>>> import torch
>>> sample(torch.tensor([[0.0, 3.0, 1.0]]), Sampling()).tolist()
[1]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from minilora.attention import Group
from minilora.cache import CachedRows, KVCache, Prefill
from minilora.chat import Tokenizer
from minilora.model import Llama

MIN_SHARED_TOKENS = 16  # what a group of its own costs: a shorter beginning is not worth it


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen and when to stop.

    Attributes:
        temperature: 0 takes the likeliest token; otherwise logits are divided by it.
        top_k: keep the k likeliest tokens; None keeps all.
        top_p: keep the smallest set of tokens whose probability reaches this; 1 keeps all.
        max_new_tokens: tokens at most.
        stop: texts that end the answer and are cut off it.
    """

    temperature: float = 0.0
    top_k: int | None = None
    top_p: float = 1.0
    max_new_tokens: int = 256
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not self.temperature >= 0:  # not a number is not at least 0 either
            raise ValueError(f"temperature must be at least 0, got {self.temperature}")
        if self.top_k is not None and self.top_k < 1:
            raise ValueError(f"top_k must be at least 1, got {self.top_k}")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, got {self.top_p}")
        if self.max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be at least 1, got {self.max_new_tokens}")
        if "" in self.stop:
            raise ValueError("a stop text must not be empty")


@dataclass(frozen=True)
class Completion:
    """One answer.

    Attributes:
        tokens: generated token ids, without the one that ended the turn.
        text: their text, cut before the first stop text.
        finish_reason: "stop" (the turn ended or a stop text came) or "length" (out of tokens, or
            not worth finishing).
    """

    tokens: tuple[int, ...]
    text: str
    finish_reason: str


class Constraint(Protocol):
    """What may come next in one row: the seam for grammar-constrained decoding."""

    def allowed(self) -> Tensor:
        """Return (tokens,) bool: True where a token may come next; at most V of them."""

    def advance(self, token: int) -> None:
        """Take the chosen token."""

    def forced(self) -> list[int]:
        """Return tokens that can only come next: they are taken without asking the model."""

    @property
    def complete(self) -> bool:
        """Whether nothing may follow but the end, which is not asked of the model either."""


def sample(logits: Tensor, sampling: Sampling, generator: torch.Generator | None = None) -> Tensor:
    """Return one token id a row, (B,) int64, from logits (B, V).

    Greedy at temperature 0; otherwise softmax(logits / temperature) over what top-k and then top-p
    keep (Holtzman et al. 2020, nucleus sampling, arXiv:1904.09751).
    """
    if sampling.temperature == 0:
        return logits.argmax(-1)
    logits = logits.float() / sampling.temperature
    if sampling.top_k is not None and sampling.top_k < logits.shape[-1]:
        kept = logits.topk(sampling.top_k).indices  # by index, so that ties do not keep more than k
        dropped = torch.ones_like(logits, dtype=torch.bool).scatter_(-1, kept, False)
        logits = logits.masked_fill(dropped, float("-inf"))
    if sampling.top_p < 1:
        ordered, order = logits.sort(descending=True)
        probs = ordered.softmax(-1)
        beyond = probs.cumsum(-1) - probs >= sampling.top_p  # mass before this token is enough
        logits = logits.masked_fill(beyond.scatter(-1, order, beyond), float("-inf"))
    return torch.multinomial(logits.softmax(-1), 1, generator=generator).squeeze(1)


def group_prompts(prompts: Sequence[Sequence[int]]) -> tuple[list[int], list[Group], list[int]]:
    """Find which prompts begin alike.

    Returns:
        order: the prompts' numbers, sorted so that those of a group lie side by side;
        groups: prefix length and own lengths, in that order;
        flat: the token ids of all groups as one flat run, each prefix once.

    Raises:
        ValueError: an empty prompt.
    """
    if any(len(prompt) == 0 for prompt in prompts):
        raise ValueError("a prompt has no tokens")
    order = sorted(range(len(prompts)), key=lambda i: tuple(prompts[i]))
    groups: list[Group] = []
    flat: list[int] = []
    for first, last, shared in _runs([prompts[i] for i in order]):
        run = order[first:last]
        groups.append(Group(shared, tuple(len(prompts[i]) - shared for i in run)))
        flat += prompts[run[0]][:shared]
        for i in run:
            flat += prompts[i][shared:]
    return order, groups, flat


def _runs(prompts: Sequence[Sequence[int]]) -> list[tuple[int, int, int]]:
    """Cut sorted prompts into runs (first, last + 1, shared) that leave the fewest tokens in all.

    A run of n prompts that share s tokens saves (n - 1) s of them. `saved[j]` is the most that the
    first j prompts can save; a run costs `MIN_SHARED_TOKENS`, since each is computed apart.
    """
    saved, cut, shares = [0], [0], [0]
    for last in range(1, len(prompts) + 1):
        best: tuple[int, int, int] | None = None
        shared = len(prompts[last - 1]) - 1  # each row keeps a token of its own
        for first in range(last - 1, -1, -1):
            if first < last - 1:
                shared = min(shared, _common(prompts[first], prompts[first + 1]))
                shared = min(shared, len(prompts[first]) - 1)
            if first < last - 1 and shared < MIN_SHARED_TOKENS:
                break
            gain = (last - 1 - first) * shared - MIN_SHARED_TOKENS
            candidate = (saved[first] + gain, first, shared)
            best = candidate if best is None else max(best, candidate)
        assert best is not None
        saved.append(best[0])
        cut.append(best[1])
        shares.append(best[2] if last - best[1] > 1 else 0)
    runs = []
    last = len(prompts)
    while last:
        runs.append((cut[last], last, shares[last]))
        last = cut[last]
    return runs[::-1]


def _common(a: Sequence[int], b: Sequence[int]) -> int:
    """Return how many tokens two prompts share from the start."""
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return i
    return min(len(a), len(b))


@torch.inference_mode()
def generate(
    model: Llama,
    tokenizer: Tokenizer,
    prompts: Sequence[Sequence[int]],
    sampling: Sampling,
    constraints: Sequence[Constraint | None] | None = None,
    generator: torch.Generator | None = None,
    on_token: Callable[[int], None] | None = None,
    hopeless: Callable[[str], bool] | None = None,
) -> list[Completion]:
    """Return one completion for each prompt, decoded as one batch.

    Args:
        model: in evaluation mode (no LoRA dropout).
        tokenizer: gives the ids that end a turn and the text of the rest.
        prompts: token ids, one sequence a row.
        sampling: one set of options for the batch.
        constraints: for each prompt what may come next, or None.
        generator: randomness where temperature is above 0.
        on_token: called with the number of running rows after each step (progress).
        hopeless: whether an answer that begins like this need not be finished.

    Raises:
        ValueError: an empty prompt, one that leaves no room in the model's context, or a constraint
            that allows no token.
    """
    if not prompts:
        return []
    if constraints is not None and len(constraints) != len(prompts):
        raise ValueError(f"{len(prompts)} prompts, {len(constraints)} constraints")
    longest = max(len(prompt) for prompt in prompts) + sampling.max_new_tokens
    if longest > model.config.max_seq_len:
        raise ValueError(
            f"prompt and answer need {longest} tokens, the model's context is "
            f"{model.config.max_seq_len}"
        )
    rows = [
        _Row(i, sampling, tokenizer, constraints[i] if constraints else None, hopeless)
        for i in range(len(prompts))
    ]
    if begun := [row for row in rows if row.take_forced()]:
        _decode(model, prompts, begun, sampling, generator, on_token)
    return [row.completion() for row in rows]


def _decode(
    model: Llama,
    prompts: Sequence[Sequence[int]],
    rows: Sequence[_Row],
    sampling: Sampling,
    generator: torch.Generator | None,
    on_token: Callable[[int], None] | None,
) -> None:
    """Prefill, then take a token a step in every row that is not done."""
    device = model.embed_tokens.weight.device
    order, groups, flat = group_prompts([[*prompts[row.index], *row.tokens] for row in rows])
    running = [rows[i] for i in order]
    cache = KVCache(
        model.config, groups, sampling.max_new_tokens, model.embed_tokens.weight.dtype, device
    )
    layout = Prefill(groups, cache, device)
    hidden = model.hidden(torch.tensor(flat, device=device), layout.positions, layout)
    hidden = hidden[last_tokens(groups)]  # (B, D)
    while True:
        logits = model.logits(hidden)  # (B, V)
        for i, row in enumerate(running):
            if row.constraint is not None:
                allowed = row.constraint.allowed()
                if not bool(allowed.any()):
                    raise ValueError(f"the constraint of prompt {row.index} allows no token")
                logits[i, : len(allowed)].masked_fill_(~allowed.to(device), float("-inf"))
                logits[i, len(allowed) :] = float("-inf")  # a model may have more than tokens
        chosen = sample(logits, sampling, generator).tolist()
        new = [row.take_with_forced(t) for row, t in zip(running, chosen, strict=True)]
        kept = [i for i, tokens in enumerate(new) if tokens]
        if on_token is not None:
            on_token(len(running))
        if not kept:
            break
        if len(kept) < len(running):
            running = [running[i] for i in kept]
            cache.select(kept)
        lengths = [len(new[i]) for i in kept]
        step = CachedRows(cache, lengths)
        added = torch.tensor([token for i in kept for token in new[i]], device=device)
        hidden = model.hidden(added, step.positions, step)
        if max(lengths) > 1:  # the last token of each row predicts the next
            hidden = hidden[torch.tensor(lengths, device=device).cumsum(0) - 1]


def last_tokens(groups: Sequence[Group]) -> Tensor:
    """Return the flat index of every row's last token, (B,) int64."""
    ends, start = [], 0
    for group in groups:
        start += group.prefix
        for length in group.rows:
            start += length
            ends.append(start - 1)
    return torch.tensor(ends)


class _Row:
    """One answer under way."""

    def __init__(
        self,
        index: int,
        sampling: Sampling,
        tokenizer: Tokenizer,
        constraint: Constraint | None,
        hopeless: Callable[[str], bool] | None,
    ) -> None:
        self.index, self.sampling, self.tokenizer = index, sampling, tokenizer
        self.constraint, self.hopeless = constraint, hopeless
        self.tokens: list[int] = []
        self.reason = "length"

    def take_with_forced(self, token: int) -> list[int]:
        """Take a token and those that can only follow; return them, or none if the row is done."""
        n_before = len(self.tokens)
        return self.tokens[n_before:] if self.take(token) and self.take_forced() else []

    def take_forced(self) -> bool:
        """Take the tokens that can only come next; return whether the row goes on."""
        forced = self.constraint.forced() if self.constraint is not None else ()
        return all(self.take(token) for token in forced)

    def take(self, token: int) -> bool:
        """Add a token; return whether the row goes on."""
        if token in self.tokenizer.eos_ids:
            self.reason = "stop"
            return False
        if self.constraint is not None:
            self.constraint.advance(token)
        self.tokens.append(token)
        if self.sampling.stop or self.hopeless:
            text = self.tokenizer.decode(self.tokens)
            if self._stop_at(text) is not None:
                self.reason = "stop"
                return False
            if self.hopeless is not None and self.hopeless(text):
                return False
        if self.constraint is not None and self.constraint.complete:
            self.reason = "stop"
            return False
        return len(self.tokens) < self.sampling.max_new_tokens

    def completion(self) -> Completion:
        """Return what was generated."""
        text = self.tokenizer.decode(self.tokens)
        return Completion(tuple(self.tokens), text[: self._stop_at(text)], self.reason)

    def _stop_at(self, text: str) -> int | None:
        places = [place for stop in self.sampling.stop if (place := text.find(stop)) >= 0]
        return min(places, default=None)


if __name__ == "__main__":
    from minilora.generate_command import main

    main()
