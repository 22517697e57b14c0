"""The picture above the report's title: a tower on a rock at night, and its beam."""

from __future__ import annotations

from collections.abc import Sequence

from serve.detective.samples.pdf_writer import PAGE_HEIGHT, PAGE_WIDTH, Canvas, Colour

HEIGHT = 168.0  # of the picture, from the page's upper edge
NIGHT: Colour = (0.07, 0.13, 0.25)
DUSK: Colour = (0.12, 0.22, 0.38)
SEA: Colour = (0.05, 0.1, 0.18)
BEAM: Colour = (0.93, 0.83, 0.55)
GLOW: Colour = (0.3, 0.34, 0.42)
STONE: Colour = (0.86, 0.84, 0.8)
RED: Colour = (0.62, 0.2, 0.17)
ROCK: Colour = (0.2, 0.21, 0.24)
_STARS = [(48, 30), (96, 74), (141, 22), (188, 52), (236, 88), (277, 26), (318, 60), (545, 34)]
_TOWER_X = 452.0
_BANDS = 7  # of the tower, light and red in turn


def draw_banner(page: Canvas) -> float:
    """Draw the picture across the top of a page and return the y of its lower edge."""
    bottom = PAGE_HEIGHT - HEIGHT
    page.box(0, bottom, PAGE_WIDTH, HEIGHT, NIGHT)
    page.box(0, bottom, PAGE_WIDTH, 66, DUSK)
    for x, depth in _STARS:
        page.box(x, PAGE_HEIGHT - depth, 1.6, 1.6, STONE)
    lamp = bottom + 133
    page.polygon([(_TOWER_X, lamp + 4), (0, lamp + 26), (0, lamp - 40), (_TOWER_X, lamp - 4)], GLOW)
    page.polygon([(_TOWER_X, lamp + 2), (0, lamp + 6), (0, lamp - 22), (_TOWER_X, lamp - 2)], BEAM)
    page.polygon(
        _around([(-86, 0), (-58, 20), (-27, 33), (24, 35), (50, 22), (84, 0)], bottom), ROCK
    )
    _draw_tower(page, bottom + 30)
    page.box(0, bottom, PAGE_WIDTH, 13, SEA)
    return bottom


def _draw_tower(page: Canvas, foot: float) -> None:
    """Draw the tower: it narrows from 17 to 10 points on each side of its middle."""
    height = 92.0
    for band in range(_BANDS):
        low, high = (height * edge / _BANDS for edge in (band, band + 1))
        wide, narrow = (17 - 7 * y / height for y in (low, high))
        corners = [(-wide, low), (-narrow, high), (narrow, high), (wide, low)]
        page.polygon(_around(corners, foot), RED if band % 2 else STONE)
    page.box(_TOWER_X - 14, foot + height, 28, 4, ROCK)  # the gallery
    page.box(_TOWER_X - 8, foot + height + 4, 16, 14, BEAM)  # the lantern
    page.polygon(_around([(-11, 18), (0, 29), (11, 18)], foot + height), RED)


def _around(points: Sequence[tuple[float, float]], foot: float) -> list[tuple[float, float]]:
    """Return points given from the middle of the tower's foot as points of the page."""
    return [(_TOWER_X + x, foot + y) for x, y in points]
