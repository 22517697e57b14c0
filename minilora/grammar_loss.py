"""Grammar-aligned training: which tokens the constrained sampler chooses among, answer by answer.

The sampler never draws from the model's own distribution. In grammar state s it draws from

    p(t | s) = exp z_t / sum over u in A(s) of exp z_u        for t in A(s), the allowed tokens

and where the grammar leaves one continuation it does not ask the model at all. ``--loss grammar``
trains this distribution: the loss of a token is -log p(token | s), and tokens that the model is
never asked for have none. Those are

- what :meth:`~minilora.grammar.matcher.Matcher.forced_tokens` gives, at first and after each
  token that was chosen;
- the only token that a mask allows;
- the end of text where nothing else may follow, whichever of the end tokens it is.

The walk is the sampler's (:func:`minilora.generate.generate`), over the same grammars in the same
white space. Three things to know:

- A row holds the tokenizer's own tokens of the whole answer; the sampler appends the tokenizer's
  tokens of the forced text alone. Where the two differ, the row's tokens are kept: those before the
  first difference count as forced, and the model is taken to be asked for those from there on. In
  the curated dataset they never differ (2,500 rows, 15,395 forced tokens).
- The masks are those of an unlimited token budget. The sampler's narrow only where an answer is
  about to run out of tokens, which no row's answer does.
- Every row has a schema (:func:`minilora.data.rows.answer_schema`); one whose schema cannot be
  compiled is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

import numpy as np

from minilora.batches import Example
from minilora.chat import Tokenizer
from minilora.constrain import Constrainer
from minilora.data.rows import Row, answer_schema
from minilora.grammar import Matcher
from minilora.grammar.masks import Packed

AnswerMask = tuple[Packed | None, ...]  # for each completion token; None: it has no loss


class AnswerMasks:
    """The masks of every row's answer: computed at first use, a schema's rows together, and kept.

    A mask takes V / 8 bytes (6 kB for SmolLM2's 49,152 tokens); equal ones are one array.
    """

    def __init__(
        self, rows: Sequence[Row], examples: Sequence[Example], tokenizer: Tokenizer
    ) -> None:
        """Check that every answer is one that its row's grammar allows.

        Args:
            rows: whose schemas hold.
            examples: the same rows, tokenised.
            tokenizer: the model's own.

        Raises:
            ValueError: a row's schema cannot be compiled, or does not allow the row's answer.
        """
        self._constrainer = Constrainer(tokenizer)
        self._schemas: dict[Example, str] = {}
        self._together: dict[str, list[Example]] = {}  # examples by schema
        self._found: dict[Example, AnswerMask] = {}
        self._equal: dict[bytes, Packed] = {}
        starts: dict[str, Matcher] = {}
        for row, example in zip(rows, examples, strict=True):
            schema = json.dumps(answer_schema(row))
            self._schemas[example] = schema
            self._together.setdefault(schema, []).append(example)
            try:
                if schema not in starts:
                    starts[schema] = self._start(schema)
                check(starts[schema].fork(), example.completion, tokenizer)
            except ValueError as error:
                raise ValueError(f"row {row.id}: {error}") from None

    def __call__(self, example: Example) -> AnswerMask:
        """Return the packed mask of each completion token, None where it has no loss."""
        if example not in self._found:
            self._compute(self._schemas[example])
        return self._found[example]

    def _start(self, schema: str) -> Matcher:
        """Return a matcher with a mask cache of its own, which goes when the matcher does."""
        machine = self._constrainer.grammar(json.loads(schema)).machine
        return Matcher(machine, self._constrainer.vocabulary)

    def _compute(self, schema: str) -> None:
        start = self._start(schema)
        masks: dict[int, Packed | None] = {}  # by state, for all rows of the schema
        forced: dict[int, list[int]] = {}

        def mask_of(matcher: Matcher) -> Packed | None:
            if matcher.state not in masks:
                masks[matcher.state] = self._shared(matcher) if leaves_choice(matcher) else None
            return masks[matcher.state]

        def forced_of(matcher: Matcher) -> list[int]:
            if matcher.state not in forced:
                forced[matcher.state] = matcher.forced_tokens()
            return forced[matcher.state]

        for example in self._together[schema]:
            found: list[Packed | None] = [None] * len(example.completion)
            matcher = start.fork()
            for place in asked_places(matcher, example.completion, forced_of):
                found[place] = mask_of(matcher)
            self._found[example] = tuple(found)

    def _shared(self, matcher: Matcher) -> Packed:
        """Return the matcher's mask, as the one array that all equal masks are."""
        data = matcher.mask().tobytes()
        return self._equal.setdefault(data, np.frombuffer(data, np.int32))


def check(matcher: Matcher, completion: Sequence[int], tokenizer: Tokenizer) -> None:
    """Raise ValueError where a completion leaves the grammar; the matcher is moved along."""
    for place, token in enumerate(completion):
        if not matcher.allows(token):
            rest = tokenizer.decode(completion[place:], special=True)
            raise ValueError(
                f"its schema's grammar does not allow the answer's {rest!r} (token {place + 1} of "
                f"{len(completion)})"
            )
        matcher.advance(token)


def leaves_choice(matcher: Matcher) -> bool:
    """Return whether the mask allows two outcomes: tokens with text, or the end of it."""
    n_allowed = int(np.unpackbits(matcher.mask().view(np.uint8)).sum())
    n_ends = len(matcher.vocabulary.eos_ids) if matcher.can_end else 0
    return n_allowed - n_ends + (n_ends > 0) > 1


def asked_places(
    matcher: Matcher, completion: Sequence[int], forced: Callable[[Matcher], list[int]]
) -> Iterator[int]:
    """Walk through a completion as the sampler does; stop wherever it asks the model.

    Args:
        matcher: before the first token; at each stop it stands before that token, at the end
            behind the last.
        completion: tokens that the grammar allows.
        forced: what the sampler takes without asking, at first and after a token that it chose.

    Yields:
        Places in the completion.
    """
    n_free = n_common(forced(matcher), completion)  # forced tokens still to come
    for place, token in enumerate(completion):
        asked = n_free == 0
        if asked:
            yield place
        else:
            n_free -= 1
        matcher.advance(token)
        if asked:
            n_free = n_common(forced(matcher), completion[place + 1 :])


def n_common(a: Sequence[int], b: Sequence[int]) -> int:
    """Return how many tokens two sequences have in common from the start."""
    pairs = zip(a, b, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
