"""The weekly summary for coordinators: answers, forecasts, warnings and thanks."""

from __future__ import annotations

from bot.services.reports.digest import WeeklyDigest
from bot.services.reports.overview import Overview
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.blocks import actions, context, header, static_select, table
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.blockkit.types import Block
from bot.slack.parsing.action_ids import Action
from bot.slack.views.campaigns_overview import (
    MAX_TABLE_ROWS,
    cell_text,
    format_finish,
    format_progress,
    hidden_count_blocks,
    sort_by_urgency,
    warning_blocks,
)

MAX_THANKED = 20
"""Experts named in the thanks."""


def render_digest(week: WeeklyDigest) -> Message:
    """Render the summary of a week that is not empty."""
    ordered = sort_by_urgency(week.campaigns)
    headline = _headline(week)
    return Message(
        escape_mrkdwn(f"Weekly summary of the last 7 days. {headline}"),
        [
            header("Last 7 days"),
            plain_rich_text(headline),
            *_campaigns_blocks(ordered),
            *warning_blocks(ordered),
            *_thanks_blocks(week.answer_counts),
            context(f"To turn this summary off, type {COMMAND} settings."),
        ],
    )


def _headline(week: WeeklyDigest) -> str:
    answers = sum(count for _name, count in week.answer_counts)
    if not answers:
        return "No answers."
    return f"{pluralize(answers, 'answer')} by {pluralize(len(week.answer_counts), 'expert')}."


def _campaigns_blocks(ordered: list[Overview]) -> list[Block]:
    if not ordered:
        return []
    head = ("Campaign", "Last 7 days", "Progress", "Forecast")
    rows = [
        (
            cell_text(overview.status.name),
            f"{overview.forecast.answers_this_week:,}",
            format_progress(overview),
            format_finish(overview),
        )
        for overview in ordered[:MAX_TABLE_ROWS]
    ]
    status_action = Action("status")
    options = [
        (cell_text(overview.status.name), Action("status", overview.status.id).value)
        for overview in ordered
    ]
    return [
        table(head, rows, right_aligned=(1,)),
        *hidden_count_blocks(len(ordered) - MAX_TABLE_ROWS, "campaign"),
        actions(
            "choose_campaign",
            static_select("Choose a campaign", status_action.action_id, options[:100]),
        ),
    ]


def _thanks_blocks(answer_counts: tuple[tuple[str, int], ...]) -> list[Block]:
    if not answer_counts:
        return []
    shown = answer_counts[:MAX_THANKED]
    names = ", ".join(f"{cell_text(name)} ({count:,})" for name, count in shown)
    hidden_count = len(answer_counts) - MAX_THANKED
    others = f" and {pluralize(hidden_count, 'other')}" if hidden_count > 0 else ""
    return [plain_rich_text(f"Thanks to {names}{others}.")]
