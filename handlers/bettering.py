"""Writing the better response, where both are bad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.desk import Desk
from bot.errors import BotError
from bot.kinds.base import Reading, WrongAnswerError
from bot.kinds.form import Better
from bot.services import answering, serving
from bot.services.acting import Click
from bot.services.serving import TaskView
from bot.slack import bettering, modals
from bot.slack.bettering import Sheet
from bot.slack.opening import open_view, update_view
from handlers.triggers import Answer, Pressed, Submitted


class NotWantedError(BotError):
    """You no longer say that both are bad, so there is no better one to write."""


async def open_page(desk: Desk, press: Pressed) -> None:
    """Open the window, with what was written before or a response to begin with."""
    click = press.click
    task, better = await desk.db.write(_asked, press.button.assignment, click)
    sheet = Sheet(task.id, click.channel, click.message_ts, click.response_url)
    view = bettering.opened(task, better, sheet) or modals.too_long()
    desk.soon(open_view(desk.sender, press.trigger_id, view, click.response_url))


async def begin_anew(desk: Desk, press: Pressed) -> None:
    """Fill the open window with another beginning."""
    task, better, sheet, state = await _open(desk, press)
    view = bettering.begun_anew(task, better, sheet, state, press.button.option)
    desk.soon(update_view(desk.sender, dict(press.view or {}), view))


async def add_part(desk: Desk, press: Pressed) -> None:
    """Give the open window one more box; what stands in the others stays."""
    task, better, sheet, state = await _open(desk, press)
    view = bettering.grown(task, better, sheet, state)
    desk.soon(update_view(desk.sender, dict(press.view or {}), view))


async def submit_page(desk: Desk, submitted: Submitted) -> Answer:
    """Store what was written."""
    sheet = Sheet.unpacked(submitted.metadata)
    click = replace(
        submitted.click,
        response_url=sheet.response_url,
        channel=sheet.channel,
        message_ts=sheet.message_ts,
    )
    await desk.db.write(_store, sheet, submitted.values, click)
    return None


async def _open(desk: Desk, press: Pressed) -> tuple[TaskView, Better, Sheet, Mapping[str, Any]]:
    view = dict(press.view or {})
    task, better = await desk.db.write(_asked, press.button.assignment, press.click)
    return task, better, Sheet.unpacked(view["private_metadata"]), view["state"]["values"]


def _asked(session: Session, assignment_id: int, click: Click) -> tuple[TaskView, Better]:
    task = serving.held_task(session, assignment_id, click)
    better = task.form.better_for(task.value)
    if better is None:
        raise NotWantedError
    return task, better


def _store(session: Session, sheet: Sheet, values: Mapping[str, Any], click: Click) -> Reading:
    _task, better = _asked(session, sheet.assignment, click)
    given = bettering.given_from(better, sheet, values)
    try:
        return answering.answer(session, sheet.assignment, given, click)
    except WrongAnswerError as error:
        box = bettering.numbered(better, sheet).key  # what the box is called in this window
        raise WrongAnswerError(box, str(error.facts["reason"])) from error
