"""All domains of the catalogue, in a fixed order."""

from __future__ import annotations

import importlib
from functools import lru_cache

from minilora.data.material import Domain

NAMES = (
    "alarms", "calendar", "messages", "music", "weather", "smart_home", "shopping", "travel",
    "food", "banking", "fitness", "navigation", "devops", "developer_tools", "documents",
    "customer_support", "crm_sales", "media_video", "hr_people", "agriculture_energy",
    "science_lab",
)  # fmt: skip


@lru_cache(maxsize=1)
def domains() -> tuple[Domain, ...]:
    """Return the domains, in the order in which the generator walks them."""
    return tuple(importlib.import_module(f"{__name__}.{name}").DOMAIN for name in NAMES)
