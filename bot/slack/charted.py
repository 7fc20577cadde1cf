"""What stands around a chart: its title, and its words for those who do not see it."""

from __future__ import annotations

from bot.clock import named_day
from bot.services.foreseeing import Curve
from bot.slack.cards import Drawn
from bot.slack.notes import plain_words

FEWEST_DAYS = 2
"""Days before which there is no curve to draw."""

LONGEST = 1_000
"""Characters that Slack takes as alt text."""


def title(curve: Curve) -> str:
    """Return the title of the file."""
    return f"{curve.title}: answers over time"[:150]


def in_words(curve: Curve) -> str:
    """Say what the chart shows."""
    since, until = named_day(curve.days[0]), named_day(curve.days[-1])
    so_far = f"{curve.answers[-1]:,} of {curve.wanted:,}"
    parts = [
        f"Answers to {curve.title[:150]} from {since} to {until}: {so_far}.",
        _goes_on(curve),
        f"The deadline is {named_day(curve.deadline)}." if curve.deadline else "",
    ]
    return " ".join(part for part in parts if part)[:LONGEST]


def _goes_on(curve: Curve) -> str:
    if curve.forecast is None:
        return ""
    early, late = named_day(curve.forecast.early), named_day(curve.forecast.late)
    likely = named_day(curve.forecast.likely)
    return f"The forecast says that all will be there around {likely}, between {early} and {late}."


def too_early(curve: Curve) -> Drawn:
    """Draw that there is nothing to draw yet."""
    return plain_words(
        f"“{curve.title}” has not been answered for long enough to draw a chart: "
        "two days are the least."
    )
