"""Files to pages, in a process of its own: what a hostile file breaks is that process.

The child has limits on processor time and memory that the kernel enforces, an empty environment
(no keys), and is killed when the wall time is over. The file goes in by stdin and the pages come
out by stdout, so it opens nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from serve.detective.documents import DocumentError, Hidden, Page, Parsed

KINDS = {
    ".pdf": "pdf",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
FAILED_STATUS = 3  # of the child, when its answer is a DocumentError


@dataclass(frozen=True)
class Limits:
    """What a file may cost.

    Attributes:
        max_bytes: of the file.
        max_pages: of a PDF.
        max_decompressed_bytes: of all instructions of a PDF's pages together.
        max_characters: of all pages together.
        timeout_s: wall time of reading it.
        memory_bytes: address space of the process that reads it.
    """

    max_bytes: int = 32 << 20
    max_pages: int = 2000
    max_decompressed_bytes: int = 256 << 20
    max_characters: int = 20_000_000
    timeout_s: float = 120.0
    memory_bytes: int = 2 << 30


DEFAULT_LIMITS = Limits()


def kind_of(name: str, data: bytes) -> str:
    """Return "pdf", "markdown", "text" or "html", by the file's name, or as a PDF by its start.

    Raises:
        DocumentError: it is none of them.
    """
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    suffix = PurePath(name).suffix.lower()
    if suffix not in KINDS or KINDS[suffix] == "pdf":
        known = "PDF, Markdown (.md), text (.txt) or HTML (.html)"
        raise DocumentError(f"it is no {known} file")
    return KINDS[suffix]


def extract(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Parsed:
    """Return the pages of a file. It blocks for as long as ``limits.timeout_s``.

    Args:
        name: of the file; its ending tells the format.
        data: its bytes.
        limits: what it may cost.

    Raises:
        DocumentError: of another format, damaged, over a limit, or without text.
    """
    if not data:
        raise DocumentError("it is empty")
    if len(data) > limits.max_bytes:
        raise DocumentError(f"it has {len(data)} bytes; at most {limits.max_bytes} are taken")
    command = [sys.executable, "-P", "-m", "serve.detective.extract_worker"]
    try:
        child = subprocess.run(
            [*command, kind_of(name, data), json.dumps(asdict(limits))],
            input=data,
            capture_output=True,
            timeout=limits.timeout_s,
            env={"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentError(f"reading it took over {limits.timeout_s:g} s") from None
    if child.returncode == FAILED_STATUS:
        raise DocumentError(child.stdout.decode())
    if child.returncode != 0:  # killed by a limit, or a fault of the parser
        raise DocumentError(f"reading it failed or took over {limits.memory_bytes >> 20} MiB")
    parsed = _parsed(json.loads(child.stdout))
    if not any(page.text.strip() for page in parsed.pages):
        raise DocumentError("it holds no text")
    return parsed


def _parsed(answer: Any) -> Parsed:
    pages = (
        Page(page["number"], page["text"], tuple(Hidden(**span) for span in page["hidden"]))
        for page in answer["pages"]
    )
    return Parsed(answer["title"], tuple(pages))
