"""Which tools training never shows: not as an answer, not as a bystander in the prompt.

>>> seen = {tool.name for _, tools in seen_tools() for tool in tools}
>>> unseen = {tool.name for _, tools in unseen_tools() for tool in tools}
>>> seen & unseen
set()
"""

from __future__ import annotations

from minilora.data.catalogue import domains
from minilora.data.draw import stable_hash
from minilora.data.material import Domain, Tool

UNSEEN_DOMAINS = ("customer_support", "hr_people", "agriculture_energy", "science_lab")


def is_unseen(domain: Domain, tool: Tool) -> bool:
    """Return whether training never shows the tool: four domains, one in ten of the others."""
    if domain.name in UNSEEN_DOMAINS:
        return True
    return stable_hash(f"{domain.name}.{tool.name}") % 10 == 0


def seen_tools() -> list[tuple[Domain, list[Tool]]]:
    """Return the domains with the tools that training shows."""
    return _where(unseen=False)


def unseen_tools() -> list[tuple[Domain, list[Tool]]]:
    """Return the domains with the tools that training never shows."""
    return _where(unseen=True)


def _where(unseen: bool) -> list[tuple[Domain, list[Tool]]]:
    found = [
        (one, [tool for tool in one.tools if is_unseen(one, tool) == unseen]) for one in domains()
    ]
    return [(domain, tools) for domain, tools in found if tools]
