"""Claims out of sentences and questions: said shorter, in another order, or with a wrong value.

>>> statement("Who designed the Saxon Garden?", "Tylman van Gameren")
'Tylman van Gameren designed the Saxon Garden.'
>>> statement("When was the palace built?", "1712")
'The palace was built in 1712.'
>>> shorter("In 1806, the city (then small) became a capital, which it lost later.")
['The city became a capital in 1806.']
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

MAX_CLAIM_CHARS = 240
MIN_CLAIM_WORDS = 5
_AUXILIARY_WORDS = """
    is was are were did do does can could has have had will would may might
"""
_AUXILIARY = _AUXILIARY_WORDS.split()
_VERB = re.compile(r"(?:ed|s|ook|ade|ame|ave|ote|uilt|eld|ost|on|an|ent)$")
_PARTICIPLE = (
    r"\w+ed|built|born|made|held|begun|written|sent|given|lost|known|taken|won|put|set|led|cut|"
    r"drawn|found|brought|bought|sold|paid|said|seen|shown|spoken|thrown|torn|struck|laid"
)
_WHEN = re.compile(rf"(?:When|In (?:what|which) year) (was|were) (.+?) ({_PARTICIPLE})( .+)?")
_TIME_WORD = re.compile(r"(?:in|on|at|since|around|by|before|after|during|the|late|early|between) ")
_HOW_MANY = re.compile(
    r"How many ((?:[\w-]+ ){1,3}?)"
    r"((?:are|were|live|lived|work|worked|attended|took|had|have) .+)"
)
_RELATIVE = re.compile(r", (?:which|who|whose) [^,;]+(?:,(?= (?!and|or))|(?=\.$))")
_FRONTED = re.compile(
    r"((?:In|On|During|By|After|Since|Until|At|From|Before) [^,]{3,40}), ([^;:]+)\."
)
_FIRST_CLAUSE = re.compile(
    r"((?:[^,;]+)(?:, [A-Z][^,;]+)?)"
    r"(?:; |, (?:and|but|while|with|as|where|although|so) )"
)
_PRONOUNS_WORDS = """
    it he she they this these that those his her its their there such both one we another
"""
_PRONOUNS = frozenset(_PRONOUNS_WORDS.split())
_PAIRS = """
    first/last largest/smallest northern/southern eastern/western north/south east/west
    more/less most/least before/after increased/decreased increase/decrease higher/lower
    highest/lowest won/lost public/private major/minor always/never many/few long/short
    early/late began/ended strong/weak majority/minority internal/external maximum/minimum
    oldest/newest longest/shortest rich/poor rise/fall above/below allowed/forbade
    accepted/rejected supported/opposed inside/outside larger/smaller older/younger
    faster/slower easy/hard common/rare positive/negative success/failure import/export
    victory/defeat warm/cold old/new good/bad large/small high/low young/old gained/lost
    approved/rejected
"""
_ANTONYMS = [pair.split("/") for pair in _PAIRS.split()]
_OPPOSITE = {one: other for pair in _ANTONYMS for one, other in (pair, pair[::-1])}
_NUMBERS = """
    two three four five six seven eight nine ten eleven twelve
"""
_NUMBER_WORDS = _NUMBERS.split()
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")


def statement(question: str, answer: str) -> str | None:
    """Return question and answer as one sentence, None for questions of another form."""
    question = " ".join(question.split()).rstrip("? ")
    said = answer.rstrip(".")
    text = _as_subject(question, said) or _as_object(question, said) or _as_time(question, said)
    if text is None:
        return None
    claim = text[:1].upper() + text[1:] + "."
    return claim if stands_alone(claim) else None


def _as_subject(question: str, answer: str) -> str | None:
    """Make "Who designed it" "NAME designed it", and "How many people live there" likewise."""
    if match := re.fullmatch(r"(?:Who|What) (\w+) (.+)", question):
        verb, rest = match.groups()
        is_verb = _VERB.search(verb) is not None and verb not in _AUXILIARY and verb[0].islower()
        if is_verb and not re.match(r"(?:\w+ )?(?:is|was|are|were|did|do|does)\b", rest):
            return f"{answer} {verb} {rest}"
        if question.startswith("Who") and verb in ("was", "is", "were") and rest[:4] == "the ":
            return f"{answer} {verb} {rest}"
    numeric = re.fullmatch(r"[\w.,-]{1,15}", answer)
    many = _HOW_MANY.fullmatch(question)
    if numeric and many and not re.match(r"(?:are|were|have|had) there", many[2]):
        return f"{answer} {many[1]}{many[2]}"
    return None


def _as_object(question: str, answer: str) -> str | None:
    """Make "What is the name of the river" "The name of the river is NAME"."""
    if match := re.fullmatch(r"What (is|was|are|were) ((?:the|a|an) [\w' ,-]+)", question):
        verb, thing = match.groups()
        if not re.search(r" (?:called|do|does|did|for|to|in|of|by|at|with|on|from)$", thing):
            return f"{thing} {verb} {answer}"
    if match := re.fullmatch(
        r"Where (is|was|are|were) (.+?) (located|situated|born|held)", question
    ):
        joint = "" if re.match(r"(?:in|at|on|near|along|between) ", answer.lower()) else "in "
        return f"{match[2]} {match[1]} {match[3]} {joint}{answer}"
    return None


def _as_time(question: str, answer: str) -> str | None:
    """Make "When was it built" "It was built in YEAR"."""
    match = _WHEN.fullmatch(question)
    if match is None or not re.search(r"\d", answer):
        return None
    joint = "on " if re.match(r"\d{1,2} [A-Z]|[A-Z]\w+ \d{1,2},", answer) else "in "
    if _TIME_WORD.match(answer.lower()):
        joint = ""
    return f"{match[2]} {match[1]} {match[3]}{match[4] or ''} {joint}{answer}"


def shorter(sentence: str) -> list[str]:
    """Return other ways of saying a sentence: with less in it, or in another order."""
    sentence = " ".join(sentence.split())
    plain = _RELATIVE.sub("", re.sub(r" ?\([^()]*\)", "", sentence))
    found = [plain]
    if fronted := _FRONTED.fullmatch(plain):
        first, rest = fronted.groups()
        found = [f"{rest[:1].upper()}{rest[1:]} {first[:1].lower()}{first[1:]}."]
    elif (cut := _FIRST_CLAUSE.match(plain)) and len(cut[1].split()) >= 7:
        found.append(cut[1] + ".")
    return [one for one in dict.fromkeys(found) if one != sentence and stands_alone(one)]


def stands_alone(claim: str) -> bool:
    """Return whether a claim is a whole sentence that refers to nothing before it."""
    count = len(claim.split())
    return (
        count >= MIN_CLAIM_WORDS
        and len(claim) <= MAX_CLAIM_CHARS
        and claim[:1].isupper()
        and claim.endswith(".")
        and claim.count('"') % 2 == 0
        and claim.split()[0].lower().rstrip(",") not in _PRONOUNS
    )


def altered(
    claim: str, answer: str | None, rivals: Sequence[str], sources: str, rng: random.Random
) -> str | None:
    """Return the claim with one thing wrong, None where nothing in it can be changed.

    Args:
        claim: a true one.
        answer: a part of it that may be replaced, or None.
        rivals: what may replace it: answers of the same kind that are wrong here.
        sources: the text beside it; half of the wrong numbers are taken from there.
        rng: takes all choices.
    """
    ways = []
    if answer and rivals and claim.count(answer) == 1:
        ways += [claim.replace(answer, rng.choice(rivals))] * 3
    if numbers := list(_NUMBER.finditer(claim)):
        match = rng.choice(numbers)
        ways += [
            claim[: match.start()] + _number(match[0], sources, rng) + claim[match.end() :]
        ] * 2
    for match in re.finditer(r"\b[a-z]+\b", claim):
        if match[0] in _NUMBER_WORDS:
            other = rng.choice([word for word in _NUMBER_WORDS if word != match[0]])
            ways.append(claim[: match.start()] + other + claim[match.end() :])
        if match[0] in _OPPOSITE and claim[match.end() : match.end() + 5] != " than":
            ways.append(claim[: match.start()] + _OPPOSITE[match[0]] + claim[match.end() :])
    ways = [way for way in ways if way != claim]
    return rng.choice(ways) if ways else None


def _number(text: str, sources: str, rng: random.Random) -> str:
    """Return another number of the same form: a year for a year, thousands for thousands."""
    year = re.fullmatch(r"1\d\d\d|20[0-2]\d", text) is not None
    there = [
        one
        for one in _NUMBER.findall(sources)
        if one != text and len(one) == len(text) and ("," in one) == ("," in text)
    ]
    if there and rng.random() < 0.5:
        return str(rng.choice(there))
    if year:
        return str(int(text) + rng.choice([-1, 1]) * rng.randint(2, 60))
    value = float(text.replace(",", ""))
    changed = value * rng.choice([0.3, 0.5, 0.7, 1.4, 2, 3]) + rng.choice([0, 1])
    if "." in text:
        return f"{changed:,.{len(text.split('.')[1])}f}"
    number = round(changed) if round(changed) != round(value) else round(value) + 1
    return f"{number:,}" if "," in text else str(number)


def negated(claim: str) -> str | None:
    """Return the claim with "not" behind its only verb of being, None where there is none.

    >>> negated("The palace was built in 1712.")
    'The palace was not built in 1712.'
    """
    verbs = re.findall(r" (?:is|was|are|were|can|could|has(?= been)|have(?= been)) ", claim)
    if len(verbs) != 1:
        return None
    return claim.replace(verbs[0], f"{verbs[0]}not ", 1)
