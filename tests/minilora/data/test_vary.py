"""Varied texts: many, of the pool's shape, in training only, never one that is held back."""

import random

from minilora.data.draw import Draw, Pool
from minilora.data.kinds import FIRST_NAME, span
from minilora.data.vary import blend, pick_or_blend, pick_or_vary, varied

TITLES = (
    "Blue Static",
    "Honey & Rust",
    "Half Past Never",
    "Glass Elephant",
    "Room 404",
    "Lanterns",
)


def test_training_sees_far_more_than_the_pool_and_the_pool_too() -> None:
    pool, draw = Pool(TITLES), Draw(random.Random(0))
    texts = [pick_or_vary(pool, draw) for _ in range(1000)]
    assert len(set(texts)) > 200
    own = sum(text in pool.training for text in texts) / len(texts)
    assert 0.55 < own < 0.75


def test_whoever_is_held_out_gets_the_reserved_texts_and_no_choice_is_drawn_for_it() -> None:
    pool = Pool(TITLES)
    plain, other = (Draw(random.Random(7), held_out=True) for _ in range(2))
    for _ in range(200):
        assert pick_or_vary(pool, plain) == other.pick(pool)
        assert pick_or_blend(pool, plain) == other.pick(pool)


def test_no_varied_text_is_one_held_back() -> None:
    pool, draw = Pool(["ab cd", "ef gh", "ab gh", "ef cd"]), Draw(random.Random(3))
    kept = {text.lower() for text in pool.reserved}
    assert kept
    assert not any(pick_or_vary(pool, draw).lower() in kept for _ in range(3000))
    names = Pool(["Flora", "Amara", "Floara", "Amaora"])
    assert not any(pick_or_blend(names, draw) in names.reserved for _ in range(3000))


def test_varied_texts_keep_capitals_digits_and_a_bearable_length() -> None:
    draw = Draw(random.Random(1))
    codes, shouts = Pool(["Room 404"]), Pool(["DRAFT"])
    for _ in range(300):
        words = varied("Room 404", codes, draw).split()
        assert 1 <= len(words) <= 9
        assert all(word[0].isupper() or word.isdigit() for word in words)
        assert all(word.isupper() for word in varied("DRAFT FINAL", shouts, draw).split())


def test_times_stay_as_they_are_written() -> None:
    days = span("today", "tomorrow", "on Friday", varied=False)
    draw = Draw(random.Random(2))
    assert {days.sample(draw)[0] for _ in range(300)} <= {"today", "tomorrow", "on Friday"}


def test_names_are_blended_at_times() -> None:
    draw = Draw(random.Random(4))
    names = {FIRST_NAME.sample(draw)[0] for _ in range(2000)}
    assert len(names) > 400
    assert all(name[0].isupper() for name in names)
    assert blend("Quentin", "Naomi") == "Quenomi"
