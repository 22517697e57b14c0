"""Made-up codes, addresses and names of things, which are copied letter for letter.

>>> import random
>>> draw = Draw(random.Random(1))
>>> pattern("@@-##")(draw)[2]
'-'
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable

from minilora.data import pools
from minilora.data.draw import Draw, Pool

_FIRST, _LAST = Pool(pools.FIRST_NAMES), Pool(pools.LAST_NAMES)
_WORDS, _STREETS = Pool(pools.PLAIN_WORDS), Pool(pools.STREETS)
_HEADS, _STEMS = Pool(pools.COMPANY_HEADS), Pool(pools.FILE_STEMS)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def pattern(*shapes: str) -> Callable[[Draw], str]:
    """Return a maker of codes: `#` becomes a digit, `@` a capital letter."""

    def make(draw: Draw) -> str:
        return draw.mine(lambda: _filled(draw.rng, draw.rng.choice(shapes)))

    return make


def _filled(rng: random.Random, shape: str) -> str:
    chars = {"#": string.digits, "@": _LETTERS}
    return "".join(rng.choice(chars[char]) if char in chars else char for char in shape)


def email(draw: Draw) -> str:
    """Return an address derived from a name or a word: jonas.berg@posteo.de, team42@lumen.io."""
    first, last = draw.pick(_FIRST).lower(), draw.pick(_LAST).lower().replace("'", "")
    host = draw.rng.choice([draw.rng.choice(pools.MAIL_HOSTS), hostname(draw)])
    local = draw.rng.choice(
        [
            *(
                f"{first}.{last}",
                f"{first}{last[0]}",
                f"{first[0]}{last}",
                f"{first}_{last}",
                first,
            ),
            *(
                f"{first}{draw.rng.randint(1, 99)}",
                draw.pick(_WORDS),
                f"{last}.{draw.pick(_WORDS)}",
            ),
        ]
    )
    return f"{local}@{host}"


def hostname(draw: Draw) -> str:
    """Return a host name such as harbor-prism.io."""
    words = [draw.pick(_WORDS) for _ in range(draw.rng.choice([1, 2, 2]))]
    return draw.rng.choice(["", "-"]).join(words) + "." + draw.rng.choice(pools.DOMAIN_ENDINGS)


def url(draw: Draw) -> str:
    """Return a web address, with https in front."""
    path = "/".join(
        draw.rng.choice(
            [
                draw.pick(_WORDS),
                f"{draw.pick(_WORDS)}-{draw.pick(_WORDS)}",
                str(draw.rng.randint(1, 9999)),
            ]
        )
        for _ in range(draw.rng.choice([0, 1, 1, 2, 3]))
    )
    www = draw.rng.choice(["", "", "www.", "docs.", "blog.", "shop."])
    return f"https://{www}{hostname(draw)}" + (f"/{path}" if path else "")


def phone(draw: Draw) -> str:
    """Return a phone number in one of the ways people write them."""
    return pattern(
        "555-0###", "+1 555 01## ###", "(555) 01#-####", "+44 7700 9#####", "07700 9#####",
        "0## ### ## ##", "+49 30 #######", "+33 6 ## ## ## ##", "555.01#.####", "+1-202-555-01##",
    )(draw)  # fmt: skip


def hashtag(draw: Draw) -> str:
    """Return a hashtag, with its sign."""
    words = [draw.pick(_WORDS) for _ in range(draw.rng.choice([1, 2, 2]))]
    if draw.chance(0.5):
        words = [words[0], *(word.capitalize() for word in words[1:])]
    return "#" + "".join(words) + draw.rng.choice(["", "", "", "2026", "24"])


def filename(draw: Draw) -> str:
    """Return a file name with an ending, as people name files."""
    stem = draw.rng.choice(
        [
            draw.pick(_STEMS),
            f"{draw.pick(_STEMS)}_{draw.pick(_WORDS)}",
            f"{draw.pick(_WORDS)}-{draw.pick(_STEMS)}",
            f"{draw.pick(_STEMS)}_v{draw.rng.randint(1, 9)}",
            f"{draw.pick(_STEMS)}_{draw.rng.randint(2019, 2026)}",
            f"{draw.pick(_WORDS).capitalize()}{draw.pick(_STEMS).capitalize()}",
        ]
    )
    return f"{stem}.{draw.rng.choice(pools.FILE_ENDINGS)}"


def username(draw: Draw) -> str:
    """Return a user name without the @."""
    first, last = draw.pick(_FIRST).lower(), draw.pick(_LAST).lower().replace("'", "")
    stem = draw.rng.choice(
        [f"{first[0]}{last}", f"{first}{last[0]}", f"{draw.pick(_WORDS)}{first}", f"{first}.{last}"]
    )
    return stem + draw.rng.choice(pools.HANDLE_TAILS).strip(".")


def ticket(draw: Draw) -> str:
    """Return a ticket number such as OPS-1182."""
    project = draw.rng.choice(
        ["OPS", "WEB", "API", "BUG", "HR", "IT", "MOB", "DATA", "FIN", "SUP", "QA", "INFRA"]
    )
    return draw.mine(lambda: f"{project}-{draw.rng.randint(10, 19999)}")


def ip(draw: Draw) -> str:
    """Return an IPv4 address."""
    head = draw.rng.choice(["10", "192.168", "172.16", "203.0.113", "198.51.100"])
    missing = 4 - len(head.split("."))
    return draw.mine(
        lambda: ".".join([head, *(str(draw.rng.randint(1, 254)) for _ in range(missing))])
    )


def version(draw: Draw) -> str:
    """Return a version number such as 2.4.1 or v3.0."""
    parts = [str(draw.rng.randint(0, 20)) for _ in range(draw.rng.choice([2, 3, 3]))]
    return draw.rng.choice(["", "", "v"]) + ".".join(parts)


def company(draw: Draw) -> str:
    """Return a company's name."""
    head, tail = draw.pick(_HEADS), draw.rng.choice(pools.COMPANY_TAILS)
    return draw.rng.choice(
        [
            f"{head} {tail}",
            f"{head} {tail}",
            f"{head} & {draw.pick(_LAST)}",
            f"{draw.pick(_LAST)} {tail}",
            head,
        ]
    )


def address(draw: Draw) -> str:
    """Return a street address."""
    ending = draw.rng.choice(pools.STREET_ENDINGS)
    number = draw.rng.choice([draw.rng.randint(1, 99), draw.rng.randint(1, 2400)])
    letter = draw.rng.choice(["", "", "", "", "a", "B"])
    return f"{number}{letter} {draw.pick(_STREETS)} {ending}"
