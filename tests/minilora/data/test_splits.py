"""The finished dataset: every answer is right-typed, the splits are apart, and it can be remade."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from minilora.data.card import CARD, card_text
from minilora.data.catalogue.unseen import unseen_tools
from minilora.data.files import load_rows
from minilora.data.generator import MAX_TOOLS, Plan
from minilora.data.material import Tool
from minilora.data.nearness import NEAR, NearIndex, pieces, similarity
from minilora.data.prompt import system_text
from minilora.data.rows import Row, answer_schema, check_answer, from_json, to_json
from minilora.data.splits import SIZES, SPLITS, TRAIN_ROWS, build

Splits = dict[str, list[Row]]


@pytest.fixture(scope="module")
def splits() -> Splits:
    return build()


def test_sizes(splits: Splits) -> None:
    assert set(splits) == set(SPLITS)
    assert {name: len(splits[name]) for name in SIZES} == SIZES
    assert len(splits["train"]) == TRAIN_ROWS
    assert sum(len(rows) for rows in splits.values()) >= 9_000


def test_every_answer_fits_what_is_shown(splits: Splits) -> None:
    for rows in splits.values():
        for row in rows:
            check_answer(row)


def test_answers_fit_the_schema_of_all_answers_formats_too(splits: Splits) -> None:
    checker = Draft202012Validator.FORMAT_CHECKER
    for rows in splits.values():
        for row in rows[:: max(1, len(rows) // 60)]:
            validator = Draft202012Validator(answer_schema(row), format_checker=checker)
            assert validator.is_valid(row.answer)
            assert from_json(json.loads(json.dumps(to_json(row)))) == row
    Draft202012Validator.check_schema(answer_schema(splits["train"][0]))


def test_rows_have_ids_of_their_own_and_groups_share_their_prompt(splits: Splits) -> None:
    ids = [row.id for rows in splits.values() for row in rows]
    assert len(set(ids)) == len(ids)
    prompts: dict[str, str] = {}
    for rows in splits.values():
        for row in rows[::3]:
            assert prompts.setdefault(row.group, system_text(row)) == system_text(row)
    per_group = Counter(row.group for row in splits["train"])
    assert sum(per_group.values()) / len(per_group) >= 8


def test_share_of_rows_where_no_tool_fits(splits: Splits) -> None:
    for name, rows in splits.items():
        actions = [row for row in rows if row.task == "action"]
        if actions:
            share = sum(row.answer["tool"] is None for row in actions) / len(actions)
            assert 0.15 <= share <= 0.30, name
    everything = [row for rows in splits.values() for row in rows]
    assert sum(row.answer.get("tool", 0) is None for row in everything) / len(everything) >= 0.15


def test_tasks(splits: Splits) -> None:
    tasks = {row.task for row in splits["train"]}
    assert len(tasks - {"action"}) >= 5
    assert {row.task for row in splits["test_structured"]} == tasks - {"action"}
    assert {row.task for row in splits["test_seen"] + splits["test_unseen"]} == {"action"}


def test_all_tools_are_asked_for(splits: Splits) -> None:
    unseen = {tool.name for _, tools in unseen_tools() for tool in tools}
    asked = {row.answer["tool"] for row in splits["test_unseen"]} - {None}
    assert asked == unseen
    counts = Counter(row.answer["tool"] for row in splits["test_seen"])
    assert len(counts) > 120
    assert not set(counts) & unseen


def test_training_never_shows_an_unseen_tool(splits: Splits) -> None:
    """Names are restyled in training, so descriptions and squeezed names are compared."""
    unseen = [tool for _, tools in unseen_tools() for tool in tools]
    told = {tool.description for tool in unseen}
    squeezed = {tool.name.replace("_", "") for tool in unseen}
    for row in splits["train"] + splits["validation"]:
        for tool in row.tools:
            assert tool["function"]["description"] not in told
            name = tool["function"]["name"].lower()
            assert "".join(letter for letter in name if letter.isalpha()) not in squeezed


def test_no_row_is_near_a_row_of_another_split(splits: Splits) -> None:
    """Near: Jaccard similarity of five-letter pieces of at least 0.75 (`nearness.NEAR`)."""
    assert NEAR <= 0.75
    index = NearIndex()
    texts: list[str] = []
    for rows in splits.values():
        for row in rows:
            number = index.nearest(row.query)
            assert number is None, (row.query, texts[number or 0])
        for row in rows:
            index.add(row.query)
            texts.append(row.query)


def test_the_nearest_pairs_by_plain_comparison(splits: Splits) -> None:
    """The same without the index, on a part of the rows."""
    train = [pieces(row.query) for row in splits["train"][::10]]
    for row in splits["test_seen"][::10] + splits["test_unseen"][::10]:
        own = pieces(row.query)
        assert max(similarity(own, other) for other in train) < NEAR, row.query


def test_the_same_seed_gives_the_same_rows_and_another_does_not() -> None:
    one, same = (build(3, train_rows=150, held_out_rows=40) for _ in range(2))
    other = build(4, train_rows=150, held_out_rows=40)
    assert one == same
    assert all(one[name] != other[name] for name in SPLITS)


def test_held_out_splits_do_not_depend_on_the_size_of_training(splits: Splits) -> None:
    small = build(train_rows=0)
    assert small["train"] == []
    assert all(small[name] == splits[name] for name in SIZES)


def test_training_shows_no_more_tools_than_wanted_and_the_tests_do(splits: Splits) -> None:
    few = build(train_rows=600, max_tools=3)
    sizes = {len(row.tools) for row in few["train"] if row.task == "action"}
    assert sizes <= {1, 2, 3}
    assert max(sizes) == 3
    assert all(few[name] == splits[name] for name in SIZES)
    assert max(len(row.tools) for row in splits["test_seen"]) == MAX_TOOLS


def test_hashing_of_the_process_plays_no_part(splits: Splits) -> None:
    code = "from minilora.data import build; r = build(train_rows=40, held_out_rows=20); print(r)"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_phrasings_of_a_split() -> None:
    tool = Tool("a", "A.", (), ("t1", "t2"), ("h1", "h2", "h3"))
    found = {name: Plan(name).templates(tool) for name in ("training", "validation", "test")}
    assert found == {"training": ("t1", "t2"), "validation": ("h1",), "test": ("h2", "h3")}


@pytest.mark.parametrize(
    "wrong",
    [{"train_rows": -1}, {"held_out_rows": -1}, {"structured_share": 2}, {"max_tools": 0}],
)
def test_sizes_out_of_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        build(**wrong)  # type: ignore[arg-type]


def test_the_card_is_up_to_date(splits: Splits) -> None:
    """Remake it with `python -m minilora.data --out FOLDER --card`."""
    assert CARD.read_text(encoding="utf-8") == card_text(splits, seed=0)


def test_the_command_writes_what_build_gives(tmp_path: Path, splits: Splits) -> None:
    command = [sys.executable, "-m", "minilora.data", "--train-rows", "60", "--out", str(tmp_path)]
    done = subprocess.run(
        [*command, "--json", str(tmp_path / "c.json")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "test_seen" in done.stdout
    assert json.loads((tmp_path / "c.json").read_text())["splits"]["train"]["rows"] == 60
    assert load_rows(tmp_path / "test_seen.jsonl") == splits["test_seen"]
    refused = subprocess.run([*command, "--train-rows", "-1"], capture_output=True, text=True)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
