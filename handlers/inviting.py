"""Inviting people, and seeing to the experts there are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from bot.desk import Desk
from bot.errors import BotError, FieldsError
from bot.services import campaigning, founding, inviting, steering
from bot.services.directing import By
from bot.services.inviting import Invitation, Known, tags
from bot.services.steering import Named
from bot.slack import ids
from bot.slack import inviting as drawn
from bot.slack.inviting import Edited, Sent
from bot.slack.modals import notice_modal
from bot.slack.opening import open_view
from handlers.replying import reply
from handlers.triggers import Answer, Commanded, Pressed, Said, Submitted
from storage.tables import CampaignState

OPTIONS = {"domain": "domains", "domains": "domains", "language": "languages"} | {
    "languages": "languages",
    "role": "role",
}
ON_THEIR_WAY = "I ask Slack who they are, and message you who is in."
LIVING = (CampaignState.OPEN, CampaignState.PAUSED)


class UnknownOptionError(BotError):
    """I do not know “{name}=”; write domain=…, language=… or role=senior."""


class UnknownRoleError(BotError):
    """There is no role “{name}”; it is expert, senior or coordinator."""


async def invite(desk: Desk, command: Commanded) -> Said:
    """Let people in as it was typed; where something is missing, open the modal with the rest."""
    sent = _typed(command)
    is_whole = sent.invitation.campaign or sent.invitation.role or sent.invitation.domains
    if not (sent.invitation.people or sent.groups or sent.channels) or not is_whole:
        view = drawn.window(await desk.db.read(steering.choosable, *LIVING), sent)
        desk.soon(open_view(desk.sender, command.trigger_id, view, command.response_url))
        return None
    await desk.db.write(_send_for, sent, command.by)
    return ON_THEIR_WAY


async def press_invite(desk: Desk, press: Pressed) -> None:
    """Open the modal to invite people into the campaign that the button is about."""
    name, campaigns = await desk.db.read(_campaigns, press.button.about)
    view = drawn.window(campaigns, Sent(Invitation((), name), (), ()))
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def submit_invite(desk: Desk, submitted: Submitted) -> Answer:
    """Let in whom the modal names."""
    sent = drawn.read(submitted.values)
    if not (sent.invitation.people or sent.groups or sent.channels):
        raise FieldsError({"people": "Choose somebody, a user group or a channel."})
    await desk.db.write(_send_for, sent, submitted.by)
    return {"response_action": "update", "view": notice_modal("Invite people", ON_THEIR_WAY)}


async def list_experts(desk: Desk, command: Commanded) -> Said:
    """List the experts there are, or those of a campaign, with a button each to edit."""
    number, known = await desk.db.read(
        _experts, desk.settings.coordinators, 0, command.spoken.first
    )
    return drawn.roster(known, 0, number)


async def turn_roster(desk: Desk, press: Pressed) -> None:
    """Show the next experts of the list."""
    option = press.button.option
    after = int(option) if ids.is_number(option) else 0
    number, known = await desk.db.read(_experts, desk.settings.coordinators, press.button.about, "")
    reply(desk, press, drawn.roster(known, after, number))


async def open_expert(desk: Desk, press: Pressed) -> None:
    """Open the modal in which an expert is edited."""
    one, campaigns = await desk.db.read(_expert, press.button.about, desk.settings.coordinators)
    view = drawn.expert(one, campaigns)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def submit_expert(desk: Desk, submitted: Submitted) -> Answer:
    """Keep what was chosen of an expert."""
    number = int(submitted.metadata) if ids.is_number(submitted.metadata) else 0
    wanted = drawn.edited(submitted.values)
    await desk.db.write(_edit, number, wanted, desk.settings.coordinators, submitted.by)
    return None


def _typed(command: Commanded) -> Sent:
    spoken = command.spoken
    said: dict[str, str] = {}
    for name, value in spoken.options.items():
        if name not in OPTIONS:
            raise UnknownOptionError(name=name)
        said[OPTIONS[name]] = value
    handles = tuple(word for word in spoken.words if word.startswith("@"))
    names = [word for word in spoken.words if not word.startswith("@")]
    invitation = Invitation(
        people=spoken.people,
        campaign=names[0] if names else "",
        domains=_tags(said, "domains"),
        languages=_tags(said, "languages"),
        role=drawn.role_called(_checked_role(said.get("role", drawn.EXPERT).lower())),
    )
    return Sent(invitation, (*spoken.groups, *handles), spoken.channels)


def _tags(said: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    return tags(said[name]) if name in said else None


def _checked_role(name: str) -> str:
    if name not in dict(drawn.ROLES):
        raise UnknownRoleError(name=name)
    return name


def _send_for(session: Session, sent: Sent, by: By) -> None:
    wanted = sent.invitation
    if wanted.campaign:  # what is wrong with it is said at once, not when Slack was asked
        campaigning.check_open(campaigning.campaign_named(session, wanted.campaign))
    facts = {
        "people": list(wanted.people),
        "groups": list(sent.groups),
        "channels": list(sent.channels),
        "campaign": wanted.campaign,
        "domains": list(wanted.domains) if wanted.domains is not None else None,
        "languages": list(wanted.languages) if wanted.languages is not None else None,
        "role": wanted.role,
    }
    founding.send_for(session, by, facts)


def _campaigns(session: Session, campaign_id: int) -> tuple[str, list[Named]]:
    name = campaigning.campaign_by_id(session, campaign_id).name if campaign_id else ""
    return name, steering.choosable(session, *LIVING)


def _experts(
    session: Session, by_setting: tuple[str, ...], campaign_id: int, name: str
) -> tuple[int, list[Known]]:
    campaign = campaigning.campaign_named(session, name) if name else None
    if campaign_id:
        campaign = campaigning.campaign_by_id(session, campaign_id)
    number = (campaign.id or 0) if campaign else 0
    return number, inviting.known(session, by_setting, campaign)


def _expert(
    session: Session, expert_id: int, by_setting: tuple[str, ...]
) -> tuple[Known, list[Named]]:
    return inviting.known_by_id(session, expert_id, by_setting), steering.choosable(
        session, *LIVING
    )


def _edit(
    session: Session, expert_id: int, wanted: Edited, by_setting: tuple[str, ...], by: By
) -> None:
    one = inviting.known_by_id(session, expert_id, by_setting)
    inviting.describe(session, [one.slack_id], wanted.domains, wanted.languages, by)
    if wanted.role != one.role:
        inviting.give_role(session, one.slack_id, wanted.role, by)
    if wanted.campaigns is not None:
        inviting.place(session, one, wanted.campaigns, by)
