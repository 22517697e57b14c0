"""Judges from the words of a command line: ``local``, ``URL#MODEL``, or several for a vote."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import torch

from minilora.cross_encoder.entailer import load_entailer
from minilora.cross_encoder.folder import ENTAILMENT
from minilora.loading import choose_device, load
from minilora.precision import compute_dtype
from minilora.shipped import ADAPTERS
from minilora.weights import DEFAULT_MODEL
from serve.detective.comparing_mind import ComparingMind, verdict_mind
from serve.detective.local_mind import LocalMind
from serve.detective.remote_mind import RemoteMind
from serve.engine import EngineConfig, LocalEngine, use_one_core
from serve.judge.calibration import Calibration, read_calibration
from serve.judge.ensemble import Ensemble
from serve.judge.judge import Judge
from serve.judge.lazy import LazyJudge
from serve.judge.local_judge import LocalJudge, calibrated_name, local_name
from serve.judge.remote_judge import RemoteJudge
from serve.service import has_bfloat16

T = TypeVar("T")
ADAPTER = "judge"
LOCAL = "local"
LOCAL_SECONDS = 300.0  # for one answer, with the wait for its place in the batch


def make_judge(
    spec: str, api_key: str | None = None, device: str = "auto", calibrated: bool = True
) -> Judge:
    """Return a judge; the local one is loaded when it is first asked.

    Args:
        spec: "local"; the URL of an OpenAI-compatible API and a model of it,
            ``http://HOST/v1#MODEL``; or several of these with commas between, which vote.
        api_key: of the APIs; None sends none.
        device: of the local model.
        calibrated: the local judge has its calibration; without, its probabilities are raw.

    Raises:
        ValueError: another form.
    """
    judges = [_one(part.strip(), api_key, device, calibrated) for part in spec.split(",")]
    return judges[0] if len(judges) == 1 else Ensemble(judges)


def _one(spec: str, api_key: str | None, device: str, calibrated: bool) -> Judge:
    if spec == LOCAL:
        return local_judge(device, calibrated)
    url, sign, model = spec.partition("#")
    if not sign or not model:
        raise ValueError(f"--judge wants local or URL#MODEL, got {spec!r}")
    mind = RemoteMind(url, model, api_key)
    return RemoteJudge(mind, mind.aclose)


def judge_adapter() -> Path | None:
    """Return the folder of the shipped adapter that judges; None where there is none."""
    folder = ADAPTERS / ADAPTER
    return folder if (folder / "adapter_config.json").is_file() else None


def judge_calibration() -> Calibration | None:
    """Return the calibration of the shipped adapter, None where there is none for just this one.

    Raises:
        ValueError: the file is damaged.
    """
    kept = read_calibration()
    fits = kept is not None and kept.judge == local_name(DEFAULT_MODEL, judge_adapter(), ENTAILMENT)
    return kept if fits else None


def local_judge(device: str = "auto", calibrated: bool = True) -> LazyJudge:
    """Return the embedded model as a judge, with the adapter where it is shipped."""
    adapter = judge_adapter()
    name = local_name(DEFAULT_MODEL, adapter, ENTAILMENT)
    calibration = judge_calibration() if calibrated else None
    if calibration is not None:
        name = calibrated_name(name, calibration)
    model = DEFAULT_MODEL if adapter is None else f"{DEFAULT_MODEL}+{ADAPTER}"
    return LazyJudge(name, model, lambda: _load(device, adapter, name, calibration))


def _load(device: str, adapter: Path | None, name: str, calibration: Calibration | None) -> Judge:
    threads = torch.get_num_threads()
    use_one_core()  # this thread loads, the engine's computes
    place = choose_device(device)
    bfloat16 = place.type == "cpu" and has_bfloat16()
    dtype = torch.bfloat16 if bfloat16 else compute_dtype(place)[0]
    model, tokenizer = load(DEFAULT_MODEL, "nf4", None, device, dtype)
    engine = LocalEngine(model, tokenizer, EngineConfig(threads=threads))
    if adapter is not None:
        engine.load_adapter(ADAPTER, adapter).result()

    def in_grammar_thread(work: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(engine.grammar_thread, work)

    def in_thread(work: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(comparing, work)

    comparing = ThreadPoolExecutor(1, "cross-encoder", initializer=use_one_core)
    adapted = LocalMind(engine, tokenizer, in_grammar_thread, DEFAULT_MODEL, ADAPTER)
    judge = verdict_mind(adapted, ComparingMind(load_entailer(), in_thread))
    writer = LocalMind(engine, tokenizer, in_grammar_thread, DEFAULT_MODEL, "")

    async def close() -> None:
        comparing.shutdown()
        await asyncio.to_thread(engine.close)

    return LocalJudge(judge, writer, name, calibration, LOCAL_SECONDS, close)
