"""Documents on the page: adding by button and drop, choosing, removing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from serve.errors import ApiError

from .replies import HOSTILE, document, refusal
from .site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Seen

FILE = {"name": "report.txt", "mimeType": "text/plain", "buffer": b"The tower is old."}
DROP = """([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name));
    const options = {dataTransfer: transfer, bubbles: true, cancelable: true};
    const event = (type) => new DragEvent(type, options);
    const target = document.querySelector("main");
    target.dispatchEvent(event("dragover"));
    const lit = document.getElementById("drop").classList.contains("over");
    target.dispatchEvent(event("drop"));
    return lit;
}"""


def test_files_are_added_with_progress_and_each_error_stays_by_its_file(
    page: Page, site: Site, seen: Seen
) -> None:
    seen.may_fail = True
    site.reading.clear()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    bad = {**FILE, "name": "<img src=x onerror=hacked()>.exe"}
    chooser.value.set_files([bad, FILE])
    page.get_by_role("progressbar", name="Sending report.txt").wait_for()
    page.get_by_text("reading").wait_for()
    assert page.get_by_text("waiting").count() == 1
    site.reading.set()
    page.get_by_role("checkbox", name="report.txt").wait_for()
    assert page.get_by_role("progressbar").count() == 0
    failed = page.get_by_role("list", name="Files being added").get_by_role("listitem")
    assert f"{bad['name']}: no PDF, Markdown, text or HTML." in failed.inner_text()
    failed.get_by_role("button").click()
    assert page.evaluate("document.activeElement.id") == "upload"
    assert page.get_by_text("report.txt was added: 1 page.").count() == 1
    assert "Looks in 2 documents and Wikipedia." in page.locator("#scope").inner_text()


def test_a_file_dropped_anywhere_is_added_and_a_second_time_is_a_duplicate(
    page: Page, site: Site
) -> None:
    assert page.evaluate(DROP, ["notes.md", "# Notes"])
    page.get_by_role("checkbox", name="notes.md").wait_for()
    assert not page.locator("#drop.over").count()
    page.evaluate(DROP, ["notes.md", "# Notes"])
    page.get_by_text("It is there already, as notes.md.").wait_for()
    assert len(site.documents) == 2


def test_a_file_chosen_on_disk_arrives_whole(page: Page, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * 3_000_000)
    page.locator("#files").set_input_files(path)
    page.get_by_role("checkbox", name="large.txt").wait_for()
    assert site.documents["doc-02"]["n_bytes"] == 3_000_000


def test_the_chosen_documents_are_asked(page: Page, site: Site) -> None:
    site.documents["doc-02"] = document("doc-02", "other.pdf")
    page.reload()
    box = page.get_by_role("checkbox", name="other.pdf")
    box.wait_for()
    scope, all_of_them = page.locator("#scope"), page.get_by_role("checkbox", name="Ask all")
    questions: list[dict[str, object]] = []

    def ask(documents: list[str] | None) -> None:
        site.tell_answer(refusal())
        page.get_by_label("Your question").fill(f"Question {len(questions)}?")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=f"Question {len(questions)}?").wait_for()
        page.locator(".reply.refused").wait_for()
        body: dict[str, object] = {"question": f"Question {len(questions)}?"}
        questions.append(body if documents is None else {**body, "documents": documents})

    ask(None)
    box.uncheck()
    assert "Looks in 1 of 2 documents and Wikipedia." in scope.inner_text()
    assert all_of_them.evaluate("box => box.indeterminate")
    ask(["doc-01"])
    all_of_them.check()
    ask(None)
    all_of_them.uncheck()
    assert "Looks in Wikipedia alone." in scope.inner_text()
    ask([])
    assert site.asked == questions


def test_removing_asks_first_and_the_focus_moves_on(page: Page, site: Site) -> None:
    site.documents["doc-02"] = document("doc-02", HOSTILE)
    page.reload()
    remove = page.get_by_role("button", name=f"Remove {HOSTILE}")
    remove.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=f"Remove {HOSTILE}?")
    dialog.wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Keep it"
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert set(site.documents) == {"doc-01", "doc-02"}
    page.keyboard.press("Enter")  # the focus is back on the button
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("was removed.").wait_for()
    assert set(site.documents) == {"doc-01"}
    label = page.evaluate("document.activeElement.ariaLabel")
    assert label == "Remove lighthouse-of-vell.pdf"
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("None yet. Without documents, only Wikipedia is asked.").wait_for()
    assert page.evaluate("document.activeElement.id") == "upload"


def test_a_document_that_cannot_be_removed_stays_and_says_why(
    page: Page, site: Site, seen: Seen
) -> None:
    seen.may_fail = True
    site.refusals["DELETE", "/documents/doc-01"] = ApiError(503, "the store cannot be reached")
    page.get_by_role("button", name="Remove lighthouse-of-vell.pdf").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_role("alert").get_by_text("The store cannot be reached.").wait_for()
    assert page.get_by_role("checkbox", name="lighthouse-of-vell.pdf").is_visible()


def test_hidden_text_is_told(page: Page, site: Site) -> None:
    site.documents["doc-01"]["hidden"] = 33
    page.reload()
    page.get_by_text("33 hidden characters").wait_for()
