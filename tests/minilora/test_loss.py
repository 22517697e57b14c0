"""The chunked loss against torch's cross-entropy: value, gradient, memory; with masks too."""

import numpy as np
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


def test_a_token_counts_as_often_as_its_weight_says():
    hidden, head, labels = random_case(CHUNK_TOKENS + 3)
    weights = torch.arange(len(labels)) % 4
    loss = completion_loss(hidden, head, labels, None, weights.float())
    (gradient,) = torch.autograd.grad(loss, hidden)
    often = torch.arange(len(labels)).repeat_interleave(weights)
    wanted = completion_loss(hidden[often], head, labels[often])
    (expected,) = torch.autograd.grad(wanted, hidden)
    torch.testing.assert_close(loss, wanted, rtol=1e-6, atol=0)
    torch.testing.assert_close(gradient, expected, rtol=0, atol=1e-5)


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


# --- with masks ----------------------------------------------------------------------------------


def random_masks(labels):
    """Return flags (M, V) with each label among them, and the same packed, (M, W) int32."""
    generator = torch.Generator().manual_seed(7)
    flags = torch.rand(len(labels), V, generator=generator) < 0.3
    flags[torch.arange(len(labels)), labels] = True
    padded = np.zeros((len(labels), -(-V // 32) * 32), bool)
    padded[:, :V] = flags.numpy()
    packed = np.packbits(padded, axis=1, bitorder="little").view(np.int32)
    return flags, torch.from_numpy(packed)


@pytest.mark.parametrize("M", BORDERS)
def test_masked_loss_and_gradient_equal_autograd(M):
    """The plain way: log-sum-exp over the allowed logits, less the label's, and autograd."""
    hidden, head, labels = random_case(M)
    flags, packed = random_masks(labels)
    logits = (hidden @ head.T).masked_fill(~flags, float("-inf"))
    wanted = (logits.logsumexp(1) - logits.gather(1, labels[:, None])[:, 0]).sum()
    loss = completion_loss(hidden, head, labels, packed)
    torch.testing.assert_close(loss, wanted, rtol=1e-6, atol=0)
    (expected,) = torch.autograd.grad(wanted / M, hidden)
    (gradient,) = torch.autograd.grad(loss / M, hidden)
    torch.testing.assert_close(gradient, expected, rtol=0, atol=1e-5 / M)
    assert loss < completion_loss(hidden, head, labels)


def test_a_forced_token_has_exactly_no_loss_and_no_gradient():
    hidden, head, labels = random_case(6)
    _, packed = random_masks(labels)
    bits = torch.ones_like(labels) << labels % 32  # bit 31 becomes int32's sign
    alone = torch.zeros_like(packed).scatter_(1, labels[:, None] // 32, bits[:, None].int())
    forced = torch.cat([packed[:3], alone[3:]])
    loss = completion_loss(hidden, head, labels, forced)
    (gradient,) = torch.autograd.grad(loss, hidden)
    assert bool((gradient[3:] == 0).all())
    assert bool(gradient[:3].any())
    three = completion_loss(hidden[:3], head, labels[:3], packed[:3])
    torch.testing.assert_close(loss, three, rtol=1e-6, atol=0)


def test_what_the_mask_leaves_out_has_no_gradient():
    """A huge logit outside the mask changes nothing."""
    hidden, head, labels = random_case(1)
    head[labels[0]] = 0.0
    outside = (int(labels[0]) + 1) % V
    flags = torch.ones(1, 64, dtype=torch.bool)
    flags[0, outside] = False
    packed = torch.from_numpy(np.packbits(flags.numpy(), axis=1, bitorder="little").view(np.int32))
    results = []
    for scale in (1.0, 1e6):
        changed = head.clone()
        changed[outside] *= scale
        loss = completion_loss(hidden, changed, labels, packed)
        results.append((loss.detach(), *torch.autograd.grad(loss, hidden)))
    assert torch.equal(results[0][0], results[1][0])
    torch.testing.assert_close(results[0][1], results[1][1], rtol=0, atol=0)
