"""Random schemas of every keyword against jsonschema: both ways, and every state is alive.

A longer run, after a change to what formulas mean: MINILORA_SCHEMAS=100000 pytest <this file>.
"""

import json
import os

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from minilora.grammar import InvalidSchema, compile_json_schema
from minilora.grammar.machine import DEAD
from tests.minilora.grammar.random_schemas import Source, constants

COUNT = int(os.environ.get("MINILORA_SCHEMAS", "240"))
PARTS = 12


def written(machine, source):
    """A document that begins with random bytes, and what completes it."""
    state, text = machine.start, b""
    for _ in range(source.rng.choice([0, 3, 10, 30])):
        live = [byte for byte in range(32, 127) if machine.step(state, byte) != DEAD]
        if not live:
            assert machine.can_end(state), text
            break
        byte = source.rng.choice(live)
        state, text = machine.step(state, byte), text + bytes((byte,))
    return text + machine.shortest(state)


@pytest.mark.parametrize("draft_7", [False, True])
@pytest.mark.parametrize("part", range(PARTS))
def test_verdicts_are_those_of_jsonschema(part, draft_7):
    for seed in range(part, COUNT, PARTS):
        source = Source(seed, draft_7)
        schema = source.document()
        validator = (Draft7Validator if draft_7 else Draft202012Validator)(schema)
        known = constants(schema)
        values = [source.value() for _ in range(8)]
        values += [source.rng.choice(known) for _ in range(4) if known]
        try:
            grammar = compile_json_schema(schema)
        except InvalidSchema as error:
            if "without end" not in str(error):  # there jsonschema itself does not end
                assert not any(map(validator.is_valid, values)), (seed, schema)
            continue
        for _ in range(4):
            text = written(grammar.machine, source)
            assert validator.is_valid(json.loads(text)), (seed, schema, text)
            assert grammar.accepts(text), (seed, schema, text)
            values += [source.near(json.loads(text)) for _ in range(3)]
        for value in values:
            text = source.spelled(value)
            if "Infinity" in text or "e+" in text or json.loads(text) != value:
                continue  # beyond what doubles tell apart
            verdict = validator.is_valid(value)
            assert grammar.accepts(text.encode()) == verdict, (seed, schema, text)
