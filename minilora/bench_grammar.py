"""What a grammar costs or saves in one JSON action, end to end: prompt, answer, grammar.

The specialist answers each row alone, greedily, in three ways:

    without grammar            every token is one step of the model
    with a new grammar         the schema is compiled first, every mask is computed
    with a known grammar       the schema was seen before, as a server has seen its tools

A row counts where all three give the same JSON, so that they do the same work; how many did is
said. The grammar's part is a mask a step; what it saves is the steps for tokens that can only come
next (`{"tool": "`, the names of arguments, brackets, the end).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minilora.batches import encode_prompt
from minilora.bench_timing import Timing, time_in_turn
from minilora.chat import Tokenizer
from minilora.command import CommandFailed
from minilora.constrain import Constrainer
from minilora.data.rows import Row, answer_schema
from minilora.decode_weights import unpacked
from minilora.evaluate import chosen
from minilora.generate import Completion, Constraint, Sampling, generate
from minilora.loading import load
from minilora.model import Llama
from minilora.precision import compute_dtype
from minilora.suites import load_suite, some

FREE, NEW, KNOWN = "without grammar", "with a new grammar", "with a known grammar"
MAX_NEW_TOKENS = 128


@dataclass(frozen=True)
class GrammarResult:
    """What was found.

    Attributes:
        rows: how many were timed: those whose answers were equal.
        asked: how many were asked.
        tokens: of the timed answers together.
        steps: of the model for them, without grammar and with one.
        timings: of all timed answers, one after the other.
    """

    rows: int
    asked: int
    tokens: int
    steps: tuple[int, int]
    timings: list[Timing]


class Answers:
    """Answers rows one at a time.

    Args:
        model, tokenizer: with the adapter active.
    """

    def __init__(self, model: Llama, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.known = Constrainer(tokenizer)
        self.n_steps = 0  # of the model, in all answers so far

    def answer(self, row: Row, constrainer: Constrainer | None) -> Completion:
        """Return the answer of a row, held to its schema by a constrainer."""
        prompt = encode_prompt(row, self.tokenizer)
        held: list[Constraint | None] = [None]
        if constrainer is not None:
            held = [constrainer.constraint(answer_schema(row), MAX_NEW_TOKENS)]
        sampling = Sampling(max_new_tokens=MAX_NEW_TOKENS)
        (completion,) = generate(
            self.model, self.tokenizer, [prompt], sampling, held, on_token=self._count
        )
        return completion

    def _count(self, n_rows: int) -> None:
        self.n_steps += 1

    def ways(self) -> dict[str, Callable[[Row], Completion]]:
        """Return the three ways; a new grammar shares no more than the vocabulary's tree."""
        vocabulary = self.known.vocabulary
        return {
            FREE: lambda row: self.answer(row, None),
            NEW: lambda row: self.answer(row, Constrainer(self.tokenizer, vocabulary=vocabulary)),
            KNOWN: lambda row: self.answer(row, self.known),
        }


def grammar_benchmark(n_rows: int, repeats: int) -> GrammarResult:
    """Have the shipped specialist answer rows of the suite of seen tools; time the equal ones.

    Raises:
        CommandFailed: no row was answered alike in all ways.
    """
    adapter, base = chosen(None, None)
    dtype, _ = compute_dtype("cpu")
    model, tokenizer = load(base, "nf4", adapter, "cpu", dtype)
    suite = load_suite("seen_tools")["seen_tools"]
    with unpacked(model):
        return timed(Answers(model, tokenizer), some(suite, n_rows), repeats)


def timed(answers: Answers, rows: list[Row], repeats: int) -> GrammarResult:
    """Return the result of some rows; see :func:`grammar_benchmark`."""
    ways = answers.ways()
    print("comparing answers", file=sys.stderr, flush=True)
    kept, tokens, steps = [], 0, {FREE: 0, NEW: 0, KNOWN: 0}
    for row in rows:
        found, needed = [], {}
        for name, way in ways.items():
            before = answers.n_steps
            found.append(way(row))
            needed[name] = answers.n_steps - before
        if all(_json(one) == _json(found[0]) is not None for one in found):
            kept.append(row)
            tokens += len(found[-1].tokens)
            steps = {name: steps[name] + needed[name] for name in ways}
    if not kept:
        raise CommandFailed(f"none of {len(rows)} rows is answered alike with and without grammar")
    print("timing actions", file=sys.stderr, flush=True)
    runs = {name: _over(way, kept) for name, way in ways.items()}
    timings = time_in_turn(runs, repeats, show=True)
    return GrammarResult(len(kept), len(rows), tokens, (steps[FREE], steps[KNOWN]), timings)


def _over(way: Callable[[Row], Completion], rows: list[Row]) -> Callable[[], object]:
    return lambda: [way(row) for row in rows]


def _json(completion: Completion) -> Any:
    """Return what an answer says, None where it is no JSON."""
    try:
        return json.loads(completion.text)
    except ValueError:
        return None
