"""Plots of the quality report, as SVG elements for its page.

This needs matplotlib, which the extra `report` installs. Only the command line loads it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from io import BytesIO

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.quality.agreement.confusion import Confusion
from bot.quality.agreement.interval import Estimate
from bot.quality.agreement.periods import Period
from bot.quality.ranking.leaderboard import RankedModel
from bot.services.reports.quality_report import AgreementRow, PairMatrix

WIDTH_INCHES = 8.0
ROW_INCHES = 0.32
MARGIN_INCHES = 1.2

MAX_MAP_INCHES = 7.0
"""Height of the largest heat map: it is square, and as wide as the page."""

MAX_MODELS = 60
MAX_CELL_TEXTS = 12
"""Rows of a matrix up to which each cell shows its number."""

COLOR, OTHER_COLOR = "#1264a3", "#b25000"
DARK_BELOW = 0.5
"""Cells with a smaller share are dark, so their text is white."""


def agreement_plot(rows: Sequence[AgreementRow]) -> str:
    """Return the coefficients of all experts with their intervals, one row for each."""
    shown = [row for row in rows if row.value is not None]

    def draw(axes: Axes) -> None:
        for position, row in enumerate(shown):
            _draw_interval(axes, position, Estimate(row.value, row.low, row.high), COLOR)
        _name_rows(axes, [f"{row.question}: {row.metric.replace('_', ' ')}" for row in shown])
        axes.axvline(0, color="#888", linewidth=0.8)
        axes.set_xlim(min([-0.1, *(row.low or 0 for row in shown)]), 1.05)
        axes.set_xlabel("1 is perfect agreement; 0 is chance (percent: no equal answers)")

    return _plot("Coefficients of agreement with 95% intervals", _height(len(shown)), draw)


def matrix_plot(matrix: PairMatrix) -> str:
    """Return a heat map of how often each two experts agree."""
    values = [
        [
            None if one == other or not share.total else share.equal / share.total
            for other, share in enumerate(shares)
        ]
        for one, shares in enumerate(matrix.shares)
    ]
    title = f"Share of equal answers of each two experts: {matrix.question}"
    return _heat_map(title, matrix.experts, values, "other expert")


def confusion_plot(question: str, confusion: Confusion) -> str:
    """Return a heat map of what other experts answer, by the answer of one expert."""
    title = f"What other experts answer: {question}"
    return _heat_map(
        title,
        [str(value) for value in confusion.values],
        confusion.shares(),
        "answer of another expert",
    )


def leaderboard_plot(models: Sequence[RankedModel], group: int) -> str:
    """Return the strengths of a group of models, with and without style."""
    shown = [model for model in models if model.group == group][:MAX_MODELS]
    has_style = any(model.style_controlled for model in shown)

    def draw(axes: Axes) -> None:
        for position, model in enumerate(shown):
            shift = 0.15 if has_style else 0
            found = Estimate(model.strength, model.low, model.high)
            _draw_interval(axes, position - shift, found, COLOR)
            controlled = model.style_controlled
            if controlled is not None:
                found = Estimate(controlled.strength, controlled.low, controlled.high)
                _draw_interval(axes, position + shift, found, OTHER_COLOR)
        _name_rows(axes, [model.name for model in shown])
        axes.axvline(0, color="#888", linewidth=0.8)
        axes.set_xlabel("strength" + (" (square: controlled for style)" if has_style else ""))

    return _plot(
        f"Strengths of models with 95% intervals, group {group}", _height(len(shown)), draw
    )


def periods_plot(periods: Sequence[Period]) -> str:
    """Return percent agreement over time, with intervals, one line per question."""
    questions = list(dict.fromkeys(name for period in periods for name in period.questions))

    def draw(axes: Axes) -> None:
        for question in questions:
            points = [
                (position, period.questions[question].percent)
                for position, period in enumerate(periods)
                if question in period.questions
            ]
            known = [(x, one) for x, one in points if one.value is not None]
            line = axes.plot(
                [x for x, _ in known],
                [one.value or 0 for _, one in known],
                marker="o",
                label=question,
            )
            for x, one in known:
                if one.low is not None and one.high is not None:
                    axes.plot([x, x], [one.low, one.high], color=line[0].get_color(), alpha=0.5)
        axes.set_xticks(range(len(periods)), [f"{period.first:%d %b}" for period in periods])
        axes.set_ylim(0, 1.05)
        axes.set_ylabel("share of equal answers")
        axes.legend(loc="lower right")

    return _plot("Percent agreement over time", 3.2, draw)


def _height(rows: int) -> float:
    return MARGIN_INCHES + ROW_INCHES * max(rows, 2)


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _draw_interval(axes: Axes, position: float, found: Estimate, color: str) -> None:
    """Draw a point with its interval; the shape differs as well as the color."""
    if found.value is None:
        return
    marker = "o" if color == COLOR else "s"
    axes.plot([found.value], [position], marker=marker, markersize=4, color=color)
    if found.low is not None and found.high is not None:
        axes.plot([found.low, found.high], [position, position], color=color, linewidth=1.5)


def _heat_map(
    title: str, names: Sequence[str], values: Sequence[Sequence[float | None]], label: str
) -> str:
    def draw(axes: Axes) -> None:
        grid = [[float("nan") if value is None else value for value in row] for row in values]
        positions = [position - 0.5 for position in range(len(names) + 1)]
        mesh = axes.pcolormesh(positions, positions, grid, vmin=0, vmax=1, cmap="cividis")
        axes.invert_yaxis()
        axes.set_aspect("equal")
        axes.set_xticks(range(len(names)), names, rotation=90)
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel(label)
        bar = axes.figure.colorbar(mesh, ax=axes, shrink=0.7)
        if bar.solids is not None:
            bar.solids.set_rasterized(False)  # a raster image would not be SVG
        if len(names) <= MAX_CELL_TEXTS:
            for y, row in enumerate(values):
                for x, value in enumerate(row):
                    if value is not None:
                        axes.text(
                            x,
                            y,
                            f"{value:.0%}",
                            ha="center",
                            va="center",
                            color="white" if value < DARK_BELOW else "black",
                        )

    height = MARGIN_INCHES + 1.5 + ROW_INCHES * len(names)
    return _plot(title, min(height, MAX_MAP_INCHES), draw)


def _plot(title: str, height: float, draw: Callable[[Axes], None]) -> str:
    """Return a plot as an SVG element with a text alternative."""
    with _style():
        figure = Figure(figsize=(WIDTH_INCHES, height), layout="constrained")
        draw(figure.add_subplot())
        file = BytesIO()
        figure.savefig(file, format="svg", metadata=_NO_METADATA, bbox_inches="tight")
    return _element_of(file.getvalue().decode(), title)


_NO_METADATA: Mapping[str, None] = dict.fromkeys(("Creator", "Date", "Format", "Type"))


@contextmanager
def _style() -> Iterator[None]:
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing from font"
        )  # the browser has it
        mpl.rcParams["svg.fonttype"] = "none"
        mpl.rcParams["svg.hashsalt"] = "labelbot"
        mpl.rcParams["text.parse_math"] = False  # a dollar sign in a name is no formula
        mpl.rcParams["font.size"] = 9
        mpl.rcParams["axes.spines.top"] = mpl.rcParams["axes.spines.right"] = False
        yield


def _element_of(svg: str, title: str) -> str:
    """Return the element without what only a file needs. Names of parts become unique by title."""
    prefix = re.sub(r"\W+", "-", title.lower())
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    svg = re.sub(r' xmlns(?::\w+)?="[^"]*"', "", svg).replace("xlink:href", "href")
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1).strip()
