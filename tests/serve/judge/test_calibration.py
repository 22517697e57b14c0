"""Calibration: fitted on one part, measured on another, against hand-worked figures."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from minilora.data.entailment.public import JUDGED, SHARES, items_of, part_of
from minilora.data.entailment.text import overlap
from serve.detective.reply import Usage
from serve.judge.agreement import agreement, best_threshold
from serve.judge.biases import PADDING
from serve.judge.calibrate import FITTED_ON, measure
from serve.judge.calibration import Calibration, features, fit, read_calibration
from serve.judge.calibration_page import page
from serve.judge.judge import Generated, Preference
from serve.judge.verdicts import ClaimVerdict


class Scripted:
    """Finds a claim likely where the source holds its words; prefers the longer answer."""

    name = "scripted"
    model = "none"
    usage = Usage()

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def claims(self, question: str, answer: str) -> list[str]:
        raise AssertionError

    async def questions(self, answer: str, n: int) -> Generated:
        raise AssertionError

    async def verdict(self, claim: str, passages: Sequence[str]) -> ClaimVerdict:
        self.asked.append(claim)
        share = overlap(claim, " ".join(passages))
        return ClaimVerdict(claim, "supported" if share > 0.9 else "not_found", 0.2 + 0.5 * share)

    async def compare(self, question: str, a: str, b: str) -> Preference:
        return "tie" if len(a) == len(b) else "a" if len(a) > len(b) else "b"

    async def close(self) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return sets of 60 sources with a claim that each holds and one that it does not."""
    for name in JUDGED:
        lines = []
        for i in range(60):
            text = f"Tower{i} on island{i} was lit in year {1800 + i} by keeper{i}."
            for label, word in enumerate((f"keeper{i + 1}", f"keeper{i}")):
                lines.append(
                    {
                        "id": f"{name}-{i}-{label}",
                        "question": f"Who lit tower {i}?",
                        "response": f"Tower{i} was lit by {word}.",
                        "label": label,
                        "label_raw": str(label),
                    }
                )
                if name == "wice":
                    lines[-1] |= {"context_sentences": [text], "supporting_sentences": [[0]]}
                else:
                    lines[-1]["context"] = text
        write(tmp_path, name, lines)
    votes = [[-1, -1], [1, 1], [0, -1]]
    write(
        tmp_path,
        "ragchecker_pairs",
        [
            {
                "question": "q",
                "answer_a": "long answer",
                "answer_b": "short",
                "votes": {"overall": v},
            }
            for v in votes
        ],
    )
    return tmp_path


def write(folder: Path, name: str, lines: Sequence[object]) -> None:
    (folder / name).mkdir()
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / name / f"{name}.jsonl").write_text(text)


def test_a_judge_is_measured_on_items_that_nothing_was_fitted_on(folder: Path) -> None:
    judge = Scripted()
    report = asyncio.run(measure(judge, folder, n_pairs=3, resamples=20))
    for one in report.sets:
        test = items_of(folder, one.name, "test")
        assert one.ways["judge"].n == len(test) > 20
        for way in ("judge", "calibrated", "as served", "word overlap"):
            assert one.ways[way].auc.value == one.ways[way].kappa.value == 1
        assert one.ways["claim length"].auc.value == 0.5
    trained = [item.claim for name in FITTED_ON for item in items_of(folder, name, "train")]
    assert not set(trained) & set(judge.asked) or len(set(trained)) < len(trained)
    assert report.biases["reversed"].flipped == 0
    assert report.biases["filler"].shift < 0  # its words are in no source
    assert report.pairs is not None
    assert report.pairs.swayed == 0
    assert report.pairs.padded_preferred == 1
    assert report.pairs.agreement == pytest.approx(2 / 3)  # "long answer" is better by two votes
    assert report.pairs.human_agreement == pytest.approx(2 / 3)
    text = page(report)
    assert all(f"## {name}" in text for name in JUDGED)
    assert "nan" not in text.lower()


def test_a_calibration_survives_its_file(folder: Path, tmp_path: Path) -> None:
    made = asyncio.run(measure(Scripted(), folder, resamples=5)).calibration
    path = tmp_path / "calibration.json"
    assert read_calibration(path) is None
    path.write_bytes(msgspec.json.encode(made))
    assert read_calibration(path) == made
    right = made.probability(0.7, "Tower1 was lit by keeper1.", "Tower1 was lit by keeper1.")
    assert right > made.threshold > made.probability(0.4, "It is 9 m tall.", "Tower1 was lit.")
    path.write_text('{"judge": 3}')
    with pytest.raises(ValueError, match="is no calibration"):
        read_calibration(path)


def test_the_fit_is_where_the_gradient_vanishes() -> None:
    rows, labels = [[0.0], [1.0], [2.0], [3.0]], [False, True, False, True]
    made = fit(rows, labels, [1.0] * 4, ["logit"], "j")
    p = made.probabilities(rows).tolist()
    # d/db: the probabilities sum to the number of positives
    assert math.fsum(p) == pytest.approx(2)
    # d/dw: sum of (p - y) x + w = 0, x scaled to mean 0 and deviation 1
    scaled = [(row[0] - 1.5) / math.sqrt(1.25) for row in rows]
    gradient = math.fsum((a - b) * x for a, b, x in zip(p, labels, scaled, strict=True))
    assert gradient + made.weights[0] == pytest.approx(0, abs=1e-8)
    with pytest.raises(ValueError, match="claims that are not"):
        fit(rows, [True] * 4, [1.0] * 4, ["logit"], "j")


def test_features_count_what_the_source_does_not_hold() -> None:
    found = features(1.0, "Ann Lee sold 12 boats to Bo.", "Ann Lee sold 13 boats.")
    assert found["logit"] == pytest.approx(8)
    assert found["numbers"] == 1
    assert found["names"] == 0.5  # Bo is missing, Lee is not; the first word is no name
    assert features(0.0, "", "")["overlap"] == 0


def test_agreement_of_a_worked_table() -> None:
    scores = [0.9] * 20 + [0.1] * 15 + [0.9] * 10 + [0.1] * 5
    labels = [True] * 20 + [False] * 15 + [False] * 10 + [True] * 5
    found = agreement(scores, labels, [str(i) for i in range(50)], 0.5, 300)
    assert found.accuracy.value == 0.7
    assert found.kappa.value == pytest.approx(0.4)
    assert found.balanced_accuracy.value == pytest.approx((20 / 25 + 15 / 25) / 2)
    assert found.auc.value == pytest.approx((20 * 15 + (20 * 10 + 5 * 15) / 2) / (25 * 25))
    low, high = found.kappa.ci95 or (0, 0)
    assert 0.1 < low < 0.4 < high < 0.7
    one_cluster = agreement(scores, labels, ["same"] * 50, 0.5, 5)
    assert one_cluster.kappa.ci95 == pytest.approx((0.4, 0.4))
    all_true = agreement([0.5], [True], ["a"], 0.5)
    assert all_true.auc.value is None
    assert all_true.accuracy.value == 1


def test_the_threshold_is_the_middle_of_the_best() -> None:
    assert best_threshold([0.2, 0.4, 0.8], [False, False, True]) == pytest.approx(0.6)
    assert best_threshold([0.3, 0.3], [True, False]) == 0.3
    weighted = best_threshold([0.1, 0.5, 0.9], [False, True, False], [1.0, 1.0, 0.0])
    assert 0.1 < weighted < 0.5
    with pytest.raises(ValueError, match="scores"):
        best_threshold([], [])


def test_parts_are_the_same_everywhere() -> None:
    found = [part_of(f"key {i}", (0.45, 0.15)) for i in range(2000)]
    assert found[:4] == [part_of(f"key {i}", (0.45, 0.15)) for i in range(4)]
    shares = [found.count(part) / 2000 for part in ("train", "calibration", "test")]
    assert shares == pytest.approx([0.45, 0.15, 0.4], abs=0.03)
    assert set(SHARES) == set(JUDGED)


def test_padding_states_nothing_of_its_own() -> None:
    assert not any(character.isdigit() for character in PADDING)
    assert Calibration("j", (), (), (), (), 0.0, 0.5).probability(0.9, "c", "s") == 0.5
