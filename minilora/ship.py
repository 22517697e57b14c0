"""From a run folder to an adapter that is small enough to ship: ``python -m minilora.ship``.

The weights are stored in float16, half the size; what was trained and how goes with them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save

from minilora.adapter import CONFIG_FILE, WEIGHTS_FILE, read_info
from minilora.atomic import write_whole
from minilora.command import Parser, exit_with

KEPT = (CONFIG_FILE, "train_config.json", "report.json", "loss.png")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(prog="python -m minilora.ship", description="Store a trained adapter smaller.")
    parser.add_argument("--run", required=True, metavar="DIR", help="run folder to read")
    parser.add_argument("--out", required=True, metavar="DIR", help="adapter folder to write")
    arguments = parser.parse_args(argv)
    exit_with(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> None:
    run, out = Path(arguments.run), Path(arguments.out)
    ship(run, out)
    print(f"{(out / WEIGHTS_FILE).stat().st_size / 1e6:.1f} MB in {out}")


def ship(run: Path, out: Path) -> None:
    """Write the adapter of a run to a folder, its weights in float16.

    Raises:
        FileNotFoundError, ValueError: no adapter in ``run``.
        OSError: the folder cannot be written.
    """
    read_info(run)
    with safe_open(run / WEIGHTS_FILE, framework="pt") as file:
        metadata = file.metadata()
        tensors = {key: file.get_tensor(key).to(torch.float16) for key in file.keys()}  # noqa: SIM118
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / WEIGHTS_FILE, save(tensors, metadata))
    for name in KEPT:
        if (run / name).is_file():
            write_whole(out / name, (run / name).read_bytes())


if __name__ == "__main__":
    main()
