"""Sums of what was asked of models.

>>> add_usage(Usage(1, 10, 2, 12, 0.5), Usage(1, 5, 1, 6))
Usage(model_calls=2, prompt_tokens=15, completion_tokens=3, total_tokens=18, cost=0.5)
"""

from __future__ import annotations

from serve.detective.reply import Usage


def add_usage(*parts: Usage) -> Usage:
    """Return the sum; the cost is that of the parts with a price, None where none has one."""
    costs = [part.cost for part in parts if part.cost is not None]
    return Usage(
        sum(part.model_calls for part in parts),
        sum(part.prompt_tokens for part in parts),
        sum(part.completion_tokens for part in parts),
        sum(part.total_tokens for part in parts),
        sum(costs) if costs else None,
    )
