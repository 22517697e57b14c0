"""The same or less, said otherwise: claims that follow from a sentence.

Rules over words, no parser: each returns nothing where it is not sure. They shorten (brackets,
relative clauses, what follows the main clause), move ("In 1990, ..."), turn (active, passive), make
a statement of a question and its answer, and put a wider word in place of a narrow one.

>>> restated("Dreamer is a 2005 Canadian sports film directed by John Gatins.")[:3]
['Dreamer is a 2005 Canadian sports film.', 'Dreamer is a film.', 'Dreamer is a 2005 film.']
>>> statement("What is the Saxon Garden in Polish?", "Ogród Saski")
'The Saxon Garden in Polish is Ogród Saski.'
"""

from __future__ import annotations

import random
import re

from minilora.data.entailment.edits import articles
from minilora.data.entailment.lexicon import WIDER

MIN_WORDS, MAX_WORDS = 3, 40
_DASH = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_LEAD = re.compile(
    r"^((?:In|On|During|After|Before|By|Since|At|Until|From|Following) [^,]{3,50}), (.+)$"
)
_RELATIVE = re.compile(
    r",? (?:which|who|whose|where|while|although|though|because|so that|but|"
    r"whereas|as well as)\b.*$"
)
_IS_A = re.compile(
    r"^(?P<who>.{2,60}?) (?P<be>is|was|are|were) (?P<det>an?|the|one of the) "
    r"(?P<mods>(?:[\w'’-]+ ){0,6}?)(?P<head>[\w'’-]+)"
    r"(?P<rest>(?:,| (?:of|in|by|from|that|which|who|for|and|on|at|with|to|based|written|directed|"
    r"located|produced|released|created|founded|known|starring|developed|recorded|set)\b).*)?\.?$"
)
_BORN = re.compile(r"^(?P<who>[^()]{3,50}?) \((?:born|b\.) (?P<when>[^();]{4,30})\)")
_LIVED = re.compile(
    r"^(?P<who>[^()]{3,50}?) \((?P<a>(?:\w+ \d+, |\d+ \w+ )?\d{4}) ?[–-] ?"
    r"(?P<b>(?:\w+ \d+, |\d+ \w+ )?\d{4})\)"
)
_PASSIVE = re.compile(
    r"^(?P<what>.{2,80}?) (?P<be>was|were|is) (?P<verb>\w+ed|written|built|won|led|made|sung|"
    r"bought|sold|taught|drawn|held) by (?P<who>[^,.;]{2,50}?)"
    r"(?P<rest> (?:in|on|at|from) [^,]*)?\.?$"
)
_PAST = {"written": "wrote", "sung": "sang", "drawn": "drew"}
_HEADLESS = {"city", "one", "first", "part", "member", "number", "group", "type", "form", "kind"}


def finish(text: str) -> str:
    """Return a text as a sentence: capital first, one full stop last."""
    text = " ".join(text.split()).strip(" ,;:–-")
    if not text:
        return text
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?" else text + "."


def restated(sentence: str) -> list[str]:
    """Return claims that follow from a sentence, none of them the sentence itself."""
    bare = finish(_DASH.sub("", sentence))
    found = [bare, *_shortened(bare), *_kinds(bare), *_lives(sentence), *_active(bare)]
    lead = _LEAD.match(bare)
    if lead and not re.match(r"(?:in|at|on|by|for) which|which|where|who|and|or", lead[2]):
        when = lead[1][0].lower() + lead[1][1:]
        found += [f"{lead[2].rstrip('.')} {when}", lead[2]]
    whole = sentence.strip()
    unique = dict.fromkeys(articles(finish(text)) for text in found)
    return [
        text
        for text in unique
        if text != whole and MIN_WORDS <= len(text.split()) <= MAX_WORDS and _balanced(text)
    ]


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count('"') % 2 == 0


def _shortened(bare: str) -> list[str]:
    found = []
    cut = _RELATIVE.sub("", bare)
    if cut != bare and len(cut.split()) >= 5:
        found.append(cut)
    first, *others = re.split(r";\s+|, and (?=(?:he|she|it|they|the|its|his|her)\b)", bare)
    if others and len(first.split()) >= 5:
        found.append(first)
    head, comma, _ = bare.rpartition(", ")
    whole = len(head.split()) >= 6 and not re.search(r"\b(?:and|or|as|including)$", head)
    if comma and whole and bare.count(",") == 1 and not _LEAD.match(bare):
        found.append(head)
    return found


def _kinds(bare: str) -> list[str]:
    match = _IS_A.match(bare)
    if not match or match["head"].lower() in _HEADLESS or match["det"] == "one of the":
        return []
    if re.search(r"\b(?:who|which|that|if|when|not)\b", match["who"]):
        return []
    who, be, head = match["who"], match["be"], match["head"]
    mods = match["mods"].split()
    start = f"{who} {be} "
    if match["det"] == "the":
        return [f"{start}the {' '.join([*mods, head])}"] if match["rest"] and mods else []
    found = [f"{start}a {' '.join([*mods, head])}", f"{start}a {head}"]
    found += [f"{start}a {mod} {head}" for mod in mods if mod[0].isupper() or mod.isdigit()]
    found += [f"{start}a {wide}" for wide in WIDER.get(head, ()) if " " not in wide or be == "is"]
    return found


def _lives(sentence: str) -> list[str]:
    born, lived = _BORN.match(sentence), _LIVED.match(sentence)
    if born:
        year = re.search(r"\d{4}", born["when"])
        plain_date = f"{born['who']} was born on {born['when']}"
        return [plain_date] if not year else [plain_date, f"{born['who']} was born in {year[0]}"]
    if lived:
        first, last = lived["a"][-4:], lived["b"][-4:]
        return [f"{lived['who']} was born in {first}", f"{lived['who']} died in {last}"]
    return []


def _active(bare: str) -> list[str]:
    match = _PASSIVE.match(bare)
    if not match or len(match["what"].split()) > 9:
        return []
    what = match["what"]
    if re.match(r"(?:The|A|An|It|He|She|They|This|His|Her|Its)\b", what):
        what = what[0].lower() + what[1:]
    what = {"it": "it", "he": "him", "she": "her", "they": "them"}.get(what, what)
    verb = _PAST.get(match["verb"], match["verb"])
    return [f"{match['who']} {verb} {what}{match['rest'] or ''}"]


def widened(sentence: str, rng: random.Random) -> str | None:
    """Return a sentence with one word replaced by a wider or equal one; None if none is known."""
    known = [word for word in WIDER if re.search(rf"\b{re.escape(word)}\b", sentence)]
    if not known:
        return None
    word = rng.choice(known)
    new = rng.choice(WIDER[word])
    if new.startswith("was ") and re.search(rf"\b(?:was|were|been|be) {word}\b", sentence):
        return None
    return articles(re.sub(rf"\b{re.escape(word)}\b", new, sentence, count=1))


_AUX = r"(?P<aux>is|was|are|were|did|does|do|has|have|had|can|could|will|would)"


def statement(question: str, answer: str) -> str | None:
    """Return a question and its answer as one statement; None where no rule is sure."""
    text = question.strip().rstrip("?. ")
    answer = answer.strip().rstrip(".")
    if match := re.match(
        r"^(?:Who|What|Which [\w ]{2,30}?) (?P<rest>(?:\w+ed|is|was|are|were|won|led|made|"
        r"wrote|built|has|had|became|began|took|gave|held|sold|caused|caus\w+|can)\b.+)$",
        text,
    ):
        rest = match["rest"]
        be = re.match(r"^(is|was|are|were) (.+)$", rest)
        if be and text.startswith(("What", "Who")):
            if re.match(r"(?:the|a|an|one|his|her|its|their)\b|[A-Z]", be[2]):
                if re.search(r"\b(?:called|named|known as|from|made of|used for)$", be[2]):
                    head, tail = be[2].rsplit(" ", 1)
                    return finish(f"{head} {be[1]} {tail} {answer}") if tail != "as" else None
                return finish(f"{be[2]} {be[1]} {answer}")
            return finish(f"{answer} {rest}")
        return finish(f"{answer} {rest}")
    if match := re.match(
        r"^(?P<wh>When|Where|In (?:what|which) (?:year|city|country|month|state)) "
        r"(?:is|was|are|were) (?P<who>(?:the |a )?.+?) (?P<verb>\w+ed|born|built|held|"
        r"written|found|made|sold|won|known)(?P<rest>.*)$",
        text,
    ):
        be = re.search(r"\b(is|was|are|were)\b", text)
        place = (
            answer
            if re.match(r"(?:in|on|at|from|by|near|during)\b", answer, re.I)
            else f"in {answer}"
        )
        return finish(
            f"{match['who']} {be[0] if be else 'was'} {match['verb']}{match['rest']} {place}"
        )
    if match := re.match(
        r"^How (?:many|much) (?P<what>[\w ]+?) (?P<verb>are|were|is|was|have|had) "
        r"(?P<rest>.+)$",
        text,
    ):
        return finish(f"{answer} {match['what']} {match['verb']} {match['rest']}")
    return None


def asked(question: str, answer: str) -> str:
    """Return a question and its answer as one claim, as a judge of short answers is given them."""
    return f"{question.strip()} {finish(answer)}"
