"""What coordinators do about questions and flags: open the item, answer, resolve, set aside."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.services import asking, flagging, serving
from bot.services.directing import By
from bot.services.serving import TaskView
from bot.slack import tending
from bot.slack.inputs import entered
from bot.slack.modals import Backdrop
from bot.slack.opening import open_view
from bot.slack.raising import WORDS
from handlers.triggers import Answer, Pressed, Submitted
from storage.queries import raising, telling
from storage.queries.raising import Raised
from storage.tables import Assignment


async def open_item(desk: Desk, press: Pressed) -> None:
    """Open the item that something was raised about."""
    task = await desk.db.read(_task, press.button.assignment)
    await _open(desk, press, tending.item(task))


async def open_reply(desk: Desk, press: Pressed) -> None:
    """Open the window to answer a question in."""
    raised = await desk.db.read(_question, press.button.assignment)
    await _open(desk, press, tending.replying(raised))


async def submit_reply(desk: Desk, submitted: Submitted) -> Answer:
    """Answer a question."""
    question, words = Backdrop.unpacked(submitted.metadata).assignment, _words(submitted)
    await desk.db.write(asking.answer, question, words, submitted.by)
    return None


async def open_resolve(desk: Desk, press: Pressed) -> None:
    """Open the window that asks what became of a flag."""
    raised = await desk.db.read(_flag, press.button.assignment)
    click = press.click
    backdrop = Backdrop(raised.id, click.channel, click.message_ts, click.response_url)
    await _open(desk, press, tending.resolving(raised, backdrop))


async def submit_resolve(desk: Desk, submitted: Submitted) -> Answer:
    """Write down what became of a flag; the message it stood in says so."""
    backdrop = Backdrop.unpacked(submitted.metadata)
    await desk.db.write(_resolved, backdrop, _words(submitted), submitted.by)
    return None


async def set_aside(desk: Desk, press: Pressed) -> None:
    """Keep the flagged task from everybody for now."""
    click = press.click
    backdrop = Backdrop(
        press.button.assignment, click.channel, click.message_ts, click.response_url
    )
    await desk.db.write(_set_aside, backdrop, press.by)


async def _open(desk: Desk, press: Pressed, view: dict[str, object]) -> None:
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


def _words(submitted: Submitted) -> str:
    return entered(submitted.values).get(WORDS) or ""


def _task(session: Session, assignment_id: int) -> TaskView:
    assignment = session.get(Assignment, assignment_id)
    if assignment is None:
        raise asking.NoQuestionError
    return serving.task_view(session, assignment)


def _question(session: Session, question_id: int) -> Raised:
    raised = raising.question(session, question_id)
    if raised is None:
        raise asking.NoQuestionError
    return raised


def _flag(session: Session, flag_id: int) -> Raised:
    raised = raising.flag(session, flag_id)
    if raised is None:
        raise flagging.NoFlagError
    return raised


def _resolved(session: Session, backdrop: Backdrop, words: str, by: By) -> None:
    flagging.resolve(session, backdrop.assignment, words, by)
    _redraw(session, backdrop, by)


def _set_aside(session: Session, backdrop: Backdrop, by: By) -> None:
    flagging.set_aside(session, backdrop.assignment, by)
    _redraw(session, backdrop, by)


def _redraw(session: Session, backdrop: Backdrop, by: By) -> None:
    facts = {
        "flag": backdrop.assignment,
        "channel": backdrop.channel,
        "message_ts": backdrop.message_ts,
    }
    url = backdrop.response_url
    telling.put(session, "flagged", lane=by.actor, facts=facts, now=by.at, response_url=url)
