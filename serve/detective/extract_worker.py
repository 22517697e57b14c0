"""The process that :mod:`.extract` starts: a file on stdin, its pages as JSON on stdout."""

from __future__ import annotations

import json
import math
import resource
import sys
from dataclasses import asdict

from serve.detective.documents import DocumentError, Parsed
from serve.detective.extract import FAILED_STATUS, Limits
from serve.detective.text_formats import from_html, from_markdown, from_text


def main(kind: str, limits: Limits) -> int:
    """Read a file of this kind; return the exit status."""
    seconds = math.ceil(limits.timeout_s)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        parsed = _read(kind, sys.stdin.buffer.read(), limits)
        if (n_characters := sum(len(page.text) for page in parsed.pages)) > limits.max_characters:
            raise DocumentError(
                f"it holds {n_characters} characters; at most {limits.max_characters} are taken"
            )
        answer = json.dumps(asdict(parsed))
    except DocumentError as error:
        sys.stdout.write(str(error))
        return FAILED_STATUS
    except MemoryError:
        sys.stdout.write(f"reading it takes over {limits.memory_bytes >> 20} MiB of memory")
        return FAILED_STATUS
    sys.stdout.write(answer)
    return 0


def _read(kind: str, data: bytes, limits: Limits) -> Parsed:
    if kind == "pdf":
        from serve.detective.pdf import from_pdf  # its import takes longer than a short text

        return from_pdf(data, limits.max_pages, limits.max_decompressed_bytes)
    return {"markdown": from_markdown, "text": from_text, "html": from_html}[kind](data)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Limits(**json.loads(sys.argv[2]))))
