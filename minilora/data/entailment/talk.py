"""Talk around a claim that says nothing of what is claimed.

Answers open with it ("As far as the report goes, ...") and close with it. A judge that has only
seen bare claims takes it for something that the source does not say.

>>> with_talk("The bridge was built in 1871.", random.Random(4))
'What the text says is this: The bridge was built in 1871.'
>>> with_talk("The bridge was built in 1871.", random.Random(2))
'The bridge was built in 1871. So much for that.'
"""

from __future__ import annotations

import random
import re

from minilora.data.entailment.lexicon import listed

# Before the claim as it stands.
BEFORE = listed(
    """
    In short:; To answer your question:; Here is what I found:; What the text says is this:; Yes.;
    Good question.; Let me put it briefly.; A short answer:; For the record:; Note:; Answer:;
    One more thing:; I looked it up.; Thanks for asking!; First of all:; The main point:;
    It may come as a surprise:; Here goes:; Based on what I have read:; Summing up:; Sure!;
    There is a simple answer to this, and it is easy to remember:; This much can be said:;
    Many people ask about this, and rightly so.; Let us keep the following in mind:
    """,
    ";",
)
# Before a claim that begins in small letters where its first word is no name.
LEADING = listed(
    """
    According to the text,; As far as the report goes,; It says that; As we can read,;
    The source states that; From what I can tell,; As is well known,; It is clear that;
    As mentioned earlier,; In other words,; It should be said that; Interestingly,; In fact,;
    The answer is that; I believe that; It turns out that; Of course,; One should know that;
    The document mentions that; As everybody in the field will tell you,; To be precise,
    """,
    ";",
)
AFTER = listed(
    """
    So much for that.; I hope this helps!; That is what the source says.; Let me know if you need
    more.; This is good to know.; No more is needed here.; That answers the question.; There is
    more to read about it.; It is a nice detail.; Keep that in mind.
    """,
    ";",
)
_NO_NAME = re.compile(
    r"^(?:The|A|An|It|He|She|They|This|That|These|Those|There|His|Her|Its|Their|In|On|At|By|From|"
    r"After|Before|During|Since|Until|One|Some|Many|Most|All|No|Both)\b"
)


def with_talk(claim: str, rng: random.Random) -> str:
    """Return a claim with talk before it, after it or around it."""
    where = rng.random()
    if where < 0.45:
        claim = f"{rng.choice(BEFORE)} {claim}"
    elif where < 0.85:
        begun = claim[:1].lower() + claim[1:] if _NO_NAME.match(claim) else claim
        claim = f"{rng.choice(LEADING)} {begun}"
    if where >= 0.85 or rng.random() < 0.15:
        claim = f"{claim} {rng.choice(AFTER)}"
    return claim
