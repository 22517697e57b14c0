"""Past traces: the list, and one as a tree with durations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from serve.errors import ApiError

from .replies import HOSTILE, reply, trace
from .site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Seen


def test_a_trace_as_a_tree(page: Page, site: Site) -> None:
    page.get_by_role("link", name="Traces").click()
    link = page.get_by_role("link", name="POST /ask")
    assert "2.8 s · 4 spans · 1,475 tokens · failed" in link.inner_text()
    assert "faithfulness 0.930" in link.inner_text()
    assert page.get_by_role("link", name="Traces").get_attribute("aria-current") == "page"
    link.focus()
    page.keyboard.press("Enter")
    tree = page.get_by_role("list", name="Spans")
    tree.wait_for()
    assert page.evaluate("document.activeElement.id") == "traces-title"
    names = tree.locator(".name").all_inner_texts()
    assert names == ["POST /ask", "route", "engine", "search"]
    assert tree.locator(".step-time").all_inner_texts() == ["2.8 s", "310 ms", "300 ms", "820 ms"]
    assert tree.locator("ul ul .name").all_inner_texts() == ["engine"]
    tree.get_by_text("engine").click()
    assert (
        tree.get_by_text("llm.token_count.total").locator("xpath=..").inner_text().endswith("244")
    )
    tree.get_by_text("search").click()
    assert tree.get_by_text("ConnectError").is_visible()
    page.go_back()
    page.get_by_role("link", name="POST /ask").wait_for()


def test_a_trace_without_scores(page: Page, site: Site) -> None:
    tree = {**trace(), "scores": []}
    site.traces = {tree["trace_id"]: tree}
    page.goto(f"{site.url}/#trace/{tree['trace_id']}")
    page.get_by_role("list", name="Spans").wait_for()


def test_bars_stand_where_their_spans_did(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/#traces")
    page.get_by_role("link", name="POST /ask").click()
    page.get_by_role("list", name="Spans").wait_for()
    track = page.locator(".tree .track").nth(3).bounding_box()
    bar = page.locator(".tree .track .span").nth(3).bounding_box()
    assert track is not None
    assert bar is not None
    assert (bar["x"] - track["x"]) / track["width"] == pytest.approx(314 / 2843, abs=0.01)
    assert bar["width"] / track["width"] == pytest.approx(820 / 2843, abs=0.02)


def test_hostile_names_stay_text(page: Page, site: Site) -> None:
    tree = trace(name=HOSTILE)
    site.traces = {tree["trace_id"]: tree}
    page.get_by_role("link", name="Traces").click()
    page.get_by_role("link", name=HOSTILE).click()
    page.get_by_role("heading", name=HOSTILE).wait_for()
    for fold in page.locator(".tree summary").all():
        fold.click()
    assert page.locator("#traces").inner_text().count(HOSTILE) == 4  # score, span, input, message
    assert page.locator("#traces img").count() == 0


def test_older_traces_are_read_on_demand(page: Page, site: Site) -> None:
    site.traces = {f"{i:032x}": trace(f"{i:032x}", f"request {i}") for i in range(70)}
    page.get_by_role("link", name="Traces").click()
    more, rows = page.get_by_role("button", name="Older ones"), page.locator(".trace-list li")
    more.click()
    page.get_by_role("link", name="request 59").wait_for()
    assert "request 30" in page.evaluate("document.activeElement.textContent")
    more.click()
    page.get_by_role("link", name="request 69").wait_for()
    assert rows.count() == 70
    assert not more.is_visible()


def test_an_answer_leads_to_its_trace(page: Page, site: Site) -> None:
    site.tell_answer(reply())
    page.get_by_label("Your question").fill("How high?")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Trace", exact=True).click()
    page.get_by_role("list", name="Spans").wait_for()
    page.get_by_role("link", name="Ask", exact=True).click()
    page.locator(".answer-text").wait_for()  # it is still there


@pytest.mark.parametrize(("error", "words"), [
    (ApiError(403, "this needs a key with admin = true"), "This needs a key with admin = true."),
    (ApiError(503, "the server is stopping", headers={"Retry-After": "2"}),
     "The server is stopping; try again in 2 seconds."),
])  # fmt: skip
def test_why_there_is_nothing_to_see(
    page: Page, site: Site, seen: Seen, error: ApiError, words: str
) -> None:
    seen.may_fail = True
    site.refusals["GET", "/traces"] = error
    page.get_by_role("link", name="Traces").click()
    page.get_by_role("alert").get_by_text(words).wait_for()


def test_a_trace_that_is_gone_is_said_plainly(page: Page, site: Site, seen: Seen) -> None:
    seen.may_fail = True
    page.goto(f"{site.url}/#trace/ffff")
    page.get_by_role("alert").get_by_text("There is no such trace.").wait_for()
    page.get_by_role("link", name="All traces").click()
    page.get_by_role("link", name="POST /ask").wait_for()


def test_no_traces_yet(page: Page, site: Site) -> None:
    site.traces = {}
    page.get_by_role("link", name="Traces").click()
    page.get_by_text("None are kept yet.").wait_for()
