"""The training loss: cross-entropy of the completion tokens, and of nothing else.

Prompt tokens never reach the output head, and the (tokens x vocabulary) logits never exist at once.
With masks the softmax is over each token's allowed set alone (:mod:`minilora.grammar_loss`).

Shape letters: M trained tokens, D d_model, V vocabulary, W words of a mask (32 tokens each).

>>> hidden = torch.randn(3, 8, requires_grad=True)
>>> weight, labels = torch.randn(11, 8), torch.tensor([1, 0, 10])
>>> plain = torch.nn.functional.cross_entropy(hidden @ weight.T, labels, reduction="sum")
>>> torch.allclose(completion_loss(hidden, weight, labels), plain)
True
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor

from minilora.grammar.apply import apply_mask_

CHUNK_TOKENS = 128  # 128 rows of 49,152 float32 logits are 25 MB


def completion_loss(
    hidden: Tensor,
    head: Tensor,
    labels: Tensor,
    allowed: Tensor | None = None,
    weights: Tensor | None = None,
) -> Tensor:
    """Return the cross-entropy -sum_i w_i log softmax(head h_i)[label_i], a float32 scalar.

    Rows are taken in chunks, and each chunk's gradient dL/dh = w (softmax(logits) - onehot) head is
    formed in the forward pass, while its logits are at hand. The head is frozen. Of each row

        e = exp(z - z_max),  s = sum e
        -log p[label] = z_max + log s - z_label,  softmax(z) - onehot = (e - s onehot) / s

    and s is at least 1. All chunks are computed in the same memory: 25 MB that are asked for anew
    cost more, page by page, than what is computed in them.

    With ``allowed`` the logits outside a token's mask are -inf first: the softmax is over the mask,
    and nothing outside it has a gradient. Where the mask holds the label alone, loss and gradient
    are exactly 0.

    Args:
        hidden: (M, D) hidden states whose next token is trained.
        head: (V, D) output head, the tied embedding in most small models.
        labels: (M,) int64, the tokens to be predicted.
        allowed: (M, W) int32, bit t % 32 of word t // 32 is token t, or None for all tokens. The
            loss of a label outside its mask is infinite.
        weights: (M,) float32, what each token counts; None: 1.

    Source: Hsu et al. 2024, Liger Kernel, section 3.2, arXiv:2410.10989.
    """
    return cast(Tensor, _CompletionLoss.apply(hidden, head, labels, allowed, weights))  # type: ignore[no-untyped-call]


class _CompletionLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        head: Tensor,
        labels: Tensor,
        allowed: Tensor | None,
        weights: Tensor | None,
    ) -> Tensor:
        total = hidden.new_zeros((), dtype=torch.float32)
        grad = torch.empty_like(hidden) if ctx.needs_input_grad[0] else None
        chunk = min(CHUNK_TOKENS, len(labels))
        coarse = head.new_empty(chunk, len(head))  # (chunk, V) in the head's own type
        fine = coarse if head.dtype == torch.float32 else coarse.float()
        for start in range(0, len(labels), CHUNK_TOKENS):
            part = slice(start, start + CHUNK_TOKENS)
            label = labels[part, None]  # (chunk, 1)
            product, e = coarse[: len(label)], fine[: len(label)]
            torch.mm(hidden[part], head.T, out=product)
            if e is not product:
                e.copy_(product)
            if allowed is not None:
                apply_mask_(e, allowed[part])
            weight = 1.0 if weights is None else weights[part, None]
            top, wanted = e.amax(-1, keepdim=True), e.gather(1, label)
            e.sub_(top).exp_()
            s = e.sum(-1, keepdim=True)
            total += (weight * (top + s.log() - wanted)).sum()
            if grad is not None:
                e.scatter_add_(1, label, -s)
                grad[part] = weight / s * (product.copy_(e) @ head)
        ctx.save_for_backward(grad)
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None, None, None]:
        (grad,) = ctx.saved_tensors
        return grad * grads[0], None, None, None, None
