"""The judge's rows: verdicts that only the source decides, parts that share nothing."""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from minilora.data.entailment import public
from minilora.data.entailment.build import build
from minilora.data.entailment.edits import edits
from minilora.data.entailment.evidence import nearest, shown
from minilora.data.entailment.facts import Fact, claims, joined, source, verdict
from minilora.data.entailment.passages import denied, fact_of
from minilora.data.entailment.restate import restated, statement
from minilora.data.entailment.steps import VERDICTS
from minilora.data.entailment.text import overlap, plain, words
from minilora.data.rows import Row, check_answer

SHARED = Path(os.environ.get("MINILORA_SHARED_DATA", "../shared/data"))
needs_public = pytest.mark.skipif(
    not (SHARED / "wice").is_dir(), reason=f"the public sets are not at {SHARED}"
)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return build(0)["train"]


def parts_of(row: Row) -> tuple[str, str]:
    """Return source and claim of a row."""
    before, _, claim = row.query.rpartition("\nClaim: ")
    return "\n".join(before.splitlines()[1:-1]), claim


def auc(scores: list[float], labels: list[bool]) -> float:
    """Return how often a supported claim scores higher than another, by counting pairs."""
    yes = [score for score, label in zip(scores, labels, strict=True) if label]
    no = [score for score, label in zip(scores, labels, strict=True) if not label]
    return sum((a > b) + (a == b) / 2 for a in yes for b in no) / len(yes) / len(no)


def test_rows_are_answers_that_their_schema_allows_and_share_their_prompt(rows: list[Row]) -> None:
    sources = defaultdict(set)
    for row in rows:
        check_answer(row)
        sources[row.group].add(row.query.rpartition("\nClaim: ")[0])
    assert all(len(texts) == 1 for texts in sources.values())
    assert len({row.id for row in rows}) == len(rows)
    found = Counter(row.answer["verdict"] for row in rows)
    assert set(found) == set(VERDICTS)
    assert 0.45 < found["supported"] / len(rows) < 0.55


def test_the_same_seed_makes_the_same_rows(rows: list[Row]) -> None:
    assert build(0)["train"] == rows
    assert build(1)["train"] != rows


def test_neither_overlap_nor_length_nor_a_negation_tells_the_verdict(rows: list[Row]) -> None:
    labels = [row.answer["verdict"] == "supported" for row in rows]
    pairs = [parts_of(row) for row in rows]
    # Chance is 0.5; a claim on another value or on what was left out has a little less of it.
    assert auc([overlap(claim, text) for text, claim in pairs], labels) < 0.68
    assert 0.44 < auc([float(len(words(claim))) for _, claim in pairs], labels) < 0.56
    assert 0.44 < auc([float(" not " in claim) for _, claim in pairs], labels) < 0.56


def test_who_knows_the_claim_alone_knows_nothing(rows: list[Row]) -> None:
    """A claim seen under several sources is supported by as many as not."""
    by_claim: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        by_claim[parts_of(row)[1]].append(row.answer["verdict"] == "supported")
    several = [labels for labels in by_claim.values() if len(labels) > 1]
    right = sum(max(labels.count(True), labels.count(False)) for labels in several)
    assert len(several) > 200
    assert right / sum(map(len, several)) < 0.62


def test_a_joined_claim_needs_both_its_facts() -> None:
    facts = [
        Fact(("It is red.", "It is blue."), (("It is red.", {0}),)),
        Fact(("It is old.", "It is new."), (("It is old.", {0}),)),
    ]
    one, other = claims(facts)
    both = joined(one, other, random.Random(0))
    assert both.text in {f"It is red{word} it is old." for word in (", and", " and", ", while")}
    assert source(facts, (0, None)) == "It is red."
    found = [verdict(both, states) for states in ((0, 0), (0, 1), (0, None), (1, None))]
    assert found == ["supported", "contradicted", "not_found", "contradicted"]


def test_claims_of_a_sentence_follow_its_edit() -> None:
    sentence = "The Mellin Tower was built by Ada Brandt in 1871."
    seen = set()
    for seed in range(12):
        fact = fact_of(sentence, ["Otto Weber", "in Oslo"], random.Random(seed))
        assert fact.forms[0] == sentence
        assert fact.forms[0] != fact.forms[1]
        for text, states in fact.claims:
            if "not" not in words(text) and len(states) == 1:
                (state,) = states
                assert overlap(text, fact.forms[state]) >= overlap(text, fact.forms[1 - state])
        seen |= {text for text, states in fact.claims if states == {0}}
    assert "Ada Brandt built the Mellin Tower in 1871." in seen


def test_edits_leave_form_and_change_meaning() -> None:
    found = edits("Roar sold 1,200 copies in May 1990.", [], random.Random(0))
    assert [edit.kind for edit in found] == ["opposite", "number", "month", "year"]
    changed = found[1].apply("Roar sold 1,200 copies.")
    assert changed != "Roar sold 1,200 copies."
    assert changed.endswith(" copies.")
    assert edits("You may go.", [], random.Random(0)) == []


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("Who wrote Emma?", "Jane Austen", "Jane Austen wrote Emma."),
        ("When was the bridge built?", "1871", "The bridge was built in 1871."),
        ("How many people were on board?", "12", "12 people were on board."),
        ("Why did it sink?", "fog", None),
    ],
)
def test_questions_become_statements(question: str, answer: str, told: str | None) -> None:
    assert statement(question, answer) == told


def test_restatements_say_no_more_than_the_sentence() -> None:
    sentence = "In 1990, Roar (a song) was recorded by Ann Lee, who wrote it."
    found = restated(sentence)
    assert "Roar was recorded by Ann Lee, who wrote it in 1990." in found
    known = {*words(sentence), "in"}
    assert all(set(words(text)) <= known for text in found)
    assert denied("It is red.") == "It is not red."
    assert denied("It is not red.") is None


def test_the_nearest_sentences_come_in_the_order_of_the_source() -> None:
    texts = [f"Filler number {word} says little." for word in "abcdefghij"]
    texts[2], texts[7] = "The tower is white.", "It was lit in 1871."
    chosen = nearest("The white tower was lit in 1871.", texts, max_sentences=2)
    assert chosen == [2, 7]
    assert shown("c", ["One. Two.", ""]) == "One. Two."
    assert nearest("c", []) == []


def test_tokenised_text_reads_as_written() -> None:
    assert plain("It 's `` new '' -LRB- 2013 -RRB- .") == 'It\'s "new" (2013).'


@needs_public
@pytest.mark.parametrize("name", public.JUDGED)
def test_parts_share_neither_source_nor_claim(name: str) -> None:
    parts = {part: public.items_of(SHARED, name, part) for part in ("train", "calibration", "test")}
    everything = public.read_items(SHARED, name)
    assert sum(map(len, parts.values())) == len(everything)
    keys = {part: {item.key for item in items} for part, items in parts.items()}
    sources = {part: {item.sources for item in items} for part, items in parts.items()}
    for one, other in (("train", "test"), ("train", "calibration"), ("calibration", "test")):
        assert keys[one].isdisjoint(keys[other])
        assert sources[one].isdisjoint(sources[other])
    assert all(len(items) > 0.1 * len(everything) for items in parts.values())


@needs_public
def test_training_rows_hold_no_claim_that_people_judged_in_the_test_part() -> None:
    made = build(0, SHARED, scale=0.1)
    trained = {parts_of(row) for row in made["train"]}
    texts = {text for text, _ in trained}
    for name in public.JUDGED:
        for item in public.items_of(SHARED, name, "test"):
            assert " ".join(item.sources) not in texts
    fever = {item.claim for item in public.items_of(SHARED, "fever_symmetric", "test")}
    assert fever.isdisjoint(claim for _, claim in trained)


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"fever_symmetric\.jsonl is not there"):
        public.items_of(tmp_path, "fever_symmetric", "test")


def test_talk_around_a_claim_keeps_its_verdict_and_the_other_rows(
    rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = {parts_of(row): row.answer for row in rows}
    monkeypatch.setattr("minilora.data.entailment.build.TALK_SHARE", 0.0)
    bare = build(0)["train"]
    assert {parts_of(row) for row in bare} <= set(verdicts)
    talked = set(verdicts) - {parts_of(row) for row in bare}
    assert 0.08 < len(talked) / len(bare) < 0.16
    claims_of = defaultdict(list)
    for row in bare:
        text, claim = parts_of(row)
        claims_of[text].append((claim, row.answer))
    for text, claim in talked:
        same = [answer for bare_claim, answer in claims_of[text] if bare_claim[2:] in claim]
        assert verdicts[text, claim] in same
