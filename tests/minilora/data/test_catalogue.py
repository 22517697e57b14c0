"""The hand-written material: enough of it, and sound."""

from __future__ import annotations

from collections import Counter

import pytest

from minilora.data.catalogue import NAMES, domains
from minilora.data.catalogue.alike import ALIKE, alike
from minilora.data.catalogue.unseen import UNSEEN_DOMAINS, seen_tools, unseen_tools
from minilora.data.material import Domain, PhraseError, Tool

TOOLS = [tool for domain in domains() for tool in domain.tools]


@pytest.mark.parametrize("domain", domains(), ids=lambda domain: domain.name)
def test_every_phrasing_binds_what_is_required(domain: Domain) -> None:
    domain.check()


def test_there_is_enough_of_it() -> None:
    assert len(domains()) >= 12
    assert len(TOOLS) >= 100
    for tool in TOOLS:
        assert len(tool.phrasings) >= 7, tool.name
        assert len(tool.held_out) >= 3, tool.name
        assert not set(tool.phrasings) & set(tool.held_out)


def test_names_are_plain_and_given_once() -> None:
    assert [domain.name for domain in domains()] == list(NAMES)
    assert Counter(tool.name for tool in TOOLS).most_common(1)[0][1] == 1
    for tool in TOOLS:
        for name in (tool.name, *(param.name for param in tool.params)):
            assert name.isidentifier()
            assert name == name.lower()
        assert tool.description.strip()
        assert all(param.description.strip() for param in tool.params)


def test_all_types_of_parameters_occur() -> None:
    kinds = Counter(str(param.kind.schema.get("type")) for tool in TOOLS for param in tool.params)
    assert set(kinds) >= {"string", "integer", "number", "boolean", "array", "object"}
    assert any("enum" in param.kind.schema for tool in TOOLS for param in tool.params)
    assert any(param.kind.schema.get("format") == "date" for t in TOOLS for param in t.params)
    assert any(not param.required for tool in TOOLS for param in tool.params)


def test_every_parameter_is_said_by_some_phrasing() -> None:
    for tool in TOOLS:
        text = " ".join(tool.phrasings)
        unsaid = [param.name for param in tool.params if "{" + param.name not in text]
        assert not unsaid, (tool.name, unsaid)


def test_unseen_tools() -> None:
    unseen = [tool for _, tools in unseen_tools() for tool in tools]
    seen = [tool for _, tools in seen_tools() for tool in tools]
    assert len(unseen) >= 35
    assert len(seen) + len(unseen) == len(TOOLS)
    assert {domain.name for domain, _ in unseen_tools()} > set(UNSEEN_DOMAINS)
    assert not {domain.name for domain, _ in seen_tools()} & set(UNSEEN_DOMAINS)


def test_alike_names_tools_that_exist() -> None:
    names = {tool.name for tool in TOOLS}
    assert [name for group in ALIKE for name in group if name not in names] == []
    assert alike("stop", "stop")
    assert alike("create_event", "create_reminder")
    assert alike("create_reminder", "create_event")


def test_a_domain_with_a_tool_twice_is_refused() -> None:
    tool = Tool("a", "A.", (), ("a",), ("b",))
    with pytest.raises(PhraseError, match="used twice"):
        Domain("d", "D", (tool, tool)).check()
