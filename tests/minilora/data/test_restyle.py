"""How sets of tools are shown: names, descriptions and order change, what is meant does not."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from minilora.data.catalogue import domains
from minilora.data.draw import Draw
from minilora.data.restyle import PLAIN, Style, any_style, as_said, camel, kebab, offer, pascal
from minilora.data.rows import parameters
from minilora.data.wording import ask

PAIRS = [(domain.name, tool) for domain in domains() for tool in domain.tools]


def test_names() -> None:
    assert camel("set_light_color") == "setLightColor"
    assert pascal("set_light_color") == "SetLightColor"
    assert kebab("set_light_color") == "set-light-color"


def test_the_plain_style_is_the_catalogue() -> None:
    draw = Draw(random.Random(0))
    for index, (domain, tool) in enumerate(PAIRS):
        assert offer(domain, tool, PLAIN, index, draw).definition == tool.function_schema()


def test_every_style_shows_sound_schemas_and_answers_in_their_order() -> None:
    for seed, (domain, tool) in enumerate(PAIRS):
        draw = Draw(random.Random(seed))
        shown = offer(domain, tool, any_style(draw), seed % 7, draw)
        schema = parameters(shown.definition)
        request = ask(shown.tool, draw.rng.choice(tool.phrasings), draw)
        if request is None:
            continue
        answer = shown.answer(request.args)
        assert answer["tool"] == shown.definition["function"]["name"]
        Draft202012Validator(schema).validate(answer["args"])
        order = [name for name in schema["properties"] if name in answer["args"]]
        assert list(answer["args"]) == order


def test_names_within_a_set_stay_apart() -> None:
    for seed in range(200):
        draw = Draw(random.Random(seed))
        style = any_style(draw)
        pairs = draw.rng.sample(PAIRS, 8)
        names = {
            offer(domain, tool, style, index, draw).definition["function"]["name"]
            for index, (domain, tool) in enumerate(pairs)
        }
        assert len(names) == 8


def test_masked_names_keep_every_description() -> None:
    style = Style(tool_name=lambda domain, name, index: f"f_{index}", masked=True)
    draw = Draw(random.Random(0))
    for index, (domain, tool) in enumerate(PAIRS):
        shown = offer(domain, tool, style, index, draw)
        text = json.dumps(shown.definition, ensure_ascii=False)
        assert tool.name not in text
        assert shown.definition["function"]["description"] == tool.description
        for param, schema in zip(
            shown.tool.params, parameters(shown.definition)["properties"].items(), strict=True
        ):
            assert schema[0].startswith("arg_")
            assert schema[1]["description"] == param.description


def test_only_optional_parameters_are_left_out() -> None:
    style = replace(PLAIN, dropped=1.0)
    for domain, tool in PAIRS:
        shown = offer(domain, tool, style, 0, Draw(random.Random(0)))
        assert shown.tool.params == tuple(param for param in tool.params if param.required)


def test_styles_come_in_about_their_shares() -> None:
    shown = [
        any_style(Draw(random.Random(seed))).tool_name("music", "play_song", 3)
        for seed in range(2000)
    ]
    share = {name: shown.count(name) / len(shown) for name in ("play_song", "playSong", "PlaySong")}
    assert share["play_song"] == pytest.approx(0.73, abs=0.04)  # 0.4 plain + 0.6 * 0.55
    assert share["playSong"] == pytest.approx(0.12, abs=0.03)
    assert share["PlaySong"] == pytest.approx(0.042, abs=0.02)


def test_values_as_said_are_texts_of_the_query() -> None:
    found = 0
    for _, tool in PAIRS:
        spoken = as_said(tool)
        if spoken is None:
            continue
        found += 1
        request = ask(spoken, spoken.phrasings[0], Draw(random.Random(found)))
        assert request is not None
        assert all(value in request.text for value in request.args.values())
    assert found > 50
