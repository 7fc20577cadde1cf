"""The progress chart of a campaign as a PNG: answers so far, forecast, target and deadline.

It is drawn three times as large and then reduced, so that lines are smooth. Colors also differ in
brightness, and a legend names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from math import ceil, log10
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from bot.clock import format_day
from bot.services.reports.forecast import ProgressCurve

WIDTH, HEIGHT = 800, 420
SCALE = 3
LEFT_MARGIN, RIGHT_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 64, 24, 76, 44
LABEL_FONT_SIZE, TITLE_FONT_SIZE = 16, 20
"""Pixels. Slack shows images at about half their size; labels should be readable without a tap."""

TEXT_COLOR, LABEL_COLOR, GRID_COLOR = "#1d1c1d", "#616061", "#dddddd"
ANSWERS_COLOR, FORECAST_COLOR, DEADLINE_COLOR = "#1264a3", "#cfe3f3", "#b3261e"

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Maps a day and a number to pixels of the large drawing."""

    first_day: date
    last_day: date
    max_count: int

    def point_at(self, day: date, number: float) -> Point:
        span = max(1, (self.last_day - self.first_day).days)
        fraction = (day - self.first_day).days / span
        x = LEFT_MARGIN + fraction * (WIDTH - LEFT_MARGIN - RIGHT_MARGIN)
        y = HEIGHT - BOTTOM_MARGIN - number / self.max_count * (HEIGHT - TOP_MARGIN - BOTTOM_MARGIN)
        return x * SCALE, y * SCALE


def render_png(curve: ProgressCurve) -> bytes:
    """Return the chart of a curve with at least one day, as PNG."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), "white")
    canvas = ImageDraw.Draw(image)
    axes = _build_axes(curve)
    _draw_grid(canvas, axes)
    _draw_forecast(canvas, axes, curve)
    _draw_target(canvas, axes, curve)
    _draw_answers(canvas, axes, curve)
    _draw_deadline(canvas, axes, curve)
    _draw_legend(canvas, curve)
    reduced = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = BytesIO()
    reduced.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _build_axes(curve: ProgressCurve) -> _Axes:
    end_days = [curve.days[-1], curve.forecast.late if curve.forecast else None, curve.deadline]
    last = max(day for day in end_days if day)
    latest_end = curve.days[-1] + 4 * max(curve.days[-1] - curve.days[0], timedelta(days=7))
    return _Axes(
        curve.days[0], min(last, latest_end), _round_up(max(curve.wanted, *curve.answers, 1))
    )


def _round_up(number: int) -> int:
    """Round up to a number whose quarters are easy to read."""
    power = float(10 ** int(log10(number)))
    steps = (power * step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10))
    return max(4, ceil(next(step for step in steps if step >= number)))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * SCALE)


def _draw_label(
    canvas: ImageDraw.ImageDraw, at: Point, text: str, anchor: str, fill: str = LABEL_COLOR
) -> None:
    canvas.text(at, text, fill=fill, font=_font(LABEL_FONT_SIZE), anchor=anchor)


def _draw_grid(canvas: ImageDraw.ImageDraw, axes: _Axes) -> None:
    for quarter in range(5):
        number = axes.max_count * quarter / 4
        x, y = axes.point_at(axes.first_day, number)
        end, _ = axes.point_at(axes.last_day, number)
        canvas.line([(x, y), (end, y)], fill=GRID_COLOR, width=SCALE)
        _draw_label(canvas, (x - 8 * SCALE, y), f"{number:,.0f}", "rm")
    span = (axes.last_day - axes.first_day).days
    count = max(1, min(4, span))
    for tick in range(count + 1):
        day = axes.first_day + timedelta(days=round(span * tick / count))
        x, y = axes.point_at(day, 0)
        anchor = "lt" if tick == 0 else "rt" if tick == count else "mt"
        _draw_label(canvas, (x, y + 10 * SCALE), format_day(day)[4:], anchor)


def _draw_answers(canvas: ImageDraw.ImageDraw, axes: _Axes, curve: ProgressCurve) -> None:
    points = [axes.point_at(day, n) for day, n in zip(curve.days, curve.answers, strict=True)]
    canvas.line(points, fill=ANSWERS_COLOR, width=4 * SCALE, joint="curve")
    x, y = points[-1]
    size = 5 * SCALE
    canvas.ellipse([x - size, y - size, x + size, y + size], fill=ANSWERS_COLOR)


def _draw_forecast(canvas: ImageDraw.ImageDraw, axes: _Axes, curve: ProgressCurve) -> None:
    if curve.forecast is None:
        return
    here = axes.point_at(curve.days[-1], curve.answers[-1])
    ends = [axes.point_at(day, curve.wanted) for day in (curve.forecast.early, curve.forecast.late)]
    canvas.polygon([here, *ends], fill=FORECAST_COLOR)
    _draw_dashed_line(
        canvas, here, axes.point_at(curve.forecast.likely, curve.wanted), ANSWERS_COLOR
    )


def _draw_target(canvas: ImageDraw.ImageDraw, axes: _Axes, curve: ProgressCurve) -> None:
    start, end = (axes.point_at(day, curve.wanted) for day in (axes.first_day, axes.last_day))
    canvas.line([start, end], fill=TEXT_COLOR, width=SCALE)


def _draw_deadline(canvas: ImageDraw.ImageDraw, axes: _Axes, curve: ProgressCurve) -> None:
    if curve.deadline is None or not axes.first_day <= curve.deadline <= axes.last_day:
        return
    bottom, top = axes.point_at(curve.deadline, 0), axes.point_at(curve.deadline, axes.max_count)
    _draw_dashed_line(canvas, bottom, top, DEADLINE_COLOR)


def _draw_dashed_line(canvas: ImageDraw.ImageDraw, start: Point, end: Point, fill: str) -> None:
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    steps = max(1, int(length / (7 * SCALE)))
    for step in range(0, steps, 2):
        from_, to = (_interpolate(start, end, n / steps) for n in (step, step + 1))
        canvas.line([from_, to], fill=fill, width=2 * SCALE)


def _interpolate(start: Point, end: Point, share: float) -> Point:
    return tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))  # type: ignore[return-value]  # points have two coordinates


def _draw_legend(canvas: ImageDraw.ImageDraw, curve: ProgressCurve) -> None:
    canvas.text(
        (LEFT_MARGIN * SCALE, 16 * SCALE),
        _chart_title(curve),
        fill=TEXT_COLOR,
        font=_font(TITLE_FONT_SIZE),
    )
    x: float = LEFT_MARGIN * SCALE
    for text, fill in _legend_entries(curve):
        y = 54 * SCALE
        canvas.rectangle([x, y - 5 * SCALE, x + 18 * SCALE, y + 5 * SCALE], fill=fill)
        x += 25 * SCALE
        _draw_label(canvas, (x, y), text, "lm", TEXT_COLOR)
        x += canvas.textlength(text, font=_font(LABEL_FONT_SIZE)) + 20 * SCALE


def _chart_title(curve: ProgressCurve) -> str:
    """Return the title with the progress, or the name if the font lacks letters of the title."""
    title = curve.title if max(map(ord, curve.title), default=0) < 0x250 else curve.name  # noqa: PLR2004 - the font has Latin letters only
    line = " ".join(title.split())
    short = line if len(line) <= 44 else f"{line[:43]}…"  # noqa: PLR2004 - what fits on the chart
    return f"{short}: {curve.answers[-1]:,} of {curve.wanted:,} answers"


def _legend_entries(curve: ProgressCurve) -> Sequence[tuple[str, str]]:
    entries = [("answers", ANSWERS_COLOR)]
    if curve.forecast:
        likely = format_day(curve.forecast.likely)
        entries.append((f"forecast (80%), likely {likely}", FORECAST_COLOR))
    if curve.deadline:
        entries.append((f"deadline {format_day(curve.deadline)}", DEADLINE_COLOR))
    return entries
