"""Fine-tune a model into a JSON specialist: ``python -m minilora.train``.

The loop is in :func:`train`, whole. A step is: take a batch, run its parts forward and backward,
clip, update; now and then validate, keep the best adapter, write a checkpoint. With ``--resume`` a
run goes on from its newest checkpoint and, on a CPU, ends in the same bytes as if it had never
stopped.

Shape letters: N flat tokens, M trained tokens, D d_model.

Paper: Dettmers et al. 2023, QLoRA, arXiv:2305.14314.
"""

from __future__ import annotations

import itertools
import math
import resource
import sys
import time
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from minilora.adapter import load_adapter, save_adapter
from minilora.attention import GroupedRows
from minilora.batches import (
    Batch,
    BatchPlan,
    Example,
    Masks,
    collate,
    flat_length,
    micro_batches,
)
from minilora.command import CommandFailed
from minilora.lora import remove, trainable_parameters
from minilora.loss import completion_loss
from minilora.model import Llama
from minilora.run_folder import RunFolder, Snapshot
from minilora.train_config import TrainConfig
from minilora.train_progress import TrainProgress

# Timed steps after which the length of a run with --minutes is planned anew, at the last for good.
PLAN_AFTER = (8, 16, 32, 64, 128)
ADAPTER = "default"


@dataclass
class TrainState:
    """Where a run stands.

    Attributes:
        step: optimiser steps done.
        planned: steps the run will have; with --minutes counted anew at ``PLAN_AFTER``.
        fixed: whether ``planned`` is final.
        tokens: flat tokens computed so far.
        rows: rows trained on so far.
        wall_s: seconds of training so far, validation and checkpoints included, over all resumes.
        best_loss: lowest validation loss so far.
    """

    step: int = 0
    planned: int = 0
    fixed: bool = True
    tokens: int = 0
    rows: int = 0
    wall_s: float = 0.0
    best_loss: float = math.inf


class Pace:
    """How many steps fit before a deadline, by the speed since it was last asked.

    So a slow start, beside other work, costs a run no more than its own time.

    Args:
        deadline_s: ``time.monotonic()`` by which all should be over.
        reserve_tokens: the work to be done after training, as training tokens that take as long.
        step_tokens: tokens of a step, on average, and what else is done at each.
        tokens: trained on before.
    """

    def __init__(
        self, deadline_s: float, reserve_tokens: float, step_tokens: float, tokens: int
    ) -> None:
        self._deadline_s, self._reserve_tokens = deadline_s, reserve_tokens
        self._step_tokens = step_tokens
        self._asked_s, self._tokens = time.monotonic(), tokens

    def steps_left(self, tokens: int) -> int:
        """Return the steps that still fit after ``tokens``, all that were trained on so far."""
        now = time.monotonic()
        token_s = (now - self._asked_s) / (tokens - self._tokens)
        self._asked_s, self._tokens = now, tokens
        left_tokens = (self._deadline_s - now) / token_s - self._reserve_tokens
        return max(0, int(left_tokens / self._step_tokens))


def train(
    model: Llama,
    plan: BatchPlan,
    validation: Sequence[Sequence[Example]],
    config: TrainConfig,
    run: RunFolder,
    progress: TrainProgress,
    deadline_s: float | None = None,
    reserve_tokens: int = 0,
    masks: Masks | None = None,
) -> TrainState:
    """Train the model's active adapter and leave the best one in the run folder.

    Args:
        model: with the adapter ``default`` injected; everything else frozen.
        plan: the order of the training examples.
        validation: groups of held-out examples, at least one.
        config: the run's settings.
        run: gets metrics, checkpoints and the adapter; its newest checkpoint is resumed from.
        progress: shows each step.
        deadline_s: ``time.monotonic()`` by which the job should be over, or None.
        reserve_tokens: the work to be done after training, as training tokens that take as long.
        masks: of every example's answer, for the grammar loss; None for the plain one.

    Raises:
        CommandFailed: the loss or gradient is not finite, or no gradient reached an adapter.
        ValueError: the checkpoint to resume from is not of this model and these rows, or there are
            no held-out examples.
    """
    if not any(validation):
        raise ValueError("there are no validation rows")
    parameters = trainable_parameters(model)
    data = fingerprint(plan.examples)
    device = model.embed_tokens.weight.device
    optimizer = torch.optim.AdamW(
        parameters.values(), lr=config.lr, weight_decay=config.weight_decay, fused=True
    )
    scaler = torch.amp.GradScaler(
        device.type, enabled=model.embed_tokens.weight.dtype == torch.float16
    )
    state = resume(run, parameters, optimizer, scaler, data)
    if state is None:
        state = TrainState(planned=steps_wanted(config, plan), fixed=deadline_s is None)
        run.rewind(0)
    first_step = state.step
    pace = None
    if deadline_s is not None and not state.fixed:
        checked = sum(map(flat_length, validation)) / 3  # forward alone: a third of the work
        a_step = plan.tokens_a_step() + checked / config.validate_every
        pace = Pace(deadline_s, reserve_tokens + checked, a_step, state.tokens)
    clock = time.monotonic() - state.wall_s
    model.train()
    for groups in itertools.islice(plan.batches(), state.step, None):
        if state.step >= state.planned:
            break
        started = time.monotonic()
        lr = learning_rate(config, state.step, state.planned)
        for parameter_group in optimizer.param_groups:
            parameter_group["lr"] = lr
        parts = micro_batches(groups, config.micro_tokens)
        batches = [collate(part, masks, flat_multiple(model)) for part in parts]
        loss, grad_norm = train_step(model, batches, optimizer, scaler, parameters, config.clip)
        check_finite(loss, grad_norm, state, scaler.is_enabled())
        if state.step == 0:
            check_gradients(parameters)
        optimizer.zero_grad(set_to_none=True)
        state.step += 1
        step_s = time.monotonic() - started
        step_tokens = sum(batch.n_tokens for batch in batches)
        state.tokens += step_tokens
        state.rows += sum(batch.n_rows for batch in batches)
        if pace is not None and state.step - first_step in PLAN_AFTER:
            more = pace.steps_left(state.tokens)
            state.planned = min(steps_wanted(config, plan), state.step + more)
            state.fixed = more == 0 or state.step - first_step == PLAN_AFTER[-1]
        metrics: dict[str, Any] = {
            "step": state.step,
            "tokens": state.tokens,
            "trained_tokens": sum(len(batch.labels) for batch in batches),
            "loss": loss,
            "loss_kind": config.loss,
            "lr": lr,
            "grad_norm": grad_norm if math.isfinite(grad_norm) else None,  # None: step skipped
            "tokens_per_s": step_tokens / step_s,
            "memory_bytes": peak_memory_bytes(device),
        }
        if state.step % config.validate_every == 0 or state.step == state.planned:
            metrics["validation_loss"] = validation_loss(
                model, validation, config.micro_tokens, masks
            )
            check_finite(metrics["validation_loss"], 0.0, state, scaler.is_enabled())
            if metrics["validation_loss"] < state.best_loss:
                state.best_loss = metrics["validation_loss"]
                save_adapter(model, ADAPTER, run.path, config.model)
        run.log(metrics)
        progress.step(metrics, state.planned, state.fixed)
        state.wall_s = time.monotonic() - clock
        if state.step % config.checkpoint_every == 0 or state.step == state.planned:
            run.save(snapshot(state, parameters, optimizer, scaler, data))
    remove(model, ADAPTER)
    load_adapter(model, run.path, ADAPTER)  # the best one, not the last
    model.eval()
    return state


def train_step(
    model: Llama,
    batches: Sequence[Batch],
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
    parameters: dict[str, nn.Parameter],
    clip: float,
) -> tuple[float, float]:
    """Run one optimiser step over its micro-batches; return the mean loss and the gradient norm.

    The loss is the weighted sum over all trained tokens of the step divided by their weights', so
    cutting a batch into parts changes nothing but rounding. Tokens that have no loss, because the
    grammar forces them, are not among them: a token that is trained weighs the same under either
    loss, and so learning rate and clipping mean the same.

    Raises:
        ValueError: no token of the step is trained on.
    """
    trained = sum(float(batch.weights.sum()) for batch in batches)
    if trained == 0:
        raise ValueError("a step has no answer tokens to train on: every token is masked")
    total = 0.0
    for batch in batches:
        loss = batch_loss(model, batch) / trained
        scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        total += float(loss.detach())
    scaler.unscale_(optimizer)
    grad_norm = float(nn.utils.clip_grad_norm_(parameters.values(), clip))
    scaler.step(optimizer)
    scaler.update()
    return total, grad_norm


def flat_multiple(model: Llama) -> int:
    """Return what the flat tokens of a forward pass should be a multiple of.

    A CPU's matrix library compiles a bfloat16 product for every new shape, which takes 5 ms: there
    few shapes that recur are worth some filler.
    """
    weight = model.embed_tokens.weight
    return 128 if weight.is_cpu and weight.dtype == torch.bfloat16 else 1


def batch_loss(model: Llama, batch: Batch) -> Tensor:
    """Return the weighted sum of the losses of a batch's trained tokens."""
    device = model.embed_tokens.weight.device
    batch = batch.to(device)
    layout = GroupedRows(batch.groups, model.config.sliding_window, device)
    hidden = model.hidden(batch.tokens, layout.positions, layout)  # (N, D)
    return completion_loss(
        hidden[batch.sources], model.head_weight, batch.labels, batch.allowed, batch.weights
    )


@torch.no_grad()
def validation_loss(
    model: Llama,
    groups: Sequence[Sequence[Example]],
    micro_tokens: int,
    masks: Masks | None = None,
) -> float:
    """Return the weighted mean loss of the held-out examples' trained tokens.

    Raises:
        ValueError: there are none, as every token is forced.
    """
    model.eval()
    total, count = 0.0, 0.0
    for part in micro_batches([list(group) for group in groups], micro_tokens):
        batch = collate(part, masks, flat_multiple(model))
        total += float(batch_loss(model, batch))
        count += float(batch.weights.sum())
    model.train()
    if count == 0:
        raise ValueError("no token of the validation rows has a loss: their schemas force them all")
    return total / count


def learning_rate(config: TrainConfig, step: int, planned: int) -> float:
    """Return the learning rate of a step (counted from 0) of a run of ``planned`` steps.

    1. Linear warmup from lr / warmup_steps to lr.
    2. Cosine from lr to min_lr.
    3. min_lr for any step beyond the plan.

    Source: Loshchilov & Hutter 2017, SGDR, equation 5, arXiv:1608.03983.
    """
    warmup = min(config.warmup_steps, planned // 2)
    if step < warmup:
        return config.lr * (step + 1) / warmup
    if step >= planned:
        return config.min_lr
    share = (step - warmup) / max(1, planned - warmup)  # 0 .. 1
    return config.min_lr + 0.5 * (1 + math.cos(math.pi * share)) * (config.lr - config.min_lr)


def steps_wanted(config: TrainConfig, plan: BatchPlan) -> int:
    """Return --steps, or as many steps as --epochs take."""
    if config.steps is not None:
        return config.steps
    return max(1, round(config.epochs * sum(1 for _ in plan.epoch(0))))


def check_finite(loss: float, grad_norm: float, state: TrainState, scaled: bool) -> None:
    """Stop a run that has diverged; a float16 gradient that overflows is the scaler's to skip."""
    if math.isfinite(loss) and (math.isfinite(grad_norm) or scaled):
        return
    kept = "the adapter on disk is the best one before"
    if state.best_loss == math.inf:
        kept = "no adapter was written"
    raise CommandFailed(
        f"after {state.step} steps: loss {loss}, gradient norm {grad_norm}; {kept}. A lower --lr "
        "usually helps"
    )


def check_gradients(parameters: dict[str, nn.Parameter]) -> None:
    """Stop if some lora_B got no gradient in the first step: that layer would never learn."""
    silent = [
        name
        for name, p in parameters.items()
        if name.endswith("lora_B") and (p.grad is None or not bool(p.grad.any()))
    ]
    if silent:
        raise CommandFailed(f"no gradient reached {len(silent)} adapters, the first is {silent[0]}")


def snapshot(
    state: TrainState,
    parameters: dict[str, nn.Parameter],
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
    data: int,
) -> Snapshot:
    """Return everything that :func:`resume` needs; ``data`` tells the training rows apart."""
    tensors = {"random": torch.get_rng_state()}
    for name, parameter in parameters.items():
        tensors[f"parameter.{name}"] = parameter.detach()
        moments = optimizer.state[parameter]
        if moments:  # none before the first update, which a float16 scaler may put off
            tensors[f"mean.{name}"] = moments["exp_avg"]
            tensors[f"square.{name}"] = moments["exp_avg_sq"]
            tensors[f"count.{name}"] = moments["step"]
    values = {**vars(state), "scaler": scaler.state_dict(), "data": data}
    return Snapshot(state.step, tensors, values)


def resume(
    run: RunFolder,
    parameters: dict[str, nn.Parameter],
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
    data: int,
) -> TrainState | None:
    """Restore the newest checkpoint of a run, if it has one, and rewind its metrics to it.

    Raises:
        ValueError: the checkpoint is of other training rows or of a model of another shape.
    """
    run.tidy()
    saved = run.latest()
    if saved is None:
        return None
    if saved.state["data"] != data:
        raise ValueError(f"{run.path}: the training rows are not those that this run began with")
    shapes = {f"parameter.{name}": p.shape for name, p in parameters.items()}
    found = {n: t.shape for n, t in saved.tensors.items() if n.startswith("parameter.")}
    if found != shapes:
        raise ValueError(f"{run.path}: its checkpoint is of a model of another shape")
    torch.set_rng_state(saved.tensors["random"])
    for name, parameter in parameters.items():
        with torch.no_grad():
            parameter.copy_(saved.tensors[f"parameter.{name}"])
        if f"mean.{name}" in saved.tensors:
            optimizer.state[parameter] = {
                "step": saved.tensors[f"count.{name}"].to(parameter.device),
                "exp_avg": saved.tensors[f"mean.{name}"].to(parameter.device),
                "exp_avg_sq": saved.tensors[f"square.{name}"].to(parameter.device),
            }
    if scaler.is_enabled():
        scaler.load_state_dict(saved.state["scaler"])
    run.rewind(saved.step)
    fields = {name: saved.state[name] for name in vars(TrainState()) if name != "step"}
    return TrainState(step=saved.step, **fields)


def fingerprint(examples: Sequence[Example]) -> int:
    """Return a checksum of the training examples, in their order."""
    crc = 0
    for example in examples:
        crc = zlib.crc32(array("q", (*example.prompt, -1, *example.completion, -1)), crc)
    return crc


def peak_memory_bytes(device: torch.device) -> int:
    """Return the most memory this process has held: on the card, or resident without one."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes on macOS, KiB on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    from minilora.train_job import main

    main()
