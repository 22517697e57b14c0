"""What a judge is told, and the form of its answer; the verdict of the local one apart.

Everything that is judged was written by someone else, so it stands inside a fence. Reasons and
quotes come before the verdict on them, so that the verdict can follow from them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from minilora.data.detective.steps import (
    MAX_QUOTE_CHARS,
    SOURCES,
    Step,
)
from minilora.data.rows import JsonObject
from serve.guard.fence import Fence

VERSION = 1  # part of every judge's name: verdicts under other prompts are not reused
MAX_CLAIMS = 24
MAX_CHARS = 400


def _schema(description: str, **properties: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_TEXT: JsonObject = {"type": "string", "minLength": 1, "maxLength": MAX_CHARS}
_QUESTION: JsonObject = {"type": "string", "minLength": 1, "maxLength": 120}
_QUESTION_FORM = r'^(What|Who|When|Where|Which|How|Why) [^"?\\]{8,100}\?$'
_EXAMPLES: tuple[tuple[str, list[str]], ...] = (
    (
        "The Eiffel Tower was built by Gustave Eiffel in 1889.",
        [
            "When was the Eiffel Tower built?",
            "Who built the Eiffel Tower?",
            "What was built in 1889?",
        ],
    ),
    (
        "Marie Curie discovered radium in Paris.",
        [
            "Who discovered radium?",
            "What did Marie Curie discover?",
            "Where was radium discovered?",
        ],
    ),
)
_REASON = _TEXT | {"description": "one sentence"}


def verdict_step(claim: str, passages: Sequence[str], fence: Fence) -> Step:
    """Return the step that compares a claim with passages, its reason first."""
    schema = _schema(
        "Compare the claim with the sources alone, not with what you know.",
        reason=_REASON,
        quote={
            "type": "string",
            "description": "sentence of a source that comes nearest, word for word",
            "x-substring-of": SOURCES,
            "minLength": 1,
            "maxLength": MAX_QUOTE_CHARS,
        },
        verdict={
            "enum": ["supported", "contradicted", "not_found"],
            "description": "supported: they say all of it; contradicted: they say otherwise",
        },
    )
    parts = [(passage, f"source {i}") for i, passage in enumerate(passages, start=1)]
    user = "\n".join(fence.wrap(text, label) for text, label in [*parts, (claim, "claim")])
    return Step("judge_verdict", schema, user, fence.rule)


def claims_step(question: str, answer: str, fence: Fence) -> Step:
    """Return the step that takes an answer apart.

    Source: Es et al. 2023, arXiv:2309.15217, section 3: statements, then a verdict on each.
    """
    schema = _schema(
        "Take the answer apart into statements of one fact each. Each can be understood alone: "
        "names in place of pronouns, and what the question adds. Leave out what states nothing.",
        claims={"type": "array", "items": _TEXT, "maxItems": MAX_CLAIMS},
    )
    user = f"{fence.wrap(question, 'question')}\n{fence.wrap(answer, 'answer')}"
    return Step("judge_claims", schema, user, fence.rule)


def questions_step(answer: str, n: int, fence: Fence) -> Step:
    """Return the step that asks for the questions an answer answers."""
    schema = _schema(
        f"Write {n} different questions that the answer answers. It is noncommittal where it says "
        "that it does not know, or evades.",
        questions={"type": "array", "items": _QUESTION, "minItems": n, "maxItems": n},
        noncommittal={"type": "boolean"},
    )
    return Step("judge_questions", schema, fence.wrap(answer, "answer"), fence.rule)


def examples_step(answer: str, n: int, fence: Fence) -> Step:
    """Return :func:`questions_step` for a small model: shown by examples, held to a form.

    Told without examples, the embedded model writes no questions at all.
    """
    form = {"type": "string", "pattern": _QUESTION_FORM}
    schema = _schema(
        "Write the questions that the text answers, as in the examples.",
        questions={"type": "array", "items": form, "minItems": n, "maxItems": n},
    )
    shown = "".join(
        f"Text: {text}\n{json.dumps({'questions': asked[:n]})}\n\n" for text, asked in _EXAMPLES
    )
    return Step("judge_questions", schema, f"{shown}Text: {fence.defuse(answer)}")


def compare_step(question: str, a: str, b: str, fence: Fence) -> Step:
    """Return the step that chooses between two answers."""
    schema = _schema(
        "Which answer is more correct and more to the point? Length and order do not count.",
        reason=_REASON,
        better={"enum": ["first", "second", "neither"]},
    )
    parts = ((question, "question"), (a, "first answer"), (b, "second answer"))
    user = "\n".join(fence.wrap(text, label) for text, label in parts)
    return Step("judge_compare", schema, user, fence.rule)
