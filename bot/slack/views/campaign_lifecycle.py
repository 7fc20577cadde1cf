"""Campaign lifecycle: the campaign picker, results of state changes, and the modal for closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.services.campaigns.lifecycle import CampaignOption, ClosePreview, TransitionResult
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.blocks import actions, button, context, modal, plain_section
from bot.slack.blockkit.mentions import (
    TextOrMention,
    actor_mention,
    fallback_text,
    format_time_ago,
    text_with_mentions,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize, shorten
from bot.slack.blockkit.types import Button, ModalView, SectionBlock
from bot.slack.parsing.action_ids import Action
from storage.tables import CampaignState

MAX_CAMPAIGNS_LISTED = 20
"""Campaigns in one picker: well within Slack's limit of 50 blocks per message."""

MAX_TITLE_CHARACTERS = 60
"""Characters of a title beside a button."""

STATE_LABELS = {
    CampaignState.OPEN: "Resume",
    CampaignState.PAUSED: "Pause",
    CampaignState.CLOSED: "Close…",
}
STATE_ACTIONS = {
    CampaignState.OPEN: "resume",
    CampaignState.PAUSED: "pause",
    CampaignState.CLOSED: "close",
}
STATE_EXPLANATIONS = {
    CampaignState.OPEN: "The bot sends its tasks.",
    CampaignState.PAUSED: "No new tasks are sent; open tasks can still be answered.",
    CampaignState.CLOSED: (
        "It accepts no more answers. Its scheduled exports run one last time, and you can export "
        "it at any time."
    ),
}
OPPOSITE_STATE = {
    CampaignState.OPEN: CampaignState.PAUSED,
    CampaignState.PAUSED: CampaignState.OPEN,
}


def render_campaign_picker(
    label: str, action: str, campaigns: Sequence[CampaignOption], *, subcommand: str = ""
) -> Message:
    """Render the campaigns that an action can be applied to, with a button each.

    Args:
        label: the label of the buttons; it ends in "…" if they open a modal.
        action: the name of the buttons' action.
        campaigns: the campaigns to choose from.
        subcommand: the `/label` subcommand that does the same, if its name is not `action`.
    """
    verb = label.rstrip("…")
    if not campaigns:
        text = f"{verb}: no campaigns available. To create one, type {COMMAND} new."
        new = Action("create_campaign")
        create_row = actions("none", button("Create campaign…", new.action_id, new.value))
        return Message(text, [text_with_mentions(text), create_row])
    text = f"{verb}: choose a campaign."
    rows = [_campaign_row(label, action, campaign) for campaign in campaigns[:MAX_CAMPAIGNS_LISTED]]
    hidden_count = len(campaigns) - len(rows)
    example = f"{COMMAND} {subcommand or action} {campaigns[-1].name}"
    hidden_note = [context(f"… and {hidden_count:,} more. Type the name, as in {example}")]
    return Message(text, [text_with_mentions(text), *rows, *(hidden_note if hidden_count else [])])


def _campaign_row(label: str, action: str, campaign: CampaignOption) -> SectionBlock:
    payload = Action(action, campaign.id)
    choose_button = button(
        label,
        payload.action_id,
        payload.value,
        accessibility_label=f"{label.rstrip('…')}: {campaign.name}",
    )
    title = (
        ""
        if campaign.title == campaign.name
        else f"{shorten(campaign.title, MAX_TITLE_CHARACTERS)} · "
    )
    return plain_section(
        f"{title}{campaign.name} · {campaign.kind} · {campaign.state}", choose_button
    )


def render_state_change(change: TransitionResult, now: datetime) -> Message:
    """Render the new state of a campaign, with a button to undo the change if that is possible."""
    state = change.state.value
    if change.is_unchanged:
        summary, origin = f"“{change.name}” is already {state}", _change_origin(change, now)
    else:
        summary, origin = f"“{change.name}” is {state}", ()
    ending = f". {STATE_EXPLANATIONS[change.state]}"
    previous = OPPOSITE_STATE.get(change.state)
    undo_row = (
        [actions(f"state_change:{change.id}", _state_button(previous, change.id))]
        if previous
        else []
    )
    return Message(
        fallback_text(summary, ending), [text_with_mentions(summary, *origin, ending), *undo_row]
    )


def _change_origin(change: TransitionResult, now: datetime) -> tuple[TextOrMention, ...]:
    """Return who changed the state and when, in parentheses; nothing if it is not known."""
    if change.actor_name is None or change.at is None:
        return ()
    actor = actor_mention(change.actor_name, change.origin)
    return (" (by ", actor, f", {format_time_ago(change.at, now)})")


def _state_button(to: CampaignState, campaign_id: int) -> Button:
    payload = Action(STATE_ACTIONS[to], campaign_id)
    return button(STATE_LABELS[to], payload.action_id, payload.value)


def close_modal(closing: ClosePreview) -> ModalView:
    """Build the modal that says what closing ends, and asks for confirmation."""
    open_tasks = pluralize(closing.open_tasks, "open task")
    last_exports = f" {pluralize(closing.schedules, 'scheduled export')} will run one last time."
    text = (
        f"Closing cannot be undone. {open_tasks} will be unassigned, and later answers will be "
        f"refused.{last_exports if closing.schedules else ''}\n\n"
        "Not sure? Cancel and pause the campaign instead: a paused campaign can be resumed."
    )
    return modal(
        "close",
        "Close campaign",
        [plain_section(f"“{closing.name}”"), plain_section(text)],
        submit="Close campaign",
        metadata=str(closing.id),
    )
