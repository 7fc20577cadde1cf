"""Reviewing: cases one after the other, each decided with a tap, in a window, or sent back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ParamSpec

import orjson
from sqlmodel import Session

from bot.desk import Desk
from bot.services import campaigning, deciding, reviewing
from bot.services.directing import By
from bot.services.reviewing import After, Case, NoCaseError, Why
from bot.slack import reviewing as drawn
from bot.slack.cards import Drawn
from bot.slack.inputs import entered
from bot.slack.opening import open_view
from bot.slack.sheets import given_from
from handlers.replying import reply
from handlers.triggers import Answer, Commanded, Pressed, Said, Submitted
from storage.tables import Campaign

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Place:
    """What a window must remember: the case, and the message under it."""

    task: int
    why: str
    response_url: str | None = None

    def packed(self) -> str:
        """Return this as private metadata."""
        return orjson.dumps(asdict(self)).decode()


async def review(desk: Desk, command: Commanded) -> Said:
    """Bring the first case, of one campaign or of all."""
    name = command.spoken.first
    campaign = await desk.db.read(campaigning.campaign_named, name) if name else None
    found = await desk.db.read(_first, campaign, command.person)
    return drawn.case(found) if found else drawn.nothing()


async def press_review(desk: Desk, press: Pressed) -> None:
    """Bring the first case of the campaign that the button is about, or of all (0)."""
    number = press.button.about
    campaign = await desk.db.read(campaigning.campaign_by_id, number) if number else None
    found = await desk.db.read(_first, campaign, press.click.person)
    reply(desk, press, drawn.case(found) if found else drawn.nothing())


async def bring_case(desk: Desk, press: Pressed) -> None:
    """Bring the case behind the one shown, or the first one where none is."""
    after = _after(press) if press.button.field else None
    found = await desk.db.read(reviewing.case_behind, press.click.person, after)
    reply(desk, press, drawn.case(found) if found else drawn.nothing())


async def adopt(desk: Desk, press: Pressed) -> None:
    """Decide as one of the experts did."""
    decision = await desk.db.write(deciding.adopt, press.button.assignment, press.by)
    await _go_on(desk, press, "Decided.", decision.task_id)


async def leave(desk: Desk, press: Pressed) -> None:
    """Leave what was said as it is."""
    await desk.db.write(deciding.leave, press.button.about, press.by)
    await _go_on(desk, press, "Left as it is.", press.button.about)


async def hand_out(desk: Desk, press: Pressed) -> None:
    """Hand out a task again that was set aside."""
    await desk.db.write(deciding.put_back, press.button.about, press.by)
    await _go_on(desk, press, "It goes out again.")


async def take_back(desk: Desk, press: Pressed) -> None:
    """Take a decision back and show its case again."""
    case = await desk.db.write(_taken_back, press.button.about, press.by)
    reply(desk, press, drawn.case(case))


async def open_decision(desk: Desk, press: Pressed) -> None:
    """Open the window to decide in."""
    await _open(desk, press, drawn.deciding)


async def open_sending_back(desk: Desk, press: Pressed) -> None:
    """Open the window that asks for a reason."""
    await _open(desk, press, drawn.sending_back)


async def decide(desk: Desk, submitted: Submitted) -> Answer:
    """Store a decision that was made in the window."""
    place = Place(**orjson.loads(submitted.metadata))
    await desk.db.write(_settled, place, submitted)
    _show(desk, place, await _shown_next(desk, place, submitted, "Decided.", place.task))
    return None


async def send_back(desk: Desk, submitted: Submitted) -> Answer:
    """Ask those who answered to look again."""
    place = Place(**orjson.loads(submitted.metadata))
    reason = entered(submitted.values).get("reason") or ""
    count = await desk.db.write(deciding.send_back, place.task, reason, submitted.by)
    said = f"Sent back to {'1 expert' if count == 1 else f'{count} experts'}."
    _show(desk, place, await _shown_next(desk, place, submitted, said))
    return None


async def _open(desk: Desk, press: Pressed, draw: Callable[[Case, str], dict[str, Any]]) -> None:
    case = await desk.db.read(reviewing.case_of, press.button.about, _why(press.button.field))
    place = Place(case.task, case.why.value, press.click.response_url)
    view = draw(case, place.packed())
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def _go_on(desk: Desk, press: Pressed, done: str, undo: int = 0) -> None:
    """Say what was done, and bring the case behind it."""
    found = await desk.db.read(reviewing.case_behind, press.click.person, _after(press))
    reply(desk, press, drawn.case(found, done, undo) if found else drawn.nothing(done))


async def _shown_next(
    desk: Desk, place: Place, submitted: Submitted, done: str, undo: int = 0
) -> Drawn:
    after = (_why(place.why), place.task)
    found = await desk.db.read(reviewing.case_behind, submitted.click.person, after)
    return drawn.case(found, done, undo) if found else drawn.nothing(done)


def _show(desk: Desk, place: Place, shown: Drawn) -> None:
    if place.response_url:
        now = desk.clock.now()
        desk.soon(desk.sender.replace(place.response_url, now, shown.text, shown.blocks))


def _first(session: Session, campaign: Campaign | None, reviewer: str) -> Case | None:
    return reviewing.next_case(session, campaign.id if campaign else None, reviewer)


def _after(press: Pressed) -> After:
    """Return the case that a button belongs to: its task is the option if it is about another."""
    option = press.button.option
    return _why(press.button.field), int(option) if option.isdigit() else press.button.about


def _why(word: str) -> Why:
    if word not in set(Why):
        raise NoCaseError
    return Why(word)


def _taken_back(session: Session, task: int, by: By) -> Case:
    deciding.take_back(session, task, by)
    return reviewing.case_of(session, task, Why.DISAGREED)


def _settled(session: Session, place: Place, submitted: Submitted) -> None:
    form = reviewing.case_of(session, place.task, _why(place.why)).form
    given = given_from((*form.taps, *form.sheet), submitted.values, {})
    reason = entered(submitted.values).get(drawn.REASON) or ""
    deciding.settle(session, place.task, given, reason, submitted.by)
