"""Invite people, and list and edit experts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError, FieldsError
from bot.messages.campaigns import MemberLookupMessage
from bot.services.actors.actor import Actor
from bot.services.assignments.quotas import quotas_by_expert
from bot.services.campaigns import campaigns as campaign_records
from bot.services.campaigns import invitations, lifecycle
from bot.services.campaigns.invitations import ExpertDetails, Invitation, parse_tags
from bot.services.campaigns.lifecycle import CampaignOption
from bot.services.experts import notes
from bot.services.reports import agreement
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import pluralize
from bot.slack.client.modals import open_view
from bot.slack.parsing import action_ids
from bot.slack.views import experts
from bot.slack.views.experts import ExpertList, ExpertSubmission, InviteSubmission
from bot.slack.views.task_modals import notice_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.queries import outbox
from storage.row_id import id_of
from storage.tables import CampaignState

OPTION_NAMES = {
    "domain": "domains",
    "domains": "domains",
    "language": "languages",
    "languages": "languages",
    "role": "role",
}
"""Options of the command, by every accepted spelling."""
LOOKUP_STARTED = "Looking these people up in Slack. You'll get a message with the result."
ACTIVE_STATES = (CampaignState.OPEN, CampaignState.PAUSED)


class UnknownOptionError(BotError):
    """Unknown option “{name}=”. Use domain=…, language=… or role=…."""


class UnknownRoleError(BotError):
    """Unknown role “{name}”. Roles: expert, senior, coordinator."""


async def invite_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Queue the invitation; open the dialog with what was typed if arguments are missing."""
    request = _parse_invitation(command)
    invitation = request.invitation
    is_complete = invitation.campaign or invitation.role or invitation.domains
    if not (invitation.people or request.groups or request.channels) or not is_complete:
        view = experts.invite_modal(
            await app.db.read(lifecycle.list_campaign_options, *ACTIVE_STATES), request
        )
        app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
        return None
    await app.db.write(_queue_invitation, request, app.settings.coordinators, command.actor)
    return LOOKUP_STARTED


async def open_invite_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to invite people to the button's campaign."""
    name, campaigns = await app.db.read(_campaign_choices, payload.action.target_id)
    view = experts.invite_modal(campaigns, InviteSubmission(Invitation((), name), (), ()))
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_invite(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Queue the invitation that was entered in the dialog."""
    request = experts.parse_invite_modal(submission.values)
    if not (request.invitation.people or request.groups or request.channels):
        raise FieldsError({"people": "Choose at least one person, user group or channel."})
    await app.db.write(_queue_invitation, request, app.settings.coordinators, submission.actor)
    return {"response_action": "update", "view": notice_modal("Invite people", LOOKUP_STARTED)}


async def confirm_invitation(app: AppContext, payload: ActionPayload) -> None:
    """Add the people of the list that the button belongs to."""
    count = await app.db.write(
        invitations.confirm_list,
        payload.action.target_id,
        payload.actor,
        has_coordinators=payload.action.option == "all",
    )
    text = f"Adding {pluralize(count, 'person')}. You'll get a message with the result."
    reply(app, payload, Message(text, [plain_rich_text(text)]))


async def list_experts(app: AppContext, command: CommandPayload) -> CommandResponse:
    """List all experts, or those of the named campaign, each with a button to edit."""
    name = command.arguments.first_token
    listed = await app.db.read(_load_experts, app.settings.coordinators, 0, name, command.at)
    return experts.render_expert_list(listed, 0)


async def show_experts_page(app: AppContext, payload: ActionPayload) -> None:
    """Show the next page of the list."""
    option = payload.action.option
    after = action_ids.parse_row_id(option)
    listed = await app.db.read(
        _load_experts,
        app.settings.coordinators,
        payload.action.target_id,
        "",
        payload.interaction.at,
    )
    reply(app, payload, experts.render_expert_list(listed, after))


async def open_expert_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to edit an expert."""
    expert, campaigns, note = await app.db.read(
        _load_expert, payload.action.target_id, app.settings.coordinators
    )
    view = experts.expert_modal(expert, campaigns, note)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_expert(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Save the changes to an expert."""
    expert_id = action_ids.parse_row_id(submission.metadata)
    changes = experts.parse_expert_modal(submission.values)
    await app.db.write(
        _save_expert, expert_id, changes, app.settings.coordinators, submission.actor
    )
    return None


def _parse_invitation(command: CommandPayload) -> InviteSubmission:
    arguments = command.arguments
    options: dict[str, str] = {}
    for name, value in arguments.options.items():
        if name not in OPTION_NAMES:
            raise UnknownOptionError(name=name)
        options[OPTION_NAMES[name]] = value
    handles = tuple(token for token in arguments.tokens if token.startswith("@"))
    campaign_names = [token for token in arguments.tokens if not token.startswith("@")]
    invitation = Invitation(
        people=arguments.user_ids,
        campaign=campaign_names[0] if campaign_names else "",
        domains=_option_tags(options, "domains"),
        languages=_option_tags(options, "languages"),
        role=experts.parse_role(_validate_role(options.get("role", experts.EXPERT_ROLE).lower())),
    )
    return InviteSubmission(invitation, (*arguments.usergroup_ids, *handles), arguments.channel_ids)


def _option_tags(options: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    return parse_tags(options[name]) if name in options else None


def _validate_role(name: str) -> str:
    if name not in dict(experts.ROLE_OPTIONS):
        raise UnknownRoleError(name=name)
    return name


def _queue_invitation(
    session: Session, request: InviteSubmission, coordinators: tuple[str, ...], actor: Actor
) -> None:
    invitation = request.invitation
    if invitation.campaign:  # report an invalid campaign now, not after the lookup in Slack
        campaign_records.require_not_closed(
            campaign_records.campaign_by_name(session, invitation.campaign)
        )
    lookup = MemberLookupMessage(
        slack_ids=tuple(invitation.people),
        groups=tuple(request.groups),
        channels=tuple(request.channels),
        campaign=invitation.campaign,
        domains=tuple(invitation.domains) if invitation.domains is not None else None,
        languages=tuple(invitation.languages) if invitation.languages is not None else None,
        role=invitation.role,
        coordinators=coordinators if request.channels else (),
    )
    outbox.enqueue(session, lookup, recipient=actor.name, now=actor.at)


def _campaign_choices(session: Session, campaign_id: int) -> tuple[str, list[CampaignOption]]:
    name = campaign_records.campaign_by_id(session, campaign_id).name if campaign_id else ""
    return name, lifecycle.list_campaign_options(session, *ACTIVE_STATES)


def _load_experts(
    session: Session,
    configured_coordinators: tuple[str, ...],
    campaign_id: int,
    name: str,
    now: datetime,
) -> ExpertList:
    campaign = campaign_records.campaign_by_name(session, name) if name else None
    if campaign_id:
        campaign = campaign_records.campaign_by_id(session, campaign_id)
    found_id = id_of(campaign) if campaign else 0
    stored = agreement.stored_figures(session, found_id) if campaign else None
    details = invitations.list_experts(session, configured_coordinators, campaign)
    figures = stored.figures.experts if stored else {}
    return ExpertList(details, found_id, figures, quotas_by_expert(session, campaign, now))


def _load_expert(
    session: Session, expert_id: int, configured_coordinators: tuple[str, ...]
) -> tuple[ExpertDetails, list[CampaignOption], str]:
    expert = invitations.expert_by_id(session, expert_id, configured_coordinators)
    note = notes.note_about(session, expert.slack_id)
    return expert, lifecycle.list_campaign_options(session, *ACTIVE_STATES), note


def _save_expert(
    session: Session,
    expert_id: int,
    changes: ExpertSubmission,
    configured_coordinators: tuple[str, ...],
    actor: Actor,
) -> None:
    expert = invitations.expert_by_id(session, expert_id, configured_coordinators)
    invitations.set_domains_and_languages(
        session, [expert.slack_id], changes.domains, changes.languages, actor
    )
    notes.change_note(session, expert.slack_id, changes.note, actor)
    if changes.role != expert.role:
        invitations.set_role(session, expert.slack_id, changes.role, actor)
    if changes.campaigns is not None:
        invitations.set_campaigns(session, expert, changes.campaigns, actor)
