"""The metrics of RAGAS as formulas over verdicts; nothing here asks a model.

They equal ragas' own code fed the same verdicts, but where ragas gives NaN these functions raise:
the callers give such cases their own state (:class:`serve.judge.verdicts.Score`).

>>> faithfulness([True, True, False, True])
0.75
>>> context_precision([True, False, True])
0.8333333333333333

Source: Es et al. 2023, RAGAS: Automated Evaluation of Retrieval Augmented Generation, section 3,
arXiv:2309.15217; metrics that came after the paper: the documentation of ragas 0.4.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from serve.judge.statistics import mean

F1_WEIGHT, SIMILARITY_WEIGHT = 0.75, 0.25  # of answer correctness, as in ragas

Rows = Sequence[Sequence[bool]]


def faithfulness(supported: Sequence[bool]) -> float:
    """Return F = |V| / |S|: the share of the answer's claims S that the contexts support.

    Raises:
        ValueError: no claims.
    """
    return _share(supported)


def answer_relevancy(similarities: Sequence[float], noncommittal: Sequence[bool]) -> float:
    """Return AR = 1/n sum_i cos(E(q), E(q_i)): does the answer answer the question?

    Args:
        similarities: cos(E(q), E(q_i)) of the question q with each question q_i that a model
            generates from the answer alone, -1 to 1.
        noncommittal: for each q_i, whether the answer evades; the metric is 0 where all say so.

    Raises:
        ValueError: no generated questions, or lists of different lengths.
    """
    if len(similarities) != len(noncommittal):
        raise ValueError(
            f"{len(similarities)} similarities do not go with {len(noncommittal)} flags"
        )
    return mean(similarities) * (not all(noncommittal))


def context_precision(relevant: Sequence[bool]) -> float:
    """Return CP@K = sum_k (precision@k v_k) / sum_k v_k: do relevant contexts come first?

    v_k says whether the context of rank k is relevant, by a judge or by its id, and precision@k
    is the share of relevant ones among the first k. 0 where none is relevant.

    Args:
        relevant: v_1 to v_K, best-ranked first.

    Raises:
        ValueError: no contexts.
    """
    if not relevant:
        raise ValueError("context precision needs at least one context")
    hits = [sum(relevant[: k + 1]) / (k + 1) for k, v in enumerate(relevant) if v]
    return mean(hits) if hits else 0.0


def context_recall(attributed: Sequence[bool]) -> float:
    """Return CR = |claims of the reference that the contexts support| / |claims of it|.

    Raises:
        ValueError: no claims.
    """
    return _share(attributed)


def id_precision(retrieved: Collection[Hashable], wanted: Collection[Hashable]) -> float:
    """Return |retrieved and wanted| / |retrieved|, of distinct ids.

    Raises:
        ValueError: nothing was retrieved.
    """
    return _overlap(retrieved, wanted, "precision needs something that was retrieved")


def id_recall(retrieved: Collection[Hashable], wanted: Collection[Hashable]) -> float:
    """Return |retrieved and wanted| / |wanted|, of distinct ids.

    Raises:
        ValueError: nothing is wanted.
    """
    return _overlap(wanted, retrieved, "recall needs something that is wanted")


def claims_f1(tp: int, fp: int, fn: int) -> float:
    """Return F1 = 2 P R / (P + R) with P = TP / (TP + FP) and R = TP / (TP + FN).

    Args:
        tp: claims of the answer that the reference supports.
        fp: claims of the answer that it does not.
        fn: claims of the reference that the answer lacks.

    Returns:
        The F1; 0 without a true positive, and 1 where neither text has claims.
    """
    if tp + fp + fn == 0:
        return 1.0
    precision, recall = tp / (tp + fp or 1), tp / (tp + fn or 1)
    return 2 * precision * recall / (precision + recall) if tp else 0.0


def answer_correctness(tp: int, fp: int, fn: int, similarity: float) -> float:
    """Return 0.75 F1 + 0.25 cos(E(answer), E(reference)); see :func:`claims_f1`."""
    return F1_WEIGHT * claims_f1(tp, fp, fn) + SIMILARITY_WEIGHT * similarity


def noise_sensitivity(
    correct: Sequence[bool], by_context: Rows, reference_by_context: Rows, relevant: bool = True
) -> float:
    """Return the share of the answer's claims that are wrong and come from a context.

    A context is relevant where it supports a claim of the reference. NS = |wrong claims that some
    relevant context supports| / |claims|; with ``relevant=False`` those that only irrelevant ones
    support. Lower is better.

    Args:
        correct: of each claim of the answer, whether the reference supports it.
        by_context: of each claim of the answer, a row: which contexts support it.
        reference_by_context: the same for each claim of the reference.
        relevant: which contexts count.

    Raises:
        ValueError: no claims, or rows of different lengths.

    Source: Ru et al. 2024, RAGChecker, section 3.3, arXiv:2408.08067.
    """
    n = len(by_context[0]) if by_context else 0
    rows = [*by_context, *reference_by_context]
    if not n or len(correct) != len(by_context) or any(len(row) != n for row in rows):
        raise ValueError("noise sensitivity needs a row a claim and a verdict a context in it")
    useful = [any(row[k] for row in reference_by_context) for k in range(n)]
    wrong = []
    for right, row in zip(correct, by_context, strict=True):
        from_useful = any(row[k] and useful[k] for k in range(n))
        from_noise = any(row[k] and not useful[k] for k in range(n)) and not from_useful
        wrong.append(not right and (from_useful if relevant else from_noise))
    return _share(wrong)


def _share(flags: Sequence[bool]) -> float:
    if not flags:
        raise ValueError("the share of no claims does not exist")
    return sum(flags) / len(flags)


def _overlap(of: Collection[Hashable], others: Collection[Hashable], message: str) -> float:
    if not of:
        raise ValueError(message)
    return len(set(of) & set(others)) / len(set(of))
