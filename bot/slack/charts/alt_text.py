"""What stands around a chart: its title, and its words for those who do not see it."""

from __future__ import annotations

from bot.clock import format_day
from bot.services.reports.forecast import ProgressCurve
from bot.slack.views.short_messages import render_text
from bot.slack.views.task_message import Message

MIN_DAYS = 2
"""Days before which there is no curve to draw."""

MAX_ALT_TEXT_CHARS = 1_000
"""Characters that Slack takes as alt text."""


def build_file_title(curve: ProgressCurve) -> str:
    """Return the title of the file."""
    return f"{curve.title}: answers over time"[:150]


def build_alt_text(curve: ProgressCurve) -> str:
    """Say what the chart shows."""
    since, until = format_day(curve.days[0]), format_day(curve.days[-1])
    so_far = f"{curve.answers[-1]:,} of {curve.wanted:,}"
    parts = [
        f"Answers to {curve.title[:150]} from {since} to {until}: {so_far}.",
        _forecast_sentence(curve),
        f"The deadline is {format_day(curve.deadline)}." if curve.deadline else "",
    ]
    return " ".join(part for part in parts if part)[:MAX_ALT_TEXT_CHARS]


def _forecast_sentence(curve: ProgressCurve) -> str:
    if curve.forecast is None:
        return ""
    early, late = format_day(curve.forecast.early), format_day(curve.forecast.late)
    likely = format_day(curve.forecast.likely)
    return f"The forecast says that all will be there around {likely}, between {early} and {late}."


def render_too_early(curve: ProgressCurve) -> Message:
    """Draw that there is nothing to draw yet."""
    return render_text(
        f"“{curve.title}” has not been answered for long enough to draw a chart: "
        "two days are the least."
    )
