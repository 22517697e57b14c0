"""Asking: keyboard, streamed steps, citations, refusals, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from serve.errors import ApiError

from .replies import (
    HIDDEN,
    HOSTILE,
    PAGE_2,
    PASSAGE,
    QUOTE,
    WIKI_QUOTE,
    WIKI_URL,
    begun,
    hostile_reply,
    refusal,
    reply,
    steps,
)
from .site import CUT, END, Site, answer_event, step_event

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Seen

QUESTION = "How high did it rise?"


def ask(page: Page, question: str = QUESTION) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def answered(page: Page) -> None:
    page.locator(".reply:not(.waiting)").wait_for()


def focused(page: Page) -> str:
    """Return the id of the element that has the focus."""
    return page.evaluate("document.activeElement.id")


def test_a_journey_by_keyboard_alone(page: Page, site: Site) -> None:
    site.tell_answer(reply())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "question"
    page.keyboard.type("How high")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("did it rise?")
    page.keyboard.press("Enter")
    answered(page)
    assert site.asked == [{"question": "How high\ndid it rise?"}]
    assert focused(page) == "question"  # nothing took it away
    label = None
    while label != "1: lighthouse-of-vell.pdf, page 2":
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.ariaLabel")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="lighthouse-of-vell.pdf")
    dialog.get_by_text(HIDDEN).wait_for()
    assert focused(page) == "passage-title"
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.ariaLabel") == label


def test_steps_show_as_they_stream(page: Page, site: Site) -> None:
    ask(page)
    live = page.get_by_role("status").first
    for step in steps():
        site.tell(step_event(begun(step)))
        item = page.locator(f".step:nth-child({step.index + 1})")
        item.locator("xpath=self::*[contains(@class, 'running')]").wait_for()
        assert "under way" in item.inner_text()
        site.tell(step_event(step))
        item.locator("xpath=self::*[contains(@class, 'ok')]").wait_for()
        assert step.summary in item.inner_text()
        assert live.inner_text() == step.summary
    shown = page.get_by_role("region", name="Steps of the answer")
    route, retrieve, search, read, verify, _ = shown.locator(".step").all()
    assert "the documents and Wikipedia\n83%" in route.inner_text()
    assert "score 0.0325" in retrieve.inner_text()
    retrieve.get_by_text("score 0.0325").click()
    assert PASSAGE in retrieve.inner_text()
    assert "By meaning 0.710, by words 8.25" in retrieve.inner_text()
    assert "Jeddah Light an active lighthouse" in search.inner_text()
    assert read.locator("mark").all_inner_texts() == [QUOTE]
    assert "94%" in read.inner_text()
    assert verify.locator("mark").all_inner_texts() == [WIKI_QUOTE]
    assert "Wikipedia disagrees" in verify.locator(".badge").inner_text()
    assert page.locator(".reply.waiting").is_visible()
    site.tell(answer_event(reply()), END)
    answered(page)
    assert live.inner_text().startswith("Answer: It rose 46 metres")


def test_the_answer_its_citations_and_what_it_took(page: Page, site: Site) -> None:
    site.tell_answer(reply())
    ask(page)
    answered(page)
    text = page.locator(".answer-text")
    assert text.get_by_role("button").all_inner_texts() == ["1", "2"]
    assert "see also [7]." in text.inner_text()  # no source has this number
    check = page.locator(".check").inner_text()
    assert "Wikipedia disagrees" in check
    assert "Wikipedia names another height. Source 2." in check
    assert "1,475 tokens · cost 0.00123 · smollm2-135m" in page.locator(".figures").inner_text()
    rows = page.get_by_role("table").get_by_role("row").all_inner_texts()
    assert rows[0].split("\t") == ["Step", "Time", "Tokens in", "out", "Cost"]
    assert rows[4].split() == ["Read", "and", "quote", "930", "ms", "640", "41", "–"]
    assert rows[-1].split() == ["All", "2.8", "s", "1,370", "105", "0.00123"]


def test_a_bar_of_the_waterfall_spans_its_step(page: Page, site: Site) -> None:
    site.tell_answer(reply())
    ask(page)
    answered(page)
    track = page.locator(".waterfall .track").nth(3).bounding_box()
    bar = page.locator(".waterfall .track .span").nth(3).bounding_box()
    assert track is not None
    assert bar is not None
    end = 2843.0
    assert (bar["x"] - track["x"]) / track["width"] == pytest.approx(1140 / end, abs=0.01)
    assert bar["width"] / track["width"] == pytest.approx(930 / end, abs=0.01)


def test_a_citation_opens_its_page_with_exactly_the_quote_marked(page: Page, site: Site) -> None:
    """Emoji stand before it: the server counts code points, JavaScript UTF-16 units."""
    site.tell_answer(reply())
    ask(page)
    page.get_by_role("button", name="1: lighthouse-of-vell.pdf, page 2").click()
    dialog = page.get_by_role("dialog", name="lighthouse-of-vell.pdf")
    dialog.get_by_text(HIDDEN).wait_for()
    assert dialog.locator(".page-text").text_content() == PAGE_2
    assert "".join(dialog.locator("mark").all_text_contents()) == QUOTE
    assert dialog.locator("mark").is_visible()
    assert "".join(dialog.locator(".passage").all_text_contents()) == PASSAGE
    assert dialog.locator(".hidden-text").text_content() == HIDDEN
    assert "would not see (white text)" in dialog.locator(".note").inner_text()


def test_a_citation_of_a_removed_document_shows_its_passage_and_says_so(
    page: Page, site: Site, seen: Seen
) -> None:
    seen.may_fail = True
    site.tell_answer(reply())
    ask(page)
    answered(page)
    site.documents.clear()
    page.get_by_role("button", name="Show source 1").click()
    page.get_by_text("This is the passage alone. There is no such document.").wait_for()
    assert page.locator(".page-text").text_content() == PASSAGE
    assert page.locator(".page-text mark").text_content() == QUOTE


def test_a_wiki_citation_links_to_the_revision_without_telling_where_from(
    page: Page, site: Site
) -> None:
    site.tell_answer(reply())
    ask(page)
    page.get_by_role("button", name="2: Jeddah Light, Wikipedia").click()
    dialog = page.get_by_role("dialog", name="Jeddah Light")
    assert dialog.locator("mark").text_content() == WIKI_QUOTE
    link = dialog.get_by_role("link", name="the revision that was read")
    assert link.get_attribute("href") == WIKI_URL
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_refusal_is_said_plainly(page: Page, site: Site) -> None:
    site.tell_answer(refusal())
    ask(page)
    answered(page)
    shown = page.get_by_role("region", name="Answer", exact=True).inner_text()
    assert shown.startswith("No answer\n")
    assert "The sources do not say." in shown
    assert "Wikipedia" not in shown  # nothing was checked
    assert page.get_by_role("status").first.inner_text() == "No answer: The sources do not say."


@pytest.mark.parametrize(("verdict", "words"), [
    ("supported", "Wikipedia agrees"),
    ("contradicted", "Wikipedia disagrees"),
    ("not_found", "Not found in Wikipedia"),
    ("unavailable", "Wikipedia could not be asked"),
    ("not_checked", "Not checked"),
])  # fmt: skip
def test_every_verdict_has_words(page: Page, site: Site, verdict: str, words: str) -> None:
    checked = reply().verification
    site.tell_answer(reply(verification=type(checked)(verdict, "As the reason says.")))
    ask(page)
    answered(page)
    assert words in page.locator(".check").inner_text()


def test_hostile_text_stays_text(page: Page, site: Site) -> None:
    site.documents["doc-01"]["name"] = HOSTILE
    page.reload()
    page.get_by_role("checkbox", name=HOSTILE).wait_for()
    site.tell_answer(hostile_reply())
    ask(page, HOSTILE)
    answered(page)
    assert page.get_by_role("heading", name=HOSTILE).count() == 1
    shown = page.locator("main").inner_text()
    assert shown.count(HOSTILE) > 15
    page.get_by_text("1 token, 0 forced").click()
    assert page.get_by_role("option").inner_text() == HOSTILE
    page.get_by_role("button", name=f"2: {HOSTILE}").click()
    dialog = page.get_by_role("dialog", name=HOSTILE)
    assert dialog.locator("mark").text_content() == HOSTILE
    page.keyboard.press("Escape")
    images = page.locator("img").evaluate_all("all => all.map(each => each.getAttribute('src'))")
    assert images == ["/page/icon.svg"]
    links = page.locator("a").evaluate_all("all => all.map(each => each.protocol)")
    assert set(links) == {"http:"}  # the javascript: address of the wiki page is no link


def test_escape_stops_and_the_server_hears_of_it(page: Page, site: Site) -> None:
    ask(page)
    site.tell(step_event(begun(steps()[0])))
    page.locator(".step.running").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Stopped.").first.wait_for()
    assert site.left.wait(60)
    assert "stopped" in page.locator(".step").inner_text()
    assert not page.get_by_role("button", name="Stop").is_visible()
    site.tell_answer(reply())
    page.keyboard.press("Enter")  # the question is still there
    page.get_by_role("region", name="Sources").wait_for()


def test_the_stop_button_gives_the_focus_back(page: Page, site: Site) -> None:
    ask(page)
    page.get_by_role("button", name="Stop").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Stopped.").first.wait_for()
    assert focused(page) == "question"


def test_one_question_at_a_time(page: Page, site: Site) -> None:
    ask(page)
    site.tell(step_event(begun(steps()[0])))
    page.locator(".step.running").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("A question is under way. Escape stops it.").wait_for()
    site.tell_answer(reply())
    answered(page)
    assert len(site.asked) == 1


def test_an_empty_question_is_not_sent(page: Page, site: Site) -> None:
    ask(page, "  \n ")
    page.get_by_role("alert").get_by_text("Write a question first.").wait_for()
    assert site.asked == []


def test_a_sample_question_asks(page: Page, site: Site) -> None:
    site.tell_answer(reply())
    page.get_by_role("group", name="Sample questions").get_by_role("button").first.click()
    answered(page)
    assert site.asked == [{"question": page.get_by_label("Your question").input_value()}]


REFUSALS = [
    (
        ApiError(429, "too many requests a minute: try again in 12.0 s", None, None,
                 {"Retry-After": "12"}),
        "Too many requests a minute: try again in 12.0 s.",
    ),
    (
        ApiError(503, "the queue is full", headers={"Retry-After": "1"}),
        "The queue is full; try again in 1 second.",
    ),
    (ApiError(400, "the question is too long"), "The question is too long."),
    (ApiError(500, "internal error"), "Internal error."),
]  # fmt: skip


@pytest.mark.parametrize(("error", "words"), REFUSALS)
def test_a_refused_question_is_one_sentence(
    page: Page, site: Site, seen: Seen, error: ApiError, words: str
) -> None:
    seen.may_fail = True
    site.refusals["POST", "/ask"] = error
    ask(page)
    answered(page)
    assert page.locator(".reply").inner_text() == words


def test_an_error_in_the_stream_is_one_sentence(page: Page, site: Site) -> None:
    error = ApiError(503, "the engine is full").body()
    site.tell(step_event(begun(steps()[0])), ("error", error), END)
    ask(page)
    answered(page)
    assert page.locator(".reply").inner_text() == "The engine is full."
    assert page.locator(".step.running").count() == 0


@pytest.mark.parametrize("event", [CUT, END])
def test_a_lost_connection_is_one_sentence(
    page: Page, site: Site, seen: Seen, event: tuple[str, None]
) -> None:
    seen.may_fail = True
    ask(page)
    site.tell(step_event(steps()[0]))
    page.locator(".step.ok").wait_for()
    site.tell(event)
    answered(page)
    lost = "The connection was lost before the answer was complete: ask again."
    assert page.locator(".reply").inner_text() == lost
    assert "310 ms" in page.locator(".step").inner_text()  # what was done stays


def test_no_connection_at_all_is_one_sentence(page: Page, seen: Seen) -> None:
    seen.may_fail = True
    page.context.set_offline(True)
    ask(page)
    answered(page)
    words = "The server cannot be reached: check the connection and try again."
    assert page.locator(".reply").inner_text() == words


def test_a_long_answer_is_shown_whole(page: Page, site: Site) -> None:
    long = "\n\n".join(f"Paragraph {i}: " + "word " * 200 + "x" * 200 for i in range(40))
    site.tell_answer(reply(answer=long))
    ask(page)
    answered(page)
    assert page.locator(".answer-text").count() == 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_key_is_asked_for_once_and_kept_for_the_tab(
    site: Site, seen: Seen, open_page: Callable[..., Page]
) -> None:
    seen.may_fail = True
    site.key = "sk-right"
    page = open_page(site.url)
    dialog = page.get_by_role("dialog", name="API key")
    field = dialog.get_by_role("textbox", name="Key")
    assert field.get_attribute("type") == "password"
    for wrong, says in [("ü", "without spaces"), ("sk-wrong", "does not know this key")]:
        field.fill(wrong)
        page.keyboard.press("Enter")
        dialog.get_by_text(says).wait_for()
    field.fill("sk-right")
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="lighthouse-of-vell.pdf").wait_for()
    assert page.evaluate("[{...sessionStorage}, {...localStorage}]") == [
        {"minilora.key": "sk-right"},
        {},
    ]
    page.reload()
    page.get_by_role("checkbox", name="lighthouse-of-vell.pdf").wait_for()
    page.get_by_role("button", name="API key").click()
    dialog.get_by_role("button", name="Forget it").click()
    page.evaluate("location.reload()")
    page.get_by_text("This server answers those who have a key.").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("alert").get_by_text("This server needs an API key.").wait_for()
