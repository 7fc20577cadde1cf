"""The PNG chart: it shows answers, forecast and deadline of any campaign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from itertools import accumulate
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.quality.forecast import Forecast
from bot.services.reports.forecast import ProgressCurve
from bot.slack.charts.png import HEIGHT, WIDTH, render_png

FIRST = date(2026, 3, 2)

CURVE = ProgressCurve(
    name="jokes",
    title="Good jokes",
    wanted=1_200,
    days=tuple(FIRST + timedelta(days=n) for n in range(10)),
    answers=tuple(range(40, 440, 40)),
    forecast=Forecast(date(2026, 3, 30), date(2026, 3, 26), date(2026, 4, 6)),
    deadline=date(2026, 4, 3),
)


def open_image(png: bytes) -> Image.Image:
    """Return a rendered chart as an image."""
    return Image.open(BytesIO(png)).convert("RGB")


Color = tuple[int, int, int]

HUES: dict[str, Callable[[Color], bool]] = {
    "blue": lambda c: c[2] > c[0] + 80 and c[2] > c[1] + 40,
    "red": lambda c: c[0] > 100 and c[0] > c[1] + 60 and c[0] > c[2] + 60,
    "band": lambda c: c[2] > 230 and 180 < c[0] < 220 and c[1] > c[0],
}

MAX_EDGE_PIXELS = 150
"""Pixels of a color that smooth edges alone may have."""


def hues(png: bytes) -> set[str]:
    """Return the hues in a chart."""
    counts = cast("list[tuple[int, Color]]", open_image(png).getcolors(10**6))
    pixels = {name: sum(n for n, c in counts if matches(c)) for name, matches in HUES.items()}
    return {name for name, number in pixels.items() if number > MAX_EDGE_PIXELS}


def test_chart_is_small_and_has_a_fixed_size() -> None:
    png = render_png(CURVE)
    assert open_image(png).size == (WIDTH, HEIGHT)
    assert len(png) < 100_000
    assert render_png(CURVE) == png


def test_chart_shows_answers_forecast_and_deadline() -> None:
    assert hues(render_png(CURVE)) == {"blue", "red", "band"}


def test_chart_without_forecast_and_deadline_shows_neither() -> None:
    bare = ProgressCurve("jokes", "日本語", 12, CURVE.days[:2], (3, 9), None, None)
    assert hues(render_png(bare)) == {"blue"}


@pytest.mark.slow
@settings(max_examples=10)
@given(
    counts=st.lists(st.integers(0, 10**6), min_size=1, max_size=400),
    wanted=st.integers(0, 10**7),
    later=st.none() | st.integers(0, 700),
    title=st.text(max_size=80),
)
def test_any_campaign_has_a_chart(
    counts: list[int], wanted: int, later: int | None, title: str
) -> None:
    days = tuple(FIRST + timedelta(days=n) for n in range(len(counts)))
    end = None if later is None else days[-1] + timedelta(days=later)
    forecast = Forecast(end, end, end) if end else None
    curve = ProgressCurve("any", title, wanted, days, tuple(accumulate(counts)), forecast, end)
    assert open_image(render_png(curve)).size == (WIDTH, HEIGHT)
