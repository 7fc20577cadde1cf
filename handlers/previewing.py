"""Looking at a campaign's task before any expert does, and trying it: nothing is stored."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.services import campaigning, previewing
from bot.services.acting import Click
from bot.services.serving import TaskView
from bot.slack import previewing as drawn
from bot.slack.cards import Drawn
from bot.slack.mentioning import sentence
from bot.slack.opening import open_view
from handlers.replying import reply
from handlers.triggers import Pressed
from storage.queries import telling

ON_ITS_WAY = "On its way, in our direct messages."


async def preview(desk: Desk, press: Pressed) -> None:
    """Show the task in a modal, as an expert would see it."""
    task = await desk.db.read(_task, press.button.about, press.click)
    view = drawn.window(task)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def send_test(desk: Desk, press: Pressed) -> None:
    """Send the task as a test to whoever asked."""
    await desk.db.write(_queue, press.button.about, press.click)
    reply(desk, press, Drawn(ON_ITS_WAY, [sentence(ON_ITS_WAY)]))


async def tap_test(desk: Desk, press: Pressed) -> None:
    """Say that a tap on a test stores nothing."""
    reply(desk, press, Drawn(drawn.A_TEST, [sentence(drawn.A_TEST)]))


def _task(session: Session, campaign_id: int, click: Click) -> TaskView:
    campaign = campaigning.campaign_by_id(session, campaign_id)
    return previewing.preview(session, campaign, click.at)


def _queue(session: Session, campaign_id: int, click: Click) -> None:
    campaign = campaigning.campaign_by_id(session, campaign_id)
    facts = {"campaign": campaign.id}
    telling.put(session, "test", lane=click.person, facts=facts, now=click.at)
