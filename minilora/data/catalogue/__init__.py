"""All domains of the catalogue, in a fixed order."""

from __future__ import annotations

import importlib
from pathlib import Path

from minilora.data.material import Domain

_NAMES = (
    "alarms", "calendar", "messages", "music", "weather", "smart_home", "shopping", "travel", "food", "banking",
    "fitness", "navigation", "devops", "developer_tools", "documents", "customer_support", "crm_sales", "media_video",
    "hr_people", "agriculture_energy", "science_lab",
)  # fmt: skip


def domains() -> tuple[Domain, ...]:
    """Return the domains, in the order in which the generator walks them."""
    here = Path(__file__).parent
    return tuple(
        importlib.import_module(f"minilora.data.catalogue.{name}").DOMAIN
        for name in _NAMES
        if (here / f"{name}.py").exists()
    )
