"""The sentence encoder against sentence-transformers' stored vectors, and its own promises."""

import copy
import dataclasses
import json
import random
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

from minilora.encoder import Bert, Encoder, load_encoder
from minilora.encoder_folder import EncoderConfig, our_name
from minilora.weights import WeightsError, fetch, resolve_encoder

REFERENCE = Path(__file__).parents[1] / "reference" / "encoder"
STORED = json.loads((REFERENCE / "texts.json").read_text())
TEXTS = [row["text"] for row in STORED["rows"]]
TOLERANCE = 1e-5  # measured: at most 2.5e-7, 3.3e-8 in the mean; components are up to 0.3


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder("minilm-l6", device="cpu")


@pytest.fixture(scope="module")
def wanted() -> torch.Tensor:
    return load_file(REFERENCE / "vectors.safetensors")["vectors"]


@pytest.fixture(scope="module")
def vectors(encoder) -> torch.Tensor:
    return encoder.encode(TEXTS)


# --- against sentence-transformers ---------------------------------------------------------------


def test_the_reference_was_made_with_the_weights_that_are_used():
    assert STORED["weights_sha256"] == (
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    )
    assert len(TEXTS) == len(set(TEXTS)) >= 30


@pytest.mark.parametrize("row", STORED["rows"], ids=lambda row: ascii(row["text"][:20]))
def test_word_pieces_equal_sentence_transformers(row, encoder):
    assert encoder.tokenizer.encode(row["text"]).ids == row["ids"]


def test_vectors_equal_sentence_transformers(vectors, wanted):
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == torch.float32
    assert (vectors - wanted).abs().max() < TOLERANCE
    assert (vectors.norm(dim=1) - 1).abs().max() < 1e-6


def take_the_approximate_gelu(model, monkeypatch):
    exact = F.gelu
    monkeypatch.setattr(F, "gelu", lambda x: exact(x, approximate="tanh"))


def take_the_eps_of_other_models(model, monkeypatch):
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            module.eps = 1e-5


def take_the_second_token_type(model, monkeypatch):
    model.embed_types.weight.data = model.embed_types.weight.data.flip(0)


@pytest.mark.parametrize(
    "change",
    [take_the_approximate_gelu, take_the_eps_of_other_models, take_the_second_token_type],
)
def test_the_reference_vectors_notice_small_mistakes(change, encoder, wanted, monkeypatch):
    changed = Encoder(copy.deepcopy(encoder.model), encoder.tokenizer)
    change(changed.model, monkeypatch)
    assert (changed.encode(TEXTS) - wanted).abs().max() > TOLERANCE


def test_counts_say_what_was_read_and_what_was_not(encoder):
    encoded = encoder.encode_counted(TEXTS)
    assert encoded.token_counts == tuple(len(row["ids"]) for row in STORED["rows"])
    assert max(encoded.token_counts) == encoder.config.max_seq_len == STORED["max_seq_length"]
    cut = encoder.encode_counted(["word " * n for n in (253, 254, 255)])
    assert cut.token_counts == (255, 256, 256)
    assert cut.truncated == (False, False, True)
    assert torch.equal(cut.vectors[1], cut.vectors[2])


# --- its own promises ----------------------------------------------------------------------------


@pytest.mark.parametrize("batch_tokens", [1, 100, 100_000])
def test_a_vector_does_not_depend_on_its_batch(batch_tokens, encoder, vectors):
    order = random.Random(0).sample(range(len(TEXTS)), len(TEXTS))
    shuffled = encoder.encode([TEXTS[i] for i in order], batch_tokens)
    assert (shuffled - vectors[order]).abs().max() < 1e-6


def test_the_same_call_gives_the_same_bits(encoder, vectors):
    assert torch.equal(encoder.encode(TEXTS), vectors)


def test_meaning_decides(encoder):
    cat, feline, revenue = encoder.encode(
        ["The cat sits on the mat.", "A feline is resting on a rug.", "Revenue grew by 12%."]
    )
    assert cat @ feline > 0.5 > 0.2 > cat @ revenue


def test_no_texts_have_no_vectors(encoder):
    encoded = encoder.encode_counted([])
    assert encoded.vectors.shape == (0, 384)
    assert encoded.token_counts == encoded.truncated == ()


def test_vectors_are_ordinary_tensors(encoder):
    vectors = encoder.encode(["a"])
    assert not vectors.requires_grad
    assert not vectors.is_inference()


@pytest.mark.parametrize(
    ("texts", "batch_tokens", "message"),
    [
        ("one text", 2048, "texts must be a list of texts, got one text"),
        (["a", None], 2048, r"texts\[1\] must be a text, got a NoneType"),
        (["a", "b", "\ud83d"], 2048, r"texts\[2\] has the lone surrogate U\+D83D"),
        (["a"], 0, "batch_tokens must be at least 1, got 0"),
    ],
)
def test_wrong_input_is_one_clear_line(texts, batch_tokens, message, encoder):
    with pytest.raises(ValueError, match=message):
        encoder.encode(texts, batch_tokens)


# --- folders and names ---------------------------------------------------------------------------

TINY = {
    "model_type": "bert",
    "vocab_size": 30_522,
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 12,
    "max_position_embeddings": 16,
    "type_vocab_size": 2,
}
STEPS = ["models.Transformer", "models.Pooling", "base.modules.normalize.Normalize"]


def hugging_face_names() -> dict[str, str]:
    """Return our name -> Hugging Face's, from the names in the default's own file."""
    theirs = load_file(fetch("minilm-l6") / "model.safetensors")
    return {our_name(name): name for name in theirs if "layer." not in name or "layer.0." in name}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A sentence encoder of 8 features and one layer, in the spelling of version 5."""
    torch.manual_seed(0)
    names = hugging_face_names()
    model = Bert(EncoderConfig.from_hf(TINY, 16))
    tensors = {names[name]: tensor for name, tensor in model.state_dict().items()}
    save_file(tensors, tmp_path / "model.safetensors")
    shutil.copy(fetch("minilm-l6") / "tokenizer.json", tmp_path)
    write(tmp_path / "config.json", TINY)
    write(tmp_path / "modules.json", [{"type": f"sentence_transformers.{t}"} for t in STEPS])
    write(tmp_path / "sentence_bert_config.json", {"max_seq_length": 9, "do_lower_case": False})
    pooling = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
    write(tmp_path / "1_Pooling" / "config.json", pooling)
    return tmp_path


def write(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value))


def test_a_folder_is_loaded_by_its_path(folder):
    encoder = load_encoder(str(folder), device="cpu")
    assert encoder.config.max_seq_len == 9
    encoded = encoder.encode_counted(["one two three", "word " * 20])
    assert encoded.vectors.shape == (2, 8)
    assert encoded.token_counts == (5, 9)


def test_the_spelling_of_version_6_says_the_same(folder):
    vectors = load_encoder(str(folder), device="cpu").encode(["word " * 20])
    write(folder / "sentence_bert_config.json", {"transformer_task": "feature-extraction"})
    write(folder / "tokenizer_config.json", {"model_max_length": 9})
    write(folder / "1_Pooling" / "config.json", {"pooling_mode": "mean"})
    assert torch.equal(load_encoder(str(folder), device="cpu").encode(["word " * 20]), vectors)


def test_positions_end_where_the_table_ends(folder):
    write(folder / "sentence_bert_config.json", {"max_seq_length": 100})
    assert resolve_encoder(str(folder)).config.max_seq_len == 16


def test_leftovers_of_old_checkpoints_are_tolerated(folder):
    tensors = load_file(folder / "model.safetensors")
    tensors |= {
        "embeddings.position_ids": torch.arange(16)[None],
        "pooler.dense.bias": torch.ones(8),
    }
    save_file(
        {f"bert.{name}": tensor for name, tensor in tensors.items()}, folder / "model.safetensors"
    )
    load_encoder(str(folder), device="cpu")


CLS = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
BOTH = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}


@pytest.mark.parametrize(
    ("file", "value", "message"),
    [
        ("config.json", None, "has no config.json"),
        ("config.json", TINY | {"model_type": "roberta"}, "config.json: model_type 'roberta'"),
        ("config.json", TINY | {"hidden_act": "gelu_new"}, "config.json: hidden_act 'gelu_new'"),
        (
            "config.json",
            TINY | {"position_embedding_type": "relative_key"},
            "position_embedding_type 'relative_key' is not supported",
        ),
        ("config.json", TINY | {"hidden_size": None}, "does not say its hidden_size"),
        ("config.json", TINY | {"num_attention_heads": 3}, "3 heads cannot share 8 features"),
        ("config.json", TINY | {"num_hidden_layers": 2}, r"lacks 16 tensors \(layers.1"),
        ("config.json", TINY | {"vocab_size": 30_000}, "embed_tokens.weight has shape"),
        ("config.json", TINY | {"quantization_config": {"quant_method": "gptq"}}, "quantised"),
        ("modules.json", None, "there is no .*modules.json, which sentence-transformers writes"),
        ("modules.json", {"type": "Transformer"}, "modules.json is not a list of modules"),
        ("modules.json", [{"type": "models.Transformer"}], "asks for Transformer; supported is"),
        ("1_Pooling/config.json", None, "there is no .*config.json, which sentence-transformers"),
        ("1_Pooling/config.json", CLS, r"pooling \['pooling_mode_cls_token'\]; only the mean"),
        ("1_Pooling/config.json", BOTH, "only the mean is supported"),
        ("1_Pooling/config.json", {"pooling_mode": "lasttoken"}, "pooling 'lasttoken'"),
        ("1_Pooling/config.json", {}, r"pooling \[\]; only the mean"),
        (
            "sentence_bert_config.json",
            {"max_seq_length": 2},
            "max_seq_len must be from 3 to the 16",
        ),
        ("sentence_bert_config.json", {"max_seq_length": "9"}, "how many word pieces"),
        ("sentence_bert_config.json", {"do_lower_case": True}, "asks for do_lower_case"),
        ("sentence_bert_config.json", {}, "there is no .*tokenizer_config.json"),
        ("tokenizer.json", None, "has no tokenizer.json"),
        ("tokenizer.json", {}, "tokenizer.json is not a valid tokenizer"),
        ("model.safetensors", None, "has neither model.safetensors nor"),
    ],
)
def test_what_is_missing_or_works_otherwise_is_refused_by_name(file, value, message, folder):
    if value is None:
        (folder / file).unlink()
    else:
        write(folder / file, value)
    with pytest.raises(WeightsError, match=message) as error:
        load_encoder(str(folder), device="cpu")
    assert "\n" not in str(error.value)


def test_a_tokenizer_that_knows_more_than_the_model_is_refused(folder):
    tensors = load_file(folder / "model.safetensors")
    name = "embeddings.word_embeddings.weight"
    tensors[name] = tensors[name][:30_000].clone()
    save_file(tensors, folder / "model.safetensors")
    write(folder / "config.json", TINY | {"vocab_size": 30_000})
    with pytest.raises(WeightsError, match="knows 30522 word pieces, the model 30000"):
        load_encoder(str(folder), device="cpu")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("smollm2-135m", "smollm2-135m is a language model; what is wanted here is a sentence enc"),
        ("a b c", "is no path here, not the built-in minilm-l6, and no hub name"),
        ("./nowhere", "there is no file or folder ./nowhere"),
        ("encoder.pt", "is a pickle file"),
    ],
)
def test_an_unknown_name_is_one_clear_line(name, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeightsError, match=message):
        load_encoder(name)


def test_a_file_points_to_its_folder(folder):
    with pytest.raises(WeightsError, match="give the folder"):
        load_encoder(str(folder / "model.safetensors"))


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_refused(folder):
    with pytest.raises(ValueError, match="torch finds no GPU"):
        load_encoder(str(folder), device="cuda")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_the_vectors_are_the_same_on_a_gpu(wanted):
    vectors = load_encoder("minilm-l6", device="cuda").encode(TEXTS)
    assert vectors.device.type == "cpu"
    assert (vectors - wanted).abs().max() < TOLERANCE


def test_sizes_that_do_not_fit_are_refused():
    config = EncoderConfig.from_hf(TINY, 16)
    with pytest.raises(ValueError, match="5 heads"):
        dataclasses.replace(config, n_heads=5)
