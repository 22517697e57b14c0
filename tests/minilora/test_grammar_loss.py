"""Grammar-aligned training: which tokens have a loss, under which masks, and runs with them."""

import json
import shutil

import pytest
import torch

from minilora.batches import collate, encode_rows
from minilora.constrain import Constrainer
from minilora.data.files import load_rows
from minilora.data.rows import answer_schema, from_json
from minilora.generate import Sampling, generate
from minilora.grammar.apply import allowed_tokens
from minilora.grammar_loss import AnswerMasks, asked_places, leaves_choice
from minilora.loading import load
from minilora.run_folder import RunFolder
from minilora.train import batch_loss, validation_loss
from minilora.train_config import TrainConfig
from minilora.train_job import main

from .conftest import TOOLS


@pytest.fixture(scope="module")
def loaded(tiny_model):
    return load(str(tiny_model), "none", None, "cpu", torch.float32)


@pytest.fixture(scope="module")
def prepared(loaded, rows_file):
    """Rows, the same tokenised, and their masks."""
    _, tokenizer = loaded
    rows = load_rows(rows_file)
    examples = encode_rows(rows, tokenizer, 1000)
    return rows, examples, AnswerMasks(rows, examples, tokenizer)


def row_of(answer, schema=None, tools=()):
    return from_json(
        {"id": "r", "query": "q", "tools": list(tools), "answer": answer}
        | ({} if schema is None else {"schema": schema})
    )


def masks_of(row, tokenizer):
    """Return the row's completion as text a token, and the masks."""
    (example,) = encode_rows([row], tokenizer, 1000)
    found = AnswerMasks([row], [example], tokenizer)(example)
    return [tokenizer.decode([token], special=True) for token in example.completion], found


# --- which tokens have a loss --------------------------------------------------------------------


class Replay:
    """A constraint that makes the sampler write a given answer, and notes what it is asked for."""

    def __init__(self, constraint, answer):
        self.constraint, self.answer = constraint, answer
        self.asked, self.taken = {}, []

    def allowed(self):
        flags = self.asked[len(self.taken)] = self.constraint.allowed()
        next_token = torch.tensor([self.answer[len(self.taken)]])
        return torch.zeros_like(flags).index_fill(0, next_token, True)

    def advance(self, token):
        self.taken.append(token)
        self.constraint.advance(token)

    def forced(self):
        return self.constraint.forced()

    @property
    def complete(self):
        return self.constraint.complete


def test_the_tokens_with_a_loss_are_those_the_sampler_asks_for(loaded, prepared):
    """The oracle is the decoding loop itself, made to answer as the row does."""
    model, tokenizer = loaded
    rows, examples, masks = prepared
    constrainer = Constrainer(tokenizer)
    for row, example in zip(rows[:6], examples[:6], strict=True):
        replay = Replay(constrainer.constraint(answer_schema(row), 500), example.completion)
        generate(model, tokenizer, [example.prompt], Sampling(max_new_tokens=500), [replay])
        assert tuple(replay.taken) == example.completion[:-1]
        wanted = {place: flags for place, flags in replay.asked.items() if flags.sum() > 1}
        found = {place: mask for place, mask in enumerate(masks(example)) if mask is not None}
        assert found.keys() == wanted.keys()
        for place, mask in found.items():
            flags = allowed_tokens(torch.tensor(mask)[None], tokenizer.vocab_size)[0]
            assert torch.equal(flags, wanted[place])


def test_only_choices_have_a_loss(loaded):
    """Punctuation has none, nor have the letters behind the one that tells names apart."""
    _, tokenizer = loaded
    text, masks = masks_of(row_of({"tool": "dim", "args": {"percent": 7}}, tools=TOOLS), tokenizer)
    assert "".join(text) == '{"tool": "dim", "args": {"percent": 7}}<|im_end|>'
    chosen = "".join(t for t, mask in zip(text, masks, strict=True) if mask is not None)
    # t: "tool" comes first, not "args". The first " is a name rather than null, d the name, the
    # second " an argument rather than none; } ends 7.
    assert chosen == 't"d"7}'


def test_an_answer_without_a_choice_has_no_loss(loaded):
    _, tokenizer = loaded
    text, masks = masks_of(row_of({}, {"const": {}}), tokenizer)
    assert "".join(text) == "{}<|im_end|>"
    assert masks == (None, None, None)


@pytest.mark.parametrize(
    ("schema", "text", "choice"),
    [({"const": None}, "null", False), ({"type": "integer"}, "1", True)],
)
def test_the_end_is_a_choice_where_more_text_may_follow(loaded, schema, text, choice):
    _, tokenizer = loaded
    constrainer = Constrainer(tokenizer)
    matcher = constrainer.grammar(schema).matcher(constrainer.vocabulary)
    for token in tokenizer.encode(text):
        matcher.advance(token)
    assert matcher.can_end
    assert leaves_choice(matcher) == choice


def test_forced_tokens_that_the_row_spells_otherwise_are_asked_for(loaded):
    """Those before the first difference are free."""
    _, tokenizer = loaded
    vocabulary = Constrainer(tokenizer).vocabulary
    matcher = Constrainer(tokenizer).grammar({"const": "abcdef"}).matcher(vocabulary)
    tokens = tokenizer.encode('"abcdef"')
    other = tokenizer.encode("x")

    def forced(matcher):
        return [*tokens[1:3], *other] if matcher.state == after_first else []

    ahead = matcher.fork()
    ahead.advance(tokens[0])
    after_first = ahead.state
    assert list(asked_places(matcher, tokens, forced)) == [0, 3, 4, 5, 6, 7]
    assert matcher.can_end


def test_equal_masks_are_one_array(prepared):
    _, examples, masks = prepared
    found = [mask for example in examples for mask in masks(example) if mask is not None]
    n_arrays = len({id(mask) for mask in found})
    assert n_arrays == len({mask.tobytes() for mask in found})
    assert n_arrays < len(found) / 10


# --- rows that cannot be used --------------------------------------------------------------------


def test_an_answer_outside_the_grammar_is_refused(loaded):
    """jsonschema takes formats as annotations, so the row is valid; the grammar enforces them."""
    _, tokenizer = loaded
    schema = {"properties": {"on": {"type": "string", "format": "date"}}, "required": ["on"]}
    with pytest.raises(ValueError, match=r"row r: its schema's grammar does not allow the answer"):
        masks_of(row_of({"on": "tomorrow"}, schema), tokenizer)


def test_a_schema_that_cannot_be_compiled_is_refused_with_the_row(loaded):
    _, tokenizer = loaded
    schema = {"properties": {"a": {"type": "string", "pattern": "(x)\\1"}}}
    with pytest.raises(ValueError, match=r"row r: .*pattern"):
        masks_of(row_of({"b": 1}, schema), tokenizer)


# --- batches -------------------------------------------------------------------------------------


def test_a_masked_batch_is_the_same_run_with_fewer_trained_tokens(loaded, prepared):
    model, _ = loaded
    _, examples, masks = prepared
    groups = [examples[1:8:2], examples[0:6:2]]
    plain, masked = collate(groups), collate(groups, masks)
    assert torch.equal(plain.tokens, masked.tokens)
    assert plain.allowed is None
    assert masked.allowed.shape == (len(masked.labels), -(-258 // 32))
    kept = [m is not None for group in groups for e in group for m in masks(e)]
    assert masked.labels.tolist() == plain.labels[torch.tensor(kept)].tolist()
    assert masked.sources.tolist() == plain.sources[torch.tensor(kept)].tolist()
    flags = allowed_tokens(masked.allowed, 258)
    assert bool(flags[torch.arange(len(flags)), masked.labels].all())
    # The model's own logits, renormalised in the plain way.
    with torch.no_grad():
        wanted = 0.0
        for example in (e for group in groups for e in group):
            whole = torch.tensor([[*example.prompt, *example.completion]])
            logits = model(whole)[0, len(example.prompt) - 1 : -1]
            for row, token, mask in zip(logits, example.completion, masks(example), strict=True):
                if mask is not None:
                    inside = row[allowed_tokens(torch.tensor(mask)[None], 258)[0]]
                    wanted += float(inside.logsumexp(0) - row[token])
        assert float(batch_loss(model, masked)) == pytest.approx(wanted, rel=1e-5)


def test_a_batch_of_forced_answers_has_no_loss(loaded, prepared):
    model, _ = loaded
    _, examples, _ = prepared
    batch = collate([examples[:2]], lambda example: (None,) * len(example.completion))
    assert (len(batch.labels), batch.allowed) == (0, None)
    assert float(batch_loss(model, batch)) == 0.0
    with pytest.raises(ValueError, match="no token of the validation rows has a loss"):
        validation_loss(model, [examples[:2]], 1000, lambda example: (None,) * 99)


# --- runs ----------------------------------------------------------------------------------------


def run(flags):
    """Run the command in this process; return its exit code."""
    with pytest.raises(SystemExit) as exit_:
        main(flags)
    return exit_.value.code


@pytest.fixture(scope="module")
def flags(tiny_model, rows_file):
    return [
        "--model", str(tiny_model), "--data", str(rows_file), "--rank", "2", "--steps", "8",
        "--lr", "0.02", "--batch-tokens", "700", "--checkpoint-every", "3", "--validate-every", "4",
        "--eval-limit", "0", "--dtype", "float32", "--device", "cpu", "--dropout", "0.1",
        "--group-rows", "16",
    ]  # fmt: skip  # with these the last adapter is the best, which a resumed run must write again


@pytest.fixture(scope="module")
def runs(flags, tmp_path_factory):
    """The folders of a run with each loss."""
    folder = tmp_path_factory.mktemp("runs")
    for loss in ("plain", "grammar"):
        assert run([*flags, "--loss", loss, "--out", str(folder / loss)]) == 0
    return folder


def test_a_run_says_its_loss_and_sees_the_same_tokens(runs):
    plain, grammar = (RunFolder(runs / loss).metrics() for loss in ("plain", "grammar"))
    assert TrainConfig.load(runs / "grammar" / "train_config.json").loss == "grammar"
    for ours, theirs in zip(grammar, plain, strict=True):
        assert (ours["loss_kind"], theirs["loss_kind"]) == ("grammar", "plain")
        assert ours["tokens"] == theirs["tokens"]
        assert 0 < ours["trained_tokens"] < theirs["trained_tokens"]
    # Before the first update both models are the same, and renormalising only makes a loss smaller.
    first = [lines[0]["loss"] * lines[0]["trained_tokens"] for lines in (grammar, plain)]
    assert first[0] < first[1]
    assert grammar[-1]["loss"] < grammar[0]["loss"]
    assert "(grammar)" in (runs / "grammar" / "report.md").read_text()


def test_a_resumed_run_ends_in_the_same_bytes(runs, tmp_path):
    stopped = tmp_path / "stopped"
    shutil.copytree(runs / "grammar", stopped)
    (stopped / "adapter_model.safetensors").unlink()
    sorted((stopped / "checkpoints").iterdir())[-1].unlink()
    assert run(["--resume", str(stopped)]) == 0
    adapters = [f / "adapter_model.safetensors" for f in (stopped, runs / "grammar")]
    assert adapters[0].read_bytes() == adapters[1].read_bytes()
    ours, theirs = (RunFolder(f).latest() for f in (stopped, runs / "grammar"))
    assert ours.step == theirs.step == 8
    assert all(torch.equal(ours.tensors[name], t) for name, t in theirs.tensors.items())
    losses = [
        [(line["loss"], line.get("validation_loss")) for line in RunFolder(f).metrics()]
        for f in (stopped, runs / "grammar")
    ]
    assert losses[0] == losses[1]


def test_rows_the_grammar_refuses_leave_no_folder(flags, tmp_path, capsys):
    rows = [
        {
            "query": f"on day {i}",
            "schema": {"properties": {"on": {"format": "date", "type": "string"}}},
            "answer": {"on": f"day {i}"},
        }
        for i in range(12)
    ]
    data = tmp_path / "dates.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    changed = [*flags, "--data", str(data), "--out", str(tmp_path / "run"), "--loss", "grammar"]
    assert run(changed) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: row dates-")
    assert said.count("\n") == 1
    assert not (tmp_path / "run").exists()
