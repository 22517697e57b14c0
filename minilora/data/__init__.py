"""The curated dataset: (query, tools) -> one JSON action, made by a readable generator."""

from minilora.data.splits import build

__all__ = ["build"]
