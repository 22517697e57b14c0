"""How the page looks and reads: contrast, narrow and enlarged, themes, names of its controls.

``MINILORA_SCREENSHOTS=FOLDER`` keeps the pictures that are taken on the way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from .replies import document, refusal, reply
from .site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Seen

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
PICTURES = os.environ.get("MINILORA_SCREENSHOTS")
LONG = "Annual-report-of-the-harbour-council-for-the-year-1898-with-all-appendices-and-tables.pdf"


def picture(page: Page, name: str) -> None:
    """Keep a picture, where a folder for them is named."""
    if PICTURES is not None:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def show_everything(page: Page, site: Site) -> None:
    """Ask, and unfold all there is."""
    site.tell_answer(reply())
    page.get_by_label("Your question").fill("How high did the Lighthouse of Vell rise?")
    page.keyboard.press("Enter")
    page.get_by_role("region", name="Sources").wait_for()
    for fold in page.locator("main summary").all():
        fold.click()
    page.get_by_role("listbox").last.wait_for()


def low_contrast(page: Page) -> list[str]:
    n, bad = page.evaluate(CONTRAST)
    assert n > 5
    return bad


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(site: Site, open_page: Callable[..., Page], scheme: str) -> None:
    """Both themes, every state with text of its own."""
    site.documents["doc-02"] = document("doc-02", LONG, hidden=33)
    page = open_page(site.url, color_scheme=scheme, reduced_motion="reduce")
    page.get_by_role("checkbox", name=LONG).wait_for()
    page.get_by_role("button", name="Ask", exact=True).click()  # a problem: nothing is asked
    page.get_by_role("alert").get_by_text("Write a question").wait_for()
    assert low_contrast(page) == []
    show_everything(page, site)
    assert low_contrast(page) == []
    picture(page, scheme)
    page.get_by_role("option", name="both").first.focus()
    picture(page, f"{scheme}-tokens")
    page.get_by_role("button", name="Show source 1").click()
    page.get_by_text("would not see").wait_for()
    assert low_contrast(page) == []
    picture(page, f"{scheme}-passage")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=f"Remove {LONG}").click()
    assert low_contrast(page) == []
    page.keyboard.press("Escape")
    for link in ("Traces", "POST /ask"):
        page.get_by_role("link", name=link).click()
        page.get_by_role("link", name="POST /ask").or_(page.locator(".tree")).first.wait_for()
        assert low_contrast(page) == []
    for fold in page.locator(".tree summary").all():
        fold.click()
    assert low_contrast(page) == []
    picture(page, f"{scheme}-trace")


def test_the_contrast_test_finds_what_is_too_pale(page: Page) -> None:
    page.evaluate("document.querySelector('.lead').style.color = '#999a'")
    assert [text.split(" quotes")[0] for text in low_contrast(page)] == ["Every answer"]


# 200% zoom of a window of 1280 x 900 leaves 640 x 450 of the page's own pixels.
@pytest.mark.parametrize(("width", "height"), [(360, 740), (640, 450), (320, 640)])
def test_nothing_is_cut_off_on_a_narrow_or_enlarged_page(
    site: Site, open_page: Callable[..., Page], width: int, height: int
) -> None:
    site.documents["doc-01"]["name"] = LONG
    page = open_page(site.url, viewport={"width": width, "height": height})
    page.get_by_role("checkbox", name=LONG).wait_for()
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    show_everything(page, site)
    assert page.evaluate(fits)
    picture(page, f"narrow-{width}")
    page.get_by_role("button", name="Show source 1").click()
    page.get_by_text("would not see").wait_for()
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.get_by_role("button", name="Close").is_visible()
    picture(page, f"narrow-{width}-passage")
    page.keyboard.press("Escape")
    page.goto(f"{site.url}/#traces")
    page.get_by_role("link", name="POST /ask").click()
    page.locator(".tree").wait_for()
    assert page.evaluate(fits)
    picture(page, f"narrow-{width}-trace")


def test_the_theme_follows_the_system_until_it_is_chosen(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(site.url, color_scheme="dark")
    button = page.get_by_role("button", name="Dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    assert button.get_attribute("aria-pressed") == "true"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(ground)
    assert light != dark
    page.get_by_role("button", name="Dark", pressed=False).click()
    assert page.evaluate(ground) == dark
    page.reload()
    assert page.evaluate(ground) == dark
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.evaluate(ground) == light


def test_nothing_moves_where_the_reader_wants_it_still(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(site.url, reduced_motion="reduce")
    page.get_by_label("Your question").fill("How high?")
    page.keyboard.press("Enter")
    page.locator(".pulse").wait_for()
    assert page.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("document.getAnimations().length") > 0


def test_landmarks_and_names(page: Page, site: Site) -> None:
    """What a screen reader finds: every landmark once, every control with a name of its own."""
    show_everything(page, site)
    for role in ("banner", "navigation", "main", "complementary"):
        assert page.get_by_role(role).count() == 1
    tree = page.locator("body").aria_snapshot()
    assert not re.search(
        r"- (button|link|textbox|checkbox|listbox|option|region)( \[.*\])?:?$", tree, re.M
    )
    for expected in (
        'textbox "Your question"', 'button "1: lighthouse-of-vell.pdf, page 2"', 'list "Spans"',
        'complementary "Documents"', 'region "Answer"', 'listbox "Tokens"',
        'checkbox "lighthouse-of-vell.pdf"', 'button "Remove lighthouse-of-vell.pdf"',
        'table "Time, tokens and cost of each step"', 'group "Sample questions"',
    ):  # fmt: skip
        assert (expected in tree) == (expected != 'list "Spans"'), expected
    levels = page.locator("h1:visible, h2:visible, h3:visible, h4:visible").evaluate_all(
        "all => all.map(each => Number(each.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_target_is_large_enough_to_hit(page: Page, site: Site) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 CSS pixels."""
    show_everything(page, site)
    small = page.locator("button:visible, nav a:visible, summary:visible").evaluate_all(
        """all => all.map(each => [each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""
    )
    assert small == []


def test_it_asks_nobody_but_its_server_and_its_policy_is_strict(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    page.get_by_role("checkbox", name="lighthouse-of-vell.pdf").wait_for()
    site.tell_answer(refusal())
    page.get_by_label("Your question").fill("How high?")
    page.keyboard.press("Enter")
    page.locator(".reply.refused").wait_for()
    assert len(asked) > 10
    assert {url[: len(site.url)] for url in asked} == {site.url}
    policy = httpx.get(site.url).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy


def test_markup_that_got_in_would_not_run(
    site: Site, seen: Seen, open_page: Callable[..., Page]
) -> None:
    """The policy stands behind the page's own care."""
    page = open_page(site.url)
    refused = page.evaluate("""() => [
        () => { document.createElement("div").innerHTML = "<b>bold</b>"; },
        () => { document.createElement("img").setAttribute("onload", "window.hacked = 1"); },
        () => { document.createElement("script").text = "window.hacked = 1"; },
        () => { setTimeout("window.hacked = 1"); },
    ].map((attempt) => {
        try { attempt(); return "done"; } catch (error) { return error.name; }
    })""")
    assert refused == ["TypeError", "TypeError", "TypeError", "TypeError"]
    assert len(seen.errors) == 4
    assert all("requires 'Trusted" in error for error in seen.errors)
    seen.errors.clear()
