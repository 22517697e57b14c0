"""The client against a real MediaWiki on loopback, with pages written for these tests."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar
from xml.sax.saxutils import escape

import pytest

from serve.detective.wikipedia import Patience, Wikipedia, WikipediaConfig, WikipediaUnavailable

T = TypeVar("T")
MEDIAWIKI = Path("/usr/share/mediawiki")  # as Debian's package installs it
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


class MediaWiki:
    """A wiki in a folder of its own, served by PHP's built-in server."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "root").mkdir()
        (folder / "root/w").symlink_to(MEDIAWIKI)
        _php(
            "install.php", "--confpath", folder, "--dbtype", "sqlite", "--dbpath", folder / "data",
            "--server", self.url, "--scriptpath", "/w", "--pass", "loopback-only-passphrase",
            "--extensions", "TextExtracts", "Test wiki", "Admin",
        )  # fmt: skip
        self._environment = {"MW_CONFIG_FILE": str(folder / "LocalSettings.php")}
        dump = "".join(map(_page_xml, PAGES, PAGES.values()))
        namespace = "http://www.mediawiki.org/xml/export-0.10/"
        (folder / "pages.xml").write_text(
            f'<mediawiki xmlns="{namespace}" version="0.10" xml:lang="en">{dump}</mediawiki>'
        )
        _php("importDump.php", "--no-updates", folder / "pages.xml", **self._environment)
        _php("rebuildtextindex.php", **self._environment)
        self._log = (folder / "server.log").open("w")
        self._process = subprocess.Popen(
            ["php", "-d", "display_errors=0", "-S", f"127.0.0.1:{self.port}", "-t", "root"],
            cwd=folder,
            env={**os.environ, **self._environment},
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()
        self._log.close()


def _php(script: str, *arguments: object, **environment: str) -> None:
    done = subprocess.run(
        ["php", str(MEDIAWIKI / "maintenance" / script), *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def _page_xml(title: str, text: str) -> str:
    return (
        f"<page><title>{escape(title)}</title><ns>0</ns><revision>"
        f'<text xml:space="preserve">{escape(text)}</text></revision></page>'
    )


@pytest.fixture(scope="module")
def mediawiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaWiki]:
    if shutil.which("php") is None or not (MEDIAWIKI / "maintenance/install.php").is_file():
        pytest.skip("needs Debian's packages mediawiki, php-cli and php-sqlite3")
    wiki = MediaWiki(tmp_path_factory.mktemp("mediawiki"))
    yield wiki
    wiki.stop()


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
    mediawiki: MediaWiki, question: str, title: str, query: str
) -> None:
    found = ask(mediawiki.url, lambda wiki: wiki.search(question))
    assert title in [hit.title for hit in found.hits]
    assert found.query == query
    assert all("searchmatch" not in hit.snippet for hit in found.hits)  # MediaWiki's markup
    assert all("&#" not in hit.snippet for hit in found.hits)


def test_nothing_is_found_for_words_that_no_page_has(mediawiki: MediaWiki) -> None:
    assert ask(mediawiki.url, lambda wiki: wiki.search("Xylophones quux")).hits == ()


def test_at_most_as_many_hits_as_asked_for(mediawiki: MediaWiki) -> None:
    assert len(ask(mediawiki.url, lambda wiki: wiki.search("Keel", 1)).hits) == 1


def test_a_page_is_read_as_plain_text_with_its_revision_and_urls(mediawiki: MediaWiki) -> None:
    page = ask(mediawiki.url, lambda wiki: wiki.page("Harbour Lighthouse"))
    assert page is not None
    assert page.text.startswith("The Harbour Lighthouse was built in 1871 by Mary Keel.")
    assert "\nHistory\n" in page.text
    assert page.revision > 0
    assert page.url == f"{mediawiki.url}/w/index.php/Harbour_Lighthouse"
    assert page.permanent_url == f"{mediawiki.url}/w/index.php?oldid={page.revision}"


def test_a_redirect_of_titles_leads_to_its_page(mediawiki: MediaWiki) -> None:
    assert ask(mediawiki.url, lambda wiki: wiki.page("Old Light")) == ask(
        mediawiki.url, lambda wiki: wiki.page("harbour_Lighthouse")
    )


def test_characters_of_titles_and_texts_come_through(mediawiki: MediaWiki) -> None:
    page = ask(mediawiki.url, lambda wiki: wiki.page("C & D (duo)"))
    assert page is not None
    assert (page.title, page.text) == ("C & D (duo)", "A & B are < C & D in all respects.")


def test_invisible_characters_do_not_come_through(mediawiki: MediaWiki) -> None:
    page = ask(mediawiki.url, lambda wiki: wiki.page("Zerowidth"))
    assert page is not None
    assert page.text == "The word lighthouse hides characters."


@pytest.mark.parametrize("title", ["No such page", "Bad{}title", "Special:Version", "Old|Light"])
def test_there_is_no_such_page(mediawiki: MediaWiki, title: str) -> None:
    assert ask(mediawiki.url, lambda wiki: wiki.page(title)) is None


def test_loopback_is_refused_unless_allowed(mediawiki: MediaWiki) -> None:
    with pytest.raises(WikipediaUnavailable, match="not a public address"):
        ask(mediawiki.url, lambda wiki: wiki.page("Keel"), allow_private=False)


def test_a_path_without_an_api_is_told(mediawiki: MediaWiki) -> None:
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
