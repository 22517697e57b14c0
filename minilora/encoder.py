"""Sentences to vectors: BERT as all-MiniLM-L6-v2 has it, written out.

A text becomes word pieces, and every piece a state that sees all the others. The mean of the
states, scaled to length one, is the text's vector, so the cosine of two texts is a dot product.

Tokens are flat: the texts of a batch lie one behind the other, without padding. They come sorted
by length, which makes texts of equal length neighbours: a *run*, whose attention is one product.
Nothing else in the model looks across tokens.

Shape letters: N flat tokens, B texts in a run, T tokens of each, D d_model, H heads, Dh head_dim,
F d_ff.

Papers: Devlin et al. 2018, BERT, arXiv:1810.04805; Reimers & Gurevych 2019, Sentence-BERT,
arXiv:1908.10084; Wang et al. 2020, MiniLM, arXiv:2002.10957.

    encoder = load_encoder()
    question, yes, no = encoder.encode(["Who wrote Emma?", "Jane Austen's novels", "Tides"])
    question @ yes > question @ no
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

import tokenizers
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minilora.chat import tokenizer_from_file
from minilora.checkpoint import WeightsError, model_shapes
from minilora.embedding import embedding
from minilora.encoder_folder import EncoderConfig
from minilora.loading import choose_device
from minilora.weights import DEFAULT_ENCODER, resolve_encoder

BATCH_TOKENS = 2048  # measured on a CPU: as fast as any from 512 to 4096
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Run = tuple[int, int]  # (B, T): that many texts, of so many tokens each


class Bert(nn.Module):
    """Embeddings, layers, mean and length one; weights by the names of :mod:`encoder_folder`."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        D = config.d_model
        self.embed_tokens = embedding(config.vocab_size, D)
        self.embed_positions = embedding(config.n_positions, D)
        self.embed_types = embedding(config.n_types, D)
        self.embed_norm = nn.LayerNorm(D, config.norm_eps)
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.n_layers))

    def forward(self, tokens: Tensor, runs: Sequence[Run]) -> Tensor:
        """Return the unit vectors, one a text, of tokens (N,) int64 that lie as the runs say."""
        x = self.states(tokens, torch.zeros_like(tokens), runs)  # (N, D)
        means = [part.view(B, T, -1).mean(1) for part, (B, T) in each_run(x, runs)]
        return F.normalize(torch.cat(means))  # (sum of B, D)

    def states(self, tokens: Tensor, types: Tensor, runs: Sequence[Run]) -> Tensor:
        """Return what the last layer makes of each token (N, D); of type 0 or 1, both (N,) int64.

        A lone text is all of type 0; of a pair the second text is of type 1.
        """
        positions = torch.cat([torch.arange(T).repeat(B) for B, T in runs]).to(tokens.device)
        x = self.embed_tokens(tokens) + self.embed_positions(positions) + self.embed_types(types)
        x = self.embed_norm(x)
        for layer in self.layers:
            x = layer(x, runs)
        out: Tensor = x  # (N, D)
        return out


class EncoderLayer(nn.Module):
    """x = norm(x + attention(x)), then x = norm(x + MLP(x)): the norms come after the sums."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        D = config.d_model
        self.n_heads = config.n_heads
        self.q_proj, self.k_proj, self.v_proj, self.o_proj = (nn.Linear(D, D) for _ in range(4))
        self.attention_norm = nn.LayerNorm(D, config.norm_eps)
        self.up_proj = nn.Linear(D, config.d_ff)
        self.down_proj = nn.Linear(config.d_ff, D)
        self.mlp_norm = nn.LayerNorm(D, config.norm_eps)

    def forward(self, x: Tensor, runs: Sequence[Run]) -> Tensor:
        """Return (N, D) from (N, D)."""
        x = self.attention_norm(x + self.attention(x, runs))
        out: Tensor = self.mlp_norm(x + self.down_proj(F.gelu(self.up_proj(x))))  # the exact GELU
        return out

    def attention(self, x: Tensor, runs: Sequence[Run]) -> Tensor:
        """Return softmax(Q K^T / sqrt(Dh)) V of each text by itself, projected: (N, D)."""
        q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        out: list[Tensor] = []
        parts = (each_run(y, runs) for y in (q, k, v))
        for (q_run, (B, T)), (k_run, _), (v_run, _) in zip(*parts, strict=True):
            heads = [
                y.view(B, T, self.n_heads, -1).transpose(1, 2)  # (B, H, T, Dh)
                for y in (q_run, k_run, v_run)
            ]
            mixed = F.scaled_dot_product_attention(*heads)  # (B, H, T, Dh)
            out.append(mixed.transpose(1, 2).reshape(B * T, -1))
        projected: Tensor = self.o_proj(torch.cat(out))
        return projected


def each_run(x: Tensor, runs: Sequence[Run]) -> Iterator[tuple[Tensor, Run]]:
    """Yield the rows of x (N, D) that belong to each run, and the run."""
    return zip(torch.split(x, [B * T for B, T in runs]), runs, strict=True)


@dataclass(frozen=True)
class Encoded:
    """What texts became.

    Attributes:
        vectors: (n, D) float32 on the CPU, of length one.
        token_counts: word pieces read of each text, with the two that mark its ends.
        truncated: which texts were longer than the encoder reads.
    """

    vectors: Tensor
    token_counts: tuple[int, ...]
    truncated: tuple[bool, ...]


class Encoder:
    """A sentence encoder with its tokenizer; safe to use from several threads.

    Attributes:
        config: its sizes; a text is cut after ``config.max_seq_len`` word pieces.
        model: tokens and runs to vectors.
        tokenizer: texts to word pieces, cut at that length.
    """

    def __init__(self, model: Bert, tokenizer: tokenizers.Tokenizer) -> None:
        self.config = model.config
        self.model = model
        self.tokenizer = tokenizer
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(self.config.max_seq_len)

    def encode(self, texts: Sequence[str], batch_tokens: int = BATCH_TOKENS) -> Tensor:
        """Return the vectors (n, D) of n texts; see :meth:`encode_counted`."""
        return self.encode_counted(texts, batch_tokens).vectors

    @torch.no_grad()
    def encode_counted(self, texts: Sequence[str], batch_tokens: int = BATCH_TOKENS) -> Encoded:
        """Return the vectors of texts, and how many word pieces were read of each.

        Args:
            texts: any; an empty one has a vector too. What follows the first ``max_seq_len`` word
                pieces is not read, and ``truncated`` says so.
            batch_tokens: word pieces computed at once, at least 1; memory grows with them, and a
                text that is longer is a batch of its own. The vectors are the same to 1e-6.

        Raises:
            ValueError: one text in place of a list, something that is no text, or ``batch_tokens``
                out of range.
        """
        if batch_tokens < 1:
            raise ValueError(f"batch_tokens must be at least 1, got {batch_tokens}")
        _check_texts(texts)
        pieces = self.tokenizer.encode_batch_fast(list(texts))
        ids = [piece.ids for piece in pieces]
        vectors = torch.empty(len(ids), self.config.d_model)
        for batch in _batches([len(row) for row in ids], batch_tokens):
            runs = [(len(list(run)), T) for T, run in groupby(len(ids[i]) for i in batch)]
            tokens = torch.tensor(list(chain.from_iterable(ids[i] for i in batch)))
            vectors[batch] = self.model(tokens.to(self._device), runs).cpu()
        counts, truncated = map(len, ids), (bool(piece.overflowing) for piece in pieces)
        return Encoded(vectors, tuple(counts), tuple(truncated))

    @property
    def _device(self) -> torch.device:
        return self.model.embed_tokens.weight.device


def _check_texts(texts: Sequence[str]) -> None:
    if isinstance(texts, str):
        raise ValueError("texts must be a list of texts, got one text")
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"texts[{i}] must be a text, got a {type(text).__name__}")
        if lone := _LONE_SURROGATE.search(text):
            code = f"U+{ord(lone[0]):04X}"
            raise ValueError(f"texts[{i}] has the lone surrogate {code}, which is no character")


def _batches(lengths: Sequence[int], batch_tokens: int) -> Iterator[list[int]]:
    """Yield the indices of texts, sorted by length and cut into batches of that many tokens.

    >>> list(_batches([3, 9, 3, 2], batch_tokens=6))
    [[3, 0], [2], [1]]
    """
    batch: list[int] = []
    used = 0
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and used + lengths[i] > batch_tokens:
            yield batch
            batch, used = [], 0
        batch.append(i)
        used += lengths[i]
    if batch:
        yield batch


def load_encoder(name: str = DEFAULT_ENCODER, device: str = "auto") -> Encoder:
    """Return a sentence encoder, computing in float32.

    Args:
        name: a path, a built-in name or a hub name; see :func:`minilora.weights.resolve_encoder`.
        device: "auto" (the GPU if there is one), "cpu", "cuda", "cuda:1", ...

    Raises:
        WeightsError: the weights cannot be found, fetched, trusted or fitted.
        ValueError: no such device.
    """
    place = choose_device(device)
    checkpoint = resolve_encoder(name)
    with torch.device("meta"):
        model = Bert(checkpoint.config)
    checkpoint.check_against(model_shapes(model))
    tensors = {name: checkpoint.read(name).to(place, torch.float32) for name in model_shapes(model)}
    model.load_state_dict(tensors, assign=True)
    tokenizer = tokenizer_from_file(checkpoint.tokenizer_path)
    if (n_pieces := tokenizer.get_vocab_size()) > checkpoint.config.vocab_size:
        raise WeightsError(
            f"{checkpoint.tokenizer_path} knows {n_pieces} word pieces, the model "
            f"{checkpoint.config.vocab_size}"
        )
    return Encoder(model.eval().requires_grad_(False), tokenizer)
