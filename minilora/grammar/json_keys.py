"""The keys that the next member of an object may have."""

from __future__ import annotations

from functools import cached_property

from minilora.grammar.formula import Formula
from minilora.grammar.loose import few_words, loose_of
from minilora.grammar.progress import Progress
from minilora.grammar.terms import Term


class Keys:
    """The keys that may come next, as far as somebody asks.

    Attributes:
        told_apart: the names that the formula speaks of, and those that are used up.
        example: where any text but for those may be a key: one such.
    """

    def __init__(self, progress: Progress, formula: Formula, seen: frozenset[str]) -> None:
        self._progress, self._formula, self._seen = progress, formula, seen
        self.told_apart = progress.mentioned(formula)[0] | seen
        self.example = self._example()

    def _example(self) -> str | None:
        """Return a key without a name of its own, if these are any text but for ``told_apart``."""
        wide = []
        for key in self._progress.unnamed(self._formula):
            words, loose = few_words(key.term), loose_of(key.term)
            if words is not None and words <= self.told_apart:
                continue
            if loose is None or loose[:2] != (0, None) or not loose.left_out <= self.told_apart:
                return None
            wide.append(key)
        if len(wide) != 1:
            return None
        names = ("a" * n for n in range(len(self.told_apart) + 1))
        name = next(name for name in names if name not in self.told_apart)
        alive = self._progress.may_come(self._formula, wide[0], name, self._seen)
        return name if alive else None

    @property
    def any_text(self) -> bool:
        """Whether keys are read as any text, of which some turn out not to be keys."""
        return self.example is not None

    @cached_property
    def live(self) -> list[tuple[Term, str, bool]]:
        """The keys by class: (their term, one of them, whether it is the only one)."""
        return self._progress.live_keys(self._formula, self._seen)

    @property
    def none(self) -> bool:
        """Whether no member may come."""
        return self.example is None and not self.live

    @cached_property
    def term(self) -> Term:
        """What keys are read as until their quote closes."""
        terms = self._progress.terms
        return terms.ANY if self.any_text else terms.union(*(term for term, _, _ in self.live))

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The names that may come."""
        return tuple(name for _, name, is_name in self.live if is_name)
