"""How an answer came about: for each token what was allowed, how likely it was, what was expected.

The finished answer is read once more: one forward pass gives the model's distribution p before each
token, a fresh constraint goes along and says what was allowed there, A:

    kept = sum of p(t) over t in A          what the grammar left of the model's distribution
    probability = p(token) / kept           what the token was drawn with, at temperature 1

Shape letters: n tokens of the answer, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from rich.table import Table
from torch import Tensor

from minilora.attention import Group, GroupedRows
from minilora.chat import Tokenizer
from minilora.constrain import SchemaConstraint
from minilora.generate import Completion
from minilora.grammar.place import place
from minilora.model import Llama

VISIBLE = str.maketrans({" ": "·", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True)
class TokenStep:
    """One token of an answer, or its end.

    Attributes:
        text: its text, U+FFFD for bytes that are no whole character.
        allowed: how many tokens were allowed, ends of text among them.
        probability: among the allowed tokens, at temperature 1.
        free_probability: among all tokens: ``probability * kept``.
        kept: what all allowed tokens together have of the model's distribution.
        forced: taken without asking the model, as nothing else was possible.
        place: JSON pointer of what was being written; "" at the outermost level.
        expects: what the grammar expected, in words.
    """

    text: str
    allowed: int
    probability: float
    free_probability: float
    kept: float
    forced: bool
    place: str
    expects: str


@torch.inference_mode()
def explain(
    model: Llama,
    tokenizer: Tokenizer,
    prompt: Sequence[int],
    completion: Completion,
    constraint: SchemaConstraint | None,
) -> list[TokenStep]:
    """Return the steps of an answer; the last is its end, where the model ended it.

    Args:
        model: as it answered.
        tokenizer: its tokenizer.
        prompt: what was asked, as token ids.
        completion: the answer.
        constraint: a new one, made as the answer's own was; None where it had none.
    """
    spelling = tokenizer.vocabulary_bytes
    before, n_forced = b"", 0 if constraint is None else len(constraint.forced())
    steps = []
    logits = answer_logits(model, prompt, completion.tokens)
    for token, p in zip(completion.tokens, logits.softmax(-1), strict=False):
        text = spelling[token].decode(errors="replace")
        steps.append(_step(text, (token,), p, constraint, n_forced > 0, before))
        before += spelling[token]
        if constraint is not None:
            constraint.advance(token)
            n_forced = n_forced - 1 if n_forced else len(constraint.forced())
    whole = completion.text == tokenizer.decode(completion.tokens)  # not cut before a stop text
    if completion.finish_reason == "stop" and whole:
        end = tokenizer.decode(tokenizer.eos_ids[:1], special=True)
        p = logits[-1].softmax(-1)
        only_end = constraint is not None and constraint.complete
        steps.append(_step(end, tokenizer.eos_ids, p, constraint, only_end, before))
    return steps


def answer_logits(model: Llama, prompt: Sequence[int], tokens: Sequence[int]) -> Tensor:
    """Return logits (n + 1, V) float32: row i predicts token i of the answer, the last its end."""
    device = model.embed_tokens.weight.device
    flat = torch.tensor([*prompt, *tokens], device=device)
    layout = GroupedRows([Group(0, (len(flat),))], model.config.sliding_window, device)
    hidden = model.hidden(flat, layout.positions, layout)[len(prompt) - 1 :]  # (n + 1, D)
    return model.logits(hidden).float()


def _step(
    text: str,
    ids: Iterable[int],
    p: Tensor,
    constraint: SchemaConstraint | None,
    forced: bool,
    before: bytes,
) -> TokenStep:
    """Return the step of a token, or of the ids that all mean the end, from p (V,)."""
    taken = p[list(ids)].sum().item()
    if constraint is None:
        return TokenStep(text, len(p), taken, taken, 1.0, forced, "", "anything")
    allowed = constraint.allowed()
    kept = p[: len(allowed)][allowed.to(p.device)].sum().item()
    where = place(before.decode(errors="ignore"))
    return TokenStep(
        text, int(allowed.sum()), taken / kept, taken, kept, forced, where, constraint.expects()
    )


def steps_table(steps: Sequence[TokenStep]) -> Table:
    """Return the steps as a table for people; "·" is a space."""
    table = Table(title=f"{len(steps)} tokens, {sum(step.forced for step in steps)} of them forced")
    table.add_column("token")
    for column in ("allowed", "probability", "kept"):
        table.add_column(column, justify="right")
    for column in ("", "at", "expected"):
        table.add_column(column)
    for step in steps:
        table.add_row(
            step.text.translate(VISIBLE),
            f"{step.allowed:,}",
            _share(step.probability),
            _share(step.kept),
            "forced" if step.forced else "",
            step.place,
            step.expects,
        )
    return table


def _share(x: float) -> str:
    return f"{x:.3f}" if x >= 0.0005 or x == 0 else f"{x:.0e}"
