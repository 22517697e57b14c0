"""The compute type: chosen by what is measured, with the reason in words."""

import pytest
import torch

from minilora import precision
from minilora.precision import compute_dtype


def test_the_choice_is_one_that_a_processor_can_train_in_and_says_why():
    dtype, reason = compute_dtype("cpu")
    assert dtype in (torch.float32, torch.bfloat16)
    assert reason.startswith(str(dtype).removeprefix("torch."))
    assert "ms" in reason


@pytest.mark.parametrize(
    ("narrow_s", "chosen"),
    [(0.5e-3, torch.bfloat16), (0.9e-3, torch.float32), (2e-3, torch.float32)],
    ids=["twice as fast", "a little faster", "slower"],
)
def test_bfloat16_has_to_be_clearly_faster(monkeypatch, narrow_s, chosen):
    times = {torch.float32: 1e-3, torch.bfloat16: narrow_s}
    monkeypatch.setattr(precision, "_matmul_s", times.__getitem__)
    assert compute_dtype("cpu")[0] == chosen


@pytest.mark.parametrize(("has_it", "chosen"), [(True, torch.bfloat16), (False, torch.float16)])
def test_a_card_computes_in_bfloat16_only_where_it_has_it(monkeypatch, has_it, chosen):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: has_it)
    dtype, reason = compute_dtype("cuda")
    assert (dtype, "card" in reason) == (chosen, True)
