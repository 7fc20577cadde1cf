"""The weekly summary: what the last week brought, when things will be done, trouble, and thanks."""

from __future__ import annotations

from bot.services.digesting import Week
from bot.services.overviewing import Overview
from bot.slack.blocks import Block, actions, context, header, menu, table
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.manifest import COMMAND
from bot.slack.overview import (
    MOST_ROWS,
    by_need,
    end,
    left_out,
    progress_in_words,
    short,
    trouble,
)
from bot.slack.richtext import words as rich_words
from bot.slack.text import counted, escaped

MOST_THANKED = 20


def digest(week: Week) -> Drawn:
    """Draw the summary of a week in which something happened."""
    ordered = by_need(week.campaigns)
    headline = _headline(week)
    return Drawn(
        escaped(headline),
        [
            header("The last seven days"),
            rich_words(headline),
            *_campaigns(ordered),
            *trouble(ordered),
            *_thanks(week.thanks),
            context(f"{COMMAND} settings switches this summary off."),
        ],
    )


def _headline(week: Week) -> str:
    answers = sum(count for _name, count in week.thanks)
    if not answers:
        return "Nobody answered anything."
    return f"{counted(len(week.thanks), 'expert')} gave {counted(answers, 'answer')}."


def _campaigns(ordered: list[Overview]) -> list[Block]:
    if not ordered:
        return []
    head = ("Campaign", "Last week", "Progress", "Done")
    rows = [
        (
            short(one.status.name),
            f"{one.outlook.this_week:,}",
            progress_in_words(one),
            end(one),
        )
        for one in ordered[:MOST_ROWS]
    ]
    look = Press("status")
    chosen = [(short(one.status.name), Press("status", one.status.id).value) for one in ordered]
    return [
        table(head, rows, right=(1,)),
        *left_out(len(ordered) - MOST_ROWS, "campaign"),
        actions("campaigns", menu("Look at a campaign", look.action_id, chosen[:100])),
    ]


def _thanks(thanks: tuple[tuple[str, int], ...]) -> list[Block]:
    if not thanks:
        return []
    named = ", ".join(f"{short(name)} ({count:,})" for name, count in thanks[:MOST_THANKED])
    more = len(thanks) - MOST_THANKED
    others = f" and {counted(more, 'other')}" if more > 0 else ""
    return [rich_words(f"Thanks to {named}{others}.")]
