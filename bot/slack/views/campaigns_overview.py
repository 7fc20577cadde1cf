"""Campaign overviews for coordinators: the list of all campaigns, and their Home tab section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from bot.clock import format_day
from bot.services.reports.overview import Overview
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.blocks import (
    actions,
    button,
    context,
    header,
    plain_section,
    static_select,
    table,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.message_size import fit_message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize, shorten
from bot.slack.blockkit.types import Block
from bot.slack.parsing.action_ids import Action
from bot.slack.views import campaign_actions
from storage.tables import CampaignState

PROGRESS_BAR_SQUARES = 10

MAX_INCOMPLETE_SHARE = 0.99
"""Upper bound of the share that is shown for anything incomplete."""

ROW_CHARACTERS = 300
"""Characters of a row of the table and its warnings, at most."""

MAX_TABLE_ROWS = 40
"""Campaigns or experts in one table: Slack allows 10,000 characters per table."""

MAX_HOME_CAMPAIGNS = 12
"""Campaigns in the Home tab: Slack allows 100 blocks, and other sections need some."""

MAX_CELL_CHARACTERS = 60
"""Characters of a name in a table cell."""

NO_CAMPAIGNS_TEXT = f"No campaigns yet. To create one, type {COMMAND} new."


def progress_bar(done: int, total: int) -> str:
    """Return progress as a row of squares; all are filled only when everything is done."""
    filled = min(done * PROGRESS_BAR_SQUARES // total if total else 0, PROGRESS_BAR_SQUARES)
    return "▰" * filled + "▱" * (PROGRESS_BAR_SQUARES - filled)


def format_percent(share: float | None) -> str:
    """Return a share in percent, never rounded up to 100%; “-” for None."""
    if share is None:
        return "-"
    return f"{min(share, MAX_INCOMPLETE_SHARE) if share < 1 else share:.0%}"


def render_campaigns(overviews: Sequence[Overview], own_summary: str) -> Message:
    """Render all campaigns, the most urgent first; `own_summary` is the reader's own progress."""
    above = [plain_rich_text(own_summary)] if own_summary else []
    if not overviews:
        first_actions = actions("campaigns", *campaign_actions.workspace_action_elements())
        return Message(
            escape_mrkdwn(f"{own_summary} {NO_CAMPAIGNS_TEXT}".strip()),
            [*above, plain_rich_text(NO_CAMPAIGNS_TEXT), first_actions],
        )
    render = partial(_render_table, sort_by_urgency(overviews), own_summary)
    return fit_message(render, MAX_TABLE_ROWS * ROW_CHARACTERS)


def _render_table(ordered: Sequence[Overview], own_summary: str, max_characters: int) -> Message:
    """Render as many campaigns in a table as have space; the menu below has all."""
    row_count = min(MAX_TABLE_ROWS, max_characters // ROW_CHARACTERS)
    above = [plain_rich_text(own_summary)] if own_summary else []
    text = "\n".join([*([own_summary] if own_summary else []), *map(summarize_campaign, ordered)])
    open_campaign = Action("status")
    options = [
        (cell_text(overview.status.name), Action("status", overview.status.id).value)
        for overview in ordered
    ]
    return Message(
        escape_mrkdwn(text),
        [
            *above,
            _campaign_table(ordered[:row_count]),
            *hidden_count_blocks(len(ordered) - row_count, "campaign"),
            *warning_blocks(ordered[:row_count]),
            actions(
                "campaigns",
                static_select("Choose a campaign", open_campaign.action_id, options[:100]),
                *campaign_actions.workspace_action_elements(),
            ),
        ],
    )


def sort_by_urgency(overviews: Iterable[Overview]) -> list[Overview]:
    """Return campaigns with warnings first, then the other active ones, then closed ones."""

    def sort_key(overview: Overview) -> tuple[bool, bool, bool]:
        is_closed = overview.status.state == CampaignState.CLOSED
        return (is_closed, not overview.warnings, not overview.forecast.remaining)

    return sorted(overviews, key=sort_key)


def _campaign_table(overviews: Sequence[Overview]) -> Block:
    head = ("Campaign", "Progress", "Answers", "Per day", "Forecast")
    rows = [
        (
            cell_text(_name_with_state(overview)),
            progress_bar(overview.status.answered, overview.status.wanted),
            f"{overview.status.answered:,} of {overview.status.wanted:,}",
            format_answers_per_day(overview),
            format_finish(overview),
        )
        for overview in overviews
    ]
    return table(head, rows, right_aligned=(2, 3))


def _name_with_state(overview: Overview) -> str:
    name, state = overview.status.name, overview.status.state
    return name if state == CampaignState.OPEN else f"{name} ({state})"


def warning_blocks(ordered: Sequence[Overview]) -> list[Block]:
    """Return a block with the warnings, a line for each campaign; none without warnings."""
    lines = [
        f"⚠ {cell_text(overview.status.name)}: {_join_warnings(overview)}"
        for overview in ordered[:MAX_TABLE_ROWS]
        if overview.warnings
    ]
    return [plain_rich_text("\n".join(lines))] if lines else []


def _join_warnings(overview: Overview) -> str:
    return format_warning("; ".join(warning.text for warning in overview.warnings))


def format_answers_per_day(overview: Overview) -> str:
    """Return the number of answers per working day."""
    pace = overview.forecast.pace.per_day
    return f"{pace:,.0f}" if pace >= 1 or not pace else f"{pace:.1f}"


def format_finish(overview: Overview) -> str:
    """Return the most likely day on which a campaign will be done, for a table cell."""
    status, forecast = overview.status, overview.forecast.forecast
    if not overview.forecast.remaining:
        return "done" if status.wanted else "-"
    return format_day(forecast.likely) if forecast else "unknown" if status.answered else "-"


def summarize_campaign(overview: Overview) -> str:
    """Return a campaign's progress in one line, for notifications and screen readers."""
    status = overview.status
    share = format_percent(status.answered / status.wanted if status.wanted else None)
    answers = f"{status.answered:,} of {status.wanted:,} answers ({share})"
    warning = f"; {overview.warnings[0].text}" if overview.warnings else ""
    return f"• {_name_with_state(overview)}: {answers}, {format_forecast(overview)}{warning}"


def format_forecast(overview: Overview) -> str:
    """Return the day on which a campaign will be done, and its interval."""
    forecast, status = overview.forecast.forecast, overview.status
    if not overview.forecast.remaining:
        return "done" if status.wanted else "no tasks yet"
    if forecast is None:
        return "end date unknown" if status.answered else "no answers yet"
    if forecast.early == forecast.late:
        return f"done {format_day(forecast.likely)}"
    early, late = format_day(forecast.early), format_day(forecast.late)
    return f"done around {format_day(forecast.likely)} ({early} to {late})"


def hidden_count_blocks(count: int, noun: str) -> list[Block]:
    """Return a note with the number of rows that are not shown; none if all are."""
    return [context(f"… and {pluralize(count, f'more {noun}')}.")] if count > 0 else []


def cell_text(text: str) -> str:
    """Return text that people wrote on one line, short enough for a table cell."""
    line = " ".join(text.split())
    return shorten(line, MAX_CELL_CHARACTERS)


def home_blocks(overviews: Sequence[Overview]) -> list[Block]:
    """Return the coordinators' section of the Home tab: active campaigns, the most urgent first."""
    ordered = [
        overview
        for overview in sort_by_urgency(overviews)
        if overview.status.state != CampaignState.CLOSED
    ]
    if not ordered:
        return [
            header("Campaigns"),
            plain_section(NO_CAMPAIGNS_TEXT),
            campaign_actions.home_action_block(),
        ]
    shown = [
        block
        for overview in ordered[:MAX_HOME_CAMPAIGNS]
        for block in _home_campaign_blocks(overview)
    ]
    hidden_count = len(ordered) - MAX_HOME_CAMPAIGNS
    hidden_note = [context(f"… and {hidden_count:,} more. To list all, type {COMMAND} status.")]
    return [
        header("Campaigns"),
        *shown,
        *(hidden_note if hidden_count > 0 else []),
        campaign_actions.home_action_block(),
    ]


def _home_campaign_blocks(overview: Overview) -> list[Block]:
    status = overview.status
    payload = Action("status", status.id, option=str(status.id))
    open_button = button(
        "Open",
        payload.action_id,
        payload.value,
        accessibility_label=f"Open: {cell_text(status.name)}",
    )
    progress = f"{progress_bar(status.answered, status.wanted)} {format_state(overview)}"
    text = f"{cell_text(status.title)}\n{progress} · {format_forecast(overview)}"
    warnings = " ".join(f"⚠ {format_warning(warning.text)}" for warning in overview.warnings)
    away = f"{pluralize(len(overview.away), 'expert')} away." if overview.away else ""
    notes = f"{warnings} {away}".strip()
    return [plain_section(text, open_button), *([context(notes[:2000])] if notes else [])]


def format_state(overview: Overview) -> str:
    """Return a campaign's progress in percent, with its state unless it is open."""
    status = overview.status
    share = format_percent(status.answered / status.wanted) if status.wanted else "empty"
    return share if status.state == CampaignState.OPEN else f"{share}, {status.state}"


def format_warning(text: str) -> str:
    """Return the text of a warning as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def format_progress(overview: Overview) -> str:
    """Return a campaign's progress as squares and numbers."""
    answered, wanted = overview.status.answered, overview.status.wanted
    return f"{progress_bar(answered, wanted)} {answered:,} of {wanted:,}"
