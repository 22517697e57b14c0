"""Compiled grammars and the functions that compile them."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Literal

from minilora.grammar.compiler import Compiler, refusal
from minilora.grammar.documents import Documents
from minilora.grammar.errors import InvalidSchema, UnsupportedSchema
from minilora.grammar.formats import shared_terms
from minilora.grammar.formula import Formula, Formulas
from minilora.grammar.json_machine import JsonMachine
from minilora.grammar.limits import TooComplex
from minilora.grammar.machine import DEAD, Machine
from minilora.grammar.masks import MaskCache
from minilora.grammar.matcher import Matcher
from minilora.grammar.pattern import InvalidPattern, UnsupportedPattern, parse_whole
from minilora.grammar.progress import Progress
from minilora.grammar.substring import Substrings, check_text
from minilora.grammar.terms import Terms
from minilora.grammar.text_machine import TextMachine
from minilora.grammar.vocabulary import Vocabulary
from minilora.grammar.whitespace import Style, Whitespace

MAX_ENTRIES = 500_000  # of a machine's tables, about 0.2 kB each


class Grammar:
    """A language of byte strings, such as the JSON documents that satisfy a schema.

    Attributes:
        machine: its automaton, of what is generated.
    """

    def __init__(
        self,
        machine: Machine,
        exact: Callable[[], Machine] | None = None,
        renew: Callable[[], Grammar] | None = None,
    ) -> None:
        """Keep a machine.

        Args:
            machine: the automaton.
            exact: makes the one that judges numbers by their exact values, if that is another.
            renew: makes the grammar anew; None where what documents say does not make it grow.
        """
        self.machine = machine
        self._make_exact, self._renew = exact, renew
        self._exact: Machine | None = None
        self._n_first = machine.n_entries
        self._masks: dict[str, MaskCache] = {}

    def _keep_small(self) -> None:
        """Begin anew, between two documents, once the machine has grown by what documents said.

        Matchers that are under way go on with the old machine, which is freed with the last.
        """
        if self._renew is None:
            return
        exact = 0 if self._exact is None else self._exact.n_entries
        if self.machine.n_entries + exact > self._n_first + MAX_ENTRIES:
            fresh = self._renew()
            self.machine, self._make_exact, self._exact = fresh.machine, fresh._make_exact, None
            self._masks.clear()

    def matcher(self, vocabulary: Vocabulary) -> Matcher:
        """Return a matcher before the first token; all of one vocabulary share their masks."""
        self._keep_small()
        cache = self._masks.get(vocabulary.fingerprint)
        if cache is None:
            cache = self._masks[vocabulary.fingerprint] = MaskCache(self.machine, vocabulary)
        return Matcher(self.machine, cache.vocabulary, cache)

    @property
    def n_narrowed(self) -> int:
        """How many states take one completion alone, since a decision was beyond its limit."""
        return self.machine.n_narrowed

    def accepts(self, data: bytes) -> bool:
        """Return whether the bytes are a document of the grammar.

        Numbers are judged by their exact values, as the specification does. What a matcher allows
        is a little less: only numbers that readers of doubles judge alike (number_doubles.py).
        """
        self._keep_small()
        if _accepts(self.machine, data):
            return True
        if self._make_exact is not None and self._exact is None:
            self._exact = self._make_exact()
        return self._exact is not None and _accepts(self._exact, data)


def _accepts(machine: Machine, data: bytes) -> bool:
    state = machine.start
    for byte in data:
        state = machine.step(state, byte)
        if state == DEAD:
            break
    if state == DEAD and machine.n_narrowed:  # it may be no fault of the document
        state = machine.walk_exactly(machine.start, data)
    return state != DEAD and machine.can_end(state)


def compile_json_schema(
    schema: Any,
    whitespace: Style = "flexible",
    order: Literal["any", "schema"] = "any",
    formats: Literal["enforce", "annotate"] = "enforce",
    resources: Mapping[str, Any] | None = None,
    texts: Mapping[str, str | Substrings] | None = None,
) -> Grammar:
    """Return the grammar of the documents that satisfy a JSON Schema.

    Args:
        schema: draft 2020-12, with the spellings of drafts 4 to 7 understood.
        whitespace: see :mod:`minilora.grammar.whitespace`.
        order: whether members may come in any order, or must follow that of ``properties``.
        formats: whether ``format`` constrains strings, or is an annotation as in the specification.
        resources: further documents by URI, for ``$ref``; nothing is ever fetched. They are kept,
            and must not be changed as long as the grammar is in use.
        texts: what may be quoted, by the names that the keyword ``x-substring-of`` gives: a string
            under it is a substring of that text, verbatim. See :func:`compile_substring`.

    Raises:
        InvalidSchema: no JSON Schema, or no document satisfies it.
        UnsupportedSchema: a keyword in it cannot be enforced.
        ValueError: an option, or a text to quote, is none.
    """
    if formats not in ("enforce", "annotate"):
        raise ValueError(f"formats must be 'enforce' or 'annotate', got {formats!r}")
    if order not in ("any", "schema"):
        raise ValueError(f"order must be 'any' or 'schema', got {order!r}")
    shared = shared_terms()
    formulas = Formulas(Terms(base=shared))
    documents = Documents(schema, resources)
    enforced = shared if formats == "enforce" else None
    quotable = {name: _substrings(text) for name, text in (texts or {}).items()}
    compiler = Compiler(documents, formulas, enforced, order == "schema", quotable)
    progress = Progress(formulas, compiler.expand)

    def exact(formula: Formula, gaps: Whitespace) -> Machine:
        return JsonMachine(Progress(formulas, compiler.expand, doubles=False), formula, gaps)

    try:
        formula: Formula = compiler.schema(documents.root)
        compiler.compile_all()
        gaps = Whitespace(whitespace)
        if progress.possible(formula):
            kept = pickle.dumps(schema)  # as it is now, whatever the caller does with it later

            def renew() -> Grammar:
                again = pickle.loads(kept)
                return compile_json_schema(again, whitespace, order, formats, resources, quotable)

            machine = JsonMachine(progress, formula, gaps)
            return Grammar(machine, lambda: exact(formula, gaps), renew)
        if Progress(formulas, compiler.expand, doubles=False).possible(formula):
            raise UnsupportedSchema("asks for numbers that doubles do not tell apart")
        raise InvalidSchema("no document satisfies it")
    except RecursionError:
        raise UnsupportedSchema("is nested too deeply") from None
    except TooComplex as error:
        compiler.check_limits(progress.possible)  # names the innermost schema that is the reason
        raise refusal(error, documents.root) from None


@cache
def compile_json(whitespace: Style = "flexible") -> Grammar:
    """Return the grammar of any JSON value: one for all who ask, so that all share its masks."""
    return compile_json_schema(True, whitespace)


@cache
def compile_json_object(whitespace: Style = "flexible") -> Grammar:
    """Return the grammar of any JSON object; one for all who ask."""
    return compile_json_schema({"type": "object"}, whitespace)


def compile_regex(pattern: str) -> Grammar:
    r"""Return the grammar of the plain texts that a regular expression matches from end to end.

    It is an expression of ECMA-262 in unicode mode, as the keyword ``pattern`` takes it, but as if
    it stood in ``^(?:...)$``: ``a|b`` is one letter, and what may come around a match is written
    out, as in ``[^]*a[^]*``.

    >>> grammar = compile_regex(r"\d{4}-\d\d")
    >>> grammar.accepts(b"2024-02"), grammar.accepts(b"on 2024-02")
    (True, False)

    Raises:
        InvalidPattern: no regular expression, or one that no text matches.
        UnsupportedPattern: a construct in it is refused, such as a lookbehind; or it is too large.
    """
    if not isinstance(pattern, str):
        raise InvalidPattern(f"a pattern is a string, not {type(pattern).__name__}")
    terms = Terms()
    try:
        term = parse_whole(pattern, terms)
        if terms.is_empty(term):
            raise InvalidPattern(f"no text matches the pattern {pattern[:80]!r}")
        return Grammar(TextMachine(terms, term))
    except TooComplex as error:
        raise UnsupportedPattern(f"{error}: {pattern[:80]!r}") from None


def compile_choice(choices: Iterable[str]) -> Grammar:
    """Return the grammar of exactly these plain texts.

    >>> compile_choice(["yes", "no"]).accepts(b"yes")
    True

    Raises:
        ValueError: there is none, or one is no text.
    """
    if isinstance(choices, str):
        raise ValueError("choices must be a list of texts, got one text")
    terms = Terms()
    term = terms.any_of(check_text(choice, "a choice") for choice in choices)
    if term is terms.EMPTY:
        raise ValueError("there must be at least one choice")
    return Grammar(TextMachine(terms, term))


def compile_substring(
    text: str | Substrings,
    min_length: int = 1,
    max_length: int | None = None,
    whole_words: bool = False,
) -> Grammar:
    """Return the grammar of verbatim quotes out of a text, white space and all.

    >>> compile_substring("An owl, a hat", whole_words=True).accepts(b"a hat")
    True

    Args:
        text: what is quoted; :class:`Substrings` of it where several grammars share a text.
        min_length: code points of a quote at least.
        max_length: code points at most; None is no bound.
        whole_words: whether a quote may cut no word, nor begin or end with white space; see
            :class:`Substrings`, which has the option itself.

    Raises:
        ValueError: no quote of the text is that long, or it is no text.
    """
    if min_length < 0 or (max_length is not None and max_length < 0):
        raise ValueError(f"lengths must be at least 0, got {min_length} and {max_length}")
    quotes = _substrings(text, whole_words)
    terms = Terms()
    term = terms.intersect(terms.substring(quotes), terms.length(min_length, max_length))
    if terms.is_empty(term):
        most = "any number of" if max_length is None else max_length
        raise ValueError(f"the text has no quote of {min_length} to {most} code points")
    return Grammar(TextMachine(terms, term))


def _substrings(text: str | Substrings, whole_words: bool = False) -> Substrings:
    if not isinstance(text, Substrings):
        return Substrings(text, whole_words)
    if whole_words and not text.whole_words:
        raise ValueError("whole_words is asked for, but these substrings were built without it")
    return text
