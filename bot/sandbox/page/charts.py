"""SVG charts of data_visualization blocks; the stylesheet sets their colors."""

from __future__ import annotations

import math
from collections.abc import Iterator

from markupsafe import Markup

from ..json_codec import Json, as_list, as_object

WIDTH, HEIGHT, LEFT, BOTTOM = 560, 220, 40, 28
"""Size of a chart and the margins of its plot area, in pixels."""

PIE_RADIUS = 90

MAX_CATEGORY_LABELS = 8
"""Category labels under a chart; with more categories, only every nth is labeled."""

MAX_LABEL_CHARS = 12


def chart_html(chart: object) -> Markup:
    """Return the SVG of a chart; screen readers skip it and read the table of numbers."""
    chart_json = as_object(chart)
    if chart_json.get("type") == "pie":
        return _svg(
            PIE_RADIUS * 2, PIE_RADIUS * 2, _pie_slices(as_list(chart_json.get("segments")))
        )
    series = [as_object(item) for item in as_list(chart_json.get("series"))]
    values = [_value(point) for item in series for point in as_list(item.get("data"))]
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    frame = PlotArea(low, span, max((len(as_list(item.get("data"))) for item in series), default=1))
    build_parts = _bar_parts if chart_json.get("type") == "bar" else _line_parts
    is_area = chart_json.get("type") == "area"
    labels = frame.category_labels(_categories(chart_json))
    parts = [frame.axis_svg(), *labels, *build_parts(series, frame, is_area=is_area)]
    return _svg(WIDTH, HEIGHT, iter(parts))


class PlotArea:
    """The coordinates of values and categories in a chart."""

    def __init__(self, low: float, span: float, points: int) -> None:
        """Lay out `points` categories and values from `low` to `low + span`."""
        self.low, self.span, self.points = low, span, max(points, 1)
        self.step = (WIDTH - LEFT) / self.points

    def x(self, index: int) -> float:
        """Return the x coordinate of the middle of the category at `index`."""
        return LEFT + self.step * (index + 0.5)

    def y(self, value: float) -> float:
        """Return the y coordinate of `value`."""
        return (HEIGHT - BOTTOM) - (value - self.low) / self.span * (HEIGHT - BOTTOM - 10)

    def axis_svg(self) -> Markup:
        """Return the zero line and the label of the highest value."""
        html = Markup(
            '<line class="axis" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"></line>'
            '<text class="tick" x="{at}" y="16" text-anchor="end">{top:g}</text>'
        )
        top = self.low + self.span
        return html.format(left=LEFT, right=WIDTH, y=self.y(0), at=LEFT - 6, top=top)

    def category_labels(self, categories: list[str]) -> Iterator[Markup]:
        """Yield the labels of the categories, at most `MAX_CATEGORY_LABELS`."""
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


def _bar_parts(series: list[Json], frame: PlotArea, *, is_area: bool) -> Iterator[Markup]:  # noqa: ARG001 - same signature as _line_parts
    bar_width = frame.step * 0.7 / max(len(series), 1)
    html = Markup(
        '<rect class="series-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"></rect>'
    )
    for number, item in enumerate(series):
        for index, point in enumerate(as_list(item.get("data"))):
            top, bottom = sorted((frame.y(_value(point)), frame.y(0)))
            left = frame.x(index) - frame.step * 0.35 + bar_width * number
            yield html.format(number, left, top, bar_width, bottom - top)


def _line_parts(series: list[Json], frame: PlotArea, *, is_area: bool) -> Iterator[Markup]:
    for number, item in enumerate(series):
        data = as_list(item.get("data"))
        points = [f"{frame.x(i):.1f},{frame.y(_value(p)):.1f}" for i, p in enumerate(data)]
        if is_area and data:
            ends = [f"{frame.x(i):.1f},{frame.y(0):.1f}" for i in (len(data) - 1, 0)]
            html = Markup('<polygon class="series-{} area" points="{}"></polygon>')
            yield html.format(number, " ".join([*points, *ends]))
        yield Markup('<polyline class="series-{} line" points="{}"></polyline>').format(
            number, " ".join(points)
        )


def _pie_slices(segments: list[object]) -> Iterator[Markup]:
    total = sum(_value(segment) for segment in segments) or 1.0
    angle = -math.pi / 2
    for number, segment in enumerate(segments):
        sweep = _value(segment) / total * math.tau
        yield _pie_slice(number, angle, min(sweep, math.tau - 0.001))
        angle += sweep


def _pie_slice(number: int, angle: float, sweep: float) -> Markup:
    x1, y1 = PIE_RADIUS + PIE_RADIUS * math.cos(angle), PIE_RADIUS + PIE_RADIUS * math.sin(angle)
    end = angle + sweep
    x2, y2 = PIE_RADIUS + PIE_RADIUS * math.cos(end), PIE_RADIUS + PIE_RADIUS * math.sin(end)
    is_large = int(sweep > math.pi)
    html = Markup(
        '<path class="series-{n}" '
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
    """Return the labels of the series, or of the segments of a pie chart, in order."""
    chart_json = as_object(chart)
    if chart_json.get("type") == "pie":
        return [str(as_object(item).get("label")) for item in as_list(chart_json.get("segments"))]
    return [str(as_object(item).get("name")) for item in as_list(chart_json.get("series"))]


def table_rows(chart: object) -> list[list[str]]:
    """Return the numbers of a chart as rows: a label and one value per series."""
    chart_json = as_object(chart)
    if chart_json.get("type") == "pie":
        segments = [as_object(segment) for segment in as_list(chart_json.get("segments"))]
        return [[str(segment.get("label")), f"{_value(segment):g}"] for segment in segments]
    series = [_values_by_label(item) for item in as_list(chart_json.get("series"))]
    return [
        [category, *(f"{values.get(category, 0):g}" for values in series)]
        for category in _categories(chart_json)
    ]


def _values_by_label(series: object) -> dict[str, float]:
    data = as_list(as_object(series).get("data"))
    return {str(as_object(point).get("label")): _value(point) for point in data}
