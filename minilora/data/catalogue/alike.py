"""Tools of the catalogue that can stand in for one another.

A request for one of them is never used as an example of "no tool fits" while another is on offer, and
two of them from different domains never stand in one set.

>>> alike("send_message", "send_message"), alike("set_timer", "get_tides")
(True, False)
"""

from __future__ import annotations

ALIKE: tuple[frozenset[str], ...] = ()


def alike(one: str, other: str) -> bool:
    """Return whether a request for one tool could also be met by the other."""
    return one == other or any(one in group and other in group for group in ALIKE)
