"""Draw formulas in a child process: `python -m bot.math_process`, with their sources as JSON.

The output is a PNG that has them below each other, or nothing if none can be drawn. Formulas are
written by anyone, so the process limits its time and memory. matplotlib is in the extra `report`.
"""

from __future__ import annotations

import json
import resource
import sys
from io import BytesIO

from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser

MAX_CPU_SECONDS, MAX_MEMORY_BYTES = 10, 2 * 1024**3

FONT_POINTS, GAP_POINTS, PADDING_POINTS, DPI = 14.0, 10.0, 8.0, 144
POINTS_PER_INCH = 72

MAX_WIDTH_POINTS = 1_000.0
"""Wider formulas would be too small to read in Slack."""


def draw(sources: list[str]) -> bytes:
    """Return a PNG of the formulas that mathtext can draw, b"" if it can draw none of them."""
    parser = MathTextParser("path")
    sizes: dict[str, tuple[float, float, float]] = {}
    for source in sources:
        try:
            width, height, depth, *_paths = parser.parse(f"${source}$", dpi=POINTS_PER_INCH)
        except (ValueError, RecursionError):
            continue
        scale = FONT_POINTS / 10  # the parser's default size
        sizes[source] = (width * scale, height * scale, depth * scale)
    sizes = {source: size for source, size in sizes.items() if 0 < size[0] <= MAX_WIDTH_POINTS}
    if not sizes:
        return b""
    return _draw_lines(sizes)


def _draw_lines(sizes: dict[str, tuple[float, float, float]]) -> bytes:
    """Draw formulas with their width, height and depth in points, black on white."""
    width = max(size[0] for size in sizes.values()) + 2 * PADDING_POINTS
    heights = [height + GAP_POINTS for _width, height, _depth in sizes.values()]
    total = sum(heights) - GAP_POINTS + 2 * PADDING_POINTS
    figure = Figure((width / POINTS_PER_INCH, total / POINTS_PER_INCH), DPI, facecolor="white")
    top = total - PADDING_POINTS
    for (source, (_width, height, depth)), step in zip(sizes.items(), heights, strict=True):
        baseline = top - height + depth
        figure.text(
            PADDING_POINTS / width,
            baseline / total,
            f"${source}$",
            fontsize=FONT_POINTS,
            verticalalignment="baseline",
        )
        top -= step
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def main() -> None:
    """Read the formulas from the input, and write the PNG to the output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
