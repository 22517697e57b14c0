"""The folder of a sentence encoder, as sentence-transformers writes it: read, or refused by name.

It holds a BERT model (``config.json``, ``model.safetensors``, ``tokenizer.json``) and small files
that say how one vector is made of many states: ``modules.json``, ``1_Pooling/config.json`` and
``sentence_bert_config.json``. Another way of making it would give vectors that look as good and
mean nothing, so whatever these files ask for that :mod:`minilora.encoder` does not do is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minilora.checkpoint import (
    StoredTensors,
    WeightsError,
    folder_config,
    folder_tensors,
    json_value,
    read_json,
    refuse_pickle,
)

MODULES = ["Transformer", "Pooling", "Normalize"]
_NEEDED = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
_SIZES = {
    "vocab_size": "vocab_size",
    "d_model": "hidden_size",
    "n_layers": "num_hidden_layers",
    "n_heads": "num_attention_heads",
    "d_ff": "intermediate_size",
    "n_positions": "max_position_embeddings",
    "n_types": "type_vocab_size",
}
# Applied from top to bottom, so that "attention.output.dense" is gone before "output.dense" comes.
_OUR_NAMES = {
    "embeddings.word_embeddings": "embed_tokens",
    "embeddings.position_embeddings": "embed_positions",
    "embeddings.token_type_embeddings": "embed_types",
    "embeddings.LayerNorm": "embed_norm",
    "encoder.layer.": "layers.",
    "attention.self.query": "q_proj",
    "attention.self.key": "k_proj",
    "attention.self.value": "v_proj",
    "attention.output.dense": "o_proj",
    "attention.output.LayerNorm": "attention_norm",
    "intermediate.dense": "up_proj",
    "output.dense": "down_proj",
    "output.LayerNorm": "mlp_norm",
}


@dataclass(frozen=True)
class EncoderConfig:
    """Sizes of a BERT sentence encoder.

    Attributes:
        n_positions: rows of the table of positions.
        n_types: rows of the table of token types, of which a lone text uses the first.
        max_seq_len: word pieces of a text that are read; at most ``n_positions``.
        norm_eps: what layer norms add to the variance.
    """

    vocab_size: int
    d_model: int
    n_layers: int
    n_heads: int
    d_ff: int
    n_positions: int
    n_types: int
    max_seq_len: int
    norm_eps: float = 1e-12

    def __post_init__(self) -> None:
        """Check that the sizes fit together."""
        if self.d_model % self.n_heads:
            raise ValueError(f"{self.n_heads} heads cannot share {self.d_model} features evenly")
        if not 2 < self.max_seq_len <= self.n_positions:
            raise ValueError(
                f"max_seq_len must be from 3 to the {self.n_positions} positions, "
                f"got {self.max_seq_len}"
            )

    @classmethod
    def from_hf(cls, hf: Mapping[str, Any], max_seq_len: int) -> EncoderConfig:
        """Return the configuration that a Hugging Face ``config.json`` describes.

        Args:
            hf: the parsed file.
            max_seq_len: as sentence-transformers' files say; positions may end before.

        Raises:
            ValueError: another architecture than BERT, or a size that is missing.
        """
        said = {"hidden_act": "gelu", "position_embedding_type": "absolute", **hf}
        for key, needed in _NEEDED.items():
            if (found := said.get(key)) != needed:
                raise ValueError(f"{key} {found!r} is not supported, only {needed!r} is")
        if missing := [name for name in _SIZES.values() if hf.get(name) is None]:
            raise ValueError(f"the model's configuration does not say its {', '.join(missing)}")
        sizes = {ours: int(hf[theirs]) for ours, theirs in _SIZES.items()}
        return cls(
            **sizes,
            max_seq_len=min(max_seq_len, sizes["n_positions"]),
            norm_eps=float(hf.get("layer_norm_eps", 1e-12)),
        )


@dataclass(frozen=True)
class EncoderCheckpoint(StoredTensors):
    """The weights of a sentence encoder, named as :class:`minilora.encoder.Bert` names them.

    Attributes:
        config: sizes of the model they belong to.
        tokenizer_path: its ``tokenizer.json``.
    """

    config: EncoderConfig
    tokenizer_path: Path

    def _tolerated(self, name: str) -> bool:
        """BERT's own head, which sentence vectors do not pass through, and 0, 1, 2, ... stored."""
        return name.startswith("pooler.") or name == "embeddings.position_ids"


def encoder_checkpoint(folder: Path, source: str | None = None) -> EncoderCheckpoint:
    """Return the checkpoint of a sentence encoder's folder.

    Raises:
        WeightsError: a file is missing or damaged, or asks for another architecture, pooling or
            normalization.
    """
    if not folder.is_dir():
        refuse_pickle(folder)
        raise WeightsError(f"{folder} is a file; give the folder of the sentence encoder")
    hf_config = folder_config(folder)
    _check_modules(folder)
    _check_pooling(folder)
    if not (tokenizer_path := folder / "tokenizer.json").is_file():
        raise WeightsError(f"{folder} has no tokenizer.json (a vocab.txt alone is not read)")
    stored, max_seq_len = folder_tensors(folder, our_name, source), _max_seq_len(folder)
    try:
        config = EncoderConfig.from_hf(hf_config, max_seq_len)
    except ValueError as error:
        raise WeightsError(f"{folder / 'config.json'}: {error}") from error
    return EncoderCheckpoint(**vars(stored), config=config, tokenizer_path=tokenizer_path)


def our_name(hf_name: str) -> str:
    """Return the module-tree name of a Hugging Face tensor name.

    >>> our_name("encoder.layer.5.attention.output.dense.bias")
    'layers.5.o_proj.bias'
    """
    name = hf_name.removeprefix("bert.")
    for theirs, ours in _OUR_NAMES.items():
        name = name.replace(theirs, ours)
    return name


def _needed(path: Path) -> Path:
    if not path.is_file():
        raise WeightsError(f"there is no {path}, which sentence-transformers writes")
    return path


def _check_modules(folder: Path) -> None:
    """Refuse other steps than the three that :class:`minilora.encoder.Bert` takes."""
    path = _needed(folder / "modules.json")
    try:
        kinds = [str(entry["type"]).rpartition(".")[2] for entry in json_value(path)]
    except (TypeError, KeyError) as error:
        raise WeightsError(f"{path} is not a list of modules") from error
    if kinds != MODULES:
        raise WeightsError(
            f"{path} asks for {', '.join(kinds) or 'nothing'}; supported is {', '.join(MODULES)}"
        )


def _check_pooling(folder: Path) -> None:
    """Refuse other pooling than the mean, in the older spelling or in that of version 6."""
    path = _needed(folder / "1_Pooling" / "config.json")
    pooling = read_json(path)
    old = [key for key, on in pooling.items() if key.startswith("pooling_mode_") and on]
    asked = pooling.get("pooling_mode", old)
    if asked not in ("mean", ["mean"], ["pooling_mode_mean_tokens"]):
        raise WeightsError(f"{path} asks for pooling {asked!r}; only the mean is supported")


def _max_seq_len(folder: Path) -> int:
    """Return how many word pieces are read: where sentence-transformers 5 says so, or 6."""
    path = _needed(folder / "sentence_bert_config.json")
    stated = read_json(path)
    if stated.get("do_lower_case"):
        raise WeightsError(f"{path} asks for do_lower_case, which only the tokenizer does here")
    length = stated.get("max_seq_length")
    if length is None:
        path = _needed(folder / "tokenizer_config.json")
        length = read_json(path).get("model_max_length")
    if not isinstance(length, int):
        raise WeightsError(f"{path} does not say how many word pieces are read, but {length!r}")
    return length
