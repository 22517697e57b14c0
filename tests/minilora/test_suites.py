"""Where a benchmark's rows come from: names, our own rows, OpenAI rows, public sets."""

import json
from collections import Counter

import pytest

from minilora.data.rows import DataError
from minilora.suites import BUILT_IN, load_suite, public_rows, some

DIM = {
    "type": "function",
    "function": {
        "name": "dim",
        "parameters": {
            "type": "object",
            "properties": {"percent": {"type": "integer"}},
            "additionalProperties": False,
        },
    },
}
OURS = {"id": "a", "query": "dim it", "tools": [DIM], "answer": {"tool": "dim", "args": {}}}
CALL = {"function": {"name": "dim", "arguments": '{"percent": 3}'}}
OPENAI = {
    "messages": [
        {"role": "user", "content": "dim to 3"},
        {"role": "assistant", "tool_calls": [CALL]},
    ],
    "tools": [DIM],
}
PUBLIC = {"query": "dim to 3", "calls": [{"name": "dim", "arguments": {"percent": 3}}]}


def write(path, *rows):
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows))
    return path


def test_the_built_in_suites():
    suites = load_suite("all")
    assert list(suites) == list(BUILT_IN) == ["seen_tools", "unseen_tools", "structured"]
    assert all(len(rows) == 500 for rows in suites.values())
    seen, unseen = ({t["function"]["name"] for row in suites[n] for t in row.tools}
                    for n in ("seen_tools", "unseen_tools"))  # fmt: skip
    assert len(seen) > 50
    assert len(unseen - seen) > 10
    assert all(row.schema is not None or "calls" in row.answer for row in suites["structured"])


def test_our_own_rows_are_named_after_their_file(tmp_path):
    (suite,) = load_suite(str(write(tmp_path / "mine.jsonl", OURS))).items()
    assert suite[0] == "mine"
    assert [(row.id, row.query, row.answer) for row in suite[1]] == [
        ("a", "dim it", OURS["answer"])
    ]


def test_openai_rows(tmp_path):
    (row,) = load_suite(str(write(tmp_path / "chat.jsonl", OPENAI)))["chat"]
    assert (row.query, row.answer) == ("dim to 3", {"tool": "dim", "args": {"percent": 3}})


def test_public_rows_with_tools_of_their_own(tmp_path):
    path = write(tmp_path / "public.jsonl", PUBLIC | {"tools": [DIM], "id": "p-7"})
    (row,) = load_suite(str(path))["public"]
    assert (row.id, row.task, row.tools) == ("p-7", "action", (DIM,))
    assert row.answer == {"tool": "dim", "args": {"percent": 3}}


def test_public_rows_with_the_tools_beside_the_file(tmp_path):
    (tmp_path / "tools.json").write_text(json.dumps([DIM]))
    several = PUBLIC | {"calls": PUBLIC["calls"] * 2}
    path = write(tmp_path / "public.jsonl", "", PUBLIC, PUBLIC | {"calls": []}, "", several)
    one, none, two = load_suite(str(path))["public"]
    assert [row.id for row in (one, none, two)] == ["public-2", "public-3", "public-5"]
    assert all(row.tools == (DIM,) for row in (one, none, two))
    assert none.answer == {"tool": None, "args": {}}
    assert two.task == "multi_call"
    assert two.answer == {"calls": [{"tool": "dim", "args": {"percent": 3}}] * 2}


def test_conversations_and_unlabelled_rows_of_public_sets_are_passed_over(tmp_path, capsys):
    row = PUBLIC | {"tools": [DIM]}
    rows = [row | {"calls": None}, row, row | {"messages": [{"role": "user", "content": "hi"}]}]
    path = write(tmp_path / "public.jsonl", *rows)
    assert [row.id for row in load_suite(str(path))["public"]] == ["public-2"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"calls": [{"name": "dim", "arguments": {"percent": "3"}}]},
            "answer.args.percent: '3' is not of type 'integer'",
        ),
        ({"calls": [{"name": "wave", "arguments": {}}]}, "answer.tool 'wave' is not among the"),
        ({"calls": [{"arguments": {}}]}, "name must be a string, got null"),
        ({"calls": [{"name": "dim"}]}, "arguments must be an object, got null"),
        ({"calls": "dim"}, "calls must be an array, got a string"),
        ({"query": ""}, "query is empty"),
        ({"query": None}, "query must be a string, got null"),
        ({"tools": []}, "neither tools nor a schema"),
    ],
)
def test_unusable_rows_of_public_sets_are_left_out_and_counted(tmp_path, capsys, change, reason):
    good = PUBLIC | {"tools": [DIM]}
    path = write(tmp_path / "public.jsonl", good, good | change, good | change)
    assert len(load_suite(str(path))["public"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("public.jsonl: 2 rows cannot be used and are left out, the first in li")
    assert f"line 2: {reason}" in said
    assert said.count("\n") == 1


def test_a_public_set_without_a_usable_row_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"public.jsonl: holds no rows .*: in line 1: neither tool"):
        public_rows(write(tmp_path / "public.jsonl", PUBLIC))
    with pytest.raises(DataError, match=r"holds no rows with a query and known calls$"):
        public_rows(write(tmp_path / "public.jsonl", PUBLIC | {"calls": None}))


def test_lines_that_are_not_json_are_refused_with_their_place(tmp_path):
    path = write(tmp_path / "public.jsonl", PUBLIC | {"tools": [DIM]}, "{")
    with pytest.raises(DataError, match=r"^public.jsonl:2: not JSON"):
        load_suite(str(path))
    (tmp_path / "tools.json").write_text("[")
    with pytest.raises(DataError, match=r"tools.json is not JSON"):
        load_suite(str(path))
    with pytest.raises(DataError, match=r"^mine.jsonl:2: not JSON"):
        load_suite(str(write(tmp_path / "mine.jsonl", OURS, "{")))


def test_a_bad_row_of_our_own_form_is_refused_with_its_place(tmp_path):
    bad = OURS | {"id": "b", "answer": {"tool": "wave", "args": {}}}
    with pytest.raises(DataError, match=r"^mine.jsonl:2: answer.tool 'wave' is not among"):
        load_suite(str(write(tmp_path / "mine.jsonl", OURS, bad)))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe{}", b"[1]\n"])
def test_files_without_rows_are_refused(tmp_path, content):
    path = tmp_path / "odd.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"odd\.jsonl"):
        load_suite(str(path))


@pytest.mark.parametrize("name", ["seen", "nowhere.jsonl", "."])
def test_what_is_neither_suite_nor_file_is_refused(name):
    with pytest.raises(
        ValueError, match=r"neither a suite \(seen_tools, unseen_tools, structured\)"
    ):
        load_suite(name)


def test_a_limit_draws_whole_groups_the_same_every_time_in_their_order():
    rows = load_suite("seen_tools")["seen_tools"]
    place = {row.id: i for i, row in enumerate(rows)}
    drawn = some(rows, 50)
    places = [place[row.id] for row in drawn]
    assert drawn == some(rows, 50)
    assert places == sorted(places)
    assert len(set(places)) == 50
    assert drawn != some(rows, 50, seed=1)
    assert 100 < sum(places) / 50 < 400  # 250 on average, spread about 50: from all over the suite
    size = Counter(row.group for row in rows)
    cut = [group for group, n in Counter(row.group for row in drawn).items() if n < size[group]]
    assert len(cut) <= 1
    assert some(rows, 0) == some(rows, 1000) == some(rows, 500) == rows
