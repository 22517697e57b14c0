"""The public schemas and instances that engines are compared on; none are part of this package.

The data folder holds ``jsonschemabench-dev/`` (real schemas, with instances that are known to be
valid or invalid) and ``json-schema-test-suite/`` (the official suite, draft 2020-12).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from minilora.grammar.bench.engines import Formats
from minilora.grammar.vocabulary import Vocabulary

VARIABLE = "MINILORA_SHARED_DATA"
DEFAULT_FOLDER = Path(__file__).resolve().parents[4] / "shared/data"  # beside the repository
REAL, OFFICIAL = "jsonschemabench-dev", "json-schema-test-suite"
REAL_FILES = ("api", "github", "synthetic", "tools")
OPTIONAL_PARTS: dict[str, Formats] = {"optional": "annotate", "optional/format": "enforce"}
Kind = Literal["valid", "invalid", "variant"]


@dataclass(frozen=True)
class Instance:
    """A document.

    Attributes:
        kind: "valid" and "invalid" are the data's verdicts; a "variant" is a valid document of ours
            (:mod:`.variants`), which is timed and not counted.
        tokens: its tokens, as the tokenizer itself cuts it.
    """

    kind: Kind
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class Task:
    """A schema with its instances.

    Attributes:
        name: where it comes from, such as "github/o12345".
        timed: whether masks are timed, or instances only checked.
        formats, resources: see :meth:`.engines.Engine.compile`.
    """

    name: str
    schema: Any
    instances: tuple[Instance, ...]
    timed: bool
    formats: Formats = "enforce"
    resources: Mapping[str, Any] = field(default_factory=dict)


def data_folder(named: str | None = None) -> Path:
    """Return the data folder: the one named, or $MINILORA_SHARED_DATA, or ../shared/data.

    Raises:
        FileNotFoundError: it is not there.
    """
    folder = Path(named or os.environ.get(VARIABLE) or DEFAULT_FOLDER)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"no data folder {folder}: name one that holds {REAL}/ and {OFFICIAL}/ "
            f"with --data or the environment variable {VARIABLE}"
        )
    return folder


def document(data: Any) -> bytes:
    """Return a document as models write it: json.dumps, characters unescaped where possible."""
    try:
        return json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair has no UTF-8
        return json.dumps(data).encode()


def instance(kind: Kind, data: Any, vocabulary: Vocabulary) -> Instance:
    """Return a document with its tokens."""
    text = document(data)
    tokens = vocabulary.canonical(text) or vocabulary.spell(text)
    if tokens is None:
        raise ValueError(f"the tokenizer cannot write {text[:80]!r}")
    return Instance(kind, tuple(tokens))


def read_real(folder: Path, files: Sequence[str], limit: int | None) -> list[dict[str, Any]]:
    """Return the rows (id, schema, tests) of the real schemas, the first ``limit`` of each file.

    Raises:
        ValueError: a file that is not there, or a line that is no such row.
    """
    rows = []
    for name in files:
        path = folder / REAL / f"{name}.jsonl"
        if not path.is_file():
            raise FileNotFoundError(f"no file {path} of real schemas")
        for number, line in enumerate(path.read_text("utf-8").splitlines()[:limit], 1):
            row = json.loads(line)
            if not isinstance(row, dict) or not {"id", "schema", "tests"} <= row.keys():
                raise ValueError(f"{path}, line {number}: expected id, schema and tests")
            rows.append({**row, "id": f"{name}/{row['id']}"})
    return rows


def official_resources(folder: Path) -> dict[str, Any]:
    """Return the documents that the official tests refer to, by URI."""
    remotes = folder / OFFICIAL / "remotes"
    return {
        f"http://localhost:1234/{path.relative_to(remotes).as_posix()}": json.loads(
            path.read_text("utf-8")
        )
        for path in sorted(remotes.glob("**/*.json"))
    }


def official_files(folder: Path, part: str = "") -> list[Path]:
    """Return the files of the official suite.

    Args:
        folder: the data folder.
        part: "" for the required tests, "optional", or "optional/format".
    """
    return sorted((folder / OFFICIAL / "draft2020-12" / part).glob("*.json"))


def official_tasks(
    files: Iterable[Path],
    formats: Formats,
    resources: Mapping[str, Any],
    vocabulary: Vocabulary,
) -> list[Task]:
    """Return one task for each group of the files."""
    return [
        Task(
            name=f"{path.stem}/{group['description']}",
            schema=group["schema"],
            instances=tuple(
                instance("valid" if test["valid"] else "invalid", test["data"], vocabulary)
                for test in group["tests"]
            ),
            timed=False,
            formats=formats,
            resources=resources,
        )
        for path in files
        for group in json.loads(path.read_text("utf-8"))
    ]
