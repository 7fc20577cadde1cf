"""Preview a campaign's task and send it as a test; nothing is stored."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.messages.campaigns import TaskTestMessage
from bot.services.actors.interaction import Interaction
from bot.services.campaigns import campaigns
from bot.services.tasks import task_preview
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.mentions import text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.client.modals import open_view
from bot.slack.views import task_preview as task_preview_view
from handlers.payloads import ActionPayload
from handlers.responses import reply
from storage.queries import outbox
from storage.row_id import id_of

TEST_TASK_QUEUED = "Test task sent to your DMs."


async def open_preview(app: AppContext, payload: ActionPayload) -> None:
    """Show the task in a dialog, as an expert would see it."""
    task = await app.db.read(_load_preview, payload.action.target_id)
    view = task_preview_view.preview_modal(task)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def send_test_task(app: AppContext, payload: ActionPayload) -> None:
    """Queue the task as a test, to the person who clicked."""
    await app.db.write(_queue_test_task, payload.action.target_id, payload.interaction)
    reply(app, payload, Message(TEST_TASK_QUEUED, [text_with_mentions(TEST_TASK_QUEUED)]))


async def explain_test_task(app: AppContext, payload: ActionPayload) -> None:
    """Explain that a tap on a test task stores nothing."""
    text = task_preview_view.TEST_TAP_REPLY
    reply(app, payload, Message(text, [text_with_mentions(text)]))


def _load_preview(session: Session, campaign_id: int) -> TaskView:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    return task_preview.preview_task(session, campaign)


def _queue_test_task(session: Session, campaign_id: int, interaction: Interaction) -> None:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    message = TaskTestMessage(id_of(campaign))
    outbox.enqueue(session, message, recipient=interaction.slack_id, now=interaction.at)
