"""Writing: in a modal, in as many parts as it takes, or in the task's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.desk import Desk
from bot.kinds.base import Reading
from bot.services import answering, serving, writing
from bot.services.acting import Click
from bot.slack import modals, notes
from bot.slack.modals import Backdrop
from bot.slack.opening import open_view, update_view
from bot.slack.sheets import given_from
from handlers.triggers import Answer, Pressed, Submitted


async def open_sheet(desk: Desk, press: Pressed) -> None:
    """Open the modal to write in, with what was written before."""
    task = await desk.db.write(serving.held_task, press.button.assignment, press.click)
    click, field = press.click, press.button.field
    backdrop = Backdrop(task.id, click.channel, click.message_ts, click.response_url, field=field)
    is_room = modals.asked_in(task, field)
    view = modals.writing(task, backdrop) if is_room else modals.too_long()
    desk.soon(open_view(desk.sender, press.trigger_id, view, click.response_url))


async def add_part(desk: Desk, press: Pressed) -> None:
    """Give the open modal one more box; what stands in the others stays."""
    view = dict(press.view or {})
    task = await desk.db.write(serving.held_task, press.button.assignment, press.click)
    backdrop = Backdrop.unpacked(view["private_metadata"])
    grown = modals.grown(task, backdrop, view["state"]["values"], press.button.field)
    desk.soon(update_view(desk.sender, view, grown))


async def submit_sheet(desk: Desk, submitted: Submitted) -> Answer:
    """Store what was written."""
    backdrop = Backdrop.unpacked(submitted.metadata)
    click = replace(
        submitted.click,
        response_url=backdrop.response_url,
        channel=backdrop.channel,
        message_ts=backdrop.message_ts,
    )
    await desk.db.write(_store, backdrop, submitted.values, click)
    return None


async def save_thread(desk: Desk, press: Pressed) -> None:
    """Store what stands in the thread."""
    await desk.db.write(writing.save, press.button.assignment, press.click)


async def start_over(desk: Desk, press: Pressed) -> None:
    """Leave out what stands in the thread so far."""
    await desk.db.write(writing.start_over, press.button.assignment, press.click)
    words = notes.started_over()
    click = press.click
    if click.response_url:
        desk.soon(desk.sender.replace(click.response_url, click.at, words.text, words.blocks))


def _store(
    session: Session, backdrop: Backdrop, values: Mapping[str, Any], click: Click
) -> Reading:
    form = serving.held_task(session, backdrop.assignment, click).form
    given = given_from((*form.taps, *form.sheet), values, backdrop.joins)
    return answering.answer(session, backdrop.assignment, given, click)
