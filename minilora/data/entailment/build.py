"""Rows that train and check the judge.

    written     passages composed from relations written for this project
    articles    sentences of squad2, xquad_en, begin, halueval_qa, fever_symmetric and wice sources,
                each with an edit; claims restate the sentence, or the edited one
    human       claims that people judged: the training parts of fever_symmetric, wice, begin

A passage comes in two versions, each true where the other is edited, so a claim that one supports
the other contradicts; a third of the claims is on sentences left out. Whoever reads the claim alone
is right half of the time. Rows of one version share their prompt up to the claim.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from minilora.data.detective.steps import closing, opening
from minilora.data.entailment import public
from minilora.data.entailment.edits import article_names
from minilora.data.entailment.evidence import Similarity, nearest
from minilora.data.entailment.facts import (
    Claim,
    Fact,
    balanced,
    claims,
    joined,
    source,
    verdict,
    versions,
)
from minilora.data.entailment.passages import Asked, fact_of, other_answer
from minilora.data.entailment.restate import asked
from minilora.data.entailment.steps import LABEL, Verdict, entail
from minilora.data.entailment.talk import with_talk
from minilora.data.entailment.text import plain, sentences
from minilora.data.entailment.written import passage
from minilora.data.rows import Row

WRITTEN_PASSAGES = 110
CLAIMS_A_VERSION = 10
N_JOINED = 6  # claims that say two things, offered for each passage
ARTICLE_SHARE = 0.13  # of the windows of the articles
HUMAN_SHARES = {"begin": 0.4, "halueval_qa": 0.3}  # of the training sources; all of the others
TALK_SHARE = 0.12  # of the claims in training, which so are given again with talk around them
HUMAN_TWICE = ("fever_symmetric",)  # small and hard: seen with two sets of made claims


@dataclass
class Rows:
    """Rows under way: numbers the groups and draws their fences.

    Attributes:
        rng: the random source.
        rows: what is written so far.
    """

    rng: random.Random
    rows: list[Row]
    name: str
    groups: int = 0

    def add(self, text: str, judged: Sequence[tuple[str, Verdict]]) -> None:
        """Add the rows of one source."""
        self.groups += 1
        group = f"{self.name}-{self.groups:05d}"
        digits = f"{self.rng.getrandbits(64):016x}"
        fenced = f"{opening(digits, LABEL)}\n{text}\n{closing(digits)}"
        unique = dict(judged)
        if self.name == "train":
            talk = random.Random(group)  # its own, so that the other rows do not depend on it
            for claim, label in judged:
                if talk.random() < TALK_SHARE:
                    unique[with_talk(claim, talk)] = label
        for index, (claim, label) in enumerate(unique.items()):
            step = entail(claim, fenced)
            self.rows.append(step.row(f"{group}-{index:02d}", {"verdict": label}, group))


def build(
    seed: int,
    folder: Path | None = None,
    similarity: Similarity | None = None,
    scale: float = 1.0,
) -> dict[str, list[Row]]:
    """Return the rows of "train", "validation" and "test".

    Args:
        seed: decides every choice but the parts, which are the same for every seed.
        folder: where the public sets lie; None makes rows of the written material alone.
        similarity: ranks the sentences of long sources besides their words.
        scale: how many made passages training has, 1 for about an hour of a CPU.

    Raises:
        ValueError: a public set is not there.
    """
    made = {}
    for part, passages in (
        ("train", round(WRITTEN_PASSAGES * scale)),
        ("validation", 12),
        ("test", 12),
    ):
        into = Rows(random.Random(f"{seed}/{part}"), [], part)
        for _ in range(passages):
            add_versions(into, passage(into.rng), [], CLAIMS_A_VERSION, 0.12)
        if folder is not None:
            which: public.Part = "calibration" if part == "validation" else part  # type: ignore[assignment]
            add_articles(into, folder, which, ARTICLE_SHARE * scale if part == "train" else 1.0)
            add_human(into, folder, which, similarity)
        made[part] = into.rows
    return made


def add_versions(
    into: Rows, facts: Sequence[Fact], absent: Sequence[Fact], n_claims: int, removed: float
) -> None:
    """Add two versions of a passage, with claims on what is left out and on what is absent."""
    rng = into.rng
    known = claims([*facts, *absent])
    single = [claim for claim in known if claim.needs[0][0] < len(facts)]
    for _ in range(N_JOINED):
        if len(facts) > 1 and len(single) > 3:
            one, other = rng.sample(single, 2)
            if one.needs[0][0] != other.needs[0][0] and len((one.text + other.text).split()) < 45:
                known.append(joined(one, other, rng))
    for states in versions(len(facts), removed if len(facts) > 1 else 0.0, rng):
        whole = (*states, *[None] * len(absent))
        into.add(source(facts, states), _labelled(known, whole, n_claims, rng))


def _labelled(
    known: Sequence[Claim], states: Sequence[int | None], n: int, rng: random.Random
) -> list[tuple[str, Verdict]]:
    labelled = [(claim, verdict(claim, states)) for claim in known]
    return [(claim.text, label) for claim, label in balanced(labelled, n, rng)]


# --- articles ------------------------------------------------------------------------------------


def add_articles(into: Rows, folder: Path, part: public.Part, share: float) -> None:
    """Add versions of windows of the question sets' passages and of the judged sets' sources."""
    for name in ("squad2", "xquad_en"):
        by_article: dict[str, dict[str, list[tuple[str, list[str]]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for line in public.read_lines(folder, name):
            if public.part_of(line["title"] + line["context"][:40], (0.92, 0.04)) == part:
                asked_here = by_article[line["title"]][plain(line["context"])]
                if line["answers"]:
                    asked_here.append((plain(line["question"]), line["answers"]))
        for passages in by_article.values():
            _add_article(into, passages, share)


def _add_article(
    into: Rows, passages: dict[str, list[tuple[str, list[str]]]], share: float
) -> None:
    rng = into.rng
    others = article_names(list(passages))
    pool = sorted({answers[0] for asks in passages.values() for _, answers in asks})
    windows: list[list[Fact]] = []
    for text, asks in passages.items():
        whole = sentences(text)
        start = 0
        while start < len(whole):
            size = rng.choice((2, 3, 3, 4, 4, 5, 7))
            part = whole[start : start + size]
            start += size
            windows.append([_fact(one, others, asks, pool, rng) for one in part])
    for window in windows:
        beside = rng.choice(windows)
        absent = rng.sample(beside, min(2, len(beside))) if beside is not window else []
        if sum(len(fact.claims) for fact in window) >= 5 and rng.random() < share:
            add_versions(into, window, absent, CLAIMS_A_VERSION, 0.15)


def _fact(
    sentence: str,
    others: Sequence[str],
    asks: Sequence[tuple[str, list[str]]],
    pool: Sequence[str],
    rng: random.Random,
) -> Fact:
    fitting = []
    for question, answers in asks:
        held = [answer for answer in answers if answer in sentence]
        if held:
            other = other_answer(held[0], sentence, pool, rng)
            if other:
                fitting.append(Asked(question, held[0], other))
    return fact_of(sentence, others, rng, fitting)


# --- judged by people ----------------------------------------------------------------------------


def add_human(into: Rows, folder: Path, part: public.Part, similarity: Similarity | None) -> None:
    """Add the claims that people judged; in training, with made claims on the same sources."""
    for name in public.JUDGED:
        items = public.items_of(folder, name, part)
        names = article_names([text for item in items for text in item.sources[:3]])
        of: dict[str, list[public.Item]] = defaultdict(list)
        for item in items:
            chosen = nearest(item.claim, item.sources, similarity)
            text = " ".join(item.sources[index] for index in chosen)
            of[text].append(item)
        for _ in range(2 if part == "train" and name in HUMAN_TWICE else 1):
            for text, judged in of.items():
                if part == "train" and into.rng.random() > HUMAN_SHARES.get(name, 1.0):
                    continue
                human = [(human_claim(item), human_verdict(name, item)) for item in judged]
                if name == "halueval_qa":
                    human = human[:2]
                extra = _made(text, names, into.rng) if part == "train" else []
                into.add(text, [*extra, *human])


def human_claim(item: public.Item) -> str:
    """Return what is judged: an answer to a question of fact makes sense only with it."""
    return asked(item.question, item.claim) if item.id.startswith("haluqa") else item.claim


def human_verdict(name: str, item: public.Item) -> Verdict:
    """Return the verdict that a set's label stands for."""
    if item.label:
        return "supported"
    return "contradicted" if name == "fever_symmetric" else "not_found"


def _made(text: str, names: Sequence[str], rng: random.Random) -> list[tuple[str, Verdict]]:
    """Return a few claims on a source as it stands."""
    others = rng.sample(list(names), min(40, len(names)))
    facts = [fact_of(one, others, rng) for one in sentences(text)]
    return _labelled(claims(facts), [0] * len(facts), 6, rng)
