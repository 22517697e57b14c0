"""How people really type: greetings, talk around the point, slips, no capitals, no full stop.

Noise touches the words of a template alone, never a value, so the answer stays recoverable.

>>> import random
>>> typo("tomorrow", random.Random(2)) != "tomorrow"
True
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from minilora.data.draw import Draw, Pool
from minilora.data.material import Tool
from minilora.data.pools import terms
from minilora.data.wording import Part, Request, kind_at, lower_cased

GREETINGS = Pool(
    terms("""
hi,; hello,; hey,; hey there,; hiya,; good morning,; good evening,; morning!; hi there!; yo,; ok
so; okay,; right,; alright,; um,; hmm,; so,; hello again,; quick one:; quick question,; sorry to
bother you,; one more thing:; listen,; dear assistant,; hey buddy,; well,; oh,; excuse me,
""")
)
BEFORE = Pool(
    terms("""
I keep forgetting to do this.; I've been putting this off.; I'm in a bit of a hurry.; Long day
today.; My hands are full right now.; I need some help.; Not sure this is the right place to ask.;
Here goes.; I'm about to head out.; My sister told me you can do this.; I can't find the button
for this.; No rush.; I've had three coffees already.; Sorry, me again.; I'm hopeless with these
things.; Hope you're well.; I tried it myself but gave up.; Finally got round to it.; Ugh, what a
week.; Let's get this sorted.; My boss is breathing down my neck.; Before I forget.; I just sat
down at my desk.; It's chaos over here.; My phone is being slow.; I was told to ask you.; First
things first.; The kids are shouting so I'll be brief.
""")
)
AFTER = Pool(
    terms("""
That's all.; It's a bit urgent.; I'd really appreciate it.; Let me know when it's done.; No hurry
though.; You're a lifesaver.; Much appreciated.; That would be great.; I hope that makes sense.;
Nothing else.; I'll wait.; Would be a big help.; Then I can finally relax.; Tell me if that
works.; Sorry for the trouble.; I think that's everything.; Should be easy enough.; I owe you
one.; As soon as you can.; Cheers.; That should do it.; Fingers crossed.; I really need this.;
Then we're done here.
""")
)
THANKS = Pool(
    terms("""
please; thanks; thank you; thanks!; pls; thx; thanks a lot; if you can; if possible; cheers;
please and thank you; ta; thank you so much; many thanks; would you; please!; thanks in advance
""")
)
EMOJI = ("🙂", "🙏", "😅", "👍", "😊", "🤔", "😂", "❤️")
CORRECTIONS = (
    "{wrong}, no wait, {right}", "{wrong}, sorry, {right}", "{wrong}, I mean {right}",
    "{wrong} no {right}", "{wrong}, actually {right}", "{wrong} - scratch that, {right}",
    "{wrong}... no, make that {right}",
)  # fmt: skip
SHORT_FORMS = {
    "please": "pls", "you": "u", "are": "r", "your": "ur", "because": "cuz", "though": "tho",
    "want to": "wanna", "going to": "gonna", "have to": "gotta", "i am": "im", "and": "n",
    "with": "w/", "about": "abt", "know": "kno", "thanks": "thx", "could": "cud",
}  # fmt: skip
NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu",
    "z": "x",
}  # fmt: skip


def typo(word: str, rng: random.Random) -> str:
    """Return the word with one slip of the fingers: a letter lost, doubled, swapped or missed."""
    at = rng.randrange(1, len(word))
    slip = rng.choice(["drop", "double", "swap", "near"])
    if slip == "drop":
        return word[:at] + word[at + 1 :]
    if slip == "double":
        return word[:at] + word[at] + word[at:]
    if slip == "swap":
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    near = NEIGHBOURS.get(word[at].lower(), word[at])
    return word[:at] + rng.choice(near) + word[at + 1 :]


def roughen(request: Request, tool: Tool, draw: Draw) -> Request:
    """Return the request as a person might have typed it."""
    if draw.chance(0.03):
        request = _corrected(request, tool, draw)
    parts = list(request.parts)
    if draw.chance(0.18):
        parts = _with_typos(parts, draw, draw.rng.choice([1, 1, 2]))
    if draw.chance(0.06):
        parts = [
            part if part.path else replace(part, text=_shortened(part.text, draw)) for part in parts
        ]
    if draw.chance(0.10):
        parts = [
            part if part.path else replace(part, text=part.text.replace("'", "")) for part in parts
        ]
    parts = _surrounded(parts, draw)
    parts = _punctuated(parts, draw)
    request = Request(tuple(parts), request.args)
    if draw.chance(0.28):
        return lower_cased(request, tool)
    return request


def _corrected(request: Request, tool: Tool, draw: Draw) -> Request:
    """Return the request with one value said wrong first, then right."""
    kinds = {param.name: param.kind for param in tool.params}
    slots = [index for index, part in enumerate(request.parts) if part.kind is not None]
    if not slots:
        return request
    index = draw.rng.choice(slots)
    part = request.parts[index]
    kind = kind_at(kinds, part.path)
    plain = kind is not None and not kind.fields and kind.item is None
    if not plain or kind is None or kind.schema.get("type") == "boolean" or len(part.text) > 24:
        return request
    wrong = kind.sample(draw)[1]
    if wrong == part.text or len(wrong) > 24:
        return request
    before, after = draw.rng.choice(CORRECTIONS).split("{right}")
    said = [Part(before.replace("{wrong}", wrong)), part, Part(after)]
    parts = [
        *request.parts[:index],
        *(new for new in said if new.text),
        *request.parts[index + 1 :],
    ]
    return Request(tuple(parts), request.args)


def _with_typos(parts: list[Part], draw: Draw, count: int) -> list[Part]:
    parts = list(parts)
    for _ in range(count):
        places = [
            (index, match)
            for index, part in enumerate(parts)
            if not part.path
            for match in re.finditer(r"[A-Za-z]{4,}", part.text)
        ]
        if not places:
            break
        index, match = draw.rng.choice(places)
        text = parts[index].text
        slipped = typo(match[0], draw.rng)
        parts[index] = Part(text[: match.start()] + slipped + text[match.end() :])
    return parts


def _shortened(text: str, draw: Draw) -> str:
    for long, short in SHORT_FORMS.items():
        if long in text and draw.chance(0.6):
            text = re.sub(rf"\b{long}\b", short, text)
    return text


def _surrounded(parts: list[Part], draw: Draw) -> list[Part]:
    """Return the parts with a greeting, thanks or talk around them, now and then."""
    if draw.chance(0.35):
        parts = _capitalised(parts)
    if draw.chance(0.10):
        parts = [Part(draw.pick(GREETINGS) + " "), *parts]
    if draw.chance(0.08):
        parts = [Part(draw.pick(BEFORE) + " "), *_capitalised(parts)]
    roll = draw.rng.random()
    if roll < 0.10:
        parts = [*_without_end(parts), Part(draw.rng.choice([", ", " ", " "]) + draw.pick(THANKS))]
    elif roll < 0.17:
        parts = [*_with_end(parts), Part(" " + draw.pick(AFTER))]
    elif roll < 0.19:
        parts = [*parts, Part(" " + draw.rng.choice(EMOJI))]
    return parts


def _capitalised(parts: list[Part]) -> list[Part]:
    if parts and not parts[0].path:
        return [replace(parts[0], text=parts[0].text[:1].upper() + parts[0].text[1:]), *parts[1:]]
    return parts


def _with_end(parts: list[Part]) -> list[Part]:
    return parts if parts[-1].text[-1:] in ".?!" else [*parts, Part(".")]


def _without_end(parts: list[Part]) -> list[Part]:
    if parts[-1].path:
        return parts
    text = parts[-1].text.rstrip(".?! ")
    return [*parts[:-1], Part(text)] if text else parts[:-1]


def _punctuated(parts: list[Part], draw: Draw) -> list[Part]:
    """Return the parts with the last mark dropped, added or doubled, now and then."""
    roll = draw.rng.random()
    if roll < 0.25:
        return _without_end(parts)
    if roll < 0.40:
        return _with_end(parts)
    if roll < 0.42 and not parts[-1].path and parts[-1].text[-1:] in "?!":
        return [*parts, Part(parts[-1].text[-1])]
    return parts
