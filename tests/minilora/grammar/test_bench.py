"""The grammar benchmark: engines made to fail are counted as such, the installed ones agree."""

import json
import os
from functools import partial

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from minilora.grammar import Vocabulary
from minilora.grammar.bench import __main__ as command
from minilora.grammar.bench import data, peers, summary
from minilora.grammar.bench.engines import Refused
from minilora.grammar.bench.measure import measure
from minilora.grammar.bench.summary import Schema, fold_all, official_figures, real_figures, targets
from minilora.grammar.bench.tables import official_table, real_tables, targets_table
from minilora.grammar.bench.variants import variants
from minilora.grammar.bench.worker import Limits, run_engine

EOS = 256
LIMITS = Limits(step_s=20.0, memory_bytes=4 << 30, total_s=60.0)
OBJECT = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"enum": ["x", "yes"]}},
    "required": ["a"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def letters() -> Vocabulary:
    """Every byte a token, and the end of text."""
    return Vocabulary([*(bytes([byte]) for byte in range(256)), b"</s>"], eos_ids=[EOS])


@pytest.fixture(scope="module")
def task(letters):
    documents = [
        ("valid", {"a": 12}),
        ("valid", {"a": 1, "b": "yes"}),
        ("invalid", {"a": "x"}),
        ("invalid", {}),
        ("invalid", {"a": 1, "c": 2}),
        ("variant", {"a": 7, "b": "x"}),
    ]
    instances = tuple(data.instance(kind, made, letters) for kind, made in documents)
    return data.Task("test/object", OBJECT, instances, timed=True)


class Careless:
    """An engine that allows every token everywhere."""

    version = "0"

    def compile(self, schema, formats, resources):
        return self

    def start(self):
        return self

    def mask(self):
        return np.full(9, -1, np.int32)

    def advance(self, token_id):
        pass


class Refusing(Careless):
    def __init__(self, unsatisfiable=False):
        self.unsatisfiable = unsatisfiable

    def compile(self, schema, formats, resources):
        raise Refused("oneOf is not for me", "oneOf", self.unsatisfiable)


class Endless(Careless):
    """One schema is compiled for ever."""

    def compile(self, schema, formats, resources):
        while schema == "endless":
            pass
        return self


class Fragile(Careless):
    """One schema ends the process, one raises what is no refusal, one eats all memory."""

    def compile(self, schema, formats, resources):
        if schema == "exit":
            os._exit(7)
        if schema == "raise":
            raise KeyError("slip")
        if schema == "memory":
            bytearray(1 << 40)
        return self


def measured(engine, tasks, limits=LIMITS, repeats=1, own=10, clock="wall"):
    how = partial(measure, eos_id=EOS, repeats=repeats, own=own, clock=clock)
    return fold_all(run_engine("test", engine, how, tasks, limits).outcomes)


@pytest.mark.parametrize("name", peers.ENGINES)
def test_every_installed_engine_is_checked_and_timed(name, letters, task):
    if peers.absent(name):
        pytest.skip(f"{name} is not installed")
    make = partial(peers.make_engine, name, letters)
    figures = real_figures([task], measured(make, [task], repeats=2))
    assert (figures["schemas"], figures["compiled"], figures["crashed"]) == (1, 1, 0)
    assert figures["valid"] == {"asked": 2, "accepted": 2, "unanswered": 0, "wrong_in": []}
    assert figures["invalid"] == {"asked": 3, "accepted": 0, "unanswered": 0, "wrong_in": []}
    n_valid = sum(len(i.tokens) for i in task.instances if i.kind == "valid")
    assert figures["mask_cold_us"]["n"] == figures["mask_warm_us"]["n"] == n_valid + 2
    assert figures["mask_run_us"]["n"] == n_valid + 2 + len(task.instances[5].tokens) + 1
    assert figures["advance_cold_us"]["n"] == figures["advance_warm_us"]["n"] == n_valid
    for key in ("compile_ms", "mask_cold_us", "mask_warm_us", "mask_run_us", "advance_cold_us"):
        assert 0 < figures[key]["p50"] <= figures[key]["p90"] <= figures[key]["max"]


@pytest.mark.parametrize("name", peers.ENGINES)
def test_refusals_name_a_keyword(name, letters):
    if peers.absent(name):
        pytest.skip(f"{name} is not installed")
    refused = data.Task("t", {"type": "string", "pattern": "(?<!a)b"}, (), timed=True)
    schema = measured(partial(peers.make_engine, name, letters), [refused])[0]
    assert schema.state == "refused"
    says_no_keyword = {"outlines-core": "Failed to build DFA error building NFA"}
    assert schema.keyword == says_no_keyword.get(name, "pattern")


def test_a_wrong_accept_is_counted_with_its_schema(task):
    figures = real_figures([task], measured(Careless, [task]))
    assert figures["invalid"]["accepted"] == 3
    assert figures["invalid"]["wrong_in"] == ["test/object"]
    assert "3 of 3 (100.0%)" in real_tables({"ours": figures})


def test_a_timeout_is_counted_and_the_run_goes_on(task):
    tasks = [task, data.Task("t", "endless", (), timed=True), task]
    schemas = measured(Endless, tasks, Limits(1.0, 4 << 30, 60.0))
    assert [schema.state for schema in schemas] == ["compiled", "timeout", "compiled"]
    assert real_figures(tasks, schemas)["timeout"] == 1


def test_a_crash_is_counted_and_the_run_goes_on(task):
    tasks = [*(data.Task("t", how, (), timed=True) for how in ("exit", "raise", "memory")), task]
    schemas = measured(Fragile, tasks)
    assert [schema.state for schema in schemas] == ["crashed"] * 3 + ["compiled"]
    reasons = [schema.keyword for schema in schemas[:3]]
    assert [reason.split(":")[0] for reason in reasons] == [
        "exit code 7",
        "KeyError",
        "MemoryError",
    ]


def test_no_schema_is_begun_after_the_engine_s_time(task):
    schemas = measured(Careless, [task, task], Limits(1.0, 4 << 30, -1.0))
    figures = real_figures([task, task], schemas)
    assert (figures["schemas"], figures["not_begun"]) == (0, 2)
    assert "2 schemas not begun" in real_tables({"ours": figures})


def test_a_refusal_leaves_no_verdict(task):
    figures = real_figures([task], measured(Refusing, [task]))
    assert figures["refused_by"] == {"oneOf": 1}
    assert figures["valid"]["asked"] == figures["invalid"]["asked"] == 0
    assert figures["compile_ms"] == {"n": 0}


def test_an_instance_beyond_those_timed_is_checked_all_the_same(task):
    schema = measured(Careless, [task], own=1)[0]
    assert {during for during, index in schema.masks if index == 1} == set()
    assert schema.verdicts[1] is True


@pytest.mark.parametrize(
    ("engine", "right"),
    [(Careless, 1), (Refusing, 0), (partial(Refusing, unsatisfiable=True), 2)],
    ids=["careless", "refusing", "unsatisfiable"],
)
def test_official_verdicts(engine, right, letters):
    """A group with a valid test, and one that no document satisfies."""
    some = tuple(data.instance(kind, 1, letters) for kind in ("valid", "invalid"))
    tasks = [
        data.Task("mixed", {}, some, timed=False),
        data.Task("nothing", False, some[1:], timed=False),
    ]
    figures = official_figures(tasks, measured(engine, tasks))
    assert figures["tests"] == 3
    assert figures["right"] == right
    assert figures["wrong_accept"] == (2 if engine is Careless else 0)
    assert figures["not_compiled"] == (3 if engine is Refusing else 0)
    assert figures["groups_right"] == (0 if right < 2 else 1)
    assert f"| {figures['groups_right']} of 2 |" in official_table({"x": figures})


def test_targets_are_taken_over_what_both_accepted():
    def schema(*masks):
        times = {("cold", i): np.array(ns) for i, ns in enumerate(masks) if ns}
        return Schema("compiled", compile_ns=3_000_000, masks=times)

    wanted = targets(
        {"ours": [schema([3000, 6000], [90_000_000])], "llguidance": [schema([1000, 5000], [])]}
    )
    found = {target.figure: target for target in wanted}
    cold = found["mask, cold, mean, times llguidance"]
    assert (cold.measured, cold.met) == (1.5, True)
    warm = found["mask, warm, mean, times llguidance"]
    assert (warm.measured, warm.met) == (None, None)
    assert (found["mask, slowest, ms"].measured, found["mask, slowest, ms"].met) == (90.0, False)
    assert found["compile, mean, ms"].met is False
    shown = targets_table(wanted)
    assert "not measured" in shown
    assert "| 90 | no |" in shown


def test_either_clock_times_every_call(task):
    for clock in ("wall", "cpu"):
        (schema,) = measured(Careless, [task], clock=clock)
        assert all((times > 0).all() for times in schema.masks.values())
        assert len(schema.masks) == 5  # cold and warm passes of two instances, and the variant


def test_repeats_come_down_to_the_least(task):
    schemas = measured(Careless, [task], repeats=3)
    assert len(schemas[0].masks[("cold", 0)]) == len(task.instances[0].tokens) + 1
    times: dict = {}
    for new in ([5, 1], [2, 4]):
        summary._keep_least(times, ("cold", 0), np.array(new))
    assert times["cold", 0].tolist() == [2, 1]


def test_variants_are_valid_different_and_the_same_again():
    instance = {"a": 5, "b": "x"}
    found = variants(OBJECT, instance, ["x", "yes", "no"], 6, "seed")
    assert len(found) >= 3
    assert all(Draft202012Validator(OBJECT).is_valid(made) for made in found)
    texts = [json.dumps(made) for made in found]
    assert len({*texts, json.dumps(instance)}) == len(found) + 1
    assert found == variants(OBJECT, instance, ["x", "yes", "no"], 6, "seed")
    assert variants({"const": 1}, 1, ["x"], 6, "seed") == []
    assert variants({"type": 7}, 1, ["x"], 6, "seed") == []


@pytest.fixture
def folder(tmp_path):
    """A data folder with one real schema, one required group, a remote and a format."""
    row = {"id": "one", "schema": OBJECT}
    row["tests"] = [{"valid": True, "data": {"a": 3}}, {"valid": False, "data": {"a": 0.5}}]
    group = {"description": "remote", "schema": {"$ref": "http://localhost:1234/int.json"}}
    group["tests"] = [
        {"description": "yes", "data": 1, "valid": True},
        {"description": "no", "data": "1", "valid": False},
    ]
    dates = {"description": "date", "schema": {"format": "date"}}
    dates["tests"] = [{"description": "no", "data": "2023-02-30", "valid": False}]
    files = {
        "jsonschemabench-dev/tiny.jsonl": json.dumps(row) + "\n",
        "json-schema-test-suite/draft2020-12/ref.json": json.dumps([group]),
        "json-schema-test-suite/draft2020-12/optional/format/date.json": json.dumps([dates]),
        "json-schema-test-suite/remotes/int.json": '{"type": "integer"}',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_command_reports(folder, capsys, monkeypatch):
    monkeypatch.setattr(command, "absent", lambda name: name == "llguidance")
    report = folder / "report.json"
    arguments = ["--engines", "ours,llguidance", "--files", "tiny", "--data", str(folder)]
    with pytest.raises(SystemExit) as end:
        command.main([*arguments, "--json", str(report)])
    out, err = capsys.readouterr()
    assert end.value.code == 0, err
    assert "llguidance is not installed: skipped" in err
    assert "| ours | 1 | 1 of 1 (100.0%) |" in out
    figures = json.loads(report.read_text())
    assert figures["engines"].keys() == figures["real"].keys() == {"ours"}
    assert figures["official"]["ours"]["right"] == 2
    assert figures["official_ours"]["optional/format/date"]["right"] == 1
    assert [target["met"] for target in figures["targets"]][:4] == [None] * 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "/nowhere"], "no data folder /nowhere"),
        (["--engines", "ours,other"], "no engine ['other']"),
        (["--limit", "0"], "--limit must be above 0"),
        (["--no-real", "--no-official"], "leave nothing to do"),
        (["--files", "none"], "none.jsonl of real schemas"),
    ],
)
def test_bad_use_is_told_in_one_line(folder, arguments, message, capsys):
    with pytest.raises(SystemExit) as end:
        command.main(["--data", str(folder), *arguments])
    assert end.value.code == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


def test_the_data_folder_is_named_or_beside_the_repository(tmp_path, monkeypatch):
    monkeypatch.setenv(data.VARIABLE, str(tmp_path))
    assert data.data_folder() == tmp_path
    monkeypatch.delenv(data.VARIABLE)
    monkeypatch.setattr(data, "DEFAULT_FOLDER", tmp_path / "none")
    with pytest.raises(FileNotFoundError, match=data.VARIABLE):
        data.data_folder()
    assert data.data_folder(str(tmp_path)) == tmp_path
