"""What counts as right: a table of raw outputs with their verdicts, and intervals by the book."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.scoring import (
    Share,
    Verdict,
    json_equal,
    parse_json,
    score,
    summarize,
    tools_of,
    wilson_interval,
)

EXPECTED = {"tool": "dim", "args": {"percent": 40, "rooms": ["bath", "hall"], "on": True}}
SCHEMA = {
    "type": "object",
    "properties": {
        "tool": {"enum": ["dim", "ring", None]},
        "args": {
            "type": "object",
            "properties": {
                "percent": {"type": "number"},
                "rooms": {"type": "array", "items": {"type": "string"}},
                "on": {"type": ["boolean", "number"]},
            },
        },
    },
    "required": ["tool", "args"],
    "additionalProperties": False,
}
RIGHT = json.dumps(EXPECTED)

PERFECT = Verdict(syntax_error=False, schema_valid=True, tool=True, exact=True)
RIGHT_TOOL = Verdict(syntax_error=False, schema_valid=True, tool=True, exact=False)
WRONG_TOOL = Verdict(syntax_error=False, schema_valid=True, tool=False, exact=False)
INVALID = Verdict(syntax_error=False, schema_valid=False, tool=False, exact=False)
NOT_JSON = Verdict(syntax_error=True, schema_valid=False, tool=False, exact=False)

VERDICTS = {
    "as expected": (RIGHT, PERFECT),
    "whitespace around it": (f" \n\t{RIGHT}\r\n", PERFECT),
    "keys in another order": (
        '{"args": {"on": true, "rooms": ["bath", "hall"], "percent": 40}, "tool": "dim"}',
        PERFECT,
    ),
    "40.0 is 40": (RIGHT.replace("40", "40.0"), PERFECT),
    "4e1 is 40": (RIGHT.replace("40", "4e1"), PERFECT),
    "escaped letters": (RIGHT.replace("dim", "\\u0064im"), PERFECT),
    "a key twice, the last one counts": (
        RIGHT.replace('"tool"', '"tool": "ring", "tool"'),
        PERFECT,
    ),
    "1 is not true": (RIGHT.replace("true", "1"), RIGHT_TOOL),
    "another order of a list": (RIGHT.replace('"bath", "hall"', '"hall", "bath"'), RIGHT_TOOL),
    "a value changed deep inside": (RIGHT.replace("hall", "Hall"), RIGHT_TOOL),
    "an argument less": ('{"tool": "dim", "args": {"percent": 40}}', RIGHT_TOOL),
    "an argument too many": (RIGHT.replace('"on"', '"off": false, "on"'), RIGHT_TOOL),
    "another tool": (RIGHT.replace("dim", "ring"), WRONG_TOOL),
    "no tool": ('{"tool": null, "args": {}}', WRONG_TOOL),
    "a tool that is not there": (RIGHT.replace("dim", "dance"), INVALID),
    "right tool, argument of the wrong type": (
        RIGHT.replace("40", '"40"'),
        Verdict(syntax_error=False, schema_valid=False, tool=True, exact=False),
    ),
    "right tool, extra key": (
        RIGHT[:-1] + ', "note": "ok"}',
        Verdict(syntax_error=False, schema_valid=False, tool=True, exact=False),
    ),
    "a list": (f"[{RIGHT}]", INVALID),
    "a string": (json.dumps(RIGHT), INVALID),
    "a number": ("40", INVALID),
    "null": ("null", INVALID),
    "nothing": ("", NOT_JSON),
    "prose": ("I will dim the lights to 40 percent.", NOT_JSON),
    "prose before": (f"Sure! {RIGHT}", NOT_JSON),
    "prose after": (f"{RIGHT} Done.", NOT_JSON),
    "two documents": (f"{RIGHT}\n{RIGHT}", NOT_JSON),
    "a code fence": (f"```json\n{RIGHT}\n```", NOT_JSON),
    "cut short": (RIGHT[:-1], NOT_JSON),
    "a comma too many": (RIGHT[:-1] + ",}", NOT_JSON),
    "single quotes": (str(EXPECTED), NOT_JSON),
    "a comment": (RIGHT[:-1] + " // bright\n}", NOT_JSON),
    "NaN": (RIGHT.replace("40", "NaN"), NOT_JSON),
    "Infinity": (RIGHT.replace("40", "-Infinity"), NOT_JSON),
    "a raw line break in a string": (RIGHT.replace("bath", "ba\nth"), NOT_JSON),
    "a byte order mark": ("\ufeff" + RIGHT, NOT_JSON),
    "brackets that never end": ("[" * 100_000, NOT_JSON),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_verdict(name):
    text, verdict = VERDICTS[name]
    assert score(text, EXPECTED, SCHEMA) == verdict


def test_no_tool_is_an_answer_like_any_other():
    nothing = {"tool": None, "args": {}}
    assert score('{"tool": null, "args": {}}', nothing, SCHEMA) == PERFECT
    assert score(RIGHT, nothing, SCHEMA) == WRONG_TOOL


def test_several_calls_are_right_in_their_order():
    calls = {"calls": [{"tool": "dim", "args": {}}, {"tool": "ring", "args": {"at": "7"}}]}
    schema = {"type": "object", "required": ["calls"]}
    assert score(json.dumps(calls), calls, schema) == PERFECT
    swapped = {"calls": calls["calls"][::-1]}
    assert score(json.dumps(swapped), calls, schema) == WRONG_TOOL
    other = {"calls": [calls["calls"][0], {"tool": "ring", "args": {}}]}
    assert score(json.dumps(other), calls, schema) == RIGHT_TOOL


@pytest.mark.parametrize(
    "document",
    [{"name": "Ana"}, {"tool": "hammer", "price": 12}, {"calls": 3, "minutes": 40}],
    ids=["plain", "with a key named tool", "with a key named calls"],
)
def test_a_document_has_no_right_tool(document):
    verdict = score(json.dumps(document), document, {"type": "object"})
    assert verdict == Verdict(syntax_error=False, schema_valid=True, tool=None, exact=True)
    assert score("no", document, {}).tool is None


@pytest.mark.parametrize("calls", ["dim", 3, None, ["dim"], [{"args": {}}], {"tool": "dim"}])
def test_what_is_no_list_of_calls_calls_no_tools(calls):
    assert tools_of({"calls": calls}) is None


@pytest.mark.parametrize(
    ("document", "schema"),
    [
        ("1e999", {"multipleOf": 0.01}),
        ("1" + "0" * 400, {"multipleOf": 0.01}),
        ("[" * 900 + "]" * 900, {"items": {"$ref": "#"}}),
        ("{}", {"$ref": "https://example.org/elsewhere.json"}),
    ],
    ids=["infinite", "huge", "deep", "schema elsewhere"],
)
def test_what_the_validator_cannot_take_is_not_valid(document, schema):
    verdict = score(document, {"a": 1}, schema)
    assert (verdict.schema_valid, verdict.exact) == (False, False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "", "é"]), inner)
    ),
    max_leaves=8,
)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(JSON)
def test_a_value_equals_itself_read_back(value):
    assert json_equal(parse_json(json.dumps(value)), value)
    assert json_equal([value], [value])
    assert not json_equal([value], [value, value])
    assert not json_equal({"a": value}, {"b": value})


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (0, -0.0, True),
        (None, False, False),
        ("1", 1, False),
        ([], {}, False),
        ({"a": [1, {"b": 2}]}, {"a": [1.0, {"b": 2.0}]}, True),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": True}]}, False),
        (2**53 + 1, float(2**53), False),
        ("é", "e\u0301", False),
    ],
)
def test_equality(a, b, equal):
    assert json_equal(a, b) is equal
    assert json_equal(b, a) is equal


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe 1998, Stat. Med. 17, 857-872, table I, method 3 (Wilson's score, 4 places).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_of_the_literature(successes, n, low, high):
    assert wilson_interval(successes, n) == pytest.approx((low, high), abs=5.1e-5)


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_within_bounds(case):
    successes, n = case
    low, high = wilson_interval(successes, n)
    assert 0 <= low <= successes / n <= high <= 1
    mirrored = wilson_interval(n - successes, n)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-12)


def test_the_interval_solves_its_equation():
    """The bounds are where |p - bound| = z sqrt(bound (1 - bound) / n)."""
    for bound in wilson_interval(37, 120):
        spread = 1.959963984540054 * (bound * (1 - bound) / 120) ** 0.5
        assert abs(37 / 120 - bound) == pytest.approx(spread, rel=1e-12)


def test_no_rows_say_nothing():
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert Share(0, 0).value == 0.0


@pytest.mark.parametrize("case", [(-1, 5), (6, 5)])
def test_impossible_counts_are_refused(case):
    with pytest.raises(ValueError, match=f"{case[0]} successes of {case[1]}"):
        wilson_interval(*case)


def test_shares_count_only_the_rows_that_have_a_tool():
    document = Verdict(syntax_error=False, schema_valid=True, tool=None, exact=False)
    shares = summarize([PERFECT, WRONG_TOOL, NOT_JSON, document])
    assert shares == {
        "syntax_error": Share(1, 4),
        "schema_valid": Share(3, 4),
        "tool": Share(1, 3),
        "exact": Share(1, 4),
    }
    assert summarize([document])["tool"] is None
