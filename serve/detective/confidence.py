"""How sure the model was: the probability of each value that it could have chosen.

A value such as a route is decided by one token or a few. Where the grammar allows several tokens,
each leads to one value only, or leaves it open; with the tokens c_1 .. c_n that were chosen,

    P(value) ~ sum over i of  P(c_1) ... P(c_i-1) * sum over t -> value of P(t | c_1 .. c_i-1)

until the value is decided. It is exact where every token allowed there decides, as between true and
false or words with different first letters; what other spellings would have decided later is
shared out in proportion.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence

from minilora.data.rows import JsonObject
from serve.generation import Token

# Step -> its own question; a step that is not here decides nothing of that kind.
_LETTER = re.compile(rb"\\u00(4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])", re.IGNORECASE)  # \u0061
_ESCAPE_BEGUN = re.compile(rb"\\(?:u[0-9a-f]{0,3})?\Z", re.IGNORECASE)
DECIDES = {"route": "route", "read": "answered", "verify": "verdict", "entail": "verdict"}


def step_confidence(name: str, schema: JsonObject, tokens: Sequence[Token]) -> dict[str, float]:
    """Return value -> probability of what a step decides; booleans are "true" and "false".

    It is empty where nothing tells, as where the probabilities of tokens are not known.

    Args:
        name: of the step.
        schema: of its answer, which is written as json.dumps writes.
        tokens: of the whole answer, with their likeliest alternatives.
    """
    if name not in DECIDES:
        return {}
    key = DECIDES[name]
    values = schema["properties"][key].get("enum", [True, False])
    written = {json.dumps(value): value for value in values}
    try:
        found = probabilities(tokens, f'"{key}": ', list(written))
    except ValueError:
        return {}
    return {text.strip('"'): found[text] for text in written}


def probabilities(tokens: Sequence[Token], head: str, values: Sequence[str]) -> dict[str, float]:
    """Return the probability of each value that could have followed a head.

    Args:
        tokens: the answer, in which the head occurs.
        head: after it the value begins, where it occurs first.
        values: as they are written; none begins another.

    Raises:
        ValueError: the head does not occur, or no token's probability is known.
    """
    text = _spelt_out(b"".join(token.data for token in tokens))
    begin = text.index(head.encode()) + len(head.encode())
    endings = {value: text[:begin] + value.encode() for value in values}
    mass = dict.fromkeys(values, 0.0)
    undecided = 1.0  # probability of the tokens so far, from the value's first on
    before = b""
    for token in tokens:
        after = before + token.data
        if len(_spelt_out(after)) > begin:
            for data, logprob in _alternatives(token).items():
                led = _led(before + data, endings)
                if len(led) == 1:
                    mass[led[0]] += undecided * math.exp(logprob)
            if len(_led(after, endings)) == 1:
                break
            undecided *= math.exp(token.logprob or 0.0)
        before = after
    total = sum(mass.values())
    if not total > 0:
        raise ValueError(f"nothing tells how likely what follows {head!r} was")
    return {value: share / total for value, share in mass.items()}


def _alternatives(token: Token) -> dict[bytes, float]:
    """Return what could have stood in a token's place, itself among it."""
    chosen = {} if token.logprob is None else {token.data: token.logprob}
    return {data: logprob for data, logprob in token.top if logprob > -math.inf} | chosen


def _led(text: bytes, endings: dict[str, bytes]) -> list[str]:
    """Return the values that a beginning is compatible with."""
    text = _spelt_out(text)
    return [
        value
        for value, whole in endings.items()
        if whole.startswith(text) or text.startswith(whole)
    ]


def _spelt_out(text: bytes) -> bytes:
    r"""Return JSON with letters for their escapes, and without an escape that is only begun.

    >>> _spelt_out(rb'{"\u0072oute": "b\u00')
    b'{"route": "b'
    """
    letters = _LETTER.sub(lambda escape: bytes.fromhex(escape[1].decode()), text)
    return _ESCAPE_BEGUN.sub(b"", letters)
