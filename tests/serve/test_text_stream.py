"""Text that is shown while it comes: whole characters, nothing of a stop text, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from serve.text_stream import TextStream


@given(
    st.text(alphabet="ab€🙂", max_size=20),
    st.lists(st.text(alphabet="ab€", min_size=1, max_size=4), max_size=3),
    st.lists(st.integers(1, 5), min_size=1, max_size=40),
)
def test_any_cutting_shows_the_same(text: str, stop: list[str], sizes: list[int]) -> None:
    stream, data, shown = TextStream(stop), text.encode(), ""
    ends = [place for s in stop if (place := text.find(s)) >= 0]
    i = 0
    while data:
        n = sizes[i % len(sizes)]
        i += 1
        shown += stream.feed(data[:n])
        data = data[n:]
        assert "\ufffd" not in shown
    shown += stream.close()
    assert shown.encode() == text.encode()[: len(shown.encode())]
    if ends:
        assert stream.stopped
        assert not any(s in shown for s in stop)
    else:
        assert shown == text


def test_half_a_character_at_the_end_is_a_replacement() -> None:
    stream = TextStream()
    assert stream.feed("🙂".encode()[:2]) == ""
    assert stream.close() == "\ufffd"
