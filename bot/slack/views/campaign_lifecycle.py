"""Campaigns to choose from, what became of one, and the question before one is closed for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.services.campaigns.lifecycle import CampaignOption, ClosePreview, TransitionResult
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.blocks import Block, actions, button, context, modal, plain_section
from bot.slack.blockkit.mentions import (
    actor_mention,
    fallback_text,
    format_time_ago,
    text_with_mentions,
)
from bot.slack.blockkit.text import pluralize
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import Message
from storage.tables import CampaignState

MAX_CAMPAIGNS_LISTED = 20
"""Campaigns in one list: well within the 50 blocks of a message."""

STATE_LABELS = {
    CampaignState.OPEN: "Resume",
    CampaignState.PAUSED: "Pause",
    CampaignState.CLOSED: "Close",
}
STATE_ACTIONS = {
    CampaignState.OPEN: "resume",
    CampaignState.PAUSED: "pause",
    CampaignState.CLOSED: "close",
}
STATE_EXPLANATIONS = {
    CampaignState.OPEN: "Tasks go out again.",
    CampaignState.PAUSED: "Nothing more goes out; what experts hold can still be answered.",
    CampaignState.CLOSED: (
        "It takes no more answers; its scheduled exports run once more, and you can export it "
        "by hand at any time."
    ),
}
OPPOSITE_STATE = {
    CampaignState.OPEN: CampaignState.PAUSED,
    CampaignState.PAUSED: CampaignState.OPEN,
}


def render_campaign_picker(verb: str, action: str, campaigns: Sequence[CampaignOption]) -> Message:
    """Draw the campaigns that a deed may be done to, with a button each."""
    if not campaigns:
        text = f"There is no campaign to {verb.lower()}. {COMMAND} new makes one."
        new = Action("new")
        make = actions("none", button("New campaign", new.action_id, new.value))
        return Message(text, [text_with_mentions(text), make])
    text = f"{verb} which campaign?"
    rows = [_campaign_row(verb, action, one) for one in campaigns[:MAX_CAMPAIGNS_LISTED]]
    left = len(campaigns) - len(rows)
    more = f"… and {left} more: type the name, as in {COMMAND} {action} {campaigns[-1].name}"
    return Message(text, [text_with_mentions(text), *rows, *([context(more)] if left else [])])


def _campaign_row(verb: str, action: str, one: CampaignOption) -> Block:
    payload = Action(action, one.id)
    go = button(verb, payload.action_id, payload.value, accessibility_label=f"{verb} {one.name}")
    title = "" if one.title == one.name else f"{one.title} · "
    return plain_section(f"{title}{one.name} · {one.kind} · {one.state}", go)


def render_state_change(change: TransitionResult, now: datetime) -> Message:
    """Draw what a campaign is now, and the way back if there is one."""
    state = change.state.value
    if change.was_already:
        actor = actor_mention(change.actor_name, change.origin)
        since = f", {format_time_ago(change.at, now)}. {STATE_EXPLANATIONS[change.state]}"
        parts = (f"“{change.name}” was {state} already, by ", *actor, since)
    else:
        parts = (f"“{change.name}” is {state}. {STATE_EXPLANATIONS[change.state]}",)
    previous = OPPOSITE_STATE.get(change.state)
    undo_row = (
        [actions(f"moved:{change.id}", _state_button(previous, change.id))] if previous else []
    )
    return Message(fallback_text(*parts), [text_with_mentions(*parts), *undo_row])


def _state_button(to: CampaignState, campaign_id: int) -> Block:
    payload = Action(STATE_ACTIONS[to], campaign_id)
    return button(STATE_LABELS[to], payload.action_id, payload.value)


def close_modal(closing: ClosePreview) -> dict[str, Any]:
    """Draw the question before a campaign is closed: what ends, and that nothing brings it back."""
    tasks = (
        "1 open task is" if closing.open_tasks == 1 else f"{closing.open_tasks:,} open tasks are"
    )
    last = f" {pluralize(closing.schedules, 'scheduled export')} will run a last time."
    text = (
        f"Closing cannot be undone. {tasks} taken back, and answers that come later are refused "
        f"with a word of thanks.{last if closing.schedules else ''}\n\n"
        "Not sure? Cancel and pause it instead: a paused campaign can be resumed."
    )
    return modal(
        "close",
        "Close for good?",
        [plain_section(f"“{closing.name}”"), plain_section(text)],
        submit="Close it",
        metadata=str(closing.id),
    )
