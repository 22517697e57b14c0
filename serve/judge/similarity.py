"""How near two texts are, kept by content so that a second run needs no encoder."""

from __future__ import annotations

import asyncio
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
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, text: str, others: Sequence[str]) -> list[float]:
        """Return cos(E(text), E(other)) for each of the others, -1 to 1."""
        keys = [content_key(self._name, "cosine", *sorted((text, other))) for other in others]
        kept: list[float | None] = [self._cache.get(key, float) for key in keys]
        missing = [i for i, value in enumerate(kept) if value is None]
        if missing:
            async with self._one_at_a_time:
                cosines = await asyncio.to_thread(self._compute, text, [others[i] for i in missing])
            for i, cosine in zip(missing, cosines, strict=True):
                kept[i] = cosine
                self._cache.put(keys[i], cosine)
        return [value for value in kept if value is not None]

    def _compute(self, text: str, others: Sequence[str]) -> list[float]:
        if self._encoder is None:
            self._encoder = self._load()
        vectors = self._encoder.encode([text, *others])  # (1 + n, D)
        cosines: list[float] = (vectors[1:] @ vectors[0]).clamp(-1, 1).tolist()
        return cosines
