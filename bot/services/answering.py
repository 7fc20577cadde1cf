"""Storing what an expert answered, taking it back, and skipping: the deeds on one assignment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import update
from sqlmodel import Session, col

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import Given, Kind, Reading
from bot.kinds.settings import KindSettings
from bot.services import confirming, leasing, skipping, spending
from bot.services.acting import Click
from bot.services.auditing import record
from bot.services.skipping import SkipReason
from storage.queries import amending, holding, telling
from storage.queries.holding import Held
from storage.tables import Assignment, AssignmentState, CampaignState, Expert


class UnknownTaskError(BotError):
    """This task is no longer here. Use `/label next` to get the next one."""


class NotYoursError(BotError):
    """This task was given to somebody else, so your click did not count."""


class MovedOnError(BotError):
    """This task has all the answers it needs by now. Use `/label next` to get another."""


class ClosedError(BotError):
    """This campaign is closed, so the answer could not be saved. Thank you for all you did."""


class LockedError(BotError):
    """This answer is final since {by}, so it stays as it is. If it is wrong, tell a coordinator."""


class UnknownReasonError(BotError):
    """That is none of the reasons for skipping; please choose one from the list."""


OPEN = (AssignmentState.QUEUED, AssignmentState.DELIVERED)


def answer(session: Session, assignment_id: int, given: Given, click: Click) -> Reading:
    """Store an answer, or a part of one, as the next version; queue the screen that follows.

    The same click twice is stored once; the same answer twice makes no new version.

    Raises:
        UnknownTaskError, NotYoursError, ClosedError, LockedError, MovedOnError: nothing is stored.
        WrongAnswerError: what was given is no answer to this task.
    """
    held = check_changeable(session, assignment_id, click)
    reading = _reading(session, held, given)
    if reading is None:
        _tell(session, held, click)
        return Reading(held.value or {}, complete=held.complete)
    is_same = (reading.value, reading.complete) == (held.value, held.complete)
    if is_same and held.state in (*OPEN, AssignmentState.ANSWERED):
        _tell(session, held, click)
        return reading
    state = AssignmentState.ANSWERED if reading.complete else AssignmentState.DELIVERED
    _store(session, held, click, state=state, value=reading.value, complete=reading.complete)
    return reading


def _reading(session: Session, held: Held, given: Given) -> Reading | None:
    """Read what was given; None where it is about something that is no longer so."""
    if held.confirms is not None:
        return confirming.read(session, held, given)
    kind = kind_named(held.kind)
    settings = settings_of(kind, held.settings)
    return kind.read(given, held.value or {}, settings, held.candidate_order)


def undo(session: Session, assignment_id: int, click: Click) -> None:
    """Take back an answer or a skip: the task is open again, every version stays.

    Raises:
        UnknownTaskError, NotYoursError, ClosedError, LockedError, MovedOnError: as in `answer`.
    """
    held = check_changeable(session, assignment_id, click)
    if held.state in OPEN:
        return _tell(session, held, click)
    if held.state == AssignmentState.SKIPPED:
        skipping.take_back(session, held)
    record(session, click.person, "undid", f"assignment {held.id}", click.at)
    return _store(session, held, click, state=AssignmentState.DELIVERED, value=None, complete=False)


def skip(session: Session, assignment_id: int, reason: str, click: Click) -> None:
    """Give a task back for good, with a reason. It never comes back to the same person.

    Whether others get it is the campaign's policy.

    Raises:
        UnknownReasonError: nobody knows such a reason.
        UnknownTaskError, NotYoursError, ClosedError: as in `answer`.
    """
    if reason not in set(SkipReason):
        raise UnknownReasonError
    held = check_changeable(session, assignment_id, click)
    if held.state in OPEN:
        holding.give_back(session, held.task_id)
        _set(session, held.id, state=AssignmentState.SKIPPED, skip_reason=reason)
        skipping.follow_policy(session, held, SkipReason(reason), click.at)
        record(session, click.person, "skipped", f"assignment {held.id}", click.at, reason=reason)
    _tell(session, held, click, is_done=True)


def read_in_full(session: Session, assignment_id: int, click: Click) -> None:
    """Write down that the expert opened the whole text, for the first time.

    Raises:
        UnknownTaskError, NotYoursError: as in `answer`.
    """
    held = check_holder(session, assignment_id, click)
    if held.read_in_full_at is None:
        _set(session, held.id, read_in_full_at=click.at)


@lru_cache(maxsize=1024)
def _parsed(kind: str, settings: bytes) -> KindSettings:
    parse: Callable[[bytes], KindSettings] = kind_named(kind).settings.model_validate_json
    return parse(settings)


def settings_of(kind: Kind[Any], settings: dict[str, Any]) -> KindSettings:
    """Return a campaign's settings, read once: every click needs them."""
    return _parsed(kind.name, orjson.dumps(settings))


def check_holder(session: Session, assignment_id: int, click: Click) -> Held:
    """Return the assignment if the person who clicked holds it; whoever was away is back.

    Raises:
        UnknownTaskError, NotYoursError: as in `answer`.
    """
    held = holding.held(session, assignment_id)
    if held is None:
        raise UnknownTaskError
    if held.slack_id != click.person:
        raise NotYoursError
    if held.away_since is not None:
        back = update(Expert).where(col(Expert.id) == held.expert_id).values(away_since=None)
        session.connection().execute(back)
    return held


def check_changeable(session: Session, assignment_id: int, click: Click) -> Held:
    """Return the assignment if the person who clicked may answer it, or answer it anew.

    Raises:
        UnknownTaskError, NotYoursError, ClosedError, LockedError: as in `answer`.
    """
    held = check_holder(session, assignment_id, click)
    if held.campaign_state == CampaignState.CLOSED:
        raise ClosedError
    if held.locked_by is not None:
        raise LockedError(by=held.locked_by)
    return held


def _store(  # noqa: PLR0913 - they are what a version says
    session: Session,
    held: Held,
    click: Click,
    *,
    state: AssignmentState,
    value: dict[str, Any] | None,
    complete: bool,
) -> None:
    """Add a version and make it the current one, unless this very click did so before."""
    time = spending.time_at(held, click.at, is_undone=value is None)
    version = {
        "assignment_id": held.id,
        "version": held.version + 1,
        "value": value,
        "complete": complete,
        "click": click.nonce,
        "guidelines_version": held.guidelines_version,
        "shown": held.shown,
        "read_in_full": held.read_in_full_at is not None,
        "seconds": time.seconds if time else None,
        "paused": bool(time and time.paused),
        "created_at": click.at,
    }
    if holding.store_version(session, version):
        state = _taken_again(session, held, state)
        holding.point_to_version(
            session,
            held.id,
            state=state,
            value=value,
            complete=complete,
            version=held.version + 1,
            answered_at=click.at if complete else None,
            leased_until=_leased_until(session, held, click, complete=complete),
        )
        if state == AssignmentState.DELIVERED and held.state != state:  # reminders begin anew
            _set(session, held.id, delivered_at=click.at)
        confirming.follow(session, held, value, complete=complete, now=click.at)
    _tell(session, held, click, is_done=complete)


def _leased_until(session: Session, held: Held, click: Click, *, complete: bool) -> datetime:
    """A task that is open again gets a new lease; one that is answered needs none."""
    if complete:
        return click.at
    return leasing.lease_end(session, held.expert_id, held.lease_minutes, click.at)


def _taken_again(session: Session, held: Held, state: AssignmentState) -> AssignmentState:
    """An expired, released or skipped task counts again if nobody took its place.

    What somebody answers whose answers are left out is kept and left out with them.
    """
    if held.state in (*OPEN, AssignmentState.ANSWERED):
        return state
    if amending.is_excluded(session, held.campaign_id, held.expert_id):
        return AssignmentState.QUARANTINED
    if not holding.take(session, held.task_id):
        raise MovedOnError
    return state


def _tell(session: Session, held: Held, click: Click, *, is_done: bool = False) -> None:
    """Queue the screen that follows; a message with a thread stays, the next task comes below."""
    facts = {"assignment": held.id, "channel": click.channel, "message_ts": click.message_ts}
    telling.put(
        session,
        "turn",
        lane=held.slack_id,
        facts=facts,
        now=click.at,
        response_url=click.response_url,
    )
    if is_done and held.in_thread:
        telling.put(session, "task", lane=held.slack_id, facts={}, now=click.at)


def _set(session: Session, assignment_id: int, **columns: object) -> None:
    changed = update(Assignment).where(col(Assignment.id) == assignment_id).values(**columns)
    session.connection().execute(changed)
