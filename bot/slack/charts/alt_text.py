"""The title and alt text of a progress chart."""

from __future__ import annotations

from bot.clock import format_day
from bot.services.reports.forecast import ProgressCurve
from bot.slack.blockkit.message import Message
from bot.slack.views.short_messages import render_text

MIN_DAYS = 2
"""Days from the first answer to today that a chart needs at least."""

MAX_ALT_TEXT_CHARS = 1_000
"""Longest alt text that Slack accepts."""


def build_file_title(curve: ProgressCurve) -> str:
    """Return the title of the chart's file."""
    return f"{curve.title}: answers over time"[:150]


def build_alt_text(curve: ProgressCurve) -> str:
    """Return the alt text: the answers so far, the forecast and the deadline."""
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
    return f"Forecast: complete around {likely}, between {early} and {late}."


def render_too_early(curve: ProgressCurve) -> Message:
    """Render the reply to a request for a chart of less than `MIN_DAYS` days."""
    return render_text(
        f"“{curve.title}” has no chart yet. Ask again on the day after its first answer."
    )
