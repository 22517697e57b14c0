"""A real Chromium before the scripted server; whatever it complains of fails the test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from .site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LIMIT_MS = 60_000  # for any condition to come true; on an idle machine each takes milliseconds


@dataclass
class Seen:
    """What a page complained of.

    Attributes:
        may_fail: requests may be refused or lost, which Chromium reports as errors.
    """

    errors: list[str] = field(default_factory=list)
    may_fail: bool = False

    def note(self, message: ConsoleMessage) -> None:
        """Hear of a message on the console."""
        expected = self.may_fail and message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not expected:
            self.errors.append(message.text)


# Of a module, not of the session: while Playwright's synchronous interface is open, its thread
# has a running event loop, and asyncio.run of other tests would be refused.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs chromium (Debian's package of that name)")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def _site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


@pytest.fixture
def site(_site: Site) -> Site:
    _site.reset()
    return _site


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def open_page(browser: Browser, seen: Seen) -> Iterator[Callable[..., Page]]:
    """Return what opens an address in a fresh profile; at the end nothing was complained of."""
    contexts = []

    def open_page(url: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(LIMIT_MS)
        page = context.new_page()
        page.on("console", seen.note)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            assert page.evaluate("window.hacked") is None
        context.close()
    assert seen.errors == []


@pytest.fixture
def page(site: Site, open_page: Callable[..., Page]) -> Iterator[Page]:
    """The page with its documents read; it never shows a value that is missing as a word."""
    opened = open_page(site.url)
    opened.get_by_role("checkbox", name="lighthouse-of-vell.pdf").wait_for()
    yield opened
    slips = re.findall(r"\b(?:null|undefined|NaN)\b|\[object", opened.locator("body").inner_text())
    assert slips == []
