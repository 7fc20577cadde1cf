"""Inviting people, and seeing to the experts there are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError, FieldsError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns as campaign_records
from bot.services.campaigns import create, invitations, lifecycle
from bot.services.campaigns.invitations import ExpertDetails, Invitation, parse_tags
from bot.services.campaigns.lifecycle import CampaignOption
from bot.slack.client.modals import open_view
from bot.slack.parsing import action_ids
from bot.slack.views import experts
from bot.slack.views.experts import ExpertSubmission, InviteSubmission
from bot.slack.views.task_modals import notice_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.tables import CampaignState

OPTION_NAMES = {"domain": "domains", "domains": "domains", "language": "languages"} | {
    "languages": "languages",
    "role": "role",
}
LOOKUP_STARTED = "I ask Slack who they are, and message you who is in."
ACTIVE_STATES = (CampaignState.OPEN, CampaignState.PAUSED)


class UnknownOptionError(BotError):
    """I do not know “{name}=”; write domain=…, language=… or role=senior."""


class UnknownRoleError(BotError):
    """There is no role “{name}”; it is expert, senior or coordinator."""


async def invite_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Let people in as it was typed; where something is missing, open the modal with the rest."""
    sent = _parse_invitation(command)
    is_complete = sent.invitation.campaign or sent.invitation.role or sent.invitation.domains
    if not (sent.invitation.people or sent.groups or sent.channels) or not is_complete:
        view = experts.invite_modal(
            await app.db.read(lifecycle.list_campaign_options, *ACTIVE_STATES), sent
        )
        app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
        return None
    await app.db.write(_queue_invitation, sent, command.actor)
    return LOOKUP_STARTED


async def open_invite_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the modal to invite people into the campaign that the button is about."""
    name, campaigns = await app.db.read(_campaign_choices, payload.action.target_id)
    view = experts.invite_modal(campaigns, InviteSubmission(Invitation((), name), (), ()))
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_invite(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Let in whom the modal names."""
    sent = experts.parse_invite_modal(submission.values)
    if not (sent.invitation.people or sent.groups or sent.channels):
        raise FieldsError({"people": "Choose somebody, a user group or a channel."})
    await app.db.write(_queue_invitation, sent, submission.actor)
    return {"response_action": "update", "view": notice_modal("Invite people", LOOKUP_STARTED)}


async def list_experts(app: AppContext, command: CommandPayload) -> CommandResponse:
    """List the experts there are, or those of a campaign, with a button each to edit."""
    number, known = await app.db.read(
        _load_experts, app.settings.coordinators, 0, command.arguments.first_token
    )
    return experts.render_expert_list(known, 0, number)


async def show_experts_page(app: AppContext, payload: ActionPayload) -> None:
    """Show the next experts of the list."""
    option = payload.action.option
    after = int(option) if action_ids.is_number(option) else 0
    number, known = await app.db.read(
        _load_experts, app.settings.coordinators, payload.action.target_id, ""
    )
    reply(app, payload, experts.render_expert_list(known, after, number))


async def open_expert_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the modal in which an expert is edited."""
    one, campaigns = await app.db.read(
        _load_expert, payload.action.target_id, app.settings.coordinators
    )
    view = experts.expert_modal(one, campaigns)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_expert(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Keep what was chosen of an expert."""
    expert_id = int(submission.metadata) if action_ids.is_number(submission.metadata) else 0
    wanted = experts.parse_expert_modal(submission.values)
    await app.db.write(_save_expert, expert_id, wanted, app.settings.coordinators, submission.actor)
    return None


def _parse_invitation(command: CommandPayload) -> InviteSubmission:
    arguments = command.arguments
    options: dict[str, str] = {}
    for name, value in arguments.options.items():
        if name not in OPTION_NAMES:
            raise UnknownOptionError(name=name)
        options[OPTION_NAMES[name]] = value
    handles = tuple(word for word in arguments.tokens if word.startswith("@"))
    campaign_names = [word for word in arguments.tokens if not word.startswith("@")]
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


def _queue_invitation(session: Session, sent: InviteSubmission, actor: Actor) -> None:
    wanted = sent.invitation
    if wanted.campaign:  # what is wrong with it is said at once, not when Slack was asked
        campaign_records.require_not_closed(
            campaign_records.campaign_by_name(session, wanted.campaign)
        )
    payload = {
        "slack_ids": list(wanted.people),
        "groups": list(sent.groups),
        "channels": list(sent.channels),
        "campaign": wanted.campaign,
        "domains": list(wanted.domains) if wanted.domains is not None else None,
        "languages": list(wanted.languages) if wanted.languages is not None else None,
        "role": wanted.role,
    }
    create.queue_member_lookup(session, actor, payload)


def _campaign_choices(session: Session, campaign_id: int) -> tuple[str, list[CampaignOption]]:
    name = campaign_records.campaign_by_id(session, campaign_id).name if campaign_id else ""
    return name, lifecycle.list_campaign_options(session, *ACTIVE_STATES)


def _load_experts(
    session: Session, configured_coordinators: tuple[str, ...], campaign_id: int, name: str
) -> tuple[int, list[ExpertDetails]]:
    campaign = campaign_records.campaign_by_name(session, name) if name else None
    if campaign_id:
        campaign = campaign_records.campaign_by_id(session, campaign_id)
    number = (campaign.id or 0) if campaign else 0
    return number, invitations.list_experts(session, configured_coordinators, campaign)


def _load_expert(
    session: Session, expert_id: int, configured_coordinators: tuple[str, ...]
) -> tuple[ExpertDetails, list[CampaignOption]]:
    return invitations.expert_by_id(
        session, expert_id, configured_coordinators
    ), lifecycle.list_campaign_options(session, *ACTIVE_STATES)


def _save_expert(
    session: Session,
    expert_id: int,
    wanted: ExpertSubmission,
    configured_coordinators: tuple[str, ...],
    actor: Actor,
) -> None:
    one = invitations.expert_by_id(session, expert_id, configured_coordinators)
    invitations.set_domains_and_languages(
        session, [one.slack_id], wanted.domains, wanted.languages, actor
    )
    if wanted.role != one.role:
        invitations.set_role(session, one.slack_id, wanted.role, actor)
    if wanted.campaigns is not None:
        invitations.set_campaigns(session, one, wanted.campaigns, actor)
