"""The engine: one thread that owns the model and answers all requests together.

A step, as often as there is work:

    inbox        requests, cancellations and new adapters that came in meanwhile
    schedule     who computes how many tokens                    (serve.scheduler)
    forward      all of them in one flat run, adapters by rows   (serve.paged, serve.adapters)
                 meanwhile the grammar thread computes the masks of those that will sample
    sample       one token a row; what the grammar forces after it comes along
    deliver      events to each request's event loop

Greedy answers do not depend on what else is in the batch. Whoever is cancelled or past the deadline
is out before the next step. All work on grammars, compiling included, is done by one thread: their
tables are shared and not made for two at once.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor

from minilora.chat import Tokenizer
from minilora.constrain import SchemaConstraint
from minilora.fast_model import FastModel
from minilora.generate import sample
from minilora.grammar import Vocabulary
from minilora.model import Llama
from serve.adapters import AdapterVersion, apply_versions, read_version
from serve.answer import Answer, Event, deliver
from serve.blocks import BlockPool
from serve.generation import (
    DoesNotFit,
    Draining,
    FinishReason,
    Load,
    QueueFull,
    Request,
    Token,
    UnknownAdapter,
)
from serve.graph import CudaCapture, DecodeGraphs
from serve.paged import BLOCK_SIZE, Backend, PagedCache, PagedStep, Span
from serve.scheduler import Scheduler, Work
from serve.scheduler import Sequence as Tokens

T = TypeVar("T")


@dataclass(frozen=True)
class EngineConfig:
    """Sizes of the engine.

    Attributes:
        cache_bytes: memory for keys and values.
        max_running: requests computed at once.
        max_waiting: requests that may wait for a place.
        step_tokens: tokens in one step at most: longer prompts come in several.
        threads: cores that the model computes on.
        attention: what attends where a sequence has one new token, see :class:`PagedCache`.
        graphs: on a CUDA device, repeat decode steps as CUDA graphs (:mod:`serve.graph`).
    """

    cache_bytes: int = 512 << 20
    max_running: int = 16
    max_waiting: int = 64
    step_tokens: int = 256
    threads: int = field(default_factory=torch.get_num_threads)
    attention: Backend = "auto"
    graphs: bool = True

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name in ("cache_bytes", "max_running", "step_tokens", "threads"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.max_waiting < 0:
            raise ValueError(f"max_waiting must not be negative, got {self.max_waiting}")


class LocalEngine:
    """The engine of a model in this process.

    Args:
        model: stays as it is; the engine computes with a copy of its weights.
        tokenizer: of the model.
        config: sizes.

    Raises:
        ValueError: the cache cannot hold a single block.
    """

    def __init__(
        self, model: Llama, tokenizer: Tokenizer, config: EngineConfig | None = None
    ) -> None:
        self.model, self.tokenizer, self.config = model, tokenizer, config or EngineConfig()
        weight = model.embed_tokens.weight
        self.device = weight.device
        block_bytes = PagedCache.block_bytes(model.config, weight.dtype)
        n_blocks = self.config.cache_bytes // block_bytes
        if n_blocks < 1:
            raise ValueError(
                f"a block of {BLOCK_SIZE} tokens takes {block_bytes} bytes, the cache may have "
                f"{self.config.cache_bytes}"
            )
        self.max_seq_len = min(model.config.max_seq_len, n_blocks * BLOCK_SIZE)
        self.cache = PagedCache(
            model.config, n_blocks, weight.dtype, self.device, backend=self.config.attention
        )
        with torch.no_grad():
            self.fast = FastModel(model, "dense", alike=True)
        self.graphs: DecodeGraphs | None = None
        if self.config.graphs and self.device.type == "cuda":
            self.graphs = DecodeGraphs(self.fast, self.cache, CudaCapture())
        self.vocabulary = Vocabulary.from_tokenizer(tokenizer)
        self.grammar_thread = ThreadPoolExecutor(1, "grammar", initializer=use_one_core)
        self.scheduler = Scheduler(
            BlockPool(n_blocks, BLOCK_SIZE), self.config.max_running, self.config.step_tokens
        )
        self.failures = 0
        self._versions: dict[str, AdapterVersion] = {}
        self._answers: dict[Tokens, Answer] = {}
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()  # of the next two
        self._in_flight = 0  # accepted and not finished
        self._draining = False
        self._closed = False
        self._outbox: list[tuple[Answer, Event]] = []
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    # --- called from the event loop --------------------------------------------------------------

    def submit(self, request: Request) -> Answer:
        """Queue a request; see :class:`serve.generation.Engine`."""
        version = self._version(request.adapter)
        length = len(request.prompt) + request.sampling.max_new_tokens
        if not request.prompt:
            raise DoesNotFit("the prompt has no tokens")
        if length > self.max_seq_len:
            raise DoesNotFit(
                f"prompt ({len(request.prompt)} tokens) and answer (at most "
                f"{request.sampling.max_new_tokens}) do not fit the {self.max_seq_len} tokens that "
                "a request may have"
            )
        with self._lock:
            if self._draining:
                raise Draining("the server is stopping")
            if self._in_flight >= self.config.max_running + self.config.max_waiting:
                raise QueueFull(f"{self._in_flight} requests are under way or wait already")
            self._in_flight += 1
        answer = Answer(request, version, self.cancel)
        self.call(lambda: self._begin(answer))
        return answer

    def cancel(self, answer: Answer) -> None:
        """End an answer before the next step; nothing happens if it is over."""
        self.call(lambda: self.finish(answer, "cancelled"))

    def load(self) -> Load:
        """Return what it is doing now."""
        pool, running = self.scheduler.pool, len(self.scheduler.running)
        return Load(
            running=running,
            waiting=max(0, self._in_flight - running),
            max_waiting=self.config.max_waiting,
            used_blocks=pool.n_held,
            n_blocks=pool.n_blocks,
        )

    def adapters(self) -> Sequence[str]:
        """Return the names of the loaded adapters."""
        return tuple(self._versions)

    def load_adapter(self, name: str, folder: Path) -> Future[AdapterVersion]:
        """Read an adapter between two steps; requests from then on get it under its name."""

        def read() -> AdapterVersion:
            version = read_version(self.model, name, folder)
            self._versions = {**self._versions, name: version}
            return version

        return self._ask(read)

    def unload_adapter(self, name: str) -> Future[None]:
        """Forget an adapter; answers that are under way keep it."""

        def forget() -> None:
            self._version(name)
            self._versions = {n: v for n, v in self._versions.items() if n != name}

        return self._ask(forget)

    @property
    def alive(self) -> bool:
        """Whether its thread works."""
        return self._thread.is_alive()

    def drain(self) -> None:
        """Take up no more requests; those accepted go on."""
        with self._lock:
            self._draining = True

    def close(self) -> None:
        """Cancel what is under way and end the thread."""
        self.drain()
        self.call(self._end)
        self._thread.join()
        self.grammar_thread.shutdown()

    def call(self, action: Callable[[], None]) -> None:
        """Run something in the engine's thread, before its next step."""
        self._inbox.put(action)

    def _version(self, name: str | None) -> AdapterVersion | None:
        if name is None:
            return None
        version = self._versions.get(name)
        if version is None:
            loaded = ", ".join(self._versions) or "none"
            raise UnknownAdapter(f"no adapter {name!r} is loaded; loaded: {loaded}")
        return version

    def _ask(self, work: Callable[[], T]) -> Future[T]:
        """Run something in the engine's thread and return its result to come."""
        future: Future[T] = Future()

        def answer() -> None:
            try:
                future.set_result(work())
            except Exception as error:  # belongs to whoever asked
                future.set_exception(error)

        self.call(answer)
        return future

    # --- in the engine's thread ------------------------------------------------------------------

    def finish(self, answer: Answer, ending: FinishReason | Exception) -> None:
        """End an answer and free what it holds; nothing happens if it is over already."""
        if answer.over:
            return
        answer.over = True
        del self._answers[answer.tokens]
        self.scheduler.remove(answer.tokens)
        with self._lock:
            self._in_flight -= 1
        event = ending if isinstance(ending, Exception) else answer.finished(ending)
        self._outbox.append((answer, event))

    def _end(self) -> None:
        self._closed = True

    def _begin(self, answer: Answer) -> None:
        """Put a new answer in the scheduler's queue."""
        request = answer.request
        if request.grammar is not None:
            matcher = request.grammar.matcher(self.vocabulary)
            answer.constraint = SchemaConstraint(matcher, request.sampling.max_new_tokens)
        if request.sampling.temperature > 0:
            seed = random.getrandbits(63) if request.seed is None else request.seed
            answer.generator = torch.Generator(self.device).manual_seed(seed)
        self._answers[answer.tokens] = answer
        self.scheduler.add(answer.tokens)

    @torch.inference_mode()
    def _run(self) -> None:
        """Work until closed."""
        torch.set_num_threads(self.config.threads)  # of this thread; the others use one core each
        while not self._closed:
            action = self._inbox.get() if not self._answers else self._next_action()
            while action is not None:
                action()
                action = self._next_action()
            now = time.monotonic()
            for answer in list(self._answers.values()):
                if answer.request.deadline is not None and answer.request.deadline < now:
                    self.finish(answer, "deadline")
            work = self.scheduler.step()
            try:
                if work:
                    self._step(work)
            except Exception as error:  # the thread outlives it; whom it concerns is told
                self.failures += 1
                for item in work:
                    item.sequence.computed = item.start  # what is in the cache is not to be reused
                    if item.sequence in self._answers:
                        self.finish(self._answers[item.sequence], error)
            deliver(self._outbox)
            self._outbox = []
        for answer in list(self._answers.values()):
            self.finish(answer, "cancelled")
        deliver(self._outbox)

    def _next_action(self) -> Callable[[], None] | None:
        try:
            return self._inbox.get_nowait()
        except queue.Empty:
            return None

    def _step(self, work: list[Work]) -> None:
        """Compute one step and give every sequence that is up to date its next tokens."""
        answers = {id(item): self._answers[item.sequence] for item in work}
        work = sorted(work, key=lambda item: _number(answers[id(item)].version))
        sampling = [(item, answers[id(item)]) for item in work if item.samples]
        masks = self.grammar_thread.submit(
            lambda: [a.constraint.allowed() if a.constraint else None for _, a in sampling]
        )
        now = time.monotonic()
        for answer in answers.values():
            answer.began = now if answer.began is None else answer.began
        hidden = self._forward(work, [answers[id(item)].version for item in work])  # (N, D)
        ends = torch.tensor([item.n_tokens for item in work]).cumsum(0) - 1
        last = torch.tensor(
            [i for item, i in zip(work, ends.tolist(), strict=True) if item.samples]
        )
        allowed = masks.result()
        if not sampling:
            return
        logits = self.fast.logits(hidden[last.to(hidden.device)])  # (B, V)
        for row, mask in zip(logits, allowed, strict=True):
            if mask is not None:
                row[: len(mask)].masked_fill_(~mask.to(row.device), float("-inf"))
                row[len(mask) :] = float("-inf")  # a model may have more logits than tokens
        chosen = self._choose([answer for _, answer in sampling], logits)
        forced = self.grammar_thread.submit(
            lambda: [
                _follow(a.constraint, t.id) for (_, a), t in zip(sampling, chosen, strict=True)
            ]
        ).result()
        for (_, answer), token, (after, complete) in zip(sampling, chosen, forced, strict=True):
            self._take(answer, token, after, complete)

    def _forward(self, work: list[Work], versions: list[AdapterVersion | None]) -> Tensor:
        """Return the hidden states (N, D) of the tokens of a step."""
        spans = [Span(item.sequence.blocks, item.start, item.n_tokens) for item in work]
        tokens = [
            token
            for item in work
            for token in item.sequence.tokens[item.start : item.start + item.n_tokens]
        ]
        if self.graphs is not None and self.graphs.take(spans, versions):
            return self.graphs.hidden(tokens, spans, versions[0])
        layout = PagedStep(self.cache, spans)
        counts = [item.n_tokens for item in work]
        apply_versions(self.fast, list(zip(versions, counts, strict=True)))
        flat = torch.tensor(tokens, device=self.device)
        return self.fast.hidden(flat, layout.positions, layout)

    def _choose(self, answers: list[Answer], logits: Tensor) -> list[Token]:
        """Return one token a row of logits (B, V), with its log-probability where it is wanted."""
        chosen = []
        for answer, row in zip(answers, logits, strict=True):
            # Row by row: of equal logits, frequent in 16 bits, the choice is then always the same.
            token = int(sample(row[None], answer.request.sampling, answer.generator)[0])
            plain = Token(token, self.vocabulary.tokens[token] or b"", "")
            n_top = answer.request.top_logprobs
            if n_top is not None:
                plain = self._with_logprobs(plain, row, n_top)
                if answer.constraint is not None:
                    plain = replace(plain, allowed=int((row > float("-inf")).sum()))
            chosen.append(plain)
        return chosen

    def _with_logprobs(self, token: Token, logits: Tensor, n_top: int) -> Token:
        """Return a token with its log-probability and those of the likeliest, of logits (V,)."""
        logprobs = logits.float().log_softmax(-1)
        best = logprobs.topk(n_top)
        names = [self.vocabulary.tokens[i] or b"" for i in best.indices.tolist()]
        top = tuple(zip(names, best.values.tolist(), strict=True))
        return replace(token, logprob=float(logprobs[token.id]), top=top)

    def _take(self, answer: Answer, token: Token, forced: list[int], complete: bool) -> None:
        """Add a sampled token and those that can only follow; end the answer where they end it."""
        now = time.monotonic()
        answer.first_token = now if answer.first_token is None else answer.first_token
        if token.id in self.tokenizer.eos_ids:
            self.finish(answer, "stop")
            return
        wants_logprobs = answer.request.top_logprobs is not None
        tokens = [token]
        for id in forced:
            data = self.vocabulary.tokens[id] or b""
            sure = 0.0 if wants_logprobs else None  # log 1
            top = ((data, 0.0),) if answer.request.top_logprobs else ()
            only = 1 if wants_logprobs else None
            tokens.append(Token(id, data, "", sure, top, forced=True, allowed=only))
        for token in tokens:
            answer.tokens.tokens.append(token.id)
            answer.n_answered += 1
            text = answer.stream.feed(token.data)
            self._outbox.append((answer, replace(token, text=text)))
            if answer.stream.stopped:
                self.finish(answer, "stop")
                return
        if complete:
            self.finish(answer, "stop")
        elif answer.n_answered >= answer.request.sampling.max_new_tokens:
            self.finish(answer, "length")


def use_one_core() -> None:
    """Have torch compute on one core in this thread.

    Each thread that computes on several gets helpers of its own, and once there are more of them
    than cores, OpenMP lets all of them sleep between any two operations: a step of the model was
    measured to take 1.6 times as long. So the engine's thread alone computes on several.
    """
    torch.set_num_threads(1)


def _number(version: AdapterVersion | None) -> int:
    return 0 if version is None else version.number


def _follow(constraint: SchemaConstraint | None, token: int) -> tuple[list[int], bool]:
    """Take a token; return the tokens that can only follow, and whether nothing can any more."""
    if constraint is None:
        return [], False
    constraint.advance(token)
    forced = constraint.forced()
    for follower in forced:
        constraint.advance(follower)
    return forced, constraint.complete
