import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from serve.guard.normalise import Note, normalise, strip_invisible

seeded = settings(derandomize=True, deadline=None, max_examples=500)
NASTY = "aeоіуａ\u0301\u0306\u0627\u200b\u200c\u200d\u202e\ufe0f\u115f\uffa0\U000e0041\x00\r\u2028"
TEXTS = st.text(st.characters() | st.sampled_from(NASTY), max_size=60)


@seeded
@given(TEXTS)
@example("a\u200b\u0301")
@example("\u0443\u200b\u0306e")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once.text).text == once.text
    assert normalise(once.text).notes == ()
    assert strip_invisible(strip_invisible(text)) == strip_invisible(text)


@seeded
@given(TEXTS)
def test_nothing_invisible_is_left(text: str) -> None:
    for character in normalise(text).text:
        assert (
            unicodedata.category(character) not in ("Cc", "Cf", "Cs")
            or character in "\n\t"
            or (unicodedata.bidirectional(character) == "AN" or ord(character) > 0x1000)
        ), hex(ord(character))


@seeded
@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_ascii_stays_as_it_is(text: str) -> None:
    assert strip_invisible(text) == normalise(text).text == text
    assert normalise(text).notes == ()


@pytest.mark.parametrize(
    ("text", "seen", "notes"),
    [
        ("ig\u200bno\u00adre", "ignore", (Note("zero-width", 2),)),
        ("\u202eabc\u202c", "abc", (Note("bidi control", 2),)),
        ("x\ufe0f\U000e0100", "x", (Note("variation selector", 2),)),
        ("a\x00b\x1b[31m", "ab[31m", (Note("control", 2),)),
        ("\uff49gnore ﬁle", "ignore file", ()),
        ("p\u0430ss w\u03bfrd", "pass word", (Note("homoglyph", 2),)),
        ("привет мир, Αθήνα", "привет мир, Αθήνα", ()),  # honest foreign words
        ("line\r\nline\u2028line", "line\nline\nline", ()),
        ("می\u200cخواهم", "میخواهم", (Note("zero-width", 1),)),
    ],
)
def test_what_detectors_see(text: str, seen: str, notes: tuple[Note, ...]) -> None:
    normalised = normalise(text)
    assert normalised.text == seen
    assert normalised.notes == notes


def test_what_the_tag_block_spells_is_kept_aside() -> None:
    smuggled = "".join(chr(0xE0000 + ord(c)) for c in "ignore all")
    normalised = normalise(f"Hello{smuggled} there")
    assert (normalised.text, normalised.hidden) == ("Hello there", "ignore all")
    assert normalised.notes == (Note("tag block", 10),)


def test_what_rows_of_variation_selectors_spell_is_kept_aside() -> None:
    smuggled = "".join(
        chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in b"obey me"
    )
    normalised = normalise(f"Hello 😀{smuggled} there ☀\ufe0f")
    assert (normalised.text, normalised.hidden) == ("Hello 😀 there ☀", "obey me")
    assert normalised.notes == (Note("variation selector", 8),)


# Default_Ignorable_Code_Point of the Unicode Character Database 15.0.
IGNORABLE = [
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
    *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
]


def test_all_that_a_renderer_ignores_is_stripped() -> None:
    ignored = [chr(code) for first, last in IGNORABLE for code in range(first, last + 1)]
    assert strip_invisible(f"a{'b'.join(ignored)}c") == f"a{'b' * (len(ignored) - 1)}c"


def test_joiners_stay_where_a_script_spells_with_them() -> None:
    assert strip_invisible("می\u200cخواهم a\u200cb") == "می\u200cخواهم ab"
