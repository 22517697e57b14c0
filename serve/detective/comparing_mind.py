"""Whether a source supports a claim: a cross-encoder's verdict, and two models' together.

The adapter ``judge`` writes its verdict, the cross-encoder (:mod:`minilora.cross_encoder.entailer`)
computes it; they were trained on the same rows and err on different ones. Of shares p_1, ..., p_n
of a verdict,

    P(verdict) ~ (p_1 * ... * p_n) ** (1/n)

normalised over the verdicts: the logarithmic opinion pool, in which a model that is sure counts
more than one that is not.

Source: Genest & Zidek 1986, Combining probability distributions, Statistical Science 1(1).

>>> shares = pooled([{"yes": 0.9, "no": 0.1}, {"yes": 0.5, "no": 0.5}])
>>> {value: round(share, 6) for value, share in shares.items()}
{'yes': 0.75, 'no': 0.25}
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence

from minilora.cross_encoder.entailer import Entailer
from minilora.data.detective.steps import Step
from serve.detective.local_mind import InThread, LocalMind
from serve.detective.mind import Decision, Mind, MindFailed
from serve.detective.reply import Usage

LEAST = 1e-6  # share that is taken for a smaller one: no model alone rules a verdict out


class ComparingMind:
    """The cross-encoder as a :class:`serve.detective.mind.Mind`, for steps that have a claim.

    Args:
        entailer: compares.
        in_thread: where it computes.
    """

    model = "entailment"

    def __init__(self, entailer: Entailer, in_thread: InThread) -> None:
        self._entailer, self._in_thread = entailer, in_thread

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the likeliest verdict on the claim by the one passage that is given."""
        if not step.claim or len(passages) != 1:
            raise MindFailed(f"{self.model} takes a claim and one passage, not {step.name!r}")
        source = passages[0]
        shares = await self._in_thread(lambda: self._entailer.probabilities(step.claim, source))
        return Decision(_likeliest(shares), (), Usage(), shares, self.model)


def verdict_mind(adapted: LocalMind, comparing: ComparingMind) -> Mind:
    """Return the adapter and the cross-encoder pooled; without the adapter the latter alone."""
    return PooledMind([adapted, comparing]) if adapted.adapted else comparing


class PooledMind:
    """Several minds that give verdicts, taken together; see :class:`serve.detective.mind.Mind`.

    Args:
        minds: at least one; each tells its confidence.
    """

    def __init__(self, minds: Sequence[Mind]) -> None:
        self._minds = tuple(minds)

    @property
    def model(self) -> str:
        """All their names."""
        return " and ".join(mind.model for mind in self._minds)

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the verdict that is likeliest by all; its tokens are those of the first."""
        asked = [mind.decide(step, passages, seconds) for mind in self._minds]
        decisions = await asyncio.gather(*asked)
        shares = pooled([decision.confidence for decision in decisions])
        used = [decision.usage for decision in decisions]
        usage = Usage(
            sum(one.model_calls for one in used),
            sum(one.prompt_tokens for one in used),
            sum(one.completion_tokens for one in used),
            sum(one.total_tokens for one in used),
        )
        return Decision(_likeliest(shares), decisions[0].tokens, usage, shares, self.model)


def pooled(shares: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the logarithmic opinion pool; one mind that does not tell its shares says nothing."""
    told = [one for one in shares if one]
    if not told:
        raise MindFailed("no model told how sure it was of its verdict")
    mass = {
        value: math.exp(sum(math.log(max(one[value], LEAST)) for one in told) / len(told))
        for value in told[0]
    }
    total = sum(mass.values())
    return {value: share / total for value, share in mass.items()}


def _likeliest(shares: Mapping[str, float]) -> dict[str, str]:
    return {"verdict": max(shares, key=shares.__getitem__)}
