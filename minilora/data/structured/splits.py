"""Which templates a split may use, so that no way of writing is both trained on and tested."""

from __future__ import annotations

from typing import Literal

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


def some_of(
    training: tuple[str, ...], held_out: tuple[str, ...], split: Split, test_only: bool = False
) -> tuple[str, ...]:
    """Return the templates of a split: of those held out, the first is validation's.

    A scheme that is for the test only has all of its templates there.

    >>> some_of(("a", "b"), ("c", "d", "e"), "validation")
    ('c',)
    >>> some_of(("a", "b"), ("c", "d", "e"), "test")
    ('d', 'e')

    Raises:
        ValueError: the scheme is for the test only and another split asks.
    """
    if test_only:
        if split != "test":
            raise ValueError(f"a scheme for the test only was asked for {split}")
        return training + held_out
    if split == "train":
        return training
    return held_out[:1] if split == "validation" else held_out[1:]
