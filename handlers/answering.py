"""Answering on the message: one tap stores it."""

from __future__ import annotations

from dataclasses import replace

from bot.desk import Desk
from bot.services import answering, assigning
from bot.slack import ids
from bot.slack.fields import given_from
from handlers import writing
from handlers.triggers import Pressed


async def tap(desk: Desk, press: Pressed) -> None:
    """An answer, or one criterion of it; what must be written beside it opens at once."""
    button = press.button
    given = given_from(button)
    reading = await desk.db.write(answering.answer, button.assignment, given, press.click)
    if reading.asks:
        await writing.open_sheet(desk, replace(press, button=ids.Press("write", button.assignment)))


async def undo(desk: Desk, press: Pressed) -> None:
    """Take the last answer or skip back."""
    await desk.db.write(answering.undo, press.button.assignment, press.click)


async def skip(desk: Desk, press: Pressed) -> None:
    """Give the task back, with a reason."""
    button = press.button
    await desk.db.write(answering.skip, button.assignment, button.option, press.click)


async def bring_next(desk: Desk, press: Pressed) -> None:
    """Bring the next task to where the button was."""
    await desk.db.write(assigning.ask_in_place, press.click)
