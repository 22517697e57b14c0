"""Texts beyond a pool. From ten song titles a model learns the ten; it must learn to copy any.

>>> import random
>>> dishes = Pool(["red lentil soup", "pad thai", "lasagne", "chicken pie", "ramen"])
>>> draw = Draw(random.Random(5))
>>> [varied("red lentil soup", dishes, draw) for _ in range(3)]
['red lentil send', 'tray red lentil soup', 'red noise lentil soup']
>>> held_out = Draw(random.Random(5), held_out=True)
>>> all(pick_or_vary(dishes, held_out) in dishes.reserved for _ in range(20))
True
"""

from __future__ import annotations

from minilora.data import pools
from minilora.data.draw import Draw, Pool

VARIED_SHARE = 0.4  # of the free texts of training
BLENDED_SHARE = 0.2  # of its names

_VOCABULARY = Pool([*pools.EVERYDAY_WORDS, *pools.PLAIN_WORDS])
_LONGEST = 9  # words; no varied text grows beyond


def pick_or_vary(pool: Pool, draw: Draw) -> str:
    """Return a text of the pool or, in training only, often one that is made from such texts.

    Whoever is held out always gets a text as it was written.
    """
    text = draw.pick(pool)
    if draw.held_out or not draw.chance(VARIED_SHARE):
        return text
    other = varied(text, pool, draw)
    return text if other.lower() in {kept.lower() for kept in pool.reserved} else other


def pick_or_blend(pool: Pool, draw: Draw) -> str:
    """Return a name of the pool or, in training only, at times a blend of two."""
    name = draw.pick(pool)
    if draw.held_out or not draw.chance(BLENDED_SHARE):
        return name
    blended = blend(name, draw.pick(pool))
    return name if blended in pool.reserved else blended


def varied(text: str, pool: Pool, draw: Draw) -> str:
    """Return another text of the same shape: spliced with a second, a word changed, or new words.

    Args:
        text: where it starts from.
        pool: gives, from its training side, the text to splice with.
        draw: gives all choices.
    """
    words = text.split()
    way = draw.weighted((4, "splice"), (4, "change"), (2, "lengthen"), (1, "renew"))
    if way == "splice":
        return _spliced(words, draw.pick(pool).split(), draw)
    if way == "change":
        place = draw.rng.randrange(len(words))
        words[place] = _like(words[place], draw)
    elif way == "lengthen" and len(words) < _LONGEST:
        words.insert(draw.rng.randint(0, len(words)), _like(words[0], draw))
    else:
        words = [_like(draw.rng.choice(words), draw) for _ in range(draw.rng.randint(1, 4))]
    return " ".join(words)


def blend(one: str, other: str) -> str:
    """Return the first half of one word and the second half of another.

    >>> blend("Flora", "Amara"), blend("Bo", "Ida")
    ('Floara', 'Bda')
    """
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :].lower()


def _spliced(words: list[str], others: list[str], draw: Draw) -> str:
    """Return the head of one text and the tail of another; of two words, a blend."""
    if len(words) == len(others) == 1:
        return blend(words[0], others[0])
    head = words[: draw.rng.randint(1, max(1, len(words) - 1))]
    tail = others[draw.rng.randrange(len(others)) :]
    return " ".join((head + tail)[:_LONGEST])


def _like(word: str, draw: Draw) -> str:
    """Return a word of the vocabulary written like the given one; for digits, other digits."""
    if any(char.isdigit() for char in word):
        digits = (str(draw.rng.randint(0, 9)) if char.isdigit() else char for char in word)
        return "".join(digits)
    other = draw.pick(_VOCABULARY)
    if word.isupper() and len(word) > 1:
        return other.upper()
    return other.capitalize() if word[:1].isupper() else other
