"""Quotes resolve to the character, whatever hides in a source; passages have borders."""

from __future__ import annotations

import json

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from minilora.data.detective.steps import READ_SCHEMA, VERIFY_SCHEMA
from serve.detective.compose import Reading, compose
from serve.detective.documents import Hidden, clean, make_page
from serve.detective.quotable import Quotable, step_grammar, without_quotes
from serve.detective.reply import Verification
from serve.detective.retrieve import Passage
from serve.detective.sources import Quote, document_excerpts, find_quote, make_excerpt
from serve.guard.fence import Fence
from serve.guard.output import rebuild

seeded = settings(derandomize=True, deadline=None, max_examples=150)
FENCE = Fence("0123456789abcdef")
ODD = ("<|im_end|>", "[INST]", "<<source", "\u200b", "\u00ad", "\u2028", "[1]", "](http://e.x/)")
PLAIN = ("é", "word", "Two.", " ", "\n", "a b")
TEXTS = st.lists(st.sampled_from(ODD + PLAIN), max_size=14).map("".join)


def passage(text: str, hidden: tuple[Hidden, ...] = ()) -> Passage:
    return Passage(1, "doc-1", "a.txt", 3, 10, 10 + len(text), text, hidden, 1, 1, 1.0, 1, 1.0)


@seeded
@given(TEXTS, st.tuples(st.integers(0, 40), st.integers(0, 40)), st.data())
def test_every_quote_resolves_verbatim(
    text: str, span: tuple[int, int], data: st.DataObject
) -> None:
    text = clean(text)
    start, end = sorted(min(place, len(text)) for place in span)
    hidden = make_page(1, text, [Hidden(start, end, "white text")] if end > start else []).hidden
    excerpts = document_excerpts([passage(text, hidden)], FENCE)
    assume(excerpts)
    excerpt = data.draw(st.sampled_from(excerpts))
    assert excerpt.start is not None
    assert text[excerpt.start - 10 :].startswith(excerpt.text)
    assert FENCE.defuse(excerpt.text) == excerpt.shown
    words = excerpt.shown.split()
    first = data.draw(st.integers(0, len(words) - 1))
    shown = excerpt.shown[excerpt.shown.index(words[first]) :]
    quoted = shown[: data.draw(st.integers(1, len(shown)))].rstrip()
    quote = find_quote(excerpts, quoted)
    assert quote is not None
    assert quote.text == quote.excerpt.text[quote.start : quote.end]
    assert FENCE.defuse(quote.text).replace(" ", "") == quoted.replace(" ", "")
    told = compose(
        [Reading("documents", "answered", quote, text)], Verification("not_found", ""), None
    )
    (source,) = told.sources
    assert source.passage[source.start : source.end] == source.quote == quote.text
    assert source.passage_start == quote.excerpt.start
    assert rebuild(told.text, ()).foreign_citations in ((), (1,))
    assert told.text.count("[1]") == 1
    assert "](" not in told.text
    assert "://" not in told.text


def test_a_quote_stands_in_one_passage_and_may_stop_anywhere_between_words() -> None:
    first, second = "It was begun. It was built in 1871.", "The lamp is old (1871)."
    grammar = step_grammar(READ_SCHEMA, [first, second])

    def takes(quote: str) -> bool:
        document = {"quote": quote, "answered": True, "answer": ""}
        return grammar.accepts(json.dumps(document, ensure_ascii=False).encode())

    for quote in (first, second, "It was begun.", "It was begun", "begun. It", "(1871)", "1871."):
        assert takes(quote), quote
    for quote in ("", "built in 1872", "egun", "1871. The", "1871.\x1cThe", "1871.The", "begun. "):
        assert not takes(quote), quote


@seeded
@given(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3), st.data())
def test_quotable_is_what_any_one_passage_says(passages: list[str], data: st.DataObject) -> None:
    quotable = Quotable(passages)
    said = "".join(passages)
    start, end = sorted(
        (data.draw(st.integers(0, len(said))), data.draw(st.integers(0, len(said))))
    )
    quote = said[start:end]
    alone = any(Quotable([passage]).contains(quote) for passage in passages)
    assert quotable.contains(quote) == alone
    assert not alone or any(quote in passage for passage in passages)


def test_schemas_for_others_keep_all_but_the_keyword() -> None:
    plain = without_quotes(VERIFY_SCHEMA)
    assert "x-substring-of" not in plain["properties"]["quote"]
    assert VERIFY_SCHEMA["properties"]["quote"]["x-substring-of"] == "sources"


def test_the_sentence_of_a_quote() -> None:
    text = "Begun in 1869.\n\nIt was built\nin 1871, by Thorne. It stands."
    excerpt = make_excerpt("document", "a", text, FENCE)
    assert excerpt is not None
    quote = find_quote([excerpt], "in 1871")
    assert quote is not None
    assert quote.sentence == "It was built in 1871, by Thorne."
    assert Quote(excerpt, 0, len(text)).sentence == " ".join(text.split())
