"""``python -m serve.detective``: put files into the store, list what is there, remove it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table

from minilora.command import CommandFailed, Parser, check_writable, exit_with, one_line, write_json
from minilora.encoder import Encoder, load_encoder
from minilora.weights import DEFAULT_ENCODER
from serve.detective.documents import DocumentError
from serve.detective.extract import KINDS
from serve.detective.ingest import Ingester
from serve.detective.store import DocumentStore, DuplicateDocument, open_store
from serve.settings import default_documents


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    arguments = _parser().parse_args(argv)
    exit_with(lambda: run(arguments))


def run(arguments: argparse.Namespace) -> None:
    """Carry out a command.

    Raises:
        ValueError: wrong input.
        CommandFailed: some file could not be taken; the others are.
    """
    check_writable(json=arguments.json)
    encoder = load_encoder(DEFAULT_ENCODER, arguments.device)
    store = open_store(
        arguments.store or default_documents(), DEFAULT_ENCODER, encoder.config.d_model
    )
    try:
        work = {"ingest": _ingest, "list": _list, "remove": _remove}[arguments.command]
        work(store, encoder, arguments)
    finally:
        store.close()


def _parser() -> Parser:
    parser = Parser(prog="python -m serve.detective", description=__doc__, allow_abbrev=False)
    shared = Parser(add_help=False)
    shared.add_argument(
        "--store",
        metavar="FILE_OR_URL",
        help="SQLite file or postgresql:// URL (default: where the server keeps its documents)",
    )
    shared.add_argument("--device", default="cpu", help="of the encoder (default: cpu)")
    shared.add_argument("--json", metavar="FILE", help="write a machine-readable report")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    ingest = commands.add_parser("ingest", parents=[shared], help="store files")
    endings = " ".join(KINDS)
    ingest.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help=f"file, or folder of files: {endings}"
    )
    commands.add_parser("list", parents=[shared], help="list the documents, newest first")
    remove = commands.add_parser("remove", parents=[shared], help="delete documents whole")
    remove.add_argument("ids", metavar="ID", nargs="+", help="of a document")
    return parser


def _ingest(store: DocumentStore, encoder: Encoder, arguments: argparse.Namespace) -> None:
    """Store files one by one; each gets a line."""
    paths = list(_files(arguments.paths))
    ingester = Ingester(store, encoder)
    report: list[dict[str, Any]] = []
    console = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        every = bars.add_task("files", total=len(paths))
        one = bars.add_task("chunks", total=None)
        for path in paths:
            bars.update(one, description=path.name, completed=0, total=None)
            row: dict[str, Any] = {"path": str(path), "status": "stored"}
            try:
                document = ingester.ingest(
                    path.name,
                    path.read_bytes(),
                    lambda done, total: bars.update(one, completed=done, total=total),
                )
            except DuplicateDocument as duplicate:
                document = duplicate.document
                row["status"] = "duplicate"
            except (DocumentError, OSError) as error:
                report.append(row | {"status": "failed", "reason": one_line(error)})
                print(f"failed: {path}: {one_line(error)}", file=sys.stderr)
                bars.advance(every)
                continue
            report.append(row | {"document": asdict(document)})
            print(
                f"{row['status']}: {path}: {document.id}, {document.n_pages} pages, "
                f"{document.n_chunks} chunks, {document.hidden_characters} hidden characters"
            )
            bars.advance(every)
    write_json(arguments.json, report)
    if n_failed := sum(row["status"] == "failed" for row in report):
        raise CommandFailed(f"{n_failed} of {len(report)} files were not taken")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files named, and those of known kinds below folders, in order of their names.

    Raises:
        FileNotFoundError: a path is not there.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(
                file for file in path.rglob("*") if file.suffix.lower() in KINDS and file.is_file()
            )
        elif path.is_file():
            yield path
        else:
            raise FileNotFoundError(f"no such file or folder: {path}")


def _list(store: DocumentStore, encoder: Encoder, arguments: argparse.Namespace) -> None:
    documents = store.documents()
    table = Table("id", "name", "kind", "pages", "chunks", "bytes")
    for document in documents:
        counts = (document.n_pages, document.n_chunks, document.n_bytes)
        table.add_row(document.id, document.name, document.kind, *map(str, counts))
    Console().print(table)
    write_json(arguments.json, [asdict(document) for document in documents])


def _remove(store: DocumentStore, encoder: Encoder, arguments: argparse.Namespace) -> None:
    """Delete documents.

    Raises:
        ValueError: there is none of an id; nothing is deleted then.
    """
    if missing := [id_ for id_ in arguments.ids if store.get(id_) is None]:
        raise ValueError(f"no document {missing[0]}")
    removed = [id_ for id_ in arguments.ids if store.delete(id_)]
    for id_ in removed:
        print(f"removed: {id_}")
    write_json(arguments.json, removed)


if __name__ == "__main__":
    main()
