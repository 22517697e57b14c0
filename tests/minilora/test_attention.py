"""GroupedRows against plain masked softmax attention, row by row and head by head."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from minilora.attention import Group, GroupedRows, attention, causal_mask
from minilora.attention_fused import fused_attention
from minilora.attention_grad import trainable_attention

H, HKV, DH = 4, 2, 6
LAYOUTS = {
    "one row": [Group(0, (5,))],
    "equal rows": [Group(0, (4, 4))],
    "ragged rows": [Group(0, (3, 5, 1))],
    "prefix": [Group(4, (3, 3))],
    "prefix, ragged rows": [Group(4, (3, 1, 5))],
    "many rows": [Group(3, (2,) * 6)],
    "prefix only": [Group(5, ())],
    "several groups": [Group(4, (3, 2, 5)), Group(0, (2, 2)), Group(3, ()), Group(1, (4,))],
}
# The layouts compute in the inputs' float64: products of at most 10 terms of size 1 are summed in
# another order, which moves the last few of 52 bits.
EXACT = {"atol": 1e-13, "rtol": 1e-12}


def plain_attention(groups: list[Group], window: int | None, q: Tensor, k: Tensor, v: Tensor):
    """Return (N, H, Dh): every row laid out whole, prefix repeated, one query at a time."""
    out = torch.empty_like(q)
    start = 0
    for group in groups:
        prefix = list(range(start, start + group.prefix))
        rows, start = [], start + group.prefix
        for length in group.rows:
            rows.append(prefix + list(range(start, start + length)))
            start += length
        for row in rows or [prefix]:
            for place, query in enumerate(row):
                first = 0 if window is None else max(0, place - window + 1)
                seen = row[first : place + 1]
                for h in range(H):
                    kv = h // (H // HKV)
                    scores = (k[seen, kv] @ q[query, h]) / DH**0.5
                    out = out.index_put(
                        (torch.tensor(query), torch.tensor(h)), scores.softmax(0) @ v[seen, kv]
                    )
    return out


def random_inputs(groups: list[Group], dtype=torch.float64) -> list[Tensor]:
    N = sum(group.n_tokens for group in groups)
    generator = torch.Generator().manual_seed(3)
    return [
        torch.randn(N, heads, DH, generator=generator, dtype=dtype).requires_grad_()
        for heads in (H, HKV, HKV)
    ]


@pytest.mark.parametrize("window", [None, 1, 3, 50])
@pytest.mark.parametrize("case", LAYOUTS)
def test_output_and_gradients_equal_plain_attention(case, window):
    """In the plain version every row uses a prefix key: its gradients add up in the one copy."""
    groups = LAYOUTS[case]
    inputs = random_inputs(groups)
    out = GroupedRows(groups, window)(0, *inputs)
    wanted = plain_attention(groups, window, *inputs)
    torch.testing.assert_close(out, wanted, **EXACT)
    upstream = torch.randn(out.shape, generator=torch.Generator().manual_seed(4), dtype=out.dtype)
    for got, expected in zip(
        torch.autograd.grad(out, inputs, upstream),
        torch.autograd.grad(wanted, inputs, upstream),
        strict=True,
    ):
        torch.testing.assert_close(got, expected, **EXACT)


@pytest.mark.parametrize("window", [None, 3])
@pytest.mark.parametrize("P", [0, 4])
@pytest.mark.parametrize("B", [1, 6])
def test_fused_and_written_out_attention_are_the_same(B, P, window):
    """The layouts take the fused one on a CPU; the written-out one is what other devices run."""
    T, generator = 5, torch.Generator().manual_seed(5)
    shapes = [(B, T, H, DH), (B, T, HKV, DH), (B, T, HKV, DH), (P, HKV, DH), (P, HKV, DH)]
    inputs = [
        torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
        for shape in shapes[: 5 if P else 3]
    ]
    shared = (inputs[3], inputs[4]) if P else None
    mask = causal_mask(T, T, window, torch.device("cpu"))[None]
    shared_mask = None
    if window and P:
        shared_mask = causal_mask(T, P + T, window, torch.device("cpu"))[None, :, :P]
    out = fused_attention(*inputs[:3], mask if window else None, shared, shared_mask)
    wanted = trainable_attention(*inputs[:3], mask, shared, shared_mask)
    torch.testing.assert_close(out, wanted, **EXACT)
    torch.testing.assert_close(attention(*inputs[:3], mask, shared, shared_mask), wanted, **EXACT)
    upstream = torch.randn(out.shape, generator=generator, dtype=out.dtype)
    for got, expected in zip(
        torch.autograd.grad(out, inputs, upstream),
        torch.autograd.grad(wanted, inputs, upstream),
        strict=True,
    ):
        torch.testing.assert_close(got, expected, **EXACT)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(
    groups=st.lists(
        st.builds(Group, st.integers(1, 3), st.lists(st.integers(1, 4), max_size=3).map(tuple)),
        min_size=1,
        max_size=3,
    ),
    window=st.one_of(st.none(), st.integers(1, 6)),
)
@torch.no_grad()
def test_any_layout_equals_plain_attention(groups, window):
    inputs = random_inputs(groups)
    out = GroupedRows(groups, window)(0, *inputs)
    torch.testing.assert_close(out, plain_attention(groups, window, *inputs), **EXACT)


@pytest.mark.parametrize("window", [None, 3])
def test_a_shared_prefix_equals_repeating_it(window):
    """A prefix before three rows, against the three rows written out: outputs and gradients."""
    shared = [Group(4, (3, 1, 5))]
    repeated = [Group(0, (7, 5, 9))]
    places = [
        *range(4), *range(4, 7),
        *range(4), 7,
        *range(4), *range(8, 13),
    ]  # fmt: skip
    inputs = random_inputs(shared)
    out = GroupedRows(shared, window)(0, *inputs)
    wanted = GroupedRows(repeated, window)(0, *(x[places] for x in inputs))
    torch.testing.assert_close(out[places], wanted, **EXACT)
    upstream = torch.randn_like(wanted)
    got = torch.autograd.grad(out[places], inputs, upstream)
    for one, expected in zip(got, torch.autograd.grad(wanted, inputs, upstream), strict=True):
        torch.testing.assert_close(one, expected, **EXACT)


@torch.no_grad()
def test_groups_and_rows_never_see_each_other():
    """Changing one row's keys and values changes that row alone; changing a prefix, its group."""
    groups = LAYOUTS["several groups"]  # flat: 4 | 3 2 5 | 2 2 | 3 | 1 4
    q, k, v = random_inputs(groups)
    layout = GroupedRows(groups)
    before = layout(0, q, k, v)
    for changed, reached in [(slice(7, 9), slice(7, 9)), (slice(0, 4), slice(0, 14))]:
        k2, v2 = k.detach().clone(), v.detach().clone()
        k2[changed] += 1
        v2[changed] += 1
        moved = (layout(0, q, k2, v2) != before).any(-1).any(-1)
        wanted = torch.zeros_like(moved)
        wanted[reached] = True
        assert torch.equal(moved, wanted)


def test_positions_restart_in_every_row_after_the_prefix():
    layout = GroupedRows([Group(2, (3, 1)), Group(0, (2,)), Group(3, ())])
    assert layout.positions.tolist() == [0, 1, 2, 3, 4, 2, 0, 1, 0, 1, 2]
    assert layout.n_tokens == 11


@torch.no_grad()
def test_half_precision_stays_close_to_float64():
    groups = LAYOUTS["several groups"]
    inputs = random_inputs(groups)
    wanted = plain_attention(groups, None, *inputs)
    for dtype in (torch.float16, torch.bfloat16):
        out = GroupedRows(groups)(0, *(x.to(dtype) for x in inputs))
        assert out.dtype == dtype
        # One rounding of each input, of the probabilities and of the output, values up to 3.
        assert (out - wanted).abs().max() < 3 * 4 * torch.finfo(dtype).eps


def test_the_mask_shows_the_last_queries_their_window():
    mask = causal_mask(2, 5, 3, torch.device("cpu"))
    assert (mask == 0).tolist() == [
        [False, True, True, True, False],
        [False, False, True, True, True],
    ]


@pytest.mark.parametrize(("prefix", "rows"), [(-1, (2,)), (2, (3, 0)), (0, ())])
def test_impossible_groups_are_refused(prefix, rows):
    with pytest.raises(ValueError, match="a group needs"):
        Group(prefix, rows)
