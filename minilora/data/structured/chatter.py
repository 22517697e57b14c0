"""What people write around the point, in mails and notes, and which says nothing to the point.

>>> import random
>>> around((Piece("Rent is 900."),), Draw(random.Random(0)), rate=0.0)
(Piece(text='Rent is 900.', own=True),)
"""

from __future__ import annotations

from minilora.data.draw import Draw, Pool
from minilora.data.structured.render import Piece
from minilora.data.structured.scheme import terms

BEFORE = Pool(
    terms("""
    Hope you are well.; Sorry for the late reply.; Thanks for your patience.; As discussed on the
    phone.; It has been a long week.; Excuse the typos, I'm on the train.; Just so it doesn't get
    lost.; Here is another one.; I nearly forgot about this.; Long time no see!; Me again.; Could
    you take care of this?; Please have a look.; Sorry to bother you again.; I only have a
    minute.; My computer crashed, so once more.; Before I go home:; I was asked to pass this on.;
    Thank you for your quick answer last time.; You won't believe it.; Good news!; A friend sent
    me this.; I found this in my inbox.; One thing less on my list.; Quick note.; ok here goes.;
    Somebody has to do it, so here I am.; I hope I got everything right.; As promised.; Let's not
    lose track of it.
""")
)
AFTER = Pool(
    terms("""
    Thanks in advance!; Let me know if anything is missing.; Have a nice day.; That's all I know.;
    See you soon.; Many thanks for your help.; Just so you know.; Hope that's clear.; No need to
    answer.; Ask me if something is unclear.; Sent from my phone.; Take care!; Talk soon.; I'd be
    glad to hear from you.; Thanks and bye.; Cheers!; Looking forward to it.; Sorry for the short
    message.; Please confirm.; Don't shout at me, I'm only the messenger.; Everything else we can
    sort out later.; I think that is all.; You know where to find me.; Fingers crossed.
""")
)


def around(pieces: tuple[Piece, ...], draw: Draw, rate: float = 0.25) -> tuple[Piece, ...]:
    """Return the pieces with a sentence before or after them, each with the given chance."""
    if draw.chance(rate):
        pieces = (Piece(draw.pick(BEFORE) + " "), *pieces)
    if draw.chance(rate):
        last = "".join(piece.text for piece in pieces).rstrip()[-1:]
        gap = " " if last in ".!?" else draw.rng.choice([". ", "\n"])
        pieces = (*pieces, Piece(gap + draw.pick(AFTER)))
    return pieces
