"""Manual reminders, by command or button."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.reminders import manual
from bot.services.reminders.manual import ReminderResult
from bot.slack.blockkit.types import MessageResponse
from bot.slack.client.profiles import fetch_dnd_status
from bot.slack.views import reminder_report
from handlers.payloads import ActionPayload, CommandPayload, CommandResponse
from storage.row_id import id_of

MAX_DND_LOOKUPS = 50
"""Most people whose Do Not Disturb status is fetched; for others the last known status counts."""

REMINDERS_STARTED = "Sending reminders. The result, with everyone who was skipped, appears here."


async def remind(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Remind experts with open tasks in the named campaign, or in any campaign."""
    name = command.arguments.first_token
    campaign_id = await app.db.read(_campaign_id_of, name) if name else None
    app.run_in_background(_send_reminders(app, command.actor, command.response_url, campaign_id))
    return REMINDERS_STARTED


async def remind_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Remind experts with open tasks in the button's campaign, or in any campaign (0)."""
    campaign_id = payload.action.target_id
    if campaign_id:
        await app.db.read(_check_open, campaign_id)
    app.run_in_background(
        _send_reminders(app, payload.actor, payload.interaction.response_url, campaign_id or None)
    )


async def _send_reminders(
    app: AppContext, actor: Actor, response_url: str | None, campaign_id: int | None
) -> None:
    unknown_dnd = await app.db.read(manual.dnd_unknown_holders, campaign_id, actor.at)
    if unknown_dnd:
        await fetch_dnd_status(app.sender, unknown_dnd[:MAX_DND_LOOKUPS])
    result = await app.db.write(_queue_reminders, campaign_id, actor)
    app.wake_outbox()
    if response_url:
        report = reminder_report.render_reminder_report(result)
        body: MessageResponse = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": report.text,
            "blocks": report.blocks,
        }
        await app.sender.respond(response_url, body)


def _check_open(session: Session, campaign_id: int) -> None:
    campaigns.require_not_closed(campaigns.campaign_by_id(session, campaign_id))


def _campaign_id_of(session: Session, name: str) -> int:
    campaign = campaigns.campaign_by_name(session, name)
    campaigns.require_not_closed(campaign)
    return id_of(campaign)


def _queue_reminders(session: Session, campaign_id: int | None, actor: Actor) -> ReminderResult:
    campaign = campaigns.campaign_by_id(session, campaign_id) if campaign_id else None
    return manual.remind_holders(session, campaign, actor)
