"""The client against a real MediaWiki on loopback, with pages written for these tests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from serve.detective.local_wiki import PACKAGES, LocalWiki, has_mediawiki
from serve.detective.wikipedia import Patience, Wikipedia, WikipediaConfig, WikipediaUnavailable

T = TypeVar("T")
PAGES = {
    "Harbour Lighthouse": (
        "The '''Harbour Lighthouse''' was built in 1871 by [[Mary Keel]]. It is 41 metres tall.\n\n"
        "== History ==\nThe lamp was electrified in 1923.<ref>A book.</ref>"
    ),
    "Old Light": "#REDIRECT [[Harbour Lighthouse]]",
    "Mary Keel": "'''Mary Keel''' (1832–1901) was an engineer.",
    "Keelhaven": "'''Keelhaven''' is a town of 9,400. {{DISPLAYTITLE:Keelhaven}}__NOTOC__",
    "Keel": "'''Keel''' may mean:\n* [[Mary Keel]]\n* [[Keelhaven]]",
    "C & D (duo)": "A & B are < C & D in ''all'' respects.",
    "Zerowidth": "The word light\u00adhouse\u200b hides characters.",
}


@pytest.fixture(scope="module")
def mediawiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalWiki]:
    if not has_mediawiki():
        pytest.skip(f"needs {PACKAGES}")
    with LocalWiki(tmp_path_factory.mktemp("mediawiki"), PAGES) as wiki:
        yield wiki


def ask(url: str, question: Callable[[Wikipedia], Coroutine[Any, Any, T]], **config: Any) -> T:
    async def run() -> T:
        settings = WikipediaConfig(base_url=url, **{"allow_private": True, **config})
        async with Wikipedia(settings) as wiki:
            return await question(wiki)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("question", "title", "query"),
    [
        ("Harbour Lighthouse", "Harbour Lighthouse", "Harbour Lighthouse"),
        ("Was the Harbour Lighthouse built in 1875?", "Harbour Lighthouse",
         "Harbour Lighthouse built"),
        ("When did Mary Keel die of old age?", "Mary Keel", "Mary Keel"),
        ("electri\u200bfied lamp", "Harbour Lighthouse", "electrified lamp"),
        ('intitle:zzz "Keelhaven"', "Keelhaven", "Keelhaven"),
    ],
)  # fmt: skip
def test_questions_find_their_page(
    mediawiki: LocalWiki, question: str, title: str, query: str
) -> None:
    found = ask(mediawiki.url, lambda wiki: wiki.search(question))
    assert title in [hit.title for hit in found.hits]
    assert found.query == query
    assert all("searchmatch" not in hit.snippet for hit in found.hits)  # MediaWiki's markup
    assert all("&#" not in hit.snippet for hit in found.hits)


def test_nothing_is_found_for_words_that_no_page_has(mediawiki: LocalWiki) -> None:
    assert ask(mediawiki.url, lambda wiki: wiki.search("Xylophones quux")).hits == ()


def test_at_most_as_many_hits_as_asked_for(mediawiki: LocalWiki) -> None:
    assert len(ask(mediawiki.url, lambda wiki: wiki.search("Keel", 1)).hits) == 1


def test_a_page_is_read_as_plain_text_with_its_revision_and_urls(mediawiki: LocalWiki) -> None:
    page = ask(mediawiki.url, lambda wiki: wiki.page("Harbour Lighthouse"))
    assert page is not None
    assert page.text.startswith("The Harbour Lighthouse was built in 1871 by Mary Keel.")
    assert "\nHistory\n" in page.text
    assert page.revision > 0
    assert page.url == f"{mediawiki.url}/w/index.php/Harbour_Lighthouse"
    assert page.permanent_url == f"{mediawiki.url}/w/index.php?oldid={page.revision}"


def test_a_redirect_of_titles_leads_to_its_page(mediawiki: LocalWiki) -> None:
    assert ask(mediawiki.url, lambda wiki: wiki.page("Old Light")) == ask(
        mediawiki.url, lambda wiki: wiki.page("harbour_Lighthouse")
    )


def test_characters_of_titles_and_texts_come_through(mediawiki: LocalWiki) -> None:
    page = ask(mediawiki.url, lambda wiki: wiki.page("C & D (duo)"))
    assert page is not None
    assert (page.title, page.text) == ("C & D (duo)", "A & B are < C & D in all respects.")


def test_invisible_characters_do_not_come_through(mediawiki: LocalWiki) -> None:
    page = ask(mediawiki.url, lambda wiki: wiki.page("Zerowidth"))
    assert page is not None
    assert page.text == "The word lighthouse hides characters."


@pytest.mark.parametrize("title", ["No such page", "Bad{}title", "Special:Version", "Old|Light"])
def test_there_is_no_such_page(mediawiki: LocalWiki, title: str) -> None:
    assert ask(mediawiki.url, lambda wiki: wiki.page(title)) is None


def test_loopback_is_refused_unless_allowed(mediawiki: LocalWiki) -> None:
    with pytest.raises(WikipediaUnavailable, match="not a public address"):
        ask(mediawiki.url, lambda wiki: wiki.page("Keel"), allow_private=False)


def test_a_path_without_an_api_is_told(mediawiki: LocalWiki) -> None:
    with pytest.raises(WikipediaUnavailable, match=r"HTTP 404|not MediaWiki's"):
        ask(mediawiki.url, lambda wiki: wiki.page("Keel"), path="/nowhere/")


def test_a_port_where_no_one_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(WikipediaUnavailable, match="after 2 attempts"):
        ask(
            f"http://127.0.0.1:{port}",
            lambda wiki: wiki.page("Keel"),
            patience=Patience(attempts=2, base_s=0),
        )
