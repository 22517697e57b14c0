"""A grammar in use for long keeps small: what documents say is forgotten between them."""

import json

import pytest

from minilora.grammar import compile_json_schema, grammar


@pytest.fixture
def few_entries(monkeypatch):
    monkeypatch.setattr(grammar, "MAX_ENTRIES", 20_000)
    return 20_000


def document(i):
    return json.dumps({f"key{i}": f"value {i}", "b": [{f"x{i}": 1.5 * i}], f"{i}c": {}}).encode()


@pytest.mark.parametrize("schema", [True, {"type": "object", "minProperties": 2}])
def test_many_documents_keep_the_tables_small(schema, few_entries, toy):
    compiled, machines, most = compile_json_schema(schema), set(), 0
    for i in range(600):
        if i % 20:
            assert compiled.accepts(document(i))
        else:
            matcher = compiled.matcher(toy)
            for byte in document(i):
                matcher.advance(toy.tokens.index(bytes((byte,))))
            assert matcher.can_end
        machines.add(id(compiled.machine))
        most = max(most, compiled.machine.n_entries)
    assert len(machines) > 1
    assert most < 1.5 * few_entries  # one document more, and what was compiled


def test_a_matcher_outlives_its_generation(few_entries, toy):
    schema = {"type": "object", "properties": {"b": {"type": "array"}}}
    compiled = compile_json_schema(schema)
    schema["properties"]["b"]["type"] = "string"  # no longer of the grammar's concern
    matcher, first = compiled.matcher(toy), compiled.machine
    matcher.advance(toy.tokens.index(b"{"))
    i = 0
    while compiled.machine is first:
        assert compiled.accepts(document(i))
        i += 1
    assert not compiled.accepts(b'{"b": ""}')
    assert matcher.machine is first
    for byte in b'"a":1}':
        matcher.advance(toy.tokens.index(bytes((byte,))))
    assert matcher.can_end
    assert compiled.matcher(toy).machine is compiled.machine
