import base64
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serve.guard.canary import ALPHABET, Canary, CanaryLeaked, CanaryWatch

seeded = settings(derandomize=True, deadline=None)
WORDS = st.text(ALPHABET, min_size=12, max_size=24)


def hide(word: str, disguise: str, padding: bytes) -> str:
    """Return the word as a model that was talked into it might write it."""
    match disguise:
        case "upper":
            return word.upper()
        case "spaced":
            return " ".join(word)
        case "lines":
            return "\n- ".join(word)
        case "zero width":
            return "\u200b".join(word)
        case "full width":
            return "".join(chr(ord(c) - ord("a") + ord("ａ")) for c in word)
        case "reversed":
            return word[::-1]
        case "rot13":
            return word.translate(
                str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
            )
        case "hex":
            return word.encode().hex(" ")
        case "base64":
            return base64.b64encode(padding + word.encode() + padding).decode()
        case "base64 of capitals":
            return base64.urlsafe_b64encode(padding + word.upper().encode()).decode()
    return word


DISGUISES = st.sampled_from(
    [
        "plain",
        "upper",
        "spaced",
        "lines",
        "zero width",
        "full width",
        "reversed",
        "rot13",
        "hex",
        "base64",
        "base64 of capitals",
    ]
)


def chunks_of(text: str, cuts: list[int]) -> list[str]:
    borders = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[a:b] for a, b in pairwise(borders)]


CUTS = st.lists(st.integers(0, 2000), max_size=12)


@seeded
@given(WORDS, DISGUISES, st.binary(max_size=4), st.text(max_size=40), st.text(max_size=40), CUTS)
def test_it_is_found_in_any_disguise_and_any_chunks(
    word: str, disguise: str, padding: bytes, before: str, after: str, cuts: list[int]
) -> None:
    text = before + hide(word, disguise, padding) + after
    canary = Canary(word)
    assert canary.is_in(text)
    watch, shown = CanaryWatch(canary), []
    with pytest.raises(CanaryLeaked):
        shown.extend(map(watch.feed, chunks_of(text, cuts)))
    assert not canary.is_in("".join(shown))
    assert text.startswith("".join(shown))


@seeded
@given(WORDS, st.text(st.characters() | st.sampled_from(ALPHABET), max_size=80), CUTS)
def test_innocent_text_passes_unchanged(word: str, text: str, cuts: list[int]) -> None:
    canary = Canary(word)
    text = text.replace(word[:8], "")  # near misses stay: beginnings of up to seven letters
    watch = CanaryWatch(canary)
    if canary.is_in(text):  # a random text that spells twelve given letters will not be drawn
        raise AssertionError("the text is not innocent")
    assert "".join(watch.feed(chunk) for chunk in chunks_of(text, cuts)) + watch.finish() == text


def test_only_what_may_be_its_beginning_is_held_back() -> None:
    watch = CanaryWatch(Canary("kqzjxwvyfghbtnmr"))
    assert watch.feed("1871, it says: kq") == "1871, it says: "
    assert watch.feed("!") == ""
    assert watch.feed("o") == "kq!o"
    assert watch.finish() == ""


def test_two_requests_have_different_canaries() -> None:
    assert Canary.random().word != Canary.random().word


@pytest.mark.parametrize("word", ["short", "UPPERCASELETTERS", "with spaces in it", "ümlautümlaut"])
def test_a_word_that_cannot_serve_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="at least 12 lower-case"):
        Canary(word)
