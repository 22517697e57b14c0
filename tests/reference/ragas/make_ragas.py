"""Make ragas.json: what ragas' own metrics give for 50 cases of made-up verdicts.

    python tests/reference/ragas/make_ragas.py

Made with ragas 0.4.3, langchain-community 0.3.31 (its version 0.4 lacks a module that ragas
imports) and numpy; the file records the versions. No model is asked: verdicts, claims and vectors
are drawn with a seed and handed to ragas in place of its model's answers, so that only its
formulas are left. Cases for which ragas gives NaN are not drawn.
"""

import asyncio
import importlib.metadata
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
from ragas import SingleTurnSample
from ragas.metrics import (
    AnswerCorrectness,
    ContextRecall,
    Faithfulness,
    IDBasedContextPrecision,
    IDBasedContextRecall,
    LLMContextPrecisionWithReference,
    NoiseSensitivity,
    ResponseRelevancy,
)
from ragas.metrics._answer_correctness import ClassificationWithReason, StatementsWithReason
from ragas.metrics._answer_relevance import ResponseRelevanceOutput
from ragas.metrics._context_precision import Verification
from ragas.metrics._context_recall import ContextRecallClassification
from ragas.metrics._faithfulness import (
    NLIStatementOutput,
    StatementFaithfulnessAnswer,
    StatementGeneratorOutput,
)

HERE = Path(__file__).parent
SEED, N_CASES, N_DIMENSIONS = 20230926, 50, 8
PACKAGES = ("ragas", "langchain-community", "numpy")


class Vectors:
    """Embeddings that were drawn: the question's, and those of the generated questions."""

    def __init__(self, question: list[float], generated: list[list[float]]) -> None:
        self.question, self.generated = question, generated

    def embed_query(self, text: str) -> list[float]:
        return self.question

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.generated


class Given:
    """A prompt whose answer is known."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    async def generate(self, **_: Any) -> Any:
        return self.answers.pop(0)


class Near:
    """A similarity that is known."""

    def __init__(self, value: float) -> None:
        self.value = value

    async def single_turn_ascore(self, *_: Any, **__: Any) -> float:
        return self.value


def draw(rng: random.Random) -> dict[str, Any]:
    """Return the verdicts of one case."""

    def flags(low: int, high: int) -> list[bool]:
        rate = rng.choice((0.0, 0.3, 0.7, 1.0))
        return [rng.random() < rate for _ in range(rng.randint(low, high))]

    def vector() -> list[float]:
        return [rng.gauss(0.3, 1) for _ in range(N_DIMENSIONS)]

    n_contexts, n_claims, n_reference = (rng.randint(1, 5) for _ in range(3))
    ids = [f"p{i}" for i in range(8)]
    n_generated = rng.randint(1, 4)
    evasive = rng.random() < 0.2
    return {
        "supported": flags(1, 8),
        "question": vector(),
        "generated": [vector() for _ in range(n_generated)],
        "noncommittal": [evasive or rng.random() < 0.3 for _ in range(n_generated)],
        "relevant": flags(1, 7),
        "attributed": flags(1, 8),
        "tp": rng.randint(0, 4),
        "fp": rng.randint(0, 4),
        "fn": rng.randint(0, 4),
        "similarity": rng.uniform(-0.1, 1.0),
        "correct": [rng.random() < 0.5 for _ in range(n_claims)],
        "by_context": [[rng.random() < 0.5 for _ in range(n_contexts)] for _ in range(n_claims)],
        "reference_by_context": [
            [rng.random() < 0.3 for _ in range(n_contexts)] for _ in range(n_reference)
        ],
        "retrieved_ids": rng.choices(ids, k=rng.randint(1, 6)),
        "wanted_ids": rng.choices(ids, k=rng.randint(1, 4)),
    }


async def score(case: dict[str, Any]) -> dict[str, float]:
    """Return what ragas makes of a case."""
    relevancy = ResponseRelevancy(embeddings=Vectors(case["question"], case["generated"]))
    outputs = [
        ResponseRelevanceOutput(question=f"q{i}", noncommittal=flag)
        for i, flag in enumerate(case["noncommittal"])
    ]
    matrices = {
        "retrieved2answer": np.array(case["by_context"]),
        "retrieved2ground_truth": np.array(case["reference_by_context"]),
        "ground_truth2answer": np.array([case["correct"]]),
    }
    ids = SingleTurnSample(
        retrieved_context_ids=case["retrieved_ids"], reference_context_ids=case["wanted_ids"]
    )
    return {
        "faithfulness": Faithfulness()._compute_score(
            NLIStatementOutput(
                statements=[
                    StatementFaithfulnessAnswer(statement="s", reason="r", verdict=flag)
                    for flag in case["supported"]
                ]
            )
        ),
        "answer_relevancy": float(relevancy._calculate_score(outputs, {"user_input": "q"})),
        "context_precision": LLMContextPrecisionWithReference()._calculate_average_precision(
            [Verification(reason="r", verdict=flag) for flag in case["relevant"]]
        ),
        "context_recall": ContextRecall()._compute_score(
            [
                ContextRecallClassification(statement="s", reason="r", attributed=flag)
                for flag in case["attributed"]
            ]
        ),
        "answer_correctness": await correctness(case),
        "noise_sensitivity_relevant": NoiseSensitivity(mode="relevant")._compute_score(matrices),
        "noise_sensitivity_irrelevant": NoiseSensitivity(mode="irrelevant")._compute_score(
            matrices
        ),
        "id_precision": await IDBasedContextPrecision()._single_turn_ascore(ids, None),
        "id_recall": await IDBasedContextRecall()._single_turn_ascore(ids, None),
    }


async def correctness(case: dict[str, Any]) -> float:
    """Return ragas' whole metric, with its model's three answers given."""
    tp, fp, fn = (
        [StatementsWithReason(statement=f"s{i}", reason="r") for i in range(case[name])]
        for name in ("tp", "fp", "fn")
    )
    metric = AnswerCorrectness(llm=object(), answer_similarity=Near(case["similarity"]))
    metric.statement_generator_prompt = Given(
        StatementGeneratorOutput(statements=["s"] * (len(tp) + len(fp))),
        StatementGeneratorOutput(statements=["s"] * (len(tp) + len(fn))),
    )
    metric.correctness_prompt = Given(ClassificationWithReason(TP=tp, FP=fp, FN=fn))
    sample = SingleTurnSample(user_input="q", response="a", reference="r")
    return float(await metric._single_turn_ascore(sample, None))


async def main() -> None:
    """Write the file."""
    rng = random.Random(SEED)
    cases = [draw(rng) for _ in range(N_CASES)]
    rows = [case | {"ragas": await score(case)} for case in cases]
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    text = json.dumps({"versions": versions, "seed": SEED, "cases": rows}, indent=1)
    (HERE / "ragas.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
