"""The chunked loss against torch's cross-entropy: value, gradient, memory."""

import pytest
import torch
from torch.nn import functional as F

from minilora.loss import CHUNK_TOKENS, completion_loss

D, V = 16, 50
BORDERS = [1, CHUNK_TOKENS - 1, CHUNK_TOKENS, CHUNK_TOKENS + 1, 3 * CHUNK_TOKENS + 7]


def random_case(M, dtype=torch.float32):
    generator = torch.Generator().manual_seed(M)
    hidden = torch.randn(M, D, generator=generator).to(dtype).requires_grad_()
    head = torch.randn(V, D, generator=generator).to(dtype)
    return hidden, head, torch.randint(V, (M,), generator=generator)


@pytest.mark.parametrize("M", BORDERS)
def test_loss_and_gradient_equal_cross_entropy(M):
    """Rounding alone: measured 2e-7 relative, and 3e-6 / M on gradients of up to 5 / M."""
    hidden, head, labels = random_case(M)
    wanted = F.cross_entropy(F.linear(hidden, head), labels, reduction="sum")
    loss = completion_loss(hidden, head, labels)
    torch.testing.assert_close(loss, wanted, rtol=1e-6, atol=0)
    (expected,) = torch.autograd.grad(wanted / M, hidden)
    (gradient,) = torch.autograd.grad(loss / M, hidden)
    torch.testing.assert_close(gradient, expected, rtol=0, atol=1e-5 / M)


def test_half_precision_losses_are_summed_in_float32():
    hidden, head, labels = random_case(700, torch.bfloat16)
    loss = completion_loss(hidden, head, labels)
    assert loss.dtype == torch.float32
    # The products round to bfloat16's 8 bits, so each loss of about 8 is off by up to 2^-8 * 8,
    # at random: over 700 of them that averages out far below 1%.
    wanted = F.cross_entropy(hidden.float() @ head.float().T, labels, reduction="sum")
    assert float(loss.detach()) == pytest.approx(float(wanted.detach()), rel=2e-3)
    loss.backward()
    assert hidden.grad.dtype == torch.bfloat16


def test_extreme_logits_stay_finite():
    hidden, head, labels = random_case(4)
    loss = completion_loss(hidden * 1e4, head, labels)
    (gradient,) = torch.autograd.grad(loss, hidden)
    assert loss.isfinite()
    assert gradient.isfinite().all()


def test_without_gradients_none_are_formed():
    hidden, head, labels = random_case(5)
    with torch.no_grad():
        assert not completion_loss(hidden, head, labels).requires_grad
    assert not completion_loss(hidden.detach(), head, labels).requires_grad


def test_no_tokens_give_no_loss():
    hidden, head, labels = random_case(0)
    assert float(completion_loss(hidden.detach(), head, labels)) == 0.0


def test_logits_never_exist_at_once():
    """All that is kept for the backward pass is the gradient, of the hidden states' size."""
    hidden, head, labels = random_case(2 * CHUNK_TOKENS)
    saved = []

    def keep(tensor):
        saved.append(tensor.numel())
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        completion_loss(hidden, head, labels)
    assert saved == [hidden.numel()]
