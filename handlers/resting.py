"""Time off, and coming back: from the Home tab, from a question, or typed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot import schedule
from bot.cadence.hours import zone_named
from bot.desk import Desk
from bot.errors import BotError, FieldsError
from bot.services import resting, staying
from bot.services.acting import Click
from bot.services.resting import FarDayError, PastDayError
from bot.slack import preferring, regards
from bot.slack.modals import Backdrop
from bot.slack.opening import open_view
from handlers.triggers import Answer, Commanded, Pressed, Submitted
from handlers.visiting import draw_again
from storage.queries import telling

SUGGESTED = timedelta(days=7)


class NoDayError(BotError):
    """“{given}” is no day; write one as in `/label away 2026-12-24`."""


async def open_pause(desk: Desk, press: Pressed) -> None:
    """Ask for the day to come back on."""
    await _open(desk, press.click, press.trigger_id)


async def put_off(desk: Desk, press: Pressed) -> None:
    """Ask when to ask again, of somebody who has no time now."""
    await _open(desk, press.click, press.trigger_id, is_later=True)


async def _open(desk: Desk, click: Click, trigger_id: str, *, is_later: bool = False) -> None:
    expert = await desk.db.read(resting.expert_called, click.person)
    suggested = (click.at + SUGGESTED).astimezone(zone_named(expert.tz)).date()
    backdrop = Backdrop(0, click.channel, click.message_ts, click.response_url)
    view = preferring.pause_modal(suggested, backdrop.packed(), is_later=is_later)
    desk.soon(open_view(desk.sender, trigger_id, view, click.response_url))


async def submit_pause(desk: Desk, submitted: Submitted) -> Answer:
    """Begin the time off, and say so where it was asked for."""
    until, click = preferring.day_from(submitted.values), submitted.click
    try:
        await desk.db.write(_paused, until, click, Backdrop.unpacked(submitted.metadata))
    except (PastDayError, FarDayError) as error:
        raise FieldsError({"until": str(error)}) from error
    _move_on(desk, click.person)
    return None


def _paused(session: Session, until: date, click: Click, backdrop: Backdrop) -> None:
    resting.pause(session, click.person, until, click.at)
    facts = {
        "words": regards.paused(until),
        "channel": backdrop.channel,
        "message_ts": backdrop.message_ts,
    }
    telling.put(
        session,
        "instead",
        lane=click.person,
        facts=facts,
        now=click.at,
        response_url=backdrop.response_url,
    )


async def take_time_off(desk: Desk, command: Commanded) -> str | None:
    """Begin time off until the day that was typed; without one, ask for it."""
    _word, *rest = command.words
    if not rest:
        click = Click(command.person, command.trigger_id, command.at)
        await _open(desk, click, command.trigger_id)
        return None
    until = _day(rest[-1])
    await desk.db.write(resting.pause, command.person, until, command.at)
    _move_on(desk, command.person)
    return regards.paused(until)


def _day(typed: str) -> date:
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise NoDayError(given=typed) from None


async def come_back(desk: Desk, command: Commanded) -> str:
    """End the time off."""
    found = await desk.db.write(resting.come_back, command.person, command.at)
    await draw_again(desk, command.person)
    return regards.return_in_words(found)


async def be_back(desk: Desk, press: Pressed) -> None:
    """End the time off, from the Home tab: the tab itself shows what waits."""
    await desk.db.write(resting.come_back, press.click.person, press.click.at)
    await draw_again(desk, press.click.person)


async def stay(desk: Desk, press: Pressed) -> None:
    """Go on as before."""
    await desk.db.write(staying.stay, press.click)


async def leave(desk: Desk, press: Pressed) -> None:
    """Leave all campaigns."""
    await desk.db.write(_left, press.click, desk.settings.coordinators)
    _move_on(desk, press.click.person)


def _left(session: Session, click: Click, by_setting: tuple[str, ...]) -> None:
    titles = staying.leave(session, click, by_setting)
    facts = {
        "words": regards.left(staying.in_quotes(titles)),
        "channel": click.channel,
        "message_ts": click.message_ts,
    }
    telling.put(
        session,
        "instead",
        lane=click.person,
        facts=facts,
        now=click.at,
        response_url=click.response_url,
    )


def _move_on(desk: Desk, person: str) -> None:
    """Let what was given back go to colleagues at once, and the Home tab say so."""
    desk.soon(schedule.dispatch(desk))
    desk.soon(draw_again(desk, person))
