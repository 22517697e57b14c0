"""The page of the API, made from the description of every route that is served."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from serve.errors import ApiError

from .replies import begun, refusal, steps
from .site import END, OPERATIONS, Site, step_event
from .test_looks import low_contrast, picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Seen


@pytest.fixture
def docs(site: Site, open_page: Callable[..., Page]) -> Page:
    page = open_page(f"{site.url}/docs")
    page.locator("article").first.wait_for()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_route_unfolds(docs: Page, scheme: str) -> None:
    docs.emulate_media(color_scheme=scheme)
    for operation in OPERATIONS:
        route = docs.locator(f"#{operation.operation_id}")
        route.locator("> summary").click()
        route.get_by_role("button", name="Send").wait_for()
        assert operation.summary in route.inner_text()
    assert low_contrast(docs) == []
    picture(docs, f"docs-{scheme}")
    assert docs.get_by_role("link", name="POST /documents").count() == 1


def test_a_file_is_sent_as_a_form(docs: Page, site: Site) -> None:
    docs.locator("#post_documents > summary").click()
    route = docs.locator("#post_documents")
    route.locator("input[type=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"old"}
    )
    assert "-F 'file=@a.txt'" in route.locator("pre").first.inner_text()
    route.get_by_role("button", name="Send").click()
    route.get_by_text("end after").wait_for()
    assert '"name": "a.txt"' in route.locator("pre.answer").inner_text()
    assert len(site.documents) == 2


def test_an_answer_without_a_body(docs: Page, site: Site) -> None:
    docs.locator("#delete_documents_id > summary").click()
    route = docs.locator("#delete_documents_id")
    route.get_by_label("id", exact=True).fill("doc-01")
    route.get_by_role("button", name="Send").click()
    route.get_by_text("204, head after").wait_for()
    route.get_by_text("end after").wait_for()
    assert site.documents == {}


def test_a_stream_is_asked_for_by_its_media_type_and_shown_while_it_comes(
    docs: Page, site: Site
) -> None:
    docs.locator("#post_ask > summary").click()
    route = docs.locator("#post_ask")
    route.get_by_label("Answer as").select_option("text/event-stream")
    assert "Accept: text/event-stream" in route.locator("pre").first.inner_text()
    route.get_by_role("button", name="Send").click()
    site.tell(step_event(begun(steps()[0])))
    route.get_by_text("event: step").wait_for()
    assert "end after" not in route.get_by_role("status").inner_text()
    site.tell(("answer", {"answer": refusal().answer}), END)
    route.get_by_text("end after").wait_for()
    assert "event: answer" in route.locator("pre.answer").inner_text()
    assert site.asked[0]["question"]


def test_a_refusal_is_shown_with_its_status(docs: Page, site: Site, seen: Seen) -> None:
    seen.may_fail = True
    site.key = "secret"
    docs.locator("#get_documents > summary").click()
    route = docs.locator("#get_documents")
    route.get_by_role("button", name="Send").click()
    route.get_by_text("401, head after").wait_for()
    docs.get_by_label("Key").fill("secret")
    route.get_by_role("button", name="Send").click()
    route.get_by_text("200, head after").wait_for()


def test_a_description_that_cannot_be_read_is_said(
    site: Site, seen: Seen, open_page: Callable[..., Page]
) -> None:
    seen.may_fail = True
    site.refusals["GET", "/openapi.json"] = ApiError(500, "internal error")
    page = open_page(f"{site.url}/docs")
    page.get_by_role("alert").get_by_text("/openapi.json cannot be shown").wait_for()


def test_the_page_fits_a_narrow_window(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{site.url}/docs#post_ask", viewport={"width": 360, "height": 740})
    page.locator("#post_ask textarea").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "docs-narrow")
