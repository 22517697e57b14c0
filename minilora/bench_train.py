"""Trained rows a second, ours and PEFT's, on the same rows in the same batch.

First the results: loss and gradients of every adapter must be PEFT's, in float32, or nothing is
timed. A step is what a trainer does: forward, backward, clipping, AdamW.

The rows are random tokens of a realistic shape: eight queries to one set of tools, whose text they
share, or eight that share nothing. Every row is equally long, so padding costs the peers nothing.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from minilora import bench_peers
from minilora.batches import Example, collate, micro_batches
from minilora.bench_timing import Timing, time_in_turn
from minilora.command import CommandFailed
from minilora.loading import Quant, load
from minilora.lora import LoRAConfig, inject, lora_layers, trainable_parameters
from minilora.model import Llama
from minilora.train import batch_loss, train_step

LORA = LoRAConfig(rank=16, alpha=32)
CLIP = 1.0
# Sums of float32 products in another order, through 30 layers and back; the largest relative error
# of any adapter's gradient was measured at 7e-5.
GRADIENT_TOLERANCE = 1e-3


@dataclass(frozen=True)
class RowShape:
    """Tokens of a row: text shared by the batch, the row's own query, its completion."""

    shared: int = 248
    query: int = 18
    completion: int = 37

    def __str__(self) -> str:
        """Return the shape in words."""
        total = self.shared + self.query + self.completion
        return (
            f"{total} tokens: {self.shared} of system and tools, {self.query} of query, "
            f"{self.completion} of completion"
        )


def make_groups(n_rows: int, shape: RowShape, vocab_size: int, share: bool) -> list[list[Example]]:
    """Return rows of random tokens: one group with a common beginning, or a group for each row."""
    generator = torch.Generator().manual_seed(0)

    def draw(n: int) -> tuple[int, ...]:
        return tuple(torch.randint(vocab_size, (n,), generator=generator).tolist())

    common = draw(shape.shared)
    rows = []
    for i in range(n_rows):
        start = common if share else draw(shape.shared)
        prompt = start + draw(shape.query)
        rows.append(Example(prompt, draw(shape.completion), "shared" if share else str(i)))
    return [rows] if share else [[row] for row in rows]


def adapted(model: Llama) -> Llama:
    """Add an adapter whose B is not zero, as after some training, and return the model."""
    generator = torch.Generator().manual_seed(0)
    inject(model, LORA, generator=generator)
    with torch.no_grad():
        for _, layer in lora_layers(model):
            layer.adapter("default").lora_B.normal_(0, 0.02, generator=generator)
    return model.train()


def our_step(
    model: Llama, groups: list[list[Example]], micro_tokens: int
) -> Callable[[], tuple[float, float]]:
    """Return a step as :mod:`minilora.train` takes it; it returns loss and gradient norm."""
    parameters = trainable_parameters(model)
    optimizer = torch.optim.AdamW(parameters.values(), lr=0.0, fused=True)
    scaler = torch.amp.GradScaler("cpu", enabled=False)

    def step() -> tuple[float, float]:
        batches = [collate(part) for part in micro_batches(groups, micro_tokens)]
        result = train_step(model, batches, optimizer, scaler, parameters, CLIP)
        optimizer.zero_grad(set_to_none=True)
        return result

    return step


def peft_step(model: Any, groups: Sequence[Sequence[Example]]) -> Callable[[], float]:
    """Return the same step through transformers and PEFT; it returns the loss."""
    inputs = peft_inputs(groups)
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=0.0, fused=True)

    def step() -> float:
        loss = model(**inputs).loss
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, CLIP)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    return step


def peft_inputs(groups: Sequence[Sequence[Example]]) -> dict[str, Tensor]:
    """Return the rows of all groups as one padded batch."""
    rows = [row for group in groups for row in group]
    return bench_peers.padded([row.prompt for row in rows], [row.completion for row in rows])


@dataclass(frozen=True)
class Agreement:
    """How far our loss and gradients are from PEFT's, both in float32.

    Attributes:
        loss: |ours - theirs| / |theirs|.
        gradient: the largest over all adapters of max |ours - theirs| / max |theirs|.
        n_gradients: gradients compared.
    """

    loss: float
    gradient: float
    n_gradients: int


def agreement(
    ours: Llama, theirs: Any, groups: list[list[Example]], micro_tokens: int
) -> Agreement:
    """Compare loss and gradients of one batch, ours computed in micro-batches.

    Raises:
        CommandFailed: they differ by more than ``GRADIENT_TOLERANCE``.
    """
    pairs = bench_peers.copy_adapter_(ours, theirs)
    batches = [collate(part) for part in micro_batches(groups, micro_tokens)]
    trained = sum(len(batch.labels) for batch in batches)
    total = 0.0
    for batch in batches:
        loss = batch_loss(ours, batch) / trained
        loss.backward()  # type: ignore[no-untyped-call]
        total += float(loss.detach())
    their_loss = theirs(**peft_inputs(groups)).loss
    their_loss.backward()
    worst, worst_name = 0.0, ""
    for name, mine, other in pairs:
        if mine.grad is None or other.grad is None:
            raise CommandFailed(f"{name} has no gradient; nothing was timed")
        error = float((mine.grad - other.grad).abs().max() / other.grad.abs().max())
        if error >= worst:
            worst, worst_name = error, name
        mine.grad = other.grad = None
    expected = float(their_loss.detach())
    found = Agreement(abs(total - expected) / abs(expected), worst, len(pairs))
    if not max(found.loss, found.gradient) < GRADIENT_TOLERANCE:
        raise CommandFailed(
            f"not PEFT's result: loss {total} against {expected}, gradient of {worst_name} off by "
            f"{worst:.1e} of its size; nothing was timed"
        )
    return found


def peak_memory_bytes(
    model_name: str,
    quant: Quant,
    dtype: torch.dtype,
    groups: list[list[Example]],
    micro_tokens: int,
    threads: int,
) -> int:
    """Return the most memory that a process needs which loads the model and takes two steps.

    It is measured in a process of its own, from its start to its end.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as pool:
        work = pool.submit(_two_steps, model_name, quant, dtype, groups, micro_tokens, threads)
        return work.result()


def _two_steps(
    model_name: str,
    quant: Quant,
    dtype: torch.dtype,
    groups: list[list[Example]],
    micro_tokens: int,
    threads: int,
) -> int:
    torch.set_num_threads(threads)
    model, _ = load(model_name, quant, device="cpu", dtype=dtype)
    step = our_step(adapted(model), groups, micro_tokens)
    step()
    step()
    return high_water_bytes()


def high_water_bytes() -> int:
    """Return the most memory this process has held.

    Linux: VmHWM. Not ru_maxrss, which a child process starts with at its parent's value.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        from minilora.train import peak_memory_bytes as resident

        return resident(torch.device("cpu"))
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


@dataclass(frozen=True)
class TrainResult:
    """What was found about one kind of batch.

    Attributes:
        share: whether the rows share their system and tools.
        agreement: with PEFT, None where it is absent.
        timings: of one step each.
        memory_bytes: peak of a process of its own, by our ways.
    """

    share: bool
    agreement: Agreement | None
    timings: list[Timing]
    memory_bytes: dict[str, int]


def train_benchmark(
    model_name: str,
    dtype: torch.dtype,
    n_rows: int,
    repeats: int,
    micro_tokens: int,
    shape: RowShape,
    shares: Sequence[bool] = (True, False),
) -> list[TrainResult]:
    """Check, measure memory, then time; the peers where they are installed."""
    with_peers = not bench_peers.absent()
    plain, _ = load(model_name, "none", device="cpu", dtype=torch.float32)
    vocab_size = plain.config.vocab_size
    batches = {share: make_groups(n_rows, shape, vocab_size, share) for share in shares}
    ways: dict[str, tuple[Quant, torch.dtype]] = {
        f"ours, nf4 base, {_short(dtype)}": ("nf4", dtype),
        f"ours, {_short(dtype)} base": ("none", dtype),
    }
    memory = {
        share: {
            way: peak_memory_bytes(
                model_name, quant, way_dtype, groups, micro_tokens, torch.get_num_threads()
            )
            for way, (quant, way_dtype) in ways.items()
        }
        for share, groups in batches.items()
    }
    peers: dict[str, Any] = {}
    agreements: dict[bool, Agreement | None] = dict.fromkeys(shares)
    if with_peers:
        peers = make_peers(plain)
        checked = adapted(plain)
        for share, groups in batches.items():
            _say(f"checking loss and gradients, rows {_kind(share)}")
            agreements[share] = agreement(checked, peers[PEFT_FLOAT32], groups, micro_tokens)
    del plain
    models = {
        way: adapted(load(model_name, quant, device="cpu", dtype=way_dtype)[0])
        for way, (quant, way_dtype) in ways.items()
    }
    results = []
    for share, groups in batches.items():
        _say(f"timing training, rows {_kind(share)}")
        runs: dict[str, Callable[[], object]] = {
            way: our_step(model, groups, micro_tokens) for way, model in models.items()
        }
        runs |= {name: peft_step(model, groups) for name, model in peers.items()}
        timings = time_in_turn(runs, repeats, show=True)
        results.append(TrainResult(share, agreements[share], timings, memory[share]))
    return results


PEFT_DEFAULT = "PEFT, bfloat16 base (default: float32 adapters)"
PEFT_BFLOAT16 = "PEFT, bfloat16 base and adapters"
PEFT_FLOAT32 = "PEFT, float32 base"


def make_peers(plain: Llama) -> dict[str, Any]:
    """Return PEFT's models by name, from an unquantised float32 model without adapters."""
    make = partial(bench_peers.as_transformers, plain)
    wrap = bench_peers.as_peft
    return {
        PEFT_DEFAULT: wrap(make(torch.bfloat16), LORA),
        PEFT_BFLOAT16: wrap(make(torch.bfloat16), LORA, float32_adapters=False),
        PEFT_FLOAT32: wrap(make(torch.float32), LORA),
    }


def _kind(share: bool) -> str:
    return "sharing system and tools" if share else "sharing nothing"


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
