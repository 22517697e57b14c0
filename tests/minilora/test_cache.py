"""Decoding with a cache gives what the full forward pass gives, however the tokens are cut."""

import pytest
import torch

from minilora.attention import Group
from minilora.cache import CachedRows, KVCache, Prefill
from minilora.config import ModelConfig
from minilora.generate import last_tokens
from minilora.model import Llama

# Two orders of summing the same float32 numbers; measured: at most 7e-6 on logits up to 6.
TOLERANCE = 2e-5


def make_model(window=None):
    torch.manual_seed(0)
    config = ModelConfig(
        "mistral", vocab_size=50, d_model=32, n_layers=2, n_heads=4, n_kv_heads=2, head_dim=8,
        d_ff=48, sliding_window=window,
    )  # fmt: skip
    model = Llama(config).eval()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.uniform_(parameter, -0.5, 0.5)
    return model


class Decoding:
    """Rows of known tokens, decoded through a cache and checked against the full forward pass."""

    def __init__(self, window, groups, n_total=24):
        self.model = make_model(window)
        generator = torch.Generator().manual_seed(1)
        self.rows, flat = [], []
        for group in groups:
            prefix = torch.randint(50, (group.prefix,), generator=generator).tolist()
            flat += prefix
            for length in group.rows:
                row = torch.randint(50, (n_total - group.prefix,), generator=generator).tolist()
                flat += row[:length]
                self.rows.append(prefix + row)
        self.done = [group.prefix + length for group in groups for length in group.rows]
        self.wanted = [self.model(torch.tensor([row]))[0] for row in self.rows]
        extra = n_total - min(group.prefix + min(group.rows) for group in groups)
        self.cache = KVCache(self.model.config, groups, extra, torch.float32)
        layout = Prefill(groups, self.cache)
        hidden = self.model.hidden(torch.tensor(flat), layout.positions, layout)
        logits = self.model.logits(hidden[last_tokens(groups)])
        for b, done in enumerate(self.done):
            self._check(logits[b], b, done - 1)

    def step(self, new):
        flat = [t for b, n in enumerate(new) for t in self.rows[b][self.done[b] : self.done[b] + n]]
        layout = CachedRows(self.cache, new)
        places = [
            place for b, n in enumerate(new) for place in range(self.done[b], self.done[b] + n)
        ]
        assert layout.positions.tolist() == places
        hidden = self.model.hidden(torch.tensor(flat), layout.positions, layout)
        logits = iter(self.model.logits(hidden))
        for b, n in enumerate(new):
            for place in range(self.done[b], self.done[b] + n):
                self._check(next(logits), b, place)
            self.done[b] += n
        assert self.cache.lengths == self.done

    def select(self, rows):
        self.cache.select(rows)
        self.rows, self.done, self.wanted = (
            [old[row] for row in rows] for old in (self.rows, self.done, self.wanted)
        )

    def _check(self, logits, row, place):
        torch.testing.assert_close(logits, self.wanted[row][place], atol=TOLERANCE, rtol=0)


GROUPS = {
    "one row": [Group(0, (3,))],
    "ragged rows": [Group(0, (3, 7, 1))],
    "prefix": [Group(5, (2, 1, 4))],
    "several groups": [Group(5, (2, 1, 4)), Group(0, (6,)), Group(2, (3, 3))],
}
WINDOWS = [None, 1, 4]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("case", GROUPS)
@torch.inference_mode()
def test_one_token_at_a_time_equals_the_full_forward(case, window):
    decoding = Decoding(window, GROUPS[case])
    for _ in range(6):
        decoding.step([1] * len(decoding.rows))


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("case", GROUPS)
@torch.inference_mode()
def test_several_tokens_at_once_equal_the_full_forward(case, window):
    """Rows may take different numbers of tokens in one step, as jump-forward decoding does."""
    decoding = Decoding(window, GROUPS[case])
    B = len(decoding.rows)
    decoding.step([3] * B)
    decoding.step([1 + (2 * b) % 5 for b in range(B)])
    decoding.step([1 + (b + 2) % 3 for b in range(B)])
    decoding.step([1] * B)


@pytest.mark.parametrize("window", WINDOWS)
@torch.inference_mode()
def test_rows_that_leave_do_not_disturb_the_others(window):
    decoding = Decoding(window, GROUPS["several groups"])  # rows 0 1 2 | 3 | 4 5
    decoding.step([1, 2, 1, 3, 1, 1])
    decoding.select([0, 2, 3, 5])
    decoding.step([2, 1, 1, 2])
    decoding.select([1, 3])  # the group in the middle is empty now
    assert [len(group.lengths) for group in decoding.cache.groups] == [1, 1]
    decoding.step([1, 1])
    decoding.step([2, 3])


@torch.inference_mode()
def test_the_full_rectangle_can_be_filled_and_not_overrun():
    decoding = Decoding(None, [Group(0, (3, 5))], n_total=24)
    decoding.step([21, 19])  # the shorter row fills up to its 24 tokens; there is room for 5 + 21
    with pytest.raises(ValueError, match="holds 26 tokens a row, 27 are needed"):
        CachedRows(decoding.cache, [1, 3])
    assert decoding.cache.lengths == [24, 24]


def test_counts_that_do_not_fit_the_rows_are_refused():
    cache = KVCache(make_model().config, [Group(0, (3, 5))], 4, torch.float32)
    for new in ([1], [1, 1, 1], [1, 0]):
        with pytest.raises(ValueError, match="2 rows need"):
            CachedRows(cache, new)


@torch.inference_mode()
def test_the_cache_of_a_prefix_is_one_copy():
    decoding = Decoding(None, GROUPS["prefix"])
    group = decoding.cache.groups[0]
    assert [tuple(part.shape) for part in group.prefix[1]] == [(5, 2, 8), (5, 2, 8)]
    assert group.keys[0].shape[:2] == (3, 4 + 18)  # the longest row's own tokens, and the room
