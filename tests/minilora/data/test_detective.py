"""The detective's rows: quotes that its grammar accepts, splits apart, verdicts in balance."""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from minilora.data.detective import build as detective
from minilora.data.detective import public
from minilora.data.detective.material.kinds import ALL, HELD_OUT
from minilora.data.detective.material.subjects import subject
from minilora.data.detective.material.values import other_value, value
from minilora.data.detective.query import search_words
from minilora.data.detective.restate import altered, negated, shorter, statement
from minilora.data.detective.routing import Router
from minilora.data.detective.sentences import Nearest, sentence_spans, short_quote, whole_words
from minilora.data.detective.steps import MAX_QUERY_CHARS, MAX_QUOTE_CHARS, SOURCES
from minilora.data.detective.wording import typed
from minilora.data.draw import Draw
from minilora.data.files import load_rows, write_rows
from minilora.data.prompt import answer_text, messages
from minilora.data.rows import DataError, Row
from minilora.grammar import Substrings, compile_json_schema, compile_substring

SHARED = Path(os.environ.get("MINILORA_SHARED_DATA", "../shared/data"))
needs_public = pytest.mark.skipif(
    not (SHARED / "squad2").is_dir(), reason=f"the public sets are not at {SHARED}"
)


@pytest.fixture(scope="module")
def splits() -> dict[str, list[Row]]:
    return {split: detective.build(split, 300, 0) for split in detective.SPLITS}


@pytest.fixture(scope="module")
def public_rows() -> list[Row]:
    return detective.build("train", 400, 0, detective.load_public(SHARED, "train"))


def passages_of(row: Row) -> list[str]:
    """Return what stands in a row's fence, cut at blank lines: no quote crosses one."""
    lines = row.query.split("\n")
    close = max(i for i, line in enumerate(lines) if line.startswith("<<end "))
    return "\n".join(lines[1:close]).split("\n\n")


def sourced(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.task != "route"]


def check_quotes(rows: list[Row]) -> None:
    for row in sourced(rows):
        quote = row.answer["quote"]
        held = [text for text in passages_of(row) if quote in text]
        assert held, (row.id, quote)
        assert len(quote) <= MAX_QUOTE_CHARS
        assert any(whole_words(quote).search(text) for text in held), quote
        assert quote == quote.strip()
        if row.answer.get("answered"):
            assert row.answer["answer"].lower() in " ".join(quote.split()).lower(), row.id


def test_quotes_are_whole_words_of_one_passage_and_hold_the_answer(
    splits: dict[str, list[Row]],
) -> None:
    for rows in splits.values():
        check_quotes(rows)


def test_the_steps_grammar_accepts_the_answers(splits: dict[str, list[Row]]) -> None:
    rows = splits["train"]
    sample = [row for task in ("read", "verify") for row in rows if row.task == task][::25]
    for row in sample:
        quotable = Substrings("\x1c".join(passages_of(row)), whole_words=True)
        assert row.schema is not None
        grammar = compile_json_schema(row.schema, "json.dumps", "schema", texts={SOURCES: quotable})
        assert grammar.accepts(answer_text(row).encode()), row.id
    assert len(sample) > 6


def test_rows_survive_writing_and_checking(splits: dict[str, list[Row]], tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    write_rows(path, splits["train"])
    assert load_rows(path) == splits["train"]
    keys = {"read": ["quote", "answered", "answer"], "verify": ["quote", "verdict"]}
    for row in sourced(splits["train"]):
        assert list(row.answer) == keys[row.task]


def test_the_same_seed_gives_the_same_rows_and_another_gives_others(
    splits: dict[str, list[Row]],
) -> None:
    assert detective.build("test", 300, 0) == splits["test"]
    assert detective.build("test", 300, 1) != splits["test"]


def test_rows_of_a_group_share_all_but_the_question(splits: dict[str, list[Row]]) -> None:
    groups: dict[str, list[Row]] = {}
    for row in splits["train"]:
        groups.setdefault(row.group, []).append(row)
    for rows in groups.values():
        before = {json.dumps(messages(row)).rsplit("Question: ", 1)[0] for row in rows}
        if rows[0].task == "verify":
            before = {json.dumps(messages(row)).rsplit("Claim: ", 1)[0] for row in rows}
        if rows[0].task != "route":
            assert len(before) == 1
        assert len(rows) <= 16


def test_splits_share_no_sources_and_no_questions_with_their_answers(
    splits: dict[str, list[Row]],
) -> None:
    seen: dict[str, str] = {}
    for split, rows in splits.items():
        for row in sourced(rows):
            for passage in passages_of(row):
                if len(passage.split()) > 12:  # not a heading
                    assert seen.setdefault(passage, split) == split, passage
    asked = {  # "What was the income in June?" may be asked of two tables
        split: {(row.query.split("\n")[-1].lower(), json.dumps(row.answer)) for row in rows}
        for split, rows in splits.items()
    }
    assert not asked["train"] & asked["test"]
    assert not asked["train"] & asked["validation"]


def test_training_never_sees_some_kinds_of_subjects(splits: dict[str, list[Row]]) -> None:
    kept = {fact.label for one in ALL if one.noun in HELD_OUT for fact in one.facts}
    known = {fact.label for one in ALL if one.noun not in HELD_OUT for fact in one.facts}
    training = "\n".join(row.query for row in sourced(splits["train"])).lower()
    labels = set(re.findall(r"^(?:[-*•|] )?([a-z ]+?)(?::| \|)", training, re.MULTILINE))
    assert labels & known
    assert not labels & (kept - known)


def test_verdicts_and_refusals_are_balanced(splits: dict[str, list[Row]]) -> None:
    groups: dict[str, Counter[str]] = {}
    for row in splits["train"]:
        if row.task == "verify":
            groups.setdefault(row.group, Counter())[row.answer["verdict"]] += 1
    for counts in groups.values():
        assert counts["supported"] == counts["contradicted"] >= 1
        assert 0 <= counts["supported"] - counts["not_found"] <= 2
    read = Counter(row.answer["answered"] for row in splits["train"] if row.task == "read")
    assert 0.5 < read[True] / read.total() < 0.7


def test_every_band_comes_with_several_routes(splits: dict[str, list[Row]]) -> None:
    rows = Router(Draw(random.Random(0))).rows("r", 600)
    seen: dict[str, Counter[str]] = {}
    for row in rows:
        band = row.query.split("\n")[0].rsplit(" ", 1)[1]
        seen.setdefault(band, Counter())[row.answer["route"]] += 1
        assert len(row.answer["query"]) <= MAX_QUERY_CHARS
        assert (row.answer["route"] == "neither") == (row.answer["query"] == "")
        assert set(row.answer["query"].split()) <= set(_bare_words(row.query))
    assert set(seen) == {"none", "weak", "fair", "strong"}
    for counts in seen.values():
        assert max(counts.values()) < 0.85 * counts.total()


def _bare_words(text: str) -> list[str]:
    words = [word.strip(".,?!:;'\"()") for word in text.split()]
    return words + [word.removesuffix("'s") for word in words]


# --- public sets ---------------------------------------------------------------------------------


@needs_public
def test_public_rows_quote_and_are_split_by_article(public_rows: list[Row]) -> None:
    check_quotes(public_rows)
    passages = public.load(SHARED)
    shares = Counter(public.split_of(one.article) for one in passages)
    assert 0.1 < shares["test"] / len(passages) < 0.3
    kept = [one.text for one in passages if public.split_of(one.article) != "train"]
    training = " ".join(" ".join(row.query.split()) for row in public_rows)
    first_sentences = [text[: sentence_spans(text)[0][1]] for text in kept]
    assert not [one for one in first_sentences if len(one) > 60 and one in training]


@needs_public
def test_public_verdicts_are_balanced_and_claims_do_not_repeat(public_rows: list[Row]) -> None:
    rows = [row for row in public_rows if row.id.startswith("train-verify-p")]
    counts = Counter(row.answer["verdict"] for row in rows)
    assert max(counts.values()) < 1.2 * min(counts.values())
    assert len({row.query for row in rows}) > 0.97 * len(rows)


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"squad2\.jsonl is missing"):
        public.load(tmp_path)


def test_a_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    (tmp_path / "squad2").mkdir()
    (tmp_path / "squad2" / "squad2.jsonl").write_text("[1]\n")
    with pytest.raises(DataError, match=r"squad2\.jsonl:1"):
        public.load(tmp_path)


# --- parts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. J. R. Holm met Dr. Aske at St. Paul's. They left at 5 p.m. It rained.", 3),
        ("The U.S. Army came in Jan. 1944. No. 7 fell.", 2),
        ("It cost 3.5 million (approx. 4 in all). Done!", 2),
        ("Rates:\n- one to two\n- three\n\nEnd of it", 4),
        ('He said "Stop!" Then he left...', 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentence_spans(text)) == count


def test_the_nearest_sentence_weighs_rare_words() -> None:
    text = "The town has a bridge. The town has a mint. The town was glad of the town."
    nearest = Nearest([text])
    _, (start, end) = nearest.span(nearest.find("When did the town open its mint?"))
    assert text[start:end] == "The town has a mint."


def test_a_long_sentence_is_cut_around_its_answer() -> None:
    text = "word " * 150 + "the answer 1871 " + "word " * 100
    quote = short_quote(text.strip(), (0, len(text.strip())), "1871")
    assert len(quote) <= MAX_QUOTE_CHARS
    assert whole_words("1871").search(quote)
    assert compile_substring(text.strip(), whole_words=True).accepts(quote.encode())


def test_statements_of_questions() -> None:
    assert statement("Who founded Vell?", "Ada Holm") is None  # too short to say anything
    assert statement("Who founded the town of Vell?", "Ada Holm") == (
        "Ada Holm founded the town of Vell."
    )
    assert statement("When was the old tower built?", "14 March 1871") == (
        "The old tower was built on 14 March 1871."
    )
    assert statement("Why was the tower built?", "for ships") is None
    assert shorter("It fell.") == []


def test_what_is_altered_is_wrong_in_one_place() -> None:
    rng = random.Random(0)
    wrong = altered("The tower was built in 1871.", "1871", [], "1859 and 1871", rng)
    assert wrong is not None
    assert wrong != "The tower was built in 1871."
    assert wrong.startswith("The tower was built in 1")
    assert altered("The tower stands.", None, [], "", rng) is None
    assert negated("It has been built.") == "It has not been built."


def test_another_value_differs() -> None:
    draw = Draw(random.Random(0))
    for kind in ("int 1 90 metres", "year 1850 1900", "date", "person", "pick a;b", "code @@-##"):
        found = value(kind, draw)
        assert other_value(kind, [found], draw) != found
    with pytest.raises(ValueError, match="has no value besides"):
        other_value("pick one", ["one"], draw)


def test_a_subject_without_a_question_is_refused() -> None:
    with pytest.raises(ValueError, match="'height = int 1 2'"):
        subject("tower", "{place}", "height = int 1 2\n{n} is {v}.\n{v} is {n}.")


def test_queries_keep_names_and_drop_what_is_about_the_task() -> None:
    question = (
        "According to the report, who designed the Old Vell Bridge, and does Wikipedia agree?"
    )
    assert search_words(question) == "designed Old Vell Bridge"
    assert search_words("what is it?") == ""


def test_typing_keeps_most_words() -> None:
    question = "Which engineer designed the report's lighthouse?"
    for seed in range(40):
        shown = typed(question, random.Random(seed))
        assert len(set(question.lower().rstrip("?").split()) - set(shown.lower().split())) <= 2
        assert "report" in shown


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 30 rows"):
        detective.build("train", 5, 0)
