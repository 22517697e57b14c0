"""The cross-encoder against transformers' stored states, and its promises."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from minilora.cross_encoder.folder import (
    fresh_cross_encoder,
    load_cross_encoder,
    save_cross_encoder,
)
from minilora.cross_encoder.model import MAX_FIRST, MAX_PAIR, CrossEncoder, Pairs
from minilora.encoder import Encoder, load_encoder
from minilora.lora import LoRAConfig

REFERENCE = Path(__file__).parents[2] / "reference" / "encoder"
STORED = json.loads((REFERENCE / "pairs.json").read_text())["rows"]
NAME = "minilm-l6"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(NAME, device="cpu")


@pytest.fixture
def trained() -> tuple[CrossEncoder, Pairs]:
    """Weights that no longer change nothing, as after training."""
    torch.manual_seed(0)
    model, pairs = fresh_cross_encoder(NAME, LoRAConfig(2, 4), torch.device("cpu"))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.05)
    return model.eval(), pairs


def test_pairs_and_their_states_are_those_of_transformers(encoder: Encoder) -> None:
    wanted = load_file(REFERENCE / "pairs.safetensors")
    pairs = Pairs(encoder.tokenizer)
    for number, row in enumerate(STORED):
        pair = pairs.make(row["first"], row["second"])
        assert list(pair.tokens) == row["ids"]
        assert list(pair.types) == row["types"]
        runs = [(1, len(pair.tokens))]
        states = encoder.model.states(torch.tensor(pair.tokens), torch.tensor(pair.types), runs)
        assert (states[::3] - wanted[str(number)]).abs().max() < 2e-5


def test_offsets_are_those_of_the_second_text(encoder: Encoder) -> None:
    pair = Pairs(encoder.tokenizer).make("When?", "In 1871.")
    assert [("In 1871."[a:b]) for a, b in pair.offsets] == ["In", "1871", "."]
    assert pair.types[pair.start - 1 : pair.start + 1] == (0, 1)


def test_long_texts_are_cut(encoder: Encoder) -> None:
    pair = Pairs(encoder.tokenizer).make("why " * 500, "because " * 900)
    assert pair.start == MAX_FIRST
    assert len(pair.tokens) == MAX_PAIR
    assert pair.tokens[-1] == pair.tokens[pair.start - 1]  # [SEP]


def test_a_batch_scores_as_each_pair_alone(trained: tuple[CrossEncoder, Pairs]) -> None:
    model, pairs = trained
    made = [pairs.make(row["first"], row["second"]) for row in STORED]
    with torch.no_grad():
        together, alone = model(made), [model([pair])[0] for pair in made]
    for pair, one, other in zip(made, together, alone, strict=True):
        assert one.shape == (len(pair.tokens), 3)
        assert torch.allclose(one, other, atol=1e-5)


def test_what_is_saved_loads_and_leaves_the_encoder_alone(
    trained: tuple[CrossEncoder, Pairs], encoder: Encoder, tmp_path: Path
) -> None:
    model, pairs = trained
    save_cross_encoder(model, tmp_path, NAME)
    before = encoder.encode(["A text."])
    loaded, again = load_cross_encoder(tmp_path, encoder)
    pair = pairs.make("When?", "In 1871.")
    assert again.make("When?", "In 1871.") == pair
    with torch.no_grad():
        assert torch.equal(loaded([pair])[0], model([pair])[0])
    assert torch.equal(encoder.encode(["A text."]), before)
    shared = loaded.bert.embed_tokens.weight.data_ptr()
    assert shared == encoder.model.embed_tokens.weight.data_ptr()
    assert not any(parameter.requires_grad for parameter in loaded.parameters())


def test_a_folder_that_is_not_whole_is_refused(
    trained: tuple[CrossEncoder, Pairs], encoder: Encoder, tmp_path: Path
) -> None:
    save_cross_encoder(trained[0], tmp_path, NAME)
    head = tmp_path / "head.safetensors"
    data = head.read_bytes()
    head.write_bytes(data[:-9])
    with pytest.raises(ValueError, match=r"head\.safetensors is no head of this encoder"):
        load_cross_encoder(tmp_path, encoder)
    head.unlink()
    with pytest.raises(FileNotFoundError, match="holds no cross-encoder"):
        load_cross_encoder(tmp_path, encoder)
