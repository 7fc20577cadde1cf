"""The chart of a campaign as a PNG: answers so far, how they go on, what is wanted, the deadline.

Drawn three times as large and made smaller, so that lines are smooth. The colours differ in
brightness, too, and what they mean is written beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from math import ceil, log10
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from bot.clock import named_day
from bot.services.foreseeing import Curve

WIDTH, HEIGHT = 800, 420
SCALE = 3
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 76, 44
LETTERS, HEADLINE = 16, 20
"""Pixels: Slack shows a picture about half as large, and it should be read without a tap."""

INK, GREY, PALE = "#1d1c1d", "#616061", "#dddddd"
BLUE, BAND, RED = "#1264a3", "#cfe3f3", "#b3261e"

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where a day and a number are on the paper, in pixels of the large drawing."""

    first: date
    last: date
    most: int

    def at(self, day: date, number: float) -> Point:
        span = max(1, (self.last - self.first).days)
        across = (day - self.first).days / span
        x = LEFT + across * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - number / self.most * (HEIGHT - TOP - BOTTOM)
        return x * SCALE, y * SCALE


def draw(curve: Curve) -> bytes:
    """Return the chart of a curve that has days, as PNG."""
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), "white")
    paper = ImageDraw.Draw(picture)
    axes = _axes(curve)
    _grid(paper, axes)
    _future(paper, axes, curve)
    _wanted(paper, axes, curve)
    _past(paper, axes, curve)
    _deadline(paper, axes, curve)
    _legend(paper, curve)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = BytesIO()
    small.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _axes(curve: Curve) -> _Axes:
    ends = [curve.days[-1], curve.forecast.late if curve.forecast else None, curve.deadline]
    last = max(day for day in ends if day)
    nearest = curve.days[-1] + 4 * max(curve.days[-1] - curve.days[0], timedelta(days=7))
    return _Axes(curve.days[0], min(last, nearest), _round_up(max(curve.wanted, *curve.answers, 1)))


def _round_up(number: int) -> int:
    """Return the next number whose quarters are easy to read."""
    power = float(10 ** int(log10(number)))
    steps = (power * step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10))
    return max(4, ceil(next(step for step in steps if step >= number)))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * SCALE)


def _text(paper: ImageDraw.ImageDraw, at: Point, text: str, anchor: str, fill: str = GREY) -> None:
    paper.text(at, text, fill=fill, font=_font(LETTERS), anchor=anchor)


def _grid(paper: ImageDraw.ImageDraw, axes: _Axes) -> None:
    for quarter in range(5):
        number = axes.most * quarter / 4
        x, y = axes.at(axes.first, number)
        end, _ = axes.at(axes.last, number)
        paper.line([(x, y), (end, y)], fill=PALE, width=SCALE)
        _text(paper, (x - 8 * SCALE, y), f"{number:,.0f}", "rm")
    span = (axes.last - axes.first).days
    count = max(1, min(4, span))
    for tick in range(count + 1):
        day = axes.first + timedelta(days=round(span * tick / count))
        x, y = axes.at(day, 0)
        anchor = "lt" if tick == 0 else "rt" if tick == count else "mt"
        _text(paper, (x, y + 10 * SCALE), named_day(day)[4:], anchor)


def _past(paper: ImageDraw.ImageDraw, axes: _Axes, curve: Curve) -> None:
    points = [axes.at(day, n) for day, n in zip(curve.days, curve.answers, strict=True)]
    paper.line(points, fill=BLUE, width=4 * SCALE, joint="curve")
    x, y = points[-1]
    size = 5 * SCALE
    paper.ellipse([x - size, y - size, x + size, y + size], fill=BLUE)


def _future(paper: ImageDraw.ImageDraw, axes: _Axes, curve: Curve) -> None:
    if curve.forecast is None:
        return
    here = axes.at(curve.days[-1], curve.answers[-1])
    ends = [axes.at(day, curve.wanted) for day in (curve.forecast.early, curve.forecast.late)]
    paper.polygon([here, *ends], fill=BAND)
    _dashed(paper, here, axes.at(curve.forecast.likely, curve.wanted), BLUE)


def _wanted(paper: ImageDraw.ImageDraw, axes: _Axes, curve: Curve) -> None:
    start, end = (axes.at(day, curve.wanted) for day in (axes.first, axes.last))
    paper.line([start, end], fill=INK, width=SCALE)


def _deadline(paper: ImageDraw.ImageDraw, axes: _Axes, curve: Curve) -> None:
    if curve.deadline is None or not axes.first <= curve.deadline <= axes.last:
        return
    bottom, top = axes.at(curve.deadline, 0), axes.at(curve.deadline, axes.most)
    _dashed(paper, bottom, top, RED)


def _dashed(paper: ImageDraw.ImageDraw, start: Point, end: Point, fill: str) -> None:
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    steps = max(1, int(length / (7 * SCALE)))
    for step in range(0, steps, 2):
        from_, to = (_between(start, end, n / steps) for n in (step, step + 1))
        paper.line([from_, to], fill=fill, width=2 * SCALE)


def _between(start: Point, end: Point, share: float) -> Point:
    return tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))  # type: ignore[return-value]  # two of each


def _legend(paper: ImageDraw.ImageDraw, curve: Curve) -> None:
    paper.text((LEFT * SCALE, 16 * SCALE), _headline(curve), fill=INK, font=_font(HEADLINE))
    x: float = LEFT * SCALE
    for text, fill in _meanings(curve):
        y = 54 * SCALE
        paper.rectangle([x, y - 5 * SCALE, x + 18 * SCALE, y + 5 * SCALE], fill=fill)
        x += 25 * SCALE
        _text(paper, (x, y), text, "lm", INK)
        x += paper.textlength(text, font=_font(LETTERS)) + 20 * SCALE


def _headline(curve: Curve) -> str:
    """Return what the chart is about: the title, or the name where the font lacks its letters."""
    title = curve.title if max(map(ord, curve.title), default=0) < 0x250 else curve.name  # noqa: PLR2004 - the end of extended Latin
    line = " ".join(title.split())
    short = line if len(line) <= 44 else f"{line[:43]}…"  # noqa: PLR2004 - what fits on the paper
    return f"{short}: {curve.answers[-1]:,} of {curve.wanted:,} answers"


def _meanings(curve: Curve) -> Sequence[tuple[str, str]]:
    found = [("answers", BLUE)]
    if curve.forecast:
        likely = named_day(curve.forecast.likely)
        found.append((f"forecast, 8 of 10 cases; likely {likely}", BAND))
    if curve.deadline:
        found.append((f"deadline {named_day(curve.deadline)}", RED))
    return found
