"""The weekly summary: what the last week brought, when things will be done, trouble, and thanks."""

from __future__ import annotations

from bot.services.reports.digest import WeeklyDigest
from bot.services.reports.overview import Overview
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.blocks import Block, actions, context, header, static_select, table
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.parsing.action_ids import Action
from bot.slack.views.campaigns_overview import (
    MAX_TABLE_ROWS,
    format_finish,
    format_progress,
    hidden_count_blocks,
    shorten,
    sort_by_urgency,
    warning_blocks,
)

MAX_THANKED = 20


def render_digest(week: WeeklyDigest) -> Message:
    """Draw the summary of a week in which something happened."""
    ordered = sort_by_urgency(week.campaigns)
    headline = _headline(week)
    return Message(
        escape_mrkdwn(headline),
        [
            header("The last seven days"),
            plain_rich_text(headline),
            *_campaigns_blocks(ordered),
            *warning_blocks(ordered),
            *_thanks_blocks(week.answer_counts),
            context(f"{COMMAND} settings switches this summary off."),
        ],
    )


def _headline(week: WeeklyDigest) -> str:
    answers = sum(count for _name, count in week.answer_counts)
    if not answers:
        return "Nobody answered anything."
    return f"{pluralize(len(week.answer_counts), 'expert')} gave {pluralize(answers, 'answer')}."


def _campaigns_blocks(ordered: list[Overview]) -> list[Block]:
    if not ordered:
        return []
    head = ("Campaign", "Last week", "Progress", "Done")
    rows = [
        (
            shorten(one.status.name),
            f"{one.forecast.answers_this_week:,}",
            format_progress(one),
            format_finish(one),
        )
        for one in ordered[:MAX_TABLE_ROWS]
    ]
    status_action = Action("status")
    options = [(shorten(one.status.name), Action("status", one.status.id).value) for one in ordered]
    return [
        table(head, rows, right_aligned=(1,)),
        *hidden_count_blocks(len(ordered) - MAX_TABLE_ROWS, "campaign"),
        actions(
            "choose_campaign",
            static_select("Look at a campaign", status_action.action_id, options[:100]),
        ),
    ]


def _thanks_blocks(thanks: tuple[tuple[str, int], ...]) -> list[Block]:
    if not thanks:
        return []
    names = ", ".join(f"{shorten(name)} ({count:,})" for name, count in thanks[:MAX_THANKED])
    more = len(thanks) - MAX_THANKED
    others = f" and {pluralize(more, 'other')}" if more > 0 else ""
    return [plain_rich_text(f"Thanks to {names}{others}.")]
