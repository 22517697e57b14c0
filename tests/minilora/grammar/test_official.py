"""The official JSON Schema test suite, draft 2020-12, required tests: every verdict is equal.

The suite is data that is not part of this repository: MINILORA_DATA names the folder that holds
json-schema-test-suite/.
"""

import json
import os
from pathlib import Path

import pytest

from minilora.grammar import InvalidSchema, compile_json_schema

FOLDER = Path(os.environ.get("MINILORA_DATA", "")) / "json-schema-test-suite"
FILES = sorted(FOLDER.glob("draft2020-12/*.json")) if "MINILORA_DATA" in os.environ else []


@pytest.fixture(scope="module")
def resources():
    return {
        f"http://localhost:1234/{path.relative_to(FOLDER / 'remotes').as_posix()}": json.loads(
            path.read_text("utf-8")
        )
        for path in FOLDER.glob("remotes/**/*.json")
    }


@pytest.mark.skipif(not FILES, reason="MINILORA_DATA names no folder with json-schema-test-suite")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_verdict_is_that_of_the_suite(path, resources):
    wrong = []
    for group in json.loads(path.read_text("utf-8")):
        try:
            grammar = compile_json_schema(group["schema"], formats="annotate", resources=resources)
        except InvalidSchema as error:
            assert "no document satisfies it" in str(error), group["description"]
            assert not any(case["valid"] for case in group["tests"]), group["description"]
            continue
        wrong += [
            (group["description"], case["description"])
            for case in group["tests"]
            if grammar.accepts(json.dumps(case["data"]).encode()) != case["valid"]
        ]
    assert wrong == []
