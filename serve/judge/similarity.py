"""How near two texts are, kept by content so that a second run needs no encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from serve.judge.cache import Cache, content_key

if TYPE_CHECKING:
    from minilora.encoder import Encoder


class Similarity:
    """Cosines of a sentence encoder's vectors.

    Args:
        name: of the encoder; part of what cosines are kept under.
        load: makes it, when the first cosine that is not kept is asked for.
        cache: where cosines are kept.
    """

    def __init__(self, name: str, load: Callable[[], Encoder], cache: Cache) -> None:
        self._name, self._load, self._cache = name, load, cache
        self._encoder: Encoder | None = None

    def __call__(self, text: str, others: Sequence[str]) -> list[float]:
        """Return cos(E(text), E(other)) for each of the others, -1 to 1; it computes."""
        keys = [content_key(self._name, "cosine", *sorted((text, other))) for other in others]
        kept: list[float | None] = [self._cache.get(key, float) for key in keys]
        missing = [i for i, value in enumerate(kept) if value is None]
        if missing:
            if self._encoder is None:
                self._encoder = self._load()
            vectors = self._encoder.encode([text, *(others[i] for i in missing)])  # (1 + n, D)
            cosines = (vectors[1:] @ vectors[0]).clamp(-1, 1).tolist()
            for i, cosine in zip(missing, cosines, strict=True):
                kept[i] = cosine
                self._cache.put(keys[i], cosine)
        return [value for value in kept if value is not None]
