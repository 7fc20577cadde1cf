"""Reading in full what the message had no room for; that it was opened is written down."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.services import answering, serving
from bot.services.acting import Click
from bot.services.serving import TaskView
from bot.slack import ids, modals
from bot.slack.opening import open_view, update_view
from handlers.triggers import Pressed


async def open_full(desk: Desk, press: Pressed) -> None:
    """Open the first page of the whole text."""
    task = await desk.db.write(_opened, press.button.assignment, press.click)
    view = modals.reading(task, 0)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def open_guidelines(desk: Desk, press: Pressed) -> None:
    """Open the guidelines of the task's campaign."""
    task = await desk.db.write(serving.held_task, press.button.assignment, press.click)
    view = modals.guiding(task)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def follow_link(_desk: Desk, _press: Pressed) -> None:
    """Hear that a link was followed: Slack opens it by itself and wants to know it was heard."""


async def turn_page(desk: Desk, press: Pressed) -> None:
    """Turn to another page of the open modal."""
    task = await desk.db.write(_opened, press.button.assignment, press.click)
    page = press.button.option
    view = modals.reading(task, int(page) if ids.is_number(page) else 0)
    desk.soon(update_view(desk.sender, dict(press.view or {}), view))


def _opened(session: Session, assignment_id: int, click: Click) -> TaskView:
    answering.read_in_full(session, assignment_id, click)
    return serving.held_task(session, assignment_id, click)
