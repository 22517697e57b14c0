"""The token view: what was forced, what was allowed, how sure the model was; by mouse and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .replies import TOKENS, reply
from .site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@pytest.fixture
def view(page: Page, site: Site) -> Locator:
    """The tokens of the first step."""
    site.tell_answer(reply())
    page.get_by_label("Your question").fill("How high?")
    page.keyboard.press("Enter")
    page.get_by_text("8 tokens, 4 forced by the grammar").first.click()
    page.get_by_role("listbox", name="Tokens").wait_for()
    return page.locator(".token-view").first


def test_every_token_says_what_the_grammar_and_the_model_made_of_it(view: Locator) -> None:
    tokens = view.get_by_role("option")
    names = [token.get_attribute("aria-label") for token in tokens.all()]
    assert names == [
        "“{\"”, forced", "“route”, forced", "“\":\"”, forced", "“both”, 83%", "“\",\"”, forced",
        "“␣height”, 52%", "“⏎”, 9%", "“\"}”, 97%",
    ]  # fmt: skip
    classes = [str(token.get_attribute("class")).split()[1] for token in tokens.all()]
    assert classes == [
        "forced", "forced", "forced", "sure-3", "forced", "sure-2", "sure-1", "sure-4"
    ]  # fmt: skip
    assert len(classes) == len(TOKENS)
    grounds = {
        token.evaluate("each => getComputedStyle(each).backgroundColor") for token in tokens.all()
    }
    assert len(grounds) == 5  # four shades, and none of what was forced


def test_arrow_keys_walk_and_the_panel_follows(view: Locator, page: Page) -> None:
    panel, first = view.locator(".token-panel"), view.get_by_role("option").first
    first.focus()
    assert "1 of 8" in panel.inner_text()
    assert "Forced: the grammar allowed nothing else." in panel.inner_text()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    told = panel.inner_text()
    assert "4 of 8" in told
    assert "The grammar allowed 4 tokens. The model gave this one 83%." in told
    assert [line.split() for line in panel.get_by_role("listitem").all_inner_texts()] == [
        ["both", "83%"], ["documents", "12%"], ["wiki", "4%"]
    ]  # fmt: skip
    page.keyboard.press("End")
    assert "8 of 8" in panel.inner_text()
    page.keyboard.press("ArrowRight")  # there is none
    assert "8 of 8" in panel.inner_text()
    page.keyboard.press("Home")
    assert "1 of 8" in panel.inner_text()
    assert view.locator("[tabindex='0']").count() == 1  # one stop for the Tab key
    described = first.get_attribute("aria-describedby")
    assert described == panel.get_attribute("id")


def test_the_mouse_shows_a_token_and_takes_no_focus(view: Locator, page: Page) -> None:
    page.get_by_label("Your question").focus()
    view.get_by_role("option", name="height").hover()
    assert "The grammar allowed 48,211 tokens." in view.locator(".token-panel").inner_text()
    assert "⏎" in view.locator(".token-panel").inner_text()
    assert page.evaluate("document.activeElement.id") == "question"
