"""What a state expects next, in words: how a reader sees a grammar work.

The words say what may come, without white space: "`,` or `}`", "a key: `tool` or `args`", "inside a
string, 3..20 characters more". They are for people; masks are computed from the automaton itself.

>>> from minilora.grammar import compile_json_schema
>>> machine = compile_json_schema({"type": "integer", "minimum": 1}).machine
>>> machine.describe(machine.start)
'an integer >= 1'
>>> machine.describe(machine.step(machine.start, ord("7")))
'inside a number: a digit, `.`, `E` or `e`; or the end'
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from minilora.grammar import json_threads as m
from minilora.grammar.formula import (
    ALL_TYPES,
    ARRAY,
    FALSE,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    TRUE,
    Formula,
)
from minilora.grammar.numbers import Numbers
from minilora.grammar.terms import Term, Terms, TooComplex

if TYPE_CHECKING:
    from minilora.grammar.json_machine import JsonMachine
    from minilora.grammar.machine import Machine

MAX_LISTED = 6  # words, numbers, keys or bytes: more are summed up
MAX_PATTERN = 60  # characters: a longer pattern is not shown
DIGITS = frozenset(b"0123456789")


def bytes_expected(machine: Machine, state: int) -> str:
    """Return the bytes that may come next, for any machine: "a digit or `.`; or the end"."""
    live = [byte for byte, after in enumerate(machine.row(state)) if after >= 0]
    ways = []
    if live:
        ways.append(_any_of(_bytes_in_words(live)))
    if machine.can_end(state):
        ways.append("the end")
    return "; or ".join(ways)


def _bytes_in_words(live: list[int]) -> list[str]:
    """Return bytes as phrases: the ten digits as one, the others each, or how many."""
    words = []
    if set(live) >= DIGITS:
        words, live = ["a digit"], [byte for byte in live if byte not in DIGITS]
    if len(live) > MAX_LISTED:
        return [*words, f"one of {len(live)} bytes"]
    return words + [f"`{chr(b)}`" if 32 <= b < 127 else f"byte 0x{b:02X}" for b in live]


# --- JSON ----------------------------------------------------------------------------------------


def json_expected(machine: JsonMachine, state: int, threads: Iterable[m.Thread]) -> str:
    """Return what a state of a JSON machine, given as its threads, expects next."""
    phrases = sorted({_thread(machine, state, thread) for thread in threads})
    return " or else ".join(phrases)


def _thread(machine: JsonMachine, state: int, thread: m.Thread) -> str:
    head = thread.head
    if isinstance(head, m.Value):
        return value_expected(machine, head.formula)
    if isinstance(head, m.Literal):
        return f"`{head.rest.decode()}`"
    if isinstance(head, m.Number):
        row = machine.numbers.row(head.state)
        live = [byte for byte, after in enumerate(row) if after >= 0]
        ways = [_any_of(_bytes_in_words(live))] if live else []
        if machine.numbers.can_end(head.state):
            ways.append("the end" if thread.tail == m.OUTERMOST else _closers(machine, state))
        return "inside a number: " + "; or ".join(ways)
    if isinstance(head, m.String):
        term = machine.strings.term(head.state)
        if term is None:
            return "inside a character of a string"
        return "inside a string" + _rest_of_string(machine.progress.terms, term)
    if isinstance(head, m.Open):
        return "; or ".join(_inside_brackets(machine, head.kind, head.formula))
    if isinstance(head, m.NextKey):
        return _keys(machine, *machine.members(head.members))
    if isinstance(head, m.KeyText):
        return "inside " + _keys_begun(machine, head)
    if isinstance(head, m.BeforeColon):
        return "`:`"
    return "the end" if thread.tail == m.OUTERMOST else _closers(machine, state)


def _closers(machine: JsonMachine, state: int) -> str:
    """Return which of comma and closing brackets may follow a value."""
    return _any_of([f"`{chr(b)}`" for b in b",]}" if machine.step(state, b) >= 0])


def value_expected(machine: JsonMachine, formula: Formula) -> str:
    """Return what values satisfy a formula: "`null` or an integer from 1 to 100"."""
    progress = machine.progress
    expanded = progress.expand(formula)
    if expanded is progress.formulas.types(ALL_TYPES):
        return "any value"
    ways = []
    for kind, literal in ((NULL, "null"), (TRUE, "true"), (FALSE, "false")):
        if progress.possible_of_type(expanded, kind):
            ways.append(f"`{literal}`")
    term = progress.string_term(progress.formulas.narrowed(expanded, STRING))
    if not progress.terms.is_empty(term):
        ways.append(_string(progress.terms, term))
    for numbers in progress.number_sets(progress.formulas.narrowed(expanded, NUMBER)):
        if not numbers.is_empty():
            ways.append(numbers_in_words(numbers))
    for kind, name in ((ARRAY, "an array"), (OBJECT, "an object")):
        if progress.possible_of_type(expanded, kind):
            ways.append(name)
    return _any_of(ways)


def _inside_brackets(machine: JsonMachine, kind: int, formula: Formula) -> Iterator[str]:
    """Yield what may follow an opening bracket."""
    progress = machine.progress
    if kind == OBJECT:
        if progress.live_keys(formula, frozenset()):
            yield _keys(machine, formula, frozenset())
        if progress.object_may_end(formula):
            yield "`}`"
        return
    items = [
        item
        for item, rest in progress.item_options(formula)
        if progress.possible(item) and progress.array_possible(rest)
    ]
    if items:
        yield "an item: " + _any_of(dict.fromkeys(value_expected(machine, i) for i in items))
    if progress.array_may_end(formula):
        yield "`]`"


def _keys(machine: JsonMachine, formula: Formula, seen: frozenset[str]) -> str:
    """Return the keys that may come next: "a key: `a` or another"."""
    live = machine.progress.live_keys(formula, seen)
    return _key_choice(machine.progress.terms, [term for term, _, _ in live])


def _keys_begun(machine: JsonMachine, head: m.KeyText) -> str:
    """Return the keys that begin with the text so far."""
    terms, text = machine.progress.terms, head.text.decode(errors="ignore")
    if "\\" in text:
        return "a key"
    live = tuple(term for term, _, _ in machine.live_keys(head.members).live)
    for char in text:
        live = tuple(terms.derivative(term, ord(char)) for term in live)
    return _key_choice(terms, [term for term in live if not terms.is_empty(term)], text)


def _key_choice(terms: Terms, live: Iterable[Term], begun: str = "") -> str:
    """Return the keys of some classes, given by what follows the text that has begun."""
    found = [_words(terms, term) for term in live]
    names = sorted(begun + word for words in found for word in words or ())
    if not names:
        return "a key"
    others = ["another"] if None in found else []
    return "a key: " + _any_of([*_first([f"`{name}`" for name in names]), *others])


# --- strings -------------------------------------------------------------------------------------


def _string(terms: Terms, term: Term) -> str:
    """Return what strings a term holds: "`"a"` or `"b"`", "a string of 3..20 characters"."""
    words = _words(terms, term)
    if words is not None:
        return _any_of(f"`{json.dumps(word, ensure_ascii=False)}`" for word in words)
    length, pattern = _length(term), _pattern(terms, term)
    return "a string" + (f" of {length}" if length else "") + pattern


def _rest_of_string(terms: Terms, term: Term) -> str:
    if term is terms.EPSILON:
        return ": its closing quote"
    words = _words(terms, term)
    if words is not None:
        rests = (json.dumps(word, ensure_ascii=False)[1:] for word in words)
        return ": " + _any_of(f"`{rest}`" for rest in rests)
    length, pattern = _length(term), _pattern(terms, term)
    if not length and not pattern:
        return ", any text"
    return (f", {length} more" if length else "") + pattern


def _words(terms: Terms, term: Term) -> tuple[str, ...] | None:
    """Return the words where they are few and found soon."""
    try:
        return terms.words(term, MAX_LISTED) or None
    except TooComplex:  # only the words about it are lost: the masks need no list
        return None


def _length(term: Term) -> str:
    """Return the bounds of the words' lengths: "3..20 characters"; "" where there are none."""
    low, high = term.min_length, term.max_length
    if high is None:
        return f"at least {_characters(low)}" if low else ""
    if low == high:
        return _characters(low)
    return f"at most {_characters(high)}" if low == 0 else f"{low}..{_characters(high)}"


def _characters(n: int) -> str:
    return f"{n} character{'' if n == 1 else 's'}"


def _pattern(terms: Terms, term: Term) -> str:
    """Return " matching PATTERN" where more than the length matters; a long one is not shown."""
    if term is terms.length(term.min_length, term.max_length):
        return ""
    text = repr(term).removeprefix("<Term ").removesuffix(">")
    return " of a pattern" if "..." in text or len(text) > MAX_PATTERN else f" matching {text}"


# --- numbers -------------------------------------------------------------------------------------


def numbers_in_words(numbers: Numbers) -> str:
    """Return what a set of numbers holds: "an integer from 1 to 100 other than 7"."""
    values = numbers.values(2)
    if values is not None:
        return _any_of(f"`{_decimal(q)}`" for q in values)
    step = numbers.multiples[0] if numbers.multiples else None
    words = "a number" if step is None else f"a multiple of {_decimal(step)}"
    if step == 1:
        words = "an integer"
    words += _bounds(numbers)
    if numbers.not_multiples:
        words += ", no multiple of " + _any_of(map(_decimal, numbers.not_multiples))
    if numbers.excluded:
        words += ", other than " + _any_of(_first([_decimal(q) for q in numbers.excluded]))
    return words


def _bounds(numbers: Numbers) -> str:
    low, high = numbers.low, numbers.high
    if low is not None and high is not None and not numbers.low_open and not numbers.high_open:
        return f" from {_decimal(low)} to {_decimal(high)}"
    bounds = []
    if low is not None:
        bounds.append(f" {'>' if numbers.low_open else '>='} {_decimal(low)}")
    if high is not None:
        bounds.append(f" {'<' if numbers.high_open else '<='} {_decimal(high)}")
    return " and".join(bounds)


def _decimal(q: Fraction) -> str:
    """Return a number as JSON where it is short, else as a power of ten or a quotient."""
    if q.denominator == 1:
        return str(q.numerator) if abs(q) < 10**15 else f"{float(q):.3g}"
    return f"{float(q)!r}" if Fraction(repr(float(q))) == q else str(q)


# --- lists ---------------------------------------------------------------------------------------


def _first(words: list[str]) -> list[str]:
    """Return the words, or the first of them and how many more there are."""
    if len(words) <= MAX_LISTED:
        return words
    return [*words[: MAX_LISTED - 1], f"one of {len(words) - MAX_LISTED + 1} more"]


def _any_of(words: Iterable[str]) -> str:
    """Return "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
