"""Weights from the Hugging Face hub: ``org/name`` or ``org/name@revision``.

The hub's own client fetches (it retries, resumes, and finds the user's token in its usual
places); this module asks for safetensors only, checks every file against the hash the hub states,
and puts what can go wrong into one sentence. A snapshot that is already in the hub's cache is
used without asking anyone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import (
    GatedRepoError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from minilora.checkpoint import PICKLE_SUFFIXES, WeightsError
from minilora.download import check_sha256, disk_errors

_WANTED = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.*",
    "model*.safetensors",
    "model.safetensors.index.json",
    "modules.json",  # and what follows: how a sentence encoder makes one vector of many states
    "sentence_bert_config.json",
    "1_Pooling/config.json",
)
Found = TypeVar("Found")


def hub_checkpoint(
    name: str,
    cache: Path,
    read: Callable[[Path, str], Found],
    *,
    endpoint: str | None = None,
    hub_cache: Path | None = None,
) -> Found:
    """Return the checkpoint of a model on the hub.

    Args:
        name: ``org/name`` or ``org/name@revision``.
        cache: our own cache; a folder ``org/name`` in it, put there by hand, comes first.
        read: (folder, name) -> checkpoint; raises WeightsError where a file is missing.
        endpoint: another hub than ``$HF_ENDPOINT``.
        hub_cache: another folder than the hub's usual cache.

    Raises:
        WeightsError: not there, not allowed, not reachable, a wrong hash, or no safetensors.
    """
    repo, _, revision = name.partition("@")
    if (by_hand := cache / repo).is_dir() and not revision:
        return read(by_hand, name)
    try:
        folder = snapshot_download(
            repo,
            revision=revision or None,
            cache_dir=hub_cache,
            allow_patterns=list(_WANTED),
            local_files_only=True,
        )
        return read(Path(folder), name)
    except (LocalEntryNotFoundError, WeightsError):  # nothing there yet, or only a part
        print(f"minilora: {name} is not in the hub's cache: fetching it once", file=sys.stderr)
    return read(_fetch(repo, revision or None, endpoint, hub_cache), name)


def _fetch(repo: str, revision: str | None, endpoint: str | None, hub_cache: Path | None) -> Path:
    """Fetch a snapshot and verify it; return its folder."""
    name = f"{repo}@{revision}" if revision else repo
    by_hand = "give a folder with config.json and model.safetensors instead"
    try:
        with disk_errors(hub_cache or Path(HF_HUB_CACHE), "HF_HOME"):
            return _download(repo, revision, endpoint, hub_cache)
    except GatedRepoError as error:
        raise WeightsError(
            f"{repo} is gated: accept its licence on the hub and set HF_TOKEN, or {by_hand}"
        ) from error
    except RevisionNotFoundError as error:
        raise WeightsError(f"{repo} has no revision {revision!r} on the hub") from error
    except RepositoryNotFoundError as error:
        raise WeightsError(
            f"the hub has no model {repo}, or it is private and HF_TOKEN does not open it"
        ) from error
    except WeightsError:
        raise
    except Exception as error:  # its transport, and so what it raises, changes with its version
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise WeightsError(
            f"{name} could not be fetched from the hub ({reason[0]}): start again, which keeps the "
            f"files that are complete, or {by_hand}"
        ) from error


def _download(
    repo: str, revision: str | None, endpoint: str | None, hub_cache: Path | None
) -> Path:
    info = HfApi(endpoint=endpoint).model_info(repo, revision=revision, files_metadata=True)
    siblings = {file.rfilename: file for file in info.siblings or []}
    if not any(Path(name).match("model*.safetensors") for name in siblings):
        pickles = [name for name in siblings if Path(name).suffix in PICKLE_SUFFIXES]
        only = f" only {pickles[0]}, a pickle file, which is refused" if pickles else " none"
        raise WeightsError(f"{repo} has no model.safetensors on the hub:{only}")
    folder = Path(
        snapshot_download(
            repo,
            revision=revision,
            cache_dir=hub_cache,
            endpoint=endpoint,
            allow_patterns=list(_WANTED),
        )
    )
    for name, file in siblings.items():
        if file.lfs is not None and (folder / name).is_file():
            _verify(folder / name, file.lfs.sha256)
    return folder


def _verify(path: Path, sha256: str) -> None:
    """Check a fetched file; take a wrong one out of the hub's cache, for the next start's sake."""
    try:
        check_sha256(path, sha256)
    except WeightsError:
        blob = path.resolve()  # the hub's cache links names to blobs
        path.unlink()
        blob.unlink(missing_ok=True)
        raise
