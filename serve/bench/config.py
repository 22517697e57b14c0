"""What can be chosen about a run; each field is a flag of ``python -m serve.bench``."""

from __future__ import annotations

from dataclasses import dataclass

from minilora.command import flag, option
from minilora.weights import DEFAULT_MODEL

PARTS = ("start", "health", "throughput", "schema", "prefix", "overload", "malformed")


@dataclass(frozen=True)
class BenchConfig:
    """What to measure, and how much of it.

    Raises:
        ValueError: an unknown part, or a number out of range.
    """

    only: str = option(",".join(PARTS), "parts to run, by commas")
    model: str = option(DEFAULT_MODEL, "model that is served: default name, folder, hub name")
    device: str = option("auto", "device of the server and of its peers: auto, cpu, cuda")
    threads: int | None = option(None, "CPU threads of server and peers", shown="torch's choice")
    repeats: int = option(3, "timed turns of start, throughput and schema")
    concurrency: int = option(16, "requests at once in health and throughput")
    requests: int = option(48, "requests of a turn of throughput")
    new_tokens: int = option(64, "tokens of an answer in throughput")
    probes: int = option(1000, "times that /health is asked")
    probe_rate: float = option(50.0, "times a second that /health is asked")
    prefixes: int = option(8, "system prompts in prefix")
    overload_s: float = option(30.0, "seconds of overload")
    overload_factor: float = option(10.0, "arrivals, in times of what the server can answer")
    deadline_s: float = option(30.0, "seconds that a request may take in overload")
    connections: int = option(50, "malformed requests of each kind, all at once")

    def __post_init__(self) -> None:
        """Check names and ranges."""
        unknown = [name for name in self.only.split(",") if name not in PARTS]
        if unknown:
            raise ValueError(f"--only: no part {unknown[0]!r}, there are {', '.join(PARTS)}")
        counts = ("threads", "repeats", "concurrency", "requests", "new_tokens", "probes")
        for name in (*counts, "prefixes", "connections"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{flag(name)} must be at least 1, got {value}")
        for name in ("probe_rate", "overload_s", "overload_factor", "deadline_s"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{flag(name)} must be above 0, got {getattr(self, name)}")

    @property
    def parts(self) -> list[str]:
        """The parts asked for, in the order in which they run."""
        return [name for name in PARTS if name in self.only.split(",")]

    @property
    def server_flags(self) -> list[str]:
        """What every server of this run is told."""
        flags = ["--model", self.model, "--device", self.device]
        return flags if self.threads is None else [*flags, "--threads", str(self.threads)]
