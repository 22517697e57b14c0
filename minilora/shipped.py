"""The trained adapters that come with the package."""

from __future__ import annotations

from pathlib import Path

ADAPTERS = Path(__file__).parent / "adapters"


def json_specialist() -> Path:
    """Return the folder of the shipped JSON specialist, the default adapter of every command."""
    return ADAPTERS / "json-specialist"
