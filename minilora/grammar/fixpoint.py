"""Decisions that ask each other, as formulas of schemas that contain themselves do."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable


class Fixpoint:
    """Least fixpoint of decisions that ask each other.

    A question that comes up again while it is being decided is answered "no" for the time being. A
    "yes" found with that help stands, since nothing becomes impossible by more being possible. A
    "no" stands once every question it leaned on has itself been decided.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, bool] = {}
        self._depth: dict[Hashable, int] = {}
        self._leaned_on = math.inf  # the outermost open question used since it was last asked
        self._provisional: list[Hashable] = []

    @property
    def idle(self) -> bool:
        """Whether no question is being decided."""
        return not self._depth

    def known(self, question: Hashable) -> bool:
        """Return whether the answer is known to be yes."""
        return self._known.get(question, False)

    def settle(self, question: Hashable) -> None:
        """Note that the answer is yes."""
        self._known[question] = True

    def decide(self, question: Hashable, answer: Callable[[], bool]) -> bool:
        """Return the answer, from memory or by asking."""
        if question in self._known:
            return self._known[question]
        if question in self._depth:
            self._leaned_on = min(self._leaned_on, self._depth[question])
            return False
        depth = self._depth[question] = len(self._depth)
        outer, self._leaned_on = self._leaned_on, math.inf
        first = len(self._provisional)
        try:
            found = answer()
        except BaseException:  # given up: what leaned on it is open again
            del self._provisional[first:]
            self._leaned_on = outer
            raise
        finally:
            del self._depth[question]
        if found:
            self._known[question] = True
            del self._provisional[first:]  # they may have leaned on this question's "no"
            self._leaned_on = outer
            return True
        if self._leaned_on >= depth:  # nothing outside was leaned on: this and all below stands
            self._known[question] = False
            for below in self._provisional[first:]:
                self._known[below] = False
            del self._provisional[first:]
            self._leaned_on = outer
        else:
            self._provisional.append(question)
            self._leaned_on = min(outer, self._leaned_on)
        return False
