"""Edit a running campaign in a dialog, or clone it."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.cron import InvalidDurationError
from bot.errors import BotError, FieldsError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, clone, edit, lifecycle, qualification
from bot.services.campaigns.campaigns import PastDeadlineError
from bot.services.campaigns.validation import BadRemindersError
from bot.services.people import retention
from bot.services.people.retention import BadRetentionError
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view, push_view
from bot.slack.parsing.action_ids import parse_row_id
from bot.slack.views import campaign_changes, campaign_edit
from bot.slack.views.campaign_lifecycle import render_campaign_picker
from bot.slack.views.task_modals import read_only_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.row_id import id_of
from storage.tables import CampaignState

FIELD_BY_ERROR: dict[type[BotError], str] = {
    InvalidDurationError: "reminders",
    BadRemindersError: "reminders",
    PastDeadlineError: "deadline",
    BadRetentionError: "retention_days",
}
"""The input of the dialog where an error is shown; others are shown on top."""

PICKERS = {
    "edit": ("Edit campaign…", "edit_campaign"),
    "clone": ("Clone campaign", "clone_campaign"),
}


async def edit_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Open the dialog for the named campaign, or list those that can be edited."""
    name = command.arguments.first_token
    if not name:
        return await _pick(app, "edit")
    view = await app.db.read(_modal_by_name, name)
    app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
    return None


async def edit_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog for the button's campaign; on top of a dialog if the button is in one."""
    view = await app.db.read(_modal_by_id, payload.action.target_id)
    if payload.view and payload.view.get("type") == "modal":
        app.run_in_background(push_view(app.sender, payload.trigger_id, view))
        return
    url = payload.interaction.response_url
    app.run_in_background(open_view(app.sender, payload.trigger_id, view, url))


async def submit_edit(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Save the changes, and show them in the dialog's place."""
    try:
        message = await app.db.write(_edit, submission)
    except BotError as error:
        key = FIELD_BY_ERROR.get(type(error))
        raise (FieldsError({key: str(error)}) if key else error) from error
    return {"response_action": "update", "view": read_only_modal("Saved", message.blocks)}


async def clone_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Clone the named campaign; what follows its name is the name of the clone."""
    name, *words = command.arguments.tokens or ("",)
    if not name:
        return await _pick(app, "clone")
    return await app.db.write(_clone_by_name, name, " ".join(words), command.actor)


async def clone_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Clone the button's campaign."""
    message = await app.db.write(_clone_by_id, payload.action.target_id, payload.actor)
    reply(app, payload, message)


async def _pick(app: AppContext, subcommand: str) -> Message:
    states = (CampaignState.OPEN, CampaignState.PAUSED)
    options = await app.db.read(lifecycle.list_campaign_options, *states)
    label, action = PICKERS[subcommand]
    return render_campaign_picker(label, action, options, subcommand=subcommand)


def _modal_by_name(session: Session, name: str) -> ModalView:
    campaign = campaigns.campaign_by_name(session, name)
    return _modal_by_id(session, id_of(campaign))


def _modal_by_id(session: Session, campaign_id: int) -> ModalView:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    campaigns.require_not_closed(campaign)
    return campaign_edit.edit_modal(campaign, campaign_id)


def _edit(session: Session, submission: SubmissionPayload) -> Message:
    campaign_id = parse_row_id(submission.metadata)
    campaign = campaigns.campaign_by_id(session, campaign_id, lock=True)
    changes = campaign_edit.parse_edit(submission.values, campaign)
    practice = campaign_edit.parse_practice(submission.values, campaign)
    days = campaign_edit.parse_retention(submission.values, campaign)
    differences = [
        *edit.edit_campaign(session, campaign, changes, submission.actor),
        *qualification.edit_practice(session, campaign, practice, submission.actor),
        *retention.edit_retention(session, campaign, days, submission.actor),
    ]
    missing = qualification.count_missing_gold(session, campaign)
    return campaign_changes.render_edited(campaign, differences, missing)


def _clone_by_name(session: Session, name: str, new_name: str, actor: Actor) -> Message:
    campaign = campaigns.campaign_by_name(session, name)
    return _clone(session, id_of(campaign), new_name, actor)


def _clone_by_id(session: Session, campaign_id: int, actor: Actor) -> Message:
    return _clone(session, campaign_id, "", actor)


def _clone(session: Session, campaign_id: int, new_name: str, actor: Actor) -> Message:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    created = clone.clone_campaign(session, campaign, new_name, actor)
    return campaign_changes.render_cloned(created, id_of(created), campaign.title)
