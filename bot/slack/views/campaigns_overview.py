"""How campaigns go, for coordinators: all at a glance, and their part of the Home tab."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.clock import format_day
from bot.services.reports.overview import Overview
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.blocks import (
    Block,
    actions,
    button,
    context,
    header,
    plain_section,
    static_select,
    table,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.parsing.action_ids import Action
from bot.slack.views import campaign_actions
from storage.tables import CampaignState

PROGRESS_BAR_SQUARES = 10
"""Squares of a progress bar."""

MAX_INCOMPLETE_SHARE = 0.99
"""The most that is told of what is not all there."""

MAX_TABLE_ROWS = 40
"""Campaigns or experts in one table: it may hold 10,000 characters."""

MAX_HOME_CAMPAIGNS = 12
"""Campaigns in the Home tab, which may hold 100 blocks and has others, too."""

MAX_CELL_CHARACTERS = 60
"""Characters of a name in a cell."""

NO_CAMPAIGNS_TEXT = f"There is no campaign yet. {COMMAND} new makes one."


def progress_bar(done: int, of: int) -> str:
    """Return how far something is, as a row of squares: full only when all is done."""
    full = done * PROGRESS_BAR_SQUARES // of if of else 0
    return "▰" * min(full, PROGRESS_BAR_SQUARES) + "▱" * (
        PROGRESS_BAR_SQUARES - min(full, PROGRESS_BAR_SQUARES)
    )


def format_percent(share: float | None) -> str:
    """Return a share as people read it, never 100 % where something is missing."""
    if share is None:
        return "-"
    return f"{min(share, MAX_INCOMPLETE_SHARE) if share < 1 else share:.0%}"


def render_campaigns(overviews: Sequence[Overview], own_summary: str) -> Message:
    """Draw all campaigns, those that need somebody first; `own` is about the person themselves."""
    above = [plain_rich_text(own_summary)] if own_summary else []
    if not overviews:
        first_actions = actions("campaigns", *campaign_actions.workspace_action_elements())
        return Message(
            escape_mrkdwn(f"{own_summary} {NO_CAMPAIGNS_TEXT}".strip()),
            [*above, plain_rich_text(NO_CAMPAIGNS_TEXT), first_actions],
        )
    ordered = sort_by_urgency(overviews)
    text = "\n".join([*([own_summary] if own_summary else []), *map(summarize_campaign, ordered)])
    open_campaign = Action("status")
    options = [(shorten(one.status.name), Action("status", one.status.id).value) for one in ordered]
    return Message(
        escape_mrkdwn(text),
        [
            *above,
            _campaign_table(ordered[:MAX_TABLE_ROWS]),
            *hidden_count_blocks(len(ordered) - MAX_TABLE_ROWS, "campaign"),
            *warning_blocks(ordered),
            actions(
                "campaigns",
                static_select("Look at a campaign", open_campaign.action_id, options[:100]),
                *campaign_actions.workspace_action_elements(),
            ),
        ],
    )


def sort_by_urgency(overviews: Iterable[Overview]) -> list[Overview]:
    """Return campaigns with trouble first, then those that go well, then those that are over."""

    def urgency(one: Overview) -> tuple[bool, bool, bool]:
        status = one.status
        return (status.state == CampaignState.CLOSED, not one.warnings, not one.forecast.remaining)

    return sorted(overviews, key=urgency)


def _campaign_table(overviews: Sequence[Overview]) -> Block:
    head = ("Campaign", "Progress", "Answers", "A day", "Done")
    rows = [
        (
            shorten(_name_with_state(one)),
            progress_bar(one.status.answered, one.status.wanted),
            f"{one.status.answered:,} of {one.status.wanted:,}",
            format_answers_per_day(one),
            format_finish(one),
        )
        for one in overviews
    ]
    return table(head, rows, right_aligned=(2, 3))


def _name_with_state(one: Overview) -> str:
    state = one.status.state
    return one.status.name if state == CampaignState.OPEN else f"{one.status.name} ({state})"


def warning_blocks(ordered: Sequence[Overview]) -> list[Block]:
    """Draw what needs somebody, a line each, if anything does."""
    warnings = [
        f"⚠ {shorten(one.status.name)}: {format_warning(worry.text)}"
        for one in ordered[:MAX_TABLE_ROWS]
        for worry in one.warnings
    ]
    return [plain_rich_text("\n".join(warnings))] if warnings else []


def format_answers_per_day(one: Overview) -> str:
    """Say how many answers come on a working day."""
    pace = one.forecast.pace.per_day
    return f"{pace:,.0f}" if pace >= 1 or not pace else f"{pace:.1f}"


def format_finish(one: Overview) -> str:
    """Say on which day a campaign will be done, in a cell."""
    if not one.forecast.remaining:
        return "done" if one.status.wanted else "-"
    found = one.forecast.forecast
    return format_day(found.likely) if found else "not in sight" if one.status.answered else "-"


def summarize_campaign(one: Overview) -> str:
    """Say in a line how far a campaign is, for a notification or a screen reader."""
    status = one.status
    share = status.answered / status.wanted if status.wanted else None
    worry = f"; {one.warnings[0].text}" if one.warnings else ""
    return (
        f"• {_name_with_state(one)}: {status.answered:,} of {status.wanted:,} answers ({format_percent(share)}), "
        f"{format_forecast(one)}{worry}"
    )


def format_forecast(one: Overview) -> str:
    """Say when a campaign will be done, and how sure that is."""
    found, status = one.forecast.forecast, one.status
    if not one.forecast.remaining:
        return "all there" if status.wanted else "nothing to answer"
    if found is None:
        return "no end in sight" if status.answered else "no answers yet"
    if found.early == found.late:
        return f"done {format_day(found.likely)}"
    early, late = format_day(found.early), format_day(found.late)
    return f"done around {format_day(found.likely)} ({early} to {late})"


def hidden_count_blocks(count: int, noun: str) -> list[Block]:
    """Say how many more there are than are shown, if any."""
    return [context(f"… and {pluralize(count, noun)} more.")] if count > 0 else []


def shorten(text: str) -> str:
    """Return what somebody wrote on one line, no longer than a cell bears."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_CELL_CHARACTERS else f"{line[: MAX_CELL_CHARACTERS - 1]}…"


def home_blocks(overviews: Sequence[Overview]) -> list[Block]:
    """Draw the coordinators' part of the Home tab: what needs somebody first, a button each."""
    ordered = [
        one for one in sort_by_urgency(overviews) if one.status.state != CampaignState.CLOSED
    ]
    if not ordered:
        return [
            header("Campaigns"),
            plain_section(NO_CAMPAIGNS_TEXT),
            campaign_actions.home_action_block(),
        ]
    shown = [block for one in ordered[:MAX_HOME_CAMPAIGNS] for block in _home_campaign_blocks(one)]
    left = len(ordered) - MAX_HOME_CAMPAIGNS
    more = [context(f"… and {left} more: {COMMAND} status lists them all.")] if left > 0 else []
    return [header("Campaigns"), *shown, *more, campaign_actions.home_action_block()]


def _home_campaign_blocks(one: Overview) -> list[Block]:
    status, payload = one.status, Action("status", one.status.id, option=str(one.status.id))
    open_button = button(
        "Look",
        payload.action_id,
        payload.value,
        accessibility_label=f"Look at {shorten(status.name)}",
    )
    progress = f"{progress_bar(status.answered, status.wanted)} {format_state(one)}"
    text = f"{shorten(status.title)}\n{progress} · {format_forecast(one)}"
    warnings = " ".join(f"⚠ {format_warning(worry.text)}" for worry in one.warnings)
    away = f"{pluralize(len(one.away), 'expert')} away. " if one.away else ""
    below = f"{warnings} {away}".strip()
    return [plain_section(text, open_button), *([context(below[:2000])] if below else [])]


def format_state(one: Overview) -> str:
    """Say how far a campaign is in a word or two."""
    status = one.status
    share = format_percent(status.answered / status.wanted) if status.wanted else "empty"
    return share if status.state == CampaignState.OPEN else f"{share}, {status.state}"


def format_warning(text: str) -> str:
    """Return what a worry says as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def format_progress(one: Overview) -> str:
    """Return how far a campaign is, as squares and numbers."""
    answered, wanted = one.status.answered, one.status.wanted
    return f"{progress_bar(answered, wanted)} {answered:,} of {wanted:,}"
