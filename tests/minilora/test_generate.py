"""Sampling keeps the right tokens with the right shares; the loop equals a naive one."""

import pytest
import torch

from minilora.config import ModelConfig
from minilora.generate import Sampling, generate, group_prompts, sample
from minilora.model import Llama

V, END = 40, 0
N_DRAWS = 20_000


class LetterTokenizer:
    """Token 1 is "A", 2 is "B", ...; 0 ends the turn."""

    eos_ids = (END,)

    def decode(self, ids):
        return "".join(chr(64 + i) for i in ids)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    config = ModelConfig(
        "llama", vocab_size=V, d_model=32, n_layers=2, n_heads=4, n_kv_heads=2, head_dim=8,
        d_ff=48, max_seq_len=64,
    )  # fmt: skip
    model = Llama(config).eval()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.uniform_(parameter, -0.4, 0.4)
    return model


def random_prompts(lengths, shared=0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    common = torch.randint(1, V, (shared,), generator=generator).tolist()
    return [common + torch.randint(1, V, (n,), generator=generator).tolist() for n in lengths]


@torch.inference_mode()
def naive_greedy(model, prompt, n):
    """Return the tokens of the plain loop: the whole text through the model for every token."""
    tokens = list(prompt)
    for _ in range(n):
        best = int(model(torch.tensor([tokens]))[0, -1].argmax())
        if best == END:
            break
        tokens.append(best)
    return tuple(tokens[len(prompt) :])


def answers(model, prompts, constraints=None, generator=None, **options):
    sampling = Sampling(**{"max_new_tokens": 12, **options})
    return generate(model, LetterTokenizer(), prompts, sampling, constraints, generator)


# --- the loop ------------------------------------------------------------------------------------


def test_greedy_equals_the_naive_loop_and_batched_equals_alone(model):
    """Ragged prompts, some with a common beginning long enough to be shared, one twice."""
    shared = random_prompts((3, 1, 5, 2, 9), shared=20)
    prompts = [
        *random_prompts((4, 1, 9), seed=1),
        *shared,
        shared[0],
        *random_prompts([18], seed=2),
    ]
    batched = answers(model, prompts)
    for prompt, completion in zip(prompts, batched, strict=True):
        assert completion.tokens == naive_greedy(model, prompt, 12)
        assert answers(model, [prompt]) == [completion]
        assert completion.text == LetterTokenizer().decode(completion.tokens)
        ended = len(completion.tokens) < 12
        assert completion.finish_reason == ("stop" if ended else "length")
    assert {completion.finish_reason for completion in batched} == {"stop", "length"}


def test_a_stop_text_is_cut_off_with_all_after_it(model):
    prompt = random_prompts([6], seed=3)
    whole = answers(model, prompt)[0]
    assert whole.finish_reason == "length"
    stop = whole.text[4:6]
    cut = answers(model, prompt, stop=("never", stop))[0]
    assert cut.text == whole.text[: whole.text.find(stop)]
    assert cut.finish_reason == "stop"
    assert cut.tokens == whole.tokens[: whole.text.find(stop) + 2]


def test_the_number_of_new_tokens_is_kept_to_the_context(model):
    prompt = random_prompts([60])
    assert len(answers(model, prompt, max_new_tokens=4)[0].tokens) <= 4
    with pytest.raises(ValueError, match="65 tokens, the model's context is 64"):
        answers(model, prompt, max_new_tokens=5)


def test_progress_is_told_after_every_step(model):
    seen = []
    prompts = random_prompts((4, 6), seed=5)
    done = generate(
        model, LetterTokenizer(), prompts, Sampling(max_new_tokens=7), on_token=seen.append
    )
    assert seen[0] == 2
    assert len(seen) == max(len(c.tokens) + (len(c.tokens) < 7) for c in done)
    assert generate(model, LetterTokenizer(), [], Sampling()) == []


def test_the_same_generator_gives_the_same_texts(model):
    prompts = random_prompts((4, 6, 3), seed=6)
    runs = [
        answers(model, prompts, generator=torch.Generator().manual_seed(seed), temperature=1.5)
        for seed in (1, 1, 2)
    ]
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize("prompts", [[[]], [[1, 2], []]])
def test_an_empty_prompt_is_refused(model, prompts):
    with pytest.raises(ValueError, match="no tokens"):
        answers(model, prompts)


# --- constraints ---------------------------------------------------------------------------------


class Only:
    """Allows the tokens of a text one after another, then the end."""

    def __init__(self, *choices):
        self.choices, self.taken = choices, []

    def allowed(self):
        mask = torch.zeros(V, dtype=torch.bool)
        mask[list(self.choices[len(self.taken)])] = True
        return mask

    def advance(self, token):
        self.taken.append(token)

    def forced(self):
        return []

    complete = False


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_constrained_row_takes_what_is_allowed_and_its_neighbours_are_free(model, temperature):
    prompts = random_prompts((4, 4, 9), seed=7)
    only = Only({3}, {5, 6}, {7}, {END})
    done = answers(model, prompts, [None, only, None], temperature=temperature)
    assert done[1].tokens == tuple(only.taken)
    assert [*done[1].tokens] in ([3, 5, 7], [3, 6, 7])
    assert done[1].finish_reason == "stop"
    if temperature == 0:
        assert done[0].tokens == naive_greedy(model, prompts[0], 12)
        assert done[2].tokens == naive_greedy(model, prompts[2], 12)


def test_a_constraint_that_allows_nothing_is_an_error_and_no_token(model):
    with pytest.raises(ValueError, match="allows no token"):
        answers(model, random_prompts([4]), [Only(set())])


class Spelled(Only):
    """Allows the tokens of a text, of which the first n are forced, and nothing after it."""

    def __init__(self, text, n_forced):
        super().__init__(*({token} for token in text))
        self.n_forced = n_forced

    def forced(self):
        left = self.choices[len(self.taken) : self.n_forced]
        return [token for choice in left for token in choice]

    @property
    def complete(self):
        return len(self.taken) == len(self.choices)


@pytest.mark.parametrize(("n_forced", "steps"), [(0, 3), (2, 1), (3, 0)])
def test_the_model_is_not_asked_where_nothing_is_open(model, n_forced, steps):
    """Neither for tokens that can only come first, nor for the end of a finished answer."""
    asked = []
    (done,) = generate(
        model,
        LetterTokenizer(),
        random_prompts([6]),
        Sampling(max_new_tokens=12),
        [Spelled([4, 5, 6], n_forced)],
        on_token=asked.append,
    )
    assert done.tokens == (4, 5, 6)
    assert done.finish_reason == "stop"
    assert len(asked) == steps


def test_every_prompt_needs_its_constraint_or_none(model):
    with pytest.raises(ValueError, match="2 prompts, 1 constraints"):
        answers(model, random_prompts((4, 4)), [None])


# --- sampling ------------------------------------------------------------------------------------


def draws(logits, seed=0, **options):
    """Return how often each token is taken in N_DRAWS draws, (V,)."""
    generator = torch.Generator().manual_seed(seed)
    tokens = sample(logits.expand(N_DRAWS, -1), Sampling(**options), generator)
    return torch.bincount(tokens, minlength=logits.shape[-1])


def kept(logits, **options):
    return set(draws(logits, **options).nonzero().flatten().tolist())


PROBS = torch.tensor([0.1, 0.4, 0.05, 0.25, 0.2])  # by size: 1, 3, 4, 0, 2


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"temperature": 1.0}, {0, 1, 2, 3, 4}),
        ({"temperature": 1.0, "top_k": 1}, {1}),
        ({"temperature": 1.0, "top_k": 3}, {1, 3, 4}),
        ({"temperature": 1.0, "top_k": 9}, {0, 1, 2, 3, 4}),
        ({"temperature": 1.0, "top_p": 0.3}, {1}),
        ({"temperature": 1.0, "top_p": 0.41}, {1, 3}),
        ({"temperature": 1.0, "top_p": 0.64}, {1, 3}),
        ({"temperature": 1.0, "top_p": 0.66}, {1, 3, 4}),
        ({"temperature": 1.0, "top_p": 0.96}, {0, 1, 2, 3, 4}),
        # Top-p counts within what top-k kept: 0.4 / 0.65 = 0.62.
        ({"temperature": 1.0, "top_k": 2, "top_p": 0.6}, {1}),
        ({"temperature": 1.0, "top_k": 2, "top_p": 0.63}, {1, 3}),
        # Temperature comes first: squared and normed, 1 has 0.58 and 3 has 0.23.
        ({"temperature": 0.5, "top_p": 0.57}, {1}),
        ({"temperature": 0.5, "top_p": 0.6}, {1, 3}),
        ({"temperature": 0.0, "top_k": 3, "top_p": 0.9}, {1}),
    ],
)
def test_the_tokens_kept_are_exactly_these(options, wanted):
    assert kept(PROBS.log(), **options) == wanted


def test_ties_do_not_keep_more_than_k():
    assert len(kept(torch.zeros(6), temperature=1.0, top_k=4)) == 4


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_shares_are_those_of_the_softmax(temperature):
    """Counts of n draws spread by sqrt(n p (1 - p)); 4.5 of those once in 150,000 counts."""
    wanted = (PROBS.log() / temperature).softmax(-1)
    counts = draws(PROBS.log(), temperature=temperature)
    spread = (N_DRAWS * wanted * (1 - wanted)).sqrt()
    assert ((counts - N_DRAWS * wanted).abs() < 4.5 * spread).all()


def test_what_is_kept_keeps_its_shares():
    counts = draws(PROBS.log(), temperature=1.0, top_k=2)
    share = 0.4 / 0.65
    assert abs(int(counts[1]) - N_DRAWS * share) < 4.5 * (N_DRAWS * share * (1 - share)) ** 0.5


def test_rows_are_filtered_apart_and_logits_are_left_alone():
    logits = torch.stack([PROBS.log(), PROBS.flip(0).log()])
    before = logits.clone()
    tokens = sample(logits, Sampling(temperature=1.0, top_k=1, top_p=0.5))
    assert tokens.tolist() == [1, 3]
    assert torch.equal(logits, before)
    assert sample(logits.bfloat16(), Sampling(temperature=1.0, top_k=1)).tolist() == [1, 3]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"temperature": -0.1}, "temperature .* -0.1"),
        ({"temperature": float("nan")}, "temperature .* nan"),
        ({"top_k": 0}, "top_k .* 0"),
        ({"top_p": 0.0}, "top_p .* 0.0"),
        ({"top_p": 1.1}, "top_p .* 1.1"),
        ({"max_new_tokens": 0}, "max_new_tokens .* 0"),
        ({"stop": ("a", "")}, "stop text"),
    ],
)
def test_options_out_of_range_are_refused(options, complaint):
    with pytest.raises(ValueError, match=complaint):
        Sampling(**options)


# --- grouping ------------------------------------------------------------------------------------


def test_prompts_that_begin_alike_share_their_beginning():
    a, b = random_prompts((3, 1, 5), shared=20), random_prompts((2, 2), shared=30, seed=1)
    lone = random_prompts([25], seed=2)
    prompts = [a[0], b[0], lone[0], a[1], b[1], a[2], a[2]]
    order, groups, flat = group_prompts(prompts)
    assert sorted(order) == list(range(7))
    assert sorted((group.prefix, len(group.rows)) for group in groups) == [(0, 1), (20, 4), (30, 2)]
    assert restored(groups, flat) == [prompts[i] for i in order]


def restored(groups, flat):
    """Return the prompts that a flat run stands for."""
    rest, prompts = iter(flat), []
    for group in groups:
        prefix = [next(rest) for _ in range(group.prefix)]
        prompts += [prefix + [next(rest) for _ in range(n)] for n in group.rows]
    assert next(rest, None) is None
    return prompts


def test_every_row_keeps_a_token_of_its_own():
    """A prompt that is the beginning of another, and one that comes twice."""
    (long,) = random_prompts([30])
    order, groups, flat = group_prompts([long, long[:20], long[:20]])
    assert [(group.prefix, sorted(group.rows)) for group in groups] == [(19, [1, 1, 11])]
    assert restored(groups, flat) == [[long, long[:20], long[:20]][i] for i in order]


def test_short_beginnings_are_not_shared():
    prompts = random_prompts((4, 4), shared=15)
    assert [group.prefix for group in group_prompts(prompts)[1]] == [0, 0]


def test_groups_are_cut_where_most_tokens_are_saved():
    """All begin with the same 20 tokens; four go on alike for 30 more, two others for 25."""
    instruction = random_prompts([1], shared=20)[0][:20]
    a = [instruction + prompt for prompt in random_prompts((2, 2, 2, 2), shared=30, seed=1)]
    b = [instruction + prompt for prompt in random_prompts((2, 2), shared=25, seed=2)]
    order, groups, flat = group_prompts([a[0], b[0], a[1], a[2], b[1], a[3]])
    assert sorted((group.prefix, len(group.rows)) for group in groups) == [(45, 2), (50, 4)]
    prompts = [a[0], b[0], a[1], a[2], b[1], a[3]]
    assert restored(groups, flat) == [prompts[i] for i in order]


def test_a_hopeless_answer_is_not_finished(model):
    tokenizer = LetterTokenizer()
    prompts = random_prompts((3, 4))
    whole = generate(model, tokenizer, prompts, Sampling(max_new_tokens=9))
    cut = generate(
        model, tokenizer, prompts, Sampling(max_new_tokens=9), hopeless=lambda text: len(text) >= 4
    )
    for short, long in zip(cut, whole, strict=True):
        assert short.text == long.text[: len(short.text)]
        assert len(short.tokens) == min(4, len(long.tokens))
