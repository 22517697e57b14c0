"""The benchmark: it checks before it times, and says who is absent."""

import json
from importlib.util import find_spec

import pytest
import torch

from minilora import bench, bench_peers, bench_train
from minilora.batches import collate
from minilora.bench_decode import check_tokens, make_prompts, our_tokens
from minilora.bench_grammar import FREE, KNOWN, NEW, Answers, timed
from minilora.bench_timing import Timing, table, time_in_turn, timings_json
from minilora.bench_train import (
    GRADIENT_TOLERANCE,
    LORA,
    RowShape,
    adapted,
    agreement,
    make_groups,
    our_step,
    peft_step,
)
from minilora.command import CommandFailed
from minilora.data.rows import Row
from minilora.generate import Completion
from minilora.loading import load

SHAPE = RowShape(shared=20, query=4, completion=6)
needs_peers = pytest.mark.skipif(
    any(find_spec(name) is None for name in bench_peers.PACKAGES),
    reason="transformers and peft (the reference group) are not installed",
)


@pytest.fixture
def plain(tiny_model):
    return load(str(tiny_model), "none", device="cpu", dtype=torch.float32)[0]


@pytest.fixture
def alone(monkeypatch):
    """No peers: importing them takes seconds."""
    monkeypatch.setattr(bench_peers, "find_spec", lambda name: None)


def test_turns_are_taken_by_all():
    calls = []
    runs = {name: lambda name=name: calls.append(name) for name in "ab"}
    timings = time_in_turn(runs, repeats=2)
    assert calls == ["a", "b"] * 3  # one turn to warm up
    assert [len(timing.seconds) for timing in timings] == [2, 2]


def test_quantiles_lie_between_calls():
    timing = Timing("ours", (3.0, 1.0, 2.0))
    assert [timing.quantile(share) for share in (0, 0.25, 0.5, 1)] == [1.0, 1.5, 2.0, 3.0]


def test_speed_is_compared_within_turns():
    """A turn in which everything takes ten times as long changes nothing."""
    ours, peer = Timing("ours", (1.0, 10.0, 1.0)), Timing("peer", (3.0, 30.0, 3.0))
    assert ours.times(peer) == 3.0
    lines = table("step of", [ours, peer], 8, "rows", ["peer"]).splitlines()
    assert lines[2] == "| ours | 8.00 | 1.00 | 1.00 | 1.00 | 8.20 | 3.00 |"
    assert timings_json([ours, peer], 8, ["peer"])["ours"]["times"] == {"peer": 3.0}


@pytest.mark.parametrize(("share", "flat"), [(True, 20 + 3 * 9), (False, 3 * 29)])
def test_rows_have_the_shape_that_is_told(share, flat):
    groups = make_groups(3, SHAPE, 50, share)
    rows = [row for group in groups for row in group]
    assert [len(row.prompt) + len(row.completion) for row in rows] == [30] * 3
    assert "30 tokens" in str(SHAPE)
    assert len(collate(groups).tokens) == flat
    assert len({row.prompt for row in rows}) == 3


def test_a_step_leaves_no_gradient_and_moves_nothing(plain):
    model = adapted(plain)
    before = {name: p.clone() for name, p in model.named_parameters()}
    step = our_step(model, make_groups(3, SHAPE, 50, True), 30)
    assert step() == step()
    assert all(p.grad is None for p in model.parameters())
    assert all(torch.equal(p, before[name]) for name, p in model.named_parameters())


def test_memory_is_that_of_a_process_of_its_own(tiny_model):
    ballast = torch.ones(300_000_000 // 4)  # in this process: not to be counted
    groups = make_groups(2, SHAPE, 50, True)
    peak = bench_train.peak_memory_bytes(str(tiny_model), "nf4", torch.float32, groups, 100, 1)
    held = bench_train.high_water_bytes()
    assert 50e6 < peak < held - 0.5 * ballast.nbytes


@needs_peers
@pytest.mark.parametrize("share", [True, False])
def test_loss_and_gradients_are_pefts(plain, share):
    groups = make_groups(3, SHAPE, 50, share)
    theirs = bench_peers.as_peft(bench_peers.as_transformers(plain, torch.float32), LORA)
    ours = adapted(plain)
    found = agreement(ours, theirs, groups, micro_tokens=40)
    assert found.n_gradients == 2 * 7 * 2  # layers, linears, A and B
    assert max(found.loss, found.gradient) < 1e-5  # two layers; the whole model errs by more
    loss, _ = our_step(ours, groups, 40)()
    assert peft_step(theirs, groups)() == pytest.approx(loss, rel=1e-5)


@needs_peers
def test_another_gradient_ends_the_run(plain):
    groups = make_groups(3, SHAPE, 50, True)
    theirs = bench_peers.as_peft(bench_peers.as_transformers(plain, torch.float32), LORA)
    ours = adapted(plain)
    ours.layers[1].mlp.up_proj.base.weight.data[0] *= 1 + 100 * GRADIENT_TOLERANCE
    with pytest.raises(CommandFailed, match="nothing was timed"):
        agreement(ours, theirs, groups, micro_tokens=40)


@needs_peers
@pytest.mark.parametrize("rows", [1, 2])
def test_tokens_are_transformers(plain, rows):
    theirs = bench_peers.as_transformers(plain, torch.float32)
    prompts = make_prompts(rows, 12, 258)
    assert check_tokens(plain, theirs, prompts) == 16 * rows
    theirs.model.norm.weight.data.neg_()
    with pytest.raises(CommandFailed, match="nothing was timed"):
        check_tokens(plain, theirs, prompts)


def test_no_token_ends_a_timed_reply(plain):
    tokens = our_tokens(plain, make_prompts(2, 5, 258), 30)
    assert [len(row) for row in tokens] == [30, 30]


@needs_peers
def test_adapters_are_float32_by_default(plain):
    for float32, expected in ((True, torch.float32), (False, torch.bfloat16)):
        base = bench_peers.as_transformers(plain, torch.bfloat16)
        wrapped = bench_peers.as_peft(base, LORA, float32)
        assert {p.dtype for p in wrapped.parameters() if p.requires_grad} == {expected}


def arguments(model, *more):
    sizes = ["--repeats", "1", "--rows", "2", "--prompt-tokens", "8", "--new-tokens", "3"]
    return ["--model", str(model), *sizes, *more]


def run(argv):
    with pytest.raises(SystemExit) as stopped:
        bench.main(argv)
    return stopped.value.code


def test_ours_alone(alone, tiny_model, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench_train, "peak_memory_bytes", lambda *args: 5_000_000)
    file = tmp_path / "bench.json"
    assert run(arguments(tiny_model, "--json", str(file))) == 0
    printed = capsys.readouterr()
    assert "not installed: transformers, peft; ours are timed alone" in printed.err
    assert "### Rows that share nothing" in printed.out
    assert "### Batch 2" in printed.out
    assert "0.01 GB" in printed.out
    assert "PEFT," not in printed.out
    report = json.loads(file.read_text())
    for kind in report["train"]:
        assert kind["agreement"] is None
        assert set(kind["peak_memory_bytes"].values()) == {5_000_000}
    assert [kind["rows"] for kind in report["decode"]] == [1, 2]
    assert 0 <= report["int8_drift"]["top1"] <= 1
    assert report["versions"]["torch"] == torch.__version__


class Told:
    """Stands in for bench_grammar.Answers: says what it was told to, a step for each letter."""

    def __init__(self, texts):
        self.texts, self.n_steps = texts, 0

    def ways(self):
        return {name: lambda row, name=name: self.say(self.texts[name][row]) for name in self.texts}

    def say(self, text):
        self.n_steps += len(text)
        return Completion(tuple(text.encode()), text, "stop")


def test_actions_are_timed_where_all_ways_answer_alike():
    free = ['{"a": 1}', "no JSON", "[1]", "[3]"]
    texts = {FREE: free, NEW: ['{"a":1}', "[]", "[2]", "[3]"], KNOWN: ["{}", "[]", "[1]", "[3]"]}
    with pytest.raises(CommandFailed, match="none of 3 rows"):
        timed(Told(texts), [0, 1, 2], repeats=1)
    texts[KNOWN][0] = '{"a":1}'
    result = timed(Told(texts), [0, 1, 2, 3], repeats=2)
    assert (result.rows, result.asked, result.tokens, result.steps) == (2, 4, 10, (11, 10))
    assert [len(timing.seconds) for timing in result.timings] == [2, 2, 2]
    assert "2 of 4 are answered alike" in bench.grammar_section(result)
    assert bench.grammar_json(result)["actions_per_s"][FREE]["times"] == {FREE: 1.0}


def test_an_action_with_grammar_asks_for_choices_alone(tiny_model):
    answers = Answers(*load(str(tiny_model), "none", device="cpu", dtype=torch.float32))
    row = Row("one", "structured", (), "hi", None, {}, {"enum": ["left", "right"]})
    steps = {}
    for name, way in answers.ways().items():
        before = answers.n_steps
        text = way(row).text
        steps[name] = answers.n_steps - before
        assert name == FREE or text in ('"left"', '"right"')
    assert steps[NEW] == steps[KNOWN] == 1
    assert steps[FREE] > 1


def test_the_specialist_answers_for_its_own_model_alone(alone, tiny_model, capsys):
    assert run(["--grammar", "--model", str(tiny_model)]) == 2
    assert "the shipped adapter is for smollm2-135m" in capsys.readouterr().err


def test_one_part_alone(alone, tiny_model, capsys):
    assert run(arguments(tiny_model, "--decode")) == 0
    assert "## Training" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv", [["--repeats", "0"], ["--what"], ["--model", "/nowhere"], ["--json", "/nowhere/x.json"]]
)
def test_bad_use_ends_with_exit_code_2(argv, alone, capsys):
    assert run(argv) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) <= 2
