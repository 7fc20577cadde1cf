"""Flagging an item to the coordinators, and what becomes of it."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from bot.errors import BotError
from bot.services import answering
from bot.services.acting import Click
from bot.services.alerting import alert
from bot.services.asking import NothingSaidError
from bot.services.auditing import record
from bot.services.directing import By
from storage.queries import raising, shelving, telling
from storage.tables import Assignment, Expert, Flag


class NoFlagError(BotError):
    """This flag is no longer here."""


class ResolvedError(BotError):
    """Somebody was quicker: this flag is resolved, as “{resolution}”."""


def flag(
    session: Session, assignment_id: int, reason: str, click: Click, coordinators: Collection[str]
) -> None:
    """Ask the coordinators to look at an item. The expert may answer it all the same.

    Raises:
        NothingSaidError: no reason is given.
        UnknownTaskError, NotYoursError: as in `answering.answer`.
    """
    reason = reason.strip()
    if not reason:
        raise NothingSaidError
    held = answering.check_holder(session, assignment_id, click)
    if raising.same_flag(session, held.id, reason):
        return
    raised = Flag(assignment_id=held.id, reason=reason, flagged_at=click.at)
    session.add(raised)
    session.flush()
    record(session, click.person, "flagged", f"assignment {held.id}", click.at, flag=raised.id)
    words = "Flagged; the coordinators will look at it. You can go on with the task."
    telling.put(session, "words", lane=click.person, facts={"words": words}, now=click.at)
    alert(
        session,
        "flagged",
        campaign_id=held.campaign_id,
        coordinators=coordinators,
        facts={"flag": raised.id},
        now=click.at,
    )


def resolve(session: Session, flag_id: int, words: str, by: By) -> Flag:
    """Write down what became of a flag, and tell whoever raised it.

    Raises:
        NoFlagError: there is none.
        ResolvedError: it was resolved before.
        NothingSaidError: it does not say what became of it.
    """
    words = words.strip()
    if not words:
        raise NothingSaidError
    raised = flag_by_id(session, flag_id)
    if raised.resolved_at:
        raise ResolvedError(resolution=raised.resolution)
    raised.resolution, raised.resolved_by, raised.resolved_at = words, by.actor, by.at
    session.add(raised)
    assignment = session.get_one(Assignment, raised.assignment_id)
    by.record(session, "resolved a flag", f"assignment {assignment.id}", flag=flag_id)
    told = f"You flagged: {raised.reason}\nA coordinator looked at it: {words}"
    person = session.get_one(Expert, assignment.expert_id).slack_id
    telling.put(session, "words", lane=person, facts={"words": told}, now=by.at)
    return raised


def set_aside(session: Session, flag_id: int, by: By) -> bool:
    """Keep the flagged task from everybody who does not hold it. False: it was set aside before.

    Raises:
        NoFlagError: there is none.
    """
    raised = flag_by_id(session, flag_id)
    task = session.get_one(Assignment, raised.assignment_id).task_id
    is_new = shelving.set_aside(session, task, f"flagged: {raised.reason}", by.at)
    if is_new:
        by.record(session, "set aside", f"task {task}", flag=flag_id)
    return is_new


def flag_by_id(session: Session, flag_id: int) -> Flag:
    """Return a flag.

    Raises:
        NoFlagError: there is none.
    """
    found = session.get(Flag, flag_id)
    if found is None:
        raise NoFlagError
    return found
