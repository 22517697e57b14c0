import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serve.detective.keywords import MAX_WORDS, keywords, names_shared, shrinking

seeded = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Who wrote Emma?", ["Emma", "wrote"]),
        ("What is the height of Mount Everest in 2024?", ["Mount", "Everest", "height", "2024"]),
        ("Marie Curie's second Nobel Prize", ["Marie", "Curie", "Nobel", "Prize", "second"]),
        ("wann wurde der Kölner Dom erbaut", ["Kölner", "Dom", "wann", "wurde", "der", "erbaut"]),
        ("NASA budget", ["NASA", "budget"]),
        ("ig\u200bnored li\u00adght", ["ignored", "light"]),
        ("is it the?", []),
        ("", []),
    ],
)
def test_what_is_searched_for(text: str, words: list[str]) -> None:
    assert keywords(text) == words


@pytest.mark.parametrize(
    "text", ['insource:/a+b/ "x y"', "-incategory:Secret ~fuzzy* (a OR b) [[link]] a|b \\"]
)
def test_operators_of_search_engines_are_not_words(text: str) -> None:
    assert not re.search(r'[:/"~*()|\[\]\\]|(^| )-', " ".join(keywords(text)))


@pytest.mark.parametrize(
    ("question", "source", "share"),
    [
        ("When was the Lighthouse of Vell lit?", "Bell Rock Lighthouse\nIt was lit in 1811.", 0.5),
        ("Is Smeaton's tower right?", "the tower by John Smeaton", 1.0),
        ("Does Wikipedia say so?", "nothing", 1.0),
        ("when was it lit", "nothing", 1.0),
    ],
)
def test_what_a_source_names_of_a_question(question: str, source: str, share: float) -> None:
    assert names_shared(question, source) == share


@seeded
@given(st.text(max_size=200))
def test_few_words_without_operators_and_each_once(text: str) -> None:
    words = keywords(text)
    assert len(words) <= MAX_WORDS
    assert len({word.lower() for word in words}) == len(words)
    assert all(re.fullmatch(r"\w[\w'’.\-]*", word) for word in words)


@seeded
@given(st.lists(st.text("abc", min_size=1), max_size=MAX_WORDS))
def test_queries_shrink_to_one_word_in_six_steps(words: list[str]) -> None:
    queries = [query.split() for query in shrinking(words)]
    assert len(queries) <= 6
    assert queries[:1] == ([words] if words else [])
    for longer, shorter in pairwise(queries):
        assert len(longer) > len(shorter)
        assert longer[: len(shorter)] == shorter
    assert not words or len(queries[-1]) == 1
