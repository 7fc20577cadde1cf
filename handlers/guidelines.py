"""The dialog to edit a campaign's guidelines."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError, FieldsError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, guidelines, lifecycle
from bot.services.campaigns.validation import BadLinkError
from bot.slack.client.modals import open_view
from bot.slack.views import guidelines_modal
from bot.slack.views.campaign_lifecycle import render_campaign_picker
from bot.slack.views.guidelines_modal import CurrentGuidelines, GuidelinesSubmission
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState


class GuidelinesConflictError(BotError):
    """Someone else changed these guidelines. Copy your text and open the guidelines again."""


async def open_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Open the guidelines of the named campaign, or list the campaigns."""
    name = command.arguments.first_token
    if not name:
        options = await app.db.read(
            lifecycle.list_campaign_options, CampaignState.OPEN, CampaignState.PAUSED
        )
        return render_campaign_picker(
            "Edit guidelines…", "edit_guidelines", options, subcommand="guidelines"
        )
    current = await app.db.read(_load_by_name, name)
    view = guidelines_modal.guidelines_modal(current)
    app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
    return None


async def open_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the guidelines of the button's campaign."""
    view = guidelines_modal.guidelines_modal(
        await app.db.read(_load_by_id, payload.action.target_id)
    )
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_guidelines(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Save the guidelines, unless someone else changed them in the meantime."""
    edit = guidelines_modal.parse_modal(submission.values, submission.metadata)
    try:
        version = await app.db.write(_save_guidelines, edit, submission.actor)
    except BadLinkError as error:
        raise FieldsError({"link": str(error)}) from error
    return {"response_action": "update", "view": guidelines_modal.saved_modal(version)}


def _load_by_name(session: Session, name: str) -> CurrentGuidelines:
    return _guidelines_of(campaigns.campaign_by_name(session, name))


def _load_by_id(session: Session, campaign_id: int) -> CurrentGuidelines:
    return _guidelines_of(campaigns.campaign_by_id(session, campaign_id))


def _guidelines_of(campaign: Campaign) -> CurrentGuidelines:
    return CurrentGuidelines(
        campaign_id=id_of(campaign),
        name=campaign.name,
        version=campaign.guidelines_version,
        text=campaign.guidelines,
        link=campaign.guidelines_link or "",
    )


def _save_guidelines(session: Session, edit: GuidelinesSubmission, actor: Actor) -> int:
    campaign = campaigns.campaign_by_id(session, edit.campaign_id, lock=True)
    campaigns.require_not_closed(campaign)
    if campaign.guidelines_version != edit.version:
        raise GuidelinesConflictError
    return guidelines.change_guidelines(
        session, campaign, edit.text, edit.note, actor, link=edit.link
    )
