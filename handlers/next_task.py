"""The `next` subcommand, and the buttons that choose a campaign."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.messages.tasks import NewTaskMessage
from bot.services.actors.interaction import Interaction
from bot.services.assignments import assign
from bot.services.experts import campaign_choice
from bot.slack.views import home
from handlers.payloads import ActionPayload, CommandPayload
from storage.queries import assignments
from storage.queries.experts import expert_by_slack_id


async def send_next_task(app: AppContext, command: CommandPayload) -> str:
    """Queue the next task as a new message; reply only if the person is not in their DM."""
    if await app.db.read(expert_by_slack_id, command.slack_id) is None:
        return home.NO_CAMPAIGN_TEXT
    await app.db.write(_request_task, command)
    # A channel where the person was sent a task is their DM.
    is_in_dm = await app.db.read(
        assignments.has_assignment_in_channel, command.slack_id, command.channel
    )
    return "" if is_in_dm else "Sent to your DMs."


def _request_task(session: Session, command: CommandPayload) -> None:
    name = command.argument_text
    if name:
        campaign_choice.choose_by_name(session, command.slack_id, name, command.at)
    else:
        campaign_choice.choose_none(session, command.slack_id, command.at)
    message = NewTaskMessage(is_requested=True)
    assign.request_next_task(session, message, recipient=command.slack_id, now=command.at)


async def start_campaign(app: AppContext, payload: ActionPayload) -> None:
    """Choose the campaign of the button, and queue its next task."""
    await app.db.write(_start_campaign, payload.action.target_id, payload.interaction)


def _start_campaign(session: Session, campaign_id: int, interaction: Interaction) -> None:
    campaign_choice.choose_by_id(session, interaction.slack_id, campaign_id, interaction.at)
    assign.request_next_task_in_place(session, interaction)
