"""The oracle is a CommonMark parser, with the autolinks of GitHub's flavour beside it."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from serve.guard.output import MAX_CHARS, Citation, rebuild

seeded = settings(derandomize=True, deadline=None, max_examples=400)
# Section 6.9 of GitHub's specification, a little wider.
GITHUB_AUTOLINK = re.compile(
    r"(?:https?|ftp)://\w|www\.\w|[\w.+-]+@[\w-]+\.\w|(?:mailto|xmpp|javascript|data):\S", re.I
)
HANDED_OUT = {1, 2, 30}
TARGETS = {1: "/documents/7#page=2", 2: "https://en.wikipedia.org/wiki/A_(b)", 30: "/documents/8"}
PIECES = [
    *"[]()<>!`*_\\&;:/.#\"'@ \n\t|~=-+",
    *("http://evil.example/?q=", "//", "www.", "evil.com", "evil.com/x", "a@evil.com", "&#46;"),
    *("[1]", "[2, 9]", "[7]", "![", "](", "<a href=", "</a>", "<img src=x>", "<!--", "-->", "&lt;"),
    *("&amp;", "\u200b", "\u202e", "javascript:", "data:text/html,", "\x1b[31m", "1", "secret"),
    *("[1]: http://evil.example\n", "\\", "&#x68;ttps://", "<http://evil.example>", "ev\u200bil"),
]
ANSWERS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)


def tokens_of(markdown: str) -> list[Token]:
    parsed = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    return [token for block in parsed for token in (block, *(block.children or []))]


def links_of(markdown: str) -> list[str]:
    return [str(token.attrs["href"]) for token in tokens_of(markdown) if token.type == "link_open"]


def shown_text(markdown: str) -> str:
    parts = {"text": "{}", "code_inline": "{}", "softbreak": "\n", "hardbreak": "\n"}
    return "".join(parts.get(t.type, "").format(t.content) for t in tokens_of(markdown))


@seeded
@given(ANSWERS)
@example("[1]: http://evil.example\n\nSee [1].")
@example("<<b>script>alert(1)</script>")
@example("[[x](http://a.example)](http://b.example)")
@example("evil&amp;#46;com")
@example("h\u200bttps://evil.example/?secret")
@example("![a](http://evil.example/x.png)[![b](y)](z)")
def test_the_only_links_are_citations_of_this_request(text: str) -> None:
    answer = rebuild(text, HANDED_OUT)
    markdown = answer.markdown(TARGETS)
    allowed = {target.replace("(", "%28").replace(")", "%29") for target in TARGETS.values()}
    assert set(links_of(markdown)) <= allowed
    assert len(links_of(markdown)) == sum(isinstance(p, Citation) for p in answer.pieces)
    for shown in (markdown, answer.plain):
        kinds = {token.type for token in tokens_of(shown)}
        assert not kinds & {"image", "html_inline", "html_block"}
    assert not links_of(answer.plain)
    assert "://" not in answer.plain
    assert not GITHUB_AUTOLINK.search(answer.plain)
    assert not GITHUB_AUTOLINK.search(shown_text(answer.plain))  # entities and escapes undone
    assert set(answer.citations) <= HANDED_OUT


@seeded
@given(ANSWERS)
def test_nothing_invisible_is_left_and_a_second_pass_finds_nothing(text: str) -> None:
    answer = rebuild(text, HANDED_OUT)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", answer.plain)
    again = rebuild(answer.plain, HANDED_OUT)
    assert again.removed == 0
    assert again.foreign_citations == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Built in 1871 [1].", "Built in 1871 [1]."),
        ("It cost 3.5 million, i.e. a lot, at 5 p.m. in the U.S.", None),
        ("a < b and c > d, x[i] = y(i)", None),
        ("First sentence.Second sentence", None),
        ("[the report](http://evil.example/?d=secret) says so", "the report says so"),
        ("see https://evil.example/leak?d=secret now", "see evil(.)example now"),
        ("see evil.com/leak?d=secret now", "see evil(.)com now"),
        ("write to eve@evil.com", "write to eve (at) evil(.)com"),
        ("<b>bold</b> <script>x</script>", "bold x"),
        ("&lt;img src=x&gt;done", "done"),
        ("![alt](http://evil.example/x)", ""),
        ("[1](http://evil.example) says", "[1] says"),
        ("[2, 9, 1] both", "[2][1] both"),
        ("unknown [9] here", "unknown here"),
        ("[1]: http://evil.example", "[1] : evil(.)example"),
        ("a:[9]//evil.example", "a: //evil(.)example"),
        ("Yes![1] [x][y]", "Yes! [1] [x] [y]"),
    ],
)
def test_what_becomes_of(written: str, shown: str | None) -> None:
    assert rebuild(written, HANDED_OUT).plain == (written if shown is None else shown)


def test_pieces_citations_and_what_was_forged() -> None:
    answer = rebuild("A [1], b [9] and c [30][1].", HANDED_OUT)
    assert answer.pieces == (
        "A ",
        Citation(1),
        ", b and c ",
        Citation(30),
        Citation(1),
        ".",
    )
    assert answer.citations == (1, 30)
    assert answer.foreign_citations == (9,)


def test_markdown_shows_the_text_itself() -> None:
    answer = rebuild("# 5 * 3\n- x_y_z\n1. ok `code` [2]", HANDED_OUT)
    markdown = answer.markdown(TARGETS)
    assert shown_text(markdown) == "# 5 * 3\n- x_y_z\n1. ok `code` [2]"
    assert links_of(markdown) == ["https://en.wikipedia.org/wiki/A_%28b%29"]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//evil.example/x", "data:,x", "x", ""])
def test_a_target_that_is_no_url_of_a_source_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        rebuild("[1]", {1}).markdown({1: target})


def test_a_citation_without_a_target_is_refused() -> None:
    with pytest.raises(ValueError, match="no target"):
        rebuild("[1]", {1}).markdown({})


@pytest.mark.parametrize("piece", ["a", "a-", "a.", "w.", "[", "](", "<a", "&amp;", "[1,", "a/"])
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * MAX_CHARS)[:MAX_CHARS]
    began = time.process_time()
    rebuild(text, HANDED_OUT)
    assert time.process_time() - began < 1.5  # 0.01 to 0.2 s measured; 6 s without bounds


def test_an_endless_answer_is_cut_and_an_onion_is_flattened() -> None:
    assert rebuild("x" * (MAX_CHARS + 1), {1}).cut
    onion = "&" + "amp;" * 200 + "lt;script>"
    assert "<" not in rebuild(onion, {1}).plain
