"""The message with the answers and hours of experts, by month or week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.services.experts.work import ExpertPeriod, WorkPeriod
from bot.slack.blockkit.blocks import actions, button, context, table
from bot.slack.blockkit.mentions import fallback_text, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize, shorten
from bot.slack.parsing.action_ids import Action

MAX_ROWS = 60
"""Rows in one message, well within Slack's 100 rows of a table."""

MAX_NAME_CHARACTERS = 40
HEAD = ("Campaign", "Expert", "Answers", "Hours")
NUMBER_COLUMNS = (3, 4)
NOTE = "Periods are in each expert's time zone. Time is active time on tasks, without long pauses."
OTHER_PERIOD = {WorkPeriod.MONTH: WorkPeriod.WEEK, WorkPeriod.WEEK: WorkPeriod.MONTH}


def render_hours(
    rows: Sequence[ExpertPeriod], campaign_id: int, campaign: str, period: WorkPeriod
) -> Message:
    """Render the newest periods, with a button for the other length; `campaign` is "" for all."""
    if not rows:
        text = f"Nobody has answered in {f'“{campaign}”' if campaign else 'any campaign'} yet."
        return Message(fallback_text(text), [text_with_mentions(text)])
    subject = f"“{campaign}”" if campaign else "all campaigns"
    text = f"Answers and hours in {subject}, by {period.value}:"
    cells = [_cells(row, period) for row in rows[:MAX_ROWS]]
    hidden = len(rows) - len(cells)
    more = f"{pluralize(hidden, 'earlier row')}: labelbot experts hours lists all. "
    other = OTHER_PERIOD[period]
    switch = Action("show_hours", campaign_id, "", other.value)
    return Message(
        fallback_text(text),
        [
            text_with_mentions(text),
            table((period.value.capitalize(), *HEAD), cells, NUMBER_COLUMNS),
            actions("hours", button(f"Show by {other.value}", switch.action_id, switch.value)),
            context(f"{more if hidden else ''}{NOTE}"),
        ],
    )


def _cells(row: ExpertPeriod, period: WorkPeriod) -> tuple[str, ...]:
    name = shorten(row.name, MAX_NAME_CHARACTERS)
    start = _format_start(row.start, period)
    return start, row.campaign, name, f"{row.answers:,}", f"{row.hours:,.2f}"


def _format_start(start: date, period: WorkPeriod) -> str:
    return f"{start:%B %Y}" if period is WorkPeriod.MONTH else f"from {start.day} {start:%b %Y}"
