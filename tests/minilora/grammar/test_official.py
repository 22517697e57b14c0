"""The official JSON Schema test suite, draft 2020-12, required tests: every verdict is equal.

The suite is data that is not part of this repository; see :mod:`minilora.grammar.bench.data`.
"""

import json

import pytest

from minilora.grammar import InvalidSchema, compile_json_schema
from minilora.grammar.bench.data import data_folder, official_files, official_resources

try:
    FOLDER, MISSING = data_folder(), ""
except FileNotFoundError as error:
    FOLDER, MISSING = None, str(error)
FILES = official_files(FOLDER) if FOLDER else []


@pytest.fixture(scope="module")
def resources():
    return official_resources(FOLDER)


@pytest.mark.skipif(not FILES, reason=MISSING or f"no official test suite in {FOLDER}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_verdict_is_that_of_the_suite(path, resources):
    wrong = []
    for group in json.loads(path.read_text("utf-8")):
        if not any(case["valid"] for case in group["tests"]) and _unsatisfiable(group, resources):
            continue  # refused when compiled
        grammar = compile_json_schema(group["schema"], formats="annotate", resources=resources)
        wrong += [
            (group["description"], case["description"])
            for case in group["tests"]
            if grammar.accepts(json.dumps(case["data"]).encode()) != case["valid"]
        ]
    assert wrong == []


def _unsatisfiable(group, resources):
    try:
        compile_json_schema(group["schema"], formats="annotate", resources=resources)
    except InvalidSchema as error:
        return "no document satisfies it" in str(error)
    return False
