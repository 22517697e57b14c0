"""Merge an adapter into its base model: `python -m minilora.merge --adapter DIR --out DIR`.

The adapter was trained on weights as they were stored, say in NF4, so it is added to those same
weights, dequantised, W = dequantize(W4) + scaling * B A, and the sum is rounded once, to 16 bits.
Adding it to the original weights instead, or rounding the sum to 4 bits again, would give a model
that nobody trained. The written folder is then loaded again and its logits compared with those of
the base and adapter apart: the drift. Both sides compute in float32, so that the drift is that of
the stored weights alone (and of int8 activations, where the base computes in int8).
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from minilora.adapter import load_adapter, read_info
from minilora.chat import Tokenizer
from minilora.checkpoint import Checkpoint
from minilora.command import CommandFailed, Parser, exit_with, write_json
from minilora.hf_folder import Weights, write_config, write_tokenizer, write_weights
from minilora.loading import QUANTS, Quant, build
from minilora.lora import FrozenLinear, LoRALinear, set_active
from minilora.model import Llama
from minilora.weights import resolve

DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}
PROBES = (
    "The harbour master logged four ships before noon and two more after the storm had passed.",
    'Which tool answers this? Reply as JSON: {"tool": "set_alarm", "args": {"time": "07:30"}}',
    "Remind me to call Ana at half past six, and put 25.50 euros on the shared account.",
    "def area(width, height):\n    return width * height\n\nprint(area(3, 4))",
)


@dataclass(frozen=True)
class Drift:
    """How far the logits of two models lie apart over the same texts.

    Args:
        positions: token positions compared; every logit of each counts.
        max_abs: largest absolute difference of a logit.
        mean_abs: mean absolute difference.
        top1_agreement: share of positions, 0 to 1, at which both put the same token first.
    """

    positions: int
    max_abs: float
    mean_abs: float
    top1_agreement: float

    def __str__(self) -> str:
        """Return the figures on one line."""
        return (
            f"max {self.max_abs:.4f}, mean {self.mean_abs:.5f}, "
            f"same first token at {self.top1_agreement:.1%} of {self.positions} positions"
        )


@dataclass(frozen=True)
class MergeReport:
    """What was merged, where it is, and how close it comes.

    Args:
        drift: merged folder against base + adapter.
        adapter_effect: base + adapter against the base alone; the drift should be far below it.
    """

    adapter: str
    model: str
    quant: str
    dtype: str
    out: str
    weights_bytes: int
    drift: Drift
    adapter_effect: Drift
    wall_s: float


def merge_to_folder(
    adapter: Path,
    out: Path,
    model_name: str | None = None,
    quant: str | None = None,
    dtype: torch.dtype = torch.bfloat16,
    device: str = "auto",
) -> MergeReport:
    """Write the merged model, load it again, and return how far its logits drifted.

    Args:
        adapter: folder of the adapter.
        out: folder to write; must be missing or empty.
        model_name: base model; the one recorded with the adapter by default.
        quant: how the base was stored in training; as recorded with the adapter by default.
        dtype: of the written weights.
        device: where the sums and the comparison are computed.

    Raises:
        FileExistsError: `out` holds something.
        ValueError: the adapter does not fit, or does not say what it was trained on.
        CommandFailed: the merged weights do not fit the dtype, or the merged logits are no numbers.
    """
    start = time.perf_counter()
    _check_empty(out)
    info = read_info(adapter)
    name = model_name or info.base_name
    if not name:
        raise ValueError(f"{adapter} does not say what it was trained on; give --model")
    kind = _base_quant(quant or info.base_quant, adapter)
    checkpoint = resolve(name)
    tokenizer = Tokenizer.from_path(checkpoint.tokenizer_path)
    model = build(checkpoint, kind, device, torch.float32)
    load_adapter(model, adapter, "default")
    adapted, base = probe_logits(model, tokenizer), _base_logits(model, tokenizer)
    with _made_whole(out) as folder:
        write_model(folder, checkpoint, tokenizer, merged_weights(model, checkpoint, dtype))
    del model  # room for the merged one
    written = resolve(str(out))
    merged = probe_logits(build(written, "none", device, torch.float32), tokenizer)
    drift = logit_drift(merged, adapted)
    if not drift.max_abs < float("inf"):
        raise CommandFailed(f"the merged model in {out} gives logits that are no numbers")
    return MergeReport(
        adapter=str(adapter),
        model=name,
        quant=kind,
        dtype=str(dtype).removeprefix("torch."),
        out=str(out),
        weights_bytes=sum(path.stat().st_size for path in out.glob("*.safetensors")),
        drift=drift,
        adapter_effect=logit_drift(adapted, base),
        wall_s=round(time.perf_counter() - start, 2),
    )


def merged_weights(model: nn.Module, checkpoint: Checkpoint, dtype: torch.dtype) -> Weights:
    """Return every tensor of the plain model, each made and cast when it is asked for.

    Raises:
        CommandFailed: by `make`, where a value is too large for the dtype.
    """

    def make(name: str) -> Tensor:
        tensor = merged_tensor(model, name).to(dtype)
        if not bool(tensor.isfinite().all()):
            raise CommandFailed(f"{name} holds values that {dtype} cannot; try --dtype bfloat16")
        return tensor.cpu()

    return Weights(checkpoint.shapes, make, dtype)


def merged_tensor(model: nn.Module, name: str) -> Tensor:
    """Return one tensor of the plain model that equals this one: dequantised, adapter added.

    Args:
        model: its linear layers may be quantised and adapted.
        name: of the tensor in the plain model, such as `layers.0.self_attn.q_proj.weight`.

    Returns:
        The tensor, float32 where it had to be computed, else as the model holds it.
    """
    path, _, part = name.rpartition(".")
    module = model.get_submodule(path)
    if isinstance(module, LoRALinear) and part == "weight" and module.active is not None:
        return module.adapted_weight(module.active)
    if isinstance(module, LoRALinear):
        module = module.base
    if isinstance(module, FrozenLinear):
        return module.dequantize(torch.float32) if part == "weight" else cast(Tensor, module.bias)
    return module.get_parameter(part).detach()


def write_model(
    folder: Path, checkpoint: Checkpoint, tokenizer: Tokenizer, weights: Weights
) -> None:
    """Write the whole folder in Hugging Face's layout."""
    write_config(folder, checkpoint.config, tokenizer, weights.dtype)
    write_tokenizer(folder, tokenizer, checkpoint.tokenizer_path)
    write_weights(folder, weights)


@torch.no_grad()
def probe_logits(model: Llama, tokenizer: Tokenizer) -> Tensor:
    """Return the logits (N, V) float32, on the CPU, of every token of the probe texts."""
    device = model.embed_tokens.weight.device
    rows = [torch.tensor(tokenizer.encode(text), device=device) for text in PROBES]
    tokens = nn.utils.rnn.pad_sequence(rows, batch_first=True)  # (B, T)
    mask = nn.utils.rnn.pad_sequence([torch.ones_like(r, dtype=torch.bool) for r in rows], True)
    return cast(Tensor, model(tokens, mask))[mask].float().cpu()


def _base_logits(model: Llama, tokenizer: Tokenizer) -> Tensor:
    """Return the probe logits with no adapter active, and the adapter active again."""
    set_active(model, None)
    logits = probe_logits(model, tokenizer)
    set_active(model, "default")
    return logits


def logit_drift(a: Tensor, b: Tensor) -> Drift:
    """Return how far two sets of logits (N, V) lie apart."""
    apart = (a - b).abs()
    same = (a.argmax(1) == b.argmax(1)).double().mean()
    return Drift(len(a), float(apart.max()), float(apart.mean()), float(same))


def _check_empty(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{out} exists and is not an empty folder; choose another --out")


def _base_quant(quant: str | None, adapter: Path) -> Quant:
    for known in QUANTS:
        if quant == known:
            return known
    recorded = "does not say how its base was stored" if quant is None else f"says {quant!r}"
    raise ValueError(f"{adapter} {recorded}; give --quant as one of {', '.join(QUANTS)}")


@contextmanager
def _made_whole(out: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes `out` at the end, or vanishes if anything goes wrong."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    temporary.mkdir()
    try:
        yield temporary
        temporary.replace(out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m minilora.merge",
        description="Merge an adapter into its base model, in Hugging Face's layout.",
    )
    parser.add_argument("--adapter", type=Path, required=True, metavar="DIR", help="the adapter")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder to write; missing or empty"
    )
    parser.add_argument(
        "--model", metavar="NAME", help="base model (default: as recorded with the adapter)"
    )
    parser.add_argument(
        "--quant",
        choices=QUANTS,
        help="how the base was stored in training (default: as recorded with the adapter)",
    )
    parser.add_argument(
        "--dtype",
        choices=DTYPES,
        default="bfloat16",
        help="of the written weights (default: bfloat16)",
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda"),
        default="auto",
        help="where to compute (default: auto)",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the report here (default: none)"
    )
    return parser


def main() -> None:
    """Run the command."""
    arguments = _parser().parse_args()
    print(f"merging {arguments.adapter}", file=sys.stderr)
    report = merge_to_folder(
        arguments.adapter,
        arguments.out,
        arguments.model,
        arguments.quant,
        DTYPES[arguments.dtype],
        arguments.device,
    )
    print(f"base            {report.model}, {report.quant}")
    print(f"written         {report.out}, {report.dtype}, {report.weights_bytes / 1e6:.1f} MB")
    print(f"logit drift     {report.drift}")
    print(f"adapter effect  {report.adapter_effect}")
    write_json(arguments.json, asdict(report))


if __name__ == "__main__":
    exit_with(main)
