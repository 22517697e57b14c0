"""Structured tasks: answers fit their schemas and texts, splits share no way of writing."""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from minilora.data import prompt
from minilora.data.catalogue.unseen import unseen_tools
from minilora.data.draw import Draw
from minilora.data.kinds import Kind
from minilora.data.nearness import NearIndex
from minilora.data.phrase import parse
from minilora.data.rows import Row, answer_schema, check_answer
from minilora.data.structured import SHARES, build, texts
from minilora.data.structured.build import SCHEMES
from minilora.data.structured.render import misspell, render, roughen, split_reason, tidy
from minilora.data.structured.scheme import ItemList, Labels, Scheme, by_label, templates

SPLITS = ("train", "validation", "test")
OBJECTS: tuple[Scheme, ...] = texts.EXTRACT + texts.RECORD


@pytest.fixture(scope="module")
def built() -> dict[str, list[Row]]:
    return {split: build(random.Random(11), 480, split) for split in SPLITS}


def all_rows(built: dict[str, list[Row]]) -> list[Row]:
    return [row for rows in built.values() for row in rows]


# --- rows ----------------------------------------------------------------------------------------


def test_every_answer_fits_its_schema(built: dict[str, list[Row]]) -> None:
    validators: dict[str, Draft202012Validator] = {}  # the rows of a group share their schema
    for row in all_rows(built):
        if row.group not in validators:
            validators[row.group] = Draft202012Validator(answer_schema(row))
        validators[row.group].validate(row.answer)
        check_answer(row)


def test_every_schema_is_json_schema(built: dict[str, list[Row]]) -> None:
    groups = {row.group: row for row in all_rows(built)}
    for row in list(groups.values())[::5]:
        Draft202012Validator.check_schema(answer_schema(row))


def test_all_objects_of_a_schema_are_closed(built: dict[str, list[Row]]) -> None:
    def objects(schema: Any) -> Iterator[dict[str, Any]]:
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                yield schema
            for part in schema.values():
                yield from objects(part)
        elif isinstance(schema, list):
            for part in schema:
                yield from objects(part)

    for row in all_rows(built):
        for schema in objects(row.schema):
            assert schema["additionalProperties"] is False, row.id


def test_the_same_seed_gives_the_same_rows() -> None:
    for split in SPLITS:
        assert build(random.Random(5), 90, split) == build(random.Random(5), 90, split)
    assert build(random.Random(5), 90, "train") != build(random.Random(6), 90, "train")


def test_counts_follow_the_shares(built: dict[str, list[Row]]) -> None:
    for split, rows in built.items():
        counts = Counter(row.task for row in rows)
        assert sum(counts.values()) == 480, split
        for task, share in SHARES.items():
            assert abs(counts[task] - 480 * share / sum(SHARES.values())) <= 1
    assert build(random.Random(1), 0, "train") == []


def test_a_group_shares_its_prompt_and_repeats_no_query(built: dict[str, list[Row]]) -> None:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in all_rows(built):
        groups[row.group].append(row)
    assert len({row.id for row in all_rows(built)}) == len(all_rows(built))
    for rows in groups.values():
        assert len({prompt.system_text(row) for row in rows}) == 1
        assert len({row.query for row in rows}) == len(rows)
    usual = [len(rows) for rows in groups.values() if len(rows) >= 7]
    assert sum(usual) >= 0.95 * len(all_rows(built))


def test_bad_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        build(random.Random(0), -1, "train")
    with pytest.raises(ValueError, match="dev"):
        build(random.Random(0), 1, "dev")


# --- answers are in the text ---------------------------------------------------------------------


def strings(value: Any, schema: dict[str, Any]) -> Iterator[str]:
    """Yield the strings of an answer that its schema wants copied: no enum, no date, no time."""
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    if isinstance(value, dict):
        for name, part in value.items():
            yield from strings(part, schema["properties"][name])
    elif isinstance(value, list):
        for part in value:
            yield from strings(part, schema["items"])
    elif isinstance(value, str) and "enum" not in schema and not is_time(value):
        yield value


def is_time(value: str) -> bool:
    return re.fullmatch(r"\d\d:\d\d|\d{4}-\d\d-\d\d", value) is not None


def test_copied_values_stand_in_the_text(built: dict[str, list[Row]]) -> None:
    checked = 0
    for row in all_rows(built):
        if row.schema is None:
            continue
        for text in strings(row.answer, row.schema):
            query = row.query
            if row.task == "filter":  # values of a field's own list are said freely: "full-time"
                text, query = text.lower().replace("_", " "), query.lower().replace("-", " ")
                text = text.replace("-", " ")
            assert text in query, row.id
            checked += 1
    assert checked > 1200


def test_nothing_of_a_template_is_left_in_a_text(built: dict[str, list[Row]]) -> None:
    for row in all_rows(built):
        assert not re.search(r"[{}\[\]@]items|@more|@things|<<|>>|[{}]|  | ,", row.query), row.query
        assert row.query == row.query.strip()


def test_answers_are_short(built: dict[str, list[Row]]) -> None:
    lengths = sorted(len(prompt.answer_text(row)) for row in all_rows(built))
    assert lengths[len(lengths) // 2] < 170  # characters; about three to a token
    assert lengths[-1] < 900


# --- splits --------------------------------------------------------------------------------------


def test_training_never_sees_what_is_for_the_test_only(built: dict[str, list[Row]]) -> None:
    unseen_lines = {
        line
        for _, schemes in SCHEMES.values()
        for scheme in schemes
        if scheme.test_only and not hasattr(scheme, "columns")
        for line in scheme.instructions
    }
    for split in ("train", "validation"):
        for row in built[split]:
            if row.schema is not None:
                assert row.schema["description"] not in unseen_lines, row.id
    tested = {row.schema["description"] for row in built["test"] if row.schema is not None}
    assert len(tested & unseen_lines) >= 8


def test_a_quarter_of_the_schemes_is_for_the_test_only() -> None:
    for task, (_, schemes) in SCHEMES.items():
        unseen = sum(scheme.test_only for scheme in schemes)
        assert len(schemes) >= 8, task
        assert 0.2 <= unseen / len(schemes) <= 0.35, task


def test_calls_of_unseen_tools_are_in_the_test_alone(built: dict[str, list[Row]]) -> None:
    names = {tool.name for _, tools in unseen_tools() for tool in tools}

    def called(rows: list[Row]) -> set[str]:
        return {
            one["tool"] for row in rows if row.task == "multi_call" for one in row.answer["calls"]
        }

    assert not called(built["train"]) & names
    assert not called(built["validation"]) & names
    assert called(built["test"]) & names


def test_no_text_of_one_split_is_near_one_of_another(built: dict[str, list[Row]]) -> None:
    index = NearIndex()
    for row in built["train"]:
        index.add(row.query)
    for split in ("validation", "test"):
        near = [row.query for row in built[split] if index.has_near(row.query)]
        # a very short text with one slot may meet another by chance; the dataset leaves those out
        assert len(near) <= 6, near


# --- the material --------------------------------------------------------------------------------


def bound_kinds(scheme: Scheme | Labels | ItemList) -> dict[str, Kind]:
    own = scheme.extra if isinstance(scheme, Labels) else scheme.params
    return {param.name: param.kind for param in (*own, *scheme.fillers)}


@pytest.mark.parametrize("scheme", OBJECTS, ids=lambda scheme: scheme.name)
def test_a_text_states_every_required_property(scheme: Scheme) -> None:
    kinds = {param.name: param.kind for param in scheme.params + scheme.fillers}
    both = scheme.phrasings + scheme.held_out
    assert len(set(both)) == len(both)
    assert len(scheme.held_out) >= 3
    assert len(scheme.phrasings) >= (6 if scheme.test_only else 8)
    for template in both:
        for bound in parse(template).bound_sets():
            for param in scheme.params:
                fields = {path.split(".")[1] for path in bound if path.startswith(param.name + ".")}
                said = param.name in bound or bool(fields)
                assert said or not param.required, (template, param.name)
                needed = {n for n, kind in param.kind.fields.items() if not kind.may_be_absent}
                assert not fields or needed <= fields, (template, param.name)
            assert {path.split(".")[0] for path in bound} <= set(kinds), template


@pytest.mark.parametrize("scheme", texts.CLASSIFY, ids=lambda scheme: scheme.name)
def test_every_label_has_texts(scheme: Labels) -> None:
    assert set(scheme.texts) == set(scheme.held_out)
    named = [name for label in scheme.texts for name in scheme.synonyms.get(label, (label,))]
    assert len(set(named)) == len(named)
    extra = {param.name for param in scheme.extra}
    for label in scheme.texts:
        both = scheme.texts[label] + scheme.held_out[label]
        assert len(both) >= 5
        assert len(set(both)) == len(both)
        for template in both:
            assert ("<<" in template) == scheme.reasons, template
            for bound in parse(template).bound_sets():
                assert extra <= bound <= set(bound_kinds(scheme)), template


@pytest.mark.parametrize("scheme", texts.LIST, ids=lambda scheme: scheme.name)
def test_lists_have_their_places(scheme: ItemList) -> None:
    assert len(scheme.texts) >= 8
    assert len(scheme.held_out) >= 3
    for template in scheme.texts + scheme.held_out:
        assert template.count("@items") == 1, template
    for template in scheme.items + scheme.held_out_items:
        for bound in parse(template).bound_sets():
            needed = {param.name for param in scheme.params if param.required}
            assert needed <= bound <= {param.name for param in scheme.params}, template


def test_every_condition_and_order_has_ways_for_both_sides() -> None:
    for collection in texts.FILTER:
        names = [name for column in collection.columns for name in (column.name, *column.names)]
        assert len(set(names)) == len(names), collection.name
        assert any(column.ascending.training for column in collection.columns)
        for column in collection.columns:
            for ways in (column.ascending, column.descending):
                assert bool(ways.training) == bool(ways.held_out), column.name
            for clause in column.clauses:
                assert clause.ways.training, (column.name, clause.op)
                assert clause.ways.held_out, (column.name, clause.op)


# --- the pieces ----------------------------------------------------------------------------------


def test_slips_never_touch_a_value() -> None:
    scheme = next(scheme for scheme in OBJECTS if scheme.name == "complaint")
    kinds = bound_kinds(scheme)
    draw = Draw(random.Random(2))
    for _ in range(200):
        said = render(draw.rng.choice(scheme.phrasings), kinds, draw)
        text = tidy("".join(piece.text for piece in roughen(said.pieces, draw.rng, rate=1.0)))
        assert said.values["product"] in text
        assert said.values["problem"] in text


def test_a_misspelt_word_keeps_its_first_letter() -> None:
    rng = random.Random(0)
    for _ in range(100):
        assert misspell("tomorrow", rng)[0] == "t"


def test_blocks_are_read() -> None:
    assert templates("- one\n  two\n- three\\n four") == ("one two", "three\nfour")
    with pytest.raises(ValueError, match="must start with"):
        templates("one")
    assert by_label("\nred:\n- a\nblue:\n- b\n- c\n") == {"red": ("a",), "blue": ("b", "c")}
    assert split_reason("no marks") == ("no marks", None)


def test_rows_survive_json(built: dict[str, list[Row]]) -> None:
    for row in built["train"][:50]:
        assert json.loads(prompt.answer_text(row)) == row.answer
