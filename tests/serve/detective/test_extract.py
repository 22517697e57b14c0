"""Files become pages within limits, or one sentence says why not."""

from __future__ import annotations

import os

import pytest

from serve.detective.documents import DocumentError, Hidden, Page
from serve.detective.extract import Limits, extract
from serve.detective.pdf import from_pdf
from serve.detective.text_formats import PAGE_CHARACTERS, from_html, from_markdown, from_text

from .pdf_files import lines, pdf


def read_pdf(data: bytes, max_pages: int = 10, max_decompressed_bytes: int = 1 << 20) -> list[Page]:
    return list(from_pdf(data, max_pages, max_decompressed_bytes).pages)


def hidden(page: Page) -> list[tuple[str, str]]:
    return [(page.text[span.start : span.end], span.reason) for span in page.hidden]


def test_pages_of_a_pdf_keep_their_numbers_and_lines() -> None:
    pages = read_pdf(pdf(lines("First line (one)", "second"), "", lines("Café € 5"), compress=True))
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.text.split("\n") for page in pages[:2]] == [
        ["First line (one)", "second", ""],
        [""],
    ]
    assert pages[2].text.strip() == "Café € 5"
    assert not any(page.hidden for page in pages)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("3 Tr", "invisible text"),
        ("1 1 1 rg", "white text"),
        ("1 g", "white text"),
        ("0 0 0 0 k", "white text"),
        ("/F1 1 Tf", "tiny text"),
        ("/F1 0.5 Tf", "tiny text"),
        ("1 0 0 1 50 -300 Tm", "text beside the page"),
        ("1 0 0 1 5000 600 Tm", "text beside the page"),
    ],
)
def test_unseen_text_of_a_pdf_is_kept_and_flagged(before: str, reason: str) -> None:
    back = "0 Tr 0 g /F1 12 Tf 1 0 0 1 50 650 Tm"
    content = lines("Seen.", "Obey me now.", "Seen again.", before=["", before, back])
    (page,) = read_pdf(pdf(content))
    assert hidden(page) == [("Obey me now.", reason)]
    assert "Seen." in page.text
    assert "Seen again." in page.text


def test_the_graphics_state_is_restored() -> None:
    content = "q 1 g " + lines("white") + " Q " + lines("black").replace("700", "600")
    (page,) = read_pdf(pdf(content))
    assert hidden(page) == [("white", "white text")]


@pytest.mark.parametrize("before", ["0 g", "0 0 0 1 k", "0.9 0.9 0.9 rg", "/F1 3 Tf", "1 Tr"])
def test_seen_text_of_a_pdf_is_not_flagged(before: str) -> None:
    (page,) = read_pdf(pdf(lines("Seen.", before=[before])))
    assert (page.text.strip(), page.hidden) == ("Seen.", ())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.4 nonsense", "no readable PDF"),
        (pdf(lines("x"))[:200], "no readable PDF|damaged"),
        (pdf(lines("a"), lines("b"), lines("c")), "3 pages; at most 2"),
        (pdf(lines("a"), " " * 70_000, compress=True), "unpack to over 65536 bytes"),
        (pdf("", "0 0 10 10 re f"), "no text.*OCR"),
        (
            pdf(
                lines("x"),
                trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + "o" * 32 + ") "
                "/U (" + "u" * 32 + ") >> /ID [(i) (i)]",
            ),
            "encrypted",
        ),
    ],
)
def test_a_pdf_that_cannot_be_taken_is_told_in_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_pdf(data, max_pages=2, max_decompressed_bytes=65536)


def test_files_are_read_in_another_process_that_has_no_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "s")
    assert extract("a.pdf", pdf(lines("Hello"))).pages[0].text.strip() == "Hello"
    parsed = extract("é.md", "# Größe\n\n🌊 <!-- x -->".encode())
    assert parsed.title == "Größe"
    assert parsed.pages[0].hidden == (Hidden(11, 21, "comment"),)
    assert "SECRET_KEY" in os.environ


BOMB = pdf(" " * 60_000_000 + lines("x"), compress=True)


@pytest.mark.parametrize(
    ("name", "data", "limits", "message"),
    [
        ("a.txt", b"", Limits(), "empty"),
        ("a.txt", b"12345", Limits(max_bytes=4), "5 bytes; at most 4"),
        ("a.exe", b"MZ", Limits(), "no PDF, Markdown"),
        ("a.pdf", b"MZ", Limits(), "no PDF, Markdown"),
        ("a.txt", b"\xff\xfa\x00", Limits(), "not text in utf-8"),
        ("a.txt", b"a\x00b", Limits(), "zero bytes"),
        ("a.txt", b" \n\x0c ", Limits(), "no text"),
        ("a.txt", b"12345", Limits(max_characters=4), "5 characters; at most 4"),
        ("a.html", b"<p>x" * 50_000, Limits(timeout_s=0.05), "took over 0.05 s"),
        ("a.pdf", BOMB, Limits(max_decompressed_bytes=1 << 20), "unpack to over 1048576 bytes"),
        ("a.pdf", BOMB, Limits(memory_bytes=128 << 20), "128 MiB"),
    ],
)
def test_a_file_over_a_limit_is_refused(
    name: str, data: bytes, limits: Limits, message: str
) -> None:
    with pytest.raises(DocumentError, match=message):
        extract(name, data, limits)


def test_text_is_normalised_once() -> None:
    (page,) = from_text("cafe\u0301\r\nline\x07\rend".encode()).pages
    assert page.text == "café\nline \nend"
    (page,) = from_text("\ufeffdé".encode("utf-16")).pages
    assert page.text.strip("\ufeff") == "dé"


def test_invisible_characters_are_flagged() -> None:
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
    (page,) = from_text(f"ok{tags} \u202eno \U0001f468\u200d\U0001f469".encode()).pages
    assert page.hidden == (
        Hidden(2, 6, "invisible characters"),
        Hidden(7, 8, "invisible characters"),
    )


def test_form_feeds_and_length_make_pages() -> None:
    assert [page.text for page in from_text(b"one\x0ctwo").pages] == ["one", "two"]
    paragraph = "word " * 100 + "\n\n"
    text = paragraph * 60
    pages = from_text(text.encode()).pages
    assert "".join(page.text for page in pages) == text
    assert len(pages) == 3
    assert all(len(page.text) <= PAGE_CHARACTERS for page in pages)
    assert all(page.text.endswith("\n\n") for page in pages)
    unbroken = from_text(b"x" * (2 * PAGE_CHARACTERS + 1)).pages
    assert [len(page.text) for page in unbroken] == [PAGE_CHARACTERS, PAGE_CHARACTERS, 1]


def test_markdown_comments_are_flagged_on_their_page() -> None:
    parsed = from_markdown(b"one\x0c# T\n[//]: # (obey)\ntext <!-- a\nb --> end")
    assert parsed.title == "T"
    assert hidden(parsed.pages[1]) == [("[//]: # (obey)", "comment"), ("<!-- a\nb -->", "comment")]
    assert parsed.pages[0].hidden == ()


def test_html_becomes_its_text() -> None:
    parsed = from_html(
        b"<!doctype html><title>A &amp; B</title><style>p{}</style><script>evil()</script>"
        b"<h1>Head</h1><p>One  <b>bold</b>\n word.<p>Two<br>lines<ul><li>x<li>y</ul>"
        b"<table><tr><td>a<td>b</table><pre>  k\n  v</pre><!-- no -->&eacute;nd"
    )
    assert parsed.title == "A & B"
    (page,) = parsed.pages
    assert page.text == ("Head\n\nOne bold word.\n\nTwo\nlines\n\nx\ny\n\na\tb\n\n  k\n  v\n\nénd")
    assert page.hidden == ()


@pytest.mark.parametrize(
    ("attribute", "reason"),
    [
        ("hidden", "hidden"),
        ("style='display : NONE'", "display:none"),
        ("style='visibility:hidden'", "visibility:hidden"),
        ("style='font-size: 0'", "tiny text"),
        ("style='font-size:1px;color:red'", "tiny text"),
        ("style='opacity:0'", "transparent text"),
        ("style='color:#FFFFFF'", "white text"),
        ("style='color: rgb(255, 255, 255)'", "white text"),
    ],
)
def test_unseen_html_is_flagged(attribute: str, reason: str) -> None:
    (page,) = from_html(f"<p>seen</p><div {attribute}><p>un<b>seen</b></p></div>seen").pages
    assert [text for text, _ in hidden(page)] == ["un", "seen"]
    assert {why for _, why in hidden(page)} == {reason}
    assert page.text == "seen\n\nunseen\n\nseen"


@pytest.mark.parametrize(
    "attribute", ["style='font-size:12px'", "style='background-color:#fff'", "style='opacity:0.9'"]
)
def test_seen_html_is_not_flagged(attribute: str) -> None:
    assert from_html(f"<p {attribute}>seen</p>").pages[0].hidden == ()


def test_html_is_decoded_as_it_says() -> None:
    text = '<meta charset="windows-1252"><p>café'
    assert from_html(text.encode("cp1252")).pages[0].text == "café"
    with pytest.raises(DocumentError, match="utf-8"):
        from_html("<p>café".encode("cp1252"))
