"""Which lengths the words of a term have, for a term with few derivatives.

Forget which character a step reads, and the words of a term are the paths to its nullable
derivatives. The sets of states with a word of length 0, 1, 2, ... repeat from some length on, since
each follows from the one before; so bounds on the length, however great, are settled by a table.
"""

from __future__ import annotations

from dataclasses import dataclass

from minilora.grammar.term import Term

MAX_LENGTHS = 4096  # word lengths before they must repeat


@dataclass(frozen=True)
class WordLengths:
    """Which word lengths a term and its derivatives have.

    Bit ``index[t]`` of ``levels[k]`` says whether t has a word of k code points; from
    ``levels[loop]`` on, the levels repeat.
    """

    index: dict[Term, int]
    levels: list[int]
    loop: int

    def has_length(self, t: Term, low: int, high: int | None) -> bool:
        """Return whether t has a word of ``low`` to ``high`` code points."""
        period = len(self.levels) - self.loop
        start = low if low < self.loop else self.loop + (low - self.loop) % period
        number = self.loop + period if high is None else min(high - low + 1, self.loop + period)
        for k in range(start, start + number):
            level = k if k < len(self.levels) else self.loop + (k - self.loop) % period
            if self.levels[level] >> self.index[t] & 1:
                return True
        return False


def tabulate(graph: dict[Term, list[Term]]) -> WordLengths | None:
    """Return the word lengths of every state of a closed graph, None if they repeat too late.

    levels[0] = the nullable states; levels[k + 1] = the states with a step into levels[k].
    """
    index = {state: i for i, state in enumerate(graph)}
    sources = [0] * len(graph)  # for each state, the states with a step into it
    for state, targets in graph.items():
        for target in targets:
            sources[index[target]] |= 1 << index[state]
    level = sum(1 << i for state, i in index.items() if state.nullable)
    levels: list[int] = []
    seen: dict[int, int] = {}
    while level not in seen:
        if len(levels) == MAX_LENGTHS:
            return None
        seen[level] = len(levels)
        levels.append(level)
        previous, level = level, 0
        while previous:
            lowest = previous & -previous
            level |= sources[lowest.bit_length() - 1]
            previous ^= lowest
    return WordLengths(index, levels, seen[level])
