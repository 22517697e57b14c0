"""The local models as a judge: two for verdicts, a rule for claims, the base model for questions.

The entailment adapter writes a verdict of one token, the cross-encoder computes one; what counts is
their pool (:mod:`serve.detective.comparing_mind`). The evidence beside it is found without them,
word for word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from minilora.data.detective.steps import Step, Verdict
from minilora.data.entailment.evidence import ranked
from minilora.data.entailment.steps import LABEL, entail
from serve.detective.mind import Decision, Mind, MindFailed
from serve.detective.reply import Usage
from serve.generation import Refused
from serve.guard.fence import Fence
from serve.judge.calibration import Calibration
from serve.judge.claims import split_claims
from serve.judge.judge import Generated, Preference, is_noncommittal
from serve.judge.passages import locate, passage_sentences, shown_of
from serve.judge.prompts import VERSION, compare_step, examples_step
from serve.judge.usage import add_usage
from serve.judge.verdicts import ClaimVerdict, JudgeFailed


async def nothing_to_close() -> None:
    """Let go of nothing, where a mind belongs to someone else."""


PREFERENCES: dict[str, Preference] = {"first": "a", "second": "b", "neither": "tie"}


class LocalJudge:
    """A judge of two local minds; see :class:`serve.judge.judge.Judge`.

    Args:
        entailment: what was trained on verdicts.
        writer: the base model, which writes questions and chooses between answers.
        name: see :func:`local_name`.
        calibration: puts the probability right, and says from where on a claim is supported; else
            it is the likelier of the other two. None takes the likeliest of the three.
        seconds: for one answer.
        close: lets go of both minds.
    """

    def __init__(
        self,
        entailment: Mind,
        writer: Mind,
        name: str,
        calibration: Calibration | None = None,
        seconds: float = 60.0,
        close: Callable[[], Awaitable[None]] = nothing_to_close,
    ) -> None:
        self.model = entailment.model
        self.name = name
        self._entailment, self._writer = entailment, writer
        self._calibration, self._seconds, self._close = calibration, seconds, close
        self._fence = Fence()  # one for all, so that equal passages are computed once
        self._usage = Usage()

    @property
    def usage(self) -> Usage:
        """What was asked of the model so far."""
        return self._usage

    async def claims(self, question: str, answer: str) -> list[str]:
        """Return the claims by the rule of :mod:`serve.judge.claims`."""
        return split_claims(question, answer)

    async def verdict(self, claim: str, passages: Sequence[str]) -> ClaimVerdict:
        """Return what the adapter says of a claim, shown the sentences nearest to it.

        Nothing is asked where there is no passage: nothing supports the claim then.
        """
        found = [sentence for passage in passages for sentence in passage_sentences(passage)]
        if not found:
            return ClaimVerdict(claim, "not_found", 0.0, "There is no source.")
        nearby = shown_of(claim, passages)
        source = self._fence.wrap(nearby, LABEL)
        step = entail(self._fence.defuse(claim), source)
        decision = await self._decide(self._entailment, step, [nearby])
        label: Verdict = decision.value["verdict"]
        probability = decision.confidence.get("supported")
        if self._calibration is not None and probability is not None:
            probability = self._calibration.probability(probability, claim, nearby)
            label = calibrated_label(decision.confidence, probability, self._calibration.threshold)
        best = found[ranked(claim, found)[0]]
        return ClaimVerdict(claim, label, probability, evidence=locate(best, passages))

    async def questions(self, answer: str, n: int) -> Generated:
        """Return n questions; whether the answer evades is told by its words."""
        step = examples_step(answer, n, self._fence)
        decision = await self._decide(self._writer, step)
        return Generated(tuple(decision.value["questions"]), is_noncommittal(answer))

    async def compare(self, question: str, a: str, b: str) -> Preference:
        """Return which answer the base model takes for the better one."""
        step = compare_step(question, a, b, self._fence)
        decision = await self._decide(self._writer, step)
        return PREFERENCES[decision.value["better"]]

    async def close(self) -> None:
        """Let go of the minds."""
        await self._close()

    async def _decide(self, mind: Mind, step: Step, passages: Sequence[str] = ()) -> Decision:
        try:
            decision = await mind.decide(step, passages, self._seconds)
        except (MindFailed, Refused) as error:
            raise JudgeFailed(f"{mind.model}: {error}") from None
        self._usage = add_usage(self._usage, decision.usage)
        return decision


def local_name(base: str, adapter: Path | None, cross_encoder: Path) -> str:
    """Return the name that verdicts are kept under; another training of a part is another.

    Args:
        base: name of the base model.
        adapter: its folder; None: the cross-encoder judges alone.
        cross_encoder: the folder of the entailment model.
    """
    trained = "none" if adapter is None else _digest(adapter)
    return f"local:{base}:adapter={trained}:cross-encoder={_digest(cross_encoder)}:v{VERSION}"


def _digest(folder: Path) -> str:
    weights = (folder / "adapter_model.safetensors").read_bytes()
    return hashlib.sha256(weights).hexdigest()[:12]


def calibrated_name(name: str, calibration: Calibration) -> str:
    """Return the name of a judge with a calibration: another one gives other verdicts."""
    return f"{name}:calibration={hashlib.sha256(msgspec.json.encode(calibration)).hexdigest()[:12]}"


def calibrated_label(confidence: dict[str, float], probability: float, threshold: float) -> Verdict:
    """Return "supported" where it is likely enough, else the likelier of the other two.

    >>> calibrated_label({"supported": 0.4, "contradicted": 0.5, "not_found": 0.1}, 0.6, 0.55)
    'supported'
    """
    if probability >= threshold:
        return "supported"
    contradicted = confidence.get("contradicted", 0.0)
    return "contradicted" if contradicted > confidence.get("not_found", 0.0) else "not_found"
