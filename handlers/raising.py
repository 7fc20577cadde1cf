"""What is behind the three dots of a task: asking, flagging, why me; and what others asked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from bot.desk import Desk
from bot.services import answering, asking, flagging, serving
from bot.services.acting import Click
from bot.slack import raising as drawn
from bot.slack.inputs import entered
from bot.slack.modals import Backdrop
from bot.slack.opening import open_view
from handlers.triggers import Answer, Pressed, Submitted
from storage.queries import raising
from storage.queries.raising import Told


async def open_way(desk: Desk, press: Pressed) -> None:
    """Open the window behind one of the three dots' options."""
    task = await desk.db.write(serving.held_task, press.button.assignment, press.click)
    view = drawn.view_of(press.button.option, task)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def submit_question(desk: Desk, submitted: Submitted) -> Answer:
    """Put a question before the coordinators."""
    assignment, words = _said(submitted)
    people = desk.settings.coordinators
    await desk.db.write(asking.ask, assignment, words, submitted.click, people)
    return None


async def submit_flag(desk: Desk, submitted: Submitted) -> Answer:
    """Ask the coordinators to look at an item."""
    assignment, words = _said(submitted)
    people = desk.settings.coordinators
    await desk.db.write(flagging.flag, assignment, words, submitted.click, people)
    return None


def _said(submitted: Submitted) -> tuple[int, str]:
    backdrop = Backdrop.unpacked(submitted.metadata)
    return backdrop.assignment, entered(submitted.values).get(drawn.WORDS) or ""


async def open_answers(desk: Desk, press: Pressed) -> None:
    """Open what was asked about an item and answered."""
    told = await desk.db.write(_told, press.button.assignment, press.click)
    view = drawn.answers(told)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


def _told(session: Session, assignment_id: int, click: Click) -> Sequence[Told]:
    held = answering.check_holder(session, assignment_id, click)
    return raising.answered(session, held.task_id)
