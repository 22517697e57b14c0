"""Groups of questions on Wikipedia passages, out of SQuAD 2.0 and XQuAD where they are at hand.

Both are CC BY-SA 4.0 and made of the same articles, so both are split by article with one hash.
Passages of one group are of one article. A question that its own passage answers is also put over
other passages of the article: there it has no answer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from minilora.data.detective.groups import MAX_GROUP, sources
from minilora.data.detective.material.passages import wrapped
from minilora.data.detective.reading import answered, refused
from minilora.data.detective.sentences import (
    Nearest,
    sentence_spans,
    short_quote,
    whole_words,
)
from minilora.data.detective.wording import typed
from minilora.data.draw import Draw, stable_hash
from minilora.data.rows import DataError, JsonObject, Row

SETS = ("squad2", "xquad_en")
Split = Literal["train", "validation", "test"]
MIN_WORDS, MAX_WORDS = 45, 150  # of a passage as it is shown
MAX_TOGETHER = 260  # words of all passages of a group, of two or three
LONG_TOGETHER = 480  # of four
QUESTIONS = 10
MAX_ANSWER_CHARS = 120
_IDLE_WORDS = """
    greeting goodbye thank_you tell_joke who_made_you are_you_a_bot what_is_your_name yes no
    how_old_are_you what_are_your_hobbies do_you_have_pets where_are_you_from
    who_do_you_work_for change_ai_name change_user_name user_name timer alarm reminder_update
    play_music next_song maybe make_call text book_flight book_hotel car_rental uber order
    restaurant_reservation cancel cancel_reservation shopping_list_update todo_list_update
    calendar_update schedule_meeting transfer pay_bill balance freeze_account report_lost_card
    pin_change change_volume repeat change_speed change_accent change_language whisper_mode
    reset_settings sync_device smart_home flip_coin roll_dice share_location find_phone
    current_location what_song translate calculator what_can_i_ask_you reminder todo_list
    meeting_schedule
"""
IDLE = frozenset(  # intents of CLINC150: small talk, actions, the user's own affairs
    _IDLE_WORDS.split()
)


@dataclass(frozen=True)
class Asked:
    """A question on a passage; no answers where the passage does not say it."""

    question: str
    answers: tuple[str, ...]

    @property
    def answer(self) -> str:
        """The answer that most people gave; of several the shortest."""
        counts = Counter(self.answers)
        return min(counts, key=lambda text: (-counts[text], len(text), text))


@dataclass
class Passage:
    """A paragraph of an article and what was asked about it."""

    article: str
    text: str
    asked: list[Asked] = field(default_factory=list)


def split_of(article: str) -> Split:
    """Return the split of an article: about a fifth for the test, a tenth for validation."""
    place = stable_hash(f"article/{article.replace('_', ' ')}") % 100
    return "test" if place < 20 else "validation" if place < 30 else "train"


def load(folder: Path) -> list[Passage]:
    """Return the passages of both sets with all their questions, in a fixed order.

    Raises:
        DataError: a file is missing or a line of it is not as its README says.
    """
    passages: dict[str, Passage] = {}
    for name in SETS:
        for item in read_set(folder, name):
            text = item["context"].strip()
            passage = passages.setdefault(text, Passage(item["title"], text))
            one = Asked(item["question"].strip(), tuple(item["answers"]))
            if all(one.question.lower() != known.question.lower() for known in passage.asked):
                passage.asked.append(one)
    return sorted(passages.values(), key=lambda one: (one.article, one.text))


def read_set(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the items of a set.

    Raises:
        DataError: the file is missing, or a line is no JSON object.
    """
    path = folder / name / f"{name}.jsonl"
    if not path.is_file():
        raise DataError(f"{path} is missing: --public names the folder that holds {name}/")
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                item = json.loads(line)
            except ValueError:
                item = None
            if not isinstance(item, dict):
                raise DataError(f"{path.name}:{number}: no JSON object")
            yield item


def general(folder: Path, split: Split) -> list[str]:
    """Return search questions of general knowledge (NQ-open) for one split, by a hash of each."""
    found = [item["question"].strip() for item in read_set(folder, "nq_open")]
    return [text for text in found if text and split_of(text) == split]


def idle(folder: Path, split: Split) -> list[str]:
    """Return messages that nothing can be looked up for (CLINC150) for one split."""
    found = [
        item["query"].strip() for item in read_set(folder, "clinc_oos") if item["intent"] in IDLE
    ]
    return [text for text in found if text and split_of(text) == split]


def window(passage: Passage, rng_start: int) -> str:
    """Return whole sentences of a passage, at most MAX_WORDS words of them.

    Args:
        passage: the paragraph.
        rng_start: which of the possible windows; a short passage has only one.
    """
    spans = sentence_spans(passage.text)
    windows: list[tuple[int, int]] = []
    for first in range(len(spans)):
        last = first
        while last + 1 < len(spans) and (
            len(passage.text[spans[first][0] : spans[last + 1][1]].split()) <= MAX_WORDS
        ):
            last += 1
        windows.append((spans[first][0], spans[last][1]))
        if last == len(spans) - 1:
            break
    start, end = windows[rng_start % len(windows)]
    text = passage.text[start:end]
    return " ".join(text.split()) if len(text.split()) <= MAX_WORDS * 2 else ""


def groups(passages: Sequence[Passage], draw: Draw) -> Iterator[list[Passage]]:
    """Yield sets of one to four passages of one article; each passage leads one set."""
    by_article: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.asked:
            by_article.setdefault(passage.article, []).append(passage)
    for found in by_article.values():
        draw.rng.shuffle(found)
        at = 0
        while at < len(found):
            size = draw.weighted((0.12, 1), (0.46, 2), (0.34, 3), (0.08, 4))
            chosen = found[at : at + size]
            at += size
            if len(chosen) < size and len(found) >= size:
                chosen += found[: size - len(chosen)]
            yield chosen


def read_group(
    id: str, chosen: Sequence[Passage], others: Sequence[Passage], draw: Draw
) -> list[Row]:
    """Return the questions on some passages, answered or not.

    Args:
        id: of the group.
        chosen: the passages to show.
        others: of the same article; their questions are put here without an answer.
        draw: takes all choices.
    """
    shown = fitting([window(one, draw.rng.randrange(4)) for one in chosen])
    if not shown:
        return []
    if draw.chance(0.25):
        shown = [wrapped(text, draw.rng.randint(60, 95)) for text in shown]
    nearest = Nearest(shown)
    can, cannot = [], []
    for passage in chosen:
        for one in passage.asked:
            made = _answer(one, shown, nearest) if one.answers else None
            if made is not None:
                can.append((typed(one.question, draw.rng), made))
            elif not one.answers:
                cannot.append(
                    (typed(one.question, draw.rng), refused(nearest, shown, one.question))
                )
    draw.rng.shuffle(can)
    draw.rng.shuffle(cannot)
    can = can[:QUESTIONS]
    wanted = max(1, round(len(can) * 0.7))
    foreign = _foreign(others, shown, draw)[: max(0, wanted - len(cannot)) or 1]
    cannot = [*cannot[: max(1, wanted - 1)]]
    cannot += [(typed(q, draw.rng), refused(nearest, shown, q)) for q in foreign]
    asked: list[tuple[str, JsonObject]] = [*can, *cannot][:MAX_GROUP]
    draw.rng.shuffle(asked)
    label = draw.weighted((0.55, "documents"), (0.45, "Wikipedia"))
    return sources(id, shown, label, draw.rng).rows("read", asked) if len(asked) > 2 else []


def fitting(texts: Sequence[str]) -> list[str]:
    """Return as many texts as may stand together."""
    most = MAX_TOGETHER if len(texts) < 4 else LONG_TOGETHER
    shown: list[str] = []
    for text in texts:
        together = sum(len(one.split()) for one in shown) + len(text.split())
        if len(text.split()) >= MIN_WORDS // 2 and together <= most:
            shown.append(text)
    return shown


def _answer(one: Asked, shown: Sequence[str], nearest: Nearest) -> JsonObject | None:
    """Return the answer, None where the shown passages do not hold it."""
    flat = " ".join(one.answer.split()).rstrip(".") if len(one.answer) > 3 else one.answer
    if not flat or len(flat) > MAX_ANSWER_CHARS:
        return None
    unwrapped = [text.replace("\n", " ") for text in shown]
    holding = nearest.holding(flat, unwrapped)
    if not holding:
        return None
    index, span = nearest.span(nearest.find(one.question, holding))
    return answered(short_quote(shown[index], span, flat), flat)


def _foreign(others: Sequence[Passage], shown: Sequence[str], draw: Draw) -> list[str]:
    """Return questions of other passages none of whose answers stands here."""
    whole = " ".join(" ".join(shown).split())
    found = [
        one.question
        for passage in others
        for one in passage.asked
        if one.answers and not any(whole_words(answer).search(whole) for answer in one.answers)
    ]
    draw.rng.shuffle(found)
    return found
