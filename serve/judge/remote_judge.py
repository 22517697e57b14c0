"""Any OpenAI-compatible endpoint as a judge.

Each answer is one JSON document, checked against its schema and asked for again by the mind
(:class:`serve.detective.remote_mind.RemoteMind`); the reason comes before the verdict, and the
quote is a substring of what was judged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from minilora.data.detective.steps import Step
from serve.detective.mind import Decision, Mind, MindFailed
from serve.detective.reply import Usage
from serve.generation import Refused
from serve.guard.fence import Fence
from serve.judge.judge import Generated, Preference
from serve.judge.local_judge import PREFERENCES, nothing_to_close
from serve.judge.passages import locate
from serve.judge.prompts import VERSION, claims_step, compare_step, questions_step, verdict_step
from serve.judge.usage import add_usage
from serve.judge.verdicts import ClaimVerdict, JudgeFailed


class RemoteJudge:
    """A judge of one mind, which is asked everything; see :class:`serve.judge.judge.Judge`.

    Args:
        mind: the endpoint.
        close: lets go of it.
        seconds: for one answer.
    """

    def __init__(
        self,
        mind: Mind,
        close: Callable[[], Awaitable[None]] = nothing_to_close,
        seconds: float = 60.0,
    ) -> None:
        self.model = mind.model
        self.name = f"remote:{mind.model}:v{VERSION}"
        self._mind, self._close, self._seconds = mind, close, seconds
        self._usage = Usage()

    @property
    def usage(self) -> Usage:
        """What was asked of the model so far."""
        return self._usage

    async def claims(self, question: str, answer: str) -> list[str]:
        """Return the claims that the model finds, each once."""
        decision = await self._decide(claims_step(question, answer, Fence()))
        return list(dict.fromkeys(decision.value["claims"]))

    async def verdict(self, claim: str, passages: Sequence[str]) -> ClaimVerdict:
        """Return the model's verdict with its reason.

        Nothing is asked where there is no passage: nothing supports the claim then.
        """
        if not any(passage.strip() for passage in passages):
            return ClaimVerdict(claim, "not_found", 0.0, "There is no source.")
        fence = Fence()
        shown = [fence.defuse(passage) for passage in passages]
        decision = await self._decide(verdict_step(claim, shown, fence), *shown)
        value = decision.value
        return ClaimVerdict(
            claim,
            value["verdict"],
            decision.confidence.get("supported"),
            value["reason"],
            locate(value["quote"], passages),
        )

    async def questions(self, answer: str, n: int) -> Generated:
        """Return n questions."""
        value = (await self._decide(questions_step(answer, n, Fence()))).value
        return Generated(tuple(value["questions"]), value["noncommittal"])

    async def compare(self, question: str, a: str, b: str) -> Preference:
        """Return which answer the model takes for the better one."""
        decision = await self._decide(compare_step(question, a, b, Fence()))
        return PREFERENCES[decision.value["better"]]

    async def close(self) -> None:
        """Let go of the endpoint."""
        await self._close()

    async def _decide(self, step: Step, *passages: str) -> Decision:
        try:
            decision = await self._mind.decide(step, passages, self._seconds)
        except (MindFailed, Refused) as error:
            raise JudgeFailed(f"{self.model}: {error}") from None
        self._usage = add_usage(self._usage, decision.usage)
        return decision
