"""From template to typed text: what is copied stays copied, whatever noise is laid over it."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from minilora.data.catalogue import domains
from minilora.data.draw import Draw
from minilora.data.kinds import (
    EMAIL,
    PERSON,
    Kind,
    choice,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.material import Tool, opt, req
from minilora.data.noise import roughen, typo
from minilora.data.rows import parameters
from minilora.data.wording import Request, ask, kind_at, lower_cased, spell_out

TOOLS = [tool for domain in domains() for tool in domain.tools]
ORDER = Tool(
    "order",
    "Order food.",
    (
        req("items", listing(span("Tea", "Rye Bread", "Eggs", "Salt"), 2, 2), "What"),
        opt("guest", record(name=PERSON, mail=optional(EMAIL)), "Who"),
        opt("size", choice("LARGE", spoken={"LARGE": ["Large"]}), "How much"),
        opt("count", integer(1, 9), "How often"),
    ),
    ("Bring {items} to {guest.name}[ at {guest.mail}], {size}{count=2}",),
)


def test_arguments_come_in_the_order_of_the_parameters() -> None:
    request = ask(ORDER, ORDER.phrasings[0], Draw(random.Random(1)), optional_rate=1.0)
    assert request is not None
    assert list(request.args) == ["items", "guest", "size", "count"]
    assert list(request.args["guest"]) == ["name", "mail"]
    assert request.args["count"] == 2
    assert "2" not in request.text.replace(request.args["guest"]["mail"], "")


def test_a_template_that_names_a_missing_parameter_gives_nothing() -> None:
    short = Tool("order", "", ORDER.params[:1], ())
    assert ask(short, ORDER.phrasings[0], Draw(random.Random(1))) is None


def test_a_parameter_said_twice_has_one_value() -> None:
    tool = Tool("t", "", (req("n", integer(1, 900), "N"),), ())
    for seed in range(20):
        request = ask(tool, "{n}, yes {n}", Draw(random.Random(seed)))
        assert request is not None
        one, two = request.text.split(", yes ")
        assert one == two


def test_lower_case_reaches_what_is_copied_and_nothing_else() -> None:
    request = ask(ORDER, ORDER.phrasings[0], Draw(random.Random(5)), optional_rate=1.0)
    assert request is not None
    low = lower_cased(request, ORDER)
    assert low.args["items"] == [item.lower() for item in request.args["items"]]
    assert low.args["guest"]["name"] == request.args["guest"]["name"].lower()
    assert low.args["guest"]["mail"] == request.args["guest"]["mail"]  # a code keeps its case
    assert low.args["size"] == "LARGE"
    assert "large" in low.text


def copied_values(request: Request, tool: Tool) -> Iterator[str]:
    """Yield every string that stands in the query by what its kind promises."""
    kinds = {param.name: param.kind for param in tool.params}
    for path in {part.path for part in request.parts if part.path}:
        name, _, field = path.partition(".")
        kind = kind_at(kinds, path)
        assert kind is not None
        value = request.args[name][field] if field else request.args[name]
        yield from _copied(kind, value)


def _copied(kind: Kind, value: object) -> Iterator[str]:
    if kind.fields:
        assert isinstance(value, dict)
        for name, part in value.items():
            yield from _copied(kind.fields[name], part)
    elif kind.item is not None:
        assert isinstance(value, list)
        for part in value:
            yield from _copied(kind.item, part)
    elif kind.copied:
        assert isinstance(value, str)
        yield value


@pytest.mark.parametrize("held_out", [False, True])
def test_what_is_copied_stands_in_the_query_under_any_noise(held_out: bool) -> None:
    rng = random.Random(7)
    draw = Draw(rng, held_out)
    checked = 0
    for tool in TOOLS:
        for template in tool.held_out if held_out else tool.phrasings:
            request = ask(tool, template, draw)
            assert request is not None
            rough = roughen(request, tool, draw)
            for value in copied_values(rough, tool):
                assert value in rough.text, (tool.name, template, rough.text)
                checked += 1
    assert checked > 500


def test_noise_leaves_the_surfaces_of_values_alone() -> None:
    tool = Tool("t", "", (req("x", span("Zanzibar Ünïon", "Xylophone Quartet"), "X"),), ())
    for seed in range(300):
        draw = Draw(random.Random(seed))
        request = ask(tool, "please could you find {x} somewhere tomorrow", draw)
        assert request is not None
        rough = roughen(request, tool, draw)
        assert rough.args["x"] in rough.text


def test_corrections_end_with_the_right_value() -> None:
    tool = Tool("t", "", (req("n", integer(100, 999), "N"),), ())
    corrected = 0
    for seed in range(600):
        draw = Draw(random.Random(seed))
        request = ask(tool, "volume {n}", draw)
        assert request is not None
        rough = roughen(request, tool, draw)
        numbers = [int(word) for word in rough.text.replace(",", " ").split() if word.isdigit()]
        assert numbers[-1:] in ([rough.args["n"]], [])  # spelled-out numbers are not digits
        corrected += len(numbers) > 1
    assert corrected > 3


def test_spelled_out_requests_say_all_that_is_required() -> None:
    for seed, tool in enumerate(TOOLS):
        request = spell_out(tool, Draw(random.Random(seed)))
        assert {param.name for param in tool.params if param.required} <= set(request.args)
        Draft202012Validator(parameters(tool.function_schema())).validate(request.args)
        assert all(value in request.text for value in copied_values(request, tool))


def test_a_typo_changes_one_spot() -> None:
    rng = random.Random(0)
    for _ in range(200):
        slipped = typo("tomorrow", rng)
        assert abs(len(slipped) - 8) <= 1
        assert slipped[0] in "to"
