"""Charts of data_visualization blocks, as pictures whose colours the page chooses."""

from __future__ import annotations

import math
from collections.abc import Iterator

from markupsafe import Markup

from bot.sandbox.json_codec import Json, as_list, as_object

WIDTH, HEIGHT, LEFT, BOTTOM = 560, 220, 40, 28
PIE_RADIUS = 90
"""The radius of a pie."""

MAX_CATEGORY_LABELS = 8
"""Categories that are named under a chart: every one, or every second, third … of them."""

MAX_LABEL_CHARS = 12
"""Characters of such a name."""


def chart_html(chart: object) -> Markup:
    """Return the picture of a chart; its numbers stand in a table beside it."""
    chart_json = as_object(chart)
    if chart_json.get("type") == "pie":
        return _svg(
            PIE_RADIUS * 2, PIE_RADIUS * 2, _pie_slices(as_list(chart_json.get("segments")))
        )
    series = [as_object(one) for one in as_list(chart_json.get("series"))]
    values = [_value(point) for one in series for point in as_list(one.get("data"))]
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    frame = PlotArea(low, span, max((len(as_list(one.get("data"))) for one in series), default=1))
    build_parts = _bar_parts if chart_json.get("type") == "bar" else _line_parts
    is_area = chart_json.get("type") == "area"
    labels = frame.category_labels(_categories(chart_json))
    parts = [frame.axis_svg(), *labels, *build_parts(series, frame, is_area=is_area)]
    return _svg(WIDTH, HEIGHT, iter(parts))


class PlotArea:
    """Where values and categories of a chart are in its picture."""

    def __init__(self, low: float, span: float, points: int) -> None:
        """Show `points` categories and values from `low` to `low + span`."""
        self.low, self.span, self.points = low, span, max(points, 1)
        self.step = (WIDTH - LEFT) / self.points

    def x(self, index: int) -> float:
        """Return the middle of the category at `index`."""
        return LEFT + self.step * (index + 0.5)

    def y(self, value: float) -> float:
        """Return how far down `value` is."""
        return (HEIGHT - BOTTOM) - (value - self.low) / self.span * (HEIGHT - BOTTOM - 10)

    def axis_svg(self) -> Markup:
        """Return the line at nought, and the highest value."""
        html = Markup(
            '<line class="axis" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"></line>'
            '<text class="tick" x="{at}" y="16" text-anchor="end">{top:g}</text>'
        )
        top = self.low + self.span
        return html.format(left=LEFT, right=WIDTH, y=self.y(0), at=LEFT - 6, top=top)

    def category_labels(self, categories: list[str]) -> Iterator[Markup]:
        """Yield the names of the categories, as many as there is room for."""
        html = Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
        every = math.ceil(len(categories) / MAX_CATEGORY_LABELS) or 1
        for index in range(0, len(categories), every):
            name = categories[index]
            short = name if len(name) <= MAX_LABEL_CHARS else f"{name[: MAX_LABEL_CHARS - 1]}…"
            yield html.format(self.x(index), HEIGHT - 8, short)


def _categories(chart_json: Json) -> list[str]:
    return [
        str(name) for name in as_list(as_object(chart_json.get("axis_config")).get("categories"))
    ]


def _value(point: object) -> float:
    value = as_object(point).get("value", 0)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _bar_parts(series: list[Json], frame: PlotArea, *, is_area: bool) -> Iterator[Markup]:  # noqa: ARG001 - as _lines
    bar_width = frame.step * 0.7 / max(len(series), 1)
    html = Markup('<rect class="s{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"></rect>')
    for number, one in enumerate(series):
        for index, point in enumerate(as_list(one.get("data"))):
            top, foot = sorted((frame.y(_value(point)), frame.y(0)))
            left = frame.x(index) - frame.step * 0.35 + bar_width * number
            yield html.format(number, left, top, bar_width, foot - top)


def _line_parts(series: list[Json], frame: PlotArea, *, is_area: bool) -> Iterator[Markup]:
    for number, one in enumerate(series):
        data = as_list(one.get("data"))
        points = [f"{frame.x(i):.1f},{frame.y(_value(p)):.1f}" for i, p in enumerate(data)]
        if is_area and data:
            ends = [f"{frame.x(i):.1f},{frame.y(0):.1f}" for i in (len(data) - 1, 0)]
            html = Markup('<polygon class="s{} area" points="{}"></polygon>')
            yield html.format(number, " ".join([*points, *ends]))
        yield Markup('<polyline class="s{} line" points="{}"></polyline>').format(
            number, " ".join(points)
        )


def _pie_slices(segments: list[object]) -> Iterator[Markup]:
    total = sum(_value(one) for one in segments) or 1.0
    angle = -math.pi / 2
    for number, one in enumerate(segments):
        turn = _value(one) / total * math.tau
        yield _pie_slice(number, angle, min(turn, math.tau - 0.001))
        angle += turn


def _pie_slice(number: int, angle: float, turn: float) -> Markup:
    x1, y1 = PIE_RADIUS + PIE_RADIUS * math.cos(angle), PIE_RADIUS + PIE_RADIUS * math.sin(angle)
    end = angle + turn
    x2, y2 = PIE_RADIUS + PIE_RADIUS * math.cos(end), PIE_RADIUS + PIE_RADIUS * math.sin(end)
    is_large = int(turn > math.pi)
    html = Markup(
        '<path class="s{n}" '
        'd="M{r},{r} L{x1:.2f},{y1:.2f} A{r},{r} 0 {l} 1 {x2:.2f},{y2:.2f} Z"></path>'
    )
    return html.format(n=number, r=PIE_RADIUS, x1=x1, y1=y1, l=is_large, x2=x2, y2=y2)


def _svg(width: int, height: int, parts: Iterator[Markup]) -> Markup:
    html = Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true">'
        "{p}</svg>"
    )
    return html.format(w=width, h=height, p=Markup().join(parts))


def legend_labels(chart: object) -> list[str]:
    """Return the names of the series or segments, in order."""
    chart_json = as_object(chart)
    if chart_json.get("type") == "pie":
        return [str(as_object(one).get("label")) for one in as_list(chart_json.get("segments"))]
    return [str(as_object(one).get("name")) for one in as_list(chart_json.get("series"))]


def table_rows(chart: object) -> list[list[str]]:
    """Return the numbers of a chart as rows: a label and one value a series."""
    chart_json = as_object(chart)
    if chart_json.get("type") == "pie":
        segments = [as_object(one) for one in as_list(chart_json.get("segments"))]
        return [[str(one.get("label")), f"{_value(one):g}"] for one in segments]
    series = [_values_by_label(one) for one in as_list(chart_json.get("series"))]
    return [
        [name, *(f"{one.get(name, 0):g}" for one in series)] for name in _categories(chart_json)
    ]


def _values_by_label(series: object) -> dict[str, float]:
    data = as_list(as_object(series).get("data"))
    return {str(as_object(point).get("label")): _value(point) for point in data}
