"""The sample image of the gallery."""

from __future__ import annotations

from ..png import striped_png

WIDTH, HEIGHT = 240, 96


def sunset_png() -> bytes:
    """Return a PNG of a sky that fades from blue to red."""
    return striped_png(WIDTH, [_row_color(row) for row in range(HEIGHT)])


def _row_color(row: int) -> tuple[int, int, int]:
    part = row / HEIGHT
    return int(60 + 170 * part), int(110 + 20 * part), int(160 - 70 * part)
